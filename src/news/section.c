/* Section pages: headlines that lead to articles of the same site. Knows links; knows no site. */
#include "news/page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LINKS_MOST = 120, TITLE_SHORTEST = 5, TITLE_LONGEST = 40 };

static xmlNode *next_node(xmlNode *n, const xmlNode *top)
{
    if (n->children)
        return n->children;
    while (n != top && !n->next)
        n = n->parent;
    return n == top ? NULL : n->next;
}

static const char *find_feed(const struct page *p, const char *base)
{
    xmlNode *root = xmlDocGetRootElement(p->doc);
    for (xmlNode *n = root; n; n = next_node(n, root)) {
        const char *type = bt_tag_is(n, "link") ? bt_attr(n, "type") : NULL;
        const char *href = type ? bt_attr(n, "href") : NULL;
        if (href && (strstr(type, "rss+xml") || strstr(type, "atom+xml")))
            return bt_url_clean(p->a, href, base);
    }
    return NULL;
}

static bool same_site(const char *x, const char *y)
{
    x = strstr(x, "//") + 2;
    y = strstr(y, "//") + 2;
    size_t n = strcspn(x, "/?#"), m = strcspn(y, "/?#");
    return n == m && strncasecmp(x, y, n) == 0;
}

static const char *link_title(struct bt_arena *a, xmlNode *n)
{
    const char *title = bt_attr(n, "title");
    xmlChar *text = xmlNodeGetContent(n);
    const char *shown = text ? bt_tidy(a, bt_str((const char *)text)) : "";
    xmlFree(text);
    if (title && bt_syllables(shown) < TITLE_SHORTEST)
        shown = bt_tidy(a, bt_str(title));
    size_t words = bt_syllables(shown);
    return words >= TITLE_SHORTEST && words <= TITLE_LONGEST ? shown : NULL;
}

static bool known(const struct bt_page *o, const char *url)
{
    for (size_t i = 0; i < o->nlink; i++)
        if (strcmp(o->link[i].url, url) == 0)
            return true;
    return false;
}

void bt_find_links(struct page *p, struct bt_page *o)
{
    const char *base = p->url && bt_is_url(p->url) ? p->url : p->own_url;
    xmlNode *root = xmlDocGetRootElement(p->doc);
    o->feed = find_feed(p, base);
    for (xmlNode *n = root; n && o->nlink < LINKS_MOST; n = next_node(n, root)) {
        const char *href = bt_tag_is(n, "a") ? bt_attr(n, "href") : NULL;
        const char *url = href && bt_url_has_id(href) ? bt_url_clean(p->a, href, base) : NULL;
        if (!url || (base && bt_is_url(base) && !same_site(url, base)) || known(o, url))
            continue;
        const char *title = link_title(p->a, n);
        if (title)
            *(struct bt_headline *)bt_push(p->a, &o->link, &o->nlink, sizeof(*o->link)) =
                (struct bt_headline){url, title};
    }
}
