/*
 * What the files of the text room share, and nobody else sees: tokens, the pass over them, the
 * classes that propose a reading, and the tables of a language.
 */
#ifndef BT_TEXT_PASS_H
#define BT_TEXT_PASS_H

#include "text/text.h"

#include <string.h>

/* ---- letters and syllables (syllable.c) --------------------------------------------------- */

/* A Vietnamese letter as one ASCII character: a ă=1 â=2 b c d đ=3 e ê=4 … ô=5 ơ=6 ư=7; f j w z are
 * themselves. 0: no such letter. Its tone is 0 (none) to 5: huyền sắc hỏi ngã nặng. */
struct letter {
    char code;
    uint8_t tone;
};
enum { PARTS = 1024 };
struct letters {
    struct letter low[0x1B1], high[0x1EFA - 0x1EA0];
    uint32_t part[PARTS]; /* initials and rimes, packed, in an open table */
    uint32_t bare[PARTS]; /* rimes without their marks */
};
void bt_letters_init(struct letters *t);
static inline struct letter bt_letter(const struct letters *t, int32_t c) /* of a small letter */
{
    if (c >= 0 && c < (int32_t)BT_LEN(t->low))
        return t->low[c];
    if (c >= 0x1EA0 && c < 0x1EFA)
        return t->high[c - 0x1EA0];
    return (struct letter){0, 0};
}
bool bt_same_letters(struct bt_str a, struct bt_str b); /* in any case */
bool bt_is_syllable(const struct letters *t, const char *code, size_t n, unsigned tone);
/* One consonant more than a syllable has: crô, Krông, Crưm. */
bool bt_is_near_syllable(const struct letters *t, const char *code, size_t n, unsigned tone);
/* Of small letters without marks. */
bool bt_is_bare_syllable(const struct letters *t, const char *s, size_t n);
/* Spoken words without their marks, spaces and hyphens: banbientap. NULL: it is not speakable. */
char *bt_joined(const struct letters *t, struct bt_arena *a, struct bt_str spoken);
/* Every word of s is made of Vietnamese letters, spaces and inner hyphens. */
bool bt_is_speakable(const struct letters *t, struct bt_str s);
/* The same, and every syllable is one. */
bool bt_is_spoken(const struct letters *t, struct bt_str s);
/* Its letters as codes and its tone; false when one is no Vietnamese letter. */
bool bt_codes(const struct letters *t, struct bt_str word, char *code, size_t max, size_t *n,
              unsigned *tone);

/* bt_utf8_get, at once for what Vietnamese is written in; the bytes are valid. */
static inline int32_t bt_next(const char *p, size_t n, size_t *len)
{
    const unsigned char *s = (const unsigned char *)p;
    *len = 1;
    if (s[0] < 0x80)
        return s[0];
    if (s[0] >= 0xC2 && s[0] < 0xE0 && n > 1 && (s[1] & 0xC0) == 0x80) {
        *len = 2;
        return (s[0] & 0x1F) << 6 | (s[1] & 0x3F);
    }
    if (s[0] == 0xE1 && n > 2 && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80) {
        *len = 3;
        return 0x1000 | (s[1] & 0x3F) << 6 | (s[2] & 0x3F);
    }
    return bt_utf8_get(p, n, len);
}

/* bt_lower, at once for what Vietnamese needs. */
static inline int32_t bt_small(int32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0x1EA0 && c < 0x1EFA)
        return c | 1;
    return c >= 0xE0 && c < 0x100 ? c : bt_lower(c);
}

/* ---- tokens (clean.c, token.c) ------------------------------------------------------------ */

enum { T_WORD, T_NUM, T_SYM, T_END };
enum {
    S_UPPER = 1,  /* no small letter */
    S_CAP = 2,    /* begins with a capital */
    S_VIET = 4,   /* a Vietnamese syllable */
    S_MARKED = 8, /* has letters beyond ASCII */
    S_LATIN = 16, /* every letter is in the table of letters */
    S_NEAR = 64,  /* a syllable with one consonant more, and Vietnamese marks */
    S_INNER = 32  /* a capital after a small letter, as in "YouTube" */
};

struct token {
    uint8_t kind, flags;
    bool space, line; /* white space, a line's end before it */
    uint32_t at, len; /* in the clean text */
    uint32_t letters;
    int32_t sym;          /* T_SYM: the code point */
    uint64_t hash;        /* of the small letters; the tone counts, its place does not */
    uint64_t caps;        /* which letters are capitals */
    uint64_t left, right; /* rows of cues.tsv of which a phrase ends, begins here */
};

