/* Which articles belong to this edition, and why each other one does not. Pure: knows no clock, no
 * archive and no file. */
#include "news/parts.h"

#include <stdlib.h>
#include <string.h>

struct picker {
    struct bt_arena *a;
    struct bt_articles *list;
    const struct bt_pick *p;
    const char *segment; /* ours, as compared */
};

static void decide(struct bt_article *t, enum bt_state state, const char *why)
{
    t->state = state;
    t->why = why;
}

/* ---- bulletins ------------------------------------------------------------------------------ */

/* "Bản tin THNM sáng" and "THNM sáng" are one bulletin. */
static const char *segment_key(struct bt_arena *a, const char *name)
{
    static const char *const head[] = {"chuong trinh ", "ban tin ", "chuong trinh "};
    const char *f = bt_tidy(a, bt_str(bt_fold(a, bt_str(name))));
    for (size_t i = 0; i < BT_LEN(head); i++)
        if (strncmp(f, head[i], strlen(head[i])) == 0)
            f += strlen(head[i]);
    return f;
}

static const char *day_words(struct bt_arena *a, int64_t day, int zone)
{
    struct bt_civil c = bt_utc_civil(day, zone);
    return bt_format(a, "%d/%d/%d", c.day, c.mon, c.year);
}

/* True when the source line settles it. */
static bool by_segment(const struct picker *k, struct bt_article *t)
{
    if (!t->segment)
        return false;
    bool ours = k->segment && strcmp(segment_key(k->a, t->segment), k->segment) == 0;
    if (ours && t->segment_day == k->p->day)
        decide(t, BT_AIR, bt_msg(BT_M_WHY_SEGMENT));
    else if (t->segment_day == BT_NO_TIME)
        decide(t, BT_HOLD, bt_format(k->a, bt_msg(BT_M_WHY_OTHER_SEGMENT), t->source));
    else
        decide(t, BT_HOLD,
               bt_format(k->a, bt_msg(BT_M_WHY_OTHER_BULLETIN), t->source,
                         day_words(k->a, t->segment_day, k->p->zone)));
    return true;
}

/* ---- time ----------------------------------------------------------------------------------- */

static void by_window(const struct picker *k, struct bt_article *t)
{
    if (t->published == BT_NO_TIME)
        decide(t, BT_HOLD, bt_msg(BT_M_WHY_NO_TIME));
    else if (t->published < k->p->from)
        decide(t, BT_HOLD, bt_msg(BT_M_WHY_OLD));
    else if (t->published >= k->p->until)
        decide(t, BT_HOLD, bt_msg(BT_M_WHY_LATE));
    else
        decide(t, BT_AIR, bt_msg(BT_M_WHY_WINDOW));
}

/* Embargo and expiry are measured at the end of the window: the edition's own time. */
static bool forbidden(const struct picker *k, struct bt_article *t)
{
    if (t->not_before != BT_NO_TIME && t->not_before > k->p->until)
        decide(t, BT_HOLD, bt_msg(BT_M_WHY_EMBARGO));
    else if (t->expires != BT_NO_TIME && t->expires <= k->p->until)
        decide(t, BT_DROP, bt_msg(BT_M_WHY_EXPIRED));
    else
        return false;
    return true;
}

static bool has_aired(const struct picker *k, struct bt_article *t)
{
    const char *where = k->p->aired ? k->p->aired(k->p->ctx, t) : NULL;
    if (where)
        decide(t, BT_HOLD, bt_format(k->a, bt_msg(BT_M_WHY_AIRED), where));
    return where != NULL;
}

static void judge(const struct picker *k, struct bt_article *t)
{
    if (forbidden(k, t) || has_aired(k, t) || by_segment(k, t))
        return;
    by_window(k, t);
}

/* ---- the same story twice ------------------------------------------------------------------- */

static size_t fullness(const struct bt_article *t)
{
    size_t n = strlen(t->lead);
    for (size_t i = 0; t->whole && i < t->npara; i++)
        n += strlen(t->para[i]);
    return n;
}

/* The one that stays: it may air, its source line names it, it is newer, fuller, first. */
static bool better(const struct bt_article *x, const struct bt_article *y)
{
    if (x->state != y->state)
        return x->state < y->state;
    if ((x->segment != NULL) != (y->segment != NULL))
        return x->segment != NULL;
    if (x->published != y->published)
        return x->published > y->published;
    return fullness(x) > fullness(y);
}

