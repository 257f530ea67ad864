/*
 * What lies under speech: beds that run as long as their cues do, and gain automation from the
 * known times of speech. Knows places; hears nothing.
 */
#include "mix/timeline.h"

#include <string.h>

enum { CROSS = BT_RATE, TAIL = BT_RATE }; /* of a bed: from loop to loop, and after the last word */
static const double bed_db = -6;          /* a bed between speech; under it the ducking is added */

/* ---- beds --------------------------------------------------------------------------------- */

struct beds {
    struct bt_timeline *t;
    struct bt_place *place;
    size_t n;
    const struct bt_asset *asset; /* of the run, or NULL */
    int64_t from, to;
    size_t item;
};

static void bed_place(struct beds *b, int64_t from, int64_t frames, int64_t fade)
{
    struct bt_place *p = bt_push(b->t->a, &b->place, &b->n, sizeof(*p));
    *p = (struct bt_place){.from = from,
                           .frames = frames,
                           .stem = BT_STEM_BED,
                           .asset = b->asset,
                           .item = b->item,
                           .gain = bt_level_gain(b->asset->level) * bt_gain(bed_db),
                           .fade = fade};
}

/* Loop into loop by equal power, until `most` at the latest. */
static void run_end(struct beds *b, int64_t most)
{
    if (!b->asset)
        return;
    int64_t until = b->to + TAIL < most ? b->to + TAIL : most, length = b->asset->frames;
    int64_t fade = length / 3 < CROSS ? length / 3 : CROSS;
    for (int64_t at = b->from; at < until; at += length - fade)
        bed_place(b, at, until - at < length ? until - at : length, fade);
    b->asset = NULL;
}

static void run_on(struct beds *b, size_t i)
{
    const struct bt_item *item = &b->t->item[i];
    const struct bt_cue *c = &b->t->r->cue[item->cue];
    const struct bt_asset *bed = item->asset ? NULL : bt_asset_find(b->t, c->bed);
    if (bed != b->asset)
        run_end(b, item->from);
    if (bed && !b->asset) {
        b->asset = bed;
        b->from = item->from;
        b->item = i;
    }
    b->to = item->to;
}

void bt_beds_add(struct bt_timeline *t)
{
    struct beds b = {.t = t};
    if (t->d->mix == BT_MIX_CLEAR)
        return;
    for (size_t i = 0; i < t->nitem; i++)
        run_on(&b, i);
    run_end(&b, t->frames);
    if (b.n == 0)
        return;
    struct bt_place *all = bt_alloc(t->a, (t->nplace + b.n) * sizeof(*all));
    memcpy(all, t->place, t->nplace * sizeof(*all));
    memcpy(all + t->nplace, b.place, b.n * sizeof(*all));
    t->place = all;
    t->nplace += b.n;
}

/* ---- ducking ------------------------------------------------------------------------------ */

struct ducking {
    double depth;           /* dB */
    int64_t down, hold, up; /* frames */
};

static int64_t frames_or(int64_t ms, int64_t usual)
{
    return (ms > 0 ? ms : usual) * BT_RATE / 1000;
}

static struct ducking ducking(const struct bt_delivery *d)
{
    return (struct ducking){d->duck < 0 ? d->duck : -14, frames_or(d->duck_down_ms, 150),
                            frames_or(d->duck_hold_ms, 200), frames_or(d->duck_up_ms, 500)};
}

static void knots_add(struct bt_timeline *t, const struct ducking *d, struct bt_place *music,
                      const struct bt_place *speech)
{
    int64_t from = speech->from, to = speech->from + speech->frames;
    const struct bt_knot knots[] = {
        {from - d->down, 0}, {from, d->depth}, {to + d->hold, d->depth}, {to + d->hold + d->up, 0}};
    if (music->nknot && knots[0].at < music->knot[music->nknot - 1].at) {
        music->knot[music->nknot - 2].at = knots[2].at;
        music->knot[music->nknot - 1].at = knots[3].at;
        return;
    }
    for (size_t i = 0; i < BT_LEN(knots); i++) {
        struct bt_knot *k = bt_push(t->a, &music->knot, &music->nknot, sizeof(*k));
        *k = knots[i];
    }
}

/* Only speech that is really over the music presses it down. */
void bt_duck(struct bt_timeline *t)
{
    struct ducking d = ducking(t->d);
    for (size_t i = 0; i < t->nplace; i++) {
        struct bt_place *m = &t->place[i];
        for (size_t k = 0; m->asset && k < t->nplace; k++) {
            const struct bt_place *s = &t->place[k];
            if (!s->asset && s->from < m->from + m->frames && s->from + s->frames > m->from)
                knots_add(t, &d, m, s);
        }
    }
}
