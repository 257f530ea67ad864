/* Voice files, the lint before synthesis, and what comes back over a child's pipe. */
#include "voice/engine.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static struct bt_arena *arena;

static const char *parse(const char *text, struct bt_voice *v)
{
    static struct bt_err err;
    err = (struct bt_err){0};
    if (bt_voice_parse(arena, "voices/x.voice", bt_str(text), v, &err))
        return "good";
    return err.code == BT_EFILE ? err.msg : "wrong code";
}

static void test_voice(void)
{
    struct bt_voice v;
    is_str(parse("title\tMột\ndialect\tsouth\nstyle\tsouth-and\tplain-four\nhighpass\t80\n"
                 "band\t250\t-3\t1\nband\t3000\t4\t0.8\ncompress\t2.5\t-24\t5\t80\ngain\t2\n"
                 "engine\tespeak\nrate\t190\npitch\t58\nengine\ttone\nhz\t400\n",
                 &v),
           "good", "a voice file");
    is_str(v.name, "x", "the file's name is the voice's");
    is_int(v.dialect, BT_SOUTH, "dialect");
    ok(v.style.south_and && v.style.plain_four && !v.style.south_thousand, "style");
    ok(v.shape.nband == 2 && v.shape.band[1].hz == 3000 && v.shape.band[1].db == 4, "bands");
    ok(v.shape.ratio == 2.5 && v.shape.release == 80 && v.shape.gain == 2, "compression, gain");
    ok(v.nlink == 2 && v.link[0].wpm == 190 && v.link[1].hz == 400, "two engines, each its keys");
}

static void test_voice_errors(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"titel\tMột\n", "voices/x.voice:1: “titel” is not known; did you mean “title”?"},
        {"# so\n\nengine\tespaek\n",
         "voices/x.voice:3: “espaek” is not known; did you mean “espeak”?"},
        {"engine\tespeak\nrate\t900\n",
         "voices/x.voice:2: rate needs a number from 80.00 to 450.00, not “900”"},
        {"engine\tespeak\nrate\tnan\n",
         "voices/x.voice:2: rate needs a number from 80.00 to 450.00, not “nan”"},
        {"engine\tespeak\nvolume\t100\n",
         "voices/x.voice:2: volume needs a number from 10.00 to 70.00, not “100”"},
        {"engine\ttone\nrate\t180\n", "voices/x.voice:2: “rate” is not known"},
        {"rate\t180\nengine\tespeak\n", "voices/x.voice:1: rate must stand after a line engine"},
        {"title\tMột\n",
         "voices/x.voice:1: a line engine is missing (for instance: engine, tab, espeak)"},
        {"title\n", "voices/x.voice:1: needs 2 to 64 tab-separated columns, this line has 1"},
        {"band\t250\t-3\n", "voices/x.voice:1: band lacks its value 3"},
        {"compress\t8\t-20\t5\t80\n",
         "voices/x.voice:1: compress needs a number from 1.00 to 3.00, not “8”"},
        {"engine\tespeak\nfile\t../../etc/passwd\n",
         "voices/x.voice:1: a voice file's name has lower-case letters, digits, - and _, 40 at "
         "most: ../../etc/passwd"},
        {"engine\tespeak\nfile\tkhong-co\n",
         "voices/x.voice:1: cannot read voices/espeak/khong-co"},
        {"dialect\tnorthern\n", "voices/x.voice:1: “northern” is not known; did you mean “north”?"},
    };
    struct bt_voice v;
    for (size_t i = 0; i < BT_LEN(cases); i++)
        is_str(parse(cases[i].text, &v), cases[i].want, "a fault, and what to write instead");
}

static void test_voices(void)
{
    struct bt_voices v;
    struct bt_err err;
    ok(bt_voices_load(arena, "voices", &v, &err), "our presenters load");
    ok(bt_voice_find(&v, "nu") && bt_voice_find(&v, "nam"), "a woman and a man");
    ok(!bt_voice_find(&v, "không"), "and nobody else");
    ok(!bt_voices_load(arena, "tests/unit", &v, &err) && err.code == BT_EFILE,
       "a folder without voices is an error");
}

static struct bt_spelling *spelling;
static int dialect;

static const char *prompt(const char *text, bool plain, struct bt_prompt *out)
{
    struct bt_utterance u = {.text = text};
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, " ,.?!;:\"()");
        if (n > 0) {
            struct bt_word *w = bt_push(arena, &u.word, &u.nword, sizeof(*w));
            *w = (struct bt_word){.at = (uint32_t)(p - text), .len = (uint32_t)n};
        }
        p += n ? n : 1;
    }
    bt_prompt_make(arena, &u, spelling, dialect, plain, out);
    return out->text;
}

static void test_prompt(void)
{
    struct bt_prompt p;
    is_str(prompt("Ủy ban họp, Cô-vít đã hết.", false, &p), "ủy ban họp, cô-vít đã hết. ",
           "what the text room promises passes, in lower case");
    ok(!p.cleaned, "and is not touched");
    is_int(p.start[3], 12, "word 3 begins at character 12");
    is_str(prompt("Họp; cô-vít: hết?", true, &p), "họp, cô vít, hết, ", "the plainer text");
    is_str(prompt("Nói: \"-Tôi đi… 15 (km)", false, &p), "nói: tôi đi km ",
           "quotes, brackets, digits and dots never reach an engine");
    ok(p.cleaned, "and it is said that they were there");
    is_int(p.start[3], UINT32_MAX, "a word of digits has no place");
    is_str(prompt("--a--b--", false, &p), "a-b ", "hyphens stand between letters only");
    is_str(prompt("?!., ", false, &p), "", "marks alone are nothing");
}

