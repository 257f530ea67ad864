/*
 * A process for each link, which starts its engine and never speaks, and a fork of that process
 * for each sentence: the same samples in any order and at any number of jobs; what goes wrong
 * costs one sentence. Knows processes; knows no engine.
 */
#include "voice/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIPE_SIZE = 1 << 20, MEMORY = 1 << 30, SLACK_MS = 2000 };
enum { TAKE_MAX = BT_TAKE_S * 192000 * 2 + (1 << 20) };

struct starter { /* where a link's children come from */
    const struct bt_link *link;
    pid_t pid;
    int sock;
};

struct bt_pool {
    struct bt_task **running;
    struct pollfd *poll;
    size_t n, jobs;
    struct starter *starter;
    size_t nstarter;
};

struct order { /* what is asked of a starter; a pipe's end comes with it */
    double rate;
    char text[BT_PROMPT_MAX + 1];
};

/* ---- in the starter and its children ------------------------------------------------------- */

static ssize_t receive(int sock, struct order *o, int *fd)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec iov = {o, sizeof(*o) - 1};
    struct msghdr m = {.msg_iov = &iov,
                       .msg_iovlen = 1,
                       .msg_control = &control,
                       .msg_controllen = sizeof(control)};
    ssize_t k;
    do
        k = recvmsg(sock, &m, MSG_CMSG_CLOEXEC);
    while (k < 0 && errno == EINTR);
    struct cmsghdr *c = k > 0 ? CMSG_FIRSTHDR(&m) : NULL;
    if (!c || c->cmsg_type != SCM_RIGHTS)
        return -1;
    memcpy(fd, CMSG_DATA(c), sizeof(*fd));
    ((char *)o)[k] = '\0';
    return k;
}

static void answer_error(int fd, const struct bt_err *err)
{
    (void)!write(fd, err->code == BT_ENOTHING ? "N" : "E", 1);
    (void)!write(fd, err->msg, strlen(err->msg));
}

static _Noreturn void speak(const struct bt_link *l, const struct order *o, int fd)
{
    bool foreign = l->engine->foreign; /* keeps its time itself, and says more when it is over */
    struct bt_limits limits = {.cpu_s = foreign ? 0 : l->timeout_ms / 1000 + 1,
                               .mem = foreign ? 0 : MEMORY};
    int ms = l->timeout_ms + (foreign ? SLACK_MS / 2 : 0);
    struct itimerval wall = {.it_value = {ms / 1000, (ms % 1000) * 1000L}};
    struct bt_take take = {0};
    struct bt_err err = {0};
    bt_child_limit(&limits);
    setitimer(ITIMER_REAL, &wall, NULL);
    if (!l->engine->speak(l, o->text, o->rate, &take, &err)) {
        answer_error(fd, &err);
        bt_child_exit(1);
    }
    bt_take_trim(&take);
    if (foreign)
        bt_take_match(&take);
    bt_child_exit(write(fd, "T", 1) != 1 || !bt_take_send(&take, fd));
}

/* By hand, so that what they cost is counted in the run's time. */
static void reap(void)
{
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
}

static _Noreturn void serve(const struct bt_link *l, int sock)
{
    static struct order order;
    struct bt_err err = {0};
    int fd = -1;
    bool started = l->engine->start(l, &err);
    while (receive(sock, &order, &fd) > 0) {
        pid_t pid = started ? fork() : -1;
        if (pid == 0)
            speak(l, &order, fd);
        if (pid < 0 && started)
            bt_fail_sys(&err, BT_EINNER, BT_M_CHILD_NOT_STARTED);
        if (pid < 0)
            answer_error(fd, &err);
        close(fd);
        reap();
    }
    reap();
    bt_child_exit(0);
}

/* The starter outlives an interrupt: it leaves when its socket closes, with its parent. */
static _Noreturn void become_starter(const struct bt_link *l, int sock)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    if (sock != 3)
        dup2(sock, 3);
    close_range(4, ~0U, 0);
    serve(l, 3);
}

