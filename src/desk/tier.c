/*
 * The tiers below a made bulletin: yesterday's, and the file that is always there. Knows editions
 * and files; makes no speech.
 */
#include "desk/tier.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EVERGREEN = BT_RATE * 3600 };

const char *const bt_tier_names[BT_TIERS] = {"full", "reduced", "headlines", "last-good",
                                             "evergreen"};

/* ---- the edition that receives it ----------------------------------------------------------- */

struct take { /* one <deliver> being filled from somewhere else */
    struct bt_arena *a;
    const struct bt_programme *p;
    const struct bt_delivery *d;
    const char *date, *root; /* OUT/<programme> */
    enum bt_tier tier;
    struct bt_edition e;
    bool there;
    struct bt_proof *proof;
    size_t nproof;
};

static const char *own_name(const struct take *t, enum bt_format f)
{
    return bt_format(t->a, "%s%s", t->e.stem, bt_format_suffix(f));
}

/* The file must be right in itself; its level may be another programme's. */
static bool sound(struct take *t, const char *path, struct bt_err *err)
{
    struct bt_want want = {.silence_s = 2.0};
    struct bt_proof *p = bt_push(t->a, &t->proof, &t->nproof, sizeof(*p));
    if (!bt_proof_file(t->a, path, &want, p, err))
        return false;
    for (size_t i = 0; i < p->n; i++)
        if (p->line[i].verdict == BT_WRONG)
            return bt_fail(err, BT_ECHECK, BT_M_PROOF_WRONG, path, p->line[i].words);
    return true;
}

static bool write_proof(struct take *t, struct bt_err *err)
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 20);
    bt_proof_json(t->proof, t->nproof, bt_tier_names[t->tier], &b);
    bool ok = bt_file_write(bt_path_join(t->a, t->e.work, "proof.json"), b.p, b.n, err);
    bt_buf_finish(&b);
    return ok;
}

/* Copies where a playout looks. */
static bool drop(struct take *t, const struct bt_words *name, struct bt_err *err)
{
    return !t->d->drop || bt_edition_drop(&t->e, bt_path_join(t->a, t->p->dir, t->d->drop),
                                          &t->d->drop_as, name->item, name->n, err);
}

/* Fill by `put` each sound format that the delivery asks for, and publish. */
static bool fill(struct take *t, bool again,
                 bool (*put)(struct take *, enum bt_format, void *, struct bt_err *), void *ctx,
                 struct bt_err *err)
{
    struct bt_words newest = {0};
    if (!bt_edition_begin(t->a, t->d->to, t->p->id, t->date, again, &t->e, &t->there, err))
        return false;
    if (t->there)
        return true;
    bool ok = true;
    for (size_t i = 0; ok && i < t->d->as.n; i++) {
        enum bt_format f;
        if (!bt_format_find(t->d->as.item[i], &f))
            continue;
        ok = put(t, f, ctx, err);
        const char **name = bt_push(t->a, &newest.item, &newest.n, sizeof(*name));
        *name = own_name(t, f);
    }
    ok = ok && write_proof(t, err) && bt_edition_commit(&t->e, newest.item, newest.n, err) &&
         drop(t, &newest, err);
    bt_edition_abandon(&t->e);
    return ok;
}

/* ---- the last good edition ------------------------------------------------------------------ */

/* The newest edition folder of an earlier date, not older than `oldest`; "" when none. */
static void find_last(const char *root, const char *date, const char *oldest, char best[64])
{
    best[0] = '\0';
    DIR *d = opendir(root);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        size_t n = strlen(e->d_name);
        bool edition = e->d_name[0] != '.' && n >= 10 && n < 64 && e->d_name[4] == '-';
        if (edition && strncmp(e->d_name, date, 10) < 0 && strncmp(e->d_name, oldest, 10) >= 0 &&
            strcmp(e->d_name, best) > 0)
            memcpy(best, e->d_name, n + 1);
    }
    if (d)
        closedir(d);
}

static bool copy_last(struct take *t, enum bt_format f, void *ctx, struct bt_err *err)
{
    const char *edition = ctx;
    const char *from = bt_format(t->a, "%s/%s/%s-%.10s%s", t->root, edition, t->p->id, edition,
                                 bt_format_suffix(f));
    const char *to = bt_path_join(t->a, t->e.work, own_name(t, f));
    return bt_file_copy(from, to, err) && sound(t, to, err);
}

