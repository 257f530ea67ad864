/* The element that holds the article, and which of its blocks may be read aloud. Knows how pages
 * are built; knows no site. */
#include "news/page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- where the article is ------------------------------------------------------------------- */

struct stat { /* of an element, at its _private */
    xmlNode *node;
    double score;  /* words of good blocks, nearer ones counted more */
    int words;     /* in the body: all good words below */
    int headlines; /* in the body: blocks below that are all link */
};

struct scores {
    struct stat **item;
    size_t n;
};

static struct stat *stat_of(struct page *p, struct scores *all, xmlNode *n)
{
    struct stat *s = n->_private;
    if (!s) {
        n->_private = s = bt_alloc(p->a, sizeof(*s));
        s->node = n;
        *(struct stat **)bt_push(p->a, &all->item, &all->n, sizeof(s)) = s;
    }
    return s;
}

static bool is_good(const struct block *b)
{
    enum { SHORTEST = 10 };
    return b->words >= SHORTEST && b->links * 2 < b->words;
}

/* The element around paragraphs: not the paragraph, list item or cell itself. */
static xmlNode *holder(xmlNode *n)
{
    static const char *const small[] = {"p",  "li",  "h1",         "h2",   "h3", "h4",
                                        "h5", "h6",  "blockquote", "ul",   "ol", "dd",
                                        "dt", "pre", "center",     "label"};
    for (size_t i = 0; i < BT_LEN(small); i++)
        if (bt_tag_is(n, small[i]) && n->parent && n->parent->type == XML_ELEMENT_NODE)
            return holder(n->parent);
    return n;
}

static void credit(struct page *p, struct scores *all, const struct block *b, double worth)
{
    static const double share[] = {1, 0.5, 0.2};
    xmlNode *n = holder(b->node);
    for (size_t i = 0; i < BT_LEN(share) && n && n->type == XML_ELEMENT_NODE; i++, n = n->parent)
        stat_of(p, all, n)->score += worth * share[i];
}

static const char *const lead_words[] = {"sapo", "lead", "summary", "description"};

static double weight(const xmlNode *n)
{
    static const char *const good[] = {"content",       "detail", "body",    "article",
                                       "entry",         "post",   "fck",     "maincontent",
                                       "contentdetail", "cms",    "noidung", "newscontent",
                                       "articlebody",   "text",   "story"};
    static const char *const bad[] = {
        "comment", "comments", "sidebar", "footer", "related",   "menu",       "popup", "modal",
        "header",  "binhluan", "widget",  "nav",    "copyright", "disclaimer", "reply", "cmt"};
    const char *prop = bt_attr(n, "itemprop"), *role = bt_attr(n, "data-role");
    double w = 1;
    if ((prop && strcmp(prop, "articleBody") == 0) || (role && strcmp(role, "content") == 0))
        w *= 3;
    if (bt_class_has(n, good, BT_LEN(good)))
        w *= 1.3;
    if (bt_class_has(n, bad, BT_LEN(bad)))
        w *= 0.3;
    if (bt_tag_is(n, "footer") || bt_tag_is(n, "aside") || bt_tag_is(n, "form") ||
        bt_tag_is(n, "nav"))
        w *= 0.2;
    return w;
}

static bool same_class(const xmlNode *x, const xmlNode *y)
{
    const char *cx = bt_attr(x, "class"), *cy = bt_attr(y, "class");
    return strcmp((const char *)x->name, (const char *)y->name) == 0 && cx && cy && *cx &&
           strcmp(cx, cy) == 0;
}

/* An article that is cut into several boxes of one kind lies in their parent. */
static xmlNode *whole_of(xmlNode *best)
{
    const struct stat *mine = best->_private;
    for (const xmlNode *s = best->parent ? best->parent->children : NULL; s; s = s->next) {
        const struct stat *other = s->type == XML_ELEMENT_NODE ? s->_private : NULL;
        if (s != best && other && same_class(s, best) && other->score > mine->score * 0.2)
            return best->parent;
    }
    return best;
}

