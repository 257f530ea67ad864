/*
 * The sheet: what a newsroom reads and signs before air. Running order with clock times, the text
 * as written, doubtful words with how they are read, a box to sign. Knows HTML that prints on A4.
 */
#include <string.h>

#include "air/book.h"
#include "air/encode.h"

struct sheet {
    struct bt_arena *a;
    const struct bt_published *p;
    struct bt_book book;
    struct bt_buf *out;
};

static void put(const struct sheet *s, const char *html)
{
    bt_buf_adds(s->out, html);
}

static void text(const struct sheet *s, const char *words)
{
    bt_put_xml(s->out, words);
}

/* On the wall's clock when it is known, else from the beginning. */
static const char *clock_at(const struct sheet *s, int64_t frame)
{
    const struct bt_instant *air = &s->p->tags->air;
    bool known = air->utc != BT_NO_TIME && air->utc;
    struct bt_civil c =
        bt_utc_civil((known ? air->utc : 0) + frame / BT_RATE, known ? (int)air->zone : 0);
    return bt_format(s->a, "%02d:%02d:%02d", c.hour, c.min, c.sec);
}

static void put_order(const struct sheet *s)
{
    put(s, "<table>\n<caption>Trình tự</caption>\n<thead><tr><th scope=\"col\">Giờ</th><th "
           "scope=\"col\">Phần</th><th scope=\"col\">Dài</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < s->book.n; i++) {
        const struct bt_part *part = &s->book.part[i];
        bt_buf_addf(s->out, "<tr><td>%s</td><td><a href=\"#s%zu\">", clock_at(s, part->from),
                    i + 1);
        text(s, part->title);
        bt_buf_addf(s->out, "</a></td><td>%s</td></tr>\n", bt_spoken_length(s->a, part->frames));
    }
    bt_buf_addf(s->out, "<tr><td>%s</td><td>Hết</td><td>%s</td></tr>\n</tbody>\n</table>\n",
                clock_at(s, s->p->timing->frames), bt_spoken_length(s->a, s->p->timing->frames));
}

/* The doubt of the paragraph that begins first in its bytes [from, to), the longest; or NULL. */
static const struct bt_doubt *next_doubt(const struct sheet *s, const struct bt_para *para,
                                         uint32_t from, uint32_t to)
{
    const struct bt_lines *l = s->p->lines;
    const struct bt_doubt *best = NULL;
    for (size_t i = 0; i < l->ndoubt; i++) {
        const struct bt_doubt *d = &l->doubt[i].doubt;
        if (l->doubt[i].cue == para->cue && l->doubt[i].written == para->written &&
            d->from >= from && d->from < to && d->to > d->from &&
            (!best || d->from < best->from || (d->from == best->from && d->to > best->to)))
            best = d;
    }
    return best;
}

static void put_slice(const struct sheet *s, const struct bt_para *para, uint32_t from, uint32_t to)
{
    text(s, bt_strndup(s->a, para->written + from, to - from));
}

static void put_words(const struct sheet *s, const struct bt_para *para, struct bt_str words)
{
    uint32_t at = (uint32_t)(words.p - para->written), end = at + (uint32_t)words.n;
    for (const struct bt_doubt *d; (d = next_doubt(s, para, at, end)) != NULL;) {
        uint32_t to = d->to < end ? d->to : end;
        put_slice(s, para, at, d->from);
        put(s, "<mark>");
        put_slice(s, para, d->from, to);
        put(s, "</mark> <em>[");
        text(s, d->spoken && *d->spoken ? bt_format(s->a, "đọc: %s", d->spoken) : "không đọc");
        put(s, "]</em>");
        at = to;
    }
    put_slice(s, para, at, end);
}

static void put_para(const struct sheet *s, const struct bt_para *para)
{
    for (size_t i = 0; i < para->n; i++) {
        put(s, para->sentence[i].apart ? " " : "");
        put_words(s, para, para->sentence[i].text);
    }
}

static void put_part(const struct sheet *s, size_t i)
{
    const struct bt_part *part = &s->book.part[i];
    bool read = part->n && part->para[0].title;
    bt_buf_addf(s->out, "<section aria-labelledby=\"s%zu\">\n<h2 id=\"s%zu\">%s ", i + 1, i + 1,
                clock_at(s, part->from));
    if (read)
        put_para(s, &part->para[0]);
    else
        text(s, part->title);
    put(s, "</h2>\n");
    for (size_t k = read ? 1 : 0; k < part->n; k++) {
        put(s, "<p>");
        put_para(s, &part->para[k]);
        put(s, "</p>\n");
    }
    const char *approved = part->n ? s->p->rundown->cue[part->para[0].cue].approved : NULL;
    if (approved && *approved) {
        put(s, "<p class=\"note\">☑ Duyệt: ");
        text(s, approved);
        put(s, "</p>\n</section>\n");
        return;
    }
    put(s, "<p class=\"note sign\">☐ Duyệt. Người duyệt, giờ, chữ ký:</p>\n</section>\n");
}

bool bt_sheet_html(const struct bt_published *p, struct bt_buf *out, struct bt_err *err)
{
    struct sheet s = {.a = bt_arena_create(), .p = p, .out = out};
    (void)err;
    bt_book_make(s.a, p, &s.book);
    const char *title = bt_format(s.a, "Tờ duyệt: %s", bt_xml(s.a, p->tags->title));
    bt_html_open(out, title, "", false);
    bt_buf_addf(out, "<header>\n<h1>%s</h1>\n<p>%s</p>\n</header>\n<main>\n", title,
                bt_xml(s.a, p->tags->artist));
    put_order(&s);
    for (size_t i = 0; i < s.book.n; i++)
        put_part(&s, i);
    put(&s, "</main>\n</body>\n</html>\n");
    bt_arena_destroy(s.a);
    return true;
}
