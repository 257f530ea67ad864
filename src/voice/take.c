/* What an engine said: samples and the places where words begin; over a pipe as bytes and back. */
#include "voice/engine.h"

#include <stdlib.h>
#include <string.h>

enum { MAGIC = 0x31544b42, RATE_MIN = 8000, RATE_MAX = 192000 };

struct head {
    uint32_t magic, rate, n, nspot;
};

bool bt_take_add(struct bt_take *t, const int16_t *x, size_t n)
{
    if (t->n + n > (size_t)BT_TAKE_S * (size_t)t->rate)
        return false;
    if (t->n + n > t->cap) {
        t->cap = (t->n + n) * 2;
        t->x = bt_xrealloc(t->x, t->cap, sizeof(*t->x));
    }
    memcpy(t->x + t->n, x, n * sizeof(*x));
    t->n += n;
    return true;
}

void bt_take_spot(struct bt_take *t, uint32_t ch, uint32_t at)
{
    if ((t->nspot & (t->nspot - 1)) == 0) /* 0 or a power of two: full */
        t->spot = bt_xrealloc(t->spot, t->nspot ? t->nspot * 2 : 1, sizeof(*t->spot));
    t->spot[t->nspot++] = (struct bt_spot){ch, at};
}

void bt_take_finish(struct bt_take *t)
{
    free(t->x);
    free(t->spot);
    *t = (struct bt_take){0};
}

/* A vowel that begins a sentence begins at full swing: without a ramp it clicks. */
static void ramp(struct bt_take *t)
{
    size_t in = (size_t)t->rate * 4 / 1000, out = (size_t)t->rate / 100;
    for (size_t i = 0; i < in && i < t->n; i++)
        t->x[i] = (int16_t)(t->x[i] * (int)i / (int)in);
    for (size_t i = 0; i < out && i < t->n; i++)
        t->x[t->n - 1 - i] = (int16_t)(t->x[t->n - 1 - i] * (int)i / (int)out);
}

/* Speech begins 5 ms before the first sample above -56 dBFS and ends 20 ms after the last. */
void bt_take_trim(struct bt_take *t)
{
    const int loud = 52;
    size_t from = 0, to = t->n;
    while (from < to && abs(t->x[from]) < loud)
        from++;
    while (to > from && abs(t->x[to - 1]) < loud)
        to--;
    if (from < to) {
        size_t before = (size_t)t->rate / 200, after = (size_t)t->rate / 50;
        from = from > before ? from - before : 0;
        to = t->n - to > after ? to + after : t->n;
    }
    if (from > 0)
        memmove(t->x, t->x + from, (to - from) * sizeof(*t->x));
    t->n = to - from;
    ramp(t);
    for (size_t i = 0; i < t->nspot; i++) {
        uint32_t at = t->spot[i].at > from ? t->spot[i].at - (uint32_t)from : 0;
        t->spot[i].at = at < t->n ? at : (uint32_t)t->n;
    }
}

bool bt_take_send(const struct bt_take *t, int fd)
{
    struct head h = {MAGIC, (uint32_t)t->rate, (uint32_t)t->n, (uint32_t)t->nspot};
    return bt_write_all(fd, &h, sizeof(h)) &&
           bt_write_all(fd, t->spot, t->nspot * sizeof(*t->spot)) &&
           bt_write_all(fd, t->x, t->n * sizeof(*t->x));
}

void bt_take_bytes(const struct bt_take *t, struct bt_buf *out)
{
    struct head h = {MAGIC, (uint32_t)t->rate, (uint32_t)t->n, (uint32_t)t->nspot};
    bt_buf_add(out, &h, sizeof(h));
    bt_buf_add(out, t->spot, t->nspot * sizeof(*t->spot));
    bt_buf_add(out, t->x, t->n * sizeof(*t->x));
}

static bool spots_good(const struct bt_take *t)
{
    for (size_t i = 0; t->spot && i < t->nspot; i++)
        if (t->spot[i].at > t->n || (i > 0 && t->spot[i].at < t->spot[i - 1].at))
            return false;
    return true;
}

static void *copy(const char *p, size_t n)
{
    return n ? memcpy(bt_xmalloc(n), p, n) : NULL;
}

bool bt_take_parse_head(struct bt_str bytes, struct bt_take *out, size_t *at, struct bt_err *err)
{
    struct head h;
    if (bytes.n < sizeof(h))
        return bt_fail(err, BT_EINNER, BT_M_VOICE_TAKE_BROKEN);
    memcpy(&h, bytes.p, sizeof(h));
    uint64_t want =
        sizeof(h) + (uint64_t)h.nspot * sizeof(struct bt_spot) + (uint64_t)h.n * sizeof(int16_t);
    if (h.magic != MAGIC || h.rate < RATE_MIN || h.rate > RATE_MAX || want != bytes.n)
        return bt_fail(err, BT_EINNER, BT_M_VOICE_TAKE_BROKEN);
    struct bt_take t = {.rate = (int)h.rate, .n = h.n, .nspot = h.nspot};
    t.spot = copy(bytes.p + sizeof(h), t.nspot * sizeof(*t.spot));
    if (!spots_good(&t)) {
        bt_take_finish(&t);
        return bt_fail(err, BT_EINNER, BT_M_VOICE_TAKE_BROKEN);
    }
    *at = sizeof(h) + t.nspot * sizeof(*t.spot);
    *out = t;
    return true;
}

bool bt_take_parse(struct bt_str bytes, struct bt_take *out, struct bt_err *err)
{
    size_t at = 0;
    if (!bt_take_parse_head(bytes, out, &at, err))
        return false;
    out->x = copy(bytes.p + at, out->n * sizeof(*out->x));
    out->cap = out->n;
    return true;
}
