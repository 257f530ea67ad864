/*
 * Times of day and durations: 8h30, 8:30:15, 27:45, 12p03s. Knows the clock; knows no dates.
 */
#include "text/class.h"

enum { HOUR, MINUTE, SECOND };
static const char *const names[] = {"giờ", "phút", "giây"};

static const struct {
    const char *written;
    int unit;
} marks[] = {{"h", HOUR},      {"g", HOUR},      {"giờ", HOUR}, {"p", MINUTE},
             {"ph", MINUTE},   {"phút", MINUTE}, {"'", MINUTE}, {"s", SECOND},
             {"giây", SECOND}, {"\"", SECOND},   {"''", SECOND}};

static int mark_at(struct pass *p, size_t i)
{
    struct bt_str s = bt_text_of(p, i);
    if (bt_str_is(s, "S") || bt_str_is(s, "P"))
        return -1; /* 5S */
    const char *low = bt_lower_str(p->a, s);
    if (bt_at(p, i)->space)
        return -1;
    for (size_t k = 0; k < BT_LEN(marks); k++)
        if (strcmp(marks[k].written, low) == 0)
            return marks[k].unit;
    return -1;
}

static uint32_t value(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    uint32_t v = 0;
    for (uint32_t k = 0; k < t->len && k < 6; k++)
        v = v * 10 + (uint32_t)(p->clean.text[t->at + k] - '0');
    return v;
}

static bool sixty(const struct pass *p, size_t i)
{
    return bt_glued(p, i, T_NUM) && bt_at(p, i)->len <= 2 && value(p, i) < 60;
}

static bool hours_at(struct pass *p, size_t i)
{
    return bt_at(p, i)->kind == T_NUM && bt_at(p, i)->len <= 2 && value(p, i) <= 24 &&
           bt_glued(p, i + 1, T_WORD) && bt_word_is(p, i + 1, "g");
}

/* "21g-5g": no weights fall. */
static bool hours_around(struct pass *p, size_t i)
{
    bool first = hours_at(p, i) && bt_is_dash(bt_at(p, i + 2)->sym) && hours_at(p, i + 3);
    bool second = i > 2 && hours_at(p, i) && bt_is_dash(bt_at(p, i - 1)->sym) && hours_at(p, i - 3);
    size_t a = second ? i - 3 : i, b = second ? i : i + 3;
    return (first || second) && value(p, a) > value(p, b);
}

/* 8h30, 8h30', 8h30p15s, 12p03s; v: units, and the token of each number. */
bool bt_clock_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i);
    int unit = mark_at(p, i + 1);
    if (t->kind != T_NUM || t->len > 3 || unit < 0)
        return false;
    if (bt_sym(p, i + 1, '\'') && !bt_glued(p, i + 2, T_NUM))
        return false; /* 45': a unit */
    bool letter_after = bt_at(p, i + 2)->kind == T_WORD && !bt_at(p, i + 2)->space;
    if (letter_after ||
        (unit == SECOND && bt_at(p, i + 1)->kind == T_SYM && !bt_glued(p, i + 2, T_NUM)))
        return false;
    size_t k = i + 2;
    c->v[0] = unit;
    for (int u = unit + 1; u <= SECOND && sixty(p, k); u++) {
        int next = mark_at(p, k + 1);
        c->v[u] = (int)(k - i);
        k += next == u ? 2 : 1;
        if (next != u)
            break;
    }
    if (k == i + 3 && bt_at(p, i + 2)->len == 1 && bt_str_is(bt_text_of(p, i + 1), "H") &&
        !bt_cued(p, C_TIME, LEFT, i))
        return false; /* 24H2: a version */
    c->ntok = (uint32_t)(k - i);
    c->id = C_TIME;
    c->score = bt_weigh(p, C_TIME, i, k) + (k > i + 2 ? 20 : 0);
    if (k == i + 2 && bt_str_is(bt_text_of(p, i + 1), "G"))
        return false; /* 5G */
    if (k == i + 2 && bt_str_is(bt_text_of(p, i + 1), "g"))
        c->score = hours_around(p, i)            ? c->score + 60
                   : bt_cued(p, C_TIME, LEFT, i) ? c->score
                                                 : 0; /* 100g: a unit */
    return true;
}

/* Minutes below ten on the clock are read with their nought; in a duration without. */
static void say_minutes(struct pass *p, uint32_t v, bool clock, size_t i, size_t j)
{
    if (clock && v < 10 && v > 0)
        bt_say(p, "không", i, j);
    bt_say_value(p, v, i, j);
}

