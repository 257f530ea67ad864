/* mix: the samples of a timeline, its levels, and the limiter. */
#include "mix_bulletin.h"

#include <stdlib.h>
#include <unistd.h>

static void test_any_order(struct bulletin *b)
{
    struct bt_timeline *t = bulletin_mix(b);
    float *whole = render(t), block[5000 * 2];
    struct bt_reader *r = bt_reader_create(t);
    struct bt_signal s = bt_reader_signal(r);
    uint64_t seed = 7;
    bool same = true;
    for (int i = 0; i < 400; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t from = (int64_t)((seed >> 20) % (uint64_t)s.frames);
        size_t n = (size_t)(seed >> 52) % 5000, width = (size_t)s.channels;
        if (from + (int64_t)n > s.frames)
            n = (size_t)(s.frames - from);
        same = same && s.read(s.ctx, from, n, block, NULL) &&
               memcmp(block, whole + (size_t)from * width, n * width * sizeof(float)) == 0;
    }
    ok(same, b->d.channels == 2 ? "stereo: the same samples in any order and block size"
                                : "the same samples in any order and block size");
    ok(s.read(s.ctx, s.frames, 100, block, NULL) && block[0] == 0, "behind the end is silence");
    ok(s.frames % BT_GRID == 0, "the length is a multiple of the grid");
    bt_reader_destroy(r);

    struct bt_timeline *again = bulletin_mix(b);
    float *second = render(again);
    ok(memcmp(whole, second, (size_t)s.frames * (size_t)s.channels * sizeof(float)) == 0,
       "mixed again, the same samples");
    free(second);
    free(whole);
    bt_timeline_destroy(again);
    bt_timeline_destroy(t);
}

static void test_levels(struct bulletin *b, double loudness)
{
    b->d.loudness = loudness;
    struct bt_timeline *t = bulletin_mix(b);
    float *x = render(t);
    struct bt_level l = measured(x, (size_t)t->frames, t->channels);
    const struct bt_level *said = bt_timeline_level(t);
    near(l.integrated, loudness, 0.06, "the programme's loudness");
    ok(l.true_peak <= b->d.peak, "the programme's true peak");
    near(said->integrated, l.integrated, 0.02, "what it says of itself: loudness");
    near(said->true_peak, l.true_peak, 0.05, "true peak");
    near(said->short_max, l.short_max, 0.05, "short-term");
    near(said->momentary_max, l.momentary_max, 0.1, "momentary");
    near(said->range, l.range, 0.2, "range");
    const struct bt_timing_row *sting = row_find(t, BT_ROW_ITEM, "c4-sting");
    struct bt_level music =
        measured(x + sting->from * t->channels, (size_t)sting->frames, t->channels);
    const struct bt_timing_row *story = row_find(t, BT_ROW_STORY, "c3");
    struct bt_level speech =
        measured(x + story->from * t->channels, (size_t)story->frames, t->channels);
    near(music.integrated, speech.integrated, 1, "a sting is as loud as a story");
    near(bt_timeline_cue_level(t, 2)->integrated, speech.integrated, 0.3, "the cue's own level");
    free(x);
    bt_timeline_destroy(t);
    b->d.loudness = -23;
}

/* Utterances from 3 s up; shorter ones follow their voice. */
static void test_speech_to_speech(struct bulletin *b)
{
    struct bt_timeline *t = bulletin_mix(b);
    const struct bt_timing *g = bt_timeline_timing(t);
    float *x = render(t);
    double least = 0, most = -100;
    int n = 0;
    for (size_t i = 0; i < g->n; i++) {
        const struct bt_timing_row *r = &g->row[i];
        if (r->kind != BT_ROW_SENTENCE || r->frames < 3 * BT_RATE || r->cue < 2)
            continue;
        double l = measured(x + r->from, (size_t)r->frames, 1).integrated;
        least = fmin(least, l);
        most = fmax(most, l);
        n++;
    }
    ok(n >= 6, "there are sentences to compare");
    near(most - least, 0, 0.5, "speech to speech");
    free(x);
    bt_timeline_destroy(t);
}

