/* Any bytes through the text room: no crash, and nothing but what may be spoken. */
#include "text/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct bt_lang *language(void)
{
    static struct bt_lang *l;
    if (!l && !bt_lang_load("voices", NULL, &l, NULL))
        abort();
    return l;
}

static void check(const char *s)
{
    if (strpbrk(s, "0123456789%&()/@#$*+=<>[]{}\"'fjwzFJWZ"))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_reading r;
    bt_text_read(language(), NULL, a, (struct bt_str){(const char *)data, n}, BT_BREAK_STORY, &r);
    for (size_t i = 0; i < r.nutt; i++)
        check(r.utt[i].text);
    bt_arena_destroy(a);
    return 0;
}
