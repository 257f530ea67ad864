/*
 * The meter. The sound is weighed here, to libebur128's figures but in half of its time (a sample
 * waits for one product of the last, not for a chain of four); of each 100 ms the energy and the
 * peaks are kept, and gates, ranges and maxima are arithmetic on those (BS.1770-4, EBU Tech 3341
 * and 3342). So any stretch of a sound can be judged again without hearing it again.
 */
#include "pcm/pcm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    REACH = BT_TAPS / 2,
    ROOM = REACH + BT_HOP + REACH,
    BLOCK = 96,    /* true peak is looked for by such blocks */
    MOMENTARY = 4, /* hops */
    SHORT = 30,
    STEPS = 5, /* of a hop: Tech 3341 case 13 wants momentary every 20 ms */
    STEP = BT_HOP / STEPS,
    WINDOW = MOMENTARY * STEPS,
};

struct weigh {
    double v[4]; /* the newest first */
    double sum;  /* of squares, of the step that is being heard */
};

struct bt_loud {
    int channels;
    double weight; /* of a channel */
    struct weigh weigh[2];
    struct bt_hop *hop;
    size_t nhop, npeak, room; /* hops with their energy; hops with their peaks too */
    size_t in_step;           /* frames of the step that is being heard */
    size_t nstep;
    double step[WINDOW]; /* energies of the last steps, at nstep % WINDOW */
    double momentary;    /* the largest of the hop that is being heard */
    float *x;            /* planar, ROOM + REACH each; [REACH] is the first frame of hop npeak */
    size_t fill;
};

double bt_db(double gain)
{
    return gain > 0 ? 20 * log10(gain) : -HUGE_VAL;
}

double bt_gain(double db)
{
    return pow(10, db / 20);
}

static double lufs(double energy)
{
    return energy > 0 ? -0.691 + 10 * log10(energy) : -HUGE_VAL;
}

static double energy_of(double lufs_value)
{
    return pow(10, (lufs_value + 0.691) / 10);
}

struct bt_loud *bt_loud_create(int channels, bool dual_mono)
{
    struct bt_loud *m = bt_xcalloc(1, sizeof(*m));
    m->channels = channels;
    m->x = bt_xcalloc((size_t)channels * (ROOM + REACH), sizeof(*m->x));
    m->fill = REACH;
    m->weight = channels == 1 && dual_mono ? 2 : 1;
    return m;
}

void bt_loud_destroy(struct bt_loud *m)
{
    if (!m)
        return;
    free(m->hop);
    free(m->x);
    free(m);
}

static double last_steps(const struct bt_loud *m, size_t n)
{
    double sum = 0;
    for (size_t i = 1; i <= n && i <= m->nstep; i++)
        sum += m->step[(m->nstep - i) % WINDOW];
    return sum / (double)n;
}

/*
 * K-weighting at 48 kHz: BS.1770-4, tables 1 and 2, both filters as one. b and a are the products
 * of their coefficients.
 */
static void weigh(struct weigh *w, const float *x, size_t n, size_t stride)
{
    static const double b1[] = {1.53512485958697, -2.69169618940638, 1.19839281085285},
                        a1[] = {1, -1.69065929318241, 0.73248077421585}, b2[] = {1, -2, 1},
                        a2[] = {1, -1.99004745483398, 0.99007225036621};
    double b[5] = {0}, a[5] = {0}, sum = w->sum;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            b[i + k] += b1[i] * b2[k];
            a[i + k] += a1[i] * a2[k];
        }
    double v1 = w->v[0], v2 = w->v[1], v3 = w->v[2], v4 = w->v[3];
    for (size_t i = 0; i < n; i++) {
        double rest = (double)x[i * stride] - a[4] * v4 - a[3] * v3 - a[2] * v2;
        double v0 = rest - a[1] * v1;
        double y = b[0] * v0 + b[1] * v1 + b[2] * v2 + b[3] * v3 + b[4] * v4;
        sum += y * y;
        v4 = v3;
        v3 = v2;
        v2 = v1;
        v1 = v0;
    }
    *w = (struct weigh){{v1, v2, v3, v4}, sum};
}

