/* Biquads by R. Bristow-Johnson's Audio EQ Cookbook. */
#include "pcm/pcm.h"

#include <math.h>

static void normalise(struct bt_biquad *f, double a0)
{
    f->b0 /= a0;
    f->b1 /= a0;
    f->b2 /= a0;
    f->a1 /= a0;
    f->a2 /= a0;
}

void bt_biquad_highpass(struct bt_biquad *f, double rate, double hz, double q)
{
    double w = 2 * M_PI * hz / rate, c = cos(w), alpha = sin(w) / (2 * q);
    *f = (struct bt_biquad){
        .b0 = (1 + c) / 2, .b1 = -(1 + c), .b2 = (1 + c) / 2, .a1 = -2 * c, .a2 = 1 - alpha};
    normalise(f, 1 + alpha);
}

void bt_biquad_peak(struct bt_biquad *f, double rate, double hz, double q, double db)
{
    double w = 2 * M_PI * hz / rate, c = cos(w), alpha = sin(w) / (2 * q);
    double a = pow(10, db / 40);
    *f = (struct bt_biquad){
        .b0 = 1 + alpha * a, .b1 = -2 * c, .b2 = 1 - alpha * a, .a1 = -2 * c, .a2 = 1 - alpha / a};
    normalise(f, 1 + alpha / a);
}

void bt_biquad_run(struct bt_biquad *f, float *x, size_t n, int stride)
{
    double z1 = f->z1, z2 = f->z2;
    for (size_t i = 0; i < n; i++, x += stride) {
        double in = *x, out = f->b0 * in + z1;
        z1 = f->b1 * in - f->a1 * out + z2;
        z2 = f->b2 * in - f->a2 * out;
        *x = (float)out;
    }
    f->z1 = z1;
    f->z2 = z2;
}
