/*
 * What speech costs: bare libespeak-ng in process, ours with children, ours from a warm store, on
 * the same sentences. name: value, a line each.
 * usage: voice SENTENCES STORE: a file, a sentence a line; a folder for the store
 */
#include "voice/engine.h"

#include <espeak-ng/speak_lib.h>
#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 3, MANY = 10000 };
static struct bt_arena *arena;
static struct bt_lines lines;

static void add(struct bt_str text)
{
    struct bt_line *l = bt_push(arena, &lines.line, &lines.n, sizeof(*l));
    l->voice = "nu";
    l->utt.text = l->written = bt_strndup(arena, text.p, text.n);
    for (const char *p = l->utt.text; *p;) {
        size_t n = strcspn(p, " ,.?!;:");
        struct bt_word w = {.at = (uint32_t)(p - l->utt.text), .len = (uint32_t)n};
        if (n > 0)
            *(struct bt_word *)bt_push(arena, &l->utt.word, &l->utt.nword, sizeof(w)) = w;
        p += n ? n : 1;
    }
}

static int drop(short *wav, int n, espeak_EVENT *ev)
{
    (void)wav, (void)n, (void)ev;
    return 0;
}

/* In a process of its own, as the library asks. */
static int bare(void *ctx, int fd)
{
    (void)ctx;
    espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 200, NULL, 0);
    espeak_SetVoiceByName("vi");
    espeak_SetSynthCallback(drop);
    espeak_SetParameter(espeakRATE, 180, 0);
    int64_t from = bt_clock_mono();
    for (size_t i = 0; i < lines.n; i++)
        espeak_Synth(lines.line[i].utt.text, strlen(lines.line[i].utt.text) + 1, 0, POS_CHARACTER,
                     0, espeakCHARS_UTF8, NULL, NULL);
    double s = (double)(bt_clock_mono() - from) / 1e9;
    return write(fd, &s, sizeof(s)) != (ssize_t)sizeof(s);
}

static double bare_seconds(void)
{
    struct bt_buf b;
    double s = -1;
    bt_buf_init(&b, sizeof(s));
    if (bt_child_call(bare, NULL, &(struct bt_limits){0}, &b, NULL) && b.n == sizeof(s))
        memcpy(&s, b.p, sizeof(s));
    bt_buf_finish(&b);
    return s;
}

static double our_seconds(const struct bt_voices *v, const char *store)
{
    struct bt_speaker *s = NULL;
    struct bt_arena *a = bt_arena_create();
    struct bt_speech *out = bt_alloc(a, lines.n * sizeof(*out));
    struct bt_speaker_options o = {.voices = "voices", .store = store};
    struct bt_err err = {0};
    int64_t from = bt_clock_mono();
    if (!bt_speaker_create(v, &o, &s, &err) || !bt_speak(s, a, &lines, out, NULL, &err))
        fprintf(stderr, "%s\n", err.msg);
    double seconds = (double)(bt_clock_mono() - from) / 1e9;
    bt_speaker_destroy(s);
    bt_arena_destroy(a);
    return seconds;
}

static size_t descriptors(void)
{
    glob_t g = {0};
    glob("/proc/self/fd/*", 0, NULL, &g);
    size_t n = g.gl_pathc;
    globfree(&g);
    return n;
}

static long resident_kib(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%ld %ld", &pages, &resident) != 2)
        resident = 0;
    if (f)
        fclose(f);
    return resident * sysconf(_SC_PAGESIZE) / 1024;
}

/* The same sentences over and over, until MANY are said: what is left behind. */
static void leaks(const struct bt_voices *v)
{
    size_t said = lines.n, before = descriptors();
    long kib = resident_kib();
    for (; said < MANY; said += lines.n)
        our_seconds(v, NULL);
    printf("voice leak run sentences: %zu\nvoice leak run descriptors left: %ld\n", said,
           (long)descriptors() - (long)before);
    printf("voice leak run children left: %d\n", waitpid(-1, NULL, WNOHANG) != -1);
    printf("voice leak run memory grown KiB: %ld\n", resident_kib() - kib);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(double *x)
{
    qsort(x, RUNS, sizeof(*x), by_value);
    return x[RUNS / 2];
}

int main(int argc, char **argv)
{
    struct bt_buf text;
    struct bt_voices v = {0};
    struct bt_err err = {0};
    double b[RUNS], cold[RUNS], warm[RUNS];
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    arena = bt_arena_create();
    bt_buf_init(&text, 1 << 24);
    if (argc < 3 || !bt_file_read(argv[1], 1 << 24, &text, &err) ||
        !bt_voices_load(arena, "voices", &v, &err)) {
        fprintf(stderr, "usage: voice SENTENCES STORE: %s\n", err.msg);
        return 2;
    }
    struct bt_str rest = bt_buf_str(&text), line;
    while (bt_str_line(&rest, &line))
        if (bt_str_trim(line).n > 0)
            add(line);
    our_seconds(&v, argv[2]); /* fills the store */
    for (int i = 0; i < RUNS; i++) {
        b[i] = bare_seconds();
        cold[i] = our_seconds(&v, NULL);
        warm[i] = our_seconds(&v, argv[2]);
    }
    double bare_s = median(b), cold_s = median(cold), warm_s = median(warm);
    printf("voice sentences: %zu\nvoice bare s: %.3f\nvoice s: %.3f\nvoice warm store s: %.4f\n",
           lines.n, bare_s, cold_s, warm_s);
    printf("voice to bare divided by %ld cores: %.2f\n", cores, cold_s / (bare_s / (double)cores));
    printf("voice warm store times faster: %.1f\n", cold_s / warm_s);
    leaks(&v);
    bt_buf_finish(&text);
    bt_arena_destroy(arena);
    return 0;
}
