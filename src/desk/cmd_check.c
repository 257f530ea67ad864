/*
 * check: any file of ours, by its kind. Sound gets the proof, against the proof.json, the rundown
 * and the timing table beside it, or what the options ask; programmes, rundowns, tables and voices
 * are loaded and their errors told.
 */
#include "desk/desk.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { XML_MAX = 64 << 20, JSON_MAX = 16 << 20 };

struct check_options {
    const char *loudness, *peak, *voices, *date;
    bool dual_mono, json;
};
static const struct bt_option options[] = {
    {"loudness", BT_VALUE, offsetof(struct check_options, loudness), "LUFS", BT_M_OPT_LOUDNESS},
    {"peak", BT_VALUE, offsetof(struct check_options, peak), "dBTP", BT_M_OPT_PEAK},
    {"date", BT_VALUE, offsetof(struct check_options, date), "D", BT_M_OPT_CHECK_DATE},
    {"dual-mono", BT_FLAG, offsetof(struct check_options, dual_mono), NULL, BT_M_OPT_DUAL_MONO},
    {"voices", BT_VALUE, offsetof(struct check_options, voices), "DIR", BT_M_OPT_VOICES},
    {"json", BT_FLAG, offsetof(struct check_options, json), NULL, BT_M_OPT_CHECK_JSON},
};

struct check {
    struct bt_arena *a;
    struct check_options o;
    struct bt_want want;     /* of sound without a proof.json */
    struct bt_voices voices; /* to know the presenters of a programme */
    struct bt_proof *proof;
    size_t n;
};

static void add_line(struct check *c, struct bt_proof *p, const char *what, enum bt_verdict v,
                     const char *words)
{
    struct bt_proof_line *l = bt_push(c->a, &p->line, &p->n, sizeof(*l));
    *l = (struct bt_proof_line){what, v, NAN, NAN, bt_strdup(c->a, words)};
    p->verdict = v > p->verdict ? v : p->verdict;
}

/* ---- sound ---- */

/* JSON has numbers that no integer holds. */
static double within(double v, double most)
{
    return fmin(fmax(v, -1), most);
}

static void want_line(struct bt_want *w, const char *what, double v)
{
    if (strcmp(what, "loudness") == 0)
        w->loudness = v;
    else if (strcmp(what, "peak") == 0)
        w->peak = v;
    else if (strcmp(what, "length") == 0)
        w->frames = (int64_t)within(v, 1e15);
    else if (strcmp(what, "channels") == 0)
        w->channels = (int)within(v, 1e6);
    else if (strcmp(what, "silence") == 0)
        w->silence_s = v;
}

/* A number of frames or syllables that a file may have. */
static bool counts(int64_t n)
{
    return n >= 0 && n < INT64_C(1) << 48;
}

/* The items, whose stories are to hold their speech. */
static void want_items(struct check *c, struct bt_want *w, const json_t *items)
{
    size_t i, n = 0;
    json_t *o;
    struct bt_spoken *item = NULL;
    json_array_foreach(items, i, o)
    {
        const char *id = json_string_value(json_object_get(o, "id"));
        const json_t *syllables = json_object_get(o, "syllables");
        struct bt_spoken *s = bt_push(c->a, &item, &n, sizeof(*s));
        *s = (struct bt_spoken){.id = bt_strdup(c->a, id ? id : "-"),
                                .from = json_integer_value(json_object_get(o, "from")),
                                .frames = json_integer_value(json_object_get(o, "frames")),
                                .story = json_is_integer(syllables),
                                .syllables = (long)json_integer_value(syllables)};
        if (!counts(s->from) || !counts(s->frames) || !counts(s->syllables))
            *s = (struct bt_spoken){.id = "-"};
    }
    w->item = item;
    w->nitem = n;
}

static bool want_file(struct check *c, struct bt_want *w, const json_t *file, const char *name)
{
    size_t i;
    json_t *line;
    const char *its = json_string_value(json_object_get(file, "file"));
    if (!its || strcmp(its, name) != 0)
        return false;
    w->dual_mono = json_is_true(json_object_get(file, "dual-mono"));
    json_array_foreach(json_object_get(file, "lines"), i, line)
    {
        const char *what = json_string_value(json_object_get(line, "what"));
        const json_t *v = json_object_get(line, "want");
        if (what && json_is_number(v))
            want_line(w, what, json_number_value(v));
    }
    want_items(c, w, json_object_get(file, "items"));
    return true;
}

