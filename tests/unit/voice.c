/* Speaking: the same samples in any order, every mishap costs one sentence, nothing is left. */
#include "voice/engine.h"
#include "tap.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>

static struct bt_arena *arena;

/* An utterance whose words are its runs of anything but spaces and marks. */
static void add(struct bt_lines *l, const char *voice, const char *text)
{
    struct bt_line *line = bt_push(arena, &l->line, &l->n, sizeof(*line));
    line->voice = voice;
    line->utt.text = line->written = text;
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, " ,.?!;:");
        if (n > 0) {
            struct bt_word *w = bt_push(arena, &line->utt.word, &line->utt.nword, sizeof(*w));
            *w = (struct bt_word){.at = (uint32_t)(p - text), .len = (uint32_t)n};
        }
        p += n ? n : 1;
    }
}

struct heard {
    struct bt_lines lines;
    struct bt_speech *out;
    struct bt_speaker *speaker;
    int warnings;
    char words[4096];
    long done, of;
};

static void hear(void *ctx, const struct bt_event *e)
{
    struct heard *h = ctx;
    if (e->level == BT_WARN) {
        h->warnings++;
        strncat(h->words, e->words, sizeof(h->words) - strlen(h->words) - 1);
    } else if (e->of > 0) {
        h->done = e->done, h->of = e->of;
    }
}

static bool say(struct heard *h, const char *dir, int jobs)
{
    static struct bt_voices v;
    struct bt_err err = {0};
    struct bt_events ev = {hear, h};
    struct bt_speaker_options o = {.voices = dir, .jobs = jobs};
    h->out = bt_alloc(arena, (h->lines.n + 1) * sizeof(*h->out));
    v = (struct bt_voices){0};
    bool good = bt_voices_load(arena, dir, &v, &err) &&
                bt_speaker_create(&v, &o, &h->speaker, &err) &&
                bt_speak(h->speaker, arena, &h->lines, h->out, &ev, &err);
    if (!good)
        printf("# %s\n", err.msg);
    return good;
}

static void hash(const struct heard *h, size_t i, char hex[BT_HASH])
{
    struct bt_err err;
    int16_t *x = bt_xcalloc(h->out[i].raw + 1, sizeof(*x));
    if (!bt_spool_read(&h->out[i], x, &err))
        printf("# %s\n", err.msg);
    bt_sha256(x, h->out[i].raw * sizeof(*x), hex);
    free(x);
}

