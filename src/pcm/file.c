/* Sound files in, resampling, channels. Knows libsndfile and libsoxr; knows no levels. */
#include "pcm/pcm.h"

#include <math.h>
#include <sndfile.h>
#include <soxr.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CHANNELS = 8, MIN_RATE = 4000, MAX_RATE = 384000, BLOCK = 16384 };

void bt_pcm_init(struct bt_pcm *p, int rate, int channels, size_t frames)
{
    float *x = bt_xcalloc(frames, (size_t)channels * sizeof(*x));
    *p = (struct bt_pcm){x, frames, channels, rate};
}

void bt_pcm_finish(struct bt_pcm *p)
{
    if (!p)
        return;
    free(p->x);
    *p = (struct bt_pcm){0};
}

/* Float files may hold anything; a NaN would live on in every filter behind it. */
static void scrub(float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]))
            x[i] = 0;
}

static bool read_all(SNDFILE *f, size_t max_frames, struct bt_pcm *p)
{
    size_t room = 0, width = (size_t)p->channels;
    for (;;) {
        if (room - p->frames < BLOCK) {
            room = room ? room * 2 : BLOCK;
            p->x = bt_xrealloc(p->x, room, width * sizeof(*p->x));
        }
        sf_count_t got = sf_readf_float(f, p->x + p->frames * width, BLOCK);
        if (got <= 0)
            break;
        scrub(p->x + p->frames * width, (size_t)got * width);
        p->frames += (size_t)got;
        if (p->frames > max_frames)
            return false;
    }
    p->x = bt_xrealloc(p->x, p->frames, width * sizeof(*p->x));
    return true;
}

bool bt_pcm_load(const char *path, size_t max_frames, struct bt_pcm *out, struct bt_err *err)
{
    SF_INFO info = {0};
    struct bt_pcm p = {0};
    bool good = false;
    SNDFILE *f = sf_open(path, SFM_READ, &info);

    if (!f || info.channels < 1 || info.channels > MAX_CHANNELS || info.samplerate < MIN_RATE ||
        info.samplerate > MAX_RATE) {
        bt_fail(err, BT_EINNER, BT_M_PCM_NOT_READ, path, sf_strerror(f));
        goto out;
    }
    p.channels = info.channels;
    p.rate = info.samplerate;
    if (!read_all(f, max_frames, &p)) {
        bt_fail(err, BT_EINNER, BT_M_PCM_TOO_LONG, path, (long)max_frames / p.rate);
        goto out;
    }
    if (p.frames == 0) {
        bt_fail(err, BT_EINNER, BT_M_PCM_EMPTY, path);
        goto out;
    }
    *out = p;
    p = (struct bt_pcm){0};
    good = true;
out:
    bt_pcm_finish(&p);
    if (f)
        sf_close(f);
    return good;
}

static float mean(const float *x, int n)
{
    float sum = 0;
    for (int c = 0; c < n; c++)
        sum += x[c];
    return sum / (float)n;
}

static void channels_convert(const struct bt_pcm *in, int channels, struct bt_pcm *out)
{
    bt_pcm_init(out, in->rate, channels, in->frames);
    if (in->channels == channels) {
        memcpy(out->x, in->x, in->frames * (size_t)channels * sizeof(*out->x));
        return;
    }
    for (size_t i = 0; i < in->frames; i++) {
        const float *from = in->x + i * (size_t)in->channels;
        float *to = out->x + i * (size_t)channels;
        to[0] = channels == 1 ? mean(from, in->channels) : from[0];
        if (channels == 2)
            to[1] = in->channels == 1 ? from[0] : from[1];
    }
}

static bool resample(const struct bt_pcm *in, int rate, struct bt_pcm *out, struct bt_err *err)
{
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    soxr_runtime_spec_t serial = soxr_runtime_spec(1);
    size_t done = 0;
    uint64_t frames =
        ((uint64_t)in->frames * (uint64_t)rate + (uint64_t)in->rate / 2) / (uint64_t)in->rate;
    struct bt_pcm p;
    bt_pcm_init(&p, rate, in->channels, (size_t)frames);
    soxr_error_t e = soxr_oneshot(in->rate, rate, (unsigned)in->channels, in->x, in->frames, NULL,
                                  p.x, p.frames, &done, NULL, &quality, &serial);
    if (e) {
        bt_pcm_finish(&p);
        return bt_fail(err, BT_EINNER, BT_M_PCM_RESAMPLE, soxr_strerror(e));
    }
    *out = p;
    return true;
}

bool bt_pcm_convert(const struct bt_pcm *in, int rate, int channels, struct bt_pcm *out,
                    struct bt_err *err)
{
    struct bt_pcm p;
    if (in->channels == channels && in->rate != rate)
        return resample(in, rate, out, err);
    channels_convert(in, channels, &p);
    if (in->rate == rate) {
        *out = p;
        return true;
    }
    bool good = resample(&p, rate, out, err);
    bt_pcm_finish(&p);
    return good;
}
