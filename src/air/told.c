/*
 * What a sound file says of itself, read back from its bytes: chunks of RIFF, ID3v2.3 and 2.4,
 * Vorbis comments in FLAC and in Ogg. Knows what the writers of this room write, and trusts no
 * length. Its judge holds the tags against the timing table's.
 */
#include "air/encode.h"
#include "air/proof.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 1 << 20, CHUNKS = 256, CHAPTERS = 1000 }; /* HEAD: also of a chunk after the sound */

struct told {
    struct bt_arena *a;
    struct bt_tags *t;
};

/* A stretch of bytes, read from its front; what is not there reads as zeros. */
struct view {
    const unsigned char *p;
    size_t n;
};

static struct view take(struct view *v, size_t n)
{
    struct view got = {v->p, n < v->n ? n : v->n};
    v->p += got.n;
    v->n -= got.n;
    return got;
}

static uint64_t number(struct view *v, int bytes, bool little)
{
    struct view b = take(v, (size_t)bytes);
    uint64_t x = 0;
    for (size_t i = 0; i < b.n; i++)
        x |= (uint64_t)b.p[i] << 8 * (little ? i : b.n - 1 - i);
    return x;
}

static bool is(const struct view *v, const char *id)
{
    size_t n = strlen(id);
    return v->n >= n && memcmp(v->p, id, n) == 0;
}

static char *text_of(const struct told *o, struct view v)
{
    return bt_strndup(o->a, (const char *)v.p, strnlen((const char *)v.p, v.n));
}

/* The chapter that bears the number; those before it are there, too. NULL: no sane number. */
static struct bt_chapter *chapter(const struct told *o, size_t i)
{
    while (i < CHAPTERS && o->t->nchapter <= i)
        bt_push(o->a, &o->t->chapter, &o->t->nchapter, sizeof(struct bt_chapter));
    return i < CHAPTERS ? &o->t->chapter[i] : NULL;
}

/* ---- Vorbis comments ---- */

static int64_t frames_of(double seconds)
{
    return (int64_t)llround(seconds * BT_RATE);
}

static void chapter_comment(const struct told *o, const char *name, const char *value)
{
    char *end;
    size_t i = strtoul(name, &end, 10);
    struct bt_chapter *c = chapter(o, i);
    int hour, min;
    double sec;
    if (!c)
        return;
    if (strcmp(end, "NAME") == 0)
        c->title = bt_strdup(o->a, value);
    else if (!*end && sscanf(value, "%4d:%2d:%lf", &hour, &min, &sec) == 3 && sec >= 0 && sec < 60)
        c->from = frames_of(hour * 3600.0 + min * 60.0 + sec);
}

static void comment(const struct told *o, char *one)
{
    char *value = strchr(one, '=');
    if (!value)
        return;
    *value++ = '\0';
    if (strcmp(one, "TITLE") == 0)
        o->t->title = value;
    else if (strcmp(one, "ARTIST") == 0)
        o->t->artist = value;
    else if (strcmp(one, "DATE") == 0)
        o->t->date = value;
    else if (strncmp(one, "CHAPTER", 7) == 0)
        chapter_comment(o, one + 7, value);
}

static void comments(const struct told *o, struct view v)
{
    take(&v, number(&v, 4, true)); /* who wrote it */
    for (uint64_t n = number(&v, 4, true); n > 0 && v.n > 0; n--)
        comment(o, text_of(o, take(&v, number(&v, 4, true))));
}

static void read_flac(const struct told *o, struct view v)
{
    enum { COMMENTS = 4, LAST = 0x80 };
    take(&v, 4);
    for (unsigned kind = 0; v.n > 0 && !(kind & LAST);) {
        kind = (unsigned)number(&v, 1, false);
        struct view block = take(&v, number(&v, 3, false));
        if ((kind & ~(unsigned)LAST) == COMMENTS)
            comments(o, block);
    }
}

