/*
 * A speech as float at BT_RATE, its tone shaped: high-pass, bands, compression, gain. The same
 * samples at every call; any thread may call it. Knows numbers; knows no engine.
 */
#include "voice/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Half of full scale: resampling and shaping have 6 dB to rise. */
#define HEADROOM (0.5f / 32768)

/* Feed-forward compression of the envelope, soft by 6 dB around the threshold. */
static double reduction(const struct bt_shape *s, double level)
{
    const double knee = 6;
    double over = level - s->threshold, slope = 1 / s->ratio - 1;
    if (over <= -knee / 2)
        return 0;
    if (over >= knee / 2)
        return slope * over;
    return slope * (over + knee / 2) * (over + knee / 2) / (2 * knee);
}

static void compress(const struct bt_shape *s, float *x, size_t n)
{
    double up = exp(-1 / (s->attack * 0.001 * BT_RATE));
    double down = exp(-1 / (s->release * 0.001 * BT_RATE));
    double mean = exp(-1 / (0.005 * BT_RATE)), power = 0, gain = 0;
    for (size_t i = 0; i < n; i++) {
        power = mean * power + (1 - mean) * x[i] * x[i];
        double want = reduction(s, 10 * log10(power + 1e-12));
        double k = want < gain ? up : down;
        gain = k * gain + (1 - k) * want;
        x[i] *= (float)bt_gain(gain);
    }
}

static void shape(const struct bt_shape *s, float *x, size_t n)
{
    struct bt_biquad f;
    if (s->highpass > 0) {
        f = (struct bt_biquad){0};
        bt_biquad_highpass(&f, BT_RATE, s->highpass, M_SQRT1_2);
        bt_biquad_run(&f, x, n, 1);
    }
    for (size_t i = 0; i < s->nband; i++) {
        f = (struct bt_biquad){0};
        bt_biquad_peak(&f, BT_RATE, s->band[i].hz, s->band[i].q, s->band[i].db);
        bt_biquad_run(&f, x, n, 1);
    }
    if (s->ratio > 1)
        compress(s, x, n);
    float gain = (float)bt_gain(s->gain);
    for (size_t i = 0; i < n && s->gain != 0; i++)
        x[i] *= gain;
}

/* Exactly `frames`, whatever the resampler's rounding was. */
static void fit_length(struct bt_pcm *p, size_t frames)
{
    if (p->frames < frames) {
        p->x = bt_xrealloc(p->x, frames ? frames : 1, sizeof(*p->x));
        memset(p->x + p->frames, 0, (frames - p->frames) * sizeof(*p->x));
    }
    p->frames = frames;
}

bool bt_speech_load(const struct bt_speaker *s, const struct bt_speech *speech, struct bt_pcm *out,
                    struct bt_err *err)
{
    if (speech->raw == 0) {
        bt_pcm_init(out, BT_RATE, 1, 0);
        return true;
    }
    struct bt_pcm in, p;
    int16_t *raw = bt_xcalloc(speech->raw, sizeof(*raw));
    bt_pcm_init(&in, speech->raw_rate, 1, speech->raw);
    bool good = bt_spool_read(s, speech, raw, err);
    for (size_t i = 0; good && i < speech->raw; i++)
        in.x[i] = (float)raw[i] * HEADROOM;
    free(raw);
    good = good && bt_pcm_convert(&in, BT_RATE, 1, &p, err);
    bt_pcm_finish(&in);
    if (!good)
        return false;
    fit_length(&p, (size_t)speech->frames);
    shape(&speech->voice->shape, p.x, p.frames);
    *out = p;
    return true;
}