/* A sound file in its edition: beside it lie its proof.json, its rundown and its timing table. */
struct place {
    const char *dir, *name;
};

/* The copy "moi-nhat.wav" has its edition in a folder of its day, where it is "<stem>.wav". */
static struct place place_of(struct check *c, const char *path)
{
    static const char newest[] = "moi-nhat";
    const char *slash = strrchr(path, '/'), *dir = bt_path_dir(c->a, path);
    struct place p = {dir, slash ? slash + 1 : path};
    struct bt_tags tags;
    if (strncmp(p.name, newest, strlen(newest)) != 0 || !bt_tags_read(c->a, path, &tags, NULL) ||
        !tags.date)
        return p;
    char *real = realpath(dir, NULL);
    const char *programme = real ? strrchr(real, '/') : NULL;
    const char *edition = bt_path_join(c->a, dir, tags.date);
    for (int i = 2; bt_file_exists(edition); i++) {
        p.dir = edition;
        edition = bt_format(c->a, "%s/%s.%d", dir, tags.date, i);
    }
    if (programme && p.dir != dir)
        p.name = bt_format(c->a, "%s-%s%s", programme + 1, tags.date, p.name + strlen(newest));
    free(real);
    return p;
}

/* "thnm-sang-2025-11-25" of "thnm-sang-2025-11-25.24k.opus". */
static const char *stem_of(struct check *c, const char *name)
{
    size_t most = 0;
    for (int f = 0; f < BT_FORMATS; f++) {
        const char *suffix = bt_format_suffix((enum bt_format)f);
        if (strlen(suffix) > most && bt_str_ends(bt_str(name), bt_str(suffix)))
            most = strlen(suffix);
    }
    return bt_strndup(c->a, name, strlen(name) - most);
}

/* What its tags should say, by the rundown and the timing table; without them, nothing. */
static void want_tags(struct check *c, const struct place *p, struct bt_want *w)
{
    const char *rundown = bt_path_join(c->a, p->dir, "rundown.xml");
    const char *timing = bt_format(c->a, "%s/timing-%s.tsv", p->dir, stem_of(c, p->name));
    struct bt_rundown *r = bt_alloc(c->a, sizeof(*r));
    struct bt_timing t;
    struct bt_buf b;
    if (!bt_file_exists(timing))
        timing = bt_path_join(c->a, p->dir, "timing.tsv");
    bt_buf_init(&b, XML_MAX);
    if (bt_file_read(timing, XML_MAX, &b, NULL) && bt_rundown_load(c->a, rundown, r, NULL) &&
        bt_timing_parse(c->a, timing, bt_buf_str(&b), r, &t, NULL)) {
        struct bt_tags *tags = bt_alloc(c->a, sizeof(*tags));
        t.frames = w->frames;
        bt_tags_make(c->a, r, &t, NULL, NULL, tags);
        w->tags = tags;
    }
    bt_buf_finish(&b);
}

/* What the run that made the file asked of it stands in the proof.json beside it. */
static struct bt_want want_of(struct check *c, const char *path)
{
    struct bt_want w = c->want, made = {.silence_s = c->want.silence_s};
    struct place p = place_of(c, path);
    const char *beside = bt_path_join(c->a, p.dir, "proof.json");
    struct bt_buf b;
    bt_buf_init(&b, JSON_MAX);
    if (c->o.loudness || c->o.peak || !bt_file_read(beside, JSON_MAX, &b, NULL)) {
        bt_buf_finish(&b);
        return w;
    }
    json_t *o = json_loadb(b.p ? b.p : "", b.n, 0, NULL), *file;
    size_t i;
    json_array_foreach(json_object_get(o, "files"), i, file)
    {
        if (want_file(c, &made, file, p.name)) {
            w = made;
            want_tags(c, &p, &w);
        }
    }
    json_decref(o);
    bt_buf_finish(&b);
    return w;
}

/* Yesterday's file under today's name is whole and loud, and wrong. */
static void check_date(struct check *c, const char *path, struct bt_proof *p)
{
    struct bt_tags tags;
    const char *date = bt_tags_read(c->a, path, &tags, NULL) ? tags.date : NULL;
    bool right = date && strcmp(date, c->o.date) == 0;
    add_line(c, p, "date", right ? BT_RIGHT : BT_WRONG,
             bt_format(c->a, bt_msg(BT_M_CHECK_DATE), date ? date : "-", c->o.date));
}

