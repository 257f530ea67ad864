/* What a page says of its article: title, lead, date, authors. What is shown wins over what the
 * head says: heads have junk authors and wrong zones. */
#include "news/page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the head ------------------------------------------------------------------------------- */

static xmlNode *next_node(xmlNode *n, const xmlNode *top)
{
    if (n->children)
        return n->children;
    while (n != top && !n->next)
        n = n->parent;
    return n == top ? NULL : n->next;
}

static const char *meta_key(const xmlNode *n)
{
    const char *key = bt_attr(n, "property");
    key = key ? key : bt_attr(n, "itemprop");
    return key ? key : bt_attr(n, "name");
}

/* The content of the first <meta> that has the first of these names, then of the second … */
static const char *meta_of(const struct page *p, const char *const *names, size_t count)
{
    xmlNode *root = xmlDocGetRootElement(p->doc);
    const char *hit = NULL;
    size_t best = count;
    for (xmlNode *n = root; n; n = next_node(n, root)) {
        const char *key = bt_tag_is(n, "meta") ? meta_key(n) : NULL;
        const char *name = key ? bt_attr(n, "name") : NULL;
        for (size_t i = 0; key && i < best; i++)
            if (strcasecmp(key, names[i]) == 0 || (name && strcasecmp(name, names[i]) == 0)) {
                const char *content = bt_attr(n, "content");
                if (content && *content) {
                    hit = content;
                    best = i;
                }
            }
    }
    return hit;
}

static const char *head_title(const struct page *p)
{
    static const char *const names[] = {"og:title", "twitter:title"};
    const char *t = meta_of(p, names, BT_LEN(names));
    if (t)
        return bt_markup_line(p->a, bt_str(t));
    xmlNode *root = xmlDocGetRootElement(p->doc);
    for (xmlNode *n = root; n; n = next_node(n, root))
        if (bt_tag_is(n, "title") && n->children && n->children->content)
            return bt_markup_line(p->a, bt_str((const char *)n->children->content));
    return "";
}

/* ---- likeness ------------------------------------------------------------------------------- */

enum { WORDS_MOST = 80 };

static size_t split_words(char *folded, const char **word)
{
    size_t n = 0;
    for (char *save = NULL, *w = strtok_r(folded, " ,.;:!?\"'()-/|", &save); w && n < WORDS_MOST;
         w = strtok_r(NULL, " ,.;:!?\"'()-/|", &save))
        word[n++] = w;
    return n;
}

/* The part of the words of `x` that stand in `y`. */
static double contained(struct bt_arena *a, const char *x, const char *y)
{
    const char *wx[WORDS_MOST], *wy[WORDS_MOST];
    size_t nx = split_words(bt_fold(a, bt_str(x)), wx), ny = split_words(bt_fold(a, bt_str(y)), wy);
    size_t hits = 0;
    for (size_t i = 0; i < nx; i++)
        for (size_t k = 0; k < ny; k++)
            if (strcmp(wx[i], wy[k]) == 0) {
                hits++;
                break;
            }
    return nx ? (double)hits / (double)nx : 0;
}

/* ---- title ---------------------------------------------------------------------------------- */

/* "Tít bài - Chính trị - Báo X" → "Tít bài": from the first mark after which no more of the title
 * stands; only marks that sites use. */
static const char *before_site(struct bt_arena *a, const char *t)
{
    static const char *const mark[] = {" | ", " - ", " – ", " — ", " :: ", " » "};
    enum { SHORTEST = 4 };
    const char *end = NULL;
    for (size_t i = 0; i < BT_LEN(mark); i++)
        for (const char *at = strstr(t, mark[i]); at; at = strstr(at + 1, mark[i])) {
            char *head = bt_strndup(a, t, (size_t)(at - t));
            if (bt_syllables(head) >= SHORTEST && bt_syllables(at) <= 8 && (!end || at < end))
                end = at;
        }
    return end ? bt_strndup(a, t, (size_t)(end - t)) : t;
}

/* "Cổng thông tin | Tít bài | Xã hội": the longest piece between bars, then the site's name away.
 */
static const char *without_site(struct bt_arena *a, const char *t)
{
    struct bt_str rest = bt_str(t), piece, longest = {t, 0};
    while (bt_str_cut(&rest, '|', &piece))
        if (piece.n > longest.n)
            longest = piece;
    return before_site(a, bt_tidy(a, longest));
}

