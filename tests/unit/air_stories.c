/* Each chapter as an MP3 of its own: exactly its samples, the very ones of the whole. */
#include "air/air.h"

#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

static char dir[] = "/tmp/bantin-stories-XXXXXX";
static struct bt_arena *arena;

enum { FRAMES = 6 * 48000 + 77, CUT = 100 * 1152, ODD = 170 * 1152 + 500 };

static bool tone(void *ctx, int64_t from, size_t n, float *out, struct bt_err *err)
{
    int channels = *(int *)ctx;
    (void)err;
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < channels; c++) {
            double at = (double)(from + (int64_t)i);
            out[i * (size_t)channels + (size_t)c] =
                (float)(0.3 * sin(at * (0.02 + c * 0.01 + at * 1e-7)));
        }
    return true;
}

static float *decode(const char *path, sf_count_t *frames, int channels)
{
    SF_INFO info = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    *frames = f ? info.frames : 0;
    float *x = bt_xcalloc((size_t)*frames + 1, sizeof(*x) * (size_t)channels);
    if (f) {
        sf_readf_float(f, x, *frames);
        sf_close(f);
    }
    return x;
}

static struct bt_chapter chapters[] = {
    {.from = 0, .frames = CUT, .title = "Mở đầu"},
    {.from = CUT, .frames = ODD - CUT, .title = "Giá xăng: 20.000 đồng/lít <b>"},
    {.from = ODD, .frames = FRAMES - ODD, .title = "../../…"}};
static const char *const names[] = {"tin/01-mo-dau.mp3", "tin/02-gia-xang-20-000-dong-lit-b.mp3",
                                    "tin/03.mp3"};

static void compare(size_t i, const float *whole, int channels)
{
    sf_count_t n;
    const char *path = bt_path_join(arena, dir, names[i]);
    const struct bt_chapter *c = &chapters[i];
    float *x = decode(path, &n, channels);
    double worst = 0;
    is_int((long long)n, c->frames, names[i]);
    for (size_t k = 0; n == c->frames && k < (size_t)n * (size_t)channels; k++)
        worst = fmax(worst, fabs((double)(x[k] - whole[(size_t)c->from * (size_t)channels + k])));
    ok(worst < 1e-6, "sounds as it does in the whole");
    free(x);
    struct bt_proof p;
    struct bt_want want = {.loudness = NAN, .peak = NAN, .frames = c->frames};
    ok(bt_proof_file(arena, path, &want, &p, NULL) && p.verdict == BT_RIGHT, "and is whole");
}

static void cut_tests(int channels, int kbps, int vbr)
{
    struct bt_signal signal = {channels, FRAMES, tone, &channels};
    struct bt_sound sound = bt_signal_sound(&signal);
    struct bt_tags tags = {.title = "Bản tin",
                           .album = "Bản tin",
                           .speech = -1,
                           .chapter = chapters,
                           .nchapter = BT_LEN(chapters)};
    struct bt_file file = {
        .format = BT_MP3, .path = bt_path_join(arena, dir, "a.mp3"), .mp3 = {kbps, vbr}};
    struct bt_rundown r = {0};
    struct bt_lines lines = {0};
    struct bt_timing timing = {.frames = FRAMES};
    struct bt_published p = {&r, &lines, &timing, &tags, "a", &file, 1, NULL, NULL, NULL};
    bool known;
    ok(bt_files_write(&sound, &file, 1, &tags, 1, NULL, NULL), "the whole is written");
    ok(bt_companion_write("stories", &p, dir, &known, NULL) && known, "and cut");
    sf_count_t n;
    float *whole = decode(file.path, &n, channels);
    is_int((long long)n, FRAMES, "the whole has its samples");
    for (size_t i = 0; i < BT_LEN(chapters); i++)
        compare(i, whole, channels);
    free(whole);
    struct bt_err err = {0};
    unlink(file.path);
    ok(!bt_companion_write("stories", &p, dir, &known, &err) && err.code == BT_EINNER,
       "nothing to cut from");
}

/* Of a hundred each name has three digits: players sort by name. */
static void many_tests(void)
{
    enum { MANY = 100 };
    static struct bt_chapter all[MANY];
    for (int i = 0; i < MANY; i++)
        all[i] = (struct bt_chapter){.from = (int64_t)i * 2880,
                                     .frames = i + 1 < MANY ? 2880 : FRAMES - i * 2880,
                                     .title = "Tin"};
    struct bt_signal signal = {1, FRAMES, tone, &(int){1}};
    struct bt_sound sound = bt_signal_sound(&signal);
    struct bt_tags tags = {.title = "Bản tin", .speech = -1, .chapter = all, .nchapter = MANY};
    struct bt_file file = {
        .format = BT_MP3, .path = bt_path_join(arena, dir, "m.mp3"), .mp3 = {128, 0}};
    struct bt_rundown r = {0};
    struct bt_lines none = {0};
    struct bt_timing timing = {.frames = FRAMES};
    struct bt_published p = {&r, &none, &timing, &tags, "m", &file, 1, NULL, NULL, NULL};
    bool known;
    ok(bt_files_write(&sound, &file, 1, &tags, 1, NULL, NULL) &&
           bt_companion_write("stories", &p, dir, &known, NULL),
       "a hundred parts");
    ok(bt_file_exists(bt_path_join(arena, dir, "tin/001-tin.mp3")) &&
           bt_file_exists(bt_path_join(arena, dir, "tin/100-tin.mp3")),
       "are in order by their names");
}

