/*
 * Numbers as they are written: grouping and decimals, sequences with separators; the classes
 * cardinal, ordinal, range, digits, fraction, ratio, version, minus. Knows no dates and no units.
 */
#include "text/class.h"

/* ---- reading digits ------------------------------------------------------------------------ */

static bool glued_num(const struct pass *p, size_t i)
{
    return bt_glued(p, i, T_NUM);
}

static uint64_t value_of(const char *d, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n && v < UINT64_MAX / 100; i++)
        v = v * 10 + (uint64_t)(d[i] - '0');
    return v;
}

/* How many groups of three follow token i, each after `sep` (' ': a space). */
static size_t groups(const struct pass *p, size_t i, char sep)
{
    size_t n = 0, stride = sep == ' ' ? 1 : 2;
    for (size_t k = i + 1; n < 8; k += stride, n++) {
        const struct token *num = bt_at(p, k + stride - 1);
        bool joined =
            sep == ' ' ? num->space && !num->line : bt_glued_sym(p, k, sep) && !num->space;
        if (!joined || num->kind != T_NUM || num->len != 3)
            break;
    }
    return n;
}

static void join_groups(struct pass *p, size_t i, size_t n, size_t stride, struct num *out)
{
    size_t len = bt_at(p, i)->len;
    char *d = bt_alloc(p->a, len + n * 3 + 1);
    memcpy(d, p->clean.text + bt_at(p, i)->at, len);
    for (size_t k = 1; k <= n; k++)
        memcpy(d + len + (k - 1) * 3, p->clean.text + bt_at(p, i + k * stride)->at, 3);
    *out = (struct num){.ip = d,
                        .nip = (uint32_t)(len + n * 3),
                        .grouped = true,
                        .ntok = (uint32_t)(1 + n * stride)};
}

static bool fraction_at(const struct pass *p, size_t i, char sep, struct num *out)
{
    const struct token *f = bt_at(p, i + 1);
    if (!bt_glued_sym(p, i, sep) || !glued_num(p, i + 1))
        return false;
    if (bt_glued_sym(p, i + 2, sep) && glued_num(p, i + 3))
        return false; /* 1,2,3 is a list, 1.2.3 a version */
    out->fp = p->clean.text + f->at;
    out->nfp = f->len;
    out->dot = sep == '.';
    out->ntok += 2;
    return true;
}

static bool ends_in_zero(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    return p->clean.text[t->at + t->len - 1] == '0';
}

/* 14.862° Bắc is a place on the map; 1.200 °C is hot. */
static bool is_degrees(const struct pass *p, size_t i)
{
    return bt_sym(p, i, 0xB0) && !bt_word_is(p, i + 1, "c") && !bt_word_is(p, i + 1, "f");
}

static bool grouped_num(struct pass *p, size_t i, struct num *out)
{
    const struct token *t = bt_at(p, i);
    if (t->len > 3 || (t->len > 1 && p->clean.text[t->at] == '0') || p->clean.text[t->at] == '0')
        return false;
    if (groups(p, i, '.') == 1 && is_degrees(p, i + 3))
        return false;
    size_t dots = groups(p, i, '.'), commas = groups(p, i, ','), spaces = groups(p, i, ' ');
    if (dots) {
        join_groups(p, i, dots, 2, out);
        fraction_at(p, i + 1 + 2 * dots, ',', out);
        return true;
    }
    size_t end = i + 1 + 2 * commas;
    bool english = commas > 1 || (commas && bt_glued_sym(p, end, '.') && glued_num(p, end + 1)) ||
                   (commas && ends_in_zero(p, end - 1));
    if (english) {
        join_groups(p, i, commas, 2, out);
        fraction_at(p, end, '.', out);
        return true;
    }
    if (spaces && !commas) {
        join_groups(p, i, spaces, 1, out);
        fraction_at(p, i + 1 + spaces, ',', out);
        return true;
    }
    return false;
}

bool bt_num(struct pass *p, size_t i, struct num *n)
{
    const struct token *t = bt_at(p, i);
    if (t->kind != T_NUM)
        return false;
    if (!grouped_num(p, i, n)) {
        *n = (struct num){.ip = p->clean.text + t->at, .nip = t->len, .ntok = 1};
        if (!fraction_at(p, i + 1, ',', n))
            fraction_at(p, i + 1, '.', n);
    }
    n->value = value_of(n->ip, n->nip);
    return true;
}

