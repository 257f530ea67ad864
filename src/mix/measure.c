/*
 * The measuring pass: the whole mix heard once, in parts on a fixed grid, on all cores; then the
 * programme's gain, the limiter's curve and every level by arithmetic on what was heard.
 */
#include "mix/timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PART = 300, /* hops */
    LEAD = 2,   /* hops heard before, until the weighing filter has forgotten its start */
    BATCH = 32, /* loud hops looked at with one reader */
    REACH = BT_TAPS / 2,
    TRIES = 5,
};
static const double step_db = 0.1;
/* Under the delivery's peak: what the curve's straight lines, and what a lossy coder, may add. */

struct measure {
    struct bt_timeline *t;
    struct bt_hop *hop; /* before the programme's gain */
    size_t nhop;
    struct bt_hop *heard; /* when not NULL: where `part` puts what gain and curve make of them */
    struct bt_hot *hot;
    size_t nhot;
    double plain, db; /* LUFS before gain; the gain */
};

static bool part(void *ctx, size_t i, struct bt_err *err)
{
    struct measure *m = ctx;
    const struct bt_timeline *t = m->t;
    struct bt_reader *r = bt_reader_create(t);
    struct bt_signal s = bt_reader_signal(r);
    struct bt_loud *loud = bt_loud_create(t->channels, t->d->dual_mono);
    float *x = bt_xcalloc(BT_HOP * (size_t)t->channels, sizeof(*x));
    size_t first = i * PART, n = m->nhop - first < PART ? m->nhop - first : PART, have = 0;
    int64_t at = ((int64_t)first - LEAD) * BT_HOP;
    bool good = true;
    for (size_t k = 0; good && k < n + LEAD + 1; k++, at += BT_HOP) {
        size_t frames = k == n + LEAD ? 2 * REACH : BT_HOP;
        good = m->heard ? s.read(s.ctx, at, frames, x, err) : bt_reader_mix(r, at, frames, x, err);
        if (good)
            bt_loud_add(loud, x, frames);
    }
    if (good)
        memcpy((m->heard ? m->heard : m->hop) + first, bt_loud_hops(loud, &have) + LEAD,
               n * sizeof(*m->hop));
    free(x);
    bt_loud_destroy(loud);
    bt_reader_destroy(r);
    return good;
}

/* ---- the peaks of loud hops ----------------------------------------------------------------- */

static void step_peaks(const float *x, int channels, struct bt_hot *hot)
{
    enum { N = BT_HOP + 2 * REACH };
    float one[N];
    memset(hot->peak, 0, sizeof(hot->peak));
    for (int c = 0; c < channels; c++) {
        for (size_t i = 0; i < N; i++)
            one[i] = x[i * (size_t)channels + (size_t)c];
        for (size_t k = 0; k < BT_HOP_STEPS; k++)
            hot->peak[k] = fmaxf(hot->peak[k], bt_true_peak(one + REACH + k * BT_STEP, BT_STEP));
    }
}

static bool batch(void *ctx, size_t i, struct bt_err *err)
{
    enum { N = BT_HOP + 2 * REACH };
    struct measure *m = ctx;
    const struct bt_timeline *t = m->t;
    struct bt_reader *r = bt_reader_create(t);
    float *x = bt_xcalloc(N * (size_t)t->channels, sizeof(*x));
    bool good = true;
    for (size_t k = i * BATCH; good && k < m->nhot && k < (i + 1) * BATCH; k++) {
        if (m->hot[k].peak[0] >= 0)
            continue;
        good = bt_reader_mix(r, m->hot[k].hop * BT_HOP - REACH, N, x, err);
        if (good)
            step_peaks(x, t->channels, &m->hot[k]);
    }
    free(x);
    bt_reader_destroy(r);
    return good;
}

/* Peaks do not change with the gain: what was looked at stays, and only what is new is. */
static bool hot_find(struct measure *m, double ceiling, struct bt_err *err)
{
    struct bt_hot *all = NULL;
    size_t n = 0, old = 0;
    for (size_t i = 0; i < m->nhop; i++) {
        bool known = old < m->nhot && m->hot[old].hop == (int64_t)i;
        if (!known && (double)m->hop[i].true_peak * m->t->gain <= ceiling)
            continue;
        if ((n & (n - 1)) == 0) /* 0 or a power of two: full */
            all = bt_xrealloc(all, n ? 2 * n : 1, sizeof(*all));
        all[n] = known ? m->hot[old++] : (struct bt_hot){(int64_t)i, {-1}};
        n++;
    }
    free(m->hot);
    m->hot = all;
    m->nhot = n;
    return bt_work((n + BATCH - 1) / BATCH, batch, m, NULL, err);
}

/* ---- what gain and curve make of the hops ---------------------------------------------------- */

static void limited_hop(const struct bt_limit *l, const struct bt_hot *hot, double gain,
                        struct bt_hop *h)
{
    double square = 0, peak = 0;
    for (size_t k = 0; k < BT_HOP_STEPS; k++) {
        double most = (double)fmaxf(l->gain[k], l->gain[k + 1]);
        square += (double)(l->gain[k] * l->gain[k]);
        if (hot)
            peak = fmax(peak, (double)hot->peak[k] * gain * most);
    }
    h->energy *= (float)(square / BT_HOP_STEPS);
    h->momentary *= (float)(square / BT_HOP_STEPS);
    if (hot) {
        h->true_peak = (float)peak;
        h->sample_peak = fminf(h->sample_peak, (float)peak);
    }
}