/* The value of the n-th `key` of s, as seconds. */
static double value(const char *s, const char *key, int n)
{
    for (; s && n >= 0; n--)
        if ((s = strstr(s, key)) != NULL)
            s += strlen(key);
    return s ? atof(s) : -1;
}

static char *text_of(const char *name)
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 20);
    const char *path = bt_format(arena, "%s/daisy/%s", dir, name);
    char *s = bt_file_read(path, b.max, &b, NULL) ? bt_strndup(arena, b.p, b.n) : "";
    bt_buf_finish(&b);
    return s;
}

static const char say[] = "Câu một. Câu <b>hai</b> & \"]]>.";
static struct bt_cue cues[] = {{.kind = BT_CUE_SAY, .id = "c"}};
static struct bt_line lines[] = {{.written = say, .utt = {.from = 0, .to = 9}},
                                 {.written = say, .utt = {.from = 11, .to = sizeof(say) - 1}}};
static struct bt_timing_row rows[] = {
    {.kind = BT_ROW_SENTENCE, .from = CUT + 4811, .frames = 30000, .line = 0},
    {.kind = BT_ROW_SENTENCE, .from = CUT + 40007, .frames = 20000, .line = 1}};

/* The clips of a part: from 0, without a gap, to the end of its own sound. */
static void clip_tests(size_t i, double *elapsed)
{
    const char *smil = text_of(bt_format(arena, "%03zu.smil", i + 1));
    double at = 0, begin;
    int n = 0, gaps = 0;
    for (; (begin = value(smil, "clip-begin=\"npt=", n)) >= 0; n++) {
        gaps += fabs(begin - at) > 1e-9;
        at = value(smil, "clip-end=\"npt=", n);
        gaps += at <= begin;
    }
    is_int(n, i == 1 ? 3 : 1, "a clip for what is heard");
    is_int(gaps, 0, "each where the last one ends");
    sf_count_t frames;
    free(decode(bt_format(arena, "%s/daisy/%03zu.mp3", dir, i + 1), &frames, 1));
    double sound = (double)frames / BT_RATE;
    ok(at <= sound && at > sound - 0.002, "to the end of the sound and not beyond");
    near(value(smil, "<seq dur=\"", 0), at, 1e-9, "so long is the whole");
    near(value(smil, "ncc:timeInThisSmil\" content=\"00:00:", 0), at, 1e-9, "as it says");
    near(value(smil, "ncc:totalElapsedTime\" content=\"00:00:", 0), *elapsed, 1e-9,
         "after what stands before");
    *elapsed += at;
}

static void daisy_tests(void)
{
    int channels = 1;
    struct bt_signal signal = {channels, FRAMES, tone, &channels};
    struct bt_sound sound = bt_signal_sound(&signal);
    struct bt_tags tags = {.title = "Bản tin <i>",
                           .artist = "Đài",
                           .comment = "Giọng đọc tổng hợp",
                           .date = "2025-11-25",
                           .programme = "t",
                           .speech = -1,
                           .chapter = chapters,
                           .nchapter = BT_LEN(chapters)};
    struct bt_file file = {
        .format = BT_MP3, .path = bt_path_join(arena, dir, "d.mp3"), .mp3.kbps = 64};
    struct bt_rundown r = {.cue = cues, .ncue = 1};
    struct bt_lines all = {.line = lines, .n = BT_LEN(lines)};
    struct bt_timing timing = {rows, BT_LEN(rows), FRAMES};
    struct bt_published p = {&r, &all, &timing, &tags, "d", &file, 1, NULL, "2025-11-25", NULL};
    bool known;
    double elapsed = 0;
    ok(bt_files_write(&sound, &file, 1, &tags, 1, NULL, NULL) &&
           bt_companion_write("daisy", &p, dir, &known, NULL) && known,
       "DAISY");
    for (size_t i = 0; i < BT_LEN(chapters); i++)
        clip_tests(i, &elapsed);
    near(value(text_of("master.smil"), "ncc:timeInThisSmil\" content=\"00:00:", 0), elapsed, 1e-9,
         "the master has the sum");
    const char *ncc = text_of("ncc.html"), *text = text_of("002.html");
    near(value(ncc, "ncc:totalTime\" content=\"00:00:", 0), elapsed, 0.5, "in seconds the NCC");
    near(value(ncc, "ncc:tocItems\" content=\"", 0), 3, 0, "three places to go to");
    near(value(ncc, "ncc:files\" content=\"", 0), 11, 0, "eleven files");
    ok(strstr(ncc, "<h1 class=\"title\" id=\"n001\"><a href=\"001.smil#p1\">Bản tin &lt;i&gt;</a>"),
       "its title leads to the opening");
    ok(strstr(ncc, "<a href=\"002.smil#p1\">Giá xăng: 20.000 đồng/lít &lt;b&gt;</a>"),
       "and a title is text");
    ok(strstr(text, ">Câu một.</span> <span id=\"t1-2\">Câu &lt;b&gt;hai&lt;/b&gt; &amp; "
                    "&quot;]]&gt;.</span>"),
       "so is what is said");
}

int main(void)
{
    arena = bt_arena_create();
    if (!mkdtemp(dir))
        return 1;
    cut_tests(1, 128, 0);
    cut_tests(1, 128, 3);
    cut_tests(2, 128, 6);
    cut_tests(2, 192, 0);
    cut_tests(1, 48, 0);
    many_tests();
    daisy_tests();
    bt_tree_remove(dir);
    bt_arena_destroy(arena);
    return done();
}
