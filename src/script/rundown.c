/* A rundown: the programme's order, filled in for one day. */
#include "script/schema.h"

#include <string.h>

enum { MAX_FILE = 64 << 20 };

/* ---- places in what is said ----------------------------------------------------------------- */

struct edition {
    const struct bt_programme *p;
    const struct bt_civil *day;
    size_t stories;
};

static void put_title(const struct edition *e, struct bt_buf *out)
{
    bt_buf_adds(out, e->p->title);
}

static void put_station(const struct edition *e, struct bt_buf *out)
{
    bt_buf_adds(out, e->p->station);
}

static void put_weekday(const struct edition *e, struct bt_buf *out)
{
    static const char *const names[] = {"thứ Hai", "thứ Ba",  "thứ Tư",  "thứ Năm",
                                        "thứ Sáu", "thứ Bảy", "Chủ nhật"};
    bt_buf_adds(out, names[bt_weekday(e->day->year, e->day->mon, e->day->day) - 1]);
}

static void put_date(const struct edition *e, struct bt_buf *out)
{
    bt_buf_addf(out, "%d/%d/%d", e->day->day, e->day->mon, e->day->year);
}

static void put_time(const struct edition *e, struct bt_buf *out)
{
    bt_buf_addf(out, "%02d:%02d", (int)(e->p->air_s / 3600), (int)(e->p->air_s / 60 % 60));
}

static void put_stories(const struct edition *e, struct bt_buf *out)
{
    bt_buf_addf(out, "%zu", e->stories);
}

static const struct {
    const char *name;
    void (*put)(const struct edition *e, struct bt_buf *out);
} places[] = {
    {"bản-tin", put_title}, {"đài", put_station}, {"thứ", put_weekday},
    {"ngày", put_date},     {"giờ", put_time},    {"số-tin", put_stories},
};

static size_t place_at(const char *s)
{
    for (size_t i = 0; i < BT_LEN(places); i++) {
        size_t n = strlen(places[i].name);
        if (strncmp(s, places[i].name, n) == 0 && s[n] == '}')
            return i;
    }
    return BT_LEN(places);
}

const char *bt_place_unknown(const char *text)
{
    for (const char *s = strchr(text, '{'); s; s = strchr(s + 1, '{'))
        if (place_at(s + 1) == BT_LEN(places))
            return s + 1;
    return NULL;
}

const char *bt_place_names(void)
{
    return "{bản-tin} {đài} {thứ} {ngày} {giờ} {số-tin}";
}

static const char *fill(struct bt_arena *a, const struct edition *e, const char *text)
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 20);
    while (*text) {
        size_t i = *text == '{' ? place_at(text + 1) : BT_LEN(places);
        if (i == BT_LEN(places)) {
            bt_buf_addc(&b, *text++);
            continue;
        }
        places[i].put(e, &b);
        text += strlen(places[i].name) + 2;
    }
    const char *out = bt_strdup(a, b.p ? b.p : "");
    bt_buf_finish(&b);
    return out;
}

/* ---- making --------------------------------------------------------------------------------- */

static struct bt_cue story_cue(const struct bt_article *s, int zone)
{
    return (struct bt_cue){
        .kind = BT_CUE_STORY,
        .id = s->id,
        .state = s->state,
        .why = s->why,
        .approved = s->approved,
        .form = s->whole ? BT_FORM_FULL : BT_FORM_BRIEF,
        .priority = s->priority,
        .title = s->title,
        .lead = s->lead ? s->lead : "",
        .para = s->para,
        .npara = s->npara,
        .url = s->url,
        .credit = s->credit,
        .source = s->source,
        .published = {s->published, zone},
    };
}

/* The stories on air, presenters in turn and a sting before each but the first; then the rest,
 * kept with the reason. */
static void add_stories(struct bt_arena *a, const struct bt_cue *place,
                        const struct bt_articles *list, int zone, struct bt_rundown *r)
{
    size_t aired = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < list->n; i++) {
            const struct bt_article *s = &list->item[i];
            if ((s->state == BT_AIR) != (pass == 0))
                continue;
            struct bt_cue *c = bt_push(a, &r->cue, &r->ncue, sizeof(*c));
            *c = story_cue(s, zone);
            c->voice = (struct bt_words){&place->voice.item[aired % place->voice.n], 1};
            if (place->quotes.n > 0)
                c->quotes = (struct bt_words){&place->quotes.item[aired % place->quotes.n], 1};
            c->bed = place->bed;
            if (pass == 0 && aired++ > 0)
                c->sting = place->sting;
        }
}

static size_t on_air(const struct bt_articles *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += list->item[i].state == BT_AIR;
    return n;
}

void bt_rundown_make(struct bt_arena *a, const struct bt_programme *p, const struct bt_civil *day,
                     const struct bt_articles *list, const char *pack, struct bt_rundown *out)
{
    struct bt_civil air = {.year = day->year, .mon = day->mon, .day = day->day};
    struct edition e = {p, day, on_air(list)};
    struct bt_rundown r = {
        .file = p->file,
        .dir = p->dir,
        .programme = p->id,
        .title = p->title,
        .station = p->station,
        .pack = pack,
        .approve = p->approve,
        .deliver = p->deliver,
        .ndeliver = p->ndeliver,
        .date = bt_format(a, "%04d-%02d-%02d", day->year, day->mon, day->day),
        .air = {bt_civil_utc(&air, (int)p->zone) + p->air_s, p->zone},
    };
    for (size_t i = 0; i < p->norder; i++) {
        if (p->order[i].kind == BT_CUE_STORY) {
            add_stories(a, &p->order[i], list, (int)p->zone, &r);
            continue;
        }
        struct bt_cue *c = bt_push(a, &r.cue, &r.ncue, sizeof(*c));
        *c = p->order[i];
        if (!c->id)
            c->id = bt_format(a, "c%zu", i + 1);
        if (c->text)
            c->text = fill(a, &e, c->text);
    }
    *out = r;
}

