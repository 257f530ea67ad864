/*
 * The meter against EBU Tech 3341 (1-6, 9, 10, 12, 13, 15-19) and Tech 3342 (1-4), synthesised as
 * those papers say. 3341 cases 7 and 8, 3342 cases 5 and 6 are EBU's own recordings, cases 11 and
 * 14 are read on a live display: they are not here. The tones of 15-19 fade in and out over 10 ms:
 * a step in the samples is a true overshoot.
 */
#include "pcm/pcm.h"
#include "tap.h"

#include <ebur128.h>
#include <stdlib.h>

struct part { /* a 1 kHz sine in both channels */
    double seconds, dbfs;
};

static void feed(struct bt_loud *m, double hz, double seconds, double dbfs, size_t *at)
{
    static float x[4801 * 2];
    size_t left = (size_t)llround(seconds * BT_RATE);
    while (left > 0) {
        size_t n = left < 4801 ? left : 4801;
        for (size_t i = 0; i < n; i++, ++*at)
            x[2 * i] = x[2 * i + 1] =
                (float)(bt_gain(dbfs) * sin(2 * M_PI * hz * (double)*at / BT_RATE));
        bt_loud_add(m, x, n);
        left -= n;
    }
}

static struct bt_level measure(const struct part *p, size_t n, int times)
{
    struct bt_loud *m = bt_loud_create(2, false);
    struct bt_level l;
    size_t at = 0;
    for (int t = 0; t < times; t++)
        for (size_t i = 0; i < n; i++)
            feed(m, 1000, p[i].seconds, p[i].dbfs, &at);
    bt_loud_get(m, &l);
    bt_loud_destroy(m);
    return l;
}
#define MEASURE(times, ...)                                                                        \
    measure((struct part[]){__VA_ARGS__},                                                          \
            sizeof((struct part[]){__VA_ARGS__}) / sizeof(struct part), times)

static void test_3341_gates(void)
{
    struct bt_level l = MEASURE(1, {20, -23});
    near(l.integrated, -23, 0.1, "Tech 3341 case 1: integrated");
    near(l.momentary_max, -23, 0.1, "Tech 3341 case 1: momentary");
    near(l.short_max, -23, 0.1, "Tech 3341 case 1: short-term");
    l = MEASURE(1, {20, -33});
    near(l.integrated, -33, 0.1, "Tech 3341 case 2: integrated");
    near(l.short_max, -33, 0.1, "Tech 3341 case 2: short-term");
    l = MEASURE(1, {10, -36}, {60, -23}, {10, -36});
    near(l.integrated, -23, 0.1, "Tech 3341 case 3: the relative gate");
    l = MEASURE(1, {10, -72}, {10, -36}, {60, -23}, {10, -36}, {10, -72});
    near(l.integrated, -23, 0.1, "Tech 3341 case 4: both gates");
    l = MEASURE(1, {20, -26}, {20.1, -20}, {20, -26});
    near(l.integrated, -23, 0.1, "Tech 3341 case 5: nothing is gated");
}

/* Case 6 is 5.1: its weights are libebur128's; ours are the two channels of a bulletin. */
static void test_3341_channels(void)
{
    static const struct {
        unsigned channel;
        double dbfs;
    } at[] = {{EBUR128_LEFT, -28},   {EBUR128_RIGHT, -28},         {EBUR128_CENTER, -24},
              {EBUR128_UNUSED, -96}, {EBUR128_LEFT_SURROUND, -30}, {EBUR128_RIGHT_SURROUND, -30}};
    static float x[4800 * 6];
    ebur128_state *st = ebur128_init(6, BT_RATE, EBUR128_MODE_I);
    for (unsigned c = 0; c < 6; c++) {
        ebur128_set_channel(st, c, (int)at[c].channel);
        for (size_t i = 0; i < 4800; i++)
            x[i * 6 + c] =
                at[c].channel == EBUR128_UNUSED
                    ? 0
                    : (float)(bt_gain(at[c].dbfs) * sin(2 * M_PI * 1000 * (double)i / BT_RATE));
    }
    for (int i = 0; i < 200; i++)
        ebur128_add_frames_float(st, x, 4800);
    double l;
    ebur128_loudness_global(st, &l);
    ebur128_destroy(&st);
    near(l, -23, 0.1, "Tech 3341 case 6: the weights of 5.1");
}

