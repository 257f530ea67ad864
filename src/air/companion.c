/* Companions by name: which files each one is. Knows names; what is in them stands elsewhere. */
#include "air/encode.h"

#include <string.h>

static const struct {
    const char *as, *suffix; /* a suffix without a dot is the whole name */
    bool (*write)(const struct bt_published *p, struct bt_buf *out, struct bt_err *err);
    bool (*files)(const struct bt_published *p, const char *dir, struct bt_err *err);
} companions[] = {
    {"vtt", ".vi.vtt", bt_captions_vtt, NULL},
    {"chapters", ".chapters.json", bt_chapters_json, NULL},
    {"chapters", ".chapters.vtt", bt_chapters_vtt, NULL},
    {"page", "index.html", bt_page_html, NULL},
    {"feed", "feed.xml", bt_feed_xml, NULL},
    {"feed", NULL, NULL, bt_feed_image},
    {"sheet", "to-duyet.html", bt_sheet_html, NULL},
    {"stories", NULL, NULL, bt_stories_mp3},
    {"epub", NULL, NULL, bt_book_epub},
    {"daisy", NULL, NULL, bt_book_daisy},
    {"m3u8", ".m3u8", bt_playlist_m3u8, NULL},
    {"xspf", ".xspf", bt_playlist_xspf, NULL},
    {"rdlog", ".rdlog.txt", bt_log_rivendell, NULL},
};

static bool write_one(size_t i, const struct bt_published *p, const char *dir, struct bt_err *err)
{
    if (companions[i].files)
        return companions[i].files(p, dir, err);
    struct bt_arena *a = bt_arena_create();
    struct bt_buf b;
    bt_buf_init(&b, SIZE_MAX / 2);
    const char *name =
        bt_format(a, "%s%s", *companions[i].suffix == '.' ? p->stem : "", companions[i].suffix);
    bool ok = companions[i].write(p, &b, err) &&
              bt_file_write(bt_path_join(a, dir, name), b.p ? b.p : "", b.n, err);
    bt_buf_finish(&b);
    bt_arena_destroy(a);
    return ok;
}

bool bt_companion_write(const char *as, const struct bt_published *p, const char *dir, bool *known,
                        struct bt_err *err)
{
    *known = false;
    for (size_t i = 0; i < BT_LEN(companions); i++) {
        if (strcmp(companions[i].as, as) != 0)
            continue;
        *known = true;
        if (!write_one(i, p, dir, err))
            return false;
    }
    return true;
}
