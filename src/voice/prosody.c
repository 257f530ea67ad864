/*
 * How a sentence is said beyond its words, for an engine that takes commands within a text
 * (espeak-ng: byte 1, a number, a letter): numbers and names slower, a headline higher, the last
 * clause of a story falling. How much stands in the .voice file. Knows a line and its words; knows
 * no sound. Nothing but this writes such a command: the lint lets none through.
 */
#include "voice/engine.h"

#include <string.h>

enum { FALL_WORDS = 8 }; /* a longer clause begins to fall so many words before its end */

struct manner {
    int wpm, pitch;
};

/* Not so with two capitals: an abbreviation. */
static bool is_capitalised(const struct bt_line *l, size_t i)
{
    const struct bt_word *w = &l->utt.word[i];
    const char *p = l->written + w->from;
    size_t n = w->to - w->from, first, second;
    if (n == 0 || !bt_is_upper(bt_utf8_get(p, n, &first)))
        return false;
    return first >= n || !bt_is_upper(bt_utf8_get(p + first, n - first, &second));
}

static bool is_number(const struct bt_line *l, size_t i)
{
    const struct bt_word *w = &l->utt.word[i];
    for (uint32_t k = w->from; k < w->to; k++)
        if (l->written[k] >= '0' && l->written[k] <= '9')
            return true;
    return false;
}

/* Two capitals in a row, or one on a word of several syllables. */
static bool is_name(const struct bt_line *l, size_t i)
{
    const struct bt_word *w = &l->utt.word[i];
    return is_capitalised(l, i) && ((i > 0 && is_capitalised(l, i - 1)) ||
                                    (i + 1 < l->utt.nword && is_capitalised(l, i + 1)) ||
                                    memchr(l->utt.text + w->at, '-', w->len));
}

/* The first word that falls: that of the last clause, or one near the end of it. */
static size_t fall_from(const struct bt_utterance *u)
{
    size_t i = u->nword > 0 ? u->nword - 1 : 0;
    for (; i > 0 && u->nword - i < FALL_WORDS; i--) {
        uint32_t end = u->word[i - 1].at + u->word[i - 1].len;
        if (memchr(u->text + end, ',', u->word[i].at - end))
            break;
    }
    return i;
}

static struct manner manner_of(const struct bt_line *l, const struct bt_link *k, double rate,
                               size_t i, size_t falls)
{
    bool slow = k->slow > 0 && (is_number(l, i) || is_name(l, i));
    struct manner m = {(int)(k->wpm * rate * (slow ? k->slow : 1) + 0.5), k->pitch};
    if (l->part == -1)
        m.pitch += k->lift;
    if (i >= falls)
        m.pitch -= k->fall * (int)(i - falls + 1) / (int)(l->utt.nword - falls);
    m.pitch = m.pitch < 0 ? 0 : m.pitch > 99 ? 99 : m.pitch;
    return m;
}

/* What changes at a word stands before it; the word then begins with its commands. */
static void command(struct bt_buf *out, struct manner *now, struct manner want)
{
    if (want.wpm != now->wpm)
        bt_buf_addf(out, "\001%dS", want.wpm);
    if (want.pitch != now->pitch)
        bt_buf_addf(out, "\001%dP", want.pitch);
    *now = want;
}

/* Copy to character `upto`; `at` and `chars` move along. */
static const char *copy_to(struct bt_buf *out, const char *at, uint32_t *chars, uint32_t upto)
{
    const char *from = at;
    for (; *at && *chars < upto; ++*chars)
        do
            at++;
        while (((unsigned char)*at & 0xC0) == 0x80);
    bt_buf_add(out, from, (size_t)(at - from));
    return at;
}

void bt_prosody(struct bt_arena *a, const struct bt_line *l, const struct bt_link *k, double rate,
                struct bt_prompt *p)
{
    struct bt_buf out;
    struct manner now = {(int)(k->wpm * rate + 0.5), k->pitch};
    bool ends = l->utt.after == BT_BREAK_STORY && l->part != -1;
    size_t falls = ends && k->fall > 0 ? fall_from(&l->utt) : l->utt.nword;
    const char *at = p->text;
    uint32_t chars = 0;
    uint32_t *start = bt_alloc(a, (p->nword + 1) * sizeof(*start));
    bt_buf_init(&out, BT_PROMPT_MAX);
    for (size_t i = 0; i < p->nword; i++) {
        start[i] = UINT32_MAX;
        if (p->start[i] == UINT32_MAX)
            continue;
        at = copy_to(&out, at, &chars, p->start[i]);
        start[i] = chars + (uint32_t)(out.n - (size_t)(at - p->text));
        command(&out, &now, manner_of(l, k, rate, i, falls));
    }
    bt_buf_adds(&out, at);
    if (!out.over) { /* a sentence too long for it is said plainly */
        p->text = bt_strdup(a, out.p ? out.p : "");
        p->start = start;
    }
    bt_buf_finish(&out);
}
