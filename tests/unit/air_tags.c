/* What is told of a bulletin: its chapters, and how each file bears them, read by others' tools. */
#include "air/encode.h"

#include <jansson.h>
#include <sndfile.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static char dir[] = "/tmp/bantin-tags-XXXXXX";
static struct bt_arena *arena;

static const char *at(const char *name)
{
    return bt_format(arena, "%s/%s", dir, name);
}

/* ---- a bulletin of twenty seconds ---- */

static struct bt_cue cues[] = {
    {.kind = BT_CUE_JINGLE, .id = "c1", .src = "open.flac"},
    {.kind = BT_CUE_SAY, .id = "c2", .text = "Kính chào quý vị."},
    {.kind = BT_CUE_HEADLINES, .id = "c3"},
    {.kind = BT_CUE_STORY,
     .id = "s-1",
     .title = "Mưa lớn ở Như Xuân & Thường Xuân",
     .url = "https://example.vn/1"},
    {.kind = BT_CUE_STORY, .id = "s-2", .title = "Đã phát", .state = BT_HOLD},
    {.kind = BT_CUE_STORY, .id = "s-3", .title = "Quảng Xương: lúa \"sạch\" <mới>"},
    {.kind = BT_CUE_SAY, .id = "c8", .text = "Bản tin đến đây là hết."},
    {.kind = BT_CUE_JINGLE, .id = "c9", .src = "close.flac"},
};

#define ROW(k, seconds, length, c, i)                                                              \
    {                                                                                              \
        .kind = k, .from = (seconds)*48000, .frames = (length)*48000, .cue = c, .id = i,           \
        .line = -1                                                                                 \
    }
static struct bt_timing_row rows[] = {
    ROW(BT_ROW_ITEM, 0, 3, 0, "c1"),     ROW(BT_ROW_ITEM, 2, 2, 1, "c2"),
    ROW(BT_ROW_SENTENCE, 2, 2, 1, "c2"), ROW(BT_ROW_ITEM, 5, 2, 2, "c3"),
    ROW(BT_ROW_STORY, 8, 4, 3, "s-1"),   ROW(BT_ROW_ITEM, 12, 1, 5, "s-3-sting"),
    ROW(BT_ROW_STORY, 13, 3, 5, "s-3"),  ROW(BT_ROW_ITEM, 17, 1, 6, "c8"),
    ROW(BT_ROW_ITEM, 18, 2, 7, "c9"),
};
enum { FRAMES = 20 * 48000 };
static const struct bt_timing timing = {rows, BT_LEN(rows), FRAMES};
static const struct bt_rundown rundown = {.programme = "thnm-sang",
                                          .title = "Bản tin THNM sáng",
                                          .station = "Đài Phát thanh và Truyền hình Thanh Hóa",
                                          .date = "2025-11-25",
                                          .air = {1764035100, 25200}, /* 08:45 +07:00 */
                                          .cue = cues,
                                          .ncue = BT_LEN(cues)};
static const struct bt_level level = {-23.04, 4.5, -18.2, -20.25, -3.1, -3.2};

static const char *const titles[] = {"Mở đầu", "Điểm tin", "Mưa lớn ở Như Xuân & Thường Xuân",
                                     "Quảng Xương: lúa \"sạch\" <mới>", "Lời kết"};
static const int starts[] = {0, 5, 8, 13, 17};

static bool tone_read(void *ctx, int64_t from, size_t n, float *out, struct bt_err *err)
{
    (void)ctx, (void)err;
    for (size_t i = 0; i < n; i++)
        out[i] = 0.1f * (float)sin((double)(from + (int64_t)i) * 0.13);
    return true;
}

static void make(struct bt_file file, const struct bt_tags *tags)
{
    struct bt_signal s = {1, FRAMES, tone_read, NULL};
    struct bt_sound sound = bt_signal_sound(&s);
    struct bt_err err = {0};
    ok(bt_files_write(&sound, &file, 1, tags, 2, NULL, &err), file.path + strlen(dir) + 1);
}

