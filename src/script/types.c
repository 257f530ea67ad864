/* How attribute values are written, read and shown. Knows no element. */
#include "script/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool bt_has_word(const char *words, const char *word)
{
    struct bt_str rest = bt_str(words), piece;
    while (bt_str_cut(&rest, ' ', &piece))
        if (piece.n && bt_str_is(piece, word))
            return true;
    return false;
}

static bool text_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)choices;
    *(const char **)at = bt_strdup(a, s);
    return true;
}

static bool text_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    const char *s = *(const char *const *)at;
    if (!s || !*s)
        return false;
    bt_xml_escape(s, out);
    return true;
}

/* Names become folders and file names: letters, digits and hyphens of ASCII only. */
static bool name_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    return n > 0 && n <= 64 && s[n] == '\0' && s[0] != '-' && text_read(a, s, choices, at);
}

static bool words_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    struct bt_words w = {0};
    struct bt_str rest = bt_str(s), piece;
    while (bt_str_cut(&rest, ' ', &piece)) {
        if (piece.n == 0)
            continue;
        const char *word = bt_strndup(a, piece.p, piece.n);
        if (choices && !bt_has_word(choices, word))
            return false;
        const char **item = bt_push(a, &w.item, &w.n, sizeof(*w.item));
        *item = word;
    }
    if (w.n == 0)
        return false;
    *(struct bt_words *)at = w;
    return true;
}

static bool words_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    const struct bt_words *w = at;
    for (size_t i = 0; i < w->n; i++) {
        if (i)
            bt_buf_addc(out, ' ');
        bt_xml_escape(w->item[i], out);
    }
    return w->n > 0;
}

static bool choice_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a;
    struct bt_str rest = bt_str(choices), piece;
    for (int64_t i = 0; bt_str_cut(&rest, ' ', &piece); i++) {
        if (!bt_str_is(piece, s))
            continue;
        *(int64_t *)at = i;
        return true;
    }
    return false;
}

static bool choice_write(const void *at, const char *choices, struct bt_buf *out)
{
    struct bt_str rest = bt_str(choices), piece = {"", 0};
    for (int64_t i = *(const int64_t *)at; i >= 0; i--)
        if (!bt_str_cut(&rest, ' ', &piece))
            return false;
    return bt_buf_add(out, piece.p, piece.n);
}

static bool yes_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    bool yes = strcmp(s, "yes") == 0;
    if (!yes && strcmp(s, "no") != 0)
        return false;
    *(bool *)at = yes;
    return true;
}

static bool yes_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    return *(const bool *)at && bt_buf_adds(out, "yes");
}

/* A number of at most nine digits at *s. */
static bool digits(const char **s, int64_t *v)
{
    int n = 0;
    int64_t sum = 0;
    for (; **s >= '0' && **s <= '9' && n < 9; n++)
        sum = sum * 10 + *(*s)++ - '0';
    *v = sum;
    return n > 0;
}

static bool count_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    int64_t v;
    if (!digits(&s, &v) || *s)
        return false;
    *(int64_t *)at = v;
    return true;
}

static bool count_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    return bt_buf_addf(out, "%lld", (long long)*(const int64_t *)at);
}

static bool number_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    char *end;
    if (s[strspn(s, "+-.0123456789")] || !*s)
        return false;
    double v = strtod(s, &end);
    if (*end || v < -100 || v > 100)
        return false;
    *(double *)at = v;
    return true;
}

static bool number_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    return bt_buf_addf(out, "%g", *(const double *)at);
}

/* "6-10" or "8": both ends by `one`. */
static bool span_read(const char *s, bool (*one)(const char **s, int64_t *v), void *at)
{
    struct bt_span v;
    if (!one(&s, &v.least))
        return false;
    v.most = v.least;
    if (*s == '-' && (s++, !one(&s, &v.most)))
        return false;
    if (*s || v.most < v.least)
        return false;
    *(struct bt_span *)at = v;
    return true;
}

static bool counts_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    return span_read(s, digits, at);
}

static bool counts_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    const struct bt_span *v = at;
    bt_buf_addf(out, "%lld", (long long)v->least);
    return v->most == v->least || bt_buf_addf(out, "-%lld", (long long)v->most);
}

/* "9:30": minutes and seconds, in ms. */
static bool minutes(const char **s, int64_t *ms)
{
    int64_t m, sec;
    if (!digits(s, &m) || *(*s)++ != ':' || (*s)[0] < '0' || (*s)[1] < '0' || !digits(s, &sec))
        return false;
    *ms = (m * 60 + sec) * 1000;
    return sec < 60 && m < 24 * 60;
}

