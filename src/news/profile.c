/* What sites call the parts of their pages, as data. Knows rules; knows no page but through them.
 */
#include "news/page.h"

#include <libxml/xpath.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const field_names[] = {
    [BT_RULE_HOST] = "host",       [BT_RULE_SIGNATURE] = "signature", [BT_RULE_HOUSE] = "house",
    [BT_RULE_CONTENT] = "content", [BT_RULE_TITLE] = "title",         [BT_RULE_LEAD] = "lead",
    [BT_RULE_DATE] = "date",       [BT_RULE_AUTHOR] = "author",       [BT_RULE_DROP] = "drop",
    [BT_RULE_ZONE] = "zone",       [BT_RULE_CHARSET] = "charset",
};

struct rule {
    enum bt_rule field;
    const char *value;
};

struct bt_profile {
    const char *name;
    struct rule *rule;
    size_t n;
};

struct bt_profiles {
    struct bt_profile *item;
    size_t n;
};

/* ---- loading -------------------------------------------------------------------------------- */

static bool is_xpath(enum bt_rule f)
{
    return f == BT_RULE_SIGNATURE || (f >= BT_RULE_CONTENT && f <= BT_RULE_DROP);
}

static void quiet(void *ctx, const char *fmt, ...)
{
    (void)ctx;
    (void)fmt;
}

static bool check_value(const struct bt_row *row, enum bt_rule f, struct bt_err *err)
{
    int zone;
    if (f == BT_RULE_ZONE && !bt_zone_parse(row->col[2], &zone))
        return bt_row_fail(err, row, BT_M_PROFILE_ZONE, row->col[2]);
    if (!is_xpath(f))
        return true;
    xmlSetGenericErrorFunc(NULL, quiet);
    xmlXPathCompExpr *e = xmlXPathCompile((const xmlChar *)row->col[2]);
    xmlSetGenericErrorFunc(NULL, NULL);
    if (!e)
        return bt_row_fail(err, row, BT_M_PROFILE_XPATH, row->col[2]);
    xmlXPathFreeCompExpr(e);
    return true;
}

static bool field_of(const struct bt_row *row, enum bt_rule *f, struct bt_err *err)
{
    for (size_t i = 0; i < BT_LEN(field_names); i++)
        if (strcmp(row->col[1], field_names[i]) == 0) {
            *f = (enum bt_rule)i;
            return true;
        }
    const char *near = bt_nearest(row->col[1], field_names, BT_LEN(field_names));
    return bt_row_fail(err, row, BT_M_PROFILE_FIELD, row->col[1], near ? near : field_names[0]);
}

bool bt_profiles_load(struct bt_arena *a, const char *path, const struct bt_profiles **out,
                      struct bt_err *err)
{
    enum { MOST = 1 << 20 };
    struct bt_profiles *all = bt_alloc(a, sizeof(*all));
    struct bt_profile *open = NULL;
    struct bt_table t;
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    bool ok =
        bt_file_read(path, MOST, &b, err) && bt_table_parse(a, path, bt_buf_str(&b), 3, 3, &t, err);
    for (size_t i = 0; ok && i < t.n; i++) {
        struct rule r = {.value = t.row[i].col[2]};
        ok = field_of(&t.row[i], &r.field, err) && check_value(&t.row[i], r.field, err);
        if (!open || strcmp(open->name, t.row[i].col[0]) != 0) {
            open = bt_push(a, &all->item, &all->n, sizeof(*open));
            open->name = t.row[i].col[0];
        }
        *(struct rule *)bt_push(a, &open->rule, &open->n, sizeof(r)) = r;
    }
    bt_buf_finish(&b);
    if (ok)
        *out = all;
    return ok;
}

/* ---- finding -------------------------------------------------------------------------------- */

const char *bt_profile_name(const struct bt_profile *p)
{
    return p ? p->name : NULL;
}

const char *bt_profile_value(const struct bt_profile *p, enum bt_rule field)
{
    for (size_t i = 0; p && i < p->n; i++)
        if (p->rule[i].field == field)
            return p->rule[i].value;
    return NULL;
}

