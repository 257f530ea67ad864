/* The run's last two stages: each rendition mixed, encoded, proved; each edition published. */
#include "desk/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- editions and renditions ---------------------------------------------------------------- */

static const char *folder(struct bt_run *r, const struct bt_delivery *d)
{
    return r->o.out ? r->o.out : bt_path_join(r->a, r->rundown.dir, d->to);
}

/* However they are named: the second of two that are one is there, the first having been opened. */
static bool same_folder(const char *a, const char *b)
{
    struct stat x, y;
    return strcmp(a, b) == 0 ||
           (stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

/* The edition below that folder, or none yet: nedition. */
static size_t edition_below(const struct bt_run *r, const char *to)
{
    size_t i = 0;
    while (i < r->nedition && !same_folder(r->edition[i].to, to))
        i++;
    return i;
}

static bool open_edition(struct bt_run *r, const char *to, size_t *index, struct bt_err *err)
{
    *index = edition_below(r, to);
    if (*index < r->nedition)
        return true;
    struct bt_held held = {.to = to};
    if (!bt_edition_begin(r->a, to, r->rundown.programme, r->rundown.date, r->o.again, &held.e,
                          &held.there, err))
        return false;
    *index = r->nedition;
    struct bt_held *slot = bt_push(r->a, &r->edition, &r->nedition, sizeof(*slot));
    *slot = held;
    return true;
}

/* Two renditions in one folder have different names: the i-th delivery's. */
static const char *stem(struct bt_run *r, size_t i)
{
    const struct bt_delivery *d = r->rundown.deliver;
    const char *to = folder(r, &d[i]), *plain;
    size_t before = 0, clear = 0;
    for (size_t k = 0; k < i; k++)
        if (same_folder(folder(r, &d[k]), to))
            clear += before++ && d[k].mix == BT_MIX_CLEAR;
    plain = bt_format(r->a, "%s-%s", r->rundown.programme, r->rundown.date);
    if (!before)
        return plain;
    if (d[i].mix != BT_MIX_CLEAR)
        return bt_format(r->a, "%s-%zu", plain, before + 1);
    return clear ? bt_format(r->a, "%s-nghe-%zu", plain, clear + 1)
                 : bt_format(r->a, "%s-nghe", plain);
}

/* An edition that is there already: where its sound lies. */
static void list_there(struct bt_run *r, const struct bt_delivery *d, const char *name)
{
    for (size_t i = 0; i < d->as.n; i++) {
        enum bt_format f;
        if (!bt_format_find(d->as.item[i], &f))
            continue;
        const char *path = bt_format(r->a, "%s/%s/%s/%s%s", folder(r, d), r->rundown.programme,
                                     r->rundown.date, name, bt_format_suffix(f));
        if (!bt_file_exists(path))
            continue;
        const char **made = bt_push(r->a, &r->made.item, &r->made.n, sizeof(*made));
        *made = path;
    }
}

/* Copies where a playout looks; of an edition that was there already, those that are missing. */
static bool drop_all(struct bt_run *r, struct bt_err *err)
{
    for (size_t i = 0; i < r->rundown.ndeliver; i++) {
        const struct bt_delivery *d = &r->rundown.deliver[i];
        struct bt_words name = {0};
        size_t edition = edition_below(r, folder(r, d));
        if (!d->drop)
            continue;
        for (size_t k = 0; k < d->as.n; k++) {
            enum bt_format f;
            if (bt_format_find(d->as.item[k], &f))
                *(const char **)bt_push(r->a, &name.item, &name.n, sizeof(*name.item)) =
                    bt_format(r->a, "%s%s", stem(r, i), bt_format_suffix(f));
        }
        if (!bt_edition_drop(&r->edition[edition].e, bt_path_join(r->a, r->rundown.dir, d->drop),
                             &d->drop_as, name.item, name.n, err))
            return false;
    }
    return true;
}

bool bt_run_open_editions(struct bt_run *r, struct bt_err *err)
{
    for (size_t i = 0; i < r->rundown.ndeliver; i++) {
        const struct bt_delivery *d = &r->rundown.deliver[i];
        size_t edition;
        if (!open_edition(r, folder(r, d), &edition, err))
            return false;
        const char *name = stem(r, i);
        if (r->edition[edition].there) {
            list_there(r, d, name);
            continue;
        }
        struct bt_rendition *n = bt_push(r->a, &r->rendition, &r->nrendition, sizeof(*n));
        *n = (struct bt_rendition){d, edition, name, NULL};
    }
    r->done = r->nrendition == 0;
    return !r->done || drop_all(r, err);
}

/* ---- mix ------------------------------------------------------------------------------------ */

/* Where something of a programme's rendition is kept until its next edition. */
static const char *kept(struct bt_run *r, const char *what, const struct bt_rendition *n)
{
    if (r->o.no_store)
        return NULL;
    const char *dir = bt_path_join(r->a, bt_cache_dir(r->a, r->o.cache), what);
    bt_dir_make(dir, NULL);
    return bt_format(r->a, "%s/%s-%zu", dir, r->rundown.programme, (size_t)(n - r->rendition));
}

static bool timeline(struct bt_run *r, struct bt_rendition *n, struct bt_err *err)
{
    return bt_timeline_create(&r->rundown, &r->lines, r->speech, r->speaker, n->d,
                              kept(r, "level", n), r->ev, &n->timeline, err);
}

/* For an engineer: what lies under what, at the levels of the mix. */
static bool write_stems(struct bt_run *r, const struct bt_rendition *n, struct bt_err *err)
{
    if (!bt_dir_make(r->o.stems, err))
        return false;
    for (int s = 0; s < BT_STEMS; s++) {
        struct bt_stem_of stem = {n->timeline, (enum bt_stem)s};
        struct bt_sound sound = bt_stem_sound(&stem);
        const char *name = bt_format(r->a, "%s.%s.wav", n->stem, bt_stem_names[s]);
        struct bt_file file = {.format = BT_WAV, .path = bt_path_join(r->a, r->o.stems, name)};
        if (!bt_files_write(&sound, &file, 1, NULL, 0, r->ev, err))
            return false;
    }
    return true;
}

bool bt_run_mix(struct bt_run *r, struct bt_err *err)
{
    if (!r->nrendition) /* stopping here: nothing is delivered */
        for (size_t i = 0; i < r->rundown.ndeliver; i++) {
            struct bt_rendition *n = bt_push(r->a, &r->rendition, &r->nrendition, sizeof(*n));
            n->d = &r->rundown.deliver[i];
            n->stem = bt_format(r->a, i ? "%s-%s-%zu" : "%s-%s", r->rundown.programme,
                                r->rundown.date, i + 1);
        }
    for (size_t i = 0; i < r->nrendition; i++)
        if (!timeline(r, &r->rendition[i], err) ||
            (r->o.stems && !write_stems(r, &r->rendition[i], err)))
            return false;
    return true;
}

/* ---- air ------------------------------------------------------------------------------------ */

/* The sound files of a rendition, in the order of its `as`; other words are not ours. */
static struct bt_file *sound_files(struct bt_run *r, const struct bt_rendition *n, size_t *count)
{
    const struct bt_edition *e = &r->edition[n->edition].e;
    struct bt_file *file = NULL;
    *count = 0;
    for (size_t i = 0; i < n->d->as.n; i++) {
        enum bt_format f;
        if (!bt_format_find(n->d->as.item[i], &f))
            continue;
        const char *name = bt_format(r->a, "%s%s", n->stem, bt_format_suffix(f));
        struct bt_file *one = bt_push(r->a, &file, count, sizeof(*file));
        *one = (struct bt_file){.format = f,
                                .path = bt_path_join(r->a, e->work, name),
                                .mp3 = {(int)n->d->kbps, (int)n->d->vbr},
                                .rf64 = n->d->rf64};
        if (f == BT_MP3)
            one->kept = kept(r, "mp3", n);
    }
    return file;
}

static bool judged(struct bt_run *r, const struct bt_proof *p, struct bt_err *err)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->line[i].verdict == BT_WRONG)
            return bt_fail(err, BT_EDELIVER, BT_M_PROOF_WRONG, p->file, p->line[i].words);
        if (p->line[i].verdict == BT_DOUBTFUL)
            bt_warn(r->ev, "air", p->file, BT_M_PROOF_DOUBTFUL, p->line[i].words);
    }
    return true;
}

