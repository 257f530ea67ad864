/* Scores, sets and formations. Knows games; knows no dates. */
#include "text/class.h"

static bool small(const struct seq *s, int k)
{
    return s->len[k] <= 3 && s->val[k] < 200;
}

static bool is_name(const struct token *t)
{
    return t->kind == T_WORD && t->flags & S_CAP;
}

/* 2,5-1,5 at chess. */
static bool halves(struct pass *p, size_t i, struct cand *c)
{
    struct num a, b;
    if (!bt_num(p, i, &a) || a.nfp != 1 || !bt_is_dash(bt_at(p, i + 3)->sym) ||
        !bt_num(p, i + 4, &b) || b.nfp != 1 || !bt_cued(p, C_SCORE, LEFT, i))
        return false;
    c->num[0] = a;
    c->num[1] = b;
    c->form = 1;
    c->ntok = 7;
    c->score = bt_weigh(p, C_SCORE, i, i + 7);
    return true;
}

static int points_at(struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    const char *d = p->clean.text + t->at;
    if (t->kind != T_NUM || t->len > 2)
        return -1;
    return t->len == 1 ? d[0] - '0' : (d[0] - '0') * 10 + d[1] - '0';
}

/* 6/4, 7/6 at tennis; 25/19 at volleyball, 21/18, 15/12 and 11/7 at other games, or two more. */
static bool is_won(int most, int least)
{
    bool tennis = (most == 6 && least <= 4) || (most == 7 && (least == 5 || least == 6));
    bool rally = most == 11 || most == 15 || most == 21 || most == 25;
    return tennis || (rally && least <= most - 2) || (most > 11 && most - least == 2);
}

static bool is_set(struct pass *p, size_t i)
{
    int x = points_at(p, i), y = points_at(p, i + 2);
    if (x < 0 || y < 0 || !bt_glued_sym(p, i + 1, '/') || !bt_glued(p, i + 2, T_NUM) ||
        bt_glued_sym(p, i + 3, '/'))
        return false;
    return is_won(x > y ? x : y, x > y ? y : x);
}

/* Where the next set stands after that at i, or 0. */
static size_t next_set(struct pass *p, size_t i)
{
    size_t k = i + 3;
    if (bt_sym(p, k, '(') && bt_at(p, k + 1)->kind == T_NUM) /* the tie-break */
        k += bt_sym(p, k + 2, ')') ? 3 : 5;
    k += bt_sym(p, k, ',') || bt_sym(p, k, ';') || bt_word_is(p, k, "và");
    return is_set(p, k) ? k : 0;
}

static bool tie_break(struct pass *p, size_t i)
{
    return i && bt_sym(p, i - 1, '(') && bt_glued_sym(p, i + 1, '/') && bt_glued(p, i + 2, T_NUM) &&
           bt_sym(p, i + 3, ')') && p->heard == C_SCORE && p->heard_end + 2 > i;
}

static bool sets(struct pass *p, size_t i, struct cand *c)
{
    c->ntok = 3;
    c->score = 150;
    if (tie_break(p, i))
        return true;
    if (!is_set(p, i) || bt_word_is(p, i - 1, "ngày") || bt_word_is(p, i - 1, "chiến"))
        return false;
    bool again = p->heard == C_SCORE && p->heard_end + 4 > i;
    bool part = bt_sym(p, i - 1, ':') && bt_at(p, i - 2)->kind == T_NUM &&
                (bt_word_is(p, i - 3, "hiệp") || bt_word_is(p, i - 3, "ván") ||
                 bt_word_is(p, i - 3, "set")); /* hiệp 1: 25/21 */
    bool one = bt_at(p, i)->len == 1;
    bool set = bt_word_is(p, i - 1, "set") || bt_word_is(p, i - 1, "séc") ||
               bt_word_is(p, i - 1, "số") || bt_word_is(p, i - 2, "set");
    bool in_set = bt_word_is(p, i + 3, "ở") || bt_word_is(p, i + 3, "trong");
    set |= (in_set ? bt_word_is(p, i + 4, "set") : bt_word_is(p, i + 3, "set"));
    return again || part || (set && (one || bt_cued(p, C_SCORE, LEFT, i))) ||
           (next_set(p, i) && bt_cued(p, C_SCORE, LEFT, i));
}

/* Thanh Hóa – Hà Nội: 0-2, the sides named before. */
static bool after_sides(struct pass *p, size_t i)
{
    if (i < 4 || !bt_sym(p, i - 1, ':'))
        return false;
    size_t k = i - 2;
    while (k && is_name(bt_at(p, k)) && i - k < 10)
        k--;
    return k && k < i - 2 && bt_is_dash(bt_at(p, k)->sym) && is_name(bt_at(p, k - 1));
}

/* 3-4-3, 4-2-3-1: ten players. */
static bool is_formation(const struct seq *s, int n)
{
    uint32_t players = 0;
    for (int k = 0; k < n; k++)
        players += s->len[k] == 1 && s->val[k] ? s->val[k] : 99;
    return (n == 3 || n == 4) && players == 10 && s->sep[0] == '-';
}

/* 2-1, 3:0; 4-2-3-1; 1-0-2: the numbers, one after another. */
bool bt_score_find(struct pass *p, size_t i, struct cand *c)
{
    if (halves(p, i, c) || sets(p, i, c))
        return true;
    const struct seq *s = bt_seq(p, i);
    int n = 1;
    while (n < s->n && s->sep[n - 1] == s->sep[0] && small(s, n))
        n++;
    if (n < 2 || !small(s, 0) || !strchr("-:", s->sep[0]) || (s->sep[0] == ':' && n > 2))
        return false;
    if (n < s->n && !strchr(",", s->sep[n - 1]) && !s->spaced[n - 1])
        return false;
    c->ntok = (uint32_t)(s->tok[n - 1] + 1 - i);
    c->score = bt_weigh(p, C_SCORE, i, i + c->ntok);
    bool names = !bt_cued(p, C_RANGE, LEFT, i) && is_name(bt_at(p, i - 1)) &&
                 is_name(bt_at(p, i + c->ntok)) && i;
    bool again = p->heard == C_SCORE && p->heard_end + 1 == i;
    c->score += (names ? 65 : 0) + (n > 2 ? 40 : 0) + (again ? 60 : 0) - (s->spaced[0] ? 5 : 0);
    c->score += is_formation(s, n) ? 80 : 0;
    bool ends = bt_at(p, i + c->ntok)->kind != T_WORD; /* no two or three of something */
    c->score += n == 2 && ends && after_sides(p, i) ? 60 : 0;
    c->v[0] = n == 2 && bt_glued_sym(p, i + 3, '(') && bt_glued(p, i + 4, T_NUM) &&
              bt_sym(p, i + 5, ')') && s->val[0] + s->val[1] == 13; /* 7-6(4) */
    c->ntok += c->v[0] ? 3 : 0;
    if (n == 2 && s->val[0] >= s->val[1])
        c->score += 15;
    return true;
}

void bt_score_say(struct pass *p, size_t i, const struct cand *c)
{
    if (c->form) {
        bt_say_num(p, &c->num[0], "phẩy", i, i + 3);
        bt_say_num(p, &c->num[1], "phẩy", i + 4, i + 7);
        return;
    }
    for (size_t k = i; k < i + c->ntok; k++) {
        const struct token *t = bt_at(p, k);
        if (t->kind == T_NUM)
            bt_say_int(p, p->clean.text + t->at, t->len, k, k + 1);
        else if (c->v[0] && k > i + 1)
            bt_say_mark(p, ',');
    }
}