/* Words of good blocks below n after the title, and of all its words the part that they are. */
static int good_words(const struct page *p, const xmlNode *n, double *pure)
{
    int good = 0, all = 0;
    for (size_t i = p->title_at < p->n ? p->title_at + 1 : 0; i < p->n; i++)
        if (bt_inside(p->block[i].node, n)) {
            good += is_good(&p->block[i]) ? p->block[i].words : 0;
            all += p->block[i].words;
        }
    *pure = all ? (double)good / all : 0;
    return good;
}

/* An article that is cut into boxes of several kinds: its parent, when what that adds is text and
 * nearly nothing but text. */
static xmlNode *wider(const struct page *p, xmlNode *best)
{
    double pure;
    int mine = good_words(p, best, &pure), added = 0;
    xmlNode *up = best->parent;
    if (!up || up->type != XML_ELEMENT_NODE || bt_tag_is(up, "body") || weight(up) < 1)
        return best;
    for (xmlNode *s = up->children; s; s = s->next) {
        if (s == best || s->type != XML_ELEMENT_NODE ||
            bt_class_has(s, lead_words, BT_LEN(lead_words)))
            continue;
        int words = good_words(p, s, &pure);
        if (words && (pure < 0.8 || weight(s) < 1))
            return best;
        added += words;
    }
    return added * 5 >= mine ? up : best;
}

xmlNode *bt_find_body(struct page *p)
{
    enum { WORTH_MOST = 600, PROFILE_LEAST = 30 };
    double pure;
    xmlNode *told = bt_profile_node(p->profile, p->doc, BT_RULE_CONTENT);
    if (told && good_words(p, told, &pure) >= PROFILE_LEAST)
        return told;
    struct scores all = {0};
    for (size_t i = 0; i < p->n; i++) {
        const struct block *b = &p->block[i];
        bool before = p->title_at < p->n && i < p->title_at;
        if (is_good(b))
            credit(p, &all, b,
                   (b->words < WORTH_MOST ? b->words : WORTH_MOST) * (before ? 0.2 : 1));
    }
    xmlNode *best = NULL;
    double top = 0;
    for (size_t i = 0; i < all.n; i++) {
        double s = all.item[i]->score * weight(all.item[i]->node);
        if (s > top) {
            top = s;
            best = all.item[i]->node;
        }
    }
    return best ? wider(p, whole_of(best)) : NULL;
}

size_t bt_first_block(const struct page *p, const xmlNode *body)
{
    for (size_t i = 0; body && i < p->n; i++)
        if (bt_inside(p->block[i].node, body))
            return i;
    return p->n;
}

/* ---- what of it is read --------------------------------------------------------------------- */

struct reading {
    struct page *p;
    const xmlNode *body;
    struct bt_page *out;
    int words;   /* good words of the body */
    bool styled; /* centred text after images is captions here */
    const char *folded_title, *folded_lead;
};

