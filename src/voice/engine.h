/*
 * engine: what the files of the voice room share: a presenter's chain of engines, the shape of its
 * tone, and what an engine must do. Private to the room.
 *
 * Who owns what: a bt_voice and its links live in the arena of bt_voices_load. A bt_take owns its
 * samples until bt_take_finish.
 */
#ifndef BT_VOICE_ENGINE_H
#define BT_VOICE_ENGINE_H

#include "voice/voice.h"

#define BT_TAKE_S 180                           /* no sentence is longer */
#define BT_SENTENCE_MAX 8192                    /* bytes of text */
#define BT_PROMPT_MAX (2 * BT_SENTENCE_MAX - 1) /* bytes that an engine is given */
#define BT_SOUND_MAX (64 << 20)                 /* bytes that an engine may answer */
#define BT_BANDS 8

struct bt_take { /* what an engine said: mono, as it came */
    int16_t *x;
    size_t n, cap;
    int rate;
    struct bt_spot { /* a word begins */
        uint32_t ch; /* character in the text that the engine was given, from 0 */
        uint32_t at; /* frame */
    } * spot;
    size_t nspot;
};
/* False when the take would be longer than BT_TAKE_S. */
bool bt_take_add(struct bt_take *t, const int16_t *x, size_t n);
void bt_take_spot(struct bt_take *t, uint32_t ch, uint32_t at);
void bt_take_finish(struct bt_take *t);
/* Cut the engine's silence at both ends, which begin and end at nothing; spots move along. */
void bt_take_trim(struct bt_take *t);
/* As bytes over a pipe, and back; BT_EINNER when they are not a whole take. */
bool bt_take_send(const struct bt_take *t, int fd);
void bt_take_bytes(const struct bt_take *t, struct bt_buf *out);
bool bt_take_parse(struct bt_str bytes, struct bt_take *out, struct bt_err *err);
/* All of it but the samples, which begin at byte *at. */
bool bt_take_parse_head(struct bt_str bytes, struct bt_take *out, size_t *at, struct bt_err *err);

struct bt_link; /* one engine in a presenter's chain */

/*
 * An engine. start runs once in a process of the link's own, which never speaks; it may change
 * folder and keep state. speak runs in a fork of it, one for each sentence: it may crash, hang or
 * leak, and is stopped soon after the link's time. Both fail with a reason; BT_ENOTHING from speak
 * says that this sentence is not for it. `text` has passed the lint and the engine's own spelling
 * table, unless the link asks for the written form.
 */
struct bt_engine {
    const char *name;
    const char *spelling; /* table in voices/vi, or NULL: ordinary spelling */
    bool exact_marks;
    bool commands;           /* takes bt_prosody's commands within a text */
    bool foreign;            /* not ours: loudness is matched, processor and memory are its own */
    bool local;              /* quick and always there: stays in the chain near the deadline */
    bool deterministic;      /* the same text gives the same samples */
    double slowest, fastest; /* rate; both 1: none */
    /* What decides the sound beside the voice file: version and data. NULL: nothing. */
    void (*identity)(const struct bt_link *l, struct bt_buf *out);
    bool (*start)(const struct bt_link *l, struct bt_err *err);
    bool (*speak)(const struct bt_link *l, const char *text, double rate, struct bt_take *out,
                  struct bt_err *err);
};
extern const struct bt_engine *const bt_engines[]; /* ends with NULL */
extern const struct bt_engine bt_engine_espeak, bt_engine_tone, bt_engine_command, bt_engine_http,
    bt_engine_wyoming, bt_engine_recorded;

enum bt_sound_format { BT_SOUND_FILE, BT_SOUND_S16 }; /* by its header; bare 16-bit mono */

struct bt_link {
    const struct bt_engine *engine;
    int line;         /* in the .voice file */
    const char *spec; /* its lines there that decide the sound, for the store's key */
    const char *dir;  /* the folder of voices */
    int timeout_ms;
    int at_once;  /* sentences at a time; 0: as many as there are children */
    bool written; /* wants the written form */
    double pace;  /* the engine's own rate that is our 1.0 */
    /* espeak */
    const char *file; /* in DIR/espeak */
    int wpm, volume, pitch, range, gap;
    double slow;    /* of the rate, for numbers and names; 0: no slower */
    int lift, fall; /* of the pitch: a headline, the end of a story */
    /* tone */
    int hz, syllable_ms;
    const char *fail; /* for tests: a word at which it crashes, hangs, … */
    /* what comes back: command, http */
    int format, sample_rate;
    /* command */
    const char **argv; /* ends with NULL */
    bool stay;
    /* http */
    const char *url, *body, *type, *key_env, *key_file;
    const char **header;
    size_t nheader;
    int retries;
    /* wyoming */
    const char *host, *speaker;
    int port;
    /* recorded */
    const char *index;
};

/* ---- sound from outside ---------------------------------------------------------------------- */

/* WAV, MP3, FLAC, Ogg or, as the link says, bare samples: mono into *out. What is no sound, is cut
 * short or is too long fails with a reason. */
bool bt_sound_decode(const struct bt_link *l, struct bt_str bytes, struct bt_take *out,
                     struct bt_err *err);
bool bt_sound_load(const char *path, struct bt_take *out, struct bt_err *err);
/* What both do with a file of sound, but in this process: they do it in a child that reaches
 * nothing. */
bool bt_sound_parse(struct bt_str bytes, struct bt_take *out, struct bt_err *err);
/* What a Wyoming server says on fd, up to its audio-stop; deadline of bt_clock_mono. */
bool bt_wyoming_hear(const struct bt_link *l, int fd, int64_t deadline, struct bt_take *out,
                     struct bt_err *err);
