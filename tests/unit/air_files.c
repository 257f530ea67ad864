/* WAV and MP3: length, level, place, bytes; and what happens when they cannot be written. */
#include "air/encode.h"

#include <errno.h>
#include <lame/lame.h>
#include <math.h>
#include <sched.h>
#include <sndfile.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static char dir[] = "/tmp/bantin-air-XXXXXX";

static const char *at(const char *name)
{
    static char path[4][256];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof(path[turn]), "%s/%s", dir, name);
    return path[turn];
}

/* ---- a sound: three partials that come and go like syllables, and a little noise ---- */

struct made {
    int channels;
    int64_t fail_at; /* reading fails from here on; -1 never */
    bool loud;
};

static float noise(uint64_t n)
{
    n = (n + 7) * 0x9E3779B97F4A7C15u;
    n = (n ^ (n >> 29)) * 0xBF58476D1CE4E5B9u;
    return (float)(n >> 40) / (1 << 23) - 1;
}

enum { LOOP = 48000 * 10 };

static float compute(int64_t n, int c)
{
    double t = (double)n / BT_RATE;
    double syllable = 0.5 - 0.5 * cos(2 * M_PI * 4.1 * t);
    double hz = 140 + 40 * sin(2 * M_PI * 0.7 * t);
    double x = sin(2 * M_PI * 150 * t) + 0.5 * sin(2 * M_PI * (900 + c * 200) * t) +
               0.2 * sin(2 * M_PI * hz * 20 * t);
    return (float)(0.12 * syllable * x + 0.002 * noise((uint64_t)n * 2 + (unsigned)c));
}

static float sample(const struct made *m, int64_t n, int c)
{
    static float loop[2][LOOP];
    if (loop[0][1] == 0)
        for (int i = 0; i < 2 * LOOP; i++)
            loop[i / LOOP][i % LOOP] = compute(i % LOOP, i / LOOP);
    return loop[c][n % LOOP] * (m->loud ? 40 : 1);
}

static bool made_read(void *ctx, int64_t from, size_t n, float *out, struct bt_err *err)
{
    const struct made *m = ctx;
    if (m->fail_at >= 0 && from + (int64_t)n > m->fail_at)
        return bt_fail(err, BT_EINNER, BT_M_FILE_NOT_READ, "made");
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < m->channels; c++)
            *out++ = sample(m, from + (int64_t)i, c);
    return true;
}

static struct bt_signal made_signal(struct made *m, int64_t frames)
{
    return (struct bt_signal){m->channels, frames, made_read, m};
}

/* Below 0 the rate is variable: -1 is V0, -3 V2. */
static struct bt_mp3_rate rate_of(int kbps)
{
    return kbps < 0 ? (struct bt_mp3_rate){128, -kbps} : (struct bt_mp3_rate){kbps, 0};
}

static bool write_one(enum bt_format f, const char *path, struct made *m, int64_t frames, int kbps,
                      int jobs, struct bt_err *err)
{
    static const struct bt_tags tags = {.title = "Bản tin THNM sáng, 25/11/2025",
                                        .artist = "Đài PT-TH Thanh Hóa",
                                        .date = "2025-11-25",
                                        .comment = "Giọng đọc tổng hợp"};
    struct bt_signal s = made_signal(m, frames);
    struct bt_sound sound = bt_signal_sound(&s);
    struct bt_file file = {.format = f, .path = path, .mp3 = rate_of(kbps)};
    return bt_files_write(&sound, &file, 1, &tags, jobs, NULL, err);
}

static struct bt_buf slurp(const char *path)
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 28);
    bt_file_read(path, b.max, &b, NULL);
    return b;
}

static bool same_bytes(const char *a, const char *b)
{
    struct bt_buf x = slurp(a), y = slurp(b);
    bool same = x.n > 0 && x.n == y.n && memcmp(x.p, y.p, x.n) == 0;
    bt_buf_finish(&x);
    bt_buf_finish(&y);
    return same;
}

static struct bt_pcm decoded(const char *path)
{
    struct bt_pcm p = {0};
    SF_INFO info = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    if (!f)
        return p;
    p.channels = info.channels;
    p.rate = info.samplerate;
    p.x = bt_xmalloc((size_t)(info.frames + 1) * (size_t)info.channels * sizeof(float));
    p.frames = (size_t)sf_readf_float(f, p.x, info.frames + 1);
    sf_close(f);
    return p;
}

