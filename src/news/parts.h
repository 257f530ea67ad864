/*
 * What the files of the news room tell each other; no later room includes it.
 */
#ifndef BT_NEWS_PARTS_H
#define BT_NEWS_PARTS_H

#include "news/news.h"

/* ---- tidy.c: text as it may be spoken ------------------------------------------------------- */

/* NFC, no control or zero-width characters, white space folded to single blanks, trimmed. */
char *bt_tidy(struct bt_arena *a, struct bt_str s);
/* Character references (&ocirc; &#7887;) become characters; an unknown name stays as written. */
char *bt_unescape(struct bt_arena *a, struct bt_str s);
/* Marked-up text, escaped up to twice: its paragraphs, clean, none empty. */
void bt_markup_paras(struct bt_arena *a, struct bt_str s, const char ***para, size_t *n);
/* The same as one line. */
char *bt_markup_line(struct bt_arena *a, struct bt_str s);
size_t bt_syllables(const char *s); /* words between white space that hold a letter or digit */

/* ---- when.c: dates as sites write them ------------------------------------------------------ */

enum bt_when { BT_WHEN_NONE, BT_WHEN_OK, BT_WHEN_AMBIGUOUS, BT_WHEN_RELATIVE };
struct bt_when_rule {
    int zone;         /* of times without one */
    bool force_zone;  /* the zone that is written is wrong: take ours */
    bool month_first; /* 10/2/2026 is the second of October */
    bool told;        /* the station says which comes first: nothing is concluded */
    int64_t now;      /* for "15 giờ trước"; BT_NO_TIME: those stay BT_WHEN_RELATIVE */
};
struct bt_when_found {
    int64_t utc;
    bool time;   /* a time of day was given */
    int strange; /* words that belong to no date */
};
/* BT_WHEN_OK only with a valid date that can be read in one way. */
enum bt_when bt_when_parse(struct bt_str s, const struct bt_when_rule *rule,
                           struct bt_when_found *out);
/* What a numeric date proves of its source: 1 month first, -1 day first, 0 nothing. */
int bt_when_order(struct bt_str s);

/* ---- words.c: what the language tells ------------------------------------------------------- */

bool bt_is_caption(const char *line);   /* "… - Ảnh 1.", "Ảnh: Minh Hà" */
bool bt_is_furniture(const char *line); /* "Ý kiến bạn đọc", "Đường dây nóng: …" */
bool bt_ends_article(const char *line); /* furniture after which nothing of the article comes */
bool bt_is_sentence(const char *line);  /* ends as a sentence does */
bool bt_is_desk(const char *name);      /* a site or a desk where a person is due */
bool bt_is_byline(const char *line);    /* a name or two, and nothing else */
/* "Nguồn: …", "Theo …" as a whole line: what follows, else NULL. */
const char *bt_source_line(const char *line);
/* Without the agency at the start of a lead: "(Dân trí) - ", "TTO - ". */
const char *bt_lead_bare(const char *lead);

/* ---- profile.c: what a site's pages call their parts ---------------------------------------- */

enum bt_rule {
    BT_RULE_HOST,
    BT_RULE_SIGNATURE,
    BT_RULE_HOUSE,
    BT_RULE_CONTENT, /* from here to DROP: XPaths */
    BT_RULE_TITLE,
    BT_RULE_LEAD,
    BT_RULE_DATE,
    BT_RULE_AUTHOR,
    BT_RULE_DROP,
    BT_RULE_ZONE,
    BT_RULE_CHARSET
};
struct bt_profile;
const struct bt_profile *bt_profile_by_url(const struct bt_profiles *all, const char *url);
const char *bt_profile_value(const struct bt_profile *p, enum bt_rule field); /* the first */

/* ---- article.c ------------------------------------------------------------------------------ */

struct bt_article *bt_article_new(struct bt_arena *a, struct bt_articles *out,
                                  const struct bt_source_spec *spec);
/* A paragraph of the body: captions and furniture fall, the source line is kept apart. */
void bt_article_para(struct bt_arena *a, struct bt_article *t, const char *text);
/* After the last field: lead, identity, bulletin, rights. `house` names a feed's house, or NULL. */
void bt_article_close(struct bt_arena *a, struct bt_article *t, const struct bt_source_spec *spec,
                      const char *house, bool feed);
