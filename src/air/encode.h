/*
 * Private to air: what an encoder must give, and the file it writes. The crew (encode.c) cuts the
 * sound into parts of a fixed grid and feeds them; an encoder never sees a thread.
 */
#ifndef BT_ENCODE_H
#define BT_ENCODE_H

#include "air/air.h"

/* A file written at offsets, from any thread. */
struct bt_out {
    int fd; /* -1: not open */
    const char *path;
};
bool bt_out_open(struct bt_out *o, const char *path, struct bt_err *err);
bool bt_out_put(struct bt_out *o, int64_t at, const void *p, size_t n, struct bt_err *err);
/* Close it; removed when !ok or when closing fails. */
bool bt_out_close(struct bt_out *o, bool ok, struct bt_err *err);

/*
 * What was encoded the last time, by the hash of what went in; a file of its own, renewed by each
 * use. A cache: whatever fails, only the time is lost. Parts come in from any thread.
 */
struct bt_kept;
struct bt_kept *bt_kept_open(const char *path); /* NULL: nothing can be kept */
/* The bytes, the caller's to free; NULL when they are not there. */
void *bt_kept_get(const struct bt_kept *k, const char key[BT_HASH], size_t *n);
/* For the next time. */
void bt_kept_put(struct bt_kept *k, const char key[BT_HASH], const void *p, size_t n);
void bt_kept_close(struct bt_kept *k, bool ok);

struct bt_job { /* what `open` is given */
    const struct bt_file *file;
    const struct bt_sound *sound;
    const struct bt_tags *tags;
    int64_t grid; /* grid frames that are fed: the sound, and zeros up to the grid */
};

struct bt_encoder {
    const char *name, *suffix;
    bool serial;    /* one part: the whole, on one thread */
    int lead, tail; /* grid frames that it wants before and after a part */
    /* The file, with all that stands before the sound. NULL and *err. */
    void *(*open)(const struct bt_job *job, struct bt_err *err);
    /* A part: `count` grid frames from `first`. Fed from max(0, first - lead) on, in order. */
    void *(*part)(void *file, int64_t first, int64_t count, struct bt_err *err);
    bool (*feed)(void *part, int64_t from, const float *x, size_t frames, struct bt_err *err);
    bool (*part_end)(void *part, bool ok, struct bt_err *err);
    /* All parts are in, when ok. */
    bool (*close)(void *file, bool ok, struct bt_err *err);
};
extern const struct bt_encoder bt_encode_wav, bt_encode_mp3, bt_encode_flac, bt_encode_opus,
    bt_encode_opus24, bt_encode_vorbis;

/* For an encoder whose parts have no state of their own. */
void *bt_part_whole(void *file, int64_t first, int64_t count, struct bt_err *err);
bool bt_part_whole_end(void *part, bool ok, struct bt_err *err);

/* One 16-bit sample, with the dither of its index (frame × channels + channel). */
int bt_quantise(float x, uint64_t index);

/* The tags as Vorbis comments, chapters with them: each is called with every one. */
void bt_comments(const struct bt_tags *t,
                 void (*each)(void *ctx, const char *name, const char *value), void *ctx);

/* CRC-16 of the LAME tag (0x8005 reflected, from 0): of one stretch, and of two joined. */
uint16_t bt_crc16(uint16_t crc, const void *p, size_t n);
uint16_t bt_crc16_join(uint16_t first, uint16_t second, int64_t second_bytes);

/* The Info frame (the "LAME tag", revision 0) of an MP3 of constant bit rate at BT_RATE. */
#define BT_MP3_DELAY 576   /* frames: of the encoder; a decoder's own lie within the padding */
#define BT_MP3_DECODER 529 /* and these are they */
struct bt_info {
    int channels;
    struct bt_mp3_rate rate;
    int lowpass;                 /* Hz */
    int64_t frames, grid, delay; /* of sound; MP3 frames; what a decoder is to drop first */
    const uint16_t *size;        /* bytes of each MP3 frame */
    uint16_t music;              /* CRC of all MP3 frames after this one */
};
int64_t bt_info_bytes(const struct bt_mp3_rate *r);
/* Bytes of the frame of our own files that begins with these four; 0: it is none. */
int64_t bt_mp3_frame(const unsigned char *p);
void bt_info_make(unsigned char *p, const struct bt_info *i);

