/*
 * A foreign word respelt in Vietnamese syllables, by the spelling rules of English and what other
 * languages share with them. The names that people know are in the lexicon, which comes first; this
 * is for the rest, and every use of it is a doubt for the producer.
 */
#include "text/pass.h"

enum { SOUNDS_MAX = 64, WORD_MAX = 40 };

struct speller {
    struct pass *p;
    unsigned lang; /* bits of the languages of which it has a sign */
    const struct sound *s[SOUNDS_MAX];
    size_t n;
    char out[256];
    size_t len;
};

/* ---- the table of sounds ------------------------------------------------------------------- */

static bool fits_at(const struct sound *s, const char *word, const char *at)
{
    size_t n = s->written.n;
    return memcmp(at, s->written.p, n) == 0 && (!s->start || at == word) && (!s->end || !at[n]);
}

/* The longest at this place; a language's own before what is common. */
static const struct sound *sound_at(const struct speller *x, const char *word, const char *at)
{
    const struct sounds *t = &x->p->l->sounds;
    const struct sound *best = NULL;
    size_t left = strlen(at), weight = 0;
    for (size_t k = t->first[(unsigned char)at[0]]; k; k = t->row[k].next) {
        const struct sound *s = &t->row[k];
        if ((s->lang && !(x->lang >> s->lang & 1)) || s->written.n > left || !fits_at(s, word, at))
            continue;
        size_t w = s->written.n * 8 + s->start + s->end + (s->lang != 0) * 4u;
        if (w > weight) {
            best = s;
            weight = w;
        }
    }
    return best;
}

static unsigned languages(const struct sounds *t, const char *word)
{
    unsigned found = 0;
    for (size_t k = 0; k < t->nsign; k++)
        for (const char *at = word; *at; at++)
            if (strlen(at) >= t->sign[k].written.n && fits_at(&t->sign[k], word, at))
                found |= 1u << t->sign[k].lang;
    return found;
}

static bool is_vowel(const struct sound *s)
{
    return s && !s->coda && !s->whole;
}

/* Small letters; those beyond ASCII stay when the table has a sound for them. */
static char *plain_letters(struct pass *p, struct bt_str word)
{
    char *out = bt_alloc(p->a, word.n * 2 + 1);
    size_t n = 0;
    for (size_t at = 0, len; at < word.n; at += len) {
        char c[4];
        size_t k = bt_utf8_put(bt_lower(bt_utf8_get(word.p + at, word.n - at, &len)), c);
        const struct sounds *t = &p->l->sounds;
        size_t row = k > 1 ? t->first[(unsigned char)c[0]] : 0;
        while (row && !bt_str_starts(t->row[row].written, (struct bt_str){c, k}))
            row = t->row[row].next;
        const char *s = row || k == 1 ? c : bt_fold(p->a, (struct bt_str){c, k});
        k = s == c ? k : strlen(s);
        memcpy(out + n, s, k);
        n += k;
    }
    return out;
}

/* In place: no row makes a word longer. */
static void write_otherwise(const struct sounds *t, char *word)
{
    char *to = word;
    for (const char *at = word; *at;) {
        const struct sound *s = NULL;
        for (size_t k = 0; k < t->nother && !s; k++)
            if (strncmp(at, t->other[k].written.p, t->other[k].written.n) == 0 &&
                fits_at(&t->other[k], word, at))
                s = &t->other[k];
        size_t n = s ? strlen(s->onset) : 1;
        memmove(to, s ? s->onset : at, n);
        to += n;
        at += s ? s->written.n : 1;
    }
    *to = '\0';
}

/* ---- from sounds to syllables -------------------------------------------------------------- */

/* Whether letter k of w is the silent e at a word's end. */
static bool silent(const char *w, size_t k)
{
    bool end = w[k] == 'e' && w[k + 1] == '\0' && k > 1;
    return end && !strchr("aeiouy", w[k - 1]) && strcspn(w, "aeiouy") < k;
}

