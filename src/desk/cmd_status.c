/* status: how things stand, in one screen, as JSON, or as text for Prometheus. Changes nothing. */
#include "desk/alarm.h"
#include "desk/look.h"
#include "desk/tier.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum { EDITIONS = 7, RUNS = 200, TOLD_RUNS = 3 };

struct options {
    const char *out, *state;
    bool json, prometheus;
};
static const struct bt_option options[] = {
    {"out", BT_VALUE, offsetof(struct options, out), "DIR", BT_M_OPT_OUT},
    {"state", BT_VALUE, offsetof(struct options, state), "DIR", BT_M_OPT_STATE},
    {"json", BT_FLAG, offsetof(struct options, json), NULL, BT_M_OPT_STATUS_JSON},
    {"prometheus", BT_FLAG, offsetof(struct options, prometheus), NULL, BT_M_OPT_PROMETHEUS},
};

struct folder { /* one OUT/<programme> */
    const char *root;
    struct bt_looks all;
    int64_t bytes, free; /* free -1: not known */
    double age_h;        /* of the newest, since its air time; NAN: none */
};
struct status { /* of one programme */
    struct bt_programme p;
    struct folder *folder;
    size_t nfolder;
    struct bt_entry run[RUNS]; /* the newest first */
    size_t nrun;
    struct bt_health *source;
    size_t nsource;
};

static const char *const verdicts[] = {"right", "doubtful", "wrong"};

static const char *tier_name(enum bt_tier t)
{
    return t < BT_TIERS ? bt_tier_names[t] : "?";
}

/* ---- gathering ------------------------------------------------------------------------------ */

/* Seconds; NAN: never. */
static double since(int64_t then)
{
    return then == BT_NO_TIME ? (double)NAN : (double)(bt_now() - then);
}

static void look_at(struct bt_arena *a, const struct bt_programme *p, const char *root,
                    struct folder *f)
{
    struct statvfs fs;
    struct bt_due due;
    *f = (struct folder){.root = root, .free = -1, .age_h = NAN};
    bt_look_all(a, root, &f->all);
    for (size_t i = 0; i < f->all.n; i++)
        f->bytes += f->all.item[i].bytes;
    if (statvfs(root, &fs) == 0)
        f->free = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    if (f->all.n && bt_due_on(a, p, f->all.item[0].date, &due, NULL))
        f->age_h = (double)(bt_now() - due.air) / 3600;
}

static bool gather(struct bt_arena *a, const struct options *o, const char *path, struct status *s,
                   struct bt_err *err)
{
    if (!bt_programme_load(a, bt_programme_path(a, NULL, path), &s->p, err))
        return false;
    struct bt_words roots = bt_look_roots(a, &s->p, o->out);
    for (size_t i = 0; i < roots.n; i++)
        look_at(a, &s->p, roots.item[i], bt_push(a, &s->folder, &s->nfolder, sizeof(*s->folder)));
    const char *state = bt_state_dir(a, o->state);
    s->nrun = bt_journal_read(a, state, s->p.id, RUNS, s->run);
    s->nsource = bt_health_read(a, state, s->p.id, &s->source);
    return true;
}

/* ---- one screen ----------------------------------------------------------------------------- */

static void say(enum bt_msg id, ...)
{
    va_list ap;
    char words[4096];
    va_start(ap, id);
    bt_vmsg(words, sizeof(words), id, ap);
    va_end(ap);
    puts(words);
}

static void say_edition(const struct bt_look *l)
{
    const struct bt_look_file *f = l->nfile ? &l->file[0] : NULL;
    long s = f && isfinite(f->seconds) ? lround(f->seconds) : 0;
    char loudness[BT_NUMBER], size[BT_NUMBER];
    printf("  %-13s %-10s %3ld:%02ld  %6s LUFS  %-8s %5s MB%s\n", l->name, tier_name(l->tier),
           s / 60, s % 60, bt_number(f ? f->loudness : (double)NAN, 1, loudness),
           verdicts[l->verdict], bt_number((double)l->bytes / 1e6, 1, size),
           l->kept ? "  .keep" : "");
}

static void say_folder(const struct folder *f)
{
    printf("  %s\n", f->root);
    for (size_t i = 0; i < f->all.n && i < EDITIONS; i++)
        say_edition(&f->all.item[i]);
    if (!f->all.n)
        say(BT_M_STATUS_EMPTY);
    else
        say(BT_M_STATUS_AGE, f->age_h);
    say(BT_M_STATUS_DISK, (double)f->bytes / 1e6, (double)f->free / 1e9);
}

/* Hours since then, or "?". */
static const char *hours(int64_t then, char out[24])
{
    snprintf(out, 24, "%.1f", since(then) / 3600);
    return then == BT_NO_TIME ? "?" : out;
}

