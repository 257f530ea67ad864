/* The as-run log: what aired in order, with clock times; then what did not, and why. */
#include "air/air.h"

#include <jansson.h>
#include <stdlib.h>

#include "tap.h"

static struct bt_cue cues[] = {
    {.kind = BT_CUE_JINGLE, .id = "c1", .src = "jingles/open.flac"},
    {.kind = BT_CUE_SAY, .id = "c2", .text = "Kính chào quý vị."},
    {.kind = BT_CUE_STORY,
     .id = "s-1",
     .title = "Mưa \"lớn\" ở Như Xuân",
     .url = "https://example.vn/1",
     .why = "trong khung giờ"},
    {.kind = BT_CUE_STORY,
     .id = "s-2",
     .title = "Đã phát",
     .state = BT_HOLD,
     .why = "đã phát sáng 24/11"},
    {.kind = BT_CUE_JINGLE, .id = "c9", .src = "jingles/none.flac"},
};

static struct bt_timing_row rows[] = {
    {.kind = BT_ROW_ITEM, .from = 0, .frames = 96000, .cue = 0, .id = "c1", .line = -1},
    {.kind = BT_ROW_ITEM,
     .from = 48384,
     .frames = 144000,
     .cue = 1,
     .id = "c2",
     .line = -1,
     .voice = "nu"},
    {.kind = BT_ROW_SENTENCE, .from = 48384, .frames = 144000, .cue = 1, .id = "c2"},
    {.kind = BT_ROW_ITEM, .from = 193536, .frames = 48000, .cue = 2, .id = "s-1-sting", .line = -1},
    {.kind = BT_ROW_STORY,
     .from = 2880000,
     .frames = 480000,
     .cue = 2,
     .id = "s-1",
     .line = -1,
     .voice = "nam"},
};

static json_t *line(struct bt_str *rest)
{
    struct bt_str l;
    return bt_str_line(rest, &l) ? json_loadb(l.p, l.n, 0, NULL) : NULL;
}

static const char *text(json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

int main(void)
{
    struct bt_rundown r = {.programme = "tin",
                           .date = "2025-11-25",
                           .air = {1764035100, 25200}, /* 08:45 in Thanh Hóa */
                           .cue = cues,
                           .ncue = BT_LEN(cues)};
    struct bt_timing t = {rows, BT_LEN(rows), 3360000};
    struct bt_buf b;
    bt_buf_init(&b, 1 << 20);
    bt_asrun_jsonl(&r, &t, &b);
    struct bt_str rest = bt_buf_str(&b);
    json_t *o[7] = {NULL};
    size_t n = 0;
    while (n < BT_LEN(o) && (o[n] = line(&rest)) != NULL)
        n++;
    is_int((long long)n, 6, "four that aired and two that did not, an object a line");
    is_str(text(o[0], "id"), "c1", "first the opening");
    is_str(text(o[0], "src"), "jingles/open.flac", "with its file");
    is_str(text(o[1], "at"), "2025-11-25T08:45:01+07:00", "the greeting, by the clock");
    is_str(text(o[1], "voice"), "nu", "and by whom");
    is_str(text(o[2], "kind"), "sting", "a sting is no story");
    is_str(text(o[2], "id"), "s-1-sting", "and has its own id");
    is_str(text(o[3], "title"), "Mưa \"lớn\" ở Như Xuân", "the story, as written");
    is_str(text(o[3], "at"), "2025-11-25T08:46:00+07:00", "a minute in");
    is_int(json_integer_value(json_object_get(o[3], "frames")), 480000, "to the frame");
    ok(json_is_true(json_object_get(o[3], "aired")), "it aired");
    ok(json_is_false(json_object_get(o[4], "aired")), "the held one did not");
    is_str(text(o[4], "state"), "hold", "it was held");
    is_str(text(o[4], "why"), "đã phát sáng 24/11", "and says why");
    is_str(text(o[5], "state"), "lost", "a jingle without sound is told, too");
    for (size_t i = 0; i < n; i++)
        json_decref(o[i]);
    bt_buf_finish(&b);
    return done();
}
