/*
 * Hearing a file: decoded once, in blocks, for its level and for stretches of silence, dropouts
 * and clipping. Knows libsndfile and the meter; knows no verdict.
 */
#include "air/proof.h"

#include <math.h>
#include <pthread.h>
#include <sndfile.h>
#include <soxr.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 8192,
    SLOTS = 8,      /* blocks on their way to the meter */
    CLIP = 4,       /* frames at full scale in a row: a clipped crest, not a high sample */
    DROPOUT_MS = 2, /* of exact zeros … */
    LANES = 32,     /* frames looked at together, where a dropout is twice as long */
};
static const float SILENT = 0.001f, FULL = 0.9999f; /* -60 dBFS */
static const float CUT = 0.02f;                     /* … between samples that are far from zero */

struct ear {
    struct bt_heard *h;
    struct bt_loud *meter;
    soxr_t soxr; /* only for another rate */
    float *resampled;
    int64_t at;                 /* frames heard */
    int64_t silent, zero, full; /* frames that the run in hand is long */
    double energy;              /* of the slice in hand */
    int64_t in_slice;
    size_t room;
    float last, before_zero; /* loudest channel of the frame before; of the one before a run */
};

static void count_run(struct bt_runs *r, int64_t end, int64_t length)
{
    if (r->count++ == 0)
        r->first = end - length;
    if (length > r->longest) {
        r->longest = length;
        r->longest_at = end - length;
    }
}

static void end_silence(struct ear *e)
{
    if (e->silent > 0)
        count_run(&e->h->silence, e->at, e->silent);
    e->silent = 0;
}

static void end_full(struct ear *e)
{
    if (e->full >= CLIP)
        count_run(&e->h->clip, e->at, e->full);
    e->full = 0;
}

/* `next`: the frame after the zeros. Speech and pauses begin softly; a lost block does not. */
static void end_zero(struct ear *e, float next)
{
    if (e->zero * 1000 >= (int64_t)DROPOUT_MS * e->h->rate && e->before_zero >= CUT && next >= CUT)
        count_run(&e->h->dropout, e->at, e->zero);
    e->zero = 0;
}

static void hear_frame(struct ear *e, float peak)
{
    if (peak < SILENT)
        e->silent++;
    else if (e->silent)
        end_silence(e);
    if (peak >= FULL)
        e->full++;
    else if (e->full)
        end_full(e);
    if (peak == 0) {
        if (e->zero++ == 0)
            e->before_zero = e->last;
    } else if (e->zero) {
        end_zero(e, peak);
    }
    e->last = peak;
    e->at++;
}

static void end_slice(struct ear *e)
{
    struct bt_heard *h = e->h;
    double mean = e->energy / (double)(e->in_slice * h->channels);
    double db = mean > 0 ? -10 * log10(mean) : 255;
    if (h->nslice == e->room) {
        e->room = e->room ? 2 * e->room : 4096;
        h->slice = bt_xrealloc(h->slice, e->room, 1);
    }
    h->slice[h->nslice++] = (unsigned char)(db < 0 ? 0 : db > 255 ? 255 : db);
    e->energy = 0;
    e->in_slice = 0;
}

/* The loudest channel of each frame, and the energy of them all. */
static double look(const float *x, size_t frames, int channels, float *peak)
{
    enum { WIDTH = 4 }; /* sums that do not wait for each other */
    float energy[WIDTH] = {0};
    size_t n = frames * (size_t)channels, done = 0;
    if (channels == 1)
        for (size_t i = 0; i < frames; i++)
            peak[i] = fabsf(x[i]);
    for (size_t i = 0; i < frames && channels > 1; i++) {
        peak[i] = 0;
        for (int c = 0; c < channels; c++)
            peak[i] = fmaxf(peak[i], fabsf(x[i * (size_t)channels + (size_t)c]));
    }
    for (; done + WIDTH <= n; done += WIDTH)
        for (size_t k = 0; k < WIDTH; k++)
            energy[k] += x[done + k] * x[done + k];
    for (; done < n; done++)
        energy[0] += x[done] * x[done];
    return (double)(energy[0] + energy[1] + (energy[2] + energy[3]));
}

