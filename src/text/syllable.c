/*
 * The Vietnamese syllable: initial × rime × tone. Knows spelling; knows no words. A final k and an
 * initial k before any vowel are let pass: Đắk Lắk, Kon Tum.
 */
#include "text/pass.h"

static const char vowels[] = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộ"
                             "ơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ";
static const char vowel_codes[] = "a12e4io56u7y";
static const char consonants[] = "bcdđghklmnpqrstvxfjwz";
static const char consonant_codes[] = "bcd3ghklmnpqrstvxfjwz";

static const char *const initials[] = {"ngh", "ng", "nh", "gh", "gi", "kh", "ph", "qu", "th", "tr",
                                       "ch",  "b",  "c",  "d",  "3",  "g",  "h",  "k",  "l",  "m",
                                       "n",   "p",  "q",  "r",  "s",  "t",  "v",  "x",  ""};

static const char *const rimes[] = {
    "a",    "ac",   "ach",  "ai",   "ak",   "am",   "an",   "ang",  "anh",  "ao",   "ap",   "at",
    "au",   "ay",   "1c",   "1k",   "1m",   "1n",   "1ng",  "1p",   "1t",   "2c",   "2k",   "2m",
    "2n",   "2ng",  "2p",   "2t",   "2u",   "2y",   "e",    "ec",   "ek",   "em",   "en",   "eng",
    "eo",   "ep",   "et",   "4",    "4ch",  "4k",   "4m",   "4n",   "4ng",  "4nh",  "4p",   "4t",
    "4u",   "i",    "ia",   "ich",  "ik",   "i4c",  "i4m",  "i4n",  "i4ng", "i4p",  "i4t",  "i4u",
    "im",   "in",   "inh",  "ip",   "it",   "iu",   "o",    "oa",   "oac",  "oach", "oai",  "oam",
    "oan",  "oang", "oanh", "oao",  "oap",  "oat",  "oay",  "o1c",  "o1m",  "o1n",  "o1ng", "o1t",
    "oc",   "oe",   "oem",  "oep",  "u4t",  "oen",  "oeo",  "oet",  "oi",   "ok",   "om",   "on",
    "ong",  "ooc",  "oong", "op",   "ot",   "5",    "5c",   "5i",   "5k",   "5m",   "5n",   "5ng",
    "55ng", "5p",   "5t",   "6",    "6i",   "6m",   "6n",   "6ng",  "6p",   "6t",   "6c",   "6u",
    "u",    "ua",   "u2n",  "u2ng", "u2t",  "u2y",  "uc",   "ue",   "u4",   "u4ch", "u4n",  "u4nh",
    "ui",   "uk",   "um",   "un",   "ung",  "u5c",  "u5i",  "u5m",  "u5n",  "u5ng", "u5t",  "up",
    "ut",   "u6",   "uy",   "uya",  "uych", "uy4n", "uy4t", "uynh", "uyt",  "uyn",  "uyp",  "uyu",
    "7",    "7a",   "7c",   "7i",   "7k",   "7m",   "7n",   "7ng",  "76c",  "76i",  "76m",  "76n",
    "76ng", "76p",  "76t",  "76u",  "7t",   "7u",   "y",    "y4m",  "y4n",  "y4ng", "y4t",  "y4u",
    "yt",   "ych",  "ynh"};

static char bare(char code)
{
    static const char of[] = "aadeoou"; /* of 1 to 7 */
    return code >= '1' && code <= '7' ? of[code - '1'] : code;
}

static void set(struct letters *t, int32_t c, char code, unsigned tone)
{
    struct letter v = {code, (uint8_t)tone};
    if (c < (int32_t)BT_LEN(t->low))
        t->low[c] = v;
    else if (c >= 0x1EA0 && c < 0x1EFA)
        t->high[c - 0x1EA0] = v;
}

