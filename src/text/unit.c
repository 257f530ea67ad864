/*
 * What stands beside a number: units simple and compound, money before and after, shorthand (1tr5,
 * 10k), mixed measures (1m75), "đến" between quantities, × and "per". The words are in units.tsv.
 */
#include "text/class.h"

static bool numeric(int cls)
{
    static const bool yes[C_COUNT] = {
        [C_CARDINAL] = true, [C_RANGE] = true, [C_FRACTION] = true, [C_SHORT] = true,
        [C_RATIO] = true,    [C_SCORE] = true, [C_DATE] = false};
    return yes[cls];
}

/* "tỷ lệ": a ratio, no thousand million. */
static bool is_ratio_word(struct pass *p, size_t i)
{
    static const char *const after[] = {"lệ", "số", "giá", "trọng", "suất"};
    for (size_t k = 0; k < BT_LEN(after); k++)
        if (bt_word_is(p, i + 1, after[k]))
            return bt_word_is(p, i, "tỷ") || bt_word_is(p, i, "tỉ");
    return false;
}

static bool is_scale(struct pass *p, size_t i)
{
    if (is_ratio_word(p, i))
        return false;
    static const char *const scale[] = {"nghìn", "ngàn", "triệu", "tỷ",  "tỉ", "trăm",
                                        "chục",  "vạn",  "mươi",  "nửa", "vài"};
    for (size_t k = 0; k < BT_LEN(scale); k++)
        if (bt_word_is(p, i, scale[k]))
            return true;
    return false;
}

/* A number ends right before token i. */
static bool after_number(struct pass *p, size_t i)
{
    if (i == 0)
        return false;
    return (numeric(p->last) && p->last_end == i) || (bt_at(p, i)->space && is_scale(p, i - 1));
}

/* The longest unit at token i: "m2", "km", "mmHg", "°C". */
const struct word_row *bt_unit_at(struct pass *p, size_t i, uint32_t *ntok)
{
    const struct word_row *found = NULL;
    const struct token *t = bt_at(p, i);
    for (uint32_t n = 1; n <= 3; n++) {
        const struct token *last = bt_at(p, i + n - 1);
        if (last->kind == T_END || (n > 1 && last->space))
            break;
        struct bt_str key = {p->clean.text + t->at, last->at + last->len - t->at};
        const struct word_row *u = bt_words_find(&p->l->units, key);
        if (!u && key.n < 16 && key.n > 1)
            u = bt_words_find_low(p->a, &p->l->units, key);
        const struct token *next = bt_at(p, i + n);
        bool split = last->kind == T_WORD && next->kind == T_WORD && !next->space;
        if (u && !split) {
            found = u;
            *ntok = n;
        }
    }
    return found;
}

/* 65", and 10" in a race; the quotation mark of "Top 10" is neither. */
static bool closes_quotation(const struct pass *p, size_t i)
{
    return bt_at(p, i)->space || (p->quote && p->quote == bt_at(p, i)->sym);
}

bool bt_unit_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i);
    bool after = after_number(p, i), word = t->kind == T_WORD;
    bool three = word && t->len == 3 && t->flags & S_UPPER;
    bool after_currency = word && bt_word_is(p, i - 1, "đồng");
    if (!after && !three && !after_currency)
        return false;
    const struct word_row *u = bt_unit_at(p, i, &c->ntok);
    bool inches = bt_sym(p, i, '"') || (bt_sym(p, i, '\'') && c->ntok > 1);
    if (!u || (inches && closes_quotation(p, i)))
        return false;
    bool money = bt_str_is(u->kind, "money"), code = money && three && c->ntok == 1;
    bool joined = bt_glued_sym(p, i + c->ntok, '.') || bt_glued_sym(p, i + c->ntok, '-');
    bool name = word && joined && bt_glued(p, i + c->ntok + 1, T_WORD) &&
                bt_at(p, i + c->ntok + 1)->flags & S_CAP; /* vòng 12 V.League */
    if ((!after && !code && !(after_currency && money)) || name || bt_is_share(p, i))
        return false;
    c->ref = u;
    c->form = money;
    c->id = money ? C_MONEY : C_UNIT;
    c->score = bt_weigh(p, c->id, i, i + c->ntok);
    const struct token *next = bt_at(p, i + c->ntok);
    if (word && ((next->kind == T_NUM && !next->space) || (code && !after && !after_currency)))
        c->score -= 40; /* "3.000 HKD" are dollars, "các HKD" firms */
    return true;
}

