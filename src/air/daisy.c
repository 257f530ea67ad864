/*
 * DAISY 2.02, for hardware players: ncc.html, and for each part its sound, its text and the SMIL
 * that ties a sentence to its clip. Times are of the part's own MP3. The folder as it is copied to
 * a player's card, and a zip of it to load down. Knows DAISY's files; what is heard when comes from
 * the book.
 */
#include <string.h>

#include "air/book.h"
#include "air/encode.h"

#define XML "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define HTML                                                                                       \
    XML "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "                        \
        "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"                           \
        "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"vi\" xml:lang=\"vi\">\n<head>\n"      \
        "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"/>\n<title>"
#define SMIL                                                                                       \
    XML "<!DOCTYPE smil PUBLIC \"-//W3C//DTD SMIL 1.0//EN\" "                                      \
        "\"http://www.w3.org/TR/REC-smil/SMIL10.dtd\">\n<smil>\n<head>\n"
#define SMIL_BODY "<layout><region id=\"txtView\"/></layout>\n</head>\n<body>\n"

struct daisy {
    struct bt_arena *a;
    const struct bt_published *p;
    const char *folder;
    struct bt_book book;
    struct bt_buf out, smil; /* the file that is being written; the SMIL beside it */
    size_t par;              /* in this part */
    int64_t elapsed;         /* ms of the parts before */
    struct bt_zip_file *file;
    size_t nfile;
};

static void put(struct daisy *d, const char *xml)
{
    bt_buf_adds(&d->out, xml);
}

static void text(struct daisy *d, const char *words)
{
    bt_put_xml(&d->out, words);
}

static void meta(struct bt_buf *out, const char *name, const char *content)
{
    if (!content || !*content)
        return;
    bt_buf_addf(out, "<meta name=\"%s\" content=\"", name);
    bt_put_xml(out, content);
    bt_buf_adds(out, "\"/>\n");
}

static void pack(struct daisy *d, const char *name, bool stored)
{
    *(struct bt_zip_file *)bt_push(d->a, &d->file, &d->nfile, sizeof(*d->file)) =
        (struct bt_zip_file){
            .name = name, .path = bt_path_join(d->a, d->folder, name), .stored = stored};
}

static bool save(struct daisy *d, const char *name, struct bt_err *err)
{
    bool ok = bt_file_write(bt_path_join(d->a, d->folder, name), d->out.p, d->out.n, err);
    pack(d, name, false);
    bt_buf_clear(&d->out);
    return ok;
}

static const char *identifier(const struct daisy *d)
{
    const char *name = bt_format(d->a, "%s/%s", d->p->tags->programme, d->p->edition);
    return bt_format(d->a, "urn:uuid:%s", bt_uuid(d->a, name));
}

static const char *clock_of(const struct daisy *d, int64_t ms)
{
    return bt_format(d->a, "%02d:%02d:%02d.%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
                     (int)(ms / 1000 % 60), (int)(ms % 1000));
}

/* ms of the part's sound: its clips end no later, however their times were rounded. */
static int64_t length_of(const struct bt_part *part)
{
    int64_t ms = part->whole.to - part->whole.from, sound = part->frames * 1000 / BT_RATE;
    return ms < sound ? ms : sound;
}

/* What SMILs and the master say alike. */
static void put_smil_head(struct daisy *d)
{
    put(d, SMIL);
    meta(&d->out, "dc:format", "Daisy 2.02");
    meta(&d->out, "dc:identifier", identifier(d));
    meta(&d->out, "dc:title", d->p->tags->title);
    meta(&d->out, "ncc:generator", "bantin");
}

/* ---- a part ---- */

static void put_par(struct daisy *d, size_t i, const char *id, const struct bt_clip *c)
{
    const struct bt_part *part = &d->book.part[i];
    int64_t from = c->from - part->whole.from, to = c->to - part->whole.from;
    to = to < length_of(part) ? to : length_of(part);
    size_t n = ++d->par;
    bt_buf_addf(&d->smil,
                "<par endsync=\"last\" id=\"p%zu\"><text src=\"%03zu.html#%s\" id=\"x%zu\"/>"
                "<audio src=\"%03zu.mp3\" clip-begin=\"npt=%lld.%03llds\" "
                "clip-end=\"npt=%lld.%03llds\" id=\"a%zu\"/></par>\n",
                n, i + 1, id, n, i + 1, (long long)(from / 1000), (long long)(from % 1000),
                (long long)(to / 1000), (long long)(to % 1000), n);
}

static void put_sentences(struct daisy *d, size_t part, size_t k)
{
    const struct bt_para *para = &d->book.part[part].para[k];
    for (size_t i = 0; i < para->n; i++) {
        const struct bt_sentence *s = &para->sentence[i];
        const char *id = bt_format(d->a, "t%zu-%zu", k + 1, i + 1);
        bt_buf_addf(&d->out, "%s<span id=\"%s\">", s->apart ? " " : "", id);
        text(d, bt_strndup(d->a, s->text.p, s->text.n));
        put(d, "</span>");
        if (s->clip.to > s->clip.from)
            put_par(d, part, id, &s->clip);
    }
}

static void put_text(struct daisy *d, size_t i)
{
    const struct bt_part *part = &d->book.part[i];
    bool read = part->n && part->para[0].title;
    put(d, HTML);
    text(d, part->title);
    put(d, "</title>\n</head>\n<body>\n<h1 id=\"h\">");
    if (part->head.to > part->head.from)
        put_par(d, i, "h", &part->head);
    if (read)
        put_sentences(d, i, 0);
    else
        text(d, part->title);
    put(d, "</h1>\n");
    for (size_t k = read ? 1 : 0; k < part->n; k++) {
        put(d, "<p>");
        put_sentences(d, i, k);
        put(d, "</p>\n");
    }
    put(d, "</body>\n</html>\n");
}