/* ---- sequences ----------------------------------------------------------------------------- */

static char separator(const struct pass *p, size_t i, bool *wide)
{
    const struct token *s = bt_at(p, i), *after = bt_at(p, i + 1);
    *wide = s->space && after->space;
    if (s->kind != T_SYM || after->kind != T_NUM || s->space != after->space || after->line)
        return 0;
    if (bt_is_dash(s->sym))
        return '-';
    return s->sym < 0x80 && !*wide && strchr("/.:,", (char)s->sym) ? (char)s->sym : 0;
}

static void seq_number(const struct pass *p, struct seq *s, size_t i)
{
    const struct token *t = bt_at(p, i);
    const char *d = p->clean.text + t->at;
    s->tok[s->n] = i;
    s->val[s->n] = t->len > 9 ? UINT32_MAX : (uint32_t)value_of(d, t->len);
    s->len[s->n] = t->len;
    s->lead0[s->n] = d[0] == '0' && t->len > 1;
    s->sep[s->n] = 0;
    s->n++;
}

const struct seq *bt_seq(struct pass *p, size_t i)
{
    struct seq *s = &p->seq;
    if (s->at == i + 1)
        return s;
    *s = (struct seq){.at = i + 1};
    seq_number(p, s, i);
    while (s->n < SEQ_MAX) {
        bool wide;
        char sep = separator(p, i + 1, &wide);
        if (!sep)
            break;
        s->sep[s->n - 1] = sep;
        s->spaced[s->n - 1] = wide;
        i += 2;
        seq_number(p, s, i);
    }
    return s;
}

/* "tháng 1 2024", "9 tháng 2024": the head that was left out, where nothing is counted. */
static bool bare_year(const struct pass *p, size_t i, const struct num *n)
{
    const struct token *next = bt_at(p, i + 1);
    bool month = i >= 2 && bt_at(p, i - 1)->kind == T_NUM && bt_word_is(p, i - 2, "tháng");
    bool months = i >= 2 && bt_word_is(p, i - 1, "tháng") && bt_at(p, i - 2)->kind == T_NUM;
    return n->nip == 4 && n->value > 1900 && n->value < 2100 && (month || months) &&
           (next->kind == T_END || next->kind == T_SYM);
}

/* ---- cardinal ------------------------------------------------------------------------------ */

bool bt_cardinal_find(struct pass *p, size_t i, struct cand *c)
{
    struct num *n = &c->num[0];
    if (!bt_num(p, i, n))
        return false;
    c->ntok = n->ntok;
    c->score = bt_weigh(p, C_CARDINAL, i, i + n->ntok);
    return true;
}

static const char *point_of(struct pass *p, const struct num *n, size_t i)
{
    if (!n->dot)
        return "phẩy";
    bool zero = n->nfp == 1 && n->fp[0] == '0';
    return zero || bt_cued(p, C_VERSION, LEFT, i) ? "chấm" : "phẩy";
}

void bt_cardinal_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct num *n = &c->num[0];
    bool lot = n->dot && n->nfp > 1 && n->fp[0] != '0' && bt_cued(p, C_CODE, LEFT, i) &&
               bt_cued(p, C_VERSION, LEFT, i);               /* lô đất 3.10 */
    bool scheme = n->nip == 2 && bt_word_is(p, i - 1, "án"); /* Đề án 06 */
    bool code = (n->nip > 2 || scheme) && n->ip[0] == '0' && !n->nfp;
    if (bare_year(p, i, n))
        bt_say(p, "năm", i, i + 1);
    if (lot) {
        bt_say_int(p, n->ip, n->nip, i, i + c->ntok);
        bt_say(p, "chấm", i, i + c->ntok);
        bt_say_int(p, n->fp, n->nfp, i, i + c->ntok);
    } else if (code)
        bt_say_digits(p, n->ip, n->nip, i, i + c->ntok);
    else
        bt_say_num(p, n, point_of(p, n, i), i, i + c->ntok);
}