/* The host of the URL is `host` or lies below it. */
static bool is_host(const char *url, const char *host)
{
    const char *h = url ? strstr(url, "//") : NULL;
    if (!h)
        return false;
    h += 2;
    size_t n = strcspn(h, ":/?#"), m = strlen(host);
    return n >= m && strncasecmp(h + n - m, host, m) == 0 && (n == m || h[n - m - 1] == '.');
}

const struct bt_profile *bt_profile_by_url(const struct bt_profiles *all, const char *url)
{
    for (size_t i = 0; all && i < all->n; i++)
        for (size_t k = 0; k < all->item[i].n; k++)
            if (all->item[i].rule[k].field == BT_RULE_HOST &&
                is_host(url, all->item[i].rule[k].value))
                return &all->item[i];
    return NULL;
}

static xmlXPathObject *evaluate(xmlXPathContext *ctx, const char *xpath)
{
    xmlXPathObject *o = xmlXPathEvalExpression((const xmlChar *)xpath, ctx);
    if (o && o->type == XPATH_NODESET)
        return o;
    xmlXPathFreeObject(o);
    return NULL;
}

static size_t count(xmlDoc *doc, const char *xpath, xmlNode **first)
{
    xmlXPathContext *ctx = xmlXPathNewContext(doc);
    xmlXPathObject *o = ctx ? evaluate(ctx, xpath) : NULL;
    size_t n = o && o->nodesetval ? (size_t)o->nodesetval->nodeNr : 0;
    if (first)
        *first = n ? o->nodesetval->nodeTab[0] : NULL;
    xmlXPathFreeObject(o);
    xmlXPathFreeContext(ctx);
    return n;
}

const struct bt_profile *bt_profile_by_page(const struct bt_profiles *all, xmlDoc *doc)
{
    for (size_t i = 0; all && i < all->n; i++) {
        const char *sign = bt_profile_value(&all->item[i], BT_RULE_SIGNATURE);
        if (sign && count(doc, sign, NULL))
            return &all->item[i];
    }
    return NULL;
}

xmlNode *bt_profile_node(const struct bt_profile *p, xmlDoc *doc, enum bt_rule field)
{
    xmlNode *hit = NULL;
    for (size_t i = 0; p && i < p->n && !hit; i++)
        if (p->rule[i].field == field)
            count(doc, p->rule[i].value, &hit);
    return hit && hit->type == XML_ELEMENT_NODE ? hit : NULL;
}

void bt_profile_mark(const struct bt_profile *p, xmlDoc *doc)
{
    xmlXPathContext *ctx = p ? xmlXPathNewContext(doc) : NULL;
    for (size_t i = 0; ctx && i < p->n; i++) {
        xmlXPathObject *o =
            p->rule[i].field == BT_RULE_DROP ? evaluate(ctx, p->rule[i].value) : NULL;
        for (int k = 0; o && o->nodesetval && k < o->nodesetval->nodeNr; k++)
            if (o->nodesetval->nodeTab[k]->type == XML_ELEMENT_NODE)
                xmlSetProp(o->nodesetval->nodeTab[k], (const xmlChar *)BT_DROP_MARK,
                           (const xmlChar *)"1");
        xmlXPathFreeObject(o);
    }
    xmlXPathFreeContext(ctx);
}

/* ---- checking ------------------------------------------------------------------------------- */

bool bt_profile_check(struct bt_arena *a, struct bt_str bytes, const char *url,
                      const struct bt_profiles *all, struct bt_rule_use **use, size_t *n,
                      struct bt_err *err)
{
    struct page page = {.url = url};
    size_t len;
    const char *utf8 = bt_to_utf8(a, bytes, &len);
    if (!utf8 || !bt_page_open(&page, a, (struct bt_str){utf8, len}, all)) {
        bt_page_close(&page);
        return bt_fail(err, BT_ENOTHING, BT_M_NEWS_NO_TEXT, url ? url : "-");
    }
    for (size_t i = 0; page.profile && i < page.profile->n; i++) {
        const struct rule *r = &page.profile->rule[i];
        if (is_xpath(r->field))
            *(struct bt_rule_use *)bt_push(a, use, n, sizeof(**use)) =
                (struct bt_rule_use){page.profile->name, field_names[r->field], r->value,
                                     count(page.doc, r->value, NULL)};
    }
    bt_page_close(&page);
    return true;
}