struct clean {
    char *text; /* NFC; NUL-ended */
    size_t n;
    uint32_t *map; /* n + 1 places in the written text */
};
void bt_clean(struct bt_str written, struct clean *out);
void bt_clean_finish(struct clean *c);

struct tokens {
    struct token *tok; /* ends with a T_END */
    size_t n, cap;
    bool of_table; /* nobody asks for S_VIET and S_NEAR */
};
void bt_tokens(struct bt_arena *a, const struct letters *t, const char *text, size_t n,
               struct tokens *out);

/* ---- tables (lang.c, lexicon.c, cue.c) ---------------------------------------------------- */

struct slot { /* of an open-addressing table: 0 is an empty place */
    uint64_t key;
    uint32_t value;
};
struct map {
    struct slot *slot;
    size_t cap, n;
};
uint32_t bt_map_get(const struct map *m, uint64_t key); /* 0: not there */
uint32_t *bt_map_put(struct map *m, uint64_t key);
void bt_map_reserve(struct map *m, size_t more);
void bt_map_finish(struct map *m);
uint64_t bt_hash_bytes(const char *p, size_t n);
uint64_t bt_hash_mix(uint64_t h, uint64_t k);
uint64_t bt_word_hash(const char *s, size_t n); /* a token's, of small ASCII letters */

enum bt_cue_side { LEFT, RIGHT };
struct entry { /* a row of a lexicon */
    struct bt_str written, spoken;
    const struct bt_str *cue; /* by enum bt_cue_side; NULL: it has none */
    uint64_t caps;
    bool any_case, title_case, station;
    bool title;      /* domain "title": a full stop after it ends nothing */
    uint8_t dialect; /* 0 all, 1 north, 2 central, 3 south */
    uint8_t file;
    uint32_t line, next;
};
struct lexicon {
    struct entry *entry; /* from 1 */
    size_t n;
    struct map prefix; /* of every beginning of every entry; value: first entry or PREFIX */
};

struct word_row { /* a row of units.tsv, symbols.tsv … */
    struct bt_str written, spoken, kind;
    uint32_t line;
    uint8_t file;
};
struct words {
    struct word_row *row; /* from 1 */
    size_t n, cap;
    struct map map; /* by the written bytes */
    struct map low; /* by their small letters: the first row */
};

struct sound { /* a row of sounds.tsv, or a sign of a language */
    struct bt_str written;
    const char *onset; /* a vowel; a consonant before one */
    const char *coda;  /* a consonant after a vowel, "" falls silent. NULL: this is a vowel */
    bool whole;        /* onset is a syllable that stands alone */
    bool start, end;   /* only there in a word */
    unsigned lang;     /* 0: every language */
    uint32_t line;
    size_t next; /* with the same first byte */
};
struct sounds {
    struct sound *row; /* from 1 */
    size_t n, first[256];
    struct sound *other; /* what is written otherwise before it is said: its onset */
    size_t nother;
    struct sound *sign;
    size_t nsign;
    struct bt_str lang[16];
    unsigned nlang;
    int file;
};

struct cue_row {
    int weight, reach;
    uint32_t line;
};
struct cue_phrase {
    uint64_t hash[6];
    int n;
    enum bt_cue_side side;
    unsigned row;
    uint32_t next;
};
struct cues {
    struct cue_row row[2][64]; /* by side */
    size_t nrow[2];
    struct cue_phrase *phrase; /* from 1 */
    size_t nphrase;
    struct map first; /* of a phrase's first word */
    int prior[64];    /* by class */
    uint32_t prior_line[64];
    uint64_t of[2][64]; /* by side and class: its rows */
};

enum { MAX_FILES = 24 };
struct bt_lang {
    struct bt_arena *a;
    struct letters letters;
    struct lexicon lexicon;
    struct words units, symbols, names, docs, places, web, pinyin, korean;
    struct sounds sounds;
    struct cues cues;
    const char *file[MAX_FILES];
    struct bt_buf text[MAX_FILES]; /* of the files; rows point into it */
    int nfile;
};

