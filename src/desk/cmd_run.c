/*
 * run: what is due goes out, on time, whatever breaks. The parent only watches: each tier is tried
 * in a process group of its own, which is killed when its time is over.
 */
#include "desk/alarm.h"
#include "desk/look.h"
#include "desk/tier.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct run {
    struct bt_arena *a;
    struct bt_run_options o;
    struct bt_teller teller;
    const char *path;
    struct bt_programme p;
    struct bt_due due;
    struct bt_buf words; /* why each attempt failed, for the journal and the alarm */
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
    o.wait_ms = tier_ms(r, tier) / 3; /* sources that hang cost that, not the tier */
    o.said_ms = tier_ms(r, tier) / 3 * 2;
    struct bt_run *b = bt_run_create(&o, &r->teller);
    bool ok = bt_run_programme(b, r->path, err) && bt_run_go(b, BT_STAGE_AIR, err);
    int code = ok ? (int)plan[bt_run_tier(b)].code : (int)err->code;
    bt_teller_close(&r->teller);
    if (ok)
        bt_run_report(b, stdout);
    bt_run_destroy(b);
    return code;
}

struct answer { /* of an attempt, over its pipe: at most PIPE_BUF */
    unsigned char code;
    char words[sizeof(((struct bt_err *)0)->msg)];
};

static struct answer attempt(struct run *r, enum bt_tier tier)
{
    struct answer answer = {0};
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
    answer.code = (unsigned char)code;
    memcpy(answer.words, err.msg, sizeof(answer.words));
    return answer;
}

/* ---- in the parent -------------------------------------------------------------------------- */

static _Noreturn void child(struct run *r, enum bt_tier tier, int fd)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct answer answer = attempt(r, tier);
    bt_child_cover();
    ssize_t told = write(fd, &answer, sizeof(answer));
    bt_child_exit(told == sizeof(answer) ? 0 : 1);
}

