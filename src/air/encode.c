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
    PART = 1000, /* grid frames of a part: 24 s */
    BLOCK = 32,  /* grid frames read at once */
    MOST_JOBS = 64
};

static const struct bt_encoder *const encoders[BT_FORMATS] = {
    [BT_WAV] = &bt_encode_wav,
    [BT_MP3] = &bt_encode_mp3,
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

struct sink { /* one file */
    const struct bt_encoder *enc;
    void *file;
};

struct work {
    const struct bt_sound *sound;
    struct sink *sink;
    size_t n;
    int64_t grid, parts;
    int lead, tail;
    _Atomic int64_t next, done;
    pthread_mutex_t lock;
    bool ok; /* with err: the first that failed */
    struct bt_err err;
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

static bool feed(const struct work *w, void **part, int64_t first, int64_t count, int64_t from,
                 int64_t to, const float *x, struct bt_err *err)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct bt_encoder *e = w->sink[i].enc;
        struct span v = view(first, count, e->lead, e->tail);
        int64_t a = from > v.from ? from : v.from;
        int64_t b = to < v.to ? to : v.to;
        const float *at = x + (a - from) * w->sound->channels;
        if (a < b && !e->feed(part[i], a, at, (size_t)(b - a), err))
            return false;
    }
    return true;
}

static bool run_blocks(struct work *w, struct bt_signal *s, void **part, int64_t first,
                       int64_t count, float *x, struct bt_err *err)
{
    struct span v = view(first, count, w->lead, w->tail);
    for (int64_t from = v.from; from < v.to;) {
        int64_t to = from + BLOCK * BT_GRID < v.to ? from + BLOCK * BT_GRID : v.to;
        if (!read_padded(s, from, (size_t)(to - from), x, err) ||
            !feed(w, part, first, count, from, to, x, err))
            return false;
        from = to;
    }
    return true;
}

static bool run_part(struct work *w, struct bt_signal *s, int64_t k, float *x, struct bt_err *err)
{
    int64_t first = k * PART;
    int64_t count = w->grid - first < PART ? w->grid - first : PART;
    void **part = bt_xcalloc(w->n, sizeof(*part));
    bool ok = true;
    size_t n = 0;
    while (ok && n < w->n) {
        part[n] = w->sink[n].enc->part(w->sink[n].file, first, count, err);
        ok = part[n] != NULL;
        n += ok;
    }
    ok = ok && run_blocks(w, s, part, first, count, x, err);
    while (n-- > 0)
        ok = w->sink[n].enc->part_end(part[n], ok, err) && ok;
    free(part);
    return ok;
}

/* Take parts until none is left; only the calling thread tells of them. */
static bool take_parts(struct work *w, struct bt_signal *s, const struct bt_events *ev,
                       struct bt_err *err)
{
    float *x = bt_xcalloc((size_t)w->sound->channels * BLOCK * BT_GRID, sizeof(*x));
    bool ok = true;
    for (int64_t k; ok && is_ok(w) && (k = atomic_fetch_add(&w->next, 1)) < w->parts;) {
        ok = run_part(w, s, k, x, err);
        bt_progress(ev, "air", NULL, (long)(atomic_fetch_add(&w->done, 1) + 1), (long)w->parts);
    }
    free(x);
    return ok;
}

static void labour(struct work *w, const struct bt_events *ev)
{
    struct bt_err err = {0};
    struct bt_signal s;
    bool ok = w->sound->open(w->sound->ctx, &s, &err);
    if (ok) {
        ok = take_parts(w, &s, ev, &err);
        w->sound->close(w->sound->ctx, &s);
    }
    if (!ok)
        remember(w, &err);
}

static void *hand(void *ctx)
{
    labour(ctx, NULL);
    return NULL;
}

static int hands(int jobs, int64_t parts)
{
    long n = jobs > 0 ? jobs : sysconf(_SC_NPROCESSORS_ONLN);
    n = n < 1 ? 1 : n > MOST_JOBS ? MOST_JOBS : n;
    return parts < n ? (int)parts : (int)n;
}

/* The calling thread works too; a thread that cannot be had only makes it slower. */
static void run(struct work *w, int jobs, const struct bt_events *ev)
{
    pthread_t thread[MOST_JOBS];
    int n = 0;
    while (n < hands(jobs, w->parts) - 1 && pthread_create(&thread[n], NULL, hand, w) == 0)
        n++;
    labour(w, ev);
    while (n-- > 0)
        pthread_join(thread[n], NULL);
    if (w->ok)
        bt_progress(ev, "air", NULL, (long)w->parts, (long)w->parts);
}

static bool open_all(struct work *w, const struct bt_file *file, size_t n,
                     const struct bt_tags *tags, struct bt_err *err)
{
    static const struct bt_tags none;
    for (; w->n < n; w->n++) {
        const struct bt_encoder *e = encoders[file[w->n].format];
        struct bt_job job = {&file[w->n], w->sound, tags ? tags : &none, w->grid};
        void *f = e->open(&job, err);
        if (!f)
            return false;
        w->sink[w->n] = (struct sink){e, f};
        w->lead = e->lead > w->lead ? e->lead : w->lead;
        w->tail = e->tail > w->tail ? e->tail : w->tail;
    }
    return true;
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
    struct work w = {.sound = sound, .ok = true};
    /* An encoder's delay and the decoder's lie within one more grid frame. */
    w.grid = (sound->frames + BT_GRID - 1) / BT_GRID + 1;
    w.parts = (w.grid + PART - 1) / PART;
    w.sink = bt_xcalloc(n, sizeof(*w.sink));
    pthread_mutex_init(&w.lock, NULL);
    bool ok = open_all(&w, file, n, tags, err);
    if (ok) {
        run(&w, jobs, ev);
        ok = w.ok;
        if (!ok && err)
            *err = w.err;
    }
    ok = close_all(&w, file, ok, err);
    pthread_mutex_destroy(&w.lock);
    free(w.sink);
    return ok;
}