static void say_sources(const struct status *s)
{
    for (size_t i = 0; i < s->nsource; i++) {
        const struct bt_health *h = &s->source[i];
        char clock[32], good[24], newest[24];
        say(BT_M_STATUS_SOURCE, h->name, hours(h->good, good), hours(h->newest, newest));
        if (h->failing != BT_NO_TIME)
            say(BT_M_STATUS_SOURCE_FAILS, h->name, bt_iso_format(h->failing, (int)s->p.zone, clock),
                h->words ? h->words : "");
    }
}

static void say_runs(const struct status *s)
{
    int told = 0;
    for (size_t i = 0; i < s->nrun && told < TOLD_RUNS; i++) {
        const struct bt_entry *e = &s->run[i];
        char clock[32];
        if (i > 0 && e->code == BT_OK)
            continue;    /* the last one, and those that had trouble */
        char first[256]; /* line of it */
        snprintf(first, sizeof(first), "%.*s", (int)strcspn(e->words, "\n"), e->words);
        say(BT_M_STATUS_RUN, bt_iso_format(e->at, (int)s->p.zone, clock), e->code, e->seconds,
            *first ? ": " : "", first);
        told++;
    }
}

static void say_status(const struct status *s)
{
    say(BT_M_STATUS_HEAD, s->p.title, s->p.id, (int)(s->p.air_s / 3600),
        (int)(s->p.air_s / 60 % 60));
    for (size_t i = 0; i < s->nfolder; i++)
        say_folder(&s->folder[i]);
    say_sources(s);
    say_runs(s);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static json_t *number(double v)
{
    return isfinite(v) ? json_real(v) : json_null();
}

static json_t *edition_object(const struct bt_look *l)
{
    const struct bt_look_file *f = l->nfile ? &l->file[0] : NULL;
    return json_pack("{ss ss ss ss so so sI sb}", "name", l->name, "date", l->date, "tier",
                     tier_name(l->tier), "verdict", verdicts[l->verdict], "seconds",
                     number(f ? f->seconds : (double)NAN), "loudness",
                     number(f ? f->loudness : (double)NAN), "bytes", (json_int_t)l->bytes, "kept",
                     l->kept);
}

static json_t *folder_object(const struct folder *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->all.n; i++)
        json_array_append_new(list, edition_object(&f->all.item[i]));
    return json_pack("{ss so so sI sI}", "folder", f->root, "editions", list, "age-hours",
                     number(f->age_h), "bytes", (json_int_t)f->bytes, "free", (json_int_t)f->free);
}

static json_t *time_or_null(int64_t t, int64_t zone)
{
    char clock[32];
    return t == BT_NO_TIME ? json_null() : json_string(bt_iso_format(t, (int)zone, clock));
}

static json_t *sources_array(const struct status *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->nsource; i++) {
        const struct bt_health *h = &s->source[i];
        json_array_append_new(list,
                              json_pack("{ss so so so so so ss?}", "name", h->name, "good",
                                        time_or_null(h->good, s->p.zone), "good-age-hours",
                                        number(since(h->good) / 3600), "newest",
                                        time_or_null(h->newest, s->p.zone), "newest-age-hours",
                                        number(since(h->newest) / 3600), "failing-since",
                                        time_or_null(h->failing, s->p.zone), "error", h->words));
    }
    return list;
}

static json_t *status_object(const struct status *s)
{
    json_t *folders = json_array(), *runs = json_array();
    char clock[32];
    for (size_t i = 0; i < s->nfolder; i++)
        json_array_append_new(folders, folder_object(&s->folder[i]));
    for (size_t i = 0; i < s->nrun && i < EDITIONS; i++)
        json_array_append_new(runs,
                              json_pack("{ss ss si sf ss}", "at",
                                        bt_iso_format(s->run[i].at, (int)s->p.zone, clock), "date",
                                        s->run[i].date, "code", s->run[i].code, "seconds",
                                        s->run[i].seconds, "words", s->run[i].words));
    return json_pack("{ss ss so so so}", "programme", s->p.id, "title", s->p.title, "folders",
                     folders, "sources", sources_array(s), "runs", runs);
}

static void say_json(const struct status *s, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, status_object(&s[i]));
    json_dumpf(list, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(list);
}

/* ---- Prometheus ----------------------------------------------------------------------------- */