static bool hear(struct speller *x, const char *w)
{
    for (size_t k = 0; w[k];) {
        const struct sound *s = sound_at(x, w, w + k);
        if (!s || x->n == SOUNDS_MAX)
            return false;
        if (!silent(w, k))
            x->s[x->n++] = s;
        k += s->written.n;
    }
    return x->n > 0;
}

static void put(struct speller *x, const char *s)
{
    size_t n = strlen(s);
    if (x->len + n < sizeof(x->out)) {
        memcpy(x->out + x->len, s, n + 1);
        x->len += n;
    }
}

static void hyphen(struct speller *x)
{
    if (x->len)
        put(x, "-");
}

static bool front(const struct speller *x, const char *vowel)
{
    size_t n;
    char code = bt_letter(&x->p->l->letters, bt_utf8_get(vowel, strlen(vowel), &n)).code;
    return code == 'e' || code == '4' || code == 'i' || code == 'y';
}

/* The onset as Vietnamese spells it before this vowel. */
static const char *onset_before(const struct speller *x, const struct sound *c, const char *vowel)
{
    static const struct {
        const char *onset, *written, *before_front;
    } table[] = {{"c", "c", "x"},
                 {"c", "cc", "x"},
                 {"c", NULL, "k"},
                 {"g", NULL, "gh"},
                 {"ng", NULL, "ngh"}};
    if (strcmp(c->onset, "gi") == 0 && vowel[0] == 'i')
        return "g";
    for (size_t k = 0; front(x, vowel) && k < BT_LEN(table); k++)
        if (strcmp(c->onset, table[k].onset) == 0 &&
            (!table[k].written || bt_str_is(c->written, table[k].written)))
            return table[k].before_front;
    return c->onset;
}

static const struct {
    const char *vowel, *open, *closed, *stopped; /* at the end, before n m ng, before p t c ch */
} vowels[] = {{"a", "a", "a", "á"}, {"e", "ê", "e", "é"}, {"i", "i", "i", "í"},
              {"o", "ô", "o", "ố"}, {"u", "u", "u", "ú"}, {"ơ", "ơ", "ơ", "ớ"},
              {"ô", "ô", "ô", "ố"}, {"â", "â", "â", "ấ"}};

static const char *vowel_in(const char *v, const char *coda)
{
    for (size_t k = 0; k < BT_LEN(vowels); k++)
        if (strcmp(vowels[k].vowel, v) == 0)
            return !coda[0]                 ? vowels[k].open
                   : strchr("ptc", coda[0]) ? vowels[k].stopped
                                            : vowels[k].closed;
    return NULL;
}

static void put_w(struct speller *x, const char *vowel)
{
    bool round = vowel[0] == 'i' || strncmp(vowel, "ê", 2) == 0 || strncmp(vowel, "â", 2) == 0;
    put(x, vowel[0] == 'a' || vowel[0] == 'e' ? "o" : round ? "u" : "v");
}

/* Onset (NULL: none), vowel and coda (NULL: none) as one syllable. */
static void put_syllable(struct speller *x, const struct sound *onset, const struct sound *v,
                         const struct sound *coda, bool last)
{
    const char *c = coda ? coda->coda : "";
    const char *vowel = v->onset, *shaped;
    bool er = coda && coda->coda[0] == '\0' && coda->written.p[0] == 'r' && strcmp(vowel, "e") == 0;
    if (er || (last && coda && strcmp(c, "n") == 0 && strcmp(vowel, "o") == 0 && onset))
        vowel = "ơ";
    if (strcmp(c, "ch") == 0)
        c = strcmp(vowel, "i") == 0 ? "ch" : "c";
    if (strcmp(vowel, "i") == 0 && (strcmp(c, "ng") == 0 || strcmp(c, "c") == 0))
        c = c[0] == 'n' ? "nh" : "ch";
    if (strcmp(vowel, "ơ") == 0 && (strcmp(c, "ng") == 0 || strcmp(c, "c") == 0))
        vowel = c[0] == 'n' ? "â" : "ô"; /* no syllable ends in ơng or ớc */
    shaped = vowel_in(vowel, c);
    if (!shaped) { /* ai, ây, ao: nothing follows them */
        shaped = vowel;
        c = "";
    }
    hyphen(x);
    bool glide = onset && onset->onset[0] == 'u';
    if (glide)
        put_w(x, strcmp(shaped, "ê") == 0 ? shaped : vowel);
    else if (onset)
        put(x, onset_before(x, onset, vowel));
    bool wi = glide && strcmp(vowel, "i") == 0;
    put(x, !wi ? shaped : strchr("ptc", c[0]) && c[0] ? "ý" : "y");
    put(x, wi && c[0] == 'm' ? "n" : c);
}

