/*
 * news: articles, and the picked few. Knows feeds, pages, text dumps and what has aired; knows no
 * sound and no running order. Leans on libxml2 (recovering, without network, entities or DTDs).
 *
 * Who owns what: everything returned lives in the caller's arena. Text is NFC, without control
 * characters, one paragraph a string, white space folded.
 */
#ifndef BT_NEWS_H
#define BT_NEWS_H

#include "base/base.h"
#include "host/host.h"

enum bt_state { BT_AIR, BT_HOLD, BT_DROP }; /* in words: "air" "hold" "drop" */
extern const char *const bt_state_names[3];

struct bt_article {
    const char *id;    /* "s-" and 12 hex digits, from the URL's article id, guid or title+day */
    const char *title; /* never NULL */
    const char *lead;  /* the sapo; "" when there is none */
    const char **para; /* the body after the lead */
    size_t npara;
    const char *author; /* or NULL, as all that follow */
    const char *source; /* the source line without "Nguồn:", as written */
    const char *credit; /* the house that must be named ("Theo …"), when not ours */
    const char *url;
    const char *origin;   /* the file or feed it came from, as the programme names it */
    const char *section;  /* what the source, or the article itself, calls its section */
    const char *approved; /* who approved it, and when: from a local .txt alone */
    const char *segment;  /* a bulletin named by the source line, folded; NULL: by the window */
    int64_t segment_day;  /* that bulletin's day, UTC seconds of its local midnight */
    int64_t published;    /* UTC seconds, BT_NO_TIME when unknown; also the next two */
    int64_t not_before;
    int64_t expires;
    int priority;        /* 1 first … 9 last; 5 */
    bool whole;          /* may be read whole (own, or the programme says so) */
    enum bt_state state; /* the decision of bt_pick, and why, for people and for the log */
    const char *why;
};

struct bt_articles {
    struct bt_article *item;
    size_t n;
};

/*
 * Page profiles: what a site's or a CMS's pages call their parts (voices/profiles.tsv; its head
 * says how a rule is written). They live in the arena they were loaded into.
 */
struct bt_profiles;
bool bt_profiles_load(struct bt_arena *a, const char *path, const struct bt_profiles **out,
                      struct bt_err *err);

/* Which rules of the page's profile find something: for seeing that a site has changed. */
struct bt_rule_use {
    const char *profile, *field, *value;
    size_t hits;
};
bool bt_profile_check(struct bt_arena *a, struct bt_str page, const char *url,
                      const struct bt_profiles *profiles, struct bt_rule_use **use, size_t *n,
                      struct bt_err *err);

/* One <source> of a programme, or one argument of `bantin news`. */
struct bt_source_spec {
    const char *href;    /* path (already resolved), glob, folder, URL or "-" */
    const char *name;    /* as written, for messages */
    const char *rights;  /* "own", "whole", "lead"; NULL: own for files, lead for feeds */
    const char *dates;   /* "dmy", "mdy": the order of numbers in its dates; NULL: as they prove */
    const char *section; /* of its articles, for the quotas of the pick */
    int zone;            /* of times without one */
    const struct bt_profiles *profiles; /* NULL: pages are read by the general rules alone */
    struct bt_http *http;               /* NULL: addresses cannot be read */
    int64_t since; /* pages of entries that are older are not fetched, UTC seconds */
};

/*
 * Read one source and add its articles to *out. The kind is found from the content: RSS, Atom, a
 * news sitemap, an article page, a section page, a Word document, a text dump of a page, a .txt
 * article. Of an address, entries that may be read whole get their body from their page; when that
 * fails, the lead stays and a warning says so. False when the source cannot be read (the bulletin
 * may live without it); a broken article in a readable source is a warning to `ev` and is passed
 * over.
 */
bool bt_source_read(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_articles *out,
                    const struct bt_events *ev, struct bt_err *err);
/* The same for bytes in hand; `name` is for messages. */
bool bt_source_parse(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_str bytes,
                     struct bt_articles *out, const struct bt_events *ev, struct bt_err *err);

/* ---- one page ------------------------------------------------------------------------------- */

