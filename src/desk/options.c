/* Command lines, by each command's table of options. */
#include "desk/desk.h"

#include <string.h>

int bt_pad(const char *s, int width)
{
    int n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n < width ? width - n : 0;
}

static const struct bt_option *find(const struct bt_option *o, size_t n, struct bt_str name)
{
    for (size_t i = 0; i < n; i++)
        if (bt_str_is(name, o[i].name))
            return &o[i];
    return NULL;
}

static bool unknown(const struct bt_option *o, size_t n, const char *arg, struct bt_err *err)
{
    const char *names[64] = {NULL};
    size_t k = 0;
    for (; k < n && k < BT_LEN(names); k++)
        names[k] = o[k].name;
    const char *near = bt_nearest(arg + 2, names, k);
    return near ? bt_fail(err, BT_EUSAGE, BT_M_OPTION_NEAR, arg, near)
                : bt_fail(err, BT_EUSAGE, BT_M_OPTION_UNKNOWN, arg);
}

static void set(struct bt_arena *a, const struct bt_option *o, const char *value, void *into)
{
    char *at = (char *)into + o->at;
    if (o->kind == BT_FLAG) {
        *(bool *)(void *)at = true;
    } else if (o->kind == BT_VALUE) {
        *(const char **)(void *)at = value;
    } else {
        struct bt_words *w = (struct bt_words *)(void *)at;
        const char **item = bt_push(a, &w->item, &w->n, sizeof(*w->item));
        *item = value;
    }
}

bool bt_options_read(struct bt_arena *a, const struct bt_option *option, size_t n, int argc,
                     char **argv, void *into, struct bt_words *rest, struct bt_err *err)
{
    bool ended = false;
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i];
        if (ended || arg[0] != '-' || !arg[1]) {
            const char **item = bt_push(a, &rest->item, &rest->n, sizeof(*rest->item));
            *item = arg;
            continue;
        }
        ended = strcmp(arg, "--") == 0;
        if (ended)
            continue;
        const char *equals = strchr(arg, '=');
        size_t dash = arg[1] == '-' ? 2 : 1;
        struct bt_str name = {arg + dash,
                              equals ? (size_t)(equals - arg) - dash : strlen(arg) - dash};
        const struct bt_option *o = find(option, n, name);
        if (!o || (dash == 1) != (strlen(o->name) == 1))
            return unknown(option, n, dash == 2 ? arg : bt_format(a, "-%s", arg), err);
        if (o->kind == BT_FLAG && equals)
            return bt_fail(err, BT_EUSAGE, BT_M_OPTION_FLAG, o->name);
        if (o->kind != BT_FLAG && !equals && i + 1 >= argc)
            return bt_fail(err, BT_EUSAGE, BT_M_OPTION_VALUE, arg, o->argument);
        set(a, o, o->kind == BT_FLAG ? NULL : equals ? equals + 1 : argv[++i], into);
    }
    return true;
}

static bool is_given(const struct bt_option *o, const void *read)
{
    const char *at = (const char *)read + o->at;
    if (o->kind == BT_FLAG)
        return *(const bool *)(const void *)at;
    if (o->kind == BT_VALUE)
        return *(const char *const *)(const void *)at != NULL;
    return ((const struct bt_words *)(const void *)at)->n > 0;
}

bool bt_options_only(const struct bt_option *option, size_t n, const void *read,
                     const char *const *names, const char *with, struct bt_err *err)
{
    for (; *names; names++) {
        const struct bt_option *o = find(option, n, bt_str(*names));
        char name[40];
        snprintf(name, sizeof(name), "%s%s", strlen(*names) == 1 ? "-" : "--", *names);
        if (is_given(o, read))
            return bt_fail(err, BT_EUSAGE, BT_M_OPTION_ONLY, name, with);
    }
    return true;
}

static const struct bt_command *command(const char *name)
{
    for (const struct bt_command *c = bt_commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static void help(const char *name, const struct bt_option *option, size_t n, FILE *to)
{
    const struct bt_command *c = command(name);
    fprintf(to, "bantin %s %s [--…]\n%s\n", name, c ? c->arguments : "", c ? bt_msg(c->help) : "");
    for (size_t i = 0; i < n; i++) {
        char left[40];
        snprintf(left, sizeof(left), "%s%s%s%s", strlen(option[i].name) == 1 ? "-" : "--",
                 option[i].name, option[i].argument ? " " : "",
                 option[i].argument ? option[i].argument : "");
        fprintf(to, "  %s%*s %s\n", left, bt_pad(left, 22), "", bt_msg(option[i].help));
    }
}

static void tell_count(const char *name, const char *extra)
{
    const struct bt_command *c = command(name);
    fprintf(stderr, "bantin %s: ", name);
    if (extra)
        fprintf(stderr, bt_msg(BT_M_ARGUMENT_EXTRA), extra, name, c ? c->arguments : "");
    else
        fprintf(stderr, bt_msg(BT_M_ARGUMENT_MISSING), name, c ? c->arguments : "");
    fprintf(stderr, " (bantin %s --help)\n", name);
}

static bool asks_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0)
            return true;
    return false;
}

int bt_command_open(struct bt_arena *a, const struct bt_option *option, size_t n, int argc,
                    char **argv, void *into, struct bt_words *rest, size_t least, size_t most)
{
    struct bt_err err = {0};
    if (asks_help(argc, argv)) {
        help(argv[0], option, n, stdout);
        return BT_OK;
    }
    if (!bt_options_read(a, option, n, argc, argv, into, rest, &err)) {
        fprintf(stderr, "bantin %s: %s\n", argv[0], err.msg);
        return err.code;
    }
    if (rest->n < least || rest->n > most) {
        tell_count(argv[0], rest->n > most ? rest->item[most] : NULL);
        return BT_EUSAGE;
    }
    return -1;
}