/* How far a file is from the sound, in dB below it; and the greatest single difference. */
static double distance(const struct bt_pcm *p, const struct made *m, double *most)
{
    double signal = 0, rest = 0;
    *most = 0;
    for (size_t i = 0; i < p->frames; i++)
        for (int c = 0; c < p->channels; c++) {
            double x = sample(m, (int64_t)i, c), d = p->x[i * (size_t)p->channels + (size_t)c] - x;
            signal += x * x;
            rest += d * d;
            *most = fabs(d) > *most ? fabs(d) : *most;
        }
    return 10 * log10(signal / rest);
}

/* How much louder a file is than the sound, dB, by what they have in common. */
static double gain(const struct bt_pcm *p, const struct made *m)
{
    double signal = 0, common = 0;
    for (size_t i = 0; i < p->frames; i++) {
        double x = sample(m, (int64_t)i, 0);
        signal += x * x;
        common += x * (double)p->x[i * (size_t)p->channels];
    }
    return 20 * log10(common / signal);
}

/* ---- WAV ---- */

static void wav_tests(void)
{
    struct bt_err err = {0};
    for (int ch = 1; ch <= 2; ch++) {
        struct made m = {ch, -1, false};
        int64_t n = 48000 * 30 + 17;
        ok(write_one(BT_WAV, at("a.wav"), &m, n, 0, 1, &err), "a WAV is written");
        struct bt_pcm p = decoded(at("a.wav"));
        is_int((long long)p.frames, n, "libsndfile reads exactly its frames");
        is_int(p.channels, ch, "and its channels");
        is_int(p.rate, 48000, "at 48 kHz");
        double most;
        ok(distance(&p, &m, &most) > 60, "it is the sound");
        ok(most <= 1.5 / 32768 + 1e-9, "within one and a half steps");
        ok(write_one(BT_WAV, at("b.wav"), &m, n, 0, 3, &err) &&
               same_bytes(at("a.wav"), at("b.wav")),
           "three threads write the same bytes as one");
        free(p.x);
    }
    struct made loud = {1, -1, true};
    ok(write_one(BT_WAV, at("a.wav"), &loud, 48000, 0, 1, &err), "beyond full scale");
    struct bt_pcm p = decoded(at("a.wav"));
    double high = 0, low = 0;
    for (size_t i = 0; i < p.frames; i++) {
        high = p.x[i] > high ? p.x[i] : high;
        low = p.x[i] < low ? p.x[i] : low;
    }
    near(high, 32767.0 / 32768, 1e-9, "is held at the top");
    near(low, -1, 1e-9, "and at the bottom");
    free(p.x);
}

/* The dither has no step at zero: a tenth of a step comes through as its mean. */
static bool faint_read(void *ctx, int64_t from, size_t n, float *out, struct bt_err *err)
{
    (void)ctx, (void)from, (void)err;
    for (size_t i = 0; i < n; i++)
        out[i] = 0.1f / 32768;
    return true;
}

static void dither_tests(void)
{
    struct bt_signal s = {1, 480000, faint_read, NULL};
    struct bt_sound sound = bt_signal_sound(&s);
    struct bt_file file = {.format = BT_WAV, .path = at("a.wav"), .mp3.kbps = 0};
    ok(bt_files_write(&sound, &file, 1, NULL, 1, NULL, NULL), "a faint WAV");
    struct bt_pcm p = decoded(file.path);
    double sum = 0, square = 0;
    for (size_t i = 0; i < p.frames; i++) {
        double v = p.x[i] * 32768;
        sum += v;
        square += v * v;
    }
    near(sum / (double)p.frames, 0.1, 0.005, "the mean of a faint signal stays");
    near(square / (double)p.frames, 0.25, 0.02, "with the noise of triangular dither");
    free(p.x);
}

/* ---- MP3 ---- */

static void length_tests(void)
{
    static const int64_t lengths[] = {
        1, 575, 576, 1151, 1152, 1153, 1152 * 1000, 1152 * 1000 + 1, 48000 * 61 + 7};
    struct made m = {1, -1, false};
    for (size_t i = 0; i < BT_LEN(lengths); i++) {
        struct bt_err err = {0};
        char what[80];
        write_one(BT_MP3, at("n.mp3"), &m, lengths[i], 64, 2, &err);
        struct bt_pcm p = decoded(at("n.mp3"));
        snprintf(what, sizeof(what), "an MP3 of %ld frames decodes to as many", (long)lengths[i]);
        is_int((long long)p.frames, lengths[i], what);
        free(p.x);
    }
}

