/*
 * The six tones stay apart in each presenter's mouth: la là lá lả lã lạ, their pitch by
 * autocorrelation, the distance of two as the root mean square of their contours, in semitones.
 */
#include "voice/engine.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TONES = 6, RATE = 8000, FRAME = 360, HOP = 40, SHORTEST = 20, LONGEST = 133, POINTS = 20 };

static const char *const syllables[TONES] = {"la", "là", "lá", "lả", "lã", "lạ"};
static const double least = 1.6; /* semitones between any two */

struct track { /* the pitch of the voiced frames, Hz */
    double *hz;
    size_t n;
};

/* The pitch of one frame, and how periodic it is. */
static double pitch(const float *x, double *clear)
{
    double w[FRAME], mean = 0, zero = 1e-12, most = -1;
    int best = SHORTEST;
    for (int i = 0; i < FRAME; i++)
        mean += x[i] / (double)FRAME;
    for (int i = 0; i < FRAME; i++) {
        w[i] = (x[i] - mean) * (0.5 - 0.5 * cos(2 * M_PI * i / (FRAME - 1)));
        zero += w[i] * w[i];
    }
    for (int lag = SHORTEST; lag < LONGEST; lag++) {
        double sum = 0;
        for (int i = 0; i + lag < FRAME; i++)
            sum += w[i] * w[i + lag];
        if (sum > most) {
            most = sum;
            best = lag;
        }
    }
    *clear = most / zero;
    return (double)RATE / best;
}

static double energy(const float *x)
{
    double mean = 0, sum = 0;
    for (int i = 0; i < FRAME; i++)
        mean += x[i] / (double)FRAME;
    for (int i = 0; i < FRAME; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sum;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Medians of five: a frame that is an octave off does not count. */
static void smooth(struct track *t)
{
    double *old = bt_xcalloc(t->n + 4, sizeof(*old));
    memcpy(old + 2, t->hz, t->n * sizeof(*old));
    for (size_t i = 0; i < t->n; i++) {
        double five[5];
        memcpy(five, old + i, sizeof(five));
        qsort(five, 5, sizeof(*five), by_value);
        t->hz[i] = five[2];
    }
    free(old);
}

static struct track track(const struct bt_pcm *p)
{
    struct track t = {bt_xcalloc(p->frames / HOP + 1, sizeof(double)), 0};
    double most = 0, clear;
    for (size_t at = 0; at + FRAME < p->frames; at += HOP)
        most = fmax(most, energy(p->x + at));
    for (size_t at = 0; at + FRAME < p->frames; at += HOP) {
        double hz = pitch(p->x + at, &clear);
        if (energy(p->x + at) > most * 0.03 && clear > 0.5)
            t.hz[t.n++] = hz;
    }
    smooth(&t);
    return t;
}

/* Semitones at POINTS places from begin to end. */
static bool contour(const struct bt_pcm *p, double *out)
{
    struct track t = track(p);
    for (size_t i = 0; i < POINTS && t.n >= 5; i++) {
        double at = (double)i * (double)(t.n - 1) / (POINTS - 1);
        size_t k = at >= (double)(t.n - 1) ? t.n - 2 : (size_t)at;
        double hz = t.hz[k] + (t.hz[k + 1] - t.hz[k]) * (at - (double)k);
        out[i] = 12 * log2(hz / 100);
    }
    free(t.hz);
    return t.n >= 5;
}

static double apart(const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < POINTS; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]) / POINTS;
    return sqrt(sum);
}

static bool hear(const struct bt_speaker *s, const struct bt_speech *speech, double *out)
{
    struct bt_pcm p, low;
    struct bt_err err = {0};
    if (!speech->engine || !bt_speech_load(s, speech, &p, &err))
        return false;
    bool good = bt_pcm_convert(&p, RATE, 1, &low, &err) && contour(&low, out);
    bt_pcm_finish(&p);
    bt_pcm_finish(&low);
    return good;
}

static void test_presenter(struct bt_arena *a, const struct bt_voices *voices,
                           const struct bt_lang *lang, const char *name)
{
    double tone[TONES][POINTS], closest = HUGE_VAL;
    const char *pair = "";
    struct bt_line line[TONES];
    struct bt_lines lines = {.line = line, .n = TONES};
    struct bt_speech speech[TONES];
    struct bt_speaker *s = NULL;
    struct bt_err err = {0};
    for (size_t i = 0; i < TONES; i++) {
        struct bt_reading r = {0};
        const char *written = bt_format(a, "%s.", syllables[i]);
        bt_text_read(lang, bt_voice_style(bt_voice_find(voices, name)), a, bt_str(written),
                     BT_BREAK_PARAGRAPH, &r);
        line[i] = (struct bt_line){.part = -2, .voice = name, .written = written, .utt = r.utt[0]};
    }
    bool good =
        bt_speaker_create(voices, &(struct bt_speaker_options){.voices = "voices"}, &s, &err) &&
        bt_speak(s, a, &lines, speech, NULL, &err);
    for (size_t i = 0; good && i < TONES; i++)
        good = hear(s, &speech[i], tone[i]);
    bt_speaker_destroy(s);
    if (!ok(good, name))
        return;
    for (size_t i = 0; i < TONES; i++)
        for (size_t k = i + 1; k < TONES; k++)
            if (apart(tone[i], tone[k]) < closest) {
                closest = apart(tone[i], tone[k]);
                pair = bt_format(a, "%s: %s and %s", name, syllables[i], syllables[k]);
            }
    if (!ok(closest >= least, pair))
        printf("#  got: %.2f semitones\n", closest);
    else if (getenv("VERBOSE"))
        printf("# %s: %.2f semitones\n", pair, closest);
}

int main(void)
{
    static const char *const presenters[] = {"nu", "nam", "nu-trung", "nu-nam-bo", "nam-nam-bo"};
    struct bt_arena *a = bt_arena_create();
    struct bt_voices voices;
    struct bt_lang *lang;
    struct bt_err err = {0};
    if (!ok(bt_voices_load(a, "voices", &voices, &err) && bt_lang_load("voices", NULL, &lang, &err),
            "the voices"))
        return done();
    for (size_t i = 0; i < BT_LEN(presenters); i++)
        test_presenter(a, &voices, lang, presenters[i]);
    bt_lang_destroy(lang);
    bt_arena_destroy(a);
    return done();
}
