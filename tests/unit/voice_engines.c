/*
 * Engines from outside, each with a real process or server on loopback that does it right and does
 * each thing wrong. Behind each stands the tone engine: the sentence is spoken all the same, and
 * the warning says what was wrong.
 */
#include "voice/engine.h"
#include "tap.h"

#include <signal.h>
#include <sndfile.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DIR "build/tests/engines"

static struct bt_arena *arena;
static char words[4096];
static int warnings, http_port, wyoming_port;

static void hear(void *ctx, const struct bt_event *e)
{
    (void)ctx;
    if (e->level != BT_WARN)
        return;
    warnings++;
    strncat(words, e->words, sizeof(words) - strlen(words) - 1);
}

struct heard {
    struct bt_speaker *speaker;
    struct bt_speech *out;
    size_t n;
};

/* Speak `text`'s lines, each a sentence, with the voice file `voice` ("|" is a tab). */
static void say_as(struct heard *h, const char *voice, const char *text,
                   const struct bt_speaker_options *more)
{
    static struct bt_voices v;
    struct bt_lines lines = {0};
    struct bt_err err = {0};
    struct bt_events ev = {hear, NULL};
    struct bt_str rest = bt_str(text), line;
    char *file = bt_strdup(arena, voice);
    for (char *p = file; *p; p++)
        *p = *p == '|' ? '\t' : *p;
    while (bt_str_line(&rest, &line)) {
        struct bt_line *l = bt_push(arena, &lines.line, &lines.n, sizeof(*l));
        l->voice = "v";
        l->written = l->utt.text = bt_strndup(arena, line.p, line.n);
        l->utt.to = (uint32_t)line.n;
        for (const char *p = l->utt.text; *p;) {
            size_t n = strcspn(p, " ,.");
            struct bt_word w = {.at = (uint32_t)(p - l->utt.text), .len = (uint32_t)n};
            if (n > 0)
                *(struct bt_word *)bt_push(arena, &l->utt.word, &l->utt.nword, sizeof(w)) = w;
            p += n ? n : 1;
        }
    }
    *h = (struct heard){.n = lines.n, .out = bt_alloc(arena, (lines.n + 1) * sizeof(*h->out))};
    words[0] = '\0';
    warnings = 0;
    v = (struct bt_voices){0};
    struct bt_speaker_options o = *more;
    o.voices = DIR;
    o.jobs = 3;
    bool good = bt_file_write(DIR "/v.voice", file, strlen(file), &err) &&
                bt_voices_load(arena, DIR, &v, &err) &&
                bt_speaker_create(&v, &o, &h->speaker, &err) &&
                bt_speak(h->speaker, arena, &lines, h->out, &ev, &err);
    if (!good)
        printf("# %s\n", err.msg);
}

static void say(struct heard *h, const char *voice, const char *text)
{
    say_as(h, voice, text, &(struct bt_speaker_options){.jobs = 3});
}

/* One sentence: which engine spoke it, and what the warning says (NULL: none). */
static void check(const char *voice, const char *text, const char *engine, const char *warning,
                  const char *what)
{
    struct heard h;
    say(&h, bt_format(arena, "%s\nengine|tone\nsyllable|50\n", voice), text);
    bool good = h.out[0].engine && strcmp(h.out[0].engine, engine) == 0 && h.out[0].raw > 0 &&
                (warning ? warnings == 1 && strstr(words, warning) : warnings == 0);
    if (!ok(good, what))
        printf("# engine %s, %d warnings: %s\n", h.out[0].engine ? h.out[0].engine : "none",
               warnings, words);
    bt_speaker_destroy(h.speaker);
}

#define RUN "engine|command\ntimeout|30000\nrun|perl|tests/stand-ins/engine.pl|"
#define QUICK "engine|command\ntimeout|300\nrun|perl|tests/stand-ins/engine.pl|"

static void test_command(void)
{
    check(RUN "wav", "Xin chào.", "command", NULL, "text in, WAV out");
    check(RUN "raw\nformat|s16\nsample-rate|16000", "Xin chào.", "command", NULL, "bare samples");
    check(RUN "two", "Xin chào.", "command", NULL, "a WAV of two channels");
    check(RUN "file|{in}|{out}", "Xin chào.", "command", NULL, "by files");
    check(RUN "deaf", "Xin chào.", "command", NULL, "a program that reads nothing");
    check(RUN "fail", "Xin chào.", "tone", "answered 3: no model", "one that fails says why");
    check(RUN "html", "Xin chào.", "tone", "no sound but: <html>", "a page is no sound");
    check(RUN "cut", "Xin chào.", "tone", "cut short", "a WAV that is cut short");
    check(RUN "none", "Xin chào.", "tone", "no sound came back", "nothing");
    check(RUN "silence", "Xin chào.", "tone", "over 180 seconds", "ten minutes of silence");
    check(RUN "quiet", "Xin chào.", "tone", "said nothing", "a second of silence");
    check(QUICK "hang", "Xin chào.", "tone", "over 300 ms", "one that hangs is stopped");
    check(QUICK "half", "Xin chào.", "tone", "over 300 ms", "also half-way");
    check(RUN "flood", "Xin chào.", "tone", "too much", "one that floods is stopped");
    check("engine|command\nrun|bantin-khong-co", "Xin chào.", "tone", "cannot run bantin-khong-co",
          "one that is not there");
}