bool bt_rundown_approve(struct bt_rundown *r)
{
    size_t held = 0, left = 0;
    for (size_t i = 0; i < r->ncue && r->approve; i++) {
        struct bt_cue *c = &r->cue[i];
        if (c->kind != BT_CUE_STORY || c->state != BT_AIR)
            continue;
        bool approved = c->approved && c->approved[strspn(c->approved, " ")];
        left += approved;
        held += !approved;
        if (!approved) {
            c->state = BT_HOLD;
            c->why = bt_msg(BT_M_WHY_UNAPPROVED);
        }
    }
    return left || !held;
}

/* ---- reading and writing -------------------------------------------------------------------- */

static bool ids_differ(const struct bt_xml *x, xmlNode *node, const struct bt_rundown *r,
                       struct bt_err *err)
{
    const struct bt_cue *last = &r->cue[r->ncue - 1];
    for (size_t i = 0; i + 1 < r->ncue; i++)
        if (strcmp(r->cue[i].id, last->id) == 0)
            return bt_xml_fail(x, node, err, BT_M_XML_SAME_ID, last->id, r->cue[i].line);
    return true;
}

static bool deliver_read(const struct bt_xml *x, xmlNode *n, struct bt_rundown *r,
                         struct bt_err *err)
{
    struct bt_delivery *d = bt_push(x->a, &r->deliver, &r->ndeliver, sizeof(*d));
    return bt_deliver_read(x, n, d, err) && bt_deliver_alone(x, n, r->deliver, r->ndeliver, err);
}

static bool cue_read(const struct bt_xml *x, xmlNode *n, struct bt_rundown *r, struct bt_err *err)
{
    struct bt_cue *c = bt_push(x->a, &r->cue, &r->ncue, sizeof(*c));
    bool good = bt_cue_read(x, n, c, err);
    if (!c->id)
        c->id = bt_format(x->a, "c%zu", r->ncue);
    return good && ids_differ(x, n, r, err);
}

static bool read(const struct bt_xml *x, struct bt_rundown *r, struct bt_err *err)
{
    xmlNode *root = xmlDocGetRootElement(x->doc);
    if (!bt_xml_fields(x, root, r, err) && !bt_xml_goes_on(x, err))
        return false;
    for (xmlNode *n = NULL; bt_xml_next(x, root, &n, err);) {
        if (!n)
            return true;
        if (!(bt_xml_is(n, "deliver") ? deliver_read : cue_read)(x, n, r, err) &&
            !bt_xml_goes_on(x, err))
            return false;
    }
    return false;
}

/* With `faults` *out has what could be read. */
static bool parse(struct bt_arena *a, const char *path, struct bt_str xml, struct bt_rundown *out,
                  struct bt_faults *faults, struct bt_err *err)
{
    struct bt_xml x;
    if (!bt_xml_open(a, path, xml, "rundown", faults, &x, err))
        return false;
    struct bt_rundown r = {.file = x.file, .dir = bt_path_dir(a, path)};
    bool ok = read(&x, &r, err);
    bt_xml_close(&x);
    if (ok || faults)
        *out = r;
    return ok;
}

static bool load(struct bt_arena *a, const char *path, struct bt_rundown *out,
                 struct bt_faults *faults, struct bt_err *err)
{
    struct bt_buf text;
    bt_buf_init(&text, MAX_FILE);
    bool ok = bt_xml_read(path, MAX_FILE, &text, err) &&
              parse(a, path, bt_buf_str(&text), out, faults, err);
    bt_buf_finish(&text);
    return ok;
}

bool bt_rundown_parse(struct bt_arena *a, const char *path, struct bt_str xml,
                      struct bt_rundown *out, struct bt_err *err)
{
    return parse(a, path, xml, out, NULL, err);
}

bool bt_rundown_load(struct bt_arena *a, const char *path, struct bt_rundown *out,
                     struct bt_err *err)
{
    return load(a, path, out, NULL, err);
}

bool bt_rundown_judge(struct bt_arena *a, const char *path, struct bt_rundown *out,
                      struct bt_faults *faults)
{
    struct bt_err err = {0};
    struct bt_xml all = {.a = a, .faults = faults};
    *out = (struct bt_rundown){.file = path};
    *faults = (struct bt_faults){0};
    if (!load(a, path, out, faults, &err))
        bt_xml_goes_on(&all, &err);
    return faults->n == 0;
}

void bt_rundown_write(const struct bt_rundown *r, struct bt_buf *out)
{
    bt_buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rundown");
    bt_fields_write("rundown", r, out);
    bt_buf_adds(out, ">\n");
    for (size_t i = 0; i < r->ncue; i++)
        bt_cue_write(&r->cue[i], out);
    for (size_t i = 0; i < r->ndeliver; i++) {
        bt_buf_adds(out, "  <deliver");
        bt_fields_write("deliver", &r->deliver[i], out);
        bt_buf_adds(out, "/>\n");
    }
    bt_buf_adds(out, "</rundown>\n");
}
