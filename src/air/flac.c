/* FLAC by libFLAC: the samples of the WAV, with comments and seek points. */
#include "air/encode.h"

#include <FLAC/metadata.h>
#include <FLAC/stream_encoder.h>
#include <stdlib.h>

enum { LEVEL = 5, BLOCK = 4096, SEEK_S = 10 };

struct flac {
    struct bt_out out;
    FLAC__StreamEncoder *enc;
    FLAC__StreamMetadata *meta[2]; /* comments, seek points */
    int channels;
    int64_t frames, at;
    struct bt_err err; /* of a write */
};

static FLAC__StreamEncoderWriteStatus write_bytes(const FLAC__StreamEncoder *e,
                                                  const FLAC__byte p[], size_t n, uint32_t samples,
                                                  uint32_t frame, void *ctx)
{
    struct flac *f = ctx;
    (void)e;
    (void)samples;
    (void)frame;
    if (!bt_out_put(&f->out, f->at, p, n, &f->err))
        return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR;
    f->at += (int64_t)n;
    return FLAC__STREAM_ENCODER_WRITE_STATUS_OK;
}

static FLAC__StreamEncoderSeekStatus seek(const FLAC__StreamEncoder *e, FLAC__uint64 to, void *ctx)
{
    (void)e;
    ((struct flac *)ctx)->at = (int64_t)to;
    return FLAC__STREAM_ENCODER_SEEK_STATUS_OK;
}

static FLAC__StreamEncoderTellStatus tell(const FLAC__StreamEncoder *e, FLAC__uint64 *at, void *ctx)
{
    (void)e;
    *at = (FLAC__uint64)((struct flac *)ctx)->at;
    return FLAC__STREAM_ENCODER_TELL_STATUS_OK;
}

static void comment(void *ctx, const char *name, const char *value)
{
    FLAC__StreamMetadata_VorbisComment_Entry entry;
    if (FLAC__metadata_object_vorbiscomment_entry_from_name_value_pair(&entry, name, value))
        FLAC__metadata_object_vorbiscomment_append_comment(ctx, entry, false);
}

static bool prepare(struct flac *f, const struct bt_tags *tags)
{
    f->enc = FLAC__stream_encoder_new();
    f->meta[0] = FLAC__metadata_object_new(FLAC__METADATA_TYPE_VORBIS_COMMENT);
    f->meta[1] = FLAC__metadata_object_new(FLAC__METADATA_TYPE_SEEKTABLE);
    if (!f->enc || !f->meta[0] || !f->meta[1])
        return false;
    bt_comments(tags, comment, f->meta[0]);
    return FLAC__metadata_object_seektable_template_append_spaced_points_by_samples(
               f->meta[1], SEEK_S * BT_RATE, (FLAC__uint64)f->frames) &&
           FLAC__metadata_object_seektable_template_sort(f->meta[1], true) &&
           FLAC__stream_encoder_set_channels(f->enc, (uint32_t)f->channels) &&
           FLAC__stream_encoder_set_bits_per_sample(f->enc, 16) &&
           FLAC__stream_encoder_set_sample_rate(f->enc, BT_RATE) &&
           FLAC__stream_encoder_set_compression_level(f->enc, LEVEL) &&
           FLAC__stream_encoder_set_total_samples_estimate(f->enc, (FLAC__uint64)f->frames) &&
           FLAC__stream_encoder_set_metadata(f->enc, f->meta, 2);
}

/* What libFLAC says, unless a write failed, which says more. */
static bool fail(struct flac *f, struct bt_err *err)
{
    if (err && f->err.code != BT_OK)
        *err = f->err;
    else
        bt_fail(err, BT_EINNER, BT_M_AIR_ENCODE, "FLAC");
    return false;
}

static bool flac_close(void *file, bool ok, struct bt_err *err)
{
    struct flac *f = file;
    if (ok && !FLAC__stream_encoder_finish(f->enc))
        ok = fail(f, err);
    if (f->enc)
        FLAC__stream_encoder_delete(f->enc);
    for (size_t i = 0; i < BT_LEN(f->meta); i++)
        if (f->meta[i])
            FLAC__metadata_object_delete(f->meta[i]);
    ok = bt_out_close(&f->out, ok, err);
    free(f);
    return ok;
}

static void *flac_open(const struct bt_job *job, struct bt_err *err)
{
    struct flac *f = bt_xcalloc(1, sizeof(*f));
    *f =
        (struct flac){.out.fd = -1, .channels = job->sound->channels, .frames = job->sound->frames};
    if (!bt_out_open(&f->out, job->file->path, err))
        goto bad;
    if (prepare(f, job->tags) &&
        FLAC__stream_encoder_init_stream(f->enc, write_bytes, seek, tell, NULL, f) ==
            FLAC__STREAM_ENCODER_INIT_STATUS_OK)
        return f;
    fail(f, err);
bad:
    flac_close(f, false, NULL);
    return NULL;
}

static bool flac_feed(void *part, int64_t from, const float *x, size_t frames, struct bt_err *err)
{
    struct flac *f = part;
    FLAC__int32 v[BLOCK];
    int64_t end = from + (int64_t)frames < f->frames ? from + (int64_t)frames : f->frames;
    size_t most = BLOCK / (size_t)f->channels;
    for (int64_t at = from; at < end;) {
        size_t n = end - at < (int64_t)most ? (size_t)(end - at) : most;
        uint64_t index = (uint64_t)at * (uint64_t)f->channels;
        for (size_t i = 0; i < n * (size_t)f->channels; i++)
            v[i] = bt_quantise(*x++, index + i);
        if (!FLAC__stream_encoder_process_interleaved(f->enc, v, (uint32_t)n))
            return fail(f, err);
        at += (int64_t)n;
    }
    return true;
}

const struct bt_encoder bt_encode_flac = {.name = "flac",
                                          .suffix = ".flac",
                                          .serial = true,
                                          .open = flac_open,
                                          .part = bt_part_whole,
                                          .feed = flac_feed,
                                          .part_end = bt_part_whole_end,
                                          .close = flac_close};
