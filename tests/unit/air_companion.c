/* Captions, chapters, the page and playlists: times of the timing table, text as written, hostile
 * text too.
 */
#include "air/air.h"

#include <jansson.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static char dir[] = "/tmp/bantin-companion-XXXXXX";
static struct bt_arena *arena;

/* At 55 letters and more a caption is cut: within the date, were it not for its slashes. */
#define LONG                                                                                                             \
    "Bảo hiểm xã hội Việt Nam trao tặng 1.250 thẻ BHYT ngày 25/11/2025 cho người khó khăn tại xã " \
    "Kim Tân, xã Thạch Bình và các xã lân cận trong những tháng cuối năm nay."
static const char hostile[] = "<script>alert(1)</script> & \"--> ]]> \xE2\x80\xAE"
                              "x\nmới";

static struct bt_cue cues[] = {
    {.kind = BT_CUE_SAY, .id = "c1", .text = "Kính chào quý vị! Xin mời."},
    {.kind = BT_CUE_STORY,
     .id = "s-1",
     .title = hostile,
     .lead = LONG,
     .url = "https://example.vn/1"},
};
static const char say[] = "Kính chào quý vị! Xin mời.";
static struct bt_line lines[] = {
    {.cue = 0, .written = say, .utt = {.from = 0, .to = 20}},
    {.cue = 0, .written = say, .utt = {.from = 22, .to = 31}},
    {.cue = 1, .part = -1, .written = hostile, .utt = {.from = 0, .to = sizeof(hostile) - 1}},
    {.cue = 1, .written = LONG, .utt = {.from = 0, .to = sizeof(LONG) - 2}},
};

enum { STORY = 10 * 48000, STEP = 9600, WORDS = 40 };
static struct bt_timing_row rows[6 + WORDS];
static struct bt_timing timing = {rows, 0, 30 * 48000};

static void add(struct bt_timing_row row)
{
    rows[timing.n++] = row;
}

/* The long sentence word by word, a word each 0.2 s. */
static void add_words(long line, int64_t from)
{
    const char *s = lines[line].written;
    uint32_t end = (uint32_t)strlen(s);
    for (uint32_t at = 0, to; at < end; at = to + 1, from += STEP) {
        to = at;
        while (to < end && s[to] != ' ' && s[to] != '/') /* as the parts of a date do */
            to++;
        add((struct bt_timing_row){.kind = BT_ROW_WORD,
                                   .from = from,
                                   .frames = STEP,
                                   .cue = 1,
                                   .line = line,
                                   .text_from = at,
                                   .text_to = to});
    }
}

static void table(void)
{
    const int64_t s = 48000;
    add((struct bt_timing_row){
        .kind = BT_ROW_ITEM, .from = 0, .frames = 4 * s, .cue = 0, .id = "c1", .line = -1});
    add((struct bt_timing_row){.kind = BT_ROW_SENTENCE,
                               .from = s / 2,
                               .frames = s,
                               .cue = 0,
                               .line = 0,
                               .text_to = 20,
                               .voice = "nu"});
    add((struct bt_timing_row){.kind = BT_ROW_SENTENCE,
                               .from = 2 * s,
                               .frames = s,
                               .cue = 0,
                               .line = 1,
                               .text_from = 22,
                               .text_to = 31,
                               .voice = "nu"});
    add((struct bt_timing_row){
        .kind = BT_ROW_STORY, .from = STORY, .frames = 12 * s, .cue = 1, .id = "s-1", .line = -1});
    add((struct bt_timing_row){.kind = BT_ROW_SENTENCE,
                               .from = STORY,
                               .frames = s,
                               .cue = 1,
                               .line = 2,
                               .text_to = lines[2].utt.to,
                               .voice = "nam"});
    add((struct bt_timing_row){.kind = BT_ROW_SENTENCE,
                               .from = STORY + 2 * s,
                               .frames = 8 * s,
                               .cue = 1,
                               .line = 3,
                               .text_to = lines[3].utt.to,
                               .voice = "nam"});
    add_words(3, STORY + 2 * s);
}

static char *made(const char *name)
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 20);
    char *s = bt_file_read(bt_format(arena, "%s/%s", dir, name), b.max, &b, NULL)
                  ? bt_strndup(arena, b.p, b.n)
                  : NULL;
    bt_buf_finish(&b);
    return s;
}