/* Only what is or might come on air is compared: the rest cannot stand beside anything. */
static bool competes(const struct bt_article *t)
{
    return t->state == BT_AIR || (t->state == BT_HOLD && !t->segment);
}

static bool is_twin(const struct bt_article *x, const struct bt_article *y,
                    const struct bt_print *px, const struct bt_print *py)
{
    enum { DAYS = 4 };
    if (strcmp(x->id, y->id) == 0)
        return true;
    if (!competes(x) || !competes(y))
        return false;
    bool dated = x->published != BT_NO_TIME && y->published != BT_NO_TIME;
    if (dated && llabs(x->published - y->published) > (int64_t)DAYS * 86400)
        return false;
    return bt_same_story(px, py);
}

static void drop_twin(const struct picker *k, struct bt_article *x, struct bt_article *y)
{
    struct bt_article *stays = better(y, x) ? y : x, *goes = stays == x ? y : x;
    if (goes->why && strcmp(goes->id, stays->id) == 0)
        goes->id = bt_format(k->a, "%s-%zu", goes->id, (size_t)(goes - k->list->item));
    decide(goes, BT_DROP, bt_format(k->a, bt_msg(BT_M_WHY_TWIN), stays->title));
}

static void drop_twins(const struct picker *k)
{
    struct bt_article *t = k->list->item;
    size_t n = k->list->n;
    struct bt_print *print = bt_alloc(k->a, (n + 1) * sizeof(*print));
    for (size_t i = 0; i < n; i++)
        if (competes(&t[i]))
            print[i] = bt_print_of(k->a, &t[i]);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (t[i].state != BT_DROP && t[j].state != BT_DROP &&
                is_twin(&t[i], &t[j], &print[i], &print[j]))
                drop_twin(k, &t[i], &t[j]);
}

/* ---- number and order ----------------------------------------------------------------------- */

static int by_order(const void *x, const void *y)
{
    const struct bt_article *s = x, *t = y;
    if (s->state != t->state)
        return s->state < t->state ? -1 : 1;
    if (s->priority != t->priority)
        return s->priority - t->priority;
    if (s->published != t->published)
        return s->published > t->published ? -1 : 1;
    return strcmp(s->id, t->id);
}

/* Held only for their age, and not older than a few days: they may fill a thin bulletin. */
static bool may_fill(const struct picker *k, const struct bt_article *t)
{
    if (t->state != BT_HOLD || t->segment || !t->why)
        return false;
    if (t->why == bt_msg(BT_M_WHY_NO_TIME))
        return true;
    return t->why == bt_msg(BT_M_WHY_OLD) &&
           t->published >= k->p->from - (int64_t)BT_FILL_DAYS * 86400;
}

static size_t settle_number(const struct picker *k)
{
    struct bt_article *t = k->list->item;
    size_t n = k->list->n, air = 0;
    for (size_t i = 0; i < n; i++)
        air += t[i].state == BT_AIR;
    for (size_t i = 0; i < n && (int)air < k->p->least; i++)
        if (may_fill(k, &t[i])) {
            decide(&t[i], BT_AIR, bt_msg(BT_M_WHY_FILLS));
            air++;
        }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (t[i].state == BT_AIR && k->p->most > 0 && ++kept > (size_t)k->p->most) {
            decide(&t[i], BT_HOLD, bt_format(k->a, bt_msg(BT_M_WHY_ENOUGH), k->p->most));
            air--;
        }
    return air;
}

size_t bt_pick(struct bt_arena *a, struct bt_articles *list, const struct bt_pick *pick)
{
    struct picker k = {.a = a, .list = list, .p = pick};
    if (pick->segment)
        k.segment = segment_key(a, pick->segment);
    for (size_t i = 0; i < list->n; i++)
        judge(&k, &list->item[i]);
    drop_twins(&k);
    if (list->n)
        qsort(list->item, list->n, sizeof(*list->item), by_order);
    size_t air = settle_number(&k);
    if (list->n)
        qsort(list->item, list->n, sizeof(*list->item), by_order);
    return air;
}
