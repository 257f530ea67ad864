/* Slices and growing buffers. */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

struct bt_str bt_str(const char *s)
{
    return (struct bt_str){s, s ? strlen(s) : 0};
}

bool bt_str_eq(struct bt_str a, struct bt_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool bt_str_is(struct bt_str a, const char *s)
{
    return bt_str_eq(a, bt_str(s));
}

bool bt_str_starts(struct bt_str a, struct bt_str prefix)
{
    return a.n >= prefix.n && bt_str_eq((struct bt_str){a.p, prefix.n}, prefix);
}

bool bt_str_ends(struct bt_str a, struct bt_str suffix)
{
    return a.n >= suffix.n && bt_str_eq((struct bt_str){a.p + a.n - suffix.n, suffix.n}, suffix);
}

static size_t space_at_start(struct bt_str a)
{
    if (a.n && strchr(" \t\r\n\v\f", a.p[0]) && a.p[0])
        return 1;
    return bt_str_starts(a, BT_STR("\xc2\xa0")) ? 2 : 0;
}

static size_t space_at_end(struct bt_str a)
{
    if (a.n && strchr(" \t\r\n\v\f", a.p[a.n - 1]) && a.p[a.n - 1])
        return 1;
    return bt_str_ends(a, BT_STR("\xc2\xa0")) ? 2 : 0;
}

struct bt_str bt_str_trim(struct bt_str a)
{
    size_t k;
    while ((k = space_at_start(a)) > 0) {
        a.p += k;
        a.n -= k;
    }
    while ((k = space_at_end(a)) > 0)
        a.n -= k;
    return a;
}

bool bt_str_cut(struct bt_str *rest, char sep, struct bt_str *piece)
{
    if (!rest->p)
        return false;
    const char *end = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
    if (!end) {
        *piece = *rest;
        *rest = (struct bt_str){NULL, 0};
        return true;
    }
    piece->p = rest->p;
    piece->n = (size_t)(end - rest->p);
    rest->p = end + 1;
    rest->n -= piece->n + 1;
    return true;
}

bool bt_str_line(struct bt_str *rest, struct bt_str *line)
{
    if (rest->n == 0 || !bt_str_cut(rest, '\n', line))
        return false;
    if (line->n && line->p[line->n - 1] == '\r')
        line->n--;
    return true;
}

ptrdiff_t bt_str_find(struct bt_str a, struct bt_str needle)
{
    if (needle.n == 0)
        return 0;
    if (a.n < needle.n)
        return -1;
    const char *hit = memmem(a.p, a.n, needle.p, needle.n);
    return hit ? hit - a.p : -1;
}

void bt_buf_init(struct bt_buf *b, size_t max)
{
    *b = (struct bt_buf){.max = max};
}

void bt_buf_finish(struct bt_buf *b)
{
    if (!b)
        return;
    free(b->p);
    *b = (struct bt_buf){.max = b->max};
}

void bt_buf_clear(struct bt_buf *b)
{
    b->n = 0;
    b->over = false;
    if (b->p)
        b->p[0] = '\0';
}

bool bt_buf_reserve(struct bt_buf *b, size_t more)
{
    if (b->over || more > b->max - b->n) {
        b->over = true;
        return false;
    }
    size_t need = b->n + more + 1;
    if (need > b->cap) {
        size_t cap = b->cap * 2 > need ? b->cap * 2 : need;
        b->p = bt_xrealloc(b->p, b->cap = cap < 64 ? 64 : cap, 1);
    }
    return true;
}

bool bt_buf_add(struct bt_buf *b, const void *p, size_t n)
{
    if (!bt_buf_reserve(b, n))
        return false;
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
    return true;
}

bool bt_buf_adds(struct bt_buf *b, const char *s)
{
    return bt_buf_add(b, s, strlen(s));
}

bool bt_buf_addc(struct bt_buf *b, char c)
{
    return bt_buf_add(b, &c, 1);
}

bool bt_buf_addf(struct bt_buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0 || !bt_buf_reserve(b, (size_t)n))
        return false;
    va_start(ap, fmt);
    vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
    return true;
}

struct bt_str bt_buf_str(const struct bt_buf *b)
{
    return (struct bt_str){b->p ? b->p : "", b->n};
}