static int ms(const char *s)
{
    int h = 0, m = 0, sec = 0, rest = 0;
    sscanf(s, "%d:%d:%d.%d", &h, &m, &sec, &rest);
    return ((h * 60 + m) * 60 + sec) * 1000 + rest;
}

/* Every cue: after the last, of one or two lines, none longer than 42 letters. */
static void cue_tests(const char *vtt)
{
    struct bt_str rest = bt_str(vtt), line;
    int last = 0, cues_seen = 0, in_cue = 0, backward = 0, tall = 0, wide = 0;
    while (bt_str_line(&rest, &line)) {
        if (line.n > 16 && memcmp(line.p + 12, " --> ", 5) == 0) {
            backward += ms(line.p) < last || ms(line.p + 17) <= ms(line.p);
            last = ms(line.p + 17);
            cues_seen++;
            in_cue = 0;
        } else if (line.n && cues_seen) {
            size_t n = 0;
            for (size_t i = 0; i < line.n; i++)
                n += (line.p[i] & 0xC0) != 0x80;
            tall += ++in_cue > 2;
            wide += n > 42 + strlen("<v nam>") && !memmem(line.p, line.n, "script", 6);
        }
    }
    is_int(cues_seen, 6, "six cues: the long sentence has three");
    is_int(backward, 0, "each after the one before");
    is_int(tall, 0, "of two lines at most");
    is_int(wide, 0, "of 42 letters at most");
    is_int(last, 20000, "to the end of the last sentence");
}

static void vtt_tests(void)
{
    const char *vtt = made("tin.vi.vtt");
    ok(vtt && strncmp(vtt, "WEBVTT\n\n", 8) == 0, "captions");
    ok(strstr(vtt, "\n00:00:00.500 --> 00:00:01.500\n<v nu>Kính chào quý vị!\n"),
       "a sentence with its mark");
    ok(strstr(vtt, "\n00:00:02.000 --> 00:00:03.000\n<v nu>Xin mời.\n"),
       "and the next, without it");
    ok(strstr(vtt, "&lt;script&gt;alert(1)&lt;/script&gt;\n&amp; \"--&gt; ]]&gt; x mới\n"),
       "hostile text is text");
    ok(!strstr(vtt, "<script") && !strstr(vtt, "\xE2\x80\xAE"), "and nothing else");
    ok(strstr(vtt, "1.250 thẻ BHYT"), "numbers and abbreviations as written");
    ok(strstr(vtt, "25/11/2025"), "what is written in one is not cut");
    ok(strstr(vtt, "cuối năm nay.\n"), "to its last mark");
    cue_tests(vtt);
    const char *chapters = made("tin.chapters.vtt");
    ok(strstr(chapters, "00:00:00.000 --> 00:00:10.000\nMở đầu\n"), "chapters as VTT");
    ok(strstr(chapters, "00:00:10.000 --> 00:00:30.000\n&lt;script&gt;"), "to the end");
}

static void json_tests(void)
{
    const char *text = made("tin.chapters.json");
    json_t *o = json_loads(text, 0, NULL), *list = json_object_get(o, "chapters");
    is_str(json_string_value(json_object_get(o, "version")), "1.2.0", "chapters as JSON");
    is_int((long long)json_array_size(list), 2, "two");
    json_t *c = json_array_get(list, 1);
    near(json_number_value(json_object_get(c, "startTime")), 10, 1e-9, "at its time");
    near(json_number_value(json_object_get(c, "endTime")), 30, 1e-9, "to the end");
    is_str(json_string_value(json_object_get(c, "title")),
           "<script>alert(1)</script> & \"--> ]]> x mới",
           "its title, in one line and without a mark that turns it");
    is_str(json_string_value(json_object_get(c, "url")), "https://example.vn/1", "its page");
    json_decref(o);
}

/* How often `what` stands in s. */
static int count(const char *s, const char *what)
{
    int n = 0;
    for (; s && (s = strstr(s, what)) != NULL; s += strlen(what))
        n++;
    return n;
}

/* What the policy allows is what stands between the tags. */
static bool hash_stands(const char *page, const char *open, const char *close)
{
    const char *from = strstr(page, open) + strlen(open), *to = strstr(from, close);
    char sum[BT_HASH], want[80] = "sha256-";
    bt_sha256(from, (size_t)(to - from), sum);
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, have = 0;
    size_t n = strlen(want);
    for (int i = 0; i < 64; i++) {
        bits = bits << 4 | (unsigned)(sum[i] <= '9' ? sum[i] - '0' : sum[i] - 'a' + 10);
        have += 4;
        if (have >= 6)
            want[n++] = letters[bits >> (have -= 6) & 63];
    }
    want[n++] = letters[bits << (6 - have) & 63];
    want[n] = '\0';
    return strstr(page, want) != NULL;
}