/* A title is a block; or, where a page has no blocks, its first line. */
static struct bt_str title_raw(const struct page *p, const struct block *b)
{
    struct bt_str raw = bt_block_raw(p, b), rest = raw, line;
    if (bt_tag_is(b->node, "h1") || !bt_str_line(&rest, &line))
        return raw;
    return line;
}

static bool starts_inside(struct bt_str raw, const char *head)
{
    struct bt_str word;
    return bt_str_cut(&raw, ' ', &word) && bt_str_find(bt_str(head), word) >= 0;
}

static double title_score(struct page *p, const struct block *b, const char *head)
{
    static const char *const words[] = {"title", "headline", "tit", "tieude"};
    const char *role = bt_attr(b->node, "data-role"), *prop = bt_attr(b->node, "itemprop");
    bool h1 = bt_tag_is(b->node, "h1");
    struct bt_str raw = title_raw(p, b);
    if (!h1 && (raw.n > strlen(head) + 8 || !starts_inside(raw, head)))
        return 0; /* most blocks of a page: decided without folding */
    const char *text = bt_tidy(p->a, raw);
    size_t count = bt_syllables(text);
    if (count < 2 || count > 45)
        return 0;
    double like = *head ? contained(p->a, text, head) : 0;
    if (!h1 && like < 0.99)
        return 0;
    double score = h1 ? 1 + like * 2 : like;
    score += (double)count / 100;
    score += bt_class_has(b->node, words, BT_LEN(words)) * 0.5;
    score += (role && strcmp(role, "title") == 0) + (prop && strcmp(prop, "headline") == 0);
    if (*head && like < 0.5) /* a logo, a section's name */
        score -= 1.5;
    return score;
}

void bt_find_title(struct page *p)
{
    const char *head = head_title(p);
    double best = 0.9;
    const xmlNode *told = bt_profile_node(p->profile, p->doc, BT_RULE_TITLE);
    for (size_t i = 0; i < p->n; i++) {
        double s = title_score(p, &p->block[i], head) +
                   (told && bt_inside(p->block[i].node, told) ? 3 : 0);
        if (s > best) {
            best = s;
            p->title_at = i;
        }
    }
    p->title = p->title_at < p->n ? bt_tidy(p->a, title_raw(p, &p->block[p->title_at]))
                                  : without_site(p->a, head);
    static const char *const names[] = {"og:description", "description", "twitter:description"};
    const char *d = meta_of(p, names, BT_LEN(names));
    p->description = d ? bt_markup_line(p->a, bt_str(d)) : "";
}

static int64_t parse_date(const struct page *p, const char *text, int most_strange, bool *time)
{
    struct bt_when_rule rule = {.zone = p->zone, .force_zone = p->force_zone, .now = BT_NO_TIME};
    struct bt_when_found found;
    if (bt_when_parse(bt_str(text), &rule, &found) != BT_WHEN_OK || found.strange > most_strange)
        return BT_NO_TIME;
    if (time)
        *time = found.time;
    return found.utc;
}

/* ---- lead ----------------------------------------------------------------------------------- */

enum { LEAD_NEAR = 40, LEAD_SHORTEST = 8, LEAD_LONGEST = 160 };

static bool is_lead_marked(const xmlNode *n)
{
    static const char *const words[] = {"sapo",     "lead",    "summary",     "chapeau",
                                        "chappeau", "chapo",   "description", "desc",
                                        "headnote", "intro",   "trichdan",    "noidungtomtat",
                                        "teaser",   "excerpt", "standfirst"};
    const char *role = bt_attr(n, "data-role");
    return (role && strcmp(role, "sapo") == 0) || bt_class_has(n, words, BT_LEN(words));
}

/* It repeats the head's description, or begins it. */
bool bt_is_described(struct page *p, const char *text)
{
    enum { ENOUGH = 40 };
    const char *d = bt_fold(p->a, bt_str(bt_lead_bare(p->description)));
    const char *t = bt_fold(p->a, bt_str(bt_lead_bare(text)));
    size_t n = strlen(d) < strlen(t) ? strlen(d) : strlen(t);
    return n >= ENOUGH && strncmp(d, t, n < 60 ? n : 60) == 0;
}