static void sound_tests(int channels, int kbps, double want)
{
    struct made m = {channels, -1, false};
    struct bt_err err = {0};
    int64_t n = 48000 * 55 + 123;
    ok(write_one(BT_MP3, at("a.mp3"), &m, n, kbps, 1, &err), "an MP3 is written");
    struct bt_pcm p = decoded(at("a.mp3"));
    is_int((long long)p.frames, n, "libsndfile decodes exactly its frames");
    is_int(p.channels, channels, "and its channels");
    double most;
    double far = distance(&p, &m, &most);
    printf("# %d channel(s), %d kbit/s: %.1f dB\n", channels, kbps, far);
    ok(far > want, "sample on sample");
    near(gain(&p, &m), 0, 0.1, "at its level");
    ok(write_one(BT_MP3, at("b.mp3"), &m, n, kbps, 3, &err) && same_bytes(at("a.mp3"), at("b.mp3")),
       "three threads write the same bytes as one");
    free(p.x);
}

/* One encoder from the start to the end, by the same settings. */
static void serial(struct made *m, int64_t frames, int kbps, struct bt_buf *out)
{
    lame_t l = lame_init();
    lame_set_in_samplerate(l, BT_RATE);
    lame_set_num_channels(l, m->channels);
    lame_set_mode(l, m->channels == 1 ? MONO : JOINT_STEREO);
    if (kbps < 0) {
        lame_set_VBR(l, vbr_mtrh);
        lame_set_VBR_quality(l, (float)(-kbps - 1));
        lame_set_out_samplerate(l, BT_RATE);
    } else {
        lame_set_brate(l, kbps);
    }
    lame_set_quality(l, 3);
    lame_set_scale(l, kbps > 0 && kbps <= 160 ? 1 / 0.95f : 1);
    lame_set_disable_reservoir(l, 1);
    lame_set_bWriteVbrTag(l, 0);
    lame_init_params(l);
    float x[2 * 1152];
    unsigned char buf[9000];
    for (int64_t at_ = 0; at_ < frames + 3 * 1152; at_ += 1152) {
        memset(x, 0, sizeof(x));
        int64_t k = frames - at_ > 1152 ? 1152 : frames - at_;
        if (k > 0)
            made_read(m, at_, (size_t)k, x, NULL);
        int r = m->channels == 1
                    ? lame_encode_buffer_ieee_float(l, x, x, 1152, buf, sizeof(buf))
                    : lame_encode_buffer_interleaved_ieee_float(l, x, 1152, buf, sizeof(buf));
        bt_buf_add(out, buf, (size_t)r);
    }
    lame_close(l);
}

static uint32_t be(const char *p, int n)
{
    uint32_t v = 0;
    while (n-- > 0)
        v = v << 8 | (unsigned char)*p++;
    return v;
}

/* Bit by bit, as a check on the table. */
static unsigned slow_crc(const char *p, size_t n)
{
    unsigned c = 0;
    for (size_t i = 0; i < n; i++)
        for (int bit = 0; bit < 8; bit++) {
            unsigned in = ((unsigned char)p[i] >> bit & 1) ^ (c & 1);
            c = c >> 1 ^ (in ? 0xA001 : 0);
        }
    return c;
}

/* Entries of the contents that are not where their hundredth of the frames begins. */
static int kept_contents(const char *x, const char *file, size_t bytes)
{
    static const int rates[] = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
    size_t frames = be(x + 8, 4), at = 0, i = 0;
    int wrong = 0;
    for (size_t k = 0; k < 100; k++) {
        for (; i < frames * k / 100 + 1; i++) /* the Info frame is one more */
            at += 3 * (size_t)rates[(unsigned char)file[at + 2] >> 4];
        wrong += (unsigned char)x[16 + k] != at * 256 / bytes;
    }
    return wrong;
}

