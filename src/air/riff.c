/*
 * The chunks of a broadcast WAV: bext version 2 (EBU Tech 3285 v2), cart (AES46-2002), cue points
 * with their names, iXML 1.6, rdxl (Rivendell). Text is ASCII in bext and cart, where the standards
 * say so, and UTF-8 elsewhere. Knows no samples.
 */
#include "air/encode.h"

#include <math.h>
#include <string.h>

enum { CUE = 24, MOST = 1 << 24 };

void bt_put_le(struct bt_buf *b, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++, v >>= 8)
        bt_buf_addc(b, (char)(v & 0xFF));
}

static void put_zeros(struct bt_buf *b, size_t n)
{
    while (n-- > 0)
        bt_buf_addc(b, 0);
}

/* ASCII in a field of its own, filled up with zeros. */
static void put_field(struct bt_buf *b, const char *text, size_t width)
{
    struct bt_arena *a = bt_arena_create();
    const char *plain = bt_ascii(a, text ? text : "", width);
    bt_buf_adds(b, plain);
    put_zeros(b, width - strlen(plain));
    bt_arena_destroy(a);
}

static void put_chunk(struct bt_buf *out, const char *id, const struct bt_buf *body)
{
    bt_buf_add(out, id, 4);
    bt_put_le(out, body->n, 4);
    bt_buf_add(out, body->p, body->n);
    put_zeros(out, body->n & 1);
}

/* ---- time ---- */

static struct bt_civil air_time(const struct bt_tags *t)
{
    struct bt_civil none = {0};
    if (t->air.utc != BT_NO_TIME)
        return bt_utc_civil(t->air.utc, (int)t->air.zone);
    if (t->date)
        bt_date_parse(t->date, &none);
    return none;
}

/* Ten bytes and eight, without an end. */
static void put_date(struct bt_buf *b, const struct bt_civil *c)
{
    char s[64];
    snprintf(s, sizeof(s), "%04d-%02d-%02d", c->year, c->mon, c->day);
    bt_buf_add(b, s, 10);
}

static void put_time(struct bt_buf *b, int hour, int min, int sec)
{
    char s[64];
    snprintf(s, sizeof(s), "%02d:%02d:%02d", hour, min, sec);
    bt_buf_add(b, s, 8);
}

/* ---- bext ---- */

/* Hundredths; 0x7FFF says that there is no value. */
static void put_level(struct bt_buf *b, double v, bool there)
{
    long hundredths = there && isfinite(v) ? lround(v * 100) : 0x7FFF;
    bt_put_le(b, (uint64_t)(hundredths & 0xFFFF), 2);
}

static void bext(const struct bt_job *job, struct bt_buf *out)
{
    const struct bt_tags *t = job->tags;
    struct bt_civil c = air_time(t);
    static const struct bt_level none;
    const struct bt_level *l = t->level ? t->level : &none;
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    put_field(&b, t->title, 256);
    put_field(&b, t->artist, 32);
    put_field(&b, t->programme, 32);
    put_date(&b, &c);
    put_time(&b, c.hour, c.min, c.sec);
    bt_put_le(&b, (uint64_t)(c.hour * 3600 + c.min * 60 + c.sec) * BT_RATE, 8);
    bt_put_le(&b, 2, 2);
    put_zeros(&b, 64); /* no UMID */
    put_level(&b, l->integrated, t->level);
    put_level(&b, l->range, t->level);
    put_level(&b, l->true_peak, t->level);
    put_level(&b, l->momentary_max, t->level);
    put_level(&b, l->short_max, t->level);
    put_zeros(&b, 180);
    bt_buf_addf(&b, "A=PCM,F=%d,W=16,M=%s,T=bantin\r\n", BT_RATE,
                job->sound->channels == 1 ? "mono" : "stereo");
    put_chunk(out, "bext", &b);
    bt_buf_finish(&b);
}

/* ---- cart ---- */

/* Speech may be talked up to from INTs to INTe; nothing overlaps the end of a bulletin. */
static void put_timers(struct bt_buf *b, const struct bt_job *job)
{
    int64_t end = job->sound->frames, speech = job->tags->speech > 0 ? job->tags->speech : 0;
    const struct {
        const char *name;
        int64_t at;
    } timers[8] = {{"AUDs", 0},   {"INTs", 0},   {"INTe", speech}, {"SEGs", end},
                   {"SEGe", end}, {"AUDe", end}, {"EOD ", end},    {NULL, 0}};
    for (size_t i = 0; i < BT_LEN(timers); i++) {
        bt_buf_add(b, timers[i].name ? timers[i].name : "\0\0\0\0", 4);
        bt_put_le(b, (uint64_t)timers[i].at, 4);
    }
}

/* The cut: what a playout knows it by. */
static void put_cut(struct bt_buf *b, const struct bt_tags *t)
{
    char number[24];
    snprintf(number, sizeof(number), "%06ld", (long)t->cart);
    put_field(b, t->cart ? number : t->programme, 64);
}

