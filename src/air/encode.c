/*
 * The crew: one sound cut into parts on a fixed grid, rendered once a part and handed to every
 * encoder. Knows threads; knows no format. Parts never depend on the number of threads.
 */
#include "air/encode.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PART = 800,  /* grid frames of a part: 19 s … */
    LEAST = 200, /* … and what is shorter joins the one before it */
    BLOCK = 32,  /* grid frames read at once */
    MOST_JOBS = 64
};

static const struct bt_encoder *const encoders[BT_FORMATS] = {
    [BT_WAV] = &bt_encode_wav,   [BT_MP3] = &bt_encode_mp3,       [BT_FLAC] = &bt_encode_flac,
    [BT_OPUS] = &bt_encode_opus, [BT_OPUS24] = &bt_encode_opus24, [BT_VORBIS] = &bt_encode_vorbis,
};

bool bt_format_find(const char *name, enum bt_format *out)
{
    for (int f = 0; f < BT_FORMATS; f++)
        if (strcmp(encoders[f]->name, name) == 0) {
            *out = (enum bt_format)f;
            return true;
        }
    return false;
}

const char *bt_format_suffix(enum bt_format f)
{
    return encoders[f]->suffix;
}

void *bt_part_whole(void *file, int64_t first, int64_t count, struct bt_err *err)
{
    (void)first;
    (void)count;
    (void)err;
    return file;
}

bool bt_part_whole_end(void *part, bool ok, struct bt_err *err)
{
    (void)part;
    (void)err;
    return ok;
}

struct sink { /* one file */
    const struct bt_encoder *enc;
    void *file;
};

struct task { /* a stretch of the grid for some of the sinks */
    const struct sink **sink;
    size_t n;
    int64_t first, count;
    int lead, tail; /* the most that one of them wants */
};

struct work {
    const struct bt_sound *sound;
    struct sink *sink;
    size_t n;
    int64_t grid;
    struct task *task;
    size_t ntask;
    int64_t total; /* grid frames of all tasks */
    _Atomic size_t next;
    _Atomic int64_t done;
    pthread_mutex_t lock;
    bool ok; /* with err: the first that failed */
    struct bt_err err;
};

/* One signal, one block, and, in the calling thread, who is told of it. */
struct hand {
    struct work *w;
    struct bt_signal s;
    float *x;
    const struct bt_events *ev;
    int64_t told; /* percent */
};

static bool is_ok(struct work *w)
{
    pthread_mutex_lock(&w->lock);
    bool ok = w->ok;
    pthread_mutex_unlock(&w->lock);
    return ok;
}

static void remember(struct work *w, const struct bt_err *err)
{
    pthread_mutex_lock(&w->lock);
    if (w->ok)
        w->err = *err;
    w->ok = false;
    pthread_mutex_unlock(&w->lock);
}

struct span { /* frames of the sound, and zeros after it */
    int64_t from, to;
};

/* What an encoder sees of a part: from its own lead to its own tail. */
static struct span view(int64_t first, int64_t count, int lead, int tail)
{
    int64_t from = first - lead < 0 ? 0 : first - lead;
    return (struct span){from * BT_GRID, (first + count + tail) * BT_GRID};
}

static bool read_padded(struct bt_signal *s, int64_t from, size_t n, float *x, struct bt_err *err)
{
    int64_t there = from >= s->frames ? 0 : s->frames - from;
    size_t have = there < (int64_t)n ? (size_t)there : n;
    size_t ch = (size_t)s->channels;
    memset(x + have * ch, 0, (n - have) * ch * sizeof(*x));
    return have == 0 || s->read(s->ctx, from, have, x, err);
}

static bool feed(const struct task *t, void **part, int64_t from, int64_t to, const float *x,
                 int channels, struct bt_err *err)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct bt_encoder *e = t->sink[i]->enc;
        struct span v = view(t->first, t->count, e->lead, e->tail);
        int64_t a = from > v.from ? from : v.from;
        int64_t b = to < v.to ? to : v.to;
        const float *at = x + (a - from) * channels;
        if (a < b && !e->feed(part[i], a, at, (size_t)(b - a), err))
            return false;
    }
    return true;
}

static void tell(struct hand *h, int64_t frames)
{
    int64_t done = atomic_fetch_add(&h->w->done, frames) + frames;
    int64_t percent = done * 100 / h->w->total;
    if (percent == h->told)
        return;
    h->told = percent;
    bt_progress(h->ev, "air", NULL, (long)done, (long)h->w->total);
}

static bool run_blocks(struct hand *h, const struct task *t, void **part, struct bt_err *err)
{
    struct span v = view(t->first, t->count, t->lead, t->tail);
    for (int64_t from = v.from, to; from < v.to; from = to) {
        to = from + BLOCK * BT_GRID < v.to ? from + BLOCK * BT_GRID : v.to;
        if (!is_ok(h->w) || !read_padded(&h->s, from, (size_t)(to - from), h->x, err) ||
            !feed(t, part, from, to, h->x, h->s.channels, err))
            return false;
        if (from >= t->first * BT_GRID && to <= (t->first + t->count) * BT_GRID)
            tell(h, (to - from) / BT_GRID);
    }
    return true;
}

static bool run_task(struct hand *h, const struct task *t, struct bt_err *err)
{
    void **part = bt_xcalloc(t->n, sizeof(*part));
    bool ok = true;
    size_t n = 0;
    while (ok && n < t->n) {
        part[n] = t->sink[n]->enc->part(t->sink[n]->file, t->first, t->count, err);
        ok = part[n] != NULL;
        n += ok;
    }
    ok = ok && run_blocks(h, t, part, err);
    while (n-- > 0)
        ok = t->sink[n]->enc->part_end(part[n], ok, err) && ok;
    free(part);
    return ok;
}

