/* Children with limits: one call in a process of its own. Knows nothing of what it runs. */
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1 /* shadow memory needs terabytes of address space */
#else
#define SANITIZED 0
#endif

static void limit(int what, rlim_t soft, rlim_t hard)
{
    struct rlimit now;
    if (getrlimit(what, &now) == 0 && now.rlim_max < hard)
        hard = now.rlim_max;
    now = (struct rlimit){soft < hard ? soft : hard, hard};
    setrlimit(what, &now);
}

void bt_child_limit(const struct bt_limits *l)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit(RLIMIT_CORE, 0, 0);
    if (l->cpu_s > 0)
        limit(RLIMIT_CPU, (rlim_t)l->cpu_s, (rlim_t)l->cpu_s + 1);
    if (l->mem > 0 && !SANITIZED)
        limit(RLIMIT_AS, l->mem, l->mem);
}

enum ending { ENDED, TOO_LONG, TOO_MUCH, BROKEN };

static int left_ms(int64_t deadline)
{
    if (deadline == 0)
        return -1;
    int64_t left = (deadline - bt_clock_mono() + 999999) / 1000000;
    return left > 0 ? (int)left : 0;
}

/* Everything until the child closes its end, or a limit is passed. */
static enum ending collect(int fd, const struct bt_limits *l, struct bt_buf *out)
{
    int64_t deadline = l->wall_ms > 0 ? bt_clock_mono() + (int64_t)l->wall_ms * 1000000 : 0;
    size_t got = 0;
    for (;;) {
        char block[65536];
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = poll(&p, 1, left_ms(deadline));
        if (ready == 0)
            return TOO_LONG;
        ssize_t k = ready < 0 ? -1 : read(fd, block, sizeof(block));
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return k == 0 ? ENDED : BROKEN;
        got += (size_t)k;
        if ((l->out > 0 && got > l->out) || !bt_buf_add(out, block, (size_t)k))
            return TOO_MUCH;
    }
}

/* The child has closed its pipe; it may still hang before it leaves. */
static bool wait_until(pid_t pid, int64_t deadline, int *status)
{
    for (;;) {
        pid_t k = waitpid(pid, status, deadline ? WNOHANG : 0);
        if (k == pid || (k < 0 && errno != EINTR))
            return k == pid;
        if (deadline && bt_clock_mono() >= deadline)
            return false;
        if (deadline)
            poll(NULL, 0, 1);
    }
}

static bool judge(enum ending how, bool waited, int status, const struct bt_limits *l,
                  struct bt_err *err)
{
    if (how == TOO_LONG || (how == ENDED && !waited))
        return bt_fail(err, BT_EINNER, BT_M_CHILD_HUNG, l->wall_ms);
    if (how == TOO_MUCH)
        return bt_fail(err, BT_EINNER, BT_M_CHILD_TOO_MUCH);
    if (WIFSIGNALED(status))
        return bt_fail(err, BT_EINNER, BT_M_CHILD_CRASHED, strsignal(WTERMSIG(status)));
    if (how == BROKEN || WEXITSTATUS(status) != 0)
        return bt_fail(err, BT_EINNER, BT_M_CHILD_FAILED, WEXITSTATUS(status));
    return true;
}

static _Noreturn void run_child(int (*fn)(void *, int), void *ctx, const struct bt_limits *l,
                                int fd)
{
    signal(SIGPIPE, SIG_DFL);
    bt_child_limit(l);
    _exit(fn(ctx, fd));
}

bool bt_child_call(int (*fn)(void *ctx, int fd), void *ctx, const struct bt_limits *limits,
                   struct bt_buf *out, struct bt_err *err)
{
    int fd[2];
    if (pipe2(fd, O_CLOEXEC) != 0)
        return bt_fail_sys(err, BT_EINNER, BT_M_CHILD_NOT_STARTED);
    pid_t pid = fork();
    if (pid == 0) {
        close(fd[0]);
        run_child(fn, ctx, limits, fd[1]);
    }
    int why = errno;
    close(fd[1]);
    if (pid < 0) {
        close(fd[0]);
        errno = why;
        return bt_fail_sys(err, BT_EINNER, BT_M_CHILD_NOT_STARTED);
    }
    int64_t start = bt_clock_mono();
    enum ending how = collect(fd[0], limits, out);
    close(fd[0]);
    int status = 0;
    if (how != ENDED)
        kill(pid, SIGKILL);
    bool waited = wait_until(
        pid, limits->wall_ms > 0 && how == ENDED ? start + limits->wall_ms * INT64_C(1000000) : 0,
        &status);
    if (!waited && kill(pid, SIGKILL) == 0)
        waitpid(pid, &status, 0);
    return judge(how, waited, status, limits, err);
}