bool bt_ordinal_find(struct pass *p, size_t i, struct cand *c)
{
    struct num *n = &c->num[0];
    if (!bt_num(p, i, n) || n->nfp || n->grouped || !bt_cued(p, C_ORDINAL, LEFT, i))
        return false;
    if (bt_glued_sym(p, i + n->ntok, '/') && bt_glued(p, i + n->ntok + 1, T_NUM))
        return false; /* thứ 14/14 */
    if (bare_year(p, i, n) || bt_word_is(p, i + n->ntok, "sao"))
        return false; /* hạng 4 sao: four of them */
    const struct token *dash = bt_at(p, i + n->ntok);
    if (dash->kind == T_SYM && bt_is_dash(dash->sym) && !dash->space &&
        bt_glued(p, i + n->ntok + 1, T_NUM))
        return false; /* tháng 10-11 */
    c->ntok = n->ntok;
    c->score = bt_weigh(p, C_ORDINAL, i, i + n->ntok);
    return true;
}

void bt_ordinal_say(struct pass *p, size_t i, const struct cand *c)
{
    bool month = bt_word_is(p, i - 1, "tháng") || bt_word_is(p, i - 1, "quý");
    if (month)
        bt_say_month(p, c->num[0].value, i, i + c->ntok);
    else
        bt_say_ordinal(p, c->num[0].value, i, i + c->ntok);
}

/* ---- ranges -------------------------------------------------------------------------------- */

bool bt_num_less(const struct num *a, const struct num *b)
{
    if (a->value != b->value)
        return a->value < b->value;
    uint32_t n = a->nfp < b->nfp ? a->nfp : b->nfp;
    int d = n ? memcmp(a->fp, b->fp, n) : 0;
    return d < 0 || (d == 0 && a->nfp < b->nfp);
}

static bool dash_between(const struct pass *p, size_t i, bool *wide)
{
    const struct token *d = bt_at(p, i), *after = bt_at(p, i + 1);
    *wide = d->space;
    bool to = bt_is_dash(d->sym) || d->sym == 0xF7; /* 45÷60 phút, as engineers write it */
    return d->kind == T_SYM && to && d->space == after->space && !after->line;
}

bool bt_range_find(struct pass *p, size_t i, struct cand *c)
{
    bool wide;
    struct num *a = &c->num[0], *b = &c->num[1];
    if (!bt_num(p, i, a) || !dash_between(p, i + a->ntok, &wide) || !bt_num(p, i + a->ntok + 1, b))
        return false;
    c->ntok = a->ntok + 1 + b->ntok;
    if (bt_seq(p, i)->n > 2 && a->ntok == 1 && b->ntok == 1)
        return false; /* 1-0-2, 3-4-3 */
    c->score =
        bt_weigh(p, C_RANGE, i, i + c->ntok) + (bt_num_less(a, b) ? 15 : -25) - (wide ? 10 : 0);
    if (b->nip == 4 && a->nip <= 2 && !b->grouped)
        c->score -= 20; /* rather a month and its year */
    return true;
}

/* tháng 4-8, thứ 2-6: the head is said twice. */
static bool say_headed(struct pass *p, size_t i, const struct cand *c)
{
    static const char *const heads[] = {"tháng", "thứ", "quý"};
    size_t mid = i + c->num[0].ntok;
    for (size_t k = 0; k < BT_LEN(heads); k++) {
        if (!bt_word_is(p, i - 1, heads[k]) || c->num[1].value > 12)
            continue;
        bt_say_month(p, c->num[0].value, i, mid);
        bt_say(p, "đến", mid, mid + 1);
        bt_say(p, heads[k], mid + 1, i + c->ntok);
        bt_say_month(p, c->num[1].value, mid + 1, i + c->ntok);
        return true;
    }
    return false;
}

void bt_range_say(struct pass *p, size_t i, const struct cand *c)
{
    size_t mid = i + c->num[0].ntok;
    if (say_headed(p, i, c))
        return;
    bt_say_num(p, &c->num[0], "phẩy", i, mid);
    bt_say(p, "đến", mid, mid + 1);
    bt_say_num(p, &c->num[1], "phẩy", mid + 1, i + c->ntok);
}

