/*
 * Everything in its place: items on the grid, speech over the opening jingle's tail, pauses
 * stretched until the length is right, the back-timed close. Knows lengths; hears nothing.
 */
#include "mix/timeline.h"

#include <stdlib.h>
#include <string.h>

enum { SPEECH_EDGE = 8 * BT_RATE / 1000, MUSIC_EDGE = 10 * BT_RATE / 1000 };
enum { NONE = -1, OVER_MOST = 8 * BT_RATE, SILENCE_MOST = 18 * BT_RATE / 10, HALVINGS = 40 };

struct layout {
    struct bt_timeline *t;
    double stretch;
    size_t line;    /* the next one */
    int64_t at;     /* where speech may go on */
    int64_t music;  /* where the music so far ends */
    int pause;      /* what stands before speech; NONE */
    size_t stories; /* so far */
    struct bt_place *close;
};

static int64_t grid_up(int64_t at)
{
    return (at + BT_GRID - 1) / BT_GRID * BT_GRID;
}

static int64_t pause(const struct layout *l, int kind)
{
    return kind == NONE ? 0 : bt_pause_frames(kind, l->stretch, (enum bt_mix)l->t->d->mix);
}

static struct bt_item *item_add(struct layout *l, size_t cue, const struct bt_asset *asset)
{
    struct bt_item *item = &l->t->item[l->t->nitem++];
    *item = (struct bt_item){.cue = cue, .id = l->t->r->cue[cue].id, .asset = asset};
    return item;
}

static struct bt_place *place_add(struct layout *l, int64_t from, int64_t frames, double gain)
{
    struct bt_timeline *t = l->t;
    struct bt_place *p = &t->place[t->nplace++];
    struct bt_item *item = &t->item[t->nitem - 1];
    *p = (struct bt_place){
        .from = from, .frames = frames, .item = t->nitem - 1, .gain = gain, .fade = SPEECH_EDGE};
    if (item->to == 0)
        item->from = from;
    item->to = from + frames;
    return p;
}

static struct bt_item *music_add(struct layout *l, size_t cue, const struct bt_asset *a)
{
    bool first = l->t->nitem == 0;
    int64_t from = l->at + (first || l->pause == NONE ? 0 : pause(l, BT_PAUSE_TO_MUSIC));
    if (from < l->music)
        from = l->music;
    struct bt_item *item = item_add(l, cue, a);
    struct bt_place *p = place_add(l, grid_up(from), a->frames, bt_level_gain(a->level));
    p->stem = BT_STEM_MUSIC;
    p->asset = a;
    p->fade = MUSIC_EDGE;
    l->at = l->music = p->from + p->frames;
    l->pause = BT_PAUSE_FROM_MUSIC;
    return item;
}

/* Talk up to the post: speech begins `under` before the jingle's end. */
static void jingle(struct layout *l, size_t cue)
{
    const struct bt_cue *c = &l->t->r->cue[cue];
    const struct bt_asset *a = bt_asset_find(l->t, c->src);
    if (!a)
        return;
    struct bt_item *item = music_add(l, cue, a);
    if (c->kind == BT_CUE_CLIP)
        l->t->place[l->t->nplace - 1].stem = BT_STEM_SPEECH;
    int64_t under = c->under_ms * BT_RATE / 1000;
    if (c->back_timed)
        l->close = &l->t->place[l->t->nplace - 1];
    if (under <= 0 || l->t->d->mix == BT_MIX_CLEAR)
        return;
    l->at = item->to - under > item->from ? item->to - under : item->from;
    l->pause = NONE;
}

static bool heard(const struct bt_timeline *t, size_t line)
{
    return t->speech[line].engine && t->speech[line].frames > 0;
}

static bool anything(const struct bt_timeline *t, size_t line, size_t cue)
{
    for (; line < t->lines->n && t->lines->line[line].cue == cue; line++)
        if (heard(t, line))
            return true;
    return false;
}

static void sting(struct layout *l, size_t cue)
{
    struct bt_timeline *t = l->t;
    const struct bt_asset *a = bt_asset_find(t, t->r->cue[cue].sting);
    if (t->r->cue[cue].kind != BT_CUE_STORY || l->stories++ == 0 || !a)
        return;
    music_add(l, cue, a)->sting = true;
}

static void spoken(struct layout *l, size_t cue)
{
    struct bt_timeline *t = l->t;
    bool first = true, any = anything(t, l->line, cue);
    if (any)
        sting(l, cue);
    for (; l->line < t->lines->n && t->lines->line[l->line].cue == cue; l->line++) {
        if (!heard(t, l->line))
            continue;
        int64_t from = l->at + pause(l, l->pause);
        if (first)
            item_add(l, cue, NULL);
        struct bt_place *p = place_add(l, first ? grid_up(from) : from, t->speech[l->line].frames,
                                       t->speech_gain[l->line]);
        p->line = l->line;
        l->at = p->from + p->frames;
        l->pause = (int)t->lines->line[l->line].utt.after;
        first = false;
    }
}