static void cart(const struct bt_job *job, struct bt_buf *out)
{
    const struct bt_tags *t = job->tags;
    struct bt_civil c = air_time(t);
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    bt_buf_adds(&b, "0101");
    put_field(&b, t->title, 64);
    put_field(&b, t->artist, 64);
    put_cut(&b, t);
    put_zeros(&b, 64); /* client */
    put_field(&b, "NEWS", 64);
    put_field(&b, "Synthetic speech", 64); /* classification */
    put_zeros(&b, 64);                     /* out cue */
    put_date(&b, &c);
    put_time(&b, c.hour, c.min, c.sec);
    put_date(&b, &c); /* not after the day */
    put_time(&b, 23, 59, 59);
    put_field(&b, "bantin", 64);
    put_field(&b, BT_VERSION, 64);
    put_zeros(&b, 64);       /* user */
    bt_put_le(&b, 32768, 4); /* full scale */
    put_timers(&b, job);
    put_zeros(&b, 276);
    put_field(&b, t->url, 1024);
    bt_buf_adds(&b, "\r\n"); /* tag text */
    put_chunk(out, "cart", &b);
    bt_buf_finish(&b);
}

void bt_riff_before(const struct bt_job *job, struct bt_buf *out)
{
    if (!job->tags->title)
        return;
    bext(job, out);
    cart(job, out);
}

/* ---- cue points and their names ---- */

static void cue(const struct bt_tags *t, struct bt_buf *out)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    bt_put_le(&b, t->nchapter, 4);
    for (size_t i = 0; i < t->nchapter; i++) {
        uint64_t at = (uint64_t)t->chapter[i].from;
        bt_put_le(&b, i + 1, 4);
        bt_put_le(&b, at, 4);
        bt_buf_adds(&b, "data");
        put_zeros(&b, 8); /* no wave list */
        bt_put_le(&b, at, 4);
    }
    put_chunk(out, "cue ", &b);
    bt_buf_finish(&b);
}

static void label(size_t id, const char *title, struct bt_buf *out)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    bt_put_le(&b, id, 4);
    bt_buf_add(&b, title, strlen(title) + 1);
    put_chunk(out, "labl", &b);
    bt_buf_finish(&b);
}

static void region(size_t id, int64_t frames, struct bt_buf *out)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    bt_put_le(&b, id, 4);
    bt_put_le(&b, (uint64_t)frames, 4);
    bt_buf_adds(&b, "rgn ");
    put_zeros(&b, 8); /* country, language, dialect, code page */
    put_chunk(out, "ltxt", &b);
    bt_buf_finish(&b);
}

static void labels(const struct bt_tags *t, struct bt_buf *out)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    bt_buf_adds(&b, "adtl");
    for (size_t i = 0; i < t->nchapter; i++) {
        label(i + 1, t->chapter[i].title, &b);
        region(i + 1, t->chapter[i].frames, &b);
    }
    put_chunk(out, "LIST", &b);
    bt_buf_finish(&b);
}

/* ---- XML chunks ---- */

static void element(struct bt_buf *b, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    bt_buf_addf(b, "<%s>", name);
    bt_put_xml(b, text);
    bt_buf_addf(b, "</%s>\n", name);
}

static void ixml(const struct bt_tags *t, struct bt_buf *out)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    bt_buf_adds(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<BWFXML>\n"
                    "<IXML_VERSION>1.61</IXML_VERSION>\n");
    element(&b, "PROJECT", t->album);
    element(&b, "SCENE", t->title);
    element(&b, "TAPE", t->date);
    element(&b, "NOTE", t->comment);
    bt_buf_adds(&b, "<USER>\n");
    element(&b, "STATION", t->artist);
    element(&b, "DIGITAL_SOURCE_TYPE", BT_SYNTHETIC);
    for (size_t i = 0; i < t->nchapter; i++)
        element(&b, "CHAPTER", t->chapter[i].title);
    bt_buf_adds(&b, "</USER>\n</BWFXML>\n");
    put_chunk(out, "iXML", &b);
    bt_buf_finish(&b);
}

/* Points are milliseconds. */
static void rdxl(const struct bt_job *job, struct bt_buf *out)
{
    const struct bt_tags *t = job->tags;
    long end = (long)(job->sound->frames * 1000 / BT_RATE);
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    bt_buf_adds(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<cart>\n");
    element(&b, "type", "audio");
    element(&b, "title", t->title);
    element(&b, "artist", t->artist);
    element(&b, "album", t->album);
    element(&b, "notes", t->comment);
    bt_buf_adds(&b, "<cutList>\n<cut>\n");
    element(&b, "description", t->title);
    bt_buf_addf(&b,
                "<length>%ld</length>\n<startPoint>0</startPoint>\n<endPoint>%ld</endPoint>\n"
                "<talkStartPoint>0</talkStartPoint>\n<talkEndPoint>%ld</talkEndPoint>\n",
                end, end, t->speech > 0 ? (long)(t->speech * 1000 / BT_RATE) : 0);
    bt_buf_adds(&b, "</cut>\n</cutList>\n</cart>\n");
    put_chunk(out, "rdxl", &b);
    bt_buf_finish(&b);
}

void bt_riff_after(const struct bt_job *job, struct bt_buf *out)
{
    if (!job->tags->title)
        return;
    if (job->tags->nchapter > 0) {
        cue(job->tags, out);
        labels(job->tags, out);
    }
    ixml(job->tags, out);
    rdxl(job, out);
}
