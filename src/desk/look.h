/* desk only: editions as they lie there, read back from their own papers. */
#ifndef BT_LOOK_H
#define BT_LOOK_H

#include "desk/desk.h"

struct bt_look_file { /* as proof.json tells */
    const char *name, *sha256;
    double loudness, seconds; /* LUFS; NAN: not told */
};
struct bt_look {
    const char *name, *path; /* "2025-11-25.2" */
    char date[11];
    long number;             /* 1, 2 … */
    enum bt_tier tier;       /* BT_TIERS: not told */
    enum bt_verdict verdict; /* BT_WRONG when there is no proof */
    struct bt_look_file *file;
    size_t nfile;
    int64_t bytes;
    bool kept; /* a file .keep lies in it: never removed */
};
struct bt_looks {
    struct bt_look *item;
    size_t n;
};
/* Every edition below OUT/<programme>, the newest first. */
void bt_look_all(struct bt_arena *a, const char *root, struct bt_looks *out);
/* The newest one of a date; false when none is there. */
bool bt_look_date(struct bt_arena *a, const char *root, const char *date, struct bt_look *out);
/* OUT/<programme> of each <deliver>, each once; `out` (or NULL) stands for all of their `to`. */
struct bt_words bt_look_roots(struct bt_arena *a, const struct bt_programme *p, const char *out);
/* Bytes of the files below path. */
int64_t bt_look_bytes(struct bt_arena *a, const char *path);

#endif
