/*
 * mix: the timeline of one rendition, and its timing table. Knows levels, ducking and pauses;
 * knows no file format.
 *
 * Who owns what: a bt_timeline borrows rundown, lines, speeches and speaker, which outlive it.
 * Memory does not grow with the length: speech is loaded when its part is rendered.
 */
#ifndef BT_MIX_H
#define BT_MIX_H

#include "base/base.h"
#include "pcm/pcm.h"
#include "script/script.h"
#include "text/text.h"
#include "voice/voice.h"

enum bt_row_kind { BT_ROW_ITEM, BT_ROW_STORY, BT_ROW_SENTENCE, BT_ROW_WORD };
extern const char *const bt_row_names[4];

/* One row of the timing table: everything else of the rendition is written from these. */
struct bt_timing_row {
    enum bt_row_kind kind;
    bool reckoned;               /* word: its engine names no words, it is placed by syllables */
    int64_t from, frames;        /* at BT_RATE, on the rendition's timeline */
    size_t cue;                  /* index in the rundown */
    const char *id;              /* the cue's; sting: "<story>-sting" */
    long line;                   /* sentence, word: index of the line; else -1 */
    uint32_t text_from, text_to; /* sentence, word: span in the line's written text */
    double gain;                 /* dB applied to the source, programme gain included */
    const char *source;          /* jingle file, or the engine that spoke */
    const char *voice;
};
struct bt_timing {
    struct bt_timing_row *row; /* ordered by from, then kind */
    size_t n;
    int64_t frames; /* of the whole rendition */
};

struct bt_timeline;
/* Place everything, level every element, measure, set the programme's gain and the limiter's
 * curve. A missing jingle is a warning and is left out. BT_EINNER otherwise. `levels` is a file
 * that keeps the levels of speeches for the next time; NULL: none. */
bool bt_timeline_create(const struct bt_rundown *r, const struct bt_lines *lines,
                        const struct bt_speech *speech, const struct bt_speaker *speaker,
                        const struct bt_delivery *d, const char *levels, const struct bt_events *ev,
                        struct bt_timeline **out, struct bt_err *err);
void bt_timeline_destroy(struct bt_timeline *t);
const struct bt_timing *bt_timeline_timing(const struct bt_timeline *t);
/* The measured level before encoding, of the whole and of each cue (indexed as the rundown). */
const struct bt_level *bt_timeline_level(const struct bt_timeline *t);
const struct bt_level *bt_timeline_cue_level(const struct bt_timeline *t, size_t cue);

/* A reader has its own cache: one a thread. The samples do not depend on order or block size. */
struct bt_reader;
struct bt_reader *bt_reader_create(const struct bt_timeline *t);
/* The same samples in parts that sum up to the mix (less rounding): what lies under what. */
enum bt_stem { BT_STEM_SPEECH, BT_STEM_MUSIC, BT_STEM_BED, BT_STEMS };
extern const char *const bt_stem_names[BT_STEMS]; /* "speech" "music" "bed" */
struct bt_reader *bt_reader_create_stem(const struct bt_timeline *t, enum bt_stem stem);
void bt_reader_destroy(struct bt_reader *r);
struct bt_signal bt_reader_signal(struct bt_reader *r);

/*
 * What bt_fit is to choose from, measured on a spoken rundown for one delivery: the story cues that
 * are read, in order (cue[i] is the rundown's index of out->story[i]), each in its forms down from
 * the one it is read in. `rate` is the speaker's. The timeline then stretches pauses by itself.
 */
void bt_fit_measure(struct bt_arena *a, const struct bt_rundown *r, const struct bt_lines *lines,
                    const struct bt_speech *speech, const struct bt_delivery *d, double rate,
                    struct bt_fit_want *out, size_t **cue);

/* level  id  from  frames  seconds  gain  source  voice  text — tab separated, for people and
 * programs; what a row does not have is "-". */
void bt_timing_tsv(const struct bt_timing *t, const struct bt_lines *lines, struct bt_buf *out);
/* Its items and stories, read back for the rundown that it was made of; `frames` is not in it.
 * BT_EFILE with file:line. */
bool bt_timing_parse(struct bt_arena *a, const char *file, struct bt_str tsv,
                     const struct bt_rundown *r, struct bt_timing *out, struct bt_err *err);

#endif
