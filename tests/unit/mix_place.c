/* mix: what stands where, how long it becomes, and the timing table. */
#include "mix_bulletin.h"

static double seconds(int64_t frames)
{
    return (double)frames / BT_RATE;
}

static void test_items(struct bulletin *b)
{
    struct bt_timeline *t = bulletin_mix(b);
    const struct bt_timing *g = bt_timeline_timing(t);
    bool grid = true, ordered = true;
    int stings = 0, words = 0, sentences = 0;
    for (size_t i = 0; i < g->n; i++) {
        const struct bt_timing_row *r = &g->row[i];
        grid = grid && (r->kind > BT_ROW_STORY || r->from % BT_GRID == 0);
        ordered = ordered && (i == 0 || r[-1].from <= r->from);
        stings += strstr(r->id, "-sting") != NULL;
        words += r->kind == BT_ROW_WORD;
        sentences += r->kind == BT_ROW_SENTENCE;
    }
    ok(grid, "items begin on the grid");
    ok(ordered, "rows are in order");
    is_int(stings, 3, "a sting before each story but the first");
    is_int(sentences, (long long)b->lines.n, "a row for each sentence");
    is_int(words, 2 * (long long)b->lines.n - 4, "and for each word that is heard");
    is_int(g->frames, t->frames, "the table knows the length");
    const struct bt_timing_row *close = row_find(t, BT_ROW_ITEM, "c8");
    near(seconds(close->from + close->frames), seconds(t->frames), 0.025,
         "the close ends with the bulletin");
    is_str(close->source, "close.wav", "and its source is named");
    bt_timeline_destroy(t);
}

static void test_pauses(struct bulletin *b)
{
    struct bt_timeline *t = bulletin_mix(b);
    const struct bt_timing *g = bt_timeline_timing(t);
    const struct bt_timing_row *line[MAX_LINES];
    for (size_t i = 0; i < g->n; i++)
        if (g->row[i].kind == BT_ROW_SENTENCE)
            line[g->row[i].line] = &g->row[i];
#define GAP(i) seconds(line[(i) + 1]->from - line[i]->from - line[i]->frames)
    near(GAP(0), 0.38, 1e-4, "sentence");
    near(GAP(2), 0.75, 1e-4, "headline to body");
    near(GAP(4), 0.62, 1e-4, "paragraph");
    near(GAP(1), 1.0, 0.025, "story, up to the grid");
    const struct bt_timing_row *sting = row_find(t, BT_ROW_ITEM, "c4-sting");
    near(seconds(sting->from - line[5]->from - line[5]->frames), 0.5, 0.025, "story to sting");
    near(seconds(line[6]->from - sting->from - sting->frames), 0.3, 0.025, "sting to story");
    bt_timeline_destroy(t);
    ok(bt_pause_frames(BT_BREAK_STORY, 1, BT_MIX_CLEAR) <= 1.8 * BT_RATE, "no pause is over 1.8 s");
    for (int p = 0; p < BT_PAUSES; p++)
        ok(bt_pause_frames(p, -1, BT_MIX_AIR) < bt_pause_frames(p, 0, BT_MIX_AIR) &&
               bt_pause_frames(p, 0, BT_MIX_AIR) < bt_pause_frames(p, 1, BT_MIX_AIR) &&
               bt_pause_frames(p, 0, BT_MIX_CLEAR) > bt_pause_frames(p, 0, BT_MIX_AIR),
           "a pause stretches both ways, and is longer in the clear mix");
}

static void test_clear(struct bulletin *b)
{
    b->d.mix = BT_MIX_CLEAR;
    struct bt_timeline *t = bulletin_mix(b);
    const struct bt_timing_row *jingle = row_find(t, BT_ROW_ITEM, "c1"),
                               *say = row_find(t, BT_ROW_ITEM, "c2");
    ok(say->from > jingle->from + jingle->frames, "clear: nobody talks over the jingle");
    bool ducked = false;
    for (size_t i = 0; i < t->nplace; i++)
        ducked = ducked || t->place[i].nknot;
    ok(!ducked, "clear: no music is under speech");
    bt_timeline_destroy(t);
    b->d.mix = BT_MIX_AIR;
}

