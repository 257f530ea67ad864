/* Children with limits: one call in a process of its own. Knows nothing of what it runs. */
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1 /* shadow memory needs terabytes of address space */
#else
#define SANITIZED 0
#endif

#ifdef BT_COVERAGE
void __gcov_dump(void);
#define COVERAGE 1
#else
#define __gcov_dump() ((void)0)
#define COVERAGE 0
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

/* ---- confinement ---------------------------------------------------------------------------- */

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

/* Memory, time, signals to itself, what is open already, and the end. */
static const int allowed[] = {SYS_read,
                              SYS_write,
                              SYS_writev,
                              SYS_close,
                              SYS_fstat,
                              SYS_lseek,
                              SYS_brk,
                              SYS_mmap,
                              SYS_munmap,
                              SYS_mremap,
                              SYS_mprotect,
                              SYS_madvise,
                              SYS_futex,
                              SYS_sched_yield,
                              SYS_getpid,
                              SYS_gettid,
                              SYS_getuid,
                              SYS_getrandom,
                              SYS_clock_gettime,
                              SYS_clock_nanosleep,
                              SYS_nanosleep,
                              SYS_rt_sigaction,
                              SYS_rt_sigprocmask,
                              SYS_rt_sigreturn,
                              SYS_sigaltstack,
                              SYS_restart_syscall,
                              SYS_exit,
                              SYS_exit_group};

/* A signal to itself is abort(); to anybody else it is refused: tgkill(own process, …). */
static void filter(void)
{
#ifdef ARCH
    enum { HEAD = 4, TAIL = 6, N = HEAD + BT_LEN(allowed) + TAIL };
    struct sock_filter f[N] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    for (size_t i = 0; i < BT_LEN(allowed); i++) /* to the last line */
        f[HEAD + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (__u32)allowed[i],
                                                   (__u8)(BT_LEN(allowed) - i + TAIL - 2), 0);
    const struct sock_filter tail[TAIL] = {
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (__u32)getpid(), 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    memcpy(f + HEAD + BT_LEN(allowed), tail, sizeof(tail));
    struct sock_fprog p = {N, f};
    /* a kernel without it: the limits stand */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p);
#endif
}

void bt_child_confine(int fd)
{
    int first = SANITIZED ? STDERR_FILENO + 1 : 0; /* a sanitizer's report goes there */
    if (fd > first)
        close_range((unsigned)first, (unsigned)fd - 1, 0);
    close_range((unsigned)fd + 1, ~0U, 0);
    if (COVERAGE) /* the counters are files */
        return;
    limit(RLIMIT_FSIZE, 0, 0);
    limit(RLIMIT_NPROC, 0, 0);
    limit(RLIMIT_NOFILE, 0, 0);
    filter();
}

void bt_child_cover(void)
{
    __gcov_dump();
}

void bt_child_exit(int code)
{
    bt_child_cover();
    _exit(code);
}

/* ---- one call ------------------------------------------------------------------------------- */

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

static void leave_without_memory(void)
{
    bt_child_exit(BT_ENOMEM);
}

static _Noreturn void run_child(int (*fn)(void *, int), void *ctx, const struct bt_limits *l,
                                int fd)
{
    signal(SIGPIPE, SIG_DFL);
    bt_oom_hook(leave_without_memory);
    bt_child_limit(l);
    bt_child_exit(fn(ctx, fd));
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
