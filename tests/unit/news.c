/* news: dates, feeds, dumps, text articles, the pick. */
#include "tap.h"
#include "news/parts.h"

#include <stdlib.h>
#include <unistd.h>

enum { ZONE = 7 * 3600 };

static struct bt_arena *a;
static int warnings;

static void count_warning(void *ctx, const struct bt_event *ev)
{
    (void)ctx;
    warnings += ev->level == BT_WARN;
}
static const struct bt_events events = {count_warning, NULL};

static int64_t at(const char *iso)
{
    int64_t t = 0;
    if (!bt_iso_parse(iso, ZONE, &t))
        ok(false, iso);
    return t;
}

static bool parse(const char *text, struct bt_articles *out)
{
    struct bt_source_spec spec = {.href = "thu.txt", .name = "thu.txt", .zone = ZONE};
    struct bt_err err = {0};
    warnings = 0;
    *out = (struct bt_articles){0};
    return bt_source_parse(a, &spec, bt_str(text), out, &events, &err);
}

/* ---- dates ---------------------------------------------------------------------------------- */

static void one_date(const char *written, const char *want, const struct bt_when_rule *rule)
{
    struct bt_when_found found;
    char got[32] = "NONE";
    switch (bt_when_parse(bt_str(written), rule, &found)) {
    case BT_WHEN_OK:
        bt_iso_format(found.utc, ZONE, got);
        break;
    case BT_WHEN_AMBIGUOUS:
        strcpy(got, "AMBIGUOUS");
        break;
    case BT_WHEN_RELATIVE:
        strcpy(got, "RELATIVE");
        break;
    case BT_WHEN_NONE:
        break;
    }
    is_str(got, want, written);
}

static void date_file(const char *path, bool heading)
{
    struct bt_buf b;
    struct bt_table t;
    bt_buf_init(&b, 1 << 20);
    if (!bt_file_exists(path))
        return;
    if (!bt_file_read(path, 1 << 20, &b, NULL) ||
        !bt_table_parse(a, path, bt_buf_str(&b), 2, 3, &t, NULL))
        ok(false, path);
    for (size_t i = heading; i < t.n; i++) {
        struct bt_when_rule rule = {.zone = ZONE, .now = BT_NO_TIME};
        rule.force_zone = t.row[i].ncol > 2 && strstr(t.row[i].col[2], "zone WRONG");
        int64_t want;
        char local[32];
        const char *w = t.row[i].col[1];
        if (bt_iso_parse(w, ZONE, &want))
            w = bt_iso_format(want, ZONE, local);
        one_date(t.row[i].col[0], w, &rule);
    }
    bt_buf_finish(&b);
}

static void dates(void)
{
    date_file("tests/fixtures/news/dates.tsv", false);
    date_file("../shared/samples/dates.tsv", true);
    struct bt_when_rule rule = {.zone = ZONE, .now = at("2025-03-05T07:00")};
    one_date("2 giờ trước", "2025-03-05T05:00:00+07:00", &rule);
    rule.month_first = true;
    one_date("Posted on 03-04-2025 09:40", "2025-03-04T09:40:00+07:00", &rule);
    is_int(bt_when_order(BT_STR("3/25/2025 9:00")), 1, "3/25 proves month first");
    is_int(bt_when_order(BT_STR("25/3/2025 9:00")), -1, "25/3 proves day first");
}

/* ---- articles ------------------------------------------------------------------------------- */