static void test_programs(void)
{
    check("engine|command\nrun|espeak-ng|-v|vi|--stdin|--stdout", "Xin chào.", "command", NULL,
          "espeak-ng as a program, through pipes");
    check("engine|command\nrun|espeak-ng|-v|vi|-w|{out}|{text}", "Xin chào.", "command", NULL,
          "and through arguments and a file");
    if (access("/usr/bin/flite", X_OK) == 0)
        check("engine|command\nrun|flite|-t|{text}|-o|{out}", "Xin chao.", "command", NULL,
              "flite as a program");
}

/* No more at once than its line says. */
static void test_at_once(void)
{
    struct heard h;
    say(&h, RUN "alone|" DIR "/alone\nat-once|1\n", "Một.\nHai.\nBa.\nBốn.\nNăm.\nSáu.");
    for (size_t i = 0; i < h.n; i++)
        is_str(h.out[i].engine, "command", "one that is asked for one sentence at a time");
    bt_speaker_destroy(h.speaker);
}

static bool no_files_left(const char *pattern)
{
    return system(bt_format(arena, "ls %s >/dev/null 2>&1", pattern)) != 0;
}

static void test_stay(void)
{
    struct heard h;
    say(&h, RUN "stay|" DIR "\nstay|yes\nengine|tone\nsyllable|50\n",
        "Một.\nHai ba.\nMáy chết.\nBốn năm sáu.\nBảy.");
    for (size_t i = 0; i < h.n; i++)
        is_str(h.out[i].engine, i == 2 ? "tone" : "command",
               "a program that stays; it dies once, and is started anew");
    is_int(warnings, 1, "one warning");
    ok(strstr(words, "without naming a file") != NULL, "that says so");
    ok(h.out[3].frames > h.out[0].frames, "sentences are not mixed up");
    bt_speaker_destroy(h.speaker);
    say(&h, QUICK "stay|" DIR "\nstay|yes\nengine|tone\nsyllable|50\n", "Máy treo.\nHai ba.");
    is_str(h.out[0].engine, "tone", "one that hangs is left");
    is_str(h.out[1].engine, "command", "and the next sentence has a new one");
    bt_speaker_destroy(h.speaker);
    ok(no_files_left(DIR "/bt-stay-*"), "no file is left");
}

#define STORE DIR "/speech"
#define OWN "\nat-once|1\nengine|tone\nsyllable|50\n"

static size_t spoken_by(const struct heard *h, const char *engine)
{
    size_t n = 0;
    for (size_t i = 0; i < h->n; i++)
        n += h->out[i].engine && strcmp(h->out[i].engine, engine) == 0;
    return n;
}

/* Many sentences, and so many milliseconds to say them in. */
static void say_within(struct heard *h, const char *voice, int ms)
{
    struct bt_buf text;
    bt_buf_init(&text, 1 << 16);
    for (int i = 0; i < 200; i++)
        bt_buf_adds(&text, "Xin chào.\n");
    say_as(h, voice, text.p, &(struct bt_speaker_options){.by = bt_clock_mono() + ms * 1000000LL});
    bt_buf_finish(&text);
}

/* Near the deadline the chain goes to what is quick, by what the others were measured to take. */
static void test_deadline(void)
{
    struct heard h;
    int64_t from = bt_clock_mono();
    say_within(&h, RUN "slow" OWN, 10000);
    is_str(h.out[0].engine, "command", "a slow engine begins");
    is_str(h.out[h.n - 1].engine, "tone", "and is left when it would not be done in time");
    ok(spoken_by(&h, "tone") + spoken_by(&h, "command") == h.n, "all is said");
    ok(spoken_by(&h, "command") < 10 && bt_clock_mono() - from < 10000000000, "early enough");
    is_int(warnings, 1, "one warning");
    ok(strstr(words, "near the deadline") != NULL, "that says so");
    bt_speaker_destroy(h.speaker);

    from = bt_clock_mono();
    say_within(&h, RUN "hang" OWN, 300);
    is_int((long long)spoken_by(&h, "tone"), (long long)h.n, "one that hangs is left at once");
    ok(bt_clock_mono() - from < 20000000000, "before its own time is over");
    bt_speaker_destroy(h.speaker);

    say_as(&h, RUN "wav\n", "Xin chào.", &(struct bt_speaker_options){.hurry = true, .by = 1});
    is_str(h.out[0].engine, "command", "without another in the chain it speaks all the same");
    bt_speaker_destroy(h.speaker);
}

