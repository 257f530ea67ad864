/* pcm: files, resampling, filters. The meter has its own test. */
#include "pcm/pcm.h"
#include "tap.h"

#include <sndfile.h>
#include <stdlib.h>
#include <unistd.h>

static void sine(float *x, size_t n, int channels, double hz, double rate, double amplitude)
{
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < channels; c++)
            x[i * (size_t)channels + (size_t)c] =
                (float)(amplitude * sin(2 * M_PI * hz * (double)i / rate));
}

static double rms(const float *x, size_t n, int stride)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)x[i * (size_t)stride] * (double)x[i * (size_t)stride];
    return sqrt(sum / (double)n);
}

static void file_write(const char *path, int format, int rate, int channels, const float *x,
                       size_t n)
{
    SF_INFO info = {.samplerate = rate, .channels = channels, .format = format};
    SNDFILE *f = sf_open(path, SFM_WRITE, &info);
    sf_writef_float(f, x, (sf_count_t)n);
    sf_close(f);
}

static void test_load(const char *dir)
{
    char path[300];
    struct bt_pcm p = {0};
    struct bt_err err = {0};
    float x[4410 * 2];
    sine(x, 4410, 2, 441, 44100, 0.5);
    snprintf(path, sizeof(path), "%s/a.flac", dir);
    file_write(path, SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 44100, 2, x, 4410);
    ok(bt_pcm_load(path, 4410, &p, &err), "a FLAC file is read");
    is_int((long long)p.frames, 4410, "all its frames");
    is_int(p.channels, 2, "its channels");
    is_int(p.rate, 44100, "its rate");
    near(rms(p.x, 4410, 2), rms(x, 4410, 2), 1e-5, "its level");
    bt_pcm_finish(&p);
    ok(!bt_pcm_load(path, 4409, &p, &err) && p.x == NULL, "one frame over the limit is refused");
    ok(strstr(err.msg, path) != NULL, "and the file is named");

    snprintf(path, sizeof(path), "%s/empty.wav", dir);
    file_write(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 1, x, 0);
    ok(!bt_pcm_load(path, 100, &p, &err), "an empty file is refused");
    snprintf(path, sizeof(path), "%s/nan.wav", dir);
    float bad[3] = {0.25f, NAN, INFINITY};
    file_write(path, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, bad, 3);
    ok(bt_pcm_load(path, 100, &p, &err) && p.x[0] == 0.25f && p.x[1] == 0 && p.x[2] == 0,
       "what is no number becomes silence");
    bt_pcm_finish(&p);
    ok(!bt_pcm_load("tests/unit/pcm.c", 100, &p, &err) && err.code == BT_EINNER,
       "what is no sound file is refused");
    ok(!bt_pcm_load("/nowhere/a.wav", 100, &p, &err), "a missing file is refused");
}

static bool gather(void *ctx, const float *x, size_t frames, struct bt_err *err)
{
    struct bt_pcm *p = ctx;
    if (p->frames + frames > 200000)
        return bt_fail(err, BT_EINNER, BT_M_FILE_NOT_WRITTEN, "x");
    memcpy(p->x + p->frames * (size_t)p->channels, x, frames * (size_t)p->channels * sizeof(*x));
    p->frames += frames;
    return true;
}

static void stream_one(const char *path, int channels, const char *name)
{
    struct bt_pcm file, want, got;
    struct bt_err err = {0};
    bt_pcm_init(&got, BT_RATE, channels, 200000);
    got.frames = 0;
    bt_pcm_load(path, 200000, &file, &err);
    bt_pcm_convert(&file, BT_RATE, channels, &want, &err);
    bool good = bt_pcm_stream(path, 200000, channels, &(struct bt_sink){gather, &got}, &err);
    size_t n = want.frames < got.frames ? want.frames : got.frames;
    double most = 0;
    for (size_t i = 0; i < n * (size_t)channels; i++)
        most = fmax(most, fabs((double)(want.x[i] - got.x[i])));
    ok(good && most < 1e-6 && want.frames - n <= 1 && got.frames - n <= 1, name);
    bt_pcm_finish(&file);
    bt_pcm_finish(&want);
    bt_pcm_finish(&got);
}

