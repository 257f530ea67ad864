/* Which edition is due, and until when. Knows the programme's days and zone; never the machine's.
 */
#include "desk/tier.h"

static bool due_at(struct bt_arena *a, const struct bt_programme *p, const struct bt_civil *day,
                   struct bt_due *out)
{
    struct bt_civil midnight = {.year = day->year, .mon = day->mon, .day = day->day};
    int64_t start = bt_civil_utc(&midnight, (int)p->zone);
    *out = (struct bt_due){
        .p = p,
        .date = bt_format(a, "%04d-%02d-%02d", day->year, day->mon, day->day),
        .air = start + p->air_s,
        .deadline = start + (p->deadline_s >= 0 ? p->deadline_s : p->air_s),
    };
    return true;
}

bool bt_due_on(struct bt_arena *a, const struct bt_programme *p, const char *date,
               struct bt_due *out, struct bt_err *err)
{
    struct bt_civil day;
    if (!bt_date_parse(date, &day))
        return bt_fail(err, BT_EUSAGE, BT_M_DATE_WRONG, date);
    return due_at(a, p, &day, out);
}

bool bt_due_today(struct bt_arena *a, const struct bt_programme *p, struct bt_due *out,
                  struct bt_err *err)
{
    (void)err;
    struct bt_civil day = bt_utc_civil(bt_now(), (int)p->zone);
    return due_at(a, p, &day, out);
}

bool bt_due_last(struct bt_arena *a, const struct bt_programme *p, struct bt_due *out,
                 struct bt_err *err)
{
    int64_t now = bt_now();
    for (int back = 0; back <= 7; back++) {
        struct bt_civil day = bt_utc_civil(now - back * INT64_C(86400), (int)p->zone);
        due_at(a, p, &day, out);
        if (out->deadline <= now && bt_due_airs(out))
            return true;
    }
    return bt_due_today(a, p, out, err);
}

bool bt_due_airs(const struct bt_due *due)
{
    struct bt_civil c = bt_utc_civil(due->air, (int)due->p->zone);
    return due->p->days >> (bt_weekday(c.year, c.mon, c.day) - 1) & 1;
}
