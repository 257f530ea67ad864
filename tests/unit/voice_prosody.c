/*
 * How a bulletin is said: numbers and names slower, a headline higher, the end of a story falling,
 * a breath between clauses. First as commands in the text, then as they are heard: the presenters'
 * own samples, their pitch by autocorrelation.
 */
#include "voice/engine.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct bt_arena *arena;
static struct bt_voices voices;
static struct bt_lang *lang;

/* The first sentence of a paragraph. */
static struct bt_line line_of(const char *written, int part, enum bt_break after)
{
    struct bt_reading r = {0};
    bt_text_read(lang, &(struct bt_style){0}, arena, bt_str(written), after, &r);
    return (struct bt_line){.part = part, .written = written, .utt = r.utt[0]};
}

/* What an engine is given, a command as <170S>. */
static const char *marked(const char *written, int part, enum bt_break after, uint32_t *last)
{
    struct bt_link k = {.wpm = 200, .pitch = 50, .slow = 0.9, .lift = 5, .fall = 8};
    struct bt_line l = line_of(written, part, after);
    struct bt_prompt p;
    struct bt_buf b;
    bt_prompt_make(arena, &l.utt, NULL, BT_NORTH, false, &p);
    bt_prosody(arena, &l, &k, 1, &p);
    bt_buf_init(&b, 1 << 12);
    for (const char *c = p.text; *c; c++) {
        bool command = *c == 1;
        for (bt_buf_addc(&b, command ? '<' : *c); command; command = *c != 'S' && *c != 'P')
            bt_buf_addc(&b, *++c);
        if (c > p.text && (*c == 'S' || *c == 'P'))
            bt_buf_addc(&b, '>');
    }
    *last = p.start[p.nword - 1];
    const char *text = bt_strdup(arena, b.p);
    bt_buf_finish(&b);
    return text;
}

static void test_commands(void)
{
    uint32_t last;
    is_str(marked("Hôm nay trời nắng, gió nhẹ.", 0, BT_BREAK_SENTENCE, &last),
           "hôm nay trời nắng, gió nhẹ. ", "nothing is said of an ordinary sentence");
    is_str(marked("Có 12 nhà ở huyện.", 0, BT_BREAK_SENTENCE, &last),
           "có <180S>mười hai <200S>nhà ở huyện. ", "a number is said slower");
    is_int(last, 28, "the word after it is where it is now");
    is_str(marked("Ông Lê Lợi nói với UBND.", 0, BT_BREAK_SENTENCE, &last),
           "<180S>ông lê lợi <200S>nói với ủy ban nhân dân. ",
           "and a name, but neither an abbreviation nor a lone capital");
    is_str(marked("Mưa to.", -1, BT_BREAK_HEADLINE, &last), "<55P>mưa to. ",
           "a headline is lifted");
    is_str(marked("Trời mưa, gió to dần.", 3, BT_BREAK_STORY, &last),
           "trời mưa, <48P>gió <45P>to <42P>dần. ", "the last clause of a story falls");
    is_str(marked("Trời mưa, gió to dần.", 3, BT_BREAK_PARAGRAPH, &last), "trời mưa, gió to dần. ",
           "that of a paragraph does not");
}

struct heard {
    int16_t *x;
    size_t n;
    int rate;
    struct bt_speech speech;
};

static void hear(const char *voice, struct bt_line line, struct heard *h)
{
    struct bt_speaker *s = NULL;
    struct bt_speaker_options o = {.voices = "voices"};
    struct bt_err err = {0};
    line.voice = voice;
    if (!bt_speaker_create(&voices, &o, &s, &err) ||
        !bt_speak(s, arena, &(struct bt_lines){.line = &line, .n = 1}, &h->speech, NULL, &err))
        printf("# %s\n", err.msg);
    h->n = h->speech.raw;
    h->rate = h->speech.raw_rate;
    h->x = bt_alloc(arena, (h->n + 1) * sizeof(*h->x));
    if (!bt_spool_read(&h->speech, h->x, &err))
        printf("# %s\n", err.msg);
    bt_speaker_destroy(s);
}

