/*
 * What an engine is given: the lint that lets only the text room's promise through, and spelling
 * tables for engines that read some words wrongly. Knows letters; knows no engine.
 */
#include "voice/engine.h"

#include <stdlib.h>
#include <string.h>

struct bt_spelling {
    struct bt_arena *arena;
    struct bt_row *row; /* sorted by word */
    size_t n;
};

static int by_word(const void *a, const void *b)
{
    const struct bt_row *x = a, *y = b;
    return strcmp(x->col[0], y->col[0]);
}

static bool check(const struct bt_table *t, struct bt_err *err)
{
    for (size_t i = 1; i < t->n; i++)
        if (strcmp(t->row[i - 1].col[0], t->row[i].col[0]) == 0)
            return bt_row_fail(err, &t->row[i], BT_M_VOICE_TWICE, t->row[i].col[0],
                               t->row[i - 1].line);
    return true;
}

bool bt_spelling_load(const char *path, struct bt_spelling **out, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_spelling *s = bt_alloc(a, sizeof(*s));
    struct bt_table t = {0};
    struct bt_buf text;
    bt_buf_init(&text, 1 << 20);
    bool good =
        !bt_file_exists(path) || (bt_file_read(path, 1 << 20, &text, err) &&
                                  bt_table_parse(a, path, bt_buf_str(&text), 2, 3, &t, err));
    if (good && t.n > 0)
        qsort(t.row, t.n, sizeof(*t.row), by_word);
    good = good && check(&t, err);
    bt_buf_finish(&text);
    *s = (struct bt_spelling){a, t.row, t.n};
    if (good)
        *out = s;
    else
        bt_arena_destroy(a);
    return good;
}

void bt_spelling_destroy(struct bt_spelling *s)
{
    if (s)
        bt_arena_destroy(s->arena);
}

static const char *respell(const struct bt_spelling *s, const char *word)
{
    const struct bt_row *row = NULL;
    if (s && s->n)
        row = bsearch(&(struct bt_row){.col = &word}, s->row, s->n, sizeof(*s->row), by_word);
    return row ? row->col[1] : word;
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
    struct bt_buf syllable;
    const char *between = "";
    char *low = bt_lower_str(m->arena, w);
    bt_buf_init(&syllable, BT_SENTENCE_MAX);
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
        emit(m, respell(m->spelling, syllable.p));
        between = m->plain ? " " : "-";
        bt_buf_clear(&syllable);
    }
    bt_buf_finish(&syllable);
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
                    bool plain, struct bt_prompt *out)
{
    struct bt_buf text;
    struct bt_prompt p = {.nword = u->nword};
    struct maker m = {&text, 0, &p, s, a, plain};
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
