/*
 * Is a file whole? Decoders pass over what is missing; this walks RIFF chunks, Ogg pages and
 * MP3 frames and compares with what is promised. Knows these kinds of file; hears nothing.
 */
#include "air/encode.h"
#include "air/proof.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FRAME_MOST = 2881 }; /* MPEG-2 layer III, 160 kbit/s at 8 kHz, padded */

static uint32_t be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t le32(const unsigned char *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* ---- RIFF ---- */

/* Bytes that the data chunk should have, and the place where it begins; -1: there is none. */
static int64_t data_chunk(FILE *f, int64_t *begins)
{
    unsigned char h[8], ds64[16];
    int64_t large = -1;
    for (int64_t at = 12; fseeko(f, at, SEEK_SET) == 0 && fread(h, 1, 8, f) == 8;) {
        int64_t n = le32(h + 4);
        if (memcmp(h, "ds64", 4) == 0 && fread(ds64, 1, 16, f) == 16)
            large = (int64_t)((uint64_t)le32(ds64 + 12) << 32 | le32(ds64 + 8));
        if (memcmp(h, "data", 4) == 0) {
            *begins = at + 8;
            return n == UINT32_MAX && large >= 0 ? large : n;
        }
        at += 8 + n + (n & 1);
    }
    return -1;
}

static bool riff_whole(FILE *f, int64_t size, struct bt_err *err)
{
    int64_t begins = 0, n = data_chunk(f, &begins);
    if (n < 0)
        return bt_fail(err, BT_ECHECK, BT_M_PROOF_EMPTY);
    if (n > size - begins)
        return bt_fail(err, BT_ECHECK, BT_M_PROOF_CUT, (long)(n - (size - begins)));
    return true;
}

/* ---- Ogg: every page in its place, and the last one says that it is the last ---- */

enum { PAGE = 27, LAST = 4 };

static bool ogg_whole(FILE *f, int64_t size, struct bt_err *err)
{
    unsigned char h[PAGE + 255];
    bool ended = false;
    int64_t at = 0;
    while (fseeko(f, at, SEEK_SET) == 0 && fread(h, 1, PAGE, f) == PAGE) {
        if (memcmp(h, "OggS", 4) != 0 || fread(h + PAGE, 1, h[26], f) != h[26])
            return bt_fail(err, BT_ECHECK, BT_M_OGG_PAGE, (long)at);
        at += PAGE + h[26];
        for (size_t i = 0; i < h[26]; i++)
            at += h[PAGE + i];
        ended = h[5] & LAST;
    }
    if (!ended || at != size)
        return bt_fail(err, BT_ECHECK, BT_M_OGG_END);
    return true;
}

/* ---- MP3 ---- */

/* Bytes of the layer III frame that begins with h; 0: it is none. *side: of its side information.
 */
static size_t frame_size(const unsigned char *h, size_t *side)
{
    static const int kbps[2][16] = {
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}};
    static const int hz[4] = {44100, 48000, 32000, 0};
    int version = h[1] >> 3 & 3; /* 0: 2.5, 2: 2, 3: 1 */
    int rate = hz[h[2] >> 2 & 3], one = version == 3;
    int rates = kbps[one][h[2] >> 4];
    if (h[0] != 0xFF || (h[1] & 0xE6) != 0xE2 || version == 1 || !rate || !rates)
        return 0;
    rate >>= version == 3 ? 0 : version == 2 ? 1 : 2;
    bool mono = h[3] >> 6 == 3;
    *side = one ? (mono ? 17 : 32) : (mono ? 9 : 17);
    return (size_t)((one ? 144 : 72) * 1000 * rates / rate + (h[2] >> 1 & 1));
}

struct promise { /* of the Info frame */
    bool there, crc_there;
    int64_t frames, bytes;
    uint16_t crc;
};

/* Without all of LAME's part (as other encoders write it) only the counts are promised. */
static struct promise read_info(const unsigned char *frame, size_t n, size_t side)
{
    struct promise p = {0};
    const unsigned char *x = frame + 4 + side;
    if (4 + side + 120 + 36 > n || (memcmp(x, "Info", 4) != 0 && memcmp(x, "Xing", 4) != 0))
        return p;
    if ((be32(x + 4) & 3) != 3)
        return p;
    p.there = true;
    p.frames = be32(x + 8);
    p.bytes = be32(x + 12);
    p.crc_there = (be32(x + 4) & 0xF) == 0xF && memcmp(x + 120, "LAME", 4) == 0;
    p.crc = (uint16_t)(be32(x + 120 + 30) & 0xFFFF);
    return p;
}