/* To the loudness of espeak-ng at volume 65, so that a fallback does not jump. */
void bt_take_match(struct bt_take *t);

/* `text` with {name} replaced; a name that is not there stays. As JSON inside quotes if `json`. */
struct bt_place {
    const char *name, *value;
};
void bt_fill(const char *template, const struct bt_place *place, size_t n, bool json,
             struct bt_buf *out);

struct bt_shape {    /* applied when a speech is loaded; zero is none */
    double highpass; /* Hz */
    struct {
        double hz, db, q;
    } band[BT_BANDS];
    size_t nband;
    double ratio, threshold, attack, release; /* compression: n:1, dBFS, ms, ms */
    double gain;                              /* dB, after all */
};
/* In place. `told`, when not NULL, gets the compressor's gain in dB at each BT_SHAPE_STEP samples;
 * it is left alone where there is no compression. */
#define BT_SHAPE_STEP 16
#define BT_SHAPE_HEADROOM (0.5f / 32768) /* from 16 bit: resampling and shaping may rise 6 dB */
void bt_shape_run(const struct bt_shape *s, float *x, size_t n, int rate, float *told);

struct bt_voice {
    const char *name, *title, *path;
    int dialect; /* enum bt_dialect */
    struct bt_style style;
    struct bt_shape shape;
    struct bt_link *link;
    size_t nlink;
};

bool bt_voice_parse(struct bt_arena *a, const char *path, struct bt_str text, struct bt_voice *out,
                    struct bt_err *err);

/* ---- spelling: what an engine is given ---------------------------------------------------- */

struct bt_spelling;
/* Syllable, what to write instead, dialects, why; "~x" is a rime, "x~" a beginning. A missing file
 * is an empty table. */
bool bt_spelling_load(const char *path, struct bt_spelling **out, struct bt_err *err);
void bt_spelling_destroy(struct bt_spelling *s);

struct bt_prompt {   /* one utterance, as an engine gets it */
    char *text;      /* NUL-ended, lower case, NFC */
    uint32_t *start; /* character where word i begins; UINT32_MAX: nothing is left of it */
    size_t nword;
    bool cleaned; /* something was there that the text room does not promise */
};
/* Only Vietnamese letters, hyphens between letters and , . ? ! ; : pass; `plain` leaves only
 * letters, spaces, commas and full stops. */
void bt_prompt_make(struct bt_arena *a, const struct bt_utterance *u, const struct bt_spelling *s,
                    int dialect, bool plain, struct bt_prompt *out);

/* Put commands for rate and pitch before the words of *p that want them; for a link whose engine
 * takes such commands. */
void bt_prosody(struct bt_arena *a, const struct bt_line *l, const struct bt_link *k, double rate,
                struct bt_prompt *p);

/* Fill mark, nmark and marks_exact of *out, whose frames are known. */
void bt_marks_make(struct bt_arena *a, const struct bt_utterance *u, const struct bt_prompt *p,
                   const struct bt_take *t, struct bt_speech *out);

/* The samples of a speech, speech->raw of them, from where they lie while its speaker lives. */
bool bt_spool_read(const struct bt_speech *speech, int16_t *x, struct bt_err *err);
/* Its samples at BT_RATE: false when they are not there (yet, or because the disk is full). */
bool bt_spool_get(const struct bt_speaker *s, const struct bt_speech *speech, float *x);
void bt_spool_put(const struct bt_speaker *s, const struct bt_speech *speech, const float *x);

/* ---- store -------------------------------------------------------------------------------- */

enum { BT_STORE_NO_LOCK = -1, BT_STORE_BUSY = -2 };
bool bt_store_open(const char *dir, struct bt_err *err);
void bt_store_key(const struct bt_link *l, const char *identity, int dialect, double rate,
                  const char *text, char key[BT_HASH]);
#define BT_STORE_PATH 4096
/* The path of a file whose samples begin at byte *at; the rest of the take in *out. False: it is
 * not there, or damaged and now gone. */
bool bt_store_get(const char *dir, const char *key, char path[BT_STORE_PATH], struct bt_take *out,
                  int64_t *at);
bool bt_store_put(const char *dir, const char *key, const struct bt_take *t);
/* The right to make what `key` names: a descriptor, or BT_STORE_BUSY while somebody else makes it.
 */
int bt_store_lock(const char *dir, const char *key);
void bt_store_unlock(const char *dir, const char *key, int lock);
void bt_store_pin(const char *dir, const char *edition, const char *key);

/* ---- pool: a process for each link, a child for each sentence ----------------------------- */

struct bt_pool;
struct bt_task { /* one sentence on its way */
    const struct bt_link *link;
    const char *text;
    double rate;
    int64_t by; /* of bt_clock_mono: stopped then; 0: by its link's time alone */
    void *tag;  /* the caller's */
    /* private */
    int fd;
    bool waiting; /* for another of its link */
    int64_t begun;
    int64_t deadline;
    struct bt_buf in;
};
struct bt_pool *bt_pool_create(int jobs);
void bt_pool_destroy(struct bt_pool *p);
bool bt_pool_full(const struct bt_pool *p);
bool bt_pool_busy(const struct bt_pool *p); /* something is under way */
/* How many sentences of a link it has at once. */
int bt_pool_width(const struct bt_pool *p, const struct bt_link *l);
void bt_pool_start(struct bt_pool *p, struct bt_task *t);
/* Wait for one that ends. NULL: none is under way. *ok says whether *take was filled. */
struct bt_task *bt_pool_wait(struct bt_pool *p, struct bt_take *take, bool *ok, struct bt_err *err);

#endif