/* "phút 23', 67'": the head has said it. */
static bool minutes_said(const struct pass *p, size_t i)
{
    for (size_t k = i; k > 0 && i - k < 12; k--) {
        const struct token *t = bt_at(p, k - 1);
        if (bt_word_is(p, k - 1, "phút"))
            return true;
        bool listed = t->kind == T_NUM || bt_word_is(p, k - 1, "và") ||
                      (t->kind == T_SYM && t->sym < 0x80 && strchr("',+", (char)t->sym));
        if (!listed)
            return false;
    }
    return false;
}

/* "(9đ)" in a table of results: nothing costs nine đồng. */
static bool is_points(struct pass *p, size_t i)
{
    const struct token *n = bt_at(p, i - 1);
    return i > 1 && bt_str_is(bt_text_of(p, i), "đ") && !bt_at(p, i)->space && n->kind == T_NUM &&
           n->len <= 2 && p->clean.text[n->at] != '0' && bt_sym(p, i - 2, '(');
}

void bt_unit_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct word_row *u = c->ref;
    bool lasts = bt_sym(p, i, '"') && bt_cued(p, C_DURATION, LEFT, i);
    struct bt_str s = is_points(p, i) ? BT_STR("điểm") : lasts ? BT_STR("giây") : u->spoken;
    if (bt_sym(p, i, '\'') && minutes_said(p, i))
        return;
    bool twice = i && bt_word_is(p, i - 1, "đồng") && bt_str_starts(s, BT_STR("đồng "));
    if (twice)
        s = (struct bt_str){s.p + strlen("đồng "), s.n - strlen("đồng ")};
    if (!(i && bt_str_is(s, "đồng") && bt_word_is(p, i - 1, "đồng")))
        bt_say_str(p, s, i, i + c->ntok);
}

/* ---- money before its number ---------------------------------------------------------------- */

bool bt_prefix_find(struct pass *p, size_t i, struct cand *c)
{
    uint32_t n;
    bool small = bt_at(p, i)->kind == T_WORD && !(bt_at(p, i)->flags & S_UPPER);
    const struct word_row *u = small || after_number(p, i) ? NULL : bt_unit_at(p, i, &n);
    if (!u || !bt_str_is(u->kind, "money") || !bt_num(p, i + n, &c->num[0]))
        return false;
    const struct token *num = bt_at(p, i + n);
    if (num->space && bt_at(p, i)->kind == T_SYM)
        return false;
    c->ref = u;
    c->v[0] = (int)n;
    c->ntok = n + c->num[0].ntok;
    while (c->v[1] < 2 && is_scale(p, i + c->ntok)) { /* nghìn tỷ */
        c->v[1]++;
        c->ntok++;
    }
    c->id = C_MONEY;
    c->score = bt_weigh(p, C_MONEY, i, i + c->ntok);
    return true;
}

void bt_prefix_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct word_row *u = c->ref;
    size_t num = i + (size_t)c->v[0], end = num + c->num[0].ntok;
    bt_say_num(p, &c->num[0], "phẩy", num, end);
    for (size_t k = end; k < i + c->ntok; k++)
        bt_say_str(p, bt_text_of(p, k), k, k + 1);
    bt_say_str(p, u->spoken, i, num);
}

/* ---- 1tr5, 10k, 5M -------------------------------------------------------------------------- */

static const struct {
    const char *written, *spoken, *rest; /* rest: what the digit after it counts */
    bool exact;
} shorts[] = {{"tr", "triệu", "trăm nghìn", false}, {"k", "nghìn", "trăm", false},
              {"tỷ", "tỷ", "trăm triệu", false},    {"tỉ", "tỉ", "trăm triệu", false},
              {"t", "tỷ", "trăm triệu", false},     {"triệu", "triệu", "trăm nghìn", false},
              {"nghìn", "nghìn", "trăm", false},    {"M", "triệu", "trăm nghìn", true},
              {"B", "tỷ", "trăm triệu", true}};