static int64_t mixed_length(struct bulletin *b, int64_t least_ms, int64_t most_ms)
{
    b->d.length = (struct bt_span){least_ms, most_ms};
    b->warnings = 0;
    struct bt_timeline *t = bulletin_mix(b);
    int64_t frames = t->frames, most = 0, end = 0;
    for (size_t i = 0; i < t->nplace; i++) {
        const struct bt_place *p = &t->place[i];
        most = i && p->from - end > most ? p->from - end : most;
        end = t->reach[i];
    }
    ok(most <= 1.8 * BT_RATE, "no pause is over 1.8 s");
    const struct bt_timing_row *close = row_find(t, BT_ROW_ITEM, "c8");
    ok(t->frames - close->from - close->frames < BT_GRID, "the close ends with the bulletin");
    bt_timeline_destroy(t);
    b->d.length = (struct bt_span){0, 0};
    return frames;
}

static void test_length(struct bulletin *b)
{
    int64_t natural = mixed_length(b, 0, 0), ms = natural * 1000 / BT_RATE;
    is_int(b->warnings, 0, "as long as it comes");
    is_int(mixed_length(b, ms + 3000, ms + 3000), (ms + 3000) * 48,
           "three seconds longer, exactly");
    is_int(b->warnings, 0, "without a word");
    is_int(mixed_length(b, ms - 2000, ms - 2000), (ms - 2000) * 48, "two seconds shorter, exactly");
    is_int(b->warnings, 0, "without a word");
    is_int(mixed_length(b, 60001, 60001 + ms), natural, "within a range: as it comes");
    is_int(mixed_length(b, ms + 2000, ms + 9000), (ms + 2000) * 48, "under a range: its least");
    is_int(mixed_length(b, 1000, ms - 2000), (ms - 2000) * 48, "over a range: its most");
    int64_t shortest = mixed_length(b, 10000, 10000), longest = mixed_length(b, 600000, 600000);
    ok(shortest < natural && shortest > natural / 2,
       "what cannot be so short is as short as can be");
    is_int(b->warnings, 1, "with a warning");
    ok(longest > natural && longest < natural * 2, "what cannot be so long is as long as can be");
    ok(strstr(b->warning, "10:00.000") != NULL, "that names the length");
    is_int(mixed_length(b, shortest / 48, shortest / 48), shortest, "the shortest can be had");
    is_int(b->warnings, 0, "as was said");
    is_int(mixed_length(b, longest / 48, longest / 48), longest, "and so can the longest");
    is_int(b->warnings, 0, "as was said");
}

static void test_silent_story(struct bulletin *b)
{
    for (size_t i = 0; i < b->lines.n; i++)
        if (b->line[i].cue == 3)
            b->speech[i].engine = NULL;
    struct bt_timeline *t = bulletin_mix(b);
    ok(!row_find(t, BT_ROW_STORY, "c4") && !row_find(t, BT_ROW_ITEM, "c4-sting"),
       "a story that no engine could speak is left out, with its sting");
    ok(bt_timeline_cue_level(t, 3)->integrated == -HUGE_VAL, "and has no level");
    bt_timeline_destroy(t);
    for (size_t i = 0; i < b->lines.n; i++)
        b->speech[i].engine = "buzz";
}

static void test_tsv(struct bulletin *b)
{
    struct bt_timeline *t = bulletin_mix(b);
    struct bt_buf out;
    bt_buf_init(&out, 1 << 20);
    bt_timing_tsv(bt_timeline_timing(t), &b->lines, &out);
    const char *first =
        "# level\tid\tfrom\tframes\tseconds\tgain\tsource\tvoice\ttext\nitem\tc1\t0\t";
    ok(strncmp(out.p, first, strlen(first)) == 0, "the table opens with its columns");
    const struct bt_timing_row *row = row_find(t, BT_ROW_SENTENCE, "c3");
    int64_t from = row->from;
    char want[160];
    snprintf(want, sizeof(want), "\nsentence\tc3\t%lld\t72000\t%.3f\t%.2f\tbuzz\t%s\tMưa to.\n",
             (long long)from, seconds(from), row->gain, row->voice ? row->voice : "-");
    ok(strstr(out.p, want) != NULL, "a sentence in its written words, tabs made spaces");
    snprintf(want, sizeof(want), "\nword\tc3\t%lld\t24000\t%.3f\t%.2f\tbuzz\t%s\tMưa\n",
             (long long)from, seconds(from), row->gain, row->voice ? row->voice : "-");
    ok(strstr(out.p, want) != NULL, "a word lasts until the next");
    bt_buf_finish(&out);
    bt_timeline_destroy(t);
}

int main(void)
{
    struct bulletin b;
    bulletin_init(&b, 4);
    test_items(&b);
    test_pauses(&b);
    test_clear(&b);
    test_length(&b);
    test_silent_story(&b);
    test_tsv(&b);
    bulletin_finish(&b);
    return done();
}
