/*
 * A foreign word respelt in Vietnamese syllables, by the spelling rules of English and what other
 * languages share with them. The names that people know are in the lexicon, which comes first; this
 * is for the rest, and every use of it is a doubt for the producer.
 */
#include "text/pass.h"

enum { SOUNDS_MAX = 64, WORD_MAX = 40 };

struct sound {
    const char *written;
    const char *onset; /* a consonant before a vowel; a vowel itself */
    const char *coda;  /* a consonant after a vowel; "" falls silent. NULL: this is a vowel */
};

/* The longest first. */
static const struct sound sounds[] = {
    {"tion", "s", "+"}, {"sion", "s", "+"},  {"eau", "ô", NULL},  {"tch", "ch", "t"},
    {"sch", "s", "t"},  {"igh", "ai", NULL}, {"ough", "o", NULL}, {"augh", "o", NULL},
    {"ch", "ch", "ch"}, {"sh", "s", "t"},    {"ph", "ph", "p"},   {"th", "th", "t"},
    {"kh", "kh", "c"},  {"gh", "g", ""},     {"wh", "w", ""},     {"ck", "c", "c"},
    {"qu", "qu", "c"},  {"ng", "ng", "ng"},  {"nk", "n", "ng"},   {"ts", "x", "t"},
    {"tz", "x", "t"},   {"dg", "gi", "t"},   {"zh", "gi", "t"},   {"tr", "tr", "t"},
    {"ll", "l", "n"},   {"ss", "x", "t"},    {"tt", "t", "t"},    {"nn", "n", "n"},
    {"mm", "m", "m"},   {"pp", "p", "p"},    {"rr", "r", ""},     {"cc", "c", "c"},
    {"ff", "ph", "p"},  {"bb", "b", "p"},    {"dd", "đ", "t"},    {"gg", "g", "c"},
    {"zz", "d", "t"},   {"oo", "u", NULL},   {"ee", "i", NULL},   {"ea", "i", NULL},
    {"ie", "i", NULL},  {"ei", "ây", NULL},  {"ey", "ây", NULL},  {"ai", "ai", NULL},
    {"ay", "ây", NULL}, {"au", "au", NULL},  {"aw", "o", NULL},   {"ou", "u", NULL},
    {"ow", "ao", NULL}, {"oi", "oi", NULL},  {"oy", "oi", NULL},  {"ue", "u", NULL},
    {"ui", "ui", NULL}, {"eu", "ơ", NULL},   {"ew", "iu", NULL},  {"b", "b", "p"},
    {"c", "c", "c"},    {"d", "đ", "t"},     {"f", "ph", "p"},    {"g", "g", "c"},
    {"h", "h", ""},     {"j", "gi", ""},     {"k", "c", "c"},     {"l", "l", "n"},
    {"m", "m", "m"},    {"n", "n", "n"},     {"p", "p", "p"},     {"q", "c", "c"},
    {"r", "r", ""},     {"s", "x", "t"},     {"t", "t", "t"},     {"v", "v", "p"},
    {"w", "w", ""},     {"x", "x", "c"},     {"z", "d", "t"},     {"a", "a", NULL},
    {"e", "e", NULL},   {"i", "i", NULL},    {"o", "o", NULL},    {"u", "u", NULL},
    {"y", "i", NULL}};

struct speller {
    struct pass *p;
    const struct sound *s[SOUNDS_MAX];
    size_t n;
    char out[256];
    size_t len;
};

static const struct sound *sound_at(const char *w)
{
    for (size_t k = 0; k < BT_LEN(sounds); k++)
        if (strncmp(w, sounds[k].written, strlen(sounds[k].written)) == 0)
            return &sounds[k];
    return NULL;
}

static bool is_vowel(const struct sound *s)
{
    return s && !s->coda;
}

/* Whether letter k of w is the silent e at a word's end. */
static bool silent(const char *w, size_t k)
{
    bool end = w[k] == 'e' && w[k + 1] == '\0' && k > 1;
    return end && !strchr("aeiouy", w[k - 1]) && strcspn(w, "aeiouy") < k;
}

static bool hear(struct speller *x, const char *w)
{
    for (size_t k = 0; w[k];) {
        const struct sound *s = sound_at(w + k);
        if (!s || x->n == SOUNDS_MAX)
            return false;
        bool ending = s->coda && s->coda[0] == '+';
        if (x->n + 2 >= SOUNDS_MAX)
            return false;
        if (ending) { /* -tion: sh, ơ, n */
            x->s[x->n++] = sound_at("sh");
            x->s[x->n++] = sound_at("eu");
            x->s[x->n++] = sound_at("n");
        } else if (!silent(w, k))
            x->s[x->n++] = s;
        k += strlen(s->written);
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

static bool front(const char *vowel)
{
    return vowel[0] == 'e' || vowel[0] == 'i' || strncmp(vowel, "ê", 2) == 0;
}

/* The onset as Vietnamese spells it before this vowel. */
static const char *onset_before(const struct sound *c, const char *vowel)
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
    for (size_t k = 0; front(vowel) && k < BT_LEN(table); k++)
        if (strcmp(c->onset, table[k].onset) == 0 &&
            (!table[k].written || strcmp(c->written, table[k].written) == 0))
            return table[k].before_front;
    return c->onset;
}

static const struct {
    const char *vowel, *open, *closed, *stopped; /* at the end, before n m ng, before p t c ch */
} vowels[] = {{"a", "a", "a", "á"}, {"e", "ê", "e", "é"}, {"i", "i", "i", "í"},
              {"o", "ô", "o", "ố"}, {"u", "u", "u", "ú"}, {"ơ", "ơ", "ơ", "ớ"},
              {"ô", "ô", "ô", "ố"}};

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
    put(x, vowel[0] == 'a' || vowel[0] == 'e' ? "o" : vowel[0] == 'i' ? "u" : "v");
}