/* Boxes inside an article that are not its text. */
static bool is_box(const xmlNode *n)
{
    static const char *const tags[] = {"figure", "figcaption", "nav",   "aside",    "footer",
                                       "form",   "button",     "label", "fieldset", "dl"};
    static const char *const words[] = {
        "caption",     "captions",   "chuthich",    "legend",        "photo",     "image",
        "img",         "picture",    "related",     "relate",        "relation",  "lienquan",
        "tinlienquan", "tinlq",      "relatednews", "comment",       "comments",  "binhluan",
        "share",       "social",     "tag",         "tags",          "keyword",   "keywords",
        "author",      "authors",    "tacgia",      "nguontin",      "nguon",     "source",
        "byline",      "readmore",   "xemthem",     "seemore",       "morelink",  "ad",
        "ads",         "adv",        "advert",      "advertisement", "banner",    "quangcao",
        "breadcrumb",  "toolbar",    "vote",        "poll",          "binhchon",  "rating",
        "rate",        "survey",     "popup",       "modal",         "video",     "audio",
        "player",      "slide",      "slider",      "gallery",       "slideshow", "copyright",
        "subscribe",   "newsletter", "widget",      "sidebar",       "menu",      "hidden",
        "print",       "kicker",     "embed",       "login",         "register",  "publish",
        "date",        "time",       "datetime",    "suggest",       "recommend", "topic",
        "morenews",    "othernews",  "tinkhac",     "doctiep",       "docthem",   "follow",
        "reaction",    "like",       "btn",         "button",        "link",      "links",
        "chu-thich",   "thich",      "relatedbox",  "onenews",       "listnews",  "news",
        "expand",      "notebox",    "sapo",        "toc",           "muc"};
    static const char *const sure[] = {"caption", "chuthich", "legend", "photo",    "image",
                                       "author",  "tacgia",   "source", "nguon",    "nguontin",
                                       "related", "relate",   "tags",   "quangcao", "ads",
                                       "picture", "byline"};
    for (size_t i = 0; i < BT_LEN(tags); i++)
        if (bt_tag_is(n, tags[i]))
            return true;
    if (bt_tag_is(n, "p") || bt_tag_is(n, "h2") || bt_tag_is(n, "h3"))
        return bt_class_has(n, sure, BT_LEN(sure));
    const char *style = bt_attr(n, "style");
    if (style && (strstr(style, "display:none") || strstr(style, "display: none")))
        return true;
    return bt_class_has(n, words, BT_LEN(words));
}

static const char *const beside_words[] = {"comment",     "comments", "cmt",       "binhluan",
                                           "footer",      "reply",    "popup",     "modal",
                                           "tinlienquan", "lienquan", "copyright", "disclaimer"};

/* Beside every article, however long. */
static bool is_beside(const xmlNode *n)
{
    return bt_attr(n, BT_DROP_MARK) || bt_tag_is(n, "footer") ||
           bt_class_has(n, beside_words, BT_LEN(beside_words));
}

/* A box that holds much of the text is no box, whatever it is called. */
static bool in_box(const struct reading *r, const struct block *b)
{
    for (const xmlNode *n = b->node; n && n != r->body; n = n->parent) {
        const struct stat *s = n->_private;
        if (((!s || s->words * 10 < r->words * 4) && is_box(n)) || is_beside(n))
            return true;
    }
    return false;
}

static bool holds_image(const xmlNode *top)
{
    const xmlNode *n = top;
    while (n) {
        if (bt_tag_is(n, "img") || bt_tag_is(n, "picture"))
            return true;
        if (n->children) {
            n = n->children;
            continue;
        }
        while (n != top && !n->next)
            n = n->parent;
        n = n == top ? NULL : n->next;
    }
    return false;
}

/* A table in the article: figures, or an image with its caption. One with much of the text is how
 * old pages are laid out. */
static bool in_table(const struct reading *r, const struct block *b)
{
    enum { SENTENCES = 60 };
    for (const xmlNode *n = b->node; n && n != r->body; n = n->parent) {
        const struct stat *s = n->_private;
        if (bt_tag_is(n, "table") && (holds_image(n) || b->words < SENTENCES) &&
            (!s || s->words * 10 < r->words * 4))
            return true;
    }
    return false;
}

static bool is_headline(const struct block *b)
{
    return b->links >= 3 && b->links * 10 >= b->words * 7;
}

static bool is_linked(const struct reading *r, const struct block *b)
{
    (void)r;
    return is_headline(b);
}

/* A headline with a few words under it: another story's card. */
static bool in_card(const struct reading *r, const struct block *b)
{
    enum { WORDS_MOST = 60 };
    for (const xmlNode *n = b->node; n && n != r->body; n = n->parent) {
        const struct stat *s = n->_private;
        bool small = s && s->words <= WORDS_MOST && s->words * 10 < r->words * 3;
        if (small && s->headlines && !bt_tag_is(n, "p"))
            return true;
    }
    return false;
}

static bool is_centred(const xmlNode *n)
{
    const char *style = bt_attr(n, "style"), *align = bt_attr(n, "align");
    return (style && (strstr(style, "center") || strstr(style, "italic"))) ||
           (align && strcmp(align, "center") == 0) || (n->parent && bt_tag_is(n->parent, "center"));
}