static int short_at(struct pass *p, size_t i)
{
    if (!bt_glued(p, i, T_WORD))
        return -1;
    for (size_t k = 0; k < BT_LEN(shorts); k++)
        if (shorts[k].exact ? bt_str_is(bt_text_of(p, i), shorts[k].written)
                            : bt_word_is(p, i, shorts[k].written))
            return (int)k;
    return -1;
}

bool bt_short_find(struct pass *p, size_t i, struct cand *c)
{
    if (!bt_num(p, i, &c->num[0]))
        return false;
    size_t k = i + c->num[0].ntok;
    c->form = short_at(p, k);
    if (c->form < 0)
        return false;
    bool tail = bt_glued(p, k + 1, T_NUM) && bt_at(p, k + 1)->len <= 3;
    if (bt_word_is(p, k, "t") && (!tail || bt_at(p, k)->flags & S_UPPER))
        return false; /* 5t: tonnes; 2t3: no tonnes are written so; 12T3: a house */
    const struct token *next = bt_at(p, k + 1 + tail);
    if (next->kind == T_WORD && !next->space)
        return false;
    c->v[0] = tail;
    c->ntok = c->num[0].ntok + 1 + tail;
    c->score = bt_weigh(p, C_SHORT, i, i + c->ntok);
    bool size =
        bt_str_is(bt_text_of(p, k), "K") && c->num[0].value < 25 && !bt_cued(p, C_SHORT, LEFT, i);
    if (size && !bt_cued(p, C_SHORT, RIGHT, k)) /* 4K */
        return false;
    if (shorts[c->form].exact && !bt_cued(p, C_SHORT, LEFT, i) && !bt_cued(p, C_SHORT, RIGHT, k))
        c->score -= 60;
    return true;
}

void bt_short_say(struct pass *p, size_t i, const struct cand *c)
{
    size_t k = i + c->num[0].ntok;
    bt_say_num(p, &c->num[0], "phẩy", i, k);
    bt_say(p, shorts[c->form].spoken, k, k + 1);
    if (!c->v[0])
        return;
    const struct token *t = bt_at(p, k + 1);
    bt_say_int(p, p->clean.text + t->at, t->len, k + 1, k + 2);
    const char *rest = shorts[c->form].rest;
    if (t->len == 1)
        bt_say(p, rest, k + 1, k + 2);
    else if (t->len == 3 && strchr(rest, ' '))
        bt_say(p, strchr(rest, ' ') + 1, k + 1, k + 2);
    else if (t->len == 2 && strchr(rest, ' '))
        bt_say(p, strchr(rest, ' ') + 1, k + 1, k + 2);
}

/* ---- 1m75, 1kg2 ----------------------------------------------------------------------------- */

bool bt_mixed_find(struct pass *p, size_t i, struct cand *c)
{
    uint32_t n;
    const struct token *t = bt_at(p, i);
    if (t->kind != T_NUM || t->len > 3 || !bt_glued(p, i + 1, T_WORD) ||
        !bt_glued(p, i + 2, T_NUM) || bt_at(p, i + 2)->len > 2)
        return false;
    const struct word_row *u = bt_words_find(&p->l->units, bt_text_of(p, i + 1));
    const struct token *next = bt_at(p, i + 3);
    bool square = bt_unit_at(p, i + 1, &n) && n > 1;
    if (!u || !bt_str_is(u->kind, "mixed") || (next->kind == T_WORD && !next->space))
        return false;
    c->ref = u;
    c->ntok = 3;
    c->score = bt_weigh(p, C_UNIT, i, i + 3);
    bool tall =
        bt_word_is(p, i - 1, "cao") || bt_word_is(p, i - 1, "dài") || bt_word_is(p, i - 1, "sâu");
    if (square && (t->len > 1 || !tall))
        return false; /* 5m2: square metres */
    return true;
}

void bt_mixed_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct word_row *u = c->ref;
    const struct token *t = bt_at(p, i), *rest = bt_at(p, i + 2);
    bt_say_int(p, p->clean.text + t->at, t->len, i, i + 1);
    bt_say_str(p, u->spoken, i + 1, i + 2);
    bt_say_int(p, p->clean.text + rest->at, rest->len, i + 2, i + 3);
}

/* ---- between quantities --------------------------------------------------------------------- */

