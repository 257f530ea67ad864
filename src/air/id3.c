/*
 * ID3v2.4 in UTF-8, or 2.3 in UTF-16 for old players, without padding (id3.org, 2000 and 1999),
 * with chapters (ID3v2 Chapter Frame Addendum, 2005). Knows frames of text; knows no sound.
 */
#include "air/encode.h"

#include <math.h>
#include <string.h>

enum {
    MOST = 1 << 26,
    FRONT = 3,
    INNER = 126 /* ffmpeg reads the sizes of frames within a chapter of 2.4 as plain numbers, which
                   is the same below 128, and drops the chapter when it is not */
};

struct id3 {
    struct bt_buf *out;
    bool old; /* 2.3 */
};

static void put_be(struct bt_buf *b, uint64_t v, int bytes)
{
    while (bytes-- > 0)
        bt_buf_addc(b, (char)(v >> 8 * bytes & 0xFF));
}

/* Four times seven bits. */
static void put_size(struct bt_buf *b, size_t n)
{
    for (int shift = 21; shift >= 0; shift -= 7)
        bt_buf_addc(b, (char)(n >> shift & 0x7F));
}

static void frame(const struct id3 *t, const char *id, struct bt_buf *body)
{
    bt_buf_adds(t->out, id);
    if (t->old)
        put_be(t->out, body->n, 4);
    else
        put_size(t->out, body->n);
    bt_buf_add(t->out, "\0\0", 2);
    bt_buf_add(t->out, body->p, body->n);
    bt_buf_finish(body);
}

static void put_utf16(struct bt_buf *b, const char *text)
{
    bt_buf_add(b, "\xFF\xFE", 2);
    for (size_t n = strlen(text), len; n > 0; text += len, n -= len) {
        int32_t c = bt_utf8_get(text, n, &len);
        if (c > 0xFFFF) {
            bt_put_le(b, (uint64_t)(0xD800 + ((c - 0x10000) >> 10)), 2);
            c = 0xDC00 + ((c - 0x10000) & 0x3FF);
        }
        bt_put_le(b, (uint64_t)c, 2);
    }
}

/* In the tag's encoding; `more` text follows, so that it needs its end. */
static void put_text(const struct id3 *t, struct bt_buf *b, const char *text, bool more)
{
    if (t->old)
        put_utf16(b, text);
    else
        bt_buf_adds(b, text);
    if (more)
        bt_buf_add(b, "\0\0", t->old ? 2 : 1);
}

static void put_encoding(const struct id3 *t, struct bt_buf *b)
{
    bt_buf_init(b, MOST);
    bt_buf_addc(b, t->old ? 1 : 3);
}

static void text_frame(const struct id3 *t, const char *id, const char *text)
{
    struct bt_buf b;
    if (!text || !*text)
        return;
    put_encoding(t, &b);
    put_text(t, &b, text, false);
    frame(t, id, &b);
}

static void comment_frame(const struct id3 *t, const char *text)
{
    struct bt_buf b;
    if (!text || !*text)
        return;
    put_encoding(t, &b);
    bt_buf_adds(&b, "vie");
    put_text(t, &b, "", true);
    put_text(t, &b, text, false);
    frame(t, "COMM", &b);
}

static void user_frame(const struct id3 *t, const char *name, const char *value)
{
    struct bt_buf b;
    put_encoding(t, &b);
    put_text(t, &b, name, true);
    put_text(t, &b, value, false);
    frame(t, "TXXX", &b);
}

static void level_frame(const struct id3 *t, const char *name, double v, const char *unit)
{
    char value[32];
    snprintf(value, sizeof(value), "%.1f %s", v, unit);
    if (isfinite(v))
        user_frame(t, name, value);
}

/* A link is ISO 8859-1, and URLs are ASCII. */
static void link_frame(const struct id3 *t, const char *id, const char *url)
{
    struct bt_buf b;
    if (!url || !*url)
        return;
    bt_buf_init(&b, MOST);
    bt_buf_adds(&b, url);
    frame(t, id, &b);
}

static void date_frames(const struct id3 *t, const char *date)
{
    struct bt_civil c;
    char s[16];
    if (!t->old)
        text_frame(t, "TDRC", date);
    if (!t->old || !date || !bt_date_parse(date, &c))
        return;
    snprintf(s, sizeof(s), "%04d", c.year % 10000);
    text_frame(t, "TYER", s);
    snprintf(s, sizeof(s), "%02d%02d", c.day % 100, c.mon % 100);
    text_frame(t, "TDAT", s);
}