#define BT_TEXT_CLASSES(X)                                                                         \
    X(PLAIN, "plain")                                                                              \
    X(CARDINAL, "cardinal")                                                                        \
    X(RANGE, "range")                                                                              \
    X(DATE, "date")                                                                                \
    X(MONTH, "month")                                                                              \
    X(YEARS, "years")                                                                              \
    X(FRACTION, "fraction")                                                                        \
    X(RATIO, "ratio")                                                                              \
    X(SCORE, "score")                                                                              \
    X(MINUS, "minus")                                                                              \
    X(TIME, "time")                                                                                \
    X(DURATION, "duration")                                                                        \
    X(DIGITS, "digits")                                                                            \
    X(VERSION, "version")                                                                          \
    X(ROMAN, "roman")                                                                              \
    X(LEXICON, "lexicon")                                                                          \
    X(UNIT, "unit")                                                                                \
    X(MONEY, "money")                                                                              \
    X(SHORT, "short")                                                                              \
    X(PER, "per")                                                                                  \
    X(CODE, "code")                                                                                \
    X(PLATE, "plate")                                                                              \
    X(PHONE, "phone")                                                                              \
    X(DOC, "doc")                                                                                  \
    X(ROAD, "road")                                                                                \
    X(ADDRESS, "address")                                                                          \
    X(WEB, "web")                                                                                  \
    X(WEEKDAY, "weekday")                                                                          \
    X(COMPOUND, "compound")                                                                        \
    X(FOREIGN, "foreign")                                                                          \
    X(LETTERS, "letters")                                                                          \
    X(SYMBOL, "symbol")                                                                            \
    X(STOP, "stop")                                                                                \
    X(ORDINAL, "ordinal")                                                                          \
    X(FLIGHT, "flight")                                                                            \
    X(CAPS, "caps")                                                                                \
    X(YEAR, "year")                                                                                \
    X(INITIALS, "initials")                                                                        \
    X(BOAT, "boat")                                                                                \
    X(SERIAL, "serial")                                                                            \
    X(MONTHS, "months")                                                                            \
    X(AGES, "ages")                                                                                \
    X(PILLS, "pills")                                                                              \
    X(NAMED, "named")                                                                              \
    X(QUAKE, "quake")                                                                              \
    X(COMPASS, "compass")                                                                          \
    X(PLACES, "places")                                                                            \
    X(GOAL, "goal")
enum bt_class_id {
#define X(id, name) C_##id,
    BT_TEXT_CLASSES(X)
#undef X
        C_COUNT
};
extern const char *const bt_class_names[C_COUNT];

size_t bt_rows(struct bt_str text); /* its lines */

/* Row by row through a table, comments and empty lines left out. */
enum { COLUMNS = 6 };
struct rows {
    struct bt_lang *l;
    int file;
    struct bt_str rest; /* at first: all of it, with a NUL behind it */
    int min, max;       /* columns */
    int decoded; /* columns of which the caller looks at every letter, and so finds what is no UTF-8
                  */
    bool bad;    /* it ended at a fault, which err tells */
    struct bt_str col[COLUMNS], whole; /* trimmed; those that are not there are empty */
    int n;
    uint32_t line;
};
bool bt_row_next(struct rows *r, struct bt_err *err);
struct bt_row bt_row_here(const struct rows *r);
/* False, for a message about s; or that the row is no UTF-8. */
bool bt_row_fault(const struct rows *r, struct bt_err *err, enum bt_msg id, struct bt_str s);
void bt_lexicon_reserve(struct lexicon *x, size_t rows); /* of all lexicons, before the first */
bool bt_lexicon_add(struct bt_lang *l, int file, struct bt_str text, bool station,
                    struct bt_err *err);
/* Words with their marks; what is written is the same without marks and spaces, kind vi. */
bool bt_joined_add(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err);
bool bt_sounds_add(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err);
bool bt_words_add(struct bt_lang *l, struct words *w, int file, struct bt_str text,
                  struct bt_err *err);
const struct word_row *bt_words_find(const struct words *w, struct bt_str key);
/* The same in any case. */
const struct word_row *bt_words_find_low(struct bt_arena *a, const struct words *w,
                                         struct bt_str key);
bool bt_cues_add(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err);
void bt_cues_mark(const struct bt_lang *l, struct tokens *t);

/* ---- the pass (read.c) -------------------------------------------------------------------- */

struct num { /* digits without their separators, and how many tokens they took */
    const char *ip, *fp;
    uint32_t nip, nfp, ntok;
    bool grouped, dot; /* 1.000; the fraction stood after a dot */
    uint64_t value;    /* of the whole part, up to UINT64_MAX / 10 */
};

enum { SEQ_MAX = 8 };
struct seq {   /* numbers with one separator between each: 24/11/2025, 3-5, 8:30 */
    size_t at; /* the token it was made for, + 1 */
    int n;
    size_t tok[SEQ_MAX];
    uint32_t val[SEQ_MAX], len[SEQ_MAX];
    bool lead0[SEQ_MAX];
    char sep[SEQ_MAX]; /* after number k */
    bool spaced[SEQ_MAX];
};

