/*
 * clock: a library that is loaded before all others (LD_PRELOAD) and makes time run CLOCK_RATE
 * times as fast: whoever waits a minute waits a second of sixty. It begins at CLOCK_NOW (seconds of
 * UTC); CLOCK_JUMP="AFTER BY" sets the clock by so many seconds when the run is so old.
 * CLOCK_SLOW="DIR BYTES" is a disk that takes so many bytes a second of what is written below DIR.
 */
#include <dlfcn.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t rate = 1, now, began, jump_after, jump_by; /* began: ns of our fast clock */
static char slow_dir[4096];
static double slow_bytes;

#define REAL(f) ((__typeof__(&f))dlsym(RTLD_NEXT, #f))

static int64_t fast(void)
{
    struct timespec ts;
    REAL(clock_gettime)(CLOCK_MONOTONIC, &ts);
    return (ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec) * rate;
}

__attribute__((constructor)) static void begin(void)
{
    const char *of = getenv("CLOCK_RATE"), *at = getenv("CLOCK_NOW"), *jump = getenv("CLOCK_JUMP"),
               *slow = getenv("CLOCK_SLOW");
    char word[32];
    long after = 0, by = 0;
    rate = of ? atol(of) : 1;
    now = at ? atol(at) : 0;
    snprintf(word, sizeof(word), "%lld", (long long)fast());
    setenv("CLOCK_BEGAN", word, 0); /* for those who are started, too */
    began = atoll(getenv("CLOCK_BEGAN"));
    if (jump && sscanf(jump, "%ld %ld", &after, &by) == 2) {
        jump_after = after;
        jump_by = by;
    }
    if (slow && sscanf(slow, "%4095s %lf", slow_dir, &slow_bytes) != 2)
        abort();
}

/* ---- reading the clock ---------------------------------------------------------------------- */

int clock_gettime(clockid_t which, struct timespec *ts)
{
    int64_t t = fast();
    if (which != CLOCK_MONOTONIC && which != CLOCK_REALTIME)
        return REAL(clock_gettime)(which, ts);
    if (which == CLOCK_REALTIME) {
        t = now * INT64_C(1000000000) + t - began;
        if (jump_by && fast() - began >= jump_after * INT64_C(1000000000))
            t += jump_by * INT64_C(1000000000);
    }
    ts->tv_sec = t / 1000000000;
    ts->tv_nsec = t % 1000000000;
    return 0;
}

time_t time(time_t *out)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    if (out)
        *out = ts.tv_sec;
    return ts.tv_sec;
}

/* ---- waiting -------------------------------------------------------------------------------- */

int poll(struct pollfd *p, nfds_t n, int ms)
{
    return REAL(poll)(p, n, ms > 0 ? (int)((ms + rate - 1) / rate) : ms);
}

int nanosleep(const struct timespec *want, struct timespec *left)
{
    int64_t ns = (want->tv_sec * INT64_C(1000000000) + want->tv_nsec) / rate;
    struct timespec ts = {ns / 1000000000, ns % 1000000000};
    return REAL(nanosleep)(&ts, left);
}

/* ---- a slow disk ---------------------------------------------------------------------------- */

static void slow(int fd, size_t n)
{
    char link[32], path[4096];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t k = slow_bytes > 0 ? readlink(link, path, sizeof(path)) : 0;
    size_t m = strlen(slow_dir);
    if (k < (ssize_t)m || !m || memcmp(path, slow_dir, m) != 0)
        return;
    double s = (double)n / slow_bytes;
    nanosleep(&(struct timespec){(time_t)s, (long)((s - (double)(time_t)s) * 1e9)}, NULL);
}

ssize_t write(int fd, const void *p, size_t n)
{
    slow(fd, n);
    return REAL(write)(fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    slow(fd, n);
    return REAL(pwrite)(fd, p, n, at);
}

ssize_t copy_file_range(int in, off_t *at, int out, off_t *to, size_t n, unsigned int flags)
{
    ssize_t k = REAL(copy_file_range)(in, at, out, to, n, flags);
    if (k > 0)
        slow(out, (size_t)k);
    return k;
}
