/* The proof: what was heard of a delivered file against what it should be. Knows verdicts. */
#include "air/proof.h"

#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SILENCE_S 2.0
static const double LOUD_DOUBT = 0.2, LOUD_WRONG = 0.5; /* LU */
/* A piece cut from a programme, under one short-term window, hangs on a few blocks: off the target
 * it is doubtful while its loudest moment is near, not wrong. Without one block of BS.1770 it has
 * no level. */
static const double SHORT_S = 3.0, SHORT_WRONG = 5.0, BLOCK_S = 0.4;
static const double PEAK_DOUBT = 0.05, PEAK_WRONG = 0.5; /* dB over what is asked */

static bool is_asked(double v)
{
    return v != 0 && !isnan(v);
}

void bt_proof_say(const struct bt_bench *b, const char *what, enum bt_verdict v, double value,
                  double want, enum bt_msg id, ...)
{
    char words[512];
    va_list ap;
    va_start(ap, id);
    bt_vmsg(words, sizeof(words), id, ap);
    va_end(ap);
    struct bt_proof_line *l = bt_push(b->a, &b->p->line, &b->p->n, sizeof(*l));
    *l = (struct bt_proof_line){what, v, value, want, bt_strdup(b->a, words)};
    b->p->verdict = v > b->p->verdict ? v : b->p->verdict;
}

static double seconds(const struct bt_bench *b, int64_t frames)
{
    return (double)frames / b->h->rate;
}

/* ---- the judges, in the order of their lines ---- */

static void judge_decode(const struct bt_bench *b)
{
    const struct bt_heard *h = b->h;
    double got = (double)h->frames, promised = (double)h->promised;
    if (h->frames == 0)
        bt_proof_say(b, "decode", BT_WRONG, got, promised, BT_M_PROOF_EMPTY);
    else if (h->frames != h->promised)
        bt_proof_say(b, "decode", BT_WRONG, got, promised, BT_M_PROOF_DECODED, (long)h->frames,
                     (long)h->promised);
    else
        bt_proof_say(b, "decode", BT_RIGHT, got, promised, BT_M_PROOF_WHOLE);
}

static void judge_rate(const struct bt_bench *b)
{
    if (b->h->rate != BT_RATE)
        bt_proof_say(b, "rate", BT_DOUBTFUL, b->h->rate, BT_RATE, BT_M_PROOF_RATE, b->h->rate,
                     BT_RATE);
}

static void judge_channels(const struct bt_bench *b)
{
    int got = b->h->channels, want = b->want->channels;
    if (want)
        bt_proof_say(b, "channels", got == want ? BT_RIGHT : BT_WRONG, got, want,
                     BT_M_PROOF_CHANNELS, got, want);
}

static void judge_length(const struct bt_bench *b)
{
    int64_t got = b->h->frames, want = b->want->frames;
    if (want)
        bt_proof_say(b, "length", got == want ? BT_RIGHT : BT_WRONG, (double)got, (double)want,
                     BT_M_PROOF_LENGTH, seconds(b, got), (long)got, (long)want);
    else
        bt_proof_say(b, "length", BT_RIGHT, (double)got, NAN, BT_M_PROOF_LENGTH_ONLY,
                     seconds(b, got), (long)got);
}

static bool short_and_near(const struct bt_bench *b, double want)
{
    return seconds(b, b->h->frames) < SHORT_S &&
           fabs(b->h->level.momentary_max - want) <= SHORT_WRONG;
}

static void judge_loudness(const struct bt_bench *b)
{
    double got = b->h->level.integrated, want = b->want->loudness, off = fabs(got - want);
    bool mute = b->h->silence.longest >= b->h->frames;
    if (b->h->channels > 2 || !is_asked(want) || (seconds(b, b->h->frames) < BLOCK_S && !mute))
        return;
    if (mute || got < -70)
        bt_proof_say(b, "loudness", BT_WRONG, got, want, BT_M_PROOF_MUTE);
    else if (off > LOUD_WRONG && short_and_near(b, want))
        bt_proof_say(b, "loudness", BT_DOUBTFUL, b->h->level.momentary_max, want,
                     BT_M_PROOF_LOUDNESS_SHORT, b->h->level.momentary_max, want);
    else
        bt_proof_say(b, "loudness",
                     off > LOUD_WRONG   ? BT_WRONG
                     : off > LOUD_DOUBT ? BT_DOUBTFUL
                                        : BT_RIGHT,
                     got, want, BT_M_PROOF_LOUDNESS, got, want);
}

/* Opus keeps the sound, not its shape, the less the fewer bits it has. */
static double peak_wrong(const char *path)
{
    static const struct {
        enum bt_format format;
        double over;
    } loose[] = {{BT_OPUS24, 3.5}, {BT_OPUS, 1.5}};
    for (size_t i = 0; i < BT_LEN(loose); i++)
        if (bt_str_ends(bt_str(path), bt_str(bt_format_suffix(loose[i].format))))
            return loose[i].over;
    return PEAK_WRONG;
}

