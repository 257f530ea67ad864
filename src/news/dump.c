/* Articles out of text: the dump of a page, and the .txt article that a newsroom writes. Knows
 * lines; knows no mark-up. */
#include "news/parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- lines ---------------------------------------------------------------------------------- */

struct lines {
    const char **text; /* clean, none empty */
    bool *gap;         /* an empty line stood before it */
    int64_t *time;     /* when the whole line is a date, else BT_NO_TIME */
    size_t n;
};

static int64_t whole_date(struct bt_str line, int zone)
{
    enum { LONGEST = 64 };
    struct bt_when_found found;
    struct bt_when_rule rule = {.zone = zone, .now = BT_NO_TIME};
    if (line.n > LONGEST || bt_when_parse(line, &rule, &found) != BT_WHEN_OK)
        return BT_NO_TIME;
    return found.strange || !found.time ? BT_NO_TIME : found.utc;
}

static struct lines split(struct bt_arena *a, struct bt_str text, int zone)
{
    struct lines l = {0};
    struct bt_str line;
    size_t ng = 0, nt = 0;
    bool gap = true;
    while (bt_str_line(&text, &line)) {
        char *s = bt_tidy(a, line);
        if (!*s) {
            gap = true;
            continue;
        }
        *(const char **)bt_push(a, &l.text, &l.n, sizeof(*l.text)) = s;
        *(bool *)bt_push(a, &l.gap, &ng, sizeof(*l.gap)) = gap;
        *(int64_t *)bt_push(a, &l.time, &nt, sizeof(*l.time)) = whole_date(bt_str(s), zone);
        gap = false;
    }
    return l;
}

bool bt_dump_looks(struct bt_str utf8)
{
    struct bt_str line;
    while (bt_str_line(&utf8, &line))
        if (whole_date(bt_str_trim(line), 0) != BT_NO_TIME)
            return true;
    return false;
}

/* ---- the dump of a page --------------------------------------------------------------------- */

struct head { /* of the story whose time stands at line `time` */
    size_t time, title;
    const char *author, *lead;
};

static bool same_line(struct bt_arena *a, const char *x, const char *y)
{
    return strcmp(x, y) == 0 || strcmp(bt_fold(a, bt_str(x)), bt_fold(a, bt_str(y))) == 0;
}

/* What stands before the time, back to line `from`: title; or title twice; or title, sapo; or
 * title, sapo, author. */
static bool find_head(struct bt_arena *a, const struct lines *l, size_t from, struct head *h)
{
    size_t t = h->time;
    if (t == from)
        return false;
    h->title = t - 1;
    if (t - from >= 2 && same_line(a, l->text[t - 1], l->text[t - 2])) {
        h->title = t - 2;
        return true;
    }
    size_t at = t - 1;
    if (at > from && bt_is_byline(l->text[at]) && bt_is_sentence(l->text[at - 1]) &&
        at - 1 > from) {
        h->author = l->text[at];
        at--;
    }
    if (at > from && bt_is_sentence(l->text[at])) {
        h->lead = l->text[at];
        at--;
    }
    h->title = at;
    return true;
}

static void add_story(struct bt_arena *a, const struct lines *l, const struct head *h, size_t end,
                      const struct bt_source_spec *spec, struct bt_articles *out)
{
    struct bt_article *t = bt_article_new(a, out, spec);
    t->title = l->text[h->title];
    t->author = h->author;
    t->lead = h->lead ? h->lead : "";
    t->published = l->time[h->time];
    for (size_t i = h->time + 1; i < end; i++) {
        if (bt_ends_article(l->text[i]))
            break;
        if (!t->author && i == h->time + 1 && !h->lead && bt_is_byline(l->text[i]))
            t->author = l->text[i];
        else if (!same_line(a, l->text[i], t->title))
            bt_article_para(a, t, l->text[i]);
        if (t->source)
            break; /* the source line closes an article */
    }
    bt_article_close(a, t, spec, NULL, false);
}

bool bt_dump_parse(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_str utf8,
                   struct bt_articles *out, const struct bt_events *ev, struct bt_err *err)
{
    struct lines l = split(a, utf8, spec->zone);
    struct head *heads = NULL;
    size_t n = 0, from = 0;
    for (size_t i = 0; i < l.n; i++) {
        struct head h = {.time = i};
        if (l.time[i] == BT_NO_TIME)
            continue;
        if (!find_head(a, &l, from, &h)) {
            bt_warn(ev, "news", spec->name, BT_M_NEWS_NO_TITLE, l.text[i]);
            continue;
        }
        *(struct head *)bt_push(a, &heads, &n, sizeof(h)) = h;
        from = i + 1;
    }
    for (size_t i = 0; i < n; i++)
        add_story(a, &l, &heads[i], i + 1 < n ? heads[i + 1].title : l.n, spec, out);
    return n > 0 || bt_fail(err, BT_ENOTHING, BT_M_NEWS_EMPTY, spec->name);
}