static void labour(struct work *w, const struct bt_events *ev)
{
    struct bt_err err = {0};
    struct hand h = {.w = w, .ev = ev};
    bool ok = w->sound->open(w->sound->ctx, &h.s, &err);
    if (ok) {
        h.x = bt_xcalloc((size_t)h.s.channels * BLOCK * BT_GRID, sizeof(*h.x));
        for (size_t k; ok && is_ok(w) && (k = atomic_fetch_add(&w->next, 1)) < w->ntask;)
            ok = run_task(&h, &w->task[k], &err);
        free(h.x);
        w->sound->close(w->sound->ctx, &h.s);
    }
    if (!ok)
        remember(w, &err);
}

static void *hand(void *ctx)
{
    labour(ctx, NULL);
    return NULL;
}

static int hands(int jobs, size_t tasks)
{
    long n = jobs > 0 ? jobs : sysconf(_SC_NPROCESSORS_ONLN);
    n = n < 1 ? 1 : n > MOST_JOBS ? MOST_JOBS : n;
    return tasks < (size_t)n ? (int)tasks : (int)n;
}

/* The calling thread works too; a thread that cannot be had only makes it slower. */
static void run(struct work *w, int jobs, const struct bt_events *ev)
{
    pthread_t thread[MOST_JOBS];
    int n = 0;
    while (n < hands(jobs, w->ntask) - 1 && pthread_create(&thread[n], NULL, hand, w) == 0)
        n++;
    labour(w, ev);
    while (n-- > 0)
        pthread_join(thread[n], NULL);
    if (w->ok)
        bt_progress(ev, "air", NULL, (long)w->total, (long)w->total);
}

static bool open_all(struct work *w, const struct bt_file *file, size_t n,
                     const struct bt_tags *tags, struct bt_err *err)
{
    for (; w->n < n; w->n++) {
        const struct bt_encoder *e = encoders[file[w->n].format];
        struct bt_job job = {&file[w->n], w->sound, tags, w->grid};
        void *f = e->open(&job, err);
        if (!f)
            return false;
        w->sink[w->n] = (struct sink){e, f};
    }
    return true;
}

static void add_task(struct bt_arena *a, struct work *w, const struct sink **sink, size_t n,
                     int64_t first, int64_t count)
{
    struct task *t = bt_push(a, &w->task, &w->ntask, sizeof(*t));
    *t = (struct task){.sink = sink, .n = n, .first = first, .count = count};
    for (size_t i = 0; i < n; i++) {
        t->lead = sink[i]->enc->lead > t->lead ? sink[i]->enc->lead : t->lead;
        t->tail = sink[i]->enc->tail > t->tail ? sink[i]->enc->tail : t->tail;
    }
    w->total += count;
}

/* Where a part that begins at `first` ends. Parts begin anew at each chapter, so that those of a
 * chapter are the same when one before it has become longer. */
static int64_t part_end(const struct work *w, const struct bt_tags *tags, int64_t first)
{
    int64_t end = w->grid, count;
    for (size_t i = 0; i < tags->nchapter; i++) {
        int64_t at = tags->chapter[i].from / BT_GRID;
        if (at >= first + LEAST && at < end && w->grid - at >= LEAST)
            end = at;
    }
    count = end - first;
    return count < PART + LEAST ? end : first + PART;
}

/* The long ones first: each serial file is one; the others share the parts of the grid. */
static void plan(struct bt_arena *a, struct work *w, const struct bt_tags *tags)
{
    const struct sink **shared = NULL;
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct sink **one = w->sink[i].enc->serial ? bt_alloc(a, sizeof(*one))
                                                         : bt_push(a, &shared, &n, sizeof(*one));
        *one = &w->sink[i];
        if (w->sink[i].enc->serial)
            add_task(a, w, one, 1, 0, w->grid);
    }
    for (int64_t first = 0, end; n > 0 && first < w->grid; first = end) {
        end = part_end(w, tags, first);
        add_task(a, w, shared, n, first, end - first);
    }
}

/* When one cannot be closed the others are whole, yet the set is not: remove them all. */
static bool close_all(struct work *w, const struct bt_file *file, bool ok, struct bt_err *err)
{
    for (size_t i = 0; i < w->n; i++)
        ok = w->sink[i].enc->close(w->sink[i].file, ok, err) && ok;
    for (size_t i = 0; i < w->n && !ok; i++)
        unlink(file[i].path);
    return ok;
}

bool bt_files_write(const struct bt_sound *sound, const struct bt_file *file, size_t n,
                    const struct bt_tags *tags, int jobs, const struct bt_events *ev,
                    struct bt_err *err)
{
    static const struct bt_tags none;
    struct work w = {.sound = sound, .ok = true};
    struct bt_arena *a = bt_arena_create();
    /* An encoder's delay and the decoder's lie within one more grid frame. */
    w.grid = (sound->frames + BT_GRID - 1) / BT_GRID + 1;
    w.sink = bt_xcalloc(n, sizeof(*w.sink));
    pthread_mutex_init(&w.lock, NULL);
    tags = tags ? tags : &none;
    bool ok = open_all(&w, file, n, tags, err);
    if (ok) {
        plan(a, &w, tags);
        run(&w, jobs, ev);
        ok = w.ok;
        if (!ok && err)
            *err = w.err;
    }
    ok = close_all(&w, file, ok, err);
    pthread_mutex_destroy(&w.lock);
    free(w.sink);
    bt_arena_destroy(a);
    return ok;
}
