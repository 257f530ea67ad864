/*
 * Dates in their written forms: a row each, tried from the longest. Knows valid days and months,
 * periods of years and weekdays; knows no clock.
 */
#include "text/class.h"

/* Roles: D day, M month, Y year of four digits, y of two. */
static const char *const forms[] = {
    "D/M/Y-D/M/Y", "D/M/Y",   "D.M.Y",   "D-M-Y", "Y-M-D", "D/M-D/M/Y", "D-D/M/Y",
    "D-D.M.Y",     "D-D-M-Y", "D/M-D/M", "D-D/M", "D-D.M", "D,D/M/Y",   "D,D/M",
    "M/Y-M/Y",     "M-M/Y",   "M-M.Y",   "M,M/Y", "M/Y",   "M-Y",       "M.Y",
    "D/M",         "D-M",     "D.M",     "D/M/y", "D.M.y", "D-M-y",     "Y/M/D"};

struct parts { /* of one form, in written order */
    int n;
    char role[SEQ_MAX];
};

static bool role_fits(char role, const struct seq *s, int k)
{
    uint32_t v = s->val[k], n = s->len[k];
    switch (role) {
    case 'D':
        return n <= 2 && v >= 1 && v <= 31;
    case 'M':
        return n <= 2 && v >= 1 && v <= 12;
    case 'Y':
        return n == 4 && v >= 1000 && v < 2200;
    default:
        return n == 2;
    }
}

static uint32_t year_of(const struct seq *s, int k, char role)
{
    return role == 'y' ? s->val[k] + (s->val[k] < 60 ? 2000 : 1900) : s->val[k];
}

/* Every day stands in its month: the month and year that follow it, or come before (Y-M-D). */
static bool days_valid(const char *role, int n, const struct seq *s)
{
    int year = 2000, mon = 0;
    for (int k = n - 1; k >= 0; k--) {
        if (role[k] == 'Y' || role[k] == 'y')
            year = (int)year_of(s, k, role[k]);
        else if (role[k] == 'M')
            mon = (int)s->val[k];
        else if (mon && !bt_date_valid(year, mon, (int)s->val[k]))
            return false;
        if (role[k] == 'M' && k + 1 < n && role[k + 1] == 'D')
            mon = 0;
    }
    return true;
}

static bool match(const char *form, const struct seq *s, struct parts *out)
{
    out->n = 0;
    for (const char *f = form; *f; f += 2) {
        int k = out->n;
        if (k >= s->n || !role_fits(*f, s, k))
            return false;
        out->role[out->n++] = *f;
        if (f[1] == 0)
            break;
        if (s->sep[k] != f[1] || (s->spaced[k] && f[1] != '-'))
            return false;
    }
    int end = out->n - 1;
    bool cut = end + 1 < s->n && !s->spaced[end] &&
               (strchr("/:", s->sep[end]) || (s->sep[end] == ',' && end + 2 == s->n));
    return !cut && days_valid(out->role, out->n, s);
}

static bool increasing(const struct seq *s, const struct parts *d)
{
    return d->n < 2 || d->role[0] != d->role[1] || s->val[0] < s->val[1];
}

/* Days that are named by their date: 2/9 is rarely a fraction. */
static bool is_feast(const struct seq *s)
{
    static const uint32_t feasts[][2] = {{2, 9}, {3, 2}, {8, 3}};
    for (size_t k = 0; k < BT_LEN(feasts); k++)
        if (s->val[0] == feasts[k][0] && s->val[1] == feasts[k][1])
            return true;
    return false;
}

/* What speaks against a weak form: 3-4 is rather a range, 2.5 a number, 1/2 a fraction. */
static int form_weight(const char *form, const struct seq *s, bool cued)
{
    size_t n = strlen(form);
    bool year = strchr(form, 'Y') != NULL;
    if (n >= 5 && form[0] == form[2] && !cued && !strchr(form, '/') && !year)
        return -30;
    if (n >= 5 || strchr(form, 'y'))
        return strchr(form, 'y')   ? -15
               : strchr(form, ',') ? (cued || year ? 10 : -15)
               : year              ? 50
                                   : 30;
    if (year)
        return form[1] == '/' ? 25 : s->lead0[0] || cued ? 35 : -10;
    if (form[1] != '/')
        return cued ? (form[1] == '.' ? -40 : 5) : -45;
    return is_feast(s) ? 20 : s->val[0] > 12 || s->lead0[0] || s->lead0[1] ? 5 : 0;
}

