/* UTF-8, NFC and letter classes, by utf8proc. */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { REPLACEMENT = 0xFFFD };

int32_t bt_utf8_get(const char *p, size_t n, size_t *len)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t k = utf8proc_iterate((const utf8proc_uint8_t *)p, (utf8proc_ssize_t)n, &c);
    if (k <= 0) {
        *len = n ? 1 : 0;
        return REPLACEMENT;
    }
    *len = (size_t)k;
    return c;
}

size_t bt_utf8_put(int32_t c, char out[4])
{
    return (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)out);
}

bool bt_utf8_valid(struct bt_str s)
{
    for (size_t i = 0, k; i < s.n; i += k)
        if (utf8proc_iterate((const utf8proc_uint8_t *)s.p + i, (utf8proc_ssize_t)(s.n - i),
                             &(utf8proc_int32_t){0}) <= 0)
            return false;
        else
            bt_utf8_get(s.p + i, s.n - i, &k);
    return true;
}

static char *mend(struct bt_arena *a, struct bt_str s)
{
    char *out = bt_alloc(a, s.n * 3 + 1), *w = out;
    for (size_t i = 0, k; i < s.n; i += k)
        w += bt_utf8_put(bt_utf8_get(s.p + i, s.n - i, &k), w);
    return out;
}

/* All of it is valid and made of letters that NFC never touches: Latin, precomposed Vietnamese, the
 * usual marks. Nearly every text is, and normalising costs ten times as much as looking. */
static bool is_plain_nfc(struct bt_str s)
{
    for (size_t i = 0, k; i < s.n; i += k) {
        int32_t c = bt_utf8_get(s.p + i, s.n - i, &k);
        if (!c || !(c < 0x300 || (c >= 0x1E00 && c < 0x1F00) || (c >= 0x2010 && c < 0x2070)))
            return false;
    }
    return true;
}

char *bt_nfc(struct bt_arena *a, struct bt_str s)
{
    if (is_plain_nfc(s))
        return bt_strndup(a, s.p, s.n);
    const char *clean =
        bt_utf8_valid(s) && !memchr(s.p, 0, s.n) ? bt_strndup(a, s.p, s.n) : mend(a, s);
    utf8proc_uint8_t *nfc = utf8proc_NFC((const utf8proc_uint8_t *)clean);
    if (!nfc)
        return bt_strdup(a, clean);
    char *out = bt_strdup(a, (const char *)nfc);
    free(nfc);
    return out;
}

int32_t bt_lower(int32_t c)
{
    return utf8proc_tolower(c);
}

int32_t bt_upper(int32_t c)
{
    return utf8proc_toupper(c);
}

bool bt_is_letter(int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return true;
    default:
        return false;
    }
}

bool bt_is_upper(int32_t c)
{
    return utf8proc_category(c) == UTF8PROC_CATEGORY_LU;
}

bool bt_is_space(int32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 ||
           utf8proc_category(c) == UTF8PROC_CATEGORY_ZS || c == 0x2028 || c == 0x2029;
}

char *bt_lower_str(struct bt_arena *a, struct bt_str s)
{
    char *out = bt_alloc(a, s.n * 3 + 1), *w = out;
    for (size_t i = 0, k; i < s.n; i += k)
        w += bt_utf8_put(bt_lower(bt_utf8_get(s.p + i, s.n - i, &k)), w);
    return out;
}

char *bt_fold(struct bt_arena *a, struct bt_str s)
{
    char *out = bt_alloc(a, s.n + 1), *w = out;
    for (size_t i = 0, k = 1; i < s.n; i += k) {
        utf8proc_int32_t base[8];
        if ((unsigned char)s.p[i] < 0x80) {
            *w++ = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 0x20 : s.p[i]);
            k = 1;
            continue;
        }
        int32_t c = bt_lower(bt_utf8_get(s.p + i, s.n - i, &k));
        if (c == 0x111) /* đ has no decomposition */
            c = 'd';
        int boundary = 0;
        if (utf8proc_decompose_char(c, base, 8, UTF8PROC_DECOMPOSE, &boundary) > 0 &&
            base[0] < 0x80)
            *w++ = (char)base[0];
    }
    return out;
}