/* A step's end. Silence must not leave numbers so small that the processor takes its time over
 * them. */
static void settle(struct weigh *w)
{
    for (size_t i = 0; i < BT_LEN(w->v); i++)
        if (fabs(w->v[i]) < 1e-30)
            w->v[i] = 0;
    w->sum = 0;
}

static void step_end(struct bt_loud *m)
{
    double sum = 0;
    for (int c = 0; c < m->channels; c++) {
        sum += m->weigh[c].sum;
        settle(&m->weigh[c]);
    }
    m->in_step = 0;
    m->step[m->nstep++ % WINDOW] = m->weight * sum / STEP;
    m->momentary = fmax(m->momentary, last_steps(m, WINDOW));
    if (m->nstep % STEPS)
        return;
    if (m->nhop == m->room) {
        m->room = m->room ? m->room * 2 : 64;
        m->hop = bt_xrealloc(m->hop, m->room, sizeof(*m->hop));
    }
    m->hop[m->nhop++] =
        (struct bt_hop){.energy = (float)last_steps(m, STEPS), .momentary = (float)m->momentary};
    m->momentary = 0;
}

static float sample_peak(const float *x, size_t n)
{
    enum { LANES = 8 };
    float peak[LANES] = {0}, most = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++)
            peak[l] = fabsf(x[i + (size_t)l]) > peak[l] ? fabsf(x[i + (size_t)l]) : peak[l];
    for (int l = 0; l < LANES; l++)
        most = fmaxf(most, peak[l]);
    for (; i < n; i++)
        most = fmaxf(most, fabsf(x[i]));
    return most;
}

/* Oversample what may hold the highest peak: blocks over -7 dBFS, and in quiet hops the loudest. */
static void channel_peaks(const float *x, size_t n, struct bt_hop *h)
{
    float block[ROOM / BLOCK + 1], most = 0;
    for (size_t i = 0; i * BLOCK < n; i++) {
        size_t len = n - i * BLOCK < BLOCK ? n - i * BLOCK : BLOCK;
        block[i] = sample_peak(x + i * BLOCK, len + 1);
        most = fmaxf(most, sample_peak(x + i * BLOCK, len));
    }
    float gate = fminf(0.4467f, 0.84f * most);
    h->sample_peak = fmaxf(h->sample_peak, most);
    h->true_peak = fmaxf(h->true_peak, most);
    for (size_t i = 0; i * BLOCK < n; i++) {
        size_t len = n - i * BLOCK < BLOCK ? n - i * BLOCK : BLOCK;
        if (block[i] >= gate && block[i] > 0)
            h->true_peak = fmaxf(h->true_peak, bt_true_peak(x + i * BLOCK, len));
    }
}

static void hop_peaks(const struct bt_loud *m, size_t n, struct bt_hop *h)
{
    for (int c = 0; c < m->channels; c++)
        channel_peaks(m->x + (size_t)c * (ROOM + REACH) + REACH, n, h);
}

static void keep(struct bt_loud *m, const float *x, size_t frames)
{
    size_t width = (size_t)m->channels;
    for (size_t c = 0; c < width; c++) {
        float *to = m->x + c * (ROOM + REACH) + m->fill;
        for (size_t i = 0; i < frames; i++)
            to[i] = x[i * width + c];
    }
    m->fill += frames;
    if (m->fill < ROOM)
        return;
    hop_peaks(m, BT_HOP, &m->hop[m->npeak++]);
    for (size_t c = 0; c < width; c++) {
        float *channel = m->x + c * (ROOM + REACH);
        memmove(channel, channel + BT_HOP, 2 * REACH * sizeof(*channel));
    }
    m->fill = 2 * REACH;
}