static void text_article(void)
{
    struct bt_articles l;
    ok(parse("Xã Hoằng Tân gặt xong lúa mùa\nThời gian: 05/03/2025 07:15\nTác giả: Lê Mai\n"
             "Nguồn: Bản tin sáng 5/3\nƯu tiên: 2\nHết hạn: 06/03/2025 08:00\n\n"
             "Bà con xã Hoằng Tân đã gặt xong\nba trăm héc ta lúa mùa.\n\nNăng suất tăng so với "
             "năm trước.\nGặt xong lúa - Ảnh 1.\nGiá lúa ổn định.\n",
             &l),
       "a .txt article");
    is_int((long long)l.n, 1, "is one");
    is_str(l.item[0].title, "Xã Hoằng Tân gặt xong lúa mùa", "title");
    is_str(l.item[0].lead, "Bà con xã Hoằng Tân đã gặt xong ba trăm héc ta lúa mùa.",
           "a wrapped lead is one paragraph");
    is_int((long long)l.item[0].npara, 2, "the caption falls");
    is_str(l.item[0].author, "Lê Mai", "author");
    is_int(l.item[0].priority, 2, "priority");
    is_int(l.item[0].published, at("2025-03-05T07:15"), "time");
    is_int(l.item[0].expires, at("2025-03-06T08:00"), "expiry");
    is_str(l.item[0].segment, "ban tin sang", "bulletin");
    is_int(l.item[0].segment_day, at("2025-03-05"), "of the year nearest to the article");
    ok(l.item[0].whole && !l.item[0].credit, "a file is ours");
    ok(parse("Tít\nƯu tiên: mười\n\nLời.\n", &l) && warnings == 1, "a bad field is a warning");
    ok(!parse("Chỉ có tít\n", &l) && l.n == 0, "a title alone is no story");
    ok(!parse("\n \n", &l), "nothing is no story");
}

static void year_end(void)
{
    struct bt_articles l;
    ok(parse("Tít\nThời gian: 01/01/2025 06:00\nNguồn: Bản tin sáng 31/12\n\nLời.\n", &l) &&
           l.item[0].segment_day == at("2024-12-31"),
       "31/12 seen on 1/1 is yesterday");
}

static const char dump[] = "Đường dây nóng: 0237 000000\n\n"
                           "Chợ huyện mở phiên sớm\n\n"
                           "Từ sáng nay, chợ huyện mở phiên sớm hơn một giờ để phục vụ bà con.\n\n"
                           "Trần Bình\n\n05/03/2025 07:15\n\n"
                           "Ban quản lý chợ cho biết sẽ giữ giờ này đến hết tháng.\n\n"
                           "Chợ huyện mở phiên sớm - Ảnh 1.\n\n"
                           "Người bán hàng đồng tình.\n\n"
                           "Nguồn: Bản tin sáng 5/3\n\nÝ kiến bạn đọc\n\nXem thêm bình luận\n"
                           "Mưa rào ở miền núi\n\nMưa rào ở miền núi\n\n06:10 , 05/03/2025\n\n"
                           "Các huyện miền núi có mưa rào.\n\n"
                           "Đường mới thông xe\n\n20:10 , 04/03/2025\n\n"
                           "Con đường liên xã dài năm cây số đã thông xe.\n";

static void page_dump(void)
{
    struct bt_articles l;
    ok(parse(dump, &l), "the dump of a page");
    is_int((long long)l.n, 3, "holds three stories");
    is_str(l.item[0].title, "Chợ huyện mở phiên sớm", "the article's title");
    is_str(l.item[0].author, "Trần Bình", "its author");
    is_str(l.item[0].source, "Bản tin sáng 5/3", "its source line");
    is_int((long long)l.item[0].npara, 2, "its body, without caption and comments");
    is_str(l.item[1].title, "Mưa rào ở miền núi", "a title that stands twice");
    is_int((long long)l.item[1].npara, 0, "ends before the next title");
    is_str(l.item[2].title, "Đường mới thông xe", "a title that stands once");
    is_str(l.item[2].lead, "Con đường liên xã dài năm cây số đã thông xe.", "its lead");
}

#define RSS                                                                                        \
    "<rss version=\"2.0\"><channel><title>Báo Làng - Tin</title>"                                \
    "<link>https://lang.example</link>"

