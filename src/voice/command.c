/*
 * A program as an engine: one process for each sentence, or one that stays and answers each line
 * with the path of a file. Never a shell. Knows pipes and patience; knows no program.
 *
 * In the arguments {text} is the sentence (else it goes to standard input), {in} a file with it,
 * {out} a file that gets the sound (else it comes on standard output), {rate} the rate, 1.00 as
 * usual, {length} its inverse, {dir} the folder of voices.
 */
#include "voice/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 64, SAID_MAX = 240 };

struct program {
    pid_t pid;
    int in, out, err; /* our ends; -1 closed */
};
static struct program staying; /* the one that stays: a process serves one link */

static _Noreturn void become(char **argv, const int in[2], const int out[2], const int err[2])
{
    int nowhere;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    if (err[1] >= 0)
        dup2(err[1], STDERR_FILENO);
    else if ((nowhere = open("/dev/null", O_WRONLY)) >= 0)
        dup2(nowhere, STDERR_FILENO);
    close_range(3, ~0U, 0);
    execvp(argv[0], argv);
    bt_child_exit(127);
}

/* Nobody reads what a program that stays says of its troubles. */
static bool launch(char **argv, bool stays, struct program *p, struct bt_err *e)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    *p = (struct program){-1, -1, -1, -1};
    bool good = pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 &&
                (stays || pipe2(err, O_CLOEXEC | O_NONBLOCK) == 0);
    p->pid = good ? fork() : -1;
    if (p->pid == 0)
        become(argv, in, out, err);
    if (p->pid < 0)
        return bt_fail_sys(e, BT_EINNER, BT_M_VOICE_COMMAND_NOT_RUN, argv[0]);
    close(in[0]), close(out[1]);
    if (err[1] >= 0)
        close(err[1]);
    *p = (struct program){p->pid, in[1], out[0], err[0]};
    fcntl(p->in, F_SETFL, O_NONBLOCK);
    return true;
}

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Push what is left of the text; a program that reads no more is no error. */
static void feed(struct program *p, struct bt_str *text)
{
    ssize_t k = write(p->in, text->p, text->n);
    if (k > 0)
        *text = (struct bt_str){text->p + k, text->n - (size_t)k};
    if (text->n == 0 || (k < 0 && errno != EAGAIN && errno != EINTR))
        shut(&p->in);
}