static bool joins_list(const struct pass *p, size_t i)
{
    return bt_sym(p, i, ',') || bt_word_is(p, i, "và");
}

/* "các ngày 3, 4 và 5/5", "ngày 2/6, 4/6 và 6/6": the head holds for them all. */
static bool lists_days(const struct pass *p, size_t i)
{
    size_t k = i;
    if (k < 2 || !joins_list(p, k - 1))
        return false;
    for (int n = 0; k > 0 && n < 24; n++, k--) {
        const struct token *t = bt_at(p, k - 1);
        if (t->kind != T_NUM && !joins_list(p, k - 1) && !bt_sym(p, k - 1, '/'))
            return bt_word_is(p, k - 1, "ngày");
    }
    return false;
}

/* "9-10 và 14-10": written as the date before it. */
static bool follows_date(const struct pass *p, size_t i, const struct seq *s)
{
    return i > 3 && p->dated && bt_word_is(p, i - 1, "và") && bt_at(p, i - 2)->kind == T_NUM &&
           bt_at(p, i - 3)->kind == T_SYM && bt_at(p, i - 4)->kind == T_NUM &&
           bt_at(p, i - 3)->sym == bt_at(p, i + 1)->sym && s->n == 2;
}

/* "Ngày Nhà giáo Việt Nam 20/11": it has a name. */
static bool follows_named_day(const struct pass *p, size_t i)
{
    for (size_t k = 2; k <= 9 && k <= i && bt_at(p, i - k + 1)->kind == T_WORD; k++)
        if (bt_word_is(p, i - k, "ngày"))
            return bt_at(p, i - k)->flags & S_CAP && bt_at(p, i - k + 1)->flags & S_CAP;
    return false;
}

/* "thứ 6, 28/11", "T7 (29/11)" */
static bool follows_weekday(const struct pass *p, size_t i)
{
    size_t day = bt_sym(p, i - 1, ',') || bt_sym(p, i - 1, '(') ? i - 2 : i - 1;
    const struct token *n = bt_at(p, day);
    char d = p->clean.text[n->at];
    bool weekday = bt_word_is(p, day - 1, "thứ") ? !bt_word_is(p, day - 2, "lần")
                                                 : bt_str_is(bt_text_of(p, day - 1), "T");
    return weekday && i > 2 && n->kind == T_NUM && n->len == 1 && d >= '2' && d <= '7';
}

/* "7h/12.10" */
static bool follows_hour(const struct pass *p, size_t i)
{
    return i > 2 && bt_sym(p, i - 1, '/') && bt_word_is(p, i - 2, "h") &&
           bt_at(p, i - 3)->kind == T_NUM;
}

bool bt_date_find(struct pass *p, size_t i, struct cand *c)
{
    const struct seq *s = bt_seq(p, i);
    struct parts d;
    c->score = -100;
    for (size_t f = 0; s->n > 1 && f < BT_LEN(forms); f++) {
        if (!match(forms[f], s, &d) || !increasing(s, &d))
            continue;
        size_t end = s->tok[d.n - 1] + 1;
        if (d.role[d.n - 1] == 'M' && bt_word_is(p, end, "tháng"))
            continue; /* mùng 6 - 8 tháng Giêng */
        bool listed = lists_days(p, i) || follows_date(p, i, s) ||
                      (p->heard == C_DATE && i && joins_list(p, i - 1) && p->heard_end + 1 >= i);
        int id = d.role[0] == 'M' ? C_MONTH : C_DATE;
        int score = bt_weigh(p, id, i, end) + form_weight(forms[f], s, bt_cued(p, id, LEFT, i));
        bool glued = bt_at(p, end)->kind == T_WORD && !bt_at(p, end)->space;
        score -= glued ? 40 : 0;
        bool bracketed = bt_sym(p, i - 1, '(') && (bt_sym(p, end, ')') || bt_sym(p, end, ','));
        score += (bracketed ? 25 : 0) + (p->dated ? 18 : 0);
        bool span = bt_word_is(p, i - 1, "đến") && bt_at(p, i - 2)->kind == T_NUM &&
                    (bt_word_is(p, i - 3, "từ") || bt_word_is(p, i - 3, "ngày"));
        score += span && d.role[0] == 'D' ? 30 : 0; /* từ 5 đến 7.12 */
        bool led = listed || follows_named_day(p, i) || follows_weekday(p, i) || follows_hour(p, i);
        score += led && d.role[0] == 'D' ? 60 : 0;
        score -= bt_word_is(p, i - 1, "nay") && bt_word_is(p, i - 2, "ngày") ? 80 : 0;
        score -= bt_word_is(p, i - 1, "số") || bt_word_is(p, i - 1, "nhà") ? 60 : 0;
        if (score <= c->score)
            continue;
        c->score = score;
        c->ntok = (uint32_t)(end - i);
        c->form = (int)f;
        c->id = id;
    }
    return c->score > -100;
}