static void feed(void)
{
    struct bt_articles l;
    ok(parse(RSS
             "<item><title>Tin &ocirc;ng &lt;b&gt;Sáu&lt;/b&gt;</title>"
             "<link>/tin-ong-sau-12345678.htm?utm_source=rss</link>"
             "<description><![CDATA[<a href='x'><img src='y'></a></br>(Báo Làng) - Ông S&aacute;u "
             "trồng sen.]]></description>"
             "<pubDate>Wed, 05 Mar 25 07:15:00 +07</pubDate></item></channel></rss>",
             &l),
       "a feed");
    is_str(l.item[0].title, "Tin ông Sáu", "mark-up and references in a title");
    is_str(l.item[0].lead, "Ông Sáu trồng sen.", "the agency's sign is not read");
    is_str(l.item[0].url, "https://lang.example/tin-ong-sau-12345678.htm", "the link");
    is_str(l.item[0].credit, "Theo Báo Làng", "another house is named");
    ok(!l.item[0].whole, "and only its lead may be read");
    const char *id = l.item[0].id;
    ok(parse(RSS "<item><title>Tít mới</title>"
                 "<link>https://m.lang.example/ten-khac-12345678.htm</link></item></channel></rss>",
             &l) &&
           strcmp(id, l.item[0].id) == 0,
       "the article's number is its identity, whatever the slug");
    ok(parse(RSS "<item><title>Một</title></item><item><title>Hai", &l) && l.n == 1 && warnings,
       "the item that was cut off is passed over, with a warning");
    ok(!parse("<!DOCTYPE html><html><body><h1>403</h1></body></html>", &l), "no feed, no article");
}

static void feed_order(void)
{
    struct bt_articles l;
    ok(parse(RSS
             "<item><title>Một</title><pubDate>3/4/2025 09:40</pubDate></item>"
             "<item><title>Hai</title><pubDate>3/25/2025 09:40</pubDate></item></channel></rss>",
             &l) &&
           l.item[0].published == at("2025-03-04T09:40"),
       "one date of a feed proves the order of all");
    ok(parse(RSS "<item><title>Một</title><pubDate>hôm nọ</pubDate></item></channel></rss>", &l) &&
           l.item[0].published == BT_NO_TIME && warnings == 1,
       "a date that cannot be read is a warning, no guess");
    static const char feed[] = RSS "<item><title>Một</title><pubDate>3/4/2025 9:40:00 AM</pubDate>"
                                   "</item></channel></rss>";
    struct bt_source_spec spec = {.href = "x", .name = "x", .zone = ZONE, .dates = "dmy"};
    l = (struct bt_articles){0};
    ok(bt_source_parse(a, &spec, bt_str(feed), &l, NULL, NULL) &&
           l.item[0].published == at("2025-04-03T09:40"),
       "what the source says of its dates holds: day first");
    spec.dates = "mdy";
    l = (struct bt_articles){0};
    ok(bt_source_parse(a, &spec, bt_str(feed), &l, NULL, NULL) &&
           l.item[0].published == at("2025-03-04T09:40"),
       "month first");
}

static void atom(void)
{
    struct bt_articles l;
    ok(parse("<feed xmlns='http://www.w3.org/2005/Atom'><title>Làng</title><entry>"
             "<title>Tít</title><link rel='self' href='https://x.example/s'/>"
             "<link rel='alternate' href='https://x.example/a'/><id>tag:1</id>"
             "<updated>2025-03-05T08:00:00+07:00</updated>"
             "<published>2025-03-05T07:00:00+07:00</published>"
             "<summary>Tóm tắt.</summary></entry></feed>",
             &l),
       "Atom");
    is_str(l.item[0].url, "https://x.example/a", "the alternate link");
    is_int(l.item[0].published, at("2025-03-05T07:00"), "published, not updated");
}

static void rdf(void)
{
    struct bt_articles l;
    ok(parse("<?xml version='1.0'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
             " xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
             "<channel rdf:about='https://lang.example'><title>Báo Làng</title>"
             "<link>https://lang.example</link></channel>"
             "<item rdf:about='https://lang.example/1'><title>Tít một</title>"
             "<link>https://lang.example/tit-mot-1234567.htm</link>"
             "<description>Lời một.</description><dc:creator>Lê Mai</dc:creator>"
             "<dc:date>2025-03-05T07:15:00+07:00</dc:date></item>"
             "<item rdf:about='https://lang.example/2'><title>Tít hai</title>"
             "<link>/hai</link></item></rdf:RDF>",
             &l) &&
           l.n == 2,
       "RSS 1.0: items beside the channel");
    is_str(l.item[0].credit, "Theo Báo Làng", "its house");
    is_str(l.item[0].author, "Lê Mai", "its author");
    is_int(l.item[0].published, at("2025-03-05T07:15"), "its date");
    is_str(l.item[1].url, "https://lang.example/hai", "a link that the channel completes");
}

