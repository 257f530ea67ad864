/*
 * text: utterances, that is spoken Vietnamese with each word's span in the written text. Knows the
 * language; knows no engine. Words stand in voices/vi and the station's lexicon, which wins.
 *
 * Who owns what: a bt_lang owns its tables and is const once loaded (any thread may read it);
 * what is read lives in the caller's arena.
 */
#ifndef BT_TEXT_H
#define BT_TEXT_H

#include "base/base.h"
#include "host/host.h"
#include "script/script.h"

enum bt_dialect { BT_NORTH, BT_CENTRAL, BT_SOUTH }; /* which rows of the lexicon hold */

/* House style; zero is the northern default. */
struct bt_style {
    enum bt_dialect dialect;
    bool south_thousand; /* ngàn, else nghìn */
    bool south_and;      /* lẻ, else linh */
    bool plain_four;     /* bốn after mươi and tháng, else tư */
    bool decimal_number; /* 1,25: "hai mươi lăm", else digit by digit */
    bool short_year;     /* hai nghìn hai mươi lăm, else "không trăm" spoken */
    bool keep_suffix;    /* a document's suffix is always read */
};

enum bt_break {
    BT_BREAK_CLAUSE,
    BT_BREAK_SENTENCE,
    BT_BREAK_PARAGRAPH,
    BT_BREAK_HEADLINE,
    BT_BREAK_STORY,
    BT_BREAKS
};

struct bt_word {       /* one spoken word: a run of letters and inner hyphens */
    uint32_t at, len;  /* bytes in the utterance's spoken text */
    uint32_t from, to; /* bytes in the written text that it says, [from, to) */
};

/* One sentence. Its text holds Vietnamese syllables, hyphens between letters, spaces and
 * , . ? ! ; : and nothing else, ever. */
struct bt_utterance {
    const char *text;
    struct bt_word *word;
    size_t nword;
    uint32_t from, to; /* its span in the written text */
    enum bt_break after;
};

struct bt_doubt { /* a guess, a drop or an unknown word: for the producer, worst first */
    const char *written, *spoken; /* spoken "" when dropped */
    const char *rule;             /* class or table that decided, "file:line" where it has one */
    double margin;                /* 0 sheer guess … 1 sure */
    uint32_t from, to;
};

struct bt_reading {
    struct bt_utterance *utt;
    size_t nutt;
    struct bt_doubt *doubt;
    size_t ndoubt;
};

struct bt_lang;
/* Tables of `voices`/vi and `pack`/lexicon.tsv (pack may be NULL). BT_EFILE with file:line. */
bool bt_lang_load(const char *voices, const char *pack, struct bt_lang **out, struct bt_err *err);
void bt_lang_destroy(struct bt_lang *l);
/* The rows of all lexicons whose first column is `written` (every row when it is empty), in the
 * order in which they are tried: "file:line", then the row's columns, tab separated. */
void bt_lang_list(const struct bt_lang *l, struct bt_str written, struct bt_buf *out);

/* Any bytes in; never fails. One paragraph, headline or say; `last` is the break after its end. */
void bt_text_read(const struct bt_lang *l, const struct bt_style *style, struct bt_arena *a,
                  struct bt_str written, enum bt_break last, struct bt_reading *out);

/* For `bantin read --explain`: the tokens, classes, candidates and the rule that won, as text. */
void bt_text_explain(const struct bt_lang *l, const struct bt_style *style, struct bt_str written,
                     struct bt_buf *out);

/* ---- a rundown, line by line ---------------------------------------------------------------- */

struct bt_line { /* one utterance in its place */
    size_t cue;  /* index in the rundown */
    int part;    /* -2 say, -1 headline or title, 0 lead, 1… paragraph */
    const char *voice;
    const char *written; /* the whole part; the utterance's spans point into it */
    struct bt_utterance utt;
};
struct bt_lines {
    struct bt_line *line;
    size_t n;
    struct {
        size_t cue;
        const char *written; /* the whole part: the doubt's span is in it */
        struct bt_doubt doubt;
    } * doubt;
    size_t ndoubt;
    struct bt_silent { /* a lead or a paragraph of which nothing can be said */
        size_t cue;
        const char *written;
        size_t before; /* the line that follows it */
    } * silent;
    size_t nsilent;
};
struct bt_casting { /* the style in which a presenter, by name, is to be read for */
    const struct bt_style *(*style)(const void *ctx, const char *voice);
    const void *ctx;
};
/* What is said, in order: say, headlines, stories on air in their form. No casting: the house's. */
void bt_text_lines(const struct bt_lang *l, const struct bt_casting *casting, struct bt_arena *a,
                   const struct bt_rundown *r, struct bt_lines *out);

#endif
