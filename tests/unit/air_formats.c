/* FLAC, Opus and Vorbis: exact length, tags, the same bytes however they are made; and full disks.
 */
#include "air/encode.h"

#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static char dir[] = "/tmp/bantin-formats-XXXXXX";
static struct bt_arena *arena;

enum { FRAMES = 48000 * 27 + 77 };
static const enum bt_format formats[] = {BT_WAV, BT_MP3, BT_FLAC, BT_OPUS, BT_OPUS24, BT_VORBIS};

static const char *at(const char *name, enum bt_format f)
{
    return bt_format(arena, "%s/%s%s", dir, name, bt_format_suffix(f));
}

static bool sound_read(void *ctx, int64_t from, size_t n, float *out, struct bt_err *err)
{
    int channels = *(const int *)ctx;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        double t = (double)(from + (int64_t)i) / BT_RATE;
        for (int c = 0; c < channels; c++)
            *out++ = (float)(0.2 * (0.6 + 0.4 * sin(2 * M_PI * 3 * t)) *
                             sin(2 * M_PI * (300 + 50 * c) * t));
    }
    return true;
}

static struct bt_chapter chapters[] = {
    {.from = 0, .frames = 48000 * 10, .title = "Mở đầu"},
    {.from = 48000 * 10, .frames = FRAMES - 48000 * 10, .title = "Mưa lớn ở Như Xuân"}};
static const struct bt_level level = {.integrated = -19.5};
static const struct bt_tags tags = {.title = "Bản tin THNM sáng",
                                    .artist = "Đài Thanh Hóa",
                                    .programme = "thnm-sang",
                                    .date = "2025-11-25",
                                    .level = &level,
                                    .chapter = chapters,
                                    .nchapter = BT_LEN(chapters)};

static bool make(const char *name, int channels, const enum bt_format *f, size_t n, int jobs,
                 struct bt_err *err)
{
    struct bt_signal s = {channels, FRAMES, sound_read, &channels};
    struct bt_sound sound = bt_signal_sound(&s);
    struct bt_file *file = bt_alloc(arena, n * sizeof(*file));
    for (size_t i = 0; i < n; i++)
        file[i] = (struct bt_file){.format = f[i], .path = at(name, f[i]), .mp3.kbps = 128};
    return bt_files_write(&sound, file, n, &tags, jobs, NULL, err);
}

static const char *hash(const char *path)
{
    char *hex = bt_alloc(arena, BT_HASH);
    return bt_sha256_file(path, hex, NULL) ? hex : "none";
}

static void length_tests(int channels)
{
    struct bt_err err = {0};
    ok(make("a", channels, formats, BT_LEN(formats), 3, &err), "six formats at once");
    for (size_t i = 0; i < BT_LEN(formats); i++) {
        struct bt_proof p = {0};
        const char *path = at("a", formats[i]), *suffix = bt_format_suffix(formats[i]);
        struct bt_want w = {.frames = FRAMES, .channels = channels};
        ok(bt_proof_file(arena, path, &w, &p, &err) && p.verdict == BT_RIGHT,
           bt_format(arena, "%s: whole, %d channel(s), exact length", suffix, channels));
        near(p.level.integrated, channels == 1 ? -21.3 : -18.3, 0.5,
             bt_format(arena, "%s: at its level", suffix));
        make("b", channels, &formats[i], 1, 1, &err);
        is_str(hash(at("b", formats[i])), hash(path),
               bt_format(arena, "%s: alone on one thread, the same bytes", suffix));
    }
}

/* The samples of the WAV are those of the FLAC. */
static void flac_tests(void)
{
    static short x[2][FRAMES];
    for (int i = 0; i < 2; i++) {
        SF_INFO info = {0};
        SNDFILE *f = sf_open(at("a", i ? BT_FLAC : BT_WAV), SFM_READ, &info);
        is_int(sf_readf_short(f, x[i], FRAMES), FRAMES, "read");
        sf_close(f);
    }
    ok(memcmp(x[0], x[1], sizeof(x[0])) == 0, "FLAC holds the WAV's samples");
}

