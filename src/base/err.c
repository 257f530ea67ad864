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
    vsnprintf(err->msg, sizeof(err->msg), bt_msg(id), ap);
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
    snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", strerror(sys));
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
