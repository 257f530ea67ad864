/* desk only: what is remembered of runs, and who is told when something is wrong. */
#ifndef BT_ALARM_H
#define BT_ALARM_H

#include "desk/desk.h"

struct bt_trouble {
    const struct bt_programme *p;
    const char *state; /* folder */
    const char *kind;  /* "run", "watch": each is told for itself */
    const char *date;
    int code;          /* exit code */
    const char *same;  /* trouble of which this is one is the same; NULL: of these words */
    const char *words; /* lines; NULL: all is well again */
};
/*
 * Start the programme's alarm="…" command: split at spaces, no shell; the words on its standard
 * input, BANTIN_PROGRAMME TITLE DATE KIND CODE SINCE in its environment. The same trouble is told
 * again only after an hour; STATE/alarm/<programme>.<kind> remembers. True when there was nothing
 * to tell. The command has 60 seconds.
 */
bool bt_alarm(struct bt_arena *a, const struct bt_trouble *t, struct bt_err *err);

struct bt_entry { /* one run */
    int64_t at;   /* UTC */
    const char *date;
    int code;
    double seconds;
    const char *words; /* what went wrong, or "" */
};
/* Add to STATE/runs/<programme>.jsonl, which keeps the last thousand or so. */
bool bt_journal_add(struct bt_arena *a, const char *state, const char *programme,
                    const struct bt_entry *e, struct bt_err *err);
/* The last `most` of them, the newest first; returns how many. */
size_t bt_journal_read(struct bt_arena *a, const char *state, const char *programme, size_t most,
                       struct bt_entry *out);

/* health.c: note how the programme's sources were; what failed keeps its beginning and its last
 * good time. Names that are the same get a number. */
bool bt_health_keep(struct bt_arena *a, const char *state, const char *programme,
                    struct bt_health *h, size_t n, struct bt_err *err);
/* In the programme's order; returns how many. */
size_t bt_health_read(struct bt_arena *a, const char *state, const char *programme,
                      struct bt_health **out);

/* keep.c: remove editions older than keep="…" and, oldest first, what is over budget="…"; never
 * the newest of a folder, nor one with a file .keep in it. Their speech in `store` is kept no
 * more. Returns how many went. */
size_t bt_keep(struct bt_arena *a, const struct bt_programme *p, const char *out, const char *store,
               int64_t now);

#endif
