/* Any bytes from a parser's child: records that keep the door's promises, or none. */
#include "articles.h"

static bool texts_valid(const char *const *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!s[i] || !bt_utf8_valid(bt_str(s[i])))
            return false;
    return true;
}

static bool record(struct bt_arena *a, struct bt_str *in)
{
    struct bt_article t;
    struct bt_page p;
    const char *item, *words;
    int level;
    char kind = *in->p++;
    in->n--;
    if (kind == BT_FLAT_ARTICLE && bt_unflat_article(a, in, &t))
        return texts_valid((const char *const[]){t.id, t.title, t.lead}, 3) &&
               texts_valid(t.para, t.npara);
    if (kind == BT_FLAT_PAGE && bt_unflat_page(a, in, &p))
        return texts_valid((const char *const[]){p.title, p.lead}, 2) &&
               texts_valid(p.para, p.npara) && texts_valid(p.author, p.nauthor);
    if (kind == BT_FLAT_EVENT && bt_unflat_words(a, in, &level, &item, &words))
        return texts_valid(&words, 1);
    in->n = 0;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_str in = {(const char *)data, n};
    while (in.n > 0)
        if (!record(a, &in))
            abort();
    bt_arena_destroy(a);
    return 0;
}
