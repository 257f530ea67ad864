/*
 * MP3 by LAME: constant bit rate, reservoir off, so that every frame has the same size and stands
 * alone; a part begins 40 frames early, after which the encoder's state is that of one that began
 * at the start. The Info frame is ours. Knows frames; knows no threads.
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
    HEAD_MOST = 1 << 26
};

struct mp3 {
    struct bt_out out;
    int channels, kbps;
    int64_t frames, grid, head; /* head: bytes of the ID3 tag */
    int64_t info;               /* bytes of the Info frame */
    struct bt_kept *kept;       /* or NULL */
    lame_t first;               /* fills LAME's tables before any thread, and knows the low-pass */
    pthread_mutex_t lock;
    uint16_t *crc; /* of each part, by its first grid frame */
    int64_t *count;
};

struct part {
    struct mp3 *file;
    lame_t lame;
    unsigned char *buf;
    size_t cap;
    int64_t first, count;
    int64_t skip;         /* bytes of the lead still to be dropped */
    int64_t at;           /* bytes of the part that are there */
    unsigned char *bytes; /* they, when they are kept */
    float *x;             /* then: all that is fed, to be known by its hash */
    size_t frames;
    uint16_t crc;
};

/* At 48 kHz a frame of 1,152 samples has 3 bytes for each kbit/s, without rest. */
static int64_t frame_bytes(int kbps)
{
    return 3 * (int64_t)kbps;
}