/* ---- a/b, a:b, a-b ------------------------------------------------------------------------- */

static bool pair(struct pass *p, size_t i, char sep, struct cand *c)
{
    struct num *a = &c->num[0], *b = &c->num[1];
    if (!bt_num(p, i, a) || !bt_num(p, i + a->ntok + 1, b))
        return false;
    size_t mid = i + a->ntok;
    if (!bt_glued_sym(p, mid, sep) || bt_at(p, mid + 1)->space)
        return false;
    c->ntok = a->ntok + 1 + b->ntok;
    return true;
}

static void say_pair(struct pass *p, size_t i, const struct cand *c, const char *between)
{
    size_t mid = i + c->num[0].ntok;
    bt_say_num(p, &c->num[0], "phẩy", i, mid);
    bt_say(p, between, mid, mid + 1);
    bt_say_num(p, &c->num[1], "phẩy", mid + 1, i + c->ntok);
}

static bool beside_sum(const struct pass *p, size_t i, size_t j)
{
    return bt_sym(p, i - 1, '+') || bt_sym(p, i - 1, '=') || bt_sym(p, j, '+') || bt_sym(p, j, '=');
}

bool bt_fraction_find(struct pass *p, size_t i, struct cand *c)
{
    if (!pair(p, i, '/', c) || c->num[0].nfp || c->num[1].nfp || c->num[1].value == 0 ||
        (c->num[0].nip > 1 && c->num[0].ip[0] == '0') || bt_glued_sym(p, i + c->ntok, '/'))
        return false;
    uint64_t a = c->num[0].value, b = c->num[1].value;
    bool sum = beside_sum(p, i, i + c->ntok), whole = c->ntok == p->n;
    bool counted = a > 1 && b > 20 && b != 100 && b != 1000; /* 150/200 seats */
    c->score = (sum || whole ? 25 : 0) + bt_weigh(p, C_FRACTION, i, i + c->ntok) +
               (a < b && b <= 10   ? 10
                : a > b && b > 10  ? -45
                : counted          ? -50
                : a == b || b > 10 ? -25
                                   : -10);
    return true;
}

void bt_fraction_say(struct pass *p, size_t i, const struct cand *c)
{
    size_t mid = i + c->num[0].ntok;
    if (p->last == C_CARDINAL && p->last_end == i)
        bt_say(p, "và", i, i + 1); /* 5 1/2 */
    bt_say_int(p, c->num[0].ip, c->num[0].nip, i, mid);
    bt_say(p, "phần", mid, mid + 1);
    bt_say_month(p, c->num[1].value, mid + 1, i + c->ntok);
}

/* 12/34/5: a house in an alley of an alley, or a date that never was. */
static bool several(struct pass *p, size_t i, struct cand *c)
{
    const struct seq *s = bt_seq(p, i);
    int n = 1;
    while (n < s->n && s->sep[n - 1] == '/')
        n++;
    c->v[0] = n;
    c->ntok = (uint32_t)(s->tok[n - 1] + 1 - i);
    return n > 2;
}

bool bt_ratio_find(struct pass *p, size_t i, struct cand *c)
{
    if (several(p, i, c)) {
        c->score = bt_weigh(p, C_RATIO, i, i + c->ntok) + (bt_cued(p, C_RATIO, LEFT, i) ? 20 : -20);
        return true;
    }
    c->v[0] = 2;
    const struct seq *s = bt_seq(p, i);
    bool always =
        s->n == 2 && s->sep[0] == '/' && s->val[0] == 24 && (s->val[1] == 7 || s->val[1] == 24);
    if (!pair(p, i, '/', c) && !pair(p, i, ':', c))
        return false;
    c->score = bt_weigh(p, C_RATIO, i, i + c->ntok) + (always ? 60 : 0);
    if (bt_sym(p, i + c->num[0].ntok, ':') && bt_cued(p, C_RATIO, LEFT, i))
        c->score += 40;
    return true;
}

