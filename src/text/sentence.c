/*
 * Utterances: the spoken pieces cut at their ends, each with its text, words and span. The last
 * guard of the door's promise stands here. Knows marks and breaks; knows no words.
 */
#include "text/pass.h"

#include <stdlib.h>

/* What may not leave is left out: a letter that no Vietnamese word has, a sign. */
static size_t put_word(const struct pass *p, const struct piece *w, char *out)
{
    size_t n = 0;
    for (size_t i = 0, k; i < w->n; i += k) {
        int32_t c = bt_next(w->p + i, w->n - i, &k);
        char code = bt_letter(&p->l->letters, bt_small(c)).code;
        bool letter = code && code != 'f' && code != 'j' && code != 'w' && code != 'z';
        bool hyphen = c == '-' && n && out[n - 1] != '-';
        if (letter || hyphen) {
            memcpy(out + n, w->p + i, k);
            n += k;
        }
    }
    while (n && out[n - 1] == '-')
        n--;
    return n;
}

static size_t room(const struct piece *w, size_t n)
{
    size_t bytes = 1;
    for (size_t i = 0; i < n; i++)
        bytes += w[i].n + 2;
    return bytes;
}

static char closing(char mark)
{
    return mark && strchr(".?!", mark) ? mark : '.';
}

static bool make(struct pass *p, const struct piece *w, size_t n, struct bt_utterance *u)
{
    char *text = bt_alloc(p->a, room(w, n));
    size_t at = 0;
    *u = (struct bt_utterance){.text = text,
                               .word = bt_alloc(p->a, n * sizeof(*u->word)),
                               .from = w[0].from,
                               .to = w[n - 1].to};
    for (size_t i = 0; i < n; i++) {
        bool joined = i && w[i - 1].join && !w[i - 1].mark && u->nword;
        if (at)
            text[at++] = joined ? '-' : ' ';
        size_t len = put_word(p, &w[i], text + at);
        if (len == 0) {
            at -= at > 0;
            continue;
        }
        if (joined)
            u->word[u->nword - 1].len += (uint32_t)len + 1;
        else
            u->word[u->nword++] = (struct bt_word){(uint32_t)at, (uint32_t)len, w[i].from, w[i].to};
        u->word[u->nword - 1].to = w[i].to;
        at += len;
        char mark = i + 1 == n ? closing(w[i].mark) : w[i].mark;
        if (mark)
            text[at++] = mark;
    }
    text[at] = '\0';
    return u->nword > 0;
}

/* ---- breath ---------------------------------------------------------------------------------- */

enum { LONG_BREATH = 24, SHORT_BREATH = 6 }; /* words */

static struct bt_str syllable(const struct piece *w)
{
    return (struct bt_str){w->p, w->n};
}

static bool is_pair(const struct piece *w, const char *pair)
{
    size_t n = strcspn(pair, " ");
    return bt_str_eq(syllable(w), (struct bt_str){pair, n}) &&
           bt_str_is(syllable(w + 1), pair + n + 1);
}

/* Two syllables of one word: nobody breathes within. */
static bool is_compound(const struct piece *w)
{
    static const char *const pairs[] = {
        "bảo đảm",  "trợ giúp",  "đóng góp", "kéo theo", "kèm theo",   "mang theo", "đi theo",
        "làm theo", "tiếp theo", "dõi theo", "noi theo", "trở nên",    "tạo nên",   "làm nên",
        "gây nên",  "dựng nên",  "cho nên",  "không để", "song phương"};
    for (size_t i = 0; i < BT_LEN(pairs); i++)
        if (is_pair(w, pairs[i]))
            return true;
    return false;
}

/* Before w[1]. */
static bool opens_clause(const struct piece *w, size_t left)
{
    static const char *const words[] = {"và",   "nhưng", "nhằm", "song", "tuy", "góp",
                                        "giúp", "đảm",   "theo", "nên",  "để"};
    bool opens = false;
    for (size_t i = 0; i < BT_LEN(words) && !opens; i++)
        opens = bt_str_is(syllable(w + 1), words[i]);
    return opens && !is_compound(w) && !(left > 2 && is_compound(w + 1));
}

