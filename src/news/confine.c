/* Parsers in a child: what comes from outside may hang, crash or swell there, and costs one source;
 * it reaches no file, network or process.
 * Knows the records of flat.c; knows no format. */
#include "news/parts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { OUT_MOST = 64 << 20 };
static const struct bt_limits limits = {
    .wall_ms = 20000, .cpu_s = 8, .mem = (size_t)1 << 30, .out = OUT_MOST};

struct job {
    bt_parser *parse; /* a source … */
    const struct bt_source_spec *spec;
    struct bt_str bytes;
    const char *url; /* … or, without parse, a page */
    struct bt_buf *out;
};

static void keep_event(void *ctx, const struct bt_event *ev)
{
    if (ev->words)
        bt_flat_words(ctx, BT_FLAT_EVENT, (int)ev->level, ev->item, ev->words);
}

static int send_all(int fd, const struct bt_buf *b)
{
    for (size_t i = 0; i < b->n;) {
        ssize_t k = write(fd, b->p + i, b->n - i);
        if (k < 0 && errno != EINTR)
            return 1;
        i += k > 0 ? (size_t)k : 0;
    }
    return b->over;
}

static void run_source(const struct job *j, struct bt_arena *a, struct bt_buf *b)
{
    struct bt_articles list = {0};
    struct bt_err err = {0};
    struct bt_events events = {keep_event, b};
    bool ok = j->parse(a, j->spec, j->bytes, &list, &events, &err);
    for (size_t i = 0; i < list.n; i++)
        bt_flat_article(b, &list.item[i]);
    if (!ok)
        bt_flat_words(b, BT_FLAT_ERROR, (int)err.code, NULL, err.msg);
}

static void run_page(const struct job *j, struct bt_arena *a, struct bt_buf *b)
{
    struct bt_page page;
    struct bt_err err = {0};
    if (bt_page_read(a, j->bytes, j->url, j->spec->zone, j->spec->profiles, &page, &err))
        bt_flat_page(b, &page);
    else
        bt_flat_words(b, BT_FLAT_ERROR, (int)err.code, NULL, err.msg);
}

static int child(void *ctx, int fd)
{
    const struct job *j = ctx;
    struct bt_arena *a = bt_arena_create();
    struct bt_buf b;
    bt_buf_init(&b, OUT_MOST);
    bt_child_confine(fd);
    if (j->parse)
        run_source(j, a, &b);
    else
        run_page(j, a, &b);
    int code = send_all(fd, &b);
    bt_buf_finish(&b);
    bt_arena_destroy(a);
    return code;
}

/* ---- the parent's side ---------------------------------------------------------------------- */

static void tell(const struct bt_events *ev, int level, const char *item, const char *words)
{
    if (ev && ev->write && (level == BT_WARN || level == BT_INFO))
        ev->write(ev->ctx, &(struct bt_event){(enum bt_severity)level, "news", item, 0, 0, words});
}

static bool failed(struct bt_err *err, int code, const char *words)
{
    if (err) {
        err->code = code == BT_EFILE ? BT_EFILE : BT_ENOTHING;
        err->sys = 0;
        snprintf(err->msg, sizeof(err->msg), "%s", words);
    }
    return false;
}

/* One record; false at the end, or with *ok false. */
static bool next_record(struct bt_arena *a, struct bt_str *in, struct bt_articles *out,
                        struct bt_page *page, const struct bt_events *ev, struct bt_err *err,
                        bool *ok)
{
    struct bt_article t;
    const char *item, *words;
    int level;
    char kind = in->n ? *in->p : 0;
    if (!in->n)
        return false;
    in->p++;
    in->n--;
    if (kind == BT_FLAT_ARTICLE && out && bt_unflat_article(a, in, &t))
        *(struct bt_article *)bt_push(a, &out->item, &out->n, sizeof(t)) = t;
    else if (kind == BT_FLAT_PAGE && page && bt_unflat_page(a, in, page))
        *ok = true;
    else if (kind == BT_FLAT_EVENT && bt_unflat_words(a, in, &level, &item, &words))
        tell(ev, level, item, words);
    else if (kind == BT_FLAT_ERROR && bt_unflat_words(a, in, &level, &item, &words))
        *ok = failed(err, level, words);
    else
        return *ok = bt_fail(err, BT_EINNER, BT_M_NEWS_CHILD_BABBLES);
    return true;
}

static bool call(struct bt_arena *a, struct job *j, struct bt_articles *out, struct bt_page *page,
                 const struct bt_events *ev, struct bt_err *err)
{
    struct bt_buf b;
    bt_buf_init(&b, OUT_MOST);
    bool ok = bt_child_call(child, j, &limits, &b, err);
    struct bt_str in = bt_buf_str(&b);
    while (ok && next_record(a, &in, out, page, ev, err, &ok))
        continue;
    bt_buf_finish(&b);
    return ok;
}

bool bt_confined(struct bt_arena *a, bt_parser *parse, const struct bt_source_spec *spec,
                 struct bt_str bytes, struct bt_articles *out, const struct bt_events *ev,
                 struct bt_err *err)
{
    struct job j = {.parse = parse, .spec = spec, .bytes = bytes};
    return call(a, &j, out, NULL, ev, err);
}

bool bt_page_read_confined(struct bt_arena *a, struct bt_str bytes, const char *url, int zone,
                           const struct bt_profiles *profiles, struct bt_page *out,
                           struct bt_err *err)
{
    struct bt_source_spec spec = {.zone = zone, .profiles = profiles};
    struct job j = {.spec = &spec, .bytes = bytes, .url = url};
    return call(a, &j, NULL, out, NULL, err);
}
