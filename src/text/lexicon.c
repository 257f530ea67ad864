/*
 * The lexicon: the longest entry that begins at a token wins; of its rows the station's, then the
 * one whose cues stand near. Knows tables; knows no classes.
 */
#include "text/pass.h"

#include <stdlib.h>

#define PREFIX UINT32_MAX
enum { MAX_TOKENS = 16, CUE_REACH = 6 };

/* ---- maps ---------------------------------------------------------------------------------- */

static size_t place(const struct map *m, uint64_t key)
{
    size_t i = (size_t)(key * 0x9E3779B97F4A7C15u >> 20) & (m->cap - 1);
    while (m->slot[i].key && m->slot[i].key != key)
        i = (i + 1) & (m->cap - 1);
    return i;
}

uint32_t bt_map_get(const struct map *m, uint64_t key)
{
    if (!m->cap)
        return 0;
    const struct slot *s = &m->slot[place(m, key)];
    return s->key ? s->value : 0;
}

static void grow(struct map *m, size_t cap)
{
    struct map bigger = {.cap = cap};
    bigger.slot = bt_xcalloc(bigger.cap, sizeof(*bigger.slot));
    for (size_t i = 0; i < m->cap; i++)
        if (m->slot[i].key)
            bigger.slot[place(&bigger, m->slot[i].key)] = m->slot[i];
    bigger.n = m->n;
    free(m->slot);
    *m = bigger;
}

uint32_t *bt_map_put(struct map *m, uint64_t key)
{
    if ((m->n + 1) * 3 > m->cap * 2)
        grow(m, m->cap ? m->cap * 2 : 256);
    struct slot *s = &m->slot[place(m, key)];
    if (!s->key) {
        s->key = key;
        m->n++;
    }
    return &s->value;
}

void bt_map_reserve(struct map *m, size_t more)
{
    size_t cap = m->cap ? m->cap : 256;
    while ((m->n + more) * 3 > cap * 2)
        cap *= 2;
    if (cap > m->cap)
        grow(m, cap);
}

void bt_map_finish(struct map *m)
{
    free(m->slot);
    *m = (struct map){0};
}

/* ---- rows ---------------------------------------------------------------------------------- */

static bool spaced(const struct token *before, const struct token *t)
{
    return t->space && before->kind != T_SYM && t->kind != T_SYM;
}

static uint64_t step(uint64_t h, const struct token *tok, size_t i)
{
    uint64_t k = tok[i].hash * 4 + tok[i].kind;
    return bt_hash_mix(h, i && spaced(&tok[i - 1], &tok[i]) ? ~k : k);
}

uint64_t bt_sequence_hash(const struct token *tok, size_t n)
{
    uint64_t h = 1;
    for (size_t i = 0; i < n; i++)
        h = step(h, tok, i);
    return h;
}

enum { AS_IS, TITLE, OPENING }; /* OPENING: the first word's capital is a sentence's */

static uint64_t caps_of(const struct token *tok, size_t n, int how)
{
    uint64_t h = 1;
    for (size_t i = 0; i < n; i++) {
        uint64_t caps = how == TITLE && tok[i].flags & S_UPPER ? 1 : tok[i].caps;
        if (tok[i].kind == T_WORD)
            h = bt_hash_mix(h, how == OPENING && i == 0 && caps == 1 ? 0 : caps);
    }
    return h;
}

static void describe(struct entry *e, const struct token *tok, size_t n)
{
    e->any_case = e->title_case = true;
    for (size_t i = 0; i < n; i++) {
        e->any_case &= tok[i].caps == 0;
        e->title_case &= tok[i].kind != T_WORD || tok[i].caps == 1;
    }
    e->caps = caps_of(tok, n, AS_IS);
    size_t letters = 0;
    for (size_t i = 0; i < n; i++)
        letters += tok[i].letters;
    e->title_case &= letters > 3;
}

static void link_entry(struct lexicon *x, uint32_t *first, uint32_t at)
{
    if (*first == 0 || *first == PREFIX) {
        *first = at;
        return;
    }
    if (x->entry[at].station && !x->entry[*first].station) {
        x->entry[at].next = *first;
        *first = at;
        return;
    }
    uint32_t e = *first;
    while (x->entry[e].next && (!x->entry[at].station || x->entry[x->entry[e].next].station))
        e = x->entry[e].next;
    x->entry[at].next = x->entry[e].next;
    x->entry[e].next = at;
}

static void insert(struct lexicon *x, const struct token *tok, size_t n, uint32_t at)
{
    uint64_t h = 1;
    for (size_t i = 0; i < n; i++) {
        h = step(h, tok, i);
        uint32_t *first = bt_map_put(&x->prefix, h);
        if (i + 1 == n)
            link_entry(x, first, at);
        else if (*first == 0)
            *first = PREFIX;
    }
}

