/* A timeline's making and end: the order of the steps. */
#include "mix/timeline.h"

#include <stdlib.h>

void bt_timeline_destroy(struct bt_timeline *t)
{
    if (!t)
        return;
    bt_assets_finish(t);
    free(t->limit.hop);
    struct bt_arena *a = t->a;
    bt_arena_destroy(a);
}

bool bt_timeline_build(const struct bt_rundown *r, const struct bt_lines *lines,
                       const struct bt_speech *speech, const struct bt_fetch *fetch,
                       const struct bt_delivery *d, const struct bt_events *ev,
                       struct bt_timeline **out, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_timeline *t = bt_alloc(a, sizeof(*t));
    *t = (struct bt_timeline){.a = a,
                              .r = r,
                              .lines = lines,
                              .speech = speech,
                              .d = d,
                              .ev = ev,
                              .fetch = *fetch,
                              .channels = d->channels == 2 ? 2 : 1,
                              .gain = 1};
    bt_assets_load(t);
    if (!bt_level_speech(t, err))
        goto fail;
    bt_place_all(t);
    if (!bt_measure(t, err))
        goto fail;
    bt_timing_make(t);
    *out = t;
    return true;
fail:
    bt_timeline_destroy(t);
    return false;
}

static bool from_speaker(const void *ctx, const struct bt_speech *s, struct bt_pcm *out,
                         struct bt_err *err)
{
    return bt_speech_load(ctx, s, out, err);
}

bool bt_timeline_create(const struct bt_rundown *r, const struct bt_lines *lines,
                        const struct bt_speech *speech, const struct bt_speaker *speaker,
                        const struct bt_delivery *d, const char *levels, const struct bt_events *ev,
                        struct bt_timeline **out, struct bt_err *err)
{
    struct bt_fetch fetch = {from_speaker, speaker, levels, bt_speech_key};
    return bt_timeline_build(r, lines, speech, &fetch, d, ev, out, err);
}

const struct bt_timing *bt_timeline_timing(const struct bt_timeline *t)
{
    return &t->timing;
}

const struct bt_level *bt_timeline_level(const struct bt_timeline *t)
{
    return &t->level;
}

const struct bt_level *bt_timeline_cue_level(const struct bt_timeline *t, size_t cue)
{
    return &t->cue_level[cue];
}