static void check_sound(struct check *c, const char *path, struct bt_proof *p)
{
    struct bt_want w = want_of(c, path);
    struct bt_err err = {0};
    if (!bt_proof_file(c->a, path, &w, p, &err))
        add_line(c, p, "decode", BT_WRONG, err.msg);
    if (c->o.date)
        check_date(c, path, p);
}

/* ---- what is loaded ---- */

/* What a make would find only when it speaks: sounds that are not there or no sound, presenters
 * that we have not. */
static void check_casting(struct check *c, struct bt_proof *p, const struct bt_row *here,
                          const struct bt_words *names)
{
    struct bt_err err = {0};
    for (size_t k = 0; c->voices.n && k < names->n; k++) {
        if (bt_voice_known(&c->voices, names->item[k], &err))
            continue;
        bt_err_prefix(&err, "%s:%d", here->file, here->line);
        add_line(c, p, "voice", BT_WRONG, err.msg);
    }
}

static void check_cue(struct check *c, struct bt_proof *p, const char *file, const char *dir,
                      const struct bt_cue *cue)
{
    const char *src[] = {cue->src, cue->sting, cue->bed};
    struct bt_row here = {.file = file, .line = cue->line};
    struct bt_err err = {0};
    for (size_t k = 0; k < BT_LEN(src); k++) {
        const char *path = src[k] ? bt_path_join(c->a, dir, src[k]) : NULL;
        struct bt_err why = {0};
        if (!path || bt_pcm_probe(path, &why))
            continue;
        if (bt_file_exists(path))
            bt_row_fail(&err, &here, BT_M_CHECK_BAD_SOUND, src[k], why.msg);
        else
            bt_row_fail(&err, &here, BT_M_CHECK_NO_SOUND, src[k]);
        add_line(c, p, "sound", BT_WRONG, err.msg);
    }
    check_casting(c, p, &here, &cue->voice);
    check_casting(c, p, &here, &cue->quotes);
}

static void check_cues(struct check *c, struct bt_proof *p, const char *file, const char *dir,
                       const struct bt_cue *cue, size_t n)
{
    const char *voices = c->voices.n ? NULL : bt_voices_dir(c->a, c->o.voices, NULL);
    if (voices)
        bt_voices_load(c->a, voices, &c->voices, NULL);
    for (size_t i = 0; i < n; i++)
        check_cue(c, p, file, dir, &cue[i]);
}

static bool load_xml(struct check *c, const char *path, struct bt_proof *p, struct bt_err *err)
{
    struct bt_buf b;
    bt_buf_init(&b, XML_MAX);
    bool ok = bt_file_read(path, XML_MAX, &b, err);
    bool rundown = ok && bt_str_find(bt_buf_str(&b), BT_STR("<rundown")) >= 0;
    bt_buf_finish(&b);
    struct bt_rundown r;
    struct bt_programme g;
    struct bt_faults faults;
    if (!ok)
        return false;
    if (rundown)
        bt_rundown_judge(c->a, path, &r, &faults);
    else
        bt_programme_judge(c->a, path, &g, &faults);
    for (size_t i = 0; i < faults.n; i++)
        add_line(c, p, "load", BT_WRONG, faults.item[i].msg);
    if (rundown)
        check_cues(c, p, path, r.dir, r.cue, r.ncue);
    else
        check_cues(c, p, path, g.dir, g.order, g.norder);
    return true;
}

/* Words of the language or of a station are loaded as a make does it; other tables as tables. */
static bool load_table(struct check *c, const char *path, struct bt_proof *p, struct bt_err *err)
{
    (void)p;
    struct bt_buf b;
    struct bt_table t;
    const char *dir = bt_path_dir(c->a, path);
    const char *up = bt_path_dir(c->a, dir), *slash = strrchr(path, '/');
    bool station = strcmp(slash ? slash + 1 : path, "lexicon.tsv") == 0;
    bool language = bt_str_ends(bt_str(dir), BT_STR("/vi"));
    bt_buf_init(&b, XML_MAX);
    bool ok = bt_file_read(path, XML_MAX, &b, err) &&
              bt_table_parse(c->a, path, bt_buf_str(&b), 1, 99, &t, err);
    bt_buf_finish(&b);
    const char *voices = ok && station ? bt_voices_dir(c->a, c->o.voices, err) : up;
    struct bt_lang *l = NULL;
    if (ok && (station || language))
        ok = voices && bt_lang_load(voices, station ? dir : NULL, &l, err);
    bt_lang_destroy(l);
    return ok;
}

