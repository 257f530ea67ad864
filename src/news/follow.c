/* Sources that are addresses: the fetch, the feed behind a section page, and the page behind each
 * entry. Knows what leads where; knows no format. */
#include "news/parts.h"

#include <string.h>
#include <strings.h>

enum { PAGES_MOST = 80, SITEMAPS = 3 };

bool bt_is_url(const char *href)
{
    return strncasecmp(href, "http://", 7) == 0 || strncasecmp(href, "https://", 8) == 0;
}

static bool same_host(struct bt_arena *a, const char *x, const char *y)
{
    if (!bt_is_url(x) || !bt_is_url(y))
        return false;
    x = strstr(bt_url_bare(a, x), "//") + 2;
    y = strstr(bt_url_bare(a, y), "//") + 2;
    size_t n = strcspn(x, "/?#:"), m = strcspn(y, "/?#:");
    return n == m && strncasecmp(x, y, n) == 0;
}

/* ---- pages of entries ------------------------------------------------------------------------ */

static bool wants_page(const struct bt_source_spec *spec, const struct bt_article *t)
{
    bool recent = t->published == BT_NO_TIME || t->published >= spec->since;
    return t->url && recent && (t->whole ? t->npara == 0 : !*t->lead);
}

static void merge(struct bt_arena *a, struct bt_article *t, const struct bt_page *p,
                  const struct bt_source_spec *spec)
{
    const char *credit = t->credit;
    if (strcmp(t->title, t->url) == 0)
        t->title = p->title;
    if (*p->lead)
        t->lead = p->lead;
    t->para = p->para;
    t->npara = p->npara;
    t->author = p->nauthor ? p->author[0] : t->author;
    t->source = p->source ? p->source : t->source;
    if (t->published == BT_NO_TIME)
        t->published = p->published;
    bt_article_close(a, t, spec, NULL, true);
    if (credit && !t->segment)
        t->credit = credit;
}

static void take_page(struct bt_arena *a, struct bt_article *t, const struct bt_request *r,
                      const struct bt_source_spec *spec, const struct bt_events *ev)
{
    struct bt_page page;
    struct bt_err err = r->err;
    if (!r->ok ||
        !bt_page_read_confined(a, r->body, r->final, spec->zone, spec->profiles, &page, &err)) {
        bt_warn(ev, "news", t->url, BT_M_NEWS_PAGE_LEAD_ONLY, err.msg);
        return;
    }
    if (page.refused)
        bt_warn(ev, "news", t->url, BT_M_NEWS_PAGE_LEAD_ONLY, page.refused);
    merge(a, t, &page, spec);
}

/* From the article `first` on: what a page must complete. */
static void fetch_pages(struct bt_arena *a, const struct bt_source_spec *spec,
                        struct bt_articles *out, size_t first, const struct bt_events *ev)
{
    struct bt_request *req = bt_alloc(a, PAGES_MOST * sizeof(*req));
    size_t at[PAGES_MOST], n = 0;
    for (size_t i = first; i < out->n && n < PAGES_MOST; i++)
        if (wants_page(spec, &out->item[i])) {
            const char *url = out->item[i].url;
            req[n] = (struct bt_request){
                .url = url, .named = same_host(a, url, spec->href), .robots = true};
            at[n++] = i;
        }
    if (n)
        bt_http_get(spec->http, a, req, n);
    for (size_t i = 0; i < n; i++) {
        take_page(a, &out->item[at[i]], &req[i], spec, ev);
        bt_progress(ev, "news", spec->name, (long)i + 1, (long)n);
    }
}

/* An entry that has neither title nor words cannot be aired. */
static void drop_empty(struct bt_articles *out, size_t first)
{
    size_t kept = first;
    for (size_t i = first; i < out->n; i++)
        if (!out->item[i].url || strcmp(out->item[i].title, out->item[i].url) != 0)
            out->item[kept++] = out->item[i];
    out->n = kept;
}

/* ---- the source itself ----------------------------------------------------------------------- */