static float largest(const float peak[LANES])
{
    enum { WIDTH = 4 };
    float most[WIDTH] = {0};
    for (size_t i = 0; i < LANES; i += WIDTH)
        for (size_t k = 0; k < WIDTH; k++)
            most[k] = peak[i + k] > most[k] ? peak[i + k] : most[k];
    return fmaxf(fmaxf(most[0], most[1]), fmaxf(most[2], most[3]));
}

/* LANES frames among which is sound, none of it at full scale: runs end in their first frames and
 * begin in their last; one that lies between is too short to count. */
static void hear_sound(struct ear *e, const float peak[LANES])
{
    int64_t at = e->at;
    size_t quiet = 0, zero = 0;
    while (peak[quiet] < SILENT)
        zero += peak[quiet++] == 0 && zero == quiet - 1;
    e->silent += (int64_t)quiet;
    e->at = at + (int64_t)quiet;
    end_silence(e);
    if (!e->zero)
        e->before_zero = e->last;
    e->zero += (int64_t)zero;
    e->at = at + (int64_t)zero;
    end_zero(e, peak[zero]);
    for (size_t i = LANES; peak[i - 1] < SILENT; i--)
        e->silent++;
    for (size_t i = LANES; peak[i - 1] == 0; i--)
        e->zero++;
    if (e->zero)
        e->before_zero = peak[LANES - 1 - (size_t)e->zero];
    e->last = peak[LANES - 1];
    e->at = at + LANES;
}

static void hear_frames(struct ear *e, const float *peak, size_t frames)
{
    bool together = frames == LANES && (int64_t)DROPOUT_MS * e->h->rate >= 2 * LANES * 1000;
    float most = together ? largest(peak) : 0;
    if (most >= SILENT && most < FULL && !e->full) {
        hear_sound(e, peak);
        return;
    }
    for (size_t i = 0; i < frames; i++)
        hear_frame(e, peak[i]);
}

static void hear_runs(struct ear *e, const float *x, size_t frames)
{
    float peak[LANES];
    int64_t slice = e->h->rate / BT_SLICES;
    for (size_t n; frames > 0; frames -= n, x += n * (size_t)e->h->channels) {
        n = frames < LANES ? frames : LANES;
        if ((int64_t)n > slice - e->in_slice)
            n = (size_t)(slice - e->in_slice);
        e->energy += look(x, n, e->h->channels, peak);
        hear_frames(e, peak, n);
        e->in_slice += (int64_t)n;
        if (e->in_slice == slice)
            end_slice(e);
    }
}

/* x NULL: the end. */
static bool measure(struct ear *e, const float *x, size_t frames)
{
    if (!e->meter)
        return true;
    if (!e->soxr) {
        bt_loud_add(e->meter, x, frames);
        return true;
    }
    for (size_t done = 1, used; done > 0;) {
        if (soxr_process(e->soxr, x, frames, &used, e->resampled, BLOCK, &done) != NULL)
            return false;
        bt_loud_add(e->meter, e->resampled, done);
        if (x) {
            x += used * (size_t)e->h->channels;
            frames -= used;
        }
    }
    return true;
}

static bool ear_init(struct ear *e, struct bt_heard *h, bool dual_mono)
{
    *e = (struct ear){.h = h};
    if (h->channels > 2)
        return true; /* no level is told of those */
    e->meter = bt_loud_create(h->channels, dual_mono);
    if (h->rate == BT_RATE)
        return true;
    soxr_quality_spec_t q = soxr_quality_spec(SOXR_HQ, 0);
    soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    soxr_runtime_spec_t run = soxr_runtime_spec(1);
    soxr_error_t bad;
    e->soxr = soxr_create(h->rate, BT_RATE, (unsigned)h->channels, &bad, &io, &q, &run);
    e->resampled = bt_xcalloc((size_t)BLOCK * (size_t)h->channels, sizeof(float));
    return e->soxr != NULL;
}

static void ear_finish(struct ear *e)
{
    soxr_delete(e->soxr);
    bt_loud_destroy(e->meter);
    free(e->resampled);
}

/* ---- the meter beside the decoder ---------------------------------------------------------- */

struct relay {
    struct ear *e;
    float *x; /* SLOTS blocks */
    size_t n[SLOTS], put, got;
    bool end, ok;
    pthread_mutex_t lock;
    pthread_cond_t moved;
};

