/*
 * ESTOI (Jensen and Taal 2016) of a speech in a car's noise 15 dB over its −23 LUFS: how much of
 * the speech's modulation is left, 0 to 1. Knows numbers; the noise is the same at every call.
 * Needs presenter.h's fft().
 */
#ifndef BT_ESTOI_H
#define BT_ESTOI_H

enum { E_RATE = 10000, E_FRAME = 256, E_FFT = 512, E_BANDS = 15, E_SEGMENT = 30 };

struct estoi_frames { /* band amplitudes, a row a frame */
    double (*clean)[E_BANDS], (*noisy)[E_BANDS], *energy;
    size_t n;
};

static double gauss(uint64_t *seed)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        sum += (double)(*seed >> 11) / (double)(UINT64_C(1) << 53);
    }
    return sum;
}

/* Amplitude 1 / (f + 20), −8 dBFS in all: white noise, block by block. Two blocks at
 * a time add up to the same power everywhere. */
static void car_noise(float *x, size_t n)
{
    static double re[FFT], im[FFT];
    uint64_t seed = 1;
    double scale = bt_gain(-8) * sqrt(20.0 * E_RATE / 2);
    memset(x, 0, n * sizeof(*x));
    for (size_t at = 0; at < n; at += FFT / 2) {
        for (size_t i = 0; i < FFT; i++) {
            re[i] = gauss(&seed);
            im[i] = 0;
        }
        fft(re, im, FFT);
        for (size_t i = 0; i < FFT; i++) {
            double hz = (double)(i < FFT / 2 ? i : FFT - i) * E_RATE / FFT, gain = 1 / (hz + 20);
            re[i] *= gain, im[i] *= -gain;
        }
        fft(re, im, FFT);
        for (size_t i = 0; i < FFT && at + i < n; i++)
            x[at + i] += (float)(scale / FFT * re[i] * sin(M_PI * ((double)i + 0.5) / FFT));
    }
}

/* The two as real and imaginary part of one transform. */
static void add_frame(struct estoi_frames *f, const float *clean, const float *noise)
{
    double re[E_FFT] = {0}, im[E_FFT] = {0}, energy = 0;
    for (size_t i = 0; i < E_FRAME; i++) {
        double w = 0.5 - 0.5 * cos(2 * M_PI * (double)(i + 1) / (E_FRAME + 1));
        re[i] = w * clean[i];
        im[i] = w * (clean[i] + noise[i]);
        energy += re[i] * re[i];
    }
    fft(re, im, E_FFT);
    f->energy[f->n] = energy;
    for (size_t i = 1; i < E_FFT / 2; i++) {
        size_t j = E_FFT - i;
        double hz = (double)i * E_RATE / E_FFT, band = 3 * log2(hz / 150) + 0.5;
        if (band < 0 || band >= E_BANDS)
            continue;
        double xr = re[i] + re[j], xi = im[i] - im[j], yr = im[i] + im[j], yi = re[j] - re[i];
        f->clean[f->n][(size_t)band] += (xr * xr + xi * xi) / 4;
        f->noisy[f->n][(size_t)band] += (yr * yr + yi * yi) / 4;
    }
    for (size_t b = 0; b < E_BANDS; b++) {
        f->clean[f->n][b] = sqrt(f->clean[f->n][b]);
        f->noisy[f->n][b] = sqrt(f->noisy[f->n][b]);
    }
    f->n++;
}

/* Without the frames that are 40 dB below the loudest. */
static void drop_silence(struct estoi_frames *f)
{
    double most = 0;
    size_t kept = 0;
    for (size_t i = 0; i < f->n; i++)
        most = fmax(most, f->energy[i]);
    for (size_t i = 0; i < f->n; i++) {
        if (f->energy[i] <= most * 1e-4)
            continue;
        memmove(f->clean[kept], f->clean[i], sizeof(*f->clean));
        memmove(f->noisy[kept++], f->noisy[i], sizeof(*f->noisy));
    }
    f->n = kept;
}

/* Mean 0 and length 1 of n numbers that lie `step` apart. */
static void normalise(double *x, size_t n, size_t step)
{
    double mean = 0, power = 1e-24;
    for (size_t i = 0; i < n; i++)
        mean += x[i * step] / (double)n;
    for (size_t i = 0; i < n; i++) {
        x[i * step] -= mean;
        power += x[i * step] * x[i * step];
    }
    for (size_t i = 0; i < n; i++)
        x[i * step] /= sqrt(power);
}

/* Rows are frames here: each band over time, then each frame over the bands. */
static void normalise_segment(const double (*from)[E_BANDS], double *to)
{
    memcpy(to, from, E_SEGMENT * sizeof(*from));
    for (size_t b = 0; b < E_BANDS; b++)
        normalise(to + b, E_SEGMENT, E_BANDS);
    for (size_t i = 0; i < E_SEGMENT; i++)
        normalise(to + i * E_BANDS, E_BANDS, 1);
}

static double segments(const struct estoi_frames *f)
{
    double a[E_SEGMENT * E_BANDS], b[E_SEGMENT * E_BANDS], sum = 0;
    size_t n = 0;
    for (size_t at = 0; at + E_SEGMENT <= f->n; at += 3, n++) {
        normalise_segment((const double(*)[E_BANDS])f->clean + at, a);
        normalise_segment((const double(*)[E_BANDS])f->noisy + at, b);
        for (size_t i = 0; i < BT_LEN(a); i++)
            sum += a[i] * b[i] / E_SEGMENT;
    }
    return n ? sum / (double)n : 0;
}

/* `loudness`: the speech's own, LUFS. */
static double estoi(const struct bt_pcm *speech, double loudness)
{
    struct bt_pcm x;
    struct bt_err err;
    double gain = bt_gain(-23 - loudness), value;
    if (!bt_pcm_convert(speech, E_RATE, 1, &x, &err))
        return 0;
    float *noise = bt_xcalloc(x.frames, sizeof(*noise));
    size_t most = x.frames / (E_FRAME / 2) + 1;
    struct estoi_frames f = {bt_xcalloc(most, sizeof(*f.clean)), bt_xcalloc(most, sizeof(*f.noisy)),
                             bt_xcalloc(most, sizeof(double)), 0};
    car_noise(noise, x.frames);
    for (size_t i = 0; i < x.frames; i++)
        x.x[i] *= (float)gain;
    for (size_t at = 0; at + E_FRAME <= x.frames; at += E_FRAME / 2)
        add_frame(&f, x.x + at, noise + at);
    drop_silence(&f);
    value = segments(&f);
    free(f.clean), free(f.noisy), free(f.energy), free(noise);
    bt_pcm_finish(&x);
    return value;
}

#endif
