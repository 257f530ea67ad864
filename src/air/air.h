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
#include "voice/voice.h"

/* ---- files -------------------------------------------------------------------------------- */

struct bt_chapter { /* they follow each other from 0 to the end */
    int64_t from, frames;
    const char *title; /* one line, never blank */
    const char *id;    /* the cue's; NULL: none of its own */
    const char *url;   /* the story's page, http or https, or NULL */
};
struct bt_tags { /* UTF-8; NULL, 0 or BT_NO_TIME is left out */
    const char *title, *artist, *album, *date, *comment;
    const char *programme; /* its id */
    const char *url;       /* where the bulletin is published */
    int64_t cart;          /* its number in the playout; 0: none */
    const char *cover;     /* a PNG or JPEG file */
    struct bt_instant air; /* when it goes out */
    int64_t speech;        /* the first frame that is spoken; -1: not known */
    const struct bt_level *level;
    struct bt_chapter *chapter;
    size_t nchapter;
    bool id3v23; /* for old players: ID3v2.3 in UTF-16 instead of 2.4 in UTF-8 */
};
/*
 * Everything that is told of a rendition, from its rundown and its timing table: the opening, the
 * headlines, each story by its title and the close are chapters. Its texts are Vietnamese whatever
 * the reader's language. `level` and `url` may be NULL and are borrowed.
 */
void bt_tags_make(struct bt_arena *a, const struct bt_rundown *r, const struct bt_timing *t,
                  const struct bt_level *level, const char *url, struct bt_tags *out);

/* What is delivered: sound that several threads read at once, each through a signal of its own. */
struct bt_sound {
    int channels; /* at BT_RATE */
    int64_t frames;
    bool (*open)(void *ctx, struct bt_signal *out, struct bt_err *err);
    void (*close)(void *ctx, struct bt_signal *s);
    void *ctx;
};
struct bt_sound bt_timeline_sound(const struct bt_timeline *t); /* a bt_reader for each thread */
struct bt_stem_of { /* one stem of a timeline; lives as long as its sound */
    const struct bt_timeline *t;
    enum bt_stem stem;
};
struct bt_sound bt_stem_sound(struct bt_stem_of *s);
struct bt_sound bt_signal_sound(const struct bt_signal *s); /* s->read is safe in every thread */

enum bt_format { BT_WAV, BT_MP3, BT_FLAC, BT_OPUS, BT_OPUS24, BT_VORBIS, BT_FORMATS };
/* By the name that <deliver as="…"> uses; false when it is not the name of a sound file. */
bool bt_format_find(const char *name, enum bt_format *out);
const char *
bt_format_suffix(enum bt_format f); /* ".wav" ".mp3" ".flac" ".opus" ".24k.opus" ".ogg" */

struct bt_mp3_rate {
    int kbps; /* constant: 32 … 320 */
    int vbr;  /* variable: 1 … 10 for LAME's V0 … V9, the best first; 0: constant */
};
struct bt_file { /* one file to be written */
    enum bt_format format;
    const char *path;
    struct bt_mp3_rate mp3;
    const char *kept; /* MP3: the file that keeps what was encoded for the next time; NULL: none */
    bool rf64;        /* WAV: in the form for more than 4 GB, which longer sounds take anyway */
};
/*
 * Write n files from one sound, all at once, on `jobs` threads (0: as many as cores). The bytes do
 * not depend on jobs, nor on which files are asked together. BT_EDELIVER when one byte could not
 * be written; then none of the files stays. `ev` gets parts done, from the calling thread.
 *
 * WAV: 16-bit PCM with triangular dither that depends on the frame's index alone. Every playout
 *   takes 16 bits; speech of a synthesiser has no more; the noise lies at -93 dBFS. BWF: bext
 *   version 2 (EBU Tech 3285), cart (AES46), cue points named in LIST/adtl, iXML, rdxl.
 * MP3: LAME, quality 3, its making quieter undone, no reservoir. The Info frame (with a variable
 * rate the Xing frame) is ours: decoders that honour it give exactly sound->frames frames. ID3v2
 * with chapters. FLAC: the samples of the WAV. Opus: 48 kbit/s a channel; opus24: 24 kbit/s in all,
 * for mobile data. Vorbis: quality 4. All three with chapter comments.
 */
