/* A child's answer, and each way in which it can go wrong: one call is lost, never the caller. */
#include "host/host.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int greet(void *ctx, int fd)
{
    return write(fd, ctx, strlen(ctx)) < 0;
}

static int crash(void *ctx, int fd)
{
    (void)!write(fd, "half", 4);
    (void)ctx;
    raise(SIGKILL);
    return 0;
}

static int refuse(void *ctx, int fd)
{
    (void)fd;
    return *(int *)ctx;
}

static _Noreturn int hang(void *ctx, int fd)
{
    (void)ctx, (void)fd;
    for (;;)
        pause();
}

static int hang_closed(void *ctx, int fd)
{
    close(fd);
    return hang(ctx, fd);
}

static int flood(void *ctx, int fd)
{
    char block[4096] = {0};
    (void)ctx;
    while (write(fd, block, sizeof(block)) > 0)
        ;
    return 0;
}

static _Noreturn int spin(void *ctx, int fd)
{
    volatile unsigned *p = ctx;
    (void)fd;
    for (;;)
        ++*p;
}

static int swell(void *ctx, int fd)
{
    (void)ctx, (void)fd;
    return malloc((size_t)1 << 34) != NULL;
}

/* ---- confined: each thing that a parser has no business to do ----------------------------------
 */

static int try_open(void)
{
    return open("/etc/passwd", O_RDONLY);
}
static int try_create(void)
{
    return open("build/tests/confined", O_WRONLY | O_CREAT, 0600);
}
static int try_unlink(void)
{
    return unlink("build/tests/confine-me");
}
static int try_rename(void)
{
    return rename("build/tests/confine-me", "build/tests/confined");
}
static int try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}
static int try_unix(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0);
}
static int try_fork(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return pid;
}
static int try_exec(void)
{
    return execl("/bin/true", "true", (char *)NULL); /* it would answer 0 */
}
static int try_kill(void)
{
    return kill(getppid(), 0);
}
static int inherited; /* a descriptor that the parent holds open */
static int try_inherited(void)
{
    char c;
    return (int)read(inherited, &c, 1);
}
static const struct {
    const char *what;
    int (*get)(void); /* not -1: it went through */
    bool kernel;      /* it takes seccomp */
} forbidden[] = {
    {"open a file", try_open, false},
    {"create a file", try_create, false},
    {"remove a file", try_unlink, true},
    {"rename a file", try_rename, true},
    {"open a socket", try_socket, false},
    {"open a local socket", try_unix, false},
    {"fork", try_fork, true},
    {"become another program", try_exec, true},
    {"signal to another process", try_kill, true},
    {"read what was open", try_inherited, false},
};

static int confined(void *ctx, int fd)
{
    int (*const *get)(void) = ctx;
    char *p;
    bt_child_confine(fd);
    if ((*get)() != -1)
        return 1;
    p = malloc(1 << 20); /* what it may do: compute, take memory, answer */
    bool told = p && write(fd, "xong", 4) == 4;
    free(p);
    return told ? 0 : 2;
}

static bool call(int (*fn)(void *, int), void *ctx, struct bt_limits l, struct bt_buf *out,
                 struct bt_err *err)
{
    bt_buf_init(out, 1 << 20);
    *err = (struct bt_err){0};
    return bt_child_call(fn, ctx, &l, out, err);
}

static bool has_seccomp(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    bool has = false;
    while (f && fgets(line, sizeof(line), f))
        has = has || strncmp(line, "Seccomp:", 8) == 0;
    if (f)
        fclose(f);
    return has;
}

static void confinement(void)
{
    struct bt_buf out;
    struct bt_err err;
    inherited = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    mkdir("build/tests", 0755);
    FILE *f = fopen("build/tests/confine-me", "w");
    if (f)
        fclose(f);
    for (size_t i = 0; i < BT_LEN(forbidden); i++) {
        int (*get)(void) = forbidden[i].get;
        if (forbidden[i].kernel && !has_seccomp())
            continue;
        ok(call(confined, &get, (struct bt_limits){.wall_ms = 20000}, &out, &err) && out.n == 4,
           forbidden[i].what);
        bt_buf_finish(&out);
    }
    ok(access("build/tests/confine-me", F_OK) == 0, "the file stands");
    ok(access("build/tests/confined", F_OK) != 0, "and no other");
    unlink("build/tests/confine-me");
    close(inherited);
}

static bool no_child_left(void)
{
    return waitpid(-1, NULL, WNOHANG) == -1;
}

int main(void)
{
    struct bt_buf out;
    struct bt_err err;
    char hello[] = "xin chào";
    ok(call(greet, hello, (struct bt_limits){.wall_ms = 20000}, &out, &err), "a child answers");
    is_str(out.p, "xin chào", "and its bytes come back");
    bt_buf_finish(&out);

    ok(!call(crash, NULL, (struct bt_limits){0}, &out, &err), "a crash is a failure");
    is_int(err.code, BT_EINNER, "of the inner kind");
    is_str(out.p, "half", "what had come is kept");
    bt_buf_finish(&out);

    int seven = 7;
    ok(!call(refuse, &seven, (struct bt_limits){0}, &out, &err), "an answer other than 0 fails");
    ok(strstr(err.msg, "7") != NULL, "and is named");
    bt_buf_finish(&out);

    ok(!call(hang, NULL, (struct bt_limits){.wall_ms = 30}, &out, &err), "a hang is stopped");
    ok(strstr(err.msg, "30") != NULL, "with the limit named");
    ok(!call(hang_closed, NULL, (struct bt_limits){.wall_ms = 30}, &out, &err),
       "also when the pipe was closed before");

    ok(!call(flood, NULL, (struct bt_limits){.out = 10000}, &out, &err), "a flood is stopped");
    ok(out.n <= 10000, "at the size limit");
    bt_buf_finish(&out);
    ok(!call(flood, NULL, (struct bt_limits){0}, &out, &err), "or at the buffer's own");
    bt_buf_finish(&out);

    unsigned n = 0;
    ok(!call(spin, &n, (struct bt_limits){.cpu_s = 1}, &out, &err), "CPU time has a limit");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    ok(call(swell, NULL, (struct bt_limits){.mem = (size_t)1 << 30}, &out, &err),
       "memory has a limit: malloc answers NULL");
#else
    (void)swell;
#endif
#if !defined(BT_COVERAGE)
    confinement();
#else
    (void)confinement;
#endif
    ok(no_child_left(), "no zombie stays");
    return done();
}