static bool is_lead(struct page *p, const struct block *b, const xmlNode *told, bool before_body)
{
    enum { SENTENCE = 14 };
    if (b->words < LEAD_SHORTEST || b->words > LEAD_LONGEST || b->links * 2 > b->words)
        return false;
    const char *text = bt_block_text(p, b);
    if (strcmp(bt_fold(p->a, bt_str(text)), bt_fold(p->a, bt_str(p->title))) == 0)
        return false;
    if (told && bt_inside(b->node, told))
        return true;
    if (bt_is_caption(text) || parse_date(p, text, 1000, NULL) != BT_NO_TIME)
        return false;
    bool marked = is_lead_marked(b->node) || (b->node->parent && is_lead_marked(b->node->parent));
    if (marked && before_body)
        return true;
    bool sentence = b->words >= SENTENCE && !b->image && !b->links && bt_is_sentence(text);
    return bt_is_described(p, text) || (before_body && (bt_tag_is(b->node, "h2") || sentence));
}

const char *bt_find_lead(struct page *p, const xmlNode *body, size_t first, size_t *at)
{
    size_t from = p->title_at < p->n ? p->title_at + 1 : 0;
    const xmlNode *told = bt_profile_node(p->profile, p->doc, BT_RULE_LEAD);
    *at = p->n;
    for (size_t i = from; i < p->n && i < from + LEAD_NEAR && i <= first; i++)
        if (is_lead(p, &p->block[i], told, i < first)) {
            *at = i;
            return bt_lead_bare(bt_block_text(p, &p->block[i]));
        }
    if (first < p->n && is_lead_marked(p->block[first].node) &&
        p->block[first].words <= LEAD_LONGEST && p->block[first].node != body) {
        *at = first;
        return bt_lead_bare(bt_block_text(p, &p->block[first]));
    }
    return "";
}

/* ---- date ----------------------------------------------------------------------------------- */

/* "datePublished": "…" of the JSON-LD: a string is enough, most of it is not valid JSON. */
static int64_t json_date(const struct page *p)
{
    xmlNode *root = xmlDocGetRootElement(p->doc);
    for (xmlNode *n = root; n; n = next_node(n, root)) {
        const char *type = bt_tag_is(n, "script") ? bt_attr(n, "type") : NULL;
        if (!type || !strstr(type, "ld+json") || !n->children || !n->children->content)
            continue;
        const char *at = strstr((const char *)n->children->content, "\"datePublished\"");
        at = at ? strchr(at + 15, '"') : NULL;
        const char *end = at ? strchr(at + 1, '"') : NULL;
        if (end && end - at < 64) {
            int64_t t = parse_date(p, bt_strndup(p->a, at + 1, (size_t)(end - at - 1)), 0, NULL);
            if (t != BT_NO_TIME)
                return t;
        }
    }
    return BT_NO_TIME;
}

/* The first <time datetime="…"> from the title on. */
static int64_t element_date(const struct page *p)
{
    xmlNode *root = xmlDocGetRootElement(p->doc);
    xmlNode *n = p->title_at < p->n ? p->block[p->title_at].node : root;
    for (; n; n = next_node(n, root)) {
        const char *s = bt_tag_is(n, "time") ? bt_attr(n, "datetime") : NULL;
        if (s)
            return parse_date(p, s, 0, NULL);
    }
    return BT_NO_TIME;
}

static int64_t head_date(const struct page *p)
{
    static const char *const names[] = {
        "article:published_time", "pubdate", "datePublished", "dc.date", "date",
        "article:modified_time"};
    const char *s = meta_of(p, names, BT_LEN(names));
    int64_t t = s ? parse_date(p, s, 0, NULL) : BT_NO_TIME;
    t = t == BT_NO_TIME ? json_date(p) : t;
    return t == BT_NO_TIME ? element_date(p) : t;
}

/* /2011/03/08/ in the page's address. */
static int64_t url_date(const struct page *p)
{
    const char *url = p->own_url ? p->own_url : p->url ? p->url : "";
    for (const char *s = strchr(url, '/'); s; s = strchr(s + 1, '/')) {
        struct bt_civil c = {0};
        if (sscanf(s, "/%4d/%2d/%2d/", &c.year, &c.mon, &c.day) == 3 && c.year > 1990 &&
            bt_date_valid(c.year, c.mon, c.day))
            return bt_civil_utc(&c, p->zone);
    }
    return BT_NO_TIME;
}

