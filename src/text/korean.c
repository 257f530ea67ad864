/*
 * Korean names in Latin letters: Choi Sang-mok, Lee Jae Myung, Ahn Youngsam. A surname and what can
 * be a given name behind it, or a given name with its hyphen; one part at least must be spelt as no
 * Vietnamese word is. Knows the shape of a name; the sounds are in korean.tsv.
 */
#include "text/class.h"

enum { SYLLABLES_MAX = 3, KEY_MAX = 12 };

struct syllable {
    const struct word_row *onset, *rime; /* no onset: a rime, or a syllable of its own */
};
struct name {
    struct syllable part[SYLLABLES_MAX];
    size_t n;
    bool strange; /* a part is no Vietnamese syllable */
};

static const struct word_row *row_of(const struct pass *p, const char *before, struct bt_str s,
                                     const char *after)
{
    char key[KEY_MAX + 2];
    if (s.n > KEY_MAX)
        return NULL;
    int n = snprintf(key, sizeof(key), "%s%.*s%s", before, (int)s.n, s.p, after);
    return bt_words_find(&p->l->korean, (struct bt_str){key, (size_t)n});
}

static bool syllable(const struct pass *p, struct bt_str s, struct syllable *out)
{
    *out = (struct syllable){NULL, row_of(p, "", s, "")};
    for (size_t k = 0; k < 3 && k < s.n && !out->rime; k++) {
        struct bt_str rest = {s.p + k, s.n - k};
        out->onset = k ? row_of(p, "", (struct bt_str){s.p, k}, "-") : NULL;
        out->rime = k == 0 || out->onset ? row_of(p, "-", rest, "") : NULL;
    }
    return out->rime != NULL;
}

/* No Vietnamese word: "mok" and "Kang" are only let pass as one. */
static bool is_strange(const struct pass *p, const struct token *t)
{
    const char *s = p->clean.text + t->at;
    return !(t->flags & S_VIET) || s[t->len - 1] == 'k' ||
           ((s[0] | 32) == 'k' && strchr("aou", s[1]));
}

/* The word's syllables: one, or two written together. */
static bool word(const struct pass *p, size_t i, struct name *name)
{
    const struct token *t = bt_at(p, i);
    if (t->kind != T_WORD || t->flags & S_MARKED || t->letters < 2 || t->letters > KEY_MAX ||
        t->caps > 1 || name->n == SYLLABLES_MAX)
        return false;
    struct bt_str s = bt_str(bt_lower_str(p->a, bt_text_of(p, i)));
    struct syllable *part = &name->part[name->n];
    name->strange |= is_strange(p, t);
    name->n++;
    if (syllable(p, s, part))
        return true;
    if (name->n == SYLLABLES_MAX)
        return false;
    name->n++;
    for (size_t k = s.n - 2; k > 1; k--)
        if (syllable(p, (struct bt_str){s.p, k}, part) &&
            syllable(p, (struct bt_str){s.p + k, s.n - k}, part + 1))
            return true;
    return false;
}

static bool is_capital(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    return t->kind == T_WORD && t->flags & S_CAP;
}

/* How many tokens the given name at token i takes: Sang-mok, Jae Myung, Youngsam; 0: none. */
static uint32_t given(const struct pass *p, size_t i, bool after_surname, struct name *name)
{
    bool hyphen = bt_glued_sym(p, i + 1, '-') && bt_glued(p, i + 2, T_WORD);
    if (!is_capital(p, i) || (!hyphen && !after_surname) || !word(p, i, name))
        return 0;
    if (hyphen)
        return word(p, i + 2, name) && !bt_glued_sym(p, i + 3, '-') ? 3 : 0;
    struct name longer = *name;
    if (is_capital(p, i + 1) && bt_at(p, i + 1)->space) {
        if (name->n != 2 || !word(p, i + 1, &longer) || longer.n != SYLLABLES_MAX)
            return 0;
        *name = longer;
        return 2;
    }
    return 1;
}

static bool is_sure(const struct name *name, uint32_t tokens)
{
    return name->strange && (tokens > 1 || name->n > 2);
}

static uint32_t find(const struct pass *p, size_t i, struct name *name)
{
    const struct token *t = bt_at(p, i);
    *name = (struct name){.n = 0};
    if (!(t->flags & S_CAP) || t->caps != 1 || t->flags & S_MARKED ||
        (i && !t->space && bt_at(p, i - 1)->kind != T_SYM) || bt_glued_sym(p, i - 1, '-'))
        return 0;
    const struct word_row *surname = row_of(p, "", bt_text_of(p, i), "");
    if (surname && bt_str_is(surname->kind, "họ") && bt_at(p, i + 1)->space) {
        *name = (struct name){{{NULL, surname}}, 1, is_strange(p, t)};
        uint32_t n = given(p, i + 1, true, name);
        bool opens = p->npiece == 0 || p->piece[p->npiece - 1].end; /* "Do Biden ký" */
        if (n && is_sure(name, n + 1) && (n > 1 || !opens || is_strange(p, t)))
            return n + 1;
    }
    *name = (struct name){.n = 0};
    uint32_t n = given(p, i, false, name);
    return is_sure(name, n) ? n : 0;
}

bool bt_korean_find(struct pass *p, size_t i, struct cand *c)
{
    struct name name;
    c->ntok = find(p, i, &name);
    c->score = 70; /* above a lone word of the lexicon */
    for (size_t k = 0; p->trace && c->ntok && k < name.n; k++) {
        bt_trace_row(p, name.part[k].onset);
        bt_trace_row(p, name.part[k].rime);
    }
    return c->ntok > 0;
}

/* The onset as Vietnamese spells it before this rime. */
static char *joined(const struct pass *p, const struct syllable *s)
{
    struct bt_str onset = s->onset ? s->onset->spoken : BT_STR(""), rime = s->rime->spoken;
    static const char *const front[] = {"e", "é", "ê", "ế", "i", "í", "y"};
    static const char *const round[] = {"oa", "oá", "oe", "uê", "uy", "uơ"};
    bool hard = bt_str_is(onset, "c");
    if (!s->onset && (bt_str_starts(rime, bt_str("iê")) || bt_str_starts(rime, bt_str("iế"))))
        return bt_format(p->a, "y%.*s", (int)rime.n - 1, rime.p + 1);
    for (size_t k = 0; hard && k < BT_LEN(front); k++)
        if (bt_str_starts(rime, bt_str(front[k])))
            return bt_format(p->a, "k%.*s", (int)rime.n, rime.p);
    for (size_t k = 0; hard && k < BT_LEN(round); k++)
        if (bt_str_starts(rime, bt_str(round[k])))
            return bt_format(p->a, "qu%.*s", (int)rime.n - 1, rime.p + 1);
    return bt_format(p->a, "%.*s%.*s", (int)onset.n, onset.p, (int)rime.n, rime.p);
}

void bt_korean_say(struct pass *p, size_t i, const struct cand *c)
{
    struct name name;
    size_t first = p->npiece;
    find(p, i, &name);
    for (size_t k = 0; k < name.n; k++)
        bt_say_str(p, bt_capital(p, bt_str(joined(p, &name.part[k]))), i, i + c->ntok);
    bt_doubt_said(p, first, i, i + c->ntok, "korean.tsv", 0.5);
}
