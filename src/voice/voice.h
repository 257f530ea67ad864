/*
 * voice: speech for an utterance, with word marks. Knows engines and their spelling tables, and
 * where speech is kept; knows no running order. Leans on espeak-ng.
 *
 * Who owns what: voices live in the caller's arena; a bt_speaker owns its children and its spool
 * (an unlinked file: speech costs disk, not memory).
 */
#ifndef BT_VOICE_H
#define BT_VOICE_H

#include "base/base.h"
#include "host/host.h"
#include "text/text.h"
#include "pcm/pcm.h"

struct bt_voice; /* one presenter, from voices/NAME.voice */
struct bt_voices {
    struct bt_voice **item;
    size_t n;
};
/* Every *.voice of the folder. BT_EFILE with file:line. */
bool bt_voices_load(struct bt_arena *a, const char *dir, struct bt_voices *out, struct bt_err *err);
const struct bt_voice *bt_voice_find(const struct bt_voices *v, const char *name);
/* BT_EFILE when there is no such voice; *err then names those that there are, the nearest first. */
bool bt_voice_known(const struct bt_voices *v, const char *name, struct bt_err *err);
const char *bt_voice_name(const struct bt_voice *v);
const char *bt_voice_title(const struct bt_voice *v); /* for people: "Nữ miền Bắc" */
const struct bt_style *bt_voice_style(const struct bt_voice *v);

struct bt_mark {   /* where a word begins */
    uint32_t word; /* index in the utterance */
    uint32_t at;   /* frame at BT_RATE, from the speech's start */
};

struct bt_speech { /* one spoken utterance; engine silence at both ends is trimmed */
    const struct bt_voice *voice;
    const char *engine; /* which one of the chain spoke; NULL: none could, nothing is heard */
    int64_t frames;     /* at BT_RATE */
    struct bt_mark *mark;
    size_t nmark;
    bool marks_exact;
    const char *kept; /* private: the store's file that it lies in, or NULL: the spool */
    int spool;        /* private */
    int64_t at;       /* private: place there */
    size_t raw;       /* private: frames there */
    int raw_rate;     /* private */
    int64_t done_at;  /* private: place in the spool of its samples at BT_RATE */
    size_t index;     /* private: among the speaker's */
};

struct bt_speaker;
struct bt_speaker_options {
    const char *voices;  /* the folder, for engine data and spelling */
    const char *store;   /* speech kept between runs; NULL: --no-store */
    int jobs;            /* children at once; 0: as many as cores */
    double rate;         /* 1.0; fit's steps */
    const char *edition; /* what it makes ("thnm-sang 2025-11-25"): its speech stays in the store
                            until bt_store_unpin; NULL: nothing is kept for it */
    bool hurry;          /* only engines that are quick and always there, where a chain has one */
    int64_t by; /* of bt_clock_mono: hurry when all would not be said until then; 0: never */
};
/* What fit may ask of a voice: rates between the two; both 1 when its first engine has none. */
void bt_voice_rates(const struct bt_voice *v, double *slowest, double *fastest);
bool bt_speaker_create(const struct bt_voices *v, const struct bt_speaker_options *o,
                       struct bt_speaker **out, struct bt_err *err);
void bt_speaker_destroy(struct bt_speaker *s);

/* Speak every line, several at once; out[i] belongs to line i whatever the order. A sentence that
 * no engine speaks is a warning and an empty speech. False only for inner failures. */
bool bt_speak(struct bt_speaker *s, struct bt_arena *a, const struct bt_lines *lines,
              struct bt_speech *out, const struct bt_events *ev, struct bt_err *err);

/* The speech as float mono at BT_RATE, tone shaping applied; the same samples at every call, made
 * at the first. Any thread may call it. */
bool bt_speech_load(const struct bt_speaker *s, const struct bt_speech *speech, struct bt_pcm *out,
                    struct bt_err *err);

/* A hash of all that decides those samples, the same in every run. False: it cannot be read. */
bool bt_speech_key(const struct bt_speech *speech, char key[BT_HASH]);

/* ---- the speech store: what was said once, by its content ----------------------------------- */

#define BT_STORE_CEILING ((int64_t)2 << 30) /* bytes; kept to at the end of a run */

struct bt_store_stat {
    size_t files, pinned, damaged;
    int64_t bytes;
    int64_t oldest; /* last use, UTC seconds; BT_NO_TIME when there is none */
};
void bt_store_stat(const char *dir, struct bt_store_stat *out);
/* Read every file; damaged ones go (and are made again when they are wanted). */
void bt_store_verify(const char *dir, struct bt_store_stat *out);
/* Down to `ceiling` bytes, least recently used first; never what is younger than a day or belongs
 * to a kept edition. *out has what went. */
void bt_store_prune(const char *dir, int64_t ceiling, struct bt_store_stat *out);
void bt_store_unpin(const char *dir, const char *edition);

#endif
