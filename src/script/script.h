/*
 * script: the rundown, its casting, and which form of each story fits the clock. Knows the running
 * order; knows no samples. Leans on libxml2.
 *
 * Who owns what: programmes and rundowns live in the caller's arena.
 */
#ifndef BT_SCRIPT_H
#define BT_SCRIPT_H

#include "base/base.h"
#include "host/host.h"
#include "news/news.h"

struct bt_span { /* "6-10", "10:00", "9:30-10:00": least and most, the same when one was written */
    int64_t least, most;
};
struct bt_moment { /* "-1d 19:00": a time of the local day, days from the edition's date */
    int day, s;
};
struct bt_instant { /* "2025-11-25T08:45:00+07:00" */
    int64_t utc;    /* seconds, BT_NO_TIME when unknown */
    int64_t zone;   /* seconds east of UTC, for people */
};
struct bt_words { /* "wav mp3" */
    const char **item;
    size_t n;
};

enum bt_cue_kind { BT_CUE_JINGLE, BT_CUE_CLIP, BT_CUE_SAY, BT_CUE_HEADLINES, BT_CUE_STORY };
enum bt_form { BT_FORM_FULL, BT_FORM_BRIEF, BT_FORM_HEADLINE }; /* "full" "brief" "headline" */
extern const char *const bt_form_names[3];

struct bt_cue {
    enum bt_cue_kind kind;
    const char *id;        /* "c1" …, or the story's "s-…" */
    int line;              /* in its file, for messages */
    const char *src;       /* jingle, clip: as written, relative to the rundown's or pack's file */
    int64_t under_ms;      /* jingle: how long before its end speech begins over its tail; 0 none */
    bool back_timed;       /* its end is the bulletin's end */
    const char *sting;     /* stories: the jingle before each but the first, or NULL */
    const char *bed;       /* music under the speech of this cue, on into the next with the same */
    struct bt_words voice; /* say, story: one; headlines: in turn */
    struct bt_words quotes; /* stories: who says what somebody is quoted with, in turn; or none */
    const char *text;       /* say */
    int64_t form;           /* enum bt_form; story, and all that follow */
    int64_t state;          /* enum bt_state */
    const char *why;
    const char *approved;
    int64_t priority;
    const char *title, *lead;
    const char **para;
    size_t npara;
    const char *url, *credit, *source;
    struct bt_instant published;
};

/* "clear": the accessible mix, no bed, no talk-over, longer pauses. */
enum bt_mix { BT_MIX_AIR, BT_MIX_CLEAR };

/* One <deliver>: one rendition. */
struct bt_delivery {
    int line;
    const char *to;     /* "out", also where "./out/" was written */
    struct bt_words as; /* "wav" "mp3" … */
    int64_t mix;        /* enum bt_mix */
    int64_t channels;   /* 1 or 2 */
    bool dual_mono;     /* measure a one-channel file as two */
    double loudness;    /* LUFS, -23 */
    double peak;        /* dBTP, -1 */
    double duck;        /* music under speech, dB, -14; 0 is the usual in this and the next */
    int64_t duck_down_ms, duck_hold_ms, duck_up_ms; /* 150 200 500 */
    struct bt_span length;                          /* ms; 0: as long as it comes */
    int64_t kbps;                                   /* MP3, 128 */
    int64_t vbr;                                    /* MP3: 0 no, 1 … 10 V0 … V9 */
    int64_t id3;                                    /* MP3: 0 ID3v2.4, 1 ID3v2.3 for old players */
    bool rf64;               /* WAV: the form for more than 4 GB, whatever its size */
    int64_t cart;            /* its number in the playout; 0: none */
    const char *drop;        /* the folder of a playout, or NULL */
    struct bt_words drop_as; /* "fixed" "dated" "newest" */
    const char *cover;       /* a PNG or JPEG for the MP3, or NULL */
    const char *url;
};

/* "page", "feed" …: one in an edition, whatever its renditions are called. */
bool bt_delivers_shared(const char *as);

struct bt_programme {
    const char *file, *dir; /* where it was read from; src and href are relative to dir */
    const char *id, *title, *station;
    int64_t air_s, deadline_s; /* seconds of the local day; deadline -1: none */
    int64_t days;              /* bit 0 Monday … bit 6 Sunday */
    int64_t approve;           /* 1: none airs that nobody has approved */
    int64_t zone;              /* seconds east of UTC */
    const char *evergreen;
    int64_t last_good_ms;
    int64_t keep_ms, budget;       /* editions older, or over so many bytes, go; 0: none does */
    const char *alarm;             /* a command that is told of trouble, or NULL */
    int64_t wait_ms;               /* for all sources together; 0: a third of a tier's time */
    struct bt_source_spec *source; /* href as written */
    size_t nsource;
    struct bt_moment from, until; /* <pick> */
    struct bt_span stories;
    const char *segment;
    struct bt_words quotas; /* "the-thao:0-1 kinh-te:2", as written, and read */
    struct bt_quota *quota;
    size_t nquota;
    const char *list; /* the table of stories to keep and to hold, resolved, and read */
    struct bt_wished *wished;
    size_t nwished;
    struct bt_span stories_ms; /* of all stories, estimated */
    int64_t pace;              /* syllables a minute, for that */
    struct bt_cue *order;      /* BT_CUE_STORY stands once, for "the stories here" */
    size_t norder;
    struct bt_delivery *deliver;
    size_t ndeliver;
};

