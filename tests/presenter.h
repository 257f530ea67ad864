/*
 * A presenter, measured: what is spoken, its spectrum, its intelligibility in a car, what the
 * compressor does, its pace. Shared by the unit test, which holds the bounds, and the benchmark,
 * which prints the figures. Knows no other tool; tones and F0 are left to scripts/bench-voice.
 */
#ifndef BT_PRESENTER_H
#define BT_PRESENTER_H

#include "voice/engine.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FFT = 8192 };

/* Third octaves: speech's long-term level (Byrne et al. 1994, dB SPL, both sexes) and the weight of
 * the band for intelligibility (ANSI S3.5-1997, table 3). */
static const struct third {
    double hz, speech, weight;
} thirds[] = {{160, 0, .0083},     {200, 60.2, .0095},  {250, 60.3, .0150},  {315, 59.0, .0289},
              {400, 62.1, .0440},  {500, 62.1, .0578},  {630, 60.5, .0653},  {800, 56.8, .0711},
              {1000, 53.7, .0818}, {1250, 53.0, .0844}, {1600, 52.0, .0882}, {2000, 48.7, .0898},
              {2500, 48.1, .0868}, {3150, 46.8, .0844}, {4000, 45.6, .0771}, {5000, 44.5, .0527},
              {6300, 44.3, .0364}, {8000, 43.7, .0185}};

struct presenter { /* what was measured */
    double sii;    /* in car noise 15 dB over the speech's −23 LUFS */
    double estoi;  /* in the same noise */
    double off;    /* dB: the third octave that is farthest from speech, 200 Hz – 8 kHz */
    double dev[BT_LEN(thirds)]; /* each, around the mean; the first is not counted */
    double snr[BT_LEN(thirds)]; /* each, dB over the car */
    double reduction;           /* dB: not more for 95 % of the time */
    double most_band;           /* dB: the most that all bands together raise or cut anywhere */
    double pace;                /* syllables a minute, pauses included */
};

static void fft(double *re, double *im, size_t n)
{
    static double turn[FFT / 2][2]; /* for n up to FFT */
    for (size_t k = FFT / 2; turn[0][0] == 0 && k-- > 0;) {
        turn[k][0] = cos(2 * M_PI * (double)k / FFT);
        turn[k][1] = -sin(2 * M_PI * (double)k / FFT);
    }
    for (size_t i = 1, j = 0; i < n; i++) {
        size_t bit = n >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            double r = re[i], m = im[i];
            re[i] = re[j], im[i] = im[j];
            re[j] = r, im[j] = m;
        }
    }
    for (size_t len = 2; len <= n; len <<= 1)
        for (size_t k = 0; k < len / 2; k++) {
            double c = turn[k * (FFT / len)][0], s = turn[k * (FFT / len)][1];
            for (size_t i = k; i < n; i += len) {
                size_t j = i + len / 2;
                double r = re[j] * c - im[j] * s, m = re[j] * s + im[j] * c;
                re[j] = re[i] - r, im[j] = im[i] - m;
                re[i] += r, im[i] += m;
            }
        }
}

#include "estoi.h"

/* Welch's mean of Hann windows that overlap by half: mean square in each bin, one-sided. Two
 * windows at a time, as real and imaginary part. */
static void spectrum(const float *x, size_t n, double power[FFT / 2 + 1])
{
    static double re[FFT], im[FFT], hann[FFT];
    size_t count = 0;
    for (size_t i = 0; i < FFT; i++)
        hann[i] = 0.5 - 0.5 * cos(2 * M_PI * (double)i / FFT);
    memset(power, 0, (FFT / 2 + 1) * sizeof(*power));
    for (size_t at = 0; at + FFT + FFT / 2 <= n; at += FFT, count += 2) {
        for (size_t i = 0; i < FFT; i++) {
            re[i] = x[at + i] * hann[i];
            im[i] = x[at + FFT / 2 + i] * hann[i];
        }
        fft(re, im, FFT);
        for (size_t i = 0; i <= FFT / 2; i++) {
            size_t j = (FFT - i) % FFT;
            power[i] += (re[i] * re[i] + im[i] * im[i] + re[j] * re[j] + im[j] * im[j]) / 2;
        }
    }
    for (size_t i = 0; i <= FFT / 2; i++)
        power[i] *= 2 / (0.375 * FFT * FFT * (double)(count ? count : 1));
}

