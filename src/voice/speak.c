/*
 * Many sentences, several at once: each goes down its presenter's chain of engines until one
 * speaks it. What was said lies in the spool, a file without a name. Knows the order of attempts;
 * knows no engine.
 */
#include "voice/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct bt_speaker {
    const struct bt_voices *voices;
    struct bt_spelling **spelling; /* for each of bt_engines */
    struct bt_pool *pool;
    double rate;
    int spool;
    int64_t end; /* of the spool, bytes */
};

static size_t engines(void)
{
    size_t n = 0;
    while (bt_engines[n])
        n++;
    return n;
}

static bool open_spool(struct bt_speaker *s, struct bt_err *err)
{
    const char *dir = getenv("TMPDIR");
    dir = dir && *dir ? dir : "/tmp";
    s->spool = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (s->spool >= 0)
        return true;
    char name[4096]; /* a file system without O_TMPFILE */
    snprintf(name, sizeof(name), "%s/bt-XXXXXX", dir);
    s->spool = mkostemp(name, O_CLOEXEC);
    if (s->spool < 0)
        return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_WRITTEN, dir);
    unlink(name);
    return true;
}

static bool load_spelling(struct bt_speaker *s, const char *voices, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    bool good = true;
    s->spelling = bt_xcalloc(engines(), sizeof(struct bt_spelling *));
    for (size_t i = 0; good && i < engines(); i++)
        if (bt_engines[i]->spelling)
            good = bt_spelling_load(bt_format(a, "%s/vi/%s", voices, bt_engines[i]->spelling),
                                    &s->spelling[i], err);
    bt_arena_destroy(a);
    return good;
}

bool bt_speaker_create(const struct bt_voices *v, const struct bt_speaker_options *o,
                       struct bt_speaker **out, struct bt_err *err)
{
    struct bt_speaker *s = bt_xcalloc(1, sizeof(*s));
    s->voices = v;
    s->rate = o->rate > 0 ? o->rate : 1;
    s->spool = -1;
    s->pool = bt_pool_create(o->jobs);
    if (v->n == 0 || !load_spelling(s, o->voices, err) || !open_spool(s, err)) {
        if (v->n == 0)
            bt_fail(err, BT_EFILE, BT_M_VOICE_NONE, o->voices);
        bt_speaker_destroy(s);
        return false;
    }
    *out = s;
    return true;
}

void bt_speaker_destroy(struct bt_speaker *s)
{
    if (!s)
        return;
    bt_pool_destroy(s->pool);
    for (size_t i = 0; s->spelling && i < engines(); i++)
        bt_spelling_destroy(s->spelling[i]);
    free(s->spelling);
    if (s->spool >= 0)
        close(s->spool);
    free(s);
}

static bool spool_write(struct bt_speaker *s, const void *p, size_t n, struct bt_err *err)
{
    const char *bytes = p;
    for (size_t done = 0; done < n;) {
        ssize_t k = pwrite(s->spool, bytes + done, n - done, (off_t)(s->end + (int64_t)done));
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return bt_fail_sys(err, BT_EINNER, BT_M_VOICE_SPOOL);
        done += (size_t)k;
    }
    s->end += (int64_t)n;
    return true;
}

bool bt_spool_read(const struct bt_speaker *s, const struct bt_speech *speech, int16_t *x,
                   struct bt_err *err)
{
    char *bytes = (char *)x;
    for (size_t done = 0, n = speech->raw * sizeof(*x); done < n;) {
        ssize_t k = pread(s->spool, bytes + done, n - done, (off_t)(speech->at + (int64_t)done));
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return bt_fail_sys(err, BT_EINNER, BT_M_VOICE_SPOOL);
        done += (size_t)k;
    }
    return true;
}

/* ---- one sentence ---------------------------------------------------------------------------- */

struct turn { /* a sentence and how far down the chain it is */
    size_t line, link;
    bool plain;
    struct bt_arena *arena;
    struct bt_prompt prompt;
    struct bt_task task;
};

struct work { /* one bt_speak */
    struct bt_speaker *s;
    struct bt_arena *arena;
    const struct bt_lines *lines;
    struct bt_speech *out;
    char **trouble; /* for each line: why the first attempt failed */
    bool *cleaned;
    long done;
    const struct bt_events *ev;
};

static size_t index_of(const struct bt_engine *e)
{
    size_t i = 0;
    while (bt_engines[i] != e)
        i++;
    return i;
}