/* A consonant that no vowel carries: cờ, tờ. */
static void put_alone(struct speller *x, const struct sound *c)
{
    hyphen(x);
    put(x, strcmp(c->onset, "qu") == 0 ? "c" : c->onset);
    put(x, "ờ");
}

static size_t consonants(const struct speller *x, size_t k)
{
    size_t n = 0;
    while (k + n < x->n && !is_vowel(x->s[k + n]) && !x->s[k + n]->whole)
        n++;
    return n;
}

/* The syllable of the vowel k and the consonants up to `next` that end it. */
static void put_vowel(struct speller *x, const struct sound *onset, size_t k, size_t next)
{
    size_t run = next - k - 1;
    bool end = next == x->n || x->s[next]->whole;
    const struct sound *coda = run > 1 || (end && run) ? x->s[k + 1] : NULL;
    if (coda && !coda->coda[0] && run > 1 && (end || run > 2))
        coda = x->s[k + 2]; /* -rt, -rst: the r is silent */
    put_syllable(x, onset, x->s[k], coda, next == x->n);
    for (size_t c = k + 2; !end && c + 1 < next; c++)
        put_alone(x, x->s[c]);
}

static bool spell(struct speller *x)
{
    size_t next, k = consonants(x, 0);
    if (k == x->n)
        return false;
    for (size_t c = 0; c + 1 < k; c++)
        put_alone(x, x->s[c]);
    for (const struct sound *onset = k ? x->s[k - 1] : NULL; k < x->n; k = next) {
        next = k + 1 + consonants(x, k + 1);
        if (x->s[k]->whole) {
            hyphen(x);
            put(x, x->s[k]->onset);
            for (size_t c = k + 1; c + 1 < next; c++)
                put_alone(x, x->s[c]);
        } else {
            put_vowel(x, onset, k, next);
        }
        bool end = next == x->n || x->s[next]->whole;
        onset = next > k + 1 && !end ? x->s[next - 1] : NULL;
    }
    return true;
}

static bool spelt_well(const struct speller *x)
{
    return bt_is_spoken(&x->p->l->letters, (struct bt_str){x->out, x->len});
}

static const char *whole_word(const struct sounds *t, struct bt_str word, const char *kind)
{
    for (size_t k = t->n ? t->first[word.p[0] | 32] : 0; k; k = t->row[k].next)
        if (t->row[k].lang && bt_str_is(t->lang[t->row[k].lang - 1], kind) &&
            bt_same_letters(t->row[k].written, word))
            return t->row[k].onset;
    return NULL;
}

static bool is_foreign_name(const struct token *t)
{
    return t->kind == T_WORD && (t->flags & S_CAP) && t->letters > 1 &&
           !(t->flags & (S_VIET | S_NEAR | S_UPPER));
}

/* Dan Brown, Don Giovanni: a D of another language is a Đ. "Do Vinamilk tài trợ" is none. */
static const char *hard_d(const struct pass *p, size_t i)
{
    struct bt_str s = bt_text_of(p, i);
    bool name = s.p[0] == 'D' && bt_at(p, i)->caps == 1 && bt_at(p, i)->flags & S_VIET &&
                !bt_str_is(s, "Do") && !bt_str_is(s, "Duy");
    return name ? bt_format(p->a, "Đ%.*s", (int)s.n - 1, s.p + 1) : NULL;
}