static int64_t lay(struct layout *l, double stretch)
{
    struct bt_timeline *t = l->t;
    *l = (struct layout){.t = t, .stretch = stretch, .pause = NONE};
    t->nitem = t->nplace = 0;
    for (size_t i = 0; i < t->r->ncue; i++) {
        enum bt_cue_kind kind = t->r->cue[i].kind;
        if (kind == BT_CUE_JINGLE || kind == BT_CUE_CLIP)
            jingle(l, i);
        else
            spoken(l, i);
    }
    return l->at > l->music ? l->at : l->music;
}

/* ---- the length --------------------------------------------------------------------------- */

static const char *clock_text(struct bt_timeline *t, int64_t frames)
{
    int64_t ms = frames * 1000 / BT_RATE;
    return bt_format(t->a, "%d:%06.3f", (int)(ms / 60000), (double)(ms % 60000) / 1000);
}

/* The largest stretch whose end is not behind `target`. */
static void squeeze(struct layout *l, int64_t target)
{
    double low = -1, high = 1;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (lay(l, middle) <= target)
            low = middle;
        else
            high = middle;
    }
    lay(l, low);
}

/* How far the back-timed close may begin before speech ends. */
static int64_t over_most(const struct layout *l)
{
    if (!l->close || l->t->d->mix == BT_MIX_CLEAR)
        return 0;
    int64_t half = l->close->frames / 2;
    return half < OVER_MOST ? half : OVER_MOST;
}

/* Silence that may be left over: before the close together with its pause, or at the end. */
static int64_t slack(const struct layout *l)
{
    return SILENCE_MOST - BT_GRID - (l->close ? pause(l, BT_PAUSE_TO_MUSIC) : 0);
}

static int64_t fit_length(struct layout *l, int64_t target)
{
    struct bt_timeline *t = l->t;
    int64_t least = grid_up(lay(l, -1) - over_most(l)), most = lay(l, 1) + slack(l);
    int64_t nearest = target < least ? least : target > most ? most / BT_GRID * BT_GRID : target;
    if (nearest > target)
        bt_warn(t->ev, "mix", NULL, BT_M_MIX_TOO_LONG, clock_text(t, target),
                clock_text(t, nearest));
    if (nearest < target)
        bt_warn(t->ev, "mix", NULL, BT_M_MIX_TOO_SHORT, clock_text(t, target),
                clock_text(t, nearest));
    squeeze(l, nearest);
    return nearest;
}

static void close_at_end(struct layout *l)
{
    struct bt_timeline *t = l->t;
    if (!l->close || l->close->from + l->close->frames == t->frames)
        return;
    struct bt_item *item = &t->item[l->close->item];
    l->close->from = t->frames - l->close->frames;
    item->from = l->close->from / BT_GRID * BT_GRID;
    item->to = t->frames;
}

/* ---- the door ----------------------------------------------------------------------------- */

static int by_from(const void *a, const void *b)
{
    const struct bt_place *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->stem != y->stem)
        return x->stem < y->stem ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static void order(struct bt_timeline *t)
{
    qsort(t->place, t->nplace, sizeof(*t->place), by_from);
    t->reach = bt_alloc(t->a, t->nplace * sizeof(*t->reach));
    int64_t most = 0;
    for (size_t i = 0; i < t->nplace; i++) {
        int64_t end = t->place[i].from + t->place[i].frames;
        most = end > most ? end : most;
        t->reach[i] = most;
    }
}

void bt_place_open(struct bt_timeline *t)
{
    t->item = bt_alloc(t->a, 2 * t->r->ncue * sizeof(*t->item));
    t->place = bt_alloc(t->a, (2 * t->r->ncue + t->lines->n) * sizeof(*t->place));
}

struct bt_lengths bt_place_lengths(struct bt_timeline *t, double stretch)
{
    struct layout l = {.t = t};
    int64_t length = grid_up(lay(&l, stretch));
    return (struct bt_lengths){length, over_most(&l), slack(&l)};
}

void bt_place_all(struct bt_timeline *t)
{
    struct layout l = {.t = t};
    int64_t least = t->d->length.least * BT_RATE / 1000, most = t->d->length.most * BT_RATE / 1000;
    bt_place_open(t);
    t->frames = grid_up(lay(&l, 0));
    if (most > 0 && t->frames > most)
        t->frames = fit_length(&l, most);
    else if (most > 0 && t->frames < least)
        t->frames = fit_length(&l, least);
    close_at_end(&l);
    bt_beds_add(t);
    order(t);
    bt_duck(t);
}
