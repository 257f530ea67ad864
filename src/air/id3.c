/* ID3v2.4 in UTF-8, without padding (id3.org, 2000). Knows frames of text; knows no sound. */
#include "air/encode.h"

#include <string.h>

enum { UTF8 = 3, MOST = 1 << 24 };

/* Four times seven bits. */
static void put_size(struct bt_buf *b, size_t n)
{
    for (int shift = 21; shift >= 0; shift -= 7)
        bt_buf_addc(b, (char)(n >> shift & 0x7F));
}

static void frame_head(struct bt_buf *b, const char *id, size_t n)
{
    bt_buf_adds(b, id);
    put_size(b, n);
    bt_buf_add(b, "\0\0", 2);
}

static void text_frame(struct bt_buf *b, const char *id, const char *text)
{
    if (!text || !*text)
        return;
    frame_head(b, id, 1 + strlen(text));
    bt_buf_addc(b, UTF8);
    bt_buf_adds(b, text);
}

static void comment_frame(struct bt_buf *b, const char *text)
{
    if (!text || !*text)
        return;
    frame_head(b, "COMM", 1 + 3 + 1 + strlen(text));
    bt_buf_addc(b, UTF8);
    bt_buf_add(b, "vie", 4); /* with the end of an empty description */
    bt_buf_adds(b, text);
}

void bt_id3_write(const struct bt_tags *t, struct bt_buf *out)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    text_frame(&b, "TIT2", t->title);
    text_frame(&b, "TPE1", t->artist);
    text_frame(&b, "TALB", t->album);
    text_frame(&b, "TDRC", t->date);
    comment_frame(&b, t->comment);
    if (b.n > 0) {
        bt_buf_add(out, "ID3\4\0\0", 6);
        put_size(out, b.n);
        bt_buf_add(out, b.p, b.n);
    }
    bt_buf_finish(&b);
}
