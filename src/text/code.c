/*
 * Codes: number plates, telephones in brackets and abroad, roads and km posts, wards and districts
 * with their initial letter. The words are in places.tsv (kinds road, place).
 */
#include "text/class.h"

static const char *digits_of(const struct pass *p, size_t i)
{
    return p->clean.text + bt_at(p, i)->at;
}

static bool capital(const struct pass *p, size_t i, uint32_t most)
{
    const struct token *t = bt_at(p, i);
    return t->kind == T_WORD && t->flags & S_UPPER && t->letters <= most;
}

/* ---- plates --------------------------------------------------------------------------------- */

/* 14A-8888: four digits, that are no year. */
static bool is_old_plate(const struct pass *p, size_t i, size_t k)
{
    const char *d = digits_of(p, k);
    return digits_of(p, i)[0] != '0' && bt_glued(p, k, T_NUM) && bt_at(p, k)->len == 4 &&
           memcmp(d, "19", 2) && memcmp(d, "20", 2) && !bt_glued_sym(p, k + 1, '/');
}

/* 36C-123.45, 52N5-1234, 36-B5 123.45, 51H after its cue. */
bool bt_plate_find(struct pass *p, size_t i, struct cand *c)
{
    size_t k = i + 1;
    if (bt_at(p, i)->len != 2)
        return false;
    k += bt_sym(p, k, '-') && capital(p, k + 1, 2) ? 1 : 0;
    if (!capital(p, k, 2) || bt_at(p, k)->space)
        return false;
    k++;
    c->v[0] = 0;
    if (bt_glued(p, k, T_NUM) && bt_at(p, k)->len <= 2)
        c->v[0] = (int)(k++ - i);
    size_t dash = bt_at(p, k)->kind == T_SYM && bt_is_dash(bt_at(p, k)->sym) ? 1 : 0;
    bool tail = bt_at(p, k + dash)->kind == T_NUM && bt_at(p, k + dash)->len >= 3 &&
                bt_at(p, k + dash)->len <= 5;
    bool cued = bt_cued(p, C_PLATE, LEFT, i);
    size_t dot = k + dash + 1;
    bool sure = tail && bt_at(p, k + dash)->len == 3 && bt_glued_sym(p, dot, '.') &&
                bt_glued(p, dot + 1, T_NUM) && bt_at(p, dot + 1)->len == 2;
    sure |= tail && dash && bt_glued(p, k + dash, T_NUM) && bt_at(p, k + dash)->len == 5;
    sure |= tail && dash && is_old_plate(p, i, k + dash);
    if (!cued && !sure)
        return false;
    if (tail) {
        k += dash + 1;
        bool more = bt_glued_sym(p, k, '.') || bt_glued_sym(p, k, '-');
        if (more && bt_glued(p, k + 1, T_NUM) && bt_at(p, k + 1)->len == 2)
            k += 2;
    }
    c->ntok = (uint32_t)(k - i);
    c->score = bt_weigh(p, C_PLATE, i, k);
    return true;
}

void bt_plate_say(struct pass *p, size_t i, const struct cand *c)
{
    bt_say_int(p, digits_of(p, i), bt_at(p, i)->len, i, i + 1);
    for (size_t k = i + 1; k < i + c->ntok; k++) {
        const struct token *t = bt_at(p, k);
        if (t->kind == T_WORD)
            bt_say_letters(p, k, k + 1);
        else if (t->kind == T_NUM)
            bt_say_digits(p, digits_of(p, k), t->len, k, k + 1);
        else if (t->sym == '.')
            bt_say(p, "chấm", k, k + 1);
    }
}

/* ---- flights -------------------------------------------------------------------------------- */

/* VN 7123, VJ-455 after their cue. */
bool bt_flight_find(struct pass *p, size_t i, struct cand *c)
{
    size_t k = i + 1;
    k += bt_sym(p, k, '-') ? 1 : 0;
    const struct token *n = bt_at(p, k);
    if (!capital(p, i, 3) || bt_at(p, i)->letters < 2 || n->kind != T_NUM || n->len > 4 ||
        n->len < 2 || !bt_cued(p, C_FLIGHT, LEFT, i))
        return false;
    c->ntok = (uint32_t)(k + 1 - i);
    c->score = bt_weigh(p, C_FLIGHT, i, k + 1);
    return true;
}

