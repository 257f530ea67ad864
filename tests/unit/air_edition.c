/* Editions: one name at once, old or new whole at every instant, no leftovers after the next run.
 */
#include "air/air.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static char top[] = "/tmp/bantin-edition-XXXXXX";
static struct bt_arena *arena;

static const char *in(const char *name)
{
    return bt_path_join(arena, bt_format(arena, "%s/tin", top), name);
}

static const char *content(const char *name)
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 20);
    char *s =
        bt_file_read(in(name), b.max, &b, NULL) ? bt_strndup(arena, b.p ? b.p : "", b.n) : NULL;
    bt_buf_finish(&b);
    return s;
}

static void put(const struct bt_edition *e, const char *name, const char *text)
{
    bt_file_write(bt_path_join(arena, e->work, name), text, strlen(text), NULL);
}

/* How many names there are, and how many of them begin with a dot. */
static int names(const char *dir, int *dots)
{
    DIR *d = opendir(dir);
    int n = 0;
    *dots = 0;
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        n++;
        *dots += e->d_name[0] == '.';
    }
    if (d)
        closedir(d);
    return n;
}

static int dots(void)
{
    int n;
    names(in("."), &n);
    return n;
}

/* A whole edition that holds `text` in its sound, and its page. */
static bool publish(const char *date, bool again, const char *text)
{
    struct bt_edition e;
    struct bt_err err = {0};
    bool done;
    if (!bt_edition_begin(arena, top, "tin", date, again, &e, &done, &err) || done)
        return false;
    const char *wav = bt_format(arena, "%s.wav", e.stem);
    put(&e, wav, text);
    put(&e, "index.html", text);
    return bt_edition_commit(&e, (const char *[]){wav, "index.html"}, 2, &err);
}

static void fresh(void)
{
    bt_tree_remove(bt_format(arena, "%s/tin", top));
}

static void walk_tests(void)
{
    struct bt_edition e;
    struct bt_err err = {0};
    bool done = true;
    ok(bt_edition_begin(arena, top, "tin", "2025-11-25", false, &e, &done, &err), "begun");
    ok(!done, "nothing was there");
    is_str(e.name, "2025-11-25", "its name is the date");
    is_str(e.stem, "tin-2025-11-25", "its files begin with programme and date");
    put(&e, "tin-2025-11-25.wav", "một");
    ok(!bt_file_exists(in("2025-11-25")), "no public name while it is being built");
    ok(bt_edition_commit(&e, (const char *[]){"tin-2025-11-25.wav"}, 1, &err), "committed");
    is_str(content("2025-11-25/tin-2025-11-25.wav"), "một", "now it is there");
    is_str(content("moi-nhat.wav"), "một", "and is the newest");
    is_int(dots(), 0, "no dot name stays");
    bt_edition_abandon(&e);
    ok(bt_file_exists(in("2025-11-25")), "abandoning after the commit does nothing");

    ok(bt_edition_begin(arena, top, "tin", "2025-11-25", false, &e, &done, &err) && done,
       "a second run finds it done");
    is_int(dots(), 0, "and opens nothing");
    ok(publish("2025-11-25", true, "hai"), "asked again");
    is_str(content("2025-11-25/tin-2025-11-25.wav"), "một", "the first edition is untouched");
    is_str(content("2025-11-25.2/tin-2025-11-25.wav"), "hai", "the second has its own folder");
    is_str(content("moi-nhat.wav"), "hai", "and is the newest");
    is_str(content("moi-nhat-index.html"), "hai", "another name keeps it");
    ok(publish("2025-11-25", true, "ba"), "a third time");
    is_str(content("2025-11-25.3/tin-2025-11-25.wav"), "ba", "has the next number");
    ok(publish("2025-11-24", false, "hôm qua"), "yesterday's, made late");
    is_str(content("moi-nhat.wav"), "ba", "does not become the newest");
}

/* An edition with a feed of its own and a page. */
static bool publish_feed(const char *date, bool again, const char *text)
{
    struct bt_edition e;
    bool done;
    if (!bt_edition_begin(arena, top, "tin", date, again, &e, &done, NULL) || done)
        return false;
    put(&e, "feed.xml",
        bt_format(arena,
                  "<rss>\n<channel>\n<title>%s</title>\n<item>\n%s\n</item>\n</channel>\n</rss>\n",
                  text, text));
    put(&e, "index.html", bt_format(arena, "<html><title>Bản tin &lt;%s&gt;</title></html>", text));
    return bt_edition_commit(&e, NULL, 0, NULL);
}

