/* What people and programs see while a work goes on. */
#include "desk/desk.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *stage;
    enum bt_msg words;
} stages[] = {
    {"news", BT_M_STAGE_NEWS},   {"script", BT_M_STAGE_SCRIPT}, {"text", BT_M_STAGE_TEXT},
    {"voice", BT_M_STAGE_VOICE}, {"mix", BT_M_STAGE_MIX},       {"air", BT_M_STAGE_AIR},
};

static const char *stage_words(const char *stage)
{
    for (size_t i = 0; i < BT_LEN(stages); i++)
        if (strcmp(stages[i].stage, stage) == 0)
            return bt_msg(stages[i].words);
    return stage;
}

static void write_json(const struct bt_event *ev)
{
    static const char *const levels[] = {"error", "warning", "info", "debug"};
    json_t *j = json_pack("{ss ss ss* ss*}", "level", levels[ev->level], "stage", ev->stage, "item",
                          ev->item, "words", ev->words);
    if (ev->of > 0) {
        json_object_set_new(j, "done", json_integer(ev->done));
        json_object_set_new(j, "of", json_integer(ev->of));
    }
    json_dumpf(j, stdout, JSON_COMPACT);
    json_decref(j);
    putchar('\n');
    fflush(stdout);
}

/* sd-daemon(3): what journald takes for a line's priority. */
static const char *const priorities[] = {"<3>", "<4>", "<6>", "<7>"};

/* Is standard error the journal's, as JOURNAL_STREAM's device and inode tell? */
static bool is_journal(void)
{
    const char *s = getenv("JOURNAL_STREAM");
    unsigned long long dev, ino;
    struct stat st;
    return s && sscanf(s, "%llu:%llu", &dev, &ino) == 2 && fstat(STDERR_FILENO, &st) == 0 &&
           st.st_dev == dev && st.st_ino == ino;
}

static const char *priority(const struct bt_teller *t, enum bt_severity level)
{
    return t->journal ? priorities[level] : "";
}

static void end_line(struct bt_teller *t)
{
    if (t->open)
        fputs("\r\033[K", stderr);
    t->open = false;
}

static void write_progress(struct bt_teller *t, const struct bt_event *ev)
{
    long percent = ev->of > 0 ? ev->done * 100 / ev->of : 0;
    fprintf(stderr, "\r\033[K%3ld %% %s%s%s", percent, stage_words(ev->stage), ev->item ? ": " : "",
            ev->item ? ev->item : "");
    fflush(stderr);
    t->open = true;
}

static void write_words(struct bt_teller *t, const struct bt_event *ev)
{
    bool warn = ev->level <= BT_WARN;
    bool file = ev->item && strpbrk(ev->item, "./"); /* its words mostly name it, too */
    const char *item = file && strstr(ev->words, ev->item) ? NULL : ev->item;
    end_line(t);
    fprintf(stderr, "%s%sbantin: %s%s%s%s%s%s\n", priority(t, ev->level),
            warn && t->colour ? "\033[33m" : "", warn ? bt_msg(BT_M_WARNING) : "", warn ? ": " : "",
            item ? item : "", item ? ": " : "", ev->words, warn && t->colour ? "\033[0m" : "");
}

static void write_event(void *ctx, const struct bt_event *ev)
{
    struct bt_teller *t = ctx;
    if (t->json)
        write_json(ev);
    else if (ev->words && (ev->level <= BT_WARN || t->terminal || t->journal))
        write_words(t, ev);
    else if (!ev->words && t->terminal)
        write_progress(t, ev);
}

void bt_teller_init(struct bt_teller *t, bool json)
{
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    bool dumb = term && strcmp(term, "dumb") == 0;
    *t = (struct bt_teller){.events = {write_event, t}, .json = json};
    t->terminal = isatty(STDERR_FILENO) && !dumb;
    t->journal = is_journal();
    t->colour = t->terminal && !(no_colour && *no_colour);
}

void bt_teller_close(struct bt_teller *t)
{
    end_line(t);
}

int bt_tell_error(struct bt_teller *t, const struct bt_err *err)
{
    end_line(t);
    if (t->json)
        write_json(&(struct bt_event){BT_ERROR, "make", NULL, 0, 0, err->msg});
    fprintf(stderr, "%s%sbantin: %s%s\n", priority(t, BT_ERROR), t->colour ? "\033[31m" : "",
            err->msg, t->colour ? "\033[0m" : "");
    return err->code ? (int)err->code : BT_EINNER;
}
