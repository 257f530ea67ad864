/*
 * Inside the reading of a page: the tree as a row of blocks. page.c makes them, body.c chooses and
 * cleans, meta.c finds title, date and author, extract.c joins all.
 */
#ifndef BT_NEWS_PAGE_H
#define BT_NEWS_PAGE_H

#include "news/parts.h"

#include <libxml/tree.h>

struct block {        /* a run of text between two block-level borders */
    xmlNode *node;    /* the nearest block-level element around it */
    size_t at, n;     /* its text in page.text, white space folded */
    int words, links; /* all its words, and those inside links */
    int anchors;      /* how many links begin in it */
    bool image;       /* an image stands between the block before and this one */
};

struct page {
    struct bt_arena *a;
    xmlDoc *doc;
    struct bt_buf text;
    struct block *block;
    size_t n;
    const char *url, *own_url; /* as fetched; as the page itself says */
    int zone;
    const struct bt_profile *profile; /* or NULL */
    size_t title_at;                  /* its index; n when there is none */
    bool force_zone;                  /* the zone is the profile's, whatever the page says */
    const char *title;
    const char *description; /* of the head: og:description */
};

/* ---- page.c --------------------------------------------------------------------------------- */

/* Parse, find the profile, walk; false when the bytes are no page. bt_page_close frees. */
bool bt_page_open(struct page *p, struct bt_arena *a, struct bt_str utf8,
                  const struct bt_profiles *profiles);
void bt_page_close(struct page *p);
struct bt_str bt_block_raw(const struct page *p, const struct block *b);
char *bt_block_text(const struct page *p, const struct block *b); /* clean, in the arena */
const char *bt_attr(const xmlNode *n, const char *name);          /* the tree's own text, or NULL */
bool bt_tag_is(const xmlNode *n, const char *name);
bool bt_inside(const xmlNode *n, const xmlNode *top); /* below or the same */
/* Is any of these a word of the element's class, id or type? Words are cut at blanks, - _ and aB.
 */
bool bt_class_has(const xmlNode *n, const char *const *words, size_t count);

/* ---- profile.c ------------------------------------------------------------------------------ */

#define BT_DROP_MARK "bantin-drop" /* an attribute that we put on what a profile drops */
const struct bt_profile *bt_profile_by_page(const struct bt_profiles *all, xmlDoc *doc);
const char *bt_profile_name(const struct bt_profile *p); /* NULL gives NULL */
/* The first element that a rule of this field finds, or NULL. */
xmlNode *bt_profile_node(const struct bt_profile *p, xmlDoc *doc, enum bt_rule field);
void bt_profile_mark(const struct bt_profile *p, xmlDoc *doc);

/* ---- meta.c --------------------------------------------------------------------------------- */

void bt_find_title(struct page *p);
/* `first`: the body's first block. The lead is a block near the title, else the head's words. */
const char *bt_find_lead(struct page *p, const xmlNode *body, size_t first, size_t *at);
bool bt_is_described(struct page *p, const char *text);
int64_t bt_find_date(struct page *p, size_t first);
/* Only when it is a name; "(tổng hợp)" and "Theo" fall away. */
void bt_add_author(struct page *p, struct bt_page *out, const char *name);
void bt_find_authors(struct page *p, struct bt_page *out);

/* ---- body.c --------------------------------------------------------------------------------- */

/* The element that holds the article, or NULL. */
xmlNode *bt_find_body(struct page *p);
bool bt_is_beside(const xmlNode *body); /* comments, a footer: not to be trusted */
size_t bt_first_block(const struct page *p, const xmlNode *body);
/* Its paragraphs into out->para, what was left into out->dropped. */
void bt_read_body(struct page *p, const xmlNode *body, size_t lead_at, struct bt_page *out);

/* ---- section.c ------------------------------------------------------------------------------- */

/* The headlines of a section page, each once, and the feed that the page names. */
void bt_find_links(struct page *p, struct bt_page *out);

#endif
