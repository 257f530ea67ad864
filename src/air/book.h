/*
 * Private to air: a rendition as it is read: parts (the chapters), paragraphs, sentences, with
 * their times. The page, the sheet and the books for the blind are written from it.
 */
#ifndef BT_BOOK_H
#define BT_BOOK_H

#include "air/air.h"

/* Of the books' sound, ms from the rendition's beginning. The clips of a part follow each other
 * from its beginning to its end: a pause belongs to what stands before it. */
struct bt_clip {
    int64_t from, to; /* the same: none */
};
struct bt_sentence {
    struct bt_str text;   /* as written, with its marks */
    bool apart;           /* by a space from the one before */
    int64_t from, frames; /* frames 0: it is not on the timeline */
    struct bt_clip clip;
};
struct bt_para {
    bool title;          /* the part's heading */
    size_t cue;          /* index in the rundown */
    const char *written; /* all of it: its sentences lie in it */
    struct bt_sentence *sentence;
    size_t n;
};
struct bt_part {
    const char *title; /* never blank */
    const char *url;   /* http or https, or NULL */
    int64_t from, frames;
    struct bt_clip whole;
    struct bt_clip head; /* of a heading that nobody reads: the music before the first sentence */
    struct bt_para *para;
    size_t n;
};
struct bt_book {
    struct bt_part *part;
    size_t n;
};
void bt_book_make(struct bt_arena *a, const struct bt_published *p, struct bt_book *out);

/* ms of a frame, as captions have it. */
int64_t bt_frame_ms(int64_t frame);
/* "3 phút 5 giây" */
const char *bt_spoken_length(struct bt_arena *a, int64_t frames);
/* "12,3 MB", "640 kB"; NULL when there is none, or nothing in it. */
const char *bt_file_size(struct bt_arena *a, const char *path);
long long bt_file_bytes(const char *path); /* 0 when there is none */
const char *bt_base_name(const char *path);
/* Is `as` among the companions of the rendition? */
bool bt_published_has(const struct bt_published *p, const char *as);
/* Of the file with this suffix: "audio/mpeg" … */
const char *bt_media_type(enum bt_format f);

/* The rendition's MP3, or NULL. */
const struct bt_file *bt_published_mp3(const struct bt_published *p);
/* Each part as an MP3 of its own in `folder`, cut from the rendition's, which is there. */
typedef const char *bt_part_name(struct bt_arena *a, const struct bt_book *book, size_t i);
bool bt_parts_cut(const struct bt_published *p, const struct bt_book *book, const char *folder,
                  bt_part_name *name, struct bt_err *err);
bt_part_name bt_story_name; /* in tin/: "01-mo-dau.mp3", or "001-…" of a hundred, to be sorted */
/* A UUID of version 5 (RFC 9562) in the name space of podcasts: the same wherever it is made. */
const char *bt_uuid(struct bt_arena *a, const char *name);

/* Made from page.css and page.js: their lines; NULL ends them. */
extern const char *const bt_page_css[], *const bt_page_js[];

#endif
