/*
 * faults: a library that is loaded before all others (LD_PRELOAD) and makes one call go wrong.
 * Knows the C library's calls; knows nothing of bantin.
 *
 * Two ways of naming the call that fails:
 *   by number: the n-th call, over all processes of a run, that changes a file below
 *     FAULTS_UNDER (folders parted by ':'), FAULTS="killed N" "dead N" "error N ERRNO" "full N";
 *   by place: the k-th time that one call stack allocates or calls the system,
 *     FAULTS="place HASH K ERRNO".
 * Both are counted on a board, a file named by FAULTS_BOARD that all processes of the run share.
 * FAULTS="held N" holds the run before its n-th change until whoever reads the board lets it go on:
 * the world may be another by then. FAULTS="clock N SECONDS" moves the clock by so much from there
 * on; it begins at FAULTS_NOW.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <unwind.h>

enum { PLACES = 1 << 16, FRAMES = 24, NAME = 24 };

struct place {
    _Atomic uint64_t hash;
    _Atomic uint32_t count;
    char call[NAME];
};
static struct board { /* the driver reads it: keep the layout */
    _Atomic uint32_t changes, hits;
    _Atomic int32_t top;   /* the first process */
    _Atomic uint32_t held; /* 1: waits for the driver, which writes 0 */
    char call[NAME];       /* that went wrong */
    struct place place[PLACES];
} * board;

enum how { COUNT, KILLED, DEAD, ERROR, FULL, PLACE, HELD, CLOCK };
static enum how how;
static bool after;
static uint64_t number, hash_wanted;
static int error;
static time_t begun; /* 0: the clock is the machine's */
static const char *under;
static __thread int inside;

#define REAL(f) ((__typeof__(&f))real(#f))

static void *real(const char *name)
{
    inside++;
    void *f = dlsym(RTLD_NEXT, name);
    inside--;
    return f;
}

__attribute__((constructor)) static void begin(void)
{
    static const char *const names[] = {"count", "killed", "dead", "error",
                                        "full",  "place",  "held", "clock"};
    const char *path = getenv("FAULTS_BOARD"), *what = getenv("FAULTS");
    char word[16] = "", when[16] = "";
    unsigned long long a = 0, b = 0;
    int e = 0;
    const char *now = getenv("FAULTS_NOW");
    under = getenv("FAULTS_UNDER");
    begun = now ? (time_t)atoll(now) : 0;
    if (!path || !under || !what)
        return;
    if (strncmp(what, "place", 5) == 0)
        sscanf(what, "%15s %llx %llu %d", word, &a, &b, &e);
    else
        sscanf(what, "%15s %llu %15s", word, &b, when);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(word, names[i]) == 0)
            how = (enum how)i;
    after = strcmp(when, "after") == 0;
    error = how == PLACE ? e : how == FULL ? ENOSPC : atoi(when);
    number = b;
    hash_wanted = a;
    int fd = REAL(open)(path, O_RDWR | O_CLOEXEC);
    void *p = MAP_FAILED;
    if (fd >= 0) {
        p = REAL(mmap)(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        REAL(close)(fd);
    }
    if (p == MAP_FAILED)
        abort();
    int32_t none = 0;
    atomic_compare_exchange_strong(&((struct board *)p)->top, &none, getpid());
    board = p;
}

/* ---- by number ------------------------------------------------------------------------------ */

static bool below(const char *path)
{
    for (const char *u = under; u && *u;) {
        size_t n = strcspn(u, ":");
        if (strncmp(path, u, n) == 0 && (path[n] == '/' || !path[n]))
            return true;
        u += n + (u[n] == ':');
    }
    return false;
}

static bool fd_below(int fd)
{
    char link[32], path[4096];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof(path) - 1);
    if (n <= 0)
        return false;
    path[n] = '\0';
    return below(path);
}

static void hit(const char *call)
{
    if (atomic_fetch_add(&board->hits, 1) == 0)
        snprintf(board->call, NAME, "%s", call);
}