/* Samples of the first jingle while the greeting is over it, against the jingle alone. */
static void test_ducking(struct bulletin *b)
{
    struct bt_timeline *t = bulletin_mix(b);
    size_t speech = b->lines.n;
    struct bt_reader *r = bt_reader_create(t);
    const struct bt_timing_row *jingle = row_find(t, BT_ROW_ITEM, "c1"),
                               *say = row_find(t, BT_ROW_ITEM, "c2");
    is_int(say->from, (jingle->frames - 3 * BT_RATE + BT_GRID - 1) / BT_GRID * BT_GRID,
           "speech begins `under` before the jingle's end, on the grid");
    b->lines.n = 0; /* the speech is taken out of the mix */
    struct bt_place *place = bt_xcalloc(t->nplace, sizeof(*place));
    memcpy(place, t->place, t->nplace * sizeof(*place));
    for (size_t i = 0; i < t->nplace; i++)
        if (!t->place[i].asset)
            t->place[i].gain = 0;
    enum { N = 4800 };
    float wet[N], dry[N];
    struct {
        double at, want;
        const char *name;
    } probe[] = {
        {-0.3, 0, "nothing is pressed down 300 ms before"},
        {0, -14, "at the first word it is down"},
        {1.5, -14, "and stays down"},
    };
    for (size_t i = 0; i < BT_LEN(probe); i++) {
        int64_t from = say->from + (int64_t)(probe[i].at * BT_RATE);
        size_t knots = t->place[0].nknot;
        bt_reader_mix(r, from, N, wet, NULL);
        t->place[0].nknot = 0;
        bt_reader_mix(r, from, N, dry, NULL);
        t->place[0].nknot = knots;
        double a = 0, d = 0;
        for (int k = 0; k < N; k++) {
            a += (double)(wet[k] * wet[k]);
            d += (double)(dry[k] * dry[k]);
        }
        near(10 * log10(a / d), probe[i].want, 0.05, probe[i].name);
    }
    memcpy(t->place, place, t->nplace * sizeof(*place));
    free(place);
    b->lines.n = speech;
    bt_reader_destroy(r);
    bt_timeline_destroy(t);
}

static void test_limiter(struct bulletin *b)
{
    b->d.loudness = -11;
    struct bt_timeline *t = bulletin_mix(b);
    ok(t->limit.n > 0, "a loud programme is limited");
    float *x = render(t);
    struct bt_level l = measured(x, (size_t)t->frames, t->channels);
    ok(l.true_peak <= -1, "and stays under its peak");
    if (l.true_peak > -1)
        printf("# %g dBTP\n", l.true_peak);
    near(l.true_peak, -1.1, 0.1, "but not far under");
    struct bt_reader *r = bt_reader_create(t);
    float *raw = bt_xcalloc((size_t)t->frames, sizeof(*raw));
    bt_reader_mix(r, 0, (size_t)t->frames, raw, NULL);
    bt_reader_destroy(r);
    bool untouched = true, smooth = true;
    float last = 1;
    int64_t last_at = 0;
    for (int64_t i = 0; i < t->frames; i++) {
        float plain = raw[i] * (float)t->gain;
        if (!bt_limit_find(&t->limit, i / BT_HOP))
            untouched = untouched && x[i] == plain;
        if (fabsf(plain) < 0.01f)
            continue;
        float gain = x[i] / plain;
        smooth =
            smooth && gain <= 1.000001f && fabsf(gain - last) < 0.002f * (float)(i - last_at + 1);
        last = gain;
        last_at = i;
    }
    ok(untouched, "where nothing is loud every bit is kept");
    ok(smooth, "the gain never jumps and never lifts");
    free(raw);
    free(x);
    bt_timeline_destroy(t);
    b->d.loudness = -23;
    t = bulletin_mix(b);
    is_int((long long)t->limit.n, 0, "a programme under its ceiling has no curve at all");
    bt_timeline_destroy(t);
}

static void test_curve(void)
{
    static struct bt_hot hot[2] = {{.hop = 10}, {.hop = 300}};
    struct bt_limits_curve c = {NULL, 0};
    hot[0].peak[20] = 2;
    hot[1].peak[0] = 1.01f;
    bt_limit_curve(hot, 2, 1, 1, &c);
    const struct bt_limit *l = bt_limit_find(&c, 10);
    near((double)l->gain[20], 0.5, 1e-6, "the gain is what the peak needs");
    near((double)l->gain[21], 0.5, 1e-6, "at both ends of its step");
    ok(l->gain[10] == 1 && l->gain[16] < 1, "it comes down a few ms ahead");
    ok(bt_limit_find(&c, 11) && !bt_limit_find(&c, 13) && !bt_limit_find(&c, 9),
       "it is let go, and nothing is kept where it is 1");
    ok(bt_limit_find(&c, 299) && bt_limit_find(&c, 299)->gain[50] < 1,
       "a peak at a hop's start is seen from the hop before");
    bt_limit_curve(NULL, 0, 1, 1, &c);
    ok(c.n == 0 && c.hop == NULL, "no peaks, no curve");
}