void bt_flight_say(struct pass *p, size_t i, const struct cand *c)
{
    for (size_t k = i; k < i + c->ntok; k++)
        if (bt_at(p, k)->kind != T_SYM)
            bt_say_letters(p, k, k + 1);
}

/* ---- boats, army plates ---------------------------------------------------------------------- */

static size_t boat_end(struct pass *p, size_t i, const struct word_row **where)
{
    const struct word_row *w = bt_words_find(&p->l->places, bt_text_of(p, i));
    size_t k = i + 1;
    if (!w || !bt_str_is(w->kind, "boat") || !bt_cued(p, C_BOAT, LEFT, i))
        return 0;
    if (bt_at(p, k)->kind != T_NUM || bt_at(p, k)->len != 5)
        return 0;
    *where = w;
    return k + 1 + bt_str_is(bt_text_of(p, k + 1), "TS");
}

/* TM 12-34 on a red plate. */
static size_t army_end(struct pass *p, size_t i)
{
    const struct token *a = bt_at(p, i + 1), *b = bt_at(p, i + 3);
    bool two = a->kind == T_NUM && a->len == 2 && bt_glued_sym(p, i + 2, '-') &&
               bt_glued(p, i + 3, T_NUM) && b->len == 2;
    bool dash = bt_sym(p, i + 1, '-') && bt_glued(p, i + 2, T_NUM) && bt_at(p, i + 2)->len == 2;
    if (dash && bt_sym(p, i + 3, '-')) /* TM-45-67 */
        two = bt_glued(p, i + 4, T_NUM) && bt_at(p, i + 4)->len == 2;
    bool abroad = bt_cued(p, C_PLATE, LEFT, i) && a->kind == T_NUM && a->len > 2 && a->len < 6;
    if (abroad && capital(p, i, 3) && a->space) /* UN 1234 */
        return i + 2;
    bool near = bt_cued(p, C_PLATE, LEFT, i) || bt_word_is(p, i - 1, "xe") ||
                (bt_word_is(p, i - 1, "sự") && bt_word_is(p, i - 2, "quân"));
    return two && capital(p, i, 2) && near ? i + 4 + dash : 0;
}

/* VN-A868: the mark of an aeroplane. */
static size_t aircraft_end(struct pass *p, size_t i)
{
    const struct token *mark = bt_at(p, i + 2), *num = bt_at(p, i + 3);
    bool near = bt_cued(p, C_BOAT, LEFT, i) || bt_cued(p, C_FLIGHT, LEFT, i);
    bool made = capital(p, i, 2) && bt_glued_sym(p, i + 1, '-') && bt_glued(p, i + 2, T_WORD) &&
                mark->letters == 1 && mark->flags & S_UPPER;
    return near && made && num->kind == T_NUM && num->len == 3 ? i + 4 : 0;
}

/* QNg 90123 TS: the province, then digit by digit. */
bool bt_vessel_find(struct pass *p, size_t i, struct cand *c)
{
    const struct word_row *w = NULL;
    size_t end = boat_end(p, i, &w);
    end = end ? end : aircraft_end(p, i);
    end = end ? end : army_end(p, i);
    if (!end)
        return false;
    c->ref = w;
    c->ntok = (uint32_t)(end - i);
    c->score = 130;
    return true;
}

void bt_vessel_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct word_row *w = c->ref;
    for (size_t k = i; k < i + c->ntok; k++)
        if (k == i && w)
            bt_say_str(p, w->spoken, k, k + 1);
        else if (bt_at(p, k)->kind == T_NUM && !w && bt_at(p, k)->len == 2)
            bt_say_int(p, digits_of(p, k), bt_at(p, k)->len, k, k + 1);
        else if (bt_at(p, k)->kind != T_SYM)
            bt_say_letters(p, k, k + 1);
}

/* ---- telephones ----------------------------------------------------------------------------- */

static size_t phone_end(const struct pass *p, size_t i, size_t *digits)
{
    size_t k = i;
    for (*digits = 0; *digits < 20; k++) {
        const struct token *t = bt_at(p, k);
        if (t->kind == T_NUM && !t->line) {
            *digits += t->len;
            continue;
        }
        bool sign = t->kind == T_SYM && t->sym < 0x80 && strchr(".-()", (char)t->sym);
        if (!sign || bt_at(p, k + 1)->kind == T_END || bt_at(p, k + 1)->kind == T_WORD)
            break;
        if (!(bt_at(p, k + 1)->kind == T_NUM || (t->sym == ')' && k > i)))
            break;
    }
    while (k > i && bt_at(p, k - 1)->kind != T_NUM)
        k--;
    return k;
}