static bool load_voice(struct check *c, const char *path, struct bt_proof *p, struct bt_err *err)
{
    (void)p;
    struct bt_voices v = {0};
    return bt_voices_load(c->a, bt_path_dir(c->a, path), &v, err);
}

static const struct {
    const char *suffix;
    bool (*load)(struct check *c, const char *path, struct bt_proof *p, struct bt_err *err);
} kinds[] = {
    {".xml", load_xml},
    {".tsv", load_table},
    {".voice", load_voice},
};

static void check_file(struct check *c, const char *path)
{
    struct bt_proof p = {0};
    struct bt_err err = {0};
    size_t k = 0;
    while (k < BT_LEN(kinds) && !bt_str_ends(bt_str(path), bt_str(kinds[k].suffix)))
        k++;
    if (k == BT_LEN(kinds))
        check_sound(c, path, &p);
    else if (!kinds[k].load(c, path, &p, &err))
        add_line(c, &p, "load", BT_WRONG, err.msg);
    else if (p.verdict == BT_RIGHT)
        add_line(c, &p, "load", BT_RIGHT, bt_msg(BT_M_CHECK_LOADED));
    p.file = path;
    *(struct bt_proof *)bt_push(c->a, &c->proof, &c->n, sizeof(p)) = p;
}

/* ---- telling ---- */

static void tell_words(const struct check *c)
{
    static const enum bt_msg verdicts[] = {BT_M_CHECK_RIGHT, BT_M_CHECK_DOUBTFUL, BT_M_CHECK_WRONG};
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->proof[i].n; k++) {
            const struct bt_proof_line *l = &c->proof[i].line[k];
            if (bt_str_starts(bt_str(l->words), bt_str(c->proof[i].file)))
                puts(l->words); /* file:line: … as an editor wants it */
            else
                printf("%s: %s: %s\n", c->proof[i].file, bt_msg(verdicts[l->verdict]), l->words);
        }
}

static void tell_json(const struct check *c)
{
    struct bt_buf b;
    bt_buf_init(&b, SIZE_MAX / 2);
    bt_proof_json(c->proof, c->n, NULL, &b);
    fwrite(b.p, 1, b.n, stdout);
    bt_buf_finish(&b);
}

static bool number(const char *s, double otherwise, double *out)
{
    char *end;
    *out = s ? strtod(s, &end) : otherwise;
    return !s || (*s && !*end && isfinite(*out));
}

static bool read_wants(struct check *c)
{
    const char *wrong = NULL;
    c->want = (struct bt_want){.silence_s = 2.0, .dual_mono = c->o.dual_mono};
    if (!number(c->o.loudness, -23, &c->want.loudness))
        wrong = c->o.loudness;
    if (!number(c->o.peak, -1, &c->want.peak))
        wrong = c->o.peak;
    struct bt_civil day;
    if (!wrong && c->o.date && !bt_date_parse(c->o.date, &day)) {
        fprintf(stderr, "bantin check: ");
        fprintf(stderr, bt_msg(BT_M_DATE_WRONG), c->o.date);
        fputc('\n', stderr);
        return false;
    }
    if (wrong) {
        fprintf(stderr, "bantin check: ");
        fprintf(stderr, bt_msg(BT_M_CHECK_NUMBER), wrong);
        fputc('\n', stderr);
    }
    return !wrong;
}

int bt_cmd_check(int argc, char **argv)
{
    struct check c = {.a = bt_arena_create()};
    struct bt_words files = {0};
    int code =
        bt_command_open(c.a, options, BT_LEN(options), argc, argv, &c.o, &files, 1, SIZE_MAX);
    if (code < 0 && !read_wants(&c))
        code = BT_EUSAGE;
    if (code < 0) {
        code = BT_OK;
        for (size_t i = 0; i < files.n; i++) {
            check_file(&c, files.item[i]);
            if (c.proof[i].verdict == BT_WRONG)
                code = BT_ECHECK;
        }
        c.o.json ? tell_json(&c) : tell_words(&c);
    }
    bt_arena_destroy(c.a);
    return code;
}
