/*
 * Presenters: voices/NAME.voice, one key and its values a line, in tab-separated columns. Knows
 * the keys and their limits; knows not what an engine does with them.
 */
#include "voice/engine.h"

#include <errno.h>
#include <glob.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    IN_VOICE = 1,
    IN_SHAPE = 2,
    IN_ANY = 4,
    IN_ESPEAK = 8,
    IN_TONE = 16,
    IN_COMMAND = 32,
    IN_HTTP = 64,
    IN_WYOMING = 128,
    IN_RECORDED = 256,
    IN_FOREIGN = IN_COMMAND | IN_HTTP | IN_WYOMING,
};
enum kind { TEXT, INTEGER, NUMBER, CHOICE, YES, FLAGS, WORDS, LINES, ENGINE, BAND, COMPRESS };

struct key {
    const char *name;
    int where; /* an IN_… */
    enum kind kind;
    size_t at; /* in bt_voice, bt_shape or bt_link */
    double least, most;
    const char *const *words; /* CHOICE, FLAGS */
};

/* Keys that do not decide what is heard, or whose file is hashed itself. */
static const char *const silent_keys[] = {"timeout", "at-once",  "retries", "file", "index",
                                          "key-env", "key-file", "header",  NULL};

static const char *const dialects[] = {"north", "central", "south", NULL};
static const char *const texts[] = {"spoken", "written", NULL};
static const char *const formats[] = {"file", "s16", NULL};
static const char *const yes_no[] = {"no", "yes", NULL};
static const char *const styles[] = {
    "south-thousand", "south-and",   "plain-four", "decimal-number",
    "short-year",     "keep-suffix", NULL};
static const size_t style_at[] = {
    offsetof(struct bt_style, south_thousand), offsetof(struct bt_style, south_and),
    offsetof(struct bt_style, plain_four),     offsetof(struct bt_style, decimal_number),
    offsetof(struct bt_style, short_year),     offsetof(struct bt_style, keep_suffix)};

#define VOICE(f) offsetof(struct bt_voice, f)
#define SHAPE(f) offsetof(struct bt_shape, f)
#define LINK(f) offsetof(struct bt_link, f)
static const struct key keys[] = {
    {"title", IN_VOICE, TEXT, VOICE(title), 0, 0, NULL},
    {"dialect", IN_VOICE, CHOICE, VOICE(dialect), 0, 0, dialects},
    {"style", IN_VOICE, FLAGS, VOICE(style), 0, 0, styles},
    {"highpass", IN_SHAPE, NUMBER, SHAPE(highpass), 20, 500, NULL},
    {"band", IN_SHAPE, BAND, 0, 0, 0, NULL},
    {"compress", IN_SHAPE, COMPRESS, 0, 0, 0, NULL},
    {"gain", IN_SHAPE, NUMBER, SHAPE(gain), -24, 24, NULL},
    {"engine", IN_VOICE, ENGINE, 0, 0, 0, NULL},
    {"timeout", IN_ANY, INTEGER, LINK(timeout_ms), 10, 600000, NULL},
    {"file", IN_ESPEAK, TEXT, LINK(file), 0, 0, NULL},
    {"rate", IN_ESPEAK, INTEGER, LINK(wpm), 80, 450, NULL},
    {"volume", IN_ESPEAK, INTEGER, LINK(volume), 10, 70, NULL},
    {"pitch", IN_ESPEAK, INTEGER, LINK(pitch), 0, 99, NULL},
    {"range", IN_ESPEAK, INTEGER, LINK(range), 0, 99, NULL},
    {"slow", IN_ESPEAK, NUMBER, LINK(slow), 0.5, 1, NULL},
    {"lift", IN_ESPEAK, INTEGER, LINK(lift), 0, 30, NULL},
    {"fall", IN_ESPEAK, INTEGER, LINK(fall), 0, 30, NULL},
    {"gap", IN_ESPEAK, INTEGER, LINK(gap), 0, 50, NULL},
    {"hz", IN_TONE, INTEGER, LINK(hz), 50, 2000, NULL},
    {"syllable", IN_TONE, INTEGER, LINK(syllable_ms), 20, 2000, NULL},
    {"fail", IN_TONE, TEXT, LINK(fail), 0, 0, NULL},
    {"at-once", IN_FOREIGN, INTEGER, LINK(at_once), 1, 64, NULL},
    {"pace", IN_FOREIGN, NUMBER, LINK(pace), 0.25, 4, NULL},
    {"text", IN_FOREIGN, YES, LINK(written), 0, 0, texts},
    {"format", IN_COMMAND | IN_HTTP, CHOICE, LINK(format), 0, 0, formats},
    {"sample-rate", IN_COMMAND | IN_HTTP, INTEGER, LINK(sample_rate), 8000, 192000, NULL},
    {"run", IN_COMMAND, WORDS, LINK(argv), 0, 0, NULL},
    {"stay", IN_COMMAND, YES, LINK(stay), 0, 0, yes_no},
    {"url", IN_HTTP, TEXT, LINK(url), 0, 0, NULL},
    {"body", IN_HTTP, TEXT, LINK(body), 0, 0, NULL},
    {"type", IN_HTTP, TEXT, LINK(type), 0, 0, NULL},
    {"header", IN_HTTP, LINES, LINK(header), 0, 0, NULL},
    {"key-env", IN_HTTP, TEXT, LINK(key_env), 0, 0, NULL},
    {"key-file", IN_HTTP, TEXT, LINK(key_file), 0, 0, NULL},
    {"retries", IN_HTTP, INTEGER, LINK(retries), 0, 10, NULL},
    {"host", IN_WYOMING, TEXT, LINK(host), 0, 0, NULL},
    {"port", IN_WYOMING, INTEGER, LINK(port), 1, 65535, NULL},
    {"speaker", IN_WYOMING, TEXT, LINK(speaker), 0, 0, NULL},
    {"index", IN_RECORDED, TEXT, LINK(index), 0, 0, NULL},
};

