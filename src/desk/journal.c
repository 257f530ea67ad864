/* The journal of runs: a line of JSON each, for `bantin status` and for people with jq. */
#include "desk/alarm.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { JOURNAL_MAX = 1 << 20, JOURNAL_KEEP = JOURNAL_MAX / 2 };

static const char *journal(struct bt_arena *a, const char *state, const char *programme)
{
    return bt_format(a, "%s/runs/%s.jsonl", state, programme);
}

/* Too long: the later half stays, from the beginning of a line. */
static void shorten(struct bt_arena *a, const char *path)
{
    struct bt_buf b;
    bt_buf_init(&b, JOURNAL_MAX * 4);
    if (bt_file_read(path, JOURNAL_MAX * 4, &b, NULL) && b.n > JOURNAL_MAX) {
        const char *from = memchr(b.p + b.n - JOURNAL_KEEP, '\n', JOURNAL_KEEP);
        if (from)
            bt_file_write(path, from + 1, b.n - (size_t)(from + 1 - b.p), NULL);
    }
    bt_buf_finish(&b);
    (void)a;
}

bool bt_journal_add(struct bt_arena *a, const char *state, const char *programme,
                    const struct bt_entry *e, struct bt_err *err)
{
    const char *path = journal(a, state, programme);
    char clock[32];
    json_t *o = json_pack("{ss ss si sf ss}", "at", bt_iso_format(e->at, 0, clock), "date", e->date,
                          "code", e->code, "seconds", e->seconds, "words", e->words);
    char *s = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(6));
    const char *line = bt_format(a, "%s\n", s ? s : "{}");
    free(s);
    json_decref(o);
    if (!bt_dir_make(bt_path_dir(a, path), err))
        return false;
    shorten(a, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    ssize_t n = (ssize_t)strlen(line);
    bool ok = fd >= 0 && write(fd, line, (size_t)n) == n;
    if (!ok)
        bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, path);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* A line that was cut short by a full disk is passed over. */
static bool read_entry(struct bt_arena *a, struct bt_str line, struct bt_entry *e)
{
    json_t *o = json_loadb(line.p, line.n, 0, NULL);
    const char *at = json_string_value(json_object_get(o, "at"));
    bool ok = at && bt_iso_parse(at, 0, &e->at);
    e->date = bt_strdup(a, json_string_value(json_object_get(o, "date")));
    e->words = bt_strdup(a, json_string_value(json_object_get(o, "words")));
    e->code = (int)json_integer_value(json_object_get(o, "code"));
    e->seconds = json_number_value(json_object_get(o, "seconds"));
    json_decref(o);
    return ok && e->date && e->words;
}

size_t bt_journal_read(struct bt_arena *a, const char *state, const char *programme, size_t most,
                       struct bt_entry *out)
{
    struct bt_buf b;
    size_t n = 0;
    bt_buf_init(&b, JOURNAL_MAX * 4);
    if (bt_file_read(journal(a, state, programme), JOURNAL_MAX * 4, &b, NULL))
        for (size_t end = b.n; end > 0 && n < most;) {
            size_t from = end - 1;
            while (from > 0 && b.p[from - 1] != '\n')
                from--;
            n += read_entry(a, (struct bt_str){b.p + from, end - from}, &out[n]);
            end = from;
        }
    bt_buf_finish(&b);
    return n;
}