/* The sentence as it was written, on one line. */
static char *written_form(struct bt_arena *a, const struct bt_line *l)
{
    char *s = bt_strndup(a, l->written + l->utt.from, l->utt.to - l->utt.from);
    for (char *p = s; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    return s;
}

static void attempt(struct work *w, struct turn *t)
{
    const struct bt_utterance *u = &w->lines->line[t->line].utt;
    const struct bt_voice *v = w->out[t->line].voice;
    const struct bt_link *l = &v->link[t->link];
    bt_prompt_make(t->arena, u, w->s->spelling[index_of(l->engine)], v->dialect, t->plain,
                   &t->prompt);
    if (l->written)
        t->prompt.text = written_form(t->arena, &w->lines->line[t->line]);
    w->cleaned[t->line] |= t->prompt.cleaned;
    t->task = (struct bt_task){.link = l, .text = t->prompt.text, .rate = w->s->rate, .tag = t};
    bt_pool_start(w->s->pool, &t->task);
}

static void end(struct work *w, struct turn *t)
{
    bt_arena_destroy(t->arena);
    free(t);
    bt_progress(w->ev, "voice", NULL, ++w->done, (long)w->lines->n);
}

/* Nothing to say is said by nobody. */
static bool has_words(const struct bt_utterance *u)
{
    return u->nword > 0 && strlen(u->text) < BT_SENTENCE_MAX;
}

static void begin(struct work *w, size_t line)
{
    const struct bt_line *l = &w->lines->line[line];
    const struct bt_voice *v = bt_voice_find(w->s->voices, l->voice);
    w->out[line] = (struct bt_speech){.voice = v ? v : w->s->voices->item[0]};
    if (!has_words(&l->utt)) {
        w->done++;
        return;
    }
    struct turn *t = bt_xcalloc(1, sizeof(*t));
    t->line = line;
    t->arena = bt_arena_create();
    attempt(w, t);
}

static bool keep(struct work *w, const struct turn *t, const struct bt_take *take,
                 struct bt_err *err)
{
    struct bt_speech *sp = &w->out[t->line];
    const struct bt_engine *e = t->task.link->engine;
    sp->at = w->s->end;
    sp->raw = take->n;
    sp->raw_rate = take->rate;
    sp->frames = ((int64_t)take->n * BT_RATE + take->rate - 1) / take->rate;
    bt_marks_make(w->arena, &w->lines->line[t->line].utt, &t->prompt, take, sp);
    sp->marks_exact = sp->marks_exact && e->exact_marks;
    sp->engine = e->name;
    return spool_write(w->s, take->x, take->n * sizeof(*take->x), err);
}

/* A plainer text, then the next engine; false when all have failed. */
static bool try_next(struct work *w, struct turn *t, const struct bt_err *why)
{
    bool passed = why->code == BT_ENOTHING;
    if (!passed && !w->trouble[t->line])
        w->trouble[t->line] = bt_strdup(w->arena, why->msg);
    if ((t->plain || passed) && ++t->link == w->out[t->line].voice->nlink)
        return false;
    t->plain = !t->plain && !passed;
    attempt(w, t);
    return true;
}

static bool settle(struct work *w, struct turn *t, bool spoken, struct bt_take *take,
                   struct bt_err *why, struct bt_err *err)
{
    bool good = true;
    if (spoken && take->n == 0)
        spoken = bt_fail(why, BT_EINNER, BT_M_VOICE_SILENT);
    if (spoken)
        good = keep(w, t, take, err);
    bt_take_finish(take);
    if (spoken || !try_next(w, t, why))
        end(w, t);
    return good;
}

static void report(const struct work *w)
{
    for (size_t i = 0; i < w->lines->n; i++) {
        const struct bt_line *l = &w->lines->line[i];
        const struct bt_speech *sp = &w->out[i];
        if (l->voice && strcmp(l->voice, sp->voice->name) != 0)
            bt_warn(w->ev, "voice", l->voice, BT_M_VOICE_ABSENT, l->voice, sp->voice->name);
        if (w->cleaned[i])
            bt_warn(w->ev, "voice", sp->voice->name, BT_M_VOICE_CLEANED, l->utt.text);
        if (w->trouble[i] && sp->engine)
            bt_warn(w->ev, "voice", sp->voice->name, BT_M_VOICE_SECOND, l->utt.text, w->trouble[i],
                    sp->engine);
        if (w->trouble[i] && !sp->engine)
            bt_warn(w->ev, "voice", sp->voice->name, BT_M_VOICE_SKIPPED, l->utt.text,
                    w->trouble[i]);
        if (l->utt.nword > 0 && !has_words(&l->utt))
            bt_warn(w->ev, "voice", sp->voice->name, BT_M_VOICE_SENTENCE_LONG, BT_SENTENCE_MAX);
    }
}

bool bt_speak(struct bt_speaker *s, struct bt_arena *a, const struct bt_lines *lines,
              struct bt_speech *out, const struct bt_events *ev, struct bt_err *err)
{
    struct work w = {.s = s,
                     .arena = a,
                     .lines = lines,
                     .out = out,
                     .ev = ev,
                     .trouble = bt_alloc(a, (lines->n + 1) * sizeof(char *)),
                     .cleaned = bt_alloc(a, lines->n + 1)};
    bool good = true;
    size_t begun = 0;
    for (;;) {
        struct bt_take take = {0};
        struct bt_err why = {0};
        bool spoken = false;
        while (begun < lines->n && !bt_pool_full(s->pool))
            begin(&w, begun++);
        struct bt_task *t = bt_pool_wait(s->pool, &take, &spoken, &why);
        if (!t)
            break;
        good = settle(&w, t->tag, spoken, &take, &why, good ? err : NULL) && good;
    }
    report(&w);
    return good;
}
