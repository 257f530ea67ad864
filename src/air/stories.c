/*
 * Each chapter as an MP3 of its own, for players that know no chapters: frames of the rendition's
 * MP3, not encoded again. Frames stand alone (no reservoir), but a decoder needs the one before to
 * give the next right: it is taken along, and the Info frame says how much is to be dropped, so
 * that exactly the chapter's samples are heard. Knows where our own MP3s hold what.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "air/book.h"
#include "air/encode.h"

enum { ID3_HEAD = 10, INFO = 192, NAME_MOST = 48 }; /* INFO: bytes, the least */

struct source { /* the rendition's MP3 */
    FILE *f;
    struct bt_mp3_rate rate;
    int channels, lowpass;
    int64_t at;   /* of its first frame of sound */
    int64_t grid; /* how many there are */
    uint16_t *size;
    const char *path;
};

static bool read_at(const struct source *s, int64_t at, void *p, size_t n, struct bt_err *err)
{
    errno = 0;
    if (fseeko(s->f, at, SEEK_SET) == 0 && fread(p, 1, n, s->f) == n)
        return true;
    return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, s->path);
}

/* The size of each frame, by its own header. */
static bool read_sizes(struct source *s, struct bt_err *err)
{
    enum { MOST = 2880 };
    unsigned char frame[MOST];
    s->size = bt_xcalloc((size_t)s->grid, sizeof(*s->size));
    bool ok = fseeko(s->f, s->at, SEEK_SET) == 0;
    for (int64_t i = 0; i < s->grid && ok; i++) {
        int64_t n = fread(frame, 1, 4, s->f) == 4 ? bt_mp3_frame(frame) : 0;
        ok = n > 4 && n <= MOST && fread(frame + 4, 1, (size_t)n - 4, s->f) == (size_t)n - 4;
        s->size[i] = (uint16_t)n;
    }
    return ok || bt_fail(err, BT_EINNER, BT_M_FILE_NOT_READ, s->path);
}

static bool open_source(const struct bt_file *f, struct source *s, struct bt_err *err)
{
    unsigned char head[ID3_HEAD], info[INFO];
    *s = (struct source){.f = fopen(f->path, "rbe"), .rate = f->mp3, .path = f->path};
    if (!s->f)
        return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, f->path);
    if (!read_at(s, 0, head, sizeof(head), err))
        return false;
    int64_t id3 = ID3_HEAD + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]);
    if (!read_at(s, id3, info, sizeof(info), err))
        return false;
    s->channels = info[3] >> 6 == 3 ? 1 : 2;
    const unsigned char *xing = info + 4 + (s->channels == 1 ? 17 : 32);
    s->grid = xing[8] << 24 | xing[9] << 16 | xing[10] << 8 | xing[11];
    s->lowpass = xing[120 + 10] * 100;
    s->at = id3 + bt_info_bytes(&s->rate);
    return read_sizes(s, err);
}

static void close_source(struct source *s)
{
    if (s->f)
        fclose(s->f);
    free(s->size);
}

static int64_t bytes_of(const struct source *s, int64_t first, int64_t end)
{
    int64_t n = 0;
    for (; first < end; first++)
        n += s->size[first];
    return n;
}

const char *bt_story_name(struct bt_arena *a, const struct bt_book *book, size_t i)
{
    const char *plain = bt_fold(a, bt_str(book->part[i].title));
    int digits = snprintf(NULL, 0, "%02zu", book->n);
    char slug[NAME_MOST + 1];
    size_t n = 0;
    for (; *plain && n < NAME_MOST; plain++) {
        bool good = (*plain >= 'a' && *plain <= 'z') || (*plain >= '0' && *plain <= '9');
        if (good || (n && slug[n - 1] != '-'))
            slug[n++] = good ? *plain : '-';
    }
    while (n && slug[n - 1] == '-')
        n--;
    return bt_format(a, "%0*zu%s%.*s.mp3", digits, i + 1, n ? "-" : "", (int)n, slug);
}

static bool put_tags(const struct bt_published *p, const struct bt_part *part, struct bt_buf *out,
                     struct bt_err *err)
{
    struct bt_tags t = *p->tags;
    t.title = part->title;
    t.cover = NULL; /* cheap players stumble over a large tag */
    t.chapter = NULL;
    t.nchapter = 0;
    t.level = NULL;
    t.speech = -1;
    return bt_id3_write(&t, out, err);
}

/* The frames that hold the part, after an Info frame of their own. */
static bool put_sound(const struct source *s, const struct bt_part *part, struct bt_buf *out,
                      struct bt_err *err)
{
    const int64_t late = BT_MP3_DELAY + BT_MP3_DECODER;
    int64_t first = part->from / BT_GRID - 1, end = part->from + part->frames + late;
    first = first > 0 ? first : 0;
    end = (end + BT_GRID - 1) / BT_GRID;
    end = end < s->grid ? end : s->grid;
    size_t head = (size_t)bt_info_bytes(&s->rate), size = (size_t)bytes_of(s, first, end);
    unsigned char *p = bt_xmalloc(head + size);
    bool ok = read_at(s, s->at + bytes_of(s, 0, first), p + head, size, err);
    if (ok) {
        const struct bt_info info = {.channels = s->channels,
                                     .rate = s->rate,
                                     .lowpass = s->lowpass,
                                     .frames = part->frames,
                                     .grid = end - first,
                                     .delay = part->from + BT_MP3_DELAY - first * BT_GRID,
                                     .size = s->size + first,
                                     .music = bt_crc16(0, p + head, size)};
        bt_info_make(p, &info);
        bt_buf_add(out, p, head + size);
    }
    free(p);
    return ok;
}

static bool cut(const struct bt_published *p, const struct source *s, const struct bt_part *part,
                const char *path, struct bt_err *err)
{
    struct bt_buf b;
    bt_buf_init(&b, SIZE_MAX / 2);
    bool ok = put_tags(p, part, &b, err) && put_sound(s, part, &b, err) &&
              bt_file_write(path, b.p, b.n, err);
    bt_buf_finish(&b);
    return ok;
}

bool bt_parts_cut(const struct bt_published *p, const struct bt_book *book, const char *folder,
                  bt_part_name *name, struct bt_err *err)
{
    struct source s = {0};
    struct bt_arena *a = bt_arena_create();
    bool ok = bt_dir_make(folder, err) && open_source(bt_published_mp3(p), &s, err);
    for (size_t i = 0; i < book->n && ok; i++)
        ok = cut(p, &s, &book->part[i], bt_path_join(a, folder, name(a, book, i)), err);
    close_source(&s);
    bt_arena_destroy(a);
    return ok;
}

bool bt_stories_mp3(const struct bt_published *p, const char *dir, struct bt_err *err)
{
    if (!bt_published_mp3(p))
        return true;
    struct bt_arena *a = bt_arena_create();
    struct bt_book book;
    bt_book_make(a, p, &book);
    bool ok = bt_parts_cut(p, &book, bt_path_join(a, dir, "tin"), bt_story_name, err);
    bt_arena_destroy(a);
    return ok;
}