const char *bt_particle(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    const struct sounds *s = &p->l->sounds;
    if (t->letters < 2 || t->letters > 3 || t->flags & S_MARKED ||
        !is_foreign_name(bt_at(p, i + 1)))
        return NULL;
    const char *hard = hard_d(p, i);
    if (hard)
        return hard;
    const char *said = whole_word(s, bt_text_of(p, i), "tên");
    return said || !i || !is_foreign_name(bt_at(p, i - 1))
               ? said
               : whole_word(s, bt_text_of(p, i), "hai bên");
}

static void say_named(struct pass *p, struct bt_str word, const char *said, size_t i, size_t j)
{
    size_t first;
    bool name = bt_is_upper(bt_utf8_get(word.p, word.n, &first));
    bt_say_str(p, name ? bt_capital(p, bt_str(said)) : bt_str(said), i, j);
}

/* The row that says most: where an editor looks first. */
static const char *rule_of(const struct speller *x)
{
    const struct sound *most = x->s[0];
    for (size_t k = 1; k < x->n; k++)
        if (x->s[k]->written.n > most->written.n)
            most = x->s[k];
    return bt_format(x->p->a, "sounds.tsv:%u", most->line);
}

/* One part of a word, without capitals inside. */
static bool respell(struct pass *p, struct bt_str word, size_t i, size_t j, const char **rule)
{
    struct speller x = {.p = p};
    char *bare = plain_letters(p, word);
    size_t n = strlen(bare), first;
    if (n > WORD_MAX || n < 2)
        return false;
    bool name = bt_is_upper(bt_utf8_get(word.p, word.n, &first));
    char *out = name ? bt_pinyin(p, bare) : NULL;
    x.lang = languages(&p->l->sounds, bare);
    write_otherwise(&p->l->sounds, bare);
    if (!out && (!hear(&x, bare) || !spell(&x) || !spelt_well(&x)))
        return false;
    for (size_t k = 0; p->trace && !out && k < x.n; k++)
        bt_buf_addf(p->trace, "    %.*s -> %s  %s:%u\n", (int)x.s[k]->written.n, x.s[k]->written.p,
                    x.s[k]->onset, p->l->file[p->l->sounds.file], x.s[k]->line);
    *rule = out ? "pinyin.tsv" : rule_of(&x);
    out = out ? out : bt_strndup(p->a, x.out, x.len);
    say_named(p, word, out, i, j);
    return true;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* A word of the lexicon, said as one word. */
static const struct entry *half(const struct pass *p, const char *s, size_t n)
{
    const struct entry *e = bt_lexicon_half(p->l, s, n);
    return e && !memchr(e->spoken.p, ' ', e->spoken.n) ? e : NULL;
}

static bool say_joined(struct pass *p, struct bt_str word, const struct entry *a,
                       const struct entry *b, size_t i, size_t j, const char **rule)
{
    *rule = bt_format(p->a, "%s:%u", base_name(p->l->file[a->file]), a->line);
    if (p->trace) {
        bt_trace_entry(p, a);
        bt_trace_entry(p, b);
    }
    struct bt_str end = b ? b->spoken : BT_STR("");
    say_named(p, word,
              bt_format(p->a, "%.*s%s%.*s", (int)a->spoken.n, a->spoken.p, b ? "-" : "", (int)end.n,
                        end.p),
              i, j);
    return true;
}

/* A word of the lexicon or several of one (Camp, resorts); two written together: livestage. */
static bool say_known(struct pass *p, struct bt_str word, size_t i, size_t j, const char **rule)
{
    enum { LEAST = 3, LEAST_OF_BOTH = 7 };
    const char *low = bt_lower_str(p->a, word);
    size_t n = strlen(low);
    if (n < LEAST || n > WORD_MAX)
        return false;
    const struct entry *one = half(p, low, n);
    if (!one && n > LEAST + 1 && low[n - 1] == 's')
        one = half(p, low, n - 1);
    if (one)
        return say_joined(p, word, one, NULL, i, j, rule);
    for (size_t k = n - LEAST; n >= LEAST_OF_BOTH && k >= LEAST; k--) {
        const struct entry *a = half(p, low, k), *b = a ? half(p, low + k, n - k) : NULL;
        if (b)
            return say_joined(p, word, a, b, i, j, rule);
    }
    return false;
}

/* "YouTube" is two words. */
static size_t part_end(struct bt_str word, size_t at)
{
    bool small = false;
    for (size_t k = at, len; k < word.n; k += len) {
        bool upper = bt_is_upper(bt_utf8_get(word.p + k, word.n - k, &len));
        if (upper && small)
            return k;
        small |= !upper;
    }
    return word.n;
}

static void spell_out(struct pass *p, struct bt_str part, size_t i, size_t j)
{
    for (size_t at = 0, len; at < part.n; at += len)
        bt_say_letter(p, bt_utf8_get(part.p + at, part.n - at, &len), i, j);
}

static bool is_syllable(const struct pass *p, struct bt_str part)
{
    return part.n > 1 && bt_is_spoken(&p->l->letters, part);
}

/* The ID of VssID. */
static bool is_upper(struct bt_str part)
{
    for (size_t k = 0, len; k < part.n; k += len)
        if (!bt_is_upper(bt_utf8_get(part.p + k, part.n - k, &len)))
            return false;
    return part.n > 1;
}

static bool say_part(struct pass *p, struct bt_str part, size_t i, size_t j, const char **rule)
{
    if (bt_str_is(part, "Mc"))
        bt_say(p, "Mắc", i, j);
    else if (is_syllable(p, part))
        bt_say_str(p, part, i, j);
    else
        return say_known(p, part, i, j, rule) || respell(p, part, i, j, rule);
    return true;
}

void bt_say_foreign(struct pass *p, struct bt_str word, size_t i, size_t j)
{
    size_t first = p->npiece;
    const char *rule = "foreign";
    bool spelt = false;
    for (size_t at = 0, end; at < word.n; at = end) {
        end = part_end(word, at);
        struct bt_str part = {word.p + at, end - at};
        if ((part.n < word.n && is_upper(part)) || !say_part(p, part, i, j, &rule)) {
            spell_out(p, part, i, j);
            spelt = true;
        }
    }
    bt_doubt_said(p, first, i, j, spelt ? "letters.tsv" : rule, spelt ? 0.2 : 0.3);
}

/* Whether the consonants before the first vowel can begin a word. */
static bool begins_well(const char *s, size_t n)
{
    static const char *const onsets[] = {"bl", "br",  "ch",  "cl",  "cr",  "dr",  "fl",  "fr", "gh",
                                         "gl", "gr",  "kh",  "kl",  "kn",  "kr",  "ng",  "nh", "ph",
                                         "pl", "pr",  "sc",  "sh",  "sk",  "sl",  "sm",  "sn", "sp",
                                         "sq", "st",  "sw",  "th",  "tr",  "ts",  "tw",  "wh", "wr",
                                         "zh", "sch", "scr", "shr", "spl", "spr", "str", "thr"};
    for (size_t k = 0; k < BT_LEN(onsets); k++)
        if (strlen(onsets[k]) == n && memcmp(s, onsets[k], n) == 0)
            return true;
    return n < 2;
}

bool bt_is_readable(const char *s, size_t n)
{
    size_t first = 0, run = 0, most = 0;
    for (size_t k = 0; k < n; k++) {
        run = strchr("aeiouy", s[k]) ? 0 : run + 1;
        most = run > most ? run : most;
        first += run == k + 1;
    }
    return first < n && begins_well(s, first) && most < 5 && run < 4;
}
