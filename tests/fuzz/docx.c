/* Any bytes as a Word document: no crash, and articles that keep the door's promises. */
#include "articles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_articles list = {0};
    bt_docx_parse(a, &fuzz_source, (struct bt_str){(const char *)data, n}, &list, NULL, NULL);
    check_articles(&list);
    bt_arena_destroy(a);
    return 0;
}
