/*
 * air: files, tags, the proof, publishing. Knows formats; knows no language. Leans on libsndfile,
 * libmp3lame, jansson.
 *
 * Who owns what: paths and signals are borrowed for the call.
 */
#ifndef BT_AIR_H
#define BT_AIR_H

#include "base/base.h"
#include "host/host.h"
#include "mix/mix.h"
#include "pcm/pcm.h"
#include "script/script.h"
#include "text/text.h"

struct bt_tags { /* UTF-8; NULL is left out */
    const char *title, *artist, *album, *date, *comment;
};

/* Each writes a whole file and fails (BT_EDELIVER) when one byte could not be written. `ev` gets
 * frames done. */
bool bt_wav_write(const char *path, const struct bt_signal *s, const struct bt_tags *tags,
                  const struct bt_events *ev, struct bt_err *err);
/* CBR, LAME quality 3, the internal 0.95 undone; the Info frame is ours: decoders that honour it
 * give exactly s->frames frames. */
bool bt_mp3_write(const char *path, const struct bt_signal *s, int kbps,
                  const struct bt_tags *tags, const struct bt_events *ev, struct bt_err *err);

/* ---- the proof: the delivered file, decoded and judged ------------------------------------- */

struct bt_want { /* what the file should be; 0 or NAN: not asked */
    double loudness, peak;   /* LUFS ± 0.5 fails, ± 0.2 warns; dBTP */
    int64_t frames;          /* exactly */
    int channels;
    bool dual_mono;
    double silence_s;        /* the longest silence (below -60 dBFS) allowed; 2.0 */
};
enum bt_verdict { BT_RIGHT, BT_DOUBTFUL, BT_WRONG };
struct bt_proof_line {
    const char *what;        /* "loudness" "peak" "length" "silence" "clipping" "decode" … */
    enum bt_verdict verdict;
    double value, want;
    const char *words;       /* for people */
};
struct bt_proof {
    const char *file, *sha256;
    struct bt_level level;
    int64_t frames;
    int channels, rate;
    struct bt_proof_line *line;
    size_t n;
    enum bt_verdict verdict;
};
/* False only when the file cannot be opened or decoded at all (BT_ECHECK). */
bool bt_proof_file(struct bt_arena *a, const char *path, const struct bt_want *want,
                   struct bt_proof *out, struct bt_err *err);
void bt_proof_json(const struct bt_proof *p, size_t n, struct bt_buf *out);

/* ---- editions ------------------------------------------------------------------------------ */

/* as-run: one JSON object a line, aired first in order, then what did not air and why. */
void bt_asrun_jsonl(const struct bt_rundown *r, const struct bt_lines *lines,
                    const struct bt_timeline *t, struct bt_buf *out);

struct bt_edition { /* OUT/<programme>/<date>/ while it is being built */
    char *root;  /* OUT/<programme> */
    char *name;  /* <date> or <date>.2 … */
    char *work;  /* OUT/<programme>/.<name>.bt-… : write here */
    int lock;
};
/*
 * Take the lock of (programme, date) and make the working folder; sweep what dead runs left.
 * *done says that the edition is there and `again` was not asked: nothing was opened.
 * BT_EBUSY when another run holds it; BT_EDELIVER.
 */
bool bt_edition_begin(struct bt_arena *a, const char *out, const char *programme,
                      const char *date, bool again, struct bt_edition *e, bool *done,
                      struct bt_err *err);
/* Sync, rename once, then refresh the copies under moi-nhat.*, each by rename. */
bool bt_edition_commit(struct bt_edition *e, const char *const *newest, size_t n,
                       struct bt_err *err);
void bt_edition_abandon(struct bt_edition *e); /* nothing half-written stays; NULL-safe, twice too */

#endif
