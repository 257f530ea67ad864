/* script: the vocabulary, a programme, a rundown there and back, and what is said of faults. */
#include "tap.h"
#include "script/script.h"

#include <stdlib.h>
#include <unistd.h>

static struct bt_arena *a;

static const char *const head =
    "<programme id=\"p\" title=\"Tin\" station=\"Đài\" air=\"08:45\">\n";
static const char *const order =
    "<order><jingle src=\"o.flac\" under=\"2.5s\"/><say voice=\"nu\">Chào, {thứ} {ngày}.</say>\n"
    "<headlines voice=\"nam nu\"/><stories voice=\"nu nam\" quotes=\"nam nu\" "
    "sting=\"s.flac\"/></order>\n";
static const char *const end =
    "<deliver to=\"out\" as=\"wav mp3\" length=\"9:30-10:00\"/></programme>\n";

static const char *write_temporary(const char *text)
{
    static char path[] = "/tmp/bantin-script-XXXXXX";
    strcpy(path, "/tmp/bantin-script-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        perror(path);
    close(fd);
    return path;
}

static bool load(const char *text, struct bt_programme *p, struct bt_err *err)
{
    const char *path = write_temporary(text);
    bool good = bt_programme_load(a, path, p, err);
    unlink(path);
    return good;
}

/* Each fault is told with its line and what to write instead. */
static void faults(void)
{
    static const struct {
        const char *text, *says, *what;
    } cases[] = {
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"8h45\">", ":1: ", "a bad time"},
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"8h45\">", "08:45",
         "and how to write it"},
        {"<programme id=\"../x\" title=\"T\" station=\"S\" air=\"08:45\">", "thnm-sang",
         "an id that would be a path"},
        {"<programme id=\"p\" title=\"T\" station=\"S\">", "air", "a missing attribute"},
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"08:45\" zon=\"Z\">", "zone",
         "an attribute nearly right"},
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"08:45\">\n\n<ordr/>",
         ":3: ", "an element's line"},
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"08:45\">\n\n<ordr/>", "<order>",
         "an element nearly right"},
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"08:45\"><jingle src=\"x\"/>", "order",
         "an element out of place"},
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"08:45\">Xin chào", "<programme>",
         "bare text"},
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"08:45\"><order>"
         "<say voice=\"nu\">{giờ-phát}</say><stories voice=\"nu\"/></order>",
         "{giờ}", "an unknown place"},
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"08:45\"><order>"
         "<say voice=\"nu nam\">x</say></order>",
         "voice", "two presenters for one say"},
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"08:45\"><order/>", "<stories",
         "no place for stories"},
        {"<programme id=\"p\" title=\"T\" station=\"S\" air=\"08:45\"><order/>"
         "<deliver to=\"x\" as=\"wav mp4\"/>",
         "mp3", "an unknown format"},
    };
    for (size_t i = 0; i < BT_LEN(cases); i++) {
        struct bt_programme p;
        struct bt_err err = {0};
        const char *text = bt_format(a, "%s</programme>", cases[i].text);
        bool good = load(text, &p, &err);
        ok(!good && err.code == BT_EFILE && strstr(err.msg, cases[i].says), cases[i].what);
        if (!strstr(err.msg, cases[i].says))
            printf("# %s\n", err.msg);
    }
}

static void hostile(void)
{
    struct bt_programme p;
    struct bt_err err = {0};
    ok(!load("<!DOCTYPE programme [<!ENTITY e \"x\">]><programme id=\"p\" title=\"&e;\" "
             "station=\"S\" air=\"08:45\"/>",
             &p, &err) &&
           err.code == BT_EFILE,
       "a DTD is refused");
    ok(!load("<programme", &p, &err) && strstr(err.msg, ":1: "), "broken XML has its line");
    ok(!load("", &p, &err) && err.code == BT_EFILE, "an empty file is told");
}

static const struct bt_article articles[] = {
    {.id = "s-1",
     .title = "Một <\"&>",
     .lead = "Dẫn.",
     .published = 1764000000,
     .priority = 5,
     .whole = true,
     .state = BT_AIR,
     .why = "window"},
    {.id = "s-2",
     .title = "Hai",
     .lead = "",
     .published = BT_NO_TIME,
     .priority = 5,
     .state = BT_HOLD,
     .why = "aired"},
    {.id = "s-3",
     .title = "Ba",
     .published = 1764000000,
     .priority = 1,
     .credit = "Theo Báo X",
     .state = BT_AIR,
     .why = "window"},
};

static void there_and_back(void)
{
    struct bt_programme p;
    struct bt_err err = {0};
    if (!ok(load(bt_format(a, "%s%s%s", head, order, end), &p, &err), "a programme"))
        printf("# %s\n", err.msg);
    is_int(p.air_s, 8 * 3600 + 45 * 60, "its air time");
    is_int(p.deliver[0].length.least, 570000, "its shortest length");
    is_int(p.order[0].under_ms, 2500, "the post");
    struct bt_civil day = {.year = 2025, .mon = 11, .day = 25};
    struct bt_pick pick = bt_programme_pick(&p, &day);
    char iso[32];
    is_str(bt_iso_format(pick.from, pick.zone, iso), "2025-11-24T19:00:00+07:00", "the window");
    struct bt_article copy[3];
    memcpy(copy, articles, sizeof(copy));
    struct bt_articles list = {copy, 3};
    struct bt_rundown r, back;
    bt_rundown_make(a, &p, &day, &list, "sha256:0", &r);
    is_int((long long)r.ncue, 6, "a cue for each element and story");
    is_str(r.cue[1].text, "Chào, thứ Ba 25/11/2025.", "places are filled");
    is_str(r.cue[4].voice.item[0], "nam", "presenters alternate");
    is_str(r.cue[4].quotes.item[0], "nu", "and so do those who say the quotations");
    is_str(r.cue[4].sting, "s.flac", "a sting before the second story");
    is_int(r.cue[4].form, BT_FORM_BRIEF, "another house's story is brief");
    is_str(r.cue[5].why, "aired", "a held story stays, with its reason");
    struct bt_buf one, two;
    bt_buf_init(&one, 1 << 20);
    bt_buf_init(&two, 1 << 20);
    bt_rundown_write(&r, &one);
    if (!ok(bt_rundown_parse(a, "r.xml", bt_buf_str(&one), &back, &err), "is read back"))
        printf("# %s\n%s\n", err.msg, one.p);
    bt_rundown_write(&back, &two);
    is_str(two.p, one.p, "and written again the same");
    bt_buf_finish(&one);
    bt_buf_finish(&two);
}

int main(void)
{
    a = bt_arena_create();
    faults();
    hostile();
    there_and_back();
    struct bt_buf rng;
    bt_buf_init(&rng, 1 << 20);
    bt_schema_relaxng(&rng);
    ok(bt_str_find(bt_buf_str(&rng), BT_STR("name=\"back-timed\"")) > 0, "RELAX NG from the table");
    bt_buf_finish(&rng);
    bt_arena_destroy(a);
    return done();
}
