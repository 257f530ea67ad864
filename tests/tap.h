/* TAP from C: ok(), is_str(), is_int(), near(), done(). One process, one plan at the end. */
#ifndef BT_TAP_H
#define BT_TAP_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline bool tap_result(bool good, const char *file, int line, const char *what)
{
    printf("%sok %d - %s\n", good ? "" : "not ", ++tap_count, what);
    if (!good) {
        tap_failed++;
        printf("# %s:%d\n", file, line);
    }
    fflush(stdout);
    return good;
}

#define ok(cond, what) tap_result((cond), __FILE__, __LINE__, (what))

static inline bool tap_is_str(const char *got, const char *want, const char *file, int line,
                              const char *what)
{
    bool good = got && want ? strcmp(got, want) == 0 : got == want;
    tap_result(good, file, line, what);
    if (!good)
        printf("#  got: %s\n# want: %s\n", got ? got : "(null)", want ? want : "(null)");
    return good;
}
#define is_str(got, want, what) tap_is_str((got), (want), __FILE__, __LINE__, (what))

static inline bool tap_is_int(long long got, long long want, const char *file, int line,
                              const char *what)
{
    bool good = tap_result(got == want, file, line, what);
    if (!good)
        printf("#  got: %lld\n# want: %lld\n", got, want);
    return good;
}
#define is_int(got, want, what) tap_is_int((got), (want), __FILE__, __LINE__, (what))

static inline bool tap_near(double got, double want, double within, const char *file, int line,
                            const char *what)
{
    bool good = tap_result(fabs(got - want) <= within, file, line, what);
    if (!good)
        printf("#  got: %g\n# want: %g ± %g\n", got, want, within);
    return good;
}
#define near(got, want, within, what) \
    tap_near((got), (want), (within), __FILE__, __LINE__, (what))

static inline int done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed != 0;
}

#endif