static lame_t make_lame(int channels, int kbps)
{
    lame_t l = lame_init();
    if (!l)
        return NULL;
    lame_set_in_samplerate(l, BT_RATE);
    lame_set_out_samplerate(l, BT_RATE);
    lame_set_num_channels(l, channels);
    lame_set_mode(l, channels == 1 ? MONO : JOINT_STEREO);
    lame_set_brate(l, kbps);
    lame_set_VBR(l, vbr_off);
    lame_set_quality(l, QUALITY);
    lame_set_scale(l, 1 / 0.95f);
    lame_set_disable_reservoir(l, 1);
    lame_set_bWriteVbrTag(l, 0);
    lame_set_write_id3tag_automatic(l, 0);
    if (lame_init_params(l) >= 0 && lame_get_brate(l) == kbps &&
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

static int info_kbps(int kbps)
{
    return kbps > INFO_KBPS ? kbps : INFO_KBPS;
}

int64_t bt_info_bytes(int kbps)
{
    return frame_bytes(info_kbps(kbps));
}

static void put_xing(unsigned char *p, const struct bt_info *i, int64_t info, int64_t bytes)
{
    memcpy(p, "Info", 4);
    put_be(p + 4, 0xF, 4); /* frames, bytes, contents, quality */
    put_be(p + 8, (uint64_t)i->grid, 4);
    put_be(p + 12, (uint64_t)bytes, 4);
    for (int k = 0; k < 100; k++)
        p[16 + k] = (unsigned char)((info + (bytes - info) * k / 100) * 256 / bytes);
    put_be(p + 116, 100 - 10 * QUALITY, 4);
}

static void put_lame(unsigned char *p, const struct bt_info *i, int64_t bytes)
{
    char version[10];
    snprintf(version, sizeof(version), "LAME%s", get_lame_short_version());
    memcpy(p, version, strlen(version));
    p[9] = 0x01; /* revision 0, constant bit rate */
    p[10] = (unsigned char)(i->lowpass / 100);
    p[20] = (unsigned char)(i->kbps < 255 ? i->kbps : 255);
    int64_t padding = i->grid * BT_GRID - i->delay - i->frames;
    put_be(p + 21, (uint64_t)(i->delay << 12 | padding), 3);
    p[24] = (unsigned char)((i->channels == 1 ? 0 : 3) << 2 | 2 << 6); /* mode; from 48 kHz */
    put_be(p + 28, (uint64_t)bytes, 4);
    put_be(p + 32, i->music, 2);
}

void bt_info_make(unsigned char *p, const struct bt_info *i)
{
    int64_t info = bt_info_bytes(i->kbps), bytes = info + i->grid * frame_bytes(i->kbps);
    memset(p, 0, (size_t)info);
    p[0] = 0xFF;
    p[1] = 0xFB; /* MPEG-1 layer III, no CRC */
    p[2] = (unsigned char)(rate_index(info_kbps(i->kbps)) << 4 | 1 << 2); /* 48 kHz */
    p[3] = i->channels == 1 ? 0xC4 : 0x44; /* original, as LAME's own frames */
    size_t side = i->channels == 1 ? 17 : 32;
    put_xing(p + 4 + side, i, info, bytes);
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

static void mp3_free(struct mp3 *m)
{
    if (m->first)
        lame_close(m->first);
    pthread_mutex_destroy(&m->lock);
    free(m->crc);
    free(m->count);
    free(m);
}

static void *mp3_open(const struct bt_job *job, struct bt_err *err)
{
    const struct bt_sound *s = job->sound;
    struct mp3 *m = bt_xcalloc(1, sizeof(*m));
    *m = (struct mp3){.out.fd = -1,
                      .channels = s->channels,
                      .kbps = job->file->kbps,
                      .frames = s->frames,
                      .grid = job->grid};
    m->info = bt_info_bytes(m->kbps);
    m->crc = bt_xcalloc((size_t)m->grid, sizeof(*m->crc));
    m->count = bt_xcalloc((size_t)m->grid, sizeof(*m->count));
    pthread_mutex_init(&m->lock, NULL);
    m->first = rate_index(m->kbps) > 0 ? make_lame(m->channels, m->kbps) : NULL;
    bool ok = m->first ? bt_out_open(&m->out, job->file->path, err) && put_head(m, job->tags, err)
                       : bt_fail(err, BT_EUSAGE, BT_M_AIR_MP3_RATE, m->kbps);
    if (ok && job->file->kept)
        m->kept = bt_kept_open(job->file->kept);
    if (ok)
        return m;
    bt_out_close(&m->out, false, NULL);
    mp3_free(m);
    return NULL;
}

static uint16_t whole_crc(const struct mp3 *m)
{
    uint16_t crc = 0;
    for (int64_t at = 0; at < m->grid; at += m->count[at])
        crc = bt_crc16_join(crc, m->crc[at], m->count[at] * frame_bytes(m->kbps));
    return crc;
}

static bool put_info(struct mp3 *m, struct bt_err *err)
{
    unsigned char *p = bt_xmalloc((size_t)m->info);
    const struct bt_info info = {m->channels, m->kbps, lame_get_lowpassfreq(m->first),
                                 m->frames,   m->grid, BT_MP3_DELAY,
                                 whole_crc(m)};
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
    p->lame = make_lame(m->channels, m->kbps);
    return p->lame || bt_fail(err, BT_EINNER, BT_M_AIR_MP3_RATE, m->kbps);
}

static void part_free(struct part *p)
{
    if (p->lame)
        lame_close(p->lame);
    free(p->buf);
    free(p->bytes);
    free(p->x);
    free(p);
}

static void *mp3_part(void *file, int64_t first, int64_t count, struct bt_err *err)
{
    struct mp3 *m = file;
    struct part *p = bt_xcalloc(1, sizeof(*p));
    int64_t lead = first < LEAD ? first : LEAD;
    *p = (struct part){
        .file = m, .first = first, .count = count, .skip = lead * frame_bytes(m->kbps)};
    if (m->kept) {
        size_t frames = (size_t)(lead + count + TAIL) * BT_GRID;
        p->x = bt_xmalloc(frames * (size_t)m->channels * sizeof(*p->x));
        p->bytes = bt_xmalloc((size_t)(count * frame_bytes(m->kbps)));
    } else if (!start(p, err)) {
        part_free(p);
        return NULL;
    }
    return p;
}

static bool put(struct part *p, const unsigned char *s, size_t n, struct bt_err *err)
{
    struct mp3 *m = p->file;
    int64_t to = m->head + m->info + p->first * frame_bytes(m->kbps) + p->at;
    p->crc = bt_crc16(p->crc, s, n);
    p->at += (int64_t)n;
    return bt_out_put(&m->out, to, s, n, err);
}

/* Drop the lead, keep the part, drop what comes after it. */
static bool keep(struct part *p, const unsigned char *s, int64_t n, struct bt_err *err)
{
    int64_t all = p->count * frame_bytes(p->file->kbps);
    int64_t drop = n < p->skip ? n : p->skip;
    p->skip -= drop;
    s += drop;
    n -= drop;
    if (n > all - p->at)
        n = all - p->at;
    if (n <= 0)
        return true;
    if (p->bytes)
        memcpy(p->bytes + p->at, s, (size_t)n);
    return put(p, s, (size_t)n, err);
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
    return keep(p, p->buf, n, err);
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
    int n = snprintf(text, sizeof(text), "%016llx%016llx %s %d %d %d %d %ld %ld",
                     (unsigned long long)x.high64, (unsigned long long)x.low64, get_lame_version(),
                     m->channels, m->kbps, QUALITY, LEAD, (long)p->count, (long)p->skip);
    bt_sha256(text, (size_t)n, key);
}

/* What has been encoded once, or else now. */
static bool known_or_new(struct part *p, struct bt_err *err)
{
    enum { BLOCK = 32 * BT_GRID };
    char key[BT_HASH];
    struct mp3 *m = p->file;
    size_t all = (size_t)(p->count * frame_bytes(m->kbps));
    part_key(p, key);
    bool ok = true;
    if (bt_kept_get(m->kept, key, p->bytes, all)) {
        ok = put(p, p->bytes, all, err);
    } else {
        ok = start(p, err);
        for (size_t at = 0; ok && at < p->frames; at += BLOCK)
            ok = encode(p, p->x + at * (size_t)m->channels,
                        p->frames - at < BLOCK ? p->frames - at : BLOCK, err);
    }
    if (ok)
        bt_kept_put(m->kept, key, p->first * frame_bytes(m->kbps), p->bytes, all);
    return ok;
}

static bool mp3_part_end(void *part, bool ok, struct bt_err *err)
{
    struct part *p = part;
    struct mp3 *m = p->file;
    ok = ok && (!p->x || known_or_new(p, err));
    if (ok && p->at != p->count * frame_bytes(m->kbps))
        ok = bt_fail(err, BT_EINNER, BT_M_AIR_MP3_ENCODE, 0);
    pthread_mutex_lock(&m->lock);
    m->crc[p->first] = p->crc;
    m->count[p->first] = p->count;
    pthread_mutex_unlock(&m->lock);
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
