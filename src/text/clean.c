/*
 * Clean-up: any bytes to NFC with one shape for each dash, quote, space and digit, and a map back
 * to the written bytes. Knows Unicode; knows no words.
 */
#include "text/pass.h"

#include <stdlib.h>
#include <utf8proc.h>

enum { MARKS_MAX = 8 };

static const struct {
    int32_t c;
    const char *as; /* "" drops it */
} table[] = {{0x00A0, " "},    {0x00AB, "\""},   {0x00BB, "\""},   {0x00AD, ""},   {0x00B2, "²"},
             {0x00B3, "³"},    {0x00B4, "'"},    {0x00B5, "μ"},    {0x00BA, "°"},  {0x00B7, "·"},
             {0x00BC, " 1/4"}, {0x00BD, " 1/2"}, {0x00BE, " 3/4"}, {0x00D0, "Đ"},  {0x00F0, "đ"},
             {0x200B, ""},     {0x200C, ""},     {0x200D, ""},     {0x200E, ""},   {0x200F, ""},
             {0x2010, "-"},    {0x2011, "-"},    {0x2012, "-"},    {0x2013, "–"},  {0x2014, "–"},
             {0x2015, "–"},    {0x2018, "'"},    {0x2019, "'"},    {0x201A, "'"},  {0x201B, "'"},
             {0x201C, "\""},   {0x201D, "\""},   {0x201E, "\""},   {0x201F, "\""}, {0x2024, "."},
             {0x2025, ".."},   {0x2026, "..."},  {0x202A, ""},     {0x202B, ""},   {0x202C, ""},
             {0x202D, ""},     {0x202E, ""},     {0x2032, "'"},    {0x2033, "\""}, {0x2039, "\""},
             {0x203A, "\""},   {0x2044, "/"},    {0x2060, ""},     {0x2080, "0"},  {0x2081, "1"},
             {0x2082, "2"},    {0x2083, "3"},    {0x2084, "4"},    {0x2085, "5"},  {0x2086, "6"},
             {0x2087, "7"},    {0x2088, "8"},    {0x2089, "9"},    {0x20AB, "₫"},  {0x2103, "°C"},
             {0x2109, "°F"},   {0x2116, "số "},  {0x2122, ""},     {0x00AE, ""},   {0x00A9, ""},
             {0x2160, "I"},    {0x2161, "II"},   {0x2162, "III"},  {0x2163, "IV"}, {0x2164, "V"},
             {0x2165, "VI"},   {0x2166, "VII"},  {0x2167, "VIII"}, {0x2168, "IX"}, {0x2169, "X"},
             {0x2212, "-"},    {0x2215, "/"},    {0x2217, "*"},    {0x22C5, "·"},  {0x2715, "×"},
             {0x2A2F, "×"},    {0x33A1, "m²"},   {0x33A5, "m³"},   {0x3000, " "},  {0x3001, ","},
             {0x3002, "."},    {0x338F, "kg"},   {0x339E, "km"},   {0x339C, "mm"}, {0x339D, "cm"},
             {0x33A2, "km²"},  {0xFEFF, ""},     {0xFB00, "ff"},   {0xFB01, "fi"}, {0xFB02, "fl"},
             {0x0424, "φ"},    {0x0444, "φ"},    {0x00D8, "φ"},    {0x2300, "φ"},  {0x215B, " 1/8"},
             {0x2153, " 1/3"}, {0x2154, " 2/3"}, {0x2070, "0"},    {0x00B9, "1"},  {0x02B9, "'"},
             {0x02BC, "'"},    {0x02C8, "'"},    {0x0060, "'"},    {0x05F3, "'"},  {0x2035, "'"}};

struct maker {
    char *text;
    uint32_t *map;
    size_t n;
};

static void put(struct maker *m, const char *s, size_t n, size_t from)
{
    for (size_t i = 0; i < n; i++) {
        m->text[m->n] = s[i];
        m->map[m->n++] = (uint32_t)from;
    }
}

static const char *replaced(int32_t c)
{
    for (size_t i = 0; i < BT_LEN(table); i++)
        if (table[i].c == c)
            return table[i].as;
    return NULL;
}

static bool is_mark(int32_t c)
{
    return (c >= 0x300 && c <= 0x36F) ||
           (c > 0x36F && utf8proc_category(c) == UTF8PROC_CATEGORY_MN);
}

