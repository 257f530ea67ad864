/*
 * Speech kept between runs, by its content: the key is a hash of everything that decides the
 * samples. Written under a temporary name and renamed; read back only when its checksum is right;
 * one maker a key at a time, over all processes. Knows files; knows no engine.
 *
 *   DIR/ab/ab12….say   checksum, then the take as it goes over a pipe; its time is its last use
 *   DIR/lock/ab12…     held by the one who is making it
 *   DIR/pin/EDITION    the keys that a kept edition was made from, a line each
 */
#include "voice/engine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

enum { DAY = 86400, HOUR = 3600, HEAD = 16, SHARDS = 256 };
static const char magic[8] = "btsay 3";

/* Against damage, not against enemies. */
static uint64_t checksum(const char *p, size_t n)
{
    return XXH3_64bits(p, n);
}

static void path_of(const char *dir, const char *key, char path[BT_STORE_PATH])
{
    snprintf(path, BT_STORE_PATH, "%s/%.2s/%s.say", dir, key, key);
}

bool bt_store_open(const char *dir, struct bt_err *err)
{
    char path[BT_STORE_PATH];
    const char *below[] = {"lock", "pin"};
    for (size_t i = 0; i < BT_LEN(below); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, below[i]);
        if (!bt_dir_make(path, err))
            return false;
    }
    return true;
}

void bt_store_key(const struct bt_link *l, const char *identity, int dialect, double rate,
                  const char *text, char key[BT_HASH])
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 20);
    bt_buf_addf(&b, "%s\n%s\n%s\n%s\n%d\n%.4f\n%s", magic, l->engine->name, identity,
                l->spec ? l->spec : "", dialect, rate, text);
    bt_sha256(b.p, b.n, key);
    bt_buf_finish(&b);
}

static bool whole(const char *bytes, size_t n)
{
    uint64_t sum;
    if (n < HEAD || memcmp(bytes, magic, 8) != 0)
        return false;
    memcpy(&sum, bytes + 8, 8);
    return checksum(bytes + HEAD, n - HEAD) == sum;
}

/* The file's take without samples, in *out; where they begin, in *at. */
static bool look_at(const char *path, struct bt_take *out, int64_t *at, bool *damaged)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = false;
    size_t head = 0;
    *damaged = false;
    if (fd < 0)
        return false;
    void *map = fstat(fd, &st) == 0 && st.st_size > 0
                    ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0)
                    : MAP_FAILED;
    if (map != MAP_FAILED) {
        size_t n = (size_t)st.st_size;
        good = whole(map, n) &&
               bt_take_parse_head((struct bt_str){(char *)map + HEAD, n - HEAD}, out, &head, NULL);
        munmap(map, n);
    }
    *damaged = !good;
    *at = (int64_t)(HEAD + head);
    if (good && st.st_mtime < time(NULL) - HOUR)
        futimens(fd, NULL);
    close(fd);
    return good;
}

bool bt_store_get(const char *dir, const char *key, char path[BT_STORE_PATH], struct bt_take *out,
                  int64_t *at)
{
    bool damaged;
    path_of(dir, key, path);
    bool good = look_at(path, out, at, &damaged);
    if (damaged)
        unlink(path);
    return good;
}

int bt_store_lock(const char *dir, const char *key)
{
    char path[BT_STORE_PATH];
    struct stat held, named;
    snprintf(path, sizeof(path), "%s/lock/%s", dir, key);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return BT_STORE_NO_LOCK; /* without a lock it is made twice, that is all */
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return BT_STORE_BUSY;
    }
    bool same = fstat(fd, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino;
    if (same)
        return fd;
    close(fd); /* the holder before us took the name away */
    return BT_STORE_BUSY;
}

void bt_store_unlock(const char *dir, const char *key, int lock)
{
    char path[BT_STORE_PATH];
    if (lock < 0)
        return;
    snprintf(path, sizeof(path), "%s/lock/%s", dir, key);
    unlink(path);
    close(lock);
}

/* No fsync: what a crash tears is found by its checksum and made again. */
bool bt_store_put(const char *dir, const char *key, const struct bt_take *t)
{
    char path[BT_STORE_PATH], tmp[4128], shard[4096];
    struct bt_buf b;
    bt_buf_init(&b, SIZE_MAX);
    bt_take_bytes(t, &b);
    uint64_t sum = checksum(b.p, b.n);
    path_of(dir, key, path);
    snprintf(shard, sizeof(shard), "%s/%.2s", dir, key);
    snprintf(tmp, sizeof(tmp), "%s.%ld", path, (long)getpid());
    mkdir(shard, 0777);
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool good = fd >= 0 && bt_write_all(fd, magic, 8) && bt_write_all(fd, &sum, 8) &&
                bt_write_all(fd, b.p, b.n);
    if (fd >= 0)
        good = close(fd) == 0 && good;
    good = good && rename(tmp, path) == 0;
    if (!good)
        unlink(tmp);
    bt_buf_finish(&b);
    return good;
}

/* ---- pins --------------------------------------------------------------------------------------
 */

static void pin_path(const char *dir, const char *edition, char path[BT_STORE_PATH])
{
    int n = snprintf(path, BT_STORE_PATH, "%s/pin/%s", dir, edition);
    for (char *p = path + strlen(dir) + 5; n > 0 && n < BT_STORE_PATH && *p; p++)
        if (*p == '/' || *p == '.')
            *p = '-';
}