/* The file against one serial encode, and its Info frame against the file. */
static void bytes_tests(int channels, int kbps)
{
    struct made m = {channels, -1, false};
    int64_t frames = 48000 * 73;
    struct bt_buf want, file;
    write_one(BT_MP3, at("a.mp3"), &m, frames, kbps, 2, NULL);
    file = slurp(at("a.mp3"));
    bt_buf_init(&want, 1 << 26);
    serial(&m, frames, kbps, &want);
    size_t head = 10 + (be(file.p + 6, 1) << 21 | be(file.p + 7, 1) << 14 | be(file.p + 8, 1) << 7 |
                        be(file.p + 9, 1));
    size_t frame = kbps < 0 ? 192 : (size_t)kbps * 3, music = file.n - head - frame;
    size_t grid = (size_t)frames / 1152 + 2;
    ok((kbps < 0 || music == grid * frame) && want.n >= music, "whole frames");
    ok(memcmp(file.p + head + frame, want.p, music) == 0, "the joints of its parts do not show");
    const char *info = file.p + head, *x = info + (channels == 1 ? 21 : 36);
    ok(memcmp(x, kbps < 0 ? "Xing" : "Info", 4) == 0, "Info, or Xing of a variable rate");
    is_int(be(x + 8, 4), (long long)grid, "Info: frames");
    is_int(be(x + 12, 4), (long long)(music + frame), "Info: bytes");
    is_int(be(x + 120 + 21, 3) >> 12, 576, "LAME: delay");
    is_int(be(x + 120 + 21, 3) & 0xFFF, (long long)grid * 1152 - 576 - frames, "LAME: padding");
    is_int(be(x + 120 + 32, 2), slow_crc(file.p + head + frame, music), "LAME: the music's CRC");
    is_int(be(x + 120 + 34, 2), slow_crc(info, (size_t)(x + 120 + 34 - info)),
           "LAME: the tag's CRC");
    is_int(be(info, 4) >> 21, 0x7FF, "and it is a frame");
    is_int(kept_contents(x, file.p + head, music + frame), 0, "Info: the contents point at frames");
    bt_buf_finish(&want);
    bt_buf_finish(&file);
}

static void crc_tests(void)
{
    const char s[] = "Đài Phát thanh và Truyền hình";
    is_int(bt_crc16(0, "123456789", 9), 0xBB3D, "CRC-16/ARC of its check string");
    uint16_t whole = bt_crc16(0, s, sizeof(s));
    bool same = true;
    for (size_t k = 0; k <= sizeof(s); k++)
        same = same && bt_crc16_join(bt_crc16(0, s, k), bt_crc16(0, s + k, sizeof(s) - k),
                                     (int64_t)(sizeof(s) - k)) == whole;
    ok(same, "two stretches joined anywhere have the CRC of the whole");
}

/* ---- together, and failing ---- */

static void together_tests(void)
{
    struct made m = {1, -1, false};
    struct bt_signal s = made_signal(&m, 48000 * 40);
    struct bt_sound sound = bt_signal_sound(&s);
    struct bt_file both[] = {{.format = BT_MP3, .path = at("t.mp3"), .mp3.kbps = 128},
                             {.format = BT_WAV, .path = at("t.wav"), .mp3.kbps = 0}};
    ok(bt_files_write(&sound, both, 2, NULL, 2, NULL, NULL), "both formats at once");
    struct bt_file mp3 = {.format = BT_MP3, .path = at("u.mp3"), .mp3.kbps = 128},
                   wav = {.format = BT_WAV, .path = at("u.wav"), .mp3.kbps = 0};
    bt_files_write(&sound, &mp3, 1, NULL, 1, NULL, NULL);
    bt_files_write(&sound, &wav, 1, NULL, 1, NULL, NULL);
    ok(same_bytes(at("t.mp3"), at("u.mp3")), "the MP3 is the one that is written alone");
    ok(same_bytes(at("t.wav"), at("u.wav")), "and so is the WAV");
}

static void fails(enum bt_code code, enum bt_format f, const char *path, int kbps, const char *what)
{
    struct made m = {1, -1, false};
    struct bt_err err = {0};
    ok(!write_one(f, path, &m, 48000 * 60, kbps, 2, &err) && err.code == code && err.msg[0], what);
}

static void failure_tests(void)
{
    fails(BT_EDELIVER, BT_WAV, at("none/a.wav"), 0, "no such folder");
    fails(BT_EDELIVER, BT_MP3, at("none/a.mp3"), 128, "no such folder, MP3");
    fails(BT_EUSAGE, BT_MP3, at("a.mp3"), 100, "no such bit rate");
    symlink("/dev/full", at("full"));
    fails(BT_EDELIVER, BT_WAV, at("full"), 0, "every write fails");
    symlink("/dev/full", at("full"));
    fails(BT_EDELIVER, BT_MP3, at("full"), 128, "every write fails, MP3");
    struct made m = {1, 48000 * 47, false};
    struct bt_err err = {0};
    ok(!write_one(BT_MP3, at("part.mp3"), &m, 48000 * 60, 128, 2, &err) && err.code == BT_EINNER,
       "a sound that cannot be read");
    ok(!bt_file_exists(at("part.mp3")), "leaves no file behind");
    struct bt_signal s = made_signal(&m, 48000 * 40);
    struct bt_sound sound = bt_signal_sound(&s);
    struct bt_file two[] = {{.format = BT_WAV, .path = at("two.wav"), .mp3.kbps = 0},
                            {.format = BT_MP3, .path = at("none/two.mp3"), .mp3.kbps = 128}};
    ok(!bt_files_write(&sound, two, 2, NULL, 1, NULL, NULL) && !bt_file_exists(at("two.wav")),
       "nor does the one of two that could be written");
}

