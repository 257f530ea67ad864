/* One page to one article, or to the reason why it is not trusted: a wrong text that is accepted is
 * the one real failure. */
#include "news/page.h"

#include <stdlib.h>
#include <string.h>

/* ---- the gate ------------------------------------------------------------------------------- */

static size_t body_words(const struct bt_page *o)
{
    size_t n = 0;
    for (size_t i = 0; i < o->npara; i++)
        n += bt_syllables(o->para[i]);
    return n;
}

static char *joined(struct bt_arena *a, const struct bt_page *o)
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 22);
    bt_buf_addc(&b, ' ');
    for (size_t i = 0; i < o->npara; i++)
        bt_buf_addf(&b, "%s ", bt_lower_str(a, bt_str(o->para[i])));
    char *s = bt_strndup(a, b.p, b.n);
    bt_buf_finish(&b);
    for (char *p = s; *p; p++)
        if (strchr(",.;:!?\"'()-/|", *p))
            *p = ' ';
    return s;
}

/* Of the runs of `length` syllables of `text`, the part that stands in `body`. */
static double shared(struct bt_arena *a, const char *text, const char *body, size_t length)
{
    enum { MOST = 120 };
    const char *word[MOST];
    char *copy = bt_lower_str(a, bt_str(text));
    size_t n = 0, hits = 0;
    for (char *save = NULL, *w = strtok_r(copy, " ,.;:!?\"'()-/|“”‘’", &save); w && n < MOST;
         w = strtok_r(NULL, " ,.;:!?\"'()-/|“”‘’", &save))
        word[n++] = w;
    if (n < length)
        return 0;
    for (size_t i = 0; i + length <= n; i++) {
        const char *run =
            bt_format(a, " %s%s%s ", word[i], length > 1 ? " " : "", length > 1 ? word[i + 1] : "");
        hits += strstr(body, run) != NULL;
    }
    return (double)hits / (double)(n - length + 1);
}

static void judge(struct bt_arena *a, struct bt_page *o, const xmlNode *body_node)
{
    enum { SHORTEST = 60, SURE = 120 };
    size_t words = body_words(o);
    const char *body = joined(a, o);
    double title = shared(a, o->title, body, 1), pairs = shared(a, o->title, body, 2);
    double lead = *o->lead ? shared(a, o->lead, body, 2) : pairs;
    double length = words >= SURE ? 1 : (double)words / SURE;
    o->confidence = 0.35 * length + 0.35 * title + 0.15 * (pairs > 0.3 ? 1 : pairs / 0.3) +
                    0.15 * (lead > 0.2 ? 1 : lead / 0.2);
    if (!*o->title)
        o->refused = bt_msg(BT_M_REFUSED_TITLE);
    else if (body_node && bt_is_beside(body_node))
        o->refused = bt_msg(BT_M_REFUSED_BESIDE);
    else if (words < SHORTEST)
        o->refused = bt_msg(BT_M_REFUSED_SHORT);
    else if (title < 0.4 || (pairs == 0 && lead < 0.1))
        o->refused = bt_msg(BT_M_REFUSED_STRANGE);
    else if (o->confidence < 0.5)
        o->refused = bt_msg(BT_M_REFUSED_DOUBT);
}

/* ---- the page ------------------------------------------------------------------------------- */

static void extract(struct page *p, struct bt_page *o)
{
    bt_find_title(p);
    xmlNode *body = bt_find_body(p);
    size_t first = bt_first_block(p, body);
    size_t lead_at = p->n;
    o->url = p->own_url ? bt_url_clean(p->a, p->own_url, p->url) : NULL;
    o->profile = bt_strdup(p->a, bt_profile_name(p->profile));
    o->title = p->title;
    o->lead = bt_find_lead(p, body, first, &lead_at);
    o->published = bt_find_date(p, first);
    bt_find_authors(p, o);
    if (body)
        bt_read_body(p, body, lead_at, o);
    if (!*o->lead && o->npara > 1 && bt_is_described(p, o->para[0])) {
        o->lead = bt_lead_bare(o->para[0]);
        do {
            o->para++;
            o->npara--;
        } while (o->npara > 1 && bt_is_byline(o->para[0]));
    }
    judge(p->a, o, body);
    if (o->refused) {
        o->confidence = o->confidence < 0.5 ? o->confidence : 0.49;
        o->npara = 0;
        bt_find_links(p, o);
    }
}

/* The whole fragment is the body: only what is beside the text falls. */
void bt_fragment_read(struct bt_arena *a, struct bt_str html, const char *title,
                      struct bt_page *out)
{
    struct page p = {.title = title};
    *out = (struct bt_page){.title = title, .lead = "", .published = BT_NO_TIME};
    if (html.n && bt_page_open(&p, a, html, NULL))
        bt_read_body(&p, xmlDocGetRootElement(p.doc), p.n, out);
    bt_page_close(&p);
}

bool bt_page_read(struct bt_arena *a, struct bt_str bytes, const char *url, int zone,
                  const struct bt_profiles *profiles, struct bt_page *out, struct bt_err *err)
{
    struct page p = {.url = url, .zone = zone};
    size_t n;
    const char *charset = bt_profile_value(bt_profile_by_url(profiles, url), BT_RULE_CHARSET);
    const char *utf8 = bt_from_charset(a, bytes, charset, &n);
    *out = (struct bt_page){.title = "", .lead = "", .published = BT_NO_TIME};
    bool ok = utf8 && bt_page_open(&p, a, (struct bt_str){utf8, n}, profiles);
    if (ok)
        extract(&p, out);
    bt_page_close(&p);
    return ok || bt_fail(err, BT_ENOTHING, BT_M_NEWS_NO_TEXT, url ? url : "-");
}

/* An article out of a page; one that is refused gives title and lead. */
bool bt_page_article(struct bt_arena *a, const struct bt_page *p, const struct bt_source_spec *spec,
                     bool feed, struct bt_articles *out, const struct bt_events *ev,
                     struct bt_err *err)
{
    if (p->refused && (!*p->title || !*p->lead))
        return bt_fail(err, BT_ENOTHING, BT_M_NEWS_PAGE_REFUSED, spec->name, p->refused);
    if (p->refused)
        bt_warn(ev, "news", spec->name, BT_M_NEWS_PAGE_LEAD_ONLY, p->refused);
    struct bt_article *t = bt_article_new(a, out, spec);
    t->title = p->title;
    t->lead = p->lead;
    t->para = p->para;
    t->npara = p->npara;
    t->author = p->nauthor ? p->author[0] : NULL;
    t->source = p->source;
    t->published = p->published;
    t->url = p->url ? p->url : bt_url_clean(a, spec->href, NULL);
    bt_article_close(a, t, spec, NULL, feed);
    return true;
}

void bt_links_articles(struct bt_arena *a, const struct bt_page *p,
                       const struct bt_source_spec *spec, struct bt_articles *out)
{
    for (size_t i = 0; i < p->nlink; i++) {
        struct bt_article *t = bt_article_new(a, out, spec);
        t->title = p->link[i].title;
        t->url = p->link[i].url;
        bt_article_close(a, t, spec, NULL, true);
    }
}

bool bt_page_parse(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_str utf8,
                   struct bt_articles *out, const struct bt_events *ev, struct bt_err *err)
{
    struct bt_page p;
    if (!bt_page_read(a, utf8, spec->href, spec->zone, spec->profiles, &p, err))
        return false;
    if (p.refused && p.nlink >= BT_SECTION_LINKS)
        bt_links_articles(a, &p, spec, out);
    else
        return bt_page_article(a, &p, spec, false, out, ev, err);
    return true;
}
