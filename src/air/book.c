/*
 * A rendition as it is read: every line that is said, in the part of the timeline where it is said,
 * paragraph by paragraph, the text as written. Knows the timing table; knows no format.
 */
#include "air/book.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "air/encode.h"

static void open_parts(struct bt_arena *a, const struct bt_published *p, struct bt_book *out)
{
    for (size_t i = 0; i < p->tags->nchapter; i++) {
        const struct bt_chapter *c = &p->tags->chapter[i];
        struct bt_part *part = bt_push(a, &out->part, &out->n, sizeof(*part));
        *part = (struct bt_part){
            .title = c->title, .url = c->url, .from = c->from, .frames = c->frames};
    }
}

/* The row of each line's sentence, or NULL. */
static const struct bt_timing_row **rows_of(struct bt_arena *a, const struct bt_published *p)
{
    const struct bt_timing_row **of =
        bt_alloc(a, (p->lines->n + 1) * sizeof(struct bt_timing_row *));
    for (size_t i = 0; i < p->timing->n; i++) {
        const struct bt_timing_row *row = &p->timing->row[i];
        if (row->kind == BT_ROW_SENTENCE && row->line >= 0 && (size_t)row->line < p->lines->n)
            of[row->line] = row;
    }
    return of;
}

static struct bt_part *part_at(const struct bt_book *b, struct bt_part *last, int64_t frame)
{
    while (last + 1 < b->part + b->n && last[1].from <= frame)
        last++;
    return last;
}