static uint32_t pack(const char *s, size_t n)
{
    uint32_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | (unsigned char)s[i];
    return v;
}

/* An initial's last byte is 0xFF: no rime ends so. */
static uint32_t part_key(const char *s, size_t n, bool initial)
{
    return initial ? pack(s, n) << 8 | 0xFF : pack(s, n);
}

static size_t place(const uint32_t *table, uint32_t key)
{
    size_t i = key * 2654435761u >> 22;
    while (table[i] && table[i] != key)
        i = (i + 1) % PARTS;
    return i;
}

static void add_part(uint32_t *table, const char *s, bool initial)
{
    uint32_t key = part_key(s, strlen(s), initial);
    table[place(table, key)] = key;
}

static void add_bare_rime(uint32_t *table, const char *rime)
{
    char s[8] = "";
    for (size_t k = 0; rime[k]; k++)
        s[k] = bare(rime[k]);
    add_part(table, s, false);
}

static bool is_part(const uint32_t *table, const char *s, size_t n, bool initial)
{
    return table[place(table, part_key(s, n, initial))] != 0;
}

void bt_letters_init(struct letters *t)
{
    static const unsigned char tones[] = {0, 1, 2, 3, 4, 5};
    size_t k, at = 0;
    for (size_t v = 0; vowel_codes[v]; v++)
        for (size_t tone = 0; tone < 6; tone++, at += k)
            set(t, bt_utf8_get(vowels + at, sizeof(vowels) - at, &k), vowel_codes[v], tones[tone]);
    at = 0;
    for (size_t c = 0; consonant_codes[c]; c++, at += k)
        set(t, bt_utf8_get(consonants + at, sizeof(consonants) - at, &k), consonant_codes[c], 0);
    for (size_t i = 0; i < BT_LEN(rimes); i++) {
        add_part(t->part, rimes[i], false);
        add_bare_rime(t->bare, rimes[i]);
    }
    for (size_t i = 0; i < BT_LEN(initials); i++)
        add_part(t->part, initials[i], true);
}

static bool tone_fits(const char *rime, size_t n, unsigned tone)
{
    char last = rime[n - 1];
    bool stop = last == 'p' || last == 't' || last == 'c' || (last == 'h' && rime[n - 2] == 'c');
    return !stop || tone == 2 || tone == 5;
}

static bool initial_fits(const char *initial, size_t n, char vowel)
{
    bool front = vowel == 'e' || vowel == '4' || vowel == 'i' || vowel == 'y';
    if (n == 1 && (initial[0] == 'c' || initial[0] == 'q'))
        return initial[0] == 'c' ? !front : vowel == 'u';
    if (n == 1 && initial[0] == 'g')
        return vowel != 'e' && vowel != '4' && vowel != 'y';
    if (n == 2 && initial[0] == 'n' && initial[1] == 'g')
        return !front;
    if ((n == 2 && pack(initial, 2) == pack("gh", 2)) || n == 3)
        return front && vowel != 'y';
    return true;
}

bool bt_is_syllable(const struct letters *t, const char *code, size_t n, unsigned tone)
{
    if (n == 0 || n > 7)
        return false;
    for (size_t k = 0; k <= 3 && k < n; k++) {
        size_t rime = n - k;
        if (rime <= 4 && is_part(t->part, code, k, true) &&
            is_part(t->part, code + k, rime, false) && tone_fits(code + k, rime, tone) &&
            initial_fits(code, k, code[k]))
            return true;
    }
    return false;
}

bool bt_is_near_syllable(const struct letters *t, const char *code, size_t n, unsigned tone)
{
    for (size_t skip = 0; skip < 2 && skip < n; skip++) {
        if (strchr("a12e4io56u7y", code[skip]))
            return skip > 0 && bt_is_syllable(t, code + skip, n - skip, tone);
        if (skip && bt_is_syllable(t, code + skip, n - skip, tone))
            return true;
    }
    return false;
}

