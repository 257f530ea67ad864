/*
 * Many sentences, several at once: each goes down its presenter's chain of engines until one
 * speaks it. What was said lies in the spool, a file without a name. Knows the order of attempts;
 * knows no engine.
 */
#include "voice/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DONE_MAX ((int64_t)4 << 30) /* bytes; about six hours of programme */

struct bt_speaker {
    const struct bt_voices *voices;
    struct bt_spelling **spelling; /* for each of bt_engines */
    struct bt_pool *pool;
    double rate;
    const char *store, *edition; /* or NULL */
    bool hurry;
    int64_t by;
    struct identity { /* of a link, found once */
        const struct bt_link *link;
        char hex[BT_HASH];
    } * identity;
    size_t nidentity;
    long hits, misses;
    struct work_done { /* of each of bt_engines */
        long sentences;
        double sound, took; /* seconds: of speech; from order to answer, summed */
        long answers;       /* also bad ones; the first of each child may have loaded a model */
        double asked, held; /* by the others: bytes of text, seconds */
    } * did;
    int spool;
    int64_t end;       /* of the spool, bytes */
    atomic_bool *done; /* of each speech: its samples at BT_RATE are in the spool */
    size_t nspeech;
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
    s->spool = bt_temp_file(err);
    return s->spool >= 0;
}