static void chapter_tests(const struct bt_tags *t)
{
    is_int((long long)t->nchapter, BT_LEN(titles), "opening, headlines, two stories, close");
    int64_t end = 0;
    for (size_t i = 0; i < t->nchapter && i < BT_LEN(titles); i++) {
        is_str(t->chapter[i].title, titles[i], "its title");
        is_int(t->chapter[i].from, starts[i] * 48000, "its beginning");
        is_int(t->chapter[i].from, end, "without a gap");
        end = t->chapter[i].from + t->chapter[i].frames;
    }
    is_int(end, FRAMES, "to the end");
    is_str(t->chapter[2].url, "https://example.vn/1", "a story's page");
    is_int(t->speech, 96000, "speech begins over the jingle");
    is_str(t->title, "Bản tin THNM sáng, 25/11/2025", "the title, with its date");
}

/* ---- bytes of our own reading: cart and bext by the offsets of their standards ---- */

static const char *chunk(const struct bt_buf *b, const char *id, size_t *n)
{
    for (size_t p = 12; p + 8 <= b->n;) {
        const unsigned char *s = (const unsigned char *)b->p + p;
        *n = s[4] | (size_t)s[5] << 8 | (size_t)s[6] << 16 | (size_t)s[7] << 24;
        if (memcmp(s, id, 4) == 0)
            return b->p + p + 8;
        if (*n == UINT32_MAX) /* RF64 */
            *n = FRAMES * 2;
        p += 8 + *n + (*n & 1);
    }
    *n = 0;
    return NULL;
}

static long le(const char *p, int n)
{
    long v = 0;
    while (n-- > 0)
        v = v << 8 | (unsigned char)p[n];
    return v;
}

static void offset_tests(const char *path)
{
    struct bt_buf b;
    size_t n;
    bt_buf_init(&b, 1 << 26);
    bt_file_read(path, b.max, &b, NULL);
    const char *c = chunk(&b, "cart", &n);
    ok(c && n == 2050, "cart is 2,048 bytes and its tag text");
    ok(memcmp(c, "0101Ban tin THNM sang, 25/11/2025", 33) == 0, "version 1.01, the title in ASCII");
    ok(memcmp(c + 452, "2025-11-2508:45:002025-11-2523:59:59", 36) == 0, "from, and not after");
    ok(memcmp(c + 488, "bantin", 7) == 0, "made by");
    is_int(le(c + 680, 4), 32768, "level reference");
    ok(memcmp(c + 684 + 16, "INTe", 4) == 0 && le(c + 704, 4) == 96000,
       "talk up to the first word");
    ok(memcmp(c + 684 + 24, "SEGs", 4) == 0 && le(c + 712, 4) == FRAMES, "segue at the end");
    c = chunk(&b, "bext", &n);
    ok(c && n > 602, "bext has its coding history");
    is_int(le(c + 346, 2), 2, "version 2");
    is_int(le(c + 338, 8), (8 * 3600 + 45 * 60) * 48000L, "time reference: since midnight");
    is_int((short)le(c + 412, 2), -2304, "loudness");
    is_int((short)le(c + 414, 2), 450, "loudness range");
    is_int((short)le(c + 416, 2), -310, "true peak");
    is_int((short)le(c + 418, 2), -1820, "momentary");
    is_int((short)le(c + 420, 2), -2025, "short-term");
    c = chunk(&b, "iXML", &n);
    ok(c &&
           bt_str_find((struct bt_str){c, n},
                       BT_STR("<SCENE>Bản tin THNM sáng, 25/11/2025</SCENE>")) > 0 &&
           bt_str_find((struct bt_str){c, n}, BT_STR("&quot;sạch&quot; &lt;mới&gt;")) > 0,
       "iXML in Vietnamese, escaped");
    c = chunk(&b, "rdxl", &n);
    ok(c && bt_str_find((struct bt_str){c, n}, BT_STR("<endPoint>20000</endPoint>")) > 0, "rdxl");
    size_t riff =
        (size_t)le(b.p + 4, 4) == UINT32_MAX ? (size_t)le(b.p + 20, 8) : (size_t)le(b.p + 4, 4);
    is_int((long long)riff + 8, (long long)b.n, "the sizes add up to the file");
    bt_buf_finish(&b);
}