/* The coder's own loss is made good, and the file proved again. */
static bool match_loudness(struct bt_run *r, const struct bt_file *f, const struct bt_want *want,
                           struct bt_proof *p, struct bt_err *err)
{
    static const double near = 0.05, much = 1;
    double off = want->loudness - p->level.integrated;
    if (!(fabs(off) > near && fabs(off) < much))
        return true;
    return bt_opus_gain(f->path, off, err) && bt_proof_file(r->a, f->path, want, p, err);
}

/* The same rendition, its limiter's ceiling lower, into one file anew. */
static bool write_lower(struct bt_run *r, const struct bt_rendition *n, double lower,
                        const struct bt_tags *tags, const struct bt_file *f, struct bt_err *err)
{
    struct bt_delivery d = *n->d;
    struct bt_timeline *t = NULL;
    d.peak -= lower;
    if (!bt_timeline_create(&r->rundown, &r->lines, r->speech, r->speaker, &d, kept(r, "level", n),
                            NULL, &t, err))
        return false;
    struct bt_sound sound = bt_timeline_sound(t);
    bool ok = bt_files_write(&sound, f, 1, tags, 0, r->ev, err);
    bt_timeline_destroy(t);
    return ok;
}

static bool lowered(struct bt_run *r, const struct bt_rendition *n, double lower,
                    const struct bt_tags *tags, const struct bt_file *f, const struct bt_want *want,
                    struct bt_proof *p, struct bt_err *err)
{
    return write_lower(r, n, lower, tags, f, err) && bt_proof_file(r->a, f->path, want, p, err) &&
           match_loudness(r, f, want, p, err);
}