static uint8_t dialect_of(struct bt_str s)
{
    return s.n == 0                  ? 0
           : bt_str_is(s, "north")   ? 1
           : bt_str_is(s, "central") ? 2
           : bt_str_is(s, "south")   ? 3
                                     : 0;
}

static bool has_broken_letter(const struct tokens *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->tok[i].sym == 0xFFFD)
            return true;
    return false;
}

static bool add_row(const struct rows *r, struct tokens *t, struct entry e, struct bt_err *err)
{
    struct bt_lang *l = r->l;
    struct lexicon *x = &l->lexicon;
    bt_tokens(l->a, &l->letters, e.written.p, e.written.n, t);
    if (has_broken_letter(t) || !bt_is_speakable(&l->letters, e.spoken))
        return bt_row_fault(r, err, BT_M_LEXICON_SPOKEN, e.spoken);
    if (t->n == 0 || t->n > MAX_TOKENS) {
        struct bt_row here = bt_row_here(r);
        return bt_row_fail(err, &here, BT_M_LEXICON_WRITTEN, MAX_TOKENS);
    }
    describe(&e, t->tok, t->n);
    uint32_t at = (uint32_t)++x->n;
    x->entry[at] = e;
    insert(x, t->tok, t->n, at);
    return true;
}

static const struct bt_str *cues(struct bt_lang *l, const struct bt_str *col)
{
    struct bt_str *cue = bt_alloc(l->a, 2 * sizeof(*cue));
    memcpy(cue, col, 2 * sizeof(*cue));
    return cue;
}

void bt_lexicon_reserve(struct lexicon *x, size_t rows)
{
    x->entry = bt_xrealloc(x->entry, rows + 1, sizeof(*x->entry));
    bt_map_reserve(&x->prefix, rows);
}

bool bt_lexicon_add(struct bt_lang *l, int file, struct bt_str text, bool station,
                    struct bt_err *err)
{
    struct tokens t = {.of_table = true};
    struct rows r = {.l = l, .file = file, .rest = text, .min = 2, .max = 6, .decoded = 2};
    const struct bt_str *col = r.col;
    while (bt_row_next(&r, err)) {
        struct entry e = {.written = col[0],
                          .spoken = col[1],
                          .cue = col[2].n || col[3].n ? cues(l, &col[2]) : NULL,
                          .dialect = dialect_of(col[4]),
                          .title = bt_str_is(col[5], "title"),
                          .station = station,
                          .file = (uint8_t)file,
                          .line = r.line};
        if (!add_row(&r, &t, e, err))
            return false;
    }
    return !r.bad;
}

/* ---- finding ------------------------------------------------------------------------------- */

static bool phrase_at(const struct pass *p, size_t i, const struct tokens *t)
{
    for (size_t k = 0; k < t->n; k++)
        if (bt_at(p, i + k)->hash != t->tok[k].hash)
            return false;
    return t->n > 0;
}

static bool phrase_near(struct pass *p, struct bt_str phrase, size_t i, size_t j)
{
    p->phrase.of_table = true;
    bt_tokens(p->a, &p->l->letters, phrase.p, phrase.n, &p->phrase);
    for (size_t k = i; k < j && k < p->n; k++)
        if (phrase_at(p, k, &p->phrase))
            return true;
    return false;
}

static bool any_near(struct pass *p, struct bt_str cues, size_t i, size_t j)
{
    struct bt_str piece;
    while (bt_str_cut(&cues, '|', &piece))
        if (phrase_near(p, bt_str_trim(piece), i, j))
            return true;
    return false;
}

/* "#" among the cues: a number stands right beside. */
static bool number_beside(const struct pass *p, struct bt_str cues, size_t i)
{
    return bt_at(p, i)->kind == T_NUM && memchr(cues.p, '#', cues.n);
}

static bool cues_hold(struct pass *p, const struct bt_str *cue, size_t i, size_t j)
{
    struct bt_str left = cue[LEFT], right = cue[RIGHT];
    size_t back = i > CUE_REACH ? i - CUE_REACH : 0;
    return (left.n && i && number_beside(p, left, i - 1)) ||
           (right.n && number_beside(p, right, j)) || (left.n && any_near(p, left, back, i)) ||
           (right.n && any_near(p, right, j, j + CUE_REACH));
}

static unsigned dialect(const struct bt_style *s)
{
    return s->dialect == BT_SOUTH ? 3 : s->dialect == BT_CENTRAL ? 2 : 1;
}

/* A long foreign word in small letters, as a brand is often written: vietcombank. */
static bool is_small_name(const struct token *t, size_t n)
{
    return n == 1 && t->kind == T_WORD && t->caps == 0 && t->letters >= 6 &&
           !(t->flags & (S_VIET | S_MARKED));
}

static bool case_fits(const struct pass *p, const struct entry *e, size_t i, size_t n)
{
    if (is_small_name(p->tok + i, n))
        return true;
    if (e->any_case || e->caps == caps_of(p->tok + i, n, AS_IS))
        return true;
    if (n > 1 && e->caps == caps_of(p->tok + i, n, OPENING))
        return true;
    return e->title_case && e->caps == caps_of(p->tok + i, n, TITLE);
}

