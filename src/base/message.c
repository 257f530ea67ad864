/* The reader's language, and the word that was probably meant. */
#include "base/base.h"
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

static int language(void)
{
    static const char *const names[] = {"BANTIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < BT_LEN(names); i++) {
        const char *v = getenv(names[i]);
        if (v && *v)
            return strncmp(v, "en", 2) == 0;
    }
    return 0;
}

const char *bt_msg(enum bt_msg id)
{
    return bt_texts[id][language()];
}

enum { LONGEST = 32 };

static size_t distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1], na = strlen(a), nb = strlen(b);
    if (na > LONGEST || nb > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[nb];
}

const char *bt_nearest(const char *word, const char *const *names, size_t n)
{
    const char *best = NULL;
    size_t least = strlen(word) / 2 + 1;
    for (size_t i = 0; i < n; i++) {
        size_t d = distance(word, names[i]);
        if (d < least) {
            least = d;
            best = names[i];
        }
    }
    return best;
}