/* (0237) 3852.246, +84 912 345 678, 1900 6035. */
bool bt_phone_find(struct pass *p, size_t i, struct cand *c)
{
    const struct token *t = bt_at(p, i), *num = t->kind == T_SYM ? bt_at(p, i + 1) : t;
    const char *d = p->clean.text + num->at;
    size_t digits;
    if (num->kind != T_NUM || (t->kind == T_SYM && t->sym != '(' && t->sym != '+'))
        return false;
    bool abroad = t->kind == T_SYM && t->sym == '+' && num->len >= 2 && !num->space;
    bool area =
        t->kind == T_SYM && t->sym == '(' && d[0] == '0' && num->len >= 2 && bt_sym(p, i + 2, ')');
    bool service = num == t && num->len == 4 && (!memcmp(d, "1900", 4) || !memcmp(d, "1800", 4)) &&
                   (bt_at(p, i + 1)->kind == T_NUM ||
                    (bt_glued_sym(p, i + 1, '.') && bt_glued(p, i + 2, T_NUM)));
    size_t end = phone_end(p, t->kind == T_SYM ? i + 1 : i, &digits);
    if ((!abroad && !area && !service) || digits < 8)
        return false;
    c->ntok = (uint32_t)(end - i);
    c->form = abroad;
    c->score = 100;
    return true;
}

void bt_phone_say(struct pass *p, size_t i, const struct cand *c)
{
    size_t end = i + c->ntok;
    if (c->form)
        bt_say(p, "cộng", i, i + 1);
    size_t first = i + 1;
    if (c->form && bt_str_is(bt_text_of(p, first), "84"))
        bt_say(p, "tám tư", first, first + 1), i++, first = i + 1;
    for (size_t k = c->form ? first : i; k < end; k++)
        if (bt_at(p, k)->kind == T_NUM)
            bt_say_digits(p, digits_of(p, k), bt_at(p, k)->len, k, k + 1);
}

/* ---- roads, km posts, wards ------------------------------------------------------------------ */

static const struct word_row *place_word(struct pass *p, size_t i, const char *kind)
{
    const struct word_row *w = bt_words_find(&p->l->places, bt_text_of(p, i));
    return w && bt_str_starts(w->kind, bt_str(kind)) ? w : NULL;
}

/* x. Tam Giang: the same in small letters, before a full stop only. */
static const struct word_row *short_place(struct pass *p, size_t i)
{
    const struct token *t = bt_at(p, i);
    const struct word_row *w = place_word(p, i, "place");
    char up[16];
    size_t n = 0;
    if (w || t->kind != T_WORD || t->caps || t->len > 3 || !bt_glued_sym(p, i + 1, '.') ||
        (p->last != C_PLAIN && p->last_end == i && bt_at(p, i - 1)->kind == T_NUM))
        return w;
    for (size_t k = 0, len; k < t->len; k += len)
        n += bt_utf8_put(bt_upper(bt_utf8_get(digits_of(p, i) + k, t->len - k, &len)), up + n);
    w = bt_words_find(&p->l->places, (struct bt_str){up, n});
    return w && bt_str_is(w->kind, "place") ? w : NULL;
}

static bool number_before(struct pass *p, size_t i)
{
    return p->last_end == i && p->last != C_PLAIN && i && bt_at(p, i - 1)->kind == T_NUM;
}

/* K28+500 on a dyke. */
static bool is_dyke_post(struct pass *p, size_t i)
{
    return bt_str_is(bt_text_of(p, i), "K") && bt_glued(p, i + 1, T_NUM) &&
           bt_glued_sym(p, i + 2, '+') && bt_glued(p, i + 3, T_NUM);
}

static const struct word_row *dyke_post(struct pass *p)
{
    return bt_words_find(&p->l->places, BT_STR("Km"));
}