/* Opus keeps the sound, not its shape: what it adds to the peak is taken from the limiter's
 * ceiling, for that file alone, as long as the loudness can be held under it. */
static bool match_opus(struct bt_run *r, const struct bt_rendition *n, const struct bt_tags *tags,
                       const struct bt_file *f, const struct bt_want *want, struct bt_proof *p,
                       struct bt_err *err)
{
    enum { TRIES = 2 };
    static const double most = 3, more = 0.1, off = 0.2; /* dB, LU */
    double held = 0;
    bool opus = f->format == BT_OPUS || f->format == BT_OPUS24;
    if (!opus)
        return true;
    bool ok = match_loudness(r, f, want, p, err);
    for (int i = 0; ok && i < TRIES; i++) {
        double over = p->level.true_peak - want->peak, lower = held + over + more;
        if (!(over > 0) || lower > most)
            break;
        ok = lowered(r, n, lower, tags, f, want, p, err);
        if (ok && fabs(want->loudness - p->level.integrated) > off)
            return lowered(r, n, held, tags, f, want, p, err);
        held = lower;
    }
    return ok;
}

static bool prove(struct bt_run *r, const struct bt_rendition *n, const struct bt_tags *tags,
                  const struct bt_file *file, size_t count, struct bt_err *err)
{
    struct bt_want want = {.loudness = n->d->loudness,
                           .peak = n->d->peak,
                           .frames = bt_timeline_timing(n->timeline)->frames,
                           .channels = (int)n->d->channels,
                           .dual_mono = n->d->dual_mono,
                           .silence_s = 2.0,
                           .tags = tags};
    bt_want_items(r->a, &r->rundown, &r->lines, bt_timeline_timing(n->timeline), &want);
    struct bt_spent began = bt_spent_now(), spent;
    const char **path = bt_alloc(r->a, count * sizeof(*path));
    struct bt_proof *p = bt_alloc(r->a, count * sizeof(*p));
    for (size_t i = 0; i < count; i++)
        path[i] = file[i].path;
    if (!bt_proof_files(r->a, path, count, &want, p, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!match_opus(r, n, tags, &file[i], &want, &p[i], err))
            return false;
        struct bt_proof *one = bt_push(r->a, &r->proof, &r->nproof, sizeof(*one));
        *one = p[i];
        if (!judged(r, one, err))
            return false;
    }
    spent = bt_spent_since(began);
    r->proving.wall += spent.wall;
    r->proving.cpu += spent.cpu;
    return true;
}

static bool write_text(struct bt_run *r, const struct bt_edition *e, const char *name,
                       struct bt_buf *text, struct bt_err *err)
{
    bool ok =
        bt_file_write(bt_path_join(r->a, e->work, name), text->p ? text->p : "", text->n, err);
    bt_buf_finish(text);
    return ok;
}

static bool asks(const struct bt_delivery *d, const char *as)
{
    for (size_t i = 0; i < d->as.n; i++)
        if (strcmp(d->as.item[i], as) == 0)
            return true;
    return false;
}

/* With --out folders become one: what it has once is the first rendition's that asks. */
static bool is_taken(struct bt_run *r, const struct bt_rendition *n, const char *as)
{
    for (const struct bt_rendition *k = r->rendition; bt_delivers_shared(as) && k < n; k++)
        if (k->edition == n->edition && asks(k->d, as)) {
            bt_warn(r->ev, "air", NULL, BT_M_AIR_SHARED, as, k->stem, n->stem);
            return true;
        }
    return false;
}

