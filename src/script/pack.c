/* A station pack by its content: the same hash is the same pack, wherever it lies. */
#include "script/script.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int visible(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

/* At its top a pack holds files and jingles/; an inbox or an out folder is not of the pack. */
static bool of_pack(const char *under, const char *name)
{
    return *under || strcmp(name, "jingles") == 0;
}

/* "name hash\n" of every file below dir, in byte order of the names. */
static bool list(struct bt_arena *a, const char *dir, const char *under, struct bt_buf *out,
                 struct bt_err *err)
{
    struct dirent **entry = NULL;
    int n = scandir(dir, &entry, visible, NULL);
    if (n < 0)
        return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, dir);
    qsort(entry, (size_t)n, sizeof(struct dirent *),
          (int (*)(const void *, const void *))alphasort);
    bool ok = true;
    for (int i = 0; ok && i < n; i++) {
        const char *path = bt_path_join(a, dir, entry[i]->d_name);
        const char *name = bt_format(a, "%s%s", under, entry[i]->d_name);
        struct stat st;
        char hex[BT_HASH];
        if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
            ok = !of_pack(under, name) || list(a, path, bt_format(a, "%s/", name), out, err);
        } else {
            ok = bt_sha256_file(path, hex, err);
            if (ok)
                bt_buf_addf(out, "%s %s\n", name, hex);
        }
    }
    for (int i = 0; i < n; i++)
        free(entry[i]);
    free(entry);
    return ok;
}

bool bt_pack_hash(const char *dir, char hex[BT_HASH], struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_buf all;
    bt_buf_init(&all, 16 << 20);
    bool ok = list(a, dir, "", &all, err);
    if (ok)
        bt_sha256(bt_buf_str(&all).p, all.n, hex);
    bt_buf_finish(&all);
    bt_arena_destroy(a);
    return ok;
}