static bool is_caption_span(const xmlNode *n)
{
    static const char *const words[] = {"caption", "chuthich", "legend"};
    const char *style = bt_attr(n, "style");
    return bt_tag_is(n, "em") || bt_tag_is(n, "i") || bt_tag_is(n, "small") ||
           (style && strstr(style, "italic")) || bt_class_has(n, words, BT_LEN(words));
}

/* All that the element holds is one slanted or small run. */
static bool is_slanted(const xmlNode *n)
{
    const xmlNode *only = NULL;
    for (const xmlNode *c = n->children; c; c = c->next) {
        if (c->type == XML_TEXT_NODE &&
            strspn((const char *)c->content, " \r\n\t") == strlen((const char *)c->content))
            continue;
        if (only || c->type != XML_ELEMENT_NODE)
            return false;
        only = c;
    }
    return only && is_caption_span(only);
}

/* After an image: short, and set apart or without an end. */
static bool is_styled_caption(const struct page *p, const struct block *b)
{
    enum { LONGEST = 45 };
    return b->image && b->words <= LONGEST &&
           (is_centred(b->node) || is_slanted(b->node) || !bt_is_sentence(bt_block_text(p, b)));
}

/* Pushed to the right: the name of who wrote it. */
static bool is_signed(const struct reading *r, const struct block *b)
{
    enum { LONGEST = 12 };
    const char *style = bt_attr(b->node, "style"), *align = bt_attr(b->node, "align");
    return b->words <= LONGEST && !bt_source_line(bt_block_text(r->p, b)) &&
           ((style && (strstr(style, "align:right") || strstr(style, "align: right"))) ||
            (align && strcasecmp(align, "right") == 0));
}

static bool under_image(const struct reading *r, const struct block *b)
{
    return r->styled && is_styled_caption(r->p, b);
}

static const struct {
    bool (*is)(const struct reading *r, const struct block *b);
    enum bt_msg why;
} block_rules[] = {
    {in_box, BT_M_DROP_BOX},          {in_card, BT_M_DROP_BOX},
    {in_table, BT_M_DROP_TABLE},      {is_linked, BT_M_DROP_LINKS},
    {under_image, BT_M_DROP_CAPTION}, {is_signed, BT_M_DROP_SIGNATURE},
};

static void drop(const struct reading *r, const char *text, enum bt_msg why)
{
    struct bt_page *o = r->out;
    if (why == BT_M_DROP_SIGNATURE && !o->nauthor)
        bt_add_author(r->p, o, text);
    if (*text)
        *(struct bt_dropped *)bt_push(r->p->a, &o->dropped, &o->ndropped, sizeof(*o->dropped)) =
            (struct bt_dropped){text, bt_msg(why)};
}

static bool repeats(const struct reading *r, const char *line)
{
    const char *f = bt_fold(r->p->a, bt_str(line));
    return strcmp(f, r->folded_title) == 0 ||
           strcmp(bt_fold(r->p->a, bt_str(bt_lead_bare(line))), r->folded_lead) == 0;
}

static bool is_date_line(const char *line)
{
    struct bt_when_rule rule = {.now = BT_NO_TIME};
    struct bt_when_found found;
    return bt_syllables(line) <= 8 && bt_when_parse(bt_str(line), &rule, &found) == BT_WHEN_OK &&
           found.strange == 0 && found.time;
}

static void take_line(struct reading *r, const char *line)
{
    struct bt_page *o = r->out;
    const char *source = bt_source_line(line);
    if (source) {
        o->source = source;
        drop(r, line, BT_M_DROP_SOURCE);
    } else if (repeats(r, line))
        drop(r, line, BT_M_DROP_REPEATED);
    else if (bt_is_caption(line))
        drop(r, line, BT_M_DROP_CAPTION);
    else if (bt_is_furniture(line) || is_date_line(line) || !bt_syllables(line))
        drop(r, line, BT_M_DROP_FURNITURE);
    else
        *(const char **)bt_push(r->p->a, &o->para, &o->npara, sizeof(char *)) = line;
}

