/* base: the clock's arithmetic, slices, tables, Unicode. */
#include "tap.h"
#include "base/base.h"

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

int main(void)
{
    clock_arithmetic();
    unicode();
    tables();
    strings();
    return done();
}
