/* The run: one bulletin from the wire to the air, stage by stage. Prints nothing itself. */
#include "desk/run.h"
#include "desk/alarm.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define OPTION(name, kind, member, argument, help)                                                 \
    {                                                                                              \
        name, kind, offsetof(struct bt_run_options, member), argument, help                        \
    }

const struct bt_option bt_run_option[BT_OPTIONS_OF_MAKE] = {
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
    /* and for make, script and air */
    OPTION("length", BT_VALUE, length, "L", BT_M_OPT_LENGTH),
    OPTION("until", BT_VALUE, until, "STAGE", BT_M_OPT_UNTIL),
    OPTION("timing", BT_FLAG, timing, NULL, BT_M_OPT_TIMING),
    OPTION("stems", BT_VALUE, stems, "DIR", BT_M_OPT_STEMS),
};

struct bt_run *bt_run_create(const struct bt_run_options *o, struct bt_teller *t)
{
    struct bt_run *r = bt_xcalloc(1, sizeof(*r));
    r->a = bt_arena_create();
    r->o = *o;
    r->teller = t;
    r->ev = &t->events;
    r->first = BT_STAGE_NEWS;
    r->rate = 1.0;
    r->said_by = o->said_ms > 0 ? bt_clock_mono() + o->said_ms * INT64_C(1000000) : 0;
    return r;
}

void bt_run_destroy(struct bt_run *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->nedition; i++)
        bt_edition_abandon(&r->edition[i].e);
    for (size_t i = 0; i < r->nrendition; i++)
        bt_timeline_destroy(r->rendition[i].timeline);
    bt_wire_close(&r->wire);
    bt_speaker_destroy(r->speaker);
    bt_lang_destroy(r->lang);
    bt_arena_destroy(r->a);
    free(r);
}

/* --length is every delivery's. */
static bool set_length(struct bt_run *r, struct bt_err *err)
{
    struct bt_span length;
    if (!r->o.length)
        return true;
    if (!bt_length_parse(r->o.length, &length))
        return bt_fail(err, BT_EUSAGE, BT_M_LENGTH_WRONG, r->o.length);
    for (size_t i = 0; i < r->rundown.ndeliver; i++)
        r->rundown.deliver[i].length = length;
    return true;
}

/* ---- what goes in --------------------------------------------------------------------------- */

static bool edition_day(struct bt_run *r, struct bt_err *err)
{
    const char *date = r->o.date;
    if (!date) {
        r->day = bt_utc_civil(bt_now(), (int)r->programme.zone);
        return true;
    }
    return bt_date_parse(date, &r->day) || bt_fail(err, BT_EUSAGE, BT_M_DATE_WRONG, date);
}

bool bt_run_programme(struct bt_run *r, const char *path, struct bt_err *err)
{
    if (!bt_programme_load(r->a, bt_programme_path(r->a, r->o.voices, path), &r->programme, err) ||
        !edition_day(r, err))
        return false;
    r->rundown = (struct bt_rundown){
        /* enough to hold its editions; stage_script makes the rest */
        .programme = r->programme.id,
        .dir = r->programme.dir,
        .deliver = r->programme.deliver,
        .date = bt_format(r->a, "%04d-%02d-%02d", r->day.year, r->day.mon, r->day.day),
        .ndeliver = r->programme.ndeliver};
    return set_length(r, err);
}

bool bt_run_rundown(struct bt_run *r, const char *path, struct bt_err *err)
{
    r->first = BT_STAGE_TEXT;
    if (!bt_rundown_load(r->a, path, &r->rundown, err) || !set_length(r, err))
        return false;
    if (!bt_rundown_approve(&r->rundown))
        return bt_fail(err, BT_ENOTHING, BT_M_NO_APPROVED, path);
    const char *voices = bt_voices_dir(r->a, r->o.voices, err);
    if (!voices)
        return false;
    const char *pack = bt_pack_dir(r->a, voices, r->rundown.programme);
    if (!pack)
        return true; /* src is then relative to the rundown itself */
    r->rundown.dir = pack;
    char hex[BT_HASH];
    if (r->rundown.pack && bt_pack_hash(pack, hex, NULL) &&
        strcmp(r->rundown.pack, bt_format(r->a, "sha256:%s", hex)) != 0)
        bt_warn(r->ev, "script", NULL, BT_M_PACK_DIFFERS, pack);
    return true;
}

/* ---- stages --------------------------------------------------------------------------------- */

/* The sources of the command line, or those of the programme. */
static struct bt_source_spec *sources(struct bt_run *r, size_t *n)
{
    *n = r->o.source.n ? r->o.source.n : r->programme.nsource;
    if (!r->o.source.n)
        return r->programme.source;
    struct bt_source_spec *list = bt_alloc(r->a, *n * sizeof(*list));
    for (size_t i = 0; i < *n; i++) {
        char shown[BT_URL_PUBLIC];
        const char *href = r->o.source.item[i];
        list[i] = (struct bt_source_spec){.href = href,
                                          .name = bt_strdup(r->a, bt_url_public(href, shown)),
                                          .zone = (int)r->programme.zone};
    }
    return list;
}

