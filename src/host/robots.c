/* robots.txt, after RFC 9309: the group of our name, else the group of all; the longest rule that
 * matches decides. */
#include "host/host.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool matches(struct bt_str rule, const char *path)
{
    /* '*' stands for anything, '$' for the end; backtracking over one star is enough */
    const char *star = NULL, *back = NULL;
    size_t i = 0, star_at = 0;
    for (;;) {
        if (i == rule.n)
            return true;
        if (rule.p[i] == '$' && i + 1 == rule.n && !*path)
            return true;
        if (rule.p[i] == '*') {
            star = rule.p + i;
            star_at = i++;
            back = path;
        } else if (*path && rule.p[i] == *path) {
            i++;
            path++;
        } else if (star && *back) {
            path = ++back;
            i = star_at + 1;
        } else
            return false;
    }
}

static bool key_is(struct bt_str line, const char *key, struct bt_str *value)
{
    struct bt_str name;
    if (!bt_str_cut(&line, ':', &name) || !line.p)
        return false;
    name = bt_str_trim(name);
    *value = bt_str_trim(line);
    return name.n == strlen(key) && strncasecmp(name.p, key, name.n) == 0;
}

struct verdict {
    bool ours, group, rules; /* a group of our name was seen; we are inside one; after its names */
    size_t best;
    bool allow;
    int delay_ms;
};

static void agent(struct verdict *v, struct bt_str value)
{
    bool us = value.n == 6 && strncasecmp(value.p, "bantin", 6) == 0;
    bool all = bt_str_is(value, "*");
    if (v->rules)
        v->group = v->rules = false;
    if (us && !v->ours) /* what was said to all no longer counts */
        *v = (struct verdict){.ours = true, .allow = true};
    v->group = v->group || us || (all && !v->ours);
}

static void rule(struct verdict *v, struct bt_str value, const char *path, bool allow)
{
    v->rules = true;
    if (!v->group || !value.n || !matches(value, path) || value.n < v->best)
        return;
    v->allow = allow || (value.n == v->best && v->allow && v->best > 0);
    v->best = value.n;
}

static void delay(struct verdict *v, struct bt_str value)
{
    enum { MOST = 10000 };
    char text[16] = "";
    v->rules = true;
    if (!v->group || value.n >= sizeof(text))
        return;
    memcpy(text, value.p, value.n);
    double s = strtod(text, NULL);
    v->delay_ms = s > 0 ? (s * 1000 < MOST ? (int)(s * 1000) : MOST) : 0;
}

bool bt_robots_allow(struct bt_str robots, const char *path, int *delay_ms)
{
    struct verdict v = {.allow = true};
    struct bt_str line, value;
    while (bt_str_line(&robots, &line)) {
        struct bt_str bare;
        if (!bt_str_cut(&line, '#', &bare))
            continue;
        if (key_is(bare, "user-agent", &value))
            agent(&v, value);
        else if (key_is(bare, "disallow", &value))
            rule(&v, value, path, false);
        else if (key_is(bare, "allow", &value))
            rule(&v, value, path, true);
        else if (key_is(bare, "crawl-delay", &value))
            delay(&v, value);
    }
    if (delay_ms)
        *delay_ms = v.delay_ms;
    return v.allow;
}
