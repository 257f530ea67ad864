/* Tokens: runs of letters, runs of digits, single symbols. Knows letters; knows no words. */
#include "text/pass.h"

enum { MEAN_TOKEN = 3 }; /* bytes, with the space before it */

uint64_t bt_hash_bytes(const char *p, size_t n)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 1099511628211u;
    return h ? h : 1;
}

uint64_t bt_hash_mix(uint64_t h, uint64_t k)
{
    h = (h ^ k) * 0x9E3779B97F4A7C15u;
    h ^= h >> 29;
    return h ? h : 1;
}

uint64_t bt_word_hash(const char *s, size_t n)
{
    return bt_hash_mix(bt_hash_bytes(s, n), 1);
}

/* `left` bytes are still to be cut. */
static struct token *add(struct bt_arena *a, struct tokens *t, size_t left)
{
    if (t->n == t->cap) {
        size_t cap = t->n ? t->n * 2 : left / MEAN_TOKEN + 8;
        struct token *bigger = bt_alloc(a, cap * sizeof(*bigger));
        if (t->n)
            memcpy(bigger, t->tok, t->n * sizeof(*bigger));
        t->tok = bigger;
        t->cap = cap;
    }
    return &t->tok[t->n++];
}

struct shape {
    uint64_t hash, caps;
    char code[8];
    uint32_t n, upper, inner;
    unsigned tone;
    bool latin, marked, small_before;
};

static bool is_ascii_letter(int32_t c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_letter(const struct letters *t, int32_t c)
{
    return c < 0x80 ? is_ascii_letter(c) : bt_letter(t, c).code || bt_is_letter(c);
}

static void see_letter(const struct letters *t, struct shape *s, int32_t c)
{
    int32_t small = c < 0x80 ? c | 32 : bt_small(c);
    struct letter v = bt_letter(t, small);
    if (small != c) {
        s->upper++;
        s->caps = s->n < 64 ? s->caps | (uint64_t)1 << s->n : bt_hash_mix(s->caps, s->n);
        s->inner += s->small_before;
    } else {
        s->small_before = true;
    }
    s->hash = (s->hash ^ (uint64_t)(v.code ? v.code : small)) * 1099511628211u;
    if (s->n < sizeof(s->code))
        s->code[s->n] = v.code;
    s->latin &= v.code != 0;
    s->marked |= c >= 0x80;
    if (v.tone)
        s->tone = s->tone && s->tone != v.tone ? 9 : v.tone;
    s->n++;
}

/* A letter that Vietnamese has not. */
static bool has_foreign(const struct shape *s)
{
    for (uint32_t i = 0; i < s->n && i < sizeof(s->code); i++)
        if (strchr("fjwz", s->code[i]))
            return true;
    return false;
}

static uint8_t judged(const struct letters *t, const struct shape *s)
{
    if (!s->latin || s->tone >= 9)
        return 0;
    if (bt_is_syllable(t, s->code, s->n, s->tone))
        return S_VIET;
    return s->marked && s->n < 8 && !has_foreign(s) &&
                   bt_is_near_syllable(t, s->code, s->n, s->tone)
               ? S_NEAR
               : 0;
}

static size_t word(const struct letters *t, const char *text, size_t n, size_t i, struct token *k,
                   bool of_table)
{
    struct shape s = {.hash = 1469598103934665603u, .latin = true};
    size_t len;
    k->kind = T_WORD;
    k->at = (uint32_t)i;
    for (; i < n; i += len) {
        int32_t c = bt_next(text + i, n - i, &len);
        bool letter = is_letter(t, c);
        if (!letter)
            break;
        see_letter(t, &s, c);
    }
    k->len = (uint32_t)i - k->at;
    k->letters = s.n;
    k->caps = s.caps;
    k->hash = bt_hash_mix(s.hash, s.tone + 1);
    k->flags =
        (uint8_t)((s.upper == s.n ? S_UPPER : 0) | (k->caps & 1 ? S_CAP : 0) |
                  (s.marked ? S_MARKED : 0) | (s.latin ? S_LATIN : 0) | (s.inner ? S_INNER : 0));
    if (!of_table)
        k->flags |= judged(t, &s);
    return i;
}

static size_t number(const char *text, size_t n, size_t i, struct token *k)
{
    k->kind = T_NUM;
    k->at = (uint32_t)i;
    while (i < n && text[i] >= '0' && text[i] <= '9')
        i++;
    k->len = (uint32_t)i - k->at;
    k->hash = bt_hash_bytes(text + k->at, k->len);
    return i;
}

static size_t blank(const char *text, size_t n, size_t i, bool *space, bool *line)
{
    *space = *line = false;
    for (; i < n && (text[i] == ' ' || text[i] == '\n'); i++) {
        *space = true;
        *line |= text[i] == '\n';
    }
    return i;
}

void bt_tokens(struct bt_arena *a, const struct letters *t, const char *text, size_t n,
               struct tokens *out)
{
    bool space, line;
    out->n = 0;
    for (size_t i = blank(text, n, 0, &space, &line); i < n; i = blank(text, n, i, &space, &line)) {
        struct token *k = add(a, out, n - i);
        size_t len;
        int32_t c = bt_next(text + i, n - i, &len);
        *k = (struct token){.space = space, .line = line};
        if (c >= '0' && c <= '9') {
            i = number(text, n, i, k);
        } else if (is_letter(t, c)) {
            i = word(t, text, n, i, k, out->of_table);
        } else {
            *k = (struct token){.kind = T_SYM,
                                .space = space,
                                .line = line,
                                .sym = c,
                                .at = (uint32_t)i,
                                .len = (uint32_t)len,
                                .hash = bt_hash_mix(7, (uint64_t)c)};
            i += len;
        }
    }
    struct token *end = add(a, out, 0);
    *end = (struct token){.kind = T_END, .space = true, .at = (uint32_t)n};
    out->n--;
}
