/*
 * Chapters for Podcasting 2.0 (JSON chapters 1.2.0), and playlists of a rendition's sound files:
 * extended M3U in UTF-8, XSPF 1; a log for Rivendell. Knows files by their names; knows no sound.
 */
#include "air/encode.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *seconds(int64_t frames)
{
    return json_real(round((double)frames * 1000 / BT_RATE) / 1000);
}

bool bt_chapters_json(const struct bt_published *p, struct bt_buf *out, struct bt_err *err)
{
    json_t *list = json_array();
    (void)err;
    for (size_t i = 0; i < p->tags->nchapter; i++) {
        const struct bt_chapter *c = &p->tags->chapter[i];
        json_t *o = json_object();
        json_object_set_new(o, "startTime", seconds(c->from));
        json_object_set_new(o, "endTime", seconds(c->from + c->frames));
        json_object_set_new(o, "title", json_string(c->title));
        if (c->url && *c->url)
            json_object_set_new(o, "url", json_string(c->url));
        json_array_append_new(list, o);
    }
    json_t *o = json_object();
    json_object_set_new(o, "version", json_string("1.2.0"));
    json_object_set_new(o, "title", json_string(p->tags->title));
    json_object_set_new(o, "chapters", list);
    char *s = json_dumps(o, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    if (s)
        bt_buf_addf(out, "%s\n", s);
    free(s);
    json_decref(o);
    return true;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* One line: a line's end in a title would begin another entry. */
static void put_line(struct bt_buf *b, const char *text)
{
    for (; text && *text; text++)
        bt_buf_addc(b, (unsigned char)*text < 0x20 ? ' ' : *text);
}

/* Once: who plays the list must not hear the bulletin again in another format. */
bool bt_playlist_m3u8(const struct bt_published *p, struct bt_buf *out, struct bt_err *err)
{
    long whole = (long)((p->timing->frames + BT_RATE / 2) / BT_RATE);
    (void)err;
    bt_buf_adds(out, "#EXTM3U\n");
    if (p->nfile == 0)
        return true;
    bt_buf_addf(out, "#EXTINF:%ld,", whole);
    put_line(out, p->tags->artist);
    bt_buf_adds(out, " - ");
    put_line(out, p->tags->title);
    bt_buf_addf(out, "\n%s\n", base_name(p->file[0].path));
    return true;
}

static void element(struct bt_buf *b, const char *indent, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    bt_buf_addf(b, "%s<%s>", indent, name);
    bt_put_xml(b, text);
    bt_buf_addf(b, "</%s>\n", name);
}

bool bt_playlist_xspf(const struct bt_published *p, struct bt_buf *out, struct bt_err *err)
{
    long ms = (long)((p->timing->frames * 1000 + BT_RATE / 2) / BT_RATE);
    (void)err;
    bt_buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\">\n");
    element(out, " ", "title", p->tags->title);
    element(out, " ", "creator", p->tags->artist);
    bt_buf_adds(out, " <trackList>\n");
    if (p->nfile > 0) {
        bt_buf_adds(out, "  <track>\n");
        for (size_t i = 0; i < p->nfile; i++) /* the same in other formats: a player takes one */
            element(out, "   ", "location", base_name(p->file[i].path));
        element(out, "   ", "title", p->tags->title);
        element(out, "   ", "creator", p->tags->artist);
        element(out, "   ", "annotation", p->tags->comment);
        element(out, "   ", "album", p->tags->album);
        bt_buf_addf(out, "   <duration>%ld</duration>\n  </track>\n", ms);
    }
    bt_buf_adds(out, " </trackList>\n</playlist>\n");
    return true;
}

/* One event in the columns of Rivendell's "Standard Import": start at 0, cart at 10, title at 25,
 * length at 60, data at 69. ASCII, so that a column is a byte in every version of it. */
bool bt_log_rivendell(const struct bt_published *p, struct bt_buf *out, struct bt_err *err)
{
    enum { TITLE = 34, DATA = 32 };
    const struct bt_tags *t = p->tags;
    struct bt_civil at = {0};
    long s = (long)((p->timing->frames + BT_RATE / 2) / BT_RATE);
    (void)err;
    if (t->air.utc != BT_NO_TIME)
        at = bt_utc_civil(t->air.utc, (int)t->air.zone);
    struct bt_arena *a = bt_arena_create();
    bt_buf_addf(out, "%02d:%02d:%02d  %06ld         %-34s %02ld:%02ld:%02ld %s\r\n", at.hour,
                at.min, at.sec, (long)t->cart, bt_ascii(a, t->title, TITLE), s / 3600, s / 60 % 60,
                s % 60, bt_ascii(a, p->stem, DATA));
    bt_arena_destroy(a);
    return true;
}
