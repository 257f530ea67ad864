/* Any bytes as a sound file: decoded whole and as a stream with the same length, or refused. */
#include "pcm/pcm.h"

#include "bytes.h"
#include "sound.h"

enum { MOST = 1 << 20 };

static bool count(void *ctx, const float *x, size_t frames, struct bt_err *err)
{
    (void)x, (void)err;
    *(size_t *)ctx += frames;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *path = fuzz_file(data, n);
    struct bt_pcm p, at_rate;
    size_t streamed = 0;
    const struct bt_sink sink = {count, &streamed};
    bool whole = bt_pcm_load(path, MOST, &p, NULL);
    if (!whole)
        return 0;
    if (p.frames == 0 || p.frames > MOST || p.channels < 1 || p.channels > 8)
        abort();
    if (bt_pcm_convert(&p, BT_RATE, 1, &at_rate, NULL)) {
        if (!bt_pcm_stream(path, MOST, 1, &sink, NULL) || streamed != at_rate.frames)
            abort();
        bt_pcm_finish(&at_rate);
    }
    bt_pcm_finish(&p);
    return 0;
}
