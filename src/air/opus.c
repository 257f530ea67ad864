/* Ogg Opus by libopusenc, which does delay and exact length (RFC 7845). */
#include "air/encode.h"

#include <fcntl.h>
#include <math.h>
#include <ogg/ogg.h>
#include <opusenc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PER_CHANNEL = 48000, MOBILE = 24000, SERIAL = 1 };

struct opus {
    struct bt_out out;
    OggOpusEnc *enc;
    OggOpusComments *comments;
    int channels;
    int64_t frames, at;
    struct bt_err err; /* of a write */
};

static int write_bytes(void *ctx, const unsigned char *p, opus_int32 n)
{
    struct opus *o = ctx;
    if (!bt_out_put(&o->out, o->at, p, (size_t)n, &o->err))
        return 1;
    o->at += n;
    return 0;
}

static int no_close(void *ctx)
{
    (void)ctx;
    return 0;
}

static void comment(void *ctx, const char *name, const char *value)
{
    ope_comments_add(ctx, name, value);
}

/* How far from -23 LUFS, in 1/256 dB (RFC 7845, 5.2.1). */
static void gain_comment(const struct bt_tags *t, OggOpusComments *c)
{
    char gain[16];
    if (!t->level || !isfinite(t->level->integrated))
        return;
    snprintf(gain, sizeof(gain), "%ld", lround((-23 - t->level->integrated) * 256));
    ope_comments_add(c, "R128_TRACK_GAIN", gain);
}

static bool fail(struct opus *o, struct bt_err *err)
{
    if (err && o->err.code != BT_OK)
        *err = o->err;
    else
        bt_fail(err, BT_EINNER, BT_M_AIR_ENCODE, "Opus");
    return false;
}

static bool opus_close(void *file, bool ok, struct bt_err *err)
{
    struct opus *o = file;
    if (ok && ope_encoder_drain(o->enc) != OPE_OK)
        ok = fail(o, err);
    if (o->enc)
        ope_encoder_destroy(o->enc);
    if (o->comments)
        ope_comments_destroy(o->comments);
    ok = bt_out_close(&o->out, ok, err);
    free(o);
    return ok;
}

static bool prepare(struct opus *o, const struct bt_tags *tags, int rate)
{
    static const OpusEncCallbacks calls = {write_bytes, no_close};
    o->comments = ope_comments_create();
    if (!o->comments)
        return false;
    bt_comments(tags, comment, o->comments);
    gain_comment(tags, o->comments);
    o->enc = ope_encoder_create_callbacks(&calls, o, o->comments, BT_RATE, o->channels, 0, NULL);
    return o->enc && ope_encoder_ctl(o->enc, OPE_SET_SERIALNO(SERIAL)) == OPE_OK &&
           ope_encoder_ctl(o->enc, OPUS_SET_BITRATE(rate)) == OPE_OK;
}

static void *open_at(const struct bt_job *job, int rate, struct bt_err *err)
{
    struct opus *o = bt_xcalloc(1, sizeof(*o));
    *o =
        (struct opus){.out.fd = -1, .channels = job->sound->channels, .frames = job->sound->frames};
    if (!bt_out_open(&o->out, job->file->path, err))
        goto bad;
    if (prepare(o, job->tags, rate))
        return o;
    fail(o, err);
bad:
    opus_close(o, false, NULL);
    return NULL;
}

static void *opus_open(const struct bt_job *job, struct bt_err *err)
{
    return open_at(job, PER_CHANNEL * job->sound->channels, err);
}

static void *opus24_open(const struct bt_job *job, struct bt_err *err)
{
    return open_at(job, MOBILE, err);
}

static bool opus_feed(void *part, int64_t from, const float *x, size_t frames, struct bt_err *err)
{
    struct opus *o = part;
    int64_t left = o->frames - from;
    size_t n = left < 0 ? 0 : left < (int64_t)frames ? (size_t)left : frames;
    return n == 0 || ope_encoder_write_float(o->enc, x, (int)n) == OPE_OK || fail(o, err);
}

/* The output gain stands in the first page (RFC 7845, 5.1), whose checksum is made anew. */
bool bt_opus_gain(const char *path, double db, struct bt_err *err)
{
    enum { PAGE = 28, HEAD = 19, GAIN = PAGE + 16 };
    unsigned char p[PAGE + HEAD];
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool ok = fd >= 0 && pread(fd, p, sizeof(p), 0) == (ssize_t)sizeof(p) &&
              memcmp(p, "OggS", 4) == 0 && p[PAGE - 1] == HEAD &&
              memcmp(p + PAGE, "OpusHead", 8) == 0;
    if (ok) {
        long gain = (int16_t)(p[GAIN] | p[GAIN + 1] << 8) + lround(db * 256);
        p[GAIN] = (unsigned char)(gain & 0xFF);
        p[GAIN + 1] = (unsigned char)(gain >> 8 & 0xFF);
        ogg_page page = {p, PAGE, p + PAGE, HEAD};
        ogg_page_checksum_set(&page);
        ok = pwrite(fd, p, sizeof(p), 0) == (ssize_t)sizeof(p);
    }
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    return ok || bt_fail_sys(err, BT_EDELIVER, BT_M_FILE_NOT_WRITTEN, path);
}

const struct bt_encoder bt_encode_opus = {.name = "opus",
                                          .suffix = ".opus",
                                          .serial = true,
                                          .open = opus_open,
                                          .part = bt_part_whole,
                                          .feed = opus_feed,
                                          .part_end = bt_part_whole_end,
                                          .close = opus_close};

const struct bt_encoder bt_encode_opus24 = {.name = "opus24",
                                            .suffix = ".24k.opus",
                                            .serial = true,
                                            .open = opus24_open,
                                            .part = bt_part_whole,
                                            .feed = opus_feed,
                                            .part_end = bt_part_whole_end,
                                            .close = opus_close};
