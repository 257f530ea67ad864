/* Articles and pages as flat records over a pipe, so that a parser can be confined in a child.
 * Reading trusts nothing: lengths, counts and UTF-8 are checked. Knows fields by one table. */
#include "news/parts.h"

#include <string.h>

enum type { TEXT, TEXTS, TIME, NUMBER, FLAG, REAL, PAIRS };
enum { COUNT_MOST = 1 << 16 };

struct field {
    enum type type;
    size_t at, count; /* count: where the number of TEXTS or PAIRS stands */
};

#define A(type, member)                                                                            \
    {                                                                                              \
        type, offsetof(struct bt_article, member), 0                                               \
    }
static const struct field article_fields[] = {
    A(TEXT, id),
    A(TEXT, title),
    A(TEXT, lead),
    {TEXTS, offsetof(struct bt_article, para), offsetof(struct bt_article, npara)},
    A(TEXT, author),
    A(TEXT, source),
    A(TEXT, credit),
    A(TEXT, url),
    A(TEXT, origin),
    A(TEXT, section),
    A(TEXT, approved),
    A(TEXT, segment),
    A(TIME, segment_day),
    A(TIME, published),
    A(TIME, not_before),
    A(TIME, expires),
    A(NUMBER, priority),
    A(FLAG, whole),
};

#define P(type, member)                                                                            \
    {                                                                                              \
        type, offsetof(struct bt_page, member), 0                                                  \
    }
static const struct field page_fields[] = {
    P(TEXT, title),
    P(TEXT, lead),
    {TEXTS, offsetof(struct bt_page, para), offsetof(struct bt_page, npara)},
    {TEXTS, offsetof(struct bt_page, author), offsetof(struct bt_page, nauthor)},
    P(TIME, published),
    P(REAL, confidence),
    P(TEXT, refused),
    P(TEXT, source),
    P(TEXT, url),
    P(TEXT, profile),
    {PAIRS, offsetof(struct bt_page, dropped), offsetof(struct bt_page, ndropped)},
    P(TEXT, feed),
    {PAIRS, offsetof(struct bt_page, link), offsetof(struct bt_page, nlink)},
};

/* ---- writing -------------------------------------------------------------------------------- */

static void put_text(struct bt_buf *b, const char *s)
{
    uint32_t n = s ? (uint32_t)strlen(s) + 1 : 0; /* 0: NULL */
    bt_buf_add(b, &n, sizeof(n));
    bt_buf_add(b, s ? s : "", n);
}

static void put_array(struct bt_buf *b, const char *at, size_t width, size_t n)
{
    uint32_t count = (uint32_t)n;
    bt_buf_add(b, &count, sizeof(count));
    for (size_t i = 0; i < n * width; i++)
        put_text(b, ((const char *const *)(const void *)at)[i]);
}

static void put_field(struct bt_buf *b, const char *base, const struct field *f)
{
    const void *at = base + f->at;
    static const size_t size[] = {[TIME] = sizeof(int64_t),
                                  [NUMBER] = sizeof(int),
                                  [FLAG] = sizeof(bool),
                                  [REAL] = sizeof(double),
                                  [PAIRS] = 0};
    size_t n;
    switch (f->type) {
    case TEXT:
        put_text(b, *(const char *const *)at);
        break;
    case TEXTS:
    case PAIRS:
        memcpy(&n, base + f->count, sizeof(n));
        put_array(b, *(const char *const *)at, f->type == PAIRS ? 2 : 1, n);
        break;
    default:
        bt_buf_add(b, at, size[f->type]);
    }
}

void bt_flat_article(struct bt_buf *b, const struct bt_article *t)
{
    bt_buf_addc(b, BT_FLAT_ARTICLE);
    for (size_t i = 0; i < BT_LEN(article_fields); i++)
        put_field(b, (const char *)t, &article_fields[i]);
}

void bt_flat_page(struct bt_buf *b, const struct bt_page *p)
{
    bt_buf_addc(b, BT_FLAT_PAGE);
    for (size_t i = 0; i < BT_LEN(page_fields); i++)
        put_field(b, (const char *)p, &page_fields[i]);
}

void bt_flat_words(struct bt_buf *b, char kind, int level, const char *item, const char *words)
{
    bt_buf_addc(b, kind);
    bt_buf_add(b, &level, sizeof(level));
    put_text(b, item);
    put_text(b, words);
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool take(struct bt_str *in, void *out, size_t n)
{
    if (in->n < n)
        return false;
    memcpy(out, in->p, n);
    in->p += n;
    in->n -= n;
    return true;
}

static bool take_text(struct bt_arena *a, struct bt_str *in, const char **out)
{
    uint32_t n;
    if (!take(in, &n, sizeof(n)) || n > in->n)
        return false;
    *out = NULL;
    if (n == 0)
        return true;
    struct bt_str s = {in->p, n - 1};
    if (in->p[n - 1] != '\0' || memchr(s.p, 0, s.n) || !bt_utf8_valid(s))
        return false;
    *out = bt_strndup(a, s.p, s.n);
    in->p += n;
    in->n -= n;
    return true;
}

static bool take_array(struct bt_arena *a, struct bt_str *in, char *at, char *count, size_t width)
{
    uint32_t n;
    if (!take(in, &n, sizeof(n)) || n > COUNT_MOST)
        return false;
    const char **item = bt_alloc(a, (n + 1) * width * sizeof(char *));
    for (size_t i = 0; i < n * width; i++)
        if (!take_text(a, in, &item[i]) || !item[i])
            return false;
    size_t wide = n;
    memcpy(at, &item, sizeof(item));
    memcpy(count, &wide, sizeof(wide));
    return true;
}

static bool take_flag(struct bt_str *in, bool *out)
{
    unsigned char c;
    if (!take(in, &c, 1) || c > 1)
        return false;
    *out = c;
    return true;
}

static bool take_field(struct bt_arena *a, struct bt_str *in, char *base, const struct field *f)
{
    void *at = base + f->at;
    switch (f->type) {
    case TEXT:
        return take_text(a, in, at);
    case TEXTS:
        return take_array(a, in, at, base + f->count, 1);
    case PAIRS:
        return take_array(a, in, at, base + f->count, 2);
    case TIME:
        return take(in, at, sizeof(int64_t));
    case NUMBER:
        return take(in, at, sizeof(int));
    case FLAG:
        return take_flag(in, at);
    case REAL:
        return take(in, at, sizeof(double));
    }
    return false;
}

bool bt_unflat_article(struct bt_arena *a, struct bt_str *in, struct bt_article *t)
{
    *t = (struct bt_article){0};
    for (size_t i = 0; i < BT_LEN(article_fields); i++)
        if (!take_field(a, in, (char *)t, &article_fields[i]))
            return false;
    return t->id && t->title && t->lead && t->priority >= 1 && t->priority <= 9;
}

bool bt_unflat_page(struct bt_arena *a, struct bt_str *in, struct bt_page *p)
{
    *p = (struct bt_page){0};
    for (size_t i = 0; i < BT_LEN(page_fields); i++)
        if (!take_field(a, in, (char *)p, &page_fields[i]))
            return false;
    return p->title && p->lead;
}

bool bt_unflat_words(struct bt_arena *a, struct bt_str *in, int *level, const char **item,
                     const char **words)
{
    return take(in, level, sizeof(*level)) && take_text(a, in, item) && take_text(a, in, words) &&
           *words;
}
