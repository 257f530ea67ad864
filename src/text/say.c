/*
 * Verbalisers that every class uses: whole numbers, digits, decimals, letters. Knows the house's
 * forms (struct bt_style); knows no classes. Whatever a table or a class hands in, only Vietnamese
 * letters and inner hyphens go out.
 */
#include "text/pass.h"

static const char *const units[] = {"không", "một", "hai", "ba",  "bốn",
                                    "năm",   "sáu", "bảy", "tám", "chín"};

/* ---- words --------------------------------------------------------------------------------- */

static uint32_t from_of(const struct pass *p, size_t i)
{
    return p->clean.map[bt_at(p, i)->at];
}

static uint32_t to_of(const struct pass *p, size_t j)
{
    const struct token *last = bt_at(p, j - 1);
    size_t k = last->at + last->len;
    while (k < p->clean.n && p->clean.map[k] == p->clean.map[last->at])
        k++;
    return p->clean.map[k];
}

static struct piece *add_piece(struct pass *p)
{
    if (p->npiece == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 128;
        struct piece *bigger = bt_alloc(p->a, cap * sizeof(*bigger));
        if (p->npiece)
            memcpy(bigger, p->piece, p->npiece * sizeof(*bigger));
        p->piece = bigger;
        p->cap = cap;
    }
    struct piece *w = &p->piece[p->npiece++];
    *w = (struct piece){0};
    return w;
}

void bt_say_str(struct pass *p, struct bt_str words, size_t i, size_t j)
{
    uint32_t from = from_of(p, i), to = to_of(p, j);
    for (size_t at = 0; at < words.n;) {
        while (at < words.n && words.p[at] == ' ')
            at++;
        size_t begin = at;
        while (at < words.n && words.p[at] != ' ')
            at++;
        if (at > begin) {
            struct piece *w = add_piece(p);
            w->p = words.p + begin;
            w->n = (uint32_t)(at - begin);
            w->from = from;
            w->to = to;
        }
    }
}

void bt_say(struct pass *p, const char *words, size_t i, size_t j)
{
    bt_say_str(p, bt_str(words), i, j);
}

static int strength(char mark)
{
    const char *order = ",;:.!?";
    const char *at = mark ? strchr(order, mark) : NULL;
    return at ? (int)(at - order) + 1 : 0;
}

void bt_say_mark(struct pass *p, char mark)
{
    if (p->npiece == 0)
        return;
    struct piece *w = &p->piece[p->npiece - 1];
    if (strength(mark) > strength(w->mark))
        w->mark = mark;
}

void bt_say_end(struct pass *p, char mark, enum bt_break brk)
{
    if (p->npiece == 0)
        return;
    struct piece *w = &p->piece[p->npiece - 1];
    bt_say_mark(p, mark);
    if (w->end < brk + 1)
        w->end = (uint8_t)(brk + 1);
}

void bt_doubt_add(struct pass *p, size_t i, size_t j, const char *spoken, const char *rule,
                  double margin)
{
    const struct token *a = bt_at(p, i), *b = bt_at(p, j - 1);
    size_t n = b->at + b->len - a->at;
    struct bt_doubt *d = bt_push(p->a, &p->doubt, &p->ndoubt, sizeof(*d));
    *d = (struct bt_doubt){.written = bt_strndup(p->a, p->clean.text + a->at, n > 200 ? 200 : n),
                           .spoken = spoken,
                           .rule = rule,
                           .margin = margin,
                           .from = from_of(p, i),
                           .to = to_of(p, j)};
}

void bt_doubt_said(struct pass *p, size_t first, size_t i, size_t j, const char *rule,
                   double margin)
{
    struct bt_buf b;
    bt_buf_init(&b, 400);
    for (size_t k = first; k < p->npiece; k++) {
        if (k > first)
            bt_buf_addc(&b, ' ');
        bt_buf_add(&b, p->piece[k].p, p->piece[k].n);
    }
    bt_doubt_add(p, i, j, bt_strdup(p->a, b.p ? b.p : ""), rule, margin);
    bt_buf_finish(&b);
}

/* ---- whole numbers ------------------------------------------------------------------------- */

struct span {
    size_t i, j;
};

static void put(struct pass *p, const char *words, struct span s)
{
    bt_say(p, words, s.i, s.j);
}

static void say_tens(struct pass *p, int tens, int one, struct span s)
{
    if (tens == 1) {
        put(p, "mười", s);
    } else {
        put(p, units[tens], s);
        put(p, "mươi", s);
    }
    if (one == 0)
        return;
    if (one == 1 && tens > 1)
        put(p, "mốt", s);
    else if (one == 4 && tens > 1 && !p->style->plain_four)
        put(p, "tư", s);
    else
        put(p, one == 5 ? "lăm" : units[one], s);
}

/* One group of three; `full` says the hundreds even when there are none. */
static void say_group(struct pass *p, const int *d, bool full, struct span s)
{
    if (d[0] || full) {
        put(p, units[d[0]], s);
        put(p, "trăm", s);
    }
    if (d[1]) {
        say_tens(p, d[1], d[2], s);
    } else if (d[2]) {
        if (d[0] || full)
            put(p, p->style->south_and ? "lẻ" : "linh", s);
        put(p, units[d[2]], s);
    }
}

