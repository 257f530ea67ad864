/* SHA-256, by libcrypto. */
#include "host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

static void to_hex(EVP_MD_CTX *c, char hex[BT_HASH])
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    EVP_DigestFinal_ex(c, sum, &n);
    for (unsigned i = 0; i < (BT_HASH - 1) / 2; i++)
        snprintf(hex + 2 * (size_t)i, 3, "%02x", sum[i]);
}

/* It fails for want of memory only. */
static EVP_MD_CTX *begin(void)
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    if (!c || !EVP_DigestInit_ex(c, EVP_sha256(), NULL))
        bt_xrealloc(NULL, SIZE_MAX, 2);
    return c;
}

void bt_sha256(const void *p, size_t n, char hex[BT_HASH])
{
    EVP_MD_CTX *c = begin();
    EVP_DigestUpdate(c, p, n);
    to_hex(c, hex);
    EVP_MD_CTX_free(c);
}

static bool add_all(EVP_MD_CTX *c, int fd)
{
    enum { BLOCK = 1 << 16 };
    char *p = bt_xmalloc(BLOCK);
    ssize_t k;
    while ((k = read(fd, p, BLOCK)) != 0) {
        if (k > 0)
            EVP_DigestUpdate(c, p, (size_t)k);
        else if (errno != EINTR)
            break;
    }
    free(p);
    return k == 0;
}

bool bt_sha256_file(const char *path, char hex[BT_HASH], struct bt_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, path);
    EVP_MD_CTX *c = begin();
    bool good = add_all(c, fd) || bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, path);
    if (good)
        to_hex(c, hex);
    EVP_MD_CTX_free(c);
    close(fd);
    return good;
}
