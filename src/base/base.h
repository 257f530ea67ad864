/*
 * base: errors, memory, strings, tables, messages, clock, log and events.
 * Knows nothing of news or sound; leans on libc and utf8proc.
 *
 * Who owns what: a `struct bt_err` lives on the caller's stack. Everything allocated from an arena
 * dies with the arena; no piece of it is freed alone. A `struct bt_buf` owns its bytes until
 * bt_buf_finish. A `struct bt_str` owns nothing.
 */
#ifndef BT_BASE_H
#define BT_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "messages.h" /* made from base/messages.tsv: enum bt_msg, BT_M_… */

#define BT_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define BT_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* ---- errors --------------------------------------------------------------------------------- */

/* The codes are the exit codes of the program; bantin(1) documents them. */
enum bt_code {
    BT_OK = 0,
    BT_EINNER = 1,    /* a failure inside: a library, a full disk, a lost child */
    BT_EUSAGE = 2,    /* the command line */
    BT_EFILE = 3,     /* a file of the station's is wrong; msg starts with file:line */
    BT_ENOTHING = 4,  /* nothing to read */
    BT_EDELIVER = 5,  /* cannot deliver */
    BT_ECHECK = 6,    /* check: the file is not right */
    BT_EBUSY = 7,     /* another run holds this edition */
    BT_EREDUCED = 10, /* run only: which tier went out */
    BT_EHEADLINES = 11,
    BT_ELASTGOOD = 12,
    BT_EEVERGREEN = 13,
    BT_ENOMEM = 71
};

struct bt_err {
    enum bt_code code;
    int sys; /* errno, or 0 */
    char msg[512];
};

/*
 * Fill *err (may be NULL) with the message `id` in the reader's language. Always false, so that a
 * function can `return bt_fail(…)`. The arguments are those of the message's text.
 */
bool bt_fail(struct bt_err *err, enum bt_code code, enum bt_msg id, ...);
bool bt_vfail(struct bt_err *err, enum bt_code code, enum bt_msg id, va_list ap);
/* The same, remembering errno and adding its text after ": ". */
bool bt_fail_sys(struct bt_err *err, enum bt_code code, enum bt_msg id, ...);
/* The reader's words for an errno; the system's own where we have none. */
const char *bt_sys_words(int sys);
/* Put "context: " before the message. Always false. */
bool bt_err_prefix(struct bt_err *err, const char *fmt, ...) BT_PRINTF(2, 3);

/* ---- memory --------------------------------------------------------------------------------- */

/* Never return NULL: out of memory calls the hook, then ends the process with BT_ENOMEM. */
void *bt_xmalloc(size_t n);
void *bt_xcalloc(size_t n, size_t size);
void *bt_xrealloc(void *p, size_t n, size_t size);
char *bt_xstrdup(const char *s);
void bt_oom_hook(void (*fn)(void));

struct bt_arena;
struct bt_arena *bt_arena_create(void);
void bt_arena_destroy(struct bt_arena *a); /* NULL is fine */
void *bt_alloc(struct bt_arena *a, size_t n); /* zeroed, aligned for any type */
char *bt_strdup(struct bt_arena *a, const char *s); /* NULL gives NULL */
char *bt_strndup(struct bt_arena *a, const char *s, size_t n);
char *bt_format(struct bt_arena *a, const char *fmt, ...) BT_PRINTF(2, 3);

/* Room for one more element in the array *p of *n elements of `size` bytes: it is doubled in the
 * arena when n is 0 or a power of two. Returns the new element, zeroed, and counts it. */
void *bt_push(struct bt_arena *a, void *p, size_t *n, size_t size);

/* ---- strings -------------------------------------------------------------------------------- */

struct bt_str { /* a slice of somebody's bytes, not ended by NUL */
    const char *p;
    size_t n;
};
#define BT_STR(s) ((struct bt_str){(s), sizeof(s) - 1})
struct bt_str bt_str(const char *s); /* NULL gives the empty slice */
bool bt_str_eq(struct bt_str a, struct bt_str b);
bool bt_str_is(struct bt_str a, const char *s);
bool bt_str_starts(struct bt_str a, struct bt_str prefix);
bool bt_str_ends(struct bt_str a, struct bt_str suffix);
struct bt_str bt_str_trim(struct bt_str a); /* ASCII white space and U+00A0 at both ends */
/* The next line of *rest without its end (\n, \r\n); false at the end. */
bool bt_str_line(struct bt_str *rest, struct bt_str *line);
/* Cut at the next `sep`; false when nothing is left. "a,,b" gives "a" "" "b". */
bool bt_str_cut(struct bt_str *rest, char sep, struct bt_str *piece);
/* The place of `needle` in a, or -1. */
ptrdiff_t bt_str_find(struct bt_str a, struct bt_str needle);

struct bt_buf { /* grows up to max bytes; then `over` is set and nothing more is added */
    char *p;    /* NUL-ended whenever not NULL */
    size_t n, cap, max;
    bool over;
};
void bt_buf_init(struct bt_buf *b, size_t max);
void bt_buf_finish(struct bt_buf *b);
void bt_buf_clear(struct bt_buf *b); /* keeps the memory */
bool bt_buf_reserve(struct bt_buf *b, size_t more); /* room, so that it need not grow byte by byte */
bool bt_buf_add(struct bt_buf *b, const void *p, size_t n);
bool bt_buf_adds(struct bt_buf *b, const char *s);
bool bt_buf_addc(struct bt_buf *b, char c);
bool bt_buf_addf(struct bt_buf *b, const char *fmt, ...) BT_PRINTF(2, 3);
struct bt_str bt_buf_str(const struct bt_buf *b);

