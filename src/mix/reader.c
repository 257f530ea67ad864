/*
 * The samples of a timeline, anywhere, in any order: each is the sum of the places over it, in
 * their order, whatever the blocks. Knows no levels of its own.
 */
#include "mix/timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2, BLOCK = 4096 };

const char *const bt_stem_names[BT_STEMS] = {"speech", "music", "bed"};

struct slot {
    bool full;
    size_t line;
    uint64_t used;
    struct bt_pcm pcm;
};

struct bt_reader {
    const struct bt_timeline *t;
    struct slot slot[SLOTS];
    uint64_t uses;
    int stem;     /* BT_STEMS: all */
    float *music; /* BLOCK frames */
};

static struct bt_reader *create(const struct bt_timeline *t, int stem)
{
    struct bt_reader *r = bt_xcalloc(1, sizeof(*r));
    r->t = t;
    r->stem = stem;
    r->music = bt_xcalloc(BLOCK * (size_t)t->channels, sizeof(*r->music));
    return r;
}

struct bt_reader *bt_reader_create(const struct bt_timeline *t)
{
    return create(t, BT_STEMS);
}

struct bt_reader *bt_reader_create_stem(const struct bt_timeline *t, enum bt_stem stem)
{
    return create(t, (int)stem);
}

void bt_reader_destroy(struct bt_reader *r)
{
    if (!r)
        return;
    for (int i = 0; i < SLOTS; i++)
        bt_pcm_finish(&r->slot[i].pcm);
    free(r->music);
    free(r);
}

/* The speech of a line, from the cache, or in place of what was used longest ago. */
static const struct bt_pcm *speech(struct bt_reader *r, size_t line, struct bt_err *err)
{
    struct slot *oldest = &r->slot[0];
    for (int i = 0; i < SLOTS; i++) {
        struct slot *s = &r->slot[i];
        if (s->full && s->line == line) {
            s->used = ++r->uses;
            return &s->pcm;
        }
        if (s->used < oldest->used)
            oldest = s;
    }
    bt_pcm_finish(&oldest->pcm);
    *oldest = (struct slot){0};
    if (!r->t->fetch.speech(r->t->fetch.ctx, &r->t->speech[line], &oldest->pcm, err))
        return NULL;
    oldest->full = true;
    oldest->line = line;
    oldest->used = ++r->uses;
    return &oldest->pcm;
}

/* ---- gains -------------------------------------------------------------------------------- */

/* Speech rises as sin², music (unlike what is beside it) with equal power, as sin. */
static double edge(const struct bt_place *p, int64_t at)
{
    int64_t length = p->fade;
    int64_t far = at < p->frames - 1 - at ? at : p->frames - 1 - at;
    if (length > p->frames / 2)
        length = p->frames / 2;
    if (far >= length)
        return 1;
    double rise = sin(M_PI / 2 * ((double)far + 0.5) / (double)length);
    return p->asset ? rise : rise * rise;
}