struct bt_headline {
    const char *url, *title;
};
struct bt_dropped {
    const char *text, *why; /* why: for people */
};
struct bt_page {              /* what a page says, or why it is not trusted */
    const char *title, *lead; /* never NULL */
    const char **para;        /* none when refused */
    size_t npara;
    const char **author;
    size_t nauthor;
    int64_t published;
    double confidence;   /* 0 … 1; refused below 0.5 */
    const char *refused; /* why, or NULL */
    const char *source;  /* the source line, or NULL */
    const char *url;     /* its own, canonical address, or NULL */
    const char *profile; /* the profile that matched, or NULL */
    struct bt_dropped *dropped;
    size_t ndropped;
    const char *feed;         /* of a refused page: the feed that it names, or NULL */
    struct bt_headline *link; /* of a refused page: headlines that lead to articles */
    size_t nlink;
};
/* `url` may be NULL. False when the bytes are no page. The page's XML tree is gone on return. */
bool bt_page_read(struct bt_arena *a, struct bt_str bytes, const char *url, int zone,
                  const struct bt_profiles *profiles, struct bt_page *out, struct bt_err *err);

/* The same in a child with limits on time and memory: for bytes from outside. */
bool bt_page_read_confined(struct bt_arena *a, struct bt_str bytes, const char *url, int zone,
                           const struct bt_profiles *profiles, struct bt_page *out,
                           struct bt_err *err);

enum { BT_FILL_DAYS = 3 }; /* how much older than the window a story may be that fills up */

/* How many stories of a section: at least, while there are some, and at most (0: any number). */
struct bt_quota {
    const char *section;
    int least, most;
};

/* A line of the station's list: what it wants of one story, whatever the window says. */
enum bt_wish { BT_WISH_KEEP, BT_WISH_HOLD, BT_WISH_PRIORITY };
struct bt_wished {
    enum bt_wish wish;
    int priority;     /* 1 … 9 */
    const char *what; /* an id ("s-…"), an address, or words of the title, folded */
};
/*
 * The list as a table: giữ, hoãn or 1 … 9; then the story's id, its address or words of its title;
 * then, for people, why. No file is an empty list. BT_EFILE with file:line.
 */
bool bt_wishes_load(struct bt_arena *a, const char *path, struct bt_wished **out, size_t *n,
                    struct bt_err *err);

/* Which articles belong to this edition: <pick> of a programme, resolved to its date. */
struct bt_pick {
    const char *segment; /* the bulletin's own name; NULL: none */
    int64_t day;         /* local midnight of the edition's date, UTC seconds */
    int64_t from, until; /* the window, UTC seconds: from <= published < until */
    int least, most;     /* stories */
    int64_t length_ms;   /* of all stories, as estimated; 0: any */
    int64_t pace;        /* syllables a minute that the presenters read; 0: 240 */
    const struct bt_quota *quota;
    size_t nquota;
    const struct bt_wished *wished; /* the first line that fits a story counts */
    size_t nwished;
    bool approved; /* none airs that nobody has approved */
    int zone;
    /* Has this story aired before, and where ("2025-11-24 thnm-sang")? NULL function: none has. */
    const char *(*aired)(void *ctx, const struct bt_article *t);
    void *ctx;
};

/*
 * Decide state and why for every article, same story twice included, and order the aired ones:
 * priority, then newest first, then id. Kept stories come in whatever the window and the numbers
 * say, never before their embargo nor after their expiry; then the sections' least, then the rest
 * by order, within number, quotas and length (which never takes a story that is needed for the
 * least). Pure: the same articles give the same answer. Returns how many are BT_AIR.
 */
size_t bt_pick(struct bt_arena *a, struct bt_articles *list, const struct bt_pick *pick);

/* ---- the archive ----------------------------------------------------------------------------- */

/*
 * What has aired, in FOLDER/archive.sqlite: several runs may hold it at once. A story counts as
 * aired by its id, or when a story of the last days says the same; a correction never does. What an
 * edition aired does not count for the edition itself, so that it can be made again.
 */
struct bt_archive;
struct bt_edition_name {
    const char *programme, *date; /* "thnm-sang", "2025-11-25" */
};
bool bt_archive_open(const char *folder, struct bt_archive **out, struct bt_err *err);
void bt_archive_close(struct bt_archive *h);
const char *bt_archive_aired(struct bt_archive *h, struct bt_arena *a,
                             const struct bt_edition_name *e, const struct bt_article *t);
/* The BT_AIR articles of the list are what this edition aired; what it had before is forgotten. */
bool bt_archive_record(struct bt_archive *h, const struct bt_edition_name *e,
                       const struct bt_articles *list, struct bt_err *err);

#endif
