/* Any bytes as a station's lexicon: refused with file:line, or its words can be listed and read. */
#include "text/text.h"

#include "bytes.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static char dir[] = "/tmp/bt-fuzz-XXXXXX", path[sizeof(dir) + 16];
    if (!*path) {
        if (!mkdtemp(dir))
            abort();
        snprintf(path, sizeof(path), "%s/lexicon.tsv", dir);
        if (symlink(fuzz_file(data, n), path) != 0)
            abort();
    }
    fuzz_file(data, n);
    struct bt_lang *l = NULL;
    struct bt_err err = {0};
    if (!bt_lang_load("voices", dir, &l, &err)) {
        if (err.code != BT_EFILE || !strstr(err.msg, "lexicon.tsv"))
            abort();
        return 0;
    }
    struct bt_arena *a = bt_arena_create();
    struct bt_reading r;
    struct bt_buf list;
    bt_buf_init(&list, 64 << 20);
    bt_lang_list(l, (struct bt_str){NULL, 0}, &list);
    bt_text_read(l, NULL, a, (struct bt_str){(const char *)data, n}, BT_BREAK_STORY, &r);
    bt_buf_finish(&list);
    bt_arena_destroy(a);
    bt_lang_destroy(l);
    return 0;
}
