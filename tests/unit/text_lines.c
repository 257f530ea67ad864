/* A rundown line by line: what is said, in which order, with which voice and break. */
#include "tap.h"
#include "text/text.h"

#include <string.h>

static const char *two[] = {"nam", "nu"}, *one[] = {"nu"};
static const char *paras[] = {"Đoạn một.", "Đoạn hai."};

static struct bt_cue cues[] = {
    {.kind = BT_CUE_JINGLE, .id = "c1", .src = "open.flac"},
    {.kind = BT_CUE_SAY, .id = "c2", .text = "Kính chào. Ngày 5/9.", .voice = {one, 1}},
    {.kind = BT_CUE_HEADLINES, .id = "c3", .voice = {two, 2}},
    {.kind = BT_CUE_STORY,
     .id = "s-1",
     .form = BT_FORM_FULL,
     .state = BT_AIR,
     .title = "Tin một",
     .lead = "Sa pô.",
     .para = paras,
     .npara = 2,
     .credit = "Theo báo.",
     .voice = {one, 1}},
    {.kind = BT_CUE_STORY, .id = "s-2", .form = BT_FORM_FULL, .state = BT_HOLD, .title = "Tin giữ"},
    {.kind = BT_CUE_STORY,
     .id = "s-3",
     .form = BT_FORM_BRIEF,
     .state = BT_AIR,
     .title = "Tin hai",
     .lead = "Sa pô hai.",
     .para = paras,
     .npara = 2},
    {.kind = BT_CUE_STORY,
     .id = "s-4",
     .form = BT_FORM_HEADLINE,
     .state = BT_AIR,
     .title = "Tin ba",
     .lead = "Không đọc."}};

static const struct {
    size_t cue;
    int part;
    const char *voice, *text;
    enum bt_break after;
} want[] = {{1, -2, "nu", "Kính chào.", BT_BREAK_SENTENCE},
            {1, -2, "nu", "Ngày năm tháng chín.", BT_BREAK_STORY},
            {2, -1, "nam", "Tin một.", BT_BREAK_HEADLINE},
            {2, -1, "nu", "Tin hai.", BT_BREAK_HEADLINE},
            {2, -1, "nam", "Tin ba.", BT_BREAK_HEADLINE},
            {3, -1, "nu", "Tin một.", BT_BREAK_HEADLINE},
            {3, 0, "nu", "Sa pô.", BT_BREAK_PARAGRAPH},
            {3, 1, "nu", "Đoạn một.", BT_BREAK_PARAGRAPH},
            {3, 2, "nu", "Đoạn hai.", BT_BREAK_PARAGRAPH},
            {3, 3, "nu", "Theo báo.", BT_BREAK_STORY},
            {5, -1, NULL, "Tin hai.", BT_BREAK_HEADLINE},
            {5, 0, NULL, "Sa pô hai.", BT_BREAK_STORY},
            {6, -1, NULL, "Tin ba.", BT_BREAK_STORY}};

static const struct bt_style *northern(const void *ctx, const char *voice)
{
    static const struct bt_style style;
    (void)ctx;
    (void)voice;
    return &style;
}

/* Who says each sentence when quotations are for the other presenter. */
static const struct {
    const char *written, *who; /* n: the story's presenter; q: who is quoted, a letter a sentence */
} quoted[] = {
    {"Bà Hoa kể. “Mưa to lắm. Tôi chạy ra đồng.” Nay lúa đã gặt.", "nqqn"},
    {"Bà Hoa nói: “Mưa to lắm.” Nay lúa đã gặt.", "nn"},
    {"\"Mưa to lắm.\" \"Tôi chạy.\" Nay gặt.", "qqn"},
    {"«Mưa to lắm.» Nay gặt.", "qn"},
    {"“Mưa to lắm”, bà Hoa nói. Nay gặt.", "nn"},
    {"“Mưa to lắm. Tôi chạy ra đồng”, bà Hoa nói.", "qn"},
    {"Nay ” gặt. “ Mưa.", "nq"},
    {"“”", ""},
};

static void test_quotations(struct bt_lang *lang, struct bt_arena *a)
{
    for (size_t i = 0; i < BT_LEN(quoted); i++) {
        struct bt_cue c = {.kind = BT_CUE_STORY,
                           .id = "s-1",
                           .form = BT_FORM_BRIEF,
                           .state = BT_AIR,
                           .title = "“Tin”",
                           .lead = quoted[i].written,
                           .voice = {one, 1},
                           .quotes = {two, 1}};
        struct bt_rundown r = {.cue = &c, .ncue = 1};
        struct bt_lines lines;
        char who[16] = "";
        bt_text_lines(lang, &(struct bt_casting){northern, NULL}, a, &r, &lines);
        ok(lines.n > 0 && strcmp(lines.line[0].voice, "nu") == 0, "the title is the presenter's");
        for (size_t k = 1; k < lines.n && k < sizeof(who); k++)
            who[k - 1] = strcmp(lines.line[k].voice, "nu") == 0 ? 'n' : 'q';
        is_str(who, quoted[i].who, quoted[i].written);
    }
}

int main(void)
{
    struct bt_lang *lang;
    struct bt_arena *a = bt_arena_create();
    struct bt_rundown r = {.cue = cues, .ncue = BT_LEN(cues)};
    struct bt_lines lines;
    if (!ok(bt_lang_load("voices", NULL, &lang, NULL), "the tables load"))
        return done();
    bt_text_lines(lang, &(struct bt_casting){northern, NULL}, a, &r, &lines);
    is_int((long long)lines.n, (long long)BT_LEN(want), "what is on air, and nothing else");
    for (size_t i = 0; i < lines.n && i < BT_LEN(want); i++) {
        const struct bt_line *l = &lines.line[i];
        is_str(l->utt.text, want[i].text, "text");
        is_str(l->voice, want[i].voice, "voice");
        ok(l->cue == want[i].cue && l->part == want[i].part, "place");
        is_int(l->utt.after, want[i].after, "break");
    }
    test_quotations(lang, a);
    bt_lang_destroy(lang);
    bt_arena_destroy(a);
    return done();
}