/* The level of a third octave, dB; a bin that lies across its edge counts in part. */
static double third_level(const double *power, double hz)
{
    const double bin = (double)BT_RATE / FFT;
    double low = hz / pow(2, 1.0 / 6) / bin, high = hz * pow(2, 1.0 / 6) / bin, sum = 0;
    for (size_t i = 0; i <= FFT / 2; i++) {
        double part = fmin(high, (double)i + 0.5) - fmax(low, (double)i - 0.5);
        sum += part > 0 ? part * power[i] : 0;
    }
    return 10 * log10(sum + 1e-20);
}

/* A third octave of a car's noise as intel.py draws it, dB: power 1 / (f + 20)², −8 dBFS in all. */
static double car_level(double hz)
{
    double low = hz / pow(2, 1.0 / 6), high = hz * pow(2, 1.0 / 6);
    return 10 * log10(20 / (low + 20) - 20 / (high + 20)) - 8;
}

static void measure_spectrum(const struct bt_pcm *stem, struct presenter *p)
{
    const float *x = stem->x;
    size_t n = stem->frames;
    double speech[FFT / 2 + 1], mean = 0;
    struct bt_level level;
    struct bt_loud *m = bt_loud_create(1, false);
    bt_loud_add(m, x, n);
    bt_loud_get(m, &level);
    bt_loud_destroy(m);
    p->estoi = estoi(stem, level.integrated);
    spectrum(x, n, speech);
    p->sii = 0;
    for (size_t i = 0; i < BT_LEN(thirds); i++) {
        double s = third_level(speech, thirds[i].hz) - 23 - level.integrated;
        p->snr[i] = s - car_level(thirds[i].hz);
        p->sii += thirds[i].weight * fmin(fmax((p->snr[i] + 15) / 30, 0), 1);
        p->dev[i] = s - thirds[i].speech;
        mean += i > 0 ? p->dev[i] / (double)(BT_LEN(thirds) - 1) : 0;
    }
    p->off = 0;
    for (size_t i = 1; i < BT_LEN(thirds); i++) {
        p->dev[i] -= mean;
        p->off = fmax(p->off, fabs(p->dev[i]));
    }
}

/* What the bands do together; the high-pass apart. */
static double most_band(const struct bt_shape *s)
{
    double most = 0;
    for (double hz = 60; hz < 8000; hz *= 1.02) {
        double complex z = cexp(-2 * M_PI * I * hz / 22050), all = 1;
        for (size_t i = 0; i < s->nband; i++) {
            struct bt_biquad f = {0};
            bt_biquad_peak(&f, 22050, s->band[i].hz, s->band[i].q, s->band[i].db);
            all *= (f.b0 + f.b1 * z + f.b2 * z * z) / (1 + f.a1 * z + f.a2 * z * z);
        }
        most = fmax(most, fabs(20 * log10(cabs(all))));
    }
    return most;
}

