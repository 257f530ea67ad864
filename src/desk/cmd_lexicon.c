/*
 * bantin lexicon: the station's own words. Knows the table as lines that people edit: it keeps
 * their comments and their order. Knows no language: the text room says whether a row is right.
 */
#include "desk/desk.h"

#include <fcntl.h>
#include <spawn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TABLE_MAX = 8 << 20 };

struct options {
    const char *voices, *pack, *rundown, *out;
};

#define OPTION(name, member, argument, help)                                                       \
    {                                                                                              \
        name, BT_VALUE, offsetof(struct options, member), argument, help                           \
    }
static const struct bt_option table[] = {
    OPTION("pack", pack, "DIR", BT_M_OPT_PACK),
    OPTION("rundown", rundown, "FILE", BT_M_OPT_RUNDOWN),
    OPTION("o", out, "WAV", BT_M_OPT_WAV),
    OPTION("voices", voices, "DIR", BT_M_OPT_VOICES),
};

struct job {
    struct bt_arena *a;
    struct options o;
    const char *voices;
    struct bt_words rest; /* after the sub-command */
};

static void tell(enum bt_msg id, ...)
{
    va_list ap;
    char words[4096];
    va_start(ap, id);
    bt_vmsg(words, sizeof(words), id, ap);
    va_end(ap);
    puts(words);
}

/* ---- the table as lines ---------------------------------------------------------------------- */

static struct bt_str column(struct bt_str line, int n)
{
    struct bt_str piece = {0};
    for (int k = 0; k <= n; k++)
        if (!bt_str_cut(&line, '\t', &piece))
            return (struct bt_str){"", 0};
    return bt_str_trim(piece);
}

static int order(struct bt_str a, struct bt_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int d = n ? memcmp(a.p, b.p, n) : 0;
    return d ? d : a.n < b.n ? -1 : a.n > b.n;
}

static bool is_row(struct bt_str line)
{
    return line.n && line.p[0] != '#' && bt_str_trim(line).n;
}

/* The same written words under the same cues: the new row takes this one's place. */
static bool same_key(struct bt_str a, struct bt_str b)
{
    return bt_str_eq(column(a, 0), column(b, 0)) && bt_str_eq(column(a, 2), column(b, 2)) &&
           bt_str_eq(column(a, 3), column(b, 3));
}

static void insert(struct bt_str text, struct bt_str row, struct bt_buf *out)
{
    struct bt_str line;
    bool put = false;
    while (bt_str_line(&text, &line)) {
        bool replaces = is_row(line) && same_key(line, row);
        bool before = is_row(line) && order(column(row, 0), column(line, 0)) < 0;
        if (!put && (replaces || before)) {
            bt_buf_add(out, row.p, row.n);
            bt_buf_addc(out, '\n');
            put = true;
        }
        if (!replaces) {
            bt_buf_add(out, line.p, line.n);
            bt_buf_addc(out, '\n');
        }
    }
    if (!put) {
        bt_buf_add(out, row.p, row.n);
        bt_buf_addc(out, '\n');
    }
}

static const char *row_of(struct job *j)
{
    const char *row = bt_format(j->a, "%s\t%s", j->rest.item[0], j->rest.item[1]);
    for (size_t k = 2; k < j->rest.n; k++)
        row = bt_format(j->a, "%s\t%s", row, j->rest.item[k]);
    return row;
}

/* ---- what changes in a bulletin -------------------------------------------------------------- */

static bool lines_of(struct job *j, const char *pack, struct bt_lines *out, struct bt_err *err)
{
    struct bt_lang *l;
    struct bt_rundown r;
    if (!bt_rundown_load(j->a, j->o.rundown, &r, err) || !bt_lang_load(j->voices, pack, &l, err))
        return false;
    bt_text_lines(l, NULL, j->a, &r, out);
    for (size_t i = 0; i < out->n; i++)
        out->line[i].utt.text = bt_strdup(j->a, out->line[i].utt.text);
    bt_lang_destroy(l);
    return true;
}

static long differing(const struct bt_lines *a, const struct bt_lines *b)
{
    long n = a->n > b->n ? (long)(a->n - b->n) : (long)(b->n - a->n);
    for (size_t i = 0; i < a->n && i < b->n; i++)
        n += strcmp(a->line[i].utt.text, b->line[i].utt.text) != 0;
    return n;
}