void bt_clock_say(struct pass *p, size_t i, const struct cand *c)
{
    bool clock = c->v[0] == HOUR && !c->v[SECOND];
    bt_say_value(p, value(p, i), i, i + 1);
    bt_say(p, names[c->v[0]], i + 1, i + 2);
    for (int u = c->v[0] + 1; u <= SECOND; u++) {
        size_t k = i + (size_t)c->v[u];
        if (!c->v[u] || value(p, k) == 0)
            continue;
        say_minutes(p, value(p, k), clock, k, k + 1);
        bool said = k + 1 == i + c->ntok && bt_word_is(p, k + 1, names[u]);
        if (!said) /* 15h15 phút */
            bt_say(p, names[u], k, k + 1);
    }
}

/* ---- 7N6Đ, 9T/2025 --------------------------------------------------------------------------- */

/* 7N6Đ: days and nights of a journey. */
bool bt_nights_find(struct pass *p, size_t i, struct cand *c)
{
    bool days = bt_at(p, i)->len <= 2 && bt_glued(p, i + 1, T_WORD) &&
                bt_str_is(bt_text_of(p, i + 1), "N") && bt_glued(p, i + 2, T_NUM) &&
                bt_at(p, i + 2)->len <= 2 && bt_glued(p, i + 3, T_WORD) &&
                bt_str_is(bt_text_of(p, i + 3), "Đ");
    c->ntok = 4;
    c->id = C_DURATION;
    c->score = 150;
    return days;
}

void bt_nights_say(struct pass *p, size_t i, const struct cand *c)
{
    (void)c;
    bt_say_value(p, value(p, i), i, i + 1);
    bt_say(p, "ngày", i + 1, i + 2);
    bt_say_value(p, value(p, i + 2), i + 2, i + 3);
    bt_say(p, "đêm", i + 3, i + 4);
}

/* 9T/2025, "lãi suất 12T": months, where nothing is weighed. */
bool bt_months_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *year = bt_at(p, i + 3);
    if (bt_at(p, i)->len > 2 || value(p, i) == 0 || value(p, i) > 36 ||
        !bt_glued(p, i + 1, T_WORD) || !bt_str_is(bt_text_of(p, i + 1), "T") ||
        bt_glued(p, i + 2, T_NUM))
        return false;
    bool dated = value(p, i) <= 12 && bt_glued_sym(p, i + 2, '/') && bt_glued(p, i + 3, T_NUM) &&
                 year->len == 4;
    c->v[0] = dated;
    c->ntok = dated ? 4 : 2;
    c->id = C_DURATION;
    c->score = 150;
    return dated || bt_cued(p, C_MONTHS, LEFT, i);
}

void bt_months_say(struct pass *p, size_t i, const struct cand *c)
{
    bt_say_value(p, value(p, i), i, i + 1);
    bt_say(p, "tháng", i + 1, i + 2);
    if (!c->v[0])
        return;
    bt_say(p, value(p, i) < 12 ? "đầu năm" : "năm", i + 2, i + 3);
    bt_say_value(p, value(p, i + 3), i + 3, i + 4);
}

/* "kim ngạch T10", "lợi nhuận Q3": a month, a quarter, after what is told by months. */
bool bt_tmonth_find(struct pass *p, size_t i, struct cand *c)
{
    bool quarter = bt_str_is(bt_text_of(p, i), "Q");
    bool month = (quarter || bt_str_is(bt_text_of(p, i), "T")) && bt_glued(p, i + 1, T_NUM) &&
                 bt_at(p, i + 1)->len <= 2 && value(p, i + 1) >= 1 &&
                 value(p, i + 1) <= (quarter ? 4 : 12) && !bt_glued(p, i + 3, T_NUM);
    c->ntok = 2;
    c->id = C_DATE;
    c->score = 150;
    return month && bt_cued(p, C_MONTHS, LEFT, i);
}

void bt_tmonth_say(struct pass *p, size_t i, const struct cand *c)
{
    (void)c;
    bt_say(p, bt_str_is(bt_text_of(p, i), "Q") ? "quý" : "tháng", i, i + 1);
    bt_say_month(p, value(p, i + 1), i + 1, i + 2);
}

/* 58t, 2v: what newsrooms shorten to a letter, after its cue; else the letter is a unit. */
static const struct {
    const char *letter, *word;
    int cue;
} counted[] = {{"t", "tuổi", C_AGES}, {"v", "viên", C_PILLS}, {"T", "tuổi", C_AGES}};

/* "Ông mua 5t thóc" is no age. */
static bool goods_follow(struct pass *p, size_t i)
{
    return bt_at(p, i)->kind == T_WORD && !bt_cued(p, C_AGES, RIGHT, i);
}

