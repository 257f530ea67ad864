/* Any bytes as a programme: read, or refused with the file's name; and what is read has a pick. */
#include "script/script.h"

#include "bytes.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct bt_civil day = {.year = 2025, .mon = 11, .day = 25};
    const char *path = fuzz_file(data, n);
    struct bt_arena *a = bt_arena_create();
    struct bt_programme p;
    struct bt_err err = {0};
    if (!bt_programme_load(a, path, &p, &err)) {
        if (err.code != BT_EFILE || strncmp(err.msg, path, strlen(path)) != 0)
            abort();
    } else {
        struct bt_pick pick = bt_programme_pick(&p, &day);
        if (!*p.id || pick.least > pick.most)
            abort();
    }
    bt_arena_destroy(a);
    return 0;
}
