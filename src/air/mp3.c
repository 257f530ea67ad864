/*
 * MP3 by LAME, of a constant or a variable bit rate, reservoir off, so that every frame stands
 * alone; a part begins 40 frames early, after which the encoder's state is that of one that began
 * at the start. The parts are written in their order, whoever is done first. The Info frame is
 * ours. Knows frames; knows no threads.
 */
#include "air/encode.h"

#include <lame/lame.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum {
    LEAD = 40,
    TAIL = 1,
    QUALITY = 3,
    XING = 120,     /* bytes of the Xing part of the Info frame, with all four fields */
    LAME = 36,      /* and of LAME's */
    INFO_KBPS = 64, /* the smallest frame that holds both */
    CONSTANT = 1,   /* as LAME's tag counts the methods */
    VARIABLE = 4,
    LEAST_KBPS = 32,
    HEAD_MOST = 1 << 26
};

struct ready { /* a part, encoded, until those before it are written */
    int64_t first, count;
    unsigned char *p;
    size_t n;
    uint16_t crc;
    struct ready *next;
};

struct mp3 {
    struct bt_out out;
    struct bt_mp3_rate rate;
    int channels;
    float scale;
    int64_t frames, grid, head; /* head: bytes of the ID3 tag */
    int64_t info;               /* bytes of the Info frame */
    struct bt_kept *kept;       /* or NULL */
    lame_t first;               /* fills LAME's tables before any thread, and knows the low-pass */
    uint16_t *size;             /* bytes of each frame */
    pthread_mutex_t lock;       /* of what follows */
    struct ready *waiting;
    int64_t next, bytes; /* frames and bytes that are written */
    uint16_t crc;
};

struct part {
    struct mp3 *file;
    lame_t lame;
    unsigned char *buf;
    size_t cap;
    int64_t first, count, lead;
    struct bt_buf out; /* all that LAME gave */
    float *x;          /* when it is kept: all that is fed, to be known by its hash */
    size_t frames;
};

static lame_t make_lame(int channels, const struct bt_mp3_rate *r, float scale)
{
    lame_t l = lame_init();
    if (!l)
        return NULL;
    lame_set_in_samplerate(l, BT_RATE);
    lame_set_out_samplerate(l, BT_RATE);
    lame_set_num_channels(l, channels);
    lame_set_mode(l, channels == 1 ? MONO : JOINT_STEREO);
    lame_set_VBR(l, r->vbr ? vbr_mtrh : vbr_off);
    if (r->vbr)
        lame_set_VBR_quality(l, (float)(r->vbr - 1));
    else
        lame_set_brate(l, r->kbps);
    lame_set_quality(l, QUALITY);
    lame_set_scale(l, scale);
    lame_set_disable_reservoir(l, 1);
    lame_set_bWriteVbrTag(l, 0);
    lame_set_write_id3tag_automatic(l, 0);
    if (lame_init_params(l) >= 0 && (r->vbr || lame_get_brate(l) == r->kbps) &&
        lame_get_out_samplerate(l) == BT_RATE)
        return l;
    lame_close(l);
    return NULL;
}

static const int rates[] = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};

static int rate_index(int kbps)
{
    for (int i = 1; i < (int)BT_LEN(rates); i++)
        if (rates[i] == kbps)
            return i;
    return 0;
}

/* ---- the Info frame (the "LAME tag", revision 0) ---- */

static void put_be(unsigned char *p, uint64_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, v >>= 8)
        p[i] = (unsigned char)v;
}

/* At 48 kHz a frame of 1,152 samples has 3 bytes for each kbit/s, without rest. */
static int64_t frame_bytes(int kbps)
{
    return 3 * (int64_t)kbps;
}

int64_t bt_mp3_frame(const unsigned char *p)
{
    static const unsigned char head[] = {0xFF, 0xFB}; /* MPEG-1 layer III, no CRC */
    int index = p[2] >> 4;
    bool ours = memcmp(p, head, sizeof(head)) == 0 && (p[2] & 0x0F) == 1 << 2;
    return ours && index < (int)BT_LEN(rates) ? frame_bytes(rates[index]) : 0;
}

static int info_kbps(const struct bt_mp3_rate *r)
{
    return !r->vbr && r->kbps > INFO_KBPS ? r->kbps : INFO_KBPS;
}

int64_t bt_info_bytes(const struct bt_mp3_rate *r)
{
    return frame_bytes(info_kbps(r));
}

