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

/* Who says what when quotations are for the other presenter. */
static const struct {
    const char *written, *who; /* n: the story's presenter; q: who is quoted, a letter a line */
} quoted[] = {
    {"Bà Hoa kể. “Mưa to lắm. Tôi chạy ra đồng.” Nay lúa đã gặt.", "nqqn"},
    {"Bà Hoa nói: “Mưa to lắm.” Nay lúa đã gặt.", "nqn"},
    {"Bà Hoa nói: “Mưa to lắm. Tôi chạy ra đồng”. Nay lúa đã gặt.", "nqqn"},
    {"\"Mưa to lắm.\" \"Tôi chạy.\" Nay gặt.", "qqn"},
    {"«Mưa to lắm.» Nay gặt.", "qn"},
    {"“Mưa to lắm”, bà Hoa nói. Nay gặt.", "qnn"},
    {"“Mưa to lắm,” bà Hoa nói.", "qn"},
    {"“Mưa to lắm” - bà Hoa nói.", "qn"},
    {"“Mưa to lắm” – bà Hoa nói – “tôi chạy ra đồng”.", "qnq"},
    {"“Mưa to lắm”, bà Hoa nói, “tôi chạy ra đồng”.", "qnq"},
    {"“Mưa to lắm. Tôi chạy ra đồng”, bà Hoa nói.", "qqn"},
    {"Bà Hoa nói: “Mưa to lắm”, rồi đi.", "nqn"},
    {"Bà Hoa nói: \"Mưa to lắm\".", "nq"},
    {"Phong trào “Làng sạch nhà đẹp” đã ba năm.", "n"},
    {"Các dự án “Làng sạch nhà đẹp”, “Nước sạch cho dân” đã xong.", "n"},
    {"“Làng sạch nhà đẹp” đã ba năm.", "n"},
    {"“Làng sạch nhà đẹp”, “Nước sạch” là hai dự án.", "n"},
    {"“Làng sạch”, một dự án, đã xong.", "n"},
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

/* The span of a sentence's part begins with its mark. */
static void test_mark(struct bt_lang *lang, struct bt_arena *a)
{
    struct bt_cue c = {.kind = BT_CUE_STORY,
                       .form = BT_FORM_BRIEF,
                       .state = BT_AIR,
                       .lead = "“Mưa to lắm”, bà Hoa nói.",
                       .voice = {one, 1},
                       .quotes = {two, 1}};
    struct bt_rundown r = {.cue = &c, .ncue = 1};
    struct bt_lines lines;
    bt_text_lines(lang, &(struct bt_casting){northern, NULL}, a, &r, &lines);
    is_int(lines.line[0].utt.from, 0, "the mark before its first word is in its span");
}

/* What stands in each part of a sentence that is cut: its words, their places in it, its span. */
static void test_parts(struct bt_lang *lang, struct bt_arena *a)
{
    static const struct {
        const char *text, *span, *last; /* spoken; written; its last word, written */
        enum bt_break after;
    } parts[] = {{"Ngày năm tháng chín, ông A nói:", "Ngày 5/9, ông A nói", "nói", BT_BREAK_CLAUSE},
                 {"Chúng tôi sẽ làm mười hai,", "“Chúng tôi sẽ làm 12", "12", BT_BREAK_CLAUSE},
                 {"rồi đi.", "rồi đi", "đi", BT_BREAK_STORY}};
    struct bt_cue c = {.kind = BT_CUE_STORY,
                       .form = BT_FORM_BRIEF,
                       .state = BT_AIR,
                       .lead = "Ngày 5/9, ông A nói: “Chúng tôi sẽ làm 12” rồi đi.",
                       .voice = {one, 1},
                       .quotes = {two, 1}};
    struct bt_rundown r = {.cue = &c, .ncue = 1};
    struct bt_lines lines;
    bt_text_lines(lang, &(struct bt_casting){northern, NULL}, a, &r, &lines);
    is_int((long long)lines.n, BT_LEN(parts), "a sentence in three parts");
    for (size_t i = 0; i < lines.n && i < BT_LEN(parts); i++) {
        const struct bt_line *l = &lines.line[i];
        const struct bt_utterance *u = &l->utt;
        const struct bt_word *w = &u->word[u->nword - 1];
        is_str(u->text, parts[i].text, "its words");
        is_str(bt_strndup(a, l->written + u->from, u->to - u->from), parts[i].span, "its span");
        is_str(bt_strndup(a, l->written + w->from, w->to - w->from), parts[i].last,
               "a word's span");
        is_int(u->word[0].at, 0, "the first word begins it");
        ok(w->at + w->len + 1 == strlen(u->text), "and the last one ends it");
        is_int(u->after, parts[i].after, "what stands after it");
    }
}

/* A paragraph of which nothing can be said is no line, and not lost. */
static void test_silent(const struct bt_lang *lang, struct bt_arena *a)
{
    static const char *para[] = {"* * *", "Sáng nay có mưa."};
    struct bt_cue cue = {.kind = BT_CUE_STORY, .title = "Thời tiết", .para = para, .npara = 2};
    struct bt_rundown r = {.cue = &cue, .ncue = 1};
    struct bt_lines lines;
    bt_text_lines(lang, NULL, a, &r, &lines);
    is_int((long long)lines.n, 2, "a title and a paragraph are read");
    ok(lines.nsilent == 1 && lines.silent[0].written == para[0] && lines.silent[0].before == 1,
       "the other stands between them");
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
    test_parts(lang, a);
    test_mark(lang, a);
    test_silent(lang, a);
    bt_lang_destroy(lang);
    bt_arena_destroy(a);
    return done();
}