struct bt_rundown {
    const char *file, *dir; /* dir: what src is relative to (the programme's pack) */
    const char *programme, *title, *station, *date, *pack;
    struct bt_instant air;
    int64_t approve; /* as the programme's */
    struct bt_cue *cue;
    size_t ncue;
    struct bt_delivery *deliver;
    size_t ndeliver;
};

/* BT_EFILE with file:line, what is wrong and what to write instead; BT_EINNER when unreadable. */
bool bt_programme_load(struct bt_arena *a, const char *path, struct bt_programme *out,
                       struct bt_err *err);
bool bt_rundown_load(struct bt_arena *a, const char *path, struct bt_rundown *out,
                     struct bt_err *err);
bool bt_rundown_parse(struct bt_arena *a, const char *path, struct bt_str xml,
                      struct bt_rundown *out, struct bt_err *err);
/* To be mended: every fault of the file, not the first alone. *out has what could be read even so:
 * cues and deliveries may lack what they must have. */
struct bt_faults {
    struct bt_err *item;
    size_t n;
};
bool bt_programme_judge(struct bt_arena *a, const char *path, struct bt_programme *out,
                        struct bt_faults *faults);
bool bt_rundown_judge(struct bt_arena *a, const char *path, struct bt_rundown *out,
                      struct bt_faults *faults);
/* Where approval is asked for: hold what nobody has approved. False when that is every story. */
bool bt_rundown_approve(struct bt_rundown *r);
/* XML that bt_rundown_load reads back to the same rundown. */
void bt_rundown_write(const struct bt_rundown *r, struct bt_buf *out);

/* "10:00" or "9:30-10:00", in ms; *ms is untouched when it is neither. */
bool bt_length_parse(const char *s, struct bt_span *ms);
/* <pick> of the programme for one edition. `day` is any civil date. */
struct bt_pick bt_programme_pick(const struct bt_programme *p, const struct bt_civil *day);

/* Fill the programme's order with the day's articles (all of them: held and dropped ones stay in
 * the rundown with their reason). Places such as {thứ} {ngày} {giờ} {bản-tin} {số-tin} are filled.
 */
void bt_rundown_make(struct bt_arena *a, const struct bt_programme *p, const struct bt_civil *day,
                     const struct bt_articles *list, const char *pack, struct bt_rundown *out);

/* SHA-256 over the names and contents of a pack's files, in order. */
bool bt_pack_hash(const char *dir, char hex[BT_HASH], struct bt_err *err);

/* ---- the clock: arithmetic, pure ------------------------------------------------------------ */

/* How long a piece lasts, ms: speech as it was measured; pauses and music, which no rate changes,
 * with the pauses at their lower limits, as usual, and at their upper ones. */
struct bt_fit_time {
    int64_t speech, least, usual, most;
};
struct bt_fit_story {
    int64_t priority;         /* 1 … 9: 9 is shortened first */
    enum bt_form form;        /* as it stands: never made longer */
    struct bt_fit_time in[3]; /* by form; its sting and its line among the headlines included */
};
struct bt_fit_want {
    struct bt_span length;    /* ms */
    struct bt_fit_time fixed; /* what is no story */
    struct bt_fit_story *story;
    size_t n;
    double rate;             /* that speech was measured at */
    double slowest, fastest; /* what every voice can do; 0: no limit */
    int64_t over;            /* how far the back-timed close may begin under speech */
    int64_t slack;           /* silence that may be left over at the end */
    int64_t margin;          /* to stay away from every limit: what measuring again may change */
};
#define BT_FIT_DROP 3 /* after the forms: not read at all */
struct bt_fit {
    int *form;            /* of each story: enum bt_form or BT_FIT_DROP */
    size_t in_form[4];    /* how many stories in each */
    double rate;          /* 0.92 … 1.08 in steps of 0.02 */
    double stretch;       /* of the pauses, -1 … 1, about */
    int64_t below, above; /* when it cannot be had: the nearest lengths that can, -1 none */
};
/*
 * Shorten by priority (full, brief, headline, at last drop; later stories first) as little as
 * possible, then the rate, then the pauses. False when no choice meets the length; `out` then has
 * the choice that comes nearest.
 */
bool bt_fit(struct bt_arena *a, const struct bt_fit_want *w, struct bt_fit *out);

/* The vocabulary: as RELAX NG for editors, and as mdoc(7) rows for the man page. */
void bt_schema_relaxng(struct bt_buf *out);
void bt_schema_mdoc(struct bt_buf *out);

#endif
