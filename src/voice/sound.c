/*
 * Sound that an engine outside gives us: decoded, mono, 16 bit, at the loudness of the others.
 * Knows that it may be anything: half a WAV, a web page, ten minutes of nothing.
 */
#include "voice/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The loudness of espeak-ng at volume 65, before any shaping. */
static const double usual_lufs = -22.8;

static uint32_t little(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

/* A WAV whose data chunk says more than came. Sizes near 2 GiB and above stand in streams, where
 * nobody knew the length. */
static bool cut_short(struct bt_str b, uint32_t *want)
{
    const uint32_t unknown = 0x7f000000;
    if (b.n < 12 || memcmp(b.p, "RIFF", 4) != 0)
        return false;
    for (size_t at = 12; at + 8 <= b.n;) {
        uint32_t size = little(b.p + at + 4);
        if (memcmp(b.p + at, "data", 4) == 0) {
            *want = size;
            return size < unknown && size > b.n - at - 8;
        }
        at += 8 + (size_t)size + (size & 1);
    }
    return true;
}

static bool is_sound(struct bt_str b)
{
    static const struct bt_str heads[] = {{"RIFF", 4},     {"RF64", 4},     {"fLaC", 4},
                                          {"OggS", 4},     {"FORM", 4},     {"ID3", 3},
                                          {"\xFF\xFB", 2}, {"\xFF\xF3", 2}, {"\xFF\xF2", 2}};
    for (size_t i = 0; i < BT_LEN(heads); i++)
        if (bt_str_starts(b, heads[i]))
            return true;
    return false;
}

static bool keep(const struct bt_pcm *p, struct bt_take *out, struct bt_err *err)
{
    int16_t *x = bt_xcalloc(p->frames + 1, sizeof(*x));
    out->rate = p->rate;
    for (size_t i = 0; i < p->frames; i++)
        x[i] = (int16_t)lrintf(fmaxf(-1, fminf(1, p->x[i])) * 32767);
    bool good = bt_take_add(out, x, p->frames);
    free(x);
    return good || bt_fail(err, BT_EINNER, BT_M_VOICE_TOO_LONG, BT_TAKE_S);
}

static bool decode_file(struct bt_str bytes, struct bt_take *out, struct bt_err *err)
{
    struct bt_pcm p, mono;
    if (!bt_pcm_decode(bytes, "sound", (size_t)BT_TAKE_S * 192000, &p, err))
        return false;
    bool good = p.rate >= 8000 || bt_fail(err, BT_EINNER, BT_M_VOICE_SOUND_BAD);
    if (good && p.channels == 1) {
        good = keep(&p, out, err);
    } else if (good && bt_pcm_convert(&p, p.rate, 1, &mono, err)) {
        good = keep(&mono, out, err);
        bt_pcm_finish(&mono);
    } else {
        good = false;
    }
    bt_pcm_finish(&p);
    return good;
}

static bool decode_bare(const struct bt_link *l, struct bt_str bytes, struct bt_take *out,
                        struct bt_err *err)
{
    size_t n = bytes.n / 2;
    int16_t *x = bt_xcalloc(n + 1, sizeof(*x));
    memcpy(x, bytes.p, n * 2);
    out->rate = l->sample_rate;
    bool good = bt_take_add(out, x, n);
    free(x);
    return good || bt_fail(err, BT_EINNER, BT_M_VOICE_TOO_LONG, BT_TAKE_S);
}

/* The first words of what came instead, on one line. */
static bool no_sound(struct bt_str b, struct bt_err *err)
{
    char words[80];
    size_t n = 0;
    for (size_t i = 0; i < b.n && n + 1 < sizeof(words); i++) {
        bool space = (unsigned char)b.p[i] <= ' ';
        if (!space || (n > 0 && words[n - 1] != ' '))
            words[n++] = (char)(space ? ' ' : (unsigned char)b.p[i] < 127 ? b.p[i] : '?');
    }
    words[n] = '\0';
    return bt_fail(err, BT_EINNER, BT_M_VOICE_SOUND_NOT, words);
}

bool bt_sound_parse(struct bt_str bytes, struct bt_take *out, struct bt_err *err)
{
    uint32_t want = 0;
    if (bytes.n == 0)
        return bt_fail(err, BT_EINNER, BT_M_VOICE_SOUND_NONE);
    if (!is_sound(bytes))
        return no_sound(bytes, err);
    if (cut_short(bytes, &want))
        return bt_fail(err, BT_EINNER, BT_M_VOICE_SOUND_CUT, (long)bytes.n, (long)want);
    return decode_file(bytes, out, err);
}

/* ---- in a child that reaches nothing: decoders are large, and what they read is not ours -------
 */

enum { TAKE_MOST = BT_TAKE_S * 192000 * 2 + (1 << 20) };
static const struct bt_limits limits = {
    .wall_ms = 30000, .cpu_s = 20, .mem = (size_t)2 << 30, .out = TAKE_MOST};

static int parse_confined(void *ctx, int fd)
{
    const struct bt_str *bytes = ctx;
    struct bt_take t = {0};
    struct bt_err err = {0};
    bt_child_confine(fd);
    if (bt_sound_parse(*bytes, &t, &err))
        return write(fd, "T", 1) != 1 || !bt_take_send(&t, fd);
    return write(fd, "E", 1) != 1 || write(fd, err.msg, strlen(err.msg)) < 0;
}

static bool parse_outside(struct bt_str bytes, struct bt_take *out, struct bt_err *err)
{
    struct bt_buf b;
    bt_buf_init(&b, TAKE_MOST);
    bool good = bt_child_call(parse_confined, &bytes, &limits, &b, err);
    if (good && b.n > 1 && b.p[0] == 'T')
        good = bt_take_parse((struct bt_str){b.p + 1, b.n - 1}, out, err);
    else if (good)
        good = bt_fail(err, BT_EINNER, BT_M_VOICE_SAYS, b.n > 1 ? b.p + 1 : "?");
    bt_buf_finish(&b);
    return good;
}

bool bt_sound_decode(const struct bt_link *l, struct bt_str bytes, struct bt_take *out,
                     struct bt_err *err)
{
    if (bytes.n == 0)
        return bt_fail(err, BT_EINNER, BT_M_VOICE_SOUND_NONE);
    return l->format == BT_SOUND_S16 ? decode_bare(l, bytes, out, err)
                                     : parse_outside(bytes, out, err);
}

bool bt_sound_load(const char *path, struct bt_take *out, struct bt_err *err)
{
    struct bt_buf b;
    bt_buf_init(&b, BT_SOUND_MAX);
    bool good =
        (bt_file_read(path, BT_SOUND_MAX, &b, err) && parse_outside(bt_buf_str(&b), out, err)) ||
        bt_err_prefix(err, "%s", path);
    bt_buf_finish(&b);
    return good;
}

static double loudness(const struct bt_take *t)
{
    struct bt_pcm in, p;
    struct bt_level level = {.integrated = -HUGE_VAL};
    bt_pcm_init(&in, t->rate, 1, t->n);
    for (size_t i = 0; i < t->n; i++)
        in.x[i] = (float)t->x[i] / 32768;
    if (bt_pcm_convert(&in, BT_RATE, 1, &p, NULL)) {
        struct bt_loud *m = bt_loud_create(1, false);
        bt_loud_add(m, p.x, p.frames);
        bt_loud_get(m, &level);
        bt_loud_destroy(m);
        bt_pcm_finish(&p);
    }
    bt_pcm_finish(&in);
    return level.integrated;
}

/* Up to full scale, no further. */
void bt_take_match(struct bt_take *t)
{
    double now = t->n > 0 ? loudness(t) : -HUGE_VAL;
    int peak = 1;
    if (!isfinite(now))
        return;
    for (size_t i = 0; i < t->n; i++)
        peak = abs(t->x[i]) > peak ? abs(t->x[i]) : peak;
    double gain = fmin(bt_gain(usual_lufs - now), 32767.0 / peak);
    for (size_t i = 0; i < t->n; i++)
        t->x[i] = (int16_t)lrint(t->x[i] * gain);
}

static void add_json(struct bt_buf *out, const char *s)
{
    for (; *s; s++)
        if (*s == '"' || *s == '\\')
            bt_buf_addf(out, "\\%c", *s);
        else if ((unsigned char)*s < ' ')
            bt_buf_addf(out, "\\u%04x", (unsigned)*s);
        else
            bt_buf_addc(out, *s);
}

void bt_fill(const char *template, const struct bt_place *place, size_t n, bool json,
             struct bt_buf *out)
{
    while (*template) {
        size_t i = 0, len = 0;
        for (; i < n; i++) {
            len = strlen(place[i].name);
            if (*template == '{' && strncmp(template + 1, place[i].name, len) == 0 &&
                template[len + 1] == '}')
                break;
        }
        if (i == n) {
            bt_buf_addc(out, *template ++);
            continue;
        }
        if (json)
            add_json(out, place[i].value);
        else
            bt_buf_adds(out, place[i].value);
        template += len + 2;
    }
}
