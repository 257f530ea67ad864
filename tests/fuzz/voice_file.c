/* Any bytes as a voice file: no crash, and what is read keeps its limits. */
#include "voice/engine.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_voice v;
    struct bt_str text = {(const char *)data, n};
    if (bt_voice_parse(a, "voices/x.voice", text, &v, NULL)) {
        const struct bt_shape *s = &v.shape;
        if (v.nlink == 0 || s->nband > BT_BANDS || s->ratio > 3 ||
            (s->ratio > 0 && s->release < 80))
            abort();
        for (size_t i = 0; i < v.nlink; i++)
            if (v.link[i].volume > 70 || v.link[i].timeout_ms < 10)
                abort();
    }
    bt_arena_destroy(a);
    return 0;
}