static int by_size(const void *a, const void *b)
{
    const float *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The compressor's gain over one speech, added to *all. */
static void add_gains(const struct bt_speech *sp, float **all, size_t *n)
{
    size_t steps = (sp->raw + BT_SHAPE_STEP - 1) / BT_SHAPE_STEP;
    int16_t *raw = bt_xcalloc(sp->raw + 1, sizeof(*raw));
    float *x = bt_xcalloc(sp->raw + 1, sizeof(*x));
    struct bt_err err;
    *all = bt_xrealloc(*all, *n + steps + 1, sizeof(**all));
    memset(*all + *n, 0, steps * sizeof(**all));
    if (bt_spool_read(sp, raw, &err))
        for (size_t i = 0; i < sp->raw; i++)
            x[i] = (float)raw[i] * BT_SHAPE_HEADROOM;
    bt_shape_run(&sp->voice->shape, x, sp->raw, sp->raw_rate, *all + *n);
    *n += steps;
    free(raw);
    free(x);
}

/* A twelfth of the sample bulletin's speech stem is the silence under its jingles. */
enum { JINGLES = 11 };

/* The lines one after the other, with the usual pauses; then that silence, which is part of the
 * long-term level but not of the loudness. */
static bool measure(const struct bt_speaker *s, const struct bt_lines *lines,
                    const struct bt_speech *speech, struct presenter *p, struct bt_pcm *stem)
{
    static const int pause_ms[BT_BREAKS] = {180, 380, 620, 750, 1000};
    float *gain = NULL;
    size_t ngain = 0, at = 0, total = 0, syllables = 0;
    struct bt_err err;
    for (size_t i = 0; i < lines->n; i++)
        total += (size_t)speech[i].frames + (size_t)pause_ms[lines->line[i].utt.after] * 48;
    bt_pcm_init(stem, BT_RATE, 1, total + total / JINGLES);
    for (size_t i = 0; i < lines->n; i++) {
        struct bt_pcm one;
        if (!speech[i].engine || !bt_speech_load(s, &speech[i], &one, &err))
            return false;
        memcpy(stem->x + at, one.x, one.frames * sizeof(*one.x));
        at += one.frames + (size_t)pause_ms[lines->line[i].utt.after] * 48;
        bt_pcm_finish(&one);
        add_gains(&speech[i], &gain, &ngain);
        for (const char *c = lines->line[i].utt.text; *c; c++)
            syllables += (*c == ' ' || *c == '-' || c[1] == '\0') && c > lines->line[i].utt.text;
    }
    qsort(gain, ngain, sizeof(*gain), by_size);
    p->reduction = ngain ? -gain[ngain / 20] : 0;
    free(gain);
    p->most_band = most_band(&speech[0].voice->shape);
    p->pace = (double)syllables * 60 * BT_RATE / (double)total;
    measure_spectrum(stem, p);
    return true;
}

/* Every paragraph of a file, to be said by one presenter. */
static void read_lines(const struct bt_lang *lang, struct bt_arena *a, const struct bt_voice *v,
                       struct bt_str text, struct bt_lines *out)
{
    struct bt_str para;
    while (bt_str_line(&text, &para)) {
        struct bt_reading r = {0};
        bt_text_read(lang, bt_voice_style(v), a, para, BT_BREAK_PARAGRAPH, &r);
        for (size_t i = 0; i < r.nutt; i++) {
            struct bt_line *l = bt_push(a, &out->line, &out->n, sizeof(*l));
            l->voice = bt_voice_name(v);
            l->written = bt_strndup(a, para.p, para.n);
            l->utt = r.utt[i];
        }
    }
}

static bool present(const struct bt_voices *all, const struct bt_lang *lang, const char *dir,
                    const struct bt_voice *v, struct bt_str text, struct presenter *p,
                    struct bt_pcm *stem, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_speaker *s = NULL;
    struct bt_speaker_options o = {.voices = dir};
    struct bt_lines lines = {0};
    read_lines(lang, a, v, text, &lines);
    struct bt_speech *speech = bt_alloc(a, (lines.n + 1) * sizeof(*speech));
    bool good = lines.n > 0 && bt_speaker_create(all, &o, &s, err) &&
                bt_speak(s, a, &lines, speech, NULL, err) && measure(s, &lines, speech, p, stem);
    bt_speaker_destroy(s);
    bt_arena_destroy(a);
    return good;
}

#endif
