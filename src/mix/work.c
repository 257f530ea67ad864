/* The same work for many indices, on all cores. Knows nothing of sound. */
#include "mix/timeline.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { MAX_THREADS = 16 };

struct work {
    size_t n;
    bool (*fn)(void *ctx, size_t i, struct bt_err *err);
    void *ctx;
    atomic_size_t next, done;
    atomic_bool failed;
    pthread_mutex_t lock; /* of err */
    struct bt_err *err;
};

static void one(struct work *w, size_t i)
{
    struct bt_err err = {0};
    if (w->fn(w->ctx, i, &err)) {
        atomic_fetch_add(&w->done, 1);
        return;
    }
    pthread_mutex_lock(&w->lock);
    if (!atomic_exchange(&w->failed, true) && w->err)
        *w->err = err;
    pthread_mutex_unlock(&w->lock);
}

static void *worker(void *ctx)
{
    struct work *w = ctx;
    size_t i;
    while (!atomic_load(&w->failed) && (i = atomic_fetch_add(&w->next, 1)) < w->n)
        one(w, i);
    return NULL;
}

/* Events come from the caller's thread only. */
static void lead(struct work *w, const struct bt_events *ev)
{
    size_t i;
    while (!atomic_load(&w->failed) && (i = atomic_fetch_add(&w->next, 1)) < w->n) {
        one(w, i);
        bt_progress(ev, "mix", NULL, (long)atomic_load(&w->done), (long)w->n);
    }
}

bool bt_work(size_t n, bool (*fn)(void *ctx, size_t i, struct bt_err *err), void *ctx,
             const struct bt_events *ev, struct bt_err *err)
{
    struct work w = {.n = n, .fn = fn, .ctx = ctx, .err = err};
    pthread_t thread[MAX_THREADS];
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t want = cores > 1 ? (size_t)cores - 1 : 0, started = 0;
    if (want > MAX_THREADS)
        want = MAX_THREADS;
    if (n > 0 && want > n - 1)
        want = n - 1;
    pthread_mutex_init(&w.lock, NULL);
    while (started < want && pthread_create(&thread[started], NULL, worker, &w) == 0)
        started++;
    lead(&w, ev);
    for (size_t i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    pthread_mutex_destroy(&w.lock);
    return !atomic_load(&w.failed);
}
