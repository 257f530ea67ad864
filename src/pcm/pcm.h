/*
 * pcm: sound as numbers. Buffers, sound files in, resampling, filters, loudness and true peak.
 * Leans on libsndfile, libsoxr, libebur128. Samples are float, full scale 1.0, interleaved;
 * lengths are frames; levels are LUFS (ITU-R BS.1770-4), dBTP (BS.1770-4 annex 2), LU.
 *
 * Who owns what: a bt_pcm owns its samples until bt_pcm_finish.
 */
#ifndef BT_PCM_H
#define BT_PCM_H

#include "base/base.h"
#include "host/host.h"

#define BT_RATE 48000 /* of every timeline and delivered file */
#define BT_GRID 1152  /* items begin on multiples of this: one MPEG-1 layer III frame */

struct bt_pcm {
    float *x;
    size_t frames;
    int channels, rate;
};
void bt_pcm_init(struct bt_pcm *p, int rate, int channels, size_t frames); /* silence */
void bt_pcm_finish(struct bt_pcm *p); /* NULL and a zeroed one are fine */
/* Does it open as sound? Nothing is decoded. */
bool bt_pcm_probe(const char *path, struct bt_err *err);
/* Decode any file that libsndfile reads (WAV, FLAC, MP3, Ogg), at its own rate and channels (8 at
 * most). BT_EINNER when it cannot be read, is empty, or is longer than max_frames. */
bool bt_pcm_load(const char *path, size_t max_frames, struct bt_pcm *out, struct bt_err *err);
/* The same of its bytes: no file is opened. `name` stands in the errors. */
bool bt_pcm_decode(struct bt_str bytes, const char *name, size_t max_frames, struct bt_pcm *out,
                   struct bt_err *err);
/*
 * The same file at BT_RATE and 1 or 2 channels, as bt_pcm_convert would make it, handed on block by
 * block: memory does not grow with its length. False when the sink says so, too.
 */
struct bt_sink {
    bool (*put)(void *ctx, const float *x, size_t frames, struct bt_err *err);
    void *ctx;
};
bool bt_pcm_stream(const char *path, size_t max_frames, int channels, const struct bt_sink *to,
                   struct bt_err *err);
/* To another rate (soxr HQ; the same samples whatever is asked around it) and 1 or 2 channels
 * (to mono: the mean of all; mono to stereo: both the same; more to stereo: the first two). */
bool bt_pcm_convert(const struct bt_pcm *in, int rate, int channels, struct bt_pcm *out,
                    struct bt_err *err);

/* Sound that can be read anywhere in any order with the same samples: a timeline, a file. */
struct bt_signal {
    int channels; /* at BT_RATE */
    int64_t frames;
    bool (*read)(void *ctx, int64_t from, size_t n, float *out, struct bt_err *err);
    void *ctx;
};

/* ---- filters ------------------------------------------------------------------------------ */

struct bt_biquad { /* transposed direct form 2; R. Bristow-Johnson, Audio EQ Cookbook */
    double b0, b1, b2, a1, a2, z1, z2;
};
void bt_biquad_highpass(struct bt_biquad *f, double rate, double hz, double q);
void bt_biquad_peak(struct bt_biquad *f, double rate, double hz, double q, double db);
void bt_biquad_run(struct bt_biquad *f, float *x, size_t n, int stride);
/* One after the other over one channel; together they cost little more than one alone. */
void bt_biquads_run(struct bt_biquad *f, size_t count, float *x, size_t n);

/* ---- loudness ----------------------------------------------------------------------------- */

struct bt_loud; /* a meter at BT_RATE, fed in blocks of any size */
struct bt_level {
    double integrated, range, momentary_max,
        short_max;                 /* LUFS, LU; -HUGE_VAL: nothing above the gate */
    double true_peak, sample_peak; /* dBTP, dBFS */
};
/* 1 or 2 channels; dual_mono counts a single one as two (3 LU more). */
struct bt_loud *bt_loud_create(int channels, bool dual_mono);
void bt_loud_add(struct bt_loud *m, const float *x, size_t frames);
void bt_loud_get(const struct bt_loud *m, struct bt_level *out);
void bt_loud_destroy(struct bt_loud *m);
double bt_db(double gain); /* 20 log10 */
double bt_gain(double db);

/* What a meter keeps of each 100 ms; every level follows from these, of any stretch of the sound.
 */
#define BT_HOP (BT_RATE / 10)
struct bt_hop {
    float energy;                 /* mean square, K-weighted, summed over channels */
    float momentary;              /* the largest of the 400 ms that end in it, in steps of 20 ms */
    float true_peak, sample_peak; /* linear */
};
/* The hops whose BT_TAPS / 2 following frames have been heard too. Borrowed until the next add. */
const struct bt_hop *bt_loud_hops(const struct bt_loud *m, size_t *n);
void bt_level_of(const struct bt_hop *hop, size_t n, struct bt_level *out);

/* Largest magnitude of one channel from x[0] to x[n), 4× oversampled (16 taps a phase); the
 * BT_TAPS / 2 frames on either side must be there. */
#define BT_TAPS 16
float bt_true_peak(const float *x, size_t n);

#endif