const struct bt_engine *const bt_engines[] = {&bt_engine_espeak,
                                              &bt_engine_tone,
                                              &bt_engine_command,
                                              &bt_engine_http,
                                              &bt_engine_wyoming,
                                              &bt_engine_recorded,
                                              NULL};
static const int engine_where[] = {IN_ESPEAK, IN_TONE,    IN_COMMAND,
                                   IN_HTTP,   IN_WYOMING, IN_RECORDED};

/* What an engine takes when the file does not say. */
static const struct bt_link link_default = {.timeout_ms = 10000,
                                            .pace = 1,
                                            .wpm = 180,
                                            .volume = 65,
                                            .pitch = 50,
                                            .range = 50,
                                            .hz = 220,
                                            .syllable_ms = 200,
                                            .sample_rate = 22050,
                                            .type = "application/json",
                                            .retries = 2,
                                            .host = "127.0.0.1",
                                            .port = 10200};

/* One .voice file being read. */
struct reader {
    struct bt_arena *arena;
    const char *dir;
    struct bt_voice *voice;
    struct bt_link *link; /* the engine that keys now belong to, or NULL */
    int scope;
    const struct bt_row *row;
    struct bt_err *err;
};

static bool unknown(const struct reader *r, const char *what, const char *const *names, size_t n)
{
    const char *near = bt_nearest(what, names, n);
    return near ? bt_row_fail(r->err, r->row, BT_M_VOICE_KEY_NEAR, what, near)
                : bt_row_fail(r->err, r->row, BT_M_VOICE_KEY, what);
}

static bool number(const struct reader *r, int col, double least, double most, double *out)
{
    if (col >= r->row->ncol)
        return bt_row_fail(r->err, r->row, BT_M_VOICE_VALUES, r->row->col[0], col);
    char *end;
    double v = strtod(r->row->col[col], &end);
    if (end == r->row->col[col] || *end || !(v >= least && v <= most))
        return bt_row_fail(r->err, r->row, BT_M_VOICE_NUMBER, r->row->col[0], least, most,
                           r->row->col[col]);
    *out = v;
    return true;
}