bool bt_files_write(const struct bt_sound *sound, const struct bt_file *file, size_t n,
                    const struct bt_tags *tags, int jobs, const struct bt_events *ev,
                    struct bt_err *err);

/* What a decoder of an Opus file is to add, in dB, to what it adds already: the coder may give back
 * hard limited speech quieter than it got it. BT_EDELIVER. */
bool bt_opus_gain(const char *path, double db, struct bt_err *err);

/* ---- the proof: the delivered file, decoded and judged ------------------------------------- */

/*
 * What a sound file says of itself, read back from its bytes (WAV, MP3, FLAC, Ogg): title, artist,
 * date and chapters; what it does not say is NULL. BT_ECHECK when it cannot be opened.
 */
bool bt_tags_read(struct bt_arena *a, const char *path, struct bt_tags *out, struct bt_err *err);

struct bt_spoken { /* an item of the rendition, and how much there is to say in a story */
    const char *id;
    int64_t from, frames;
    bool story;
    long syllables; /* of a story */
};
struct bt_want {     /* what the file should be; 0 or NAN: not asked */
    double loudness; /* LUFS; 0.2 off is doubtful, 0.5 wrong */
    double peak;     /* dBTP; over it is doubtful, 0.5 over wrong (opus 1.5, opus24 3.5) */
    int64_t frames;  /* exactly */
    int channels;
    bool dual_mono;
    double silence_s; /* the longest silence (below -60 dBFS) allowed; 2.0 */
    /* A story must hold speech for its syllables: ± 25 % from 40 up, half to double below, by the
     * pace of them all. The level of each item is told. */
    const struct bt_spoken *item;
    size_t nitem;
    const struct bt_tags *tags; /* title, artist, date and chapters, or NULL */
};
/* The items of a rendition for `want`, from what is said and the timing table. */
void bt_want_items(struct bt_arena *a, const struct bt_rundown *r, const struct bt_lines *lines,
                   const struct bt_timing *t, struct bt_want *want);
enum bt_verdict { BT_RIGHT, BT_DOUBTFUL, BT_WRONG };
struct bt_proof_line {
    /* "decode" "rate" "channels" "length" "loudness" "peak" "silence" "dropout" "clipping"
     * "speech" "tags" "chapters" */
    const char *what;
    enum bt_verdict verdict;
    double value, want;
    const char *words; /* for people */
};
struct bt_proof {
    const char *file; /* without its folder */
    const char *sha256;
    struct bt_level level; /* at BT_RATE whatever its rate; only of 1 or 2 channels */
    int64_t frames;        /* decoded, at its own rate */
    int channels, rate;
    bool dual_mono;               /* one channel was measured as two */
    const struct bt_spoken *item; /* as in `want`, and the level of each */
    struct bt_level *item_level;
    size_t nitem;
    struct bt_proof_line *line;
    size_t n;
    enum bt_verdict verdict;
};
/*
 * False only when the file cannot be opened or decoded at all (BT_ECHECK). Without any `want` it
 * still judges that the file is whole (what its header promises is there; an MP3 frame by frame,
 * with the Info frame's counts and CRC), silences of over 2 s, dropouts and clipping. A file that
 * is not whole has that one line only.
 */
bool bt_proof_file(struct bt_arena *a, const char *path, const struct bt_want *want,
                   struct bt_proof *out, struct bt_err *err);
/* The same for n files of one sound, heard at once: out[0..n). */
bool bt_proof_files(struct bt_arena *a, const char *const *path, size_t n,
                    const struct bt_want *want, struct bt_proof *out, struct bt_err *err);
/* An object with "verdict" (the worst), "tier" (unless NULL) and "files"; the words are in the
 * reader's language. */
void bt_proof_json(const struct bt_proof *p, size_t n, const char *tier, struct bt_buf *out);

/* ---- companions: written from the timing table, so that no two disagree ---------------------- */