/* Up to nine digits: triệu, nghìn, the rest. */
static void say_block(struct pass *p, const char *d, size_t n, bool full, struct span s)
{
    static const char *const scale[] = {"triệu", "nghìn", ""};
    int digit[9] = {0};
    for (size_t k = 0; k < n; k++)
        digit[9 - n + k] = d[k] - '0';
    bool any = full;
    for (int g = 0; g < 3; g++) {
        const int *t = digit + 3 * g;
        if (t[0] + t[1] + t[2] == 0)
            continue;
        say_group(p, t, any, s);
        put(p, g == 1 && p->style->south_thousand ? "ngàn" : scale[g], s);
        any = true;
    }
}

static void say_whole(struct pass *p, const char *d, size_t n, struct span s)
{
    size_t first = n % 9 ? n % 9 : 9;
    bool any = false;
    for (size_t at = 0, k = first; at < n; at += k, k = 9) {
        bool zero = true;
        for (size_t x = 0; x < k; x++)
            zero &= d[at + x] == '0';
        if (!zero)
            say_block(p, d + at, k, any, s);
        any = true;
        if (at + k < n)
            put(p, "tỷ", s);
    }
}

void bt_say_int(struct pass *p, const char *d, size_t n, size_t i, size_t j)
{
    while (n > 1 && d[0] == '0')
        d++, n--;
    if (n > 27)
        bt_say_digits(p, d, n, i, j);
    else if (n == 1 && d[0] == '0')
        bt_say(p, units[0], i, j);
    else
        say_whole(p, d, n, (struct span){i, j});
}

void bt_say_value(struct pass *p, uint64_t v, size_t i, size_t j)
{
    char d[24];
    int n = snprintf(d, sizeof(d), "%llu", (unsigned long long)v);
    bt_say_int(p, d, (size_t)n, i, j);
}

void bt_say_digits(struct pass *p, const char *d, size_t n, size_t i, size_t j)
{
    for (size_t k = 0; k < n; k++)
        if (d[k] >= '0' && d[k] <= '9')
            bt_say(p, units[d[k] - '0'], i, j);
}

/* A pair such as ,25 is read digit by digit, or "hai mươi lăm" where the house wants it. */
static void say_fraction_part(struct pass *p, const char *d, size_t n, size_t i, size_t j)
{
    if (p->style->decimal_number && n == 2 && d[0] != '0')
        bt_say_int(p, d, n, i, j);
    else
        bt_say_digits(p, d, n, i, j);
}

void bt_say_num(struct pass *p, const struct num *n, const char *point, size_t i, size_t j)
{
    bt_say_int(p, n->ip, n->nip, i, j);
    if (n->nfp) {
        bt_say(p, point, i, j);
        say_fraction_part(p, n->fp, n->nfp, i, j);
    }
}

void bt_say_ordinal(struct pass *p, uint64_t v, size_t i, size_t j)
{
    if (v == 1)
        bt_say(p, "nhất", i, j);
    else if (v == 4)
        bt_say(p, "tư", i, j);
    else
        bt_say_value(p, v, i, j);
}

void bt_say_month(struct pass *p, uint64_t v, size_t i, size_t j)
{
    if (v == 4 && !p->style->plain_four)
        bt_say(p, "tư", i, j);
    else
        bt_say_value(p, v, i, j);
}

struct bt_str bt_capital(struct pass *p, struct bt_str s)
{
    size_t len;
    char first[4];
    size_t n = bt_utf8_put(bt_upper(bt_utf8_get(s.p, s.n, &len)), first);
    char *out = bt_alloc(p->a, n + s.n + 1);
    memcpy(out, first, n);
    memcpy(out + n, s.p + len, s.n - len);
    return (struct bt_str){out, n + s.n - len};
}

/* ---- letters ------------------------------------------------------------------------------- */

void bt_say_letter(struct pass *p, int32_t c, size_t i, size_t j)
{
    char key[4];
    size_t n = bt_utf8_put(bt_lower(c), key);
    const struct word_row *w = bt_words_find(&p->l->names, (struct bt_str){key, n});
    if (w && p->trace)
        bt_trace_row(p, w);
    if (w) {
        bt_say_str(p, w->spoken, i, j);
        return;
    }
    char *base = bt_fold(p->a, (struct bt_str){key, n});
    w = base[0] ? bt_words_find(&p->l->names, (struct bt_str){base, 1}) : NULL;
    if (w)
        bt_say_str(p, w->spoken, i, j);
    else
        bt_doubt_add(p, i, j, "", "letters.tsv", 0);
}

void bt_say_letters(struct pass *p, size_t i, size_t j)
{
    for (size_t k = i; k < j; k++) {
        const struct token *t = bt_at(p, k);
        const char *s = p->clean.text + t->at;
        if (t->kind == T_NUM)
            bt_say_digits(p, s, t->len, k, k + 1);
        for (size_t at = 0, len; t->kind == T_WORD && at < t->len; at += len)
            bt_say_letter(p, bt_utf8_get(s + at, t->len - at, &len), k, k + 1);
    }
}