#define BT_COVER_MOST (8 << 20) /* bytes of a cover */
/* ID3v2.4, or 2.3. BT_EDELIVER when the cover cannot be read. */
bool bt_id3_write(const struct bt_tags *t, struct bt_buf *out, struct bt_err *err);

/* The chunks of a WAV before (bext, cart) and after (cue, LIST, iXML, rdxl) its data. */
void bt_riff_before(const struct bt_job *job, struct bt_buf *out);
void bt_riff_after(const struct bt_job *job, struct bt_buf *out);
void bt_put_le(struct bt_buf *b, uint64_t v, int bytes);

/* Text for XML: & < > " escaped, what XML 1.0 has no place for left out. */
void bt_put_xml(struct bt_buf *b, const char *text);
char *bt_xml(struct bt_arena *a, const char *text);
/* The same characters as they are, in one line. */
char *bt_one_line(struct bt_arena *a, const char *text);
/* Vietnamese in ASCII, case kept; at most `most` bytes. */
char *bt_ascii(struct bt_arena *a, const char *text, size_t most);

/* Where the text of line i begins and ends, its marks with it: lines of a paragraph follow each
 * other from its first letter to its last. Where space parts it from the one before, that is its
 * first. */
uint32_t bt_line_begin(const struct bt_lines *lines, size_t i);
uint32_t bt_line_end(const struct bt_lines *lines, size_t i);

/* Companions: the text of one file. */
bool bt_captions_vtt(const struct bt_published *p, struct bt_buf *out, struct bt_err *err);
bool bt_chapters_json(const struct bt_published *p, struct bt_buf *out, struct bt_err *err);
bool bt_chapters_vtt(const struct bt_published *p, struct bt_buf *out, struct bt_err *err);
bool bt_playlist_m3u8(const struct bt_published *p, struct bt_buf *out, struct bt_err *err);
/* tin/01-….mp3 in dir: each chapter, cut from the rendition's MP3. */
bool bt_stories_mp3(const struct bt_published *p, const char *dir, struct bt_err *err);
/* <stem>.epub in dir. */
bool bt_book_epub(const struct bt_published *p, const char *dir, struct bt_err *err);
/* daisy/ in dir. */
bool bt_book_daisy(const struct bt_published *p, const char *dir, struct bt_err *err);
bool bt_sheet_html(const struct bt_published *p, struct bt_buf *out, struct bt_err *err);
bool bt_feed_xml(const struct bt_published *p, struct bt_buf *out, struct bt_err *err);
bool bt_feed_image(const struct bt_published *p, const char *dir, struct bt_err *err);
bool bt_page_html(const struct bt_published *p, struct bt_buf *out, struct bt_err *err);
bool bt_log_rivendell(const struct bt_published *p, struct bt_buf *out, struct bt_err *err);
bool bt_playlist_xspf(const struct bt_published *p, struct bt_buf *out, struct bt_err *err);

/* A page's beginning, up to <body>: the title as XML; `more` stands in its head; the script's hash
 * in its policy when it is to run. */
#define BT_FEED_LINK(folder)                                                                       \
    "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"" folder "feed.xml\">\n"
void bt_html_open(struct bt_buf *out, const char *title, const char *more, bool script);

/* "2025-11-25" is 1, "2025-11-25.3" 3; 0: not the name of an edition. */
long bt_edition_number(const char *name);
bool bt_edition_newer(const char *a, const char *b);
/* Nobody else copies what is newest below root = OUT/<programme>; waits. */
bool bt_newest_lock(const char *root, int *fd, struct bt_err *err);
void bt_newest_unlock(const char *root, int *fd); /* -1: it is not held */
bool bt_edition_is_newest(const struct bt_edition *e);
/* OUT/<programme>/index.html and feed.xml, of the editions that hold one. BT_EDELIVER. */
bool bt_listing_update(const char *root, struct bt_err *err);

#define BT_SYNTHETIC "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"

#endif