/* ---- in the parent ------------------------------------------------------------------------- */

static bool start_link(struct starter *s)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    s->pid = fork();
    if (s->pid == 0)
        become_starter(s->link, pair[1]);
    close(pair[1]);
    s->sock = pair[0];
    if (s->pid < 0)
        close(s->sock), s->sock = -1;
    return s->pid > 0;
}

static void stop_link(struct starter *s)
{
    if (s->sock >= 0)
        close(s->sock);
    if (s->pid > 0 && kill(s->pid, SIGKILL) == 0)
        while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    s->sock = -1;
    s->pid = 0;
}

static struct starter *starter_of(struct bt_pool *p, const struct bt_link *l)
{
    for (size_t i = 0; i < p->nstarter; i++)
        if (p->starter[i].link == l)
            return &p->starter[i];
    p->starter = bt_xrealloc(p->starter, p->nstarter + 1, sizeof(*p->starter));
    p->starter[p->nstarter] = (struct starter){.link = l, .sock = -1};
    return &p->starter[p->nstarter++];
}

static bool ask(const struct starter *s, const struct order *o, size_t n, int fd)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {0};
    struct iovec iov = {(void *)(uintptr_t)o, n};
    struct msghdr m = {.msg_iov = &iov,
                       .msg_iovlen = 1,
                       .msg_control = &control,
                       .msg_controllen = sizeof(control)};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &fd, sizeof(fd));
    ssize_t k;
    do
        k = s->sock < 0 ? -1 : sendmsg(s->sock, &m, MSG_NOSIGNAL);
    while (k < 0 && s->sock >= 0 && errno == EINTR);
    return k == (ssize_t)n;
}

/* A starter that died is started anew, once for each sentence. */
static bool order(struct bt_pool *p, const struct bt_task *t, int fd)
{
    static struct order o;
    struct starter *s = starter_of(p, t->link);
    size_t len = strlen(t->text), n = offsetof(struct order, text) + len;
    if (len >= sizeof(o.text))
        return false;
    o.rate = t->rate;
    memcpy(o.text, t->text, len);
    if (ask(s, &o, n, fd))
        return true;
    stop_link(s);
    return start_link(s) && ask(s, &o, n, fd);
}

struct bt_pool *bt_pool_create(int jobs)
{
    struct bt_pool *p = bt_xcalloc(1, sizeof(*p));
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    p->jobs = jobs > 0 ? (size_t)jobs : cores > 0 ? (size_t)cores : 1;
    p->running = bt_xcalloc(p->jobs, sizeof(*p->running));
    p->poll = bt_xcalloc(p->jobs, sizeof(*p->poll));
    return p;
}

void bt_pool_destroy(struct bt_pool *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->nstarter; i++)
        stop_link(&p->starter[i]);
    free(p->starter);
    free(p->running);
    free(p->poll);
    free(p);
}

bool bt_pool_full(const struct bt_pool *p)
{
    return p->n == p->jobs;
}

bool bt_pool_busy(const struct bt_pool *p)
{
    return p->n > 0;
}

int bt_pool_width(const struct bt_pool *p, const struct bt_link *l)
{
    return l->at_once > 0 && l->at_once < (int)p->jobs ? l->at_once : (int)p->jobs;
}

static bool busy(const struct bt_pool *p, const struct bt_link *l)
{
    int n = 0;
    for (size_t i = 0; i < p->n; i++)
        n += p->running[i]->link == l && !p->running[i]->waiting;
    return n >= bt_pool_width(p, l);
}

static void launch(struct bt_pool *p, struct bt_task *t)
{
    int fd[2] = {-1, -1};
    t->waiting = false;
    t->begun = bt_clock_mono();
    t->deadline = t->begun + (t->link->timeout_ms + SLACK_MS) * INT64_C(1000000);
    if (t->by > 0 && t->by < t->deadline)
        t->deadline = t->by;
    bool good = pipe2(fd, O_CLOEXEC) == 0;
    if (good) {
        fcntl(fd[0], F_SETPIPE_SZ, PIPE_SIZE);
        good = order(p, t, fd[1]);
        close(fd[1]);
    }
    if (!good && fd[0] >= 0)
        close(fd[0]), fd[0] = -1;
    t->fd = fd[0];
}