/* ---- the four sub-commands ------------------------------------------------------------------- */

/* Does the language load with this text as its table? Tried in a folder of its own: the station's
 * table never stands wrong, not even for a moment. */
static bool loads(struct job *j, const char *as, struct bt_str text, struct bt_err *err)
{
    char *dir = bt_path_join(j->a, bt_temp_dir(), "bantin-XXXXXX");
    struct bt_lang *l = NULL;
    if (!mkdtemp(dir))
        return bt_fail_sys(err, BT_EINNER, BT_M_DIR_NOT_MADE, dir);
    const char *path = bt_path_join(j->a, dir, "lexicon.tsv");
    bool good = bt_file_write(path, text.p, text.n, err) && bt_lang_load(j->voices, dir, &l, err);
    bt_lang_destroy(l);
    unlink(path);
    rmdir(dir);
    if (!good && bt_str_starts(bt_str(err->msg), bt_str(path))) {
        const char *rest = bt_strdup(j->a, err->msg + strlen(path));
        snprintf(err->msg, sizeof(err->msg), "%s%s", as, rest);
    }
    return good;
}

static bool put_table(struct job *j, const char *path, struct bt_str old, struct bt_err *err)
{
    struct bt_buf b;
    bt_buf_init(&b, TABLE_MAX);
    insert(old, bt_str(row_of(j)), &b);
    bool good = loads(j, path, bt_buf_str(&b), err) && bt_file_write(path, b.p, b.n, err);
    bt_buf_finish(&b);
    return good;
}

static bool add(struct job *j, struct bt_err *err)
{
    struct bt_lines before = {0}, after = {0};
    struct bt_buf b;
    if (!j->o.pack)
        return bt_fail(err, BT_EUSAGE, BT_M_LEXICON_NEEDS_PACK);
    const char *path = bt_path_join(j->a, j->o.pack, "lexicon.tsv");
    bt_buf_init(&b, TABLE_MAX);
    bool good = !bt_file_exists(path) || bt_file_read(path, TABLE_MAX, &b, err);
    good = good && (!j->o.rundown || lines_of(j, j->o.pack, &before, err)) &&
           put_table(j, path, bt_buf_str(&b), err) &&
           (!j->o.rundown || lines_of(j, j->o.pack, &after, err));
    bt_buf_finish(&b);
    if (good)
        tell(BT_M_LEXICON_ADDED, path, j->rest.item[0], j->rest.item[1]);
    if (good && j->o.rundown)
        tell(BT_M_LEXICON_CHANGES, differing(&before, &after));
    return good;
}

/* ---- hearing a word ----------------------------------------------------------------------------
 */

