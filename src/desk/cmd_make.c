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

struct command {
    enum bt_stage last;
    bool (*load)(struct bt_run *, const char *, struct bt_err *);
    const char *const *only; /* options that are of use only `with` another command */
    const char *with;
};

/* Load, go to the last stage, tell the result. */
static int go(int argc, char **argv, const struct command *c)
{
    enum bt_stage last = c->last;
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
    bool ok = bt_options_only(bt_run_option, BT_OPTIONS_OF_MAKE, &o, c->only, c->with, &err) &&
              last_stage(&o, &last, &err) && c->load(r, rest.item[0], &err) &&
              bt_run_go(r, last, &err);
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

static const char *const none[] = {NULL};
/* Of news: a rundown has its date and its stories. */
static const char *const of_news[] = {"date", "source", "offline", NULL};
/* Of what comes after the script. */
static const char *const of_sound[] = {"out",    "again", "no-store", "stems",
                                       "timing", "until", NULL};

int bt_cmd_make(int argc, char **argv)
{
    return go(argc, argv, &(struct command){BT_STAGE_AIR, bt_run_programme, none, ""});
}

int bt_cmd_script(int argc, char **argv)
{
    return go(argc, argv, &(struct command){BT_STAGE_SCRIPT, bt_run_programme, of_sound, "make"});
}

int bt_cmd_air(int argc, char **argv)
{
    return go(argc, argv,
              &(struct command){BT_STAGE_AIR, bt_run_rundown, of_news, "make, script, run, news"});
}
