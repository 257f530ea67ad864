/*
 * The presenters of voices/ keep their bounds, on the sample morning: clear enough
 * in a car, the long-term spectrum that of speech, compressed gently, at a newsreader's pace. And
 * nothing in the whole morning is read in English ("(en)" in espeak-ng's phonemes).
 */
#include "presenter.h"
#include "tap.h"

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <glob.h>

static struct bt_arena *arena;
static struct bt_voices voices;
static struct bt_lang *lang;

static const struct {
    const char *name;
    double sii, estoi; /* at least; 0.36 and 0.30 are asked of the northern two */
    double off;        /* dB, at most; 6 is asked */
} presenters[] = {{"nu", 0.36, 0.30, 6.0},
                  {"nam", 0.36, 0.30, 6.0},
                  {"nu-trung", 0.345, 0.29, 6.0},
                  {"nu-nam-bo", 0.36, 0.29, 6.0},
                  {"nam-nam-bo", 0.35, 0.28, 6.0}};

/* The stories that match, without their titles and source lines. */
static void add_stories(const char *pattern, struct bt_buf *out)
{
    glob_t found = {0};
    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct bt_buf text;
        bt_buf_init(&text, 1 << 16);
        bool good = bt_file_read(found.gl_pathv[i], 1 << 16, &text, NULL);
        ptrdiff_t body = good ? bt_str_find(bt_buf_str(&text), BT_STR("\n\n")) : -1;
        if (body >= 0)
            bt_buf_add(out, text.p + body + 2, text.n - (size_t)body - 2);
        bt_buf_adds(out, "\n");
        bt_buf_finish(&text);
    }
    globfree(&found);
}

static void hold(const char *name, bool kept, const char *bound, double value)
{
    char what[128];
    snprintf(what, sizeof(what), "%s: %s", name, bound);
    if (!ok(kept, what))
        printf("#  got: %g\n", value);
}

static void test_bounds(size_t which, struct bt_str text)
{
    const char *name = presenters[which].name;
    const struct bt_voice *v = bt_voice_find(&voices, name);
    struct presenter p;
    struct bt_pcm stem = {0};
    struct bt_err err = {0};
    if (!ok(v && present(&voices, lang, "voices", v, text, &p, &stem, &err), name))
        return;
    hold(name, p.sii >= presenters[which].sii, "clear in a car", p.sii);
    hold(name, p.estoi >= presenters[which].estoi, "what it says stands out of the noise", p.estoi);
    hold(name, p.off <= presenters[which].off, "the spectrum near that of speech", p.off);
    hold(name, p.reduction <= 6, "reduced by 6 dB or less for 95 % of the time", p.reduction);
    hold(name, v->shape.ratio <= 3, "3:1 or less", v->shape.ratio);
    hold(name, v->shape.release >= 80, "released in 80 ms or more", v->shape.release);
    hold(name, p.most_band <= 4, "no frequency moved by more than 4 dB", p.most_band);
    hold(name, p.pace >= 230 && p.pace <= 255, "a newsreader's pace", p.pace);
    bt_pcm_finish(&stem);
}

static bool english(const char *text)
{
    const void *p = text;
    while (p)
        if (strstr(espeak_TextToPhonemes(&p, espeakCHARS_UTF8, 0), "(en)"))
            return true;
    return false;
}

static void test_vietnamese(size_t which, struct bt_str text)
{
    static const char *const by_dialect[] = {"vi", "vi-vn-x-central", "vi-vn-x-south"};
    const struct bt_voice *v = bt_voice_find(&voices, presenters[which].name);
    struct bt_lines lines = {0};
    struct bt_spelling *spelling;
    struct bt_err err;
    long switched = 0;
    bt_spelling_load("voices/vi/espeak.tsv", &spelling, &err);
    espeak_ng_SetVoiceByName(by_dialect[v->dialect]);
    read_lines(lang, arena, v, text, &lines);
    for (size_t i = 0; i < lines.n; i++) {
        struct bt_prompt prompt;
        bt_prompt_make(arena, &lines.line[i].utt, spelling, v->dialect, false, &prompt);
        if (english(prompt.text) && ++switched)
            printf("# %s: %s\n", presenters[which].name, prompt.text);
    }
    ok(lines.n > 50, "the whole morning was looked at");
    is_int(switched, 0, "all of it is read in Vietnamese");
    bt_spelling_destroy(spelling);
}

int main(void)
{
    struct bt_err err = {0};
    struct bt_buf all;
    arena = bt_arena_create();
    bt_buf_init(&all, 1 << 20);
    add_stories("tests/fixtures/tin/*.txt", &all);
    if (!ok(bt_voices_load(arena, "voices", &voices, &err) &&
                bt_lang_load("voices", NULL, &lang, &err),
            "the voices"))
        return done();
    for (size_t i = 0; i < BT_LEN(presenters); i++)
        test_bounds(i, bt_buf_str(&all));
    espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, 0);
    espeak_ng_SetVoiceByName("vi");
    ok(english("ok google"), "a switch to English is heard");
    for (size_t i = 0; i < BT_LEN(presenters); i++)
        test_vietnamese(i, bt_buf_str(&all));
    bt_buf_finish(&all);
    bt_lang_destroy(lang);
    bt_arena_destroy(arena);
    return done();
}