/* A block may hold several lines (<br>); one that goes on in lower case was only wrapped. */
static void take_block(struct reading *r, const struct block *b)
{
    struct bt_str rest = bt_block_raw(r->p, b), line;
    const char *open = NULL;
    while (bt_str_line(&rest, &line)) {
        const char *text = bt_tidy(r->p->a, line);
        size_t k;
        int32_t c = bt_utf8_get(text, strlen(text), &k);
        bool goes_on = open && !bt_is_sentence(open) && bt_is_letter(c) && !bt_is_upper(c);
        if (!*text)
            continue;
        if (open && !goes_on)
            take_line(r, open);
        open = goes_on ? bt_format(r->p->a, "%s %s", open, text) : text;
    }
    if (open)
        take_line(r, open);
}

/* Good words and headlines below each element of the body, and whether its centred lines are
 * captions. */
static void measure(struct reading *r)
{
    struct page *p = r->p;
    struct scores all = {0};
    int captions = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct block *b = &p->block[i];
        if (!bt_inside(b->node, r->body))
            continue;
        int words = is_good(b) ? b->words : 0;
        r->words += words;
        captions += is_styled_caption(p, b) ? b->words : 0;
        int headline = is_headline(b);
        for (xmlNode *n = b->node; (words || headline) && n != r->body; n = n->parent) {
            stat_of(p, &all, n)->words += words;
            stat_of(p, &all, n)->headlines += headline;
        }
    }
    r->styled = captions * 10 < r->words * 4;
}

/* ---- its ends ------------------------------------------------------------------------------- */

/* "Hà Thu (tổng hợp)", "Theo Vietnamnet", "(TTXVN)", "PV" */
static bool is_signature(struct bt_arena *a, const char *line)
{
    enum { LONGEST = 10 };
    size_t words = bt_syllables(line);
    if (words > LONGEST)
        return false;
    const char *paren = strchr(line, '(');
    const char *name = paren ? bt_tidy(a, (struct bt_str){line, (size_t)(paren - line)}) : line;
    bool theo = strncmp(line, "Theo ", 5) == 0 && !bt_is_sentence(line);
    return !*name || bt_is_byline(name) || theo || strchr(line, '@');
}

static void trim_ends(struct reading *r)
{
    enum { LINES = 4 };
    struct bt_page *o = r->out;
    for (int i = 0; i < LINES && o->npara; i++) {
        const char *last = o->para[o->npara - 1];
        if (!is_signature(r->p->a, last))
            break;
        drop(r, last, BT_M_DROP_SIGNATURE);
        o->npara--;
    }
    while (o->npara && is_signature(r->p->a, o->para[0])) {
        drop(r, o->para[0], BT_M_DROP_SIGNATURE);
        o->para++;
        o->npara--;
    }
}

void bt_read_body(struct page *p, const xmlNode *body, size_t lead_at, struct bt_page *out)
{
    struct reading r = {.p = p, .body = body, .out = out};
    r.folded_title = bt_fold(p->a, bt_str(p->title));
    r.folded_lead = bt_fold(p->a, bt_str(out->lead));
    measure(&r);
    for (size_t i = 0; i < p->n; i++) {
        const struct block *b = &p->block[i];
        enum bt_msg why = BT_M_COUNT;
        bool title = i == p->title_at && !memchr(p->text.p + b->at, '\n', b->n);
        if (!bt_inside(b->node, body) || i == lead_at || title)
            continue;
        for (size_t k = 0; k < BT_LEN(block_rules) && why == BT_M_COUNT; k++)
            if (block_rules[k].is(&r, b))
                why = block_rules[k].why;
        if (why == BT_M_COUNT)
            take_block(&r, b);
        else
            drop(&r, bt_block_text(p, b), why);
    }
    trim_ends(&r);
}

/* The body, or what it stands in, is called a comment or a footer. */
bool bt_is_beside(const xmlNode *body)
{
    for (const xmlNode *n = body; n && n->type == XML_ELEMENT_NODE && !bt_tag_is(n, "body");
         n = n->parent)
        if (is_beside(n))
            return true;
    return false;
}
