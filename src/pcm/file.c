/* Sound files in, resampling, channels. Knows libsndfile and libsoxr; knows no levels. */
#include "pcm/pcm.h"

#include <math.h>
#include <sndfile.h>
#include <soxr.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static SNDFILE *opened(SNDFILE *f, const SF_INFO *info, const char *name, struct bt_err *err)
{
    if (f && info->channels >= 1 && info->channels <= MAX_CHANNELS &&
        info->samplerate >= MIN_RATE && info->samplerate <= MAX_RATE)
        return f;
    if (!f && sf_error(NULL) == SF_ERR_UNRECOGNISED_FORMAT)
        bt_fail(err, BT_EINNER, BT_M_PCM_NO_SOUND, name);
    else
        bt_fail(err, BT_EINNER, BT_M_PCM_NOT_READ, name, sf_strerror(f));
    if (f)
        sf_close(f);
    return NULL;
}

static SNDFILE *file_open(const char *path, SF_INFO *info, struct bt_err *err)
{
    *info = (SF_INFO){0};
    if (access(path, R_OK) != 0) { /* libsndfile's own words say less, in English */
        bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, path);
        return NULL;
    }
    return opened(sf_open(path, SFM_READ, info), info, path, err);
}

bool bt_pcm_probe(const char *path, struct bt_err *err)
{
    SF_INFO info;
    SNDFILE *f = file_open(path, &info, err);
    if (f)
        sf_close(f);
    return f != NULL;
}

static bool too_long(const char *path, size_t max_frames, int rate, struct bt_err *err)
{
    return bt_fail(err, BT_EINNER, BT_M_PCM_TOO_LONG, path, (long)max_frames / rate);
}

/* All of f, which is closed. */
static bool load(SNDFILE *f, const SF_INFO *info, const char *name, size_t max_frames,
                 struct bt_pcm *out, struct bt_err *err)
{
    if (!f)
        return false;
    bool good = false;
    struct bt_pcm p = {.channels = info->channels, .rate = info->samplerate};
    if (!read_all(f, max_frames, &p)) {
        too_long(name, max_frames, p.rate, err);
        goto out;
    }
    if (p.frames == 0) {
        bt_fail(err, BT_EINNER, BT_M_PCM_EMPTY, name);
        goto out;
    }
    *out = p;
    p = (struct bt_pcm){0};
    good = true;
out:
    bt_pcm_finish(&p);
    sf_close(f);
    return good;
}

bool bt_pcm_load(const char *path, size_t max_frames, struct bt_pcm *out, struct bt_err *err)
{
    SF_INFO info;
    SNDFILE *f = file_open(path, &info, err);
    return load(f, &info, path, max_frames, out, err);
}

/* ---- bytes as a file ---------------------------------------------------------------------------
 */

struct bytes {
    struct bt_str all;
    sf_count_t at;
};

static sf_count_t bytes_length(void *ctx)
{
    const struct bytes *b = ctx;
    return (sf_count_t)b->all.n;
}

static sf_count_t bytes_seek(sf_count_t to, int whence, void *ctx)
{
    struct bytes *b = ctx;
    sf_count_t end = bytes_length(b), from = whence == SEEK_CUR   ? b->at
                                             : whence == SEEK_END ? end
                                                                  : 0;
    if (to < -from || to > end - from)
        return -1;
    return b->at = from + to;
}

static sf_count_t bytes_read(void *to, sf_count_t n, void *ctx)
{
    struct bytes *b = ctx;
    sf_count_t left = bytes_length(b) - b->at;
    if (n > left)
        n = left;
    if (n > 0)
        memcpy(to, b->all.p + b->at, (size_t)n);
    b->at += n;
    return n;
}

static sf_count_t bytes_tell(void *ctx)
{
    const struct bytes *b = ctx;
    return b->at;
}

bool bt_pcm_decode(struct bt_str bytes, const char *name, size_t max_frames, struct bt_pcm *out,
                   struct bt_err *err)
{
    SF_VIRTUAL_IO io = {bytes_length, bytes_seek, bytes_read, NULL, bytes_tell};
    struct bytes b = {bytes, 0};
    SF_INFO info = {0};
    SNDFILE *f = opened(sf_open_virtual(&io, SFM_READ, &info, &b), &info, name, err);
    return load(f, &info, name, max_frames, out, err);
}

static float mean(const float *x, int n)
{
    float sum = 0;
    for (int c = 0; c < n; c++)
        sum += x[c];
    return sum / (float)n;
}

static void mix_down(const float *from, size_t frames, int in, float *to, int channels)
{
    for (size_t i = 0; i < frames; i++, from += in, to += channels) {
        to[0] = channels == 1 ? mean(from, in) : from[0];
        if (channels == 2)
            to[1] = in == 1 ? from[0] : from[1];
    }
}

