/* Texts in the forms that files want: XML, ASCII. Knows characters; knows no file. */
#include "air/encode.h"

#include <string.h>

/* XML 1.0's characters, without the C1 controls, what Unicode keeps for no character, and the marks
 * that turn the direction of a line. */
static bool is_xml(int32_t c)
{
    if (c == '\t' || c == '\n')
        return true;
    bool turn = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E ||
                c == 0x200F || c == 0x061C;
    bool none = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    return c >= 0x20 && !(c >= 0x7F && c < 0xA0) && !(c >= 0xD800 && c < 0xE000) && !none && !turn;
}

void bt_put_xml(struct bt_buf *b, const char *text)
{
    static const char *const escapes[128] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};
    if (!text)
        return;
    for (size_t n = strlen(text), len; n > 0; text += len, n -= len) {
        char utf8[4];
        int32_t c = bt_utf8_get(text, n, &len);
        if (c < 128 && c > 0 && escapes[c])
            bt_buf_adds(b, escapes[c]);
        else if (is_xml(c))
            bt_buf_add(b, utf8, bt_utf8_put(c, utf8));
    }
}

char *bt_xml(struct bt_arena *a, const char *text)
{
    struct bt_buf b;
    bt_buf_init(&b, SIZE_MAX / 2);
    bt_put_xml(&b, text);
    char *out = bt_strndup(a, b.p ? b.p : "", b.n);
    bt_buf_finish(&b);
    return out;
}

char *bt_one_line(struct bt_arena *a, const char *text)
{
    char *out = bt_alloc(a, 3 * strlen(text) + 1), *end = out; /* a bad byte becomes three */
    for (size_t n = strlen(text), len; n > 0; text += len, n -= len) {
        int32_t c = bt_utf8_get(text, n, &len);
        if (c == '\t' || c == '\n' || c == '\r')
            *end++ = ' ';
        else if (is_xml(c))
            end += bt_utf8_put(c, end);
    }
    struct bt_str s = bt_str_trim((struct bt_str){out, (size_t)(end - out)});
    return bt_strndup(a, s.p, s.n);
}

char *bt_ascii(struct bt_arena *a, const char *text, size_t most)
{
    struct bt_buf b;
    bt_buf_init(&b, most);
    for (size_t n = strlen(text), len; n > 0; text += len, n -= len) {
        int32_t c = bt_utf8_get(text, n, &len);
        const char *plain = bt_fold(a, (struct bt_str){text, len});
        if (c < 128)
            bt_buf_addc(&b, c < 0x20 || c == 0x7F ? ' ' : (char)c);
        else if (!*plain)
            bt_buf_addc(&b, c == 0x2013 || c == 0x2014 ? '-' : '?');
        else if (bt_is_upper(c))
            bt_buf_addf(&b, "%c%s", plain[0] & ~0x20, plain + 1);
        else
            bt_buf_adds(&b, plain);
    }
    char *out = bt_strndup(a, b.p ? b.p : "", b.n);
    bt_buf_finish(&b);
    return out;
}