/* QL1A, ĐT.515B, Km52+300: v[0] the number's token. */
bool bt_road_find(struct pass *p, size_t i, struct cand *c)
{
    const struct word_row *w = is_dyke_post(p, i) ? dyke_post(p) : place_word(p, i, "road");
    size_t k = i + 1;
    bool km = bt_word_is(p, i, "km") || is_dyke_post(p, i);
    bool dotted = w && bt_str_is(w->kind, "road.");
    if (!w || (km && number_before(p, i)) || (dotted && !bt_glued_sym(p, k, '.')))
        return false;
    k += bt_glued_sym(p, k, '.') || bt_glued_sym(p, k, '-') ? 1 : 0;
    size_t district = k > i + 1 && capital(p, k, 2) && bt_glued_sym(p, k + 1, '.') ? k : 0;
    k += district ? 2 : 0; /* ĐH-TS.05 */
    const struct token *n = bt_at(p, k);
    bool nought = n->kind == T_NUM && p->clean.text[n->at] == '0' && n->len > 2;
    if (n->kind != T_NUM || n->len > 4 || nought || (n->space && k > i + 1 && !km))
        return false;
    c->ref = w;
    struct num num;
    uint32_t unit;
    bool grown = bt_str_is(w->kind, "road+"), decimal = bt_num(p, k, &num) && num.nfp && !num.dot;
    bool area = bt_glued(p, k + 1, T_WORD) && !capital(p, k + 1, 2) && bt_unit_at(p, k + 1, &unit);
    bool road = bt_word_is(p, i - 1, "đường") || bt_word_is(p, i - 1, "tuyến");
    bool sum = n->space && bt_num(p, k, &num) && num.grouped; /* tổng mức ĐT 1.100 tỷ */
    if (area || (sum && !km) || (!km && decimal) || (grown && n->space && !road))
        return false; /* DT 65m2 */
    c->v[0] = (int)(k - i);
    c->v[1] = (int)district;
    k += km && bt_num(p, k, &num) && (num.grouped || num.nfp) ? num.ntok : 1;
    if (capital(p, k, 2) && !bt_at(p, k)->space)
        k++;
    else if (km && bt_sym(p, k, '+') && bt_at(p, k + 1)->kind == T_NUM)
        k += 2;
    c->ntok = (uint32_t)(k - i);
    c->score = bt_weigh(p, C_ROAD, i, k) - (n->space && !km ? 10 : 0);
    return true;
}

void bt_road_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct word_row *w = c->ref;
    size_t n = i + (size_t)c->v[0];
    struct num num;
    bool road = bt_word_is(p, i - 1, "đường") && bt_str_starts(w->spoken, BT_STR("đường "));
    if (road) { /* "đường ĐT.519" */
        struct bt_str s = {w->spoken.p + strlen("đường "), w->spoken.n - strlen("đường ")};
        bt_say_str(p, s, i, n);
    }
    bool said = road || (w->written.n > 1 && i && bt_str_ends(w->spoken, bt_text_of(p, i - 1)));
    if (!said)
        bt_say_str(p, w->spoken, i, n);
    if (c->v[1])
        bt_say_letters(p, (size_t)c->v[1], (size_t)c->v[1] + 1);
    for (size_t k = n; k < i + c->ntok; k++) {
        const struct token *t = bt_at(p, k);
        if (t->kind == T_NUM && t->len == 2 && digits_of(p, k)[0] == '0' && k == n)
            bt_say_digits(p, digits_of(p, k), t->len, k, k + 1);
        else if (t->kind == T_NUM && k == n && bt_num(p, k, &num) && k + num.ntok <= i + c->ntok) {
            bt_say_num(p, &num, "phẩy", k, k + num.ntok);
            k += num.ntok - 1;
        } else if (t->kind == T_NUM)
            bt_say_int(p, digits_of(p, k), t->len, k, k + 1);
        else if (t->kind == T_WORD)
            bt_say_letters(p, k, k + 1);
        else
            bt_say(p, "cộng", k, k + 1);
    }
}

/* "…, TX. Nghi Sơn" comes after the name. */
static bool place_follows(struct pass *p, size_t i)
{
    for (size_t k = i + 1; k < i + 6; k++)
        if (bt_sym(p, k, ',') && (place_word(p, k + 1, "place") || bt_word_is(p, k + 1, "huyện") ||
                                  bt_word_is(p, k + 1, "tỉnh") || bt_word_is(p, k + 1, "thị") ||
                                  bt_word_is(p, k + 1, "thành") || bt_word_is(p, k + 1, "quận")))
            return true;
    return false;
}

/* "TT. Y tế", "TT. Thích": the lexicon knows more than the short form. */
static bool longer_entry(struct pass *p, size_t i)
{
    uint32_t n;
    return bt_lexicon_entry(p, i, &n) && n > 2;
}

