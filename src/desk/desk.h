/*
 * desk: the commands and the run. Knows all rooms; the only room that prints.
 */
#ifndef BT_DESK_H
#define BT_DESK_H

#include "air/air.h"
#include "base/base.h"
#include "host/host.h"
#include "mix/mix.h"
#include "news/news.h"
#include "pcm/pcm.h"
#include "script/script.h"
#include "text/text.h"
#include "voice/voice.h"

/* ---- options: one table serves the parser and the help -------------------------------------- */

enum bt_option_kind { BT_FLAG, BT_VALUE, BT_LIST }; /* bool, const char *, struct bt_words */
struct bt_option {
    const char *name; /* without the two hyphens */
    enum bt_option_kind kind;
    size_t at;            /* offset in the command's options */
    const char *argument; /* "DIR", for the help; NULL: flag */
    enum bt_msg help;
};
struct bt_command {
    const char *name;
    const char *arguments; /* "PROGRAMME" */
    enum bt_msg help;
    int (*run)(int argc, char **argv); /* an exit code; argv[0] is the command's name */
};
/* "--name value", "--name=value" and flags into *into; the rest, in order, into *rest. BT_EUSAGE
 * with the nearest name. "--" ends the options; "-" is an argument. */
bool bt_options_read(struct bt_arena *a, const struct bt_option *option, size_t n, int argc,
                     char **argv, void *into, struct bt_words *rest, struct bt_err *err);
/* Nothing that is asked is passed over: BT_EUSAGE when one of `names` (ended by NULL) was given,
 * which is only of use `with` something else. */
bool bt_options_only(const struct bt_option *option, size_t n, const void *read,
                     const char *const *names, const char *with, struct bt_err *err);
/* bt_options_read for a command: --help is answered, errors are told, and at least `least` and at
 * most `most` arguments are wanted. -1 to go on, else the exit code. */
int bt_command_open(struct bt_arena *a, const struct bt_option *option, size_t n, int argc,
                    char **argv, void *into, struct bt_words *rest, size_t least, size_t most);

/* The spaces that fill `s` up to `width` characters, in a list. */
int bt_pad(const char *s, int width);

/* ---- places --------------------------------------------------------------------------------- */

/* Voices, tables, packs: `given`, $BANTIN_VOICES, ./voices for a program in build/, /etc/bantin,
 * PREFIX/share/bantin/voices. NULL and BT_EINNER when none is there. */
const char *bt_voices_dir(struct bt_arena *a, const char *given, struct bt_err *err);
/* State: `given`, $STATE_DIRECTORY, $XDG_STATE_HOME/bantin, ~/.local/state/bantin. */
const char *bt_state_dir(struct bt_arena *a, const char *given);
/* Cache: `given`, $CACHE_DIRECTORY, $XDG_CACHE_HOME/bantin, ~/.cache/bantin. */
const char *bt_cache_dir(struct bt_arena *a, const char *given);
const char *bt_store_dir(struct bt_arena *a, const char *cache); /* of speech, in the cache */
/* The folder of the pack that holds programme `id`, or NULL. */
const char *bt_pack_dir(struct bt_arena *a, const char *voices, const char *id);
/* A programme by its path, or by its id: the file of the pack that holds it. */
const char *bt_programme_path(struct bt_arena *a, const char *voices, const char *name);

/* Lines read in each presenter's own style. */
struct bt_casting bt_casting_of(const struct bt_voices *v);

/* ---- telling -------------------------------------------------------------------------------- */

/* Where events go: JSON lines on stdout; progress on a terminal; all with its priority in
 * the journal; else only warnings on stderr. */
struct bt_teller {
    struct bt_events events;
    bool json, terminal, colour, journal, open; /* open: a progress line stands unfinished */
};
void bt_teller_init(struct bt_teller *t, bool json);
void bt_teller_close(struct bt_teller *t); /* ends the progress line */
/* "bantin: …" on stderr (and an event when json); the error's exit code. */
int bt_tell_error(struct bt_teller *t, const struct bt_err *err);

/* ---- the wire: what news needs from outside -------------------------------------------------- */