static void test_missing(struct bulletin *b)
{
    b->cue[0].src = "nowhere.wav";
    b->warnings = 0;
    struct bt_timeline *t = bulletin_mix(b);
    is_int(b->warnings, 1, "a missing jingle is one warning");
    ok(strstr(b->warning, "nowhere.wav") != NULL, "which names it");
    ok(!row_find(t, BT_ROW_ITEM, "c1"), "and it is left out");
    is_int(row_find(t, BT_ROW_ITEM, "c2")->from, 0, "the greeting opens the bulletin");
    bt_timeline_destroy(t);
    b->cue[0].src = "open.wav";
}

static void test_empty(void)
{
    struct bt_rundown r = {.dir = "."};
    struct bt_lines lines = {0};
    struct bt_delivery d = {.channels = 1, .loudness = -23, .peak = -1};
    struct bt_timeline *t = NULL;
    ok(bt_timeline_build(&r, &lines, NULL, &(struct bt_fetch){.speech = buzz}, &d, NULL, &t, NULL),
       "a bulletin of nothing is no error");
    is_int(t->frames, 0, "and has no length");
    bt_timeline_destroy(t);
    bt_timeline_destroy(NULL);
}

static bool broken(const void *ctx, const struct bt_speech *s, struct bt_pcm *out,
                   struct bt_err *err)
{
    (void)ctx;
    (void)out;
    return s->at != 5 ? buzz(ctx, s, out, err) : bt_fail(err, BT_EINNER, BT_M_FILE_NOT_READ, "x");
}

static void test_broken_speech(struct bulletin *b)
{
    struct bt_timeline *t = NULL;
    struct bt_err err = {0};
    ok(!bt_timeline_build(&b->r, &b->lines, b->speech, &(struct bt_fetch){.speech = broken}, &b->d,
                          NULL, &t, &err) &&
           t == NULL && err.code == BT_EINNER,
       "speech that cannot be fetched is an error, and nothing is made");
}

/* ---- levels kept between runs ---- */

static int heard; /* speeches fetched */

static bool counted(const void *ctx, const struct bt_speech *s, struct bt_pcm *out,
                    struct bt_err *err)
{
    __atomic_fetch_add(&heard, 1, __ATOMIC_RELAXED);
    return buzz(ctx, s, out, err);
}

static bool key_of(const struct bt_speech *s, char key[BT_HASH])
{
    bt_sha256(&s, sizeof(s), key);
    return true;
}

static int fetched(struct bulletin *b, const struct bt_fetch *fetch, double *gain)
{
    struct bt_timeline *t = NULL;
    heard = 0;
    if (!bt_timeline_build(&b->r, &b->lines, b->speech, fetch, &b->d, NULL, &t, NULL))
        return -1;
    *gain = t->gain;
    bt_timeline_destroy(t);
    return heard;
}

static void test_kept_levels(struct bulletin *b)
{
    char path[] = "/tmp/bantin-levels-XXXXXX";
    double gain[4];
    close(mkstemp(path));
    struct bt_fetch none = {.speech = counted},
                    kept = {.speech = counted, .levels = path, .key = key_of};
    int all = fetched(b, &none, &gain[0]);
    is_int(fetched(b, &kept, &gain[1]), all, "the first time every speech is measured");
    int less = fetched(b, &kept, &gain[2]);
    ok(less > 0 && less < all, "the second time none of them by itself");
    ok(gain[0] == gain[1] && gain[0] == gain[2], "and the mix is the same");
    b->d.channels = 2;
    double two[2];
    fetched(b, &none, &two[0]);
    fetched(b, &kept, &two[1]);
    ok(two[0] == two[1], "those of one channel are not those of two");
    b->d.channels = 1;
    FILE *f = fopen(path, "r+");
    fseek(f, 100, SEEK_SET);
    fputc('7', f);
    fputc('8', f);
    fclose(f);
    is_int(fetched(b, &kept, &gain[3]), all, "a damaged file is a missing one");
    unlink(path);
}

int main(void)
{
    struct bulletin b;
    bulletin_init(&b, 4);
    test_any_order(&b);
    test_levels(&b, -23);
    test_levels(&b, -16);
    test_kept_levels(&b);
    test_speech_to_speech(&b);
    test_ducking(&b);
    test_limiter(&b);
    b.d.channels = 2;
    test_any_order(&b);
    test_levels(&b, -23);
    b.d.channels = 1;
    test_curve();
    test_missing(&b);
    test_broken_speech(&b);
    bulletin_finish(&b);
    test_empty();
    return done();
}
