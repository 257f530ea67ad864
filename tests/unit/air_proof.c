/* The proof: right files pass, and each fault is found, in WAV and in MP3. */
#include "air/air.h"

#include <jansson.h>
#include <sndfile.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static char dir[] = "/tmp/bantin-proof-XXXXXX";
static struct bt_arena *arena;

enum { S = 48000, FRAMES = 30 * S };

static const char *at(const char *name)
{
    return bt_format(arena, "%s/%s", dir, name);
}

/* ---- a tone of -23 LUFS (one channel, 997 Hz, peak 0.1), with holes ---- */

struct tone {
    int64_t hole, hole_frames; /* zeros */
    float gain;
    int channels;
};

static float tone(const struct tone *t, int64_t n, int rate)
{
    if (n >= t->hole && n < t->hole + t->hole_frames)
        return 0;
    return 0.1f * t->gain * (float)sin(2 * M_PI * (double)((997 * n) % rate) / rate);
}

static bool tone_read(void *ctx, int64_t from, size_t n, float *out, struct bt_err *err)
{
    const struct tone *t = ctx;
    (void)err;
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < t->channels; c++)
            *out++ = tone(t, from + (int64_t)i, S);
    return true;
}

static const char *made(enum bt_format f, const char *name, struct tone *t)
{
    struct bt_signal s = {t->channels, FRAMES, tone_read, t};
    struct bt_sound sound = bt_signal_sound(&s);
    struct bt_file file = {.format = f, .path = at(name), .mp3.kbps = 128};
    bt_files_write(&sound, &file, 1, &(struct bt_tags){.title = "Thử"}, 2, NULL, NULL);
    return file.path;
}

static const char *plain(enum bt_format f, const char *name)
{
    return made(f, name, &(struct tone){0, 0, 1, 1});
}