/* The letter's token: 17t, 17-21t. */
static size_t counted_end(struct pass *p, size_t i)
{
    bool range = bt_is_dash(bt_at(p, i + 1)->sym) && !bt_at(p, i + 1)->space &&
                 bt_glued(p, i + 2, T_NUM) && bt_at(p, i + 2)->len <= 3;
    return range ? i + 3 : i + 1;
}

bool bt_counted_find(struct pass *p, size_t i, struct cand *c)
{
    size_t which = 0, k = counted_end(p, i);
    while (which < BT_LEN(counted) && !bt_str_is(bt_text_of(p, k), counted[which].letter))
        which++;
    if (bt_at(p, i)->len > 3 || !bt_glued(p, k, T_WORD) || which == BT_LEN(counted))
        return false;
    c->v[0] = (int)which;
    c->ntok = (uint32_t)(k + 1 - i);
    c->id = C_UNIT;
    c->score = 150;
    bool person = i > 1 && (bt_at(p, i - 2)->flags & S_CAP || bt_sym(p, i - 2, '.'));
    bool bracketed = (k > i + 1 || person) && bt_sym(p, i - 1, '(') && bt_sym(p, k + 1, ')') &&
                     counted[which].cue == C_AGES; /* L. (7T) */
    return value(p, i) <= 120 && (bracketed || bt_cued(p, counted[which].cue, LEFT, i)) &&
           !goods_follow(p, k + 1);
}

void bt_counted_say(struct pass *p, size_t i, const struct cand *c)
{
    size_t end = i + c->ntok - 1;
    bt_say_value(p, value(p, i), i, i + 1);
    if (end > i + 1) {
        bt_say(p, "đến", i + 1, i + 2);
        bt_say_value(p, value(p, i + 2), i + 2, end);
    }
    bt_say(p, counted[c->v[0]].word, end, end + 1);
}

/* "8 giờ 00": nothing to say. */
bool bt_nought_find(struct pass *p, size_t i, struct cand *c)
{
    bool zero = bt_str_is(bt_text_of(p, i), "00") && bt_word_is(p, i - 1, "giờ");
    c->ntok = zero && bt_word_is(p, i + 1, "phút") ? 2 : 1;
    c->id = C_TIME;
    c->score = 100;
    return zero;
}

void bt_nought_say(struct pass *p, size_t i, const struct cand *c)
{
    (void)p;
    (void)i;
    (void)c;
}

/* 15:21.30 in a race: minutes, seconds, hundredths. */
bool bt_race_find(struct pass *p, size_t i, struct cand *c)
{
    const struct seq *s = bt_seq(p, i);
    bool time = s->n >= 3 && s->sep[0] == ':' && strchr(".,", s->sep[1]) && s->len[0] <= 2 &&
                s->len[1] == 2 && s->val[1] < 60 && s->len[2] <= 2;
    c->ntok = 5;
    c->id = C_DURATION;
    c->score = 150;
    return time && (s->n == 3 || s->spaced[2] || s->sep[2] == ',');
}

void bt_race_say(struct pass *p, size_t i, const struct cand *c)
{
    (void)c;
    bt_say_value(p, value(p, i), i, i + 1);
    bt_say(p, "phút", i, i + 2);
    bt_say_value(p, value(p, i + 2), i + 2, i + 3);
    bt_say(p, "giây", i + 2, i + 4);
    bt_say_int(p, p->clean.text + bt_at(p, i + 4)->at, bt_at(p, i + 4)->len, i + 4, i + 5);
}

/* 18', 45+2': when a goal was scored; after a name in a report of a match, or in a list of such. */
static size_t goal_end(struct pass *p, size_t i)
{
    size_t k = i + 1;
    k += bt_glued_sym(p, k, '\'');
    if (bt_glued_sym(p, k, '+') && bt_glued(p, k + 1, T_NUM))
        k += 2;
    k += k > i + 2 && bt_glued_sym(p, k, '\'');
    bool minute = bt_sym(p, k - 1, '\'') || bt_sym(p, i + 1, '\'');
    return minute && bt_at(p, i)->len <= 3 && value(p, i) <= 120 && !bt_glued(p, k, T_NUM) &&
                   !bt_glued(p, k, T_WORD) && !bt_glued_sym(p, k, '\'')
               ? k
               : 0;
}