static bool last_good(struct take *t, const struct bt_due *due, bool again, struct bt_err *err)
{
    char oldest[16], best[64];
    bt_date_format(due->air - t->p->last_good_ms / 1000, (int)t->p->zone, oldest);
    find_last(t->root, t->date, oldest, best);
    if (!*best)
        return bt_fail(err, BT_ENOTHING, BT_M_NO_LAST_GOOD, t->root);
    return fill(t, again, copy_last, best, err);
}

/* ---- the evergreen file --------------------------------------------------------------------- */

struct loop { /* a whole file as a signal */
    struct bt_pcm pcm;
    float gain;
};

static bool read_loop(void *ctx, int64_t from, size_t n, float *out, struct bt_err *err)
{
    (void)err;
    const struct loop *l = ctx;
    size_t at = (size_t)from * (size_t)l->pcm.channels, count = n * (size_t)l->pcm.channels;
    for (size_t i = 0; i < count; i++)
        out[i] = l->pcm.x[at + i] * l->gain;
    return true;
}

static float level_gain(const struct bt_pcm *p, const struct bt_delivery *d)
{
    struct bt_loud *m = bt_loud_create(p->channels, d->dual_mono);
    struct bt_level level;
    bt_loud_add(m, p->x, p->frames);
    bt_loud_get(m, &level);
    bt_loud_destroy(m);
    if (!isfinite(level.integrated))
        return 1.0F;
    double gain = d->loudness - level.integrated, room = d->peak - 0.5 - level.true_peak;
    return (float)bt_gain(gain < room ? gain : room);
}

static bool put_evergreen(struct take *t, enum bt_format f, void *ctx, struct bt_err *err)
{
    struct loop *l = ctx;
    struct bt_signal s = {l->pcm.channels, (int64_t)l->pcm.frames, read_loop, l};
    struct bt_sound whole = bt_signal_sound(&s);
    struct bt_file file = {.format = f,
                           .path = bt_path_join(t->a, t->e.work, own_name(t, f)),
                           .mp3 = {(int)t->d->kbps, (int)t->d->vbr}};
    struct bt_tags tags = {
        .title = t->p->title, .artist = t->p->station, .date = t->date, .speech = -1};
    return bt_files_write(&whole, &file, 1, &tags, 0, NULL, err) && sound(t, file.path, err);
}

static bool evergreen(struct take *t, const struct bt_due *due, bool again, struct bt_err *err)
{
    (void)due;
    if (!t->p->evergreen)
        return bt_fail(err, BT_ENOTHING, BT_M_NO_EVERGREEN, t->p->file);
    struct bt_pcm raw;
    struct loop l;
    const char *path = bt_path_join(t->a, t->p->dir, t->p->evergreen);
    if (!bt_pcm_load(path, MAX_EVERGREEN, &raw, err))
        return false;
    bool ok = bt_pcm_convert(&raw, BT_RATE, (int)t->d->channels, &l.pcm, err);
    bt_pcm_finish(&raw);
    if (!ok)
        return false;
    l.gain = level_gain(&l.pcm, t->d);
    ok = fill(t, again, put_evergreen, &l, err);
    bt_pcm_finish(&l.pcm);
    return ok;
}

bool bt_tier_take(struct bt_arena *a, enum bt_tier tier, const struct bt_due *due, bool again,
                  bool *done, struct bt_err *err)
{
    *done = true;
    for (size_t i = 0; i < due->p->ndeliver; i++) {
        struct bt_delivery d = due->p->deliver[i];
        d.to = due->out ? due->out : bt_path_join(a, due->p->dir, d.to);
        struct take t = {.a = a,
                         .tier = tier,
                         .p = due->p,
                         .d = &d,
                         .date = due->date,
                         .root = bt_format(a, "%s/%s", d.to, due->p->id)};
        bool ok = tier == BT_TIER_LAST_GOOD ? last_good(&t, due, again, err)
                                            : evergreen(&t, due, again, err);
        if (!ok)
            return false;
        *done = *done && t.there;
    }
    return true;
}
