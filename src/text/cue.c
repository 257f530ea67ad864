/*
 * Cues: words left and right of a token that speak for a class, with weights from cues.tsv. A
 * phrase is marked on the token where it ends (left) or begins (right), once for the whole text.
 */
#include "text/pass.h"

enum { REACH = 3 };

const char *const bt_class_names[C_COUNT] = {
#define X(id, name) name,
    BT_TEXT_CLASSES(X)
#undef X
};

static int class_of(struct bt_str s)
{
    for (int i = 0; i < C_COUNT; i++)
        if (bt_str_is(s, bt_class_names[i]))
            return i;
    return -1;
}

static int number_of(struct bt_str s, int otherwise)
{
    if (s.n == 0)
        return otherwise;
    int sign = s.p[0] == '-' ? -1 : 1, v = 0;
    for (size_t i = sign < 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9' && v < 1000)
            v = v * 10 + s.p[i] - '0';
    return sign * v;
}

static bool add_phrase(struct bt_lang *l, struct tokens *t, struct bt_str s, enum bt_cue_side side,
                       unsigned row)
{
    struct cues *c = &l->cues;
    bt_tokens(l->a, &l->letters, s.p, s.n, t);
    if (t->n == 0 || t->n > BT_LEN(c->phrase->hash))
        return false;
    if (c->nphrase == 0)
        c->nphrase = 1; /* 0 says "none" */
    if (c->nphrase == 1 || (c->nphrase & (c->nphrase - 1)) == 0)
        c->phrase = bt_xrealloc(c->phrase, c->nphrase * 2, sizeof(*c->phrase));
    struct cue_phrase *ph = &c->phrase[c->nphrase];
    *ph = (struct cue_phrase){.n = (int)t->n, .side = side, .row = row};
    for (size_t i = 0; i < t->n; i++)
        ph->hash[i] = t->tok[i].hash;
    uint32_t *first = bt_map_put(&c->first, ph->hash[0]);
    ph->next = *first;
    *first = (uint32_t)c->nphrase++;
    return true;
}

static bool add_row(const struct rows *r, struct tokens *t, struct bt_err *err)
{
    struct bt_lang *l = r->l;
    struct cues *c = &l->cues;
    struct bt_row here = bt_row_here(r);
    const struct bt_str *col = r->col;
    int cls = class_of(col[0]), weight = number_of(col[3], 0);
    if (cls < 0)
        return bt_row_fault(r, err, BT_M_CUE_CLASS, col[0]);
    if (bt_str_is(col[1], "prior")) {
        c->prior[cls] = weight;
        c->prior_line[cls] = r->line;
        return true;
    }
    enum bt_cue_side side = bt_str_is(col[1], "left") ? LEFT : RIGHT;
    if ((side == RIGHT && !bt_str_is(col[1], "right")) || c->nrow[side] == BT_LEN(c->row[side]))
        return bt_row_fail(err, &here, BT_M_CUE_SIDE, (int)BT_LEN(c->row[side]));
    unsigned row = (unsigned)c->nrow[side]++;
    c->row[side][row] = (struct cue_row){weight, number_of(col[4], REACH), r->line};
    c->of[side][cls] |= (uint64_t)1 << row;
    struct bt_str words = col[2], piece;
    while (bt_str_cut(&words, '|', &piece))
        if (!add_phrase(l, t, bt_str_trim(piece), side, row))
            return bt_row_fault(r, err, BT_M_CUE_WORDS, piece);
    return true;
}

bool bt_cues_add(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err)
{
    struct tokens t = {.of_table = true};
    struct rows r = {.l = l, .file = file, .rest = text, .min = 4, .max = 5};
    while (bt_row_next(&r, err))
        if (!add_row(&r, &t, err))
            return false;
    return !r.bad;
}

static bool phrase_fits(const struct cue_phrase *ph, const struct tokens *t, size_t i)
{
    if (i + (size_t)ph->n > t->n)
        return false;
    for (int k = 1; k < ph->n; k++)
        if (t->tok[i + (size_t)k].hash != ph->hash[k])
            return false;
    return true;
}

void bt_cues_mark(const struct bt_lang *l, struct tokens *t)
{
    const struct cues *c = &l->cues;
    for (size_t i = 0; i < t->n; i++)
        for (uint32_t k = bt_map_get(&c->first, t->tok[i].hash); k; k = c->phrase[k].next) {
            const struct cue_phrase *ph = &c->phrase[k];
            if (!phrase_fits(ph, t, i))
                continue;
            if (ph->side == LEFT)
                t->tok[i + (size_t)ph->n - 1].left |= (uint64_t)1 << ph->row;
            else
                t->tok[i].right |= (uint64_t)1 << ph->row;
        }
}

static bool ends_reach(const struct token *t)
{
    return t->kind == T_END || (t->kind == T_SYM && strchr(".;?!", (char)t->sym) && t->sym < 0x80);
}

static uint64_t seen_left(const struct pass *p, size_t i, uint64_t rows)
{
    uint64_t seen = 0;
    for (int back = 1; back <= 10 && (size_t)back <= i && rows; back++) {
        const struct token *t = &p->tok[i - (size_t)back];
        if (t->kind == T_SYM && ends_reach(t) && p->tok[i - (size_t)back + 1].space)
            break;
        for (uint64_t hit = t->left & rows; hit; hit &= hit - 1) {
            int row = __builtin_ctzll(hit);
            if (p->l->cues.row[LEFT][row].reach >= back)
                seen |= (uint64_t)1 << row;
        }
    }
    return seen;
}

static uint64_t seen_right(const struct pass *p, size_t j, uint64_t rows)
{
    uint64_t seen = 0;
    for (int on = 0; on < 10 && rows; on++) {
        const struct token *t = bt_at(p, j + (size_t)on);
        if (ends_reach(t))
            break;
        for (uint64_t hit = t->right & rows; hit; hit &= hit - 1) {
            int row = __builtin_ctzll(hit);
            if (p->l->cues.row[RIGHT][row].reach > on)
                seen |= (uint64_t)1 << row;
        }
    }
    return seen;
}

bool bt_cued(struct pass *p, int id, enum bt_cue_side side, size_t i)
{
    const struct cues *c = &p->l->cues;
    return (side == LEFT ? seen_left : seen_right)(p, i, c->of[side][id]) != 0;
}

static int weight(struct pass *p, int id, enum bt_cue_side side, uint64_t seen)
{
    int score = 0;
    for (; seen; seen &= seen - 1) {
        const struct cue_row *row = &p->l->cues.row[side][__builtin_ctzll(seen)];
        score += row->weight;
        if (p->trace)
            bt_buf_addf(p->trace, "    %s %+d  cues.tsv:%u\n", bt_class_names[id], row->weight,
                        row->line);
    }
    return score;
}

int bt_weigh(struct pass *p, int id, size_t i, size_t j)
{
    const struct cues *c = &p->l->cues;
    int score = c->prior[id];
    if (p->trace && c->prior_line[id])
        bt_buf_addf(p->trace, "    %s %+d  cues.tsv:%u\n", bt_class_names[id], score,
                    c->prior_line[id]);
    score += weight(p, id, LEFT, seen_left(p, i, c->of[LEFT][id]));
    return score + weight(p, id, RIGHT, seen_right(p, j, c->of[RIGHT][id]));
}