/* Written by libsndfile, without our dither. */
static const char *lasting(const char *name, struct tone *t, int rate, int64_t frames)
{
    SF_INFO info = {.samplerate = rate, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    SNDFILE *f = sf_open(at(name), SFM_WRITE, &info);
    for (int64_t n = 0; n < frames; n++) {
        float x = tone(t, n, rate);
        sf_write_float(f, &x, 1);
    }
    sf_close(f);
    return at(name);
}

static const char *bare(const char *name, struct tone *t, int rate)
{
    return lasting(name, t, rate, 30 * rate);
}

/* ---- what the proof says ---- */

static const struct bt_want station = {
    .loudness = -23, .peak = -1, .frames = FRAMES, .channels = 1, .silence_s = 2};

static struct bt_proof prove(const char *path, const struct bt_want *want)
{
    struct bt_proof p = {.verdict = (enum bt_verdict)9};
    struct bt_err err = {0};
    if (!bt_proof_file(arena, path, want, &p, &err))
        printf("# %s\n", err.msg);
    return p;
}

static int verdict(const struct bt_proof *p, const char *what)
{
    for (size_t i = 0; i < p->n; i++)
        if (strcmp(p->line[i].what, what) == 0)
            return (int)p->line[i].verdict;
    return -1;
}

/* Only `what` is wrong (or doubtful), all else is right. */
static void finds(const char *path, const struct bt_want *want, const char *what, enum bt_verdict v,
                  const char *words)
{
    struct bt_proof p = prove(path, want);
    bool good = verdict(&p, what) == (int)v && p.verdict == v;
    for (size_t i = 0; i < p.n; i++)
        if (strcmp(p.line[i].what, what) != 0 && p.line[i].verdict != BT_RIGHT) {
            good = false;
            printf("# also %s: %s\n", p.line[i].what, p.line[i].words);
        }
    ok(good, words);
}

static void right_tests(void)
{
    for (enum bt_format f = BT_WAV; f <= BT_MP3; f++) {
        struct bt_proof p = prove(plain(f, "a"), &station);
        is_int(p.verdict, BT_RIGHT, f == BT_WAV ? "a right WAV" : "a right MP3");
        is_int((long long)p.n, 8, "judged in eight ways");
        near(p.level.integrated, -23, 0.05, "its level");
        near(p.level.true_peak, -20, 0.2, "its peak");
        is_int(p.frames, FRAMES, "its length");
        is_int((long long)strlen(p.sha256), 64, "its hash");
        is_str(p.file, "a", "its name, without the folder");
    }
    struct bt_want none = {0};
    is_int(prove(at("a"), &none).verdict, BT_RIGHT, "nothing asked, nothing wrong");
    struct bt_want dual = station;
    dual.dual_mono = true;
    dual.loudness = -20;
    finds(at("a"), &dual, "loudness", BT_RIGHT, "as dual mono it is 3 LU louder");
}

static void want_tests(void)
{
    struct bt_want w = station;
    const char *a = plain(BT_WAV, "a.wav");
    w.loudness = -16;
    finds(a, &w, "loudness", BT_WRONG, "too quiet for a podcast");
    w.loudness = -23.3;
    finds(a, &w, "loudness", BT_DOUBTFUL, "three tenths off is doubtful");
    w = station;
    w.peak = -21;
    finds(a, &w, "peak", BT_WRONG, "a peak above what is asked");
    w.peak = -20.3;
    finds(a, &w, "peak", BT_DOUBTFUL, "a little above is doubtful");
    w = station;
    w.frames++;
    finds(a, &w, "length", BT_WRONG, "one frame too short");
    w = station;
    w.channels = 2;
    finds(a, &w, "channels", BT_WRONG, "one channel instead of two");
}

/* A tone of 2 s and its gain: off its level, its loudest moment decides. */
static void short_tests(void)
{
    struct bt_want w = {.loudness = -23, .peak = -1};
    static const struct {
        float gain;
        enum bt_verdict v;
        const char *words;
    } tones[] = {{1, BT_RIGHT, "two seconds at their level"},
                 {1.26f, BT_DOUBTFUL, "2 LU over it are doubtful"},
                 {0.63f, BT_DOUBTFUL, "4 LU under it too"},
                 {2, BT_WRONG, "6 LU over it are wrong"},
                 {0.5f, BT_WRONG, "and 6 LU under it"}};
    for (size_t i = 0; i < BT_LEN(tones); i++)
        finds(lasting("s.wav", &(struct tone){0, 0, tones[i].gain, 1}, S, (int64_t)2 * S), &w,
              "loudness", tones[i].v, tones[i].words);
    finds(lasting("s.wav", &(struct tone){0, 0, 1.26f, 1}, S, (int64_t)3 * S), &w, "loudness",
          BT_WRONG, "three seconds have a level of their own");
    struct bt_proof p = prove(lasting("s.wav", &(struct tone){0, 0, 1, 1}, S, S / 3), &w);
    is_int(verdict(&p, "loudness"), -1, "a third of a second has no level");
    is_int(p.verdict, BT_RIGHT, "which is no fault");
    p = prove(lasting("s.wav", &(struct tone){0, 2 * S, 1, 1}, S, (int64_t)2 * S), &w);
    is_int(verdict(&p, "loudness"), BT_WRONG, "two silent seconds are mute");
}

static void hole_tests(void)
{
    struct bt_want loose = {.silence_s = 2};
    finds(made(BT_WAV, "b.wav", &(struct tone){S, S * 5 / 2, 1, 1}), &loose, "silence", BT_WRONG,
          "two and a half seconds of silence");
    finds(made(BT_MP3, "b.mp3", &(struct tone){S, S * 5 / 2, 1, 1}), &loose, "silence", BT_WRONG,
          "the same in MP3");
    finds(made(BT_WAV, "b.wav", &(struct tone){S, S * 19 / 10, 1, 1}), &loose, "silence", BT_RIGHT,
          "1.9 s may be");
    finds(made(BT_WAV, "b.wav", &(struct tone){FRAMES - 3 * S, 3 * S, 1, 1}), &loose, "silence",
          BT_WRONG, "silence at the end counts");
    struct bt_proof p = prove(made(BT_MP3, "b.mp3", &(struct tone){0, FRAMES, 1, 1}), &station);
    is_int(verdict(&p, "silence"), BT_WRONG, "a voice that returns zeros is heard");
    is_int(verdict(&p, "loudness"), BT_WRONG, "and has no level");
    struct tone cut = {S + 5, S / 100, 1, 1};
    finds(bare("c.wav", &cut, S), &station, "dropout", BT_WRONG, "ten milliseconds are lost");
    cut.gain = 0.1f;
    finds(bare("c.wav", &cut, S), &loose, "dropout", BT_RIGHT,
          "a pause between soft sounds is none");
}

static void clip_tests(void)
{
    struct bt_want none = {0};
    finds(made(BT_WAV, "d.wav", &(struct tone){0, 0, 14, 1}), &none, "clipping", BT_WRONG,
          "crests that are cut off");
    finds(made(BT_WAV, "d.wav", &(struct tone){0, 0, 9.9f, 1}), &none, "clipping", BT_RIGHT,
          "a tone just under full scale is none");
}

/* ---- stories ---- */

static bool speech_right(int64_t hole, int64_t frames, long second, long third)
{
    struct bt_spoken story[] = {{"s-1", 0, 10 * S, true, 50},
                                {"c-1", 10 * S, 1, false, 0},
                                {"s-2", 10 * S, 10 * S, true, second},
                                {"s-3", 20 * S, 10 * S, true, third}};
    struct bt_want w = {.silence_s = 30, .item = story, .nitem = 4};
    struct bt_proof p = prove(made(BT_MP3, "s.mp3", &(struct tone){hole, frames, 1, 1}), &w);
    return verdict(&p, "speech") == BT_RIGHT;
}

static void speech_tests(void)
{
    ok(speech_right(0, 0, 50, 50), "three stories, each with its speech");
    ok(speech_right(11 * S, 2 * S, 50, 50), "a fifth less is within the limits");
    ok(!speech_right(11 * S, 3 * S, 50, 50), "a third less is not");
    ok(!speech_right(0, 0, 50, 70), "nor is a story that is too short for its text");
    ok(speech_right(0, 0, 30, 30) == false, "nor one that is much too long");
    ok(speech_right(22 * S, 4 * S, 50, 39), "a short story may differ more");
    ok(!speech_right(0, FRAMES, 50, 50), "a voice that returns zeros is found");
    ok(!speech_right(10 * S, 20 * S, 50, 50), "when it does so for most of them, too");
}

static void story_tests(void)
{
    static struct bt_cue cue[] = {{.id = "c1"}, {.id = "s-1"}};
    static struct bt_timing_row row[] = {{.kind = BT_ROW_ITEM, .cue = 0, .id = "c1"},
                                         {.kind = BT_ROW_STORY, .from = 5, .frames = 7, .cue = 1}};
    static struct bt_line line[] = {{.cue = 0, .utt = {.text = "không tính"}},
                                    {.cue = 1, .utt = {.text = "Mưa lớn, ở Ô-xtrây-li-a: hết."}},
                                    {.cue = 1, .utt = {.text = "Hai"}}};
    struct bt_rundown r = {.cue = cue, .ncue = 2};
    struct bt_lines lines = {.line = line, .n = 3};
    struct bt_timing t = {row, 2, 20};
    struct bt_want w = {0};
    bt_want_items(arena, &r, &lines, &t, &w);
    is_int((long long)w.nitem, 2, "two items");
    ok(!w.item[0].story && w.item[1].story, "one of them a story");
    is_int(w.item[1].syllables, 9, "its syllables, of all its lines, by hyphens too");
    is_int(w.item[1].from, 5, "where it lies");
}

static void level_tests(void)
{
    struct bt_spoken item[] = {{"c1", 0, 10 * S, false, 0}, {"c2", 20 * S, 10 * S, false, 0}};
    struct bt_want w = {.silence_s = 30, .item = item, .nitem = 2};
    struct bt_proof p = prove(made(BT_MP3, "s.mp3", &(struct tone){19 * S, 11 * S, 1, 1}), &w);
    is_int((long long)p.nitem, 2, "two items");
    near(p.item_level[0].integrated, -23, 0.05, "the level of one, in the decoded MP3");
    near(p.item_level[0].true_peak, -20, 0.2, "its peak");
    ok(p.item_level[1].integrated < -70, "and of one that is silent");
}

/* ---- what the file says of itself ---- */

static struct bt_chapter chapters[] = {
    {0, 96001, "Mở đầu & “chào”", "c1", NULL},
    {96001, 1000000,
     "Thứ trưởng: “mưa <lớn>” ở Quảng Ngãi, nước các sông trên báo động ba và còn "
     "dâng, nhiều nơi ngập sâu từ đêm qua tới sáng nay",
     "s-1", "https://đài.vn/a"},
    {1096001, FRAMES - 1096001, "Lời kết 𝄞", "c3", NULL}};
static const struct bt_tags told = {.title = "Bản tin <thử>, 25/11/2025",
                                    .artist = "Đài & Thử",
                                    .date = "2025-11-25",
                                    .programme = "t",
                                    .air = {.utc = BT_NO_TIME},
                                    .chapter = chapters,
                                    .nchapter = 3};

static const char *tagged(enum bt_format f, bool old)
{
    static struct tone t = {0, 0, 1, 1};
    struct bt_signal s = {1, FRAMES, tone_read, &t};
    struct bt_sound sound = bt_signal_sound(&s);
    struct bt_tags tags = told;
    tags.id3v23 = old;
    const char *path = bt_format(arena, "%s/tags%s", dir, bt_format_suffix(f));
    struct bt_file file = {.format = f, .path = path, .mp3.kbps = 128, .rf64 = old};
    bt_files_write(&sound, &file, 1, &tags, 2, NULL, NULL);
    return path;
}

static void says(const char *path, const struct bt_tags *want, const char *what, enum bt_verdict v,
                 const char *words)
{
    struct bt_want w = {.tags = want};
    struct bt_proof p = prove(path, &w);
    is_int(verdict(&p, what), v, words);
    for (size_t i = 0; i < p.n; i++)
        if (strcmp(p.line[i].what, what) == 0 && p.line[i].verdict != v)
            printf("# %s\n", p.line[i].words);
}

static void told_of(const char *path, const char *name)
{
    struct bt_chapter moved[3], named[3];
    struct bt_tags t = told;
    printf("# %s\n", name);
    says(path, &told, "tags", BT_RIGHT, "its title, station and date are read back");
    says(path, &told, "chapters", BT_RIGHT, "and its chapters");
    t.date = "2025-11-24";
    says(path, &t, "tags", BT_WRONG, "another day is found");
    t = told;
    t.nchapter = 2;
    says(path, &t, "chapters", BT_WRONG, "a chapter too many");
    memcpy(moved, chapters, sizeof(moved));
    memcpy(named, chapters, sizeof(named));
    moved[2].from += 100;
    t.nchapter = 3;
    t.chapter = moved;
    says(path, &t, "chapters", BT_WRONG, "one that lies two milliseconds off");
    named[0].title = "Mở đầu";
    t.chapter = named;
    says(path, &t, "chapters", BT_WRONG, "one with another title");
}

static void tag_tests(void)
{
    for (int f = 0; f < BT_FORMATS; f++)
        told_of(tagged((enum bt_format)f, false), bt_format_suffix((enum bt_format)f));
    told_of(tagged(BT_MP3, true), "ID3v2.3");
    told_of(tagged(BT_WAV, true), "RF64");
    struct bt_tags none;
    ok(bt_tags_read(arena, plain(BT_WAV, "a.wav"), &none, NULL) && none.nchapter == 0,
       "a file without chapters");
    ok(!bt_tags_read(arena, at("none"), &none, NULL), "and no file");
}

/* XML as another writer may put it. */
static void foreign_ixml_tests(void)
{
    static const char xml[] =
        "<?xml version='1.0'?>\n<BWFXML><!-- <SCENE>không</SCENE> --><PROJECT/>"
        "<SCENE lang='vi'><![CDATA[Tin & bài]]> s&#225;ng</SCENE "
        ">\n<TAPE>2025-11-25</TAPE></BWFXML>";
    unsigned char head[20] = "RIFF\0\0\0\0WAVEiXML";
    struct bt_buf b;
    struct bt_tags t;
    bt_buf_init(&b, 1 << 16);
    head[16] = sizeof(xml) + 3; /* and padding */
    bt_buf_add(&b, (char *)head, sizeof(head));
    bt_buf_add(&b, xml, sizeof(xml));
    bt_buf_add(&b, "\0\0\0\0", 4);
    bt_file_write(at("x.wav"), b.p, b.n, NULL);
    bt_buf_finish(&b);
    ok(bt_tags_read(arena, at("x.wav"), &t, NULL), "iXML of another writer");
    is_str(t.title, "Tin & bài sáng", "is read as XML");
    is_str(t.date, "2025-11-25", "to its last field");
    ok(!t.artist, "what it does not say stays unsaid");
}

/* No length that a file claims is believed. */
static void broken_tag_tests(void)
{
    struct bt_buf b;
    uint64_t seed = 5;
    size_t chapters_most = 0;
    for (int f = 0; f < BT_FORMATS; f++) {
        bt_buf_init(&b, 1 << 24);
        bt_file_read(tagged((enum bt_format)f, f & 1), b.max, &b, NULL);
        for (int i = 0; i < 100; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            b.p[(seed >> 33) % (b.n < 2000 ? b.n : 2000)] = (char)(seed >> 25);
            bt_file_write(at("h"), b.p, b.n < 5000 ? b.n : 5000, NULL);
            struct bt_tags t;
            bt_tags_read(arena, at("h"), &t, NULL);
            chapters_most = t.nchapter > chapters_most ? t.nchapter : chapters_most;
        }
        bt_buf_finish(&b);
    }
    ok(chapters_most > 0 && chapters_most <= 1000, "damaged tags are read as far as they go");
}

/* Promises that no file keeps: a length of all bytes there are, a chapter after all time. */
static void absurd_tests(void)
{
    static const char chapter[] = "CHAPTER001=", late[] = "00:00:9e3000";
    enum { DATA_SIZE = 28 }; /* in ds64 */
    struct bt_want none = {0};
    struct bt_tags t = {0};
    struct bt_buf b;
    bt_buf_init(&b, 1 << 26);
    bt_file_read(tagged(BT_WAV, true), b.max, &b, NULL);
    memcpy(b.p + DATA_SIZE, "\xff\xff\xff\xff\xff\xff\xff\x7f", 8);
    bt_file_write(at("absurd.wav"), b.p, b.n, NULL);
    finds(at("absurd.wav"), &none, "decode", BT_WRONG, "an RF64 that promises all there is");
    bt_buf_clear(&b);
    bt_file_read(tagged(BT_FLAC, false), b.max, &b, NULL);
    ptrdiff_t where = bt_str_find(bt_buf_str(&b), bt_str(chapter));
    if (where > 0)
        memcpy(b.p + where + strlen(chapter), late, strlen(late));
    bt_file_write(at("absurd.flac"), b.p, b.n, NULL);
    ok(bt_tags_read(arena, at("absurd.flac"), &t, NULL) && t.nchapter == 3 &&
           t.chapter[1].from == 0,
       "a chapter after all time has no place");
    bt_buf_finish(&b);
}

/* ---- files that are not whole ---- */

static const char *altered(const char *from, const char *to, size_t keep, size_t flip)
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 26);
    bt_file_read(from, b.max, &b, NULL);
    if (flip)
        b.p[flip] = (char)~b.p[flip];
    bt_file_write(to, b.p, keep ? keep : b.n, NULL);
    bt_buf_finish(&b);
    return to;
}