static size_t count(const char *const *words)
{
    size_t n = 0;
    while (words[n])
        n++;
    return n;
}

static bool choose(const struct reader *r, int col, const char *const *words, size_t *which)
{
    for (size_t i = 0; words[i]; i++)
        if (strcmp(words[i], r->row->col[col]) == 0)
            return *which = i, true;
    return unknown(r, r->row->col[col], words, count(words));
}

static bool read_engine(struct reader *r)
{
    const char *names[BT_LEN(engine_where)];
    for (size_t i = 0; i < BT_LEN(names); i++)
        names[i] = bt_engines[i]->name;
    for (size_t i = 0; i < BT_LEN(names); i++)
        if (strcmp(names[i], r->row->col[1]) == 0) {
            r->link = bt_push(r->arena, &r->voice->link, &r->voice->nlink, sizeof(*r->link));
            *r->link = link_default;
            r->link->engine = bt_engines[i];
            r->link->line = r->row->line;
            r->link->dir = r->dir;
            r->scope = IN_VOICE | IN_SHAPE | IN_ANY | engine_where[i];
            return true;
        }
    return unknown(r, r->row->col[1], names, BT_LEN(names));
}

static bool read_flags(const struct reader *r, const struct key *k)
{
    for (int i = 1; i < r->row->ncol; i++) {
        size_t which = 0;
        if (!choose(r, i, k->words, &which))
            return false;
        *(bool *)((char *)r->voice + k->at + style_at[which]) = true;
    }
    return true;
}

/* The columns after the key, ended by NULL. */
static const char **words(const struct reader *r)
{
    const char **w = bt_alloc(r->arena, (size_t)r->row->ncol * sizeof(*w));
    memcpy(w, r->row->col + 1, ((size_t)r->row->ncol - 1) * sizeof(*w));
    return w;
}

static bool read_line(const struct reader *r)
{
    const char **to = bt_push(r->arena, &r->link->header, &r->link->nheader, sizeof(*to));
    *to = r->row->col[1];
    return true;
}

static bool read_band(const struct reader *r)
{
    struct bt_shape *s = &r->voice->shape;
    if (s->nband == BT_BANDS)
        return bt_row_fail(r->err, r->row, BT_M_VOICE_BANDS, BT_BANDS);
    if (!number(r, 1, 40, 16000, &s->band[s->nband].hz) ||
        !number(r, 2, -12, 12, &s->band[s->nband].db) ||
        !number(r, 3, 0.2, 8, &s->band[s->nband].q))
        return false;
    s->nband++;
    return true;
}

static bool read_compress(const struct reader *r)
{
    struct bt_shape *s = &r->voice->shape;
    return number(r, 1, 1, 3, &s->ratio) && number(r, 2, -60, 0, &s->threshold) &&
           number(r, 3, 0.5, 100, &s->attack) && number(r, 4, 80, 2000, &s->release);
}

static bool read_value(struct reader *r, const struct key *k, void *base)
{
    void *at = (char *)base + k->at;
    double v = 0;
    size_t which = 0;
    switch (k->kind) {
    case TEXT:
        *(const char **)at = r->row->col[1];
        return true;
    case INTEGER:
        return number(r, 1, k->least, k->most, &v) && (*(int *)at = (int)v, true);
    case NUMBER:
        return number(r, 1, k->least, k->most, at);
    case CHOICE:
        return choose(r, 1, k->words, &which) && (*(int *)at = (int)which, true);
    case YES:
        return choose(r, 1, k->words, &which) && (*(bool *)at = which == 1, true);
    case WORDS:
        *(const char ***)at = words(r);
        return true;
    case LINES:
        return read_line(r);
    case FLAGS:
        return read_flags(r, k);
    case ENGINE:
        return read_engine(r);
    case BAND:
        return read_band(r);
    case COMPRESS:
        return read_compress(r);
    }
    return false;
}

