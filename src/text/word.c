/*
 * Words: an entry of the lexicon, a Vietnamese syllable, a foreign word respelt, an acronym spelt;
 * letters and digits grown together (B52, 12A1). Knows no numbers' classes.
 */
#include "text/class.h"

enum { REPEAT_MAX = 12 };

/* P.V.H. after "ông", "bị can": initials, whatever the table has for the first of them. */
static bool is_initial(const struct pass *p, size_t i)
{
    static const char *const two[] = {"Tr", "Th", "Ph", "Nh", "Ng", "Kh", "Ch", "Gi", "Qu"};
    const struct token *t = bt_at(p, i);
    for (size_t k = 0; k < BT_LEN(two) && t->letters == 2; k++)
        if (bt_str_is(bt_text_of(p, i), two[k]))
            return true;
    return t->kind == T_WORD && t->letters == 1 && t->flags & S_UPPER;
}

static bool is_initials(struct pass *p, size_t i)
{
    size_t n = 0;
    while (i > 1 && !bt_at(p, i)->space && bt_glued_sym(p, i - 1, '.') && is_initial(p, i - 2))
        i -= 2;
    for (size_t k = i; is_initial(p, k) && (n == 0 || !bt_at(p, k)->space); k += 2) {
        n++;
        if (!bt_glued_sym(p, k + 1, '.'))
            break;
    }
    return n > 2 || (n > 1 && bt_cued(p, C_INITIALS, LEFT, i));
}

static size_t said_before(const struct pass *p, struct bt_str *word, size_t nword)
{
    for (size_t n = nword; n > 0; n--) {
        size_t k = 0;
        for (; k < n && p->npiece >= n; k++) {
            const struct piece *w = &p->piece[p->npiece - n + k];
            if (!bt_same_letters((struct bt_str){w->p, w->n}, word[k]))
                break;
        }
        if (k == n)
            return n;
    }
    return 0;
}

/* How many of an expansion's first words have just been said: "Tổ chức Y tế Thế giới (WHO)". */
static size_t repeated(const struct pass *p, struct bt_str spoken, size_t *nword)
{
    struct bt_str word[REPEAT_MAX], piece;
    *nword = 0;
    while (*nword < REPEAT_MAX && bt_str_cut(&spoken, ' ', &piece))
        word[(*nword)++] = piece;
    return said_before(p, word, *nword);
}

/* "WHO (Tổ chức Y tế Thế giới)": its expansion stands behind it. */
static bool expanded_behind(const struct pass *p, size_t i, struct bt_str spoken)
{
    struct bt_str piece;
    if (!bt_sym(p, i++, '('))
        return false;
    while (bt_str_cut(&spoken, ' ', &piece))
        if (!bt_same_letters(piece, bt_text_of(p, i++)))
            return false;
    return bt_sym(p, i, ')');
}

bool bt_is_share(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    return t->letters == 3 && t->flags & S_UPPER && !(t->flags & S_MARKED) &&
           ((bt_word_is(p, i - 1, "phiếu") && bt_word_is(p, i - 2, "cổ")) ||
            (bt_word_is(p, i - 1, "khoán") && bt_word_is(p, i - 2, "chứng")) ||
            bt_word_is(p, i - 1, "mã"));
}

/* "soạn tin theo cú pháp TL gửi 1409": what is to be typed. */
static bool is_typed(const struct pass *p, size_t i)
{
    const struct token *number = bt_at(p, i + 1);
    if (bt_at(p, i)->letters == 2 && bt_word_is(p, i - 1, "số") && number->kind == T_NUM &&
        number->len >= 5)
        return true; /* số BK 123456 */
    i -= i && bt_at(p, i - 1)->kind == T_SYM;
    return bt_word_is(p, i - 1, "pháp") && bt_word_is(p, i - 2, "cú");
}