static void page_tests(void)
{
    const char *page = made("index.html");
    ok(page && strncmp(page, "<!DOCTYPE html>\n<html lang=\"vi\">", 32) == 0, "the page");
    ok(strstr(page, "<title>Bản tin, 25/11/2025</title>") &&
           strstr(page, "<h1>Bản tin, 25/11/2025</h1>"),
       "programme and date are its title and heading");
    ok(strstr(page, "<source src=\"tin.mp3\" type=\"audio/mpeg\">\n<source src=\"tin.wav\""),
       "it plays the small file first");
    ok(strstr(page, "<a href=\"#s1\">Mở đầu <span class=\"time\">(10 giây)</span></a>"),
       "contents with lengths");
    ok(strstr(page, "<a href=\"#s2\">&lt;script&gt;") && strstr(page, "(20 giây)</span></a>"),
       "of the story, too");
    ok(strstr(page, "<h2 id=\"s2\"><span data-from=\"10.000\" data-to=\"11.000\">&lt;script"),
       "its heading is the sentence that is read");
    ok(strstr(page, "<span data-from=\"0.500\" data-to=\"1.500\">Kính chào quý vị!</span> <span "
                    "data-from=\"2.000\" data-to=\"3.000\">Xin mời.</span>"),
       "sentences with their times and their marks");
    ok(strstr(page, "data-to=\"20.000\">" LONG "</span>"), "the whole text as written");
    ok(strstr(page, "</button>\n<p>* * *</p>\n<p><span"), "what nobody reads too, in its place");
    is_int(count(page, "<script"), 1, "one script, ours");
    is_int(count(page, "</script"), 1, "that nothing in the text ends");
    ok(!strstr(page, "\xE2\x80\xAE"), "and no mark that turns the line");
    ok(hash_stands(page, "<script>", "</script>"), "the policy names the script by its hash");
    ok(hash_stands(page, "<style>", "</style>"), "and the style");
    ok(!strstr(page, "unsafe-inline") && strstr(page, "default-src 'none'"), "and nothing else");
    ok(strstr(page, "Giọng đọc tổng hợp"), "it says that the voice is a synthetic one");
    static const char *const keys[] = {"Tin trước",   "Lùi 10 giây", "Nghe",
                                       "Tới 10 giây", "Tin sau",     "Tốc độ"};
    for (size_t i = 0; i < BT_LEN(keys); i++)
        ok(strstr(page, bt_format(arena, ">%s</", keys[i])), keys[i]);
    ok(strstr(page, "<a href=\"tin.mp3\" download>MP3, 3 kB</a>"), "downloads with size");
    ok(strstr(page, "<a href=\"https://example.vn/1\" rel=\"noreferrer\""), "the story's source");
    struct bt_str whole = bt_str(page);
    is_str(bt_nfc(arena, whole), page, "NFC");
}

static void feed_tests(void)
{
    const char *text = made("feed.xml");
    xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), "feed.xml", NULL, XML_PARSE_NONET);
    ok(doc, "the feed is XML");
    xmlFreeDoc(doc);
    ok(strstr(text, "<enclosure url=\"https://dai.example/tin/tin/2025-11-25.2/tin.mp3\" "
                    "length=\"2500\" type=\"audio/mpeg\"/>"),
       "the enclosure with its true length");
    ok(strstr(text, "<guid isPermaLink=\"false\">tin-2025-11-25</guid>"),
       "a name that stays when it is made again");
    ok(strstr(text, "<pubDate>Tue, 25 Nov 2025 08:45:00 +0700</pubDate>"), "its time on air");
    ok(strstr(text, "<itunes:duration>30</itunes:duration>"), "its length");
    ok(strstr(text, "<podcast:transcript url=\"https://dai.example/tin/tin/2025-11-25.2/"
                    "tin.vi.vtt\" type=\"text/vtt\""),
       "its transcript");
    ok(strstr(text, "/tin.chapters.json\" type=\"application/json+chapters\"/>"), "its chapters");
    ok(strstr(text, "<podcast:guid>439f83a7-ed35-5c8e-b554-8662683b6973</podcast:guid>"),
       "the programme's UUID");
    ok(strstr(text, "2. &lt;script&gt;alert(1)"), "hostile text is text");
    is_int(count(text, "<item>"), 1, "one item, its own");
}

