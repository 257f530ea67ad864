/* A timeline, or one of its stems, as the sound that is delivered: a reader for each thread. */
#include "air/air.h"

static bool reader_open(void *ctx, struct bt_signal *out, struct bt_err *err)
{
    (void)err;
    *out = bt_reader_signal(bt_reader_create(ctx));
    return true;
}

static void reader_close(void *ctx, struct bt_signal *s)
{
    (void)ctx;
    bt_reader_destroy(s->ctx);
}

static bool stem_open(void *ctx, struct bt_signal *out, struct bt_err *err)
{
    const struct bt_stem_of *s = ctx;
    (void)err;
    *out = bt_reader_signal(bt_reader_create_stem(s->t, s->stem));
    return true;
}

struct bt_sound bt_stem_sound(struct bt_stem_of *s)
{
    struct bt_sound sound = bt_timeline_sound(s->t);
    sound.open = stem_open;
    sound.ctx = s;
    return sound;
}

struct bt_sound bt_timeline_sound(const struct bt_timeline *t)
{
    struct bt_reader *r = bt_reader_create(t);
    struct bt_signal s = bt_reader_signal(r);
    bt_reader_destroy(r);
    return (struct bt_sound){s.channels, s.frames, reader_open, reader_close, (void *)(uintptr_t)t};
}