static void test_hurry(void)
{
    struct heard h;
    struct bt_speaker_options hurry = {.hurry = true, .store = STORE}, not = {.store = STORE};
    say_as(&h, RUN "wav" OWN, "Xin chào.", &not );
    bt_speaker_destroy(h.speaker);
    say_as(&h, RUN "wav" OWN, "Xin chào.\nTạm biệt.", &hurry);
    is_str(h.out[0].engine, "command", "in a hurry, what is in the store is quick enough");
    is_str(h.out[1].engine, "tone", "the rest goes to what is quick");
    bt_speaker_destroy(h.speaker);
    say_as(&h,
           "engine|tone\nfail|refuse;xin\nengine|command\nrun|perl|tests/stand-ins/engine.pl|wav\n",
           "Xin lỗi.", &hurry);
    ok(!h.out[0].engine, "and never from that to another");
    bt_speaker_destroy(h.speaker);
    bt_tree_remove(STORE);
}

static double loudest(const struct heard *h, size_t i)
{
    int16_t *x = bt_xcalloc(h->out[i].raw + 1, sizeof(*x));
    double power = 0;
    struct bt_err err;
    if (bt_spool_read(&h->out[i], x, &err))
        for (size_t k = 0; k < h->out[i].raw; k++)
            power += (double)x[k] * x[k] / 32768 / 32768;
    free(x);
    return bt_db(sqrt(power / (double)h->out[i].raw));
}

static void test_match(void)
{
    struct heard quiet, ours;
    const char *text = "Kính chào quý vị và các bạn.";
    say(&quiet, "engine|command\nrun|espeak-ng|-a|20|-v|vi|--stdin|--stdout\n", text);
    say(&ours, "engine|espeak\n", text);
    near(loudest(&quiet, 0), loudest(&ours, 0), 2, "a quiet engine comes as loud as ours");
    ok(!quiet.out[0].marks_exact && quiet.out[0].nmark == 7, "its marks are by syllables");
    ok(quiet.out[0].mark[6].at > quiet.out[0].mark[5].at &&
           quiet.out[0].mark[6].at < quiet.out[0].frames,
       "in order");
    bt_speaker_destroy(quiet.speaker);
    bt_speaker_destroy(ours.speaker);
}

static const char *http(const char *path, const char *more)
{
    return bt_format(arena,
                     "engine|http\nurl|http://127.0.0.1:%d%s\ntimeout|30000\n"
                     "body|{\"input\":\"{text}\",\"speed\":{rate}}\n%s",
                     http_port, path, more);
}

static void test_http(void)
{
    check(http("/wav", ""), "Xin chào.", "http", NULL, "a WAV from a server");
    check(http("/flac", ""), "Xin chào.", "http", NULL, "a FLAC");
    check(http("/mp3", ""), "Xin chào.", "http", NULL, "an MP3");
    check(http("/ogg", ""), "Xin chào.", "http", NULL, "an Ogg");
    check(http("/s16", "format|s16\nsample-rate|16000\n"), "Xin chào.", "http", NULL,
          "bare samples");
    check(http("/stream", ""), "Xin chào.", "http", NULL, "a WAV of unknown length");
    check(http("/busy", ""), "Xin chào.", "http", NULL, "429 with Retry-After: again");
    check(http("/full", ""), "Xin chào.", "tone", "429: come back", "429 for an hour: not today");
    check(http("/401", ""), "Xin chào.", "tone", "refuses the key (401)", "401");
    ok(!strstr(words, "s3cret"), "no word of a key");
    check(http("/404", ""), "Xin chào.", "tone", "404: no such voice", "404");
    check(http("/500", "retries|0\n"), "Xin chào.", "tone", "500: out of memory", "500");
    check(http("/away", ""), "Xin chào.", "tone", "302", "no redirect is followed");
    check(http("/html", ""), "Xin chào.", "tone", "<html> <h1>It works", "a page, not sound");
    check(http("/cut", ""), "Xin chào.", "tone", "cut short", "a truncated WAV");
    check(http("/short", "retries|0\n"), "Xin chào.", "tone", "127.0.0.1", "a broken transfer");
    check(http("/empty", ""), "Xin chào.", "tone", "no sound came", "an empty answer");
    check(http("/bye", "retries|1\n"), "Xin chào.", "tone", "127.0.0.1", "no answer at all");
    check(http("/stall", "timeout|200\n"), "Xin chào.", "tone", "127.0.0.1", "a stall");
    check(http("/silence", ""), "Xin chào.", "tone", "over 180 seconds", "ten minutes of silence");
    check(http("/quiet", ""), "Xin chào.", "tone", "said nothing", "a second of silence");
    check("engine|http\nretries|0\nurl|http://127.0.0.1:1/\nbody|{}\n", "Xin chào.", "tone",
          "127.0.0.1:1", "no server");
    check("engine|http\nurl|file:///etc/hostname\nbody|{}\n", "Xin chào.", "tone", "file:///",
          "no other protocol");
}

