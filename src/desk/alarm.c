/* The alarm command, and what has been told already. Knows no trouble of its own. */
#include "desk/alarm.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AGAIN_S = 3600, LIMIT_MS = 60000, TOLD_MAX = 4096 };

/* ---- what has been told --------------------------------------------------------------------- */

struct told {
    char hash[BT_HASH]; /* of what makes it the same */
    int64_t since, last;
};

static void read_told(const char *path, struct told *t)
{
    struct bt_buf b;
    long long since = 0, last = 0;
    *t = (struct told){.hash = ""};
    bt_buf_init(&b, TOLD_MAX);
    if (bt_file_read(path, TOLD_MAX, &b, NULL) && b.p &&
        sscanf(b.p, "%64s %lld %lld", t->hash, &since, &last) == 3) {
        t->since = since;
        t->last = last;
    }
    bt_buf_finish(&b);
}

/* A clock that was set back must not silence us. */
static bool is_old(const struct told *t, const char *hash, int64_t now)
{
    return strcmp(t->hash, hash) == 0 && now >= t->last && now < t->last + AGAIN_S;
}

static bool write_told(struct bt_arena *a, const char *path, const struct told *t,
                       struct bt_err *err)
{
    const char *s =
        bt_format(a, "%s %lld %lld\n", t->hash, (long long)t->since, (long long)t->last);
    return bt_dir_make(bt_path_dir(a, path), err) && bt_file_write(path, s, strlen(s), err);
}

/* ---- the command ---------------------------------------------------------------------------- */

struct command {
    char **argv;
    const struct bt_trouble *t;
    const char *since;
};

static char **split(struct bt_arena *a, const char *line)
{
    char **argv = NULL;
    size_t n = 0;
    struct bt_str rest = bt_str(line), piece;
    while (bt_str_cut(&rest, ' ', &piece))
        if (piece.n)
            *(char **)bt_push(a, &argv, &n, sizeof(*argv)) = bt_strndup(a, piece.p, piece.n);
    *(char **)bt_push(a, &argv, &n, sizeof(*argv)) = NULL;
    return argv;
}

static void environment(const struct command *c)
{
    char code[16];
    snprintf(code, sizeof(code), "%d", c->t->code);
    setenv("BANTIN_PROGRAMME", c->t->p->id, 1);
    setenv("BANTIN_TITLE", c->t->p->title, 1);
    setenv("BANTIN_DATE", c->t->date, 1);
    setenv("BANTIN_KIND", c->t->kind, 1);
    setenv("BANTIN_CODE", code, 1);
    setenv("BANTIN_SINCE", c->since, 1);
}

/* In a child of its own; the words fit into the pipe. */
static int become(void *ctx, int out)
{
    const struct command *c = ctx;
    int in[2];
    if (pipe(in) != 0)
        return 1;
    ssize_t n = (ssize_t)strlen(c->t->words);
    if (fcntl(in[1], F_SETPIPE_SZ, (int)n + 1) < 0 || write(in[1], c->t->words, (size_t)n) != n)
        return 1;
    environment(c);
    if (dup2(in[0], STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
        dup2(out, STDERR_FILENO) < 0)
        return 1;
    close_range(3, ~0U, 0);
    execvp(c->argv[0], c->argv);
    return 127;
}

static bool tell(struct bt_arena *a, const struct bt_trouble *t, int64_t since, struct bt_err *err)
{
    char clock[32];
    struct command c = {split(a, t->p->alarm), t, bt_iso_format(since, (int)t->p->zone, clock)};
    struct bt_limits limits = {.wall_ms = LIMIT_MS};
    struct bt_buf said;
    bt_buf_init(&said, 1 << 20);
    bool ok = c.argv[0] && bt_child_call(become, &c, &limits, &said, err);
    if (!ok) /* its words may hold a key */
        bt_err_prefix(err, "alarm: %s", c.argv[0] ? c.argv[0] : "");
    bt_buf_finish(&said);
    return ok;
}

bool bt_alarm(struct bt_arena *a, const struct bt_trouble *t, struct bt_err *err)
{
    const char *path = bt_format(a, "%s/alarm/%s.%s", t->state, t->p->id, t->kind);
    if (!t->words) {
        unlink(path);
        return true;
    }
    struct told told;
    char hash[BT_HASH];
    int64_t now = bt_now();
    if (!t->p->alarm)
        return true;
    const char *same = t->same ? t->same : t->words;
    bt_sha256(same, strlen(same), hash);
    read_told(path, &told);
    if (is_old(&told, hash, now))
        return true;
    if (!told.since || told.since > now)
        told.since = now;
    memcpy(told.hash, hash, sizeof(hash));
    told.last = now;
    /* told, even when that cannot be remembered; not remembered when it could not be told */
    return tell(a, t, told.since, err) && write_told(a, path, &told, err);
}