static bool cover_frame(const struct id3 *t, const char *path, struct bt_err *err)
{
    struct bt_buf image, b;
    if (!path)
        return true;
    bt_buf_init(&image, BT_COVER_MOST);
    bool ok = bt_file_read(path, BT_COVER_MOST, &image, err);
    if (ok) {
        bool png = bt_str_starts(bt_buf_str(&image), BT_STR("\x89PNG"));
        bt_buf_init(&b, MOST);
        bt_buf_addc(&b, 0);
        bt_buf_adds(&b, png ? "image/png" : "image/jpeg");
        bt_buf_add(&b, (char[]){0, FRONT, 0}, 3);
        bt_buf_add(&b, image.p, image.n);
        frame(t, "APIC", &b);
    }
    bt_buf_finish(&image);
    return ok;
}

/* ---- chapters ---- */

static void put_id(struct bt_buf *b, size_t i)
{
    bt_buf_addf(b, "ch%zu", i + 1);
    bt_buf_addc(b, 0);
}

static void contents_frame(const struct id3 *t, size_t n)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    bt_buf_add(&b, "toc\0\3", 5); /* the top one, in order */
    bt_buf_addc(&b, (char)n);
    for (size_t i = 0; i < n; i++)
        put_id(&b, i);
    frame(t, "CTOC", &b);
}

static uint64_t to_ms(int64_t frames)
{
    return (uint64_t)((frames * 1000 + BT_RATE / 2) / BT_RATE);
}

/* Of a text over INNER bytes, its first words and an ellipsis. */
static const char *shortened(struct bt_arena *a, const char *text)
{
    size_t n = INNER - strlen("…");
    if (strlen(text) <= INNER)
        return text;
    while (n > 0 && text[n] != ' ')
        n--;
    while (n == 0 || (text[n] & 0xC0) == 0x80) /* one long word: not within a letter */
        n = n == 0 ? INNER - strlen("…") : n - 1;
    return bt_format(a, "%.*s…", (int)n, text);
}

static void chapter_frame(const struct id3 *t, struct bt_arena *a, size_t i,
                          const struct bt_chapter *c)
{
    struct bt_buf b;
    struct id3 inner = {&b, t->old};
    bt_buf_init(&b, MOST);
    put_id(&b, i);
    put_be(&b, to_ms(c->from), 4);
    put_be(&b, to_ms(c->from + c->frames), 4);
    put_be(&b, UINT64_MAX, 8); /* by time, not by bytes */
    text_frame(&inner, "TIT2", t->old ? c->title : shortened(a, c->title));
    link_frame(&inner, "WOAF", c->url && (t->old || strlen(c->url) <= INNER) ? c->url : NULL);
    frame(t, "CHAP", &b);
}

static void chapter_frames(const struct id3 *t, const struct bt_tags *tags)
{
    size_t n = tags->nchapter < 255 ? tags->nchapter : 255; /* a contents frame holds no more */
    if (n > 0)
        contents_frame(t, n);
    struct bt_arena *a = bt_arena_create();
    for (size_t i = 0; i < n; i++)
        chapter_frame(t, a, i, &tags->chapter[i]);
    bt_arena_destroy(a);
}

static bool frames(const struct id3 *t, const struct bt_tags *tags, struct bt_err *err)
{
    text_frame(t, "TIT2", tags->title);
    text_frame(t, "TPE1", tags->artist);
    text_frame(t, "TALB", tags->album);
    date_frames(t, tags->date);
    comment_frame(t, tags->comment);
    link_frame(t, "WOAF", tags->url);
    if (tags->programme) { /* a bulletin of ours, not just any sound */
        text_frame(t, "TLAN", "vie");
        text_frame(t, "TCON", "News");
        user_frame(t, "DIGITAL_SOURCE_TYPE", BT_SYNTHETIC);
    }
    if (tags->level) {
        level_frame(t, "LOUDNESS", tags->level->integrated, "LUFS");
        level_frame(t, "LOUDNESS_RANGE", tags->level->range, "LU");
        level_frame(t, "TRUE_PEAK", tags->level->true_peak, "dBTP");
    }
    chapter_frames(t, tags);
    return cover_frame(t, tags->cover, err);
}

bool bt_id3_write(const struct bt_tags *tags, struct bt_buf *out, struct bt_err *err)
{
    struct bt_buf b;
    struct id3 t = {&b, tags->id3v23};
    bt_buf_init(&b, MOST);
    bool ok = frames(&t, tags, err);
    if (ok && b.n > 0) {
        bt_buf_add(out, t.old ? "ID3\3\0\0" : "ID3\4\0\0", 6);
        put_size(out, b.n);
        bt_buf_add(out, b.p, b.n);
    }
    bt_buf_finish(&b);
    return ok;
}
