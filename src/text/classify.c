/*
 * The list of classes, and the choice between their proposals: the best weight, then the longest.
 * Knows no class from inside.
 */
#include "text/class.h"

enum { WORD = 1 << T_WORD, NUM = 1 << T_NUM, SYM = 1 << T_SYM };

#define ROW(name, id, starts)                                                                      \
    {                                                                                              \
#name, C_##id, starts, bt_##name##_find, bt_##name##_say                                   \
    }
const struct bt_text_class bt_text_classes[] = {ROW(cardinal, CARDINAL, NUM),
                                                ROW(ordinal, ORDINAL, NUM),
                                                ROW(range, RANGE, NUM),
                                                ROW(fraction, FRACTION, NUM),
                                                ROW(ratio, RATIO, NUM),
                                                ROW(less, CARDINAL, NUM),
                                                ROW(standard, CODE, NUM),
                                                ROW(digits, DIGITS, NUM),
                                                ROW(version, VERSION, NUM),
                                                ROW(date, DATE, NUM),
                                                ROW(years, YEARS, NUM),
                                                ROW(decade, YEARS, NUM),
                                                ROW(clock, TIME, NUM),
                                                ROW(colon, TIME, NUM),
                                                ROW(race, DURATION, NUM),
                                                ROW(goal, GOAL, NUM),
                                                ROW(nought, TIME, NUM),
                                                ROW(nights, DURATION, NUM),
                                                ROW(months, DURATION, NUM),
                                                ROW(counted, UNIT, NUM),
                                                ROW(tmonth, DATE, WORD),
                                                ROW(short, SHORT, NUM),
                                                ROW(mixed, UNIT, NUM),
                                                ROW(score, SCORE, NUM),
                                                ROW(weekday, WEEKDAY, WORD),
                                                ROW(half_day, TIME, WORD),
                                                ROW(hour12, TIME, NUM),
                                                ROW(compass, COMPASS, WORD),
                                                ROW(quake, QUAKE, WORD),
                                                ROW(roman, ROMAN, WORD),
                                                ROW(times, SYMBOL, WORD | SYM),
                                                ROW(unit, UNIT, WORD | SYM),
                                                ROW(prefix, MONEY, WORD | SYM),
                                                ROW(minus, MINUS, SYM),
                                                ROW(to, RANGE, SYM),
                                                ROW(per, PER, SYM),
                                                ROW(doc, DOC, NUM),
                                                ROW(plate, PLATE, NUM),
                                                ROW(flight, FLIGHT, WORD),
                                                ROW(vessel, PLATE, WORD),
                                                ROW(phone, PHONE, NUM | SYM),
                                                ROW(road, ROAD, WORD),
                                                ROW(address, ADDRESS, WORD),
                                                ROW(web, WEB, WORD | NUM | SYM),
                                                ROW(lexicon, LEXICON, WORD | NUM | SYM),
                                                ROW(alnum, CODE, WORD | NUM),
                                                ROW(strain, CODE, WORD),
                                                ROW(hyphened, CODE, WORD),
                                                ROW(highland, PLAIN, WORD),
                                                ROW(korean, FOREIGN, WORD),
                                                ROW(word, PLAIN, WORD),
                                                ROW(possessive, FOREIGN, SYM),
                                                ROW(stop, STOP, SYM),
                                                ROW(symbol, SYMBOL, SYM)};
const size_t bt_text_nclass = BT_LEN(bt_text_classes);

void bt_trace_row(struct pass *p, const struct word_row *r)
{
    if (r)
        bt_buf_addf(p->trace, "    %.*s -> %.*s  %s:%u\n", (int)r->written.n, r->written.p,
                    (int)r->spoken.n, r->spoken.p, p->l->file[r->file], r->line);
}

void bt_trace_entry(struct pass *p, const struct entry *e)
{
    if (e)
        bt_buf_addf(p->trace, "    %.*s -> %.*s  %s:%u\n", (int)e->written.n, e->written.p,
                    (int)e->spoken.n, e->spoken.p, p->l->file[e->file], e->line);
}

/* The row of a table of words on which a proposal stands. */
static void trace_ref(struct pass *p, const void *ref)
{
    const struct words *tables[] = {&p->l->units, &p->l->symbols, &p->l->places, &p->l->docs};
    for (size_t k = 0; ref && k < BT_LEN(tables); k++) {
        const struct word_row *first = tables[k]->row, *r = ref;
        if (r > first && r < first + tables[k]->n)
            bt_trace_row(p, r);
    }
}

/* What find has said since `from`: nothing, when its weight is its own. */
static void trace(struct pass *p, size_t i, const struct cand *c, size_t from)
{
    trace_ref(p, c->ref);
    if (bt_buf_str(p->trace).n == from)
        bt_buf_addf(p->trace, "    rule %s: %s %+d\n", c->cls->name, bt_class_names[c->id],
                    c->score);
    const struct token *a = bt_at(p, i), *b = bt_at(p, i + c->ntok - 1);
    bt_buf_addf(p->trace, "  %4d  %-9s %.*s\n", c->score, c->cls->name,
                (int)(b->at + b->len - a->at), p->clean.text + a->at);
}

bool bt_best(struct pass *p, size_t i, struct cand *best)
{
    unsigned kind = 1u << bt_at(p, i)->kind;
    bool found = false;
    for (size_t k = 0; k < bt_text_nclass; k++) {
        const struct bt_text_class *cls = &bt_text_classes[k];
        if (!(cls->starts & kind))
            continue;
        struct cand c = {.cls = cls, .id = cls->id};
        size_t from = p->trace ? bt_buf_str(p->trace).n : 0;
        if (!cls->find(p, i, &c))
            continue;
        if (p->trace)
            trace(p, i, &c, from);
        bool better =
            !found || c.score > best->score || (c.score == best->score && c.ntok > best->ntok);
        int loser = !found ? 0 : better ? best->score : c.score;
        int rival = found && best->rival > loser ? best->rival : loser;
        if (better)
            *best = c;
        best->rival = rival;
        found = true;
    }
    return found;
}