static void judge_peak(const struct bt_bench *b)
{
    double got = b->h->level.true_peak, want = b->want->peak, over = got - want;
    if (b->h->channels > 2 || !is_asked(want))
        return;
    bt_proof_say(b, "peak",
                 over > peak_wrong(b->path) ? BT_WRONG
                 : over > PEAK_DOUBT        ? BT_DOUBTFUL
                                            : BT_RIGHT,
                 got, want, BT_M_PROOF_PEAK, got, want);
}

static void judge_silence(const struct bt_bench *b)
{
    const struct bt_runs *r = &b->h->silence;
    double most = is_asked(b->want->silence_s) ? b->want->silence_s : SILENCE_S;
    double got = seconds(b, r->longest);
    if (b->h->frames > 0 && r->longest == b->h->frames)
        bt_proof_say(b, "silence", BT_WRONG, got, most, BT_M_PROOF_MUTE);
    else
        bt_proof_say(b, "silence", got > most ? BT_WRONG : BT_RIGHT, got, most, BT_M_PROOF_SILENCE,
                     got, seconds(b, r->longest_at), most);
}

static void judge_runs(const struct bt_bench *b, const char *what, const struct bt_runs *r,
                       enum bt_msg some, enum bt_msg none)
{
    if (r->count)
        bt_proof_say(b, what, BT_WRONG, (double)r->count, 0, some, r->count, seconds(b, r->first));
    else
        bt_proof_say(b, what, BT_RIGHT, 0, 0, none);
}

static void judge_dropout(const struct bt_bench *b)
{
    judge_runs(b, "dropout", &b->h->dropout, BT_M_PROOF_DROPOUT, BT_M_PROOF_DROPOUT_NONE);
}

static void judge_clipping(const struct bt_bench *b)
{
    judge_runs(b, "clipping", &b->h->clip, BT_M_PROOF_CLIPPING, BT_M_PROOF_CLIPPING_NONE);
}

static void (*const judges[])(const struct bt_bench *b) = {
    judge_decode,  judge_rate,    judge_channels, judge_length,    judge_loudness, judge_peak,
    judge_silence, judge_dropout, judge_clipping, bt_judge_speech, bt_judge_tags,
};

/* ---- hearing, which takes long, and judging ---- */

struct listening { /* one file, perhaps in a thread of its own */
    const char *path;
    const struct bt_want *want;
    char hex[BT_HASH];
    bool whole, ok;
    struct bt_err err; /* when !whole or !ok */
    struct bt_heard heard;
    pthread_t thread;
    bool beside;
};

/* A file that is not whole is wrong already, and decoders only stumble over it. */
static void *listen(void *ctx)
{
    struct listening *l = ctx;
    l->ok = bt_sha256_file(l->path, l->hex, &l->err);
    if (!l->ok)
        l->err.code = BT_ECHECK;
    l->whole = l->ok && bt_whole(l->path, &l->err);
    if (l->whole)
        l->ok = bt_hear(l->path, l->want->dual_mono, &l->heard, &l->err);
    return NULL;
}

/* Whole hops only: what stands beside an item is not its own. */
static void level_items(struct bt_arena *a, const struct bt_want *w, const struct bt_heard *h,
                        struct bt_proof *p)
{
    p->item = w->item;
    p->nitem = w->nitem;
    p->item_level = bt_alloc(a, w->nitem * sizeof(*p->item_level));
    for (size_t i = 0; i < w->nitem; i++) {
        size_t from = (size_t)(w->item[i].from + BT_HOP - 1) / BT_HOP;
        size_t to = (size_t)(w->item[i].from + w->item[i].frames) / BT_HOP;
        to = to < h->nhop ? to : h->nhop;
        bt_level_of(h->hop + (from < to ? from : 0), from < to ? to - from : 0, &p->item_level[i]);
    }
}

static void judge(struct bt_arena *a, const struct listening *l, struct bt_proof *p)
{
    const struct bt_heard *h = &l->heard;
    const char *slash = strrchr(l->path, '/');
    struct bt_bench b = {a, l->path, l->want, h, p};
    *p = (struct bt_proof){.file = bt_strdup(a, slash ? slash + 1 : l->path),
                           .sha256 = bt_strdup(a, l->hex)};
    if (!l->whole) {
        bt_proof_say(&b, "decode", BT_WRONG, NAN, NAN, BT_M_PROOF_NOT_WHOLE, l->err.msg);
        return;
    }
    p->level = h->level;
    p->frames = h->frames;
    p->channels = h->channels;
    p->rate = h->rate;
    p->dual_mono = l->want->dual_mono && h->channels == 1;
    level_items(a, l->want, h, p);
    for (size_t i = 0; i < BT_LEN(judges); i++)
        judges[i](&b);
}