static double last_tier(const struct status *s, const struct folder *f)
{
    (void)s;
    return f->all.n ? (double)f->all.item[0].tier : (double)NAN;
}
static double last_verdict(const struct status *s, const struct folder *f)
{
    (void)s;
    return f->all.n ? (double)f->all.item[0].verdict : (double)NAN;
}
static double last_age(const struct status *s, const struct folder *f)
{
    (void)s;
    return f->age_h * 3600;
}
static double last_seconds(const struct status *s, const struct folder *f)
{
    (void)s;
    return f->all.n && f->all.item[0].nfile ? f->all.item[0].file[0].seconds : (double)NAN;
}
static double last_loudness(const struct status *s, const struct folder *f)
{
    (void)s;
    return f->all.n && f->all.item[0].nfile ? f->all.item[0].file[0].loudness : (double)NAN;
}
static double bytes_used(const struct status *s, const struct folder *f)
{
    (void)s;
    return (double)f->bytes;
}
static double bytes_free(const struct status *s, const struct folder *f)
{
    (void)s;
    return (double)f->free;
}
static double run_code(const struct status *s, const struct folder *f)
{
    (void)f;
    return s->nrun ? (double)s->run[0].code : (double)NAN;
}
static double run_seconds(const struct status *s, const struct folder *f)
{
    (void)f;
    return s->nrun ? s->run[0].seconds : (double)NAN;
}

static const struct {
    const char *name, *help;
    double (*value)(const struct status *s, const struct folder *f);
} gauges[] = {
    {"edition_tier", "0 full, 1 reduced, 2 headlines, 3 last good, 4 evergreen", last_tier},
    {"edition_verdict", "0 right, 1 doubtful, 2 wrong", last_verdict},
    {"edition_age_seconds", "since the air time of the newest edition", last_age},
    {"edition_length_seconds", "of the newest edition", last_seconds},
    {"edition_loudness_lufs", "of the newest edition", last_loudness},
    {"folder_bytes", "in all editions", bytes_used},
    {"folder_free_bytes", "on the file system", bytes_free},
    {"run_code", "exit code of the last run", run_code},
    {"run_seconds", "length of the last run", run_seconds},
};

static double good_age(const struct bt_health *h)
{
    return since(h->good);
}
static double newest_age(const struct bt_health *h)
{
    return since(h->newest);
}
static double failing_age(const struct bt_health *h)
{
    return h->failing == BT_NO_TIME ? 0 : since(h->failing);
}

static const struct {
    const char *name, *help;
    double (*value)(const struct bt_health *h);
} source_gauges[] = {
    {"source_good_age_seconds", "since it was last read well", good_age},
    {"source_newest_age_seconds", "of its newest article", newest_age},
    {"source_failing_seconds", "since it began to fail; 0: it does not", failing_age},
};

/* A label's value: backslash, quote and line end escaped. */
static void label(const char *s)
{
    for (; *s; s++) {
        if (*s == '\\' || *s == '"')
            putchar('\\');
        if (*s == '\n')
            fputs("\\n", stdout);
        else
            putchar(*s);
    }
}

static void say_gauge(const char *name, const char *help)
{
    printf("# HELP bantin_%s %s\n# TYPE bantin_%s gauge\n", name, help, name);
}

static void say_sample(const char *name, const char *programme, const char *of, const char *what,
                       double v)
{
    if (!isfinite(v))
        return;
    printf("bantin_%s{programme=\"", name);
    label(programme);
    printf("\",%s=\"", of);
    label(what);
    printf("\"} %.15g\n", v);
}

static void say_prometheus(const struct status *s, size_t n)
{
    for (size_t g = 0; g < BT_LEN(gauges); g++) {
        say_gauge(gauges[g].name, gauges[g].help);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < s[i].nfolder; k++)
                say_sample(gauges[g].name, s[i].p.id, "folder", s[i].folder[k].root,
                           gauges[g].value(&s[i], &s[i].folder[k]));
    }
    for (size_t g = 0; g < BT_LEN(source_gauges); g++) {
        say_gauge(source_gauges[g].name, source_gauges[g].help);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < s[i].nsource; k++)
                say_sample(source_gauges[g].name, s[i].p.id, "source", s[i].source[k].name,
                           source_gauges[g].value(&s[i].source[k]));
    }
}

/* ---- the command ---------------------------------------------------------------------------- */

int bt_cmd_status(int argc, char **argv)
{
    struct bt_arena *a = bt_arena_create();
    struct options o = {0};
    struct bt_words path = {0};
    struct bt_teller t;
    int code = bt_command_open(a, options, BT_LEN(options), argc, argv, &o, &path, 1, SIZE_MAX);
    if (code < 0) {
        struct status *s = bt_alloc(a, path.n * sizeof(*s));
        size_t n = 0;
        bt_teller_init(&t, false);
        code = BT_OK;
        for (size_t i = 0; i < path.n; i++) {
            struct bt_err err = {0};
            if (gather(a, &o, path.item[i], &s[n], &err))
                n++;
            else
                code = bt_tell_error(&t, &err);
        }
        if (o.json)
            say_json(s, n);
        else if (o.prometheus)
            say_prometheus(s, n);
        for (size_t i = 0; i < n && !o.json && !o.prometheus; i++)
            say_status(&s[i]);
    }
    bt_arena_destroy(a);
    return code;
}
