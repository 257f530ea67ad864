/*
 * mix only: what a timeline is made of. Frames are at BT_RATE, gains linear, levels LUFS.
 */
#ifndef BT_TIMELINE_H
#define BT_TIMELINE_H

#include "mix/mix.h"

/* How speech is fetched: bt_speech_load, or a test's own sound. Any thread may call it. */
struct bt_fetch {
    bool (*speech)(const void *ctx, const struct bt_speech *s, struct bt_pcm *out,
                   struct bt_err *err);
    const void *ctx;
    const char *levels; /* where those of speeches are kept between runs; NULL: nowhere */
    /* By all that decides its samples; false: not known. Only asked with `levels`. */
    bool (*key)(const struct bt_speech *s, char key[BT_HASH]);
};

struct bt_asset { /* a jingle, bed or clip: silence trimmed off, in the rendition's channels */
    const char *src;
    int64_t at, frames; /* in the timeline's spool; no frames: it could not be read */
    double level;
};

struct bt_knot { /* ducking: the gain in dB is a straight line between knots */
    int64_t at;
    double db;
};

struct bt_place { /* one sound in its place */
    int64_t from, frames;
    enum bt_stem stem;
    const struct bt_asset *asset; /* NULL: speech */
    size_t line;                  /* speech */
    size_t item;
    double gain;
    int64_t fade;         /* frames at either end */
    struct bt_knot *knot; /* music under speech */
    size_t nknot;
};

struct bt_item { /* a cue, or the sting before one */
    size_t cue;
    const char *id;
    bool sting;
    const struct bt_asset *asset;
    int64_t from, to;
};

#define BT_STEP 96 /* of the limiter's curve */
#define BT_HOP_STEPS (BT_HOP / BT_STEP)

struct bt_limit { /* one hop whose gain is not 1 throughout */
    int64_t hop;
    float
        gain[BT_HOP_STEPS + 1]; /* a straight line between them; the last is the next hop's first */
};
struct bt_limits_curve {
    struct bt_limit *hop; /* ordered; on the heap */
    size_t n;
};

struct bt_timeline {
    struct bt_arena *a;
    const struct bt_rundown *r;
    const struct bt_lines *lines;
    const struct bt_speech *speech;
    const struct bt_delivery *d;
    const struct bt_events *ev;
    struct bt_fetch fetch;
    int channels;
    struct bt_asset *asset;
    size_t nasset;
    int spool;           /* a file without a name: jingles cost disk, not memory */
    int64_t spool_end;   /* frames */
    double *speech_gain; /* of each line */
    struct bt_item *item;
    size_t nitem;
    struct bt_place *place; /* ordered by from */
    size_t nplace;
    int64_t *reach; /* the furthest end of places 0…i */
    int64_t frames;
    double gain; /* of the programme */
    struct bt_limits_curve limit;
    struct bt_timing timing;
    struct bt_level level, *cue_level;
};

bool bt_timeline_build(const struct bt_rundown *r, const struct bt_lines *lines,
                       const struct bt_speech *speech, const struct bt_fetch *fetch,
                       const struct bt_delivery *d, const struct bt_events *ev,
                       struct bt_timeline **out, struct bt_err *err);

/* work.c: run fn for 0…n-1 on all cores, in any order. The first error stops the rest. */
bool bt_work(size_t n, bool (*fn)(void *ctx, size_t i, struct bt_err *err), void *ctx,
             const struct bt_events *ev, struct bt_err *err);

/* asset.c */
void bt_assets_load(struct bt_timeline *t); /* what cannot be read is a warning and has no frames */
void bt_assets_finish(struct bt_timeline *t);
/* NULL when it could not be read. */
const struct bt_asset *bt_asset_find(const struct bt_timeline *t, const char *src);
bool bt_asset_read(const struct bt_timeline *t, const struct bt_asset *asset, int64_t from,
                   size_t n, float *out, struct bt_err *err);

/* levels.c: sorted by key */
struct bt_known {
    char key[BT_HASH];
    double level; /* LUFS */
};
struct bt_levels {
    struct bt_known *item; /* on the heap */
    size_t n;
};
void bt_levels_read(const char *path, struct bt_levels *out); /* what is there and whole */
const struct bt_known *bt_levels_find(const struct bt_levels *l, const char key[BT_HASH]);
void bt_levels_write(const char *path, struct bt_known *known, size_t n); /* sorts them */
void bt_levels_finish(struct bt_levels *l);

/* level.c */
#define BT_ELEMENT_LEVEL (-23.0) /* where every element is brought before the mix */
bool bt_level_speech(struct bt_timeline *t, struct bt_err *err);
double bt_level_gain(double level); /* linear, towards BT_ELEMENT_LEVEL */

/* pause.c: frames. `stretch` from -1 (the lower limits) by 0 to 1 (the upper ones). */
enum bt_pause { BT_PAUSE_TO_MUSIC = BT_BREAKS, BT_PAUSE_FROM_MUSIC, BT_PAUSES };
int64_t bt_pause_frames(int pause, double stretch, enum bt_mix mix);

/* place.c: items, places, the length. */
void bt_place_all(struct bt_timeline *t);
void bt_place_open(struct bt_timeline *t); /* room for the two below */
struct bt_lengths {                        /* frames */
    int64_t length, over, slack;           /* as in struct bt_fit_want */
};
struct bt_lengths bt_place_lengths(struct bt_timeline *t, double stretch);

/* under.c: beds join the places; music goes down under speech. */
void bt_beds_add(struct bt_timeline *t);
void bt_duck(struct bt_timeline *t);

/* reader.c: the mix without the programme's gain and limiter; silence outside the timeline. */
bool bt_reader_mix(struct bt_reader *r, int64_t from, size_t n, float *out, struct bt_err *err);

/* measure.c, limit.c */
bool bt_measure(struct bt_timeline *t, struct bt_err *err);
/* Peaks of each step of a hop, before the programme's gain. */
struct bt_hot {
    int64_t hop;
    float peak[BT_HOP_STEPS];
};
void bt_limit_curve(const struct bt_hot *hot, size_t n, double gain, double ceiling,
                    struct bt_limits_curve *out);
const struct bt_limit *bt_limit_find(const struct bt_limits_curve *c, int64_t hop);
void bt_limit_apply(const struct bt_limits_curve *c, int64_t from, size_t n, int channels,
                    float *x);

/* timing.c */
void bt_timing_make(struct bt_timeline *t);

#endif
