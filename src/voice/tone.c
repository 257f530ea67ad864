/*
 * The tone engine, for tests: one tone a syllable, always the same samples. Its `fail` word makes
 * it do what engines do at their worst: crash, hang, babble, be silent, answer with an error.
 */
#include "voice/engine.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { RATE = 24000, TAIL_MS = 100 };

static bool start(const struct bt_link *l, struct bt_err *err)
{
    if (l->fail && strcmp(l->fail, "start") == 0)
        return bt_fail(err, BT_EINNER, BT_M_VOICE_REFUSED, "start");
    return true;
}

/* One syllable: a tone with a rise and a fall of 10 ms, whose pitch its letters decide. */
static bool syllable(const struct bt_link *l, const char *p, size_t n, double rate,
                     struct bt_take *out)
{
    int16_t x[RATE * 4];
    double hz = l->hz;
    for (size_t i = 0; i < n; i++)
        hz += (unsigned char)p[i] % 16;
    size_t len = (size_t)(RATE / 1000.0 * l->syllable_ms / rate), edge = RATE / 100;
    for (size_t i = 0; i < len && i < BT_LEN(x); i++) {
        size_t from_end = len - 1 - i;
        double g = fmin(1, (double)(i < from_end ? i : from_end) / (double)edge);
        x[i] = (int16_t)lrint(8000 * g * sin(2 * M_PI * hz * (double)i / RATE));
    }
    return bt_take_add(out, x, len < BT_LEN(x) ? len : BT_LEN(x));
}

static bool silence(struct bt_take *out, int ms)
{
    static const int16_t none[RATE];
    for (size_t left = (size_t)ms * RATE / 1000, k; left > 0; left -= k) {
        k = left < BT_LEN(none) ? left : BT_LEN(none);
        if (!bt_take_add(out, none, k))
            return false;
    }
    return true;
}

static bool fail_at(const char *word, struct bt_take *out, struct bt_err *err)
{
    if (strcmp(word, "crash") == 0)
        raise(SIGKILL);
    while (strcmp(word, "hang") == 0)
        pause();
    while (strcmp(word, "babble") == 0)
        if (!silence(out, 1000))
            return bt_fail(err, BT_EINNER, BT_M_VOICE_TOO_LONG, BT_TAKE_S);
    if (strcmp(word, "silent") == 0)
        return silence(out, 1000);
    return bt_fail(err, BT_EINNER, BT_M_VOICE_REFUSED, word);
}

/* "fail hang;thử" hangs in every sentence with that word. */
static const char *trap(const struct bt_link *l, const char *text)
{
    const char *word = l->fail ? strchr(l->fail, ';') : NULL;
    return word && strstr(text, word + 1) ? l->fail : NULL;
}

static bool speak(const struct bt_link *l, const char *text, double rate, struct bt_take *out,
                  struct bt_err *err)
{
    const char *apart = " -,.?!;:";
    uint32_t ch = 0;
    out->rate = RATE;
    if (trap(l, text)) {
        char how[16] = {0};
        memcpy(how, l->fail, strcspn(l->fail, ";") % sizeof(how));
        return fail_at(how, out, err);
    }
    bool good = silence(out, TAIL_MS);
    for (size_t n; good && *text; text += n) {
        n = strcspn(text, apart);
        if (n == 0) {
            good = strchr(" -", *text) || silence(out, TAIL_MS);
            ch++, n = 1;
            continue;
        }
        bt_take_spot(out, ch, (uint32_t)out->n);
        good = syllable(l, text, n, rate, out);
        for (size_t i = 0; i < n; i++)
            ch += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    good = good && silence(out, TAIL_MS);
    return good || bt_fail(err, BT_EINNER, BT_M_VOICE_TOO_LONG, BT_TAKE_S);
}

const struct bt_engine bt_engine_tone = {.name = "tone",
                                         .exact_marks = true,
                                         .local = true,
                                         .deterministic = true,
                                         .slowest = 0.5,
                                         .fastest = 2,
                                         .start = start,
                                         .speak = speak};
