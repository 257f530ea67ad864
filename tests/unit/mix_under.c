/* mix: beds, stems, clips, and what the programme may set. */
#include "mix_bulletin.h"

static float *stem_render(const struct bt_timeline *t, enum bt_stem stem)
{
    struct bt_reader *r = bt_reader_create_stem(t, stem);
    struct bt_signal s = bt_reader_signal(r);
    float *x = bt_xcalloc((size_t)s.frames, (size_t)s.channels * sizeof(*x));
    s.read(s.ctx, 0, (size_t)s.frames, x, NULL);
    bt_reader_destroy(r);
    return x;
}

static void test_stems(struct bulletin *b)
{
    struct bt_timeline *t = bulletin_mix(b);
    float *mix = render(t), *part[BT_STEMS];
    double most = 0;
    for (int s = 0; s < BT_STEMS; s++)
        part[s] = stem_render(t, (enum bt_stem)s);
    for (int64_t i = 0; i < t->frames * t->channels; i++)
        most = fmax(most, fabs((double)(mix[i] - part[0][i] - part[1][i] - part[2][i])));
    ok(most < 1e-5, "the stems sum up to the mix");
    const struct bt_timing_row *a = row_find(t, BT_ROW_STORY, "c3"),
                               *z = row_find(t, BT_ROW_STORY, "c5");
    size_t from = (size_t)a->from, n = (size_t)(z->from + z->frames - a->from);
    double speech = measured(part[BT_STEM_SPEECH] + from, n, 1).integrated;
    double bed = measured(part[BT_STEM_BED] + from, n, 1).integrated;
    ok(bed > -70 && speech - bed >= 10, "the bed is heard, 10 LU and more under speech");
    if (speech - bed < 10)
        printf("# speech %.1f, bed %.1f LUFS\n", speech, bed);
    bool gap = false, sting = true;
    for (int64_t i = a->from; i < a->from + a->frames - BT_RATE; i += BT_RATE / 2)
        gap = gap || measured(part[BT_STEM_BED] + i, BT_RATE / 2, 1).sample_peak < -60;
    ok(!gap, "it does not break off, though shorter than the story");
    const struct bt_timing_row *s = row_find(t, BT_ROW_ITEM, "c4-sting");
    for (int64_t i = s->from; i < s->from + s->frames; i++)
        sting = sting && part[BT_STEM_BED][i] == 0;
    ok(sting, "it makes way for the sting");
    ok(part[BT_STEM_BED][a->from - 10] == 0, "and is not there before its story");
    is_str(bt_stem_names[BT_STEM_BED], "bed", "stems have names");
    for (int i = 0; i < BT_STEMS; i++)
        free(part[i]);
    free(mix);
    bt_timeline_destroy(t);
}

static void test_clear(struct bulletin *b)
{
    b->d.mix = BT_MIX_CLEAR;
    struct bt_timeline *t = bulletin_mix(b);
    float *bed = stem_render(t, BT_STEM_BED);
    bool silent = true;
    for (int64_t i = 0; i < t->frames; i++)
        silent = silent && bed[i] == 0;
    ok(silent, "the clear mix has no bed");
    free(bed);
    bt_timeline_destroy(t);
    b->d.mix = BT_MIX_AIR;
}

static void test_settings(struct bulletin *b)
{
    struct bt_timeline *t = bulletin_mix(b);
    const struct bt_knot *k = t->place[0].knot;
    ok(t->place[0].nknot == 4 && k[1].at - k[0].at == 7200 && k[1].db == -14 &&
           k[3].at - k[2].at == 24000,
       "ducking: down over 150 ms by 14 dB, up over 500");
    int64_t hold = k[2].at - row_find(t, BT_ROW_ITEM, "c2")->from;
    bt_timeline_destroy(t);
    b->d.duck = -20;
    b->d.duck_down_ms = 300;
    b->d.duck_hold_ms = 1200;
    b->d.duck_up_ms = 1000;
    t = bulletin_mix(b);
    k = t->place[0].knot;
    ok(k[1].at - k[0].at == 14400 && k[1].db == -20 && k[3].at - k[2].at == 48000, "or as is set");
    is_int(k[2].at - row_find(t, BT_ROW_ITEM, "c2")->from - hold, 48000, "a second longer held");
    bt_timeline_destroy(t);
    b->d.duck = 0;
    b->d.duck_down_ms = b->d.duck_hold_ms = b->d.duck_up_ms = 0;
}

/* A reporter's recording, far too quiet, is heard like a presenter. */
static void test_clip(struct bulletin *b)
{
    music_write(b, "bed.wav", 22050, 1, 6, 0.01);
    struct bt_cue story = b->cue[3];
    size_t lines = b->lines.n;
    b->cue[3] = (struct bt_cue){.kind = BT_CUE_CLIP, .id = "clip", .src = "bed.wav"};
    for (size_t i = 0; i < lines; i++)
        if (b->line[i].cue == 3)
            b->speech[i].engine = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < lines; i++)
        if (b->speech[i].engine) {
            b->line[kept] = b->line[i];
            b->speech[kept++] = b->speech[i];
        }
    b->lines.n = kept;
    struct bt_timeline *t = bulletin_mix(b);
    const struct bt_timing_row *clip = row_find(t, BT_ROW_ITEM, "clip");
    ok(clip && clip->frames > 5 * BT_RATE, "a clip has its place");
    float *x = stem_render(t, BT_STEM_SPEECH);
    double l = measured(x + clip->from, (size_t)clip->frames, 1).integrated;
    const struct bt_timing_row *say = row_find(t, BT_ROW_STORY, "c5");
    near(l, measured(x + say->from, (size_t)say->frames, 1).integrated, 0.6,
         "as loud as a presenter");
    ok(clip->gain > 15, "though it was recorded much too quiet");
    free(x);
    bt_timeline_destroy(t);
    b->cue[3] = story;
}

int main(void)
{
    struct bulletin b;
    bulletin_init(&b, 4);
    for (int i = 2; i < 6; i++)
        b.cue[i].bed = "bed.wav";
    test_stems(&b);
    test_clear(&b);
    test_settings(&b);
    for (int i = 2; i < 6; i++)
        b.cue[i].bed = NULL;
    test_clip(&b);
    bulletin_finish(&b);
    return done();
}