/* "T. Thanh Hóa", not "T. Ngọc Anh". */
static bool is_province(struct pass *p, size_t i)
{
    for (size_t words = 1; words <= 3 && bt_at(p, i + words - 1)->kind == T_WORD; words++) {
        const struct token *a = bt_at(p, i), *b = bt_at(p, i + words - 1);
        struct bt_str name = {p->clean.text + a->at, b->at + b->len - a->at};
        const struct word_row *w = bt_words_find(&p->l->places, name);
        if (w && bt_str_is(w->kind, "province"))
            return true;
    }
    return false;
}

enum { ROOM = 1, ALLEY, HOUSE };

/* SN 12, SN05; SN 1978 is a year. */
static bool is_house(struct pass *p, size_t i, struct cand *c)
{
    const struct token *n = bt_at(p, i + 1);
    if (!bt_str_is(bt_text_of(p, i), "SN") || n->kind != T_NUM || n->len > 3)
        return false;
    c->form = HOUSE;
    c->ntok = 1;
    c->score = 120;
    return true;
}

/* P.1205 */
static bool is_room(struct pass *p, size_t i, struct cand *c)
{
    c->form = ROOM;
    c->ntok = 3;
    c->score = bt_weigh(p, C_ADDRESS, i, i + 3);
    return true;
}

/* K45/12 Nguyễn Văn Linh, H2/7 đường Trần Phú: a house in an alley. */
static bool is_alley(struct pass *p, size_t i, struct cand *c)
{
    size_t k = i + 2;
    if (!bt_glued(p, i + 1, T_NUM))
        return false;
    const struct word_row *w = bt_words_find(&p->l->places, bt_text_of(p, i));
    bool lane = bt_str_is(bt_text_of(p, i), "H");
    if (!lane && !place_word(p, i, "alley"))
        return false;
    while (bt_glued_sym(p, k, '/') && bt_glued(p, k + 1, T_NUM))
        k += 2;
    bool name = bt_at(p, k)->flags & S_CAP && bt_at(p, k)->flags & S_VIET;
    if (k == i + 2 || (!name && !bt_word_is(p, k, "đường")))
        return false;
    c->ref = lane ? NULL : w;
    c->form = ALLEY;
    c->ntok = (uint32_t)(k - i);
    c->score = 120;
    return true;
}

static void say_alley(struct pass *p, size_t i, const struct cand *c)
{
    const struct word_row *w = c->ref;
    if (!bt_word_is(p, i - 1, "kiệt") && !bt_word_is(p, i - 1, "hẻm"))
        bt_say_str(p, w ? w->spoken : BT_STR("hẻm"), i, i + 1);
    for (size_t k = i + 1; k < i + c->ntok; k++)
        if (bt_at(p, k)->kind == T_NUM)
            bt_say_int(p, digits_of(p, k), bt_at(p, k)->len, k, k + 1);
        else
            bt_say(p, "trên", k, k + 1);
}

/* "các H Yên Định, H Thọ Xuân", "xã Yên Thọ, H Như Thanh": a list of places goes on. */
static bool goes_on(struct pass *p, size_t i)
{
    bool joined = bt_sym(p, i - 1, ',') || bt_is_dash(bt_at(p, i - 1)->sym) ||
                  bt_sym(p, i - 1, '(') || bt_word_is(p, i - 1, "và");
    if (i < 2 || !joined)
        return bt_cued(p, C_PLACES, LEFT, i);
    return (p->placed && i - p->placed < 8) || bt_cued(p, C_PLACES, LEFT, i - 1);
}

/* "các H, TX, TP", "các P/X": the letter of a place that is not named. */
static bool is_unnamed(struct pass *p, size_t i)
{
    const struct token *next = bt_at(p, i + 1);
    bool opens =
        bt_word_is(p, i - 1, "các") || bt_word_is(p, i - 1, "từng") || bt_word_is(p, i - 1, "mỗi");
    bool joined =
        i > 2 && (bt_sym(p, i - 1, ',') || bt_sym(p, i - 1, '/') || bt_word_is(p, i - 1, "và"));
    bool after = joined && bt_at(p, i - 2)->letters < 3 && place_word(p, i - 2, "place") &&
                 (p->placed == i - 1 || bt_at(p, i - 2)->letters == 2);
    bool free = next->kind == T_END || next->kind == T_SYM || !(next->flags & S_CAP);
    return (opens || after) && free && bt_at(p, i)->letters == 1 && !bt_glued_sym(p, i + 1, '-') &&
           next->kind != T_NUM && !bt_glued_sym(p, i + 1, '\'') && !bt_cued(p, C_INITIALS, LEFT, i);
}

