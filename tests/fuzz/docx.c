/* Any bytes as a Word document, or as the text inside one: no crash, and articles that keep the
 * door's promises. */
#include "articles.h"

/* A zip with one entry that is not compressed. */
static void wrap(struct bt_str text, struct bt_buf *zip)
{
    static const char name[] = "word/document.xml";
    uint32_t crc = ~0U, n = (uint32_t)text.n;
    for (size_t i = 0; i < text.n; i++) {
        crc ^= (unsigned char)text.p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
    }
    const uint16_t length = sizeof(name) - 1;
    const struct __attribute__((packed)) {
        uint16_t need, flags, method, time, date;
        uint32_t crc, packed, size;
        uint16_t name, extra;
    } entry = {10, 0, 0, 0, 0x21, ~crc, n, n, length, 0};
    bt_buf_adds(zip, "PK\3\4");
    bt_buf_add(zip, &entry, sizeof(entry));
    bt_buf_add(zip, name, length);
    bt_buf_add(zip, text.p, text.n);
    const uint32_t list = (uint32_t)zip->n;
    bt_buf_add(zip, "PK\1\2\12\0", 6);
    bt_buf_add(zip, &entry, sizeof(entry));
    bt_buf_add(zip, (char[14]){0}, 14);
    bt_buf_add(zip, name, length);
    const struct __attribute__((packed)) {
        uint16_t disk, first, here, all;
        uint32_t size, at;
        uint16_t comment;
    } end = {0, 0, 1, 1, (uint32_t)zip->n - list, list, 0};
    bt_buf_adds(zip, "PK\5\6");
    bt_buf_add(zip, &end, sizeof(end));
}

static void parse(struct bt_str bytes)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_articles list = {0};
    bt_docx_parse(a, &fuzz_source, bytes, &list, NULL, NULL);
    check_articles(&list);
    bt_arena_destroy(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bt_str bytes = {(const char *)data, n};
    struct bt_buf zip;
    bt_buf_init(&zip, 64 << 20);
    if (!bt_docx_looks(bytes))
        wrap(bytes, &zip);
    parse(zip.n ? bt_buf_str(&zip) : bytes);
    bt_buf_finish(&zip);
    return 0;
}