/* ---- the .txt article ----------------------------------------------------------------------- */

static bool set_time(struct bt_article *t, size_t at, struct bt_str value, int zone)
{
    struct bt_when_rule rule = {.zone = zone, .now = BT_NO_TIME};
    struct bt_when_found found;
    if (bt_when_parse(value, &rule, &found) != BT_WHEN_OK)
        return false;
    memcpy((char *)t + at, &found.utc, sizeof(found.utc));
    return true;
}

static const struct field {
    const char *folded;
    enum { TIME, TEXT, NUMBER } type;
    size_t at;
} fields[] = {
    {"thoi gian", TIME, offsetof(struct bt_article, published)},
    {"tac gia", TEXT, offsetof(struct bt_article, author)},
    {"nguon", TEXT, offsetof(struct bt_article, source)},
    {"chuyen muc", TEXT, offsetof(struct bt_article, section)},
    {"duyet", TEXT, offsetof(struct bt_article, approved)},
    {"uu tien", NUMBER, offsetof(struct bt_article, priority)},
    {"khong phat truoc", TIME, offsetof(struct bt_article, not_before)},
    {"het han", TIME, offsetof(struct bt_article, expires)},
};

static const struct field *field_of(struct bt_arena *a, const char *line, const char **value)
{
    const char *colon = strchr(line, ':');
    if (!colon)
        return NULL;
    struct bt_str name = {line, (size_t)(colon - line)};
    const char *folded = bt_fold(a, bt_str_trim(name));
    for (size_t i = 0; i < BT_LEN(fields); i++)
        if (strcmp(folded, fields[i].folded) == 0) {
            *value = colon + 1 + strspn(colon + 1, " ");
            return &fields[i];
        }
    return NULL;
}

static bool set_field(struct bt_article *t, const struct field *f, const char *value, int zone)
{
    if (f->type == TIME)
        return set_time(t, f->at, bt_str(value), zone);
    if (f->type == NUMBER) {
        bool good = value[0] >= '1' && value[0] <= '9' && !value[1];
        if (good)
            t->priority = value[0] - '0';
        return good;
    }
    memcpy((char *)t + f->at, &value, sizeof(value));
    return true;
}

/* Lines of one block that were wrapped by an editor belong together: the one before does not end
 * a sentence and this one goes on in lower case. */
static bool goes_on(const char *before, const char *line)
{
    size_t k;
    int32_t c = bt_utf8_get(line, strlen(line), &k);
    return !bt_is_sentence(before) && bt_lower(c) == c && bt_is_letter(c);
}

static void add_body(struct bt_arena *a, struct bt_article *t, const struct lines *l, size_t i)
{
    while (i < l->n) {
        const char *para = l->text[i];
        while (++i < l->n && !l->gap[i] && goes_on(para, l->text[i]))
            para = bt_format(a, "%s %s", para, l->text[i]);
        bt_article_para(a, t, para);
    }
}

/* Nobody outside approves: what was fetched or piped in carries no approval. */
static bool may_approve(const struct bt_source_spec *spec)
{
    return !strstr(spec->href, "://") && bt_str_ends(bt_str(spec->href), bt_str(".txt"));
}

bool bt_plain_parse(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_str utf8,
                    struct bt_articles *out, const struct bt_events *ev, struct bt_err *err)
{
    struct lines l = split(a, utf8, spec->zone);
    if (!l.n)
        return bt_fail(err, BT_ENOTHING, BT_M_NEWS_EMPTY, spec->name);
    struct bt_article *t = bt_article_new(a, out, spec);
    t->title = l.text[0];
    size_t i = 1;
    const char *value;
    for (const struct field *f; i < l.n && (f = field_of(a, l.text[i], &value)); i++)
        if (!set_field(t, f, value, spec->zone))
            bt_warn(ev, "news", spec->name, BT_M_NEWS_BAD_FIELD, l.text[i]);
    if (!may_approve(spec))
        t->approved = NULL;
    add_body(a, t, &l, i);
    bt_article_close(a, t, spec, NULL, false);
    if (!*t->lead) { /* a title alone is no story */
        out->n--;
        return bt_fail(err, BT_ENOTHING, BT_M_NEWS_NO_BODY, spec->name);
    }
    return true;
}
