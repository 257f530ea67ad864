/*
 * Where a playout looks: copies of an edition's sound in a folder of its own, by the three ways in
 * which playouts find a bulletin. Knows names of files; knows no format.
 *
 * DIR/<programme>.wav, DIR/<programme>-<date>.wav, DIR/<programme>/<programme>-<edition>.wav; each
 * by rename, so that whoever looks finds a whole file. Nothing is done twice.
 */
#include "air/encode.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LAST = 2 }; /* editions that stay in the folder whose newest is played */

struct drop {
    struct bt_arena *a;
    const struct bt_edition *e;
    const char *programme, *dir;
};

/* Of this programme, and of none whose name only begins like it. */
static bool is_ours(const struct drop *d, const char *name)
{
    size_t n = strlen(d->programme);
    const char *rest = name + n;
    return strncmp(name, d->programme, n) == 0 &&
           (*rest == '.' || (*rest == '-' && rest[1] >= '0' && rest[1] <= '9') ||
            strncmp(rest, "-nghe.", 6) == 0);
}

/* What a killed run left: the lock is held, so nobody is writing it. */
static void sweep(const struct drop *d, const char *dir)
{
    DIR *folder = opendir(dir);
    for (struct dirent *e; folder && (e = readdir(folder)) != NULL;)
        if (e->d_name[0] == '.' && strstr(e->d_name, ".bt-") && is_ours(d, e->d_name + 1))
            unlink(bt_path_join(d->a, dir, e->d_name));
    if (folder)
        closedir(folder);
}

/* The name of an edition's file is <programme>-<edition>…; "-nghe" and the suffix follow. */
static const char *edition_in(struct drop *d, const char *name)
{
    size_t n = strlen(d->programme);
    if (strncmp(name, d->programme, n) != 0 || name[n] != '-')
        return NULL;
    size_t date = strspn(name + n + 1, "0123456789-"), more = 0;
    date = date > 10 ? 10 : date;
    if (name[n + 1 + date] == '.')
        more = strspn(name + n + 2 + date, "0123456789");
    if (more && !strchr(".-", name[n + 2 + date + more])) /* "24k.opus" */
        more = 0;
    const char *edition = bt_strndup(d->a, name + n + 1, date + (more ? 1 + more : 0));
    return bt_edition_number(edition) > 0 ? edition : NULL;
}

static int by_age(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    return bt_edition_newer(x, y) ? -1 : bt_edition_newer(y, x) ? 1 : 0;
}

/* Of the editions in the folder the newest LAST stay: one of them may be on the air. */
static void thin(struct drop *d, const char *dir)
{
    const char **held = NULL;
    size_t n = 0;
    DIR *folder = opendir(dir);
    for (struct dirent *e; folder && (e = readdir(folder)) != NULL;) {
        const char *edition = edition_in(d, e->d_name);
        bool known = !edition;
        for (size_t i = 0; !known && i < n; i++)
            known = strcmp(held[i], edition) == 0;
        if (!known)
            *(const char **)bt_push(d->a, &held, &n, sizeof(*held)) = edition;
    }
    if (n)
        qsort(held, n, sizeof(*held), by_age);
    if (folder)
        rewinddir(folder);
    for (struct dirent *e; folder && n > LAST && (e = readdir(folder)) != NULL;) {
        const char *edition = edition_in(d, e->d_name);
        if (edition && bt_edition_newer(held[LAST - 1], edition))
            unlink(bt_path_join(d->a, dir, e->d_name));
    }
    if (folder)
        closedir(folder);
}

static bool copy(struct drop *d, const char *name, const char *dir, const char *as,
                 struct bt_err *err)
{
    const char *from = bt_path_join(d->a, bt_path_join(d->a, d->e->root, d->e->name), name);
    const char *to = bt_path_join(d->a, dir, as);
    return bt_file_same(from, to) || bt_file_copy(from, to, err);
}

/* ---- the three styles; rest: what follows "<programme>-<date>" in the name ---- */

static bool put_fixed(struct drop *d, const char *name, const char *rest, struct bt_err *err)
{
    return !bt_edition_is_newest(d->e) ||
           copy(d, name, d->dir, bt_format(d->a, "%s%s", d->programme, rest), err);
}

static bool put_dated(struct drop *d, const char *name, const char *rest, struct bt_err *err)
{
    (void)rest;
    return copy(d, name, d->dir, name, err);
}

static bool put_newest(struct drop *d, const char *name, const char *rest, struct bt_err *err)
{
    const char *dir = bt_path_join(d->a, d->dir, d->programme);
    const char *as = bt_format(d->a, "%s-%s%s", d->programme, d->e->name, rest);
    if (!bt_edition_is_newest(d->e))
        return true;
    if (!bt_dir_make(dir, err))
        return false;
    sweep(d, dir);
    if (!copy(d, name, dir, as, err))
        return false;
    thin(d, dir);
    return true;
}

static const struct {
    const char *as;
    bool (*put)(struct drop *d, const char *name, const char *rest, struct bt_err *err);
} styles[] = {{"fixed", put_fixed}, {"dated", put_dated}, {"newest", put_newest}};

static bool put(struct drop *d, const struct bt_words *as, const char *name, struct bt_err *err)
{
    const char *rest = name + strlen(d->e->stem);
    for (size_t i = 0; i < as->n; i++)
        for (size_t k = 0; k < BT_LEN(styles); k++)
            if (strcmp(styles[k].as, as->item[i]) == 0 && !styles[k].put(d, name, rest, err))
                return false;
    return true;
}

bool bt_edition_drop(const struct bt_edition *e, const char *dir, const struct bt_words *as,
                     const char *const *name, size_t n, struct bt_err *err)
{
    struct drop d = {.a = bt_arena_create(), .e = e, .dir = dir};
    struct stat st;
    int fd = -1;
    bool ok = stat(dir, &st) == 0 && S_ISDIR(st.st_mode);
    d.programme = bt_strndup(d.a, e->stem, strlen(e->stem) - strlen("-2025-11-25"));
    if (!ok)
        bt_fail(err, BT_EDELIVER, BT_M_DROP_NO_FOLDER, dir);
    ok = ok && bt_newest_lock(e->root, &fd, err);
    if (ok)
        sweep(&d, dir);
    for (size_t i = 0; ok && i < n; i++)
        ok = put(&d, as, name[i], err);
    bt_newest_unlock(e->root, &fd);
    bt_arena_destroy(d.a);
    return ok;
}
