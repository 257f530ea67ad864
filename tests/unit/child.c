/* A child's answer, and each way in which it can go wrong: one call is lost, never the caller. */
#include "host/host.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
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

static bool call(int (*fn)(void *, int), void *ctx, struct bt_limits l, struct bt_buf *out,
                 struct bt_err *err)
{
    bt_buf_init(out, 1 << 20);
    *err = (struct bt_err){0};
    return bt_child_call(fn, ctx, &l, out, err);
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
#if !defined(__SANITIZE_ADDRESS__)
    ok(call(swell, NULL, (struct bt_limits){.mem = (size_t)1 << 30}, &out, &err),
       "memory has a limit: malloc answers NULL");
#else
    (void)swell;
#endif
    ok(no_child_left(), "no zombie stays");
    return done();
}
