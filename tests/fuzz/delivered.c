/* Any bytes as a delivered file that somebody hands to `bantin check`: heard, its tags read and
 * judged; what is told of it is whole. */
#include "air/air.h"

#include "bytes.h"
#include "sound.h"

#include <jansson.h>
#include <math.h>

static struct bt_chapter chapters[] = {{0, 24000, "Mở đầu", NULL, NULL},
                                       {24000, 24000, "Tin", NULL, NULL}};
static const struct bt_tags tags = {
    .title = "Bản tin", .artist = "Đài", .date = "2025-11-25", .chapter = chapters, .nchapter = 2};
static const struct bt_spoken items[] = {{"a", 0, 24000, true, 40}, {"b", 24000, 24000, false, 0}};

static void check(const struct bt_proof *p)
{
    struct bt_buf b;
    size_t i, n = 0;
    json_t *line;
    bt_buf_init(&b, 1 << 24);
    bt_proof_json(p, 1, NULL, &b);
    json_t *o = json_loadb(b.p ? b.p : "", b.n, 0, NULL);
    json_array_foreach(json_object_get(json_array_get(json_object_get(o, "files"), 0), "lines"), i,
                       line)
    {
        n += json_is_string(json_object_get(line, "words"));
    }
    if (!p->n || n != p->n)
        abort();
    json_decref(o);
    bt_buf_finish(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bt_want want = {.silence_s = 2.0, .loudness = -23, .peak = -1, .frames = 48000};
    const char *path = fuzz_file(data, n);
    struct bt_arena *a = bt_arena_create();
    struct bt_proof p;
    want.tags = &tags;
    want.item = items;
    want.nitem = BT_LEN(items);
    if (bt_proof_file(a, path, &want, &p, NULL))
        check(&p);
    bt_arena_destroy(a);
    return 0;
}