static bool quantity(int cls)
{
    return numeric(cls) || cls == C_UNIT || cls == C_MONEY || cls == C_TIME || cls == C_DATE ||
           cls == C_MONTH || cls == C_DURATION || cls == C_SYMBOL || cls == C_WEEKDAY ||
           cls == C_ROMAN || cls == C_ROAD;
}

static bool is_time_word(const struct pass *p, size_t i)
{
    static const char *const words[] = {"giờ", "phút", "ngày", "tuần", "tháng", "năm", "tuổi"};
    for (size_t k = 0; k < BT_LEN(words); k++)
        if (bt_word_is(p, i, words[k]))
            return true;
    return false;
}

/* "19 giờ - 21 giờ", "5 triệu - 7 triệu". */
static bool same_word_around(struct pass *p, size_t i)
{
    const struct token *a = bt_at(p, i - 1), *b = bt_at(p, i + 2);
    bool same = a->hash == b->hash || (is_time_word(p, i - 1) && is_time_word(p, i + 2)) ||
                (is_scale(p, i - 1) && is_scale(p, i + 2));
    return i >= 2 && a->kind == T_WORD && b->kind == T_WORD && same &&
           bt_at(p, i - 2)->kind == T_NUM && bt_at(p, i + 1)->kind == T_NUM;
}

/* "lô A12-A14", "T2-T6": the same letters before two numbers, the first the smaller. */
static bool codes_around(struct pass *p, size_t i)
{
    struct num a, b;
    bool code = i >= 2 && bt_at(p, i - 2)->kind == T_WORD && bt_at(p, i - 1)->kind == T_NUM &&
                bt_at(p, i - 2)->hash == bt_at(p, i + 1)->hash && bt_glued(p, i - 1, T_NUM) &&
                bt_glued(p, i + 2, T_NUM) && bt_at(p, i - 2)->flags & S_UPPER;
    bool vitamin = i >= 3 && bt_word_is(p, i - 3, "vitamin");
    return code && !vitamin && bt_num(p, i - 1, &a) && bt_num(p, i + 2, &b) && a.value < b.value;
}

/* "thứ Hai - thứ Sáu", "thứ 2 – Chủ nhật" */
static bool weekdays_around(struct pass *p, size_t i)
{
    bool day = i > 1 && bt_word_is(p, i - 2, "thứ");
    return day && (bt_word_is(p, i + 1, "thứ") ||
                   (bt_word_is(p, i + 1, "chủ") && bt_word_is(p, i + 2, "nhật")));
}

bool bt_to_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i), *next = bt_at(p, i + 1);
    if (!bt_is_dash(t->sym))
        return false;
    bool words = same_word_around(p, i) || weekdays_around(p, i);
    bool number = next->kind == T_NUM || (next->kind == T_SYM && strchr("$-+~", (char)next->sym) &&
                                          bt_at(p, i + 2)->kind == T_NUM);
    bool roman = p->last == C_ROMAN && next->kind == T_WORD && next->flags & S_UPPER &&
                 bt_roman(bt_text_of(p, i + 1));
    bool sunday = i > 1 && bt_str_is(bt_text_of(p, i + 1), "CN") && bt_word_is(p, i - 2, "thứ");
    bool day = (p->last == C_WEEKDAY && next->kind == T_WORD) || sunday;
    bool road = p->last == C_ROAD && (bt_word_is(p, i + 1, "km") || bt_word_is(p, i + 1, "k"));
    words |= codes_around(p, i);
    if (p->last == C_ROMAN && t->space && next->kind == T_NUM)
        return false; /* lần thứ X - 2025 */
    if ((!words && !sunday && (p->last_end != i || !quantity(p->last))) ||
        t->space != next->space || (!number && !roman && !day && !road && !words) || next->line)
        return false;
    if (p->last == C_CARDINAL && !t->space && !sunday)
        return false;
    c->ntok = 1;
    c->id = C_RANGE;
    c->score = bt_weigh(p, C_RANGE, i, i + 1) + 30;
    if (p->last == C_CARDINAL)
        c->score = 20;
    return true;
}

static bool percent_at(struct pass *p, size_t i, struct num *n, size_t *end)
{
    if (!bt_num(p, i, n))
        return false;
    *end = i + n->ntok;
    return bt_sym(p, *end, '%') || bt_sym(p, *end, 0x2030);
}