/* The second packet, which may run over many pages. */
static void read_ogg(const struct told *o, struct view v)
{
    enum { HEADER = 26, WHOLE = 255 };
    struct bt_buf b;
    int packet = 0;
    bt_buf_init(&b, HEAD);
    while (packet < 2 && v.n > HEADER && is(&v, "OggS")) {
        take(&v, HEADER);
        struct view sizes = take(&v, number(&v, 1, true));
        for (size_t i = 0; i < sizes.n && packet < 2; i++) {
            struct view piece = take(&v, sizes.p[i]);
            if (packet == 1)
                bt_buf_add(&b, piece.p, piece.n);
            packet += sizes.p[i] < WHOLE;
        }
    }
    struct view c = {(const unsigned char *)b.p, b.n};
    take(&c, is(&c, "OpusTags") ? 8 : 7); /* or "\3vorbis" */
    comments(o, c);
    bt_buf_finish(&b);
}

/* ---- ID3 ---- */

static char *utf16(const struct told *o, struct view v)
{
    struct bt_buf b;
    bool little = is(&v, "\xFF\xFE");
    char letter[4];
    bt_buf_init(&b, HEAD);
    if (little || is(&v, "\xFE\xFF"))
        take(&v, 2);
    while (v.n > 1) {
        int32_t c = (int32_t)number(&v, 2, little);
        if (c == 0)
            break;
        if (c >= 0xD800 && c < 0xDC00)
            c = 0x10000 + ((c - 0xD800) << 10) + ((int32_t)number(&v, 2, little) - 0xDC00);
        bt_buf_add(&b, letter, bt_utf8_put(c, letter));
    }
    char *s = bt_strndup(o->a, b.p ? b.p : "", b.n);
    bt_buf_finish(&b);
    return s;
}

static char *id3_text(const struct told *o, struct view v)
{
    uint64_t encoding = number(&v, 1, false);
    return encoding == 1 || encoding == 2 ? utf16(o, v) : text_of(o, v);
}

struct frame {
    char id[5];
    struct view body;
};

static uint64_t id3_size(struct view *v, bool old)
{
    uint64_t n = number(v, 4, false);
    return old ? n
               : (n >> 3 & 0x7F << 21) | (n >> 2 & 0x7F << 14) | (n >> 1 & 0x7F << 7) | (n & 0x7F);
}

static bool next_frame(struct view *v, bool old, struct frame *f)
{
    if (v->n < 10 || v->p[0] == 0)
        return false;
    memcpy(f->id, take(v, 4).p, 4);
    uint64_t n = id3_size(v, old);
    take(v, 2);
    f->body = take(v, n);
    return true;
}

static void chapter_frame(const struct told *o, struct view v, bool old)
{
    struct frame f = {.id = ""};
    struct bt_chapter *c = chapter(o, o->t->nchapter);
    if (!c)
        return;
    take(&v, strnlen((const char *)v.p, v.n) + 1);
    c->from = frames_of((double)number(&v, 4, false) / 1000);
    c->frames = frames_of((double)number(&v, 4, false) / 1000) - c->from;
    take(&v, 8);
    while (next_frame(&v, old, &f))
        if (strcmp(f.id, "TIT2") == 0)
            c->title = id3_text(o, f.body);
}

static void read_id3(const struct told *o, struct view v)
{
    struct frame f = {.id = ""};
    const char *year = NULL, *day = NULL;
    take(&v, 3);
    bool old = number(&v, 3, false) >> 16 < 4;
    v = take(&v, id3_size(&v, false));
    while (next_frame(&v, old, &f)) {
        if (strcmp(f.id, "TIT2") == 0)
            o->t->title = id3_text(o, f.body);
        else if (strcmp(f.id, "TPE1") == 0)
            o->t->artist = id3_text(o, f.body);
        else if (strcmp(f.id, "TDRC") == 0)
            o->t->date = id3_text(o, f.body);
        else if (strcmp(f.id, "TYER") == 0)
            year = id3_text(o, f.body);
        else if (strcmp(f.id, "TDAT") == 0)
            day = id3_text(o, f.body);
        else if (strcmp(f.id, "CHAP") == 0)
            chapter_frame(o, f.body, old);
    }
    if (year && day && strlen(day) == 4) /* DDMM */
        o->t->date = bt_format(o->a, "%s-%s-%.2s", year, day + 2, day);
}

