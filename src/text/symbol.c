/*
 * Symbols: those that are spoken (symbols.tsv), those that are pauses, those that are dropped.
 * Knows where a sentence ends; knows no numbers.
 */
#include "text/class.h"

/* ---- spoken --------------------------------------------------------------------------------- */

/* A+, BBB-: a grade. */
static bool is_grade(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i - 1), *next = bt_at(p, i + 1);
    bool letters = t->kind == T_WORD && t->flags & S_UPPER && t->letters <= 3;
    for (size_t k = 0; letters && bt_sym(p, i, '-') && k < t->len; k++)
        letters = strchr("ABCD", p->clean.text[t->at + k]) != NULL;
    return i && !bt_at(p, i)->space && letters &&
           (next->space || next->kind == T_SYM || next->kind == T_END);
}

bool bt_symbol_find(struct pass *p, size_t i, struct cand *c)
{
    const struct word_row *w = bt_words_find(&p->l->symbols, bt_text_of(p, i));
    if (!w || (bt_sym(p, i, '-') && !is_grade(p, i)))
        return false;
    bool before = i && bt_at(p, i - 1)->kind == T_NUM, after = bt_at(p, i + 1)->kind == T_NUM;
    bool between = i && bt_at(p, i - 1)->kind != T_SYM && bt_at(p, i + 1)->kind != T_SYM;
    if ((bt_str_is(w->kind, "before-number") && !after) ||
        (bt_str_is(w->kind, "after-number") && !before && p->last_end != i) ||
        (bt_str_is(w->kind, "by-number") && !before && !after) ||
        (bt_str_is(w->kind, "between") && !between && !is_grade(p, i)))
        return false;
    c->ref = w;
    c->ntok = 1;
    c->score = 70;
    return true;
}

void bt_symbol_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct word_row *w = c->ref;
    bt_say_str(p, w->spoken, i, i + 1);
}

/* ---- pauses --------------------------------------------------------------------------------- */

enum { NOTHING, CLAUSE, JOIN, SENTENCE };

static bool opens_sentence(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    while (t->kind == T_SYM && strchr("\"'()[]-", (char)t->sym) && t->sym < 0x80)
        t = bt_at(p, ++i);
    return t->kind == T_END || t->line || t->kind == T_NUM || t->flags & S_CAP ||
           (t->kind == T_SYM && bt_is_dash(t->sym)) || (t->kind == T_WORD && !(t->flags & S_LATIN));
}

static bool one_letter(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i - 1);
    return i && t->kind == T_WORD && t->letters == 1 && t->flags & S_UPPER && !bt_at(p, i)->space;
}

/* The full stop of "C. Mác", "Gerald R. Ford", not that of "Nguyễn Văn A." nor of "châu Á." */
static bool is_initial(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i - 1), *name = bt_at(p, i - 2);
    bool ends_name = i > 2 && name->flags & S_VIET && name->flags & S_CAP && t->space &&
                     bt_at(p, i - 3)->flags & S_CAP;
    bool word = t->flags & S_MARKED && t->flags & S_VIET;
    return one_letter(p, i) && !ends_name && !word;
}

static int full_stop(struct pass *p, size_t i)
{
    const struct token *next = bt_at(p, i + 1);
    if (one_letter(p, i) && (bt_sym(p, i + 1, '(') || next->kind == T_NUM))
        return NOTHING; /* "Lê Văn Q. 7 năm tù" */
    bool title = p->last == C_LEXICON && p->last_form && p->last_end == i;
    if (next->kind == T_END)
        return SENTENCE;
    bool short_form = bt_cued(p, C_STOP, LEFT, i) && bt_at(p, i - 1)->flags & S_CAP &&
                      next->kind == T_WORD && next->flags & S_CAP;
    if ((title || short_form) && !next->line)
        return NOTHING;
    if (!next->space && next->kind == T_NUM)
        return NOTHING;
    if (!next->space && next->kind == T_WORD) {
        const struct token *b = bt_at(p, i - 1);
        bool missing = next->flags & S_CAP && i && b->flags & S_VIET && !(b->flags & S_CAP);
        return missing ? SENTENCE : NOTHING;
    }
    if (is_initial(p, i) && p->last != C_UNIT && next->kind == T_WORD && next->flags & S_CAP)
        return NOTHING;
    return opens_sentence(p, i + 1) ? SENTENCE : NOTHING;
}

static int dash(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i), *b = bt_at(p, i - 1), *next = bt_at(p, i + 1);
    if (i == 0 || t->line)
        return NOTHING;
    if (t->space && (next->space || next->kind == T_WORD))
        return CLAUSE;
    bool words = b->kind == T_WORD && next->kind == T_WORD && !t->space && !next->space;
    return words && b->flags & S_VIET && next->flags & S_VIET ? JOIN
           : t->sym == 0x2013 && next->space                  ? CLAUSE
                                                              : NOTHING;
}

static const struct {
    const char *signs;
    char mark;
    int what;
} pauses[] = {{",", ',', CLAUSE},
              {";", ';', CLAUSE},
              {":", ':', CLAUSE},
              {"()[]{}", ',', CLAUSE},
              {"?", '?', SENTENCE},
              {"!", '!', SENTENCE},
              {"\"'_*|\\^~`<>#@/&+=·•$%", 0, NOTHING}};

bool bt_stop_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i);
    c->ntok = 1;
    c->score = 20;
    if (t->sym == '.') {
        while (bt_glued_sym(p, i + c->ntok, '.'))
            c->ntok++;
        c->v[0] = '.';
        c->form =
            c->ntok > 1 ? (opens_sentence(p, i + c->ntok) ? SENTENCE : CLAUSE) : full_stop(p, i);
        c->v[0] = c->form == CLAUSE ? ',' : '.';
        return true;
    }
    if (bt_is_dash(t->sym)) {
        c->form = dash(p, i);
        c->v[0] = ',';
        return true;
    }
    for (size_t k = 0; k < BT_LEN(pauses); k++)
        if (t->sym > 0 && t->sym < 0x80 && strchr(pauses[k].signs, (char)t->sym)) {
            c->v[0] = pauses[k].mark;
            c->form = pauses[k].what;
            c->score = c->form == NOTHING ? 1 : 20;
            return true;
        }
    return false;
}

/* A quotation opens before a word and closes after one. */
static void see_quote(struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    if (t->sym != '"' && t->sym != '\'')
        return;
    bool opens = (t->space || i == 0 || bt_at(p, i - 1)->kind == T_SYM) && !bt_at(p, i + 1)->space;
    if (opens && !p->quote)
        p->quote = t->sym;
    else if (p->quote == t->sym && !opens)
        p->quote = 0;
}

void bt_stop_say(struct pass *p, size_t i, const struct cand *c)
{
    see_quote(p, i);
    if (c->form == CLAUSE)
        bt_say_mark(p, (char)c->v[0]);
    else if (c->form == SENTENCE)
        bt_say_end(p, (char)c->v[0], BT_BREAK_SENTENCE);
    else if (c->form == JOIN && p->npiece)
        p->piece[p->npiece - 1].join = true;
    else if (bt_at(p, i)->sym >= 0x80)
        bt_doubt_add(p, i, i + 1, "", "symbols.tsv", 0.2);
}
