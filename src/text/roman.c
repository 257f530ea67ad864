/*
 * Roman numerals: after their cues, after another numeral, in a heading, after a ruler's name. A
 * small one only where no Vietnamese word and no unit is spelt so.
 */
#include "text/class.h"

static unsigned digit(char c)
{
    static const struct {
        char c;
        unsigned v;
    } table[] = {{'I', 1}, {'V', 5}, {'X', 10}, {'L', 50}, {'C', 100}, {'D', 500}, {'M', 1000}};
    for (size_t i = 0; i < BT_LEN(table); i++)
        if (table[i].c == c)
            return table[i].v;
    return 0;
}

static void write_roman(unsigned v, char *out)
{
    static const struct {
        unsigned v;
        const char *s;
    } parts[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
                 {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
                 {5, "V"},    {4, "IV"},   {1, "I"}};
    *out = '\0';
    for (size_t i = 0; i < BT_LEN(parts); i++)
        for (; v >= parts[i].v; v -= parts[i].v)
            out = stpcpy(out, parts[i].s);
}

unsigned bt_roman(struct bt_str s)
{
    unsigned v = 0;
    char up[16] = "", again[24];
    if (s.n == 0 || s.n >= sizeof(up))
        return 0;
    for (size_t i = 0; i < s.n; i++)
        up[i] = (char)(s.p[i] >= 'a' && s.p[i] <= 'z' ? s.p[i] - 32 : s.p[i]);
    for (size_t i = 0; i < s.n; i++) {
        unsigned d = digit(up[i]), next = i + 1 < s.n ? digit(up[i + 1]) : 0;
        if (!d)
            return 0;
        v += d < next ? (unsigned)-(int)d : d;
    }
    if (v == 0 || v > 3999)
        return 0;
    write_roman(v, again);
    return strcmp(again, up) == 0 ? v : 0;
}

/* "II.", "IV)" at a line's beginning. */
static bool heads_line(struct pass *p, size_t i)
{
    bool first = i == 0 || bt_at(p, i)->line;
    const struct token *dot = bt_at(p, i + 1);
    return first && dot->kind == T_SYM && (dot->sym == '.' || dot->sym == ')' || dot->sym == ':') &&
           bt_at(p, i + 2)->space && bt_at(p, i + 2)->kind != T_END;
}

static bool is_upper_roman(struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    bool letter = t->len == 1 && strchr("LCDM", p->clean.text[t->at]);
    return t->kind == T_WORD && t->flags & S_UPPER && t->len < 16 && !letter &&
           bt_roman(bt_text_of(p, i));
}

static bool follows_roman(struct pass *p, size_t i)
{
    bool after = ((p->heard == C_ROMAN || p->heard == C_PLAIN) && i >= 2) || p->last == C_RANGE;
    return after && i >= 2 && is_upper_roman(p, i - 2) &&
           (bt_word_is(p, i - 1, "và") || bt_word_is(p, i - 1, "đến") ||
            (bt_at(p, i - 1)->kind == T_SYM &&
             (bt_sym(p, i - 1, ',') || bt_sym(p, i - 1, '/') || bt_is_dash(bt_at(p, i - 1)->sym))));
}

/* RON 95-III, 0,05S-II */
static bool follows_grade(struct pass *p, size_t i)
{
    if (i < 2 || bt_at(p, i)->space || !bt_sym(p, i - 1, '-'))
        return false;
    bool sulphur = bt_str_is(bt_text_of(p, i - 2), "S") && !bt_at(p, i - 2)->space &&
                   bt_at(p, i - 3)->kind == T_NUM;
    return (bt_at(p, i)->len > 1 && bt_at(p, i - 2)->kind == T_NUM) || sulphur;
}

static bool follows_name(struct pass *p, size_t i)
{
    const struct token *b = bt_before(p, i);
    bool name = b && b->flags & S_CAP && (!(b->flags & S_UPPER) || b->letters > 2);
    struct bt_str s = bt_text_of(p, i);
    for (size_t k = 0; k < s.n; k++)
        name &= strchr("IVX", s.p[k]) != NULL; /* not MV, DC */
    return name && s.n > 1;
}

static bool small_fits(const struct token *t, struct bt_str s)
{
    if (t->flags & S_VIET || t->len < 2)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("ivx", s.p[i]))
            return s.n >= 4;
    return true;
}

/* CX-05, MD-11: letters before a number, that spell a numeral by chance. */
static bool is_code(struct pass *p, size_t i)
{
    struct bt_str s = bt_text_of(p, i);
    bool rare = false;
    for (size_t k = 0; k < s.n; k++)
        rare |= strchr("LCDM", s.p[k]) != NULL;
    return rare && bt_glued_sym(p, i + 1, '-') && bt_glued(p, i + 2, T_NUM) &&
           bt_at(p, i + 2)->len != 4;
}

/* V-League, X-quang: a letter and its word. */
static bool begins_word(struct pass *p, size_t i)
{
    return (bt_glued_sym(p, i + 1, '-') || bt_glued_sym(p, i + 1, '.')) &&
           bt_glued(p, i + 2, T_WORD) && !(bt_at(p, i + 2)->flags & S_UPPER);
}

bool bt_roman_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i), *next = bt_at(p, i + 1);
    struct bt_str s = bt_text_of(p, i);
    bool upper = t->flags & S_UPPER;
    unsigned v = t->len < 16 ? bt_roman(s) : 0;
    if (!t->space && bt_at(p, i - 1)->kind == T_NUM)
        return false; /* 220V */
    if (t->len == 1 && strchr("LCDMlcdm", s.p[0]))
        return false; /* rather a letter */
    if (!v || (!upper && !small_fits(t, s)) || (!next->space && next->kind == T_WORD) ||
        (!next->space && next->kind == T_NUM))
        return false;
    if (is_code(p, i) || begins_word(p, i))
        return false;
    bool cued = bt_cued(p, C_ROMAN, LEFT, i), whole = p->n == 1 && t->len > 1;
    bool other = heads_line(p, i) || follows_roman(p, i) || follows_name(p, i) ||
                 follows_grade(p, i) || whole;
    if (!cued && (!upper || !other))
        return false;
    const struct token *sign = bt_at(p, i + 1), *year = bt_at(p, i + 2);
    bool dated = sign->kind == T_SYM && !sign->space && sign->sym < 0x80 &&
                 strchr("/-.", (char)sign->sym) && bt_glued(p, i + 2, T_NUM) && year->len == 4;
    c->v[0] = (int)v;
    c->v[1] = dated;
    c->ntok = dated ? 3 : 1;
    c->form = i && (bt_word_is(p, i - 1, "thứ") || bt_word_is(p, i - 1, "hạng"));
    c->score = bt_weigh(p, C_ROMAN, i, i + 1) + (cued ? 0 : 30);
    return true;
}

void bt_roman_say(struct pass *p, size_t i, const struct cand *c)
{
    if (c->form)
        bt_say_ordinal(p, (uint64_t)c->v[0], i, i + 1);
    else
        bt_say_value(p, (uint64_t)c->v[0], i, i + 1);
    if (!c->v[1])
        return;
    bt_say(p, "năm", i + 1, i + 2);
    bt_say_int(p, p->clean.text + bt_at(p, i + 2)->at, 4, i + 2, i + 3);
}