struct bt_wire_options {
    const char *voices, *cache, *state; /* as given on the command line, or NULL */
    bool offline, archive, network;     /* archive: ask and keep what has aired */
    int wait_ms;                        /* for all sources together; 0: no limit */
};
struct bt_health { /* of one source; times UTC, BT_NO_TIME when there is none */
    const char *name;
    int64_t good, newest; /* last read well; its newest article */
    int64_t failing;      /* since when, and the last words; or no time and NULL */
    const char *words;
};
struct bt_wire {
    struct bt_arena *a;
    const struct bt_events *ev;
    const struct bt_profiles *profiles;
    struct bt_http *http;
    struct bt_archive *archive;     /* or NULL */
    struct bt_edition_name edition; /* set before bt_wire_pick */
    int64_t since;                  /* older entries' pages are not fetched */
    struct bt_health *health;       /* of what was read, in that order */
    size_t nhealth;
};
bool bt_wire_open(struct bt_arena *a, const struct bt_wire_options *o, const struct bt_events *ev,
                  struct bt_wire *w, struct bt_err *err);
void bt_wire_close(struct bt_wire *w); /* the half-built, too; twice is fine */
/* bt_source_read; a source that cannot be read is a warning, and so is one whose site failed, so
 * that what was kept from before stands in. */
bool bt_wire_read(struct bt_wire *w, const struct bt_source_spec *spec, struct bt_articles *out);
size_t bt_wire_pick(struct bt_wire *w, struct bt_articles *list, struct bt_pick pick);
void bt_wire_record(struct bt_wire *w, const struct bt_articles *list);

/* ---- the run -------------------------------------------------------------------------------- */

/* What can still go out when time or stories are short, best first. */
enum bt_tier {
    BT_TIER_FULL,
    BT_TIER_REDUCED,
    BT_TIER_HEADLINES,
    BT_TIER_LAST_GOOD,
    BT_TIER_EVERGREEN,
    BT_TIERS
};
extern const char *const bt_tier_names[BT_TIERS];
struct bt_run_options {
    enum bt_tier tier; /* the first three change the rundown: reduced reads titles and leads,
                          headlines only titles */
    const char *date, *out, *length, *until, *stems, *voices, *state, *cache;
    struct bt_words source;
    int wait_ms; /* for all sources together, unless the programme says so; 0: no limit */
    int said_ms; /* from its beginning until all is said: then by engines that are quick; 0: no
                    limit */
    bool again, offline, no_store, json, timing;
};
enum bt_stage {
    BT_STAGE_NEWS,
    BT_STAGE_SCRIPT,
    BT_STAGE_TEXT,
    BT_STAGE_VOICE,
    BT_STAGE_MIX,
    BT_STAGE_AIR,
    BT_STAGES
};
/* The options of `run` come first; make, script and air have them all. */
enum { BT_OPTIONS_OF_RUN = 10, BT_OPTIONS_OF_MAKE = 14 };
extern const struct bt_option bt_run_option[BT_OPTIONS_OF_MAKE];
bool bt_stage_find(const char *name, enum bt_stage *out);
struct bt_run; /* everything that one bulletin is made of, from the wire to the air */
struct bt_run *bt_run_create(const struct bt_run_options *o, struct bt_teller *t);
void bt_run_destroy(struct bt_run *r); /* abandons what was not committed */
bool bt_run_programme(struct bt_run *r, const char *path, struct bt_err *err);
bool bt_run_rundown(struct bt_run *r, const char *path, struct bt_err *err);
/* Fewer stories than the programme's minimum are the reduced tier; what was there already is told
 * as full. */
enum bt_tier bt_run_tier(const struct bt_run *r);
/* From the stage that its input stands for, up to and with `last`. */
bool bt_run_go(struct bt_run *r, enum bt_stage last, struct bt_err *err);
/* The result of a stage as text, that can be fed back in. */
void bt_run_tap(const struct bt_run *r, enum bt_stage stage, FILE *to);
/* At the end of a make: where the files lie, and the doubtful words by story, worst first. */
void bt_run_report(const struct bt_run *r, FILE *to);

/* ---- commands ------------------------------------------------------------------------------- */

extern const struct bt_command bt_commands[]; /* in src/main.c, ended by a NULL name */
int bt_cmd_make(int argc, char **argv);
int bt_cmd_news(int argc, char **argv);
int bt_cmd_script(int argc, char **argv);
int bt_cmd_air(int argc, char **argv);
int bt_cmd_run(int argc, char **argv);
int bt_cmd_watch(int argc, char **argv);
int bt_cmd_status(int argc, char **argv);
int bt_cmd_check(int argc, char **argv);
int bt_cmd_say(int argc, char **argv);
int bt_cmd_store(int argc, char **argv);
int bt_cmd_read(int argc, char **argv);
int bt_cmd_lexicon(int argc, char **argv);

#endif
