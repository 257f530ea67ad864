/*
 * Numbers of documents of state and party: 15/2020/NĐ-CP, 57-NQ/TW, 45/2019/QH14. The parts of the
 * suffix are in docs.tsv, then in the lexicon; a suffix before "của …" says nothing new.
 */
#include "text/class.h"

enum { PARTS_MAX = 10 };

static bool joins(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    return t->kind == T_SYM && !t->space && t->sym < 0x80 && strchr("-/&.", (char)t->sym) &&
           !bt_at(p, i + 1)->space;
}

static bool capital_word(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    return t->kind == T_WORD && t->flags & S_CAP &&
           (t->flags & S_UPPER || t->flags & S_INNER || t->letters <= 3);
}

/* The suffix from token i: words in capitals with -, /, & between, digits grown to them. */
static size_t suffix_end(const struct pass *p, size_t i)
{
    size_t k = i;
    for (int n = 0; n < PARTS_MAX && capital_word(p, k) && (k == i || !bt_at(p, k)->space); n++) {
        k++;
        if (bt_glued(p, k, T_NUM))
            k++;
        if (!joins(p, k) || !capital_word(p, k + 1))
            break;
        k++;
    }
    return k;
}

/* SGTVT, SYT: a department of the province is named like its ministry (BGTVT, BYT). */
static const struct word_row *department(struct pass *p, struct bt_str s)
{
    static const char *const national[] = {"SCA", "SQP", "SNG"}; /* no province has one */
    if (s.n < 2 || s.p[0] != 'S')
        return NULL;
    for (size_t k = 0; k < BT_LEN(national); k++)
        if (bt_str_is(s, national[k]))
            return NULL;
    const char *ministry = bt_format(p->a, "B%.*s", (int)s.n - 1, s.p + 1);
    const struct word_row *w = bt_words_find(&p->l->docs, bt_str(ministry));
    return w && bt_str_starts(w->spoken, BT_STR("Bộ ")) ? w : NULL;
}

static void say_department(struct pass *p, const struct word_row *ministry, size_t i)
{
    size_t cut = strlen("Bộ ");
    if (!bt_word_is(p, i - 1, "sở"))
        bt_say(p, "Sở", i, i + 1);
    bt_say_str(p, (struct bt_str){ministry->spoken.p + cut, ministry->spoken.n - cut}, i, i + 1);
}

bool bt_say_department(struct pass *p, size_t i)
{
    const struct word_row *ministry = department(p, bt_text_of(p, i));
    if (ministry)
        say_department(p, ministry, i);
    return ministry != NULL;
}

static bool known(struct pass *p, size_t i, size_t end)
{
    for (size_t k = i; k < end; k++)
        if (bt_at(p, k)->kind == T_WORD) {
            const struct word_row *w = bt_words_find(&p->l->docs, bt_text_of(p, k));
            if ((w && w->kind.n == 0) || department(p, bt_text_of(p, k)))
                return true;
        }
    return false;
}

bool bt_doc_find(struct pass *p, size_t i, struct cand *c)
{
    size_t k = i + 1;
    bool year = bt_glued_sym(p, k, '/') && bt_glued(p, k + 1, T_NUM) && bt_at(p, k + 1)->len == 4;
    if (bt_at(p, i)->len > 6)
        return false;
    k += year ? 2 : 0;
    if (year && !(bt_glued_sym(p, k, '/') || bt_glued_sym(p, k, '-')) &&
        bt_cued(p, C_DOC, LEFT, i) && !bt_cued(p, C_MONTH, LEFT, i)) { /* số 5/2024 */
        c->v[0] = 1;
        c->v[1] = 3;
        c->ntok = 3;
        c->score = bt_weigh(p, C_DOC, i, k);
        return true;
    }
    bool slash = bt_glued_sym(p, k, '/') || bt_glued_sym(p, k, '-');
    if (!slash || bt_at(p, k + 1)->space || !capital_word(p, k + 1))
        return false;
    size_t end = suffix_end(p, k + 1);
    bool several = end > k + 2;
    bool number = (year || several) && bt_cued(p, C_DOC, LEFT, i);
    if ((!known(p, k + 1, end) && !number) || (!several && !year && !bt_cued(p, C_DOC, LEFT, i)))
        return false;
    c->v[0] = year;
    c->v[1] = (int)(k + 1 - i);
    c->ntok = (uint32_t)(end - i);
    c->score = bt_weigh(p, C_DOC, i, end);
    return true;
}

