/* How a programme's sources have been: when each was last read well, how new its newest article
 * was, since when it fails. STATE/sources/<programme>.json; written by runs, read by `bantin
 * status`. */
#include "desk/alarm.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { HEALTH_MAX = 4 << 20 };

static const char *health_path(struct bt_arena *a, const char *state, const char *programme)
{
    return bt_format(a, "%s/sources/%s.json", state, programme);
}

static const struct {
    const char *name;
    size_t at;
} times[] = {
    {"good", offsetof(struct bt_health, good)},
    {"newest", offsetof(struct bt_health, newest)},
    {"failing", offsetof(struct bt_health, failing)},
};

static int64_t *time_of(struct bt_health *h, size_t i)
{
    return (int64_t *)(void *)((char *)h + times[i].at);
}

/* ---- reading -------------------------------------------------------------------------------- */

size_t bt_health_read(struct bt_arena *a, const char *state, const char *programme,
                      struct bt_health **out)
{
    struct bt_buf b;
    size_t n = 0, i;
    json_t *o;
    *out = NULL;
    bt_buf_init(&b, HEALTH_MAX);
    bt_file_read(health_path(a, state, programme), HEALTH_MAX, &b, NULL);
    json_t *list = json_loadb(b.p ? b.p : "", b.n, 0, NULL);
    json_array_foreach(list, i, o)
    {
        struct bt_health *h = bt_push(a, out, &n, sizeof(*h));
        const char *name = json_string_value(json_object_get(o, "name"));
        h->name = bt_strdup(a, name ? name : "");
        h->words = bt_strdup(a, json_string_value(json_object_get(o, "words")));
        for (size_t k = 0; k < BT_LEN(times); k++) {
            const char *s = json_string_value(json_object_get(o, times[k].name));
            if (!s || !bt_iso_parse(s, 0, time_of(h, k)))
                *time_of(h, k) = BT_NO_TIME;
        }
    }
    json_decref(list);
    bt_buf_finish(&b);
    return n;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void recall(struct bt_health *h, const struct bt_health *old, size_t n)
{
    size_t i = 0;
    while (i < n && strcmp(old[i].name, h->name) != 0)
        i++;
    if (i == n)
        return;
    if (h->good == BT_NO_TIME)
        h->good = old[i].good;
    if (h->newest == BT_NO_TIME)
        h->newest = old[i].newest;
    if (h->failing != BT_NO_TIME && old[i].failing != BT_NO_TIME)
        h->failing = old[i].failing;
}

/* Two that differ only in what is not shown. */
static void number_names(struct bt_arena *a, struct bt_health *h, size_t n)
{
    for (size_t i = n; i > 0; i--) {
        size_t same = 0;
        for (size_t k = 0; k + 1 < i; k++)
            same += strcmp(h[k].name, h[i - 1].name) == 0;
        if (same)
            h[i - 1].name = bt_format(a, "%s #%zu", h[i - 1].name, same + 1);
    }
}

static json_t *health_object(struct bt_health *h)
{
    char clock[32];
    json_t *o = json_pack("{ss ss*}", "name", h->name, "words", h->words);
    for (size_t k = 0; k < BT_LEN(times); k++)
        if (*time_of(h, k) != BT_NO_TIME)
            json_object_set_new(o, times[k].name,
                                json_string(bt_iso_format(*time_of(h, k), 0, clock)));
    return o;
}

bool bt_health_keep(struct bt_arena *a, const char *state, const char *programme,
                    struct bt_health *h, size_t n, struct bt_err *err)
{
    struct bt_health *old;
    size_t nold = bt_health_read(a, state, programme, &old);
    const char *path = health_path(a, state, programme);
    json_t *list = json_array();
    number_names(a, h, n);
    for (size_t i = 0; i < n; i++) {
        recall(&h[i], old, nold);
        json_array_append_new(list, health_object(&h[i]));
    }
    char *s = json_dumps(list, JSON_INDENT(1));
    bool ok = bt_dir_make(bt_path_dir(a, path), err) &&
              bt_file_write(path, s ? s : "", s ? strlen(s) : 0, err);
    free(s);
    json_decref(list);
    return ok;
}
