/* Text as it may be spoken, out of text as sites write it. Knows characters and mark-up in the
 * small; knows no documents. */
#include "news/parts.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_invisible(int32_t c)
{
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2064) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
           c == 0xAD || c == 0xFFFC;
}

static bool is_control(int32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

char *bt_tidy(struct bt_arena *a, struct bt_str s)
{
    char *nfc = bt_nfc(a, s), *w = nfc;
    bool gap = false;
    size_t n = strlen(nfc);
    for (size_t i = 0, k; i < n; i += k) {
        int32_t c = bt_utf8_get(nfc + i, n - i, &k);
        if (is_invisible(c))
            continue;
        if (bt_is_space(c) || is_control(c)) {
            gap = w > nfc;
            continue;
        }
        if (gap)
            *w++ = ' ';
        gap = false;
        memmove(w, nfc + i, k);
        w += k;
    }
    *w = '\0';
    return nfc;
}

/* "&name;" or "&#7887;" at p[0..n): its length, and the code point; 0 when it is none. */
static size_t reference(const char *p, size_t n, int32_t *c)
{
    char name[12];
    size_t end = 1;
    while (end < n && end < sizeof(name) && p[end] != ';' && p[end] != '&')
        end++;
    if (end >= n || end == 1 || end > sizeof(name) - 1 || p[end] != ';')
        return 0;
    memcpy(name, p + 1, end - 1);
    name[end - 1] = '\0';
    if (name[0] == '#') {
        bool hex = name[1] == 'x' || name[1] == 'X';
        char *stop;
        long v = strtol(name + 1 + hex, &stop, hex ? 16 : 10);
        *c = v > 0 && v < 0x110000 && !(v >= 0xD800 && v < 0xE000) ? (int32_t)v : 0xFFFD;
        return *stop ? 0 : end + 1;
    }
    const htmlEntityDesc *e = htmlEntityLookup((const xmlChar *)name);
    *c = e ? (int32_t)e->value : strcmp(name, "apos") == 0 ? '\'' : 0;
    return *c ? end + 1 : 0;
}

char *bt_unescape(struct bt_arena *a, struct bt_str s)
{
    char *out = bt_alloc(a, s.n + 1), *w = out;
    for (size_t i = 0; i < s.n;) {
        int32_t c;
        size_t k = s.p[i] == '&' ? reference(s.p + i, s.n - i, &c) : 0;
        if (k) /* the shortest reference is no shorter than its UTF-8 */
            w += bt_utf8_put(c, w);
        else
            *w++ = s.p[i];
        i += k ? k : 1;
    }
    *w = '\0';
    return out;
}

/* The length of the tag at p[0..n), or 0: "a < b" holds none. */
static size_t tag_length(const char *p, size_t n)
{
    enum { LONGEST = 8192 };
    if (n < 3)
        return 0;
    char c = p[1] == '/' ? p[2] : p[1];
    if (!((c | 32) >= 'a' && (c | 32) <= 'z') && c != '!')
        return 0;
    const char *end = memchr(p, '>', n < LONGEST ? n : LONGEST);
    return end ? (size_t)(end - p) + 1 : 0;
}

static bool tag_breaks(const char *tag)
{
    static const char *const block[] = {"p",  "br", "div", "li", "h1", "h2",    "h3",
                                        "h4", "td", "tr",  "ul", "ol", "table", "section"};
    tag += tag[1] == '/' ? 2 : 1;
    size_t n = strcspn(tag, " \t\r\n/>");
    for (size_t i = 0; i < BT_LEN(block); i++)
        if (strlen(block[i]) == n && strncasecmp(tag, block[i], n) == 0)
            return true;
    return false;
}

/* Tags away: \n where they break the line, nothing elsewhere. */
static char *strip_tags(struct bt_arena *a, struct bt_str s, bool *some)
{
    char *out = bt_alloc(a, s.n + 1), *w = out;
    for (size_t i = 0; i < s.n;) {
        size_t k = s.p[i] == '<' ? tag_length(s.p + i, s.n - i) : 0;
        *some = *some || k;
        if (!k)
            *w++ = s.p[i++];
        else if (tag_breaks(s.p + i))
            *w++ = '\n';
        i += k;
    }
    *w = '\0';
    return out;
}

/* Feeds escape mark-up once or twice, and sometimes wrongly. */
static struct bt_str plain(struct bt_arena *a, struct bt_str s)
{
    bool raw_lines = true;
    for (int round = 0; round < 3; round++) {
        bool tags = false;
        if (!s.p || (!memchr(s.p, '<', s.n) && !memchr(s.p, '&', s.n)))
            break;
        char *p = strip_tags(a, s, &tags);
        if (tags && raw_lines) { /* line ends in mark-up are blanks */
            char *q = bt_strndup(a, s.p, s.n);
            for (char *t = q; *t; t++)
                if (*t == '\n' || *t == '\r')
                    *t = ' ';
            p = strip_tags(a, bt_str(q), &tags);
            raw_lines = false;
        }
        s = bt_str(bt_unescape(a, bt_str(p)));
    }
    return s;
}

void bt_markup_paras(struct bt_arena *a, struct bt_str s, const char ***para, size_t *n)
{
    struct bt_str rest = plain(a, s), line;
    while (bt_str_line(&rest, &line)) {
        char *text = bt_tidy(a, line);
        if (*text)
            *(const char **)bt_push(a, para, n, sizeof(char *)) = text;
    }
}

char *bt_markup_line(struct bt_arena *a, struct bt_str s)
{
    return bt_tidy(a, plain(a, s));
}

size_t bt_syllables(const char *s)
{
    size_t count = 0;
    bool in = false;
    for (; *s; s++) {
        bool wordy =
            (*s & 0x80) || (*s >= '0' && *s <= '9') || ((*s | 32) >= 'a' && (*s | 32) <= 'z');
        if (*s == ' ')
            in = false;
        else if (wordy && !in) {
            in = true;
            count++;
        }
    }
    return count;
}
