/* Time: the one place that asks the system, so that a test can move it. */
#include "base/base.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t set_to = BT_NO_TIME;

void bt_clock_set(int64_t utc)
{
    set_to = utc;
}

static int64_t from_environment(void)
{
    const char *s = getenv("BANTIN_NOW");
    if (!s || !*s)
        return BT_NO_TIME;
    int64_t t;
    if (bt_iso_parse(s, 7 * 3600, &t))
        return t;
    char *end;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    if (*end == '\0' && errno == 0)
        return v;
    fprintf(stderr, bt_msg(BT_M_CLOCK_BAD_NOW), s);
    fputc('\n', stderr);
    exit(BT_EUSAGE);
}

int64_t bt_now(void)
{
    if (set_to != BT_NO_TIME)
        return set_to;
    int64_t given = from_environment();
    return given != BT_NO_TIME ? given : (int64_t)time(NULL);
}

int64_t bt_clock_mono(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void bt_clock_sleep(int64_t ms)
{
    if (set_to != BT_NO_TIME)
        return;
    struct timespec ts = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&ts, &ts) != 0 && errno == EINTR)
        continue;
}

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

bool bt_date_valid(int year, int mon, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || mon < 1 || mon > 12 || day < 1)
        return false;
    return day <= days[mon - 1] + (mon == 2 && leap(year));
}

/* Days since 1970-01-01; years counted from March (the usual civil-day arithmetic). */
static int64_t days_from_civil(int y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

int64_t bt_civil_utc(const struct bt_civil *c, int zone)
{
    return days_from_civil(c->year, c->mon, c->day) * 86400 + c->hour * 3600 + c->min * 60 +
           c->sec - zone;
}

struct bt_civil bt_utc_civil(int64_t utc, int zone)
{
    int64_t t = utc + zone;
    int64_t day = t / 86400, sec = t % 86400;
    if (sec < 0) {
        sec += 86400;
        day--;
    }
    day += 719468;
    int64_t era = (day >= 0 ? day : day - 146096) / 146097;
    int64_t doe = day - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    struct bt_civil c;
    c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c.mon = (int)(mp < 10 ? mp + 3 : mp - 9);
    c.year = (int)(yoe + era * 400 + (c.mon <= 2));
    c.hour = (int)(sec / 3600);
    c.min = (int)(sec / 60 % 60);
    c.sec = (int)(sec % 60);
    return c;
}

int bt_weekday(int year, int mon, int day)
{
    int64_t d = days_from_civil(year, mon, day);
    return (int)((d % 7 + 7 + 3) % 7) + 1;
}

static bool digits(const char **s, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if ((*s)[i] < '0' || (*s)[i] > '9')
            return false;
        v = v * 10 + ((*s)[i] - '0');
    }
    *s += n;
    *out = v;
    return true;
}

static bool skip(const char **s, char c)
{
    if (**s != c)
        return false;
    (*s)++;
    return true;
}

static bool zone_at(const char **s, int *zone)
{
    int h, m = 0, sign = **s == '-' ? -1 : 1;
    if (skip(s, 'Z')) {
        *zone = 0;
        return true;
    }
    if (!skip(s, '+') && !skip(s, '-'))
        return false;
    if (!digits(s, 2, &h))
        return false;
    skip(s, ':');
    if (**s && !digits(s, 2, &m))
        return false;
    if (h > 14 || m > 59)
        return false;
    *zone = sign * (h * 3600 + m * 60);
    return true;
}

bool bt_zone_parse(const char *s, int *zone)
{
    int z;
    if (!zone_at(&s, &z) || *s)
        return false;
    *zone = z;
    return true;
}

static bool date_at(const char **s, struct bt_civil *c)
{
    return digits(s, 4, &c->year) && skip(s, '-') && digits(s, 2, &c->mon) && skip(s, '-') &&
           digits(s, 2, &c->day) && bt_date_valid(c->year, c->mon, c->day);
}

bool bt_date_parse(const char *s, struct bt_civil *out)
{
    struct bt_civil c = {0};
    if (!date_at(&s, &c) || *s)
        return false;
    *out = c;
    return true;
}

static bool time_at(const char **s, struct bt_civil *c)
{
    if (!digits(s, 2, &c->hour) || !skip(s, ':') || !digits(s, 2, &c->min))
        return false;
    if (skip(s, ':') && !digits(s, 2, &c->sec))
        return false;
    if (skip(s, '.'))
        while (**s >= '0' && **s <= '9')
            (*s)++;
    return c->hour < 24 && c->min < 60 && c->sec < 61;
}

bool bt_iso_parse(const char *s, int zone, int64_t *utc)
{
    struct bt_civil c = {0};
    if (!date_at(&s, &c))
        return false;
    if (*s) {
        if ((!skip(&s, 'T') && !skip(&s, ' ')) || !time_at(&s, &c))
            return false;
        if (*s && (!zone_at(&s, &zone) || *s))
            return false;
    }
    *utc = bt_civil_utc(&c, zone);
    return true;
}

const char *bt_iso_format(int64_t utc, int zone, char out[32])
{
    struct bt_civil c = bt_utc_civil(utc, zone);
    int z = zone < 0 ? -zone : zone;
    snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", c.year % 10000, c.mon, c.day,
             c.hour, c.min, c.sec, zone < 0 ? '-' : '+', z / 3600 % 100, z / 60 % 60);
    return out;
}

const char *bt_date_format(int64_t utc, int zone, char out[16])
{
    struct bt_civil c = bt_utc_civil(utc, zone);
    snprintf(out, 16, "%04d-%02d-%02d", c.year % 10000, c.mon, c.day);
    return out;
}