bool bt_is_bare_syllable(const struct letters *t, const char *s, size_t n)
{
    for (size_t k = 0; k <= 3 && k < n && n < 8; k++)
        if (n - k <= 4 && is_part(t->part, s, k, true) && is_part(t->bare, s + k, n - k, false) &&
            initial_fits(s, k, s[k]))
            return true;
    return false;
}

bool bt_same_letters(struct bt_str a, struct bt_str b)
{
    size_t i = 0, k = 0, n;
    while (i < a.n && k < b.n) {
        int32_t x = bt_small(bt_next(a.p + i, a.n - i, &n));
        i += n;
        int32_t y = bt_small(bt_next(b.p + k, b.n - k, &n));
        k += n;
        if (x != y)
            return false;
    }
    return i == a.n && k == b.n;
}

bool bt_codes(const struct letters *t, struct bt_str word, char *code, size_t max, size_t *n,
              unsigned *tone)
{
    *n = *tone = 0;
    for (size_t i = 0, k; i < word.n; i += k) {
        struct letter v = bt_letter(t, bt_small(bt_next(word.p + i, word.n - i, &k)));
        if (!v.code || *n == max)
            return false;
        code[(*n)++] = v.code;
        if (v.tone)
            *tone = v.tone;
    }
    return true;
}

static bool next_word(struct bt_str *rest, struct bt_str *word)
{
    size_t k = 0;
    while (k < rest->n && rest->p[k] != ' ' && rest->p[k] != '-')
        k++;
    *word = (struct bt_str){rest->p, k};
    size_t skip = k < rest->n ? k + 1 : k;
    *rest = (struct bt_str){rest->p + skip, rest->n - skip};
    return k > 0;
}

/* By c & 31: a to z without f j w z. */
static const uint32_t spoken_ascii = 0x07FFFFFE & ~(1u << 6 | 1u << 10 | 1u << 23 | 1u << 26);

static bool is_spoken_ascii(unsigned char c)
{
    return c >= 'A' && c <= 'z' && spoken_ascii >> (c & 31) & 1;
}

static bool is_spoken_letter(const struct letters *t, int32_t c)
{
    return bt_letter(t, c).code || bt_letter(t, bt_small(c)).code;
}

char *bt_joined(const struct letters *t, struct bt_arena *a, struct bt_str spoken)
{
    char *out = bt_alloc(a, spoken.n + 1);
    size_t n = 0;
    for (size_t i = 0, k; i < spoken.n; i += k) {
        int32_t c = bt_next(spoken.p + i, spoken.n - i, &k);
        char code = bt_letter(t, bt_small(c)).code;
        if (c < 0x80 ? is_spoken_ascii((unsigned char)c) : code != 0)
            out[n++] = bare(code);
        else if (c != ' ' && c != '-')
            return NULL;
    }
    return out;
}

bool bt_is_speakable(const struct letters *t, struct bt_str s)
{
    bool letter = false;
    const char *p = s.p, *end = p + s.n;
    for (size_t k = 1; p < end; p += k, k = 1) {
        unsigned char c = (unsigned char)*p;
        if (is_spoken_ascii(c)) {
            letter = true;
        } else if (c < 0x80) {
            if (!letter || (c != ' ' && c != '-'))
                return false;
            letter = false;
        } else {
            if (!is_spoken_letter(t, bt_next(p, (size_t)(end - p), &k)))
                return false;
            letter = true;
        }
    }
    return letter;
}

bool bt_is_spoken(const struct letters *t, struct bt_str s)
{
    struct bt_str word;
    if (!bt_is_speakable(t, s))
        return false;
    while (s.n) {
        char code[32];
        size_t n;
        unsigned tone;
        if (!next_word(&s, &word) || !bt_codes(t, word, code, sizeof(code), &n, &tone) ||
            !bt_is_syllable(t, code, n, tone))
            return false;
    }
    return true;
}