static size_t words_to_mark(const struct pass *p, size_t i)
{
    size_t n = 0;
    while (i + n < p->npiece && n < SHORT_BREATH && !p->piece[i + n].mark && !p->piece[i + n].end)
        n++;
    return n;
}

/* A sentence that runs on without a pause gets one before a word that opens a clause. */
static void breathe(struct pass *p)
{
    size_t run = 0;
    for (size_t i = 0; i + 1 < p->npiece; i++) {
        struct piece *w = &p->piece[i];
        run = w->mark || w->end ? 0 : run + 1;
        if (run >= LONG_BREATH && opens_clause(w, p->npiece - i) && !w->join &&
            words_to_mark(p, i + 1) >= SHORT_BREATH) {
            w->mark = ',';
            run = 0;
        }
    }
}

enum { LONG_SENTENCE = 120, LONGEST_SENTENCE = 180 }; /* words */

/* No engine takes a sentence without an end: one of so many words is read as several. */
static void part_endless(struct pass *p)
{
    size_t run = 0;
    for (size_t i = 0; i + 1 < p->npiece; i++) {
        struct piece *w = &p->piece[i];
        run = w->end ? 0 : run + 1;
        bool whole = !w->join && w[1].from >= w->to;
        if (whole && ((run >= LONG_SENTENCE && w->mark) || run >= LONGEST_SENTENCE)) {
            w->end = BT_BREAK_CLAUSE + 1;
            run = 0;
        }
    }
}

static int worse(const void *x, const void *y)
{
    const struct bt_doubt *a = x, *b = y;
    if (a->margin != b->margin)
        return a->margin < b->margin ? -1 : 1;
    return a->from < b->from ? -1 : a->from > b->from;
}

static void doubts(struct pass *p, struct bt_arena *a, struct bt_reading *out)
{
    if (p->ndoubt == 0)
        return;
    qsort(p->doubt, p->ndoubt, sizeof(*p->doubt), worse);
    out->doubt = bt_alloc(a, p->ndoubt * sizeof(*out->doubt));
    out->ndoubt = p->ndoubt;
    for (size_t i = 0; i < p->ndoubt; i++) {
        out->doubt[i] = p->doubt[i];
        out->doubt[i].written = bt_strdup(a, p->doubt[i].written);
        out->doubt[i].spoken = bt_strdup(a, p->doubt[i].spoken);
        out->doubt[i].rule = bt_strdup(a, p->doubt[i].rule);
    }
}

/* What stays of an utterance that was made in the pass's own arena. */
static void keep(struct bt_arena *a, struct bt_utterance *u)
{
    struct bt_word *word = bt_alloc(a, u->nword * sizeof(*word));
    memcpy(word, u->word, u->nword * sizeof(*word));
    u->word = word;
    u->text = bt_strdup(a, u->text);
}

static size_t ends(const struct pass *p)
{
    size_t n = 1;
    for (size_t i = 0; i < p->npiece; i++)
        n += p->piece[i].end != 0;
    return n;
}

void bt_sentences(struct pass *p, enum bt_break last, struct bt_arena *a, struct bt_reading *out)
{
    breathe(p);
    part_endless(p);
    *out = (struct bt_reading){.utt = p->npiece ? bt_alloc(a, ends(p) * sizeof(*out->utt)) : NULL};
    doubts(p, a, out);
    size_t begin = 0;
    for (size_t i = 0; i < p->npiece; i++) {
        bool end = i + 1 == p->npiece;
        if (!p->piece[i].end && !end)
            continue;
        struct bt_utterance u;
        if (make(p, p->piece + begin, i + 1 - begin, &u)) {
            u.after = p->piece[i].end ? p->piece[i].end - 1 : BT_BREAK_SENTENCE;
            keep(a, &u);
            out->utt[out->nutt++] = u;
        }
        begin = i + 1;
    }
    if (out->nutt)
        out->utt[out->nutt - 1].after = last;
}
