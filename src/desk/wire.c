/* The newsroom's line to the outside: page profiles, HTTP and the archive, opened once for a run.
 */
#include "desk/desk.h"

#include <string.h>

static bool load_profiles(struct bt_wire *w, const char *voices, struct bt_err *err)
{
    const char *dir = bt_voices_dir(w->a, voices, NULL);
    const char *path = dir ? bt_path_join(w->a, dir, "profiles.tsv") : NULL;
    return !path || !bt_file_exists(path) || bt_profiles_load(w->a, path, &w->profiles, err);
}

bool bt_wire_open(struct bt_arena *a, const struct bt_wire_options *o, const struct bt_events *ev,
                  struct bt_wire *w, struct bt_err *err)
{
    struct bt_http_options http = BT_HTTP_DEFAULTS;
    struct bt_err late = {0};
    *w = (struct bt_wire){.a = a, .ev = ev};
    http.cache = bt_path_join(a, bt_cache_dir(a, o->cache), "http");
    http.offline = o->offline;
    http.total_ms = o->wait_ms;
    if (!load_profiles(w, o->voices, err) || (o->network && !bt_http_create(&http, &w->http, err)))
        return false;
    /* without the archive a story may air twice; that is better than no bulletin */
    if (o->archive && !bt_archive_open(bt_state_dir(a, o->state), &w->archive, &late))
        bt_warn_err(ev, "news", NULL, &late);
    return true;
}

void bt_wire_close(struct bt_wire *w)
{
    bt_http_destroy(w->http);
    bt_archive_close(w->archive);
    w->http = NULL;
    w->archive = NULL;
}

/* The articles from `first` on are its own. */
static void note(struct bt_wire *w, const struct bt_source_spec *spec, const struct bt_articles *l,
                 size_t first, const struct bt_err *err)
{
    struct bt_health *h = bt_push(w->a, &w->health, &w->nhealth, sizeof(*h));
    int64_t now = bt_now();
    *h = (struct bt_health){spec->name, now, BT_NO_TIME, BT_NO_TIME, NULL};
    for (size_t i = first; i < l->n; i++)
        if (l->item[i].published > h->newest)
            h->newest = l->item[i].published;
    if (!err->code)
        return;
    h->good = BT_NO_TIME;
    h->failing = now;
    h->words = bt_strdup(w->a, err->msg);
}

bool bt_wire_read(struct bt_wire *w, const struct bt_source_spec *spec, struct bt_articles *out)
{
    struct bt_err err = {0};
    struct bt_source_spec s = *spec;
    s.profiles = w->profiles;
    s.http = w->http;
    s.since = w->since;
    size_t first = out->n;
    bool ok = bt_source_read(w->a, &s, out, w->ev, &err);
    if (!ok)
        bt_warn_err(w->ev, "news", spec->name, &err);
    else if (err.code)
        bt_warn(w->ev, "news", spec->name, BT_M_NEWS_KEPT, err.msg);
    note(w, spec, out, first, &err);
    return ok;
}

static const char *aired(void *ctx, const struct bt_article *t)
{
    struct bt_wire *w = ctx;
    return bt_archive_aired(w->archive, w->a, &w->edition, t);
}

size_t bt_wire_pick(struct bt_wire *w, struct bt_articles *list, struct bt_pick pick)
{
    if (w->archive) {
        pick.aired = aired;
        pick.ctx = w;
    }
    return bt_pick(w->a, list, &pick);
}

void bt_wire_record(struct bt_wire *w, const struct bt_articles *list)
{
    struct bt_err err = {0};
    if (w->archive && !bt_archive_record(w->archive, &w->edition, list, &err))
        bt_warn_err(w->ev, "news", NULL, &err);
}