static bool write_companions(struct bt_run *r, const struct bt_rendition *n,
                             const struct bt_published *p, struct bt_err *err)
{
    const char *dir = r->edition[n->edition].e.work;
    bool known, ok = true;
    for (int last = 0; last < 2; last++) /* the page tells how large the others are */
        for (size_t i = 0; i < n->d->as.n && ok; i++) {
            const char *as = n->d->as.item[i];
            if (last == (strcmp(as, "page") == 0) && !is_taken(r, n, as))
                ok = bt_companion_write(as, p, dir, &known, err);
        }
    return ok;
}

/* A picture is no reason to be silent. */
static const char *cover_of(struct bt_run *r, const struct bt_delivery *d)
{
    const char *path = d->cover ? bt_path_join(r->a, r->rundown.dir, d->cover) : NULL;
    if (!path || bt_file_exists(path))
        return path;
    bt_warn(r->ev, "air", NULL, BT_M_AIR_COVER, path);
    return NULL;
}

static bool write_rendition(struct bt_run *r, const struct bt_rendition *n, struct bt_err *err)
{
    const struct bt_edition *e = &r->edition[n->edition].e;
    struct bt_tags tags;
    bt_tags_make(r->a, &r->rundown, bt_timeline_timing(n->timeline), bt_timeline_level(n->timeline),
                 n->d->url, &tags);
    tags.id3v23 = n->d->id3 == 1;
    tags.cover = cover_of(r, n->d);
    tags.cart = n->d->cart;
    struct bt_sound sound = bt_timeline_sound(n->timeline);
    size_t count;
    const struct bt_file *file = sound_files(r, n, &count);
    if (!bt_files_write(&sound, file, count, &tags, 0, r->ev, err) ||
        !prove(r, n, &tags, file, count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char **made = bt_push(r->a, &r->made.item, &r->made.n, sizeof(*made));
        *made = bt_format(r->a, "%s/%s%s", e->root, e->name, strrchr(file[i].path, '/'));
    }
    const struct bt_published published = {&r->rundown, &r->lines, bt_timeline_timing(n->timeline),
                                           &tags,       n->stem,   file,
                                           count,       &n->d->as, e->name,
                                           &r->voices};
    if (!write_companions(r, n, &published, err))
        return false;
    struct bt_buf text;
    bt_buf_init(&text, SIZE_MAX / 2);
    bt_timing_tsv(bt_timeline_timing(n->timeline), &r->lines, &text);
    bool first = n == r->rendition || n[-1].edition != n->edition;
    return write_text(r, e, first ? "timing.tsv" : bt_format(r->a, "timing-%s.tsv", n->stem), &text,
                      err);
}

/* The edition's own papers: what was meant, what aired, the proof. */
static bool write_papers(struct bt_run *r, size_t edition, struct bt_err *err)
{
    const struct bt_edition *e = &r->edition[edition].e;
    const struct bt_rendition *n = r->rendition;
    while (n->edition != edition)
        n++;
    struct bt_buf text;
    bt_buf_init(&text, SIZE_MAX / 2);
    bt_rundown_write(&r->rundown, &text);
    if (!write_text(r, e, "rundown.xml", &text, err))
        return false;
    bt_asrun_jsonl(&r->rundown, bt_timeline_timing(n->timeline), &text);
    if (!write_text(r, e, "asrun.jsonl", &text, err))
        return false;
    bt_proof_json(r->proof, r->nproof, bt_tier_names[bt_run_tier(r)], &text);
    return write_text(r, e, "proof.json", &text, err);
}

static bool publish(struct bt_run *r, struct bt_err *err)
{
    for (size_t i = 0; i < r->nedition; i++) {
        struct bt_words newest = {0};
        for (size_t k = 0; k < r->nrendition; k++) {
            const struct bt_rendition *n = &r->rendition[k];
            enum bt_format kind;
            for (size_t f = 0; n->edition == i && f < n->d->as.n; f++) {
                if (!bt_format_find(n->d->as.item[f], &kind))
                    continue;
                const char **file = bt_push(r->a, &newest.item, &newest.n, sizeof(*file));
                *file = bt_format(r->a, "%s%s", n->stem, bt_format_suffix(kind));
            }
        }
        if (!r->edition[i].there &&
            !bt_edition_commit(&r->edition[i].e, newest.item, newest.n, err))
            return false;
    }
    return true;
}

bool bt_run_air(struct bt_run *r, struct bt_err *err)
{
    for (size_t i = 0; i < r->nrendition; i++)
        if (!write_rendition(r, &r->rendition[i], err))
            return false;
    for (size_t i = 0; i < r->nedition; i++)
        if (!r->edition[i].there && !write_papers(r, i, err))
            return false;
    if (!publish(r, err) || !drop_all(r, err))
        return false;
    bt_wire_record(&r->wire, &r->articles);
    return true;
}
