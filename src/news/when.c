/* Dates as Vietnamese sites and feeds write them. Knows formats; guesses nothing: what can be read
 * in two ways is BT_WHEN_AMBIGUOUS. */
#include "news/parts.h"

#include <string.h>
#include <strings.h>

enum { TOKENS = 48, WORD = 12 };
enum kind { END, NUMBER, LETTERS, MARK };
struct token {
    enum kind kind;
    int value, digits;
    char word[WORD];
};
struct reader {
    struct token t[TOKENS];
    int n;
    const struct bt_when_rule *rule;
    struct bt_civil c;
    int zone;
    bool date, time, zoned, pm_am, seconds, both_small, english, slashed, bad;
    int strange;
    int64_t ago;
};

/* ---- tokens --------------------------------------------------------------------------------- */

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                     "jul", "aug", "sep", "oct", "nov", "dec"};

static int take_number(struct token *t, const char *p)
{
    int k = 0;
    for (; p[k] >= '0' && p[k] <= '9'; k++)
        t->value = k < 9 ? t->value * 10 + (p[k] - '0') : t->value;
    t->kind = NUMBER;
    t->digits = k;
    return k;
}

static int take_word(struct token *t, const char *p)
{
    int k = 0;
    for (; p[k] >= 'a' && p[k] <= 'z'; k++)
        if (k < WORD - 1)
            t->word[k] = p[k];
    t->kind = LETTERS;
    return k;
}

static void tokens(struct reader *r, const char *p)
{
    while (*p && r->n < TOKENS - 6) { /* the last ones stay END: looking ahead needs no test */
        if (*p == ' ' || *p == '\t') {
            p++;
            continue;
        }
        struct token *t = &r->t[r->n++];
        if (*p >= '0' && *p <= '9')
            p += take_number(t, p);
        else if (*p >= 'a' && *p <= 'z')
            p += take_word(t, p);
        else {
            t->kind = MARK;
            t->word[0] = *p++;
        }
    }
    r->bad = *p != '\0'; /* longer than any date */
}

static bool mark(const struct token *t, const char *any)
{
    return t->kind == MARK && strchr(any, t->word[0]);
}

static bool word(const struct token *t, const char *w)
{
    return t->kind == LETTERS && strcmp(t->word, w) == 0;
}

static int month_of(const struct token *t)
{
    for (int i = 0; t->kind == LETTERS && i < 12; i++)
        if (strncmp(t->word, months[i], 3) == 0)
            return i + 1;
    return 0;
}

/* ---- pieces: each says how many tokens it took, 0 for none ---------------------------------- */

static void set_date(struct reader *r, int y, int m, int d, int year_digits)
{
    if (r->date)
        return; /* the first date counts */
    if (year_digits == 2)
        y += 2000;
    r->date = bt_date_valid(y, m, d);
    r->bad = r->bad || !r->date;
    r->c.year = y;
    r->c.mon = m;
    r->c.day = d;
}

static int iso_date(struct reader *r, const struct token *t)
{
    if (t[0].kind != NUMBER || t[0].digits != 4 || !mark(&t[1], "-/") || t[2].kind != NUMBER ||
        !mark(&t[3], "-/") || t[4].kind != NUMBER)
        return 0;
    set_date(r, t[0].value, t[2].value, t[4].value, 4);
    return 5;
}

/* 27/06/2024, 07-03-2026, 30.11.12 */
static int numeric_date(struct reader *r, const struct token *t)
{
    if (t[0].kind != NUMBER || t[0].digits > 2 || !mark(&t[1], "/-.") || t[2].kind != NUMBER ||
        t[2].digits > 2 || !mark(&t[3], "/-.") || t[3].word[0] != t[1].word[0] ||
        t[4].kind != NUMBER || (t[4].digits != 4 && t[4].digits != 2))
        return 0;
    bool proved = !r->rule->told && t[2].value > 12 && t[0].value <= 12;
    bool first = r->rule->month_first || proved;
    r->both_small = t[0].value <= 12 && t[2].value <= 12 && t[0].value != t[2].value;
    r->slashed = t[1].word[0] == '/' && t[4].digits == 4;
    set_date(r, t[4].value, first ? t[0].value : t[2].value, first ? t[2].value : t[0].value,
             t[4].digits);
    return 5;
}

/* 18 Feb 2017 */
static int english_date(struct reader *r, const struct token *t)
{
    int skip = mark(&t[1], "-") ? 1 : 0;
    if (t[0].kind != NUMBER || !month_of(&t[1 + skip]))
        return 0;
    const struct token *y = &t[2 + 2 * skip];
    if (y->kind != NUMBER || (y->digits != 4 && y->digits != 2))
        return 0;
    set_date(r, y->value, month_of(&t[1 + skip]), t[0].value, y->digits);
    return 3 + 2 * skip;
}

