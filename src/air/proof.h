/* Private to air: what the proof hears of a file, and whether the file is whole. */
#ifndef BT_PROOF_H
#define BT_PROOF_H

#include "air/air.h"

struct bt_runs { /* stretches of one kind */
    long count;
    int64_t first, longest_at, longest; /* frames */
};
struct bt_heard {
    int64_t frames, promised; /* by libsndfile */
    int channels, rate;
    struct bt_level level;
    struct bt_runs silence, dropout, clip;
};
/* Decode the file once, block by block. BT_ECHECK. */
bool bt_hear(const char *path, bool dual_mono, struct bt_heard *out, struct bt_err *err);

/* Is what the header of a WAV, an Ogg or an MP3 promises there? BT_ECHECK says what is not; other
 * kinds of file are left to their decoder. */
bool bt_whole(const char *path, struct bt_err *err);

#endif
