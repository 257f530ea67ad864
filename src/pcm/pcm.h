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

#define BT_RATE 48000  /* of every timeline and delivered file */
#define BT_GRID 1152   /* items begin on multiples of this: one MPEG-1 layer III frame */

struct bt_pcm {
    float *x;
    size_t frames;
    int channels, rate;
};
void bt_pcm_init(struct bt_pcm *p, int rate, int channels, size_t frames); /* silence */
void bt_pcm_finish(struct bt_pcm *p);
/* Decode any file that libsndfile reads (WAV, FLAC, MP3, Ogg), at its own rate and channels. */
bool bt_pcm_load(const char *path, size_t max_frames, struct bt_pcm *out, struct bt_err *err);
/* To another rate (soxr HQ; the same samples whatever is asked around it) and 1 or 2 channels
 * (stereo to mono: the mean of both; mono to stereo: both the same). */
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

struct bt_biquad { /* direct form 1 transposed; R. Bristow-Johnson, Audio EQ Cookbook */
    double b0, b1, b2, a1, a2, z1, z2;
};
void bt_biquad_highpass(struct bt_biquad *f, double rate, double hz, double q);
void bt_biquad_peak(struct bt_biquad *f, double rate, double hz, double q, double db);
void bt_biquad_run(struct bt_biquad *f, float *x, size_t n, int stride);

/* ---- loudness ----------------------------------------------------------------------------- */

struct bt_loud; /* a meter, fed in blocks of any size */
struct bt_level {
    double integrated, range, momentary_max, short_max; /* LUFS, LU; -HUGE_VAL: nothing above the gate */
    double true_peak, sample_peak;                      /* dBTP, dBFS */
};
struct bt_loud *bt_loud_create(int channels, bool dual_mono);
void bt_loud_add(struct bt_loud *m, const float *x, size_t frames);
void bt_loud_get(const struct bt_loud *m, struct bt_level *out);
void bt_loud_destroy(struct bt_loud *m);
double bt_db(double gain);  /* 20 log10 */
double bt_gain(double db);

#endif
