/*
 * What an engine is given: the lint that lets only the text room's promise through, and spelling
 * tables for engines that read some words wrongly. Knows letters; knows no engine.
 */
#include "voice/engine.h"

#include <stdlib.h>
#include <string.h>

struct rule {
    const struct bt_row *row;
    unsigned dialects;      /* bit n: enum bt_dialect n */
    struct bt_str from, to; /* without '~' */
    enum { WHOLE, ENDS, BEGINS, KINDS } kind;
    struct rule *next; /* of its kind and byte, in the order of the file */
};

struct bt_spelling {
    struct bt_arena *arena;
    struct rule *rule; /* in the order of the file: the first that fits wins */
    size_t n;
    struct rule *first[KINDS][256]; /* by the last byte of an end, the first of all else */
};

static const char *const places[] = {"north", "central", "south", "all"};
static const unsigned place_bits[] = {1, 2, 4, 7};

static bool read_dialects(struct rule *r, struct bt_err *err)
{
    struct bt_str rest = bt_str(r->row->col[2]), word;
    while (bt_str_cut(&rest, ' ', &word)) {
        size_t i = 0;
        while (i < BT_LEN(places) && !bt_str_is(word, places[i]))
            i++;
        if (i == BT_LEN(places))
            return bt_row_fail(err, r->row, BT_M_SPELLING_DIALECT, r->row->col[2]);
        r->dialects |= place_bits[i];
    }
    return true;
}

static bool read_rule(struct rule *r, struct bt_err *err)
{
    struct bt_str from = bt_str(r->row->col[0]), to = bt_str(r->row->col[1]), tilde = BT_STR("~");
    r->kind = bt_str_starts(from, tilde) ? ENDS : bt_str_ends(from, tilde) ? BEGINS : WHOLE;
    size_t cut = r->kind != WHOLE;
    bool fits =
        r->kind == WHOLE || (r->kind == ENDS ? bt_str_starts(to, tilde) : bt_str_ends(to, tilde));
    if (!fits || from.n <= cut || to.n <= cut)
        return bt_row_fail(err, r->row, BT_M_SPELLING_TILDE);
    size_t skip = r->kind == ENDS;
    r->from = (struct bt_str){from.p + skip, from.n - cut};
    r->to = (struct bt_str){to.p + skip, to.n - cut};
    return read_dialects(r, err);
}

/* The same syllable twice for one dialect: the second would never be used. */
static bool no_twins(const struct bt_spelling *s, const struct rule *r, struct bt_err *err)
{
    for (const struct rule *q = s->rule; q < r; q++)
        if (strcmp(q->row->col[0], r->row->col[0]) == 0 && (q->dialects & r->dialects))
            return bt_row_fail(err, r->row, BT_M_VOICE_TWICE, r->row->col[0], q->row->line);
    return true;
}

static unsigned char byte_of(struct bt_str s, int kind)
{
    return s.n == 0 ? 0 : (unsigned char)s.p[kind == ENDS ? s.n - 1 : 0];
}

static void index_rules(struct bt_spelling *s)
{
    for (size_t i = s->n; i-- > 0;) {
        struct rule *r = &s->rule[i], **first = &s->first[r->kind][byte_of(r->from, r->kind)];
        r->next = *first;
        *first = r;
    }
}

static bool read_rules(struct bt_spelling *s, const char *path, struct bt_err *err)
{
    struct bt_table t = {0};
    struct bt_buf text;
    bt_buf_init(&text, 1 << 20);
    bool good = bt_file_read(path, 1 << 20, &text, err) &&
                bt_table_parse(s->arena, path, bt_buf_str(&text), 3, 4, &t, err);
    bt_buf_finish(&text);
    s->rule = bt_alloc(s->arena, (t.n + 1) * sizeof(*s->rule));
    for (size_t i = 0; good && i < t.n; i++) {
        s->rule[i].row = &t.row[i];
        good = read_rule(&s->rule[i], err) && no_twins(s, &s->rule[i], err);
    }
    s->n = t.n;
    if (good)
        index_rules(s);
    return good;
}

bool bt_spelling_load(const char *path, struct bt_spelling **out, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_spelling *s = bt_alloc(a, sizeof(*s));
    s->arena = a;
    if (bt_file_exists(path) && !read_rules(s, path, err)) {
        bt_arena_destroy(a);
        return false;
    }
    *out = s;
    return true;
}

void bt_spelling_destroy(struct bt_spelling *s)
{
    if (s)
        bt_arena_destroy(s->arena);
}

/* A rime stands after consonants, after qu, or alone. */
static bool ends_in_rime(struct bt_str w, struct bt_str rime)
{
    if (!bt_str_ends(w, rime))
        return false;
    size_t n = w.n - rime.n;
    return n == 0 || (n == 2 && memcmp(w.p, "qu", 2) == 0) ||
           strchr("bcdghklmnpqrstvxfjwz", w.p[n - 1]) ||
           (n >= 2 && memcmp(w.p + n - 2, "đ", 2) == 0);
}

