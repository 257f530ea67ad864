/* Files by rename, folders, locks. */
#include "host/host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(int fd, const char *path, size_t max, struct bt_buf *out, struct bt_err *err)
{
    char block[65536];
    ssize_t k;
    while ((k = read(fd, block, sizeof(block))) != 0) {
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, path);
        if (out->n + (size_t)k > max || !bt_buf_add(out, block, (size_t)k))
            return bt_fail(err, BT_EINNER, BT_M_FILE_TOO_LARGE, path, (long)max);
    }
    return true;
}

bool bt_file_read(const char *path, size_t max, struct bt_buf *out, struct bt_err *err)
{
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, path, max, out, err);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hang us */
    if (fd < 0)
        return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, path);
    struct stat st;
    bool ok = fstat(fd, &st) == 0;
    if (ok && !S_ISREG(st.st_mode)) {
        errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
        ok = false;
    }
    if (ok && st.st_size > 0 && (size_t)st.st_size <= max)
        bt_buf_reserve(out, (size_t)st.st_size);
    ok = ok ? read_all(fd, path, max, out, err)
            : bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, path);
    close(fd);
    return ok;
}

bool bt_write_all(int fd, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n > 0) {
        ssize_t k = write(fd, p, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return false;
        p += k;
        n -= (size_t)k;
    }
    return true;
}

static int sync_dir(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int r = fsync(fd);
    int keep = errno;
    close(fd);
    errno = keep;
    return r < 0 && errno != EINVAL ? -1 : 0; /* some shares cannot sync a folder */
}

/* ".name.bt-…" beside path, open: a dot name that nobody can guess, nor another machine on the same
 * share take; swept by the next run. -1: errno says why. */
static int temporary(struct bt_arena *a, const char *path, const char **tmp)
{
    enum { TRIES = 8 };
    const char *slash = strrchr(path, '/');
    int dir = slash ? (int)(slash - path + 1) : 0, fd = -1;
    for (int i = 0; i < TRIES && fd < 0 && (i == 0 || errno == EEXIST); i++) {
        uint64_t random;
        if (getrandom(&random, sizeof(random), 0) != sizeof(random))
            return -1;
        *tmp =
            bt_format(a, "%.*s.%s.bt-%016llx", dir, path, path + dir, (unsigned long long)random);
        fd = open(*tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    }
    int keep = errno;
    if (fd >= 0)
        flock(fd, LOCK_EX | LOCK_NB); /* its writer lives: bt_temps_sweep */
    errno = keep;
    return fd;
}

static void sweep_one(const char *path)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlink(path);
    close(fd);
}

void bt_temps_sweep(const char *dir)
{
    struct bt_arena *a = bt_arena_create();
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        if (e->d_name[0] == '.' && strstr(e->d_name, ".bt-"))
            sweep_one(bt_path_join(a, dir, e->d_name));
    if (d)
        closedir(d);
    bt_arena_destroy(a);
}

/* Close, sync and rename when ok; else remove. The error is errno's. */
static bool settle(int fd, bool ok, const char *tmp, const char *path, const char *dir)
{
    ok = ok && fsync(fd) == 0;
    int keep = errno;
    if (close(fd) != 0 && ok) {
        keep = errno;
        ok = false;
    }
    if (ok && rename(tmp, path) == 0)
        return sync_dir(dir) == 0;
    if (ok)
        keep = errno;
    unlink(tmp);
    errno = keep;
    return false;
}

bool bt_file_write(const char *path, const void *p, size_t n, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    const char *tmp = NULL;
    int fd = temporary(a, path, &tmp);
    bool ok = fd >= 0 && settle(fd, bt_write_all(fd, p, n), tmp, path, bt_path_dir(a, path));
    if (!ok)
        bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, path);
    bt_arena_destroy(a);
    return ok;
}

/* By the kernel where it can; on a share perhaps by the server. */
static bool pour(int in, int fd)
{
    enum { MUCH = 1 << 24 };
    char block[65536];
    ssize_t k;
    while (copy_file_range(in, NULL, fd, NULL, MUCH, 0) > 0)
        ;
    while ((k = read(in, block, sizeof(block))) != 0) {
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0 || !bt_write_all(fd, block, (size_t)k))
            return false;
    }
    return true;
}

