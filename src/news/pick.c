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
    int *in_section;     /* how many air, of each quota; and of all, with their length */
    int air;
    int64_t ms;
};

static void decide(struct bt_article *t, enum bt_state state, const char *why)
{
    t->state = state;
    t->why = why;
}

/* ---- the station's list --------------------------------------------------------------------- */

static bool fits(const struct picker *k, const struct bt_wished *w, const struct bt_article *t)
{
    if (strcmp(w->what, t->id) == 0)
        return true;
    if (strstr(w->what, "://"))
        return t->url && strcmp(bt_url_identity(k->a, w->what), bt_url_identity(k->a, t->url)) == 0;
    return strstr(bt_fold(k->a, bt_str(t->title)), w->what) != NULL;
}

static const struct bt_wished *wish_of(const struct picker *k, const struct bt_article *t)
{
    for (size_t i = 0; i < k->p->nwished; i++)
        if (fits(k, &k->p->wished[i], t))
            return &k->p->wished[i];
    return NULL;
}

static bool is_kept(const struct bt_article *t)
{
    return t->state == BT_AIR && t->why == bt_msg(BT_M_WHY_KEPT);
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
    const struct bt_wished *w = wish_of(k, t);
    if (w && w->wish == BT_WISH_PRIORITY)
        t->priority = w->priority;
    if (forbidden(k, t))
        return;
    if (w && w->wish == BT_WISH_KEEP)
        decide(t, BT_AIR, bt_msg(BT_M_WHY_KEPT));
    else if (w && w->wish == BT_WISH_HOLD)
        decide(t, BT_HOLD, bt_msg(BT_M_WHY_HELD));
    else if (!has_aired(k, t) && !by_segment(k, t))
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
    if (is_kept(x) != is_kept(y))
        return is_kept(x);
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

static void hold_unapproved(const struct picker *k)
{
    for (size_t i = 0; i < k->list->n && k->p->approved; i++) {
        struct bt_article *t = &k->list->item[i];
        bool approved = t->approved && *t->approved;
        if (!approved && (t->state == BT_AIR || may_fill(k, t)))
            decide(t, BT_HOLD, bt_msg(BT_M_WHY_UNAPPROVED));
    }
}

/* Title, lead and, when it may be read, body, at the presenters' pace, with the pauses around. */
static int64_t estimate(const struct picker *k, const struct bt_article *t)
{
    enum { PACE = 240, PAUSES_MS = 1500 };
    size_t n = bt_syllables(t->title) + bt_syllables(t->lead);
    for (size_t i = 0; t->whole && i < t->npara; i++)
        n += bt_syllables(t->para[i]);
    return (int64_t)n * 60000 / (k->p->pace > 0 ? k->p->pace : PACE) + PAUSES_MS;
}

static const struct bt_quota *quota_of(const struct picker *k, const struct bt_article *t)
{
    for (size_t i = 0; t->section && i < k->p->nquota; i++)
        if (strcmp(bt_fold(k->a, bt_str(t->section)),
                   bt_fold(k->a, bt_str(k->p->quota[i].section))) == 0)
            return &k->p->quota[i];
    return NULL;
}

/* What is full when this story is added; NULL: nothing, and it is counted. */
static const char *admit(struct picker *k, const struct bt_article *t)
{
    const struct bt_pick *p = k->p;
    const struct bt_quota *q = quota_of(k, t);
    int *of_section = q ? &k->in_section[q - p->quota] : NULL;
    int64_t ms = estimate(k, t);
    bool kept = is_kept(t);
    if (!kept && p->most > 0 && k->air >= p->most)
        return bt_format(k->a, bt_msg(BT_M_WHY_ENOUGH), p->most);
    if (!kept && q && q->most > 0 && *of_section >= q->most)
        return bt_format(k->a, bt_msg(BT_M_WHY_QUOTA), q->most, q->section);
    if (!kept && p->length_ms > 0 && k->air >= p->least && k->ms + ms > p->length_ms)
        return bt_format(k->a, bt_msg(BT_M_WHY_LENGTH), (long)(ms / 1000),
                         (long)(p->length_ms / 1000));
    k->air++;
    k->ms += ms;
    if (q)
        ++*of_section;
    return NULL;
}

static bool any_of(const struct picker *k, const struct bt_article *t)
{
    (void)k;
    return t->state == BT_AIR;
}

static bool kept_of(const struct picker *k, const struct bt_article *t)
{
    (void)k;
    return is_kept(t);
}

static bool owed_of(const struct picker *k, const struct bt_article *t)
{
    const struct bt_quota *q = t->state == BT_AIR ? quota_of(k, t) : NULL;
    return q && k->in_section[q - k->p->quota] < q->least;
}

/* Kept ones first, then what the sections are owed, the rest, and older ones while there are too
 * few. */
static size_t settle_number(struct picker *k)
{
    static bool (*const turn[])(const struct picker *,
                                const struct bt_article *) = {kept_of, owed_of, any_of, may_fill};
    struct bt_article *t = k->list->item;
    size_t n = k->list->n;
    bool *in = bt_alloc(k->a, n + 1);
    k->in_section = bt_alloc(k->a, (k->p->nquota + 1) * sizeof(int));
    for (size_t step = 0; step < BT_LEN(turn); step++)
        for (size_t i = 0; i < n; i++) {
            bool fills = turn[step] == may_fill;
            if (in[i] || !turn[step](k, &t[i]) || (fills && k->air >= k->p->least))
                continue;
            const char *full = admit(k, &t[i]);
            in[i] = !full;
            if (full && turn[step] == any_of)
                decide(&t[i], BT_HOLD, full);
            else if (!full && fills)
                decide(&t[i], BT_AIR, bt_msg(BT_M_WHY_FILLS));
        }
    return (size_t)k->air;
}

size_t bt_pick(struct bt_arena *a, struct bt_articles *list, const struct bt_pick *pick)
{
    struct picker k = {.a = a, .list = list, .p = pick};
    if (pick->segment)
        k.segment = segment_key(a, pick->segment);
    for (size_t i = 0; i < list->n; i++)
        judge(&k, &list->item[i]);
    hold_unapproved(&k);
    drop_twins(&k);
    if (list->n)
        qsort(list->item, list->n, sizeof(*list->item), by_order);
    size_t air = settle_number(&k);
    if (list->n)
        qsort(list->item, list->n, sizeof(*list->item), by_order);
    return air;
}