/* "Nguyễn Văn Q. 7 năm tù": a person, no district. */
static bool ends_person(const struct pass *p, size_t i)
{
    const struct token *b = bt_at(p, i - 1), *a = bt_at(p, i - 2);
    return i > 1 && bt_at(p, i)->letters == 1 && a->flags & b->flags & S_CAP &&
           a->flags & b->flags & S_VIET;
}

/* P.5, Q1, TX. Bỉm Sơn: with a number always, with a name where an address is told. */
bool bt_address_find(struct pass *p, size_t i, struct cand *c)
{
    if (is_alley(p, i, c) || is_house(p, i, c))
        return true;
    const struct word_row *w = short_place(p, i);
    size_t k = i + 1;
    if (!w || longer_entry(p, i))
        return false;
    c->ref = w;
    c->ntok = 1;
    c->score = bt_weigh(p, C_ADDRESS, i, k);
    if (is_unnamed(p, i))
        return true;
    bool dot = bt_glued_sym(p, k, '.');
    k += dot;
    const struct token *next = bt_at(p, k);
    bool letters = bt_at(p, k + 1)->kind == T_WORD && !bt_at(p, k + 1)->space;
    bool listed = goes_on(p, i),
         sure = bt_cued(p, C_ADDRESS, LEFT, i) || listed || place_follows(p, k);
    bool near = dot || sure;
    bool many = bt_str_is(w->written, "T") || bt_str_is(w->written, "Đ"); /* never with a number */
    bool number = near && !many && next->kind == T_NUM && next->len <= 2 && !letters &&
                  (dot || !bt_str_is(w->written, "H"));
    bool room = dot && bt_str_is(w->written, "P") && next->kind == T_NUM && next->len > 2 &&
                next->len < 5 && !letters;
    bool native = next->flags & (S_VIET | S_NEAR) || next->letters == 2; /* Krông Pa, Ea Tam */
    bool name = next->kind == T_WORD && next->flags & S_CAP && native &&
                !(next->flags & S_UPPER && next->letters > 1 && !p->caps) &&
                !(dot && !next->space && next->letters == 1);
    name &= !(many && !next->space);
    name &= !bt_str_is(w->written, "T") || is_province(p, k);
    name &= !(bt_at(p, i)->letters == 1 && bt_cued(p, C_INITIALS, LEFT, i));
    bool told = bt_at(p, i)->letters > 1 || bt_cued(p, C_ADDRESS, LEFT, i) ||
                (i && bt_sym(p, i - 1, ',')) || place_follows(p, k) ||
                (name && bt_at(p, k + 1)->flags & S_CAP && bt_at(p, k + 1)->flags & S_VIET && dot);
    if (room)
        return is_room(p, i, c);
    bool lone = !dot && bt_at(p, i)->letters == 1; /* H Như Thanh, not "về P Nguyễn" */
    sure = listed || place_follows(p, k) || (sure && bt_at(p, k + 1)->flags & S_CAP);
    if ((!number && !name) || (name && (!told && !listed)) || (name && lone && (many || !sure)) ||
        (number && next->space && (ends_person(p, i) || (!dot && !listed))))
        return false;
    c->ntok = dot ? 2 : 1;
    return true;
}

void bt_address_say(struct pass *p, size_t i, const struct cand *c)
{
    const struct word_row *w = c->ref;
    p->placed = i + c->ntok;
    if (c->form == ALLEY) {
        say_alley(p, i, c);
        return;
    }
    if (c->form == HOUSE) {
        bt_say(p, "số nhà", i, i + 1);
        return;
    }
    if (c->form == ROOM) {
        if (!bt_word_is(p, i - 1, "phòng"))
            bt_say(p, "phòng", i, i + 2);
        bt_say_digits(p, digits_of(p, i + 2), bt_at(p, i + 2)->len, i + 2, i + 3);
        return;
    }
    if (bt_at(p, i)->letters > 1 || !bt_same_letters(w->spoken, bt_text_of(p, i - 1)))
        bt_say_str(p, w->spoken, i, i + c->ntok); /* not "xã X. Tân Lập" */
}