static void sndfile_tests(const char *path, int format)
{
    SF_INFO info = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    SF_BROADCAST_INFO bext = {0};
    SF_CART_INFO cart = {0};
    is_int(info.frames, FRAMES, "libsndfile: frames");
    is_int(info.format & SF_FORMAT_TYPEMASK, format, "libsndfile: kind");
    ok(sf_command(f, SFC_GET_BROADCAST_INFO, &bext, sizeof(bext)) == SF_TRUE, "libsndfile: bext");
    ok(strncmp(bext.originator, "Dai Phat thanh va Truyen hinh Thanh Hoa", 32) == 0,
       "originator, ASCII");
    ok(sf_command(f, SFC_GET_CART_INFO, &cart, sizeof(cart)) == SF_TRUE, "libsndfile: cart");
    is_str(cart.producer_app_id, "bantin", "and what is in it");
    uint32_t cue = 0;
    sf_command(f, SFC_GET_CUE_COUNT, &cue, sizeof(cue));
    if (format == SF_FORMAT_WAV) /* it reads none from RF64 */
        is_int(cue, BT_LEN(titles), "libsndfile: cue points");
    sf_close(f);
}

/* ---- readers that are not ours ---- */

static bool has(const char *tool, int tests)
{
    if (system(bt_format(arena, "command -v %s >/dev/null 2>&1", tool)) == 0)
        return true;
    for (int i = 0; i < tests; i++)
        printf("ok %d - # SKIP no %s here\n", ++tap_count, tool);
    return false;
}

static char *answer(const char *cmd)
{
    struct bt_buf b;
    char block[4096];
    FILE *f = popen(cmd, "r");
    bt_buf_init(&b, 1 << 22);
    for (size_t n; f && (n = fread(block, 1, sizeof(block), f)) > 0;)
        bt_buf_add(&b, block, n);
    if (f)
        pclose(f);
    char *s = bt_strndup(arena, b.p ? b.p : "", b.n);
    bt_buf_finish(&b);
    return s;
}

static json_t *probe(const char *path)
{
    return json_loads(answer(bt_format(arena,
                                       "ffprobe -v quiet -of json -show_chapters -show_format "
                                       "-show_streams %s",
                                       path)),
                      0, NULL);
}

static void ffprobe_tests(const char *path, bool in_stream)
{
    json_t *o = probe(path), *list = json_object_get(o, "chapters");
    json_t *holder =
        in_stream ? json_array_get(json_object_get(o, "streams"), 0) : json_object_get(o, "format");
    json_t *tags = json_object_get(holder, "tags");
    const char *title = json_string_value(json_object_get(tags, "title"));
    if (!title)
        title = json_string_value(json_object_get(tags, "TITLE"));
    is_str(title, "Bản tin THNM sáng, 25/11/2025", "ffprobe: title");
    is_int((long long)json_array_size(list), BT_LEN(titles), "ffprobe: chapters");
    for (size_t i = 0; i < json_array_size(list) && i < BT_LEN(titles); i++) {
        json_t *c = json_array_get(list, i), *t = json_object_get(c, "tags");
        is_str(json_string_value(json_object_get(t, "title")), titles[i], "ffprobe: chapter");
        near(atof(json_string_value(json_object_get(c, "start_time"))), starts[i], 0.0006,
             "ffprobe: at its time");
    }
    json_decref(o);
}

static void mp3_tests(struct bt_tags *t)
{
    bt_file_write(at("cover.png"), "\x89PNG\r\n\x1A\n và hơn nữa", 20, NULL);
    t->cover = at("cover.png");
    make((struct bt_file){.format = BT_MP3, .path = at("a.mp3"), .mp3.kbps = 96}, t);
    t->id3v23 = true;
    make((struct bt_file){.format = BT_MP3, .path = at("b.mp3"), .mp3.kbps = 96}, t);
    t->id3v23 = false;
    t->cover = NULL;
    if (has("ffprobe", 24)) {
        ffprobe_tests(at("a.mp3"), false);
        ffprobe_tests(at("b.mp3"), false);
    }
    if (has("mp3val", 2)) {
        is_str(answer(bt_format(arena, "mp3val %s | grep -c -e WARNING -e ERROR", at("a.mp3"))),
               "0\n", "mp3val on ID3v2.4");
        is_str(answer(bt_format(arena, "mp3val %s | grep -c -e WARNING -e ERROR", at("b.mp3"))),
               "0\n", "mp3val on ID3v2.3");
    }
    if (has("mediainfo", 2)) {
        is_str(
            answer(bt_format(arena, "mediainfo --Inform='General;%%Performer%%' %s", at("a.mp3"))),
            "Đài Phát thanh và Truyền hình Thanh Hóa\n", "mediainfo: performer, 2.4");
        is_str(
            answer(bt_format(arena, "mediainfo --Inform='General;%%Performer%%' %s", at("b.mp3"))),
            "Đài Phát thanh và Truyền hình Thanh Hóa\n", "mediainfo: performer, 2.3");
    }
    struct bt_err err = {0};
    struct bt_signal s = {1, FRAMES, tone_read, NULL};
    struct bt_sound sound = bt_signal_sound(&s);
    struct bt_file file = {.format = BT_MP3, .path = at("c.mp3"), .mp3.kbps = 96};
    t->cover = at("none.png");
    ok(!bt_files_write(&sound, &file, 1, t, 1, NULL, &err) && err.msg[0],
       "a missing cover is told");
    t->cover = NULL;
}

