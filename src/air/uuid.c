/* Names that are the same wherever they are made. Knows RFC 9562; knows no feed and no book. */
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "air/book.h"

const char *bt_uuid(struct bt_arena *a, const char *name)
{
    static const unsigned char podcasts[16] = {0xEA, 0xD4, 0xC2, 0x36, 0xBF, 0x58, 0x58, 0xC6,
                                               0xA2, 0xC6, 0xA6, 0xB2, 0x8D, 0x12, 0x8C, 0xB6};
    unsigned char h[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    if (!c || !EVP_DigestInit_ex(c, EVP_sha1(), NULL))
        bt_xrealloc(NULL, SIZE_MAX, 2); /* it fails for want of memory only */
    EVP_DigestUpdate(c, podcasts, sizeof(podcasts));
    EVP_DigestUpdate(c, name, strlen(name));
    EVP_DigestFinal_ex(c, h, NULL);
    EVP_MD_CTX_free(c);
    h[6] = (unsigned char)((h[6] & 0x0F) | 0x50);
    h[8] = (unsigned char)((h[8] & 0x3F) | 0x80);
    char *out = bt_alloc(a, 40);
    for (int i = 0, n = 0; i < 16; i++)
        n += snprintf(out + n, 40 - (size_t)n, "%s%02x",
                      i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", h[i]);
    return out;
}
