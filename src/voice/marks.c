/* Word marks: from the characters that an engine names to the words of the utterance. Words that
 * it did not name are placed between their neighbours, by syllables. */
#include "voice/engine.h"

#include <string.h>

static uint32_t syllables(const struct bt_utterance *u, const struct bt_word *w)
{
    uint32_t n = 1;
    for (uint32_t i = 0; i < w->len; i++)
        n += u->text[w->at + i] == '-';
    return n;
}

static uint32_t to_grid(const struct bt_take *t, uint32_t at)
{
    return (uint32_t)(((uint64_t)at * BT_RATE + (uint64_t)t->rate / 2) / (uint64_t)t->rate);
}

/* The first spot within word i's characters, or NULL. */
static const struct bt_spot *spot_of(const struct bt_prompt *p, const struct bt_take *t, size_t i,
                                     size_t *from)
{
    uint32_t end = UINT32_MAX;
    for (size_t k = i + 1; k < p->nword && end == UINT32_MAX; k++)
        end = p->start[k];
    while (*from < t->nspot && t->spot[*from].ch < p->start[i])
        ++*from;
    return *from < t->nspot && t->spot[*from].ch < end ? &t->spot[*from] : NULL;
}

#define UNKNOWN UINT32_MAX

/* Marks [from, to) lie between two known places. */
static void fill(const struct bt_utterance *u, struct bt_mark *m, size_t from, size_t to,
                 uint32_t left, uint32_t right, uint32_t first)
{
    uint32_t all = first, so_far = first;
    for (size_t i = from; i < to; i++)
        all += syllables(u, &u->word[i]);
    for (size_t i = from; i < to; i++) {
        m[i].at = left + (uint32_t)((uint64_t)(right - left) * so_far / (all ? all : 1));
        so_far += syllables(u, &u->word[i]);
    }
}

void bt_marks_make(struct bt_arena *a, const struct bt_utterance *u, const struct bt_prompt *p,
                   const struct bt_take *t, struct bt_speech *out)
{
    struct bt_mark *m = bt_alloc(a, (u->nword + 1) * sizeof(*m));
    size_t spot = 0, known = 0;
    for (size_t i = 0; i < u->nword; i++) {
        const struct bt_spot *s = p->start[i] == UINT32_MAX ? NULL : spot_of(p, t, i, &spot);
        m[i] = (struct bt_mark){(uint32_t)i, s ? to_grid(t, s->at) : (uint32_t)UNKNOWN};
        known += s != NULL;
    }
    for (size_t i = 0, to; i < u->nword; i = to + 1) {
        for (to = i; to < u->nword && m[to].at == (uint32_t)UNKNOWN; to++)
            ;
        uint32_t right = to < u->nword ? m[to].at : (uint32_t)out->frames;
        fill(u, m, i, to, i > 0 ? m[i - 1].at : 0, right,
             i > 0 ? syllables(u, &u->word[i - 1]) : 0);
    }
    out->mark = m;
    out->nmark = u->nword;
    out->marks_exact = known == u->nword;
}