/* JADES-GS, GS-z14: a title grown to a code is a part of it; ThS-BS are two of them. */
static bool in_code(struct pass *p, size_t i, size_t end)
{
    uint32_t n;
    const struct token *b = bt_at(p, i - 2), *a = bt_at(p, end + 1);
    bool before = i > 1 && bt_glued_sym(p, i - 1, '-') && !bt_at(p, i)->space &&
                  (b->kind == T_NUM || (b->kind == T_WORD && !bt_lexicon_entry(p, i - 2, &n)));
    bool after = bt_glued_sym(p, end, '-') && !a->space &&
                 (a->kind == T_NUM || (a->kind == T_WORD && !(a->flags & S_CAP)));
    return before || after;
}

bool bt_lexicon_find(struct pass *p, size_t i, struct cand *c)
{
    const struct entry *e = bt_lexicon_entry(p, i, &c->ntok);
    const struct token *t = bt_at(p, i), *before = bt_at(p, i - 1);
    if (!e)
        return false;
    bool glued = i && !t->space && before->kind != T_SYM && t->kind != T_SYM;
    if (glued && before->kind == T_WORD)
        return false;
    if (is_initials(p, i) || (t->flags & S_UPPER && is_typed(p, i)) ||
        (bt_is_share(p, i) &&
         (memchr(e->spoken.p, ' ', e->spoken.n) || !bt_word_is(p, i - 1, "mã"))) || /* mã PIN */
        (e->title && in_code(p, i, i + c->ntok)))
        return false;
    if (p->caps && c->ntok == 1 && t->flags & S_VIET && !e->any_case)
        return false;
    if (p->trace)
        bt_trace_entry(p, e);
    c->ref = e;
    c->form = e->title;
    c->score =
        60 + 6 * (int)(c->ntok > 6 ? 6 : c->ntok) + (e->station ? 100 : 0) - (glued ? 40 : 0);
    c->score += e->cue ? 30 : 0; /* its cue stands near */
    return true;
}

/* An expansion that stands before or behind its short form is not said twice. */
static bool say_once(struct pass *p, size_t i, const struct cand *c, struct bt_str spoken)
{
    size_t nword, end = i + c->ntok, n = repeated(p, spoken, &nword);
    if (n == nword && n > 1 && bt_sym(p, i - 1, '(') && bt_sym(p, end, ')')) {
        bt_doubt_add(p, i, end, "", "lexicon", 0.9);
        return true;
    }
    if (expanded_behind(p, end, spoken)) {
        bt_say_letters(p, i, end);
        return true;
    }
    struct bt_str word;
    if (n < 2 || n == nword || bt_at(p, i - 1)->kind != T_WORD)
        return false;
    while (n--)
        bt_str_cut(&spoken, ' ', &word);
    bt_say_str(p, spoken, i, end);
    return true;
}

void bt_lexicon_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct entry *e = c->ref;
    const struct token *t = bt_at(p, i);
    if (t->flags & S_UPPER && t->letters > 1 && say_once(p, i, c, e->spoken))
        return;
    bool first = p->npiece == 0 || p->piece[p->npiece - 1].end;
    bool raised = t->flags & S_CAP && (first || (e->any_case && !(t->flags & S_UPPER)));
    bt_say_str(p, raised ? bt_capital(p, e->spoken) : e->spoken, i, i + c->ntok);
}

/* ---- letters and digits grown together ------------------------------------------------------ */

bool bt_alnum_find(struct pass *p, size_t i, struct cand *c)
{
    size_t k = i, words = 0, nums = 0;
    for (;; k++) {
        const struct token *t = bt_at(p, k);
        if (k > i && bt_at(p, k - 1)->kind == T_NUM && words && bt_glued_sym(p, k, '.') &&
            bt_glued(p, k + 1, T_NUM))
            t = bt_at(p, ++k); /* PM2.5 */
        if ((k > i && t->space) || (t->kind != T_WORD && t->kind != T_NUM))
            break;
        (t->kind == T_WORD ? &words : &nums)[0]++;
        if (t->kind == T_WORD && t->letters > 4 && !(t->flags & S_UPPER))
            return false;
    }
    uint32_t unit;
    bool measure = bt_at(p, i)->kind == T_NUM && bt_unit_at(p, i + 1, &unit) && i + 1 + unit >= k;
    bool letter = bt_at(p, i + 1)->letters == 1 && bt_at(p, i + 1)->flags & S_UPPER;
    bool product = bt_at(p, i)->kind == T_NUM && bt_word_is(p, i + 1, "x") && nums > 1;
    if (!words || !nums || product || bt_is_place_on_map(p, i) ||
        (measure && !(letter && bt_cued(p, C_CODE, LEFT, i))))
        return false;
    c->ntok = (uint32_t)(k - i);
    c->id = C_CODE;
    c->score = bt_weigh(p, C_CODE, i, k);
    const struct token *first = bt_at(p, i + (bt_at(p, i)->kind == T_NUM));
    if (bt_at(p, i)->kind == T_NUM && !(first->flags & S_CAP))
        c->score -= 40; /* 3h15: no code */
    return true;
}