/* HTML inside XML, unquoted values, references to nothing. */
static void sloppy(void)
{
    struct bt_articles l;
    ok(parse(
           "<rss version=2.0><channel><title>Làng</title>"
           "<item><title>Giá vàng & đô la <b>tăng</b></title>"
           "<link>https://x.example/a?x=1&y=2</link>"
           "<description>Vàng > 150 triệu.<br>Đô la < 27 nghìn.<img src=a.jpg></description></item>"
           "<item><title>Hai</title><description>Lời &#0;&#xD800;&bogus; hết, ti&#X1EC7;n "
           "&#60;.</br></description>"
           "</item><item><title>Ba</title><link>javascript:alert(1)</link></item></channel></rss>",
           &l),
       "a feed with HTML in its XML");
    is_int((long long)l.n, 3, "keeps all its items");
    is_str(l.item[0].title, "Giá vàng & đô la tăng", "a title");
    is_str(l.item[0].url, "https://x.example/a?x=1&y=2", "a link");
    is_str(l.item[0].lead, "Vàng > 150 triệu.", "a lead to its line's end");
    is_str(l.item[0].para[0], "Đô la < 27 nghìn.", "and what follows");
    is_str(l.item[1].lead, "Lời &bogus; hết, tiện <.",
           "references to nothing, and one in capitals");
    ok(!l.item[2].url, "a script is no link");
}

/* What systems add to the text of others: echoes, stamps of their own, a robot's name. */
static void echoes(void)
{
    struct bt_articles l;
    ok(parse(
           "<rss version='2.0'><channel><title>Góp nhặt</title><item>"
           "<title>Thanh Hóa đón không khí lạnh - Báo Làng</title><source url='x'>Báo Làng</source>"
           "<description>&lt;a&gt;Thanh Hóa đón không khí lạnh&lt;/a&gt; Báo Làng</description>"
           "</item><item><title>Lớp đan lát</title><dc:creator>admin</dc:creator>"
           "<description>Sáng nay, xã mở lớp […]</description><content:encoded>"
           "<![CDATA[<p>Sáng nay, xã mở lớp đan lát.</p><p>Học viên được hỗ trợ tiền ăn.</p>"
           "<p>The post <a>Lớp đan lát</a> appeared first on <a>Góp nhặt</a>.</p>]]>"
           "</content:encoded></item></channel></rss>",
           &l) &&
           l.n == 2,
       "a collector's feed");
    is_str(l.item[0].title, "Thanh Hóa đón không khí lạnh", "the house is no part of a title");
    is_str(l.item[0].lead, "", "a title and a house are no lead");
    ok(!l.item[1].author, "a robot is no author");
    is_str(l.item[1].lead, "Sáng nay, xã mở lớp đan lát.", "a lead that was cut is made whole");
    ok(l.item[1].npara == 1 && strstr(l.item[1].para[0], "tiền ăn"), "and read once");
    ok(parse("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://x.example/'><entry>"
             "<title>Tít</title><link href='/a.html'/></entry></feed>",
             &l),
       "a feed with a base");
    is_str(l.item[0].url, "https://x.example/a.html", "which its links stand on");
}

static void hostile(void)
{
    struct bt_articles l;
    struct bt_buf b;
    bt_buf_init(&b, 1 << 22);
    bt_buf_adds(&b, "<!DOCTYPE rss [<!ENTITY a \"haha\"><!ENTITY b \"&a;&a;&a;\">"
                    "<!ENTITY f SYSTEM \"file:///etc/passwd\">]>" RSS
                    "<item><title>A&b;B&f;</title></item></channel></rss>");
    ok(parse(b.p, &l), "a DTD");
    is_str(l.item[0].title, "A&b;B&f;", "defines nothing");
    bt_buf_clear(&b);
    bt_buf_adds(&b, RSS "<item ");
    for (int i = 0; i < 30000; i++)
        bt_buf_addf(&b, "a%d='' ", i);
    bt_buf_adds(&b, "><title>A</title></item></channel></rss>");
    ok(!parse(b.p, &l), "a tag with thirty thousand attributes is refused");
    bt_buf_finish(&b);
}