static void *base_of(const struct reader *r, int where)
{
    return where == IN_VOICE   ? (void *)r->voice
           : where == IN_SHAPE ? (void *)&r->voice->shape
                               : (void *)r->link;
}

/* Remember the line for the store's key. */
static void note(const struct reader *r)
{
    for (size_t i = 0; silent_keys[i]; i++)
        if (strcmp(silent_keys[i], r->row->col[0]) == 0)
            return;
    for (int i = 0; i < r->row->ncol; i++)
        r->link->spec = bt_format(r->arena, "%s%s%s", r->link->spec ? r->link->spec : "",
                                  i > 0 ? "\t" : "\n", r->row->col[i]);
}

static bool read_row(struct reader *r)
{
    const char *names[BT_LEN(keys)];
    size_t n = 0;
    for (size_t i = 0; i < BT_LEN(keys); i++) {
        if (!(keys[i].where & r->scope))
            continue;
        names[n++] = keys[i].name;
        if (strcmp(keys[i].name, r->row->col[0]) != 0)
            continue;
        if (r->link && !(keys[i].where & (IN_VOICE | IN_SHAPE)))
            note(r);
        return read_value(r, &keys[i], base_of(r, keys[i].where));
    }
    for (size_t i = 0; i < BT_LEN(keys); i++)
        if (!r->link && strcmp(keys[i].name, r->row->col[0]) == 0)
            return bt_row_fail(r->err, r->row, BT_M_VOICE_BEFORE_ENGINE, keys[i].name);
    return unknown(r, r->row->col[0], names, n);
}

