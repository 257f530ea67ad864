/*
 * run: what is due goes out, on time, whatever breaks. The parent only watches: each tier is tried
 * in a process group of its own, which is killed when its time is over.
 */
#include "desk/look.h"
#include "desk/tier.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTION(name, kind, member, argument, help)                                                 \
    {                                                                                              \
        name, kind, offsetof(struct bt_run_options, member), argument, help                        \
    }

static const struct bt_option options[] = {
    OPTION("date", BT_VALUE, date, "D", BT_M_OPT_DATE),
    OPTION("source", BT_LIST, source, "S", BT_M_OPT_SOURCE),
    OPTION("out", BT_VALUE, out, "DIR", BT_M_OPT_OUT),
    OPTION("again", BT_FLAG, again, NULL, BT_M_OPT_AGAIN),
    OPTION("offline", BT_FLAG, offline, NULL, BT_M_OPT_OFFLINE),
    OPTION("no-store", BT_FLAG, no_store, NULL, BT_M_OPT_NO_STORE),
    OPTION("json", BT_FLAG, json, NULL, BT_M_OPT_JSON),
    OPTION("voices", BT_VALUE, voices, "DIR", BT_M_OPT_VOICES),
    OPTION("state", BT_VALUE, state, "DIR", BT_M_OPT_STATE),
    OPTION("cache", BT_VALUE, cache, "DIR", BT_M_OPT_CACHE),
};

struct run {
    struct bt_arena *a;
    struct bt_run_options o;
    struct bt_teller teller;
    const char *path;
    struct bt_programme p;
    struct bt_due due;
};

/* What each tier leaves for those below it, and the least it is given when we are late. */
static const struct {
    enum bt_code code;
    int reserve_s, least_s;
} plan[BT_TIERS] = {
    [BT_TIER_FULL] = {BT_OK, 120, 180},
    [BT_TIER_REDUCED] = {BT_EREDUCED, 60, 60},
    [BT_TIER_HEADLINES] = {BT_EHEADLINES, 20, 40},
    [BT_TIER_LAST_GOOD] = {BT_ELASTGOOD, 10, 30},
    [BT_TIER_EVERGREEN] = {BT_EEVERGREEN, 0, 30},
};

static int tier_ms(const struct run *r, enum bt_tier t)
{
    int64_t left = r->due.deadline - bt_now() - plan[t].reserve_s;
    if (left < plan[t].least_s)
        left = plan[t].least_s;
    return left > 86400 ? 86400 * 1000 : (int)left * 1000;
}

/* ---- in the child --------------------------------------------------------------------------- */

static int make(struct run *r, enum bt_tier tier, struct bt_err *err)
{
    struct bt_run_options o = r->o;
    o.tier = tier;
    o.date = r->due.date;
    struct bt_run *b = bt_run_create(&o, &r->teller);
    bool ok = bt_run_programme(b, r->path, err) && bt_run_go(b, BT_STAGE_AIR, err);
    int code = ok ? (int)plan[bt_run_tier(b)].code : (int)err->code;
    bt_teller_close(&r->teller);
    if (ok)
        bt_run_report(b, stdout);
    bt_run_destroy(b);
    return code;
}

static int attempt(struct run *r, enum bt_tier tier)
{
    struct bt_err err = {0};
    int code;
    bool done;
    if (tier <= BT_TIER_HEADLINES)
        code = make(r, tier, &err);
    else if (bt_tier_take(r->a, tier, &r->due, r->o.again, &done, &err))
        code = done ? BT_OK : (int)plan[tier].code;
    else
        code = (int)err.code;
    if (err.code)
        bt_tell_error(&r->teller, &err);
    fflush(stdout);
    return code;
}

/* ---- in the parent -------------------------------------------------------------------------- */

static _Noreturn void child(struct run *r, enum bt_tier tier, int fd)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    unsigned char code = (unsigned char)attempt(r, tier);
    ssize_t told = write(fd, &code, 1);
    _exit(told == 1 ? 0 : 1);
}