static void test_3341_windows(void)
{
    struct bt_level l = MEASURE(5, {1.34, -20}, {1.66, -30});
    near(l.short_max, -23, 0.1, "Tech 3341 case 9: short-term is -23 from 3 s on");
    near(l.integrated, -23, 0.5, "Tech 3341 case 9: and so is the whole, nearly");
    l = MEASURE(25, {0.18, -20}, {0.22, -30});
    near(l.momentary_max, -23, 0.1, "Tech 3341 case 12: momentary is -23 from 0.4 s on");
    for (int i = 0; i < 20; i++) {
        l = MEASURE(1, {i * 0.15, -200}, {3, -23}, {1, -200});
        char name[80];
        snprintf(name, sizeof(name), "Tech 3341 case 10, offset %.2f s", i * 0.15);
        near(l.short_max, -23, 0.1, name);
        l = MEASURE(1, {i * 0.02, -200}, {0.4, -23}, {1, -200});
        snprintf(name, sizeof(name), "Tech 3341 case 13, offset %.2f s", i * 0.02);
        near(l.momentary_max, -23, 0.1, name);
    }
}

static double fade(size_t i, size_t n)
{
    double edge = i < n - i ? (double)i : (double)(n - i);
    return fmin(1, edge / 480);
}

static void true_peak(double cycles, double degrees, double amplitude, double want,
                      const char *name)
{
    enum { N = BT_RATE };
    static float x[N * 2];
    struct bt_level l;
    for (size_t i = 0; i < N; i++)
        x[2 * i] = x[2 * i + 1] =
            (float)(fade(i, N) * amplitude *
                    sin(2 * M_PI * cycles * (double)i + degrees * M_PI / 180));
    struct bt_loud *m = bt_loud_create(2, false);
    bt_loud_add(m, x, N);
    bt_loud_get(m, &l);
    bt_loud_destroy(m);
    ok(l.true_peak <= want + 0.2 && l.true_peak >= want - 0.4, name);
    if (fabs(l.true_peak - want) > 0.4)
        printf("# got %g\n", l.true_peak);
}

static void test_3341_peaks(void)
{
    true_peak(1.0 / 4, 0, 0.5, -6, "Tech 3341 case 15: fs/4, 0°");
    true_peak(1.0 / 4, 45, 0.5, -6, "Tech 3341 case 16: fs/4, 45°");
    true_peak(1.0 / 6, 60, 0.5, -6, "Tech 3341 case 17: fs/6, 60°");
    true_peak(1.0 / 8, 67.5, 0.5, -6, "Tech 3341 case 18: fs/8, 67.5°");
    true_peak(1.0 / 4, 45, 1.41, 3, "Tech 3341 case 19: fs/4, 45°, over full scale");
    true_peak(1.0 / 4, 45, 0.05, -26, "and quiet sounds are not taken for their samples");
}

static void test_3342(void)
{
    near(MEASURE(1, {20, -20}, {20, -30}).range, 10, 1, "Tech 3342 case 1");
    near(MEASURE(1, {20, -20}, {20, -15}).range, 5, 1, "Tech 3342 case 2");
    near(MEASURE(1, {20, -40}, {20, -20}).range, 20, 1, "Tech 3342 case 3");
    near(MEASURE(1, {20, -50}, {20, -35}, {20, -20}, {20, -35}, {20, -50}).range, 15, 1,
         "Tech 3342 case 4");
}

/* ---- our arithmetic against the library's own -------------------------------------------- */

enum { NOISE = 30 * BT_RATE + 777 };

static float *noise_make(void)
{
    float *x = bt_xcalloc(NOISE, sizeof(*x));
    uint32_t s = 1;
    double last[2] = {0}; /* smoothed: next to half the rate no two oversamplers agree */
    for (size_t i = 0; i < NOISE; i++) {
        s = s * 1664525u + 1013904223u;
        double swing = 0.02 + 0.4 * fabs(sin((double)i / 50000));
        double now = swing * ((double)(s >> 8) / 8388608.0 - 1);
        x[i] = (float)((last[0] + last[1] + now) / 2);
        last[0] = last[1];
        last[1] = now;
    }
    return x;
}

