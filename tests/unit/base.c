/* base: the clock's arithmetic, slices, tables, Unicode. */
#include "tap.h"
#include "base/base.h"

#include <stdlib.h>

static void clock_arithmetic(void)
{
    char iso[32];
    int64_t t;
    ok(bt_iso_parse("2025-11-25T08:45:00+07:00", 0, &t), "ISO 8601 with a zone");
    is_int(t, 1764035100, "is the instant that date(1) gives");
    is_str(bt_iso_format(t, 7 * 3600, iso), "2025-11-25T08:45:00+07:00", "and comes back");
    is_int(bt_weekday(2025, 11, 25), 2, "25/11/2025 is a Tuesday");
    is_int(bt_weekday(2024, 2, 29), 4, "29/02/2024 is a Thursday");
    ok(!bt_date_valid(2025, 2, 29), "2025 has no 29/02");
    ok(!bt_iso_parse("2025-11-25T24:01", 0, &t), "no hour 24");
    for (int64_t day = -800000; day < 800000; day += 977) {
        struct bt_civil c = bt_utc_civil(day * 86400 + 5, 0);
        if (bt_civil_utc(&c, 0) != day * 86400 + 5)
            ok(false, "civil time comes back");
    }
}

static void unicode(void)
{
    struct bt_arena *a = bt_arena_create();
    is_str(bt_nfc(a, BT_STR("Thanh Ho\xcc\x81"
                            "a")),
           "Thanh Hóa", "NFD becomes NFC");
    is_str(bt_nfc(a, BT_STR("a\xff"
                            "b")),
           "a\xef\xbf\xbd"
           "b",
           "a broken byte becomes U+FFFD");
    is_str(bt_fold(a, BT_STR("Đường Quảng Xương")), "duong quang xuong", "folded");
    is_str(bt_lower_str(a, BT_STR("ĐÔNG SƠN")), "đông sơn", "lower case");
    bt_arena_destroy(a);
}

static void tables(void)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_table t;
    struct bt_err err = {0};
    ok(bt_table_parse(a, "x.tsv", BT_STR("# c\nkm\tki lô mét\n\nha\théc ta\t\n"), 2, 3, &t, &err),
       "a table");
    is_int((long long)t.n, 2, "of two rows");
    is_int(t.row[1].line, 4, "with their lines");
    is_str(t.row[1].col[1], "héc ta", "and columns");
    ok(!bt_table_parse(a, "x.tsv", BT_STR("km ki lô mét\n"), 2, 3, &t, &err), "a missing tab");
    is_int(err.code, BT_EFILE, "is the file's fault");
    ok(strncmp(err.msg, "x.tsv:1: ", 9) == 0, "with file:line");
    bt_arena_destroy(a);
}

static void strings(void)
{
    struct bt_str rest = BT_STR("a,,b"), piece;
    int n = 0;
    while (bt_str_cut(&rest, ',', &piece))
        n++;
    is_int(n, 3, "cut keeps empty pieces");
    ok(bt_str_is(bt_str_trim(BT_STR(" \xc2\xa0x\r\n")), "x"), "trim");
    struct bt_buf b;
    bt_buf_init(&b, 4);
    ok(bt_buf_adds(&b, "abcd") && !bt_buf_addc(&b, 'e') && b.over, "a buffer keeps its ceiling");
    bt_buf_finish(&b);
    static const char *const names[] = {"jingle", "headlines", "stories"};
    is_str(bt_nearest("jingel", names, 3), "jingle", "did you mean");
    ok(bt_nearest("xylophone", names, 3) == NULL, "nothing near");
}

static const char *words(enum bt_msg id, ...)
{
    static char out[96];
    va_list ap;
    va_start(ap, id);
    bt_vmsg(out, sizeof(out), id, ap);
    va_end(ap);
    return out;
}

/* Numbers are the language's own, in all that is told. */
static void numbers(void)
{
    struct bt_arena *arena = bt_arena_create();
    struct bt_err err = {0};
    char out[BT_NUMBER];
    setenv("BANTIN_LANG", "vi", 1);
    is_str(words(BT_M_PROOF_PEAK, -1.25, -1.0), "đỉnh thật -1,2 dBTP, cao nhất được -1,0",
           "a comma");
    bt_fail(&err, BT_EFILE, BT_M_VOICE_NUMBER, "rate", 0.5, 2.0, "1.5.2");
    is_str(err.msg, "rate cần một số từ 0,50 đến 2,00, không phải “1.5.2”", "and only in numbers");
    is_str(bt_number(1234.56, 1, out), "1234,6", "so has a number by itself");
    setenv("BANTIN_LANG", "en", 1);
    is_str(words(BT_M_PROOF_PEAK, -1.25, -1.0), "true peak -1.2 dBTP, at most -1.0", "a point");
    is_str(words(BT_M_PROOF_DECODED, 12345678L, 3L),
           bt_format(arena, bt_msg(BT_M_PROOF_DECODED), 12345678L, 3L),
           "whole numbers as they are");
    is_str(words(BT_M_FIT_DONE, 1L, 2L, 3L, 4L, -3.0),
           bt_format(arena, bt_msg(BT_M_FIT_DONE), 1L, 2L, 3L, 4L, -3.0),
           "signs and percents, too");
    is_int((long)strlen(words(BT_M_FILE_NOT_READ, bt_format(arena, "/%0200d", 0))), 95,
           "what does not fit is cut");
    unsetenv("BANTIN_LANG");
    bt_arena_destroy(arena);
}

int main(void)
{
    clock_arithmetic();
    numbers();
    unicode();
    tables();
    strings();
    return done();
}
