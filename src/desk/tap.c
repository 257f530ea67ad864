/* Every wire of the run as text, and what is said at its end. */
#include "desk/run.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void put(struct bt_buf *b, FILE *to)
{
    fwrite(b->p ? b->p : "", 1, b->n, to);
    bt_buf_finish(b);
}

static void tap_news(const struct bt_run *r, FILE *to)
{
    for (size_t i = 0; i < r->articles.n; i++) {
        const struct bt_article *s = &r->articles.item[i];
        char iso[32];
        fprintf(to, "%s\t%s\t%s\t%s\t%s\n", s->id, bt_state_names[s->state],
                s->published == BT_NO_TIME
                    ? "-"
                    : bt_iso_format(s->published, (int)r->programme.zone, iso),
                s->title, s->why ? s->why : "");
    }
}

static void tap_script(const struct bt_run *r, FILE *to)
{
    struct bt_buf b;
    bt_buf_init(&b, SIZE_MAX / 2);
    bt_rundown_write(&r->rundown, &b);
    put(&b, to);
}

static void tap_text(const struct bt_run *r, FILE *to)
{
    for (size_t i = 0; i < r->lines.n; i++) {
        const struct bt_line *l = &r->lines.line[i];
        fprintf(to, "%s\t%s\t%s\n", r->rundown.cue[l->cue].id, l->voice, l->utt.text);
    }
}

static void tap_voice(const struct bt_run *r, FILE *to)
{
    for (size_t i = 0; i < r->lines.n; i++)
        fprintf(to, "%s\t%s\t%s\t%.3f\n", r->rundown.cue[r->lines.line[i].cue].id,
                r->lines.line[i].voice, r->speech[i].engine ? r->speech[i].engine : "-",
                (double)r->speech[i].frames / BT_RATE);
}

static void tap_mix(const struct bt_run *r, FILE *to)
{
    for (size_t i = 0; i < r->nrendition; i++) {
        const struct bt_timing *t = bt_timeline_timing(r->rendition[i].timeline);
        struct bt_buf b;
        bt_buf_init(&b, SIZE_MAX / 2);
        if (r->o.json)
            bt_timing_jsonl(t, &r->lines, r->rendition[i].stem, &b);
        else
            bt_timing_tsv(t, &r->lines, &b);
        put(&b, to);
    }
}

/* A line of the result beside the events. */
static void put_json(json_t *j, FILE *to)
{
    json_dumpf(j, to, JSON_COMPACT);
    json_decref(j);
    fputc('\n', to);
}

static void put_spent(const char *stage, const struct bt_spent *s, FILE *to)
{
    if (s->wall > 0)
        put_json(json_pack("{ss ss sf sf}", "level", "info", "stage", stage, "seconds", s->wall,
                           "cpu", s->cpu),
                 to);
}

static void tap_air(const struct bt_run *r, FILE *to)
{
    for (int s = 0; r->o.json && s < BT_STAGES; s++)
        put_spent(bt_stage_name((enum bt_stage)s), &r->spent[s], to);
    if (r->o.json)
        put_spent("proof", &r->proving, to);
    for (size_t i = 0; r->o.json && i < r->made.n; i++)
        put_json(json_pack("{ss ss ss}", "level", "info", "stage", "air", "file", r->made.item[i]),
                 to);
    if (r->o.json)
        return;
    for (size_t i = 0; i < r->made.n; i++)
        fprintf(to, "%s\n", r->made.item[i]);
}

void bt_run_tap(const struct bt_run *r, enum bt_stage stage, FILE *to)
{
    static void (*const taps[BT_STAGES])(const struct bt_run *, FILE *) = {
        tap_news, tap_script, tap_text, tap_voice, tap_mix, tap_air};
    char *text = NULL;
    size_t n = 0;
    FILE *held = r->o.json && stage < BT_STAGE_MIX ? open_memstream(&text, &n) : NULL;
    taps[stage](r, held ? held : to);
    if (held && fclose(held) == 0)
        put_json(json_pack("{ss ss ss%}", "level", "info", "stage", bt_stage_name(stage), "result",
                           text, n),
                 to);
    free(text);
}

