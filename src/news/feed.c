/* RSS 2.0, RSS 1.0 and Atom. Knows elements by their local names, because feeds rarely declare
 * what they use. */
#include "news/parts.h"

#include <libxml/parser.h>
#include <string.h>

enum { ITEMS_MOST = 2000, FIELD_MOST = 1 << 20 };

enum field { TITLE, LINK, ID, SUMMARY, CONTENT, DATE, AUTHOR, CHANNEL_OF, FIELDS };

/* The first name that is there wins over later ones of the same field. */
static const struct {
    const char *name;
    enum field field;
} names[] = {
    {"title", TITLE},
    {"link", LINK},
    {"guid", ID},
    {"id", ID},
    {"description", SUMMARY},
    {"summary", SUMMARY},
    {"encoded", CONTENT},
    {"content", CONTENT},
    {"pubDate", DATE},
    {"published", DATE},
    {"date", DATE},
    {"updated", DATE},
    {"loc", LINK},
    {"publication_date", DATE},
    {"lastmod", DATE},
    {"creator", AUTHOR},
    {"author", AUTHOR},
    {"source", CHANNEL_OF},
};

struct feed {
    struct bt_arena *a;
    const struct bt_source_spec *spec;
    const struct bt_events *ev;
    struct bt_articles *out;
    const char *house, *link;
    struct bt_when_rule when;
};

static bool is_element(const xmlNode *n)
{
    return n->type == XML_ELEMENT_NODE;
}

static const char *local(const xmlNode *n)
{
    const char *colon = strrchr((const char *)n->name, ':');
    return colon ? colon + 1 : (const char *)n->name;
}

static bool named(const xmlNode *n, const char *name)
{
    return is_element(n) && strcmp(local(n), name) == 0;
}

/* The node after n in document order inside top; the depth is libxml2's own limit. */
static xmlNode *next_inside(const xmlNode *n, const xmlNode *top, bool down)
{
    if (down && n->children && n->type != XML_ENTITY_REF_NODE)
        return n->children;
    while (n != top) {
        if (n->next)
            return n->next;
        n = n->parent;
    }
    return NULL;
}

/* Text below n; elements inside (unescaped mark-up) go back to being mark-up. */
static struct bt_str inner(struct bt_arena *a, const xmlNode *top)
{
    struct bt_buf b;
    bt_buf_init(&b, FIELD_MOST);
    for (const xmlNode *n = next_inside(top, top, true); n; n = next_inside(n, top, true)) {
        if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
            bt_buf_adds(&b, n->content ? (const char *)n->content : "");
        else if (is_element(n))
            bt_buf_addf(&b, "<%s>", local(n));
    }
    struct bt_str s = {bt_strndup(a, b.p ? b.p : "", b.n), b.n};
    bt_buf_finish(&b);
    return s;
}

static const char *attribute(struct bt_arena *a, const xmlNode *n, const char *name)
{
    for (const xmlAttr *at = n->properties; at; at = at->next)
        if (strcmp((const char *)at->name, name) == 0 && at->children && at->children->content)
            return bt_strdup(a, (const char *)at->children->content);
    return NULL;
}

/* Atom's <link rel="…" href="…"/>, RSS's <link>…</link> */
static struct bt_str link_of(struct bt_arena *a, const xmlNode *n)
{
    const char *href = attribute(a, n, "href"), *rel = attribute(a, n, "rel");
    if (!href)
        return inner(a, n);
    return bt_str(!rel || strcmp(rel, "alternate") == 0 ? href : NULL);
}

static void read_fields(struct bt_arena *a, const xmlNode *item, struct bt_str value[FIELDS])
{
    size_t best[FIELDS];
    for (int i = 0; i < FIELDS; i++)
        best[i] = BT_LEN(names);
    bool map = strcmp(local(item), "url") == 0; /* a sitemap nests title and date */
    for (const xmlNode *n = item->children; n; n = map ? next_inside(n, item, true) : n->next)
        for (size_t i = 0; i < BT_LEN(names); i++) {
            enum field f = names[i].field;
            if (!named(n, names[i].name) || i > best[f] || (i == best[f] && value[f].n))
                continue;
            struct bt_str s = bt_str_trim(f == LINK ? link_of(a, n) : inner(a, n));
            if (!s.n)
                continue;
            value[f] = s;
            best[f] = i;
        }
}

