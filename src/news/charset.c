/* Bytes of any origin to UTF-8. Trusts a declaration only when the bytes do not contradict it. */
#include "news/parts.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Each byte that stands in no character becomes U+FFFD. */
static const char *mend(struct bt_arena *a, struct bt_str s, size_t *n)
{
    char *out = bt_alloc(a, s.n * 3 + 1), *w = out;
    for (size_t i = 0, k; i < s.n; i += k)
        w += bt_utf8_put(bt_utf8_get(s.p + i, s.n - i, &k), w);
    *n = (size_t)(w - out);
    return out;
}

static const char *convert(struct bt_arena *a, struct bt_str s, const char *from, size_t *n)
{
    iconv_t cd = iconv_open("UTF-8", from);
    if (cd == (iconv_t)-1)
        return NULL;
    size_t room = s.n * 3 + 4, left = s.n, free_ = room;
    char *out = bt_alloc(a, room + 1), *w = out;
    char *in = bt_strndup(a, s.p, s.n);
    while (left && iconv(cd, &in, &left, &w, &free_) == (size_t)-1 && left && free_ >= 3) {
        w += bt_utf8_put(0xFFFD, w); /* one byte that the encoding does not know */
        free_ -= 3;
        in++;
        left--;
    }
    if (free_)
        iconv(cd, NULL, NULL, &w, &free_); /* a held-back base letter */
    iconv_close(cd);
    *n = (size_t)(w - out);
    /* glibc passes UTF-8 of 1998 on, with code points above U+10FFFF */
    return bt_utf8_valid((struct bt_str){out, *n}) ? out : mend(a, (struct bt_str){out, *n}, n);
}

/* The name after `key` in the first bytes: encoding="…", charset=… */
static bool declared(struct bt_str s, char name[32])
{
    enum { LOOK = 2048 };
    static const char *const keys[] = {"encoding=", "charset="};
    size_t n = s.n < LOOK ? s.n : LOOK;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < BT_LEN(keys); k++) {
            size_t m = strlen(keys[k]);
            if (n - i <= m + 1 || strncasecmp(s.p + i, keys[k], m) != 0)
                continue;
            const char *p = s.p + i + m, *end = s.p + n;
            while (p < end && (*p == '"' || *p == '\'' || *p == ' '))
                p++;
            size_t w = 0;
            while (p + w < end && w < 31 && !strchr("\"' >/;?\r\n\t", p[w]))
                w++;
            memcpy(name, p, w);
            name[w] = '\0';
            return w > 0;
        }
    return false;
}

static size_t broken(struct bt_str s)
{
    size_t bad = 0;
    for (size_t i = 0, k = 1; i < s.n; i += k) {
        k = 1;
        if ((unsigned char)s.p[i] >= 0x80)
            bad += bt_utf8_get(s.p + i, s.n - i, &k) == 0xFFFD && k == 1;
    }
    return bad;
}

static bool is_utf_name(const char *name)
{
    return strncasecmp(name, "utf", 3) == 0 || strncasecmp(name, "ucs", 3) == 0;
}

static const char *strip_nul(struct bt_arena *a, const char *p, size_t *n)
{
    char *out = bt_alloc(a, *n + 1), *w = out;
    for (size_t i = 0; i < *n; i++)
        if (p[i])
            *w++ = p[i];
    *n = (size_t)(w - out);
    return out;
}

static const char *wide(struct bt_arena *a, struct bt_str s, size_t *n)
{
    size_t even = 0, odd = 0, look = s.n < 400 ? s.n : 400;
    if (bt_str_starts(s, (struct bt_str){"\xff\xfe", 2}))
        return convert(a, (struct bt_str){s.p + 2, s.n - 2}, "UTF-16LE", n);
    if (bt_str_starts(s, (struct bt_str){"\xfe\xff", 2}))
        return convert(a, (struct bt_str){s.p + 2, s.n - 2}, "UTF-16BE", n);
    for (size_t i = 0; i < look; i++)
        *(i % 2 ? &odd : &even) += s.p[i] == '\0';
    if (look >= 8 && odd > look / 4 && even < look / 16)
        return convert(a, s, "UTF-16LE", n);
    if (look >= 8 && even > look / 4 && odd < look / 16)
        return convert(a, s, "UTF-16BE", n);
    return NULL;
}