/* Onset (NULL: none), vowel and coda (NULL: none) as one syllable. */
static void put_syllable(struct speller *x, const struct sound *onset, const struct sound *v,
                         const struct sound *coda, bool last)
{
    const char *c = coda ? coda->coda : "";
    const char *vowel = v->onset, *shaped;
    bool er = coda && coda->coda[0] == '\0' && coda->written[0] == 'r' && strcmp(vowel, "e") == 0;
    if (er || (last && coda && strcmp(c, "n") == 0 && strcmp(vowel, "o") == 0 && onset))
        vowel = "ơ";
    if (strcmp(c, "ch") == 0)
        c = strcmp(vowel, "i") == 0 ? "ch" : "c";
    if (strcmp(vowel, "i") == 0 && (strcmp(c, "ng") == 0 || strcmp(c, "c") == 0))
        c = c[0] == 'n' ? "nh" : "ch";
    shaped = vowel_in(vowel, c);
    if (!shaped) { /* ai, ây, ao: nothing follows them */
        shaped = vowel;
        c = "";
    }
    hyphen(x);
    bool glide = onset && onset->onset[0] == 'w';
    if (glide)
        put_w(x, vowel);
    else if (onset)
        put(x, onset_before(onset, vowel));
    put(x, glide && strcmp(vowel, "i") == 0 && !c[0] ? "y" : shaped);
    put(x, c);
}

/* A consonant that no vowel carries: cờ, tờ. */
static void put_alone(struct speller *x, const struct sound *c)
{
    hyphen(x);
    put(x, c->onset[0] == 'w' ? "u" : strcmp(c->onset, "qu") == 0 ? "c" : c->onset);
    put(x, "ờ");
}

static size_t consonants(const struct speller *x, size_t k)
{
    size_t n = 0;
    while (k + n < x->n && !is_vowel(x->s[k + n]))
        n++;
    return n;
}

static bool spell(struct speller *x)
{
    size_t k = 0, run = consonants(x, 0);
    if (run == x->n)
        return false;
    const struct sound *onset = run ? x->s[run - 1] : NULL;
    for (size_t c = 0; c + 1 < run; c++)
        put_alone(x, x->s[c]);
    for (k = run; k < x->n;) {
        const struct sound *v = x->s[k++];
        run = consonants(x, k);
        bool end = k + run == x->n;
        const struct sound *coda = run > 1 || (end && run) ? x->s[k] : NULL;
        if (coda && !coda->coda[0] && run > 1 && (end || run > 2))
            coda = x->s[k + 1]; /* -rt, -rst: the r is silent */
        put_syllable(x, onset, v, coda, end);
        for (size_t c = 1; !end && c + 1 < run; c++)
            put_alone(x, x->s[k + c]);
        onset = run && !end ? x->s[k + run - 1] : NULL;
        k += run;
    }
    return true;
}

static bool spelt_well(const struct speller *x)
{
    return bt_is_spoken(&x->p->l->letters, (struct bt_str){x->out, x->len});
}

static void capitalise(struct bt_str word, char *out)
{
    size_t k;
    int32_t c = bt_utf8_get(word.p, word.n, &k);
    if (bt_is_upper(c) && out[0] >= 'a' && out[0] <= 'z')
        out[0] = (char)(out[0] - 32);
}

/* One part of a word, without capitals inside. */
static bool respell(struct pass *p, struct bt_str word, size_t i, size_t j)
{
    struct speller x = {.p = p};
    char *bare = bt_fold(p->a, word);
    size_t n = strlen(bare);
    if (n > WORD_MAX || n < 2)
        return false;
    size_t first;
    bool name = bt_is_upper(bt_utf8_get(word.p, word.n, &first));
    char *out = name ? bt_pinyin(p, bare) : NULL;
    if (!out && (!hear(&x, bare) || !spell(&x) || !spelt_well(&x)))
        return false;
    out = out ? out : bt_strndup(p->a, x.out, x.len);
    capitalise(word, out);
    bt_say(p, out, i, j);
    return true;
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

void bt_say_foreign(struct pass *p, struct bt_str word, size_t i, size_t j)
{
    size_t first = p->npiece;
    bool spelt = false;
    for (size_t at = 0, end; at < word.n; at = end) {
        end = part_end(word, at);
        struct bt_str part = {word.p + at, end - at};
        if (part.n < word.n && is_upper(part)) {
            spell_out(p, part, i, j);
            spelt = true;
        } else if (is_syllable(p, part))
            bt_say_str(p, part, i, j);
        else if (!respell(p, part, i, j)) {
            spell_out(p, part, i, j);
            spelt = true;
        }
    }
    bt_doubt_said(p, first, i, j, spelt ? "letters.tsv" : "foreign", spelt ? 0.2 : 0.3);
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