static void set_date(struct feed *f, struct bt_article *t, struct bt_str date)
{
    struct bt_when_found found;
    if (!date.n)
        return;
    if (bt_when_parse(date, &f->when, &found) == BT_WHEN_OK)
        t->published = found.utc;
    else
        bt_warn(f->ev, "news", f->spec->name, BT_M_NEWS_BAD_DATE,
                bt_strndup(f->a, date.p, date.n < 80 ? date.n : 80), t->title);
}

/* The entry's own text, cleaned as a page is; escaped twice, it is no mark-up yet. A lead that is
 * the beginning of it, cut, gives way to it. */
static bool set_content(struct feed *f, struct bt_article *t, struct bt_str content)
{
    struct bt_page page;
    if (!content.n || !memchr(content.p, '<', content.n))
        return false;
    bt_fragment_read(f->a, content, t->title, &page);
    bool cut = page.npara && bt_str_starts(bt_str(page.para[0]), bt_str(t->lead));
    if (cut)
        t->lead = page.para[0];
    for (size_t i = cut; i < page.npara; i++)
        bt_article_para(f->a, t, page.para[i]);
    t->source = page.source ? page.source : t->source;
    return page.npara > 0;
}

/* "… […]": a lead that a system cut short. */
static const char *uncut(struct bt_arena *a, const char *lead)
{
    static const char *const marks[] = {"[…]", "[...]", "(…)", "(...)"};
    for (size_t i = 0; i < BT_LEN(marks); i++)
        if (bt_str_ends(bt_str(lead), bt_str(marks[i]))) {
            size_t n = strlen(lead) - strlen(marks[i]);
            return bt_tidy(a, (struct bt_str){lead, n});
        }
    return lead;
}

/* What a collector of other houses' headlines adds: "Title - House", and both again for a lead. */
static void drop_echo(struct bt_arena *a, struct bt_article *t)
{
    if (t->source) {
        const char *tail = bt_format(a, " - %s", t->source);
        if (bt_str_ends(bt_str(t->title), bt_str(tail)))
            t->title = bt_strndup(a, t->title, strlen(t->title) - strlen(tail));
    }
    size_t n = strlen(t->title);
    const char *rest = strncmp(t->lead, t->title, n) == 0 ? t->lead + n : NULL;
    if (rest && (!*rest || strcmp(rest, ".") == 0 ||
                 (t->source && strcmp(rest + strspn(rest, " -"), t->source) == 0)))
        t->lead = "";
}

static void set_body(struct feed *f, struct bt_article *t, const struct bt_str value[FIELDS])
{
    const char **summary = NULL;
    size_t n = 0;
    bt_markup_paras(f->a, value[SUMMARY], &summary, &n);
    t->lead = n ? uncut(f->a, summary[0]) : "";
    drop_echo(f->a, t);
    if (set_content(f, t, value[CONTENT]))
        return;
    for (size_t i = 1; i < n; i++)
        bt_article_para(f->a, t, summary[i]);
    if (value[CONTENT].n)
        bt_markup_paras(f->a, value[CONTENT], &t->para, &t->npara);
}

static void add_item(struct feed *f, const xmlNode *item)
{
    struct bt_str value[FIELDS] = {{NULL, 0}};
    read_fields(f->a, item, value);
    const char *title = bt_markup_line(f->a, value[TITLE]);
    if (!*title && value[LINK].n && strcmp(local(item), "url") == 0)
        title = bt_url_clean(f->a, bt_strndup(f->a, value[LINK].p, value[LINK].n), NULL);
    if (!title || !*title) {
        bt_warn(f->ev, "news", f->spec->name, BT_M_NEWS_ITEM_NO_TITLE);
        return;
    }
    struct bt_article *t = bt_article_new(f->a, f->out, f->spec);
    t->title = title;
    if (value[LINK].n)
        t->url = bt_url_clean(f->a, bt_strndup(f->a, value[LINK].p, value[LINK].n), f->link);
    if (!t->url && value[ID].n)
        t->url = bt_url_clean(f->a, bt_strndup(f->a, value[ID].p, value[ID].n), NULL);
    if (!t->url && value[ID].n)
        t->id = bt_strndup(f->a, value[ID].p, value[ID].n);
    const char *author = value[AUTHOR].n ? bt_markup_line(f->a, value[AUTHOR]) : "";
    if (*author && !bt_is_desk(author))
        t->author = author;
    if (value[CHANNEL_OF].n)
        t->source = bt_markup_line(f->a, value[CHANNEL_OF]);
    set_date(f, t, value[DATE]);
    set_body(f, t, value);
    bt_article_close(f->a, t, f->spec, f->house, true);
}

