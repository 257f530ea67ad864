/*
 * Unaccented Vietnamese written together, as in addresses and hashtags: dichvucong, ThanhHoa. Where
 * web.tsv knows every word of it (kind vi) the marks come back; else the bare syllables are spoken.
 */
#include "text/pass.h"

enum { LETTERS_MAX = 48, PIECE_MAX = 20, PIECE = 1000, FAR = 1000000 };

struct path { /* the best way to the letter before which it stands */
    int cost; /* fewest pieces, then the longest */
    size_t from;
    const struct word_row *word;
};

static int cost_of(size_t len, size_t syllables)
{
    return (int)syllables * PIECE + (len == 1 ? 300 : len == 2 ? 60 : 0);
}

static size_t syllables_of(const struct word_row *w)
{
    size_t n = 1;
    for (size_t k = 0; k < w->spoken.n; k++)
        n += w->spoken.p[k] == ' ';
    return n;
}

/* The cheapest pieces to every place: words that web.tsv knows, and where marks are not wanted bare
 * syllables, which cost more. */
static bool walk(struct pass *p, const char *s, size_t n, bool words, struct path *best)
{
    for (size_t k = 0; k <= n; k++)
        best[k] = (struct path){k ? FAR : 0, 0, NULL};
    for (size_t at = 0; at < n; at++)
        for (size_t len = 1; len <= PIECE_MAX && at + len <= n && best[at].cost < FAR; len++) {
            const struct word_row *w = bt_words_find(&p->l->web, (struct bt_str){s + at, len});
            bool known = w && bt_str_is(w->kind, "vi");
            if (!known && (words || !bt_is_bare_syllable(s + at, len)))
                continue;
            int cost = best[at].cost +
                       (known ? cost_of(len, syllables_of(w)) - (int)(len * len) : cost_of(len, 1));
            if (cost < best[at + len].cost)
                best[at + len] = (struct path){cost, at, known ? w : NULL};
        }
    return best[n].cost < FAR;
}

bool bt_can_split(struct pass *p, size_t i, bool words)
{
    struct path best[LETTERS_MAX + 1];
    const char *s = bt_lower_str(p->a, bt_text_of(p, i));
    size_t len = strlen(s);
    return len <= LETTERS_MAX && !(bt_at(p, i)->flags & S_MARKED) && walk(p, s, len, words, best);
}

bool bt_say_split(struct pass *p, size_t i, bool marks)
{
    struct path best[LETTERS_MAX + 1];
    size_t cut[LETTERS_MAX + 1], n = 0;
    const char *s = bt_lower_str(p->a, bt_text_of(p, i));
    size_t len = strlen(s);
    if (len > LETTERS_MAX || bt_at(p, i)->flags & S_MARKED)
        return false;
    marks = marks && walk(p, s, len, true, best);
    if (!marks && !walk(p, s, len, false, best))
        return false;
    for (size_t k = len; k > 0; k = best[k].from)
        cut[n++] = k;
    while (n--) {
        size_t to = cut[n], from = best[to].from;
        struct bt_str bare = {s + from, to - from};
        if (best[to].word)
            bt_say_str(p,
                       marks ? best[to].word->spoken : bt_str(bt_fold(p->a, best[to].word->spoken)),
                       i, i + 1);
        else
            bt_say_str(p, bare, i, i + 1);
    }
    return true;
}