static void test_library(const float *x)
{
    struct bt_level l;
    double want, peak;
    ebur128_state *st =
        ebur128_init(1, BT_RATE, EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
    ebur128_set_channel(st, 0, EBUR128_DUAL_MONO);
    ebur128_add_frames_float(st, x, NOISE);
    struct bt_loud *m = bt_loud_create(1, true);
    bt_loud_add(m, x, NOISE);
    bt_loud_get(m, &l);
    ebur128_loudness_global(st, &want);
    near(l.integrated, want, 0.01, "integrated, dual mono: as libebur128 alone");
    ebur128_loudness_range(st, &want);
    near(l.range, want, 0.5, "range: as libebur128 alone");
    ebur128_true_peak(st, 0, &peak);
    near(l.true_peak, bt_db(peak), 0.3, "true peak: as libebur128 alone");
    ebur128_sample_peak(st, 0, &peak);
    near(l.sample_peak, bt_db(peak), 1e-4, "sample peak: as libebur128 alone");
    ebur128_destroy(&st);
    bt_loud_destroy(m);
}

/* Window by window, in one channel and in two. */
static void test_weighing(const float *x, int channels)
{
    enum { WINDOW = 4 * BT_HOP };
    struct bt_loud *m = bt_loud_create(channels, false);
    ebur128_state *st = ebur128_init((unsigned)channels, BT_RATE, EBUR128_MODE_M);
    double worst = 0, want;
    size_t frames = NOISE / (size_t)channels, n;
    bt_loud_add(m, x, frames);
    const struct bt_hop *hop = bt_loud_hops(m, &n);
    for (size_t i = 0; i + 4 <= n; i += 4, x += WINDOW * channels) {
        double got = 0;
        for (size_t k = i; k < i + 4; k++)
            got += (double)hop[k].energy / 4;
        ebur128_add_frames_float(st, x, WINDOW);
        ebur128_loudness_momentary(st, &want);
        worst = fmax(worst, fabs(-0.691 + 10 * log10(got) - want));
    }
    near(worst, 0, 1e-5, channels == 1 ? "weighed as by libebur128" : "and two channels");
    ebur128_destroy(&st);
    bt_loud_destroy(m);
}

static void test_blocks(const float *x)
{
    struct bt_level whole, parts;
    struct bt_loud *a = bt_loud_create(1, false), *b = bt_loud_create(1, false);
    bt_loud_add(a, x, NOISE);
    for (size_t i = 0, n = 1; i < NOISE; i += n, n = n * 7 % 9973 + 1)
        bt_loud_add(b, x + i, n < NOISE - i ? n : NOISE - i);
    bt_loud_get(a, &whole);
    bt_loud_get(b, &parts);
    ok(memcmp(&whole, &parts, sizeof(whole)) == 0, "the same in blocks of any size");
    size_t n, k;
    const struct bt_hop *hop = bt_loud_hops(a, &n);
    is_int((long long)n, 300, "one hop each 100 ms");
    bt_loud_hops(b, &k);
    is_int((long long)k, 300, "whatever the blocks");
    bt_level_of(hop + 100, 100, &parts);
    bt_loud_destroy(b);
    b = bt_loud_create(1, false);
    bt_loud_add(b, x + 10 * BT_RATE, 10 * BT_RATE);
    bt_loud_get(b, &whole);
    near(parts.integrated, whole.integrated, 0.02, "a stretch of hops is as that stretch alone");
    near(parts.sample_peak, whole.sample_peak, 1e-6, "its peak too");
    bt_loud_destroy(a);
    bt_loud_destroy(b);
}

static void test_edges(void)
{
    struct bt_level l;
    struct bt_loud *m = bt_loud_create(1, false);
    bt_loud_get(m, &l);
    ok(l.integrated == -HUGE_VAL && l.true_peak == -HUGE_VAL,
       "nothing heard: nothing above the gate");
    float silence[4800] = {0}, click[1] = {0.5f};
    for (int i = 0; i < 50; i++)
        bt_loud_add(m, silence, 4800);
    bt_loud_get(m, &l);
    ok(l.integrated == -HUGE_VAL && l.short_max == -HUGE_VAL && l.range == 0, "silence is silence");
    bt_loud_add(m, click, 1);
    bt_loud_get(m, &l);
    near(l.sample_peak, -6.02, 0.01, "the last frame counts for the peak");
    bt_loud_destroy(m);
    bt_loud_destroy(NULL);
    near(bt_db(bt_gain(-7.25)), -7.25, 1e-9, "gain and dB undo each other");
}

int main(void)
{
    test_3341_gates();
    test_3341_channels();
    test_3341_windows();
    test_3341_peaks();
    test_3342();
    float *x = noise_make();
    test_library(x);
    test_weighing(x, 1);
    test_weighing(x, 2);
    test_blocks(x);
    free(x);
    test_edges();
    return done();
}