void bt_store_pin(const char *dir, const char *edition, const char *key)
{
    char path[BT_STORE_PATH], line[BT_HASH + 1];
    pin_path(dir, edition, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    snprintf(line, sizeof(line), "%s\n", key);
    if (fd >= 0) {
        (void)bt_write_all(fd, line, strlen(line));
        close(fd);
    }
}

void bt_store_unpin(const char *dir, const char *edition)
{
    char path[BT_STORE_PATH];
    pin_path(dir, edition, path);
    unlink(path);
}

/* ---- looking after it
 * ---------------------------------------------------------------------------- */

struct entry {
    char key[BT_HASH];
    int64_t size, used;
    bool pinned;
};
struct listing {
    struct bt_arena *a;
    struct entry *e;
    size_t n;
    size_t torn; /* temporary names of dead runs, swept */
};

static void list_file(struct listing *l, const char *shard, const char *name)
{
    struct stat st;
    char path[8192];
    snprintf(path, sizeof(path), "%s/%s", shard, name);
    if (name[0] == '.' || stat(path, &st) != 0)
        return;
    size_t n = strlen(name);
    if (n == BT_HASH - 1 + 4 && strcmp(name + n - 4, ".say") == 0) {
        struct entry *e = bt_push(l->a, &l->e, &l->n, sizeof(*e));
        memcpy(e->key, name, BT_HASH - 1);
        e->size = st.st_size;
        e->used = st.st_mtime;
    } else if (st.st_mtime < time(NULL) - HOUR) {
        l->torn += unlink(path) == 0;
    }
}

static void list_all(struct listing *l, const char *dir)
{
    for (int i = 0; i < SHARDS; i++) {
        char shard[4096];
        snprintf(shard, sizeof(shard), "%s/%02x", dir, (unsigned)i);
        DIR *d = opendir(shard);
        for (struct dirent *e; d && (e = readdir(d)) != NULL;)
            list_file(l, shard, e->d_name);
        if (d)
            closedir(d);
    }
}

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key, BT_HASH - 1);
}

static int by_use(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return x->used != y->used ? (x->used < y->used ? -1 : 1) : by_key(a, b);
}

static void mark_file(struct listing *l, const char *path)
{
    struct bt_buf b;
    bt_buf_init(&b, 64 << 20);
    if (bt_file_read(path, 64 << 20, &b, NULL)) {
        struct bt_str rest = bt_buf_str(&b), line;
        while (bt_str_line(&rest, &line)) {
            struct entry want;
            if (line.n != BT_HASH - 1)
                continue;
            memcpy(want.key, line.p, BT_HASH - 1);
            struct entry *e = l->n ? bsearch(&want, l->e, l->n, sizeof(want), by_key) : NULL;
            if (e)
                e->pinned = true;
        }
    }
    bt_buf_finish(&b);
}

static void mark_pinned(struct listing *l, const char *dir)
{
    char pins[4096], path[8192];
    snprintf(pins, sizeof(pins), "%s/pin", dir);
    if (l->n)
        qsort(l->e, l->n, sizeof(*l->e), by_key);
    DIR *d = opendir(pins);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        snprintf(path, sizeof(path), "%s/%s", pins, e->d_name);
        if (e->d_name[0] != '.')
            mark_file(l, path);
    }
    if (d)
        closedir(d);
}

void bt_store_stat(const char *dir, struct bt_store_stat *out)
{
    struct listing l = {.a = bt_arena_create()};
    list_all(&l, dir);
    mark_pinned(&l, dir);
    *out = (struct bt_store_stat){.files = l.n, .oldest = BT_NO_TIME};
    for (size_t i = 0; i < l.n; i++) {
        out->bytes += l.e[i].size;
        out->pinned += l.e[i].pinned;
        if (out->oldest == BT_NO_TIME || l.e[i].used < out->oldest)
            out->oldest = l.e[i].used;
    }
    bt_arena_destroy(l.a);
}

void bt_store_prune(const char *dir, int64_t ceiling, struct bt_store_stat *out)
{
    struct listing l = {.a = bt_arena_create()};
    int64_t bytes = 0, young = time(NULL) - DAY;
    char path[BT_STORE_PATH];
    list_all(&l, dir);
    mark_pinned(&l, dir);
    *out = (struct bt_store_stat){.oldest = BT_NO_TIME};
    for (size_t i = 0; i < l.n; i++)
        bytes += l.e[i].size;
    if (l.n)
        qsort(l.e, l.n, sizeof(*l.e), by_use);
    for (size_t i = 0; i < l.n && bytes > ceiling; i++) {
        path_of(dir, l.e[i].key, path);
        if (l.e[i].pinned || l.e[i].used > young || unlink(path) != 0)
            continue;
        bytes -= l.e[i].size;
        out->files++;
        out->bytes += l.e[i].size;
    }
    bt_arena_destroy(l.a);
}

void bt_store_verify(const char *dir, struct bt_store_stat *out)
{
    struct listing l = {.a = bt_arena_create()};
    char path[BT_STORE_PATH];
    list_all(&l, dir);
    *out = (struct bt_store_stat){.files = l.n, .oldest = BT_NO_TIME};
    for (size_t i = 0; i < l.n; i++) {
        struct bt_take t = {0};
        bool damaged;
        int64_t at;
        path_of(dir, l.e[i].key, path);
        out->bytes += l.e[i].size;
        if (!look_at(path, &t, &at, &damaged) && damaged && unlink(path) == 0)
            out->damaged++;
        bt_take_finish(&t);
    }
    bt_arena_destroy(l.a);
}
