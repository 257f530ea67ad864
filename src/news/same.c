/* Is it the same story, told twice? Titles by their syllables, texts by their runs of three. Knows
 * no identity: that is asked first. */
#include "news/parts.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MOST = 600 };

static int by_value(const void *x, const void *y)
{
    uint32_t a, b;
    memcpy(&a, x, sizeof(a));
    memcpy(&b, y, sizeof(b));
    return (a > b) - (a < b);
}

static void sort_unique(struct bt_set *s)
{
    size_t kept = 0;
    if (s->n)
        qsort(s->item, s->n, sizeof(*s->item), by_value);
    for (size_t i = 0; i < s->n; i++)
        if (!kept || s->item[kept - 1] != s->item[i])
            s->item[kept++] = s->item[i];
    s->n = kept;
}

static uint32_t hash(uint32_t h, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 16777619u;
    return h;
}

static bool is_wordy(char c)
{
    return (c & 0x80) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Hashes of the syllables of lower-case text, at most WORDS_MOST. */
static size_t syllables(const char *s, uint32_t word[WORDS_MOST])
{
    size_t n = 0;
    while (n < WORDS_MOST) {
        while (*s && !is_wordy(*s))
            s++;
        size_t k = 0;
        while (is_wordy(s[k]))
            k++;
        if (!k)
            break;
        word[n++] = hash(2166136261u, s, k);
        s += k;
    }
    return n;
}

static struct bt_set runs(struct bt_arena *a, const uint32_t *word, size_t n, size_t length)
{
    struct bt_set s = {bt_alloc(a, (n + 1) * sizeof(uint32_t)), 0};
    for (size_t i = 0; i + length <= n; i++) {
        uint32_t h = 2166136261u;
        for (size_t k = 0; k < length; k++)
            h = (h ^ word[i + k]) * 16777619u + 1;
        s.item[s.n++] = h;
    }
    sort_unique(&s);
    return s;
}

struct bt_print bt_print_of(struct bt_arena *a, const struct bt_article *t)
{
    uint32_t word[WORDS_MOST];
    struct bt_print p = {.published = t->published};
    struct bt_buf text;
    size_t n = syllables(bt_lower_str(a, bt_str(t->title)), word);
    p.title = runs(a, word, n, 1);
    p.pairs = runs(a, word, n, 2);
    bt_buf_init(&text, 1 << 16);
    bt_buf_addf(&text, "%s ", t->lead);
    for (size_t i = 0; i < t->npara; i++)
        bt_buf_addf(&text, "%s ", t->para[i]);
    n = syllables(bt_lower_str(a, bt_buf_str(&text)), word);
    p.text = runs(a, word, n, 3);
    bt_buf_finish(&text);
    return p;
}

static size_t common(const struct bt_set *x, const struct bt_set *y)
{
    size_t n = 0, i = 0, k = 0;
    while (i < x->n && k < y->n) {
        uint32_t a = x->item[i], b = y->item[k];
        n += a == b;
        i += a <= b;
        k += b <= a;
    }
    return n;
}

static double jaccard(const struct bt_set *x, const struct bt_set *y)
{
    size_t both = common(x, y), all = x->n + y->n - both;
    return all ? (double)both / (double)all : 0;
}

static double containment(const struct bt_set *x, const struct bt_set *y)
{
    size_t least = x->n < y->n ? x->n : y->n;
    return least ? (double)common(x, y) / (double)least : 0;
}

bool bt_same_story(const struct bt_print *x, const struct bt_print *y)
{
    enum { FEW = 8, ENOUGH = 30 }; /* runs: few prove nothing; short texts are often of one mould */
    size_t least = x->text.n < y->text.n ? x->text.n : y->text.n;
    if (least < FEW)
        return jaccard(&x->title, &y->title) >= 0.9;
    bool titles = jaccard(&x->title, &y->title) >= 0.5 || containment(&x->pairs, &y->pairs) >= 0.6;
    double texts = containment(&x->text, &y->text);
    return (texts >= 0.5 && least >= ENOUGH) || (titles && texts >= 0.2);
}
