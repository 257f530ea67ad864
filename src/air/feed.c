/*
 * The feed: RSS 2.0 with iTunes' and Podcasting 2.0's tags. An edition holds a whole feed with one
 * item, its own; the programme's feed (listing.c) is the newest one's with the others' items. Knows
 * addresses; knows no folder.
 */
#include <string.h>
#include <strings.h>

#include "air/book.h"
#include "air/encode.h"

struct feed {
    struct bt_arena *a;
    const struct bt_published *p;
    const char *base; /* the programme's address, with a slash */
    struct bt_buf *out;
};

static void element(const struct feed *f, const char *name, const char *text)
{
    bt_buf_addf(f->out, "<%s>", name);
    bt_put_xml(f->out, text);
    bt_buf_addf(f->out, "</%s>\n", name);
}

static const char *programme_url(struct bt_arena *a, const struct bt_published *p)
{
    const char *url = p->tags->url ? p->tags->url : "";
    bool slash = bt_str_ends(bt_str(url), BT_STR("/"));
    return bt_format(a, "%s%s%s/", url, slash ? "" : "/", p->tags->programme);
}

static const char *file_url(const struct feed *f, const char *name)
{
    return bt_format(f->a, "%s%s/%s", f->base, f->p->edition, name);
}

static const char *rfc822(struct bt_arena *a, const struct bt_instant *at)
{
    static const char days[] = "MonTueWedThuFriSatSun";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int zone = (int)at->zone, off = zone < 0 ? -zone : zone;
    struct bt_civil c = bt_utc_civil(at->utc, zone);
    return bt_format(a, "%.3s, %02d %.3s %d %02d:%02d:%02d %c%02d%02d",
                     days + (size_t)(bt_weekday(c.year, c.mon, c.day) - 1) * 3, c.day,
                     months + (size_t)(c.mon - 1) * 3, c.year, c.hour, c.min, c.sec,
                     zone < 0 ? '-' : '+', off / 3600, off / 60 % 60);
}

/* Of the feed's address, without its scheme. */
static const char *guid(struct bt_arena *a, const char *url)
{
    const char *name = strstr(url, "://");
    return bt_uuid(a, name ? name + 3 : url);
}

/* "bia.png": the cover as it stands in the edition; NULL: there is none. */
static const char *image_name(struct bt_arena *a, const struct bt_published *p)
{
    const char *dot = p->tags->cover ? strrchr(bt_base_name(p->tags->cover), '.') : NULL;
    return dot ? bt_format(a, "bia%s", strcasecmp(dot, ".png") == 0 ? ".png" : ".jpg") : NULL;
}

static void put_image(const struct feed *f)
{
    const char *name = image_name(f->a, f->p);
    if (!name)
        return;
    bt_buf_adds(f->out, "<itunes:image href=\"");
    bt_put_xml(f->out, file_url(f, name));
    bt_buf_adds(f->out, "\"/>\n");
}