static void encodings(void)
{
    size_t n;
    is_str(bt_to_utf8(a, BT_STR("\xef\xbb\xbfV\xc3\xa0"), &n), "Và", "byte-order mark");
    is_str(
        bt_nfc(a, bt_str(bt_to_utf8(
                      a, BT_STR("<?xml encoding='windows-1258'?>L\xeanh c\xf4ng b\xf4\xec"), &n))),
        "<?xml encoding='windows-1258'?>Lênh công bố", "windows-1258");
    is_str(bt_to_utf8(a, BT_STR("<?xml encoding='utf-16'?>Lệnh"), &n),
           "<?xml encoding='utf-16'?>Lệnh", "a false declaration");
    is_str(bt_nfc(a, bt_str(bt_from_charset(a, BT_STR("Th\xb5nh ph\xe8 \xae\xd1p"), "tcvn3", &n))),
           "Thành phố đẹp", "TCVN3, where a profile says so");
    is_str(bt_from_charset(a,
                           BT_STR("\xd1\x61\xf8i Ti\x65\xe1ng no\xf9i Vi\x65\xe4t n\xf6\xf4\xf9"
                                  "c"),
                           "vni", &n),
           "Đài Tiếng nói Việt nước", "VNI, where a profile says so");
    is_str(bt_to_utf8(a, (struct bt_str){"\xff\xfeV\0\xe0\0", 6}, &n), "Và", "UTF-16");
    is_str(bt_from_charset(a, BT_STR("V\xf5\x8a\x8b\x99V"), "utf-8", &n),
           "V\uFFFD\uFFFD\uFFFD\uFFFDV", "a code point above the last, declared UTF-8");
}

/* ---- the pick ------------------------------------------------------------------------------- */

static const char *aired_before;
static const char *aired(void *ctx, const struct bt_article *t)
{
    (void)ctx;
    return aired_before && strcmp(t->id, aired_before) == 0 ? "2025-03-04 trưa" : NULL;
}

static struct bt_pick morning(void)
{
    return (struct bt_pick){.segment = "Bản tin Sáng",
                            .day = at("2025-03-05"),
                            .from = at("2025-03-04T19:00"),
                            .until = at("2025-03-05T08:30"),
                            .least = 1,
                            .most = 10,
                            .zone = ZONE,
                            .aired = aired};
}

static const struct bt_article *titled(const struct bt_articles *l, const char *title)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->item[i].title, title) == 0)
            return &l->item[i];
    return NULL;
}

static void pick(void)
{
    struct bt_articles l;
    struct bt_pick p = morning();
    parse(dump, &l);
    is_int((long long)bt_pick(a, &l, &p), 3, "by window and by source line");
    is_str(l.item[0].title, "Chợ huyện mở phiên sớm", "newest first");
    const char *id = l.item[0].id;
    p.from = at("2025-03-05");
    is_int((long long)bt_pick(a, &l, &p), 2, "a later window");
    is_int(titled(&l, "Đường mới thông xe")->state, BT_HOLD, "holds the older one");
    p.least = 3;
    is_int((long long)bt_pick(a, &l, &p), 3, "which fills up when stories are too few");
    is_str(titled(&l, "Đường mới thông xe")->why, bt_msg(BT_M_WHY_FILLS), "and says so");
    p.least = 1;
    p.most = 1;
    is_int((long long)bt_pick(a, &l, &p), 1, "no more than most");
    p = morning();
    p.segment = "Bản tin trưa";
    is_int((long long)bt_pick(a, &l, &p), 2, "an article of another bulletin stays out");
    p = morning();
    p.day = at("2025-03-06");
    bt_pick(a, &l, &p);
    is_int(titled(&l, "Chợ huyện mở phiên sớm")->state, BT_HOLD, "and one of another day");
    aired_before = id;
    p = morning();
    is_int((long long)bt_pick(a, &l, &p), 2, "what has aired stays out");
    ok(strstr(titled(&l, "Chợ huyện mở phiên sớm")->why, "2025-03-04 trưa"), "and says where");
    aired_before = NULL;
}