bool bt_proof_files(struct bt_arena *a, const char *const *path, size_t n,
                    const struct bt_want *want, struct bt_proof *out, struct bt_err *err)
{
    struct listening *l = bt_xcalloc(n, sizeof(*l));
    bool ok = true;
    for (size_t i = n; i-- > 0;) {
        l[i].path = path[i];
        l[i].want = want;
        l[i].beside = i > 0 && pthread_create(&l[i].thread, NULL, listen, &l[i]) == 0;
        if (!l[i].beside)
            listen(&l[i]);
    }
    for (size_t i = 0; i < n; i++) {
        if (l[i].beside)
            pthread_join(l[i].thread, NULL);
        if (ok && l[i].ok)
            judge(a, &l[i], &out[i]);
        else if (ok && err)
            *err = l[i].err;
        ok = ok && l[i].ok;
        free(l[i].heard.slice);
        free(l[i].heard.hop);
    }
    free(l);
    return ok;
}

bool bt_proof_file(struct bt_arena *a, const char *path, const struct bt_want *want,
                   struct bt_proof *out, struct bt_err *err)
{
    return bt_proof_files(a, &path, 1, want, out, err);
}

/* ---- JSON ---- */

static const char *const verdicts[] = {"right", "doubtful", "wrong"};

/* To the hundredth; what is not a number (no level, nothing asked) is null. */
static json_t *number(double v)
{
    if (!isfinite(v))
        return json_null();
    return v == floor(v) ? json_integer((json_int_t)v) : json_real(round(v * 100) / 100);
}

static void level_fields(json_t *o, const struct bt_level *level)
{
    static const struct {
        const char *key;
        size_t at;
    } fields[] = {
        {"integrated", offsetof(struct bt_level, integrated)},
        {"range", offsetof(struct bt_level, range)},
        {"momentary-max", offsetof(struct bt_level, momentary_max)},
        {"short-term-max", offsetof(struct bt_level, short_max)},
        {"true-peak", offsetof(struct bt_level, true_peak)},
        {"sample-peak", offsetof(struct bt_level, sample_peak)},
    };
    for (size_t i = 0; i < BT_LEN(fields); i++) {
        double v;
        memcpy(&v, (const char *)level + fields[i].at, sizeof(v));
        json_object_set_new(o, fields[i].key, number(v));
    }
}

static json_t *level_object(const struct bt_proof *p)
{
    json_t *o = json_object();
    if (p->channels <= 2)
        level_fields(o, &p->level);
    return o;
}

static json_t *items_array(const struct bt_proof *p)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->nitem; i++) {
        const struct bt_spoken *s = &p->item[i];
        json_t *o = json_object();
        json_object_set_new(o, "id", json_string(s->id));
        json_object_set_new(o, "from", json_integer(s->from));
        json_object_set_new(o, "frames", json_integer(s->frames));
        if (s->story)
            json_object_set_new(o, "syllables", json_integer(s->syllables));
        level_fields(o, &p->item_level[i]);
        json_array_append_new(list, o);
    }
    return list;
}

static void sound_fields(json_t *o, const struct bt_proof *p)
{
    json_object_set_new(o, "frames", json_integer(p->frames));
    json_object_set_new(o, "seconds", number((double)p->frames / p->rate));
    json_object_set_new(o, "rate", json_integer(p->rate));
    json_object_set_new(o, "channels", json_integer(p->channels));
    json_object_set_new(o, "dual-mono", json_boolean(p->dual_mono));
    json_object_set_new(o, "level", level_object(p));
    if (p->nitem)
        json_object_set_new(o, "items", items_array(p));
}

static json_t *proof_object(const struct bt_proof *p)
{
    json_t *o = json_object(), *lines = json_array();
    for (size_t i = 0; i < p->n; i++) {
        const struct bt_proof_line *l = &p->line[i];
        json_t *one = json_object();
        json_object_set_new(one, "what", json_string(l->what));
        json_object_set_new(one, "verdict", json_string(verdicts[l->verdict]));
        json_object_set_new(one, "value", number(l->value));
        json_object_set_new(one, "want", number(l->want));
        json_object_set_new(one, "words", json_string(l->words));
        json_array_append_new(lines, one);
    }
    json_object_set_new(o, "file", json_string(p->file));
    if (p->sha256)
        json_object_set_new(o, "sha256", json_string(p->sha256));
    if (p->rate)
        sound_fields(o, p);
    json_object_set_new(o, "verdict", json_string(verdicts[p->verdict]));
    json_object_set_new(o, "lines", lines);
    return o;
}

void bt_proof_json(const struct bt_proof *p, size_t n, const char *tier, struct bt_buf *out)
{
    json_t *o = json_object(), *files = json_array();
    enum bt_verdict worst = BT_RIGHT;
    for (size_t i = 0; i < n; i++) {
        worst = p[i].verdict > worst ? p[i].verdict : worst;
        json_array_append_new(files, proof_object(&p[i]));
    }
    json_object_set_new(o, "verdict", json_string(verdicts[worst]));
    if (tier)
        json_object_set_new(o, "tier", json_string(tier));
    json_object_set_new(o, "files", files);
    char *s = json_dumps(o, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    if (s)
        bt_buf_addf(out, "%s\n", s);
    free(s);
    json_decref(o);
}