static bool load_spelling(struct bt_speaker *s, const char *voices, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    bool good = true;
    s->did = bt_xcalloc(engines(), sizeof(*s->did));
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
    s->store = o->store ? bt_xstrdup(o->store) : NULL;
    s->edition = o->edition ? bt_xstrdup(o->edition) : NULL;
    s->hurry = o->hurry;
    s->by = o->by;
    s->spool = -1;
    s->pool = bt_pool_create(o->jobs);
    if (v->n == 0 || !load_spelling(s, o->voices, err) || !open_spool(s, err) ||
        (s->store && !bt_store_open(s->store, err))) {
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
    if (s->store && s->misses > 0) {
        struct bt_store_stat went;
        bt_store_prune(s->store, BT_STORE_CEILING, &went);
    }
    free((void *)(uintptr_t)s->store);
    free((void *)(uintptr_t)s->edition);
    free(s->identity);
    for (size_t i = 0; s->spelling && i < engines(); i++)
        bt_spelling_destroy(s->spelling[i]);
    free(s->spelling);
    free(s->did);
    free(s->done);
    if (s->spool >= 0)
        close(s->spool);
    free(s);
}

static bool write_at(int fd, int64_t at, const void *p, size_t n)
{
    const char *bytes = p;
    for (size_t done = 0; done < n;) {
        ssize_t k = pwrite(fd, bytes + done, n - done, (off_t)(at + (int64_t)done));
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return false;
        done += (size_t)k;
    }
    return true;
}

static bool read_at(int fd, int64_t at, void *p, size_t n)
{
    char *bytes = p;
    for (size_t done = 0; done < n;) {
        ssize_t k = pread(fd, bytes + done, n - done, (off_t)(at + (int64_t)done));
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        done += (size_t)k;
    }
    return true;
}

/* Room for its samples at BT_RATE, after `n` bytes of what was said. */
static void spool_room(struct bt_speaker *s, struct bt_speech *sp, size_t n)
{
    if ((s->nspeech & (s->nspeech - 1)) == 0) /* 0 or a power of two: full */
        s->done = bt_xrealloc(s->done, s->nspeech ? s->nspeech * 2 : 1, sizeof(*s->done));
    sp->done_at = s->end + (int64_t)n;
    sp->index = s->nspeech++;
    atomic_init(&s->done[sp->index], false);
    s->end = sp->done_at + sp->frames * (int64_t)sizeof(float);
}

static bool spool_add(struct bt_speaker *s, const struct bt_take *take, struct bt_speech *sp,
                      struct bt_err *err)
{
    size_t n = take->n * sizeof(*take->x);
    sp->spool = s->spool;
    sp->at = s->end;
    spool_room(s, sp, n);
    return write_at(s->spool, sp->at, take->x, n) || bt_fail_sys(err, BT_EINNER, BT_M_VOICE_SPOOL);
}

/* What lies in the store stays there, and is open only while it is read: a day of programme has
 * more sentences than a process has descriptors. */
bool bt_spool_read(const struct bt_speech *speech, int16_t *x, struct bt_err *err)
{
    int fd = speech->kept ? open(speech->kept, O_RDONLY | O_CLOEXEC) : speech->spool;
    bool good = (fd >= 0 && read_at(fd, speech->at, x, speech->raw * sizeof(*x))) ||
                bt_fail_sys(err, BT_EINNER, BT_M_VOICE_SPOOL);
    if (speech->kept && fd >= 0)
        close(fd);
    return good;
}

bool bt_spool_get(const struct bt_speaker *s, const struct bt_speech *speech, float *x)
{
    return atomic_load(&s->done[speech->index]) &&
           read_at(s->spool, speech->done_at, x, (size_t)speech->frames * sizeof(*x));
}

/* Two threads may do so at once: they write the same. What lies beyond DONE_MAX is shaped anew each
 * time: the spool does not fill the disk. */
void bt_spool_put(const struct bt_speaker *s, const struct bt_speech *speech, const float *x)
{
    if (speech->done_at < DONE_MAX &&
        write_at(s->spool, speech->done_at, x, (size_t)speech->frames * sizeof(*x)))
        atomic_store(&s->done[speech->index], true);
}

/* ---- one sentence ---------------------------------------------------------------------------- */

struct turn { /* a sentence and how far down the chain it is */
    size_t line, link;
    bool plain;
    struct bt_arena *arena;
    struct bt_prompt prompt;
    struct bt_task task;
    char key[BT_HASH]; /* in the store */
    int lock;          /* -1: none */
    struct turn *next; /* parked: somebody else makes the same */
};

struct work { /* one bt_speak */
    struct bt_speaker *s;
    struct bt_arena *arena;
    const struct bt_lines *lines;
    struct bt_speech *out;
    char **trouble; /* for each line: why the first attempt failed */
    bool *cleaned;
    long done;
    size_t left; /* bytes of text that are not said yet */
    struct turn *parked;
    const struct bt_events *ev;
    struct bt_err *err;
    bool good; /* no inner failure so far */
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

static void end(struct work *w, struct turn *t)
{
    if (w->s->store)
        bt_store_unlock(w->s->store, t->key, t->lock);
    w->left -= strlen(w->lines->line[t->line].utt.text);
    bt_arena_destroy(t->arena);
    free(t);
    bt_progress(w->ev, "voice", NULL, ++w->done, (long)w->lines->n);
}

static const char *identity_of(struct bt_speaker *s, const struct bt_link *l)
{
    for (size_t i = 0; i < s->nidentity; i++)
        if (s->identity[i].link == l)
            return s->identity[i].hex;
    struct bt_buf b;
    bt_buf_init(&b, 1 << 16);
    bt_buf_adds(&b, "");
    if (l->engine->identity)
        l->engine->identity(l, &b);
    s->identity = bt_xrealloc(s->identity, s->nidentity + 1, sizeof(*s->identity));
    s->identity[s->nidentity].link = l;
    bt_sha256(b.p, b.n, s->identity[s->nidentity].hex);
    bt_buf_finish(&b);
    return s->identity[s->nidentity++].hex;
}

/* Everything about it but where it lies. */
static struct bt_speech *describe(struct work *w, const struct turn *t, const struct bt_take *take)
{
    struct bt_speech *sp = &w->out[t->line];
    const struct bt_engine *e = t->task.link->engine;
    sp->raw = take->n;
    sp->raw_rate = take->rate;
    sp->frames = ((int64_t)take->n * BT_RATE + take->rate - 1) / take->rate;
    bt_marks_make(w->arena, &w->lines->line[t->line].utt, &t->prompt, take, sp);
    sp->marks_exact = sp->marks_exact && e->exact_marks;
    sp->engine = e->name;
    return sp;
}

/* It is said and has its place; its key goes to the edition's. */
static void settle(struct work *w, struct turn *t, struct bt_take *take, bool good)
{
    w->good = w->good && good;
    if (w->s->store && w->s->edition)
        bt_store_pin(w->s->store, w->s->edition, t->key);
    bt_take_finish(take);
    end(w, t);
}

static bool from_store(struct work *w, struct turn *t)
{
    struct bt_take take = {0};
    char path[BT_STORE_PATH];
    int64_t at = 0;
    if (!w->s->store || !bt_store_get(w->s->store, t->key, path, &take, &at))
        return false;
    w->s->hits++;
    struct bt_speech *sp = describe(w, t, &take);
    sp->kept = bt_strdup(w->arena, path);
    sp->at = at;
    spool_room(w->s, sp, 0);
    settle(w, t, &take, true);
    return true;
}

/* Is there an engine that is quick and always there? */
static bool any_local(const struct bt_voice *v)
{
    for (size_t i = 0; i < v->nlink; i++)
        if (v->link[i].engine->local)
            return true;
    return false;
}

/* At this engine's pace, is all that is left said in time? */
static bool in_time(const struct work *w, const struct bt_link *l)
{
    const struct work_done *d = &w->s->did[index_of(l->engine)];
    double rest = (double)(w->s->by - bt_clock_mono()) / 1e9;
    double pace = d->asked > 0 ? d->held / d->asked / bt_pool_width(w->s->pool, l) : 0;
    return w->s->by <= 0 || (rest > 0 && pace * (double)w->left < rest);
}

/* Once late, late to the end: presenters do not change to and fro. */
static bool too_late(struct work *w, const struct turn *t)
{
    const struct bt_link *l = t->task.link;
    if (l->engine->local || !any_local(w->out[t->line].voice))
        return false;
    if (!w->s->hurry && !in_time(w, l)) {
        w->s->hurry = true;
        bt_warn(w->ev, "voice", l->engine->name, BT_M_VOICE_HURRY);
    }
    return w->s->hurry;
}

static void attempt(struct work *w, struct turn *t);

/* To the next engine of the chain. */
static void go_on(struct work *w, struct turn *t)
{
    t->plain = false;
    if (++t->link < w->out[t->line].voice->nlink)
        attempt(w, t);
    else
        end(w, t);
}

/* From the store, or by an engine; parked while somebody else makes the same. Who gets the lock
 * looks again: the holder before may have made it. */
static void find_or_make(struct work *w, struct turn *t)
{
    struct bt_speaker *s = w->s;
    if (from_store(w, t))
        return;
    if (too_late(w, t)) {
        go_on(w, t);
        return;
    }
    int lock = s->store ? bt_store_lock(s->store, t->key) : BT_STORE_NO_LOCK;
    if (lock == BT_STORE_BUSY || bt_pool_full(s->pool)) {
        bt_store_unlock(s->store, t->key, lock);
        t->next = w->parked;
        w->parked = t;
        return;
    }
    t->lock = lock;
    if (from_store(w, t))
        return;
    s->misses++;
    bt_pool_start(s->pool, &t->task);
}

static void attempt(struct work *w, struct turn *t)
{
    const struct bt_utterance *u = &w->lines->line[t->line].utt;
    const struct bt_voice *v = w->out[t->line].voice;
    const struct bt_link *l = &v->link[t->link];
    bt_prompt_make(t->arena, u, w->s->spelling[index_of(l->engine)], v->dialect, t->plain,
                   &t->prompt);
    if (l->engine->commands && !t->plain)
        bt_prosody(t->arena, &w->lines->line[t->line], l, w->s->rate, &t->prompt);
    if (l->written)
        t->prompt.text = written_form(t->arena, &w->lines->line[t->line]);
    w->cleaned[t->line] |= t->prompt.cleaned;
    t->task = (struct bt_task){.link = l, .text = t->prompt.text, .rate = w->s->rate, .tag = t};
    if (!l->engine->local && any_local(v))
        t->task.by = w->s->by;
    if (w->s->store)
        bt_store_key(l, identity_of(w->s, l), v->dialect, w->s->rate, t->prompt.text, t->key);
    find_or_make(w, t);
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
    t->lock = -1;
    t->arena = bt_arena_create();
    attempt(w, t);
}

/* A plainer text, then the next engine. */
static void try_next(struct work *w, struct turn *t, const struct bt_err *why)
{
    bool passed = why->code == BT_ENOTHING;
    if (!passed && !w->trouble[t->line])
        w->trouble[t->line] = bt_strdup(w->arena, why->msg);
    if (w->s->store)
        bt_store_unlock(w->s->store, t->key, t->lock);
    t->lock = -1;
    if (t->plain || passed) {
        go_on(w, t);
        return;
    }
    t->plain = true;
    attempt(w, t);
}

static void count(struct bt_speaker *s, const struct turn *t, const struct bt_take *take,
                  bool spoken)
{
    struct work_done *d = &s->did[index_of(t->task.link->engine)];
    double seconds = (double)(bt_clock_mono() - t->task.begun) / 1e9;
    if (++d->answers > bt_pool_width(s->pool, t->task.link)) {
        d->asked += (double)strlen(t->task.text);
        d->held += seconds;
    }
    if (!spoken)
        return;
    d->sentences++;
    d->sound += (double)take->n / take->rate;
    d->took += seconds;
}

/* A child has ended. */
static void judge(struct work *w, struct turn *t, bool spoken, struct bt_take *take,
                  struct bt_err *why)
{
    if (spoken && take->n == 0)
        spoken = bt_fail(why, BT_EINNER, BT_M_VOICE_SILENT);
    count(w->s, t, take, spoken);
    if (!spoken) {
        bt_take_finish(take);
        try_next(w, t, why);
        return;
    }
    if (w->s->store)
        bt_store_put(w->s->store, t->key, take);
    settle(w, t, take, spool_add(w->s, take, describe(w, t, take), w->good ? w->err : NULL));
}

/* Those that waited for somebody else look again. */
static void unpark(struct work *w)
{
    struct turn *t = w->parked;
    w->parked = NULL;
    while (t) {
        struct turn *next = t->next;
        find_or_make(w, t);
        t = next;
    }
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

/* What the store and each engine did. */
static void account(const struct bt_speaker *s, const struct bt_events *ev)
{
    if (s->store)
        bt_info(ev, "voice", NULL, BT_M_VOICE_STORE, s->hits, s->misses);
    for (size_t i = 0; i < engines(); i++) {
        const struct bt_engine *e = bt_engines[i];
        const struct work_done *d = &s->did[i];
        if (d->sentences > 0)
            bt_info(ev, "voice", e->name, BT_M_VOICE_ENGINE, e->name, d->sentences, d->sound,
                    d->took);
        if (d->sentences > 0 && !e->deterministic && !s->store)
            bt_info(ev, "voice", e->name, BT_M_VOICE_ONCE, e->name);
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
                     .err = err,
                     .good = true,
                     .trouble = bt_alloc(a, (lines->n + 1) * sizeof(char *)),
                     .cleaned = bt_alloc(a, lines->n + 1)};
    size_t begun = 0;
    for (size_t i = 0; i < lines->n; i++)
        w.left += has_words(&lines->line[i].utt) ? strlen(lines->line[i].utt.text) : 0;
    while (begun < lines->n || w.parked || bt_pool_busy(s->pool)) {
        struct bt_take take = {0};
        struct bt_err why = {0};
        bool spoken = false;
        unpark(&w);
        while (begun < lines->n && !bt_pool_full(s->pool))
            begin(&w, begun++);
        struct bt_task *t = bt_pool_wait(s->pool, &take, &spoken, &why);
        if (t)
            judge(&w, t->tag, spoken, &take, &why);
        else if (w.parked)
            usleep(2000); /* another process makes it */
    }
    report(&w);
    account(s, ev);
    return w.good;
}
