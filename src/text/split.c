/*
 * Words written together, as in addresses and hashtags: dichvucong, ThanhHoa, tin-tuc. The cheapest
 * way through the letters wins: what joined.tsv and web.tsv know, the lexicon, bare syllables,
 * foreign spelling, letters. Knows the prices; knows no words.
 */
#include "text/pass.h"

enum { PIECE_MAX = 32, FAR = 1000000 };
enum { INNER = 1, SIGN = 2 }; /* a border at a capital, at a sign of the address */

struct path { /* the best way to the letter before which it stands */
    int cost;
    size_t from;
    enum bt_joined_how how;
    struct bt_str words;
    const struct word_row *row;
    const struct entry *entry;
};

struct run { /* small letters without the signs between them */
    struct pass *p;
    char s[BT_JOINED_MAX + 1];
    size_t n, tok[BT_JOINED_MAX + 1], at[BT_JOINED_MAX + 1];
    uint8_t border[BT_JOINED_MAX + 2];
    struct path best[BT_JOINED_MAX + 1];
};

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "YouTube" is two words, "VOVLive" too. */
static bool capital_begins(const char *s, size_t n, size_t k)
{
    bool before = k > 0 && is_capital(s[k - 1]);
    return k > 0 && is_capital(s[k]) && (!before || (k + 1 < n && !is_capital(s[k + 1])));
}

static void add_token(struct run *r, size_t i)
{
    struct bt_str s = bt_text_of(r->p, i);
    for (size_t k = 0; k < s.n; k++) {
        r->border[r->n] = k == 0 ? SIGN : capital_begins(s.p, s.n, k) ? INNER : 0;
        r->tok[r->n] = i;
        r->at[r->n] = bt_at(r->p, i)->at + k;
        r->s[r->n++] = is_capital(s.p[k]) ? (char)(s.p[k] + 32) : s.p[k];
    }
}

static bool is_whole(const struct run *r, size_t at, size_t len)
{
    return r->border[at] && r->border[at + len];
}

static uint8_t borders_in(const struct run *r, size_t at, size_t len)
{
    uint8_t kind = 0;
    for (size_t k = at + 1; k < at + len; k++)
        kind |= r->border[k];
    return kind;
}

static size_t letters_of(struct bt_str s)
{
    size_t n = 0;
    for (size_t k = 0; k < s.n; k++)
        n += ((unsigned char)s.p[k] & 0xC0) != 0x80;
    return n;
}

static bool next_syllable(struct bt_str *rest, struct bt_str *syllable)
{
    size_t k = 0;
    while (k < rest->n && rest->p[k] != ' ' && rest->p[k] != '-')
        k++;
    *syllable = (struct bt_str){rest->p, k};
    size_t skip = k < rest->n ? k + 1 : k;
    *rest = (struct bt_str){rest->p + skip, rest->n - skip};
    return k > 0;
}

/* Every border inside falls between two syllables; the syllables are as long as the letters. */
static bool fits(const struct run *r, size_t at, size_t len, struct bt_str spoken)
{
    struct bt_str syllable;
    size_t end = at;
    while (next_syllable(&spoken, &syllable)) {
        size_t from = end;
        end += letters_of(syllable);
        if (end > at + len || borders_in(r, from, end - from))
            return false;
    }
    return end == at + len;
}

static void offer(struct run *r, size_t at, size_t len, struct path way)
{
    way.from = at;
    way.cost += r->best[at].cost;
    if (way.cost < r->best[at + len].cost)
        r->best[at + len] = way;
}

static bool after_stop(const struct run *r, size_t at)
{
    return r->tok[at] && bt_sym(r->p, r->tok[at] - 1, '.');
}

static int short_price(size_t len)
{
    return len == 1 ? 12 : len == 2 ? 6 : 0;
}

/* A syllable of a guess beside a letter of the same word: not likely, "hdu" is three letters. */
static int mixed_price(const struct run *r, size_t at, enum bt_joined_how with)
{
    return !r->border[at] && r->best[at].how == with ? 30 : 0;
}

static void offer_known(struct run *r, size_t at, size_t len)
{
    const struct word_row *w = bt_words_find(&r->p->l->web, (struct bt_str){r->s + at, len});
    if (!w || !w->spoken.n)
        return;
    bool whole = is_whole(r, at, len), crossed = borders_in(r, at, len);
    struct path way = {.how = BT_JOINED_KNOWN, .words = w->spoken, .row = w};
    if (bt_str_is(w->kind, "vi")) {
        bool one = !memchr(w->spoken.p, ' ', w->spoken.n);
        if (crossed && !fits(r, at, len, w->spoken))
            return;
        way.cost = (one ? 14 + short_price(len) : 10) - whole;
        way.how = one && !whole ? BT_JOINED_GUESS : BT_JOINED_KNOWN;
        way.cost += one ? mixed_price(r, at, BT_JOINED_LETTER) : 0;
    } else if (borders_in(r, at, len) & SIGN) {
        return;
    } else if (bt_str_is(w->kind, "file") || bt_str_is(w->kind, "domain")) {
        bool ends = w->kind.p[0] == 'd' && len > 1 && r->border[at + len]; /* thanhhoatv */
        if ((!whole && !ends) || (w->kind.p[0] == 'f' && !after_stop(r, at)))
            return;
        way.cost = !whole ? 34 : after_stop(r, at) ? 4 : 11;
    } else {
        if (!whole && len < 3)
            return;
        way.cost = 12 + short_price(len - 1) - whole * 3;
    }
    offer(r, at, len, way);
}