void bt_loud_add(struct bt_loud *m, const float *x, size_t frames)
{
    while (frames > 0) {
        size_t n = STEP - m->in_step;
        if (n > ROOM - m->fill)
            n = ROOM - m->fill;
        if (n > frames)
            n = frames;
        for (int c = 0; c < m->channels; c++)
            weigh(&m->weigh[c], x + c, n, (size_t)m->channels);
        m->in_step += n;
        if (m->in_step == STEP)
            step_end(m);
        keep(m, x, n);
        x += n * (size_t)m->channels;
        frames -= n;
    }
}

const struct bt_hop *bt_loud_hops(const struct bt_loud *m, size_t *n)
{
    *n = m->npeak;
    return m->hop;
}

/* ---- levels from hops --------------------------------------------------------------------- */

/* out[i]: mean energy of `width` hops from i. Returns how many there are. */
static size_t windows(const struct bt_hop *hop, size_t n, size_t width, double *out)
{
    if (n < width)
        return 0;
    for (size_t i = 0; i + width <= n; i++) {
        double sum = 0;
        for (size_t k = 0; k < width; k++)
            sum += (double)hop[i + k].energy;
        out[i] = sum / (double)width;
    }
    return n - width + 1;
}

static double mean_above(const double *e, size_t n, double gate)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (e[i] < gate)
            continue;
        sum += e[i];
        count++;
    }
    return count ? sum / (double)count : 0;
}

static double integrated(const double *e, size_t n)
{
    double silence = energy_of(-70), mean = mean_above(e, n, silence);
    return mean > 0 ? lufs(mean_above(e, n, fmax(silence, mean / 10))) : -HUGE_VAL;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Tech 3342: between the 10 % and the 95 % of what is not 20 LU under the mean. Sorts e. */
static double range(double *e, size_t n)
{
    double silence = energy_of(-70), gate = fmax(silence, mean_above(e, n, silence) / 100);
    qsort(e, n, sizeof(*e), by_value);
    size_t first = 0;
    while (first < n && e[first] < gate)
        first++;
    if (first == n)
        return 0;
    size_t last = n - first - 1;
    return lufs(e[first + (size_t)((double)last * 0.95 + 0.5)]) -
           lufs(e[first + (size_t)((double)last * 0.10 + 0.5)]);
}

/* The first window is whole hops only: what ended in them may have begun before the stretch. */
static double momentary(const struct bt_hop *hop, size_t n, const double *e, size_t count)
{
    double most = count ? e[0] : 0;
    for (size_t i = MOMENTARY; i < n; i++)
        most = fmax(most, (double)hop[i].momentary);
    return lufs(most);
}

static double largest(const double *e, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, e[i]);
    return lufs(most);
}

void bt_level_of(const struct bt_hop *hop, size_t n, struct bt_level *out)
{
    double *e = bt_xcalloc(n, sizeof(*e)), true_peak = 0, peak = 0;
    size_t count = windows(hop, n, MOMENTARY, e);
    struct bt_level l = {.integrated = integrated(e, count),
                         .momentary_max = momentary(hop, n, e, count)};
    count = windows(hop, n, SHORT, e);
    l.short_max = largest(e, count);
    l.range = range(e, count);
    free(e);
    for (size_t i = 0; i < n; i++) {
        true_peak = fmax(true_peak, (double)hop[i].true_peak);
        peak = fmax(peak, (double)hop[i].sample_peak);
    }
    l.true_peak = bt_db(true_peak);
    l.sample_peak = bt_db(peak);
    *out = l;
}

/* The last frames count with silence behind them. */
void bt_loud_get(const struct bt_loud *m, struct bt_level *out)
{
    struct bt_hop tail = {0};
    for (int c = 0; c < m->channels; c++)
        memset(m->x + (size_t)c * (ROOM + REACH) + m->fill, 0, REACH * sizeof(float));
    hop_peaks(m, m->fill - REACH, &tail);
    bt_level_of(m->hop, m->nhop, out);
    out->true_peak = fmax(out->true_peak, bt_db((double)tail.true_peak));
    out->sample_peak = fmax(out->sample_peak, bt_db((double)tail.sample_peak));
}