static bool fetch(struct bt_arena *a, const struct bt_source_spec *spec, const char *url,
                  struct bt_request *r, struct bt_err *err)
{
    *r = (struct bt_request){.url = url, .named = same_host(a, url, spec->href)};
    bt_http_get(spec->http, a, r, 1);
    if (err && r->err.code) /* also when what was kept from before stands in */
        *err = r->err;
    return r->ok;
}

static bool parse_feed(struct bt_arena *a, const struct bt_source_spec *spec, const char *url,
                       struct bt_articles *out, const struct bt_events *ev, struct bt_err *err)
{
    struct bt_request r;
    return fetch(a, spec, url, &r, err) && bt_source_parse(a, spec, r.body, out, ev, err);
}

/* An article; or a section: by its feed, else by its headlines. */
static bool read_page(struct bt_arena *a, const struct bt_source_spec *spec,
                      const struct bt_request *r, struct bt_articles *out,
                      const struct bt_events *ev, struct bt_err *err)
{
    struct bt_page p;
    if (!bt_page_read_confined(a, r->body, r->final, spec->zone, spec->profiles, &p, err))
        return false;
    if (!p.refused)
        return bt_page_article(a, &p, spec, true, out, ev, err);
    if (p.feed && parse_feed(a, spec, p.feed, out, ev, NULL))
        return true;
    if (p.nlink < BT_SECTION_LINKS)
        return bt_page_article(a, &p, spec, true, out, ev, err);
    bt_links_articles(a, &p, spec, out);
    return true;
}

/* <sitemapindex>: the first few of its sitemaps, those for news if it has such. */
static bool read_index(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_str s,
                       struct bt_articles *out, const struct bt_events *ev)
{
    const char *pick[SITEMAPS];
    size_t n = 0;
    for (int pass = 0; pass < 2 && n == 0; pass++) {
        struct bt_str rest = s;
        ptrdiff_t at;
        while (n < SITEMAPS && (at = bt_str_find(rest, BT_STR("<loc>"))) >= 0) {
            rest = (struct bt_str){rest.p + at + 5, rest.n - (size_t)at - 5};
            ptrdiff_t end = bt_str_find(rest, BT_STR("</loc>"));
            struct bt_str loc = {rest.p, end < 0 ? 0 : (size_t)end};
            if (pass == 1 || bt_str_find(loc, BT_STR("news")) >= 0)
                pick[n++] = bt_url_clean(a, bt_unescape(a, loc), spec->href);
        }
    }
    bool some = false;
    for (size_t i = 0; i < n; i++)
        some = (pick[i] && parse_feed(a, spec, pick[i], out, ev, NULL)) || some;
    return some;
}

bool bt_url_read(struct bt_arena *a, const struct bt_source_spec *given, struct bt_articles *out,
                 const struct bt_events *ev, struct bt_err *err)
{
    struct bt_source_spec spec = *given;
    struct bt_request r;
    size_t first = out->n, n;
    if (!spec.http)
        return bt_fail(err, BT_ENOTHING, BT_M_NEWS_NO_NETWORK, spec.name);
    if (!spec.rights)
        spec.rights = "lead";
    if (!fetch(a, &spec, spec.href, &r, err))
        return false;
    const char *utf8 = bt_to_utf8(a, r.body, &n);
    struct bt_str s = {utf8 ? utf8 : "", utf8 ? n : 0};
    bool ok = bt_str_find(s, BT_STR("<sitemapindex")) >= 0 ? read_index(a, &spec, s, out, ev)
              : bt_is_page(s)                              ? read_page(a, &spec, &r, out, ev, err)
                              : bt_source_parse(a, &spec, r.body, out, ev, err);
    if (ok) {
        fetch_pages(a, &spec, out, first, ev);
        drop_empty(out, first);
    }
    if (!ok && err && !err->msg[0])
        bt_fail(err, BT_ENOTHING, BT_M_NEWS_EMPTY, spec.name);
    return ok;
}