static void rules_of_time(void)
{
    struct bt_articles l;
    struct bt_pick p = morning();
    p.least = 0;
    parse("A\nThời gian: 05/03/2025 07:00\nKhông phát trước: 05/03/2025 09:00\n\nLời.\n", &l);
    is_int((long long)bt_pick(a, &l, &p), 0, "embargo");
    parse("A\nThời gian: 05/03/2025 07:00\nHết hạn: 05/03/2025 08:00\n\nLời.\n", &l);
    is_int((long long)bt_pick(a, &l, &p), 0, "expiry");
    is_int(l.item[0].state, BT_DROP, "drops");
    parse("A\n\nLời.\n", &l);
    is_int((long long)bt_pick(a, &l, &p), 0, "no date, no air");
    p.least = 1;
    is_int((long long)bt_pick(a, &l, &p), 1, "but it may fill up");
}

static void twins(void)
{
    struct bt_articles l;
    struct bt_pick p = morning();
    parse(RSS "<item><title>Cũ</title><link>https://x.example/a-1234567.htm</link>"
              "<pubDate>Wed, 05 Mar 2025 06:00:00 +0700</pubDate></item>"
              "<item><title>Sửa</title><link>https://x.example/b-1234567.htm</link>"
              "<pubDate>Wed, 05 Mar 2025 07:00:00 +0700</pubDate></item></channel></rss>",
          &l);
    is_int((long long)bt_pick(a, &l, &p), 1, "one story, twice");
    is_str(l.item[0].title, "Sửa", "the newer one stays");
    ok(strcmp(l.item[0].id, l.item[1].id) != 0, "and ids stay different");
}

/* Six stories of two sections, the newest first. */
static void six(struct bt_articles *l)
{
    *l = (struct bt_articles){0};
    for (int i = 0; i < 6; i++) {
        struct bt_source_spec spec = {
            .href = "x", .name = "x", .zone = ZONE, .section = i < 4 ? "the-thao" : "kinh-te"};
        static const char *const what[] = {"đội chèo thuyền",  "giải cờ tướng", "trận bóng chuyền",
                                           "hội vật đầu xuân", "giá lúa mùa",   "chợ cá sớm mai"};
        const char *text = bt_format(a, "Tin về %s\nThời gian: 05/03/2025 07:%02d\n\n%s số %d.\n",
                                     what[i], 50 - i, what[i], i);
        bt_source_parse(a, &spec, bt_str(text), l, NULL, NULL);
    }
}

static const char *aired_titles(const struct bt_articles *l)
{
    const char *s = "";
    for (size_t i = 0; i < l->n; i++)
        if (l->item[i].state == BT_AIR)
            s = bt_format(a, "%s%s|", s, l->item[i].title + strlen("Tin về "));
    return s;
}

static void quotas(void)
{
    static const struct bt_quota quota[] = {{"the-thao", 0, 2}, {"kinh-te", 1, 3}};
    struct bt_articles l;
    struct bt_pick p = morning();
    six(&l);
    is_str(l.item[0].section, "the-thao", "the source's section");
    p.quota = quota;
    p.nquota = 2;
    is_int((long long)bt_pick(a, &l, &p), 4, "two of sports, two of economy");
    is_str(aired_titles(&l), "đội chèo thuyền|giải cờ tướng|giá lúa mùa|chợ cá sớm mai|",
           "the newest of each");
    ok(strstr(titled(&l, "Tin về hội vật đầu xuân")->why, "the-thao"), "and the reason named");
    six(&l);
    p.most = 2;
    is_int((long long)bt_pick(a, &l, &p), 2, "of two stories");
    is_str(aired_titles(&l), "đội chèo thuyền|giá lúa mùa|", "one is what economy is owed");
    struct bt_source_spec spec = {.href = "x", .name = "x", .zone = ZONE, .section = "kinh-te"};
    l = (struct bt_articles){0};
    bt_source_parse(a, &spec, BT_STR("Tít\nChuyên mục: the-thao\n\nLời.\n"), &l, NULL, NULL);
    is_str(l.item[0].section, "the-thao", "an article may name its own");
}

