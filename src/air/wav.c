/* WAV: 16-bit PCM under a RIFF header. Knows the header and the dither; knows no threads. */
#include "air/encode.h"

#include <math.h>
#include <stdlib.h>

enum { BYTES = 2, BLOCK = 4096, DS64 = 28, MOST = 1 << 26 };

struct wav {
    struct bt_out out;
    int channels;
    int64_t frames, data; /* data: where it begins in the file */
};

static void format(const struct bt_sound *s, struct bt_buf *b)
{
    uint64_t frame = (uint64_t)s->channels * BYTES;
    bt_buf_adds(b, "fmt ");
    bt_put_le(b, 16, 4);
    bt_put_le(b, 1, 2); /* PCM */
    bt_put_le(b, (uint64_t)s->channels, 2);
    bt_put_le(b, BT_RATE, 4);
    bt_put_le(b, BT_RATE * frame, 4);
    bt_put_le(b, frame, 2);
    bt_put_le(b, BYTES * 8, 2);
}

/* The size that a 32-bit field shows: RF64 has the true ones in ds64 (EBU Tech 3306). */
static uint64_t shown(uint64_t n, bool rf64)
{
    return rf64 ? UINT32_MAX : n;
}

static void header(const struct bt_job *job, uint64_t after, struct bt_buf *b)
{
    const struct bt_sound *s = job->sound;
    uint64_t data = (uint64_t)s->frames * (uint64_t)s->channels * BYTES;
    struct bt_buf chunks;
    bt_buf_init(&chunks, MOST);
    bt_riff_before(job, &chunks);
    format(s, &chunks);
    uint64_t riff = 4 + chunks.n + 8 + data + after;
    bool rf64 = job->file->rf64 || riff + 8 + DS64 > UINT32_MAX;
    riff += rf64 ? 8 + DS64 : 0;
    bt_buf_adds(b, rf64 ? "RF64" : "RIFF");
    bt_put_le(b, shown(riff, rf64), 4);
    bt_buf_adds(b, "WAVE");
    if (rf64) {
        bt_buf_adds(b, "ds64");
        bt_put_le(b, DS64, 4);
        bt_put_le(b, riff, 8);
        bt_put_le(b, data, 8);
        bt_put_le(b, (uint64_t)s->frames, 8);
        bt_put_le(b, 0, 4);
    }
    bt_buf_add(b, chunks.p, chunks.n);
    bt_buf_adds(b, "data");
    bt_put_le(b, shown(data, rf64), 4);
    bt_buf_finish(&chunks);
}

static bool put_chunks(struct wav *w, const struct bt_job *job, struct bt_err *err)
{
    struct bt_buf before, after;
    bt_buf_init(&before, MOST);
    bt_buf_init(&after, MOST);
    bt_riff_after(job, &after);
    header(job, after.n, &before);
    w->data = (int64_t)before.n;
    bool ok = bt_out_put(&w->out, 0, before.p, before.n, err) &&
              bt_out_put(&w->out, w->data + w->frames * w->channels * BYTES, after.p, after.n, err);
    bt_buf_finish(&before);
    bt_buf_finish(&after);
    return ok;
}

static void *wav_open(const struct bt_job *job, struct bt_err *err)
{
    const struct bt_sound *s = job->sound;
    struct wav *w = bt_xcalloc(1, sizeof(*w));
    *w = (struct wav){.out.fd = -1, .channels = s->channels, .frames = s->frames};
    if (bt_out_open(&w->out, job->file->path, err) && put_chunks(w, job, err))
        return w;
    bt_out_close(&w->out, false, NULL);
    free(w);
    return NULL;
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

int bt_quantise(float x, uint64_t index)
{
    enum { ABOVE = 32769 }; /* what is cut off above zero is what floor() takes, and sooner done */
    double v = (double)x * 32768 + triangular(index) + 0.5;
    return v >= 32767 ? 32767 : v <= -32768 ? -32768 : (int)(v + ABOVE) - ABOVE;
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
            int v = bt_quantise(*x++, (uint64_t)at + i);
            out[2 * i] = (unsigned char)(v & 0xFF);
            out[2 * i + 1] = (unsigned char)(v >> 8 & 0xFF);
        }
        if (!bt_out_put(&w->out, w->data + at * BYTES, out, n * BYTES, err))
            return false;
        at += (int64_t)n;
    }
    return true;
}

static bool wav_close(void *file, bool ok, struct bt_err *err)
{
    struct wav *w = file;
    ok = bt_out_close(&w->out, ok, err);
    free(w);
    return ok;
}

const struct bt_encoder bt_encode_wav = {.name = "wav",
                                         .suffix = ".wav",
                                         .open = wav_open,
                                         .part = bt_part_whole,
                                         .feed = wav_feed,
                                         .part_end = bt_part_whole_end,
                                         .close = wav_close};