/* An entry of the EPUB, which is XML. */
static char *book_file(const char *name)
{
    struct bt_buf zip, b;
    bt_buf_init(&zip, 1 << 20);
    bt_buf_init(&b, 1 << 20);
    char *s = NULL;
    if (bt_file_read(bt_format(arena, "%s/tin.epub", dir), zip.max, &zip, NULL) &&
        bt_zip_entry(bt_buf_str(&zip), name, &b, NULL))
        s = bt_strndup(arena, b.p, b.n);
    xmlDocPtr doc = s ? xmlReadMemory(s, (int)b.n, name, NULL, XML_PARSE_NONET) : NULL;
    ok(doc, name);
    xmlFreeDoc(doc);
    bt_buf_finish(&zip);
    bt_buf_finish(&b);
    return s ? s : "";
}

static void epub_tests(void)
{
    const char *one = book_file("EPUB/s01.smil"), *two = book_file("EPUB/s02.smil");
    ok(strstr(one, "#h\"/><audio src=\"audio.mp3\" clipBegin=\"0.000s\" clipEnd=\"0.500s\"/>"),
       "what is before the first sentence is heard with the heading");
    ok(strstr(one, "#t1\"/><audio src=\"audio.mp3\" clipBegin=\"0.500s\" clipEnd=\"2.000s\"/>"),
       "a sentence with the pause after it");
    ok(strstr(one, "#t2\"/><audio src=\"audio.mp3\" clipBegin=\"2.000s\" clipEnd=\"10.000s\"/>"),
       "the last one up to the part's end");
    ok(strstr(two, "#t1\"/><audio src=\"audio.mp3\" clipBegin=\"10.000s\" clipEnd=\"12.000s\"/>") &&
           strstr(two, "clipBegin=\"12.000s\" clipEnd=\"30.000s\"/>"),
       "a title's begins its story, and the last ends with the sound");
    is_int(count(two, "<par "), 2, "one for each sentence");
    const char *text = book_file("EPUB/s02.xhtml");
    ok(strstr(text, "<h1 id=\"h\"><span id=\"t1\">&lt;script&gt;alert(1)&lt;/script&gt; &amp; "
                    "&quot;--&gt; ]]&gt; x"),
       "hostile text is text");
    ok(strstr(text, "<span id=\"t2\">" LONG "</span>"), "as written");
    is_int(count(text, "<script"), 0, "and nothing else");
    const char *package = book_file("EPUB/package.opf");
    ok(strstr(package, "\"media:duration\" refines=\"#o2\">0:00:20.000<") &&
           strstr(package, "\"media:duration\">0:00:30.000<"),
       "true durations");
    book_file("EPUB/nav.xhtml");
}

static void sheet_tests(void)
{
    const char *sheet = made("to-duyet.html");
    ok(strstr(sheet, "<td>08:45:10</td><td><a href=\"#s2\">&lt;script&gt;"), "clock times");
    ok(strstr(sheet, "<tr><td>08:45:30</td><td>Hết</td>"), "to the end");
    ok(strstr(sheet, "<mark>BHYT</mark> <em>[đọc: bảo hiểm y tế]</em> ngày"),
       "a doubtful word with how it is read");
    ok(strstr(sheet, "tháng cuối <mark>năm</mark> <em>[không đọc]</em> nay."), "or that it is not");
    is_int(count(sheet, "☐ Duyệt"), 2, "a box for each part");
    ok(strstr(sheet, "hiểm xã hội") && strstr(sheet, "tại <mark>xã</mark> <em>[đọc: xa]</em> Kim"),
       "in its own place, not where the same letters stand");
    is_int(count(sheet, "<mark>"), 3, "marked in their own story only");
    is_int(count(sheet, "<p>* * *</p>"), 1, "what nobody reads is there to be seen");
    is_int(count(sheet, "<script"), 0, "hostile text is text");
}

