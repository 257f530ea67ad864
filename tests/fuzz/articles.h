/* What every parser of the news room promises: NFC text without control characters, an id, a title.
 */
#ifndef BT_FUZZ_ARTICLES_H
#define BT_FUZZ_ARTICLES_H

#include "news/parts.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct bt_source_spec fuzz_source = {.href = "x", .name = "x", .zone = 7 * 3600};

static inline void check_text(const char *s)
{
    if (!s || !bt_utf8_valid(bt_str(s)))
        abort();
    for (; *s; s++)
        if ((unsigned char)*s < 0x20)
            abort();
}

static inline void check_articles(const struct bt_articles *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct bt_article *t = &list->item[i];
        if (!t->id || strncmp(t->id, "s-", 2) != 0 || !*t->title)
            abort();
        check_text(t->title);
        check_text(t->lead);
        for (size_t k = 0; k < t->npara; k++)
            check_text(t->para[k]);
    }
}

#endif