static const struct entry *choose(struct pass *p, uint32_t first, size_t i, size_t n)
{
    const struct lexicon *x = &p->l->lexicon;
    const struct entry *plain = NULL;
    for (uint32_t k = first; k; k = x->entry[k].next) {
        const struct entry *e = &x->entry[k];
        if ((e->dialect && e->dialect != dialect(p->style)) || !case_fits(p, e, i, n))
            continue;
        if (e->cue && cues_hold(p, e->cue, i, i + n))
            return e;
        if (!e->cue && (!plain || (plain->any_case && !e->any_case)))
            plain = e;
    }
    return plain;
}

const struct entry *bt_lexicon_word(struct pass *p, size_t i)
{
    uint32_t first = bt_map_get(&p->l->lexicon.prefix, bt_sequence_hash(bt_at(p, i), 1));
    return first && first != PREFIX ? choose(p, first, i, 1) : NULL;
}

/* 1990 in SN1990 */
static bool is_year(const struct pass *p, const struct token *t)
{
    const char *d = p->clean.text + t->at;
    return t->kind == T_NUM && t->len == 4 && (memcmp(d, "19", 2) == 0 || memcmp(d, "20", 2) == 0);
}

/* A word of letters may not end in the middle of a written one: "G7" is not in "G7A". A name and
 * the number of its model may: iPhone17; a short form and a year. */
static bool ends_well(const struct pass *p, size_t end)
{
    const struct token *last = bt_at(p, end - 1), *next = bt_at(p, end);
    return last->kind == T_SYM || next->space || next->kind == T_SYM || next->kind == T_END ||
           (last->kind == T_NUM && next->kind == T_WORD) ||
           (next->kind == T_NUM && last->letters > 4 && !(last->flags & S_UPPER)) ||
           (last->letters > 1 && is_year(p, next));
}

const struct entry *bt_lexicon_entry(struct pass *p, size_t i, uint32_t *ntok)
{
    const struct lexicon *x = &p->l->lexicon;
    const struct entry *best = NULL;
    uint64_t h = 1;
    for (uint32_t n = 0; n < MAX_TOKENS && i + n < p->n; n++) {
        const struct token *t = &p->tok[i + n];
        uint64_t k = t->hash * 4 + t->kind;
        h = bt_hash_mix(h, n && spaced(t - 1, t) ? ~k : k);
        uint32_t first = bt_map_get(&x->prefix, h);
        if (first == 0)
            break;
        if (first == PREFIX || !ends_well(p, i + n + 1))
            continue;
        const struct entry *e = choose(p, first, i, n + 1);
        if (e) {
            best = e;
            *ntok = n + 1;
        }
    }
    return best;
}

const struct entry *bt_lexicon_half(const struct bt_lang *l, const char *low, size_t n)
{
    struct token word = {.kind = T_WORD, .hash = bt_word_hash(low, n)};
    uint32_t k = bt_map_get(&l->lexicon.prefix, bt_sequence_hash(&word, 1));
    for (k = k == PREFIX ? 0 : k; k; k = l->lexicon.entry[k].next) {
        const struct entry *e = &l->lexicon.entry[k];
        if (e->any_case && !e->cue && !e->dialect)
            return e;
    }
    return NULL;
}

/* ---- telling ------------------------------------------------------------------------------- */

static void list_entry(const struct bt_lang *l, const struct entry *e, struct bt_buf *out)
{
    static const struct bt_str none[2];
    const struct bt_str *cue = e->cue ? e->cue : none;
    const struct bt_str col[] = {e->written, e->spoken, cue[LEFT], cue[RIGHT]};
    bt_buf_addf(out, "%s:%u", l->file[e->file], e->line);
    for (size_t k = 0; k < BT_LEN(col); k++)
        if (col[k].n || k < 2)
            bt_buf_addf(out, "\t%.*s", (int)col[k].n, col[k].p);
    bt_buf_addc(out, '\n');
}

void bt_lang_list(const struct bt_lang *l, struct bt_str written, struct bt_buf *out)
{
    const struct lexicon *x = &l->lexicon;
    if (written.n == 0) {
        for (size_t k = 1; k <= x->n; k++)
            list_entry(l, &x->entry[k], out);
        return;
    }
    struct bt_arena *a = bt_arena_create();
    struct tokens t = {0};
    bt_tokens(a, &l->letters, written.p, written.n, &t);
    uint32_t first = t.n ? bt_map_get(&x->prefix, bt_sequence_hash(t.tok, t.n)) : 0;
    for (uint32_t k = first == PREFIX ? 0 : first; k; k = x->entry[k].next)
        list_entry(l, &x->entry[k], out);
    bt_arena_destroy(a);
}
