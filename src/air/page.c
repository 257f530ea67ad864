/*
 * The page of an edition: to hear, to read along, to load down. Everything in one file, its style
 * and script named by hash in the policy, so that nothing else runs in it. Knows HTML; what is
 * said when comes from the book.
 */
#include <string.h>

#include "air/book.h"
#include "air/encode.h"

struct page {
    struct bt_arena *a;
    const struct bt_published *p;
    struct bt_book book;
    struct bt_buf *out;
};

static void put(const struct page *g, const char *html)
{
    bt_buf_adds(g->out, html);
}

static void text(const struct page *g, const char *s)
{
    bt_put_xml(g->out, s);
}

/* <tag>text</tag> and the line's end. */
static void element(const struct page *g, const char *tag, const char *s)
{
    bt_buf_addf(g->out, "<%s>", tag);
    text(g, s);
    bt_buf_addf(g->out, "</%s>\n", tag);
}

/* ---- the head ---- */

static void put_lines(struct bt_buf *b, const char *const *line)
{
    for (const char *const *first = line; *line; line++) {
        bt_buf_adds(b, line == first ? "" : "\n");
        bt_buf_adds(b, *line);
    }
}

static int hex(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* 'sha256-…' of what stands between the tags. */
static void put_hash(struct bt_buf *out, const char *const *line)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char sum[BT_HASH];
    struct bt_buf b;
    bt_buf_init(&b, SIZE_MAX / 2);
    put_lines(&b, line);
    bt_sha256(b.p, b.n, sum);
    bt_buf_finish(&b);
    bt_buf_adds(out, "'sha256-");
    for (int i = 0; i < 63; i += 3) { /* three hex digits are two letters; one digit is left */
        int v = hex(sum[i]) << 8 | hex(sum[i + 1]) << 4 | hex(sum[i + 2]);
        bt_buf_addc(out, letters[v >> 6]);
        bt_buf_addc(out, letters[v & 63]);
    }
    bt_buf_addc(out, letters[hex(sum[63]) << 2]);
    bt_buf_adds(out, "='");
}