/* 40,8%-31,7% are rivals, 15%-45%-40% are parts: no range falls, none has three ends. */
static bool shares_around(struct pass *p, size_t i)
{
    struct num a, b;
    size_t first = i - 1, end;
    if (i < 2 || bt_cued(p, C_RANGE, LEFT, first))
        return false;
    while (first > 0 && !bt_at(p, first)->space && !bt_is_dash(bt_at(p, first - 1)->sym))
        first--;
    if (!percent_at(p, first, &a, &end) || end + 1 != i || !percent_at(p, i + 1, &b, &end))
        return false;
    bool third = bt_is_dash(bt_at(p, end + 1)->sym) && bt_at(p, end + 2)->kind == T_NUM;
    bool after =
        first > 1 && bt_is_dash(bt_at(p, first - 1)->sym) && bt_at(p, first - 2)->kind == T_SYM;
    return third || after || bt_num_less(&b, &a);
}

static bool is_rated(struct pass *p, size_t i)
{
    uint32_t n;
    const struct word_row *u = bt_unit_at(p, i, &n);
    return u && bt_str_is(u->kind, "rated");
}

/* 220V-50Hz: of two measures that a machine is marked with, neither is an end of the other. */
static bool ratings_around(struct pass *p, size_t i)
{
    struct num b;
    return i > 1 && is_rated(p, i - 1) && bt_num(p, i + 1, &b) && is_rated(p, i + 1 + b.ntok) &&
           bt_at(p, i - 1)->hash != bt_at(p, i + 1 + b.ntok)->hash;
}

void bt_to_say(struct pass *p, size_t i, const struct cand *c)
{
    (void)c;
    if (shares_around(p, i) || ratings_around(p, i))
        bt_say_mark(p, ',');
    else
        bt_say(p, "đến", i, i + 1);
}

/* ---- a compass point after degrees, the magnitude of a quake --------------------------------- */

enum { NORTH, SOUTH, EAST, WEST };
static const struct {
    const char *letter;
    int point;
    bool english;
} compass[] = {{"N", NORTH, true},  {"S", SOUTH, true},  {"E", EAST, true},  {"W", WEST, true},
               {"B", NORTH, false}, {"N", SOUTH, false}, {"Đ", EAST, false}, {"T", WEST, false}};

/* The row of a point's letter that grows to a number; in `other`'s language, where one is known. */
static int point_at(struct pass *p, size_t i, int other)
{
    const struct token *next = bt_at(p, i + 1);
    if (!bt_glued(p, i, T_WORD) || ((next->kind == T_WORD || next->kind == T_NUM) && !next->space))
        return -1;
    for (int k = 0; k < (int)BT_LEN(compass); k++)
        if (bt_str_is(bt_text_of(p, i), compass[k].letter) &&
            (other < 0 || (compass[other].english == compass[k].english &&
                           compass[other].point / 2 != compass[k].point / 2)))
            return k;
    return -1;
}

/* The other half of "11,8N-112,3E", "16N; 108E": from the letter at i, forward or back. */
static int other_half(struct pass *p, size_t i, int here)
{
    struct num n;
    size_t k = i + 1;
    while (bt_at(p, k)->kind == T_SYM && k < i + 3)
        k++;
    if (bt_num(p, k, &n)) {
        k += n.ntok;
        if (bt_is_dash(bt_at(p, k)->sym) && bt_num(p, k + 1, &n))
            k += 1 + n.ntok; /* 113,0-114,0E */
        return point_at(p, k, here);
    }
    for (k = i; k > 1 && i - k < 10; k--)
        if (bt_at(p, k - 1)->kind == T_WORD)
            return bt_at(p, k - 2)->kind == T_NUM ? point_at(p, k - 1, here) : -1;
    return -1;
}

/* The point's row, or -1. A pair tells the language of its letters. */
static int compass_at(struct pass *p, size_t i)
{
    for (int k = 0; k < (int)BT_LEN(compass); k++)
        if (point_at(p, i, -1) >= 0 && bt_str_is(bt_text_of(p, i), compass[k].letter) &&
            other_half(p, i, k) >= 0)
            return k;
    return -1;
}

bool bt_is_place_on_map(struct pass *p, size_t i)
{
    return bt_at(p, i)->len <= 3 && compass_at(p, i + 1) >= 0;
}