static char letter_at(struct pass *p, struct bt_str s, size_t *at)
{
    size_t len;
    int32_t c = bt_utf8_get(s.p + *at, s.n - *at, &len);
    *at += len;
    return bt_letter(&p->l->letters, bt_lower(c)).code;
}

static bool is_initial_of(struct pass *p, size_t i, char letter)
{
    size_t at = 0;
    const struct token *t = bt_at(p, i);
    return t->kind == T_WORD && t->letters > 1 && letter_at(p, bt_text_of(p, i), &at) == letter;
}

bool bt_is_short_for(struct pass *p, size_t k, size_t end)
{
    struct bt_str s = bt_text_of(p, k);
    size_t n = bt_at(p, k)->letters;
    if (n < 2 || !(bt_at(p, k)->flags & S_UPPER) || end < n)
        return false;
    for (size_t w = end - n, at = 0; w < end; w++)
        if (!is_initial_of(p, w, letter_at(p, s, &at)))
            return false;
    return true;
}

/* "Quy định số 41-QĐ/TW", "Lệnh bắt số 27/LB-CSHS": the part at k is short for the words that stand
 * before the number. The token after the last of them, or 0. */
static size_t words_of(struct pass *p, size_t number, size_t k)
{
    size_t end = bt_word_is(p, number - 1, "số") ? number - 1 : number;
    return bt_is_short_for(p, k, end) ? end : 0;
}

static void say_words_of(struct pass *p, size_t last, size_t k)
{
    for (size_t w = last - bt_at(p, k)->letters; w < last; w++)
        bt_say(p, bt_lower_str(p->a, bt_text_of(p, w)), k, k + 1);
}

static void say_part(struct pass *p, size_t from, size_t k, size_t end)
{
    size_t last = words_of(p, from, k);
    uint32_t n;
    const struct word_row *w = bt_words_find(&p->l->docs, bt_text_of(p, k));
    const struct word_row *bo = w ? NULL : department(p, bt_text_of(p, k));
    const struct entry *e = w || bo ? NULL : bt_lexicon_entry(p, k, &n);
    if (last)
        say_words_of(p, last, k);
    else if (w)
        bt_say_str(p, w->spoken, k, k + 1);
    else if (bo)
        say_department(p, bo, k);
    else if (e && k + n <= end)
        bt_say_str(p, e->spoken, k, k + 1);
    else
        bt_say_letters(p, k, k + 1);
}

/* Past "ngày 5/9/2023", if that is what follows. */
static size_t after_day(const struct pass *p, size_t i)
{
    size_t k = i;
    k += bt_sym(p, k, ',');
    if (!bt_word_is(p, k++, "ngày"))
        return i;
    while (bt_at(p, k)->kind == T_NUM || bt_glued_sym(p, k, '/') || bt_glued_sym(p, k, '-') ||
           bt_word_is(p, k, "tháng") || bt_word_is(p, k, "năm") || bt_sym(p, k, ','))
        k++;
    return k;
}

void bt_doc_say(struct pass *p, size_t i, const struct cand *c)
{
    size_t end = i + c->ntok, suffix = i + (size_t)c->v[1];
    const struct token *t = bt_at(p, i);
    bt_say_int(p, p->clean.text + t->at, t->len, i, i + 1);
    if (c->v[0]) {
        bt_say(p, "năm", i + 1, i + 2);
        bt_say_int(p, p->clean.text + bt_at(p, i + 2)->at, 4, i + 2, i + 3);
    }
    if (bt_word_is(p, after_day(p, end), "của") && !p->style->keep_suffix)
        return;
    for (size_t k = suffix; k < end; k++) {
        const struct token *part = bt_at(p, k);
        if (part->kind == T_WORD)
            say_part(p, i, k, end);
        else if (part->kind == T_NUM)
            bt_say_int(p, p->clean.text + part->at, part->len, k, k + 1);
    }
}