/* Killed after the rename, and the clock has gone back: the copies are newer than the edition. */
static void stale_tests(void)
{
    struct bt_edition e;
    bool done = false;
    fresh();
    ok(publish("2025-11-25", false, "mới"), "an edition");
    put(&(struct bt_edition){.work = in(".")}, "moi-nhat.wav", "cũ.");
    utimensat(AT_FDCWD, in("moi-nhat.wav"),
              (const struct timespec[]){{.tv_sec = 4000000000}, {.tv_sec = 4000000000}}, 0);
    put(&(struct bt_edition){.work = in("2025-11-25")}, "tin-2025-11-25.vi.vtt", "lời");
    ok(bt_edition_begin(arena, top, "tin", "2025-11-25", false, &e, &done, NULL) && done,
       "run again");
    is_str(content("moi-nhat.wav"), "mới", "an old copy that claims to be newer is replaced");
    ok(!bt_file_exists(in("moi-nhat.vi.vtt")), "what has no copy after a commit gets none now");
}

/* No room for the first copy, which is longer, nor for the list: as a full disk, by a limit on a
 * file's size. */
static void full_tests(void)
{
    enum { ROOM = 1000 };
    struct rlimit was, little;
    struct bt_edition e;
    struct bt_err err = {0};
    bool done = false;
    const char *long_one = bt_format(arena, "%*s", 2 * ROOM, "mới");
    const char *const names[] = {"tin-2025-11-26.mp3", "tin-2025-11-26.wav"};
    fresh();
    ok(publish("2025-11-25", false, "cũ"), "an edition");
    put(&(struct bt_edition){.work = in(".")}, "moi-nhat.mp3", "cũ");
    bt_edition_begin(arena, top, "tin", "2025-11-26", false, &e, &done, &err);
    put(&e, names[0], long_one);
    put(&e, names[1], "mới");
    put(&e, "index.html", "<title>mới</title>");
    getrlimit(RLIMIT_FSIZE, &was);
    little = was;
    little.rlim_cur = ROOM;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &little);
    ok(!bt_edition_commit(&e, names, 2, &err) && err.code == BT_EDELIVER,
       "a copy that has no room is told");
    is_str(content("2025-11-26/tin-2025-11-26.mp3"), long_one, "the edition stands");
    is_str(content("moi-nhat.wav"), "mới", "what had room is of the edition");
    is_str(content("moi-nhat.mp3"), "cũ", "what had none is the old one, whole");
    is_int(dots(), 0, "no half copy stays");
    ok(!bt_edition_begin(arena, top, "tin", "2025-11-26", false, &e, &done, &err),
       "the next run fails too while there is no room");
    is_str(content("moi-nhat.mp3"), "cũ", "and leaves the old one");
    setrlimit(RLIMIT_FSIZE, &was);
    signal(SIGXFSZ, SIG_DFL);
    ok(bt_edition_begin(arena, top, "tin", "2025-11-26", false, &e, &done, &err) && done,
       "with room again the next run finds the edition done");
    is_str(content("moi-nhat.mp3"), long_one, "and mends the copy");
    ok(strstr(content("index.html"), "2025-11-26"), "and the list");
    is_int(dots(), 0, "leaving nothing behind");
}

static void listing_tests(void)
{
    fresh();
    ok(publish("2025-11-23", false, "không có gì") && !bt_file_exists(in("feed.xml")),
       "no feed of editions without one");
    ok(publish_feed("2025-11-24", false, "một") && publish_feed("2025-11-25", false, "hai") &&
           publish_feed("2025-11-25", true, "ba"),
       "three editions of two dates");
    const char *feed = "<rss>\n<channel>\n<title>ba</title>\n<item>\nba\n</item>\n"
                       "<item>\nmột\n</item>\n</channel>\n</rss>\n";
    is_str(content("feed.xml"), feed, "the newest's feed, with the earlier date's item");
    const char *page = content("index.html");
    const char *last = strstr(page, "<a href=\"2025-11-25.2/index.html\">Bản tin &lt;ba&gt;</a>");
    ok(last && strstr(last, "<a href=\"2025-11-24/index.html\">Bản tin &lt;một&gt;</a>"),
       "the page names both, newest first");
    ok(!strstr(page, "2025-11-25/index.html"), "and not the one that was made again");
    bt_tree_remove(in("2025-11-25.2"));
    put(&(struct bt_edition){.work = in("2025-11-25")}, "feed.xml", "<rss>\nhỏng");
    ok(publish_feed("2025-11-26", false, "bốn"), "a broken one among them");
    ok(strstr(content("feed.xml"), "bốn\n</item>\n<item>\nmột"), "is passed over");
    is_int(dots(), 0, "no dot name stays");
}