struct walk {
    FILE *f;
    int64_t at, frames;
    uint16_t crc;
    unsigned char frame[FRAME_MOST];
};

/* The next frame; 0: there is none (the end, a tag at the end, or a broken one). */
static size_t next_frame(struct walk *w, size_t *side)
{
    if (fread(w->frame, 1, 4, w->f) != 4)
        return 0;
    size_t n = frame_size(w->frame, side);
    if (n < 4 || fread(w->frame + 4, 1, n - 4, w->f) != n - 4)
        return 0;
    w->at += (int64_t)n;
    return n;
}

/* After the last frame only tags may stand: ID3v1, APE, Lyrics3. */
static bool is_end(FILE *f, int64_t at)
{
    unsigned char h[8];
    if (fseeko(f, at, SEEK_SET) != 0)
        return false;
    size_t n = fread(h, 1, 8, f);
    return n == 0 || (n == 8 && (memcmp(h, "TAG", 3) == 0 || memcmp(h, "APETAGEX", 8) == 0 ||
                                 memcmp(h, "LYRICSBE", 8) == 0 || memcmp(h, "ID3", 3) == 0));
}

static bool keeps(const struct promise *p, const struct walk *w, int64_t bytes, struct bt_err *err)
{
    if (!p->there)
        return true;
    if (w->frames != p->frames)
        return bt_fail(err, BT_ECHECK, BT_M_MP3_COUNT, (long)w->frames, (long)p->frames);
    if (bytes < p->bytes)
        return bt_fail(err, BT_ECHECK, BT_M_PROOF_CUT, (long)(p->bytes - bytes));
    if (p->crc_there && p->crc != w->crc)
        return bt_fail(err, BT_ECHECK, BT_M_MP3_CRC);
    return true;
}

static bool mp3_whole(FILE *f, int64_t begins, struct bt_err *err)
{
    struct walk w = {.f = f, .at = begins};
    struct promise p = {0};
    size_t side;
    if (fseeko(f, begins, SEEK_SET) != 0)
        return bt_fail(err, BT_ECHECK, BT_M_PROOF_EMPTY);
    for (size_t n; (n = next_frame(&w, &side)) > 0;) {
        if (w.at == begins + (int64_t)n && (p = read_info(w.frame, n, side)).there)
            continue;
        w.frames++;
        w.crc = bt_crc16(w.crc, w.frame, n);
    }
    if (!is_end(f, w.at))
        return bt_fail(err, BT_ECHECK, BT_M_MP3_SYNC, (long)w.at);
    return keeps(&p, &w, w.at - begins, err);
}

static int64_t id3_size(const unsigned char *h)
{
    return 10 + (int64_t)(h[6] << 21 | h[7] << 14 | h[8] << 7 | h[9]) + (h[5] & 0x10 ? 10 : 0);
}

bool bt_whole(const char *path, struct bt_err *err)
{
    unsigned char h[16] = {0};
    struct stat st;
    FILE *f = fopen(path, "rbe");
    if (!f)
        return bt_fail_sys(err, BT_ECHECK, BT_M_FILE_NOT_READ, path);
    bool ok = fstat(fileno(f), &st) == 0 && fread(h, 1, sizeof(h), f) > 0;
    size_t side;
    if (!ok)
        bt_fail(err, BT_ECHECK, BT_M_PROOF_EMPTY);
    else if (memcmp(h, "RIFF", 4) == 0 || memcmp(h, "RF64", 4) == 0)
        ok = riff_whole(f, st.st_size, err);
    else if (memcmp(h, "OggS", 4) == 0)
        ok = ogg_whole(f, st.st_size, err);
    else if (memcmp(h, "ID3", 3) == 0)
        ok = mp3_whole(f, id3_size(h), err);
    else if (frame_size(h, &side) > 0)
        ok = mp3_whole(f, 0, err);
    fclose(f);
    return ok;
}
