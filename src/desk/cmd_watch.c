/*
 * watch: is the edition that should be there, there? By itself: it trusts no run, reads the files
 * and listens to them, and tells the alarm.
 */
#include "desk/alarm.h"
#include "desk/look.h"
#include "desk/tier.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SKEW_S = 120 };

struct options {
    const char *date, *out, *state;
    bool json;
};
static const struct bt_option options[] = {
    {"date", BT_VALUE, offsetof(struct options, date), "D", BT_M_OPT_DATE},
    {"out", BT_VALUE, offsetof(struct options, out), "DIR", BT_M_OPT_OUT},
    {"state", BT_VALUE, offsetof(struct options, state), "DIR", BT_M_OPT_STATE},
    {"json", BT_FLAG, offsetof(struct options, json), NULL, BT_M_OPT_JSON},
};

struct watch {
    struct bt_arena *a;
    struct options o;
    struct bt_programme p;
    struct bt_due due;
    struct bt_teller teller;
    struct bt_buf words; /* a line for each fault */
};

static void fault(struct watch *w, enum bt_msg id, ...)
{
    struct bt_err err;
    va_list ap;
    va_start(ap, id);
    bt_vfail(&err, BT_ECHECK, id, ap);
    va_end(ap);
    bt_tell_error(&w->teller, &err);
    bt_buf_addf(&w->words, "%s\n", err.msg);
}

/* ---- one edition ---------------------------------------------------------------------------- */

/* Yesterday's sound under today's name. */
static void same_as_older(struct watch *w, const struct bt_looks *all, const struct bt_look *l,
                          const struct bt_look_file *f, const char *path)
{
    if (!f->sha256 || l->tier > BT_TIER_HEADLINES)
        return;
    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; strcmp(all->item[i].date, l->date) != 0 && k < all->item[i].nfile; k++) {
            const char *its = all->item[i].file[k].sha256;
            if (!its || strcmp(its, f->sha256) != 0)
                continue;
            fault(w, BT_M_WATCH_OLD, path, all->item[i].name);
            return;
        }
}

static void listen_to(struct watch *w, const char *path)
{
    struct bt_want want = {.silence_s = 2.0};
    struct bt_proof p;
    struct bt_err err = {0};
    if (!bt_proof_file(w->a, path, &want, &p, &err)) {
        fault(w, BT_M_WATCH_WRONG, path, err.msg);
        return;
    }
    for (size_t i = 0; i < p.n; i++)
        if (p.line[i].verdict == BT_WRONG)
            fault(w, BT_M_WATCH_WRONG, path, p.line[i].words);
}

static void check_file(struct watch *w, const char *root, const struct bt_looks *all,
                       const struct bt_look *l, const struct bt_look_file *f)
{
    char hex[BT_HASH], newest[BT_HASH];
    const char *path = bt_path_join(w->a, l->path, f->name), *stem = strrchr(f->name, '.');
    struct stat st;
    if (stat(path, &st) != 0) {
        fault(w, BT_M_WATCH_FILE, l->path, f->name);
        return;
    }
    if (st.st_mtime > bt_now() + SKEW_S)
        fault(w, BT_M_WATCH_FUTURE, path);
    if (!f->sha256 || !bt_sha256_file(path, hex, NULL) || strcmp(hex, f->sha256) != 0) {
        fault(w, BT_M_WATCH_CHANGED, path);
        return;
    }
    listen_to(w, path);
    same_as_older(w, all, l, f, path);
    size_t own = strlen(w->p.id) + 11; /* "<programme>-2025-11-25" */
    stem = strlen(f->name) > own ? f->name + own : "";
    const char *copy = bt_format(w->a, "%s/moi-nhat%s", root, stem);
    if (!bt_sha256_file(copy, newest, NULL) || strcmp(newest, hex) != 0)
        fault(w, BT_M_WATCH_NEWEST, copy, l->name);
}