static void abandon_tests(void)
{
    struct bt_edition e;
    struct bt_err err = {0};
    bool done;
    fresh();
    bt_edition_abandon(NULL);
    ok(bt_edition_begin(arena, top, "tin", "2025-11-25", false, &e, &done, &err), "begun");
    put(&e, "a", "a");
    bt_edition_abandon(&e);
    bt_edition_abandon(&e);
    int hidden;
    is_int(names(in("."), &hidden), 0, "abandoned, twice too: nothing stays");
    static const char *const bad[][2] = {{"../tin", "2025-11-25"}, {".tin", "2025-11-25"},
                                         {"", "2025-11-25"},       {"tin", "2025-13-25"},
                                         {"tin", "2025-11-25/.."}, {"tin", "hôm nay"}};
    for (size_t i = 0; i < BT_LEN(bad); i++) {
        err = (struct bt_err){0};
        ok(!bt_edition_begin(arena, top, bad[i][0], bad[i][1], false, &e, &done, &err) &&
               err.code == BT_EDELIVER,
           bt_format(arena, "no folder is named after '%s' '%s'", bad[i][0], bad[i][1]));
    }
    bt_file_write(bt_format(arena, "%s/tệp", top), "x", 1, NULL);
    ok(!bt_edition_begin(arena, bt_format(arena, "%s/tệp", top), "tin", "2025-11-25", false, &e,
                         &done, &err) &&
           err.code == BT_EDELIVER,
       "OUT that is a file cannot be delivered to");
}

static void busy_tests(void)
{
    int up[2], down[2];
    char c;
    fresh();
    if (pipe(up) != 0 || pipe(down) != 0)
        return;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct bt_edition e;
        bool done;
        bool got = bt_edition_begin(arena, top, "tin", "2025-11-25", false, &e, &done, NULL);
        put(&e, "a", "a");
        write(up[1], got ? "y" : "n", 1);
        read(down[0], &c, 1);
        _exit(0);
    }
    read(up[0], &c, 1);
    struct bt_edition e;
    struct bt_err err = {0};
    bool done;
    ok(!bt_edition_begin(arena, top, "tin", "2025-11-25", false, &e, &done, &err), "held");
    is_int(err.code, BT_EBUSY, "another run holds this edition");
    ok(publish("2025-11-26", false, "mai"), "another date goes on meanwhile");
    is_int(dots(), 2, "and sweeps nothing of the living");
    write(down[1], "x", 1);
    waitpid(pid, NULL, 0);
    ok(publish("2025-11-27", false, "mốt"), "a later date");
    is_int(dots(), 0, "sweeps what the dead one left");
}

static void sweep_tests(void)
{
    fresh();
    bt_dir_make(in(".2025-11-25.2.bt-99/tin"), NULL);
    bt_file_write(in(".2025-11-25.2.bt-99/tin/a"), "a", 1, NULL);
    bt_dir_make(in(".2025-10-01.bt-98"), NULL);
    bt_file_write(in(".moi-nhat.wav.bt-97"), "a", 1, NULL);
    bt_file_write(in(".trạm"), "a", 1, NULL);
    bt_dir_make(in("2025-11-24"), NULL);
    ok(publish("2025-11-25", false, "một"), "over leftovers");
    is_int(dots(), 1, "all of them are swept, and nothing that is not ours");
    ok(bt_file_exists(in(".trạm")), "the station's own dot name stays");
    ok(bt_file_exists(in("2025-11-24")), "and so do other editions");
}

/* ---- killed at every system call ---- */

static bool publish_second(void)
{
    return publish("2025-11-25", true, "mới");
}

/* Work in a child; kill it when it makes its nth call. False: it ended first. */
static bool killed_at(int nth, bool (*work)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(77);
        raise(SIGSTOP);
        _exit(work() ? 0 : 1);
    }
    int status;
    waitpid(pid, &status, 0);
    ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
    for (int n = 0; WIFSTOPPED(status) && n < nth; n++) {
        ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
        waitpid(pid, &status, 0);
    }
    if (!WIFSTOPPED(status))
        return false;
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return true;
}

static bool is_traceable(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : 77);
    int status;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool is_one_of(const char *s, const char *a, const char *b)
{
    return s && (strcmp(s, a) == 0 || (b && strcmp(s, b) == 0));
}

