/* A rundown of any bytes: read or refused with a line, and what is read is written and read back.
 */
#include "script/script.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_rundown r, back;
    struct bt_buf xml;
    bt_buf_init(&xml, 1 << 20);
    if (bt_rundown_parse(a, "r.xml", (struct bt_str){(const char *)data, size}, &r, NULL)) {
        bt_rundown_write(&r, &xml);
        if (!xml.over && !bt_rundown_parse(a, "r.xml", bt_buf_str(&xml), &back, NULL))
            abort();
    }
    bt_buf_finish(&xml);
    bt_arena_destroy(a);
    return 0;
}
