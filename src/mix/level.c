/* Every speech brought to one level. Knows speech as sound; knows no place on the timeline. */
#include "mix/timeline.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { LONG = 3 * BT_RATE }; /* a shorter utterance is too little to judge by itself */
static const double step_db = 0.1, most_db = 24,
                    own_db = 10; /* own: how far an utterance may be off its voice */

double bt_level_gain(double level)
{
    double db = isfinite(level) ? BT_ELEMENT_LEVEL - level : 0;
    db = round(db / step_db) * step_db; /* so that one story's words do not move the others */
    return bt_gain(fmax(-most_db, fmin(most_db, db)));
}

struct work {
    struct bt_timeline *t;
    double *level;
    struct bt_levels known;
    struct bt_known *kept; /* of each line; an empty key: not to be kept */
    atomic_bool fresh;     /* one was not known */
};

/* One voice in both channels is heard, and measured, as a single one counted twice. */
static bool is_dual(const struct bt_timeline *t)
{
    return t->channels == 2 || t->d->dual_mono;
}

static bool listen(const struct bt_timeline *t, const struct bt_speech *s, double *level,
                   struct bt_err *err)
{
    struct bt_pcm p;
    struct bt_level l;
    if (!t->fetch.speech(t->fetch.ctx, s, &p, err))
        return false;
    struct bt_loud *m = bt_loud_create(1, is_dual(t));
    bt_loud_add(m, p.x, p.frames);
    bt_loud_get(m, &l);
    bt_loud_destroy(m);
    bt_pcm_finish(&p);
    *level = l.integrated;
    return true;
}

/* False: it is not known yet. */
static bool recall(struct work *w, size_t i)
{
    const struct bt_timeline *t = w->t;
    char *key = w->kept[i].key;
    if (!t->fetch.levels || !t->fetch.key(&t->speech[i], key))
        return false;
    if (is_dual(t))
        key[0] = 'x'; /* another one than any hash */
    const struct bt_known *k = bt_levels_find(&w->known, key);
    if (k)
        w->level[i] = k->level;
    else
        atomic_store(&w->fresh, true);
    return k != NULL;
}

static bool measure(void *ctx, size_t i, struct bt_err *err)
{
    struct work *w = ctx;
    const struct bt_speech *s = &w->t->speech[i];
    w->level[i] = -HUGE_VAL;
    if (!s->engine || s->frames <= 0 || recall(w, i))
        return true;
    return listen(w->t, s, &w->level[i], err);
}

/* Those of this run alone: what nobody uses goes. */
static void keep(struct work *w)
{
    size_t n = 0;
    if (!atomic_load(&w->fresh))
        return;
    for (size_t i = 0; i < w->t->lines->n; i++) {
        if (!w->kept[i].key[0])
            continue;
        w->kept[n] = w->kept[i];
        w->kept[n++].level = w->level[i];
    }
    bt_levels_write(w->t->fetch.levels, w->kept, n);
}

/* The mean energy of all that a voice says, by length. */
static double voice_level(const struct bt_timeline *t, const double *level,
                          const struct bt_voice *voice)
{
    double energy = 0, frames = 0;
    for (size_t i = 0; i < t->lines->n; i++) {
        if (t->speech[i].voice != voice || !isfinite(level[i]))
            continue;
        energy += pow(10, level[i] / 10) * (double)t->speech[i].frames;
        frames += (double)t->speech[i].frames;
    }
    return frames > 0 ? 10 * log10(energy / frames) : -HUGE_VAL;
}

static double settle(const struct bt_speech *s, double own, double voice)
{
    if (s->frames < LONG || !isfinite(own))
        return voice;
    return fmax(voice - own_db, fmin(voice + own_db, own));
}

bool bt_level_speech(struct bt_timeline *t, struct bt_err *err)
{
    const struct bt_voice *voice = NULL;
    double common = 0;
    struct work w = {.t = t,
                     .level = bt_xcalloc(t->lines->n, sizeof(double)),
                     .kept = bt_xcalloc(t->lines->n, sizeof(*w.kept))};
    if (t->fetch.levels)
        bt_levels_read(t->fetch.levels, &w.known);
    t->speech_gain = bt_alloc(t->a, t->lines->n * sizeof(double));
    bool good = bt_work(t->lines->n, measure, &w, NULL, err);
    for (size_t i = 0; good && i < t->lines->n; i++) {
        const struct bt_speech *s = &t->speech[i];
        if (i == 0 || s->voice != voice)
            common = voice_level(t, w.level, s->voice);
        voice = s->voice;
        t->speech_gain[i] = bt_level_gain(settle(s, w.level[i], common));
    }
    if (good)
        keep(&w);
    bt_levels_finish(&w.known);
    free(w.kept);
    free(w.level);
    return good;
}