struct cand { /* a proposal for the tokens from i on */
    const struct bt_text_class *cls;
    int id; /* enum bt_class_id, for cues */
    int score;
    uint32_t ntok;
    int rival; /* how far the next best class stands below, or less */
    int form, v[8];
    struct num num[2];
    const void *ref;
};

struct piece { /* a spoken word on its way out */
    const char *p;
    uint32_t n;
    char mark;   /* after it, or 0 */
    bool join;   /* a hyphen joins it to the next */
    uint8_t end; /* 1 + enum bt_break after it, or 0 */
    uint32_t from, to;
};

struct pass {
    const struct bt_lang *l;
    const struct bt_style *style;
    struct bt_arena *a; /* dies with the pass */
    struct bt_str written;
    struct clean clean;
    const struct token *tok;
    size_t n;
    struct piece *piece;
    size_t npiece, cap;
    struct bt_doubt *doubt;
    size_t ndoubt;
    int last; /* class of what was read last, C_PLAIN for a plain word */
    int last_form;
    size_t last_end; /* the token after it */
    int heard;       /* the same, with pauses passed over */
    size_t heard_end;
    bool dated; /* a date has been read */
    bool caps;  /* the text is set in capitals */
    struct seq seq;
    struct tokens phrase; /* of a row's cue, as it is tried */
    size_t no_web;        /* up to here nothing looks like an address */
    size_t placed;        /* the token after the last part of an address, 0: none */
    int32_t quote;        /* the sign of a quotation that is open, or 0 */
    struct bt_buf *trace;
};

struct bt_text_class {
    const char *name;
    int id;          /* enum bt_class_id, unless find says another */
    unsigned starts; /* bits 1 << T_… */
    bool (*find)(struct pass *p, size_t i, struct cand *c);
    void (*say)(struct pass *p, size_t i, const struct cand *c);
};
extern const struct bt_text_class bt_text_classes[];
extern const size_t bt_text_nclass;

void bt_pass_run(struct pass *p);
void bt_read_traced(const struct bt_lang *l, const struct bt_style *style, struct bt_arena *a,
                    struct bt_str written, enum bt_break last, struct bt_buf *trace,
                    struct bt_reading *out);
bool bt_best(struct pass *p, size_t i, struct cand *best);
/* For --explain, with the table's file:line; NULL says nothing. */
void bt_trace_row(struct pass *p, const struct word_row *r);
void bt_trace_entry(struct pass *p, const struct entry *e);

/* Tokens. Past either end there is a T_END. In line, for every class asks them at every token. */
extern const struct token bt_past_end;
bool bt_same_word(const char *s, const char *w, size_t n); /* w in small letters, s in any case */

static inline const struct token *bt_at(const struct pass *p, size_t i)
{
    return i <= p->n ? &p->tok[i] : &bt_past_end;
}

static inline struct bt_str bt_text_of(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    return (struct bt_str){p->clean.text + t->at, t->len};
}

/* The sign c, whatever stands before it. */
static inline bool bt_sym(const struct pass *p, size_t i, int32_t c)
{
    const struct token *t = bt_at(p, i);
    return t->kind == T_SYM && t->sym == c;
}

/* No space before it. */
static inline bool bt_glued_sym(const struct pass *p, size_t i, int32_t c)
{
    return bt_sym(p, i, c) && !bt_at(p, i)->space;
}

/* A token of that kind, no space before it. */
static inline bool bt_glued(const struct pass *p, size_t i, int kind)
{
    const struct token *t = bt_at(p, i);
    return t->kind == kind && !t->space;
}

static inline bool bt_word_is(const struct pass *p, size_t i, const char *w)
{
    const struct token *t = bt_at(p, i);
    size_t n = strlen(w);
    return t->kind == T_WORD && t->len == n && bt_same_word(p->clean.text + t->at, w, n);
}

bool bt_is_dash(int32_t c);
/* The spoken word that stands before token i, or NULL. */
const struct token *bt_before(const struct pass *p, size_t i);
/* Prior and cues of a class for the tokens [i, j). */
int bt_weigh(struct pass *p, int id, size_t i, size_t j);
bool bt_cued(struct pass *p, int id, enum bt_cue_side side, size_t i);

/* Numbers (number.c). */
bool bt_num(struct pass *p, size_t i, struct num *n);
bool bt_num_less(const struct num *a, const struct num *b);
const struct seq *bt_seq(struct pass *p, size_t i);