/* espeak_ng_SetVoiceByFile makes the name lower case and cuts it at 59 bytes. */
static bool check_espeak(const struct reader *r, const struct bt_link *l)
{
    if (!l->file)
        return true;
    size_t good = strspn(l->file, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    if (l->file[good] || good == 0 || good > 40)
        return bt_row_fail(r->err, r->row, BT_M_VOICE_FILE_NAME, l->file);
    const char *path = bt_format(r->arena, "%s/espeak/%s", l->dir, l->file);
    return bt_file_exists(path) || bt_row_fail(r->err, r->row, BT_M_FILE_NOT_READ, path);
}

static bool check_recorded(const struct reader *r, struct bt_link *l)
{
    l->index = bt_path_join(r->arena, l->dir, l->index);
    return bt_file_exists(l->index) || bt_row_fail(r->err, r->row, BT_M_FILE_NOT_READ, l->index);
}

static bool check_link(struct reader *r, struct bt_link *l)
{
    const struct {
        const struct bt_engine *engine;
        const char *key;
        bool there;
    } needs[] = {{&bt_engine_command, "run", l->argv != NULL},
                 {&bt_engine_http, "url", l->url != NULL},
                 {&bt_engine_http, "body", l->body != NULL},
                 {&bt_engine_recorded, "index", l->index != NULL}};
    struct bt_row *row = bt_alloc(r->arena, sizeof(*row));
    row->file = r->voice->path;
    row->line = l->line;
    r->row = row;
    for (size_t i = 0; i < BT_LEN(needs); i++)
        if (l->engine == needs[i].engine && !needs[i].there)
            return bt_row_fail(r->err, row, BT_M_VOICE_NEEDS, l->engine->name, needs[i].key);
    if (l->stay)
        l->at_once = 1;
    return l->engine == &bt_engine_espeak     ? check_espeak(r, l)
           : l->engine == &bt_engine_recorded ? check_recorded(r, l)
                                              : true;
}

static const char *stem(struct bt_arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return bt_strndup(a, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

bool bt_voice_parse(struct bt_arena *a, const char *path, struct bt_str text, struct bt_voice *out,
                    struct bt_err *err)
{
    struct bt_voice v = {.path = bt_strdup(a, path), .name = stem(a, path)};
    struct reader r = {.arena = a,
                       .dir = bt_path_dir(a, path),
                       .voice = &v,
                       .scope = IN_VOICE | IN_SHAPE,
                       .err = err};
    struct bt_table t;
    if (!bt_table_parse(a, v.path, text, 2, 64, &t, err))
        return false;
    for (size_t i = 0; i < t.n; i++) {
        r.row = &t.row[i];
        if (!read_row(&r))
            return false;
    }
    for (size_t i = 0; i < v.nlink; i++)
        if (!check_link(&r, &v.link[i]))
            return false;
    if (v.nlink == 0)
        return bt_row_fail(err, &(struct bt_row){.file = v.path, .line = 1}, BT_M_VOICE_NO_ENGINE);
    v.title = v.title ? v.title : v.name;
    *out = v;
    return true;
}

static bool load_one(struct bt_arena *a, const char *path, struct bt_voices *out,
                     struct bt_err *err)
{
    struct bt_buf text;
    struct bt_voice *v = bt_alloc(a, sizeof(*v));
    bt_buf_init(&text, 1 << 16);
    bool good = bt_file_read(path, 1 << 16, &text, err) &&
                bt_voice_parse(a, path, bt_buf_str(&text), v, err);
    bt_buf_finish(&text);
    if (good)
        *(struct bt_voice **)bt_push(a, &out->item, &out->n, sizeof(v)) = v;
    return good;
}

bool bt_voices_load(struct bt_arena *a, const char *dir, struct bt_voices *out, struct bt_err *err)
{
    struct bt_voices v = {0};
    glob_t found = {0};
    int how = glob(bt_format(a, "%s/*.voice", dir), 0, NULL, &found);
    bool good = how == 0 || bt_fail(err, BT_EFILE, BT_M_VOICE_NONE, dir);
    for (size_t i = 0; good && i < found.gl_pathc; i++)
        good = load_one(a, found.gl_pathv[i], &v, err);
    globfree(&found);
    if (good)
        *out = v;
    return good;
}

const struct bt_voice *bt_voice_find(const struct bt_voices *v, const char *name)
{
    for (size_t i = 0; name && i < v->n; i++)
        if (strcmp(v->item[i]->name, name) == 0)
            return v->item[i];
    return NULL;
}

bool bt_voice_known(const struct bt_voices *v, const char *name, struct bt_err *err)
{
    if (bt_voice_find(v, name))
        return true;
    const char **names = bt_xcalloc(v->n + 1, sizeof(*names));
    struct bt_buf all;
    bt_buf_init(&all, sizeof(err->msg));
    for (size_t i = 0; i < v->n; i++)
        names[i] = v->item[i]->name;
    const char *near = bt_nearest(name, names, v->n);
    bt_buf_adds(&all, near ? near : "");
    for (size_t i = 0; i < v->n; i++)
        if (names[i] != near)
            bt_buf_addf(&all, "%s%s", all.n ? ", " : "", names[i]);
    bt_fail(err, BT_EFILE, BT_M_VOICE_UNKNOWN, name, name, all.p ? all.p : "");
    bt_buf_finish(&all);
    free(names);
    return false;
}

const char *bt_voice_name(const struct bt_voice *v)
{
    return v->name;
}

const char *bt_voice_title(const struct bt_voice *v)
{
    return v->title;
}

static bool names_rate(const char *s)
{
    return s && (strstr(s, "{rate}") || strstr(s, "{length}"));
}

/* A program or a server has a rate when its line says where it goes; one that stays was told when
 * it began. */
static bool takes_rate(const struct bt_link *l)
{
    bool named = names_rate(l->body) || (!l->argv && !l->body);
    for (size_t i = 0; l->argv && l->argv[i]; i++)
        named = named || names_rate(l->argv[i]);
    return named && !l->stay;
}

void bt_voice_rates(const struct bt_voice *v, double *slowest, double *fastest)
{
    const struct bt_link *l = &v->link[0];
    bool able = takes_rate(l);
    *slowest = able ? l->engine->slowest : 1;
    *fastest = able ? l->engine->fastest : 1;
}

const struct bt_style *bt_voice_style(const struct bt_voice *v)
{
    return &v->style;
}
