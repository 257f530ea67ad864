/* The command table and main. */
#include "desk/desk.h"

#include <jansson.h>
#include <stdlib.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>

const struct bt_command bt_commands[] = {
    {"make", "PROGRAMME", BT_M_HELP_MAKE, bt_cmd_make},
    {"news", "PROGRAMME | SOURCE …", BT_M_HELP_NEWS, bt_cmd_news},
    {"script", "PROGRAMME", BT_M_HELP_SCRIPT, bt_cmd_script},
    {"read", "[FILE | -]", BT_M_HELP_READ, bt_cmd_read},
    {"lexicon", "add | try | list | check", BT_M_HELP_LEXICON, bt_cmd_lexicon},
    {"say", "TEXT | - | RUNDOWN", BT_M_HELP_SAY, bt_cmd_say},
    {"air", "RUNDOWN", BT_M_HELP_AIR, bt_cmd_air},
    {"run", "PROGRAMME", BT_M_HELP_RUN, bt_cmd_run},
    {"watch", "PROGRAMME", BT_M_HELP_WATCH, bt_cmd_watch},
    {"status", "PROGRAMME …", BT_M_HELP_STATUS, bt_cmd_status},
    {"check", "FILE …", BT_M_HELP_CHECK, bt_cmd_check},
    {"store", "stat | verify | prune", BT_M_HELP_STORE, bt_cmd_store},
    {NULL, NULL, BT_M_COUNT, NULL},
};

static void help(FILE *to)
{
    fprintf(to, "%s\n", bt_msg(BT_M_HELP_HEAD));
    for (const struct bt_command *c = bt_commands; c->name; c++)
        fprintf(to, "  bantin %-8s %s%*s %s\n", c->name, c->arguments, bt_pad(c->arguments, 29), "",
                bt_msg(c->help));
    fprintf(to, "%s\n", bt_msg(BT_M_HELP_FOOT));
}

static int unknown(const char *name)
{
    const char *names[32] = {NULL};
    size_t n = 0;
    for (const struct bt_command *c = bt_commands; c->name && n < BT_LEN(names); c++)
        names[n++] = c->name;
    const char *near = bt_nearest(name, names, n);
    fputs("bantin: ", stderr);
    fprintf(stderr, bt_msg(near ? BT_M_COMMAND_NEAR : BT_M_COMMAND_UNKNOWN), name, near);
    fputc('\n', stderr);
    return BT_EUSAGE;
}

int main(int argc, char **argv)
{
    mallopt(M_MMAP_THRESHOLD,
            4 << 20); /* a sentence's sound comes from the heap again and again, */
    mallopt(M_TRIM_THRESHOLD, 8 << 20);     /* what is longer goes back at once */
    json_set_alloc_funcs(bt_xmalloc, free); /* never half an object */
    signal(SIGPIPE, SIG_IGN);               /* a closed pipe is a write error, not a death */
    if (argc < 2) {
        help(stderr);
        return BT_EUSAGE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("bantin " BT_VERSION);
        return BT_OK;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
        help(stdout);
        return BT_OK;
    }
    for (const struct bt_command *c = bt_commands; c->name; c++)
        if (strcmp(argv[1], c->name) == 0)
            return c->run(argc - 1, argv + 1);
    return unknown(argv[1]);
}
