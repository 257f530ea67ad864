/* A small bulletin of synthetic speech and music, for the tests of mix. */
#ifndef MIX_BULLETIN_H
#define MIX_BULLETIN_H

#include "mix/timeline.h"
#include "tap.h"

#include <sndfile.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_LINES = 400 };

struct bulletin {
    char dir[64];
    struct bt_arena *a;
    struct bt_rundown r;
    struct bt_delivery d;
    struct bt_lines lines;
    struct bt_speech *speech;
    struct bt_cue cue[300];
    struct bt_line line[MAX_LINES];
    int warnings;
    char warning[512];
    struct bt_events ev;
};

/* Syllables of a buzzing voice: `at` is the seed, `raw` the peak in thousandths. */
static inline bool buzz(const void *ctx, const struct bt_speech *s, struct bt_pcm *out,
                        struct bt_err *err)
{
    (void)ctx;
    (void)err;
    bt_pcm_init(out, BT_RATE, 1, (size_t)s->frames);
    double hz = 120 + 20 * (double)(s->at % 5), glottis = 0, syllable = (double)(s->at % 7) / 7;
    double smooth = 0;
    for (size_t i = 0; i < out->frames; i++) {
        glottis = fmod(glottis + hz / BT_RATE, 1);
        syllable = fmod(syllable + 4.2 / BT_RATE, 1);
        double loud = 0.15 + 0.85 * 4 * syllable * (1 - syllable);
        smooth += 0.4 * (loud * (1 - 2 * glottis) - smooth);
        out->x[i] = (float)((double)s->raw / 1000 * smooth);
    }
    return true;
}

static inline void music_write(const struct bulletin *b, const char *name, int rate, int channels,
                               double seconds, double peak)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/%s", b->dir, name);
    size_t n = (size_t)(seconds * rate);
    float *x = bt_xcalloc(n, (size_t)channels * sizeof(*x));
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < channels; c++)
            x[i * (size_t)channels + (size_t)c] =
                (float)(peak * sin(2 * M_PI * (330 + 110 * c) * (double)i / rate) *
                        (0.6 + 0.4 * sin(2 * M_PI * 2 * (double)i / rate)));
    SF_INFO info = {
        .samplerate = rate, .channels = channels, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    SNDFILE *f = sf_open(path, SFM_WRITE, &info);
    sf_writef_float(f, x, (sf_count_t)n);
    sf_close(f);
    free(x);
}

static inline void count_warning(void *ctx, const struct bt_event *ev)
{
    struct bulletin *b = ctx;
    if (ev->level != BT_WARN)
        return;
    b->warnings++;
    snprintf(b->warning, sizeof(b->warning), "%s", ev->words);
}

static inline struct bt_cue *cue_add(struct bulletin *b, enum bt_cue_kind kind)
{
    struct bt_cue *c = &b->cue[b->r.ncue];
    *c = (struct bt_cue){.kind = kind, .id = bt_format(b->a, "c%zu", ++b->r.ncue)};
    return c;
}

static inline void line_add(struct bulletin *b, int part, double seconds, size_t peak,
                            enum bt_break after)
{
    static struct bt_word words[2] = {{0, 3, 0, 4}, {5, 2, 5, 7}};
    struct bt_line *l = &b->line[b->lines.n];
    *l = (struct bt_line){.cue = b->r.ncue - 1, .part = part, .voice = "nu", .written = "Mưa\tto."};
    l->utt =
        (struct bt_utterance){.text = "mưa to", .word = words, .nword = 2, .to = 8, .after = after};
    struct bt_mark *mark = bt_alloc(b->a, 2 * sizeof(*mark));
    mark[1] = (struct bt_mark){1, BT_RATE / 2};
    b->speech[b->lines.n] = (struct bt_speech){.engine = "buzz",
                                               .frames = (int64_t)(seconds * BT_RATE),
                                               .mark = mark,
                                               .nmark = 2,
                                               .marks_exact = true,
                                               .at = (int64_t)b->lines.n,
                                               .raw = peak};
    b->lines.n++;
}

