/*
 * Is what should be said there to be heard? A story's loud slices against its syllables. Knows that
 * a syllable takes time; knows no language.
 */
#include "air/proof.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONG = 40 };                               /* syllables; a shorter story may differ more */
static const double FASTEST = 0.1, SLOWEST = 0.4; /* seconds of sound a syllable, in any voice */
static const double UNDER = 22;  /* dB: quieter than the programme by so much is a pause */
static const double SILENT = 60; /* dB below full scale: silence in any programme */

/* Letters between spaces, hyphens and marks. */
static long syllables(const char *text)
{
    static const char between[] = " -,.?!;:";
    long n = 0;
    for (bool inside = false; *text; text++) {
        bool letter = !strchr(between, *text);
        n += letter && !inside;
        inside = letter;
    }
    return n;
}

void bt_want_stories(struct bt_arena *a, const struct bt_rundown *r, const struct bt_lines *lines,
                     const struct bt_timing *t, struct bt_want *want)
{
    struct bt_spoken *story = NULL;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (t->row[i].kind != BT_ROW_STORY)
            continue;
        struct bt_spoken *s = bt_push(a, &story, &n, sizeof(*s));
        *s = (struct bt_spoken){r->cue[t->row[i].cue].id, t->row[i].from, t->row[i].frames, 0};
        for (size_t k = 0; k < lines->n; k++)
            if (lines->line[k].cue == t->row[i].cue)
                s->syllables += syllables(lines->line[k].utt.text);
    }
    want->story = story;
    want->nstory = n;
}

static double loud_seconds(const struct bt_heard *h, const struct bt_spoken *s)
{
    size_t from = (size_t)(s->from * BT_SLICES / h->rate);
    size_t to = (size_t)((s->from + s->frames) * BT_SLICES / h->rate), n = 0;
    double quiet = fmin(UNDER - h->level.integrated, SILENT);
    for (size_t i = from; i < to && i < h->nslice; i++)
        n += h->slice[i] < quiet;
    return (double)n / BT_SLICES;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Seconds a syllable takes in most stories; no voice is outside the limits. */
static double pace(const double *seconds, const struct bt_want *w)
{
    double *each = bt_xcalloc(w->nstory, sizeof(*each));
    for (size_t i = 0; i < w->nstory; i++)
        each[i] = w->story[i].syllables ? seconds[i] / (double)w->story[i].syllables : 0;
    qsort(each, w->nstory, sizeof(*each), by_value);
    double p = each[w->nstory / 2];
    free(each);
    return p < FASTEST ? FASTEST : p > SLOWEST ? SLOWEST : p;
}

static bool is_enough(double ratio, long n)
{
    return n >= LONG ? ratio >= 0.75 && ratio <= 1.25 : ratio >= 0.5 && ratio <= 2;
}

void bt_judge_speech(const struct bt_bench *b)
{
    const struct bt_want *w = b->want;
    long good = 0;
    if (!w->nstory || b->h->rate != BT_RATE || b->h->channels > 2)
        return;
    double *seconds = bt_xcalloc(w->nstory, sizeof(*seconds));
    for (size_t i = 0; i < w->nstory; i++)
        seconds[i] = loud_seconds(b->h, &w->story[i]);
    double each = pace(seconds, w);
    for (size_t i = 0; i < w->nstory; i++) {
        const struct bt_spoken *s = &w->story[i];
        double ratio = s->syllables ? seconds[i] / (each * (double)s->syllables) : 1;
        if (is_enough(ratio, s->syllables))
            good++;
        else
            bt_proof_say(b, "speech", BT_WRONG, ratio, 1, BT_M_PROOF_SPEECH_OFF, s->id, ratio,
                         s->syllables);
    }
    if (good == (long)w->nstory)
        bt_proof_say(b, "speech", BT_RIGHT, each, NAN, BT_M_PROOF_SPEECH, good, each);
    free(seconds);
}