static float *slot(const struct relay *r, size_t i)
{
    return r->x + (i % SLOTS) * (size_t)BLOCK * (size_t)r->e->h->channels;
}

static void *meter_all(void *ctx)
{
    struct relay *r = ctx;
    pthread_mutex_lock(&r->lock);
    for (;;) {
        while (r->got == r->put && !r->end)
            pthread_cond_wait(&r->moved, &r->lock);
        if (r->got == r->put)
            break;
        size_t i = r->got, n = r->n[i % SLOTS];
        pthread_mutex_unlock(&r->lock);
        bool ok = measure(r->e, slot(r, i), n);
        pthread_mutex_lock(&r->lock);
        r->ok = r->ok && ok;
        r->got++;
        pthread_cond_signal(&r->moved);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

/* The next block's place, when the meter has left it. */
static float *relay_room(struct relay *r)
{
    pthread_mutex_lock(&r->lock);
    while (r->put - r->got == SLOTS)
        pthread_cond_wait(&r->moved, &r->lock);
    pthread_mutex_unlock(&r->lock);
    return slot(r, r->put);
}

static void relay_put(struct relay *r, size_t n)
{
    pthread_mutex_lock(&r->lock);
    r->end = n == 0;
    r->n[r->put % SLOTS] = n;
    r->put += n > 0;
    pthread_cond_signal(&r->moved);
    pthread_mutex_unlock(&r->lock);
}

/* The meter takes as long as the decoder: each has a thread. */
static bool relay_all(struct relay *r, SNDFILE *f)
{
    pthread_t thread;
    bool beside = pthread_create(&thread, NULL, meter_all, r) == 0;
    for (;;) {
        float *x = relay_room(r);
        sf_count_t n = sf_readf_float(f, x, BLOCK);
        relay_put(r, n > 0 ? (size_t)n : 0);
        if (n <= 0)
            break;
        hear_runs(r->e, x, (size_t)n);
        if (!beside) {
            r->ok = measure(r->e, x, (size_t)n) && r->ok;
            r->got = r->put;
        }
    }
    if (beside)
        pthread_join(thread, NULL);
    return r->ok;
}

static bool hear_all(struct ear *e, SNDFILE *f)
{
    struct relay r = {
        .e = e,
        .ok = true,
        .x = bt_xcalloc((size_t)SLOTS * BLOCK * (size_t)e->h->channels, sizeof(float))};
    pthread_mutex_init(&r.lock, NULL);
    pthread_cond_init(&r.moved, NULL);
    bool ok = relay_all(&r, f);
    pthread_cond_destroy(&r.moved);
    pthread_mutex_destroy(&r.lock);
    free(r.x);
    end_silence(e);
    end_full(e);
    e->h->frames = e->at;
    return ok && (!e->soxr || measure(e, NULL, 0)) && sf_error(f) == SF_ERR_NO_ERROR;
}

/* The level of any part follows from these. */
static void keep_hops(const struct bt_loud *m, struct bt_heard *h)
{
    const struct bt_hop *hop = bt_loud_hops(m, &h->nhop);
    h->hop = bt_xcalloc(h->nhop, sizeof(*hop));
    if (h->nhop)
        memcpy(h->hop, hop, h->nhop * sizeof(*hop));
}

bool bt_hear(const char *path, bool dual_mono, struct bt_heard *out, struct bt_err *err)
{
    SF_INFO info = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    if (!f)
        return bt_fail(err, BT_ECHECK, BT_M_PROOF_NOT_DECODED, path, sf_strerror(NULL));
    struct bt_heard h = {
        .promised = info.frames, .channels = info.channels, .rate = info.samplerate};
    struct ear e;
    bool ok = ear_init(&e, &h, dual_mono) && hear_all(&e, f);
    if (ok && e.meter) {
        bt_loud_get(e.meter, &h.level);
        keep_hops(e.meter, &h);
    }
    if (!ok)
        bt_fail(err, BT_ECHECK, BT_M_PROOF_NOT_DECODED, path, sf_strerror(f));
    ear_finish(&e);
    sf_close(f);
    if (ok)
        *out = h;
    else
        free(h.slice);
    return ok;
}