/* False at the end, or when the buffer is full. */
static bool draw(int *fd, struct bt_buf *to, bool keep_all)
{
    char block[65536];
    ssize_t k = read(*fd, block, sizeof(block));
    if (k < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (k > 0 && (bt_buf_add(to, block, (size_t)k) || !keep_all))
        return true;
    shut(fd);
    return false;
}

/* Text in, sound out, words of trouble aside, until the program closes its output. */
static bool converse(const struct bt_link *l, struct program *p, struct bt_str text,
                     struct bt_buf *sound, struct bt_buf *said, struct bt_err *err)
{
    int64_t deadline = bt_clock_mono() + l->timeout_ms * INT64_C(1000000);
    if (text.n == 0)
        shut(&p->in);
    while (p->out >= 0) {
        struct pollfd f[3] = {{.fd = p->in, .events = POLLOUT},
                              {.fd = p->out, .events = POLLIN},
                              {.fd = p->err, .events = POLLIN}};
        int64_t left = (deadline - bt_clock_mono()) / 1000000;
        if (left <= 0 || poll(f, 3, (int)left) == 0)
            return bt_fail(err, BT_EINNER, BT_M_VOICE_COMMAND_TIME, l->argv[0], l->timeout_ms);
        if (f[0].revents)
            feed(p, &text);
        if (f[2].revents)
            draw(&p->err, said, false);
        if (f[1].revents && !draw(&p->out, sound, true) && sound->over)
            return bt_fail(err, BT_EINNER, BT_M_CHILD_TOO_MUCH);
    }
    return true;
}

static void finish(struct program *p, bool good)
{
    shut(&p->in), shut(&p->out), shut(&p->err);
    if (!good)
        kill(-p->pid, SIGKILL);
}

static bool status(const struct bt_link *l, pid_t pid, struct bt_buf *said, struct bt_err *err)
{
    int st = 0;
    while (waitpid(pid, &st, 0) < 0 && errno == EINTR)
        ;
    struct bt_str words = bt_str_trim(bt_buf_str(said));
    char last[SAID_MAX];
    snprintf(last, sizeof(last), "%.*s", (int)words.n, words.n ? words.p : "");
    if (WIFEXITED(st) && WEXITSTATUS(st) == 127)
        return bt_fail(err, BT_EINNER, BT_M_VOICE_COMMAND_NOT_RUN, l->argv[0]);
    if (WIFSIGNALED(st))
        return bt_fail(err, BT_EINNER, BT_M_VOICE_COMMAND_STATUS, l->argv[0], WTERMSIG(st),
                       strsignal(WTERMSIG(st)));
    return WEXITSTATUS(st) == 0 ||
           bt_fail(err, BT_EINNER, BT_M_VOICE_COMMAND_STATUS, l->argv[0], WEXITSTATUS(st), last);
}

static bool run(const struct bt_link *l, char **argv, struct bt_str text, struct bt_buf *sound,
                struct bt_err *err)
{
    struct program p;
    struct bt_buf said;
    bt_buf_init(&said, SAID_MAX);
    signal(SIGPIPE, SIG_IGN);
    bool good = launch(argv, false, &p, err);
    if (good) {
        good = converse(l, &p, text, sound, &said, err);
        finish(&p, good);
        good = status(l, p.pid, &said, good ? err : NULL) && good;
    }
    bt_buf_finish(&said);
    return good;
}

/* The folder for {in} and {out}, with their names. */
struct files {
    char dir[64], in[80], out[80];
    bool used_in, used_out, used_text;
};

static bool make_files(const struct bt_link *l, const char *text, struct files *f,
                       struct bt_err *err)
{
    for (size_t i = 0; l->argv[i]; i++) {
        f->used_in |= strstr(l->argv[i], "{in}") != NULL;
        f->used_out |= strstr(l->argv[i], "{out}") != NULL;
        f->used_text |= strstr(l->argv[i], "{text}") != NULL;
    }
    if (!f->used_in && !f->used_out)
        return true;
    snprintf(f->dir, sizeof(f->dir), "/tmp/bt-say-XXXXXX");
    if (!mkdtemp(f->dir))
        return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_WRITTEN, f->dir);
    snprintf(f->in, sizeof(f->in), "%s/in.txt", f->dir);
    snprintf(f->out, sizeof(f->out), "%s/out.wav", f->dir);
    return !f->used_in || bt_file_write(f->in, text, strlen(text), err);
}

static char **arguments(struct bt_arena *a, const struct bt_link *l, const struct files *f,
                        const char *text, double rate)
{
    char number[32], inverse[32];
    snprintf(number, sizeof(number), "%.2f", rate);
    snprintf(inverse, sizeof(inverse), "%.2f", 1 / rate);
    const struct bt_place place[] = {{"text", text},   {"in", f->in},       {"out", f->out},
                                     {"rate", number}, {"length", inverse}, {"dir", l->dir}};
    char **argv = bt_alloc(a, (ARGUMENTS + 1) * sizeof(*argv));
    for (size_t i = 0; i < ARGUMENTS && l->argv[i]; i++) {
        struct bt_buf b;
        bt_buf_init(&b, 1 << 16);
        bt_fill(l->argv[i], place, BT_LEN(place), false, &b);
        argv[i] = bt_strdup(a, b.p ? b.p : "");
        bt_buf_finish(&b);
    }
    return argv;
}

