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

void bt_want_items(struct bt_arena *a, const struct bt_rundown *r, const struct bt_lines *lines,
                   const struct bt_timing *t, struct bt_want *want)
{
    struct bt_spoken *item = NULL;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct bt_timing_row *row = &t->row[i];
        if (row->kind > BT_ROW_STORY)
            continue;
        bool story = row->kind == BT_ROW_STORY;
        struct bt_spoken *s = bt_push(a, &item, &n, sizeof(*s));
        *s = (struct bt_spoken){story ? r->cue[row->cue].id : row->id, row->from, row->frames,
                                story, 0};
        for (size_t k = 0; story && k < lines->n; k++)
            if (lines->line[k].cue == row->cue)
                s->syllables += syllables(lines->line[k].utt.text);
    }
    want->item = item;
    want->nitem = n;
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
    size_t n = 0;
    double *each = bt_xcalloc(w->nitem, sizeof(*each));
    for (size_t i = 0; i < w->nitem; i++)
        if (w->item[i].story)
            each[n++] = w->item[i].syllables ? seconds[i] / (double)w->item[i].syllables : 0;
    qsort(each, n, sizeof(*each), by_value);
    double p = n ? each[n / 2] : 0;
    free(each);
    return p < FASTEST ? FASTEST : p > SLOWEST ? SLOWEST : p;
}

static bool is_enough(double ratio, long n)
{
    return n >= LONG ? ratio >= 0.75 && ratio <= 1.25 : ratio >= 0.5 && ratio <= 2;
}

/* How many stories have their speech; each of the others is told. */
static long judge_each(const struct bt_bench *b, const double *seconds, double each)
{
    long good = 0;
    for (size_t i = 0; i < b->want->nitem; i++) {
        const struct bt_spoken *s = &b->want->item[i];
        double ratio = s->syllables ? seconds[i] / (each * (double)s->syllables) : 1;
        if (s->story && is_enough(ratio, s->syllables))
            good++;
        else if (s->story)
            bt_proof_say(b, "speech", BT_WRONG, ratio, 1, BT_M_PROOF_SPEECH_OFF, s->id, ratio,
                         s->syllables);
    }
    return good;
}

void bt_judge_speech(const struct bt_bench *b)
{
    const struct bt_want *w = b->want;
    long stories = 0;
    for (size_t i = 0; i < w->nitem; i++)
        stories += w->item[i].story;
    if (!stories || b->h->rate != BT_RATE || b->h->channels > 2)
        return;
    double *seconds = bt_xcalloc(w->nitem, sizeof(*seconds));
    for (size_t i = 0; i < w->nitem; i++)
        seconds[i] = loud_seconds(b->h, &w->item[i]);
    double each = pace(seconds, w);
    if (judge_each(b, seconds, each) == stories)
        bt_proof_say(b, "speech", BT_RIGHT, each, NAN, BT_M_PROOF_SPEECH, stories, each);
    free(seconds);
}
