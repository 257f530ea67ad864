/*
 * Which form of each story, which rate and how long the pauses, so that the bulletin has its
 * length. Knows durations and priorities; knows no sound and no words.
 */
#include "script/script.h"

#include <math.h>
#include <string.h>

enum { PRIORITIES = 9, COMFORTABLE = 5 };
/* By distance from the measured pace: the first COMFORTABLE are hardly heard. */
static const double rates[] = {1, 1.02, 0.98, 1.04, 0.96, 1.06, 0.94, 1.08, 0.92};

struct fit {
    const struct bt_fit_want *w;
    int *form;
    struct bt_fit_time sum; /* of all that is read, in these forms */
};

struct choice { /* how a try ended: the nearest lengths under and over what is wanted */
    double below, above;
};

static struct bt_fit_time plus(struct bt_fit_time a, struct bt_fit_time b, int sign)
{
    return (struct bt_fit_time){a.speech + sign * b.speech, a.least + sign * b.least,
                                a.usual + sign * b.usual, a.most + sign * b.most};
}

static struct bt_fit_time story_time(const struct fit *f, size_t i)
{
    return f->form[i] == BT_FIT_DROP ? (struct bt_fit_time){0} : f->w->story[i].in[f->form[i]];
}

static void start(struct fit *f)
{
    f->sum = f->w->fixed;
    for (size_t i = 0; i < f->w->n; i++) {
        f->form[i] = (int)f->w->story[i].form;
        f->sum = plus(f->sum, story_time(f, i), 1);
    }
}

static void set_form(struct fit *f, size_t i, int form)
{
    f->sum = plus(f->sum, story_time(f, i), -1);
    f->form[i] = form;
    f->sum = plus(f->sum, story_time(f, i), 1);
}

static bool fewer_than(const struct fit *f, size_t n, int form)
{
    size_t count = 0;
    for (size_t i = 0; i < f->w->n; i++)
        count += f->form[i] < form;
    return count < n;
}

static int64_t priority_of(const struct bt_fit_story *s)
{
    return s->priority < 1 ? 1 : s->priority > PRIORITIES ? PRIORITIES : s->priority;
}

/* The last story of this priority that stands in `form` goes one down. */
static bool shorten(struct fit *f, int64_t priority, int form)
{
    for (size_t i = f->w->n; i-- > 0;)
        if (priority_of(&f->w->story[i]) == priority && f->form[i] == form) {
            set_form(f, i, form + 1);
            return true;
        }
    return false;
}

/* One step shorter: the least important stories lose body, then lead; only when all are headlines
 * do stories go, and one always stays. False at the end. */
static bool step(struct fit *f)
{
    for (int64_t p = PRIORITIES; p >= 1; p--)
        for (int form = BT_FORM_FULL; form < BT_FORM_HEADLINE; form++)
            if (shorten(f, p, form))
                return true;
    if (fewer_than(f, 2, BT_FIT_DROP))
        return false;
    for (int64_t p = PRIORITIES; p >= 1; p--)
        if (shorten(f, p, BT_FORM_HEADLINE))
            return true;
    return false;
}

static double speech_at(const struct fit *f, double rate)
{
    return (double)f->sum.speech * f->w->rate / rate;
}

/* Whether this rate reaches the length by pauses and close alone; else how near it comes. */
static bool reaches(const struct fit *f, double rate, struct choice *near)
{
    const struct bt_fit_want *w = f->w;
    if ((w->slowest > 0 && rate < w->slowest - 1e-6) ||
        (w->fastest > 0 && rate > w->fastest + 1e-6))
        return false;
    double speech = speech_at(f, rate);
    double low = speech + (double)(f->sum.least - w->over + w->margin);
    double high = speech + (double)(f->sum.most + w->slack - w->margin);
    if (low > high) /* the margin is wider than the pauses give */
        low = high = (low + high) / 2;
    if (low > (double)w->length.most) {
        near->above = fmin(near->above, low);
        return false;
    }
    if (high < (double)w->length.least) {
        near->below = fmax(near->below, high);
        return false;
    }
    return true;
}

static bool any_rate(const struct fit *f, size_t n, double *rate, struct choice *near)
{
    for (size_t i = 0; i < n; i++)
        if (reaches(f, rates[i], near)) {
            *rate = rates[i];
            return true;
        }
    return false;
}

/* The fullest forms that one of the first n rates brings to the length. */
static bool try_rates(struct fit *f, size_t n, double *rate, struct choice *near)
{
    start(f);
    do {
        if (any_rate(f, n, rate, near))
            return true;
    } while (step(f));
    return false;
}

/* Nothing reaches it: as short as can be, or as long, whichever is nearer. */
static void nearest(struct fit *f, const struct choice *near, double *rate)
{
    const struct bt_span *want = &f->w->length;
    bool longer = near->above - (double)want->most < (double)want->least - near->below;
    start(f);
    do {
        for (size_t i = 0; i < BT_LEN(rates); i++) {
            struct choice one = {-HUGE_VAL, HUGE_VAL};
            reaches(f, rates[i], &one);
            double off = longer ? one.above - near->above : near->below - one.below;
            *rate = rates[i];
            if (off <= 0)
                return;
        }
    } while (step(f));
}

static double stretch_of(const struct fit *f, double rate)
{
    const struct bt_span *want = &f->w->length;
    double usual = speech_at(f, rate) + (double)f->sum.usual;
    double aim = fmax((double)want->least, fmin((double)want->most, usual));
    double room =
        aim > usual ? (double)(f->sum.most - f->sum.usual) : (double)(f->sum.usual - f->sum.least);
    return room > 0 ? fmax(-1, fmin(1, (aim - usual) / room)) : 0;
}

bool bt_fit(struct bt_arena *a, const struct bt_fit_want *w, struct bt_fit *out)
{
    struct fit f = {.w = w, .form = bt_alloc(a, w->n * sizeof(int))};
    struct choice near = {-HUGE_VAL, HUGE_VAL};
    double rate = 1;
    start(&f);
    bool good = w->length.most <= 0 || try_rates(&f, COMFORTABLE, &rate, &near) ||
                try_rates(&f, BT_LEN(rates), &rate, &near);
    if (!good)
        nearest(&f, &near, &rate);
    *out = (struct bt_fit){.form = f.form,
                           .rate = rate,
                           .stretch = w->length.most > 0 ? stretch_of(&f, rate) : 0,
                           .below = -1,
                           .above = -1};
    if (!good && isfinite(near.below))
        out->below = (int64_t)floor(near.below);
    if (!good && isfinite(near.above))
        out->above = (int64_t)ceil(near.above);
    for (size_t i = 0; i < w->n; i++)
        out->in_form[f.form[i]]++;
    return good;
}