static bool length_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    return span_read(s, minutes, at);
}

bool bt_length_parse(const char *s, struct bt_span *ms)
{
    return span_read(s, minutes, ms);
}

static void length_one(int64_t ms, struct bt_buf *out)
{
    bt_buf_addf(out, "%lld:%02lld", (long long)(ms / 60000), (long long)(ms / 1000 % 60));
}

static bool length_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    const struct bt_span *v = at;
    if (v->most == 0)
        return false;
    length_one(v->least, out);
    if (v->most != v->least) {
        bt_buf_addc(out, '-');
        length_one(v->most, out);
    }
    return true;
}

static bool clock_at(const char **s, int64_t *sec)
{
    const char *p = *s;
    if (strlen(p) < 5 || p[0] < '0' || p[0] > '2' || p[1] < '0' || p[1] > '9' || p[2] != ':' ||
        p[3] < '0' || p[3] > '5' || p[4] < '0' || p[4] > '9')
        return false;
    int64_t h = (p[0] - '0') * 10 + p[1] - '0', m = (p[3] - '0') * 10 + p[4] - '0';
    *sec = h * 3600 + m * 60;
    *s += 5;
    return h < 24;
}

static bool clock_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    int64_t sec;
    if (!clock_at(&s, &sec) || *s)
        return false;
    *(int64_t *)at = sec;
    return true;
}

static bool clock_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    int64_t s = *(const int64_t *)at;
    return s >= 0 && bt_buf_addf(out, "%02d:%02d", (int)(s / 3600 % 24), (int)(s / 60 % 60));
}

/* "-1d 19:00", "08:30", "+1d 02:00" */
static bool moment_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    int64_t day = 0, sec;
    int sign = *s == '-' ? -1 : 1;
    if (*s == '-' || *s == '+') {
        s++;
        if (!digits(&s, &day) || day > 366 || strncmp(s, "d ", 2) != 0)
            return false;
        s += 2;
    }
    if (!clock_at(&s, &sec) || *s)
        return false;
    *(struct bt_moment *)at = (struct bt_moment){sign * (int)day, (int)sec};
    return true;
}

static bool moment_write(const void *at, const char *choices, struct bt_buf *out)
{
    const struct bt_moment *m = at;
    if (m->day)
        bt_buf_addf(out, "%+dd ", m->day);
    return clock_write(&(int64_t){m->s}, choices, out);
}

static bool duration_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    (void)a, (void)choices;
    int64_t whole, part = 0, scale = 1;
    if (!digits(&s, &whole))
        return false;
    if (*s == '.')
        for (s++; *s >= '0' && *s <= '9' && scale < 1000; s++, scale *= 10)
            part = part * 10 + *s - '0';
    for (size_t i = 0; i < BT_LEN(units); i++) {
        if (strcmp(s, units[i].unit) != 0)
            continue;
        *(int64_t *)at = whole * units[i].ms + part * units[i].ms / scale;
        return true;
    }
    return false;
}

static bool duration_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    int64_t ms = *(const int64_t *)at;
    return ms && bt_buf_addf(out, ms % 1000 ? "%lldms" : "%llds",
                             (long long)(ms % 1000 ? ms : ms / 1000));
}

static const struct {
    char unit;
    int64_t bytes;
} sizes[] = {{'T', INT64_C(1) << 40}, {'G', 1 << 30}, {'M', 1 << 20}, {'K', 1 << 10}};

static bool size_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    int64_t n;
    if (!digits(&s, &n) || n > 1000000)
        return false;
    for (size_t i = 0; i < BT_LEN(sizes); i++) {
        if (s[0] != sizes[i].unit || s[1])
            continue;
        *(int64_t *)at = n * sizes[i].bytes;
        return true;
    }
    return false;
}

static bool size_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    int64_t n = *(const int64_t *)at;
    size_t i = 0;
    while (i + 1 < BT_LEN(sizes) && n % sizes[i].bytes)
        i++;
    return n && bt_buf_addf(out, "%lld%c", (long long)(n / sizes[i].bytes), sizes[i].unit);
}

static bool zone_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    int zone;
    if (!bt_zone_parse(s, &zone))
        return false;
    *(int64_t *)at = zone;
    return true;
}