/* The attempt's code; -1 when it hung or crashed. */
static int supervise(struct run *r, enum bt_tier tier)
{
    int fd[2];
    fflush(NULL);
    if (pipe(fd) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        child(r, tier, fd[1]);
    close(fd[1]);
    unsigned char code = 0;
    bool told = false;
    if (pid > 0) {
        struct pollfd p = {.fd = fd[0], .events = POLLIN};
        int64_t end = bt_clock_mono() + (int64_t)tier_ms(r, tier) * 1000000;
        int ready;
        do {
            int64_t left = (end - bt_clock_mono()) / 1000000;
            ready = poll(&p, 1, left > 0 ? (int)left : 0);
        } while (ready < 0 && errno == EINTR);
        told = ready > 0 && read(fd[0], &code, 1) == 1;
        kill(-pid, SIGKILL);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    close(fd[0]);
    return told ? code : -1;
}

/* Made, or made already: by an attempt that died before it could say so. */
static bool settled(int code)
{
    return code == BT_OK || code == BT_EBUSY || (code >= BT_EREDUCED && code <= BT_EEVERGREEN);
}

/* What an attempt that was lost has published, as its proof tells. */
static int published(const struct run *r)
{
    struct bt_look l;
    struct bt_words root = bt_look_roots(r->a, &r->p, r->due.out);
    bool is = bt_look_date(r->a, root.item[0], r->due.date, &l) && l.tier < BT_TIERS;
    return is ? (int)plan[l.tier].code : BT_OK;
}

static int go(struct run *r)
{
    int code = BT_EDELIVER, last = -1;
    for (enum bt_tier t = BT_TIER_FULL; t < BT_TIERS; t++) {
        bool needs_stories = t == BT_TIER_REDUCED || t == BT_TIER_HEADLINES;
        if (needs_stories && last == BT_ENOTHING)
            continue;
        last = supervise(r, t);
        if (last < 0)
            bt_warn(&r->teller.events, "run", bt_tier_names[t], BT_M_TIER_LOST);
        if (settled(last)) {
            if (last == BT_OK && t > BT_TIER_FULL)
                last = published(r);
            if (last >= BT_EREDUCED)
                bt_warn(&r->teller.events, "run", r->due.date, BT_M_TIER_AIRED,
                        bt_tier_names[last - BT_EREDUCED + 1]);
            return last;
        }
        if (last > 0 && t == BT_TIER_FULL)
            code = last;
        /* What hung or died may still hold the edition's folder: the next attempt sweeps it. */
    }
    return code;
}

/* The edition that is due: --date, or the local day of now. False: nothing airs that day. */
static bool find_due(struct run *r, struct bt_err *err)
{
    struct bt_civil day = bt_utc_civil(bt_now(), (int)r->p.zone);
    if (r->o.date && !bt_date_parse(r->o.date, &day))
        return bt_fail(err, BT_EUSAGE, BT_M_DATE_WRONG, r->o.date);
    struct bt_civil midnight = {.year = day.year, .mon = day.mon, .day = day.day};
    int64_t start = bt_civil_utc(&midnight, (int)r->p.zone);
    r->due = (struct bt_due){
        .p = &r->p,
        .out = r->o.out,
        .date = bt_format(r->a, "%04d-%02d-%02d", day.year, day.mon, day.day),
        .air = start + r->p.air_s,
        .deadline = start + (r->p.deadline_s >= 0 ? r->p.deadline_s : r->p.air_s),
    };
    return true;
}

static bool airs_today(const struct run *r)
{
    int y, m, d;
    sscanf(r->due.date, "%d-%d-%d", &y, &m, &d);
    return r->p.days >> (bt_weekday(y, m, d) - 1) & 1;
}

int bt_cmd_run(int argc, char **argv)
{
    struct run r = {.a = bt_arena_create()};
    struct bt_words rest = {0};
    struct bt_err err = {0};
    int code = bt_command_open(r.a, options, BT_LEN(options), argc, argv, &r.o, &rest, 1, 1);
    if (code < 0) {
        bt_teller_init(&r.teller, r.o.json);
        r.path = rest.item[0];
        if (!bt_programme_load(r.a, r.path, &r.p, &err) || !find_due(&r, &err))
            code = bt_tell_error(&r.teller, &err);
        else if (!airs_today(&r))
            code = BT_OK;
        else
            code = go(&r);
    }
    bt_arena_destroy(r.a);
    return code;
}