static void test_keys(void)
{
    const char *head = "header|Authorization: Bearer {key}\n";
    struct bt_err err;
    check(http("/echo", bt_format(arena, "%skey-env|BT_TEST_KEY\n", head)), "Xin chào.", "http",
          NULL, "text and rate stand in the body, the key in its header");
    check(http("/echo", bt_format(arena, "%skey-env|BT_NO_KEY\n", head)), "Xin chào.", "tone",
          "BT_NO_KEY is empty", "no key in the environment");
    bt_file_write(DIR "/key", "s3cret\n", 7, &err);
    chmod(DIR "/key", 0600);
    check(http("/echo", bt_format(arena, "%skey-file|key\n", head)), "Xin chào.", "http", NULL,
          "a key from a file");
    chmod(DIR "/key", 0644);
    check(http("/echo", bt_format(arena, "%skey-file|key\n", head)), "Xin chào.", "tone",
          "chmod 600", "that others may read: refused");
}

static void test_wyoming(void)
{
    const char *w = bt_format(
        arena, "engine|wyoming\nspeaker|vi-vais1000\ntimeout|30000\nport|%d\n", wyoming_port);
    check(w, "Xin chào.", "wyoming", NULL, "wyoming speaks");
    check(w, "Máy hỏng.", "tone", "no voice", "its error is told");
    check(w, "Tiếng lạ.", "tone", "JSON", "a server of another kind");
    check(w, "Câu cụt.", "tone", "EOF", "one that leaves half-way");
    check(w, "Chữ to.", "tone", "JSON", "one that announces too much");
    check(w, "Nói sớm.", "tone", "audio-chunk", "sound before its start");
    check(w, "Dải rộng.", "tone", "audio-start", "samples of four bytes");
    check(w, "Mười phút lặng.", "tone", "over 180 seconds", "ten minutes of silence");
    check(w, "Một giây im.", "tone", "said nothing", "a second of silence");
    w = bt_format(arena, "engine|wyoming\ntimeout|200\nport|%d\n", wyoming_port);
    check(w, "Máy treo.", "tone", "timed out", "a stall");
    check("engine|wyoming\nport|1\n", "Xin chào.", "tone", "refused", "no server");
}

/* The first engine of a ready file, with `port` for its own. */
static const char *ready(const char *name, const char *port, int ours)
{
    struct bt_buf b, out;
    struct bt_err err;
    char number[16];
    bt_buf_init(&b, 1 << 16);
    bt_buf_init(&out, 1 << 16);
    if (!bt_file_read(bt_format(arena, "voices/%s.voice", name), 1 << 16, &b, &err))
        printf("# %s\n", err.msg);
    char *second = strstr(b.p, "# Khi không"), *at = port ? strstr(b.p, port) : NULL;
    snprintf(number, sizeof(number), "%d", ours);
    if (second)
        *second = '\0';
    bt_buf_addf(&out, "%.*s%s%s", (int)(at ? at - b.p : (long)strlen(b.p)), b.p, at ? number : "",
                at ? at + strlen(port) : "");
    const char *text = bt_strdup(arena, out.p);
    bt_buf_finish(&b);
    bt_buf_finish(&out);
    return text;
}

static void test_ready_programs(void)
{
    static const char *const program[][2] = {
        {"piper", "piper"}, {"piper1", "python3"}, {"sherpa", "sherpa-onnx-offline-tts"}};
    char here[4096], *path = bt_strdup(arena, getenv("PATH"));
    struct bt_err err;
    bt_dir_make(DIR "/bin", &err);
    setenv("PATH", bt_format(arena, "%s/" DIR "/bin:%s", getcwd(here, sizeof(here)), path), 1);
    for (size_t i = 0; i < BT_LEN(program); i++) {
        const char *name = bt_format(arena, DIR "/bin/%s", program[i][1]);
        ok(symlink(bt_format(arena, "%s/tests/stand-ins/program.pl", here), name) == 0, name);
        check(ready(program[i][0], NULL, 0), "Xin chào.", "command", NULL, program[i][0]);
    }
    setenv("PATH", path, 1);
}

