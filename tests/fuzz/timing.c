/* Any bytes as the timing table beside a delivered file: refused with file:line, or tags are made
 * of it. */
#include "air/air.h"

#include "bytes.h"

#include <string.h>

static const char rundown[] =
    "<rundown programme=\"t\" date=\"2025-11-25\" air=\"2025-11-25T08:45:00+07:00\">"
    "<say id=\"i1\" voice=\"nu\">Chào.</say>"
    "<story id=\"i2\" voice=\"nu\"><title>Tin</title><source>s</source></story>"
    "<say id=\"i3\" voice=\"nu\">Hết.</say><deliver to=\"o\" as=\"wav\"/></rundown>";

static const struct bt_rundown *the_rundown(void)
{
    static struct bt_arena *kept;
    static struct bt_rundown r;
    if (!kept && (!(kept = bt_arena_create()) ||
                  !bt_rundown_parse(kept, "r.xml", bt_str(rundown), &r, NULL)))
        abort();
    return &r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_timing t;
    struct bt_tags tags;
    struct bt_err err = {0};
    if (bt_timing_parse(a, "t.tsv", (struct bt_str){(const char *)data, n}, the_rundown(), &t,
                        &err)) {
        t.frames = 48000;
        bt_tags_make(a, the_rundown(), &t, NULL, NULL, &tags);
    } else if (err.code != BT_EFILE || strncmp(err.msg, "t.tsv:", 6) != 0) {
        abort();
    }
    bt_arena_destroy(a);
    return 0;
}