/* October 5, 2026 */
static int american_date(struct reader *r, const struct token *t)
{
    int comma = mark(&t[2], ",") ? 1 : 0;
    if (!month_of(&t[0]) || t[1].kind != NUMBER || t[2 + comma].kind != NUMBER ||
        t[2 + comma].digits != 4)
        return 0;
    set_date(r, t[2 + comma].value, month_of(&t[0]), t[1].value, 4);
    return 3 + comma;
}

/* 5 tháng 10 năm 2026; 5 tháng 10, 2026 */
static int spoken_date(struct reader *r, const struct token *t)
{
    if (t[0].kind != NUMBER || !word(&t[1], "thang") || t[2].kind != NUMBER)
        return 0;
    int skip = word(&t[3], "nam") || mark(&t[3], ",/") ? 1 : 0;
    if (t[3 + skip].kind != NUMBER || t[3 + skip].digits != 4)
        return 0;
    set_date(r, t[3 + skip].value, t[2].value, t[0].value, 4);
    return 4 + skip;
}

static void half_day(struct reader *r, const struct token *t)
{
    static const struct {
        const char *word;
        int from; /* hours from here to 11 are after noon; 12 before it is midnight */
    } half[] = {{"am", 24},  {"sang", 24}, {"pm", 1},  {"chieu", 1}, {"toi", 1},
                {"trua", 1}, {"dem", 6},   {"sa", 24}, {"ch", 1}};
    for (size_t i = 0; i < BT_LEN(half); i++) {
        if (!word(t, half[i].word))
            continue;
        r->pm_am = i == 0 || i == 2;
        bool noon = strcmp(half[i].word, "trua") == 0 && r->c.hour >= 10;
        if (r->c.hour < 12 && r->c.hour >= half[i].from && !noon)
            r->c.hour += 12;
        else if (r->c.hour == 12 && half[i].from == 24)
            r->c.hour = 0;
    }
}

static int zone_at(struct reader *r, const struct token *t);

/* After the seconds: a fraction, a half of the day, a zone. */
static int time_tail(struct reader *r, const struct token *t)
{
    int k = mark(&t[0], ".") && t[1].kind == NUMBER ? 2 : 0;
    half_day(r, &t[k]);
    if (t[k].kind == LETTERS && (r->pm_am || strchr("sctd", t[k].word[0]))) {
        static const char *const halves = " am pm sang chieu toi trua dem sa ch ";
        char padded[WORD + 2];
        snprintf(padded, sizeof(padded), " %s ", t[k].word);
        k += strstr(halves, padded) != NULL;
    }
    return k + zone_at(r, &t[k]);
}

static int clock_time(struct reader *r, const struct token *t)
{
    bool hours = word(&t[1], "h") || word(&t[1], "g") || word(&t[1], "gio");
    if (r->time || t[0].kind != NUMBER || t[0].digits > 2 || (!mark(&t[1], ":") && !hours))
        return 0;
    int k = 2;
    r->c.hour = t[0].value;
    if (t[2].kind == NUMBER && t[2].digits <= 2) {
        r->c.min = t[2].value;
        k = 3;
    } else if (!hours)
        return 0;
    if (mark(&t[k], ":") && t[k + 1].kind == NUMBER && t[k + 1].digits <= 2) {
        r->c.sec = t[k + 1].value;
        r->seconds = true;
        k += 2;
    }
    r->time = true;
    r->bad = r->bad || r->c.hour > 23 || r->c.min > 59 || r->c.sec > 60;
    return k + time_tail(r, &t[k]);
}

static bool offset(struct reader *r, int sign, const struct token *t, int *took)
{
    if (t[0].kind != NUMBER || t[0].digits > 4 || t[0].digits == 3 || mark(&t[1], "/-"))
        return false;
    int h = t[0].digits == 4 ? t[0].value / 100 : t[0].value;
    int m = t[0].digits == 4 ? t[0].value % 100 : 0;
    *took = 1;
    if (t[0].digits < 4 && mark(&t[1], ":") && t[2].kind == NUMBER) {
        m = t[2].value;
        *took = 3;
    }
    if (h > 14 || m > 59)
        return false;
    r->zone = sign * (h * 3600 + m * 60);
    r->zoned = true;
    return true;
}

/* +0700, +07, GMT+7, (GMT+07:00), Z; a lone "-" before digits is a zone only with four of them. */
static int zone_at(struct reader *r, const struct token *t)
{
    int k = mark(&t[0], "(") ? 1 : 0, took = 0;
    bool named = word(&t[k], "gmt") || word(&t[k], "utc") || word(&t[k], "ut") || word(&t[k], "z");
    k += named;
    bool sure = named || (t[k + 1].kind == NUMBER && t[k + 1].digits == 4) || mark(&t[k], "+") ||
                mark(&t[k + 2], ":");
    if (sure && mark(&t[k], "+-") && offset(r, t[k].word[0] == '-' ? -1 : 1, &t[k + 1], &took))
        return k + 1 + took;
    if (!named)
        return 0;
    r->zoned = true;
    r->zone = 0;
    return k;
}

