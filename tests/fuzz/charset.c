/* A charset's name on the first line, then any bytes in it: UTF-8, or no text. */
#include "articles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_str rest = {(const char *)data, n}, line = {NULL, 0};
    size_t len = 0;
    bt_str_line(&rest, &line);
    const char *s = bt_from_charset(a, rest, bt_strndup(a, line.p ? line.p : "", line.n), &len);
    if (s && !bt_utf8_valid((struct bt_str){s, len}))
        abort();
    bt_arena_destroy(a);
    return 0;
}
