/*
 * Editions: a folder that is built under a dot name and renamed once, and the copies of the newest.
 * Knows locks, leftovers and the order of the steps; knows no format.
 *
 * Names under OUT/<programme>: "<name>/" whole editions; ".<name>.bt-PID/" being built, and
 * ".<file>.bt-PID" being copied or listed; ".<date>.lock", ".moi-nhat.lock". Who holds the lock of
 * a date (or of moi-nhat) may remove whatever dot names of it are there: nobody alive owns them.
 */
#include "air/encode.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEWEST "moi-nhat"

enum { DATE = 10 }; /* letters of 2025-11-25 */

/* ---- names ---- */

static bool is_plain(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/');
}

static bool is_date(const char *s)
{
    struct bt_civil c;
    char date[DATE + 1];
    snprintf(date, sizeof(date), "%s", s);
    return bt_date_parse(date, &c);
}

/* "2025-11-25" is 1, "2025-11-25.3" 3; 0: not the name of an edition. */
long bt_edition_number(const char *name)
{
    if (!is_date(name))
        return 0;
    if (!name[DATE])
        return 1;
    char *end;
    long n = name[DATE] == '.' ? strtol(name + DATE + 1, &end, 10) : 0;
    return n > 1 && !*end ? n : 0;
}

bool bt_edition_newer(const char *a, const char *b)
{
    int day = strncmp(a, b, DATE);
    return day > 0 || (day == 0 && bt_edition_number(a) > bt_edition_number(b));
}

static bool is_folder(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Call each for every name in dir; stops when it answers false. */
static void each_name(const char *dir, bool (*each)(void *ctx, const char *name), void *ctx)
{
    DIR *d = opendir(dir);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d)) != NULL && each(ctx, e->d_name);)
        ;
    closedir(d);
}

/* ---- locks: the file goes when the holder does, so that none is left behind ---- */

static bool still_there(const char *path, int fd)
{
    struct stat held, there;
    return fstat(fd, &held) == 0 && stat(path, &there) == 0 && held.st_dev == there.st_dev &&
           held.st_ino == there.st_ino;
}

/* Between opening and locking, the last holder may have removed the file: then again. */
static bool lock(const char *path, int *fd, struct bt_err *err)
{
    while (bt_lock_take(path, fd, err)) {
        if (still_there(path, *fd))
            return true;
        bt_lock_drop(*fd);
    }
    return false;
}

static void unlock(const char *path, int *fd)
{
    if (*fd < 0)
        return;
    unlink(path);
    bt_lock_drop(*fd);
    *fd = -1;
}

/* The same, waiting for whoever is copying. */
static bool lock_wait(const char *path, int *fd, struct bt_err *err)
{
    for (;;) {
        int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (f < 0)
            return bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, path);
        while (flock(f, LOCK_EX) != 0)
            if (errno != EINTR) {
                bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, path);
                close(f);
                return false;
            }
        *fd = f;
        if (still_there(path, f))
            return true;
        close(f);
    }
}

/* ---- leftovers ---- */

struct sweep {
    struct bt_arena *a;
    const char *root, *mine; /* mine: the date whose lock is held, or NULL */
    bool newest;             /* the lock of moi-nhat is held */
};

/* The owner of a dot name ("2025-11-25", "moi-nhat"), or NULL: it is none of ours. */
static char *owner_of(struct bt_arena *a, const char *name)
{
    if (name[0] != '.' || !(strstr(name, ".bt-") || bt_str_ends(bt_str(name), BT_STR(".lock"))))
        return NULL;
    static const char *const newest[] = {NEWEST, "index.html.bt-", "feed.xml.bt-"};
    for (size_t i = 0; i < BT_LEN(newest); i++)
        if (strncmp(name + 1, newest[i], strlen(newest[i])) == 0)
            return bt_strdup(a, NEWEST);
    return is_date(name + 1) ? bt_strndup(a, name + 1, DATE) : NULL;
}

static bool is_held(const struct sweep *s, const char *owner)
{
    return strcmp(owner, NEWEST) == 0 ? s->newest : s->mine && strcmp(owner, s->mine) == 0;
}