static const struct rule *rule_for(const struct bt_spelling *s, struct bt_str w, int dialect,
                                   int kind)
{
    const struct rule *r = s ? s->first[kind][byte_of(w, kind)] : NULL;
    for (; r; r = r->next)
        if ((r->dialects >> dialect & 1) && (kind == WHOLE  ? bt_str_eq(w, r->from)
                                             : kind == ENDS ? ends_in_rime(w, r->from)
                                                            : bt_str_starts(w, r->from)))
            break;
    return r;
}

/* A rule for the whole syllable, or else one for its end and one for its beginning. */
static void respell(const struct bt_spelling *s, int dialect, struct bt_str w, struct bt_buf *out)
{
    const struct rule *whole = rule_for(s, w, dialect, WHOLE);
    if (whole) {
        bt_buf_add(out, whole->to.p, whole->to.n);
        return;
    }
    const struct rule *e = rule_for(s, w, dialect, ENDS);
    struct bt_str body = {w.p, e ? w.n - e->from.n : w.n};
    const struct rule *b = rule_for(s, body, dialect, BEGINS);
    if (b) {
        bt_buf_add(out, b->to.p, b->to.n);
        body = (struct bt_str){body.p + b->from.n, body.n - b->from.n};
    }
    bt_buf_add(out, body.p, body.n);
    if (e)
        bt_buf_add(out, e->to.p, e->to.n);
}

/* The letters of Vietnamese, and f j w z, which loan words keep. In lower case. */
static bool is_vietnamese(int32_t c)
{
    static const char more[] =
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ";
    if (c >= 'a' && c <= 'z')
        return true;
    char u[5] = {0};
    return c > 127 && bt_utf8_put(c, u) > 1 && strstr(more, u) != NULL;
}

struct maker {
    struct bt_buf *out;
    uint32_t chars;
    struct bt_prompt *to;
    const struct bt_spelling *spelling;
    struct bt_arena *arena;
    int dialect;
    bool plain;
};

static void emit(struct maker *m, const char *s)
{
    for (const char *p = s; *p; p++)
        m->chars += ((unsigned char)*p & 0xC0) != 0x80;
    bt_buf_adds(m->out, s);
}

static void gap(struct maker *m)
{
    if (m->out->n > 0 && m->out->p[m->out->n - 1] != ' ')
        emit(m, " ");
}

/* One word: its syllables respelt each, what is no letter left out. */
static void word(struct maker *m, struct bt_str w)
{
    struct bt_buf syllable, spelt;
    const char *between = "";
    char *low = bt_lower_str(m->arena, w);
    bt_buf_init(&syllable, BT_SENTENCE_MAX);
    bt_buf_init(&spelt, 2 * BT_SENTENCE_MAX);
    for (size_t i = 0, n = strlen(low), len; i <= n; i += len) {
        int32_t c = i < n ? bt_utf8_get(low + i, n - i, &len) : (len = 1, '-');
        if (c != '-' && is_vietnamese(c)) {
            bt_buf_add(&syllable, low + i, len);
            continue;
        }
        m->to->cleaned |= c != '-';
        if (syllable.n == 0)
            continue;
        emit(m, between);
        bt_buf_clear(&spelt);
        respell(m->spelling, m->dialect, bt_buf_str(&syllable), &spelt);
        emit(m, spelt.p);
        between = m->plain ? " " : "-";
        bt_buf_clear(&syllable);
    }
    bt_buf_finish(&syllable);
    bt_buf_finish(&spelt);
}

/* What stands between words: the first mark of , . ? ! ; : and one space. */
static void between(struct maker *m, struct bt_str s)
{
    const char *allowed = m->plain ? ",." : ",.?!;:";
    char mark = '\0';
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ')
            continue;
        if (!strchr(",.?!;:", s.p[i]))
            m->to->cleaned = true;
        else if (!mark)
            mark = strchr(allowed, s.p[i]) ? s.p[i] : ',';
    }
    if (mark && m->out->n > 0)
        emit(m, (char[]){mark, '\0'});
    gap(m);
}

void bt_prompt_make(struct bt_arena *a, const struct bt_utterance *u, const struct bt_spelling *s,
                    int dialect, bool plain, struct bt_prompt *out)
{
    struct bt_buf text;
    struct bt_prompt p = {.nword = u->nword};
    struct maker m = {&text, 0, &p, s, a, dialect, plain};
    struct bt_str all = bt_str(u->text);
    size_t at = 0;
    bt_buf_init(&text, 2 * BT_SENTENCE_MAX);
    p.start = bt_alloc(a, (u->nword + 1) * sizeof(*p.start));
    for (size_t i = 0; i < u->nword; i++) {
        const struct bt_word *w = &u->word[i];
        between(&m, (struct bt_str){all.p + at, w->at - at});
        uint32_t before = m.chars;
        word(&m, (struct bt_str){all.p + w->at, w->len});
        p.start[i] = m.chars > before ? before : UINT32_MAX;
        at = w->at + w->len;
    }
    between(&m, (struct bt_str){all.p + at, all.n - at});
    p.text = bt_strdup(a, bt_str_trim(bt_buf_str(&text)).n ? text.p : "");
    bt_buf_finish(&text);
    *out = p;
}