static bool write_part(struct daisy *d, size_t i, struct bt_err *err)
{
    const struct bt_part *part = &d->book.part[i];
    int64_t ms = length_of(part);
    d->par = 0;
    bt_buf_clear(&d->smil);
    put_text(d, i);
    bool ok = save(d, bt_format(d->a, "%03zu.html", i + 1), err);
    put_smil_head(d);
    meta(&d->out, "title", part->title);
    meta(&d->out, "ncc:totalElapsedTime", clock_of(d, d->elapsed));
    meta(&d->out, "ncc:timeInThisSmil", clock_of(d, ms));
    bt_buf_addf(&d->out, SMIL_BODY "<seq dur=\"%lld.%03llds\">\n", (long long)(ms / 1000),
                (long long)(ms % 1000));
    bt_buf_add(&d->out, d->smil.p, d->smil.n);
    put(d, "</seq>\n</body>\n</smil>\n");
    d->elapsed += ms;
    pack(d, bt_format(d->a, "%03zu.mp3", i + 1), true);
    return ok && save(d, bt_format(d->a, "%03zu.smil", i + 1), err);
}

/* ---- what names them all ---- */

static bool write_master(struct daisy *d, struct bt_err *err)
{
    put_smil_head(d);
    meta(&d->out, "ncc:timeInThisSmil", clock_of(d, d->elapsed));
    put(d, SMIL_BODY);
    for (size_t i = 0; i < d->book.n; i++) {
        bt_buf_addf(&d->out, "<ref src=\"%03zu.smil\" id=\"s%03zu\" title=\"", i + 1, i + 1);
        text(d, d->book.part[i].title);
        put(d, "\"/>\n");
    }
    put(d, "</body>\n</smil>\n");
    return save(d, "master.smil", err);
}

static void put_metadata(struct daisy *d)
{
    const struct bt_tags *t = d->p->tags;
    const char *parts = bt_format(d->a, "%zu", d->book.n);
    const char *files = bt_format(d->a, "%zu", 2 + 3 * d->book.n);
    const char *total = clock_of(d, d->elapsed + 500);
    const struct {
        const char *name, *content;
    } all[] = {{"dc:title", t->title},
               {"dc:creator", t->artist},
               {"dc:publisher", t->artist},
               {"dc:date", t->date},
               {"dc:identifier", identifier(d)},
               {"dc:language", "vi"},
               {"dc:format", "Daisy 2.02"},
               {"ncc:format", "Daisy 2.02"},
               {"ncc:charset", "utf-8"},
               {"ncc:generator", "bantin"},
               {"ncc:narrator", t->comment},
               {"ncc:producer", t->artist},
               {"ncc:multimediaType", "audioFullText"},
               {"ncc:setInfo", "1 of 1"},
               {"ncc:depth", "1"},
               {"ncc:tocItems", parts},
               {"ncc:files", files},
               {"ncc:totalTime", bt_strndup(d->a, total, strlen(total) - 4)},
               {"ncc:pageFront", "0"},
               {"ncc:pageNormal", "0"},
               {"ncc:pageSpecial", "0"},
               {"ncc:maxPageNormal", "0"}};
    for (size_t i = 0; i < BT_LEN(all); i++)
        meta(&d->out, all[i].name, all[i].content);
}

static bool write_ncc(struct daisy *d, struct bt_err *err)
{
    put(d, HTML);
    text(d, d->p->tags->title);
    put(d, "</title>\n");
    put_metadata(d);
    put(d, "</head>\n<body>\n");
    for (size_t i = 0; i < d->book.n; i++) {
        bt_buf_addf(&d->out, "<h1 %sid=\"n%03zu\"><a href=\"%03zu.smil#p1\">",
                    i ? "" : "class=\"title\" ", i + 1, i + 1);
        text(d, i ? d->book.part[i].title : d->p->tags->title);
        put(d, "</a></h1>\n");
    }
    put(d, "</body>\n</html>\n");
    return save(d, "ncc.html", err);
}

static bool write_zip(struct daisy *d, const char *dir, struct bt_err *err)
{
    const struct bt_instant *air = &d->p->tags->air;
    bool aired = air->utc != BT_NO_TIME;
    struct bt_civil at = bt_utc_civil(aired ? air->utc : 0, aired ? (int)air->zone : 0);
    const char *name = bt_format(d->a, "%s.daisy.zip", d->p->stem);
    return bt_zip_write(bt_path_join(d->a, dir, name), d->file, d->nfile, &at, err);
}

static const char *name_of(struct bt_arena *a, const struct bt_book *book, size_t i)
{
    (void)book;
    return bt_format(a, "%03zu.mp3", i + 1);
}

bool bt_book_daisy(const struct bt_published *p, const char *dir, struct bt_err *err)
{
    if (!bt_published_mp3(p))
        return true;
    struct daisy d = {.a = bt_arena_create(), .p = p};
    d.folder = bt_path_join(d.a, dir, "daisy");
    bt_buf_init(&d.out, SIZE_MAX / 2);
    bt_buf_init(&d.smil, SIZE_MAX / 2);
    bt_book_make(d.a, p, &d.book);
    bool ok = bt_parts_cut(p, &d.book, d.folder, name_of, err);
    for (size_t i = 0; i < d.book.n && ok; i++)
        ok = write_part(&d, i, err);
    ok = ok && write_master(&d, err) && write_ncc(&d, err) && write_zip(&d, dir, err);
    bt_buf_finish(&d.out);
    bt_buf_finish(&d.smil);
    bt_arena_destroy(d.a);
    return ok;
}
