/* Each chapter as an MP3 of its own: exactly its samples, the very ones of the whole. */
#include "air/air.h"

#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
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

static void cut_tests(int channels, int kbps)
{
    struct bt_signal signal = {channels, FRAMES, tone, &channels};
    struct bt_sound sound = bt_signal_sound(&signal);
    struct bt_tags tags = {.title = "Bản tin",
                           .album = "Bản tin",
                           .speech = -1,
                           .chapter = chapters,
                           .nchapter = BT_LEN(chapters)};
    struct bt_file file = {
        .format = BT_MP3, .path = bt_path_join(arena, dir, "a.mp3"), .kbps = kbps};
    struct bt_rundown r = {0};
    struct bt_lines lines = {0};
    struct bt_timing timing = {.frames = FRAMES};
    struct bt_published p = {&r, &lines, &timing, &tags, "a", &file, 1, NULL, NULL};
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

int main(void)
{
    arena = bt_arena_create();
    if (!mkdtemp(dir))
        return 1;
    cut_tests(1, 128);
    cut_tests(2, 192);
    cut_tests(1, 48);
    bt_tree_remove(dir);
    bt_arena_destroy(arena);
    return done();
}