void bt_html_open(struct bt_buf *out, const char *title, const char *more, bool script)
{
    bt_buf_adds(out, "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "media-src 'self'; base-uri 'none'; form-action 'none'; style-src ");
    put_hash(out, bt_page_css);
    if (script) {
        bt_buf_adds(out, "; script-src ");
        put_hash(out, bt_page_js);
    }
    bt_buf_adds(out, "\">\n<meta name=\"viewport\" content=\"width=device-width, "
                     "initial-scale=1\">\n<title>");
    bt_buf_addf(out, "%s</title>\n%s<style>", title, more);
    put_lines(out, bt_page_css);
    bt_buf_adds(out, "</style>\n</head>\n<body>\n");
}

/* The programme's name, which the index of the editions reads, and the feed for who has the page's
 * address alone. */
static const char *more_of(const struct page *g)
{
    return bt_format(g->a, "<meta name=\"application-name\" content=\"%s\">\n%s",
                     bt_xml(g->a, g->p->tags->album),
                     bt_published_has(g->p, "feed") ? BT_FEED_LINK("../") : "");
}

static void put_opening(const struct page *g)
{
    const struct bt_instant *air = &g->p->tags->air;
    put(g, "<header>\n");
    element(g, "h1", g->p->tags->title);
    put(g, "<p>");
    text(g, g->p->tags->artist);
    if (air->utc != BT_NO_TIME && air->utc) {
        struct bt_civil c = bt_utc_civil(air->utc, (int)air->zone);
        bt_buf_addf(g->out, ". Phát lúc %02d:%02d ngày %d/%d/%d", c.hour, c.min, c.day, c.mon,
                    c.year);
    }
    bt_buf_addf(g->out, ". Dài %s.</p>\n", bt_spoken_length(g->a, g->p->timing->frames));
    put(g, "<p class=\"note\">Giọng đọc tổng hợp: bản tin do máy đọc từ chữ viết, không phải giọng "
           "người.</p>\n</header>\n<main>\n");
}

/* ---- the player ---- */

static void put_source(const struct page *g, const struct bt_file *f)
{
    put(g, "<source src=\"");
    text(g, bt_base_name(f->path));
    bt_buf_addf(g->out, "\" type=\"%s\">\n", bt_media_type(f->format));
}

/* What a browser is to try first: small, and played by all. */
static const enum bt_format order[] = {BT_MP3, BT_OPUS, BT_VORBIS, BT_OPUS24, BT_FLAC, BT_WAV};

static void each_file(const struct page *g,
                      void (*put_one)(const struct page *g, const struct bt_file *f))
{
    for (size_t k = 0; k < BT_LEN(order); k++)
        for (size_t i = 0; i < g->p->nfile; i++)
            if (g->p->file[i].format == order[k])
                put_one(g, &g->p->file[i]);
}

static void put_player(const struct page *g)
{
    if (!g->p->nfile)
        return;
    put(g,
        "<section aria-label=\"Nghe bản tin\">\n"
        "<div class=\"keys\" id=\"phim\" hidden>\n"
        "<button type=\"button\" id=\"truoc\">Tin trước</button>\n"
        "<button type=\"button\" id=\"lui\">Lùi 10 giây</button>\n"
        "<button type=\"button\" id=\"nghe\">Nghe</button>\n"
        "<button type=\"button\" id=\"toi\">Tới 10 giây</button>\n"
        "<button type=\"button\" id=\"sau\">Tin sau</button>\n"
        "<span><label for=\"toc-do\">Tốc độ</label>\n<select id=\"toc-do\">\n"
        "<option value=\"0.75\">0,75</option>\n<option value=\"1\" selected>1</option>\n"
        "<option value=\"1.25\">1,25</option>\n<option value=\"1.5\">1,5</option>\n"
        "<option value=\"1.75\">1,75</option>\n<option value=\"2\">2</option>\n</select></span>\n"
        "</div>\n<audio controls aria-label=\"Trình phát\" preload=\"metadata\" data-artist=\"");
    text(g, g->p->tags->artist);
    put(g, "\">\n");
    each_file(g, put_source);
    if (bt_published_has(g->p, "vtt")) {
        put(g, "<track kind=\"captions\" srclang=\"vi\" label=\"Phụ đề\" src=\"");
        text(g, bt_format(g->a, "%s.vi.vtt", g->p->stem));
        put(g, "\">\n");
    }
    put(g, "</audio>\n</section>\n");
}

/* Of a file beside the sound; NULL when it is not there: there was nothing to put in. */
static const char *size_of(const struct page *g, const char *name)
{
    const char *sound = g->p->nfile ? g->p->file[0].path : "";
    int folder = (int)(bt_base_name(sound) - sound);
    return bt_file_size(g->a, bt_format(g->a, "%.*s%s", folder, sound, name));
}

/* ---- contents and text ---- */

static void put_contents(const struct page *g)
{
    put(g, "<nav aria-labelledby=\"muc-luc\">\n<h2 id=\"muc-luc\">Nội dung</h2>\n<ol>\n");
    for (size_t i = 0; i < g->book.n; i++) {
        const struct bt_part *p = &g->book.part[i];
        bt_buf_addf(g->out, "<li><a href=\"#s%zu\">", i + 1);
        text(g, p->title);
        bt_buf_addf(g->out, " <span class=\"time\">(%s)</span></a></li>\n",
                    bt_spoken_length(g->a, p->frames));
    }
    put(g, "</ol>\n</nav>\n");
}

static void put_times(const struct page *g, int64_t from, int64_t frames)
{
    bt_buf_addf(g->out, " data-from=\"%.3f\" data-to=\"%.3f\"", (double)from / BT_RATE,
                (double)(from + frames) / BT_RATE);
}

static void put_sentences(const struct page *g, const struct bt_para *p)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct bt_sentence *s = &p->sentence[i];
        const char *words = bt_strndup(g->a, s->text.p, s->text.n);
        put(g, s->apart ? " " : "");
        if (!s->frames) {
            text(g, words);
            continue;
        }
        put(g, "<span");
        put_times(g, s->from, s->frames);
        put(g, ">");
        text(g, words);
        put(g, "</span>");
    }
}

static void put_heading(const struct page *g, size_t i)
{
    const struct bt_part *p = &g->book.part[i];
    bt_buf_addf(g->out, "<h2 id=\"s%zu\">", i + 1);
    if (p->n && p->para[0].title)
        put_sentences(g, &p->para[0]);
    else
        text(g, p->title);
    put(g, "</h2>\n");
    if (g->p->nfile)
        bt_buf_addf(g->out,
                    "<button type=\"button\" id=\"n%zu\" hidden aria-labelledby=\"n%zu s%zu\">"
                    "Nghe phần này</button>\n",
                    i + 1, i + 1, i + 1);
}