/* NaCl, CaCO: symbols of elements. */
static bool is_formula(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    const char *s = p->clean.text + t->at;
    size_t small = 0;
    if (!(t->flags & S_INNER) || t->letters > 6 || t->flags & S_MARKED)
        return false;
    for (uint32_t k = 0; k < t->len; k++) {
        small = s[k] >= 'a' ? small + 1 : 0;
        if (small > 1)
            return false;
    }
    return s[0] <= 'Z';
}

/* RON95, MiG-31: letters that are said as a word; BCĐ389, as its words. */
static bool say_word(struct pass *p, size_t k)
{
    const struct token *t = bt_at(p, k);
    const struct entry *e = t->letters > 2 ? bt_lexicon_word(p, k) : NULL;
    if (!e || (memchr(e->spoken.p, ' ', e->spoken.n) && !(t->flags & S_UPPER)))
        return false;
    if (p->trace)
        bt_trace_entry(p, e);
    bt_say_str(p, e->spoken, k, k + 1);
    return true;
}

static void say_alnum(struct pass *p, size_t i, size_t j)
{
    for (size_t k = i; k < j; k++) {
        const struct token *t = bt_at(p, k);
        const char *d = p->clean.text + t->at;
        bool year = t->len == 4 && (!memcmp(d, "19", 2) || !memcmp(d, "20", 2));
        if (t->kind == T_NUM && ((t->len > 3 && !year) || (t->len > 1 && d[0] == '0')))
            bt_say_digits(p, d, t->len, k, k + 1);
        else if (t->kind == T_NUM)
            bt_say_int(p, d, t->len, k, k + 1);
        else if (t->kind == T_WORD && say_word(p, k))
            continue;
        else if (t->kind == T_WORD && t->letters > 2 && !(t->flags & S_UPPER) && !is_formula(p, k))
            bt_say_foreign(p, bt_text_of(p, k), k, k + 1); /* Fold7 */
        else if (t->kind == T_WORD)
            bt_say_letters(p, k, k + 1);
        else
            bt_say(p, "chấm", k, k + 1);
    }
}

void bt_alnum_say(struct pass *p, size_t i, const struct cand *c)
{
    say_alnum(p, i, i + c->ntok);
}

/* NA-90567, TH-91234-TS, F-16: capitals, a hyphen, a number. */
bool bt_hyphened_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i);
    bool capitals = t->flags & S_UPPER || (t->letters <= 3 && t->flags & S_CAP);
    if (!capitals || t->letters > 4 || !bt_glued_sym(p, i + 1, '-') || !bt_glued(p, i + 2, T_NUM) ||
        (i && !t->space && bt_at(p, i - 1)->kind != T_SYM))
        return false;
    size_t k = i + 3;
    const struct token *end = bt_at(p, k + 1);
    if ((bt_glued_sym(p, k, '-') || bt_glued_sym(p, k, '.')) && end->kind == T_WORD &&
        end->flags & S_UPPER && !end->space)
        k += 2;
    else if (bt_glued(p, k, T_WORD) && bt_at(p, k)->letters <= 2)
        k++;
    c->ntok = (uint32_t)(k - i);
    c->id = C_CODE;
    c->score = bt_weigh(p, C_CODE, i, k) + 30;
    return true;
}

