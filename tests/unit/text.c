/* The text room: the door's promises. */
#include "tap.h"
#include "text/text.h"

static struct bt_lang *lang;
static struct bt_arena *arena;

static const char *spoken(const char *written)
{
    struct bt_reading r;
    struct bt_buf b;
    bt_text_read(lang, NULL, arena, bt_str(written), BT_BREAK_PARAGRAPH, &r);
    bt_buf_init(&b, 1 << 20);
    for (size_t i = 0; i < r.nutt; i++)
        bt_buf_addf(&b, "%s%s", i ? " | " : "", r.utt[i].text);
    const char *s = bt_strdup(arena, b.p ? b.p : "");
    bt_buf_finish(&b);
    return s;
}

static void reads_numbers(void)
{
    is_str(spoken("Toàn tỉnh có 485 sản phẩm."), "Toàn tỉnh có bốn trăm tám mươi lăm sản phẩm.",
           "a cardinal");
    is_str(spoken("1001"), "một nghìn không trăm linh một.", "hundreds that are not there");
    is_str(spoken("giá 12.500 đồng/kg"), "giá mười hai nghìn năm trăm đồng một ki lô gam.",
           "per after a price");
    is_str(spoken("tăng 5-7%"), "tăng năm đến bảy phần trăm.", "a range of percentages");
}

static void reads_dates(void)
{
    is_str(spoken("Sáng 24/11/2025, tại xã Kim Tân"),
           "Sáng ngày hai mươi tư tháng mười một năm hai nghìn không trăm hai mươi lăm, tại xã Kim "
           "Tân.",
           "a full date");
    is_str(spoken("từ 8h30 đến 11h"), "từ tám giờ ba mươi phút đến mười một giờ.", "times");
    is_str(spoken("Đại hội XIV"), "Đại hội mười bốn.", "a roman numeral after its cue");
}

static void cuts_sentences(void)
{
    is_str(spoken("Xong. Nghỉ thôi! Đi đâu?"), "Xong. | Nghỉ thôi! | Đi đâu?", "three sentences");
}

/* A title of 5,000 letters without a mark, and one with commas. */
static void breathes(void)
{
    const char *before =
        "Hội nghị đề ra các giải pháp trọng tâm của năm tới cho toàn ngành nông nghiệp "
        "trên địa bàn tỉnh với mục tiêu";
    struct {
        const char *rest, *spoken, *what;
    } of[] = {{"phát triển kinh tế và giữ vững môi trường sống của người dân",
               "phát triển kinh tế, và giữ vững môi trường sống của người dân.", "before a clause"},
              {"cao nhất là bảo đảm an toàn cho đê điều vùng hạ du",
               "cao nhất là bảo đảm an toàn cho đê điều vùng hạ du.", "not within a compound"},
              {"mở rộng các quan hệ song phương với các tỉnh bạn nước Lào",
               "mở rộng các quan hệ song phương với các tỉnh bạn nước Lào.", "nor before its end"}};
    for (size_t i = 0; i < BT_LEN(of); i++)
        is_str(spoken(bt_format(arena, "%s %s.", before, of[i].rest)),
               bt_format(arena, "%s %s", before, of[i].spoken), of[i].what);
}

static void parts_endless(void)
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 20);
    for (int mark = 0; mark < 2; mark++) {
        struct bt_reading r;
        size_t longest = 0, words = 0;
        bt_buf_clear(&b);
        for (int i = 0; i < 500; i++)
            bt_buf_adds(&b, mark && i % 25 == 24 ? "tiếng Việt, " : "tiếng Việt ");
        bt_text_read(lang, NULL, arena, bt_buf_str(&b), BT_BREAK_PARAGRAPH, &r);
        for (size_t i = 0; i < r.nutt; i++) {
            longest = r.utt[i].nword > longest ? r.utt[i].nword : longest;
            words += r.utt[i].nword;
        }
        ok(words == 1000 && longest <= 200, "an endless sentence is read in pieces, all of it");
        is_int(mark ? (long)r.utt[0].nword % 50 : 0, 0, "at its marks");
    }
    bt_buf_finish(&b);
}

static void keeps_spans(void)
{
    struct bt_reading r;
    const char *written = "Có 25 xã.";
    bt_text_read(lang, NULL, arena, bt_str(written), BT_BREAK_STORY, &r);
    ok(r.nutt == 1 && r.utt[0].nword == 5, "five spoken words");
    ok(r.utt[0].word[1].from == 4 && r.utt[0].word[1].to == 6, "hai says 25");
    ok(r.utt[0].word[3].from == 4 && r.utt[0].word[3].to == 6, "lăm says 25, too");
    ok(r.utt[0].after == BT_BREAK_STORY, "the last break is the caller's");
}

static void takes_any_form(void)
{
    is_str(spoken("Tha\xCC\x81ng 5"), "Tháng năm.", "NFD reads as NFC");
    is_str(spoken("\xFF\xFE x \xC3"), spoken("x"), "broken bytes say nothing");
    is_str(spoken(""), "", "nothing");
}

int main(void)
{
    struct bt_err err;
    arena = bt_arena_create();
    if (!ok(bt_lang_load("voices", NULL, &lang, &err), "the tables load")) {
        printf("# %s\n", err.msg);
        return done();
    }
    reads_numbers();
    reads_dates();
    cuts_sentences();
    breathes();
    parts_endless();
    keeps_spans();
    takes_any_form();
    bt_lang_destroy(lang);
    bt_arena_destroy(arena);
    return done();
}