static inline void story_add(struct bulletin *b, const char *sting)
{
    size_t n = b->lines.n;
    cue_add(b, BT_CUE_STORY)->sting = sting;
    line_add(b, -1, 1.5, 300 + n * 37 % 500, BT_BREAK_HEADLINE);
    line_add(b, 0, 4.2, 300 + n * 91 % 600, BT_BREAK_SENTENCE);
    line_add(b, 0, 5.3, 300 + n * 53 % 600, BT_BREAK_PARAGRAPH);
    line_add(b, 1, 0.3, 300, BT_BREAK_STORY);
}

static inline void bulletin_init(struct bulletin *b, int stories)
{
    *b = (struct bulletin){.a = bt_arena_create(), .ev = {count_warning, b}};
    snprintf(b->dir, sizeof(b->dir), "/tmp/bt-mix-XXXXXX");
    if (!mkdtemp(b->dir))
        exit(1);
    b->speech = bt_alloc(b->a, MAX_LINES * sizeof(*b->speech));
    b->r.dir = b->dir;
    b->r.cue = b->cue;
    b->lines.line = b->line;
    b->d = (struct bt_delivery){.channels = 1, .loudness = -23, .peak = -1};
    music_write(b, "open.wav", 44100, 2, 6, 0.8);
    music_write(b, "sting.wav", 48000, 1, 1.6, 0.2);
    music_write(b, "close.wav", 48000, 2, 5, 0.4);
    music_write(b, "bed.wav", 32000, 2, 7, 0.3);
    struct bt_cue *c = cue_add(b, BT_CUE_JINGLE);
    c->src = "open.wav";
    c->under_ms = 3000;
    cue_add(b, BT_CUE_SAY);
    line_add(b, -2, 3.4, 700, BT_BREAK_SENTENCE);
    line_add(b, -2, 2.2, 700, BT_BREAK_STORY);
    for (int i = 0; i < stories; i++)
        story_add(b, "sting.wav");
    cue_add(b, BT_CUE_SAY);
    line_add(b, -2, 2, 900, BT_BREAK_STORY);
    c = cue_add(b, BT_CUE_JINGLE);
    c->src = "close.wav";
    c->back_timed = true;
}

static inline void bulletin_finish(struct bulletin *b)
{
    static const char *const names[] = {"open.wav", "sting.wav", "close.wav", "bed.wav"};
    char path[160];
    for (size_t i = 0; i < BT_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", b->dir, names[i]);
        unlink(path);
    }
    rmdir(b->dir);
    bt_arena_destroy(b->a);
}

static inline struct bt_timeline *bulletin_mix(struct bulletin *b)
{
    struct bt_timeline *t = NULL;
    struct bt_err err = {0};
    if (!bt_timeline_build(&b->r, &b->lines, b->speech, &(struct bt_fetch){.speech = buzz}, &b->d,
                           &b->ev, &t, &err)) {
        printf("Bail out! %s\n", err.msg);
        exit(1);
    }
    return t;
}

static inline float *render(const struct bt_timeline *t)
{
    struct bt_reader *r = bt_reader_create(t);
    struct bt_signal s = bt_reader_signal(r);
    float *x = bt_xcalloc((size_t)s.frames, (size_t)s.channels * sizeof(*x));
    s.read(s.ctx, 0, (size_t)s.frames, x, NULL);
    bt_reader_destroy(r);
    return x;
}

static inline struct bt_level measured(const float *x, size_t frames, int channels)
{
    struct bt_level l;
    struct bt_loud *m = bt_loud_create(channels, false);
    bt_loud_add(m, x, frames);
    bt_loud_get(m, &l);
    bt_loud_destroy(m);
    return l;
}

static inline const struct bt_timing_row *row_find(const struct bt_timeline *t,
                                                   enum bt_row_kind kind, const char *id)
{
    const struct bt_timing *g = bt_timeline_timing(t);
    for (size_t i = 0; i < g->n; i++)
        if (g->row[i].kind == kind && strcmp(g->row[i].id, id) == 0)
            return &g->row[i];
    return NULL;
}

#endif
