/*
 * Addresses on the web, e-mail, hashtags, names of files. Their words: web.tsv, the lexicon,
 * unaccented Vietnamese split into syllables, foreign spelling, letters, in that order.
 */
#include "text/class.h"

enum { RUN_MAX = 64 };

static bool in_run(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    return t->kind == T_WORD || t->kind == T_NUM ||
           (t->kind == T_SYM && t->sym < 0x80 && strchr("./:@-_?=&#%+~", (char)t->sym));
}

static size_t run_end(const struct pass *p, size_t i)
{
    size_t k = i;
    while (k - i < RUN_MAX && in_run(p, k) && (k == i || !bt_at(p, k)->space))
        k++;
    while (k > i && bt_at(p, k - 1)->kind == T_SYM && bt_at(p, k - 1)->sym != '/')
        k--;
    return k;
}

static const struct word_row *web_word(struct pass *p, size_t i)
{
    struct bt_str s = bt_text_of(p, i);
    return bt_words_find(&p->l->web, bt_str(bt_lower_str(p->a, s)));
}

static bool is_kind(struct pass *p, size_t i, const char *kind)
{
    const struct word_row *w = bt_at(p, i)->kind == T_WORD ? web_word(p, i) : NULL;
    if (!w && strcmp(kind, "file") == 0 && bt_word_is(p, i, "mp") && bt_glued(p, i + 1, T_NUM))
        return true;
    return w && bt_str_is(w->kind, kind);
}

/* A top-level domain or an ending of a file stands after a full stop; an @ between words. */
static bool looks_like_web(struct pass *p, size_t i, size_t end)
{
    bool scheme = (bt_word_is(p, i, "http") || bt_word_is(p, i, "https")) &&
                  bt_sym(p, i + 1, ':') && bt_sym(p, i + 2, '/');
    bool www = bt_word_is(p, i, "www") && bt_sym(p, i + 1, '.');
    if (scheme || www)
        return end > i + 2;
    for (size_t k = i + 1; k + 1 < end; k++) {
        bool word = bt_at(p, k - 1)->kind != T_SYM && bt_at(p, k + 1)->kind != T_SYM;
        if (bt_sym(p, k, '@') && word)
            return true;
        bool last = k + 2 == end || bt_at(p, k + 2)->kind == T_SYM ||
                    (is_kind(p, k + 1, "file") && bt_at(p, k + 2)->kind == T_NUM);
        bool latin = bt_at(p, k - 1)->kind == T_NUM || !(bt_at(p, k - 1)->flags & S_MARKED);
        if (bt_sym(p, k, '.') && word && latin && last &&
            (is_kind(p, k + 1, "domain") || is_kind(p, k + 1, "file")))
            return true;
    }
    return false;
}

/* ".vn", ".gov.vn", ".exe" without a name. */
static bool bare_ending(struct pass *p, size_t i, struct cand *c)
{
    size_t k = i;
    if (i && !bt_at(p, i)->space && bt_at(p, i - 1)->kind != T_SYM)
        return false;
    while (bt_sym(p, k, '.') && bt_glued(p, k + 1, T_WORD) &&
           (bt_at(p, k + 1)->caps == 0 || bt_at(p, k + 1)->flags & S_UPPER) &&
           (is_kind(p, k + 1, "domain") || is_kind(p, k + 1, "file")))
        k += 2 + bt_glued(p, k + 2, T_NUM);
    if (k == i || bt_glued(p, k, T_WORD))
        return false;
    c->ntok = (uint32_t)(k - i);
    c->score = bt_weigh(p, C_WEB, i, k);
    return true;
}

bool bt_web_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i), *next = bt_at(p, i + 1);
    if (i && !t->space && bt_at(p, i - 1)->kind != T_SYM)
        return false;
    if (t->kind == T_SYM && t->sym == '.')
        return bare_ending(p, i, c);
    if (t->kind == T_SYM) {
        bool tag = (t->sym == '#' || t->sym == '@') && next->kind == T_WORD && !next->space;
        if (!tag)
            return false;
        bool handle = t->sym == '@';
        size_t k = i + 1;
        while (k - i < RUN_MAX &&
               (bt_glued(p, k, T_WORD) || bt_glued(p, k, T_NUM) ||
                ((bt_glued_sym(p, k, '_') || (handle && bt_glued_sym(p, k, '.'))) &&
                 bt_at(p, k + 1)->kind != T_SYM && !bt_at(p, k + 1)->space &&
                 bt_at(p, k + 1)->kind != T_END)))
            k++;
        c->ntok = (uint32_t)(k - i);
        c->score = bt_weigh(p, C_WEB, i, k);
        return true;
    }
    if (i < p->no_web)
        return false;
    size_t end = run_end(p, i);
    if (end < i + 3 || !looks_like_web(p, i, end)) {
        p->no_web = end;
        return false;
    }
    c->ntok = (uint32_t)(end - i);
    c->score = bt_weigh(p, C_WEB, i, end);
    return true;
}

static const struct {
    char sign;
    const char *spoken;
} signs[] = {{'.', "chấm"},       {'/', "gạch chéo"}, {':', "hai chấm"},  {'@', "a còng"},
             {'-', "gạch ngang"}, {'_', "gạch dưới"}, {'?', "chấm hỏi"},  {'=', "bằng"},
             {'&', "và"},         {'#', "thăng"},     {'%', "phần trăm"}, {'+', "cộng"},
             {'~', "ngã"}};