/* ---- RIFF ---- */

/* The text of the first element of that name, in the order of the file. */
static const char *xml_text(const struct told *o, const xmlNode *n, const char *name)
{
    const char *found = NULL;
    for (; n && !found; n = n->next) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        if (strcmp((const char *)n->name, name) == 0) {
            xmlChar *raw = xmlNodeGetContent(n);
            found = bt_strdup(o->a, raw ? (const char *)raw : "");
            xmlFree(raw);
        } else {
            found = xml_text(o, n->children, name);
        }
    }
    return found;
}

static void bext_chunk(const struct told *o, struct view v)
{
    take(&v, 256 + 32 + 32);
    o->t->date = text_of(o, take(&v, 10));
}

static void cue_chunk(const struct told *o, struct view v)
{
    for (uint64_t n = number(&v, 4, true); n > 0 && v.n >= 24; n--) {
        struct bt_chapter *c = chapter(o, number(&v, 4, true) - 1);
        take(&v, 16);
        int64_t from = (int64_t)number(&v, 4, true);
        if (c)
            c->from = from;
    }
}

static void list_chunk(const struct told *o, struct view v)
{
    take(&v, 4); /* "adtl" */
    while (v.n >= 8) {
        bool label = is(&v, "labl"), region = is(&v, "ltxt");
        take(&v, 4);
        uint64_t n = number(&v, 4, true);
        struct view body = take(&v, n);
        take(&v, n & 1);
        struct bt_chapter *c = label || region ? chapter(o, number(&body, 4, true) - 1) : NULL;
        if (c && label)
            c->title = text_of(o, body);
        else if (c)
            c->frames = (int64_t)number(&body, 4, true);
    }
}

/* Writers pad it with zeros. */
static void xml_chunk(const struct told *o, struct view v)
{
    int n = (int)strnlen((const char *)v.p, v.n);
    xmlDoc *doc = xmlReadMemory((const char *)v.p, n, NULL, NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    const xmlNode *root = doc && !xmlGetIntSubset(doc) ? xmlDocGetRootElement(doc) : NULL;
    o->t->title = xml_text(o, root, "SCENE");
    o->t->artist = xml_text(o, root, "STATION");
    const char *date = xml_text(o, root, "TAPE");
    o->t->date = date ? date : o->t->date;
    xmlFreeDoc(doc);
}

static void read_chunk(const struct told *o, const char *id, struct view v)
{
    static const struct {
        const char *id;
        void (*read)(const struct told *o, struct view v);
    } chunks[] = {
        {"bext", bext_chunk}, {"cue ", cue_chunk}, {"LIST", list_chunk}, {"iXML", xml_chunk}};
    for (size_t i = 0; i < BT_LEN(chunks); i++)
        if (memcmp(id, chunks[i].id, 4) == 0)
            chunks[i].read(o, v);
}

/* The sound is passed over; in RF64 its length stands in ds64. */
static void read_riff(const struct told *o, FILE *f)
{
    unsigned char *body = bt_xmalloc(HEAD), head[8];
    uint64_t sound = 0;
    off_t at = 12;
    for (int i = 0; i < CHUNKS && fseeko(f, at, SEEK_SET) == 0 && fread(head, 1, 8, f) == 8; i++) {
        struct view size = {head + 4, 4};
        uint64_t n = number(&size, 4, true);
        bool data = memcmp(head, "data", 4) == 0;
        struct view v = {body, data ? 0 : fread(body, 1, n < HEAD ? n : HEAD, f)};
        if (memcmp(head, "ds64", 4) == 0) {
            struct view ds64 = {v.p + 8, v.n >= 16 ? 8 : 0};
            sound = number(&ds64, 8, true);
        }
        read_chunk(o, (const char *)head, v);
        n = data && n == UINT32_MAX && sound < INT64_MAX / 2 ? sound : n;
        at += 8 + (off_t)(n + (n & 1));
    }
    free(body);
}

bool bt_tags_read(struct bt_arena *a, const char *path, struct bt_tags *out, struct bt_err *err)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        return bt_fail_sys(err, BT_ECHECK, BT_M_FILE_NOT_READ, path);
    *out = (struct bt_tags){.speech = -1, .air.utc = BT_NO_TIME};
    struct told o = {a, out};
    unsigned char *head = bt_xmalloc(HEAD);
    struct view v = {head, fread(head, 1, HEAD, f)};
    if (is(&v, "RIFF") || is(&v, "RF64"))
        read_riff(&o, f);
    else if (is(&v, "ID3"))
        read_id3(&o, v);
    else if (is(&v, "fLaC"))
        read_flac(&o, v);
    else if (is(&v, "OggS"))
        read_ogg(&o, v);
    free(head);
    fclose(f);
    return true;
}