static int64_t all_bytes(const struct bt_info *i)
{
    int64_t n = bt_info_bytes(&i->rate);
    for (int64_t k = 0; k < i->grid; k++)
        n += i->size[k];
    return n;
}

/* Where each hundredth of the sound begins, in 256ths of the file. */
static void put_contents(unsigned char *p, const struct bt_info *i, int64_t bytes)
{
    int64_t at = bt_info_bytes(&i->rate), frame = 0;
    for (int k = 0; k < 100; k++) {
        for (; frame < i->grid * k / 100; frame++)
            at += i->size[frame];
        p[k] = (unsigned char)(at * 256 / bytes);
    }
}

static void put_xing(unsigned char *p, const struct bt_info *i, int64_t bytes)
{
    memcpy(p, i->rate.vbr ? "Xing" : "Info", 4);
    put_be(p + 4, 0xF, 4); /* frames, bytes, contents, quality */
    put_be(p + 8, (uint64_t)i->grid, 4);
    put_be(p + 12, (uint64_t)bytes, 4);
    put_contents(p + 16, i, bytes);
    put_be(p + 116, (uint64_t)(100 - 10 * (i->rate.vbr ? i->rate.vbr - 1 : QUALITY)), 4);
}

static void put_lame(unsigned char *p, const struct bt_info *i, int64_t bytes)
{
    char version[10];
    int kbps = i->rate.vbr ? LEAST_KBPS : i->rate.kbps;
    snprintf(version, sizeof(version), "LAME%s", get_lame_short_version());
    memcpy(p, version, strlen(version));
    p[9] = i->rate.vbr ? VARIABLE : CONSTANT; /* in revision 0 */
    p[10] = (unsigned char)(i->lowpass / 100);
    p[20] = (unsigned char)(kbps < 255 ? kbps : 255);
    int64_t padding = i->grid * BT_GRID - i->delay - i->frames;
    put_be(p + 21, (uint64_t)(i->delay << 12 | padding), 3);
    p[24] = (unsigned char)((i->channels == 1 ? 0 : 3) << 2 | 2 << 6); /* mode; from 48 kHz */
    put_be(p + 28, (uint64_t)bytes, 4);
    put_be(p + 32, i->music, 2);
}

void bt_info_make(unsigned char *p, const struct bt_info *i)
{
    int64_t info = bt_info_bytes(&i->rate), bytes = all_bytes(i);
    memset(p, 0, (size_t)info);
    p[0] = 0xFF;
    p[1] = 0xFB; /* MPEG-1 layer III, no CRC */
    p[2] = (unsigned char)(rate_index(info_kbps(&i->rate)) << 4 | 1 << 2); /* 48 kHz */
    p[3] = i->channels == 1 ? 0xC4 : 0x44; /* original, as LAME's own frames */
    size_t side = i->channels == 1 ? 17 : 32;
    put_xing(p + 4 + side, i, bytes);
    put_lame(p + 4 + side + XING, i, bytes);
    size_t end = 4 + side + XING + LAME - 2;
    put_be(p + end, bt_crc16(0, p, end), 2);
}

/* ---- the file ---- */

static bool put_head(struct mp3 *m, const struct bt_tags *tags, struct bt_err *err)
{
    struct bt_buf b;
    bt_buf_init(&b, HEAD_MOST);
    bool ok = bt_id3_write(tags, &b, err);
    m->head = (int64_t)b.n;
    ok = ok && bt_out_put(&m->out, 0, b.p, b.n, err);
    bt_buf_finish(&b);
    return ok;
}

static void ready_free(struct ready *r)
{
    free(r->p);
    free(r);
}

static void mp3_free(struct mp3 *m)
{
    if (m->first)
        lame_close(m->first);
    for (struct ready *r = m->waiting, *next; r; r = next) {
        next = r->next;
        ready_free(r);
    }
    pthread_mutex_destroy(&m->lock);
    free(m->size);
    free(m);
}

/* LAME makes the lower constant rates quieter than it was given them: that is undone. */
static bool prepare(struct mp3 *m, struct bt_err *err)
{
    bool known = m->rate.vbr || rate_index(m->rate.kbps) > 0;
    lame_t plain = known ? make_lame(m->channels, &m->rate, 1) : NULL;
    if (plain) {
        m->scale = 1 / lame_get_scale(plain);
        lame_close(plain);
        m->first = make_lame(m->channels, &m->rate, m->scale);
    }
    return m->first || bt_fail(err, BT_EUSAGE, BT_M_AIR_MP3_RATE, m->rate.kbps);
}