const char *bt_to_utf8(struct bt_arena *a, struct bt_str s, size_t *n)
{
    enum { FEW = 50 }; /* one broken byte in so many is damage, more is another encoding */
    const char *text = wide(a, s, n);
    if (text)
        return text;
    if (bt_str_starts(s, BT_STR("\xef\xbb\xbf"))) {
        s.p += 3;
        s.n -= 3;
    }
    size_t bad = broken(s);
    char name[32];
    *n = s.n;
    if (bad * FEW > s.n) {
        if (!declared(s, name) || is_utf_name(name))
            strcpy(name, "WINDOWS-1258");
        text = convert(a, s, name, n);
        if (!text)
            return NULL;
        s = (struct bt_str){text, *n};
    } else if (bad) {
        text = mend(a, s, n);
        s = (struct bt_str){text, *n};
    }
    return s.p && memchr(s.p, 0, s.n) ? strip_nul(a, s.p, n) : s.p;
}

/* ---- what only a profile may say ---------------------------------------------------------------
 */

/* VNI-Win: a base letter and a byte for its marks; some letters are bytes of their own. Lower case;
 * capitals stand 0x20 lower. */
static const struct {
    unsigned char byte;
    const char *text; /* marks to combine, or the letter */
} vni[] = {
    {0xF9, "\u0301"},
    {0xF8, "\u0300"},
    {0xFB, "\u0309"},
    {0xF5, "\u0303"},
    {0xEF, "\u0323"},
    {0xE2, "\u0302"},
    {0xE1, "\u0302\u0301"},
    {0xE0, "\u0302\u0300"},
    {0xE5, "\u0302\u0309"},
    {0xE3, "\u0302\u0303"},
    {0xE4, "\u0302\u0323"},
    {0xEA, "\u0306"},
    {0xE9, "\u0306\u0301"},
    {0xE8, "\u0306\u0300"},
    {0xFA, "\u0306\u0309"},
    {0xFC, "\u0306\u0303"},
    {0xEB, "\u0306\u0323"},
    {0xF1, "đ"},
    {0xF6, "ư"},
    {0xF4, "ơ"},
    {0xED, "í"},
    {0xEC, "ì"},
    {0xE6, "ỉ"},
    {0xF3, "ĩ"},
    {0xF2, "ị"},
    {0xEE, "ỵ"},
};

static const char *vni_text(struct bt_arena *a, unsigned char c)
{
    for (size_t i = 0; i < BT_LEN(vni); i++) {
        if (vni[i].byte == c)
            return vni[i].text;
        if (vni[i].byte - 0x20 != c)
            continue;
        size_t k;
        int32_t letter = bt_utf8_get(vni[i].text, strlen(vni[i].text), &k);
        char *upper = bt_strdup(a, vni[i].text);
        bt_utf8_put(bt_upper(letter), upper); /* the capitals here are as long as the letters */
        return upper;
    }
    return NULL;
}

static const char *from_vni(struct bt_arena *a, struct bt_str s, size_t *n)
{
    struct bt_buf b;
    bt_buf_init(&b, s.n * 4 + 1);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        const char *text = c < 0x80 ? NULL : vni_text(a, c);
        if (text)
            bt_buf_adds(&b, text);
        else
            bt_buf_addc(&b, c < 0x80 ? s.p[i] : ' ');
    }
    const char *nfc = bt_nfc(a, bt_buf_str(&b));
    bt_buf_finish(&b);
    *n = strlen(nfc);
    return nfc;
}

const char *bt_from_charset(struct bt_arena *a, struct bt_str bytes, const char *charset, size_t *n)
{
    if (!charset || (broken(bytes) == 0 && strcmp(charset, "vni") != 0))
        return bt_to_utf8(a, bytes, n);
    if (strcmp(charset, "vni") == 0)
        return from_vni(a, bytes, n);
    const char *text = convert(a, bytes, strcmp(charset, "tcvn3") == 0 ? "TCVN" : charset, n);
    return text ? strip_nul(a, text, n) : bt_to_utf8(a, bytes, n);
}