bool bt_compass_find(struct pass *p, size_t i, struct cand *c)
{
    bool degrees = (p->last == C_UNIT || p->last == C_TIME) && bt_at(p, i - 1)->kind == T_SYM;
    bool number = (p->last == C_CARDINAL || p->last == C_RANGE) && bt_at(p, i - 1)->kind == T_NUM;
    if (i == 0 || p->last_end != i || (!degrees && !number))
        return false;
    int pair = compass_at(p, i), alone = point_at(p, i, -1);
    c->v[0] = pair >= 0 ? pair : alone;
    c->form = number;
    c->ntok = 1;
    c->score = 100;
    return c->v[0] >= 0 && (degrees || pair >= 0 || bt_cued(p, C_COMPASS, LEFT, i));
}

void bt_compass_say(struct pass *p, size_t i, const struct cand *c)
{
    static const char *const names[] = {"Bắc", "Nam", "Đông", "Tây"};
    int point = compass[c->v[0]].point;
    if (c->form)
        bt_say(p, point < EAST ? "độ vĩ" : "độ kinh", i, i + 1);
    bt_say(p, names[point], i, i + 1);
    if (bt_is_dash(bt_at(p, i + 1)->sym))
        bt_say_mark(p, ',');
}

/* M7,6, Mw 6.5, "mạnh M5,2": a quake's. */
bool bt_quake_find(struct pass *p, size_t i, struct cand *c)
{
    struct num *n = &c->num[0];
    bool mark = bt_str_is(bt_text_of(p, i), "M") || bt_str_is(bt_text_of(p, i), "Mw") ||
                bt_str_is(bt_text_of(p, i), "ML");
    if (!mark || !bt_num(p, i + 1, n) || n->nip != 1 || n->nfp > 1 || n->grouped)
        return false;
    c->ntok = 1 + n->ntok;
    c->score = 150;
    return bt_cued(p, C_QUAKE, LEFT, i) || bt_cued(p, C_QUAKE, RIGHT, i + c->ntok);
}

void bt_quake_say(struct pass *p, size_t i, const struct cand *c)
{
    size_t end = i + c->ntok;
    bool told = bt_word_is(p, i - 1, "lớn") || bt_word_is(p, end, "độ");
    bool strong = bt_word_is(p, i - 1, "mạnh") || bt_word_is(p, i - 1, "độ");
    if (i && !told && !strong)
        bt_say(p, "độ lớn", i, i + 1);
    bt_say_num(p, &c->num[0], "phẩy", i + 1, end);
    if (strong && !told)
        bt_say(p, "độ", i, end);
}

/* ---- per ------------------------------------------------------------------------------------ */

static bool number_near(struct pass *p, size_t i)
{
    for (size_t k = 1; k <= 5 && k <= i; k++)
        if (bt_at(p, i - k)->kind == T_NUM || is_scale(p, i - k))
            return true;
    return false;
}

static bool money_near(struct pass *p, size_t i)
{
    for (size_t k = 1; k <= 8 && k <= i; k++)
        if (bt_word_is(p, i - k, "đồng") || is_scale(p, i - k) ||
            (bt_at(p, i - k)->kind == T_SYM && bt_at(p, i - k)->sym == '$'))
            return true;
    return p->last == C_MONEY;
}

/* "x rộng 7,5 m": the sides by their names. */
static bool names_side(struct pass *p, size_t i)
{
    static const char *const sides[] = {"dài", "rộng", "cao", "dày", "sâu", "ngang"};
    for (size_t k = 0; k < BT_LEN(sides); k++)
        if (bt_word_is(p, i, sides[k]))
            return bt_at(p, i + 1)->kind == T_NUM;
    return false;
}

/* x, × and * between measures. */
bool bt_times_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i);
    bool sign = bt_word_is(p, i, "x") || (t->kind == T_SYM && (t->sym == 0xD7 || t->sym == '*'));
    if (!sign || (bt_at(p, i + 1)->kind != T_NUM && !names_side(p, i + 1)))
        return false;
    bool model = t->flags & S_CAP && !bt_at(p, i + 1)->space && bt_before(p, i); /* Find X9 */
    bool before =
        i && (((numeric(p->last) || p->last == C_UNIT || p->last == C_TIME) && p->last_end == i) ||
              (t->space && number_near(p, i)));
    if (!before || model)
        return false;
    c->ntok = 1;
    c->score = 100;
    return true;
}