/* Of the programme's own sources, when they were asked. */
static void keep_health(struct bt_run *r)
{
    struct bt_err err = {0};
    if (!r->o.source.n && !r->o.offline &&
        !bt_health_keep(r->a, bt_state_dir(r->a, r->o.state), r->programme.id, r->wire.health,
                        r->wire.nhealth, &err))
        bt_warn_err(r->ev, "news", r->programme.id, &err);
}

static bool stage_news(struct bt_run *r, struct bt_err *err)
{
    int wait = r->programme.wait_ms > 0 ? (int)r->programme.wait_ms : r->o.wait_ms;
    struct bt_wire_options o = {r->o.voices, r->o.cache, r->o.state, r->o.offline,
                                true,        true,       wait};
    struct bt_pick pick = bt_programme_pick(&r->programme, &r->day);
    size_t n, readable = 0;
    struct bt_source_spec *list = sources(r, &n);
    if (r->last == BT_STAGE_SCRIPT) /* a rundown is made to be approved; air holds the rest */
        pick.approved = false;
    if (!bt_wire_open(r->a, &o, r->ev, &r->wire, err))
        return false;
    r->wire.edition = (struct bt_edition_name){r->programme.id, r->rundown.date};
    r->wire.since = pick.from - BT_FILL_DAYS * 86400;
    for (size_t i = 0; i < n; i++) {
        readable += bt_wire_read(&r->wire, &list[i], &r->articles);
        bt_progress(r->ev, "news", list[i].name, (long)i + 1, (long)n);
    }
    keep_health(r);
    if (!readable)
        return bt_fail(err, BT_ENOTHING, BT_M_NO_SOURCE);
    r->aired = bt_wire_pick(&r->wire, &r->articles, pick);
    return true;
}

/* A tier reads less of each story; the headlines' own tier has no second reading of them. */
static void apply_tier(struct bt_run *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->rundown.ncue && r->o.tier != BT_TIER_FULL; i++) {
        struct bt_cue c = r->rundown.cue[i];
        bool headlines = r->o.tier == BT_TIER_HEADLINES;
        if (headlines && c.kind == BT_CUE_HEADLINES)
            continue;
        if (c.kind == BT_CUE_STORY)
            c.form = headlines ? BT_FORM_HEADLINE : BT_FORM_BRIEF;
        r->rundown.cue[kept++] = c;
    }
    if (r->o.tier != BT_TIER_FULL)
        r->rundown.ncue = kept;
}

/* The reason that most of what was found gives for not being aired. */
static const char *commonest_why(const struct bt_articles *list, long *count)
{
    const char *best = "";
    *count = 0;
    for (size_t i = 0; i < list->n; i++) {
        const char *why = list->item[i].why ? list->item[i].why : "";
        long same = 0;
        for (size_t k = 0; k < list->n; k++)
            same += list->item[k].why && strcmp(list->item[k].why, why) == 0;
        if (same > *count) {
            *count = same;
            best = why;
        }
    }
    return best;
}

static bool no_story(const struct bt_run *r, struct bt_err *err)
{
    long count;
    const char *why = commonest_why(&r->articles, &count);
    if (!r->articles.n)
        return bt_fail(err, BT_ENOTHING, BT_M_NO_ARTICLE, r->programme.id, r->rundown.date);
    return bt_fail(err, BT_ENOTHING, BT_M_NO_STORY, r->programme.id, r->rundown.date,
                   (long)r->articles.n, count, why);
}

static bool stage_script(struct bt_run *r, struct bt_err *err)
{
    char hex[BT_HASH];
    if (!r->aired)
        return no_story(r, err);
    if (!bt_pack_hash(r->programme.dir, hex, err))
        return false;
    bt_rundown_make(r->a, &r->programme, &r->day, &r->articles, bt_format(r->a, "sha256:%s", hex),
                    &r->rundown);
    apply_tier(r);
    return true;
}

enum bt_tier bt_run_tier(const struct bt_run *r)
{
    bool is_short = r->first == BT_STAGE_NEWS && r->aired < (size_t)r->programme.stories.least;
    if (r->done)
        return BT_TIER_FULL;
    return r->o.tier == BT_TIER_FULL && is_short ? BT_TIER_REDUCED : r->o.tier;
}

static bool load_voices(struct bt_run *r, struct bt_err *err)
{
    r->voices_dir = bt_voices_dir(r->a, r->o.voices, err);
    return r->voices_dir && bt_voices_load(r->a, r->voices_dir, &r->voices, err);
}