bool bt_goal_find(struct pass *p, size_t i, struct cand *c)
{
    size_t k = goal_end(p, i);
    const struct token *b = bt_at(p, i - 1), *name = bt_at(p, i - 2);
    if (!k || i < 2)
        return false;
    bool listed = (bt_sym(p, i - 1, ',') || bt_word_is(p, i - 1, "và")) && p->heard == C_GOAL &&
                  p->heard_end + 1 == i;
    bool bracketed = bt_sym(p, i - 1, '(') && name->kind == T_WORD && name->flags & S_CAP;
    bool told = b->kind == T_WORD && b->flags & S_CAP &&
                (bt_cued(p, C_SCORE, LEFT, i) || bt_cued(p, C_GOAL, RIGHT, i + 2));
    c->v[0] = listed || bt_word_is(p, i - 1, "phút");
    c->ntok = (uint32_t)(k - i);
    c->id = C_GOAL;
    c->score = 150;
    return listed || bracketed || told || c->v[0];
}

void bt_goal_say(struct pass *p, size_t i, const struct cand *c)
{
    if (!c->v[0])
        bt_say(p, "phút", i, i + 1);
    for (size_t k = i; k < i + c->ntok; k++)
        if (bt_at(p, k)->kind == T_NUM)
            bt_say_value(p, value(p, k), k, k + 1);
        else if (bt_sym(p, k, '+'))
            bt_say(p, "cộng", k, k + 1);
}

static bool half_day(struct pass *p, size_t i)
{
    return bt_word_is(p, i, "am") || bt_word_is(p, i, "pm");
}

/* 8:30, 8:30:15; with a cue of duration 27:45 is minutes and seconds. */
bool bt_colon_find(struct pass *p, size_t i, struct cand *c)
{
    const struct seq *s = bt_seq(p, i);
    int n = 1;
    while (n < 3 && n < s->n && s->sep[n - 1] == ':' && s->len[n] == 2 && s->val[n] < 60)
        n++;
    bool more = n < s->n && !s->spaced[n - 1] && strchr(":./", s->sep[n - 1]);
    if (n < 2 || s->len[0] > 3 || more)
        return false;
    c->v[0] = n;
    c->ntok = (uint32_t)(s->tok[n - 1] + 1 - i);
    bool lasts = bt_cued(p, C_DURATION, LEFT, i) && !bt_cued(p, C_TIME, LEFT, i);
    bool day = s->val[0] <= 24;
    c->form = n == 2 && (lasts || !day) ? MINUTE : HOUR;
    c->id = C_TIME;
    c->score = bt_weigh(p, lasts ? C_DURATION : C_TIME, i, i + c->ntok) +
               (day || n == 3 ? 0 : -10) + (half_day(p, i + c->ntok) ? 50 : 0);
    return true;
}

void bt_colon_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct seq s = *bt_seq(p, i);
    bool clock = c->form == HOUR && c->v[0] == 2;
    for (int k = 0; k < c->v[0] && c->form + k <= SECOND; k++) {
        size_t t = s.tok[k];
        if (k > 0 && s.val[k] == 0)
            continue;
        if (k > 0)
            say_minutes(p, s.val[k], clock, t, t + 1);
        else
            bt_say_value(p, s.val[k], t, t + 1);
        bt_say(p, names[c->form + k], t, t + 1);
    }
}

/* AM and PM after a time. */
bool bt_half_day_find(struct pass *p, size_t i, struct cand *c)
{
    if (!half_day(p, i) || p->last != C_TIME || p->last_end != i)
        return false;
    c->ntok = 1;
    c->score = 100;
    return true;
}

static const char *half_of(struct pass *p, size_t i, uint32_t hour)
{
    if (bt_word_is(p, i, "am"))
        return hour == 12 ? "đêm" : "sáng";
    return hour == 12 ? "trưa" : hour < 6 ? "chiều" : "tối";
}

void bt_half_day_say(struct pass *p, size_t i, const struct cand *c)
{
    (void)c;
    size_t k = i;
    while (k > 0 && i - k < 6 && !(bt_at(p, k - 1)->kind == T_NUM && !bt_glued_sym(p, k - 2, ':')))
        k--;
    bt_say(p, half_of(p, i, k ? value(p, k - 1) : 0), i, i + 1);
}

/* 5PM, 8 am */
bool bt_hour12_find(struct pass *p, size_t i, struct cand *c)
{
    if (bt_at(p, i)->len > 2 || value(p, i) < 1 || value(p, i) > 12 || !half_day(p, i + 1) ||
        bt_glued(p, i + 2, T_NUM))
        return false;
    c->ntok = 2;
    c->score = 100;
    return true;
}

void bt_hour12_say(struct pass *p, size_t i, const struct cand *c)
{
    (void)c;
    bt_say_value(p, value(p, i), i, i + 1);
    bt_say(p, "giờ", i, i + 1);
    bt_say(p, half_of(p, i + 1, value(p, i)), i + 1, i + 2);
}