/* A story's address that is none, and a title of which nothing is left. */
static void nothing_tests(const struct bt_published *p)
{
    bool known;
    struct bt_tags tags;
    struct bt_published q = *p;
    cues[1].url = "javascript:alert(1)";
    cues[1].title = " \xE2\x80\xAE\n";
    bt_tags_make(arena, p->rundown, p->timing, NULL, NULL, &tags);
    q.tags = &tags;
    ok(bt_companion_write("page", &q, dir, &known, NULL) &&
           bt_companion_write("chapters", &q, dir, &known, NULL),
       "a script as an address");
    ok(!strstr(made("index.html"), "javascript:") &&
           !strstr(made("tin.chapters.json"), "javascript:"),
       "is no link");
    ok(strstr(made("index.html"), "<a href=\"#s2\">Phần 2 ") &&
           strstr(made("tin.chapters.vtt"), "\nPhần 2\n"),
       "a part without a title has its number");
}

static void list_tests(void)
{
    is_str(made("tin.m3u8"),
           "#EXTM3U\n#EXTINF:30,Đài Thanh Hóa - Bản tin, 25/11/2025\ntin.wav\n"
           "",
           "the playlist names the bulletin once");
    const char *text = made("tin.xspf");
    xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), "tin.xspf", NULL, XML_PARSE_NONET);
    ok(doc, "XSPF is XML");
    const char *track = strstr(text, "<track>");
    ok(track && !strstr(track + 1, "<track>"), "of one track");
    ok(strstr(text, "<location>tin.wav</location>") &&
           strstr(text, "<location>tin.mp3</location>") &&
           strstr(text, "<duration>30000</duration>"),
       "with place and length");
    xmlFreeDoc(doc);
}

/* Of the long sentence, where it follows `after`. */
static void add_doubt(struct bt_lines *l, size_t cue, const char *after, const char *written,
                      const char *spoken)
{
    const char *whole = lines[3].written,
               *at = strstr(whole, bt_format(arena, "%s%s", after, written));
    uint32_t from = (uint32_t)(at + strlen(after) - whole);
    l->doubt[l->ndoubt].cue = cue;
    l->doubt[l->ndoubt].written = whole;
    l->doubt[l->ndoubt++].doubt = (struct bt_doubt){
        .written = written, .spoken = spoken, .from = from, .to = from + (uint32_t)strlen(written)};
}

int main(void)
{
    arena = bt_arena_create();
    if (!mkdtemp(dir))
        return 1;
    table();
    struct bt_rundown r = {.programme = "tin",
                           .title = "Bản tin",
                           .station = "Đài Thanh Hóa",
                           .date = "2025-11-25",
                           .air = {1764035100, 7 * 3600},
                           .cue = cues,
                           .ncue = 2};
    struct bt_lines l = {.line = lines, .n = BT_LEN(lines)};
    l.doubt = bt_alloc(arena, 4 * sizeof(*l.doubt));
    add_doubt(&l, 1, "", "BHYT", "bảo hiểm y tế");
    add_doubt(&l, 1, "", "năm", "");
    add_doubt(&l, 1, "tại ", "xã", "xa");
    add_doubt(&l, 0, "", "Việt", "việt");
    l.silent = &(struct bt_silent){1, "* * *", 3};
    l.nsilent = 1;
    struct bt_tags tags;
    const char *mp3 = bt_format(arena, "%s/tin.mp3", dir);
    bt_file_write(mp3, bt_alloc(arena, 2500), 2500, NULL);
    bt_tags_make(arena, &r, &timing, NULL, "https://dai.example/tin", &tags);
    struct bt_file files[] = {{.format = BT_WAV, .path = "x/tin.wav"},
                              {.format = BT_MP3, .path = mp3}};
    static const char *as[] = {"vtt", "chapters", "page", "feed", "sheet", "epub", "m3u8", "xspf"};
    const struct bt_words all = {as, BT_LEN(as)};
    struct bt_published p = {&r, &l, &timing, &tags, "tin", files, 2, &all, "2025-11-25.2", NULL};
    bool known;
    for (size_t i = 0; i < BT_LEN(as); i++)
        ok(bt_companion_write(as[i], &p, dir, &known, NULL) && known, as[i]);
    ok(bt_companion_write("wav", &p, dir, &known, NULL) && !known, "sound is no companion");
    struct bt_err err = {0};
    ok(!bt_companion_write("vtt", &p, "/none/there", &known, &err) && err.code == BT_EDELIVER,
       "no such folder");
    vtt_tests();
    json_tests();
    page_tests();
    feed_tests();
    epub_tests();
    sheet_tests();
    list_tests();
    nothing_tests(&p);
    bt_tree_remove(dir);
    bt_arena_destroy(arena);
    return done();
}