/* 15 giờ trước */
static int ago(struct reader *r, const struct token *t)
{
    static const struct {
        const char *word;
        int seconds;
    } unit[] = {{"giay", 1},     {"phut", 60},        {"gio", 3600},   {"tieng", 3600},
                {"ngay", 86400}, {"minutes", 60},     {"minute", 60},  {"hours", 3600},
                {"hour", 3600},  {"tuan", 7 * 86400}, {"days", 86400}, {"day", 86400}};
    if (t[0].kind != NUMBER || !(word(&t[2], "truoc") || word(&t[2], "ago")))
        return 0;
    for (size_t i = 0; i < BT_LEN(unit); i++)
        if (word(&t[1], unit[i].word)) {
            r->ago = (int64_t)t[0].value * unit[i].seconds;
            return 3;
        }
    return 0;
}

static int filler(struct reader *r, const struct token *t)
{
    static const char *const known[] = {
        "thu",    "hai",      "ba",     "tu",   "nam",    "sau",     "bay",       "chu",
        "nhat",   "cn",       "t",      "mon",  "tue",    "wed",     "thu",       "fri",
        "sat",    "sun",      "cap",    "luc",  "ngay",   "dang",    "gmt",       "utc",
        "at",     "on",       "vao",    "gio",  "monday", "tuesday", "wednesday", "thursday",
        "friday", "saturday", "sunday", "xuat", "ban",    "phat",    "hanh",      "date"};
    static const char *const english[] = {"published", "posted", "updated", "on", "created"};
    if (t->kind != LETTERS)
        return 1;
    for (size_t i = 0; i < BT_LEN(english); i++)
        if (word(t, english[i])) {
            r->english = true;
            return 1;
        }
    for (size_t i = 0; i < BT_LEN(known); i++)
        if (word(t, known[i]))
            return 1;
    r->strange++;
    return 1;
}

static void read_all(struct reader *r)
{
    static int (*const piece[])(struct reader *, const struct token *) = {
        iso_date, numeric_date, english_date, american_date, spoken_date, ago, clock_time, filler};
    for (int i = 0; i < r->n;) {
        int took = 0;
        for (size_t p = 0; p < BT_LEN(piece) && !took; p++)
            took = piece[p](r, &r->t[i]);
        if (r->t[i].kind == NUMBER && took == 1)
            r->strange++;
        i += took;
    }
    /* M/d/yyyy h:mm:ss tt is how .NET prints a date in the United States, and nobody else */
    if (r->date && r->slashed && r->pm_am && r->seconds && r->both_small && !r->rule->month_first &&
        !r->rule->told) {
        int d = r->c.day;
        r->c.day = r->c.mon;
        r->c.mon = d;
    }
}

/* Seconds or milliseconds since 1970, as programs write them. */
static bool counted(struct bt_str s, struct bt_when_found *out)
{
    int64_t utc = 0;
    if (s.n != 10 && s.n != 13)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (i < 10)
            utc = utc * 10 + (s.p[i] - '0');
    }
    *out = (struct bt_when_found){.utc = utc, .time = true};
    return true;
}

enum bt_when bt_when_parse(struct bt_str s, const struct bt_when_rule *rule,
                           struct bt_when_found *out)
{
    enum { LONGEST = 200 };
    struct reader r = {.rule = rule, .zone = rule->zone, .ago = -1};
    if (s.n > LONGEST)
        return BT_WHEN_NONE;
    if (counted(s, out))
        return BT_WHEN_OK;
    struct bt_arena *a = bt_arena_create();
    tokens(&r, bt_fold(a, s));
    bt_arena_destroy(a);
    read_all(&r);
    out->strange = r.strange;
    out->time = r.time;
    if (!r.date && !r.bad && r.ago >= 0) {
        out->utc = rule->now == BT_NO_TIME ? BT_NO_TIME : rule->now - r.ago;
        return rule->now == BT_NO_TIME ? BT_WHEN_RELATIVE : BT_WHEN_OK;
    }
    if (!r.date || r.bad)
        return BT_WHEN_NONE;
    if (r.english && r.both_small && !rule->month_first && !rule->told)
        return BT_WHEN_AMBIGUOUS;
    out->utc = bt_civil_utc(&r.c, rule->force_zone || !r.zoned ? rule->zone : r.zone);
    return BT_WHEN_OK;
}

int bt_when_order(struct bt_str s)
{
    struct bt_when_rule rule = {0};
    struct reader r = {.rule = &rule};
    if (s.n > 200)
        return 0;
    struct bt_arena *a = bt_arena_create();
    tokens(&r, bt_fold(a, s));
    bt_arena_destroy(a);
    const struct token *t = r.t;
    if (t[0].kind != NUMBER || !mark(&t[1], "/-.") || t[2].kind != NUMBER || !mark(&t[3], "/-."))
        return 0;
    return t[0].digits > 2 ? 0 : t[2].value > 12 ? 1 : t[0].value > 12 ? -1 : 0;
}