struct bt_published { /* one rendition whose sound is there; all borrowed */
    const struct bt_rundown *rundown;
    const struct bt_lines *lines;
    const struct bt_timing *timing;
    const struct bt_tags *tags;
    const char *stem; /* what its files' names begin with */
    const struct bt_file *file;
    size_t nfile;
    const struct bt_words *as;      /* all that is written of it, or NULL */
    const char *edition;            /* the folder's name: "2025-11-25.2" */
    const struct bt_voices *voices; /* whose titles the captions bear; NULL: their names */
};
/*
 * Write what `as` names into the folder `dir`; *known is false when it is not a companion. The page
 * comes last: it links those that are there.
 *   vtt       <stem>.vi.vtt: captions, a sentence a cue, two lines at most, as written
 *   chapters  <stem>.chapters.json (Podcasting 2.0) and <stem>.chapters.vtt
 *   page      index.html: to hear, to read along and to load down, in one file
 *   feed      feed.xml: RSS with this edition alone; commit makes the programme's of them all
 *   sheet     to-duyet.html: what a newsroom signs: clock times, doubtful words, boxes
 *   stories   tin/01-….mp3: each chapter, cut from the rendition's MP3 without encoding again
 *   m3u8      <stem>.m3u8: the first sound file, for playout
 *   xspf      <stem>.xspf: all of them, as one track
 *   rdlog     <stem>.rdlog.txt: one event, in the columns of Rivendell's standard import
 *   epub      <stem>.epub: EPUB 3, the text that the sound goes along with (Media Overlays)
 *   daisy     daisy/ncc.html …: DAISY 2.02, the same for hardware players; <stem>.daisy.zip
 */
bool bt_companion_write(const char *as, const struct bt_published *p, const char *dir, bool *known,
                        struct bt_err *err);

/* ---- editions ------------------------------------------------------------------------------ */

/* The timing table, a JSON object a line: row, id, from, frames, gain, source, voice and text (null
 * where a row has none), and `rendition`, unless NULL. */
void bt_timing_jsonl(const struct bt_timing *t, const struct bt_lines *lines, const char *rendition,
                     struct bt_buf *out);

/* as-run: one JSON object a line, aired first in order, then what did not air and why. */
void bt_asrun_jsonl(const struct bt_rundown *r, const struct bt_timing *t, struct bt_buf *out);

struct bt_edition {   /* OUT/<programme>/<date>/ while it is being built */
    const char *root; /* OUT/<programme> */
    const char *name; /* <date> or <date>.2 … */
    const char *stem; /* <programme>-<date>: what its files' names begin with */
    const char *work; /* OUT/<programme>/.<name>.bt-PID: write here */
    const char *lock_path;
    int lock; /* -1: nothing is held */
};
/*
 * Take the lock of (programme, date) and make the working folder; sweep what dead runs left.
 * *done says that the edition is there and `again` was not asked: nothing was opened, and copies
 * under moi-nhat.* and lists that a killed run left old were refreshed.
 * BT_EBUSY when another run holds it; BT_EDELIVER.
 */
bool bt_edition_begin(struct bt_arena *a, const char *out, const char *programme, const char *date,
                      bool again, struct bt_edition *e, bool *done, struct bt_err *err);
/*
 * Sync, rename once, then make OUT/<programme>/index.html and feed.xml anew from the editions that
 * hold a page or a feed (newest first, the newest of each date), then refresh the copies under
 * moi-nhat.*, each by rename: "<stem>.wav" of newest[0..n) becomes "moi-nhat.wav", another name
 * "moi-nhat-<name>"; an edition older than one that is there leaves them alone. When only a list or
 * a copy fails the others are made, the edition itself stands, and the next begin mends what is
 * missing: BT_EDELIVER.
 */
bool bt_edition_commit(struct bt_edition *e, const char *const *newest, size_t n,
                       struct bt_err *err);
/* Make OUT/<programme>/index.html and feed.xml anew, when editions have gone. */
bool bt_editions_list(const char *root, struct bt_err *err);
/*
 * For a playout: the files name[0..n) of an edition that stands, in the folder `dir`, which must be
 * there (a share that is not mounted is not made), by each style of `as`:
 *   fixed    <programme>.wav, when no newer edition is there
 *   dated    <programme>-<date>.wav
 *   newest   <programme>/<programme>-<edition>.wav, the newest and the one before it
 * Each by rename; what is there already is left, so that a run that was killed is made good by the
 * next. BT_EDELIVER; the edition stands.
 */
bool bt_edition_drop(const struct bt_edition *e, const char *dir, const struct bt_words *as,
                     const char *const *name, size_t n, struct bt_err *err);
void bt_edition_abandon(
    struct bt_edition *e); /* nothing half-written stays; NULL-safe, twice too */

#endif