/* The knot at or before `at`, or -1. */
static ptrdiff_t knot_before(const struct bt_place *p, int64_t at)
{
    ptrdiff_t low = -1, high = (ptrdiff_t)p->nknot;
    while (high - low > 1) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (p->knot[middle].at <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static double duck(const struct bt_place *p, int64_t at)
{
    ptrdiff_t i = knot_before(p, at);
    if (i < 0 || i + 1 >= (ptrdiff_t)p->nknot)
        return 1;
    const struct bt_knot *a = &p->knot[i], *b = a + 1;
    double db = a->db + (b->db - a->db) * (double)(at - a->at) / (double)(b->at - a->at);
    return db == 0 ? 1 : bt_gain(db);
}

/* ---- sums --------------------------------------------------------------------------------- */

static void add(float *out, const float *in, int channels, int in_channels, float gain)
{
    for (int c = 0; c < channels; c++)
        out[c] += gain * in[in_channels == channels ? c : 0];
}

/* The same gain for all: most of a sound. */
static void add_plain(float *restrict out, const float *restrict in, size_t n, int channels,
                      int in_channels, float gain)
{
    if (channels == in_channels)
        for (size_t i = 0; i < n * (size_t)channels; i++)
            out[i] += gain * in[i];
    else
        for (size_t i = 0; i < n; i++)
            add(out + i * (size_t)channels, in + i, channels, in_channels, gain);
}

/* n frames of the place from its frame `from`; x and out begin there. */
static void add_all(const struct bt_place *p, int64_t from, int64_t n, const float *x,
                    int x_channels, float *out, int channels)
{
    int64_t end = from + n, level = p->nknot ? end : p->fade, last = p->frames - p->fade;
    for (int64_t i = from; i < end; i++, out += channels, x += x_channels) {
        if (i >= level && i < last) {
            int64_t count = (last < end ? last : end) - i;
            add_plain(out, x, (size_t)count, channels, x_channels, (float)p->gain);
            i += count - 1;
            out += (count - 1) * channels;
            x += (count - 1) * x_channels;
            continue;
        }
        double gain = p->gain * edge(p, i);
        if (p->nknot)
            gain *= duck(p, p->from + i);
        add(out, x, channels, x_channels, (float)gain);
    }
}

static bool add_music(struct bt_reader *r, const struct bt_place *p, int64_t from, int64_t to,
                      float *out, struct bt_err *err)
{
    int channels = r->t->channels;
    for (int64_t n; from < to; from += n, out += n * channels) {
        n = to - from < BLOCK ? to - from : BLOCK;
        if (!bt_asset_read(r->t, p->asset, from, (size_t)n, r->music, err))
            return false;
        add_all(p, from, n, r->music, channels, out, channels);
    }
    return true;
}

static bool add_speech(struct bt_reader *r, const struct bt_place *p, int64_t from, int64_t to,
                       float *out, struct bt_err *err)
{
    const struct bt_pcm *pcm = speech(r, p->line, err);
    if (!pcm)
        return false;
    int64_t heard = (int64_t)pcm->frames < to ? (int64_t)pcm->frames : to;
    add_all(p, from, heard - from, pcm->x + from, 1, out, r->t->channels);
    return true;
}

/* The first place that may reach beyond `at`. */
static size_t first_place(const struct bt_timeline *t, int64_t at)
{
    size_t low = 0, high = t->nplace;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->reach[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

bool bt_reader_mix(struct bt_reader *r, int64_t from, size_t n, float *out, struct bt_err *err)
{
    const struct bt_timeline *t = r->t;
    int64_t to = from + (int64_t)n;
    memset(out, 0, n * (size_t)t->channels * sizeof(*out));
    for (size_t i = first_place(t, from); i < t->nplace && t->place[i].from < to; i++) {
        const struct bt_place *p = &t->place[i];
        int64_t first = p->from > from ? p->from : from;
        int64_t last = p->from + p->frames < to ? p->from + p->frames : to;
        if (first >= last || (r->stem != BT_STEMS && r->stem != (int)p->stem))
            continue;
        float *to_here = out + (first - from) * t->channels;
        if (!(p->asset ? add_music : add_speech)(r, p, first - p->from, last - p->from, to_here,
                                                 err))
            return false;
    }
    return true;
}

static bool reader_read(void *ctx, int64_t from, size_t n, float *out, struct bt_err *err)
{
    struct bt_reader *r = ctx;
    if (!bt_reader_mix(r, from, n, out, err))
        return false;
    float gain = (float)r->t->gain;
    for (size_t i = 0; i < n * (size_t)r->t->channels; i++)
        out[i] *= gain;
    bt_limit_apply(&r->t->limit, from, n, r->t->channels, out);
    return true;
}

struct bt_signal bt_reader_signal(struct bt_reader *r)
{
    return (struct bt_signal){r->t->channels, r->t->frames, reader_read, r};
}
