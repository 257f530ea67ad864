/*
 * Encoded parts from one run to the next: the bytes, then an index, then its size. Every part has
 * its checksum, so that a damaged file is a missing one. Knows no format.
 */
#include "air/encode.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 1 << 20 }; /* entries */

struct entry {
    char key[BT_HASH], sum[BT_HASH];
    int64_t at, n;
};

struct foot {
    char magic[8];
    int64_t at, n; /* of the index: its place, and entries */
};
static const char magic[8] = "bantin1";

struct bt_kept {
    char *path, *fresh;
    int old, new;
    struct entry *was, *is;
    size_t nwas, nis;
    int64_t end;
    bool ok;
    pthread_mutex_t lock;
};

static bool get(int fd, int64_t at, void *p, size_t n)
{
    return pread(fd, p, n, at) == (ssize_t)n;
}

static bool put(int fd, int64_t at, const void *p, size_t n)
{
    return pwrite(fd, p, n, at) == (ssize_t)n;
}

static void index_read(struct bt_kept *k)
{
    struct stat st;
    struct foot f;
    if (fstat(k->old, &st) != 0 || !get(k->old, st.st_size - (off_t)sizeof(f), &f, sizeof(f)) ||
        memcmp(f.magic, magic, sizeof(magic)) != 0 || f.n < 0 || f.n > MOST)
        return;
    k->was = bt_xcalloc((size_t)f.n, sizeof(*k->was));
    if (get(k->old, f.at, k->was, (size_t)f.n * sizeof(*k->was)))
        k->nwas = (size_t)f.n;
}

static void kept_free(struct bt_kept *k)
{
    if (k->old >= 0)
        close(k->old);
    if (k->new >= 0)
        close(k->new);
    pthread_mutex_destroy(&k->lock);
    free(k->was);
    free(k->is);
    free(k->path);
    free(k->fresh);
    free(k);
}

/* Another run that makes the same has the lock: then this one keeps nothing. */
struct bt_kept *bt_kept_open(const char *path)
{
    struct bt_kept *k = bt_xcalloc(1, sizeof(*k));
    size_t n = strlen(path) + 5;
    k->path = bt_xstrdup(path);
    k->fresh = bt_xmalloc(n);
    snprintf(k->fresh, n, "%s.new", path);
    pthread_mutex_init(&k->lock, NULL);
    k->ok = true;
    k->old = open(path, O_RDONLY | O_CLOEXEC);
    k->new = open(k->fresh, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (k->new < 0 || flock(k->new, LOCK_EX | LOCK_NB) != 0 || ftruncate(k->new, 0) != 0) {
        kept_free(k);
        return NULL;
    }
    if (k->old >= 0)
        index_read(k);
    return k;
}

/* A damaged index names no more than the file has. */
static void *read_entry(const struct bt_kept *k, const struct entry *e)
{
    char sum[BT_HASH];
    struct stat st;
    if (e->n <= 0 || fstat(k->old, &st) != 0 || e->n > st.st_size)
        return NULL;
    void *p = bt_xmalloc((size_t)e->n);
    if (get(k->old, e->at, p, (size_t)e->n)) {
        bt_sha256(p, (size_t)e->n, sum);
        if (memcmp(sum, e->sum, BT_HASH) == 0)
            return p;
    }
    free(p);
    return NULL;
}

void *bt_kept_get(const struct bt_kept *k, const char key[BT_HASH], size_t *n)
{
    for (size_t i = 0; i < k->nwas; i++) {
        if (memcmp(k->was[i].key, key, BT_HASH) != 0)
            continue;
        *n = (size_t)k->was[i].n;
        return read_entry(k, &k->was[i]);
    }
    return NULL;
}

void bt_kept_put(struct bt_kept *k, const char key[BT_HASH], const void *p, size_t n)
{
    struct entry e = {.n = (int64_t)n};
    memcpy(e.key, key, BT_HASH);
    bt_sha256(p, n, e.sum);
    pthread_mutex_lock(&k->lock);
    e.at = k->end;
    k->end += e.n;
    if ((k->nis & (k->nis - 1)) == 0) /* 0 or a power of two: full */
        k->is = bt_xrealloc(k->is, k->nis ? 2 * k->nis : 1, sizeof(*k->is));
    k->is[k->nis++] = e;
    pthread_mutex_unlock(&k->lock);
    if (put(k->new, e.at, p, n))
        return;
    pthread_mutex_lock(&k->lock);
    k->ok = false;
    pthread_mutex_unlock(&k->lock);
}

void bt_kept_close(struct bt_kept *k, bool ok)
{
    if (!k)
        return;
    struct foot f = {.at = k->end, .n = (int64_t)k->nis};
    memcpy(f.magic, magic, sizeof(magic));
    size_t n = k->nis * sizeof(*k->is);
    ok = ok && k->ok && put(k->new, f.at, k->is, n) &&
         put(k->new, f.at + (int64_t)n, &f, sizeof(f)) && rename(k->fresh, k->path) == 0;
    if (!ok)
        unlink(k->fresh);
    kept_free(k);
}