void bt_ratio_say(struct pass *p, size_t i, const struct cand *c)
{
    if (c->v[0] == 2) {
        say_pair(p, i, c, "trên");
        return;
    }
    for (size_t k = i; k < i + c->ntok; k += 2) {
        const struct token *t = bt_at(p, k);
        if (k > i)
            bt_say(p, "trên", k - 1, k);
        bt_say_int(p, p->clean.text + t->at, t->len, k, k + 1);
    }
}

/* TCVN 5574:2018, ISO 9001:2015: a standard and its year. */
bool bt_standard_find(struct pass *p, size_t i, struct cand *c)
{
    const struct seq *s = bt_seq(p, i);
    size_t k = i;
    while (k > 0 && i - k < 4 && bt_at(p, k - 1)->kind == T_SYM)
        k--;
    const struct token *before = bt_at(p, k - 1);
    int n = 0;
    while (n < s->n && s->sep[n] == '-')
        n++;
    bool vn = bt_str_is(bt_text_of(p, k - 1), "TCVN") || bt_str_is(bt_text_of(p, k - 1), "QCVN");
    if (vn && s->n == 2 && s->sep[0] == '-')
        n = 0; /* TCVN 9206-2012 */
    bool year = n + 1 < s->n && (s->sep[n] == ':' || (vn && s->sep[n] == '-')) &&
                s->len[n + 1] == 4 && s->val[n + 1] > 1900 && s->val[n + 1] < 2100;
    if (!year || k == 0 || !(before->flags & S_UPPER) || before->letters < 2)
        return false;
    c->ntok = (uint32_t)(s->tok[n + 1] + 1 - i);
    c->id = C_CODE;
    c->score = 120;
    return true;
}

void bt_standard_say(struct pass *p, size_t i, const struct cand *c)
{
    for (size_t k = i; k < i + c->ntok; k++) {
        const struct token *t = bt_at(p, k);
        if (t->kind == T_NUM)
            bt_say_int(p, p->clean.text + t->at, t->len, k, k + 1);
        else if (t->sym == ':' || k + 2 == i + c->ntok)
            bt_say(p, "năm", k, k + 1);
    }
}

bool bt_less_find(struct pass *p, size_t i, struct cand *c)
{
    bool sum = pair(p, i, '-', c) &&
               (bt_cued(p, C_MINUS, RIGHT, i + c->ntok) || bt_sym(p, i + c->ntok, '='));
    c->score = sum ? bt_weigh(p, C_MINUS, i, i + c->ntok) + 60 : 0;
    c->id = C_CARDINAL;
    return sum;
}

void bt_less_say(struct pass *p, size_t i, const struct cand *c)
{
    say_pair(p, i, c, "trừ");
}

/* -5, +3: a sign stands before a number and not after one. */
bool bt_minus_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i), *next = bt_at(p, i + 1);
    bool minus = bt_is_dash(t->sym), alone = i == 0 || t->space || bt_sym(p, i - 1, '(');
    if ((!minus && t->sym != '+') || next->kind != T_NUM || next->space || !alone)
        return false;
    c->form = minus ? 0 : 1;
    c->ntok = 1;
    c->score = bt_weigh(p, C_MINUS, i, i + 1);
    if (i && bt_at(p, i - 1)->kind == T_NUM && !minus)
        c->score -= 20;
    return true;
}

void bt_minus_say(struct pass *p, size_t i, const struct cand *c)
{
    if (c->form == 0 && i && bt_word_is(p, i - 1, "âm"))
        return;
    bt_say(p, c->form ? "cộng" : "âm", i, i + 1);
}

/* ---- digit by digit ------------------------------------------------------------------------ */

static bool long_or_zero(const struct token *t, const char *d)
{
    return t->len > 2 && d[0] == '0';
}

/* số BK 123456 */
static bool has_series(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i - 1);
    return i > 1 && t->kind == T_WORD && t->letters == 2 && t->flags & S_UPPER &&
           bt_word_is(p, i - 2, "số");
}

/* "soạn tin … gửi 1409" */
static bool is_sent_to(const struct pass *p, size_t i, size_t end)
{
    if (end != i + 1 || bt_at(p, i)->len > 5 || !bt_word_is(p, i - 1, "gửi"))
        return false;
    for (size_t k = i - 1; k > 1 && i - k < 12; k--)
        if (bt_word_is(p, k - 1, "soạn") || bt_word_is(p, k - 1, "nhắn") ||
            (bt_word_is(p, k - 1, "pháp") && bt_word_is(p, k - 2, "cú")))
            return true;
    return false;
}