static void cut_tests(void)
{
    static const enum bt_format kinds[] = {BT_FLAC, BT_OPUS, BT_VORBIS};
    for (size_t i = 0; i < BT_LEN(kinds); i++) {
        struct bt_buf b;
        struct bt_proof p = {0};
        bt_buf_init(&b, 1 << 26);
        bt_file_read(at("a", kinds[i]), b.max, &b, NULL);
        const char *path = at("cut", kinds[i]);
        bt_file_write(path, b.p, b.n * 2 / 3, NULL);
        bt_buf_finish(&b);
        ok(!bt_proof_file(arena, path, &(struct bt_want){0}, &p, NULL) || p.verdict == BT_WRONG,
           bt_format(arena, "%s: cut short is not whole", bt_format_suffix(kinds[i])));
    }
}

static void full_tests(void)
{
    for (size_t i = 0; i < BT_LEN(formats); i++) {
        struct bt_err err = {0};
        symlink("/dev/full", at("full", formats[i]));
        ok(!make("full", 1, &formats[i], 1, 2, &err) && err.code == BT_EDELIVER && err.sys,
           bt_format(arena, "%s: a full disk is told", bt_format_suffix(formats[i])));
        ok(access(at("full", formats[i]), F_OK) != 0, "and nothing stays");
        ok(!make("none/a", 1, &formats[i], 1, 2, &err) && err.code == BT_EDELIVER,
           "no such folder");
    }
}

static const char *answer(const char *cmd)
{
    char *out = bt_alloc(arena, 4096);
    FILE *f = popen(cmd, "r");
    size_t n = f ? fread(out, 1, 4095, f) : 0;
    if (f)
        pclose(f);
    while (n > 0 && out[n - 1] == '\n')
        out[--n] = '\0';
    return out;
}

static void foreign(const char *tool, const char *cmd, enum bt_format f, const char *want)
{
    const char *suffix = bt_format_suffix(f);
    if (system(bt_format(arena, "command -v %s >/dev/null 2>&1", tool)) != 0)
        printf("ok %d - # SKIP no %s here\n", ++tap_count, tool);
    else
        is_str(answer(bt_format(arena, cmd, at("a", f))), want,
               bt_format(arena, "%s of %s", tool, suffix));
}

static void foreign_tests(void)
{
    foreign("flac", "flac -t -s %s 2>&1", BT_FLAC, "");
    foreign("metaflac", "metaflac --show-tag=CHAPTER001NAME %s", BT_FLAC,
            "CHAPTER001NAME=Mưa lớn ở Như Xuân");
    foreign("opusinfo", "opusinfo %s | grep -c -i -e warning -e error", BT_OPUS, "0");
    foreign("opusinfo", "opusinfo %s | grep -c -i -e warning -e error", BT_OPUS24, "0");
    foreign("opusinfo", "opusinfo %s | grep -o 'R128_TRACK_GAIN=.*'", BT_OPUS,
            "R128_TRACK_GAIN=-896");
    for (size_t i = 2; i < BT_LEN(formats); i++) {
        foreign("ffmpeg", "ffmpeg -v error -i %s -ac 1 -f s16le - | wc -c", formats[i],
                bt_format(arena, "%d", FRAMES * 2));
        foreign("ffprobe",
                "ffprobe -v error -of csv=p=0 -show_entries chapter_tags=title %s | tail -1",
                formats[i], "Mưa lớn ở Như Xuân");
    }
}

int main(void)
{
    enum bt_format f;
    arena = bt_arena_create();
    if (!mkdtemp(dir))
        return 1;
    ok(bt_format_find("opus24", &f) && f == BT_OPUS24, "found by name");
    ok(!bt_format_find("page", &f), "a page is no sound");
    length_tests(2);
    length_tests(1);
    flac_tests();
    cut_tests();
    foreign_tests();
    full_tests();
    bt_tree_remove(dir);
    bt_arena_destroy(arena);
    return done();
}