/* Is line i of the same paragraph as the one before? */
static bool goes_on(const struct bt_lines *lines, size_t i)
{
    const struct bt_line *l = &lines->line[i];
    return i > 0 && l[-1].written == l->written && l[-1].utt.from < l->utt.from;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static bool ends_sentence(struct bt_str s)
{
    return bt_str_ends(s, BT_STR("…")) || strchr(".!?:;,", s.p[s.n - 1]);
}

/* What closes a sentence stands before the first space after its end, what opens the next behind
 * it: « đi.” “Anh ». */
uint32_t bt_line_begin(const struct bt_lines *lines, size_t i)
{
    const struct bt_line *l = &lines->line[i];
    if (!goes_on(lines, i))
        return 0;
    uint32_t cut = l->utt.from;
    for (uint32_t at = cut; at > l[-1].utt.to; at--) {
        if (is_space(l->written[at - 1]))
            cut = at - 1;
        else if (ends_sentence((struct bt_str){l->written, at}))
            break;
    }
    return cut;
}

uint32_t bt_line_end(const struct bt_lines *lines, size_t i)
{
    return i + 1 < lines->n && goes_on(lines, i + 1) ? bt_line_begin(lines, i + 1)
                                                     : (uint32_t)strlen(lines->line[i].written);
}

int64_t bt_frame_ms(int64_t frame)
{
    return (frame * 1000 + BT_RATE / 2) / BT_RATE;
}

/* `open` ends where the next begins, and the next is open then; one without length is none. */
static struct bt_clip *follow(struct bt_clip *open, struct bt_clip *next, int64_t at)
{
    if (at <= open->from)
        return open;
    open->to = at;
    next->from = next->to = at;
    return next;
}

static void cut_clips(struct bt_part *part, bool last)
{
    struct bt_clip none, *open = &part->head;
    int64_t end = part->from + part->frames; /* the sound's last ms may not be whole */
    part->whole.from = bt_frame_ms(part->from);
    part->whole.to = last ? end * 1000 / BT_RATE : bt_frame_ms(end);
    part->head.from = part->head.to = part->whole.from;
    bool first = part->n && part->para[0].title; /* it is read from the part's beginning */
    for (size_t k = 0; k < part->n; k++)
        for (size_t i = 0; i < part->para[k].n; i++) {
            struct bt_sentence *s = &part->para[k].sentence[i];
            int64_t at = first ? part->whole.from : bt_frame_ms(s->from);
            if (!s->frames)
                continue;
            if (at <= part->whole.from && open == &part->head) {
                s->clip.from = part->whole.from;
                open = &s->clip;
            } else if (at < part->whole.to) {
                open = follow(open, &s->clip, at);
            }
            first = false;
        }
    follow(open, &none, part->whole.to);
}

static struct bt_part *part_of(const struct bt_published *p, const struct bt_book *b, size_t cue,
                               struct bt_part *otherwise)
{
    for (size_t i = 0; i < b->n; i++) {
        const char *id = p->tags->chapter[i].id;
        if (id && strcmp(id, p->rundown->cue[cue].id) == 0)
            return &b->part[i];
    }
    return otherwise;
}

/* What nobody reads is text too: what stands before line i, from the k-th on. */
static size_t add_silent(struct bt_arena *a, const struct bt_published *p, struct bt_book *b,
                         struct bt_part *part, size_t i, size_t k)
{
    for (; k < p->lines->nsilent && p->lines->silent[k].before <= i; k++) {
        const struct bt_silent *s = &p->lines->silent[k];
        struct bt_part *in = part_of(p, b, s->cue, part);
        struct bt_para *para = bt_push(a, &in->para, &in->n, sizeof(*para));
        *para = (struct bt_para){.cue = s->cue, .written = s->written};
        struct bt_sentence *text = bt_push(a, &para->sentence, &para->n, sizeof(*text));
        *text = (struct bt_sentence){.text = bt_str_trim(bt_str(s->written))};
    }
    return k;
}

void bt_book_make(struct bt_arena *a, const struct bt_published *p, struct bt_book *out)
{
    const struct bt_timing_row **of = rows_of(a, p);
    *out = (struct bt_book){0};
    open_parts(a, p, out);
    struct bt_part *part = out->part;
    struct bt_para *para = NULL;
    size_t silent = 0;
    for (size_t i = 0; i < p->lines->n && part; i++) {
        const struct bt_line *l = &p->lines->line[i];
        uint32_t from = bt_line_begin(p->lines, i), to = bt_line_end(p->lines, i);
        silent = add_silent(a, p, out, part, i, silent);
        if (of[i])
            part = part_at(out, part, of[i]->from);
        if (!goes_on(p->lines, i)) {
            para = bt_push(a, &part->para, &part->n, sizeof(*para));
            para->cue = l->cue;
            para->written = l->written;
            para->title = l->part == -1 && p->rundown->cue[l->cue].kind == BT_CUE_STORY;
        }
        struct bt_sentence *s = bt_push(a, &para->sentence, &para->n, sizeof(*s));
        *s =
            (struct bt_sentence){.text = bt_str_trim((struct bt_str){l->written + from, to - from}),
                                 .apart = from && is_space(l->written[from]),
                                 .from = of[i] ? of[i]->from : 0,
                                 .frames = of[i] ? of[i]->frames : 0};
    }
    if (part)
        add_silent(a, p, out, part, p->lines->n, silent);
    for (size_t i = 0; i < out->n; i++)
        cut_clips(&out->part[i], i + 1 == out->n);
}

const char *bt_spoken_length(struct bt_arena *a, int64_t frames)
{
    long s = (long)((frames + BT_RATE / 2) / BT_RATE);
    if (s < 60)
        return bt_format(a, "%ld giây", s);
    return s % 60 ? bt_format(a, "%ld phút %ld giây", s / 60, s % 60)
                  : bt_format(a, "%ld phút", s / 60);
}

long long bt_file_bytes(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_size : 0;
}

const char *bt_file_size(struct bt_arena *a, const char *path)
{
    long long n = bt_file_bytes(path);
    if (!n)
        return NULL;
    if (n < 1000000)
        return bt_format(a, "%lld kB", (n + 999) / 1000);
    n = (n + 50000) / 100000;
    return bt_format(a, "%lld,%lld MB", n / 10, n % 10);
}

const char *bt_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const struct bt_file *bt_published_mp3(const struct bt_published *p)
{
    for (size_t i = 0; i < p->nfile; i++)
        if (p->file[i].format == BT_MP3)
            return &p->file[i];
    return NULL;
}

bool bt_published_has(const struct bt_published *p, const char *as)
{
    for (size_t i = 0; p->as && i < p->as->n; i++)
        if (strcmp(p->as->item[i], as) == 0)
            return true;
    return false;
}

const char *bt_media_type(enum bt_format f)
{
    static const char *const types[BT_FORMATS] = {
        [BT_WAV] = "audio/wav",  [BT_MP3] = "audio/mpeg",   [BT_FLAC] = "audio/flac",
        [BT_OPUS] = "audio/ogg", [BT_OPUS24] = "audio/ogg", [BT_VORBIS] = "audio/ogg"};
    return types[f];
}