static bool sweep_one(void *ctx, const char *name)
{
    struct sweep *s = ctx;
    const char *path = bt_path_join(s->a, s->root, name);
    const char *owner = owner_of(s->a, name);
    if (!owner)
        return true;
    const char *lock_path = bt_path_join(s->a, s->root, bt_format(s->a, ".%s.lock", owner));
    bool held = is_held(s, owner), lockfile = strcmp(path, lock_path) == 0;
    int fd = -1;
    if (!held && !lock(lock_path, &fd, NULL))
        return true; /* somebody is at work */
    if (!lockfile)
        bt_tree_remove(path);
    unlock(lock_path, &fd);
    return true;
}

static void sweep(const char *root, const char *mine, bool newest)
{
    struct sweep s = {bt_arena_create(), root, mine, newest};
    each_name(root, sweep_one, &s);
    bt_arena_destroy(s.a);
}

/* ---- the newest ---- */

struct look {
    const char *date;
    long last; /* the highest number of this date; 0: none */
    const char *than;
    bool newer; /* an edition newer than `than` is there */
};

static bool look_one(void *ctx, const char *name)
{
    struct look *l = ctx;
    long n = bt_edition_number(name);
    if (n > l->last && strncmp(name, l->date, DATE) == 0)
        l->last = n;
    if (n > 0 && l->than && bt_edition_newer(name, l->than))
        l->newer = true;
    return true;
}

static struct look look(const char *root, const char *date, const char *than)
{
    struct look l = {date, 0, than, false};
    each_name(root, look_one, &l);
    return l;
}

/* "<stem>.wav" becomes "moi-nhat.wav". */
static char *newest_name(struct bt_arena *a, const struct bt_edition *e, const char *name)
{
    size_t n = strlen(e->stem);
    if (strncmp(name, e->stem, n) == 0)
        return bt_format(a, "%s/" NEWEST "%s", e->root, name + n);
    return bt_format(a, "%s/" NEWEST "-%s", e->root, name);
}

static bool copy_newest(const struct bt_edition *e, const char *const *newest, size_t n,
                        struct bt_err *err)
{
    if (!bt_edition_is_newest(e))
        return true;
    sweep(e->root, NULL, true);
    struct bt_arena *a = bt_arena_create();
    const char *dir = bt_path_join(a, e->root, e->name);
    bool ok = true;
    for (size_t i = 0; i < n; i++) /* all of them: a full disk may have room for the next */
        ok = bt_file_copy(bt_path_join(a, dir, newest[i]), newest_name(a, e, newest[i]), err) && ok;
    bt_arena_destroy(a);
    return ok;
}

/* A run that was killed between the rename and the copies: sound of the edition that has no copy,
 * and what differs from its copy. By their bytes: clocks go back. */
struct stale {
    const struct bt_edition *e;
    struct bt_arena *a;
    const char **name;
    size_t n;
};

static bool is_sound(const struct bt_edition *e, const char *name)
{
    bool sound = false;
    for (int f = 0; f < BT_FORMATS && !sound; f++)
        sound = bt_str_ends(bt_str(name), bt_str(bt_format_suffix((enum bt_format)f)));
    return sound && strncmp(name, e->stem, strlen(e->stem)) == 0;
}

static bool stale_one(void *ctx, const char *name)
{
    struct stale *s = ctx;
    struct stat made;
    const char *path = bt_path_join(s->a, bt_path_join(s->a, s->e->root, s->e->name), name);
    const char *copy = newest_name(s->a, s->e, name);
    if (stat(path, &made) != 0 || !S_ISREG(made.st_mode))
        return true;
    if (bt_file_exists(copy) ? !bt_file_same(path, copy) : is_sound(s->e, name))
        *(const char **)bt_push(s->a, &s->name, &s->n, sizeof(*s->name)) = bt_strdup(s->a, name);
    return true;
}

bool bt_newest_lock(const char *root, int *fd, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    bool ok = lock_wait(bt_path_join(a, root, "." NEWEST ".lock"), fd, err);
    bt_arena_destroy(a);
    return ok;
}

void bt_newest_unlock(const char *root, int *fd)
{
    struct bt_arena *a = bt_arena_create();
    unlock(bt_path_join(a, root, "." NEWEST ".lock"), fd);
    bt_arena_destroy(a);
}

