/*
 * The true-peak limiter's curve: made once from the peaks of the loud steps, kept only where it is
 * not 1, so that what never reaches the ceiling keeps its bits. Knows no sound, only peaks.
 */
#include "mix/timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    AHEAD = 3,     /* steps of look-ahead: 6 ms down … */
    RELEASE = 100, /* … and 200 ms from silence up */
    BEFORE = 1,    /* hops that a group's curve may reach before and after its loud ones */
    AFTER = 1 + (RELEASE + AHEAD) / BT_HOP_STEPS,
};

/* What each step may be multiplied by; a step's two ends both obey it. */
static void need_fill(const struct bt_hot *hot, size_t n, int64_t first, double gain,
                      double ceiling, float *need)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < BT_HOP_STEPS; k++) {
            double peak = (double)hot[i].peak[k] * gain;
            size_t at = (size_t)(hot[i].hop - first) * BT_HOP_STEPS + k;
            float allowed = peak > ceiling ? (float)(ceiling / peak) : 1;
            need[at] = fminf(need[at], allowed);
            need[at + 1] = fminf(need[at + 1], allowed);
        }
}

static float least_around(const float *x, size_t n, size_t at)
{
    float least = 1;
    size_t from = at > AHEAD ? at - AHEAD : 0, to = at + AHEAD < n ? at + AHEAD : n - 1;
    for (size_t i = from; i <= to; i++)
        least = fminf(least, x[i]);
    return least;
}

/* A moving mean over a moving least never exceeds what the middle needs. */
static void smooth(float *need, float *held, size_t n)
{
    float last = 1;
    for (size_t i = 0; i < n; i++)
        last = held[i] = fminf(least_around(need, n, i), last + 1.0f / RELEASE);
    for (size_t i = 0; i < n; i++) {
        float sum = 0;
        for (size_t k = i > AHEAD ? i - AHEAD : 0; k <= i + AHEAD; k++)
            sum += k < n ? held[k] : 1;
        need[i] = i < AHEAD ? held[i] : fminf(sum / (2 * AHEAD + 1), 1);
    }
}

static bool all_one(const float *g)
{
    for (size_t k = 0; k <= BT_HOP_STEPS; k++)
        if (g[k] < 1)
            return false;
    return true;
}

/* hot[0..n) stand near enough for one release to run into the next. */
static void group(const struct bt_hot *hot, size_t n, double gain, double ceiling,
                  struct bt_limits_curve *out)
{
    int64_t first = hot[0].hop - BEFORE, hops = hot[n - 1].hop + AFTER + 1 - first;
    size_t steps = (size_t)hops * BT_HOP_STEPS + 1;
    float *need = bt_xcalloc(steps, sizeof(*need)), *held = bt_xcalloc(steps, sizeof(*held));
    for (size_t i = 0; i < steps; i++)
        need[i] = 1;
    need_fill(hot, n, first, gain, ceiling, need);
    smooth(need, held, steps);
    for (int64_t h = 0; h < hops; h++) {
        const float *g = need + h * BT_HOP_STEPS;
        if (all_one(g))
            continue;
        struct bt_limit *l = &out->hop[out->n++];
        l->hop = first + h;
        memcpy(l->gain, g, sizeof(l->gain));
    }
    free(need);
    free(held);
}

void bt_limit_curve(const struct bt_hot *hot, size_t n, double gain, double ceiling,
                    struct bt_limits_curve *out)
{
    free(out->hop);
    *out = (struct bt_limits_curve){NULL, 0};
    if (n == 0)
        return;
    out->hop = bt_xcalloc(n * (BEFORE + 1 + AFTER), sizeof(*out->hop));
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && hot[to].hop - hot[to - 1].hop <= BEFORE + AFTER; to++)
            ;
        group(hot + from, to - from, gain, ceiling, out);
    }
    out->hop = bt_xrealloc(out->hop, out->n, sizeof(*out->hop));
}

const struct bt_limit *bt_limit_find(const struct bt_limits_curve *c, int64_t hop)
{
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->hop[middle].hop < hop)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->n && c->hop[low].hop == hop ? &c->hop[low] : NULL;
}

static void hop_apply(const struct bt_limit *l, size_t from, size_t n, int channels, float *x)
{
    for (size_t i = from; i < from + n; i++, x += channels) {
        size_t step = i / BT_STEP;
        float part = (float)(i % BT_STEP) / BT_STEP;
        float gain = l->gain[step] + (l->gain[step + 1] - l->gain[step]) * part;
        for (int c = 0; c < channels; c++)
            x[c] *= gain;
    }
}

void bt_limit_apply(const struct bt_limits_curve *c, int64_t from, size_t n, int channels, float *x)
{
    while (n > 0) {
        int64_t hop = from >= 0 ? from / BT_HOP : -1;
        size_t at = from >= 0 ? (size_t)(from % BT_HOP) : 0;
        size_t count = from >= 0 ? BT_HOP - at : (size_t)-from;
        if (count > n)
            count = n;
        const struct bt_limit *l = bt_limit_find(c, hop);
        if (l)
            hop_apply(l, at, count, channels, x);
        x += count * (size_t)channels;
        from += (int64_t)count;
        n -= count;
    }
}