void bt_times_say(struct pass *p, size_t i, const struct cand *c)
{
    (void)c;
    bt_say(p, "nhân", i, i + 1);
}

/* 88B/2, and a ratio of two */
static bool house(struct cand *c)
{
    c->form = 1;
    c->ntok = 1;
    c->score = 90;
    return true;
}

/* "16 chỗ/29 chỗ": one or the other; 3 km/5 km: so much of so much. */
static bool names_again(const struct pass *p, size_t i)
{
    return bt_at(p, i + 1)->kind == T_NUM && bt_at(p, i - 1)->kind == T_WORD &&
           bt_at(p, i - 1)->hash == bt_at(p, i + 2)->hash && p->last != C_UNIT;
}

/* "tỷ lệ nam/nữ" */
static bool is_ratio_of(struct pass *p, size_t i)
{
    return i > 2 && is_ratio_word(p, i - 3) && bt_at(p, i - 1)->kind == T_WORD &&
           bt_glued(p, i + 1, T_WORD);
}

/* "3 vụ/5 đối tượng": what is counted next; "112 bé trai/100 bé gái": a rate. */
static bool counts_on(struct pass *p, size_t i)
{
    struct num n;
    uint32_t unit;
    const struct token *noun = bt_at(p, i - 1);
    if (noun->kind != T_WORD || is_scale(p, i - 1) || p->last == C_UNIT || p->last == C_MONEY ||
        !bt_num(p, i + 1, &n) || n.nfp || bt_at(p, i + 1 + n.ntok)->kind != T_WORD ||
        bt_unit_at(p, i + 1 + n.ntok, &unit))
        return false;
    bool round = n.nip > 1 && n.ip[0] == '1';
    for (uint32_t k = 1; k < n.nip; k++)
        round &= n.ip[k] == '0';
    return !round;
}

/* km/h, đồng/kg, lượt/ngày: v[0] tokens of a unit after the slash, if it is one. */
bool bt_per_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *next = bt_at(p, i + 1);
    uint32_t n = 0;
    if (!bt_sym(p, i, '/') || next->kind == T_END || i == 0 || names_again(p, i))
        return false;
    if ((p->last == C_CODE && p->last_end == i && next->kind == T_NUM) || is_ratio_of(p, i))
        return house(c);
    bool bare = bt_at(p, i - 1)->kind == T_NUM && p->last != C_UNIT && p->last != C_PER &&
                p->last != C_SHORT && p->last != C_MONEY;
    if (bare && (next->kind == T_NUM || !bt_unit_at(p, i + 1, &n) || bt_glued(p, i + 1 + n, T_NUM)))
        return false; /* ga T1/T2 */
    bool unit_before =
        (p->last == C_UNIT || p->last == C_MONEY || p->last == C_SHORT || p->last == C_PER) &&
        p->last_end == i;
    if (!unit_before && !number_near(p, i))
        return false;
    c->ntok = 1;
    c->score = 90;
    c->v[1] = counts_on(p, i);
    if (c->v[1])
        return true;
    const struct word_row *u = next->kind == T_NUM ? NULL : bt_unit_at(p, i + 1, &n);
    bool plain =
        bt_at(p, i - 1)->flags & S_VIET && !(bt_at(p, i - 1)->flags & S_CAP) && next->kind == T_NUM;
    if (!u && !bt_cued(p, C_PER, RIGHT, i + 1) && !unit_before && !plain)
        return false;
    bool money = money_near(p, i) || bare; /* 45.000/kg */
    c->ref = u;
    c->v[0] = (int)n;
    bool counted = bt_cued(p, C_PER, RIGHT, i + 1) || (!u && next->kind == T_WORD);
    bool rate = u && bt_str_is(u->kind, "money") &&
                (bt_word_is(p, i - 2, "giá") || !number_near(p, i)); /* USD/VND */
    c->form = next->kind == T_NUM || rate || (!money && !counted);
    c->ntok = 1 + (u ? n : 0);
    c->score = 90;
    return true;
}

void bt_per_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct word_row *u = c->ref;
    if (c->v[1]) {
        bt_say_mark(p, ',');
        return;
    }
    bt_say(p, c->form ? "trên" : "một", i, i + 1);
    if (u)
        bt_say_str(p, u->spoken, i + 1, i + c->ntok);
}
