/* True peak: 4× oversampling by a polyphase filter. Knows no files and no loudness. */
#include "pcm/pcm.h"

#include <math.h>

enum { LANES = 8, BEFORE = BT_TAPS / 2 - 1 };

/*
 * sinc under a Kaiser window of beta 4, 16 taps a phase, each phase scaled to sum 1: within 0.1 dB
 * up to 18 kHz at 48 kHz. The magnitudes of the middle phase sum to 2.2, so a block whose samples
 * stay under -7 dBFS cannot rise above -0.2 dBTP.
 */
static const float taps[3][BT_TAPS] = {
    {-0.00510253f, 0.01048226f, -0.01883339f, 0.03157233f, -0.05166151f, 0.08726530f, -0.17299635f,
     0.90090461f, 0.29626887f, -0.11859391f, 0.06654651f, -0.04039277f, 0.02452566f, -0.01421748f,
     0.00748206f, -0.00324966f},
    {-0.00582549f, 0.01259500f, -0.02322046f, 0.03943226f, -0.06463654f, 0.10753191f, -0.20026429f,
     0.63438761f, 0.63438761f, -0.20026429f, 0.10753191f, -0.06463654f, 0.03943226f, -0.02322046f,
     0.01259500f, -0.00582549f},
    {-0.00324966f, 0.00748206f, -0.01421748f, 0.02452566f, -0.04039277f, 0.06654651f, -0.11859391f,
     0.29626887f, 0.90090461f, -0.17299635f, 0.08726530f, -0.05166151f, 0.03157233f, -0.01883339f,
     0.01048226f, -0.00510253f},
};

/* The loops over LANES are what the compiler turns into vectors. */
static void lanes_peak(const float *x, const float *h, float *peak)
{
    float y[LANES] = {0};
    for (int t = 0; t < BT_TAPS; t++)
        for (int i = 0; i < LANES; i++)
            y[i] += h[t] * x[i + t - BEFORE];
    for (int i = 0; i < LANES; i++)
        peak[i] = fabsf(y[i]) > peak[i] ? fabsf(y[i]) : peak[i];
}

static float one_peak(const float *x)
{
    float peak = fabsf(*x);
    for (int p = 0; p < 3; p++) {
        float y = 0;
        for (int t = 0; t < BT_TAPS; t++)
            y += taps[p][t] * x[t - BEFORE];
        peak = fmaxf(peak, fabsf(y));
    }
    return peak;
}

float bt_true_peak(const float *x, size_t n)
{
    float peak[LANES] = {0}, most = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (int p = 0; p < 3; p++)
            lanes_peak(x + i, taps[p], peak);
        for (int l = 0; l < LANES; l++)
            peak[l] = fabsf(x[i + (size_t)l]) > peak[l] ? fabsf(x[i + (size_t)l]) : peak[l];
    }
    for (int l = 0; l < LANES; l++)
        most = fmaxf(most, peak[l]);
    for (; i < n; i++)
        most = fmaxf(most, one_peak(x + i));
    return most;
}