void bt_hyphened_say(struct pass *p, size_t i, const struct cand *c)
{
    for (size_t k = i; k < i + c->ntok; k++)
        if (bt_at(p, k)->kind == T_WORD && !(bt_at(p, k)->flags & S_UPPER) &&
            bt_at(p, k)->flags & S_VIET)
            bt_say_str(p, bt_text_of(p, k), k, k + 1); /* Mi-171, Su-30 */
        else if (bt_at(p, k)->kind == T_NUM && bt_at(p, k)->len > 3)
            bt_say_letters(p, k, k + 1);
        else if (bt_at(p, k)->kind != T_SYM)
            say_alnum(p, k, k + 1);
}

/* XBB.1.5, BQ.1.1: a strain by its line of descent. */
bool bt_strain_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i);
    size_t k = i + 1;
    while (bt_glued_sym(p, k, '.') && bt_glued(p, k + 1, T_NUM) && bt_at(p, k + 1)->len <= 2)
        k += 2;
    if (!(t->flags & S_UPPER) || t->letters < 2 || t->letters > 3 || k < i + 5)
        return false;
    c->ntok = (uint32_t)(k - i);
    c->id = C_CODE;
    c->score = bt_weigh(p, C_CODE, i, k) + 60;
    return true;
}

void bt_strain_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct cand numbers = {.ntok = c->ntok - 2};
    bt_say_letters(p, i, i + 1);
    bt_version_say(p, i + 2, &numbers);
}

/* ---- H'Hen, K'Brới: names of the highlands ----------------------------------------------------
 */

bool bt_highland_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i), *name = bt_at(p, i + 2);
    bool one = t->letters == 1 && t->flags & S_UPPER && !(t->flags & S_MARKED);
    if (!one || !bt_glued_sym(p, i + 1, '\'') || !bt_glued(p, i + 2, T_WORD) ||
        !(name->flags & S_CAP) || !strchr("BCDGHKLMNPRST", p->clean.text[t->at]))
        return false;
    c->ntok = 2;
    c->score = 100;
    return true;
}

void bt_highland_say(struct pass *p, size_t i, const struct cand *c)
{
    char d = p->clean.text[bt_at(p, i)->at];
    const char *onset = d == 'K' ? "C" : d == 'D' ? "Đ" : bt_format(p->a, "%c", d);
    bt_say(p, bt_format(p->a, "%sơ", onset), i, i + c->ntok);
}

/* ---- Tiffany's: the s of English is not said ------------------------------------------------- */

bool bt_possessive_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *owner = bt_before(p, i), *next = bt_at(p, i + 2);
    if (!owner || !bt_glued_sym(p, i, '\'') || !bt_glued(p, i + 1, T_WORD) ||
        !bt_str_is(bt_text_of(p, i + 1), "s") || owner->letters < 2 ||
        (!next->space && next->kind != T_SYM))
        return false;
    c->ntok = 2;
    c->score = 90;
    return true;
}

void bt_possessive_say(struct pass *p, size_t i, const struct cand *c)
{
    (void)p;
    (void)i;
    (void)c;
}

/* ---- any other word ------------------------------------------------------------------------- */

/* Four consonants on end: no word of any language that is respelt here. */
static bool is_unsayable(const struct pass *p, size_t i)
{
    struct bt_str s = bt_text_of(p, i);
    size_t run = 0;
    for (size_t k = 0, len; k < s.n && run < 4; k += len) {
        char code = bt_letter(&p->l->letters, bt_lower(bt_utf8_get(s.p + k, s.n - k, &len))).code;
        run = code && !strchr("a12e4io56u7y", code) ? run + 1 : 0;
    }
    return run >= 4;
}

/* FECON, HALAL: vowel and consonant by turns make a word, not letters. */
static bool is_said_as_word(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    const char *s = p->clean.text + t->at;
    if (t->letters < 5 || t->letters > 6 || t->flags & S_MARKED || t->letters != t->len ||
        bt_glued_sym(p, i + 1, '-'))
        return false;
    for (size_t k = 0; k + 1 < t->len; k++)
        if (!strchr("AEIOU", s[k]) == !strchr("AEIOU", s[k + 1]))
            return false;
    return true;
}

