/*
 * lost: a library that is loaded before all others (LD_PRELOAD) and plays a disk that lies: of
 * files whose name ends with LOST_OF, what is written from byte LOST_FROM on is told written and is
 * not.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_lost(int fd, off_t at)
{
    char link[32], path[4096];
    const char *of = getenv("LOST_OF"), *from = getenv("LOST_FROM");
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof(path));
    size_t m = of ? strlen(of) : 0;
    return m && from && at >= atoll(from) && n >= (ssize_t)m && memcmp(path + n - m, of, m) == 0;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    ssize_t (*real)(int, const void *, size_t, off_t) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "pwrite");
    return is_lost(fd, at) ? (ssize_t)n : real(fd, p, n, at);
}