static void test_ready_servers(void)
{
    setenv("BANTIN_SPEECH_KEY", "s3cret", 1);
    check(ready("openai", "8000", http_port), "Xin chào.", "http", NULL, "openai");
    check(ready("piper-server", "5000", http_port), "Xin chào.", "http", NULL, "piper-server");
    check(ready("wyoming", "10200", wyoming_port), "Xin chào.", "wyoming", NULL, "wyoming");
}

static void rates(const char *name, double slowest, double fastest)
{
    struct bt_voices v = {0};
    struct bt_err err = {0};
    double from = 0, to = 0;
    ok(bt_voices_load(arena, "voices", &v, &err), "the voices load");
    bt_voice_rates(bt_voice_find(&v, name), &from, &to);
    near(from, slowest, 0.001, name);
    near(to, fastest, 0.001, name);
}

/* Fit asks no rate of an engine that has none. */
static void test_rates(void)
{
    rates("nu", 0.7, 1.4);
    rates("piper", 0.7, 1.4);
    rates("openai", 0.7, 1.4);
    rates("wyoming", 1, 1);
}

static void test_recorded(void)
{
    struct bt_err err;
    const char *index = "Kính chào quý vị.\tsound.flac\n";
    bt_file_write(DIR "/index.tsv", index, strlen(index), &err);
    check("engine|recorded\nindex|index.tsv", "Kính chào, quý vị.", "recorded", NULL,
          "a phrase that was recorded");
    check("engine|recorded\nindex|index.tsv", "Kính chào các bạn.", "tone", NULL,
          "another falls through without a word");
    index = "Kính chào.\tkhông có.flac\n";
    bt_file_write(DIR "/index.tsv", index, strlen(index), &err);
    check("engine|recorded\nindex|index.tsv", "Kính chào.", "tone", "index.tsv:1",
          "an index that names no file is told with its line");
}

static void make_sound(const char *path, int format)
{
    SF_INFO info = {.samplerate = 16000, .channels = 1, .format = format};
    float x[8000];
    for (int i = 0; i < 8000; i++)
        x[i] = 0.1f * sinf((float)i * 0.17f);
    SNDFILE *f = sf_open(path, SFM_WRITE, &info);
    sf_write_float(f, x, 8000);
    sf_close(f);
}

static pid_t start_server(int *hold)
{
    int in[2], out[2];
    char ports[64] = {0};
    if (pipe(in) != 0 || pipe(out) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(in[0], 0), dup2(out[1], 1);
        close(in[1]), close(out[0]);
        setenv("BT_WANT_BODY", "{\"input\":\"xin chào. \",\"speed\":1.00}", 1);
        execlp("perl", "perl", "tests/stand-ins/server.pl", DIR "/sound.flac", DIR "/sound.mp3",
               DIR "/sound.ogg", (char *)NULL);
        _exit(127);
    }
    close(in[0]), close(out[1]);
    *hold = in[1];
    for (size_t n = 0; n < sizeof(ports) - 1 && !strchr(ports, '\n'); n++)
        if (read(out[0], ports + n, 1) <= 0)
            break;
    close(out[0]);
    ok(sscanf(ports, "%d %d", &http_port, &wyoming_port) == 2, "the server stands");
    return pid;
}

int main(void)
{
    struct bt_err err;
    int hold = -1;
    setenv("BANTIN_LANG", "en", 1);
    setenv("BT_TEST_KEY", "s3cret", 1);
    unsetenv("http_proxy");
    arena = bt_arena_create();
    bt_dir_make(DIR, &err);
    make_sound(DIR "/sound.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
    make_sound(DIR "/sound.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III);
    make_sound(DIR "/sound.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS);
    pid_t server = start_server(&hold);
    test_command();
    test_programs();
    test_at_once();
    test_stay();
    test_deadline();
    test_hurry();
    test_match();
    test_http();
    test_keys();
    test_wyoming();
    test_ready_programs();
    test_ready_servers();
    test_rates();
    test_recorded();
    close(hold);
    ok(waitpid(server, NULL, 0) == server, "the server leaves");
    ok(waitpid(-1, NULL, WNOHANG) == -1, "no child is left");
    bt_tree_remove(DIR);
    bt_arena_destroy(arena);
    return done();
}