static void whole_tests(void)
{
    struct bt_want none = {0};
    const char *wav = plain(BT_WAV, "a.wav"), *mp3 = plain(BT_MP3, "a.mp3");
    size_t head = 10 + 10 + 1 + 5; /* of an ID3 tag that holds "Thử" */
    finds(altered(wav, at("e.wav"), 44 + 2000000, 0), &none, "decode", BT_WRONG, "a WAV cut short");
    finds(altered(mp3, at("e.mp3"), head + 384 * 700, 0), &none, "decode", BT_WRONG,
          "an MP3 cut between two frames");
    finds(altered(mp3, at("e.mp3"), head + 384 * 700 + 100, 0), &none, "decode", BT_WRONG,
          "and within one");
    struct bt_proof p = prove(altered(mp3, at("e.mp3"), 0, head + 384 * 700 + 200), &none);
    is_int(verdict(&p, "decode"), BT_WRONG, "one byte of an MP3 was changed");
    p = prove(altered(mp3, at("e.mp3"), 0, head + 384 * 700), &none);
    is_int(verdict(&p, "decode"), BT_WRONG, "and the first of a frame");
    struct bt_err err = {0};
    bt_file_write(at("f.mp3"), "không phải âm thanh", 20, NULL);
    ok(!bt_proof_file(arena, at("f.mp3"), &none, &p, &err) && err.code == BT_ECHECK,
       "what is no sound is told so");
    bt_file_write(at("f.wav"), "", 0, NULL);
    finds(at("f.wav"), &none, "decode", BT_WRONG, "and an empty file");
    ok(!bt_proof_file(arena, at("none"), &none, &p, &err) && err.code == BT_ECHECK,
       "and a missing one");
}