static void *mp3_open(const struct bt_job *job, struct bt_err *err)
{
    const struct bt_sound *s = job->sound;
    struct mp3 *m = bt_xcalloc(1, sizeof(*m));
    *m = (struct mp3){.out.fd = -1,
                      .channels = s->channels,
                      .rate = job->file->mp3,
                      .frames = s->frames,
                      .grid = job->grid};
    m->info = bt_info_bytes(&m->rate);
    m->size = bt_xcalloc((size_t)m->grid, sizeof(*m->size));
    pthread_mutex_init(&m->lock, NULL);
    bool ok = prepare(m, err) && bt_out_open(&m->out, job->file->path, err) &&
              put_head(m, job->tags, err);
    if (ok && job->file->kept)
        m->kept = bt_kept_open(job->file->kept);
    if (ok)
        return m;
    bt_out_close(&m->out, false, NULL);
    mp3_free(m);
    return NULL;
}

static bool put_info(struct mp3 *m, struct bt_err *err)
{
    unsigned char *p = bt_xmalloc((size_t)m->info);
    const struct bt_info info = {m->channels, m->rate, lame_get_lowpassfreq(m->first),
                                 m->frames,   m->grid, BT_MP3_DELAY,
                                 m->size,     m->crc};
    bt_info_make(p, &info);
    bool ok = bt_out_put(&m->out, m->head, p, (size_t)m->info, err);
    free(p);
    return ok;
}

static bool mp3_close(void *file, bool ok, struct bt_err *err)
{
    struct mp3 *m = file;
    ok = ok && put_info(m, err);
    ok = bt_out_close(&m->out, ok, err);
    bt_kept_close(m->kept, ok);
    mp3_free(m);
    return ok;
}

/* ---- a part ---- */

static bool start(struct part *p, struct bt_err *err)
{
    struct mp3 *m = p->file;
    p->lame = make_lame(m->channels, &m->rate, m->scale);
    return p->lame || bt_fail(err, BT_EINNER, BT_M_AIR_MP3_RATE, m->rate.kbps);
}

static void part_free(struct part *p)
{
    if (p->lame)
        lame_close(p->lame);
    bt_buf_finish(&p->out);
    free(p->buf);
    free(p->x);
    free(p);
}

static void *mp3_part(void *file, int64_t first, int64_t count, struct bt_err *err)
{
    struct mp3 *m = file;
    struct part *p = bt_xcalloc(1, sizeof(*p));
    *p = (struct part){
        .file = m, .first = first, .count = count, .lead = first < LEAD ? first : LEAD};
    bt_buf_init(&p->out, SIZE_MAX / 2);
    if (m->kept) {
        size_t frames = (size_t)(p->lead + count + TAIL) * BT_GRID;
        p->x = bt_xmalloc(frames * (size_t)m->channels * sizeof(*p->x));
    } else if (!start(p, err)) {
        part_free(p);
        return NULL;
    }
    return p;
}

static bool encode(struct part *p, const float *x, size_t frames, struct bt_err *err)
{
    size_t need = frames + frames / 4 + 7200; /* lame.h's worst case */
    if (need > p->cap) {
        p->buf = bt_xrealloc(p->buf, need, 1);
        p->cap = need;
    }
    int n = p->file->channels == 1
                ? lame_encode_buffer_ieee_float(p->lame, x, x, (int)frames, p->buf, (int)p->cap)
                : lame_encode_buffer_interleaved_ieee_float(p->lame, x, (int)frames, p->buf,
                                                            (int)p->cap);
    if (n < 0)
        return bt_fail(err, BT_EINNER, BT_M_AIR_MP3_ENCODE, n);
    bt_buf_add(&p->out, p->buf, (size_t)n);
    return true;
}

static bool mp3_feed(void *part, int64_t from, const float *x, size_t frames, struct bt_err *err)
{
    struct part *p = part;
    (void)from;
    if (!p->x)
        return encode(p, x, frames, err);
    size_t width = (size_t)p->file->channels;
    memcpy(p->x + p->frames * width, x, frames * width * sizeof(*x));
    p->frames += frames;
    return true;
}

/* By all that the bytes depend on. */
static void part_key(const struct part *p, char key[BT_HASH])
{
    char text[256];
    const struct mp3 *m = p->file;
    XXH128_hash_t x = XXH3_128bits(p->x, p->frames * (size_t)m->channels * sizeof(*p->x));
    int n = snprintf(text, sizeof(text), "%016llx%016llx %s %d %d %d %d %d %ld %ld",
                     (unsigned long long)x.high64, (unsigned long long)x.low64, get_lame_version(),
                     m->channels, m->rate.kbps, m->rate.vbr, QUALITY, LEAD, (long)p->count,
                     (long)p->lead);
    bt_sha256(text, (size_t)n, key);
}