/* Is every sound that <deliver> asks for among the edition's files? */
static void check_asked(struct watch *w, const struct bt_look *l, const struct bt_delivery *d)
{
    for (size_t i = 0; i < d->as.n; i++) {
        enum bt_format f;
        bool there = !bt_format_find(d->as.item[i], &f);
        for (size_t k = 0; !there && k < l->nfile; k++)
            there = bt_str_ends(bt_str(l->file[k].name), bt_str(bt_format_suffix(f)));
        if (!there)
            fault(w, BT_M_WATCH_FILE, l->path, d->as.item[i]);
    }
}

static void check_root(struct watch *w, const char *root)
{
    struct bt_looks all;
    const struct bt_look *l = NULL;
    bt_look_all(w->a, root, &all);
    for (size_t i = 0; i < all.n && !l; i++)
        l = strcmp(all.item[i].date, w->due.date) == 0 ? &all.item[i] : NULL;
    if (!l) {
        fault(w, BT_M_WATCH_NONE, w->due.date, root);
        return;
    }
    if (l->tier == BT_TIERS)
        fault(w, BT_M_WATCH_PROOF, l->path);
    else if (l->verdict == BT_WRONG)
        fault(w, BT_M_WATCH_VERDICT, l->path);
    else if (l->tier > BT_TIER_HEADLINES)
        fault(w, BT_M_WATCH_TIER, l->path, bt_tier_names[l->tier]);
    for (size_t i = 0; i < l->nfile; i++)
        check_file(w, root, &all, l, &l->file[i]);
    for (size_t i = 0; i < w->p.ndeliver; i++) {
        const char *to = w->o.out ? w->o.out : bt_path_join(w->a, w->p.dir, w->p.deliver[i].to);
        if (strcmp(bt_path_join(w->a, to, w->p.id), root) == 0)
            check_asked(w, l, &w->p.deliver[i]);
    }
}

/* ---- the command ---------------------------------------------------------------------------- */

static int watch(struct watch *w)
{
    struct bt_err err = {0};
    struct bt_words roots = bt_look_roots(w->a, &w->p, w->o.out);
    for (size_t i = 0; i < roots.n; i++)
        check_root(w, roots.item[i]);
    bool right = w->words.n == 0;
    const char *words =
        bt_format(w->a, "%s\n%s", bt_format(w->a, bt_msg(BT_M_ALARM_HEAD), w->p.title, w->due.date),
                  right ? "" : w->words.p);
    struct bt_trouble t = {.p = &w->p,
                           .state = bt_state_dir(w->a, w->o.state),
                           .kind = "watch",
                           .date = w->due.date,
                           .code = BT_ECHECK,
                           .words = right ? NULL : words};
    if (!bt_alarm(w->a, &t, &err))
        bt_tell_error(&w->teller, &err);
    if (right && !w->o.json)
        printf("%s\n", bt_format(w->a, bt_msg(BT_M_WATCH_RIGHT), w->due.date));
    return right ? BT_OK : BT_ECHECK;
}

int bt_cmd_watch(int argc, char **argv)
{
    struct watch w = {.a = bt_arena_create()};
    struct bt_words rest = {0};
    struct bt_err err = {0};
    int code = bt_command_open(w.a, options, BT_LEN(options), argc, argv, &w.o, &rest, 1, 1);
    bt_buf_init(&w.words, 1 << 16);
    if (code < 0) {
        bt_teller_init(&w.teller, w.o.json);
        if (!bt_programme_load(w.a, bt_programme_path(w.a, NULL, rest.item[0]), &w.p, &err) ||
            !(w.o.date ? bt_due_on(w.a, &w.p, w.o.date, &w.due, &err)
                       : bt_due_last(w.a, &w.p, &w.due, &err)))
            code = bt_tell_error(&w.teller, &err);
        else
            code = watch(&w);
    }
    bt_buf_finish(&w.words);
    bt_arena_destroy(w.a);
    return code;
}
