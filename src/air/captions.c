/*
 * WebVTT (W3C): captions, a sentence a cue, cut by words where it needs more than two lines; and
 * chapters. Text is as written. Knows the timing table; knows no sound.
 */
#include "air/book.h"
#include "air/encode.h"

#include <string.h>

enum {
    LINE = 42,
    WORD = 7,           /* pieces of a sentence are alike but for a word */
    CUE = 2 * LINE - 16 /* so that two lines hold it, and a word more, wherever its spaces are */
};

static void put_time(struct bt_buf *b, int64_t frame)
{
    int64_t ms = bt_frame_ms(frame);
    bt_buf_addf(b, "%02ld:%02ld:%02ld.%03ld", (long)(ms / 3600000), (long)(ms / 60000 % 60),
                (long)(ms / 1000 % 60), (long)(ms % 1000));
}

static void put_times(struct bt_buf *b, int64_t from, int64_t to)
{
    put_time(b, from);
    bt_buf_adds(b, " --> ");
    put_time(b, to);
    bt_buf_addc(b, '\n');
}

/* Letters as they are counted in a line: marks that join do not count, being NFC. */
static size_t letters(struct bt_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += (s.p[i] & 0xC0) != 0x80;
    return n;
}

/* The space nearest to the middle of a text of more than one line. */
static size_t middle(struct bt_str s)
{
    size_t best = s.n, off = s.n;
    for (size_t i = 0; i < s.n; i++) {
        size_t far = i > s.n / 2 ? i - s.n / 2 : s.n / 2 - i;
        if (s.p[i] == ' ' && far < off) {
            best = i;
            off = far;
        }
    }
    return best;
}

/* WebVTT has no escape for a quote, and needs none. */
static void put_plain(struct bt_buf *b, const char *text)
{
    struct bt_buf xml;
    bt_buf_init(&xml, SIZE_MAX / 2);
    bt_put_xml(&xml, text);
    struct bt_str rest = bt_buf_str(&xml);
    for (ptrdiff_t at; (at = bt_str_find(rest, BT_STR("&quot;"))) >= 0;) {
        bt_buf_add(b, rest.p, (size_t)at);
        bt_buf_addc(b, '"');
        rest.p += at + 6;
        rest.n -= (size_t)at + 6;
    }
    bt_buf_add(b, rest.p, rest.n);
    bt_buf_finish(&xml);
}

static void put_slice(struct bt_buf *b, struct bt_arena *a, struct bt_str s)
{
    char *text = bt_strndup(a, s.p, s.n);
    for (char *c = text; *c; c++)
        *c = *c == '\n' || *c == '\r' || *c == '\t' ? ' ' : *c;
    put_plain(b, text);
}

static void put_text(struct bt_buf *b, struct bt_arena *a, struct bt_str s)
{
    size_t cut = letters(s) > LINE ? middle(s) : s.n;
    put_slice(b, a, (struct bt_str){s.p, cut});
    if (cut < s.n) {
        bt_buf_addc(b, '\n');
        put_slice(b, a, (struct bt_str){s.p + cut + 1, s.n - cut - 1});
    }
}

struct captions {
    struct bt_arena *a;
    const struct bt_published *p;
    struct bt_buf *out;
};

static const char *speaker(const struct captions *c, const char *name)
{
    const struct bt_voice *v = c->p->voices ? bt_voice_find(c->p->voices, name) : NULL;
    return v ? bt_voice_title(v) : name;
}

static void put_cue(const struct captions *c, const struct bt_timing_row *sentence, int64_t from,
                    int64_t to, uint32_t text_from, uint32_t text_to)
{
    const char *written = c->p->lines->line[sentence->line].written;
    struct bt_str s = bt_str_trim((struct bt_str){written + text_from, text_to - text_from});
    if (s.n == 0 || to <= from)
        return;
    bt_buf_addc(c->out, '\n');
    put_times(c->out, from, to);
    if (sentence->voice && *sentence->voice) {
        bt_buf_adds(c->out, "<v ");
        bt_put_xml(c->out, speaker(c, sentence->voice));
        bt_buf_adds(c->out, ">");
    }
    put_text(c->out, c->a, s);
    bt_buf_addc(c->out, '\n');
}

/* From row i, a sentence; its words follow it, with those of others that sound meanwhile. */
static void put_sentence(const struct captions *c, size_t i)
{
    const struct bt_timing *t = c->p->timing;
    const struct bt_timing_row *s = &t->row[i];
    const char *written = c->p->lines->line[s->line].written;
    int64_t end = s->from + s->frames, from = s->from;
    size_t line = (size_t)s->line;
    uint32_t text = bt_line_begin(c->p->lines, line), last = bt_line_end(c->p->lines, line);
    uint32_t said = s->text_from;
    size_t all = letters((struct bt_str){written + text, last - text});
    size_t most = all / ((all + CUE - 1) / CUE + (all == 0)) + WORD;
    for (size_t k = i + 1; k < t->n && t->row[k].from < end; k++) {
        const struct bt_timing_row *w = &t->row[k];
        if (w->kind != BT_ROW_WORD || w->line != s->line)
            continue;
        struct bt_str piece = {written + text, w->text_to - text};
        if (w->text_to > text && w->text_from >= said && w->text_from > text &&
            written[w->text_from - 1] == ' ' && letters(piece) > (all > CUE ? most : CUE)) {
            put_cue(c, s, from, w->from, text, w->text_from);
            from = w->from;
            text = w->text_from;
        }
        said = w->text_to > said ? w->text_to : said;
    }
    put_cue(c, s, from, end, text, last);
}

bool bt_captions_vtt(const struct bt_published *p, struct bt_buf *out, struct bt_err *err)
{
    struct captions c = {bt_arena_create(), p, out};
    (void)err;
    bt_buf_adds(out, "WEBVTT\n");
    for (size_t i = 0; i < p->timing->n; i++)
        if (p->timing->row[i].kind == BT_ROW_SENTENCE && p->timing->row[i].line >= 0)
            put_sentence(&c, i);
    bt_arena_destroy(c.a);
    return true;
}

bool bt_chapters_vtt(const struct bt_published *p, struct bt_buf *out, struct bt_err *err)
{
    (void)err;
    bt_buf_adds(out, "WEBVTT\n");
    for (size_t i = 0; i < p->tags->nchapter; i++) {
        const struct bt_chapter *c = &p->tags->chapter[i];
        bt_buf_addc(out, '\n');
        put_times(out, c->from, c->from + c->frames);
        put_plain(out, c->title);
        bt_buf_addc(out, '\n');
    }
    return true;
}
