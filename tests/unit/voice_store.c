/* The speech store: said once, found again, damaged, locked, pinned, pruned. */
#include "voice/engine.h"
#include "tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DIR "build/tests/store"
#define STORE DIR "/speech"

static struct bt_arena *arena;
static long kept, made;

static void hear(void *ctx, const struct bt_event *e)
{
    (void)ctx;
    if (e->words && !strstr(e->words, " s of speech") &&
        sscanf(e->words, "speech store: %ld sentences kept, %ld", &kept, &made) != 2)
        printf("# %s\n", e->words);
}

static void voice_file(const char *text)
{
    struct bt_err err;
    bt_file_write(DIR "/v.voice", text, strlen(text), &err);
}

struct heard {
    struct bt_speaker *speaker;
    struct bt_speech *out;
    char hash[BT_HASH]; /* of all samples and marks */
    size_t open;        /* descriptors, while they are being read */
};

static size_t open_files(void)
{
    glob_t g = {0};
    glob("/proc/self/fd/*", 0, NULL, &g);
    size_t n = g.gl_pathc;
    globfree(&g);
    return n;
}

static void say(struct heard *h, const char *const *text, size_t n, double rate,
                const char *edition)
{
    static struct bt_voices v;
    struct bt_lines lines = {0};
    struct bt_err err = {0};
    struct bt_events ev = {hear, NULL};
    struct bt_speaker_options o = {
        .voices = DIR, .store = STORE, .jobs = 3, .rate = rate, .edition = edition};
    for (size_t i = 0; i < n; i++) {
        struct bt_line *l = bt_push(arena, &lines.line, &lines.n, sizeof(*l));
        l->voice = "v";
        l->utt.text = l->written = text[i];
        l->utt.word = bt_alloc(arena, sizeof(struct bt_word));
        l->utt.word[0].len = (uint32_t)strlen(text[i]);
        l->utt.nword = 1;
    }
    v = (struct bt_voices){0};
    kept = made = -1;
    h->out = bt_alloc(arena, n * sizeof(*h->out));
    if (!bt_voices_load(arena, DIR, &v, &err) || !bt_speaker_create(&v, &o, &h->speaker, &err) ||
        !bt_speak(h->speaker, arena, &lines, h->out, &ev, &err))
        printf("# %s\n", err.msg);
    struct bt_buf b;
    bt_buf_init(&b, 1 << 26);
    for (size_t i = 0; i < n; i++) {
        int16_t *x = bt_xcalloc(h->out[i].raw + 1, sizeof(*x));
        bt_spool_read(&h->out[i], x, &err);
        bt_buf_add(&b, x, h->out[i].raw * sizeof(*x));
        bt_buf_add(&b, h->out[i].mark, h->out[i].nmark * sizeof(*h->out[i].mark));
        free(x);
    }
    bt_sha256(b.p, b.n, h->hash);
    bt_buf_finish(&b);
    h->open = open_files();
    bt_speaker_destroy(h->speaker);
}

static const char *const text[] = {"một", "hai", "ba", "một", "một"};
enum { N = BT_LEN(text) };

static void test_hits(void)
{
    struct heard cold, warm;
    say(&cold, text, N, 1, NULL);
    ok(made == 3 && kept == 2, "three sentences are made, the same ones twice are found");
    say(&warm, text, N, 1, NULL);
    ok(made == 0 && kept == N, "the second time all are found");
    is_str(warm.hash, cold.hash, "with the same samples and marks");
    const char *other[] = {"một", "hai", "bốn"};
    say(&warm, other, 3, 1, NULL);
    ok(made == 1 && kept == 2, "one changed sentence is spoken anew");
    say(&warm, other, 3, 1.1, NULL);
    is_int(made, 3, "another rate is another speech");
}

/* A day of programme holds as few files open as a minute. */
static void test_descriptors(void)
{
    enum { MANY = 200 };
    static char words[MANY][32];
    const char *many[MANY];
    struct heard few, cold, warm;
    for (int i = 0; i < MANY; i++) {
        snprintf(words[i], sizeof(words[i]), "%c%c", 'a' + i / 26, 'a' + i % 26);
        many[i] = words[i];
    }
    say(&cold, many, MANY, 1, NULL);
    say(&few, many, 1, 1, NULL);
    say(&warm, many, MANY, 1, NULL);
    is_int(kept, MANY, "many sentences are found");
    is_str(warm.hash, cold.hash, "all of them right");
    is_int((long long)warm.open, (long long)few.open, "and no more files are open than for one");
}

static void test_key(void)
{
    struct heard h;
    voice_file("engine\ttone\nsyllable\t50\ntimeout\t9000\n");
    say(&h, text, 1, 1, NULL);
    is_int(made, 0, "a time limit changes nothing");
    voice_file("gain\t3\nengine\ttone\nsyllable\t50\n");
    say(&h, text, 1, 1, NULL);
    is_int(made, 0, "nor does tone shaping");
    voice_file("dialect\tsouth\nengine\ttone\nsyllable\t50\n");
    say(&h, text, 1, 1, NULL);
    is_int(made, 1, "dialect does");
    voice_file("engine\ttone\nsyllable\t60\n");
    say(&h, text, 1, 1, NULL);
    is_int(made, 1, "and so do the engine's own lines");
    voice_file("engine\ttone\nsyllable\t50\n");
}

