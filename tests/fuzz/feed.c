/* Any bytes as a feed: no crash, and articles that keep the door's promises. */
#include "articles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_articles list = {0};
    size_t len;
    const char *utf8 = bt_to_utf8(a, (struct bt_str){(const char *)data, n}, &len);
    struct bt_str text = {utf8, len};
    if (utf8)
        bt_feed_parse(a, &fuzz_source, text, &list, NULL, NULL);
    check_articles(&list);
    bt_arena_destroy(a);
    return 0;
}
