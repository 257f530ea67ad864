/*
 * The table of sounds: what letters of other languages are said as, and by which signs a word is
 * known to be of one. Knows the form of sounds.tsv; knows no sounds.
 */
#include "text/pass.h"

enum { LANGUAGES = 16 };

static unsigned language(struct sounds *t, struct bt_str name)
{
    if (bt_str_is(name, "-"))
        return 0;
    unsigned k = 0;
    while (k < t->nlang && !bt_str_eq(t->lang[k], name))
        k++;
    if (k == t->nlang && k + 1 < LANGUAGES)
        t->lang[t->nlang++] = name;
    return k + 1;
}

/* "^kn", "eau$" without their signs of place. */
static struct sound placed(struct bt_str written)
{
    struct sound s = {.written = written};
    s.start = bt_str_starts(written, BT_STR("^"));
    s.end = bt_str_ends(written, BT_STR("$"));
    s.written.p += s.start;
    s.written.n -= (size_t)s.start + s.end;
    return s;
}

static bool add_signs(struct bt_lang *l, struct bt_str signs, unsigned lang)
{
    struct sounds *t = &l->sounds;
    struct bt_str piece;
    while (bt_str_cut(&signs, '|', &piece)) {
        struct sound s = placed(bt_str_trim(piece));
        s.lang = lang;
        if (s.written.n == 0 || !lang)
            return false;
        *(struct sound *)bt_push(l->a, &t->sign, &t->nsign, sizeof(s)) = s;
    }
    return true;
}

static bool add_other(struct bt_lang *l, const struct bt_str *col)
{
    struct sound s = placed(col[1]);
    s.onset = bt_strndup(l->a, col[2].p, col[2].n);
    *(struct sound *)bt_push(l->a, &l->sounds.other, &l->sounds.nother, sizeof(s)) = s;
    return s.written.n > 0 && col[2].n <= s.written.n;
}

static bool add_sound(struct bt_lang *l, const struct bt_str *col, unsigned lang, uint32_t line)
{
    struct sounds *t = &l->sounds;
    struct sound s = placed(col[1]);
    if (s.written.n == 0 || !bt_is_speakable(&l->letters, col[2]))
        return false;
    s.lang = lang;
    s.line = line;
    s.onset = bt_strndup(l->a, col[2].p, col[2].n);
    s.whole = bt_str_is(col[3], "*");
    if (col[3].n && !s.whole)
        s.coda = bt_str_is(col[3], "0") ? "" : bt_strndup(l->a, col[3].p, col[3].n);
    if (t->n == 0)
        bt_push(l->a, &t->row, &t->n, sizeof(s)); /* row 0 says "none" */
    size_t *first = &t->first[(unsigned char)s.written.p[0]];
    s.next = *first;
    *first = t->n;
    *(struct sound *)bt_push(l->a, &t->row, &t->n, sizeof(s)) = s;
    return true;
}

bool bt_sounds_add(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err)
{
    struct rows r = {.l = l, .file = file, .rest = text, .min = 3, .max = 4};
    const struct bt_str *col = r.col;
    l->sounds.file = file;
    while (bt_row_next(&r, err)) {
        bool other = bt_str_is(col[0], "=");
        unsigned lang = other ? 0 : language(&l->sounds, col[0]);
        bool good = other                           ? add_other(l, col)
                    : bt_str_is(col[1], "dấu hiệu") ? add_signs(l, col[2], lang)
                                                    : add_sound(l, col, lang, r.line);
        if (!good)
            return bt_row_fault(&r, err, BT_M_LEXICON_SPOKEN, col[2]);
    }
    return !r.bad;
}
