/* Jingles and clips: read once, trimmed, measured. Knows no place on the timeline. */
#include "mix/timeline.h"

#include <math.h>
#include <string.h>

enum {
    LONGEST = 120 * 192000, /* frames of a file, before it is brought to BT_RATE */
    EDGE = BT_RATE / 100    /* of silence that is left at either end */
};
static const float silence = 0.001f; /* -60 dBFS */

static bool quiet(const struct bt_pcm *p, size_t frame)
{
    for (int c = 0; c < p->channels; c++)
        if (fabsf(p->x[frame * (size_t)p->channels + (size_t)c]) > silence)
            return false;
    return true;
}

static void trim(struct bt_pcm *p)
{
    size_t from = 0, to = p->frames, width = (size_t)p->channels;
    while (from < to && quiet(p, from))
        from++;
    while (to > from && quiet(p, to - 1))
        to--;
    from = from > EDGE ? from - EDGE : 0;
    to = to + EDGE < p->frames ? to + EDGE : p->frames;
    memmove(p->x, p->x + from * width, (to - from) * width * sizeof(*p->x));
    p->frames = to - from;
}

static double measure(const struct bt_pcm *p, bool dual_mono)
{
    struct bt_level l;
    struct bt_loud *m = bt_loud_create(p->channels, dual_mono);
    bt_loud_add(m, p->x, p->frames);
    bt_loud_get(m, &l);
    bt_loud_destroy(m);
    return l.integrated;
}

static bool load(struct bt_timeline *t, const char *src, struct bt_asset *out, struct bt_err *err)
{
    struct bt_pcm file;
    if (!bt_pcm_load(bt_path_join(t->a, t->r->dir, src), LONGEST, &file, err))
        return false;
    bool good = bt_pcm_convert(&file, BT_RATE, t->channels, &out->pcm, err);
    bt_pcm_finish(&file);
    if (!good)
        return false;
    trim(&out->pcm);
    out->level = measure(&out->pcm, t->d->dual_mono);
    return true;
}

const struct bt_asset *bt_asset_find(const struct bt_timeline *t, const char *src)
{
    for (size_t i = 0; i < t->nasset; i++)
        if (src && strcmp(t->asset[i].src, src) == 0)
            return &t->asset[i];
    return NULL;
}

static void want(struct bt_timeline *t, const struct bt_cue *c, const char *src)
{
    struct bt_err err = {0};
    if (!src || bt_asset_find(t, src))
        return;
    struct bt_asset *a = bt_push(t->a, &t->asset, &t->nasset, sizeof(*a));
    a->src = src;
    if (!load(t, src, a, &err))
        bt_warn(t->ev, "mix", c->id, BT_M_MIX_NO_JINGLE, src, err.msg);
}

void bt_assets_load(struct bt_timeline *t)
{
    for (size_t i = 0; i < t->r->ncue; i++) {
        const struct bt_cue *c = &t->r->cue[i];
        bool sounds = c->kind == BT_CUE_JINGLE || c->kind == BT_CUE_CLIP;
        want(t, c, sounds ? c->src : c->kind == BT_CUE_STORY ? c->sting : NULL);
    }
}

void bt_assets_finish(struct bt_timeline *t)
{
    for (size_t i = 0; i < t->nasset; i++)
        bt_pcm_finish(&t->asset[i].pcm);
}
