/* The classes' two functions each, for the list in classify.c. */
#ifndef BT_TEXT_CLASS_H
#define BT_TEXT_CLASS_H

#include "text/pass.h"

#define BT_CLASS(name)                                                                             \
    bool bt_##name##_find(struct pass *p, size_t i, struct cand *c);                               \
    void bt_##name##_say(struct pass *p, size_t i, const struct cand *c)

BT_CLASS(cardinal);
BT_CLASS(ordinal);
BT_CLASS(range);
BT_CLASS(fraction);
BT_CLASS(ratio);
BT_CLASS(less);
BT_CLASS(standard);
BT_CLASS(minus);
BT_CLASS(digits);
BT_CLASS(version);
BT_CLASS(date);
BT_CLASS(years);
BT_CLASS(decade);
BT_CLASS(weekday);
BT_CLASS(clock);
BT_CLASS(colon);
BT_CLASS(race);
BT_CLASS(goal);
BT_CLASS(nought);
BT_CLASS(nights);
BT_CLASS(months);
BT_CLASS(tmonth);
BT_CLASS(counted);
BT_CLASS(half_day);
BT_CLASS(hour12);
BT_CLASS(short);
BT_CLASS(prefix);
BT_CLASS(unit);
BT_CLASS(compass);
BT_CLASS(quake);
BT_CLASS(mixed);
BT_CLASS(to);
BT_CLASS(times);
BT_CLASS(per);
BT_CLASS(roman);
BT_CLASS(score);
BT_CLASS(lexicon);
BT_CLASS(alnum);
BT_CLASS(hyphened);
BT_CLASS(strain);
BT_CLASS(doc);
BT_CLASS(plate);
BT_CLASS(flight);
BT_CLASS(vessel);
BT_CLASS(phone);
BT_CLASS(road);
BT_CLASS(address);
BT_CLASS(web);
BT_CLASS(word);
BT_CLASS(highland);
BT_CLASS(korean);
BT_CLASS(possessive);
BT_CLASS(symbol);
BT_CLASS(stop);

#endif
