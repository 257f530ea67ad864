/*
 * A speech as float at BT_RATE, its tone shaped: high-pass, bands, compression, gain. The same
 * samples at every call; any thread may call it. Knows numbers; knows no engine.
 */
#include "voice/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

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

/* The gain is found at each step and goes straight between: 0.7 ms at an engine's 22,050 Hz. */
static void compress(const struct bt_shape *s, float *x, size_t n, int rate, float *told)
{
    enum { STEP = BT_SHAPE_STEP };
    double up = exp(-STEP / (s->attack * 0.001 * rate));
    double down = exp(-STEP / (s->release * 0.001 * rate));
    double mean = exp(-1 / (0.005 * rate)), power = 0, gain = 0, from = 1;
    for (size_t i = 0; i < n; i += STEP) {
        size_t len = n - i < STEP ? n - i : STEP;
        for (size_t k = 0; k < len; k++)
            power = mean * power + (1 - mean) * (double)(x[i + k] * x[i + k]);
        double want = reduction(s, 10 * log10(power + 1e-12));
        double k = want < gain ? up : down;
        gain = k * gain + (1 - k) * want;
        if (told)
            told[i / STEP] = (float)gain;
        double to = bt_gain(gain);
        for (size_t j = 0; j < len; j++)
            x[i + j] *= (float)(from + (to - from) * (double)j / STEP);
        from = to;
    }
}

void bt_shape_run(const struct bt_shape *s, float *x, size_t n, int rate, float *told)
{
    struct bt_biquad f[1 + BT_LEN(s->band)];
    size_t count = 0;
    memset(f, 0, sizeof(f));
    if (s->highpass > 0)
        bt_biquad_highpass(&f[count++], rate, s->highpass, M_SQRT1_2);
    for (size_t i = 0; i < s->nband; i++)
        if (s->band[i].hz < rate * 0.45)
            bt_biquad_peak(&f[count++], rate, s->band[i].hz, s->band[i].q, s->band[i].db);
    bt_biquads_run(f, count, x, n);
    if (s->ratio > 1)
        compress(s, x, n, rate, told);
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

static bool make(const struct bt_speech *speech, struct bt_pcm *out, struct bt_err *err)
{
    struct bt_pcm in;
    int16_t *raw = bt_xmalloc(speech->raw * sizeof(*raw));
    bt_pcm_init(&in, speech->raw_rate, 1, speech->raw);
    bool good = bt_spool_read(speech, raw, err);
    for (size_t i = 0; good && i < speech->raw; i++)
        in.x[i] = (float)raw[i] * BT_SHAPE_HEADROOM;
    free(raw);
    if (good) /* before resampling: less than half of the work */
        bt_shape_run(&speech->voice->shape, in.x, in.frames, in.rate, NULL);
    good = good && bt_pcm_convert(&in, BT_RATE, 1, out, err);
    bt_pcm_finish(&in);
    return good;
}

/* What was said, and how it is shaped. */
bool bt_speech_key(const struct bt_speech *speech, char key[BT_HASH])
{
    const struct bt_shape *s = &speech->voice->shape;
    int16_t *raw = bt_xmalloc(speech->raw * sizeof(*raw));
    struct bt_buf b;
    bt_buf_init(&b, 1 << 16);
    bool good = bt_spool_read(speech, raw, NULL);
    XXH128_hash_t x = XXH3_128bits(raw, good ? speech->raw * sizeof(*raw) : 0);
    free(raw);
    bt_buf_addf(&b, "%s %016llx%016llx %d %lld %a %a %a %a %a %a", BT_VERSION,
                (unsigned long long)x.high64, (unsigned long long)x.low64, speech->raw_rate,
                (long long)speech->frames, s->highpass, s->ratio, s->threshold, s->attack,
                s->release, s->gain);
    for (size_t i = 0; i < s->nband; i++)
        bt_buf_addf(&b, " %a %a %a", s->band[i].hz, s->band[i].db, s->band[i].q);
    bt_sha256(b.p, b.n, key);
    bt_buf_finish(&b);
    return good;
}

bool bt_speech_load(const struct bt_speaker *s, const struct bt_speech *speech, struct bt_pcm *out,
                    struct bt_err *err)
{
    struct bt_pcm p;
    size_t frames = (size_t)speech->frames;
    if (speech->raw == 0) {
        bt_pcm_init(out, BT_RATE, 1, 0);
        return true;
    }
    p = (struct bt_pcm){bt_xmalloc(frames * sizeof(*p.x)), frames, 1, BT_RATE};
    if (!bt_spool_get(s, speech, p.x)) {
        bt_pcm_finish(&p);
        if (!make(speech, &p, err))
            return false;
        fit_length(&p, frames);
        bt_spool_put(s, speech, p.x);
    }
    *out = p;
    return true;
}