void bt_pool_start(struct bt_pool *p, struct bt_task *t)
{
    bt_buf_init(&t->in, TAKE_MAX);
    t->fd = -1;
    t->waiting = busy(p, t->link);
    if (!t->waiting)
        launch(p, t);
    p->running[p->n++] = t;
}

/* Those that waited for this link may go. */
static void launch_next(struct bt_pool *p, const struct bt_link *l)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->running[i]->waiting && p->running[i]->link == l && !busy(p, l))
            launch(p, p->running[i]);
}

static bool finish(struct bt_task *t, struct bt_take *take, struct bt_err *err)
{
    struct bt_str in = bt_buf_str(&t->in);
    bool good = false;
    if (t->fd < 0)
        bt_fail(err, BT_EINNER, BT_M_CHILD_NOT_STARTED);
    else if (t->in.over)
        bt_fail(err, BT_EINNER, BT_M_CHILD_TOO_MUCH);
    else if (in.n > 0 && in.p[0] == 'N')
        bt_fail(err, BT_ENOTHING, BT_M_VOICE_SAYS, in.p + 1);
    else if (in.n > 1 && in.p[0] == 'E')
        bt_fail(err, BT_EINNER, BT_M_VOICE_SAYS, in.p + 1);
    else if (in.n > 1 && in.p[0] == 'T')
        good = bt_take_parse((struct bt_str){in.p + 1, in.n - 1}, take, err);
    else if (t->by > 0 && t->by <= bt_clock_mono())
        bt_fail(err, BT_EINNER, BT_M_VOICE_HURRY);
    else
        bt_fail(err, BT_EINNER, BT_M_VOICE_LOST, t->link->timeout_ms);
    if (t->fd >= 0)
        close(t->fd);
    bt_buf_finish(&t->in);
    return good;
}

/* Read what is there; true when the task has ended. */
static bool drain(struct bt_task *t)
{
    char block[65536];
    ssize_t k = read(t->fd, block, sizeof(block));
    if (k < 0)
        return errno != EINTR && errno != EAGAIN;
    return k == 0 || !bt_buf_add(&t->in, block, (size_t)k);
}

static struct bt_task *ended(struct bt_pool *p)
{
    int64_t now = bt_clock_mono(), first = INT64_MAX;
    for (size_t i = 0; i < p->n; i++) {
        p->poll[i] = (struct pollfd){.fd = -1};
        if (p->running[i]->waiting)
            continue;
        if (p->running[i]->fd < 0 || p->running[i]->deadline <= now)
            return p->running[i];
        first = p->running[i]->deadline < first ? p->running[i]->deadline : first;
        p->poll[i] = (struct pollfd){.fd = p->running[i]->fd, .events = POLLIN};
    }
    poll(p->poll, p->n, (int)((first - now) / 1000000) + 1);
    for (size_t i = 0; i < p->n; i++)
        if (p->poll[i].revents && drain(p->running[i]))
            return p->running[i];
    return NULL;
}

struct bt_task *bt_pool_wait(struct bt_pool *p, struct bt_take *take, bool *ok, struct bt_err *err)
{
    struct bt_task *t = NULL;
    while (p->n > 0 && !t)
        t = ended(p);
    if (!t)
        return NULL;
    size_t i = 0;
    while (p->running[i] != t)
        i++;
    p->running[i] = p->running[--p->n];
    *ok = finish(t, take, err);
    if (!*ok && t->link->stay) /* where its program stands nobody knows: start it anew */
        stop_link(starter_of(p, t->link));
    launch_next(p, t->link);
    return t;
}
