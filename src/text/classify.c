/*
 * The list of classes, and the choice between their proposals: the best weight, then the longest.
 * Knows no class from inside.
 */
#include "text/class.h"

enum { WORD = 1 << T_WORD, NUM = 1 << T_NUM, SYM = 1 << T_SYM };

#define ROW(name, starts)                                                                          \
    {                                                                                              \
#name, starts, bt_##name##_find, bt_##name##_say                                           \
    }
const struct bt_text_class bt_text_classes[] = {ROW(cardinal, NUM),
                                                ROW(ordinal, NUM),
                                                ROW(range, NUM),
                                                ROW(fraction, NUM),
                                                ROW(ratio, NUM),
                                                ROW(less, NUM), ROW(standard, NUM),
                                                ROW(digits, NUM),
                                                ROW(version, NUM),
                                                ROW(date, NUM),
                                                ROW(years, NUM),
                                                ROW(clock, NUM),
                                                ROW(colon, NUM), ROW(nought, NUM),
                                                ROW(short, NUM),
                                                ROW(mixed, NUM),
                                                ROW(score, NUM),
                                                ROW(weekday, WORD),
                                                ROW(half_day, WORD),
                                                ROW(compass, WORD),
                                                ROW(roman, WORD),
                                                ROW(times, WORD | SYM),
                                                ROW(unit, WORD | SYM),
                                                ROW(prefix, WORD | SYM),
                                                ROW(minus, SYM),
                                                ROW(to, SYM),
                                                ROW(per, SYM),
                                                ROW(doc, NUM),
                                                ROW(plate, NUM),
                                                ROW(phone, NUM | SYM),
                                                ROW(road, WORD),
                                                ROW(address, WORD),
                                                ROW(web, WORD | NUM | SYM),
                                                ROW(lexicon, WORD | NUM | SYM),
                                                ROW(alnum, WORD | NUM), ROW(hyphened, WORD),
                                                ROW(word, WORD),
                                                ROW(stop, SYM),
                                                ROW(symbol, SYM)};
const size_t bt_text_nclass = BT_LEN(bt_text_classes);

static void trace(struct pass *p, size_t i, const struct cand *c)
{
    const struct token *a = bt_at(p, i), *b = bt_at(p, i + c->ntok - 1);
    bt_buf_addf(p->trace, "  %4d  %-9s %.*s\n", c->score, c->cls->name,
                (int)(b->at + b->len - a->at), p->clean.text + a->at);
}

bool bt_best(struct pass *p, size_t i, struct cand *best)
{
    unsigned kind = 1u << bt_at(p, i)->kind;
    bool found = false;
    for (size_t k = 0; k < bt_text_nclass; k++) {
        struct cand c = {.cls = &bt_text_classes[k], .id = -1};
        if (!(c.cls->starts & kind) || !c.cls->find(p, i, &c))
            continue;
        if (p->trace)
            trace(p, i, &c);
        if (!found || c.score > best->score || (c.score == best->score && c.ntok > best->ntok))
            *best = c;
        found = true;
    }
    return found;
}