static void outcome(const struct measure *m, struct bt_hop *out)
{
    const struct bt_timeline *t = m->t;
    float gain = (float)t->gain;
    size_t hot = 0;
    for (size_t i = 0; i < m->nhop; i++) {
        out[i] = (struct bt_hop){m->hop[i].energy * gain * gain, m->hop[i].momentary * gain * gain,
                                 m->hop[i].true_peak * gain, m->hop[i].sample_peak * gain};
        bool loud = hot < m->nhot && m->hot[hot].hop == (int64_t)i;
        const struct bt_limit *l = bt_limit_find(&t->limit, (int64_t)i);
        if (l)
            limited_hop(l, loud ? &m->hot[hot] : NULL, t->gain, &out[i]);
        hot += loud;
    }
}

/* ---- the gain ------------------------------------------------------------------------------- */

/* How far below the asked peak the limiter stays: what decoding adds, the more the coarser. */
static double margin_of(const struct bt_delivery *d)
{
    static const struct {
        const char *as;
        double db;
    } margins[] = {{"wav", 0.1}, {"flac", 0.1}, {"mp3", 1.5},
                   {"ogg", 1.5}, {"opus", 2.5}, {"opus24", 2.5}};
    double most = 0.1;
    for (size_t i = 0; i < d->as.n; i++)
        for (size_t k = 0; k < BT_LEN(margins); k++)
            if (strcmp(d->as.item[i], margins[k].as) == 0)
                most = fmax(most, margins[k].db);
    return most;
}

static double in_steps(double db)
{
    return isfinite(db) ? round(db / step_db) * step_db : 0;
}

/* The limiter takes a little loudness away, so gain and curve are found together. `bias` is what
 * the reckoning by hops was found to be wrong by, LU. */
static bool gain_find(struct measure *m, double bias, struct bt_hop *after, struct bt_err *err)
{
    struct bt_timeline *t = m->t;
    double ceiling = bt_gain(t->d->peak - margin_of(t->d));
    double step = in_steps(t->d->loudness + bias - t->level.integrated);
    for (int i = 0; i < TRIES; i++) {
        m->db += step;
        t->gain = bt_gain(m->db);
        if (!hot_find(m, ceiling, err))
            return false;
        bt_limit_curve(m->hot, m->nhot, t->gain, ceiling, &t->limit);
        outcome(m, after);
        bt_level_of(after, m->nhop, &t->level);
        step = in_steps(t->d->loudness + bias - t->level.integrated);
        if (step == 0)
            break;
    }
    return true;
}

/* The timeline as it will sound, all of it. */
static bool listen(struct measure *m, struct bt_hop *after, struct bt_err *err)
{
    m->heard = after;
    bool good = bt_work((m->nhop + PART - 1) / PART, part, m, NULL, err);
    m->heard = NULL;
    bt_level_of(after, m->nhop, &m->t->level);
    return good;
}

/* Limited hard, a hop loses more than the mean of its gains: what is loud in it is what is pressed.
 * Then the gain is found by ear. */
static bool gain_hear(struct measure *m, struct bt_hop *after, struct bt_err *err)
{
    enum { HEARINGS = 4 };
    static const double much = 0.1, near = 0.05;
    double bias = 0;
    bt_level_of(m->hop, m->nhop, &m->t->level);
    m->plain = m->t->level.integrated;
    bool good = gain_find(m, bias, after, err);
    bool hard = m->plain + m->db - m->t->level.integrated > much;
    for (int i = 0; good && hard && i < HEARINGS; i++) {
        good = listen(m, after, err);
        double off = m->t->d->loudness - m->t->level.integrated;
        if (!good || !isfinite(off) || fabs(off) <= near)
            break;
        bias += off;
        good = gain_find(m, bias, after, err);
    }
    return good;
}

static void cue_levels(struct bt_timeline *t, const struct bt_hop *hop, size_t n)
{
    t->cue_level = bt_alloc(t->a, t->r->ncue * sizeof(*t->cue_level));
    for (size_t i = 0; i < t->r->ncue; i++)
        bt_level_of(hop, 0, &t->cue_level[i]);
    for (size_t i = 0; i < t->nitem; i++) {
        const struct bt_item *item = &t->item[i];
        size_t from = (size_t)(item->from + BT_HOP - 1) / BT_HOP, to = (size_t)item->to / BT_HOP;
        if (!item->sting && from < to && to <= n)
            bt_level_of(hop + from, to - from, &t->cue_level[item->cue]);
    }
}

bool bt_measure(struct bt_timeline *t, struct bt_err *err)
{
    size_t n = (size_t)((t->frames + BT_HOP - 1) / BT_HOP);
    struct measure m = {.t = t, .hop = bt_xcalloc(n, sizeof(*m.hop)), .nhop = n};
    struct bt_hop *after = bt_xcalloc(n, sizeof(*after));
    bool good = bt_work((n + PART - 1) / PART, part, &m, t->ev, err) && gain_hear(&m, after, err);
    if (good)
        cue_levels(t, after, n);
    free(m.hop);
    free(m.hot);
    free(after);
    return good;
}