static bool head_stands(struct pass *p, size_t i, const char *const *heads, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (bt_word_is(p, i - 1, heads[k]))
            return true;
    return false;
}

static bool says_day(struct pass *p, size_t i)
{
    static const char *const heads[] = {"ngày", "hôm", "mùng", "mồng", "rằm"};
    if (i == 0)
        return false;
    return head_stands(p, i, heads, BT_LEN(heads)) || bt_cued(p, C_NAMED, LEFT, i) ||
           lists_days(p, i);
}

static bool says_month(struct pass *p, size_t i)
{
    return bt_word_is(p, i - 1, "tháng") || bt_word_is(p, i - 1, "quý");
}

static void say_part(struct pass *p, const struct seq *s, int k, char role, bool head)
{
    static const struct {
        char role;
        const char *head;
    } heads[] = {{'D', "ngày"}, {'M', "tháng"}, {'Y', "năm"}, {'y', "năm"}};
    size_t t = s->tok[k];
    for (size_t h = 0; h < BT_LEN(heads); h++)
        if (heads[h].role == role && head)
            bt_say(p, heads[h].head, t, t + 1);
    if (role == 'M')
        bt_say_month(p, s->val[k], t, t + 1);
    else if (p->style->short_year && role != 'D' && year_of(s, k, role) / 100 == 20 &&
             year_of(s, k, role) > 2000) {
        bt_say(p, "hai nghìn", t, t + 1);
        bt_say_value(p, year_of(s, k, role) % 100, t, t + 1);
    } else
        bt_say_value(p, role == 'D' ? s->val[k] : year_of(s, k, role), t, t + 1);
}

void bt_date_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct seq s = *bt_seq(p, i);
    struct parts d = {.role = ""};
    match(forms[c->form], &s, &d);
    if (d.role[0] == 'Y') { /* spoken day first */
        say_part(p, &s, 2, 'D', !says_day(p, i));
        say_part(p, &s, 1, 'M', true);
        say_part(p, &s, 0, 'Y', true);
        return;
    }
    for (int k = 0; k < d.n; k++) {
        bool again = k > 0 && strchr("DM", d.role[k]) && s.sep[k - 1] == '-' &&
                     (d.role[k] == d.role[k - 1] || d.role[k] == 'D' ||
                      (d.role[k] == 'M' && d.role[k - 1] == 'Y'));
        bool head = k > 0 || (d.role[0] == 'D' ? !says_day(p, i) : !says_month(p, i));
        if (again)
            bt_say(p, "đến", s.tok[k] - 1, s.tok[k]);
        if (k > 0 && s.sep[k - 1] == ',') {
            bt_say_mark(p, ',');
            head = false;
        }
        say_part(p, &s, k, d.role[k], head);
    }
}

/* ---- periods of years ----------------------------------------------------------------------- */

bool bt_years_find(struct pass *p, size_t i, struct cand *c)
{
    const struct seq *s = bt_seq(p, i);
    if (s->n < 2 || s->len[0] != 4 || !strchr("-/", s->sep[0]) || s->val[0] < 1000)
        return false;
    bool full = s->len[1] == 4 && s->val[1] > s->val[0] && s->val[1] < 2200;
    bool brief = s->len[1] == 2 && s->val[1] == (s->val[0] + 1) % 100;
    if ((!full && !brief) || s->val[0] > 2200)
        return false;
    c->ntok = 3;
    c->form = s->sep[0] == '/'; /* a season: no "đến" */
    c->score = bt_weigh(p, C_YEARS, i, i + 3);
    return true;
}

void bt_years_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct seq s = *bt_seq(p, i);
    bt_say_value(p, s.val[0], i, i + 1);
    if (!c->form)
        bt_say(p, "đến", i + 1, i + 2);
    bt_say_value(p, s.val[1], i + 2, i + 3);
}