static bool is_acronym(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    if (is_said_as_word(p, i))
        return false;
    return t->flags & S_UPPER && !p->caps && (t->letters <= 5 || is_unsayable(p, i));
}

/* Unaccented Vietnamese, as an address leaves it: sach, diem. */
static bool is_bare(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    return t->caps == 0 && !(t->flags & S_MARKED) && t->letters > 1 &&
           bt_is_bare_syllable(&p->l->letters, p->clean.text + t->at, t->len);
}

static bool is_said_as_is(const struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    if (t->flags & S_NEAR || is_bare(p, i))
        return true;
    if (!(t->flags & S_VIET))
        return false;
    bool shouted = t->flags & S_UPPER && !(t->flags & S_MARKED) && !p->caps && t->letters > 1;
    return !shouted || t->letters > 3;
}

bool bt_word_find(struct pass *p, size_t i, struct cand *c)
{
    c->ntok = 1;
    c->score = 5;
    c->ref = bt_particle(p, i);
    c->id = is_said_as_is(p, i)                    ? C_PLAIN
            : is_acronym(p, i) || is_formula(p, i) ? C_LETTERS
                                                   : C_FOREIGN;
    return true;
}

/* baothanhhoa, nongnghiep: half of its letters are Vietnamese words that are known together, and
 * the others may be syllables. */
static bool say_together(struct pass *p, size_t i)
{
    enum { LEAST = 6 };
    const struct token *t = bt_at(p, i);
    struct bt_joined x;
    size_t known = 0, first = p->npiece;
    if (t->flags & (S_MARKED | S_UPPER) || t->letters < LEAST || t->letters > BT_JOINED_MAX ||
        (t->caps & 1 && !(t->flags & S_INNER)))
        return false;
    bt_join(p, i, i + 1, &x);
    for (size_t k = 0; k < x.n; k++) {
        const struct bt_joined_piece *w = &x.piece[k];
        size_t end = k + 1 < x.n ? x.piece[k + 1].at : t->at + t->len;
        if (!w->row || !bt_str_is(w->row->kind, "vi"))
            return false;
        known += memchr(w->words.p, ' ', w->words.n) ? end - w->at : 0;
    }
    if (2 * known < t->letters)
        return false;
    for (size_t k = 0; k < x.n; k++) {
        if (p->trace)
            bt_trace_row(p, x.piece[k].row);
        bt_say_str(p, x.piece[k].words, i, i + 1);
    }
    bt_doubt_said(p, first, i, i + 1, bt_format(p->a, "joined.tsv:%u", x.piece[0].row->line), 0.4);
    return true;
}

/* "đồ dùng dạy học (ĐDDH)": what it is short for has just been said. */
static bool is_told(struct pass *p, size_t i)
{
    return i > 2 && bt_at(p, i)->letters > 2 && bt_sym(p, i - 1, '(') && bt_sym(p, i + 1, ')') &&
           bt_is_short_for(p, i, i - 1);
}

void bt_word_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct token *t = bt_at(p, i);
    if (c->ref) {
        struct bt_str said = bt_str(c->ref);
        bt_say_str(p, t->flags & S_CAP ? bt_capital(p, said) : said, i, i + 1);
    } else if (c->id == C_PLAIN && p->caps && t->flags & S_UPPER)
        bt_say(p, bt_lower_str(p->a, bt_text_of(p, i)), i, i + 1);
    else if (c->id == C_PLAIN)
        bt_say_str(p, bt_text_of(p, i), i, i + 1);
    else if (t->letters == 1)
        bt_say_letters(p, i, i + 1);
    else if (c->id == C_LETTERS) {
        size_t first = p->npiece;
        if (is_told(p, i)) {
            bt_doubt_add(p, i, i + 1, "", "initials", 0.9);
            return;
        }
        if (bt_say_department(p, i))
            return;
        bt_say_letters(p, i, i + 1);
        bt_doubt_said(p, first, i, i + 1, "letters.tsv", 0.4);
    } else if (!say_together(p, i))
        bt_say_foreign(p, bt_text_of(p, i), i, i + 1);
}
