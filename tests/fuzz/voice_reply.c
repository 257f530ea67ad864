/* Any bytes from an engine: as a take over a pipe, and as a sound from outside. */
#include "voice/engine.h"

#include "sound.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(struct bt_take *t)
{
    bt_take_trim(t);
    for (size_t i = 0; i < t->nspot; i++)
        if (t->spot[i].at > t->n)
            abort();
    bt_take_finish(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct bt_link bare = {.format = BT_SOUND_S16, .sample_rate = 16000};
    struct bt_str bytes = {(const char *)data, n};
    struct bt_take t = {0};
    if (bt_take_parse(bytes, &t, NULL))
        check(&t);
    t = (struct bt_take){0};
    bt_sound_parse(bytes, &t, NULL);
    check(&t);
    t = (struct bt_take){0};
    bt_sound_decode(&bare, bytes, &t, NULL);
    check(&t);
    return 0;
}