/* Long titles: ffmpeg loses a chapter whose frames are longer than 127 bytes. */
static void long_tests(void)
{
    static char word[400];
    memset(word, 'x', sizeof(word) - 1);
    struct bt_chapter c[] = {
        {0, FRAMES / 2,
         "Bảo hiểm xã hội Việt Nam trao thẻ BHYT cho người có hoàn cảnh khó khăn tại xã Kim Tân và "
         "Thạch Bình trong dịp cuối năm",
         NULL, word},
        {FRAMES / 2, FRAMES / 2, word, NULL, NULL}};
    struct bt_tags t = {.title = "Dài", .chapter = c, .nchapter = 2};
    make((struct bt_file){.format = BT_MP3, .path = at("d.mp3"), .mp3.kbps = 96}, &t);
    if (!has("ffprobe", 2))
        return;
    json_t *o = probe(at("d.mp3")), *list = json_object_get(o, "chapters");
    is_int((long long)json_array_size(list), 2, "ffprobe: both");
    is_str(json_string_value(
               json_object_get(json_object_get(json_array_get(list, 0), "tags"), "title")),
           "Bảo hiểm xã hội Việt Nam trao thẻ BHYT cho người có hoàn cảnh khó khăn tại xã Kim Tân "
           "và Thạch…",
           "by whole words");
    json_decref(o);
}

static void wav_tests(const struct bt_tags *t)
{
    make((struct bt_file){.format = BT_WAV, .path = at("a.wav")}, t);
    make((struct bt_file){.format = BT_WAV, .path = at("b.wav"), .rf64 = true}, t);
    offset_tests(at("a.wav"));
    offset_tests(at("b.wav"));
    sndfile_tests(at("a.wav"), SF_FORMAT_WAV);
    sndfile_tests(at("b.wav"), SF_FORMAT_RF64);
    for (int i = 0; i < 2; i++) {
        const char *path = at(i ? "b.wav" : "a.wav");
        struct bt_proof p = {0};
        ok(bt_proof_file(arena, path, &(struct bt_want){.frames = FRAMES}, &p, NULL) &&
               p.verdict == BT_RIGHT,
           "and the proof finds it whole");
        if (has("mediainfo", 1))
            ok(strstr(answer(bt_format(arena, "mediainfo %s", path)),
                      "Ban tin THNM sang, 25/11/2025"),
               "mediainfo: description");
        if (has("ffmpeg", 1))
            is_str(answer(bt_format(arena, "ffmpeg -v error -i %s -f s16le - | wc -c", path)),
                   "1920000\n", "ffmpeg: length");
    }
}

static void ascii_tests(void)
{
    is_str(bt_ascii(arena, "ĐÀI Phát–Thanh “Thanh Hóa” ỦY ở 5 °C", 99),
           "DAI Phat-Thanh ?Thanh Hoa? UY o 5 ?C", "ASCII keeps its case");
    is_str(bt_ascii(arena, "Đà Nẵng", 4), "Da N", "and its width");
    struct bt_buf b;
    bt_buf_init(&b, 200);
    bt_put_xml(&b, "a<b>&\"\x01\xE2\x80\xAE\xEF\xB7\x90\xF0\x9F\xBF\xBF"
                   "c]]>\xFF");
    is_str(b.p, "a&lt;b&gt;&amp;&quot;c]]&gt;\xEF\xBF\xBD", "hostile text for XML");
    bt_buf_finish(&b);
}

int main(void)
{
    struct bt_tags t;
    arena = bt_arena_create();
    if (!mkdtemp(dir))
        return 1;
    bt_tags_make(arena, &rundown, &timing, &level, "https://example.vn/ban-tin/", &t);
    chapter_tests(&t);
    ascii_tests();
    wav_tests(&t);
    mp3_tests(&t);
    long_tests();
    bt_tree_remove(dir);
    bt_arena_destroy(arena);
    return done();
}
