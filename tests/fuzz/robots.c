/* Any bytes as a robots.txt and a path: an answer, and a delay that is one. */
#include "host/host.h"

#include "bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_str rest = {(const char *)data, n}, line = {NULL, 0};
    int delay = 0;
    bt_str_line(&rest, &line);
    bt_robots_allow(rest, bt_strndup(a, line.p ? line.p : "", line.n), &delay);
    if (delay < 0)
        abort();
    bt_arena_destroy(a);
    return 0;
}
