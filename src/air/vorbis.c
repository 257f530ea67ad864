/* Ogg Vorbis by libvorbisenc; pages by libogg, under a serial number that does not change. */
#include "air/encode.h"

#include <stdlib.h>
#include <string.h>
#include <vorbis/vorbisenc.h>

enum { SERIAL = 1 };
static const float QUALITY = 0.4f;
static const float MAKE_GOOD = 1.0163f; /* at this quality speech comes back 0.14 dB quieter */

struct vorbis {
    struct bt_out out;
    ogg_stream_state ogg;
    vorbis_info info;
    vorbis_comment comment;
    vorbis_dsp_state dsp;
    vorbis_block block;
    int made; /* how many of those above are there */
    int64_t frames, at;
};

static void comment(void *ctx, const char *name, const char *value)
{
    vorbis_comment_add_tag(ctx, name, value);
}

static bool put_page(struct vorbis *v, const ogg_page *p, struct bt_err *err)
{
    bool ok = bt_out_put(&v->out, v->at, p->header, (size_t)p->header_len, err) &&
              bt_out_put(&v->out, v->at + p->header_len, p->body, (size_t)p->body_len, err);
    v->at += p->header_len + p->body_len;
    return ok;
}

static bool put_pages(struct vorbis *v, int (*next)(ogg_stream_state *os, ogg_page *og),
                      struct bt_err *err)
{
    ogg_page p;
    while (next(&v->ogg, &p) != 0)
        if (!put_page(v, &p, err))
            return false;
    return true;
}

/* Whatever the analysis has ready. */
static bool drain(struct vorbis *v, struct bt_err *err)
{
    ogg_packet p;
    while (vorbis_analysis_blockout(&v->dsp, &v->block) == 1) {
        vorbis_analysis(&v->block, NULL);
        vorbis_bitrate_addblock(&v->block);
        while (vorbis_bitrate_flushpacket(&v->dsp, &p))
            ogg_stream_packetin(&v->ogg, &p);
        if (!put_pages(v, ogg_stream_pageout, err))
            return false;
    }
    return true;
}

static bool put_headers(struct vorbis *v, struct bt_err *err)
{
    ogg_packet p[3];
    if (vorbis_analysis_headerout(&v->dsp, &v->comment, &p[0], &p[1], &p[2]) != 0)
        return bt_fail(err, BT_EINNER, BT_M_AIR_ENCODE, "Vorbis");
    for (size_t i = 0; i < BT_LEN(p); i++)
        ogg_stream_packetin(&v->ogg, &p[i]);
    return put_pages(v, ogg_stream_flush, err);
}

static bool prepare(struct vorbis *v, const struct bt_job *job, struct bt_err *err)
{
    vorbis_info_init(&v->info);
    vorbis_comment_init(&v->comment);
    v->made = 1;
    bt_comments(job->tags, comment, &v->comment);
    if (vorbis_encode_init_vbr(&v->info, job->sound->channels, BT_RATE, QUALITY) != 0 ||
        vorbis_analysis_init(&v->dsp, &v->info) != 0)
        return bt_fail(err, BT_EINNER, BT_M_AIR_ENCODE, "Vorbis");
    vorbis_block_init(&v->dsp, &v->block);
    ogg_stream_init(&v->ogg, SERIAL);
    v->made = 2;
    return put_headers(v, err);
}

static bool vorbis_close(void *file, bool ok, struct bt_err *err)
{
    struct vorbis *v = file;
    if (ok) {
        vorbis_analysis_wrote(&v->dsp, 0);
        ok = drain(v, err) && put_pages(v, ogg_stream_flush, err);
    }
    if (v->made > 1) {
        ogg_stream_clear(&v->ogg);
        vorbis_block_clear(&v->block);
        vorbis_dsp_clear(&v->dsp);
    }
    if (v->made > 0) {
        vorbis_comment_clear(&v->comment);
        vorbis_info_clear(&v->info);
    }
    ok = bt_out_close(&v->out, ok, err);
    free(v);
    return ok;
}

static void *vorbis_open(const struct bt_job *job, struct bt_err *err)
{
    struct vorbis *v = bt_xcalloc(1, sizeof(*v));
    v->out.fd = -1;
    v->frames = job->sound->frames;
    if (bt_out_open(&v->out, job->file->path, err) && prepare(v, job, err))
        return v;
    vorbis_close(v, false, NULL);
    return NULL;
}

static bool vorbis_feed(void *part, int64_t from, const float *x, size_t frames, struct bt_err *err)
{
    struct vorbis *v = part;
    int64_t left = v->frames - from;
    size_t n = left < 0 ? 0 : left < (int64_t)frames ? (size_t)left : frames;
    size_t width = (size_t)v->info.channels;
    if (n == 0)
        return true;
    float **to = vorbis_analysis_buffer(&v->dsp, (int)n);
    for (size_t c = 0; c < width; c++)
        for (size_t i = 0; i < n; i++)
            to[c][i] = MAKE_GOOD * x[i * width + c];
    vorbis_analysis_wrote(&v->dsp, (int)n);
    return drain(v, err);
}

const struct bt_encoder bt_encode_vorbis = {.name = "ogg",
                                            .suffix = ".ogg",
                                            .serial = true,
                                            .open = vorbis_open,
                                            .part = bt_part_whole,
                                            .feed = vorbis_feed,
                                            .part_end = bt_part_whole_end,
                                            .close = vorbis_close};