/* Hz of a frame by the highest autocorrelation; 0 where it is not voiced. */
static double pitch_at(const int16_t *x, size_t n, int rate)
{
    double best = 0, energy = 0;
    size_t at = 0;
    for (size_t i = 0; i < n; i++)
        energy += (double)x[i] * x[i];
    for (size_t lag = (size_t)rate / 400; lag < (size_t)rate / 65 && lag < n / 2; lag++) {
        double sum = 0;
        for (size_t i = 0; i + lag < n; i++)
            sum += (double)x[i] * x[i + lag];
        sum *= (double)n / (double)(n - lag) / (energy + 1);
        if (sum > best * 1.02)
            best = sum, at = lag;
    }
    return best > 0.6 && energy / (double)n > 300 * 300 ? (double)rate / (double)at : 0;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Hz at `part` of the way between two words' beginnings. */
static double pitch_on(const struct heard *h, size_t from, size_t to, double part)
{
    double scale = (double)h->rate / BT_RATE;
    size_t at = (size_t)(h->speech.mark[from].at * scale), frame = (size_t)h->rate / 25;
    size_t end = to < h->speech.nmark ? (size_t)(h->speech.mark[to].at * scale) : h->n;
    at += (size_t)((double)(end - at - frame) * part);
    return pitch_at(h->x + at, frame, h->rate);
}

/* By how many semitones b is higher than a between the same words: the median over their voiced
 * places. */
static double higher(const struct heard *a, const struct heard *b, size_t from, size_t to)
{
    double f[100];
    size_t n = 0;
    for (size_t i = 0; i < BT_LEN(f); i++) {
        double x = pitch_on(a, from, to, (double)i / BT_LEN(f));
        double y = pitch_on(b, from, to, (double)i / BT_LEN(f));
        if (x > 0 && y > 0)
            f[n++] = 12 * log2(y / x);
    }
    qsort(f, n, sizeof(*f), by_size);
    return n ? f[n / 2] : -99;
}

static void held(const char *voice, bool kept, const char *what, double got)
{
    char name[128];
    snprintf(name, sizeof(name), "%s: %s", voice, what);
    if (!ok(kept, name))
        printf("#  got: %g\n", got);
}

static void test_lift(const char *voice)
{
    const char *text = "Thanh niên xung phong ra quân giúp dân làm đường.";
    struct heard plain, headline;
    hear(voice, line_of(text, 1, BT_BREAK_PARAGRAPH), &plain);
    hear(voice, line_of(text, -1, BT_BREAK_HEADLINE), &headline);
    double up = higher(&plain, &headline, 0, plain.speech.nmark);
    held(voice, up > 0.7 && up < 3, "a headline is heard 0.7 to 3 semitones higher", up);
}

static void test_fall(const char *voice)
{
    const char *text = "Sau ba tháng thi công, con đường qua thôn nay thông xe.";
    struct heard plain, last;
    hear(voice, line_of(text, 1, BT_BREAK_PARAGRAPH), &plain);
    hear(voice, line_of(text, 1, BT_BREAK_STORY), &last);
    size_t n = plain.speech.nmark;
    double first = higher(&plain, &last, 0, 5);
    double end = higher(&plain, &last, n - 2, n);
    held(voice, fabs(first) < 0.2, "the first clause of a story's end is as it was", first);
    held(voice, end < -0.7 && end > -4, "its last words fall by 0.7 to 4 semitones", end);
}

static double seconds(const struct heard *h, size_t from, size_t to)
{
    return (double)(h->speech.mark[to].at - h->speech.mark[from].at) / BT_RATE;
}

static void test_slow(const char *voice)
{
    struct heard name, plain;
    hear(voice, line_of("Khi đó Lê Văn An về nhà.", 1, BT_BREAK_PARAGRAPH), &name);
    hear(voice, line_of("Khi đó lê văn an về nhà.", 1, BT_BREAK_PARAGRAPH), &plain);
    ok(name.speech.marks_exact && name.speech.nmark == 7, "each word's place is exact");
    double slower = seconds(&name, 2, 5) / seconds(&plain, 2, 5);
    held(voice, slower > 1.03 && slower < 1.3, "a name is said 3 to 30 % slower", slower);
}

/* The longest stretch below -50 dBFS. */
static void test_breath(const char *voice)
{
    struct heard h;
    size_t longest = 0, run = 0;
    hear(voice, line_of("Trời mưa to, đường lầy lội.", 1, BT_BREAK_PARAGRAPH), &h);
    for (size_t i = 0; i < h.n; i++) {
        run = abs(h.x[i]) < 104 ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    double ms = 1000.0 * (double)longest / h.rate;
    held(voice, ms >= 120 && ms <= 350, "a breath of 120 to 350 ms between clauses", ms);
}

int main(void)
{
    static const char *const presenter[] = {"nu", "nam", "nu-trung", "nu-nam-bo", "nam-nam-bo"};
    struct bt_err err = {0};
    arena = bt_arena_create();
    if (!ok(bt_voices_load(arena, "voices", &voices, &err) &&
                bt_lang_load("voices", NULL, &lang, &err),
            "the voices"))
        return done();
    test_commands();
    for (size_t i = 0; i < BT_LEN(presenter); i++) {
        test_lift(presenter[i]);
        test_fall(presenter[i]);
        test_slow(presenter[i]);
        test_breath(presenter[i]);
    }
    bt_lang_destroy(lang);
    bt_arena_destroy(arena);
    return done();
}
