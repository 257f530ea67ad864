/* How long each story is in each of its forms, for the fit. Knows lengths; hears nothing. */
#include "mix/timeline.h"

#include <string.h>

static const double stretches[3] = {-1, 0, 1};

struct times {               /* frames */
    int64_t speech, rest[3]; /* rest: pauses and music, by stretch */
};

static void pause_add(const struct bt_timeline *t, struct times *x, int pause)
{
    for (int i = 0; i < 3; i++)
        x->rest[i] += bt_pause_frames(pause, stretches[i], (enum bt_mix)t->d->mix);
}

static bool heard(const struct bt_timeline *t, size_t line)
{
    return t->speech[line].engine && t->speech[line].frames > 0;
}

static bool in_form(const struct bt_line *l, enum bt_form form)
{
    return form == BT_FORM_FULL || l->part < 0 || (form == BT_FORM_BRIEF && l->part == 0);
}

/* Its lines with a pause after each; after the last stands what parts it from the next story. */
static struct times story_times(const struct bt_timeline *t, size_t cue, enum bt_form form,
                                const struct bt_asset *sting)
{
    struct times x = {0};
    int last = -1;
    for (size_t i = 0; i < t->lines->n; i++) {
        const struct bt_line *l = &t->lines->line[i];
        if (l->cue != cue || !in_form(l, form) || !heard(t, i))
            continue;
        if (last >= 0)
            pause_add(t, &x, last);
        x.speech += t->speech[i].frames;
        last = (int)l->utt.after;
    }
    pause_add(t, &x, sting ? BT_PAUSE_TO_MUSIC : BT_BREAK_STORY);
    if (sting)
        pause_add(t, &x, BT_PAUSE_FROM_MUSIC);
    for (int i = 0; sting && i < 3; i++)
        x.rest[i] += sting->frames;
    return x;
}

/* A dropped story's title goes from the headlines too. */
static void headline_add(const struct bt_timeline *t, const char *title, struct times *x)
{
    for (size_t i = 0; i < t->lines->n; i++) {
        const struct bt_line *l = &t->lines->line[i];
        if (t->r->cue[l->cue].kind != BT_CUE_HEADLINES || !heard(t, i) ||
            strcmp(l->written, title) != 0)
            continue;
        x->speech += t->speech[i].frames;
        pause_add(t, x, (int)l->utt.after);
    }
}

static int64_t ms(int64_t frames)
{
    return (frames * 1000 + BT_RATE / 2) / BT_RATE;
}

static struct bt_fit_time in_ms(const struct times *x)
{
    return (struct bt_fit_time){ms(x->speech), ms(x->rest[0]), ms(x->rest[1]), ms(x->rest[2])};
}

static void story_add(struct bt_timeline *t, size_t cue, struct bt_fit_want *out,
                      struct times *fixed)
{
    const struct bt_cue *c = &t->r->cue[cue];
    const struct bt_asset *sting = out->n ? bt_asset_find(t, c->sting) : NULL;
    struct bt_fit_story *s = bt_push(t->a, &out->story, &out->n, sizeof(*s));
    s->priority = c->priority;
    s->form = (enum bt_form)c->form;
    for (int form = BT_FORM_HEADLINE; form >= BT_FORM_FULL; form--) {
        struct times x = story_times(t, cue, (enum bt_form)form, sting);
        headline_add(t, c->title, &x);
        s->in[form] = in_ms(&x);
        if (form != (int)s->form)
            continue;
        fixed->speech -= x.speech;
        for (int i = 0; i < 3; i++)
            fixed->rest[i] -= x.rest[i];
    }
}

static bool is_read(const struct bt_timeline *t, size_t cue)
{
    for (size_t i = 0; i < t->lines->n; i++)
        if (t->lines->line[i].cue == cue && heard(t, i))
            return t->r->cue[cue].kind == BT_CUE_STORY;
    return false;
}

/* The whole as it stands; the stories are then taken off it, and what is left is fixed. */
static struct times whole(struct bt_timeline *t, struct bt_fit_want *out)
{
    struct times x = {0};
    for (size_t i = 0; i < t->lines->n; i++)
        x.speech += heard(t, i) ? t->speech[i].frames : 0;
    for (int i = 0; i < 3; i++) {
        struct bt_lengths l = bt_place_lengths(t, stretches[i]);
        x.rest[i] = l.length - x.speech;
        out->over = ms(l.over);
        out->slack = ms(l.slack);
    }
    return x;
}

void bt_fit_measure(struct bt_arena *a, const struct bt_rundown *r, const struct bt_lines *lines,
                    const struct bt_speech *speech, const struct bt_delivery *d, double rate,
                    struct bt_fit_want *out, size_t **cue)
{
    struct bt_timeline t = {.a = a,
                            .r = r,
                            .lines = lines,
                            .speech = speech,
                            .d = d,
                            .channels = 1,
                            .speech_gain = bt_alloc(a, lines->n * sizeof(double))};
    *out = (struct bt_fit_want){.length = d->length, .rate = rate};
    *cue = bt_alloc(a, r->ncue * sizeof(**cue));
    bt_assets_load(&t);
    bt_place_open(&t);
    struct times fixed = whole(&t, out);
    for (size_t i = 0; i < r->ncue; i++)
        if (is_read(&t, i)) {
            (*cue)[out->n] = i;
            story_add(&t, i, out, &fixed);
        }
    out->fixed = in_ms(&fixed);
    bt_assets_finish(&t);
}