static bool zone_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    int z = (int)*(const int64_t *)at, m = (z < 0 ? -z : z) / 60;
    return bt_buf_addf(out, "%c%02d:%02d", z < 0 ? '-' : '+', m / 60, m % 60);
}

/* "1-5", "1-7", "1,3,5-6": 1 is Monday. */
static bool days_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    int64_t days = 0;
    struct bt_str rest = bt_str(s), piece;
    while (bt_str_cut(&rest, ',', &piece)) {
        struct bt_span d;
        char one[8];
        snprintf(one, sizeof(one), "%.*s", (int)(piece.n < 7 ? piece.n : 7), piece.p);
        if (!span_read(one, digits, &d) || d.least < 1 || d.most > 7)
            return false;
        for (int64_t k = d.least; k <= d.most; k++)
            days |= 1 << (k - 1);
    }
    *(int64_t *)at = days;
    return true;
}

static bool days_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    const char *comma = "";
    for (int i = 0; i < 7; i++)
        if (*(const int64_t *)at >> i & 1) {
            bt_buf_addf(out, "%s%d", comma, i + 1);
            comma = ",";
        }
    return *comma != '\0';
}

static bool date_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    struct bt_civil c;
    return bt_date_parse(s, &c) && text_read(a, s, choices, at);
}

static bool instant_read(struct bt_arena *a, const char *s, const char *choices, void *at)
{
    (void)a, (void)choices;
    struct bt_instant t;
    int zone = 0;
    size_t n = strlen(s);
    bool utc = n && s[n - 1] == 'Z';
    if (!utc && (n < 6 || !bt_zone_parse(s + n - 6, &zone)))
        return false;
    if (!bt_iso_parse(s, zone, &t.utc))
        return false;
    t.zone = zone;
    *(struct bt_instant *)at = t;
    return true;
}

static bool instant_write(const void *at, const char *choices, struct bt_buf *out)
{
    (void)choices;
    const struct bt_instant *t = at;
    char iso[32];
    return t->utc != BT_NO_TIME && bt_buf_adds(out, bt_iso_format(t->utc, (int)t->zone, iso));
}

#define CLOCK "([01][0-9]|2[0-3]):[0-5][0-9]"
#define LENGTH "[0-9]+:[0-5][0-9]"

const struct bt_type bt_type_text = {"…", NULL, text_read, text_write};
const struct bt_type bt_type_name = {"thnm-sang", "[A-Za-z0-9_][A-Za-z0-9_\\-]*", name_read,
                                     text_write};
const struct bt_type bt_type_words = {"nu nam", NULL, words_read, words_write};
const struct bt_type bt_type_choice = {"…", NULL, choice_read, choice_write};
const struct bt_type bt_type_choices = {"wav mp3", NULL, words_read, words_write};
const struct bt_type bt_type_yes = {"yes, no", "yes|no", yes_read, yes_write};
const struct bt_type bt_type_count = {"5", "[0-9]{1,9}", count_read, count_write};
const struct bt_type bt_type_number = {"-23", "[+\\-]?[0-9]+(\\.[0-9]+)?", number_read,
                                       number_write};
const struct bt_type bt_type_counts = {"6-10", "[0-9]+(-[0-9]+)?", counts_read, counts_write};
const struct bt_type bt_type_length = {"10:00, 9:30-10:00", LENGTH "(-" LENGTH ")?", length_read,
                                       length_write};
const struct bt_type bt_type_clock = {"08:45", CLOCK, clock_read, clock_write};
const struct bt_type bt_type_moment = {"08:30, -1d 19:00", "([+\\-][0-9]+d )?" CLOCK, moment_read,
                                       moment_write};
const struct bt_type bt_type_duration = {"3s, 500ms, 26h", "[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)",
                                         duration_read, duration_write};
const struct bt_type bt_type_size = {"20G, 500M", "[0-9]+[KMGT]", size_read, size_write};
const struct bt_type bt_type_zone = {"+07:00", "Z|[+\\-][0-9]{2}:[0-9]{2}", zone_read, zone_write};
const struct bt_type bt_type_days = {"1-7, 1-5, 1,3,5", "[1-7](-[1-7])?(,[1-7](-[1-7])?)*",
                                     days_read, days_write};
const struct bt_type bt_type_date = {"2025-11-25", "[0-9]{4}-[0-9]{2}-[0-9]{2}", date_read,
                                     text_write};
const struct bt_type bt_type_instant = {"2025-11-25T08:45:00+07:00", NULL, instant_read,
                                        instant_write};