/* "thập niên 1980s", "những năm 90s": the English plural says nothing more. */
bool bt_decade_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i);
    const char *d = p->clean.text + t->at;
    bool told = bt_word_is(p, i - 1, "năm") || bt_word_is(p, i - 1, "niên");
    bool year = t->len == 4 &&
                (memcmp(d, "18", 2) == 0 || memcmp(d, "19", 2) == 0 || memcmp(d, "20", 2) == 0);
    c->ntok = 2;
    c->score = 120;
    return (year || (told && t->len == 2)) && d[t->len - 1] == '0' && bt_glued(p, i + 1, T_WORD) &&
           bt_word_is(p, i + 1, "s") && !bt_glued(p, i + 2, T_NUM);
}

void bt_decade_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct token *t = bt_at(p, i);
    bt_say_int(p, p->clean.text + t->at, t->len, i, i + c->ntok);
}

/* ---- T2 … T7, CN ---------------------------------------------------------------------------- */

static const char *const days[] = {"hai", "ba", "tư", "năm", "sáu", "bảy"};

/* T9/2026, T.6/2025, Q3/2025 */
static bool short_month(struct pass *p, size_t i, struct cand *c)
{
    size_t k = i + 1 + bt_glued_sym(p, i + 1, '.');
    const struct token *n = bt_at(p, k), *sign = bt_at(p, k + 1), *year = bt_at(p, k + 2);
    bool quarter = bt_str_is(bt_text_of(p, i), "Q") && n->len == 1 &&
                   strchr("1234", p->clean.text[n->at]) && year->len == 4;
    bool good = (quarter || bt_str_is(bt_text_of(p, i), "T")) && bt_glued(p, k, T_NUM) &&
                n->len <= 2 && (bt_glued_sym(p, k + 1, '/') || bt_glued_sym(p, k + 1, '-')) &&
                sign->kind == T_SYM && bt_glued(p, k + 2, T_NUM) && year->len == 4;
    c->form = 9;
    c->ntok = (uint32_t)(k + 3 - i);
    c->score = 120;
    return good;
}

/* "thứ 3-CN", "T2, CN": a Sunday by the day before it. */
static bool ends_week(const struct pass *p, size_t i)
{
    const struct token *sign = bt_at(p, i - 1);
    return i > 2 && sign->kind == T_SYM && (bt_is_dash(sign->sym) || sign->sym == ',') &&
           bt_at(p, i - 2)->kind == T_NUM &&
           (bt_word_is(p, i - 3, "thứ") || bt_word_is(p, i - 3, "t"));
}

bool bt_weekday_find(struct pass *p, size_t i, struct cand *c)
{
    if (short_month(p, i, c))
        return true;
    const struct token *n = bt_at(p, i + 1);
    const char *d = p->clean.text + n->at;
    bool sunday = bt_str_is(bt_text_of(p, i), "CN");
    bool day = bt_str_is(bt_text_of(p, i), "T") && bt_glued(p, i + 1, T_NUM) && n->len == 1 &&
               d[0] >= '2' && d[0] <= '7';
    bool told = bt_cued(p, C_WEEKDAY, LEFT, i) || ends_week(p, i);
    if ((!sunday && !day) || (sunday && !told))
        return false;
    c->ntok = day ? 2 : 1;
    c->form = day ? d[0] - '0' : 8;
    c->score = bt_weigh(p, C_WEEKDAY, i, i + c->ntok) + (ends_week(p, i) ? 60 : 0);
    return true;
}

void bt_weekday_say(struct pass *p, size_t i, const struct cand *c)
{
    if (c->form == 9) {
        size_t end = i + c->ntok, mon = end - 3;
        const struct token *m = bt_at(p, mon), *y = bt_at(p, end - 1);
        const char *head = bt_str_is(bt_text_of(p, i), "Q") ? "quý" : "tháng";
        if (!bt_word_is(p, i - 1, head))
            bt_say(p, head, i, i + 1);
        bool april = m->len == 1 && p->clean.text[m->at] == '4';
        if (april)
            bt_say_month(p, 4, mon, mon + 1);
        else
            bt_say_int(p, p->clean.text + m->at, m->len, mon, mon + 1);
        bt_say(p, "năm", mon + 1, mon + 2);
        bt_say_int(p, p->clean.text + y->at, y->len, mon + 2, end);
        return;
    }
    if (c->form == 8) {
        bt_say(p, "chủ nhật", i, i + 1);
        return;
    }
    bt_say(p, "thứ", i, i + c->ntok);
    bt_say(p, days[c->form - 2], i, i + c->ntok);
}