/* In a name space of its own, on a disk of 1 MB. 0 right, 1 wrong, 77 cannot be tried. */
static int on_small_disk(void)
{
    if (unshare(CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) != 0)
        return 77;
    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
    if (mount("tmpfs", dir, "tmpfs", 0, "size=1m") != 0)
        return 77;
    struct made m = {1, -1, false};
    struct bt_err a = {0}, b = {0};
    bool wav = write_one(BT_WAV, at("a.wav"), &m, 48000 * 60, 0, 2, &a);
    bool mp3 = write_one(BT_MP3, at("a.mp3"), &m, 48000 * 120, 128, 2, &b);
    bool left = bt_file_exists(at("a.wav")) || bt_file_exists(at("a.mp3"));
    return wav || mp3 || left || a.sys != ENOSPC || b.sys != ENOSPC;
}

static void disk_tests(void)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(on_small_disk());
    int status = 0;
    waitpid(pid, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        printf("ok %d - # SKIP cannot mount here\n", ++tap_count);
    else
        ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a full disk is told, and nothing stays");
}

/* ---- readers that are not ours ---- */

static bool has(const char *tool)
{
    char cmd[128];
    snprintf(cmd, sizeof(cmd), "command -v %s >/dev/null 2>&1", tool);
    return system(cmd) == 0;
}

static const char *answer(const char *fmt, const char *path)
{
    static char out[4096];
    char cmd[1024];
    snprintf(cmd, sizeof(cmd), fmt, path);
    FILE *f = popen(cmd, "r");
    size_t n = f ? fread(out, 1, sizeof(out) - 1, f) : 0;
    out[n] = '\0';
    if (f)
        pclose(f);
    if (n > 0 && out[n - 1] == '\n')
        out[n - 1] = '\0';
    return out;
}

static void foreign(const char *tool, const char *fmt, const char *name, const char *want,
                    const char *what)
{
    if (has(tool))
        is_str(answer(fmt, at(name)), want, what);
    else
        printf("ok %d - # SKIP no %s here\n", ++tap_count, tool);
}

static void foreign_tests(void)
{
    struct made m = {2, -1, false};
    int64_t n = 48000 * 31 + 5;
    write_one(BT_MP3, at("f.mp3"), &m, n, 128, 2, NULL);
    write_one(BT_WAV, at("f.wav"), &m, n, 0, 2, NULL);
    foreign("ffmpeg", "ffmpeg -v error -i %s -f s16le - | wc -c", "f.mp3", "5952020",
            "ffmpeg decodes the MP3 to exactly its frames");
    foreign("ffmpeg", "ffmpeg -v error -i %s -f s16le - | wc -c", "f.wav", "5952020",
            "and the WAV");
    foreign("ffprobe", "ffprobe -v error -show_entries format_tags=title -of default=nw=1:nk=1 %s",
            "f.mp3", "Bản tin THNM sáng, 25/11/2025", "ffprobe reads the title");
    foreign("mp3val", "mp3val %s | grep -c -e WARNING -e ERROR", "f.mp3", "0",
            "mp3val has nothing to say");
    foreign("mediainfo", "mediainfo --Inform='Audio;%%BitRate_Mode%% %%BitRate%%' %s", "f.mp3",
            "CBR 128000", "mediainfo sees a constant bit rate");
    foreign("sox", "soxi -s %s", "f.wav", "1488005", "sox counts the WAV's frames");
}

int main(void)
{
    if (!mkdtemp(dir))
        return 1;
    sample(&(struct made){1, -1, false}, 0, 0); /* the loop is there before any thread */
    wav_tests();
    dither_tests();
    crc_tests();
    length_tests();
    sound_tests(1, 128, 14);
    sound_tests(2, 128, 12);
    bytes_tests(1, 128);
    bytes_tests(2, 128);
    bytes_tests(1, 256);
    bytes_tests(1, -3);
    bytes_tests(2, -5);
    bytes_tests(1, -10);
    sound_tests(1, 192, 14);
    sound_tests(2, 224, 12);
    sound_tests(1, 320, 14);
    sound_tests(1, -1, 14);
    sound_tests(1, -5, 10);
    sound_tests(2, -3, 12);
    together_tests();
    failure_tests();
    disk_tests();
    foreign_tests();
    bt_tree_remove(dir);
    return done();
}