/* The attempt's code; -1 when it hung or crashed. */
static int supervise(struct run *r, enum bt_tier tier)
{
    int fd[2];
    fflush(NULL);
    if (pipe2(fd, O_CLOEXEC) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        child(r, tier, fd[1]);
    close(fd[1]);
    struct answer answer = {0};
    bool told = false;
    if (pid > 0) {
        struct pollfd p = {.fd = fd[0], .events = POLLIN};
        int64_t end = bt_clock_mono() + (int64_t)tier_ms(r, tier) * 1000000;
        int ready;
        do {
            int64_t left = (end - bt_clock_mono()) / 1000000;
            ready = poll(&p, 1, left > 0 ? (int)left : 0);
        } while (ready < 0 && errno == EINTR);
        told = ready > 0 && read(fd[0], &answer, sizeof(answer)) == sizeof(answer);
        kill(-pid, SIGKILL);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    close(fd[0]);
    if (answer.words[0])
        bt_buf_addf(&r->words, "%s: %s\n", bt_tier_names[tier], answer.words);
    return told ? answer.code : -1;
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
        if (last < 0) {
            bt_warn(&r->teller.events, "run", bt_tier_names[t], BT_M_TIER_LOST);
            bt_buf_addf(&r->words, "%s: %s\n", bt_tier_names[t], bt_msg(BT_M_TIER_LOST));
        }
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

/* What is older than keep="…" or over budget="…" goes; how many went. */
static size_t remove_old(struct run *r)
{
    size_t gone = bt_keep(r->a, &r->p, r->due.out, bt_store_dir(r->a, r->o.cache), bt_now());
    if (gone)
        bt_info(&r->teller.events, "run", r->p.id, BT_M_KEEP_GONE, (long)gone);
    return gone;
}

/* Nothing went out, and there were old editions to remove: the disk has room now. */
static int go_with_room(struct run *r)
{
    int code = go(r);
    if (settled(code) || !remove_old(r))
        return code;
    code = go(r);
    return code == BT_OK ? published(r) : code; /* some tier's, all but its last copies */
}

/* ---- afterwards ----------------------------------------------------------------------------- */

static void tell_alarm(struct run *r, const char *state, int code)
{
    struct bt_err err = {0};
    if (code == BT_OK) /* done already, perhaps, and of a lower tier: that trouble goes on */
        code = published(r);
    struct bt_buf b;
    bt_buf_init(&b, 1 << 14);
    bt_buf_addf(&b, bt_msg(BT_M_ALARM_HEAD), r->p.title, r->due.date);
    bt_buf_addc(&b, '\n');
    if (code >= BT_EREDUCED && code <= BT_EEVERGREEN)
        bt_buf_addf(&b, bt_msg(BT_M_RUN_TIER), bt_tier_names[code - BT_EREDUCED + 1]);
    else
        bt_buf_addf(&b, bt_msg(BT_M_RUN_FAILED), code);
    bt_buf_addf(&b, "\n%s", r->words.n ? r->words.p : "");
    struct bt_trouble t = {.p = &r->p,
                           .state = state,
                           .kind = "run",
                           .date = r->due.date,
                           .code = code,
                           .same = bt_format(r->a, "%s %d", r->due.date, code),
                           .words = code ? b.p : NULL};
    if (!bt_alarm(r->a, &t, &err))
        bt_warn_err(&r->teller.events, "run", r->due.date, &err);
    bt_buf_finish(&b);
}

static void sweep_state(struct run *r, const char *state)
{
    static const char *const folder[] = {"sources", "runs", "alarm"};
    for (size_t i = 0; i < BT_LEN(folder); i++)
        bt_temps_sweep(bt_path_join(r->a, state, folder[i]));
}

/* What is on the air stays on the air, whatever goes wrong here. */
static void close_run(struct run *r, int code, int64_t began)
{
    struct bt_err err = {0};
    const char *state = bt_state_dir(r->a, r->o.state);
    struct bt_entry e = {.at = bt_now(),
                         .date = r->due.date,
                         .code = code,
                         .seconds = (double)(bt_clock_mono() - began) / 1e9,
                         .words = r->words.n ? r->words.p : ""};
    if (code == BT_EBUSY)
        return;
    sweep_state(r, state);
    if (!bt_journal_add(r->a, state, r->p.id, &e, &err))
        bt_warn_err(&r->teller.events, "run", r->due.date, &err);
    tell_alarm(r, state, code);
    remove_old(r);
}

/* The edition that is due: --date, or the local day of now. */
static bool find_due(struct run *r, struct bt_err *err)
{
    bool ok = r->o.date ? bt_due_on(r->a, &r->p, r->o.date, &r->due, err)
                        : bt_due_today(r->a, &r->p, &r->due, err);
    r->due.out = r->o.out;
    return ok;
}

/* Twice: libxml cannot always tell an allocation that failed from a file that is wrong. */
static bool load(struct run *r, struct bt_err *err)
{
    if (bt_programme_load(r->a, r->path, &r->p, err))
        return true;
    r->p = (struct bt_programme){0};
    *err = (struct bt_err){0};
    return bt_programme_load(r->a, r->path, &r->p, err);
}

int bt_cmd_run(int argc, char **argv)
{
    struct run r = {.a = bt_arena_create()};
    struct bt_words rest = {0};
    struct bt_err err = {0};
    bt_buf_init(&r.words, 1 << 13);
    int code =
        bt_command_open(r.a, bt_run_option, BT_OPTIONS_OF_RUN, argc, argv, &r.o, &rest, 1, 1);
    if (code < 0) {
        bt_teller_init(&r.teller, r.o.json);
        r.path = bt_programme_path(r.a, r.o.voices, rest.item[0]);
        if (!load(&r, &err) || !find_due(&r, &err))
            code = bt_tell_error(&r.teller, &err);
        else if (!bt_due_airs(&r.due))
            code = BT_OK;
        else {
            int64_t began = bt_clock_mono();
            code = go_with_room(&r);
            close_run(&r, code, began);
        }
    }
    bt_buf_finish(&r.words);
    bt_arena_destroy(r.a);
    return code;
}