bool bt_edition_is_newest(const struct bt_edition *e)
{
    return !look(e->root, e->name, e->name).newer;
}

static bool refresh(const struct bt_edition *e, const char *const *newest, size_t n,
                    struct bt_err *err)
{
    int fd = -1;
    bool held = bt_newest_lock(e->root, &fd, err);
    bool listed = held && bt_listing_update(e->root, err);
    bool copied = held && copy_newest(e, newest, n, err); /* last, also when a list had no room */
    bt_newest_unlock(e->root, &fd);
    return listed && copied;
}

bool bt_editions_list(const char *root, struct bt_err *err)
{
    int fd = -1;
    bool ok = bt_newest_lock(root, &fd, err) && bt_listing_update(root, err);
    bt_newest_unlock(root, &fd);
    return ok;
}

static bool refresh_stale(const struct bt_edition *e, struct bt_err *err)
{
    struct stale s = {.e = e, .a = bt_arena_create()};
    bool ok = true;
    if (bt_edition_is_newest(e)) {
        each_name(bt_path_join(s.a, e->root, e->name), stale_one, &s);
        ok = refresh(e, s.name, s.n, err);
    }
    bt_arena_destroy(s.a);
    return ok;
}

/* ---- begin ---- */

static bool open_work(struct bt_arena *a, struct bt_edition *e, const char *date, bool again,
                      bool *done, struct bt_err *err)
{
    long last = look(e->root, date, NULL).last;
    *done = last > 0 && !again;
    long number = *done ? last : last + 1;
    e->name = number > 1 ? bt_format(a, "%s.%ld", date, number) : bt_strdup(a, date);
    sweep(e->root, date, false);
    if (*done)
        return refresh_stale(e, err);
    e->work = bt_format(a, "%s/.%s.bt-%ld", e->root, e->name, (long)getpid());
    return bt_dir_make(e->work, err);
}

bool bt_edition_begin(struct bt_arena *a, const char *out, const char *programme, const char *date,
                      bool again, struct bt_edition *e, bool *done, struct bt_err *err)
{
    if (!is_plain(programme) || !is_date(date) || date[DATE])
        return bt_fail(err, BT_EDELIVER, BT_M_EDITION_NAME, programme, date);
    struct bt_edition n = {.root = bt_path_join(a, out, programme),
                           .stem = bt_format(a, "%s-%s", programme, date),
                           .lock = -1};
    n.lock_path = bt_format(a, "%s/.%s.lock", n.root, date);
    if (!bt_dir_make(n.root, err) || !lock(n.lock_path, &n.lock, err))
        return false;
    bool there = false;
    bool ok = open_work(a, &n, date, again, &there, err);
    if (!ok || there)
        unlock(n.lock_path, &n.lock);
    if (!ok)
        return false;
    *done = there;
    *e = n;
    return true;
}

/* ---- commit ---- */

/* rename() puts a folder over an empty one without a word: ours never exists. */
static bool give_name(struct bt_edition *e, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    const char *name = bt_path_join(a, e->root, e->name);
    bool ok;
    if (is_folder(name)) {
        errno = EEXIST;
        ok = false;
    } else {
        ok = rename(e->work, name) == 0;
    }
    if (!ok)
        bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, name);
    else
        e->work = NULL;
    bt_arena_destroy(a);
    return ok;
}

static bool sync_folder(const char *dir, struct bt_err *err)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL); /* some shares cannot */
    if (!ok)
        bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, dir);
    if (fd >= 0)
        close(fd);
    return ok;
}

bool bt_edition_commit(struct bt_edition *e, const char *const *newest, size_t n,
                       struct bt_err *err)
{
    bool ok = bt_tree_sync(e->work, err) && give_name(e, err) && sync_folder(e->root, err) &&
              refresh(e, newest, n, err);
    bt_edition_abandon(e);
    return ok;
}

void bt_edition_abandon(struct bt_edition *e)
{
    if (!e || !e->lock_path)
        return;
    if (e->work)
        bt_tree_remove(e->work);
    e->work = NULL;
    unlock(e->lock_path, &e->lock);
}
