/* store: what is in the speech store, whether it is sound, and what goes. */
#include "desk/desk.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct store_options {
    const char *cache, *bytes;
};

static const struct bt_option options[] = {
    {"cache", BT_VALUE, offsetof(struct store_options, cache), "DIR", BT_M_OPT_CACHE},
    {"bytes", BT_VALUE, offsetof(struct store_options, bytes), "N", BT_M_OPT_BYTES},
};

static bool ceiling(const struct store_options *o, const char *what, int64_t *out,
                    struct bt_err *err)
{
    static const char *const of_prune[] = {"bytes", NULL};
    char *end = NULL;
    *out = BT_STORE_CEILING;
    if (strcmp(what, "prune") != 0 &&
        !bt_options_only(options, BT_LEN(options), o, of_prune, "prune", err))
        return false;
    if (!o->bytes)
        return true;
    long long n = strtoll(o->bytes, &end, 10);
    *out = n;
    return (end != o->bytes && !*end && n >= 0) ||
           bt_fail(err, BT_EUSAGE, BT_M_STORE_BYTES, o->bytes);
}

static bool look(const char *what, const char *dir, int64_t most, struct bt_err *err)
{
    struct bt_store_stat s;
    if (strcmp(what, "stat") == 0)
        bt_store_stat(dir, &s);
    else if (strcmp(what, "verify") == 0)
        bt_store_verify(dir, &s);
    else if (strcmp(what, "prune") == 0)
        bt_store_prune(dir, most, &s);
    else
        return bt_fail(err, BT_EUSAGE, BT_M_STORE_WHAT, what);
    printf("files: %zu\nbytes: %lld\n", s.files, (long long)s.bytes);
    if (strcmp(what, "stat") == 0)
        printf("pinned: %zu\n", s.pinned);
    if (strcmp(what, "verify") == 0)
        printf("damaged: %zu\n", s.damaged);
    return true;
}

int bt_cmd_store(int argc, char **argv)
{
    struct bt_arena *a = bt_arena_create();
    struct store_options o = {0};
    struct bt_words rest = {0};
    struct bt_err err = {0};
    struct bt_teller t;
    int64_t most;
    int code = bt_command_open(a, options, BT_LEN(options), argc, argv, &o, &rest, 1, 1);
    if (code < 0) {
        const char *dir = bt_store_dir(a, o.cache);
        bt_teller_init(&t, false);
        bool good = ceiling(&o, rest.item[0], &most, &err) && look(rest.item[0], dir, most, &err);
        bt_teller_close(&t);
        code = good ? BT_OK : bt_tell_error(&t, &err);
    }
    bt_arena_destroy(a);
    return code;
}