static void say_sign(struct pass *p, size_t i)
{
    for (size_t k = 0; k < BT_LEN(signs); k++)
        if (bt_at(p, i)->sym == signs[k].sign)
            bt_say(p, signs[k].spoken, i, i + 1);
}

static const struct {
    const char *rule;
    double margin; /* 1: no doubt */
} trust[] = {[BT_JOINED_KNOWN] = {"web.tsv", 1},
             [BT_JOINED_GUESS] = {"joined.tsv", 0.4},
             [BT_JOINED_BARE] = {"joined.tsv", 0.2},
             [BT_JOINED_FOREIGN] = {"foreign", 1}, /* says its own */
             [BT_JOINED_LETTER] = {"letters.tsv", 1}};

static void say_piece(struct pass *p, const struct bt_joined_piece *x)
{
    struct bt_str written = {p->clean.text + x->at, x->words.n};
    if (p->trace) {
        bt_trace_row(p, x->row);
        bt_trace_entry(p, x->entry);
    }
    if (x->how == BT_JOINED_FOREIGN)
        bt_say_foreign(p, written, x->tok, x->tok + 1);
    else if (x->how == BT_JOINED_LETTER)
        for (size_t k = 0; k < written.n; k++)
            bt_say_letter(p, (unsigned char)written.p[k], x->tok, x->tok + 1);
    else
        bt_say_str(p, x->words, x->tok, x->tok + 1);
}

static bool in_stretch(const struct pass *p, size_t k)
{
    const struct token *t = bt_at(p, k);
    bool link = t->kind == T_SYM && t->sym < 0x80 && strchr(".-_", (char)t->sym);
    return link || (t->kind == T_WORD && !(t->flags & S_MARKED));
}

static size_t stretch_end(const struct pass *p, size_t i, size_t end)
{
    size_t k = i, letters = 0;
    for (; k < end && in_stretch(p, k); k++) {
        letters += bt_at(p, k)->letters;
        if (k > i && letters > BT_JOINED_MAX)
            break;
    }
    return k;
}

/* The row of the guess, or the table that wants one. */
static void doubt_piece(struct pass *p, size_t first, const struct bt_joined_piece *x)
{
    const char *rule = trust[x->how].rule;
    if (x->row)
        rule = bt_format(p->a, "%s:%u", rule, x->row->line);
    bt_doubt_said(p, first, x->tok, x->tok + 1, rule, trust[x->how].margin);
}

/* Words and the signs between them: what is known of one may go on in the next, tin-tuc. */
static void say_stretch(struct pass *p, size_t i, size_t end)
{
    struct bt_joined x;
    size_t first = p->npiece, n = 0;
    bt_join(p, i, end, &x);
    for (; i < end; i++) {
        if (bt_at(p, i)->kind == T_SYM)
            say_sign(p, i);
        const struct bt_joined_piece *worst = NULL;
        for (; n < x.n && x.piece[n].tok == i; n++) {
            say_piece(p, &x.piece[n]);
            if (trust[x.piece[n].how].margin < (worst ? trust[worst->how].margin : 1))
                worst = &x.piece[n];
        }
        if (worst)
            doubt_piece(p, first, worst);
        first = p->npiece;
    }
}

static size_t say_word(struct pass *p, size_t k, size_t end)
{
    const struct token *t = bt_at(p, k);
    size_t to = stretch_end(p, k, end);
    if (to == k || t->letters > BT_JOINED_MAX) {
        bt_say_foreign(p, bt_text_of(p, k), k, k + 1);
        return k + 1;
    }
    say_stretch(p, k, to);
    return to;
}

static void say_number(struct pass *p, size_t k)
{
    struct bt_str s = bt_text_of(p, k);
    bool year = s.n == 4 && (!memcmp(s.p, "19", 2) || !memcmp(s.p, "20", 2));
    bool host = s.n == 4 && !year && bt_glued_sym(p, k + 1, '.'); /* 1688.com */
    if (s.n <= 4 && s.p[0] != '0' && !host)
        bt_say_int(p, s.p, s.n, k, k + 1);
    else
        bt_say_digits(p, s.p, s.n, k, k + 1);
}

void bt_web_say(struct pass *p, size_t i, const struct cand *c)
{
    size_t k = i, end = i + c->ntok;
    bool scheme = (bt_word_is(p, i, "http") || bt_word_is(p, i, "https")) && bt_sym(p, i + 1, ':');
    if (scheme) {
        bt_say_letters(p, i, i + 1);
        for (k = i + 1; k < end && bt_at(p, k)->kind == T_SYM; k++)
            ; /* "://" is not told */
    }
    if (bt_sym(p, i, '#') && bt_word_is(p, i - 1, "hashtag"))
        k++;
    while (k < end) {
        const struct token *t = bt_at(p, k);
        bool last_slash = k + 1 == end && t->sym == '/';
        if (t->kind == T_WORD) {
            k = say_word(p, k, end);
            continue;
        }
        if (t->kind == T_SYM && !last_slash)
            say_sign(p, k);
        else if (t->kind == T_NUM)
            say_number(p, k);
        k++;
    }
}