/* Where the engine's own data lies does not matter, what is in it does. */
static void test_data(void)
{
    struct heard h;
    bool copied = system("mkdir -p " DIR "/espeak && cp voices/espeak/bac-nu " DIR
                         "/espeak/a && cp " DIR "/espeak/a " DIR "/espeak/b") == 0;
    ok(copied, "an engine's data");
    voice_file("engine\tespeak\nfile\ta\n");
    say(&h, text, 1, 1, NULL);
    is_int(made, 1, "is spoken with");
    voice_file("engine\tespeak\nfile\tb\n");
    say(&h, text, 1, 1, NULL);
    is_int(made, 0, "the same under another name is the same");
    ok(system("echo pitch 90 170 >>" DIR "/espeak/b") == 0, "it changes");
    say(&h, text, 1, 1, NULL);
    is_int(made, 1, "and what it says is made anew");
    voice_file("engine\ttone\nsyllable\t50\n");
}

/* Flip a byte in the middle of every file. */
static int damage(void)
{
    return system("for f in " STORE
                  "/[0-9a-f]*/*.say; do printf x | dd of=$f bs=1 seek=500 conv=notrunc "
                  "2>/dev/null; done");
}

static void test_damage(void)
{
    struct heard h, again;
    struct bt_store_stat s;
    say(&h, text, N, 1, NULL);
    ok(damage() == 0, "bytes change on the disk");
    say(&again, text, N, 1, NULL);
    ok(made == 3, "damaged speech is made anew");
    is_str(again.hash, h.hash, "and is what it was");
    damage();
    bt_store_verify(STORE, &s);
    ok(s.damaged == s.files && s.files > 3, "verify finds the damaged ones");
    bt_store_verify(STORE, &s);
    is_int((long long)s.files, 0, "and takes them away");
}

static void age(const char *what)
{
    if (system(bt_format(arena, "touch -d '3 days ago' %s", what)) != 0)
        printf("# touch failed\n");
}

static void test_prune(void)
{
    struct heard h;
    struct bt_store_stat s, went;
    say(&h, text, N, 1, "p 2025-11-25");
    bt_store_stat(STORE, &s);
    ok(s.files == 3 && s.pinned == 3 && s.bytes > 0, "three files, all of a kept edition");
    age(STORE "/[0-9a-f]*/*.say");
    bt_store_prune(STORE, 0, &went);
    is_int((long long)went.files, 0, "a kept edition's speech stays");
    bt_store_unpin(STORE, "p 2025-11-25");
    say(&h, text, 1, 1, NULL); /* used now */
    bt_store_prune(STORE, s.bytes, &went);
    is_int((long long)went.files, 0, "nothing goes below the ceiling");
    bt_store_prune(STORE, 1, &went);
    is_int((long long)went.files, 2, "old ones go");
    bt_store_stat(STORE, &s);
    is_int((long long)s.files, 1, "what was used within the day stays");
}

/* Made in one order, used in another: what was used longest ago goes first. */
static void test_least_used(void)
{
    static const char *const word[] = {"mốt", "lăm", "tư", "mươi"};
    static const int days[] = {5, 9, 3, 7};
    struct heard h;
    struct bt_store_stat s, went;
    bt_tree_remove(STORE);
    for (size_t i = 0; i < BT_LEN(word); i++) {
        say(&h, &word[i], 1, 1, NULL);
        if (system(bt_format(arena,
                             "find " STORE " -name '*.say' -mmin -60 -exec "
                             "touch -d '%d days ago' {} +",
                             days[i])) != 0)
            printf("# touch failed\n");
    }
    bt_store_stat(STORE, &s);
    bt_store_prune(STORE, s.bytes - 1, &went);
    is_int((long long)went.files, 1, "one goes when one is enough");
    say(&h, &word[3], 1, 1, NULL);
    is_int(made, 0, "not the one of a week ago, which is now used again");
    bt_store_stat(STORE, &s);
    bt_store_prune(STORE, s.bytes - 1, &went);
    say(&h, word, BT_LEN(word), 1, NULL);
    ok(kept == 2 && made == 2, "then the one of five days");
}

static void test_lock(void)
{
    char key[BT_HASH] = "ab12";
    int lock = bt_store_lock(STORE, key);
    ok(lock >= 0, "a key is locked");
    is_int(bt_store_lock(STORE, key), BT_STORE_BUSY, "one maker at a time");
    bt_store_unlock(STORE, key, lock);
    lock = bt_store_lock(STORE, key);
    ok(lock >= 0, "then the next");
    bt_store_unlock(STORE, key, lock);
}

/* Four processes speak the same words at once; each counts what it made. */
static void test_processes(void)
{
    enum { MANY = 4 };
    struct heard h;
    int total = 0, same = 0;
    const char *fresh[] = {"năm", "sáu", "bảy", "tám", "chín", "mười"};
    for (int i = 0; i < MANY; i++)
        if (fork() == 0) {
            say(&h, fresh, BT_LEN(fresh), 1, NULL);
            _exit((int)made | (kept + made == (long)BT_LEN(fresh) ? 64 : 0));
        }
    for (int i = 0, st; i < MANY; i++)
        if (wait(&st) > 0 && WIFEXITED(st))
            total += WEXITSTATUS(st) & 63, same += WEXITSTATUS(st) >> 6;
    is_int(total, (long long)BT_LEN(fresh), "many processes make each sentence once");
    is_int(same, MANY, "and each has all of them");
}

int main(void)
{
    struct bt_err err;
    setenv("BANTIN_LANG", "en", 1);
    arena = bt_arena_create();
    bt_tree_remove(DIR);
    bt_dir_make(DIR, &err);
    voice_file("engine\ttone\nsyllable\t50\n");
    test_hits();
    test_descriptors();
    test_key();
    test_data();
    test_damage();
    test_prune();
    test_least_used();
    test_lock();
    test_processes();
    ok(system("ls " STORE "/lock/* " STORE "/[0-9a-f]*/*.say.* >/dev/null 2>&1") != 0,
       "no lock and no temporary file is left");
    bt_tree_remove(DIR);
    bt_arena_destroy(arena);
    return done();
}