static void put_char(struct maker *m, int32_t c, size_t from)
{
    char bytes[4];
    const char *as = c >= 0x80 || c == '`' ? replaced(c) : NULL;
    if (as) {
        put(m, as, strlen(as), from);
    } else if (c >= 0xFF01 && c <= 0xFF5E) {
        bytes[0] = (char)(c - 0xFF01 + '!');
        put(m, bytes, 1, from);
    } else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F || bt_is_space(c)) {
        put(m, c == '\n' || c == 0x2028 || c == 0x2029 ? "\n" : " ", 1, from);
    } else {
        put(m, bytes, bt_utf8_put(c, bytes), from);
    }
}

/* A letter with its marks: composed, and put as one. */
static void put_marked(struct maker *m, int32_t *c, size_t n, size_t from)
{
    utf8proc_ssize_t k = (utf8proc_ssize_t)n;
    if (n > 1) {
        int32_t d[(MARKS_MAX + 1) * 4];
        utf8proc_ssize_t nd = 0;
        int boundary = 0;
        for (size_t i = 0; i < n; i++) {
            utf8proc_ssize_t got = utf8proc_decompose_char(
                c[i], d + nd, (utf8proc_ssize_t)BT_LEN(d) - nd, UTF8PROC_DECOMPOSE, &boundary);
            nd += got > 0 && got <= (utf8proc_ssize_t)BT_LEN(d) - nd ? got : 0;
        }
        /* canonical order of the marks: a bubble sort of at most a few */
        for (utf8proc_ssize_t i = 1; i < nd; i++)
            for (utf8proc_ssize_t j = i; j > 1; j--) {
                int x = utf8proc_get_property(d[j - 1])->combining_class;
                int y = utf8proc_get_property(d[j])->combining_class;
                if (y == 0 || x <= y)
                    break;
                int32_t swap = d[j];
                d[j] = d[j - 1];
                d[j - 1] = swap;
            }
        k = utf8proc_normalize_utf32(d, nd, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
        memcpy(c, d, (size_t)(k > 0 ? 1 : 0) * sizeof(*c));
    }
    put_char(m, c[0], from);
}

static size_t gather(struct bt_str s, size_t at, int32_t *c, size_t *n)
{
    size_t k;
    *n = 1;
    c[0] = bt_utf8_get(s.p + at, s.n - at, &k);
    at += k;
    while (at < s.n && (unsigned char)s.p[at] >= 0x80) {
        int32_t next = bt_utf8_get(s.p + at, s.n - at, &k);
        if (!is_mark(next))
            break;
        if (*n <= MARKS_MAX)
            c[(*n)++] = next;
        at += k;
    }
    return at;
}

/* Bytes at s that stay as they are: printable ASCII, or a letter of Vietnamese in one piece; what
 * follows begins no mark that could join it. 0: look closer. */
static size_t stays(const char *p, size_t n)
{
    size_t k;
    const unsigned char *s = (const unsigned char *)p;
    if (s[0] < 0x20 || s[0] == 0x7F || s[0] == '`')
        return 0;
    int32_t c = bt_next(p, n, &k);
    bool letter = (c >= 0xC0 && c <= 0x1B0 && c != 0xD0 && c != 0xF0 && c != 0xD7 && c != 0xD8) ||
                  (c >= 0x1EA0 && c <= 0x1EF9);
    bool plain = k == n || s[k] < 0x80 || (s[k] >= 0xC3 && s[k] <= 0xC6) ||
                 (s[k] == 0xE1 && k + 1 < n && (s[k + 1] == 0xBA || s[k + 1] == 0xBB));
    return plain && (c < 0x80 || (letter && k > 1)) ? k : 0;
}

void bt_clean(struct bt_str written, struct clean *out)
{
    size_t room = written.n * 4 + 1;
    struct maker m = {.text = bt_xrealloc(NULL, room, 1),
                      .map = bt_xrealloc(NULL, room, sizeof(*m.map))};
    for (size_t i = 0, k; i < written.n;) {
        if ((k = stays(written.p + i, written.n - i)) > 0) {
            put(&m, written.p + i, k, i);
            i += k;
            continue;
        }
        int32_t c[MARKS_MAX + 1];
        size_t n, next = gather(written, i, c, &n);
        put_marked(&m, c, n, i);
        i = next;
    }
    m.text[m.n] = '\0';
    m.map[m.n] = (uint32_t)written.n;
    *out = (struct clean){m.text, m.n, m.map};
}

void bt_clean_finish(struct clean *c)
{
    free(c->text);
    free(c->map);
}