static bool speak_once(const struct bt_link *l, const char *text, double rate, struct bt_take *out,
                       struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    struct files f = {.dir = ""};
    struct bt_buf sound;
    bt_buf_init(&sound, BT_SOUND_MAX);
    bool good = make_files(l, text, &f, err);
    if (good) {
        bool piped = !f.used_in && !f.used_text;
        char *line = bt_format(a, "%s\n", text);
        good = run(l, arguments(a, l, &f, text, rate), bt_str(piped ? line : NULL), &sound, err);
    }
    if (good && f.used_out) {
        bt_buf_clear(&sound);
        good = bt_file_read(f.out, BT_SOUND_MAX, &sound, err);
    }
    good = good && bt_sound_decode(l, bt_buf_str(&sound), out, err);
    if (f.dir[0])
        bt_tree_remove(f.dir);
    bt_buf_finish(&sound);
    bt_arena_destroy(a);
    return good;
}

/* ---- a program that stays: a line in, a path out ----------------------------------------------
 */

static bool start(const struct bt_link *l, struct bt_err *err)
{
    if (!l->stay)
        return true;
    struct bt_arena *a = bt_arena_create();
    struct files none = {.dir = ""};
    signal(SIGPIPE, SIG_IGN);
    bool good = launch(arguments(a, l, &none, "", l->pace), true, &staying, err);
    bt_arena_destroy(a);
    return good;
}

/* Its next line, without the end. */
static bool next_line(const struct bt_link *l, struct bt_buf *line, struct bt_err *err)
{
    int64_t deadline = bt_clock_mono() + l->timeout_ms * INT64_C(1000000);
    for (;;) {
        struct pollfd f = {.fd = staying.out, .events = POLLIN};
        int64_t left = (deadline - bt_clock_mono()) / 1000000;
        char c;
        if (left <= 0 || poll(&f, 1, (int)left) == 0)
            return bt_fail(err, BT_EINNER, BT_M_VOICE_COMMAND_TIME, l->argv[0], l->timeout_ms);
        ssize_t k = read(staying.out, &c, 1);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0 || line->over)
            return bt_fail(err, BT_EINNER, BT_M_VOICE_COMMAND_NO_ANSWER);
        if (c == '\n' && line->n > 0)
            return true;
        if (c != '\n')
            bt_buf_addc(line, c);
    }
}

static bool speak_staying(const struct bt_link *l, const char *text, struct bt_take *out,
                          struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_buf line, sound;
    struct bt_str rest = bt_str(bt_format(a, "%s\n", text));
    bt_buf_init(&line, 4096);
    bt_buf_init(&sound, BT_SOUND_MAX);
    while (rest.n > 0 && staying.in >= 0) {
        struct pollfd f = {.fd = staying.in, .events = POLLOUT};
        if (poll(&f, 1, l->timeout_ms) <= 0)
            break;
        ssize_t k = write(staying.in, rest.p, rest.n);
        if (k <= 0)
            break;
        rest = (struct bt_str){rest.p + k, rest.n - (size_t)k};
    }
    bool good = rest.n == 0 || bt_fail(err, BT_EINNER, BT_M_VOICE_COMMAND_NO_ANSWER);
    good = good && next_line(l, &line, err) && bt_file_read(line.p, BT_SOUND_MAX, &sound, err) &&
           bt_sound_decode(l, bt_buf_str(&sound), out, err);
    if (good)
        unlink(line.p);
    bt_buf_finish(&line);
    bt_buf_finish(&sound);
    bt_arena_destroy(a);
    return good;
}

static bool speak(const struct bt_link *l, const char *text, double rate, struct bt_take *out,
                  struct bt_err *err)
{
    return l->stay ? speak_staying(l, text, out, err)
                   : speak_once(l, text, rate * l->pace, out, err);
}

const struct bt_engine bt_engine_command = {.name = "command",
                                            .foreign = true,
                                            .slowest = 0.7,
                                            .fastest = 1.4,
                                            .start = start,
                                            .speak = speak};