static void test_spelling(void)
{
    struct bt_err err;
    struct bt_prompt p;
    ok(bt_spelling_load("voices/vi/espeak.tsv", &spelling, &err), "the table for espeak loads");
    is_str(prompt("Họa sĩ, rơ-moóc.", false, &p), "hoạ sĩ, rơ-móc. ", "ends are respelt");
    is_str(prompt("Clin-tơn fan", false, &p), "cờ lin-tơn phan ", "and beginnings");
    is_int(p.start[1], 11, "the next word is where it is now");
    is_str(prompt("Bản tin: giễu.", false, &p), "bản tin: diễu. ", "and whole syllables");
    dialect = BT_SOUTH;
    is_str(prompt("Bản tin.", false, &p), "bản tinh. ", "in the south by southern lines");
    dialect = BT_NORTH;
    bt_spelling_destroy(spelling);
    spelling = NULL;
    ok(bt_spelling_load("tests/none.tsv", &spelling, &err), "no table is an empty one");
    is_str(prompt("Họa.", false, &p), "họa. ", "which changes nothing");
    bt_spelling_destroy(spelling);
    spelling = NULL;
}

static void test_spelling_errors(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"a\tb\n", "3 to 4 tab-separated"},
        {"a\tb\tbắc\n", "north, central, south or all"},
        {"~a\tb\tall\n", "stands at the same end"},
        {"~\t~\tall\n", "stands at the same end"},
        {"a\tb\tall\na\tc\tsouth\n", "stands in line 1 already"},
    };
    const char *path = "build/tests/spelling.tsv";
    for (size_t i = 0; i < BT_LEN(cases); i++) {
        struct bt_err err = {0};
        struct bt_spelling *s = NULL;
        bool wrote = bt_file_write(path, cases[i].text, strlen(cases[i].text), &err);
        ok(wrote && !bt_spelling_load(path, &s, &err) && err.code == BT_EFILE &&
               strstr(err.msg, cases[i].want) && strstr(err.msg, "spelling.tsv:"),
           "a fault in a spelling table, with its line");
    }
    unlink(path);
}

static bool round_trip(const struct bt_take *t, struct bt_str *bytes, int cut)
{
    static char block[4096];
    int fd[2];
    struct bt_take back = {0};
    struct bt_err err;
    if (pipe(fd) != 0 || !bt_take_send(t, fd[1]))
        return false;
    ssize_t n = read(fd[0], block, sizeof(block));
    close(fd[0]), close(fd[1]);
    *bytes = (struct bt_str){block, (size_t)(n - cut)};
    bool good = bt_take_parse(*bytes, &back, &err);
    good = good && back.n == t->n && back.nspot == t->nspot && back.x[1] == t->x[1];
    bt_take_finish(&back);
    return good;
}

/* An engine that begins and ends at full swing. */
static void test_edges(void)
{
    struct bt_take t = {.rate = 22050};
    int16_t x[4000];
    int most = 0;
    for (int i = 0; i < 4000; i++)
        x[i] = (int16_t)(i / 50 % 2 ? 8000 : 7000);
    bt_take_add(&t, x, 4000);
    bt_take_trim(&t);
    ok(t.n == 4000 && t.x[0] == 0 && t.x[3999] == 0, "speech begins and ends at nothing");
    for (int i = 1; i < 80; i++)
        most = abs(t.x[i] - t.x[i - 1]) > most ? abs(t.x[i] - t.x[i - 1]) : most;
    ok(most < 1200 && t.x[200] == 7000, "without a step, and is untouched within");
    bt_take_finish(&t);
}

static void test_take(void)
{
    struct bt_take t = {.rate = 22050};
    struct bt_str bytes;
    int16_t x[1000] = {0};
    for (int i = 400; i < 500; i++)
        x[i] = 1000;
    bt_take_add(&t, x, 1000);
    bt_take_spot(&t, 0, 0);
    bt_take_spot(&t, 3, 450);
    bt_take_spot(&t, 6, 999);
    bt_take_trim(&t);
    is_int((long long)t.n, 100 + 110 + 441, "5 ms before the sound and 20 ms after it stay");
    is_int(t.spot[1].at, 450 - 290, "spots move along");
    ok(t.spot[0].at == 0 && t.spot[2].at == t.n, "and stay within");
    ok(round_trip(&t, &bytes, 0), "a take goes over a pipe and back");
    for (int cut = 1; cut < 60; cut += 7)
        ok(!round_trip(&t, &bytes, cut), "one that is cut short does not");
    t.spot[1].at = 5000;
    ok(!round_trip(&t, &bytes, 0), "nor one with a word outside");
    t.spot[1].at = 160;
    t.rate = 7;
    ok(!round_trip(&t, &bytes, 0), "nor one at a rate of 7 Hz");
    bt_take_finish(&t);
    t.rate = 8000;
    bool room = true;
    for (int i = 0; room && i < BT_TAKE_S * 8 + 1; i++)
        room = bt_take_add(&t, x, 1000);
    ok(!room, "a take has a longest length");
    bt_take_finish(&t);
}

int main(void)
{
    setenv("BANTIN_LANG", "en", 1);
    arena = bt_arena_create();
    test_voice();
    test_voice_errors();
    test_voices();
    test_prompt();
    test_spelling();
    test_spelling_errors();
    test_take();
    test_edges();
    bt_arena_destroy(arena);
    return done();
}