static double date_score(const struct page *p, size_t i, int64_t t, bool time, int64_t head,
                         const xmlNode *told)
{
    static const char *const words[] = {"date",  "time",    "publish",  "published",
                                        "pdate", "ngay",    "datetime", "publishdate",
                                        "meta",  "pubdate", "post"};
    const struct block *b = &p->block[i];
    size_t title = p->title_at < p->n ? p->title_at : 0;
    double far = i > title ? (double)(i - title) : (double)(title - i) * 1.5;
    double score = 10 - far / 3 + (time ? 4 : 0);
    bool marked = bt_class_has(b->node, words, BT_LEN(words)) ||
                  (b->node->parent && bt_class_has(b->node->parent, words, BT_LEN(words)));
    score += marked ? 5 : 0;
    score += told && bt_inside(b->node, told) ? 12 : 0;
    if (head != BT_NO_TIME)
        score += llabs(t - head) <= 26 * 3600 ? 10 : -10;
    return score;
}

int64_t bt_find_date(struct page *p, size_t first)
{
    enum { BEFORE = 14, AFTER = 25, LONGEST = 24 };
    int64_t head = head_date(p), best = BT_NO_TIME;
    double top = 0;
    bool timed = false;
    const xmlNode *told = bt_profile_node(p->profile, p->doc, BT_RULE_DATE);
    size_t title = p->title_at < p->n ? p->title_at : first;
    size_t from = title > BEFORE ? title - BEFORE : 0;
    for (size_t i = from; i < p->n && i < title + AFTER && i <= first + 2; i++) {
        bool time = false;
        struct bt_str raw = bt_block_raw(p, &p->block[i]);
        if (i == p->title_at) { /* what stands under a title that is only a line */
            size_t n = title_raw(p, &p->block[i]).n;
            raw = (struct bt_str){raw.p + n, raw.n - n};
        }
        if (p->block[i].words > LONGEST + (i == p->title_at ? WORDS_MOST : 0))
            continue;
        int64_t t = parse_date(p, bt_tidy(p->a, raw), 14, &time);
        double s = t == BT_NO_TIME ? 0 : date_score(p, i, t, time, head, told);
        if (s > top) {
            top = s;
            best = t;
            timed = time;
        }
    }
    bool of_that_day = head != BT_NO_TIME && head >= best && head < best + 86400;
    best = best == BT_NO_TIME || (!timed && of_that_day) ? head : best;
    return best == BT_NO_TIME ? url_date(p) : best;
}

/* ---- authors -------------------------------------------------------------------------------- */

static void add_name(struct page *p, struct bt_page *out, const char *name)
{
    if (!bt_is_byline(name) || out->nauthor >= 4 || bt_syllables(name) > 6 || bt_is_desk(name))
        return;
    for (size_t i = 0; i < out->nauthor; i++)
        if (strcmp(out->author[i], name) == 0)
            return;
    *(const char **)bt_push(p->a, &out->author, &out->nauthor, sizeof(char *)) = name;
}

/* "Lê Nga - Minh Hải (ghi)", "Lê Nga, Minh Hải": two names. */
void bt_add_author(struct page *p, struct bt_page *out, const char *names)
{
    size_t n = strcspn(names, "(/");
    while (n) {
        const char *dash = memmem(names, n, " - ", 3), *comma = memchr(names, ',', n);
        const char *stop = comma && (!dash || comma < dash) ? comma : dash;
        size_t k = stop ? (size_t)(stop - names) : n;
        add_name(p, out, bt_tidy(p->a, (struct bt_str){names, k}));
        k += !stop ? 0 : stop == comma ? 1 : 3;
        names += k;
        n -= k;
    }
}

static bool is_author_node(const xmlNode *n)
{
    static const char *const words[] = {"author", "authors", "tacgia", "byline", "nguoiviet"};
    const char *role = bt_attr(n, "data-role");
    return n->type == XML_ELEMENT_NODE &&
           ((role && strcmp(role, "author") == 0) || bt_class_has(n, words, BT_LEN(words)));
}

/* Elements that are called so, from the title on. */
void bt_find_authors(struct page *p, struct bt_page *out)
{
    enum { LOOK = 4000 };
    xmlNode *root = xmlDocGetRootElement(p->doc);
    xmlNode *n = p->title_at < p->n ? p->block[p->title_at].node : root;
    for (int i = 0; n && i < LOOK && out->nauthor < 2; i++, n = next_node(n, root)) {
        if (!is_author_node(n))
            continue;
        xmlChar *text = xmlNodeGetContent(n);
        if (text && strlen((const char *)text) < 200)
            bt_add_author(p, out, bt_tidy(p->a, bt_str((const char *)text)));
        xmlFree(text);
    }
}