static void wishes(const char *dir)
{
    const char *path = bt_path_join(a, dir, "tin.tsv");
    static const char list[] = "# của ban thư ký\nhoãn\tCờ Tướng\tchờ kiểm tra\n"
                               "giữ\thttps://x.example/moi-1234567.htm\n1\tgiá lúa\n";
    struct bt_articles l;
    struct bt_pick p = morning();
    struct bt_wished *w = NULL;
    struct bt_err err = {0};
    ok(bt_wishes_load(a, path, &w, &p.nwished, &err) && p.nwished == 0, "no list, no wishes");
    ok(bt_file_write(path, list, sizeof(list) - 1, &err) &&
           bt_wishes_load(a, path, &w, &p.nwished, &err) && p.nwished == 3,
       "a list");
    p.wished = w;
    p.most = 3;
    six(&l);
    struct bt_source_spec spec = {.href = "x", .name = "x", .zone = ZONE};
    bt_source_parse(a, &spec,
                    bt_str(RSS "<item><title>Tin về nắng</title>"
                               "<link>https://m.x.example/cu-1234567.htm</link>"
                               "<pubDate>Mon, 03 Mar 2025 06:00:00 +0700</pubDate></item>"
                               "</channel></rss>"),
                    &l, NULL, NULL);
    is_int((long long)bt_pick(a, &l, &p), 3, "three stories");
    is_str(aired_titles(&l), "giá lúa mùa|đội chèo thuyền|nắng|",
           "put first, by order, kept though old and under another slug");
    is_str(titled(&l, "Tin về giải cờ tướng")->why, bt_msg(BT_M_WHY_HELD), "held");
    l.item[0].not_before = p.until + 1;
    p.wished = &(struct bt_wished){BT_WISH_KEEP, 0, "gia lua"};
    p.nwished = 1;
    bt_pick(a, &l, &p);
    is_int(titled(&l, "Tin về giá lúa mùa")->state, BT_HOLD, "an embargo holds against a wish");
    ok(bt_file_write(path, "bỏ\tA\n", 7, &err) && !bt_wishes_load(a, path, &w, &p.nwished, &err) &&
           strstr(err.msg, "tin.tsv:1: "),
       "a wrong word is told with its line");
}

static void lengths(void)
{
    struct bt_articles l;
    struct bt_pick p = morning();
    p.least = 2;
    p.length_ms = 1;
    six(&l);
    is_int((long long)bt_pick(a, &l, &p), 2, "the least number comes before the length");
    ok(strchr(titled(&l, "Tin về chợ cá sớm mai")->why, '0'), "with the seconds in the reason");
    /* "Tin về … / … số n." of 5 and 5 to 6 and 6 syllables: 4 to 4.5 s each at 240 a minute */
    p.length_ms = 15000;
    six(&l);
    is_int((long long)bt_pick(a, &l, &p), 3, "as many as fit");
    p.pace = 600;
    six(&l);
    is_int((long long)bt_pick(a, &l, &p), 5, "more of a faster voice");
}

static void places(void)
{
    struct bt_articles l = {0};
    struct bt_err err = {0};
    struct bt_source_spec s = {.href = "tests/fixtures/tin", .zone = ZONE};
    ok(bt_source_read(a, &s, &l, NULL, &err) && l.n > 3, "a folder");
    size_t n = l.n;
    l = (struct bt_articles){0};
    s.href = "tests/fixtures/tin/*.txt";
    ok(bt_source_read(a, &s, &l, NULL, &err) && l.n == n, "a pattern");
    s.href = "tests/fixtures/khong-co.txt";
    ok(!bt_source_read(a, &s, &l, NULL, &err) && strstr(err.msg, s.href),
       "a file that is not there");
}

int main(void)
{
    char dir[] = "/tmp/bantin-news-XXXXXX";
    a = bt_arena_create();
    ok(mkdtemp(dir) != NULL, "a folder");
    dates();
    text_article();
    year_end();
    page_dump();
    feed();
    feed_order();
    atom();
    rdf();
    sloppy();
    echoes();
    hostile();
    encodings();
    pick();
    rules_of_time();
    twins();
    quotas();
    wishes(dir);
    lengths();
    places();
    bt_tree_remove(dir);
    bt_arena_destroy(a);
    return done();
}