/* ---- Unicode -------------------------------------------------------------------------------- */

/* One code point from p[0..n); *len gets its bytes (at least 1). Broken bytes give U+FFFD. */
int32_t bt_utf8_get(const char *p, size_t n, size_t *len);
size_t bt_utf8_put(int32_t c, char out[4]);
bool bt_utf8_valid(struct bt_str s);
/* NFC of any bytes; broken ones become U+FFFD. In the arena. */
char *bt_nfc(struct bt_arena *a, struct bt_str s);
int32_t bt_lower(int32_t c);
int32_t bt_upper(int32_t c);
bool bt_is_letter(int32_t c);
bool bt_is_upper(int32_t c);
bool bt_is_space(int32_t c); /* also U+00A0, U+2000–200A, U+3000 … */
char *bt_lower_str(struct bt_arena *a, struct bt_str s);
/* Lower case, without Vietnamese marks, ASCII: "Thanh Hóa" → "thanh hoa". For keys and names. */
char *bt_fold(struct bt_arena *a, struct bt_str s);

/* ---- tables: voices/…/X.tsv ----------------------------------------------------------------- */

/* Tab separated; '#' at the start of a line comments it; empty lines are passed over. */
struct bt_row {
    const char *file;
    int line;
    int ncol;
    const char **col; /* NFC, trimmed */
};
struct bt_table {
    struct bt_row *row;
    size_t n;
};
/* BT_EFILE with file:line when a row has fewer columns than min or more than max. */
bool bt_table_parse(struct bt_arena *a, const char *file, struct bt_str text, int min, int max,
                    struct bt_table *out, struct bt_err *err);
/* "file:line: " and the message; BT_EFILE. Always false. */
bool bt_row_fail(struct bt_err *err, const struct bt_row *row, enum bt_msg id, ...);

/* ---- messages ------------------------------------------------------------------------------- */

/* The first set of BANTIN_LANG, LC_ALL, LC_MESSAGES, LANG: "en…" is English, all else Vietnamese. */
const char *bt_msg(enum bt_msg id);
/* With its arguments, cut at n bytes. Numbers are the language's own: 0,5 in Vietnamese. */
void bt_vmsg(char *out, size_t n, enum bt_msg id, va_list ap);
/* A number for people, in the reader's language; `out`. */
enum { BT_NUMBER = 32 };
const char *bt_number(double v, int digits, char out[BT_NUMBER]);

/* The nearest of names[0..n) by edit distance, or NULL when none is near. For "did you mean". */
const char *bt_nearest(const char *word, const char *const *names, size_t n);

/* ---- clock ---------------------------------------------------------------------------------- */

#define BT_NO_TIME INT64_MIN

struct bt_civil { /* proleptic Gregorian */
    int year, mon, day, hour, min, sec;
};
int64_t bt_now(void);                /* UTC seconds; BANTIN_NOW (ISO 8601 or seconds) moves it */
void bt_clock_set(int64_t utc);      /* for tests; BT_NO_TIME gives the real clock back */
int64_t bt_clock_mono(void);         /* nanoseconds, for progress and stage times only */
void bt_clock_sleep(int64_t ms);     /* returns at once when the clock has been set */
bool bt_date_valid(int year, int mon, int day);
int64_t bt_civil_utc(const struct bt_civil *c, int zone); /* zone: seconds east of UTC */
struct bt_civil bt_utc_civil(int64_t utc, int zone);
int bt_weekday(int year, int mon, int day); /* 1 Monday … 7 Sunday, ISO 8601 */
bool bt_zone_parse(const char *s, int *zone); /* "+07:00", "Z" */
bool bt_date_parse(const char *s, struct bt_civil *out); /* "2025-11-25" */
/* "2025-11-25T08:45:00+07:00"; without a zone the given one is taken. */
bool bt_iso_parse(const char *s, int zone, int64_t *utc);
const char *bt_iso_format(int64_t utc, int zone, char out[32]);
const char *bt_date_format(int64_t utc, int zone, char out[16]);

/* ---- log and events ------------------------------------------------------------------------- */

enum bt_severity { BT_ERROR, BT_WARN, BT_INFO, BT_DEBUG };

/* What a long work says of itself. `words` are for people; the rest is for programs. */
struct bt_event {
    enum bt_severity level; /* BT_INFO for progress */
    const char *stage;   /* "news", "script", "text", "voice", "mix", "air" */
    const char *item;    /* a story's or cue's id, a file, or NULL */
    long done, of;       /* of = 0: not counted */
    const char *words;   /* or NULL */
};
struct bt_events { /* a writer: terminal progress, JSON lines, a log */
    void (*write)(void *ctx, const struct bt_event *ev);
    void *ctx;
};
/* Each takes NULL as a writer that drops everything. */
void bt_progress(const struct bt_events *to, const char *stage, const char *item, long done,
                 long of);
void bt_warn(const struct bt_events *to, const char *stage, const char *item, enum bt_msg id, ...);
void bt_warn_err(const struct bt_events *to, const char *stage, const char *item,
                 const struct bt_err *err);
void bt_info(const struct bt_events *to, const char *stage, const char *item, enum bt_msg id, ...);

#endif