/* 07 in C2-07, 05 in */
static bool ends_code(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i), *sign = bt_at(p, i - 1);
    return i > 1 && t->len == 2 && p->clean.text[t->at] == '0' && !t->space && !sign->space &&
           (bt_is_dash(sign->sym) || sign->sym == '.') && p->heard == C_CODE &&
           p->heard_end + 1 == i;
}

/* A telephone or account number, an identity: digits with dots, dashes or spaces between. */
bool bt_digits_find(struct pass *p, size_t i, struct cand *c)
{
    if (ends_code(p, i)) {
        c->ntok = 1;
        c->score = 120;
        return true;
    }
    size_t k = i, digits = 0;
    while (bt_at(p, k)->kind == T_NUM && digits < 40) {
        digits += bt_at(p, k++)->len;
        const struct token *s = bt_at(p, k), *next = bt_at(p, k + 1);
        if (s->kind == T_NUM && !s->line)
            continue;
        bool joins = s->kind == T_SYM && (s->sym == '.' || s->sym == '-') && next->kind == T_NUM &&
                     !s->space && !next->space;
        if (!joins)
            break;
        k++;
    }
    const struct token *t = bt_at(p, i);
    bool zero = long_or_zero(t, p->clean.text + t->at) && (t->len > 3 || digits >= 9);
    bool help = t->len == 3 && !memcmp(p->clean.text + t->at, "11", 2) && k == i + 1 &&
                bt_cued(p, C_DIGITS, LEFT, i);
    bool near = help || bt_cued(p, C_PHONE, LEFT, i) || is_sent_to(p, i, k) ||
                (t->len > 4 && k == i + 1 && (bt_cued(p, C_SERIAL, LEFT, i) || has_series(p, i))),
         far = digits >= 8 && bt_cued(p, C_DIGITS, LEFT, i);
    uint32_t unit;
    bool counted = bt_unit_at(p, k, &unit) || bt_word_is(p, k, "triệu") || bt_word_is(p, k, "đồng");
    if (digits < 7 && !zero && bt_num(p, i, &c->num[0]) && c->num[0].grouped)
        return false; /* "tổng đài nhận 1.234 cuộc gọi" */
    if (bt_glued_sym(p, k, ',') && bt_glued(p, k + 1, T_NUM))
        return false; /* "di động đạt 148,6 Mbps": a decimal */
    if (digits < 3 || (!zero && !near && !far) || (counted && !zero))
        return false;
    c->ntok = (uint32_t)(k - i);
    c->score = bt_weigh(p, C_DIGITS, i, k) + (zero ? 30 : 0);
    return true;
}

void bt_digits_say(struct pass *p, size_t i, const struct cand *c)
{
    for (size_t k = i; k < i + c->ntok; k++) {
        const struct token *t = bt_at(p, k);
        if (t->kind == T_NUM)
            bt_say_digits(p, p->clean.text + t->at, t->len, k, k + 1);
    }
}

/* 1.2.3, 10.0.0.1 */
bool bt_version_find(struct pass *p, size_t i, struct cand *c)
{
    const struct seq *s = bt_seq(p, i);
    int n = 1;
    while (n < s->n && s->sep[n - 1] == '.')
        n++;
    if (n < 2 || (n == 2 && !bt_cued(p, C_VERSION, LEFT, i)) ||
        (bt_num(p, i, &c->num[0]) && c->num[0].ntok >= s->tok[n - 1] + 1 - i))
        return false;
    c->ntok = (uint32_t)(s->tok[n - 1] + 1 - i);
    c->score = bt_weigh(p, C_VERSION, i, i + c->ntok);
    return true;
}

void bt_version_say(struct pass *p, size_t i, const struct cand *c)
{
    for (size_t k = i; k < i + c->ntok; k += 2) {
        const struct token *t = bt_at(p, k);
        if (k > i)
            bt_say(p, "chấm", k - 1, k);
        bt_say_int(p, p->clean.text + t->at, t->len, k, k + 1);
    }
}