static void put_channel(const struct feed *f)
{
    const struct bt_tags *t = f->p->tags;
    const char *self = bt_format(f->a, "%sfeed.xml", f->base);
    bt_buf_adds(f->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"\n"
                        "  xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"\n"
                        "  xmlns:podcast=\"https://podcastindex.org/namespace/1.0\">\n<channel>\n");
    element(f, "title", t->album);
    element(f, "link", bt_published_has(f->p, "page") ? f->base : t->url);
    element(f, "description",
            bt_format(f->a, "%s của %s. %s.", t->album, t->artist ? t->artist : "đài", t->comment));
    element(f, "language", "vi");
    element(f, "lastBuildDate", rfc822(f->a, &t->air));
    bt_buf_adds(f->out, "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"");
    bt_put_xml(f->out, self);
    bt_buf_adds(f->out, "\"/>\n");
    element(f, "itunes:author", t->artist);
    bt_buf_adds(f->out, "<itunes:category text=\"News\"><itunes:category text=\"Daily News\"/>"
                        "</itunes:category>\n<itunes:explicit>false</itunes:explicit>\n"
                        "<itunes:type>episodic</itunes:type>\n");
    put_image(f);
    element(f, "podcast:guid", guid(f->a, self));
    bt_buf_adds(f->out, "<podcast:medium>podcast</podcast:medium>\n");
}

/* The sound that most players play. */
static const struct bt_file *enclosure(const struct bt_published *p)
{
    for (size_t i = 0; i < p->nfile; i++)
        if (p->file[i].format == BT_MP3)
            return &p->file[i];
    return p->nfile ? &p->file[0] : NULL;
}

static const char *contents(const struct feed *f)
{
    struct bt_buf b;
    bt_buf_init(&b, SIZE_MAX / 2);
    bt_buf_addf(&b, "%s.", f->p->tags->comment);
    for (size_t i = 0; i < f->p->tags->nchapter; i++)
        bt_buf_addf(&b, "\n%zu. %s", i + 1, f->p->tags->chapter[i].title);
    const char *s = bt_strndup(f->a, b.p, b.n);
    bt_buf_finish(&b);
    return s;
}

static void put_linked(const struct feed *f, const char *name, const char *suffix, const char *more)
{
    bt_buf_addf(f->out, "<%s url=\"", name);
    bt_put_xml(f->out, file_url(f, bt_format(f->a, "%s%s", f->p->stem, suffix)));
    bt_buf_addf(f->out, "\" %s/>\n", more);
}

static void put_item(const struct feed *f)
{
    const struct bt_file *sound = enclosure(f->p);
    bt_buf_adds(f->out, "<item>\n");
    element(f, "title", f->p->tags->title);
    if (bt_published_has(f->p, "page"))
        element(f, "link", file_url(f, "index.html"));
    bt_buf_addf(f->out, "<guid isPermaLink=\"false\">%s-%s</guid>\n", f->p->tags->programme,
                f->p->tags->date);
    element(f, "pubDate", rfc822(f->a, &f->p->tags->air));
    element(f, "description", contents(f));
    if (sound) {
        bt_buf_adds(f->out, "<enclosure url=\"");
        bt_put_xml(f->out, file_url(f, bt_base_name(sound->path)));
        bt_buf_addf(f->out, "\" length=\"%lld\" type=\"%s\"/>\n", bt_file_bytes(sound->path),
                    bt_media_type(sound->format));
    }
    bt_buf_addf(f->out, "<itunes:duration>%lld</itunes:duration>\n",
                (long long)((f->p->timing->frames + BT_RATE / 2) / BT_RATE));
    bt_buf_adds(f->out, "<itunes:explicit>false</itunes:explicit>\n");
    bt_buf_adds(f->out, "<podcast:person group=\"cast\" role=\"narrator\">");
    bt_put_xml(f->out, f->p->tags->comment);
    bt_buf_adds(f->out, "</podcast:person>\n");
    if (bt_published_has(f->p, "vtt"))
        put_linked(f, "podcast:transcript", ".vi.vtt",
                   "type=\"text/vtt\" language=\"vi\" rel=\"captions\"");
    if (bt_published_has(f->p, "chapters"))
        put_linked(f, "podcast:chapters", ".chapters.json", "type=\"application/json+chapters\"");
    bt_buf_adds(f->out, "</item>\n");
}

bool bt_feed_xml(const struct bt_published *p, struct bt_buf *out, struct bt_err *err)
{
    struct feed f = {.a = bt_arena_create(), .p = p, .out = out};
    (void)err;
    f.base = programme_url(f.a, p);
    put_channel(&f);
    put_item(&f);
    bt_buf_adds(out, "</channel>\n</rss>\n");
    bt_arena_destroy(f.a);
    return true;
}

/* The cover beside the feed: it is whole with its edition, as all that the feed names. */
bool bt_feed_image(const struct bt_published *p, const char *dir, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    const char *name = image_name(a, p);
    struct bt_buf b;
    bt_buf_init(&b, BT_COVER_MOST);
    bool ok = !name || (bt_file_read(p->tags->cover, BT_COVER_MOST, &b, err) &&
                        bt_file_write(bt_path_join(a, dir, name), b.p, b.n, err));
    bt_buf_finish(&b);
    bt_arena_destroy(a);
    return ok;
}
