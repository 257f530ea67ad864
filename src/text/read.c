/*
 * The pass: tokens from left to right; at each the best proposal is spoken. Knows the order of the
 * work; knows no class.
 */
#include "text/pass.h"

enum { CLOSE = 10 }; /* a choice by less than this is a doubt */

const struct token bt_past_end = {.kind = T_END, .space = true};

bool bt_same_word(const char *s, const char *w, size_t n)
{
    if (memcmp(s, w, n) == 0)
        return true;
    for (size_t k = 0, a, b; k < n; k += a)
        if (bt_small(bt_next(s + k, n - k, &a)) != bt_next(w + k, n - k, &b) || a != b)
            return false;
    return true;
}

bool bt_is_dash(int32_t c)
{
    return c == '-' || c == 0x2013;
}

const struct token *bt_before(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i - 1);
    return t->kind == T_WORD ? t : NULL;
}

/* A small Vietnamese word that begins no entry and stands beside no number needs no choice. */
static bool is_plain(struct pass *p, size_t i)
{
    const struct token *t = &p->tok[i], *next = &p->tok[i + 1];
    bool web = next->kind == T_SYM && !next->space && next->sym < 0x80 &&
               strchr("./@:_-", (char)next->sym) && !p->tok[i + 2].space && i + 2 < p->n;
    bool glued = web || (!next->space && (next->kind == T_NUM || next->kind == T_WORD));
    if (!(t->flags & S_VIET) || t->flags & S_UPPER || glued || p->last != C_PLAIN ||
        t->letters < 2 || (t->flags & S_CAP && bt_particle(p, i)))
        return false;
    return bt_map_get(&p->l->lexicon.prefix, bt_sequence_hash(t, 1)) == 0;
}

/* 25/11, "ngày 5/9", 5/9/2025: no guess, however near another class comes. */
static bool is_sure_date(struct pass *p, size_t i, const struct cand *c)
{
    const struct seq *s = bt_seq(p, i);
    bool day = s->n > 1 && s->sep[0] == '/' && s->val[0] > 12;
    return (c->id == C_DATE || c->id == C_MONTH) &&
           (day || c->ntok > 3 || p->dated || bt_cued(p, c->id, LEFT, i));
}

static void speak(struct pass *p, size_t i, struct cand *c)
{
    size_t first = p->npiece;
    int margin = c->score - c->rival;
    bool sure = margin >= CLOSE || is_sure_date(p, i, c);
    c->cls->say(p, i, c);
    if (p->tok[i].kind == T_NUM && c->ntok > 1 && !sure)
        bt_doubt_said(p, first, i, i + c->ntok, c->cls->name, (double)margin / 100 + 0.3);
    p->last = c->id;
    p->last_form = c->form;
    p->last_end = i + c->ntok;
    p->dated |= c->id == C_DATE;
    if (c->id != C_STOP) {
        p->heard = c->id;
        p->heard_end = p->last_end;
    }
}

void bt_pass_run(struct pass *p)
{
    for (size_t i = 0; i < p->n;) {
        if (p->tok[i].line && i) {
            bt_say_end(p, '.', BT_BREAK_PARAGRAPH);
            p->quote = 0;
        }
        if (is_plain(p, i)) {
            bt_say_str(p, bt_text_of(p, i), i, i + 1);
            i++;
            continue;
        }
        struct cand c = {0};
        if (p->trace)
            bt_buf_addf(p->trace, "%.*s\n", (int)p->tok[i].len, p->clean.text + p->tok[i].at);
        if (!bt_best(p, i, &c)) {
            bt_doubt_add(p, i, i + 1, "", "symbols.tsv", 0);
            p->last = C_PLAIN;
            i++;
            continue;
        }
        if (p->trace)
            bt_buf_addf(p->trace, "  = %s\n", c.cls->name);
        speak(p, i, &c);
        i += c.ntok;
    }
}

/* Set in capitals: most words with room for small letters have none. */
static bool in_capitals(const struct tokens *t)
{
    size_t upper = 0, marked = 0, words = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->tok[i].kind != T_WORD || t->tok[i].letters < 2)
            continue;
        words++;
        upper += (t->tok[i].flags & S_UPPER) != 0;
        marked += t->tok[i].flags & S_UPPER && t->tok[i].flags & S_MARKED;
    }
    return words >= 3 && upper * 10 >= words * 8 && marked;
}

void bt_read_traced(const struct bt_lang *l, const struct bt_style *style, struct bt_arena *a,
                    struct bt_str written, enum bt_break last, struct bt_buf *trace,
                    struct bt_reading *out)
{
    static const struct bt_style north;
    struct tokens t = {0};
    struct bt_arena *scratch = bt_arena_create();
    struct pass p = {
        .l = l, .style = style ? style : &north, .a = scratch, .written = written, .trace = trace};
    bt_clean(written, &p.clean);
    bt_tokens(scratch, &l->letters, p.clean.text, p.clean.n, &t);
    bt_cues_mark(l, &t);
    p.tok = t.tok;
    p.n = t.n;
    p.caps = in_capitals(&t);
    bt_pass_run(&p);
    bt_sentences(&p, last, a, out);
    bt_clean_finish(&p.clean);
    bt_arena_destroy(scratch);
}

void bt_text_read(const struct bt_lang *l, const struct bt_style *style, struct bt_arena *a,
                  struct bt_str written, enum bt_break last, struct bt_reading *out)
{
    bt_read_traced(l, style, a, written, last, NULL, out);
}