static int open_files(void)
{
    int n = 0;
    DIR *d = opendir("/proc/self/fd");
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

static const char *const sentences[] = {
    "Kính chào quý vị và các bạn.", "Bản tin Thanh Hóa, ngày hai mươi lăm tháng mười một.",
    "Mưa to ở Ngọc Lặc?", "Ủy ban nhân dân tỉnh họp; dân được bàn.", "Cô-vít đã hết!"};
enum { N = BT_LEN(sentences) };

static void test_order(const char *dir, const char *voice)
{
    struct heard up = {0}, down = {0};
    char a[BT_HASH], b[BT_HASH];
    bool same = true, marks = true;
    for (int i = 0; i < 3 * N; i++) {
        add(&up.lines, voice, sentences[i % N]);
        add(&down.lines, voice, sentences[N - 1 - i % N]);
    }
    ok(say(&up, dir, 1) && say(&down, dir, 5), "sentences are spoken by one child, and by five");
    is_int(up.warnings + down.warnings, 0, "without a warning");
    is_int(up.done, 3 * N, "progress counts them all");
    for (size_t i = 0; i < up.lines.n; i++) {
        hash(&up, i, a);
        hash(&down, i / N * N + N - 1 - i % N, b);
        same = same && strcmp(a, b) == 0 && up.out[i].raw > 0;
        const struct bt_speech *s = &up.out[i];
        marks = marks && s->marks_exact && s->nmark == up.lines.line[i].utt.nword;
        for (size_t k = 0; k < s->nmark; k++)
            marks = marks && s->mark[k].word == k && s->mark[k].at < s->frames &&
                    (k == 0 || s->mark[k].at > s->mark[k - 1].at);
    }
    ok(same, "the same samples in any order and at any number of jobs");
    ok(marks, "every word has its exact mark, each after the one before");
    bt_speaker_destroy(up.speaker);
    bt_speaker_destroy(down.speaker);
}

static void test_tone(void)
{
    struct heard h = {0};
    add(&h.lines, "thu", "Một hai ba bốn.");
    add(&h.lines, "thu", "Một hai.");
    ok(say(&h, "tests/voices", 2), "the tone voice speaks");
    near((double)h.out[0].frames, 4 * 0.050 * BT_RATE, 0.030 * BT_RATE,
         "four syllables of 50 ms; silence at both ends is trimmed");
    near((double)h.out[1].frames, 2 * 0.050 * BT_RATE, 0.030 * BT_RATE, "two of them");
    near(h.out[0].mark[2].at, 2 * 0.050 * BT_RATE, 0.006 * BT_RATE, "the third word's mark");
    is_str(h.out[0].engine, "tone", "the speech names its engine");
    bt_speaker_destroy(h.speaker);
}

/* The sentence in the middle goes wrong; the ones around it are heard. */
static void mishap(const char *voice, const char *bad, const char *engine, const char *warning,
                   const char *what)
{
    struct heard h = {0};
    add(&h.lines, voice, "Câu đầu.");
    add(&h.lines, voice, bad);
    add(&h.lines, voice, "Câu cuối.");
    ok(say(&h, "tests/voices", 2), what);
    ok(h.out[0].raw > 0 && h.out[2].raw > 0, "… the sentences around it are heard");
    is_str(h.out[1].engine, engine, "… it is spoken, or not");
    ok((h.out[1].frames > 0) == (engine != NULL), "… and has a length, or none");
    is_int(h.warnings, 1, "… one warning");
    ok(strstr(h.words, warning) != NULL, "… that says why");
    bt_speaker_destroy(h.speaker);
}

static void test_load(void)
{
    struct heard h = {0};
    struct bt_pcm a, b;
    struct bt_err err;
    add(&h.lines, "thu", "Một hai ba bốn năm sáu bảy tám chín mười.");
    add(&h.lines, "sang", "Một hai ba bốn năm sáu bảy tám chín mười.");
    add(&h.lines, "thu", "");
    ok(say(&h, "tests/voices", 2), "the same words, plain and shaped");
    ok(bt_speech_load(h.speaker, &h.out[0], &a, &err) &&
           bt_speech_load(h.speaker, &h.out[0], &b, &err),
       "a speech is loaded, twice");
    ok(a.rate == BT_RATE && a.channels == 1, "at our rate, mono");
    is_int((long long)a.frames, h.out[0].frames, "with the length that was told");
    ok(memcmp(a.x, b.x, a.frames * sizeof(*a.x)) == 0, "and the same samples both times");
    float peak = 0;
    for (size_t i = 0; i < a.frames; i++)
        peak = fmaxf(peak, fabsf(a.x[i]));
    near(peak, 8000.0 / 65536, 0.01, "6 dB below what the engine gave");
    bt_pcm_finish(&b);
    ok(bt_speech_load(h.speaker, &h.out[1], &b, &err), "a shaped speech");
    is_int((long long)b.frames, (long long)a.frames, "keeps its length");
    struct bt_loud *m = bt_loud_create(1, false), *n = bt_loud_create(1, false);
    struct bt_level x, y;
    bt_loud_add(m, a.x, a.frames), bt_loud_add(n, b.x, b.frames);
    bt_loud_get(m, &x), bt_loud_get(n, &y);
    near(y.momentary_max - x.momentary_max, 6, 0.3, "its gain of 6 dB is heard");
    bt_loud_destroy(m), bt_loud_destroy(n);
    bt_pcm_finish(&a), bt_pcm_finish(&b);
    ok(bt_speech_load(h.speaker, &h.out[2], &a, &err) && a.frames == 0, "nothing is no frames");
    bt_pcm_finish(&a);
    bt_speaker_destroy(h.speaker);
}

static void test_mishaps(void)
{
    setenv("BANTIN_LANG", "en", 1);
    mishap("hong", "Đi xe-ca.", "tone", "broke off", "a crash: a plainer text is tried");
    mishap("treo", "Máy treo.", NULL, "60 ms", "a hang is stopped and skipped");
    mishap("lam", "Nói lắm.", NULL, "seconds", "speech without end is cut off and skipped");
    mishap("cam", "Người câm.", NULL, "said nothing", "silence is no speech");
    mishap("chuoi", "Máy hỏng.", "tone", "then spoken by tone", "the next engine takes over");
    mishap("chuoi", "Hỏng và tịt.", "tone", "then spoken by tone", "and the one after it");
}

static void test_no_engine(void)
{
    struct heard h = {0};
    add(&h.lines, "chet", "Không nói được.");
    add(&h.lines, "lạ", "Giọng lạ.");
    add(&h.lines, "thu", "");
    ok(say(&h, "tests/voices", 2), "an engine that does not start is no inner failure");
    ok(!h.out[0].engine && h.out[0].frames == 0, "its sentence is empty");
    ok(h.out[1].raw > 0 && strstr(h.words, "there is no voice lạ"),
       "an unknown voice is a warning, and another one reads");
    ok(!h.out[2].engine && h.out[2].voice, "nothing to say is said by nobody");
    is_int(h.warnings, 2, "without a warning");
    bt_speaker_destroy(h.speaker);
}

int main(void)
{
    int files = open_files();
    arena = bt_arena_create();
    test_order("tests/voices", "thu");
    test_order("voices", "nu");
    test_order("voices", "nam");
    test_tone();
    test_load();
    test_mishaps();
    test_no_engine();
    is_int(open_files(), files, "no descriptor is left");
    ok(waitpid(-1, NULL, WNOHANG) == -1, "no child is left");
    bt_arena_destroy(arena);
    return done();
}