/* Every public name is the old whole or the new whole. */
/* What has the fixed name stands in the list: it switches last. */
static bool whole(void)
{
    bool second = bt_file_exists(in("2025-11-25.2"));
    if (strcmp(content("moi-nhat.wav"), "mới") == 0 &&
        !strstr(content("index.html"), "2025-11-25.2"))
        return false;
    return is_one_of(content("2025-11-25/tin-2025-11-25.wav"), "cũ", NULL) &&
           is_one_of(content("moi-nhat.wav"), "cũ", second ? "mới" : NULL) &&
           is_one_of(content("moi-nhat-index.html"), "cũ", second ? "mới" : NULL) &&
           (!second || (is_one_of(content("2025-11-25.2/tin-2025-11-25.wav"), "mới", NULL) &&
                        is_one_of(content("2025-11-25.2/index.html"), "mới", NULL)));
}

static void kill_tests(void)
{
    fflush(stdout);
    if (!is_traceable()) {
        printf("ok %d - # SKIP no tracing here\n", ++tap_count);
        return;
    }
    int broken = 0, left = 0, n = 0;
    for (bool more = true; more; n++) {
        fresh();
        publish("2025-11-25", false, "cũ");
        more = killed_at(n, publish_second);
        broken += !whole();
        broken += publish("2025-11-25", false, "thừa");
        broken += !is_one_of(content("moi-nhat.wav"),
                             bt_file_exists(in("2025-11-25.2")) ? "mới" : "cũ", NULL);
        broken += !publish("2025-11-26", false, "sau");
        broken += !is_one_of(content("moi-nhat.wav"), "sau", NULL);
        left += dots() > 0;
    }
    printf("# killed at %d places\n", n - 1);
    ok(n > 50, "there are many places to be killed at");
    is_int(broken, 0, "killed at each of them: the old or the new, and the next run works");
    is_int(left, 0, "and leaves nothing behind");
}

/* ---- a playout's folder: killed at every system call, too ---- */

static bool drop_of(const char *name)
{
    const char *files[] = {"tin-2025-11-25.wav"};
    struct bt_words as = {(const char *[]){"fixed", "dated", "newest"}, 3};
    struct bt_edition e = {
        .root = in("."), .name = bt_strdup(arena, name), .stem = "tin-2025-11-25", .lock = -1};
    return bt_edition_drop(&e, bt_format(arena, "%s/phat", top), &as, files, 1, NULL);
}

static bool drop_second(void)
{
    return drop_of("2025-11-25.2");
}

/* The three names, the third of the edition with this number. */
static const char *dropped(int i, const char *edition)
{
    static const char *const names[] = {"tin.wav", "tin-2025-11-25.wav", "tin/tin-%s.wav"};
    return content(bt_format(arena, bt_format(arena, "../phat/%s", names[i]), edition));
}

static int drop_dots(void)
{
    int above, below;
    names(in("../phat"), &above);
    names(in("../phat/tin"), &below);
    return above + below + dots();
}

static void drop_kill_tests(void)
{
    fflush(stdout);
    if (!is_traceable()) {
        printf("ok %d - # SKIP no tracing here\n", ++tap_count);
        return;
    }
    int broken = 0, left = 0, n = 0;
    for (bool more = true; more; n++) {
        fresh();
        bt_tree_remove(in("../phat"));
        bt_dir_make(in("../phat"), NULL);
        broken += !publish("2025-11-25", false, "cũ") || !drop_of("2025-11-25");
        broken += !publish("2025-11-25", true, "mới");
        more = killed_at(n, drop_second);
        for (int i = 0; i < 2; i++)
            broken += !is_one_of(dropped(i, ""), "cũ", "mới");
        broken += !is_one_of(dropped(2, "2025-11-25"), "cũ", NULL);
        const char *new = dropped(2, "2025-11-25.2");
        broken += new && !is_one_of(new, "mới", NULL);
        broken += !drop_second();
        for (int i = 0; i < 3; i++)
            broken += !is_one_of(dropped(i, "2025-11-25.2"), "mới", NULL);
        left += drop_dots() > 0;
    }
    printf("# killed at %d places\n", n - 1);
    ok(n > 50, "a drop has many places to be killed at");
    is_int(broken, 0, "killed at each of them: the old or the new, and the next run makes it good");
    is_int(left, 0, "and leaves nothing behind in the playout's folder");
}

int main(void)
{
    arena = bt_arena_create();
    if (!mkdtemp(top))
        return 1;
    walk_tests();
    stale_tests();
    full_tests();
    listing_tests();
    abandon_tests();
    busy_tests();
    sweep_tests();
    kill_tests();
    drop_kill_tests();
    bt_tree_remove(top);
    bt_arena_destroy(arena);
    return done();
}