bool bt_file_copy(const char *from, const char *to, struct bt_err *err)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_READ, from);
    struct bt_arena *a = bt_arena_create();
    const char *tmp = NULL;
    int fd = temporary(a, to, &tmp);
    bool ok = fd >= 0 && settle(fd, pour(in, fd), tmp, to, bt_path_dir(a, to));
    if (!ok)
        bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, to);
    bt_arena_destroy(a);
    close(in);
    return ok;
}

static bool same_bytes(int a, int b)
{
    char x[65536], y[sizeof(x)];
    ssize_t n;
    off_t at = 0;
    for (; (n = pread(a, x, sizeof(x), at)) > 0; at += n)
        for (ssize_t k = 0, m; k < n; k += m)
            if ((m = pread(b, y, (size_t)(n - k), at + k)) <= 0 || memcmp(x + k, y, (size_t)m) != 0)
                return false;
    return n == 0;
}

bool bt_file_same(const char *a, const char *b)
{
    struct stat x, y;
    int fa = open(a, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int fb = open(b, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool same = fa >= 0 && fb >= 0 && fstat(fa, &x) == 0 && fstat(fb, &y) == 0 &&
                S_ISREG(x.st_mode) && S_ISREG(y.st_mode) && x.st_size == y.st_size &&
                same_bytes(fa, fb);
    if (fa >= 0)
        close(fa);
    if (fb >= 0)
        close(fb);
    return same;
}

bool bt_file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

const char *bt_temp_dir(void)
{
    const char *dir = getenv("TMPDIR");
    return dir && *dir ? dir : "/tmp";
}

int bt_temp_file(struct bt_err *err)
{
    char name[4096];
    int fd = open(bt_temp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    snprintf(name, sizeof(name), "%s/bt-XXXXXX", bt_temp_dir()); /* without O_TMPFILE */
    fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    else
        bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_WRITTEN, bt_temp_dir());
    return fd;
}

bool bt_dir_make(const char *path, struct bt_err *err)
{
    char *p = bt_xstrdup(path);
    bool ok = true;
    for (char *s = p + 1; ok && *p; s++) {
        char c = *s;
        if (c != '/' && c != '\0')
            continue;
        *s = '\0';
        ok = mkdir(p, 0755) == 0 || errno == EEXIST;
        *s = c;
        if (c == '\0')
            break;
    }
    struct stat st;
    if (ok && stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
        errno = ENOTDIR;
        ok = false;
    }
    if (!ok)
        bt_fail_sys(err, BT_EDELIVER, BT_M_DIR_NOT_MADE, path);
    free(p);
    return ok;
}

/* Call each(path of an entry) for everything in dir but . and .. */
static bool each_entry(const char *dir, bool (*each)(const char *path))
{
    DIR *d = opendir(dir);
    if (!d)
        return false;
    bool ok = true;
    struct bt_arena *a = bt_arena_create();
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            ok = each(bt_path_join(a, dir, e->d_name)) && ok;
    bt_arena_destroy(a);
    closedir(d);
    return ok;
}

static bool remove_one(const char *path)
{
    if (unlink(path) == 0)
        return true;
    each_entry(path, remove_one);
    return rmdir(path) == 0;
}

void bt_tree_remove(const char *path)
{
    remove_one(path);
}

static bool sync_one(const char *path)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return false;
    if (S_ISDIR(st.st_mode))
        return each_entry(path, sync_one) && sync_dir(path) == 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

bool bt_tree_sync(const char *path, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    bool ok = sync_one(path) && sync_dir(bt_path_dir(a, path)) == 0;
    bt_arena_destroy(a);
    return ok || bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, path);
}

char *bt_path_dir(struct bt_arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return bt_strdup(a, ".");
    return bt_strndup(a, path, slash == path ? 1 : (size_t)(slash - path));
}

char *bt_path_join(struct bt_arena *a, const char *dir, const char *name)
{
    if (name[0] == '/' || strcmp(dir, ".") == 0 || !*dir)
        return bt_strdup(a, name);
    bool slash = dir[strlen(dir) - 1] == '/';
    return bt_format(a, "%s%s%s", dir, slash ? "" : "/", name);
}

bool bt_lock_take(const char *path, int *fd, struct bt_err *err)
{
    int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (f < 0)
        return bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, path);
    if (flock(f, LOCK_EX | LOCK_NB) != 0) {
        close(f);
        return bt_fail(err, BT_EBUSY, BT_M_LOCK_BUSY, path);
    }
    *fd = f;
    return true;
}

void bt_lock_drop(int fd)
{
    if (fd >= 0)
        close(fd);
}