static bool play_with(char *const *argv)
{
    int status = 0;
    pid_t pid;
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    bool begun = posix_spawnp(&pid, argv[0], &files, NULL, argv, environ) == 0;
    posix_spawn_file_actions_destroy(&files);
    return begun && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

/* $BANTIN_PLAYER, or the first that a desktop has: PipeWire's, PulseAudio's, ALSA's. */
static bool play(struct bt_arena *a, const char *wav)
{
    static const char *const players[] = {"pw-play", "paplay", "aplay"};
    const char *own = getenv("BANTIN_PLAYER");
    char *file = bt_strdup(a, wav);
    if (own)
        return own[0] && play_with((char *const[]){bt_strdup(a, own), file, NULL});
    for (size_t k = 0; k < BT_LEN(players); k++)
        if (play_with((char *const[]){bt_strdup(a, players[k]), file, NULL}))
            return true;
    return false;
}

static bool speak(struct job *j, const char *wav)
{
    char *say[] = {bt_strdup(j->a, "say"), bt_strdup(j->a, j->rest.item[1]), bt_strdup(j->a, "-o"),
                   bt_strdup(j->a, wav), NULL};
    return bt_cmd_say(4, say) == BT_OK;
}

/* Into -o, or to the sound card; without one into a file that is named. */
static bool hear(struct job *j, struct bt_err *err)
{
    if (j->o.out)
        return speak(j, j->o.out) || bt_fail(err, BT_EINNER, BT_M_NO_SPEECH);
    char *wav = bt_path_join(j->a, bt_temp_dir(), "bantin-XXXXXX.wav");
    int fd = mkstemps(wav, 4);
    if (fd < 0)
        return bt_fail(err, BT_EINNER, BT_M_NO_SPEECH);
    close(fd);
    bool spoken = speak(j, wav);
    if (!spoken || play(j->a, wav))
        unlink(wav);
    else
        fprintf(stderr, "%s\n", bt_format(j->a, bt_msg(BT_M_LEXICON_HEAR), wav));
    return spoken || bt_fail(err, BT_EINNER, BT_M_NO_SPEECH);
}

/* As it is read now and as it would be, and how that sounds. */
static bool try_word(struct job *j, struct bt_err *err)
{
    struct bt_lang *l;
    struct bt_reading r;
    if (!bt_lang_load(j->voices, j->o.pack, &l, err))
        return false;
    bt_text_read(l, NULL, j->a, bt_str(j->rest.item[0]), BT_BREAK_PARAGRAPH, &r);
    for (size_t i = 0; i < r.nutt; i++)
        printf("< %s\n", r.utt[i].text);
    bt_text_read(l, NULL, j->a, bt_str(j->rest.item[1]), BT_BREAK_PARAGRAPH, &r);
    for (size_t i = 0; i < r.nutt; i++)
        printf("> %s\n", r.utt[i].text);
    bt_lang_destroy(l);
    fflush(stdout);
    return hear(j, err);
}

static bool list(struct job *j, struct bt_err *err)
{
    struct bt_lang *l;
    struct bt_buf b;
    const char *what = j->rest.n ? j->rest.item[0] : "";
    if (!bt_lang_load(j->voices, j->o.pack, &l, err))
        return false;
    bt_buf_init(&b, TABLE_MAX);
    bt_lang_list(l, bt_str(what), &b);
    fwrite(b.p ? b.p : "", 1, b.n, stdout);
    bool any = b.n > 0;
    bt_buf_finish(&b);
    bt_lang_destroy(l);
    return any || bt_fail(err, BT_ENOTHING, BT_M_LEXICON_NONE, what);
}

static bool check(struct job *j, struct bt_err *err)
{
    struct bt_lang *l;
    if (!bt_lang_load(j->voices, j->o.pack, &l, err))
        return false;
    bt_lang_destroy(l);
    tell(BT_M_LEXICON_GOOD, j->o.pack ? j->o.pack : j->voices);
    return true;
}

static const struct {
    const char *name;
    size_t least, most; /* arguments */
    bool (*run)(struct job *j, struct bt_err *err);
} subs[] = {
    {"add", 2, 4, add}, {"try", 2, 2, try_word}, {"list", 0, 1, list}, {"check", 0, 0, check}};

/* What belongs to one of them alone. */
static bool all_used(const struct job *j, const char *name, struct bt_err *err)
{
    static const char *const of_try[] = {"o", NULL}, *const of_add[] = {"rundown", NULL};
    return (strcmp(name, "try") == 0 ||
            bt_options_only(table, BT_LEN(table), &j->o, of_try, "try", err)) &&
           (strcmp(name, "add") == 0 ||
            bt_options_only(table, BT_LEN(table), &j->o, of_add, "add", err));
}

static bool run(struct job *j, struct bt_err *err)
{
    const char *name = j->rest.item[0];
    if (!all_used(j, name, err))
        return false;
    j->voices = bt_voices_dir(j->a, j->o.voices, err);
    if (!j->voices)
        return false;
    j->rest.item++;
    j->rest.n--;
    for (size_t k = 0; k < BT_LEN(subs); k++)
        if (strcmp(subs[k].name, name) == 0 && j->rest.n >= subs[k].least &&
            j->rest.n <= subs[k].most)
            return subs[k].run(j, err);
    return bt_fail(err, BT_EUSAGE, BT_M_LEXICON_USAGE);
}

int bt_cmd_lexicon(int argc, char **argv)
{
    struct bt_err err = {.code = BT_OK};
    struct job j = {.a = bt_arena_create()};
    int code = bt_command_open(j.a, table, BT_LEN(table), argc, argv, &j.o, &j.rest, 1, 5);
    if (code < 0) {
        struct bt_teller t;
        bt_teller_init(&t, false);
        code = run(&j, &err) ? BT_OK : bt_tell_error(&t, &err);
        bt_teller_close(&t);
    }
    bt_arena_destroy(j.a);
    return code;
}