static void die(const char *call)
{
    hit(call);
    if (how == DEAD)
        kill(board->top, SIGKILL);
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* Nothing of the run moves meanwhile. */
static void hold(const char *call)
{
    static const struct timespec ms = {0, 1000000};
    hit(call);
    atomic_store(&board->held, 1);
    while (atomic_load(&board->held) == 1)
        nanosleep(&ms, NULL);
}

/* ---- by place ------------------------------------------------------------------------------- */

struct walk {
    uint64_t hash;
    int depth;
};

/* Offsets in the object that holds the frame: the same in every run. */
static _Unwind_Reason_Code step(struct _Unwind_Context *c, void *ctx)
{
    struct walk *w = ctx;
    struct dl_find_object o;
    uintptr_t ip = _Unwind_GetIP(c);
    if (_dl_find_object((void *)ip, &o) != 0)
        return _URC_END_OF_STACK;
    w->hash = (w->hash ^ (ip - (uintptr_t)o.dlfo_map_start)) * UINT64_C(1099511628211);
    w->hash ^= w->hash >> 29;
    return ++w->depth < FRAMES ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static struct place *place_of(uint64_t hash, const char *call)
{
    for (uint32_t i = (uint32_t)hash % PLACES, n = 0; n < PLACES; i = (i + 1) % PLACES, n++) {
        struct place *p = &board->place[i];
        uint64_t none = 0;
        if (atomic_compare_exchange_strong(&p->hash, &none, hash))
            snprintf(p->call, NAME, "%s", call);
        if (atomic_load(&p->hash) == hash)
            return p;
    }
    return NULL;
}

/* Is it this place's turn to fail? Then errno is set. */
static bool place_fails(const char *call)
{
    if (!board || inside || (how != PLACE && how != COUNT))
        return false;
    int keep = errno;
    struct walk w = {UINT64_C(14695981039346656037), 0};
    inside++;
    _Unwind_Backtrace(step, &w);
    inside--;
    struct place *p = place_of(w.hash ? w.hash : 1, call);
    uint32_t n = p ? atomic_fetch_add(&p->count, 1) + 1 : 0;
    bool fails = how == PLACE && w.hash == hash_wanted && n == number;
    if (fails)
        hit(call);
    errno = fails ? error : keep;
    return fails;
}

/* A call begins. `changes`: a file below FAULTS_UNDER. *n gets its number; true: it fails. */
static bool begins(const char *call, bool changes, uint64_t *n)
{
    *n = 0;
    if (!board || inside)
        return false;
    if (place_fails(call))
        return true;
    if (!changes)
        return false;
    *n = atomic_fetch_add(&board->changes, 1) + 1;
    if ((how == KILLED || how == DEAD) && *n == number && !after)
        die(call);
    if (how == HELD && *n == number)
        hold(call);
    bool fails = (how == ERROR && *n == number) || (how == FULL && *n >= number);
    if (fails) {
        hit(call);
        errno = error;
    }
    return fails;
}

static void ends(const char *call, uint64_t n)
{
    if (n && (how == KILLED || how == DEAD) && n == number && after)
        die(call);
}

/* ---- the calls: the clock -------------------------------------------------------------------- */

time_t time(time_t *out)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    if (begun)
        ts.tv_sec = begun;
    if (how == CLOCK && board && atomic_load(&board->changes) >= number)
        ts.tv_sec += error;
    if (out)
        *out = ts.tv_sec;
    return ts.tv_sec;
}

/* ---- the calls: memory ---------------------------------------------------------------------- */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

#ifndef FAULTS_NO_MEMORY
void *malloc(size_t n)
{
    return place_fails("malloc") ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return place_fails("calloc") ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return place_fails("realloc") ? NULL : __libc_realloc(p, n);
}
#endif

void *mmap(void *at, size_t n, int prot, int flags, int fd, off_t from)
{
    return place_fails("mmap") ? MAP_FAILED : REAL(mmap)(at, n, prot, flags, fd, from);
}

/* ---- the calls: files ----------------------------------------------------------------------- */

/* TYPE name(PARAMETERS) that answers WRONG when it fails; CHANGES says whether a file is changed.
 */
#define CALL(type, name, parameters, arguments, wrong, changes)                                    \
    type name parameters                                                                           \
    {                                                                                              \
        uint64_t n;                                                                                \
        if (begins(#name, board && !inside && (changes), &n))                                      \
            return wrong;                                                                          \
        type r = REAL(name) arguments;                                                             \
        int keep = errno;                                                                          \
        ends(#name, n);                                                                            \
        errno = keep;                                                                              \
        return r;                                                                                  \
    }

static int open_any(const char *name, int dir, const char *path, int flags, mode_t mode)
{
    bool changes = (flags & (O_CREAT | O_TRUNC)) && board && !inside && below(path);
    uint64_t n;
    if (begins(name, changes, &n))
        return -1;
    int fd = REAL(openat)(dir, path, flags, mode);
    ends(name, n);
    return fd;
}

#define OPEN(name, first, dir)                                                                     \
    int name(first const char *path, int flags, ...)                                               \
    {                                                                                              \
        va_list ap;                                                                                \
        va_start(ap, flags);                                                                       \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;                      \
        va_end(ap);                                                                                \
        return open_any(#name, dir, path, flags, mode);                                            \
    }
#define NOTHING
#define AND_DIR int at,
OPEN(open, NOTHING, AT_FDCWD)
OPEN(open64, NOTHING, AT_FDCWD)

FILE *fopen(const char *path, const char *mode)
{
    uint64_t n;
    bool changes = mode[0] != 'r' && board && !inside && below(path);
    if (begins("fopen", changes, &n))
        return NULL;
    FILE *f = REAL(fopen)(path, mode);
    ends("fopen", n);
    return f;
}

CALL(ssize_t, write, (int fd, const void *p, size_t k), (fd, p, k), -1, fd_below(fd))
CALL(ssize_t, pwrite, (int fd, const void *p, size_t k, off_t at), (fd, p, k, at), -1, fd_below(fd))
CALL(ssize_t, pwrite64, (int fd, const void *p, size_t k, off_t at), (fd, p, k, at), -1,
     fd_below(fd))
CALL(int, ftruncate, (int fd, off_t at), (fd, at), -1, fd_below(fd))
CALL(int, ftruncate64, (int fd, off_t at), (fd, at), -1, fd_below(fd))
CALL(int, rename, (const char *from, const char *to), (from, to), -1, below(from) || below(to))
CALL(int, link, (const char *from, const char *to), (from, to), -1, below(from) || below(to))
CALL(int, unlink, (const char *path), (path), -1, below(path))
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode), -1, below(path))
CALL(int, rmdir, (const char *path), (path), -1, below(path))

CALL(ssize_t, read, (int fd, void *p, size_t k), (fd, p, k), -1, false)
CALL(ssize_t, pread, (int fd, void *p, size_t k, off_t at), (fd, p, k, at), -1, false)
CALL(ssize_t, pread64, (int fd, void *p, size_t k, off_t at), (fd, p, k, at), -1, false)
CALL(int, fstat, (int fd, struct stat *st), (fd, st), -1, false)
CALL(int, stat, (const char *path, struct stat *st), (path, st), -1, false)
CALL(int, lstat, (const char *path, struct stat *st), (path, st), -1, false)
CALL(DIR *, opendir, (const char *path), (path), NULL, false)
CALL(struct dirent *, readdir, (DIR * d), (d), NULL, false)
CALL(int, flock, (int fd, int what), (fd, what), -1, false)

/* Nothing here outlives the machine: counted, not waited for. */
static int sync_any(const char *name, int fd)
{
    uint64_t n;
    if (begins(name, board && !inside && fd_below(fd), &n))
        return -1;
    ends(name, n);
    return 0;
}

int fsync(int fd)
{
    return sync_any("fsync", fd);
}

int fdatasync(int fd)
{
    return sync_any("fdatasync", fd);
}

/* ---- the calls: processes ------------------------------------------------------------------- */

CALL(pid_t, fork, (void), (), -1, false)
CALL(int, pipe, (int fd[2]), (fd), -1, false)
CALL(int, pipe2, (int fd[2], int flags), (fd, flags), -1, false)
CALL(int, socketpair, (int domain, int type, int protocol, int fd[2]), (domain, type, protocol, fd),
     -1, false)
CALL(ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags), -1, false)
CALL(ssize_t, recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags), -1, false)
CALL(int, poll, (struct pollfd * p, nfds_t k, int ms), (p, k, ms), -1, false)
CALL(int, memfd_create, (const char *name, unsigned int flags), (name, flags), -1, false)