/* ---- the judge ---- */

static bool same(const char *got, const char *want)
{
    return strcmp(got ? got : "", want ? want : "") == 0;
}

/* ID3v2.4 holds a long title up to an ellipsis. */
static bool same_title(const char *got, const char *want)
{
    static const char dots[] = "…";
    size_t n = got ? strlen(got) : 0, d = strlen(dots);
    return same(got, want) ||
           (want && n > d && strcmp(got + n - d, dots) == 0 && strncmp(got, want, n - d) == 0);
}

static void judge_names(const struct bt_bench *b, const struct bt_tags *got)
{
    const struct bt_tags *want = b->want->tags;
    const struct {
        const char *got, *want;
    } names[] = {{got->title, want->title}, {got->artist, want->artist}, {got->date, want->date}};
    for (size_t i = 0; i < BT_LEN(names); i++)
        if (!same(names[i].got, names[i].want)) {
            bt_proof_say(b, "tags", BT_WRONG, NAN, NAN, BT_M_PROOF_TAG,
                         names[i].got ? names[i].got : "-", names[i].want ? names[i].want : "-");
            return;
        }
    bt_proof_say(b, "tags", BT_RIGHT, NAN, NAN, BT_M_PROOF_TAGS, want->title ? want->title : "-");
}

/* Frames that a chapter may be off: a WAV holds frames, the others milliseconds. */
static int64_t slack_of(const char *path)
{
    enum { MS = BT_RATE / 1000 };
    return bt_str_ends(bt_str(path), BT_STR(".wav")) ? 0 : MS;
}

static void judge_chapters(const struct bt_bench *b, const struct bt_tags *got)
{
    enum { ID3_MOST = 255 };
    const struct bt_tags *want = b->want->tags;
    bool mp3 = bt_str_ends(bt_str(b->path), BT_STR(".mp3"));
    size_t n = mp3 && want->nchapter > ID3_MOST ? ID3_MOST : want->nchapter;
    if (got->nchapter != n && n <= CHAPTERS) {
        bt_proof_say(b, "chapters", BT_WRONG, (double)got->nchapter, (double)n,
                     BT_M_PROOF_CHAPTER_COUNT, (long)got->nchapter, (long)n);
        return;
    }
    for (size_t i = 0; i < n && i < got->nchapter; i++) {
        const struct bt_chapter *g = &got->chapter[i], *w = &want->chapter[i];
        if (same_title(g->title, w->title) && llabs(g->from - w->from) <= slack_of(b->path))
            continue;
        bt_proof_say(b, "chapters", BT_WRONG, (double)g->from, (double)w->from, BT_M_PROOF_CHAPTER,
                     (double)g->from / BT_RATE, g->title ? g->title : "-",
                     (double)w->from / BT_RATE, w->title ? w->title : "-");
        return;
    }
    bt_proof_say(b, "chapters", BT_RIGHT, (double)n, (double)n, BT_M_PROOF_CHAPTERS, (long)n);
}

void bt_judge_tags(const struct bt_bench *b)
{
    struct bt_tags got;
    if (!b->want->tags || !bt_tags_read(b->a, b->path, &got, NULL))
        return;
    judge_names(b, &got);
    judge_chapters(b, &got);
}