/* Bytes of the next n frames of a stretch; 0: they are not there. *size, unless NULL, of each. */
static size_t frames_of(const char *s, size_t n, int64_t frames, uint16_t *size)
{
    size_t at = 0;
    for (int64_t i = 0; i < frames; i++) {
        size_t one = n - at >= 4 ? (size_t)bt_mp3_frame((const unsigned char *)s + at) : 0;
        if (one == 0 || n - at < one)
            return 0;
        if (size)
            size[i] = (uint16_t)one;
        at += one;
    }
    return at;
}

/* Drop the lead, take the part, drop what comes after it. */
static struct ready *take(struct part *p, struct bt_err *err)
{
    uint16_t *size = p->file->size + p->first;
    size_t skip = frames_of(p->out.p, p->out.n, p->lead, NULL);
    size_t n = frames_of(p->out.p + skip, p->out.n - skip, p->count, size);
    if ((p->lead && !skip) || !n) {
        bt_fail(err, BT_EINNER, BT_M_AIR_MP3_ENCODE, 0);
        return NULL;
    }
    struct ready *r = bt_xcalloc(1, sizeof(*r));
    *r = (struct ready){.first = p->first, .count = p->count, .p = bt_xmalloc(n), .n = n};
    memcpy(r->p, p->out.p + skip, n);
    return r;
}

static struct ready *take_kept(const struct part *p, const char key[BT_HASH])
{
    struct ready r = {.first = p->first, .count = p->count};
    r.p = bt_kept_get(p->file->kept, key, &r.n);
    if (!r.p)
        return NULL;
    if (frames_of((char *)r.p, r.n, p->count, p->file->size + p->first) != r.n) {
        free(r.p);
        return NULL;
    }
    struct ready *out = bt_xcalloc(1, sizeof(*out));
    *out = r;
    return out;
}

/* What has been encoded once, or else now. */
static struct ready *known_or_new(struct part *p, struct bt_err *err)
{
    enum { BLOCK = 32 * BT_GRID };
    char key[BT_HASH];
    struct mp3 *m = p->file;
    part_key(p, key);
    struct ready *r = take_kept(p, key);
    bool ok = r || start(p, err);
    for (size_t at = 0; ok && !r && at < p->frames; at += BLOCK)
        ok = encode(p, p->x + at * (size_t)m->channels,
                    p->frames - at < BLOCK ? p->frames - at : BLOCK, err);
    if (ok && !r)
        r = take(p, err);
    if (r)
        bt_kept_put(m->kept, key, r->p, r->n);
    return r;
}

/* All whose turn it is. */
static bool put_ready(struct mp3 *m, struct ready *r, struct bt_err *err)
{
    bool ok = true;
    pthread_mutex_lock(&m->lock);
    r->next = m->waiting;
    m->waiting = r;
    for (struct ready **at = &m->waiting; ok && *at;) {
        struct ready *one = *at;
        if (one->first != m->next) {
            at = &one->next;
            continue;
        }
        ok = bt_out_put(&m->out, m->head + m->info + m->bytes, one->p, one->n, err);
        m->crc = bt_crc16_join(m->crc, one->crc, (int64_t)one->n);
        m->next += one->count;
        m->bytes += (int64_t)one->n;
        *at = one->next;
        ready_free(one);
        at = &m->waiting;
    }
    pthread_mutex_unlock(&m->lock);
    return ok;
}

static bool mp3_part_end(void *part, bool ok, struct bt_err *err)
{
    struct part *p = part;
    struct ready *r = !ok ? NULL : p->x ? known_or_new(p, err) : take(p, err);
    if (r) {
        r->crc = bt_crc16(0, r->p, r->n);
        ok = put_ready(p->file, r, err);
    } else {
        ok = false;
    }
    part_free(p);
    return ok;
}

const struct bt_encoder bt_encode_mp3 = {.name = "mp3",
                                         .suffix = ".mp3",
                                         .lead = LEAD,
                                         .tail = TAIL,
                                         .open = mp3_open,
                                         .part = mp3_part,
                                         .feed = mp3_feed,
                                         .part_end = mp3_part_end,
                                         .close = mp3_close};
