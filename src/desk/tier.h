/* desk only: tiers, and what is due. */
#ifndef BT_TIER_H
#define BT_TIER_H

#include "desk/desk.h"

struct bt_due { /* one edition that is to go out */
    const struct bt_programme *p;
    const char *date;
    const char *out;       /* --out, or NULL */
    int64_t air, deadline; /* UTC seconds */
};
/* The edition of a date; of the local day of now. BT_EUSAGE: no date. */
bool bt_due_on(struct bt_arena *a, const struct bt_programme *p, const char *date,
               struct bt_due *out, struct bt_err *err);
bool bt_due_today(struct bt_arena *a, const struct bt_programme *p, struct bt_due *out,
                  struct bt_err *err);
/* The newest one whose deadline has passed. */
bool bt_due_last(struct bt_arena *a, const struct bt_programme *p, struct bt_due *out,
                 struct bt_err *err);
/* Does the programme air on its weekday? */
bool bt_due_airs(const struct bt_due *due);
/* Publish the last good edition, or the evergreen file, as this edition. *done: every one was there
 * already, of whatever tier. */
bool bt_tier_take(struct bt_arena *a, enum bt_tier tier, const struct bt_due *due, bool again,
                  bool *done, struct bt_err *err);

#endif