/* ---- the report ----------------------------------------------------------------------------- */

enum { MOST_DOUBTS = 20 };

struct ranked {
    const char *id, *title;
    const struct bt_doubt *doubt;
    double worst; /* of the story */
    size_t cue;
};

static int by_story_then_worst(const void *pa, const void *pb)
{
    const struct ranked *a = pa, *b = pb;
    if (a->cue != b->cue)
        return a->worst != b->worst ? (a->worst < b->worst ? -1 : 1) : a->cue < b->cue ? -1 : 1;
    double d = a->doubt->margin - b->doubt->margin;
    return d < 0 ? -1 : d > 0 ? 1 : strcmp(a->doubt->written, b->doubt->written);
}

static double worst_of(const struct bt_lines *l, size_t cue)
{
    double worst = 1;
    for (size_t i = 0; i < l->ndoubt; i++)
        if (l->doubt[i].cue == cue && l->doubt[i].doubt.margin < worst)
            worst = l->doubt[i].doubt.margin;
    return worst;
}

static void print_doubts(const struct ranked *rank, size_t n, FILE *to)
{
    fprintf(to, "%s\n", bt_msg(BT_M_DOUBTS));
    for (size_t i = 0; i < n && i < MOST_DOUBTS; i++) {
        const struct bt_doubt *d = rank[i].doubt;
        if (i == 0 || rank[i].cue != rank[i - 1].cue)
            fprintf(to, "  %s  %s\n", rank[i].id, rank[i].title ? rank[i].title : "");
        fprintf(to, "    %s → %s  (bantin lexicon add \"%s\" \"%s\")\n", d->written,
                *d->spoken ? d->spoken : "∅", d->written, *d->spoken ? d->spoken : "…");
    }
    if (n > MOST_DOUBTS) {
        fprintf(to, bt_msg(BT_M_DOUBTS_MORE), (long)(n - MOST_DOUBTS));
        fputc('\n', to);
    }
}

static void doubts_json(const struct ranked *rank, size_t n, FILE *to)
{
    for (size_t i = 0; i < n; i++)
        put_json(json_pack("{ss ss ss ss ss}", "level", "info", "stage", "text", "item", rank[i].id,
                           "written", rank[i].doubt->written, "spoken", rank[i].doubt->spoken),
                 to);
}

static void doubts(const struct bt_run *r, FILE *to)
{
    const struct bt_lines *l = &r->lines;
    if (!l->ndoubt)
        return;
    struct ranked *rank = bt_xcalloc(l->ndoubt, sizeof(*rank));
    for (size_t i = 0; i < l->ndoubt; i++) {
        const struct bt_cue *c = &r->rundown.cue[l->doubt[i].cue];
        rank[i] = (struct ranked){c->id, c->title ? c->title : c->text, &l->doubt[i].doubt,
                                  worst_of(l, l->doubt[i].cue), l->doubt[i].cue};
    }
    qsort(rank, l->ndoubt, sizeof(*rank), by_story_then_worst);
    (r->o.json ? doubts_json : print_doubts)(rank, l->ndoubt, to);
    free(rank);
}

void bt_run_report(const struct bt_run *r, FILE *to)
{
    for (size_t i = 0; r->done && i < r->nedition; i++) {
        const char *words = bt_format(
            r->a, bt_msg(BT_M_EDITION_DONE),
            bt_format(r->a, "%s/%s/%s", r->edition[i].to, r->rundown.programme, r->rundown.date));
        if (r->o.json)
            put_json(json_pack("{ss ss ss}", "level", "info", "stage", "air", "words", words), to);
        else
            fprintf(to, "%s\n", words);
    }
    doubts(r, to);
    tap_air(r, to);
}
