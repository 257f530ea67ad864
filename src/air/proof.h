/* Private to air: what the proof hears of a file, and whether the file is whole. */
#ifndef BT_PROOF_H
#define BT_PROOF_H

#include "air/air.h"

struct bt_runs { /* stretches of one kind */
    long count;
    int64_t first, longest_at, longest; /* frames */
};
enum { BT_SLICES = 50 }; /* a second */
struct bt_heard {
    int64_t frames, promised; /* by libsndfile */
    int channels, rate;
    struct bt_level level;
    struct bt_runs silence, dropout, clip;
    unsigned char *slice; /* of each 20 ms, how many dB its mean square lies below full scale */
    size_t nslice;        /* (255: nothing); the caller's to free */
    struct bt_hop *hop;   /* of the sound at BT_RATE; the caller's to free */
    size_t nhop;
};
/* Decode the file once, block by block. BT_ECHECK. */
bool bt_hear(const char *path, bool dual_mono, struct bt_heard *out, struct bt_err *err);

struct bt_bench { /* what the judges share */
    struct bt_arena *a;
    const char *path;
    const struct bt_want *want;
    const struct bt_heard *h;
    struct bt_proof *p;
};
void bt_proof_say(const struct bt_bench *b, const char *what, enum bt_verdict v, double value,
                  double want, enum bt_msg id, ...);
/* Adds the line "speech" when there are stories to be heard. */
void bt_judge_speech(const struct bt_bench *b);

/* Adds "tags" and "chapters" when it is known what they should say. */
void bt_judge_tags(const struct bt_bench *b);

/* Is what the header of a WAV, an Ogg or an MP3 promises there? BT_ECHECK says what is not; other
 * kinds of file are left to their decoder. */
bool bt_whole(const char *path, struct bt_err *err);

#endif