/* The lexicon's word for a part as it stands, or with a capital as names have. */
static void offer_lexicon(struct run *r, size_t at, size_t len)
{
    static const int price = 9;
    struct token word = {.kind = T_WORD, .hash = bt_word_hash(r->s + at, len)};
    bool whole = is_whole(r, at, len);
    if ((!whole && len < 5) || len < 3 || borders_in(r, at, len) ||
        !bt_map_get(&r->p->l->lexicon.prefix, bt_sequence_hash(&word, 1)))
        return;
    for (int capital = 0; capital < 2; capital++) {
        struct token tok[2] = {word, {.kind = T_END, .space = true}};
        tok[0].caps = (uint64_t)capital;
        tok[0].flags = capital ? S_CAP | S_LATIN : S_LATIN;
        tok[0].letters = tok[0].len = (uint32_t)len;
        struct pass part = *r->p;
        part.tok = tok;
        part.n = 1;
        uint32_t n;
        const struct entry *e = bt_lexicon_entry(&part, 0, &n);
        if (!e)
            continue;
        struct path way = {.how = BT_JOINED_KNOWN, .words = e->spoken, .entry = e};
        way.cost = e->station ? 0 : price + (whole ? 0 : 6) + (len == 3 ? 3 : 0);
        offer(r, at, len, way);
        return;
    }
}

static void offer_guesses(struct run *r, size_t at, size_t len)
{
    struct path way = {.words = {r->s + at, len}};
    if (borders_in(r, at, len))
        return;
    if (len > 1 && bt_is_bare_syllable(&r->p->l->letters, r->s + at, len)) {
        way.how = BT_JOINED_BARE;
        way.cost = (len > 2 ? 22 : 30) + mixed_price(r, at, BT_JOINED_LETTER);
        offer(r, at, len, way);
    }
    if (len > 3 && is_whole(r, at, len) && bt_is_readable(r->s + at, len)) {
        way.how = BT_JOINED_FOREIGN;
        way.cost = 15 + 8 * (int)len;
        offer(r, at, len, way);
    }
    bool label = r->border[at] & SIGN && r->border[at + len] & SIGN;
    if (len > 1 && len < 5 && label) { /* bca, voh */
        way.how = BT_JOINED_LETTER;
        way.cost = 24 * (int)len - 1;
        offer(r, at, len, way);
    }
    if (len == 1) {
        way.how = BT_JOINED_LETTER;
        way.cost = 24 + mixed_price(r, at, BT_JOINED_BARE) + mixed_price(r, at, BT_JOINED_GUESS);
        offer(r, at, len, way);
    }
}

static void walk(struct run *r)
{
    for (size_t k = 0; k <= r->n; k++)
        r->best[k] = (struct path){.cost = k ? FAR : 0};
    for (size_t at = 0; at < r->n; at++)
        for (size_t len = 1; len <= PIECE_MAX && at + len <= r->n; len++) {
            offer_known(r, at, len);
            offer_lexicon(r, at, len);
            offer_guesses(r, at, len);
        }
}

static void put(const struct run *r, size_t at, struct path way, struct bt_joined *out)
{
    if (way.how == BT_JOINED_BARE) /* the run's own letters end with it */
        way.words.p = bt_strndup(r->p->a, way.words.p, way.words.n);
    out->piece[out->n++] =
        (struct bt_joined_piece){way.words, way.row, way.entry, r->tok[at], r->at[at], way.how};
}

static void put_way(const struct run *r, size_t to, struct bt_joined *out)
{
    struct path way = r->best[to];
    struct bt_str rest = way.words, syllable;
    size_t at = way.from;
    if (!(borders_in(r, at, to - at) & SIGN)) {
        put(r, at, way, out);
        return;
    }
    while (next_syllable(&rest, &syllable)) {
        way.words = syllable;
        put(r, at, way, out);
        at += letters_of(syllable);
    }
}

void bt_join(struct pass *p, size_t i, size_t end, struct bt_joined *out)
{
    struct run whole, *r = &whole;
    size_t cut[BT_JOINED_MAX + 1], n = 0;
    r->p = p;
    r->n = 0;
    for (out->n = 0; i < end; i++)
        if (bt_at(p, i)->kind == T_WORD && r->n + bt_at(p, i)->len <= BT_JOINED_MAX)
            add_token(r, i);
    r->border[r->n] = SIGN;
    walk(r);
    for (size_t k = r->n; k > 0; k = r->best[k].from)
        cut[n++] = k;
    while (n--)
        put_way(r, cut[n], out);
}
