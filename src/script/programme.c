/* A programme: a running order with places to fill. */
#include "script/schema.h"

#include <string.h>

enum { MAX_FILE = 4 << 20 };

static bool order_one(const struct bt_xml *x, xmlNode *n, struct bt_programme *p,
                      struct bt_err *err)
{
    struct bt_cue *c = bt_push(x->a, &p->order, &p->norder, sizeof(*p->order));
    if (!bt_cue_read(x, n, c, err))
        return false;
    const char *wrong = c->text ? bt_place_unknown(c->text) : NULL;
    return !wrong ||
           bt_xml_fail(x, n, err, BT_M_PLACE_UNKNOWN,
                       bt_format(x->a, "%.*s", (int)strcspn(wrong, "}"), wrong), bt_place_names());
}

static bool order_read(const struct bt_xml *x, xmlNode *node, struct bt_programme *p,
                       struct bt_err *err)
{
    for (xmlNode *n = NULL; bt_xml_next(x, node, &n, err);) {
        if (!n)
            return true;
        if (!order_one(x, n, p, err) && !bt_xml_goes_on(x, err))
            return false;
    }
    return false;
}

static bool source_read(const struct bt_xml *x, xmlNode *node, struct bt_programme *p,
                        struct bt_err *err)
{
    struct bt_source_spec *s = bt_push(x->a, &p->source, &p->nsource, sizeof(*s));
    if (!bt_xml_fields(x, node, s, err))
        return false;
    if (s->rights && !bt_has_word("own whole lead", s->rights))
        return bt_xml_fail(x, node, err, BT_M_XML_VALUE, "source", "rights", s->rights,
                           "own whole lead");
    if (s->dates && !bt_has_word("dmy mdy", s->dates))
        return bt_xml_fail(x, node, err, BT_M_XML_VALUE, "source", "dates", s->dates, "dmy mdy");
    char shown[BT_URL_PUBLIC];
    s->name = bt_strdup(x->a, bt_url_public(s->href, shown));
    if (!strstr(s->href, "://") && strcmp(s->href, "-") != 0)
        s->href = bt_path_join(x->a, p->dir, s->href);
    return true;
}

static bool has(const struct bt_words *w, const char *word)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->item[i], word) == 0)
            return true;
    return false;
}

/* "out", "out/" and "./out" are one folder. */
static const char *folder_plain(struct bt_arena *a, const char *to)
{
    struct bt_str rest = bt_str(to), piece;
    const char *plain = NULL;
    while (bt_str_cut(&rest, '/', &piece))
        if (piece.n && !bt_str_is(piece, "."))
            plain = plain ? bt_format(a, "%s/%.*s", plain, (int)piece.n, piece.p)
                          : bt_strndup(a, piece.p, piece.n);
    return bt_format(a, "%s%s", *to == '/' ? "/" : "", plain ? plain : *to == '/' ? "" : ".");
}

enum { CART_MOST = 999999 };
static const char *const from_mp3[] = {"stories", "epub", "daisy"};
/* One of each in an edition: their files' names are not the rendition's. */
static const char *const shared[] = {"page", "feed", "sheet", "stories", "daisy"};

bool bt_delivers_shared(const char *as)
{
    for (size_t i = 0; i < BT_LEN(shared); i++)
        if (strcmp(shared[i], as) == 0)
            return true;
    return false;
}

bool bt_deliver_alone(const struct bt_xml *x, xmlNode *node, const struct bt_delivery *list,
                      size_t n, struct bt_err *err)
{
    const struct bt_delivery *last = &list[n - 1];
    for (size_t i = 0; i + 1 < n; i++)
        for (size_t k = 0; k < BT_LEN(shared) && list[i].to && strcmp(list[i].to, last->to) == 0;
             k++)
            if (has(&list[i].as, shared[k]) && has(&last->as, shared[k]))
                return bt_xml_fail(x, node, err, BT_M_DELIVER_TWICE, shared[k], last->to,
                                   list[i].line, shared[k], last->to);
    return true;
}

bool bt_deliver_read(const struct bt_xml *x, xmlNode *node, struct bt_delivery *d,
                     struct bt_err *err)
{
    d->line = (int)xmlGetLineNo(node);
    if (!bt_xml_fields(x, node, d, err))
        return false;
    d->to = folder_plain(x->a, d->to);
    if (d->channels != 1 && d->channels != 2)
        return bt_xml_fail(x, node, err, BT_M_XML_VALUE, "deliver", "channels",
                           bt_format(x->a, "%lld", (long long)d->channels), "1, 2");
    if (has(&d->as, "feed") && !(d->url && *d->url))
        return bt_xml_fail(x, node, err, BT_M_XML_MUST, "deliver", "url",
                           "url=\"https://…/ban-tin/\"");
    if (has(&d->as, "rdlog") && (d->cart < 1 || d->cart > CART_MOST))
        return bt_xml_fail(x, node, err, BT_M_XML_MUST, "deliver", "cart", "cart=\"30001\"");
    for (size_t i = 0; i < BT_LEN(from_mp3); i++)
        if (has(&d->as, from_mp3[i]) && !has(&d->as, "mp3"))
            return bt_xml_fail(x, node, err, BT_M_XML_VALUE, "deliver", "as", from_mp3[i],
                               bt_format(x->a, "mp3 %s", from_mp3[i]));
    return true;
}

/* "the-thao:1" at most one; "kinh-te:1-3" at least one, at most three. */
static bool quota_read(const struct bt_xml *x, const char *word, struct bt_quota *q)
{
    const char *colon = strrchr(word, ':');
    int used = 0;
    if (!colon || colon == word)
        return false;
    q->section = bt_strndup(x->a, word, (size_t)(colon - word));
    if (sscanf(colon + 1, "%3d-%3d%n", &q->least, &q->most, &used) != 2) {
        q->least = used = 0;
        if (sscanf(colon + 1, "%3d%n", &q->most, &used) != 1)
            return false;
    }
    return !colon[1 + used] && q->least >= 0 && q->most >= 1 && q->least <= q->most;
}