static bool all_known(const struct bt_run *r, const struct bt_words *names, struct bt_err *err)
{
    for (size_t i = 0; i < names->n; i++)
        if (!bt_voice_known(&r->voices, names->item[i], err))
            return false;
    return true;
}

/* Every presenter of the rundown is one that we have. */
static bool casting_right(struct bt_run *r, struct bt_err *err)
{
    for (size_t i = 0; i < r->rundown.ncue; i++) {
        const struct bt_cue *c = &r->rundown.cue[i];
        if (!all_known(r, &c->voice, err) || !all_known(r, &c->quotes, err))
            return bt_err_prefix(err, "%s:%d", r->rundown.file, c->line);
    }
    return true;
}

static void read_lines(struct bt_run *r)
{
    struct bt_casting casting = bt_casting_of(&r->voices);
    bt_text_lines(r->lang, &casting, r->a, &r->rundown, &r->lines);
}

static bool stage_text(struct bt_run *r, struct bt_err *err)
{
    if (!load_voices(r, err) || !casting_right(r, err) ||
        !bt_lang_load(r->voices_dir, r->rundown.dir, &r->lang, err))
        return false;
    read_lines(r);
    bt_progress(r->ev, "text", NULL, (long)r->lines.n, (long)r->lines.n);
    return r->lines.n > 0 || bt_fail(err, BT_ENOTHING, BT_M_NO_WORDS, r->rundown.file);
}

static bool speak(struct bt_run *r, struct bt_err *err)
{
    struct bt_speaker_options o = {
        .voices = r->voices_dir,
        .rate = r->rate,
        .edition = bt_format(r->a, "%s %s", r->rundown.programme, r->rundown.date),
        .hurry = r->o.tier != BT_TIER_FULL, /* a lower tier is tried because time is short */
        .by = r->said_by,
    };
    if (!r->o.no_store)
        o.store = bt_store_dir(r->a, r->o.cache);
    for (size_t i = 0; i < r->nrendition; i++)
        bt_timeline_destroy(r->rendition[i].timeline);
    bt_speaker_destroy(r->speaker);
    r->speaker = NULL;
    r->speech = bt_alloc(r->a, r->lines.n * sizeof(*r->speech));
    if (!bt_speaker_create(&r->voices, &o, &r->speaker, err) ||
        !bt_speak(r->speaker, r->a, &r->lines, r->speech, r->ev, err))
        return false;
    for (size_t i = 0; i < r->lines.n; i++)
        if (r->speech[i].frames > 0)
            return true;
    return bt_fail(err, BT_EINNER, BT_M_NO_SPEECH);
}

bool bt_run_say(struct bt_run *r, struct bt_err *err)
{
    read_lines(r);
    return speak(r, err);
}

static bool stage_voice(struct bt_run *r, struct bt_err *err)
{
    return speak(r, err) && bt_run_fit(r, err);
}

static const struct {
    const char *name;
    bool (*run)(struct bt_run *r, struct bt_err *err);
} stages[BT_STAGES] = {
    [BT_STAGE_NEWS] = {"news", stage_news}, [BT_STAGE_SCRIPT] = {"script", stage_script},
    [BT_STAGE_TEXT] = {"text", stage_text}, [BT_STAGE_VOICE] = {"voice", stage_voice},
    [BT_STAGE_MIX] = {"mix", bt_run_mix},   [BT_STAGE_AIR] = {"air", bt_run_air},
};

const char *bt_stage_name(enum bt_stage s)
{
    return stages[s].name;
}

bool bt_stage_find(const char *name, enum bt_stage *out)
{
    for (int i = 0; i < BT_STAGES; i++)
        if (strcmp(stages[i].name, name) == 0) {
            *out = (enum bt_stage)i;
            return true;
        }
    return false;
}

static double cpu_of(int who)
{
    struct rusage u;
    if (getrusage(who, &u) != 0)
        return 0;
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

struct bt_spent bt_spent_now(void)
{
    return (struct bt_spent){(double)bt_clock_mono() / 1e9,
                             cpu_of(RUSAGE_SELF) + cpu_of(RUSAGE_CHILDREN)};
}

struct bt_spent bt_spent_since(struct bt_spent began)
{
    struct bt_spent now = bt_spent_now();
    return (struct bt_spent){now.wall - began.wall, now.cpu - began.cpu};
}

bool bt_run_go(struct bt_run *r, enum bt_stage last, struct bt_err *err)
{
    r->last = last;
    if (last == BT_STAGE_AIR && !bt_run_open_editions(r, err))
        return false;
    for (enum bt_stage s = r->first; s <= last && !r->done; s++) {
        struct bt_spent began = bt_spent_now();
        if (!stages[s].run(r, err))
            return false;
        r->spent[s] = bt_spent_since(began);
    }
    return true;
}
