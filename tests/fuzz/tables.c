/* Any bytes as each table: read, or refused with file:line. */
#include "voice/engine.h"

#include "bytes.h"

#include <string.h>

static void check(bool read, const char *path, const struct bt_err *err)
{
    size_t n = strlen(path);
    if (!read && (err->code != BT_EFILE || strncmp(err->msg, path, n) != 0 || err->msg[n] != ':'))
        abort();
}

static void rows(struct bt_arena *a, struct bt_str text)
{
    struct bt_table t = {0};
    struct bt_err err = {0};
    bool read = bt_table_parse(a, "x.tsv", text, 2, 6, &t, &err);
    check(read, "x.tsv", &err);
    for (size_t i = 0; read && i < t.n; i++)
        for (int k = 0; k < t.row[i].ncol; k++)
            if (t.row[i].ncol < 2 || t.row[i].ncol > 6 || !bt_utf8_valid(bt_str(t.row[i].col[k])))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *path = fuzz_file(data, n);
    struct bt_arena *a = bt_arena_create();
    const struct bt_profiles *profiles;
    struct bt_wished *wished = NULL;
    struct bt_spelling *spelling = NULL;
    size_t nwished = 0;
    struct bt_err err = {0};
    rows(a, (struct bt_str){(const char *)data, n});
    check(bt_profiles_load(a, path, &profiles, &err), path, &err);
    check(bt_wishes_load(a, path, &wished, &nwished, &err), path, &err);
    check(bt_spelling_load(path, &spelling, &err), path, &err);
    bt_spelling_destroy(spelling);
    bt_arena_destroy(a);
    return 0;
}