/* A link under a part: its name is its own words, and the part's. */
static void put_more(const struct page *g, size_t i, const char *kind, const char *url,
                     const char *attribute, const char *words)
{
    put(g, "<a href=\"");
    text(g, url);
    bt_buf_addf(g->out, "\" %s id=\"%s%zu\" aria-labelledby=\"%s%zu s%zu\">", attribute, kind,
                i + 1, kind, i + 1, i + 1);
    text(g, words);
    put(g, "</a>\n");
}

/* Where the part comes from, and its sound alone. */
static void put_links(const struct page *g, size_t i)
{
    const struct bt_part *p = &g->book.part[i];
    const char *name = bt_format(g->a, "tin/%s", bt_story_name(g->a, &g->book, i));
    const char *size = bt_published_has(g->p, "stories") ? size_of(g, name) : NULL;
    if (!p->url && !size)
        return;
    put(g, "<p class=\"more screen\">\n");
    if (p->url)
        put_more(g, i, "g", p->url, "rel=\"noreferrer\"", "Bài gốc");
    if (size)
        put_more(g, i, "m", name, "download", bt_format(g->a, "Tải phần này, MP3, %s", size));
    put(g, "</p>\n");
}

static void put_part(const struct page *g, size_t i)
{
    const struct bt_part *p = &g->book.part[i];
    bt_buf_addf(g->out, "<section aria-labelledby=\"s%zu\"", i + 1);
    put_times(g, p->from, p->frames);
    put(g, ">\n");
    put_heading(g, i);
    for (size_t k = p->n && p->para[0].title ? 1 : 0; k < p->n; k++) {
        put(g, "<p>");
        put_sentences(g, &p->para[k]);
        put(g, "</p>\n");
    }
    put_links(g, i);
    put(g, "</section>\n");
}

/* ---- to load down ---- */

static void put_link(const struct page *g, const char *name, const char *what, const char *size)
{
    put(g, "<li><a href=\"");
    text(g, name);
    put(g, "\" download>");
    text(g, what);
    if (size)
        bt_buf_addf(g->out, ", %s", size);
    put(g, "</a></li>\n");
}

static void put_file(const struct page *g, const struct bt_file *f)
{
    static const char *const names[BT_FORMATS] = {
        [BT_WAV] = "WAV",   [BT_MP3] = "MP3",           [BT_FLAC] = "FLAC",
        [BT_OPUS] = "Opus", [BT_VORBIS] = "Ogg Vorbis", [BT_OPUS24] = "Opus nhỏ, cho mạng di động"};
    put_link(g, bt_base_name(f->path), names[f->format], bt_file_size(g->a, f->path));
}

static void put_paper(const struct page *g, const char *name, const char *what)
{
    const char *size = size_of(g, name);
    if (size)
        put_link(g, name, what, size);
}

static void put_downloads(const struct page *g)
{
    static const struct {
        const char *as, *suffix, *what;
    } papers[] = {{"epub", ".epub", "Sách EPUB có tiếng"},
                  {"daisy", ".daisy.zip", "Sách DAISY 2.02 cho máy đọc sách, nén zip"},
                  {"vtt", ".vi.vtt", "Phụ đề, WebVTT"}};
    if (!g->p->nfile)
        return;
    put(g, "<section aria-labelledby=\"tai\" class=\"screen\">\n<h2 id=\"tai\">Tải về</h2>\n<ul "
           "class=\"files\">\n");
    each_file(g, put_file);
    for (size_t i = 0; i < BT_LEN(papers); i++)
        if (bt_published_has(g->p, papers[i].as))
            put_paper(g, bt_format(g->a, "%s%s", g->p->stem, papers[i].suffix), papers[i].what);
    put(g, "</ul>\n</section>\n");
}

bool bt_page_html(const struct bt_published *p, struct bt_buf *out, struct bt_err *err)
{
    struct page g = {.a = bt_arena_create(), .p = p, .out = out};
    (void)err;
    bt_book_make(g.a, p, &g.book);
    bt_html_open(out, bt_xml(g.a, p->tags->title), more_of(&g), true);
    put_opening(&g);
    put_player(&g);
    put_contents(&g);
    put(&g, "<article aria-label=\"Toàn văn\">\n");
    for (size_t i = 0; i < g.book.n; i++)
        put_part(&g, i);
    put(&g, "</article>\n");
    put_downloads(&g);
    put(&g, "<p class=\"screen\"><a href=\"../index.html\">Các bản tin "
            "khác</a></p>\n</main>\n<script>");
    put_lines(out, bt_page_js);
    put(&g, "</script>\n</body>\n</html>\n");
    bt_arena_destroy(g.a);
    return true;
}
