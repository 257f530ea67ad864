/*
 * The least that a bulletin can cost: bare espeak-ng, soxr, ebur128, LAME and one decode, lines of
 * text dealt to two processes. Knows no news, no mix and no checks. Nothing of bantin is in it.
 * usage: floor LINES FOLDER   writes FOLDER/floor-0.mp3 and floor-1.mp3, prints the seconds of each
 */
#include <ebur128.h>
#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <lame/lame.h>
#include <sndfile.h>
#include <soxr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 2, RATE = 48000, LINE = 16384 };

static short *speech;
static size_t nspeech, room;

static int collect(short *wav, int n, espeak_EVENT *events)
{
    (void)events;
    if (!wav || n <= 0)
        return 0;
    if (nspeech + (size_t)n > room)
        speech = realloc(speech, (room = 2 * (nspeech + (size_t)n)) * sizeof(*speech));
    if (!speech)
        return 1;
    memcpy(speech + nspeech, wav, (size_t)n * sizeof(*wav));
    nspeech += (size_t)n;
    return 0;
}

static int speech_rate(void)
{
    espeak_ng_InitializePath(NULL);
    if (espeak_ng_Initialize(NULL) != ENS_OK ||
        espeak_ng_InitializeOutput(ENOUTPUT_MODE_SYNCHRONOUS, 0, NULL) != ENS_OK)
        return 0;
    espeak_SetSynthCallback(collect);
    espeak_ng_SetVoiceByName("vi");
    espeak_ng_SetParameter(espeakRATE, 182, 0);
    return espeak_ng_GetSampleRate();
}

/* One line spoken, in 48 kHz floats. */
static size_t voice(const char *line, int rate, float **out)
{
    nspeech = 0;
    espeak_ng_Synthesize(line, strlen(line) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL);
    size_t most = nspeech * RATE / (size_t)rate + 64, done = 0;
    *out = realloc(*out, most * sizeof(**out));
    soxr_io_spec_t io = soxr_io_spec(SOXR_INT16_I, SOXR_FLOAT32_I);
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    if (*out)
        soxr_oneshot(rate, RATE, 1, speech, nspeech, NULL, *out, most, &done, &io, &quality, NULL);
    return done;
}

static void decode(const char *path, ebur128_state *meter)
{
    SF_INFO info = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    float block[4096];
    for (sf_count_t n; f && (n = sf_readf_float(f, block, 4096)) > 0;)
        ebur128_add_frames_float(meter, block, (size_t)n);
    sf_close(f);
}

static lame_t encoder(void)
{
    lame_t lame = lame_init();
    lame_set_in_samplerate(lame, RATE);
    lame_set_num_channels(lame, 1);
    lame_set_mode(lame, MONO);
    lame_set_brate(lame, 128);
    lame_set_quality(lame, 3);
    return lame_init_params(lame) < 0 ? NULL : lame;
}

static int half(const char *lines, const char *path, int mine)
{
    int rate = speech_rate();
    FILE *in = fopen(lines, "r"), *out = fopen(path, "wb");
    lame_t lame = encoder();
    if (!rate || !in || !out || !lame)
        return 1;
    enum {
        WHAT = EBUR128_MODE_I | EBUR128_MODE_LRA
    }; /* a true peak can be had for nearly nothing */
    ebur128_state *master = ebur128_init(1, RATE, WHAT), *proof = ebur128_init(1, RATE, WHAT);
    static char line[LINE];
    float *pcm = NULL;
    unsigned char *mp3 = NULL;
    size_t frames = 0;
    for (int i = 0; fgets(line, sizeof(line), in); i++) {
        if (i % PROCESSES != mine)
            continue;
        size_t n = voice(line, rate, &pcm);
        ebur128_add_frames_float(master, pcm, n);
        mp3 = realloc(mp3, n * 2 + 7200);
        int bytes = lame_encode_buffer_ieee_float(lame, pcm, pcm, (int)n, mp3, (int)(n * 2 + 7200));
        if (bytes > 0)
            fwrite(mp3, 1, (size_t)bytes, out);
        frames += n;
    }
    unsigned char tail[7200];
    int bytes = lame_encode_flush(lame, tail, sizeof(tail));
    fwrite(tail, 1, bytes > 0 ? (size_t)bytes : 0, out);
    fclose(out);
    decode(path, proof);
    printf("%.1f\n", (double)frames / RATE);
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    int failed = 0, status;
    for (int i = 0; i < PROCESSES; i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/floor-%d.mp3", argv[2], i);
        if (fork() == 0)
            _exit(half(argv[1], path, i));
    }
    while (wait(&status) > 0)
        failed |= status;
    return failed != 0;
}