static bool is_item(const xmlNode *n)
{
    return named(n, "item") || named(n, "entry") ||
           (named(n, "url") && n->parent && named(n->parent, "urlset"));
}

/* Title and link of the channel. */
static void read_channel(struct feed *f, const xmlNode *root)
{
    const xmlNode *channel = root;
    for (const xmlNode *n = root->children; n; n = n->next)
        if (named(n, "channel"))
            channel = n;
    for (const xmlNode *n = channel->children; n; n = n->next) {
        if (named(n, "title") && !f->house)
            f->house = bt_markup_line(f->a, inner(f->a, n));
        if (named(n, "link") && !f->link) {
            struct bt_str s = link_of(f->a, n);
            f->link = s.n ? bt_tidy(f->a, s) : NULL;
        }
    }
    if (!f->link)
        f->link = attribute(f->a, root, "base");
    if (!f->link && bt_is_url(f->spec->href))
        f->link = f->spec->href;
}

/* The order of day and month: as the source says, else as one of its dates proves, and then it is
 * told. */
static void find_order(struct feed *f, const xmlNode *root)
{
    const char *told = f->spec->dates;
    int order = 0;
    f->when.told = told != NULL;
    f->when.month_first = told && strcmp(told, "mdy") == 0;
    for (const xmlNode *n = root; n && order >= 0 && !told; n = next_inside(n, root, true))
        if (named(n, "pubDate")) {
            int one = bt_when_order(inner(f->a, n));
            order = one < 0 ? -1 : order ? order : one;
        }
    if (order > 0) {
        f->when.month_first = true;
        bt_info(f->ev, "news", f->spec->name, BT_M_NEWS_MONTH_FIRST);
    }
}

/* The last item of a file that was cut off would be read as half a sentence. */
static bool cut_off(struct bt_str s)
{
    for (size_t i = s.n; i-- > 1;)
        if (s.p[i - 1] == '<') {
            struct bt_str rest = {s.p + i, s.n - i};
            if (bt_str_starts(rest, BT_STR("/item")) || bt_str_starts(rest, BT_STR("/entry")))
                return false;
            if (bt_str_starts(rest, BT_STR("item")) || bt_str_starts(rest, BT_STR("entry")))
                return true;
        }
    return false;
}

static void read_items(struct feed *f, const xmlNode *root, bool cut)
{
    const xmlNode *pending = NULL;
    int count = 0;
    for (const xmlNode *n = root; n; n = next_inside(n, root, !is_item(n))) {
        if (!is_item(n))
            continue;
        if (pending)
            add_item(f, pending);
        pending = n;
        if (++count > ITEMS_MOST) {
            bt_warn(f->ev, "news", f->spec->name, BT_M_NEWS_TOO_MANY, (long)ITEMS_MOST);
            return;
        }
    }
    if (pending && cut)
        bt_warn(f->ev, "news", f->spec->name, BT_M_NEWS_CUT_OFF);
    else if (pending)
        add_item(f, pending);
}

static bool is_feed_root(const xmlNode *root)
{
    return root && (named(root, "rss") || named(root, "RDF") || named(root, "feed") ||
                    named(root, "urlset"));
}

bool bt_feed_parse(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_str utf8,
                   struct bt_articles *out, const struct bt_events *ev, struct bt_err *err)
{
    struct feed f = {.a = a, .spec = spec, .ev = ev, .out = out};
    struct bt_buf xml;
    f.when = (struct bt_when_rule){.zone = spec->zone, .now = BT_NO_TIME};
    bt_buf_init(&xml, utf8.n * 2 + 4096);
    bool ok = bt_xml_mend(utf8, &xml);
    xmlDoc *doc = ok ? xmlReadMemory(xml.p ? xml.p : "", (int)xml.n, "feed.xml", "UTF-8",
                                     XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
                                         XML_PARSE_NOWARNING | XML_PARSE_COMPACT)
                     : NULL;
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    ok = is_feed_root(root);
    if (ok) {
        read_channel(&f, root);
        find_order(&f, root);
        read_items(&f, root, cut_off(utf8));
    }
    xmlFreeDoc(doc);
    bt_buf_finish(&xml);
    return ok || bt_fail(err, BT_ENOTHING, BT_M_NEWS_NO_FEED, spec->name);
}