static void channels_convert(const struct bt_pcm *in, int channels, struct bt_pcm *out)
{
    bt_pcm_init(out, in->rate, channels, in->frames);
    if (in->channels == channels)
        memcpy(out->x, in->x, in->frames * (size_t)channels * sizeof(*out->x));
    else
        mix_down(in->x, in->frames, in->channels, out->x, channels);
}

/* By blocks, so that the resampler's buffers stay small; the samples are those of one go. */
static soxr_error_t resample_all(soxr_t r, const struct bt_pcm *in, struct bt_pcm *out)
{
    size_t width = (size_t)in->channels, at = 0, to = 0, used = 0, done = 1;
    soxr_error_t e = NULL;
    while (!e && to < out->frames && done > 0) {
        size_t n = in->frames - at < BLOCK ? in->frames - at : BLOCK;
        e = soxr_process(r, n ? in->x + at * width : NULL, n, &used, out->x + to * width,
                         out->frames - to, &done);
        at += used;
        to += done;
        done += n; /* while there is something to give, nothing may come */
    }
    return e;
}

static bool resample(const struct bt_pcm *in, int rate, struct bt_pcm *out, struct bt_err *err)
{
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    soxr_runtime_spec_t serial = soxr_runtime_spec(1);
    soxr_error_t e;
    uint64_t frames =
        ((uint64_t)in->frames * (uint64_t)rate + (uint64_t)in->rate / 2) / (uint64_t)in->rate;
    struct bt_pcm p;
    bt_pcm_init(&p, rate, in->channels, (size_t)frames);
    soxr_t r = soxr_create(in->rate, rate, (unsigned)in->channels, &e, NULL, &quality, &serial);
    if (!e)
        e = resample_all(r, in, &p);
    soxr_delete(r);
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

/* ---- block by block ----------------------------------------------------------------------- */

struct stream {
    const struct bt_sink *to;
    soxr_t soxr; /* NULL: the rate is right */
    int channels;
    float *in, *mixed, *out; /* BLOCK frames each */
};

/* x NULL: the end; what the resampler still holds comes out. */
static bool push(struct stream *s, const float *x, size_t frames, struct bt_err *err)
{
    if (!s->soxr)
        return frames == 0 || s->to->put(s->to->ctx, x, frames, err);
    for (size_t used = 0, done = 1; used < frames || (!x && done > 0);) {
        size_t took = 0;
        soxr_error_t e = soxr_process(s->soxr, x ? x + used * (size_t)s->channels : NULL,
                                      frames - used, &took, s->out, BLOCK, &done);
        if (e)
            return bt_fail(err, BT_EINNER, BT_M_PCM_RESAMPLE, soxr_strerror(e));
        if (done > 0 && !s->to->put(s->to->ctx, s->out, done, err))
            return false;
        used += took;
    }
    return true;
}

static bool pump(SNDFILE *f, const char *path, const SF_INFO *info, size_t max_frames,
                 struct stream *s, struct bt_err *err)
{
    size_t frames = 0;
    for (sf_count_t got; (got = sf_readf_float(f, s->in, BLOCK)) > 0;) {
        frames += (size_t)got;
        if (frames > max_frames)
            return too_long(path, max_frames, info->samplerate, err);
        scrub(s->in, (size_t)got * (size_t)info->channels);
        mix_down(s->in, (size_t)got, info->channels, s->mixed, s->channels);
        if (!push(s, s->mixed, (size_t)got, err))
            return false;
    }
    return frames ? push(s, NULL, 0, err) : bt_fail(err, BT_EINNER, BT_M_PCM_EMPTY, path);
}

static bool resampler_open(struct stream *s, int rate, struct bt_err *err)
{
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    soxr_runtime_spec_t serial = soxr_runtime_spec(1);
    soxr_error_t e = NULL;
    if (rate != BT_RATE)
        s->soxr = soxr_create(rate, BT_RATE, (unsigned)s->channels, &e, NULL, &quality, &serial);
    return !e || bt_fail(err, BT_EINNER, BT_M_PCM_RESAMPLE, soxr_strerror(e));
}

bool bt_pcm_stream(const char *path, size_t max_frames, int channels, const struct bt_sink *to,
                   struct bt_err *err)
{
    SF_INFO info;
    SNDFILE *f = file_open(path, &info, err);
    if (!f)
        return false;
    struct stream s = {.to = to,
                       .channels = channels,
                       .in = bt_xcalloc(BLOCK * (size_t)info.channels, sizeof(float)),
                       .mixed = bt_xcalloc(BLOCK * (size_t)channels, sizeof(float)),
                       .out = bt_xcalloc(BLOCK * (size_t)channels, sizeof(float))};
    bool good =
        resampler_open(&s, info.samplerate, err) && pump(f, path, &info, max_frames, &s, err);
    soxr_delete(s.soxr);
    free(s.in);
    free(s.mixed);
    free(s.out);
    sf_close(f);
    return good;
}
