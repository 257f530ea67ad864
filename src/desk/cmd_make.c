/* make, script, air: the run from its two ends. */
#include "desk/desk.h"

#include <stdlib.h>
#include <string.h>

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
    int code = bt_command_open(a, bt_run_option, BT_OPTIONS_OF_MAKE, argc, argv, &o, &rest, 1, 1);
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