static bool pick_read(const struct bt_xml *x, xmlNode *node, struct bt_programme *p,
                      struct bt_err *err)
{
    if (!bt_xml_fields(x, node, p, err))
        return false;
    for (size_t i = 0; i < p->quotas.n; i++)
        if (!quota_read(x, p->quotas.item[i],
                        bt_push(x->a, &p->quota, &p->nquota, sizeof(*p->quota))))
            return bt_xml_fail(x, node, err, BT_M_XML_VALUE, "pick", "quota", p->quotas.item[i],
                               "kinh-te:1-3 the-thao:1");
    if (p->pace < 60 || p->pace > 600)
        return bt_xml_fail(x, node, err, BT_M_XML_VALUE, "pick", "pace",
                           bt_format(x->a, "%lld", (long long)p->pace), "240");
    if (!p->list)
        return true;
    p->list = bt_path_join(x->a, p->dir, p->list);
    return bt_wishes_load(x->a, p->list, &p->wished, &p->nwished, err);
}

static bool child_read(const struct bt_xml *x, xmlNode *n, struct bt_programme *p,
                       struct bt_err *err)
{
    if (bt_xml_is(n, "source"))
        return source_read(x, n, p, err);
    if (bt_xml_is(n, "pick"))
        return pick_read(x, n, p, err);
    if (bt_xml_is(n, "order"))
        return order_read(x, n, p, err);
    return bt_deliver_read(x, n, bt_push(x->a, &p->deliver, &p->ndeliver, sizeof(*p->deliver)),
                           err) &&
           bt_deliver_alone(x, n, p->deliver, p->ndeliver, err);
}

/* What must stand in it once, whatever the order of its elements. */
static bool whole(const struct bt_xml *x, xmlNode *root, struct bt_programme *p, struct bt_err *err)
{
    int stories = 0;
    for (size_t i = 0; i < p->norder; i++)
        stories += p->order[i].kind == BT_CUE_STORY;
    if (stories != 1)
        return bt_xml_fail(x, root, err, BT_M_PROGRAMME_STORIES, stories);
    if (!p->ndeliver)
        return bt_xml_fail(x, root, err, BT_M_PROGRAMME_DELIVER);
    if (!p->stories.most) /* no <pick> */
        p->stories = (struct bt_span){1, 100};
    for (size_t i = 0; i < p->nsource; i++)
        p->source[i].zone = (int)p->zone;
    return true;
}

static bool read(const struct bt_xml *x, struct bt_programme *p, struct bt_err *err)
{
    xmlNode *root = xmlDocGetRootElement(x->doc);
    if (!bt_xml_fields(x, root, p, err) && !bt_xml_goes_on(x, err))
        return false;
    for (xmlNode *n = NULL; bt_xml_next(x, root, &n, err);) {
        if (!n)
            return whole(x, root, p, err);
        if (!child_read(x, n, p, err) && !bt_xml_goes_on(x, err))
            return false;
    }
    return false;
}

/* With `faults` *out has what could be read. */
static bool load(struct bt_arena *a, const char *path, struct bt_programme *out,
                 struct bt_faults *faults, struct bt_err *err)
{
    struct bt_buf text;
    bt_buf_init(&text, MAX_FILE);
    struct bt_xml x;
    bool ok = false;
    if (bt_xml_read(path, MAX_FILE, &text, err) &&
        bt_xml_open(a, path, bt_buf_str(&text), "programme", faults, &x, err)) {
        struct bt_programme p = {.file = bt_strdup(a, path),
                                 .dir = bt_path_dir(a, path),
                                 .deadline_s = -1,
                                 .from = {-1, 19 * 3600},
                                 .until = {0, 8 * 3600 + 1800}};
        ok = read(&x, &p, err);
        if (ok || faults)
            *out = p;
        bt_xml_close(&x);
    }
    bt_buf_finish(&text);
    return ok;
}

bool bt_programme_load(struct bt_arena *a, const char *path, struct bt_programme *out,
                       struct bt_err *err)
{
    return load(a, path, out, NULL, err);
}

bool bt_programme_judge(struct bt_arena *a, const char *path, struct bt_programme *out,
                        struct bt_faults *faults)
{
    struct bt_err err = {0};
    struct bt_xml all = {.a = a, .faults = faults};
    *out = (struct bt_programme){.file = path};
    *faults = (struct bt_faults){0};
    if (!load(a, path, out, faults, &err))
        bt_xml_goes_on(&all, &err);
    return faults->n == 0;
}

static int64_t moment(const struct bt_programme *p, const struct bt_civil *day, int days, int s)
{
    struct bt_civil midnight = {.year = day->year, .mon = day->mon, .day = day->day};
    return bt_civil_utc(&midnight, (int)p->zone) + (int64_t)days * 86400 + s;
}

struct bt_pick bt_programme_pick(const struct bt_programme *p, const struct bt_civil *day)
{
    return (struct bt_pick){
        .segment = p->segment,
        .day = moment(p, day, 0, 0),
        .from = moment(p, day, p->from.day, p->from.s),
        .until = moment(p, day, p->until.day, p->until.s),
        .least = (int)p->stories.least,
        .most = (int)p->stories.most,
        .length_ms = p->stories_ms.most,
        .pace = p->pace,
        .quota = p->quota,
        .nquota = p->nquota,
        .wished = p->wished,
        .nwished = p->nwished,
        .approved = p->approve,
        .zone = (int)p->zone,
    };
}
