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

bool bt_web_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i), *next = bt_at(p, i + 1);
    if (i && !t->space && bt_at(p, i - 1)->kind != T_SYM)
        return false;
    if (t->kind == T_SYM) {
        bool tag = (t->sym == '#' || t->sym == '@') && next->kind == T_WORD && !next->space;
        if (!tag)
            return false;
        size_t k = i + 1;
        while (k - i < RUN_MAX && (bt_glued(p, k, T_WORD) || bt_glued(p, k, T_NUM) ||
                                   (bt_glued_sym(p, k, '_') && bt_at(p, k + 1)->kind != T_SYM)))
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

static void say_label(struct pass *p, size_t i, bool marks)
{
    const struct word_row *w = web_word(p, i);
    const struct token *t = bt_at(p, i);
    uint32_t n = 0;
    const struct entry *e = w ? NULL : bt_lexicon_entry(p, i, &n);
    if (w && w->spoken.n && (marks || !bt_str_is(w->kind, "vi")))
        bt_say_str(p, w->spoken, i, i + 1);
    else if (e && n == 1)
        bt_say_str(p, e->spoken, i, i + 1);
    else if (t->letters <= 3 && !(t->flags & S_VIET))
        bt_say_letters(p, i, i + 1);
    else if (!bt_say_split(p, i, marks))
        bt_say_foreign(p, bt_text_of(p, i), i, i + 1);
}

/* The marks of unaccented Vietnamese come back in the whole address or in none of it. */
static bool marks_known(struct pass *p, size_t i, size_t end)
{
    for (size_t k = i; k < end; k++) {
        uint32_t n;
        bool own = bt_at(p, k)->kind != T_WORD || bt_at(p, k)->letters < 3 || web_word(p, k) ||
                   bt_lexicon_entry(p, k, &n);
        if (!own && bt_can_split(p, k, false) && !bt_can_split(p, k, true))
            return false;
    }
    return true;
}

void bt_web_say(struct pass *p, size_t i, const struct cand *c)
{
    size_t k = i, end = i + c->ntok;
    bool scheme = (bt_word_is(p, i, "http") || bt_word_is(p, i, "https")) && bt_sym(p, i + 1, ':');
    bool marks = marks_known(p, i, end);
    if (scheme) {
        bt_say_letters(p, i, i + 1);
        for (k = i + 1; k < end && bt_at(p, k)->kind == T_SYM; k++)
            ; /* "://" is not told */
    }
    if (bt_sym(p, i, '@'))
        bt_say(p, "a còng", i, ++k);
    else if (bt_sym(p, i, '#'))
        k++;
    for (; k < end; k++) {
        const struct token *t = bt_at(p, k);
        if (t->kind == T_SYM && !(k + 1 == end && t->sym == '/'))
            say_sign(p, k);
        else if (t->kind == T_NUM && t->len <= 4 && p->clean.text[t->at] != '0')
            bt_say_int(p, p->clean.text + t->at, t->len, k, k + 1);
        else if (t->kind == T_NUM)
            bt_say_digits(p, p->clean.text + t->at, t->len, k, k + 1);
        else if (t->kind == T_WORD)
            say_label(p, k, marks);
    }
}