static void test_stream(const char *dir)
{
    char path[300];
    struct bt_err err = {0};
    struct bt_pcm full = {.channels = 1, .frames = 200000};
    float *x = bt_xcalloc(100000, 2 * sizeof(*x));
    sine(x, 100000, 2, 441, 44100, 0.5);
    snprintf(path, sizeof(path), "%s/long.wav", dir);
    file_write(path, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100, 2, x, 100000);
    stream_one(path, 1, "streamed, resampled and mixed down: as if converted whole");
    stream_one(path, 2, "in stereo too");
    ok(!bt_pcm_stream(path, 99999, 1, &(struct bt_sink){gather, &full}, &err), "too long a file");
    ok(!bt_pcm_stream(path, 200000, 1, &(struct bt_sink){gather, &full}, &err) &&
           err.code == BT_EINNER,
       "the sink may refuse");
    file_write(path, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, x, 100000);
    stream_one(path, 2, "mono to stereo at the same rate");
    unlink(path);
    ok(!bt_pcm_stream(path, 200000, 1, &(struct bt_sink){gather, &full}, &err), "a missing file");
    free(x);
}

static void test_convert(void)
{
    struct bt_pcm in, out, again;
    struct bt_err err;
    bt_pcm_init(&in, 22050, 1, 22050);
    sine(in.x, in.frames, 1, 1000, 22050, 0.5);
    ok(bt_pcm_convert(&in, BT_RATE, 2, &out, &err), "22050 mono to 48000 stereo");
    is_int((long long)out.frames, 48000, "a second stays a second");
    near(bt_db(rms(out.x + 2 * 4800, 38400, 2)), bt_db(0.5 / sqrt(2)), 0.01, "level is kept");
    ok(out.x[2 * 1000] == out.x[2 * 1000 + 1], "both channels are the same");
    bt_pcm_convert(&in, BT_RATE, 2, &again, &err);
    ok(memcmp(out.x, again.x, out.frames * 2 * sizeof(float)) == 0, "the same samples again");
    bt_pcm_finish(&again);
    bt_pcm_finish(&in);

    for (size_t i = 0; i < out.frames; i++)
        out.x[2 * i + 1] = 0;
    ok(bt_pcm_convert(&out, BT_RATE, 1, &in, &err), "stereo to mono");
    near(rms(in.x, in.frames, 1), rms(out.x, out.frames, 2) / 2, 1e-5, "is the mean of both");
    bt_pcm_finish(&in);
    bt_pcm_finish(&out);
    bt_pcm_finish(&out);
    ok(out.x == NULL, "finish twice is fine");
}

static double response(struct bt_biquad f, double hz)
{
    static float x[96000];
    sine(x, 48000, 2, hz, 48000, 0.5);
    bt_biquad_run(&f, x, 48000, 2);
    return bt_db(rms(x + 48000, 24000, 2) / (0.5 / sqrt(2)));
}

static void test_biquad(void)
{
    struct bt_biquad f;
    bt_biquad_highpass(&f, 48000, 80, M_SQRT1_2);
    near(response(f, 80), -3.01, 0.05, "highpass: 3 dB down at its frequency");
    near(response(f, 20), -24.1, 0.3, "highpass: 12 dB an octave below");
    near(response(f, 1000), 0, 0.01, "highpass: nothing far above");
    bt_biquad_peak(&f, 48000, 3000, 1, 4);
    near(response(f, 3000), 4, 0.02, "peak: its gain at its frequency");
    near(response(f, 100), 0, 0.05, "peak: nothing far below");
    bool same = true;
    float one[1] = {1}, parts[4] = {1, 0, 0, 0}, whole[4] = {1, 0, 0, 0};
    struct bt_biquad a = f, b = f;
    bt_biquad_run(&a, whole, 4, 1);
    for (int i = 0; i < 4; i++)
        bt_biquad_run(&b, parts + i, 1, 1);
    ok(memcmp(whole, parts, sizeof(whole)) == 0, "the same in blocks of one");
    struct bt_biquad chain[3] = {f, f, f}, each[3] = {f, f, f};
    float many[500], single[500];
    sine(many, 500, 1, 3000, 48000, 0.5);
    memcpy(single, many, sizeof(many));
    bt_biquads_run(chain, 3, many, 500);
    for (int i = 0; i < 3; i++)
        bt_biquad_run(&each[i], single, 500, 1);
    for (int i = 0; i < 500; i++)
        same = same && fabsf(many[i] - single[i]) < 1e-5f;
    ok(same, "a chain is one filter after the other");
    bt_biquad_run(&f, one, 0, 1);
    ok(one[0] == 1, "no frames: nothing is touched");
}

int main(void)
{
    char dir[] = "/tmp/bt-pcm-XXXXXX", path[300];
    if (!mkdtemp(dir))
        return 1;
    test_load(dir);
    test_stream(dir);
    test_convert();
    test_biquad();
    static const char *const names[] = {"a.flac", "empty.wav", "nan.wav"};
    for (size_t i = 0; i < BT_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
    return done();
}
