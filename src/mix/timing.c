/* The timing table, from items, places and word marks; and its writer. */
#include "mix/timeline.h"

#include <stdlib.h>
#include <string.h>

const char *const bt_row_names[4] = {"item", "story", "sentence", "word"};

/* Room for every row at once: an array that doubles would leave its halves in the arena. */
static void rows_open(struct bt_timeline *t)
{
    size_t n = t->nitem;
    for (size_t i = 0; i < t->nplace; i++)
        n += t->place[i].asset ? 0 : 1 + t->speech[t->place[i].line].nmark;
    t->timing.row = bt_alloc(t->a, n * sizeof(*t->timing.row));
}

static void row_add(struct bt_timeline *t, const struct bt_timing_row *row)
{
    t->timing.row[t->timing.n++] = *row;
}

static double place_gain(const struct bt_timeline *t, const struct bt_place *p)
{
    return bt_db(p->gain) + bt_db(t->gain);
}

static void item_row(struct bt_timeline *t, const struct bt_item *item, double gain)
{
    const struct bt_cue *c = &t->r->cue[item->cue];
    bool story = c->kind == BT_CUE_STORY && !item->sting;
    struct bt_timing_row row = {.kind = story ? BT_ROW_STORY : BT_ROW_ITEM,
                                .from = item->from,
                                .frames = item->to - item->from,
                                .cue = item->cue,
                                .id = item->id,
                                .line = -1,
                                .gain = gain,
                                .source = item->asset ? item->asset->src : NULL};
    if (item->sting)
        row.id = bt_format(t->a, "%s-sting", item->id);
    row_add(t, &row);
}

static void speech_rows(struct bt_timeline *t, const struct bt_place *p)
{
    const struct bt_speech *s = &t->speech[p->line];
    const struct bt_utterance *u = &t->lines->line[p->line].utt;
    struct bt_timing_row row = {.kind = BT_ROW_SENTENCE,
                                .from = p->from,
                                .frames = p->frames,
                                .cue = t->item[p->item].cue,
                                .id = t->item[p->item].id,
                                .line = (long)p->line,
                                .text_from = u->from,
                                .text_to = u->to,
                                .gain = place_gain(t, p),
                                .source = s->engine,
                                .voice = t->lines->line[p->line].voice};
    row_add(t, &row);
    row.kind = BT_ROW_WORD;
    row.reckoned = !s->marks_exact;
    for (size_t i = 0; i < s->nmark; i++) {
        const struct bt_mark *m = &s->mark[i];
        int64_t end = i + 1 < s->nmark ? (int64_t)s->mark[i + 1].at : p->frames;
        if (m->word >= u->nword || end < (int64_t)m->at)
            continue;
        row.from = p->from + (int64_t)m->at;
        row.frames = end - (int64_t)m->at;
        row.text_from = u->word[m->word].from;
        row.text_to = u->word[m->word].to;
        row_add(t, &row);
    }
}

static int by_from(const void *a, const void *b)
{
    const struct bt_timing_row *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return (x->text_from > y->text_from) - (x->text_from < y->text_from);
}

void bt_timing_make(struct bt_timeline *t)
{
    rows_open(t);
    bool *told = bt_xcalloc(t->nitem, sizeof(*told));
    for (size_t i = 0; i < t->nplace; i++) {
        const struct bt_place *p = &t->place[i];
        if (p->stem == BT_STEM_BED)
            continue;
        if (!told[p->item])
            item_row(t, &t->item[p->item], place_gain(t, p));
        told[p->item] = true;
        if (!p->asset)
            speech_rows(t, p);
    }
    free(told);
    t->timing.frames = t->frames;
    if (t->timing.n)
        qsort(t->timing.row, t->timing.n, sizeof(*t->timing.row), by_from);
}

static void text_add(const struct bt_timing_row *r, const struct bt_lines *lines,
                     struct bt_buf *out)
{
    if (r->line < 0)
        return;
    const char *written = lines->line[r->line].written;
    for (uint32_t i = r->text_from; i < r->text_to; i++) {
        bool space = written[i] == '\t' || written[i] == '\n' || written[i] == '\r';
        bt_buf_addc(out, space ? ' ' : written[i]);
    }
}

void bt_timing_tsv(const struct bt_timing *t, const struct bt_lines *lines, struct bt_buf *out)
{
    bt_buf_adds(out, "# level\tid\tfrom\tframes\tseconds\tgain\tsource\tvoice\ttext\n");
    for (size_t i = 0; i < t->n; i++) {
        const struct bt_timing_row *r = &t->row[i];
        bt_buf_addf(out, "%s%s\t%s\t%lld\t%lld\t%.3f\t%.2f\t%s\t%s\t", bt_row_names[r->kind],
                    r->reckoned ? "~" : "", r->id, (long long)r->from, (long long)r->frames,
                    (double)r->from / BT_RATE, r->gain, r->source ? r->source : "-",
                    r->voice ? r->voice : "-");
        text_add(r, lines, out);
        bt_buf_addc(out, '\n');
    }
}

/* The cue that a row's id names; a sting bears its story's. False: there is none. */
static bool cue_of(const struct bt_rundown *r, int kind, const char *id, size_t *cue)
{
    static const char sting[] = "-sting";
    for (size_t i = 0; i < r->ncue; i++) {
        bool fits = kind != BT_ROW_STORY || r->cue[i].kind == BT_CUE_STORY;
        size_t n = fits && r->cue[i].id ? strlen(r->cue[i].id) : 0;
        if (n && strncmp(id, r->cue[i].id, n) == 0 && (!id[n] || strcmp(id + n, sting) == 0)) {
            *cue = i;
            return true;
        }
    }
    return false;
}

static int row_kind(const char *name)
{
    int k = 0;
    while (k < (int)BT_LEN(bt_row_names) && strcmp(bt_row_names[k], name) != 0)
        k++;
    return k;
}

/* Frames, at most a year of them. */
static bool frames_told(const struct bt_row *row, int col, int64_t *out, struct bt_err *err)
{
    static const int64_t most = INT64_C(366) * 86400 * BT_RATE;
    char *end;
    *out = strtoll(row->col[col], &end, 10);
    if (end > row->col[col] && !*end && *out >= 0 && *out <= most)
        return true;
    return bt_row_fail(err, row, BT_M_MIX_NO_FRAMES, row->col[col]);
}

bool bt_timing_parse(struct bt_arena *a, const char *file, struct bt_str tsv,
                     const struct bt_rundown *r, struct bt_timing *out, struct bt_err *err)
{
    enum { LEAST = 4, MOST = 9 };
    struct bt_table table;
    struct bt_timing t = {0};
    if (!bt_table_parse(a, file, tsv, LEAST, MOST, &table, err))
        return false;
    for (size_t i = 0; i < table.n; i++) {
        const struct bt_row *row = &table.row[i];
        struct bt_timing_row one = {.line = -1};
        int kind = row_kind(row->col[0]);
        if (kind > BT_ROW_STORY)
            continue;
        if (!cue_of(r, kind, row->col[1], &one.cue))
            return bt_row_fail(err, row, BT_M_MIX_NO_CUE, row->col[1]);
        one.kind = (enum bt_row_kind)kind;
        one.id = row->col[1];
        if (!frames_told(row, 2, &one.from, err) || !frames_told(row, 3, &one.frames, err))
            return false;
        *(struct bt_timing_row *)bt_push(a, &t.row, &t.n, sizeof(one)) = one;
    }
    *out = t;
    return true;
}
