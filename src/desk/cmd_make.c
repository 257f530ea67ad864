/* make, script, air: the run from its two ends. */
#include "desk/desk.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define OPTION(name, kind, member, argument, help)                                                 \
    {                                                                                              \
        name, kind, offsetof(struct bt_run_options, member), argument, help                        \
    }

static const struct bt_option options[] = {
    OPTION("date", BT_VALUE, date, "D", BT_M_OPT_DATE),
    OPTION("source", BT_LIST, source, "S", BT_M_OPT_SOURCE),
    OPTION("out", BT_VALUE, out, "DIR", BT_M_OPT_OUT),
    OPTION("length", BT_VALUE, length, "L", BT_M_OPT_LENGTH),
    OPTION("until", BT_VALUE, until, "STAGE", BT_M_OPT_UNTIL),
    OPTION("again", BT_FLAG, again, NULL, BT_M_OPT_AGAIN),
    OPTION("offline", BT_FLAG, offline, NULL, BT_M_OPT_OFFLINE),
    OPTION("no-store", BT_FLAG, no_store, NULL, BT_M_OPT_NO_STORE),
    OPTION("json", BT_FLAG, json, NULL, BT_M_OPT_JSON),
    OPTION("timing", BT_FLAG, timing, NULL, BT_M_OPT_TIMING),
    OPTION("voices", BT_VALUE, voices, "DIR", BT_M_OPT_VOICES),
    OPTION("state", BT_VALUE, state, "DIR", BT_M_OPT_STATE),
    OPTION("cache", BT_VALUE, cache, "DIR", BT_M_OPT_CACHE),
};

static bool last_stage(const struct bt_run_options *o, enum bt_stage *last, struct bt_err *err)
{
    if (o->timing)
        *last = BT_STAGE_MIX;
    if (!o->until)
        return true;
    return bt_stage_find(o->until, last) || bt_fail(err, BT_EUSAGE, BT_M_STAGE_UNKNOWN, o->until);
}

/* Load by `load`, go to `last`, tell the result. */
static int go(int argc, char **argv, enum bt_stage last,
              bool (*load)(struct bt_run *, const char *, struct bt_err *))
{
    struct bt_arena *a = bt_arena_create();
    struct bt_run_options o = {0};
    struct bt_words rest = {0};
    struct bt_err err = {0};
    struct bt_teller t;
    int code = bt_command_open(a, options, BT_LEN(options), argc, argv, &o, &rest, 1, 1);
    if (code >= 0) {
        bt_arena_destroy(a);
        return code;
    }
    bt_teller_init(&t, o.json);
    struct bt_run *r = bt_run_create(&o, &t);
    bool ok =
        last_stage(&o, &last, &err) && load(r, rest.item[0], &err) && bt_run_go(r, last, &err);
    bt_teller_close(&t);
    code = ok ? BT_OK : bt_tell_error(&t, &err);
    if (ok && last == BT_STAGE_AIR)
        bt_run_report(r, stdout);
    else if (ok)
        bt_run_tap(r, last, stdout);
    bt_run_destroy(r);
    bt_arena_destroy(a);
    return fflush(stdout) == 0 ? code : BT_EINNER;
}

int bt_cmd_make(int argc, char **argv)
{
    return go(argc, argv, BT_STAGE_AIR, bt_run_programme);
}

int bt_cmd_script(int argc, char **argv)
{
    return go(argc, argv, BT_STAGE_SCRIPT, bt_run_programme);
}

int bt_cmd_air(int argc, char **argv)
{
    return go(argc, argv, BT_STAGE_AIR, bt_run_rundown);
}
