/* Any bytes as a page, by the general rules and by profiles: no crash, and what is refused has no
 * body. */
#include "articles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct bt_arena *kept;
    static const struct bt_profiles *profiles;
    if (!kept && (!(kept = bt_arena_create()) ||
                  !bt_profiles_load(kept, "voices/profiles.tsv", &profiles, NULL)))
        abort();
    struct bt_arena *a = bt_arena_create();
    struct bt_page p;
    if (bt_page_read(a, (struct bt_str){(const char *)data, n}, NULL, 7 * 3600, profiles, &p,
                     NULL)) {
        if (p.refused && p.npara)
            abort();
        check_text(p.title);
        check_text(p.lead);
        for (size_t i = 0; i < p.npara; i++)
            check_text(p.para[i]);
    }
    bt_arena_destroy(a);
    return 0;
}
