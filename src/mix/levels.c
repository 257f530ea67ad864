/*
 * Levels of speeches from one run to the next, by what decides their samples: a line each, and the
 * checksum of them all, so that a damaged file is a missing one. A cache: whatever fails, only the
 * time is lost. Knows no sound.
 */
#include "mix/timeline.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

enum { MOST = 64 << 20, LINE = BT_HASH - 1 };

static int by_key(const void *a, const void *b)
{
    return memcmp(((const struct bt_known *)a)->key, ((const struct bt_known *)b)->key, LINE);
}

static bool parse(struct bt_str text, struct bt_levels *out)
{
    struct bt_str line;
    size_t room = 0;
    while (bt_str_line(&text, &line)) {
        struct bt_known k;
        char *end;
        if (line.n < LINE + 2)
            return false;
        if (out->n == room)
            out->item = bt_xrealloc(out->item, room = room ? 2 * room : 256, sizeof(*out->item));
        memcpy(k.key, line.p, LINE);
        k.key[LINE] = '\0';
        k.level = strtod(line.p + LINE, &end);
        if (end != line.p + line.n)
            return false;
        out->item[out->n++] = k;
    }
    return true;
}

void bt_levels_read(const char *path, struct bt_levels *out)
{
    struct bt_buf b;
    unsigned long long sum;
    *out = (struct bt_levels){0};
    bt_buf_init(&b, MOST);
    if (bt_file_read(path, MOST, &b, NULL) && b.n > 0) {
        struct bt_str rest = bt_buf_str(&b), head;
        bool good = bt_str_line(&rest, &head) && sscanf(head.p, "%16llx\n", &sum) == 1 &&
                    sum == XXH3_64bits(rest.p, rest.n) && parse(rest, out);
        if (!good)
            bt_levels_finish(out);
    }
    bt_buf_finish(&b);
}

const struct bt_known *bt_levels_find(const struct bt_levels *l, const char key[BT_HASH])
{
    return l->n ? bsearch(key, l->item, l->n, sizeof(*l->item), by_key) : NULL;
}

void bt_levels_write(const char *path, struct bt_known *known, size_t n)
{
    struct bt_buf b;
    char *fresh = bt_xmalloc(strlen(path) + 5);
    sprintf(fresh, "%s.new", path);
    bt_buf_init(&b, MOST);
    if (n)
        qsort(known, n, sizeof(*known), by_key);
    for (size_t i = 0; i < n; i++)
        bt_buf_addf(&b, "%s %a\n", known[i].key, known[i].level);
    FILE *f = fopen(fresh, "we");
    if (f) {
        fprintf(f, "%016llx\n", (unsigned long long)XXH3_64bits(b.p ? b.p : "", b.n));
        fwrite(b.p ? b.p : "", 1, b.n, f);
        bool good = !ferror(f);
        if (fclose(f) != 0 || !good || rename(fresh, path) != 0)
            unlink(fresh);
    }
    bt_buf_finish(&b);
    free(fresh);
}

void bt_levels_finish(struct bt_levels *l)
{
    free(l->item);
    *l = (struct bt_levels){0};
}
