/* desk only: the run's inside, shared by its three files. */
#ifndef BT_RUN_H
#define BT_RUN_H

#include "desk/desk.h"

struct bt_rendition { /* one <deliver> on its way */
    const struct bt_delivery *d;
    size_t edition;   /* index; several may share one */
    const char *stem; /* "thnm-sang-2025-11-25", and "-nghe" or "-2" where two share a folder */
    struct bt_timeline *timeline;
};

struct bt_held { /* an edition folder that this run holds, or found there already */
    const char *to;
    bool there;
    struct bt_edition e;
};

struct bt_spent { /* seconds, of all threads and of the children that have ended */
    double wall, cpu;
};

struct bt_run {
    struct bt_arena *a;
    struct bt_run_options o;
    struct bt_teller *teller;
    const struct bt_events *ev;
    enum bt_stage first, last;
    struct bt_spent spent[BT_STAGES], proving; /* proving: a part of the last stage */
    bool done;                                 /* every edition was there already */

    struct bt_programme programme;
    struct bt_civil day;
    struct bt_wire wire;
    struct bt_articles articles;
    size_t aired;
    struct bt_rundown rundown;
    const char *voices_dir;
    struct bt_voices voices;
    struct bt_lang *lang;
    struct bt_lines lines;
    double rate;     /* that is spoken; fit's steps around 1 */
    int64_t said_by; /* of bt_clock_mono; 0: no limit */
    struct bt_speaker *speaker;
    struct bt_speech *speech;
    struct bt_rendition *rendition;
    size_t nrendition;
    struct bt_held *edition;
    size_t nedition;
    struct bt_proof *proof;
    size_t nproof;
    struct bt_words made; /* the files under their final names */
};

/* run.c: the rundown's words, spoken at the run's rate */
bool bt_run_say(struct bt_run *r, struct bt_err *err);
/* run.c: what has been spent so far; the difference of two is a stage's */
struct bt_spent bt_spent_now(void);
struct bt_spent bt_spent_since(struct bt_spent began);
/* run.c: "news", "script" … */
const char *bt_stage_name(enum bt_stage s);
/* fit.c */
bool bt_run_fit(struct bt_run *r, struct bt_err *err);
/* deliver.c */
bool bt_run_open_editions(struct bt_run *r, struct bt_err *err);
bool bt_run_mix(struct bt_run *r, struct bt_err *err);
bool bt_run_air(struct bt_run *r, struct bt_err *err);

#endif