/* The URL without tracking, absolute; `base` may be NULL. NULL when it is no http(s) URL. */
char *bt_url_clean(struct bt_arena *a, const char *url, const char *base);
/* "host/digits" of the article's id at the end of the URL, else the URL without its query. */
char *bt_url_identity(struct bt_arena *a, const char *url);

/* ---- same.c: the same story, told twice ------------------------------------------------------ */

struct bt_set { /* hashes, ascending, each once */
    uint32_t *item;
    size_t n;
};
struct bt_print {
    struct bt_set title, pairs, text; /* syllables, runs of two; runs of three of the text */
    int64_t published;
};
struct bt_print bt_print_of(struct bt_arena *a, const struct bt_article *t);
bool bt_same_story(const struct bt_print *x, const struct bt_print *y);

/* ---- charset.c: bytes to UTF-8, before any parser sees them --------------------------------- */

/* By byte-order mark, validity, declaration; broken bytes become U+FFFD. NULL when most of it is
 * no text at all. The result has no byte-order mark and no NUL. */
const char *bt_to_utf8(struct bt_arena *a, struct bt_str bytes, size_t *n);
/* The same where a profile names the charset: "tcvn3", "vni", or one that iconv knows. */
const char *bt_from_charset(struct bt_arena *a, struct bt_str bytes, const char *charset,
                            size_t *n);

/* ---- mend.c: XML that libxml2 may be shown -------------------------------------------------- */

/* Declaration, DOCTYPE and comments away; references of HTML resolved, unknown ones escaped;
 * control characters blank. False when a tag is absurd (length, attributes). */
bool bt_xml_mend(struct bt_str in, struct bt_buf *out);

/* ---- the parsers ---------------------------------------------------------------------------- */

typedef bool bt_parser(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_str utf8,
                       struct bt_articles *out, const struct bt_events *ev, struct bt_err *err);
bt_parser bt_feed_parse, bt_page_parse, bt_docx_parse, bt_dump_parse, bt_plain_parse;
bool bt_docx_looks(struct bt_str bytes);
bool bt_dump_looks(struct bt_str utf8);
enum {
    BT_SECTION_LINKS = 6
}; /* a page that is no article and has so many headlines is a section */
bool bt_page_article(struct bt_arena *a, const struct bt_page *p, const struct bt_source_spec *spec,
                     bool feed, struct bt_articles *out, const struct bt_events *ev,
                     struct bt_err *err);
/* The body of a feed's entry: paragraphs and source line into *out. */
void bt_fragment_read(struct bt_arena *a, struct bt_str html, const char *title,
                      struct bt_page *out);
void bt_links_articles(struct bt_arena *a, const struct bt_page *p,
                       const struct bt_source_spec *spec, struct bt_articles *out);
bool bt_is_page(struct bt_str utf8);

/* ---- follow.c: sources that are addresses ---------------------------------------------------- */

bool bt_is_url(const char *href);
bool bt_url_read(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_articles *out,
                 const struct bt_events *ev, struct bt_err *err);
/* "host/digits" at the end of the URL: an article's own address. */
bool bt_url_has_id(const char *url);

/* ---- flat.c, confine.c: a parser in a child ------------------------------------------------- */

enum { BT_FLAT_ARTICLE = 'A', BT_FLAT_PAGE = 'P', BT_FLAT_EVENT = 'W', BT_FLAT_ERROR = 'E' };
void bt_flat_article(struct bt_buf *b, const struct bt_article *t);
void bt_flat_page(struct bt_buf *b, const struct bt_page *p);
void bt_flat_words(struct bt_buf *b, char kind, int level, const char *item, const char *words);
/* After the kind's byte; false when the bytes are no such record. */
bool bt_unflat_article(struct bt_arena *a, struct bt_str *in, struct bt_article *t);
bool bt_unflat_page(struct bt_arena *a, struct bt_str *in, struct bt_page *p);
bool bt_unflat_words(struct bt_arena *a, struct bt_str *in, int *level, const char **item,
                     const char **words);
/* parse(spec, bytes) in a child with limits; its articles and events come here. */
bool bt_confined(struct bt_arena *a, bt_parser *parse, const struct bt_source_spec *spec,
                 struct bt_str bytes, struct bt_articles *out, const struct bt_events *ev,
                 struct bt_err *err);

#endif
