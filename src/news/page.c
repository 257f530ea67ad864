/* A page as a row of blocks. Knows HTML's elements; knows no news. */
#include "news/page.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MOST = 8 << 20, BLOCKS_MOST = 100000 };

bool bt_tag_is(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

const char *bt_attr(const xmlNode *n, const char *name)
{
    if (n->type != XML_ELEMENT_NODE)
        return NULL;
    for (const xmlAttr *at = n->properties; at; at = at->next)
        if (strcmp((const char *)at->name, name) == 0)
            return at->children && at->children->content ? (const char *)at->children->content : "";
    return NULL;
}

bool bt_inside(const xmlNode *n, const xmlNode *top)
{
    for (; n; n = n->parent)
        if (n == top)
            return true;
    return false;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_alnum(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* The next word of an attribute: "detail-authorName" gives detail, author, Name. */
static size_t next_word(const char **p)
{
    while (**p && !is_alnum(**p))
        (*p)++;
    size_t n = 0;
    const char *s = *p;
    while (is_alnum(s[n]) && !(n && is_upper(s[n]) && !is_upper(s[n - 1])))
        n++;
    return n;
}

static bool attribute_has(const char *s, const char *const *words, size_t count)
{
    size_t n;
    while ((n = next_word(&s)) > 0) {
        for (size_t i = 0; i < count; i++)
            if (strncasecmp(s, words[i], n) == 0 && words[i][n] == '\0')
                return true;
        s += n;
    }
    return false;
}

bool bt_class_has(const xmlNode *n, const char *const *words, size_t count)
{
    static const char *const named[] = {"class", "id", "type"};
    for (size_t i = 0; i < BT_LEN(named); i++) {
        const char *value = bt_attr(n, named[i]);
        if (value && attribute_has(value, words, count))
            return true;
    }
    return false;
}

/* ---- the walk ------------------------------------------------------------------------------- */

enum role { INLINE, BLOCK, SILENT, BREAK, IMAGE, LINK };

static const struct {
    const char *tag;
    enum role role;
} roles[] = {
    {"a", LINK},           {"address", BLOCK}, {"article", BLOCK},   {"aside", BLOCK},
    {"blockquote", BLOCK}, {"body", BLOCK},    {"br", BREAK},        {"button", SILENT},
    {"canvas", SILENT},    {"caption", BLOCK}, {"center", BLOCK},    {"dd", BLOCK},
    {"div", BLOCK},        {"dl", BLOCK},      {"dt", BLOCK},        {"fieldset", BLOCK},
    {"figcaption", BLOCK}, {"figure", BLOCK},  {"footer", BLOCK},    {"form", BLOCK},
    {"h1", BLOCK},         {"h2", BLOCK},      {"h3", BLOCK},        {"h4", BLOCK},
    {"h5", BLOCK},         {"h6", BLOCK},      {"head", SILENT},     {"header", BLOCK},
    {"hr", BLOCK},         {"iframe", SILENT}, {"img", IMAGE},       {"label", BLOCK},
    {"li", BLOCK},         {"main", BLOCK},    {"nav", BLOCK},       {"noscript", SILENT},
    {"object", SILENT},    {"ol", BLOCK},      {"option", SILENT},   {"p", BLOCK},
    {"picture", IMAGE},    {"pre", BLOCK},     {"script", SILENT},   {"section", BLOCK},
    {"select", SILENT},    {"style", SILENT},  {"svg", SILENT},      {"table", BLOCK},
    {"tbody", BLOCK},      {"td", BLOCK},      {"template", SILENT}, {"textarea", SILENT},
    {"th", BLOCK},         {"tr", BLOCK},      {"ul", BLOCK},        {"video", IMAGE},
};

static int by_tag(const void *key, const void *row)
{
    return strcmp(key, *(const char *const *)row);
}

static enum role role_of(const xmlNode *n)
{
    if (n->type != XML_ELEMENT_NODE)
        return INLINE;
    const void *hit = bsearch(n->name, roles, BT_LEN(roles), sizeof(roles[0]), by_tag);
    return hit ? roles[((const char *)hit - (const char *)roles) / sizeof(roles[0])].role : INLINE;
}

struct walker {
    struct page *p;
    struct block open; /* the run that is being gathered */
    bool gap, word;    /* a blank is due; inside a word */
    int link;          /* links around us */
};

static void flush(struct walker *w, xmlNode *node)
{
    struct page *p = w->p;
    struct block *b = &w->open;
    b->n = p->text.n - b->at;
    if (b->words && p->n < BLOCKS_MOST) {
        bt_buf_addc(&p->text, '\0');
        b->node = node;
        *(struct block *)bt_push(p->a, &p->block, &p->n, sizeof(*b)) = *b;
        *b = (struct block){0};
    } else {
        p->text.n = b->at;
        *b = (struct block){.image = b->image};
    }
    b->at = p->text.n;
    w->gap = w->word = false;
}

static void add_char(struct walker *w, char c)
{
    bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
    if (blank) {
        w->gap = w->p->text.n > w->open.at;
        w->word = false;
        return;
    }
    if (w->gap && w->p->text.p[w->p->text.n - 1] != '\n')
        bt_buf_addc(&w->p->text, ' ');
    w->gap = false;
    if (!w->word && (is_alnum(c) || (c & 0x80))) {
        w->word = true;
        w->open.words++;
        w->open.links += w->link > 0;
    }
    bt_buf_addc(&w->p->text, c);
}

static xmlNode *block_around(xmlNode *n)
{
    while (n->parent && role_of(n) != BLOCK)
        n = n->parent;
    return n;
}

/* False: do not go down. A place set before the first word of a lead is a stamp, not its text. */
static bool enter(struct walker *w, xmlNode *n)
{
    static const char *const stamps[] = {"stamp", "dateline"};
    if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
        for (const char *s = (const char *)n->content; s && *s; s++)
            add_char(w, *s);
    if (n->type != XML_ELEMENT_NODE)
        return false;
    switch (role_of(n)) {
    case SILENT:
        return false;
    case BLOCK:
        flush(w, block_around(n->parent));
        break;
    case BREAK:
        w->gap = w->word = false;
        if (w->p->text.n > w->open.at)
            bt_buf_addc(&w->p->text, '\n');
        break;
    case IMAGE:
        if (w->p->text.n > w->open.at)
            bt_buf_addc(&w->p->text, '\n'); /* a caption may follow in the same paragraph */
        w->open.image = true;
        break;
    case LINK:
        w->link++;
        w->open.anchors++;
        break;
    case INLINE:
        return !bt_attr(n, BT_DROP_MARK) && !bt_class_has(n, stamps, BT_LEN(stamps));
    }
    return true;
}

static void leave(struct walker *w, xmlNode *n)
{
    enum role role = role_of(n);
    if (role == BLOCK)
        flush(w, n);
    else if (role == LINK)
        w->link--;
}

static void walk(struct page *p, xmlNode *root)
{
    struct walker w = {.p = p};
    xmlNode *n = root;
    while (n) {
        if (enter(&w, n) && n->children) {
            n = n->children;
            continue;
        }
        if (n->type == XML_ELEMENT_NODE && role_of(n) != SILENT)
            leave(&w, n);
        while (n != root && !n->next) {
            n = n->parent;
            leave(&w, n);
        }
        n = n == root ? NULL : n->next;
    }
    flush(&w, root);
}

/* The first byte after a script that begins at p, or after its "<". */
static const char *past_script(const char *p, const char *end)
{
    static const char open[] = "<script";
    if ((size_t)(end - p) < sizeof(open) || strncasecmp(p, open, sizeof(open) - 1) != 0)
        return NULL;
    const char *close = memmem(p, (size_t)(end - p), "</", 2);
    return close ? close : end;
}

/* The last byte of a quoted value after the "=" at p, else p: a ">" inside ends no tag. */
static const char *past_value(const char *p, const char *end)
{
    if (end - p < 2 || (p[1] != '"' && p[1] != '\''))
        return p;
    const char *close = memchr(p + 2, p[1], (size_t)(end - p) - 2);
    return close ? close : p;
}

/* A tag with thousands of attributes costs libxml2 the square of their number. */
static bool absurd(struct bt_str s)
{
    enum { ATTRIBUTES = 2000 };
    const char *end = s.p + s.n;
    for (const char *p = s.p; p < end && (p = memchr(p, '<', (size_t)(end - p))) != NULL;) {
        const char *script = past_script(p, end);
        if (script) {
            p = script + (script < end);
            continue;
        }
        int equals = 0;
        for (p++; p < end && *p != '>'; p++)
            if (*p == '=' && ++equals > ATTRIBUTES)
                return true;
            else if (*p == '=')
                p = past_value(p, end);
    }
    return false;
}

/* The page's own address: <link rel="canonical">, og:url. */
static const char *own_url(const struct page *p)
{
    xmlNode *root = xmlDocGetRootElement(p->doc);
    for (xmlNode *n = root ? root->children : NULL; n; n = n->next)
        for (xmlNode *m = bt_tag_is(n, "head") ? n->children : NULL; m; m = m->next) {
            const char *rel = bt_attr(m, "rel"), *property = bt_attr(m, "property");
            if (rel && strcmp(rel, "canonical") == 0 && bt_attr(m, "href"))
                return bt_strdup(p->a, bt_attr(m, "href"));
            if (property && strcmp(property, "og:url") == 0 && bt_attr(m, "content"))
                return bt_strdup(p->a, bt_attr(m, "content"));
        }
    return NULL;
}

static void find_profile(struct page *p, const struct bt_profiles *all)
{
    p->own_url = own_url(p);
    p->profile = bt_profile_by_url(all, p->url);
    if (!p->profile)
        p->profile = bt_profile_by_url(all, p->own_url);
    if (!p->profile)
        p->profile = bt_profile_by_page(all, p->doc);
    const char *zone = bt_profile_value(p->profile, BT_RULE_ZONE);
    p->force_zone = zone && bt_zone_parse(zone, &p->zone);
    bt_profile_mark(p->profile, p->doc);
}

bool bt_page_open(struct page *p, struct bt_arena *a, struct bt_str utf8,
                  const struct bt_profiles *profiles)
{
    p->a = a;
    bt_buf_init(&p->text, TEXT_MOST);
    p->doc = absurd(utf8)
                 ? NULL
                 : htmlReadMemory(utf8.p, (int)utf8.n, NULL, "UTF-8",
                                  HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR |
                                      HTML_PARSE_NOWARNING | HTML_PARSE_COMPACT);
    xmlNode *root = p->doc ? xmlDocGetRootElement(p->doc) : NULL;
    if (root) {
        find_profile(p, profiles);
        walk(p, root);
    }
    p->title_at = p->n;
    return root != NULL;
}

void bt_page_close(struct page *p)
{
    xmlFreeDoc(p->doc);
    bt_buf_finish(&p->text);
}

struct bt_str bt_block_raw(const struct page *p, const struct block *b)
{
    return (struct bt_str){p->text.p + b->at, b->n};
}

char *bt_block_text(const struct page *p, const struct block *b)
{
    return bt_tidy(p->a, bt_block_raw(p, b));
}
