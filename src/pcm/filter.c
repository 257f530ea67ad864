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

/* A filter waits for its own last result: two in one loop fill each other's waiting. */
static void pair_run(struct bt_biquad *f, float *x, size_t n)
{
    struct bt_biquad a = f[0], b = f[1];
    for (size_t i = 0; i < n; i++) {
        double in = x[i], middle = a.b0 * in + a.z1, out = b.b0 * middle + b.z1;
        a.z1 = a.b1 * in - a.a1 * middle + a.z2;
        a.z2 = a.b2 * in - a.a2 * middle;
        b.z1 = b.b1 * middle - b.a1 * out + b.z2;
        b.z2 = b.b2 * middle - b.a2 * out;
        x[i] = (float)out;
    }
    f[0] = a;
    f[1] = b;
}

void bt_biquads_run(struct bt_biquad *f, size_t count, float *x, size_t n)
{
    for (; count >= 2; count -= 2, f += 2)
        pair_run(f, x, n);
    if (count)
        bt_biquad_run(f, x, n, 1);
}