static void other_rate_tests(void)
{
    struct bt_want w = {.loudness = -23, .peak = -1};
    struct tone t = {0, 0, 1, 1};
    const char *path = bare("g.wav", &t, 44100);
    finds(path, &w, "rate", BT_DOUBTFUL, "another rate is told");
    near(prove(path, &w).level.integrated, -23, 0.05, "and its level is right all the same");
}

static void json_tests(void)
{
    struct bt_want w = station;
    w.frames++;
    struct bt_proof p[] = {prove(plain(BT_WAV, "a.wav"), &station),
                           prove(made(BT_WAV, "b.wav", &(struct tone){0, FRAMES, 1, 1}), &w)};
    struct bt_buf b;
    bt_buf_init(&b, 1 << 20);
    bt_proof_json(p, 2, NULL, &b);
    json_t *o = json_loadb(b.p, b.n, 0, NULL), *files = json_object_get(o, "files");
    is_str(json_string_value(json_object_get(o, "verdict")), "wrong",
           "the worst verdict stands on top");
    is_int((long long)json_array_size(files), 2, "two files");
    json_t *a = json_array_get(files, 0), *z = json_array_get(files, 1);
    is_str(json_string_value(json_object_get(a, "file")), "a.wav", "by name");
    is_int(json_integer_value(json_object_get(a, "frames")), FRAMES, "with frames");
    near(json_number_value(json_object_get(json_object_get(a, "level"), "integrated")), -23, 0.05,
         "and level");
    ok(json_is_null(json_object_get(json_object_get(z, "level"), "integrated")),
       "no level is null, which is JSON");
    json_decref(o);
    bt_buf_finish(&b);
}

int main(void)
{
    arena = bt_arena_create();
    if (!mkdtemp(dir))
        return 1;
    right_tests();
    want_tests();
    short_tests();
    hole_tests();
    clip_tests();
    speech_tests();
    story_tests();
    level_tests();
    tag_tests();
    foreign_ixml_tests();
    broken_tag_tests();
    absurd_tests();
    whole_tests();
    other_rate_tests();
    json_tests();
    bt_tree_remove(dir);
    bt_arena_destroy(arena);
    return done();
}
