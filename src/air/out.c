/* A file written at offsets. Knows every way in which a write fails; knows no format. */
#include "air/encode.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool bt_out_open(struct bt_out *o, const char *path, struct bt_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, path);
    *o = (struct bt_out){fd, path};
    return true;
}

bool bt_out_put(struct bt_out *o, int64_t at, const void *p, size_t n, struct bt_err *err)
{
    const char *from = p;
    while (n > 0) {
        ssize_t k = pwrite(o->fd, from, n, at);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0) {
            errno = k == 0 ? ENOSPC : errno;
            return bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, o->path);
        }
        from += k;
        at += k;
        n -= (size_t)k;
    }
    return true;
}

bool bt_out_close(struct bt_out *o, bool ok, struct bt_err *err)
{
    if (o->fd < 0)
        return ok;
    if (close(o->fd) != 0 && ok)
        ok = bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, o->path);
    o->fd = -1;
    if (!ok)
        unlink(o->path);
    return ok;
}
