/* WAV: 16-bit PCM under a RIFF header. Knows the header and the dither; knows no threads. */
#include "air/encode.h"

#include <math.h>
#include <stdlib.h>

enum { HEADER = 44, BYTES = 2, BLOCK = 4096 };

struct wav {
    struct bt_out out;
    int channels;
    int64_t frames;
};

static void put16(struct bt_buf *b, unsigned v)
{
    bt_buf_add(b, (char[]){(char)v, (char)(v >> 8)}, 2);
}

static void put32(struct bt_buf *b, uint32_t v)
{
    put16(b, v & 0xFFFF);
    put16(b, v >> 16);
}

static void header(const struct wav *w, struct bt_buf *b)
{
    unsigned frame = (unsigned)w->channels * BYTES;
    uint32_t data = (uint32_t)w->frames * frame;
    bt_buf_adds(b, "RIFF");
    put32(b, data + HEADER - 8);
    bt_buf_adds(b, "WAVEfmt ");
    put32(b, 16);
    put16(b, 1); /* PCM */
    put16(b, (unsigned)w->channels);
    put32(b, BT_RATE);
    put32(b, BT_RATE * frame);
    put16(b, frame);
    put16(b, BYTES * 8);
    bt_buf_adds(b, "data");
    put32(b, data);
}

static void *wav_open(const struct bt_job *job, struct bt_err *err)
{
    const struct bt_sound *s = job->sound;
    if (s->frames > (UINT32_MAX - HEADER) / (s->channels * BYTES)) {
        bt_fail(err, BT_EDELIVER, BT_M_AIR_WAV_LONG, job->file->path);
        return NULL;
    }
    struct wav w = {.channels = s->channels, .frames = s->frames};
    struct bt_buf b;
    bt_buf_init(&b, HEADER);
    header(&w, &b);
    bool ok = bt_out_open(&w.out, job->file->path, err) &&
              (bt_out_put(&w.out, 0, b.p, b.n, err) || bt_out_close(&w.out, false, NULL));
    bt_buf_finish(&b);
    if (!ok)
        return NULL;
    struct wav *f = bt_xmalloc(sizeof(*f));
    *f = w;
    return f;
}

static void *wav_part(void *file, int64_t first, int64_t count, struct bt_err *err)
{
    (void)first;
    (void)count;
    (void)err;
    return file; /* a part has no state of its own */
}

/* splitmix64 (S. Vigna): two 32-bit numbers for the sample's index, the same in any order. */
static double triangular(uint64_t index)
{
    uint64_t z = (index + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    return ((double)(uint32_t)z - (double)(uint32_t)(z >> 32)) * 0x1p-32;
}

static int quantise(float x, uint64_t index)
{
    double v = floor((double)x * 32768 + triangular(index) + 0.5);
    return v > 32767 ? 32767 : v < -32768 ? -32768 : (int)v;
}

static bool wav_feed(void *part, int64_t from, const float *x, size_t frames, struct bt_err *err)
{
    struct wav *w = part;
    unsigned char out[BLOCK * BYTES];
    int64_t end = from + (int64_t)frames < w->frames ? from + (int64_t)frames : w->frames;
    int64_t last = end * w->channels;
    for (int64_t at = from * w->channels; at < last;) {
        size_t n = last - at < BLOCK ? (size_t)(last - at) : BLOCK;
        for (size_t i = 0; i < n; i++) {
            int v = quantise(*x++, (uint64_t)at + i);
            out[2 * i] = (unsigned char)(v & 0xFF);
            out[2 * i + 1] = (unsigned char)(v >> 8 & 0xFF);
        }
        if (!bt_out_put(&w->out, HEADER + at * BYTES, out, n * BYTES, err))
            return false;
        at += (int64_t)n;
    }
    return true;
}

static bool wav_part_end(void *part, bool ok, struct bt_err *err)
{
    (void)part;
    (void)err;
    return ok;
}

static bool wav_close(void *file, bool ok, struct bt_err *err)
{
    struct wav *w = file;
    ok = bt_out_close(&w->out, ok, err);
    free(w);
    return ok;
}

const struct bt_encoder bt_encode_wav = {"wav",    ".wav",       0,        0, wav_open, wav_part,
                                         wav_feed, wav_part_end, wav_close};
