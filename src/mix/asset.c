/*
 * Jingles, beds and clips: read once, measured, kept in the timeline's spool without the silence
 * at their ends. Memory does not grow with them. Knows no place on the timeline.
 */
#include "mix/timeline.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    LONGEST = 2 * 3600 * BT_RATE, /* frames of a file */
    EDGE = BT_RATE / 100          /* of silence that is left at either end */
};
static const float silence = 0.001f; /* -60 dBFS */

/* ---- the spool ---------------------------------------------------------------------------- */

static bool spool_open(struct bt_timeline *t, struct bt_err *err)
{
    t->spool = bt_temp_file(err);
    return t->spool >= 0;
}

static size_t frame_size(const struct bt_timeline *t)
{
    return (size_t)t->channels * sizeof(float);
}

static bool spool_write(struct bt_timeline *t, const float *x, size_t frames, struct bt_err *err)
{
    const char *p = (const char *)x;
    off_t at = (off_t)t->spool_end * (off_t)frame_size(t);
    for (size_t n = frames * frame_size(t), done = 0; done < n;) {
        ssize_t k = pwrite(t->spool, p + done, n - done, at + (off_t)done);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return bt_fail_sys(err, BT_EINNER, BT_M_MIX_SPOOL);
        done += (size_t)k;
    }
    t->spool_end += (int64_t)frames;
    return true;
}

bool bt_asset_read(const struct bt_timeline *t, const struct bt_asset *asset, int64_t from,
                   size_t n, float *out, struct bt_err *err)
{
    char *p = (char *)out;
    off_t at = (off_t)(asset->at + from) * (off_t)frame_size(t);
    for (size_t size = n * frame_size(t), done = 0; done < size;) {
        ssize_t k = pread(t->spool, p + done, size - done, at + (off_t)done);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return bt_fail_sys(err, BT_EINNER, BT_M_MIX_SPOOL);
        done += (size_t)k;
    }
    return true;
}

/* ---- one file ----------------------------------------------------------------------------- */

struct load {
    struct bt_timeline *t;
    struct bt_loud *loud;
    int64_t frames, first, last; /* heard from first to before last */
};

static bool quiet(const float *x, int channels)
{
    for (int c = 0; c < channels; c++)
        if (fabsf(x[c]) > silence)
            return false;
    return true;
}

static bool put(void *ctx, const float *x, size_t frames, struct bt_err *err)
{
    struct load *l = ctx;
    int channels = l->t->channels;
    for (size_t i = 0; i < frames; i++) {
        if (quiet(x + i * (size_t)channels, channels))
            continue;
        if (l->last == 0)
            l->first = l->frames + (int64_t)i;
        l->last = l->frames + (int64_t)i + 1;
    }
    l->frames += (int64_t)frames;
    bt_loud_add(l->loud, x, frames);
    return spool_write(l->t, x, frames, err);
}

static bool load(struct bt_timeline *t, struct bt_asset *out, struct bt_err *err)
{
    struct load l = {.t = t, .loud = bt_loud_create(t->channels, t->d->dual_mono)};
    struct bt_level level;
    int64_t at = t->spool_end;
    if (t->spool < 0 && !spool_open(t, err)) {
        bt_loud_destroy(l.loud);
        return false;
    }
    bool good = bt_pcm_stream(bt_path_join(t->a, t->r->dir, out->src), LONGEST, t->channels,
                              &(struct bt_sink){put, &l}, err);
    bt_loud_get(l.loud, &level);
    bt_loud_destroy(l.loud);
    if (!good)
        return false;
    int64_t first = l.first > EDGE ? l.first - EDGE : 0;
    int64_t last = l.last + EDGE < l.frames ? l.last + EDGE : l.frames;
    *out = (struct bt_asset){out->src, at + first, last - first, level.integrated};
    return true;
}

/* ---- all of a rundown --------------------------------------------------------------------- */

static struct bt_asset *find(const struct bt_timeline *t, const char *src)
{
    for (size_t i = 0; i < t->nasset; i++)
        if (src && strcmp(t->asset[i].src, src) == 0)
            return &t->asset[i];
    return NULL;
}

const struct bt_asset *bt_asset_find(const struct bt_timeline *t, const char *src)
{
    const struct bt_asset *a = find(t, src);
    return a && a->frames > 0 ? a : NULL;
}

static void want(struct bt_timeline *t, const struct bt_cue *c, const char *src)
{
    struct bt_err err = {0};
    if (!src || find(t, src))
        return;
    struct bt_asset *a = bt_push(t->a, &t->asset, &t->nasset, sizeof(*a));
    a->src = src;
    if (!load(t, a, &err))
        bt_warn(t->ev, "mix", c->id, BT_M_MIX_NO_JINGLE, src, err.msg);
}

void bt_assets_load(struct bt_timeline *t)
{
    t->spool = -1;
    for (size_t i = 0; i < t->r->ncue; i++) {
        const struct bt_cue *c = &t->r->cue[i];
        if (c->kind == BT_CUE_JINGLE || c->kind == BT_CUE_CLIP)
            want(t, c, c->src);
        if (c->kind == BT_CUE_STORY)
            want(t, c, c->sting);
        want(t, c, c->bed);
    }
}

void bt_assets_finish(struct bt_timeline *t)
{
    if (t->spool >= 0)
        close(t->spool);
    t->spool = -1;
}
