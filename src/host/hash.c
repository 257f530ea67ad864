/* SHA-256, by libmd. */
#include "host/host.h"

#include <errno.h>
#include <sha2.h>

void bt_sha256(const void *p, size_t n, char hex[BT_HASH])
{
    SHA256Data(p, n, hex);
}

bool bt_sha256_file(const char *path, char hex[BT_HASH], struct bt_err *err)
{
    errno = 0;
    if (SHA256File(path, hex))
        return true;
    return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, path);
}