/* Words out (say.c). Each takes the tokens [i, j) that it says. */
void bt_say(struct pass *p, const char *words, size_t i, size_t j);
void bt_say_str(struct pass *p, struct bt_str words, size_t i, size_t j);
struct bt_str bt_capital(struct pass *p, struct bt_str s); /* its first letter made one */
void bt_say_mark(struct pass *p, char mark);
void bt_say_end(struct pass *p, char mark, enum bt_break brk);
void bt_say_int(struct pass *p, const char *d, size_t n, size_t i, size_t j);
void bt_say_value(struct pass *p, uint64_t v, size_t i, size_t j);
void bt_say_digits(struct pass *p, const char *d, size_t n, size_t i, size_t j);
void bt_say_num(struct pass *p, const struct num *n, const char *point, size_t i, size_t j);
void bt_say_ordinal(struct pass *p, uint64_t v, size_t i, size_t j);
void bt_say_month(struct pass *p, uint64_t v, size_t i, size_t j);
void bt_say_letter(struct pass *p, int32_t c, size_t i, size_t j);
void bt_say_letters(struct pass *p, size_t i, size_t j); /* every letter and digit of tokens */
/* The words of tokens [i, end), ASCII words and the signs between them (split.c). A piece never
 * goes over a sign; it begins at byte `at` of the clean text. */
enum { BT_JOINED_MAX = 128 };
enum bt_joined_how {
    BT_JOINED_KNOWN,
    BT_JOINED_GUESS, /* a lone syllable whose marks are only the usual ones */
    BT_JOINED_BARE,  /* a syllable whose marks are not known */
    BT_JOINED_FOREIGN,
    BT_JOINED_LETTER
};
struct bt_joined_piece {
    struct bt_str words;
    const struct word_row *row; /* of web.tsv or joined.tsv that knows it */
    const struct entry *entry;  /* of a lexicon */
    size_t tok, at;
    enum bt_joined_how how;
};
struct bt_joined {
    struct bt_joined_piece piece[BT_JOINED_MAX];
    size_t n;
};
void bt_join(struct pass *p, size_t i, size_t end, struct bt_joined *out);
/* Small ASCII letters that the rules of foreign spelling can carry (foreign.c). */
bool bt_is_readable(const char *s, size_t n);
/* The sound of small letters that can only be pinyin, or NULL (pinyin.c). */
char *bt_pinyin(struct pass *p, const char *s);
/* "de", "von", "The" before a foreign name: how it is said there, or NULL (foreign.c). */
const char *bt_particle(const struct pass *p, size_t i);
/* The letters of token k are the initials of the words that end before token `end` (doc.c). */
bool bt_is_short_for(struct pass *p, size_t k, size_t end);
/* "cổ phiếu THB", "mã chứng khoán GAS", "mã THB": what may be the name of a share. */
bool bt_is_share(const struct pass *p, size_t i);
bool bt_say_department(struct pass *p, size_t i); /* SGTVT: false when it is none */
void bt_say_foreign(struct pass *p, struct bt_str word, size_t i, size_t j);
/* The pieces from `first` on are a guess for the tokens [i, j). */
void bt_doubt_said(struct pass *p, size_t first, size_t i, size_t j, const char *rule,
                   double margin);
void bt_doubt_add(struct pass *p, size_t i, size_t j, const char *spoken, const char *rule,
                  double margin);

/* Lexicon. The longest entry that begins at token i; its tokens in *ntok. */
const struct entry *bt_lexicon_entry(struct pass *p, size_t i, uint32_t *ntok);
/* The entry of token i alone, whatever grows to it. */
const struct entry *bt_lexicon_word(struct pass *p, size_t i);
uint64_t bt_sequence_hash(const struct token *tok, size_t n);
/* The row of one word in small letters that holds in any case and needs no cue, or NULL. */
const struct entry *bt_lexicon_half(const struct bt_lang *l, const char *low, size_t n);

/* 11N, "16N; 108E": the number at token i is degrees (unit.c). */
bool bt_is_place_on_map(struct pass *p, size_t i);
/* The longest unit of units.tsv at token i, or NULL (unit.c). */
const struct word_row *bt_unit_at(struct pass *p, size_t i, uint32_t *ntok);

/* Utterances out of the pieces, and the doubts, all of it in `a` (sentence.c). */
void bt_sentences(struct pass *p, enum bt_break last, struct bt_arena *a, struct bt_reading *out);

/* Roman numerals (roman.c): 0 when it is none. */
unsigned bt_roman(struct bt_str s);

/* ---- what somebody is quoted with (quote.c) ------------------------------------------------- */

struct bt_part {
    struct bt_utterance utt;
    bool speech; /* somebody is quoted with it */
};
/* The sentence, cut where a quotation begins and ends; one part when it does neither. */
size_t bt_quote_cut(struct bt_arena *a, const char *written, const struct bt_utterance *u,
                    struct bt_part **out);

#endif
