/* Errors on the caller's stack. Never allocates. */
#include "base/base.h"

#include <errno.h>
#include <string.h>

bool bt_vfail(struct bt_err *err, enum bt_code code, enum bt_msg id, va_list ap)
{
    if (!err)
        return false;
    err->code = code;
    err->sys = 0;
    bt_vmsg(err->msg, sizeof(err->msg), id, ap);
    return false;
}

bool bt_fail(struct bt_err *err, enum bt_code code, enum bt_msg id, ...)
{
    va_list ap;
    va_start(ap, id);
    bt_vfail(err, code, id, ap);
    va_end(ap);
    return false;
}

static const struct {
    int sys;
    enum bt_msg words;
} system_words[] = {
    {EACCES, BT_M_SYS_ACCESS},  {EEXIST, BT_M_SYS_EXISTS},        {EISDIR, BT_M_SYS_IS_FOLDER},
    {ENOENT, BT_M_SYS_MISSING}, {ENOSPC, BT_M_SYS_FULL},          {ENOTDIR, BT_M_SYS_NOT_FOLDER},
    {EPERM, BT_M_SYS_ACCESS},   {EROFS, BT_M_SYS_READ_ONLY},      {EDQUOT, BT_M_SYS_QUOTA},
    {EIO, BT_M_SYS_IO},         {ECONNREFUSED, BT_M_SYS_REFUSED}, {ETIMEDOUT, BT_M_SYS_LATE},
};

const char *bt_sys_words(int sys)
{
    for (size_t i = 0; i < BT_LEN(system_words); i++)
        if (system_words[i].sys == sys)
            return bt_msg(system_words[i].words);
    return strerror(sys);
}

bool bt_fail_sys(struct bt_err *err, enum bt_code code, enum bt_msg id, ...)
{
    int sys = errno;
    va_list ap;
    va_start(ap, id);
    bt_vfail(err, code, id, ap);
    va_end(ap);
    if (!err || !sys)
        return false;
    err->sys = sys;
    size_t n = strlen(err->msg);
    snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", bt_sys_words(sys));
    return false;
}

bool bt_err_prefix(struct bt_err *err, const char *fmt, ...)
{
    if (!err)
        return false;
    char old[sizeof(err->msg)];
    memcpy(old, err->msg, sizeof(old));
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
    va_end(ap);
    size_t n = strlen(err->msg);
    snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", old);
    return false;
}
