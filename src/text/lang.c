/* A language's tables: which files, and who reads each. Knows where; knows no words. */
#include "text/pass.h"

#include <stdlib.h>

enum { FILE_MAX = 8 << 20 }; /* bytes */

static bool is_utf8(struct bt_str s)
{
    for (size_t i = 0, k; i < s.n; i += k) {
        k = 1;
        if ((unsigned char)s.p[i] < 0x80)
            continue;
        bt_next(s.p + i, s.n - i, &k);
        if (k == 1)
            return false;
    }
    return true;
}

/* No byte that begins a combining mark: what editors write. */
static bool is_nfc(struct bt_str s)
{
    return s.n == 0 || (!memchr(s.p, 0xCC, s.n) && !memchr(s.p, 0xCD, s.n));
}

static bool table_text(struct bt_lang *l, const char *path, struct bt_buf *b, struct bt_str *out,
                       struct bt_err *err)
{
    bt_buf_init(b, FILE_MAX);
    if (!bt_file_read(path, FILE_MAX, b, err))
        return false;
    struct bt_str s = bt_buf_str(b);
    if (bt_str_starts(s, BT_STR("\xEF\xBB\xBF")))
        s = (struct bt_str){s.p + 3, s.n - 3};
    *out = is_nfc(s) || !is_utf8(s) ? s : bt_str(bt_nfc(l->a, s));
    return true;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static struct bt_str trimmed(const char *p, const char *end)
{
    struct bt_str s = {p, (size_t)(end - p)};
    if (s.n == 0)
        return s;
    unsigned char first = (unsigned char)p[0], last = (unsigned char)end[-1];
    bool tidy =
        first > ' ' && last > ' ' && first != 0xC2 && last != 0xA0; /* C2 A0: a hard space */
    return tidy ? s : bt_str_trim(s);
}

/* The columns of the line at p; returns its end. A NUL is behind the text. */
static const char *cut(struct rows *r, const char *p, const char *end)
{
    const char *from = p;
    int n = 0;
    for (bool last = false; !last; p++) {
        while ((unsigned char)*p > '\r')
            p++;
        last = *p == '\n' || p == end;
        if (!last && *p != '\t')
            continue;
        if (n < r->max)
            r->col[n] = trimmed(from, p);
        n++;
        from = p + 1;
    }
    for (int i = n; i < r->max; i++)
        r->col[i] = (struct bt_str){0};
    r->n = n;
    return from - 1;
}

struct bt_row bt_row_here(const struct rows *r)
{
    return (struct bt_row){.file = r->l->file[r->file], .line = (int)r->line};
}

bool bt_row_fault(const struct rows *r, struct bt_err *err, enum bt_msg id, struct bt_str s)
{
    struct bt_row here = bt_row_here(r);
    return is_utf8(r->whole) ? bt_row_fail(err, &here, id, bt_strndup(r->l->a, s.p, s.n))
                             : bt_row_fail(err, &here, BT_M_TABLE_UTF8);
}

bool bt_row_next(struct rows *r, struct bt_err *err)
{
    const char *p = r->rest.p, *end = p + r->rest.n, *stop;
    bool found = false;
    for (; p < end && !found; p = stop + (stop < end)) {
        stop = *p == '#' ? memchr(p, '\n', (size_t)(end - p)) : cut(r, p, end);
        stop = stop ? stop : end;
        r->whole = (struct bt_str){p, (size_t)(stop - p)};
        r->line++;
        found = *p != '#' && trimmed(p, stop).n > 0;
    }
    r->rest = (struct bt_str){p, (size_t)(end - p)};
    struct bt_row here = bt_row_here(r);
    if (found && (r->n < r->min || r->n > r->max))
        r->bad = !bt_row_fail(err, &here, BT_M_TABLE_COLUMNS, r->min, r->max, r->n);
    else if (found && r->n > r->decoded && !is_utf8(r->whole))
        r->bad = !bt_row_fail(err, &here, BT_M_TABLE_UTF8);
    return found && !r->bad;
}

size_t bt_rows(struct bt_str text)
{
    size_t n = 1;
    for (const char *p = text.p, *end = p + text.n; p && (p = memchr(p, '\n', (size_t)(end - p)));
         p++)
        n++;
    return n;
}

/* Room for `more` rows; row 0 says "none". */
static void reserve(struct words *w, size_t more)
{
    w->cap = w->n + 1 + more;
    w->row = bt_xrealloc(w->row, w->cap, sizeof(*w->row));
    if (w->n == 0)
        w->row[w->n++] = (struct word_row){.line = 0};
    bt_map_reserve(&w->map, more);
}

bool bt_words_add(struct bt_lang *l, struct words *w, int file, struct bt_str text,
                  struct bt_err *err)
{
    struct rows r = {.l = l, .file = file, .rest = text, .min = 2, .max = 3};
    const struct bt_str *col = r.col;
    reserve(w, bt_rows(text));
    while (bt_row_next(&r, err)) {
        if (col[1].n && !bt_is_speakable(&l->letters, col[1]))
            return bt_row_fault(&r, err, BT_M_LEXICON_SPOKEN, col[1]);
        w->row[w->n++] = (struct word_row){col[0], col[1], col[2], r.line, (uint8_t)file};
        *bt_map_put(&w->map, bt_hash_bytes(col[0].p, col[0].n)) = (uint32_t)w->n - 1;
        if (w != &l->units)
            continue; /* the only ones that are sought in any case */
        const char *low = bt_lower_str(l->a, col[0]);
        uint32_t *first = bt_map_put(&w->low, bt_hash_bytes(low, strlen(low)));
        *first = *first ? *first : (uint32_t)w->n - 1;
    }
    return !r.bad;
}

bool bt_joined_add(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err)
{
    struct words *w = &l->web;
    struct rows r = {.l = l, .file = file, .rest = text, .min = 1, .max = 1, .decoded = 1};
    reserve(w, bt_rows(text));
    while (bt_row_next(&r, err)) {
        struct bt_str words = r.col[0];
        struct bt_str key = bt_str(bt_joined(&l->letters, l->a, words));
        if (!key.p)
            return bt_row_fault(&r, err, BT_M_LEXICON_SPOKEN, words);
        uint32_t *at = bt_map_put(&w->map, bt_hash_bytes(key.p, key.n));
        if (*at)
            continue; /* the first row holds */
        w->row[w->n++] = (struct word_row){key, words, BT_STR("vi"), r.line, (uint8_t)file};
        *at = (uint32_t)w->n - 1;
    }
    return !r.bad;
}

const struct word_row *bt_words_find(const struct words *w, struct bt_str key)
{
    uint32_t k = bt_map_get(&w->map, bt_hash_bytes(key.p, key.n));
    return k ? &w->row[k] : NULL;
}

const struct word_row *bt_words_find_low(struct bt_arena *a, const struct words *w,
                                         struct bt_str key)
{
    const char *low = bt_lower_str(a, key);
    uint32_t k = bt_map_get(&w->low, bt_hash_bytes(low, strlen(low)));
    return k ? &w->row[k] : NULL;
}

static bool cues_file(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err)
{
    return bt_cues_add(l, file, text, err);
}

static bool lexicon_file(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err)
{
    return bt_lexicon_add(l, file, text, false, err);
}

static bool station_file(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err)
{
    return bt_lexicon_add(l, file, text, true, err);
}

#define WORDS_FILE(name)                                                                           \
    static bool name##_file(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err)   \
    {                                                                                              \
        return bt_words_add(l, &l->name, file, text, err);                                         \
    }
WORDS_FILE(units)
WORDS_FILE(symbols)
WORDS_FILE(names)
WORDS_FILE(docs)
WORDS_FILE(places)
WORDS_FILE(web)
WORDS_FILE(pinyin)
WORDS_FILE(korean)

static const struct {
    const char *name;
    bool (*add)(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err);
    bool must;
} files[] = {{"vi/letters.tsv", names_file, true},
             {"vi/symbols.tsv", symbols_file, true},
             {"vi/units.tsv", units_file, true},
             {"vi/cues.tsv", cues_file, true},
             {"vi/docs.tsv", docs_file, true},
             {"vi/places.tsv", places_file, true},
             {"vi/web.tsv", web_file, true},
             {"vi/joined.tsv", bt_joined_add, true},
             {"vi/sounds.tsv", bt_sounds_add, true},
             {"vi/pinyin.tsv", pinyin_file, true},
             {"vi/korean.tsv", korean_file, true},
             {"vi/core.tsv", lexicon_file, true},
             {"vi/abbreviations.tsv", lexicon_file, false},
             {"vi/names.tsv", lexicon_file, false},
             {"vi/words.tsv", lexicon_file, false}};

enum { STATION = BT_LEN(files), NFILES };

struct loading { /* by the place in files; STATION: the pack's lexicon */
    struct bt_str text[NFILES];
    bool there[NFILES];
};

static bool read_file(struct bt_lang *l, const char *path, bool must, struct bt_str *text,
                      bool *there, struct bt_err *err)
{
    *there = must || bt_file_exists(path);
    l->file[l->nfile] = path;
    return !*there || table_text(l, path, &l->text[l->nfile++], text, err);
}

/* All of them first: the lexicon is then given its room once. */
static bool read_files(struct bt_lang *l, const char *voices, const char *pack, struct loading *w,
                       struct bt_err *err)
{
    size_t rows = 0;
    for (size_t i = 0; i < NFILES; i++) {
        bool station = i == STATION;
        if (station && !pack)
            break;
        const char *path = station ? bt_path_join(l->a, pack, "lexicon.tsv")
                                   : bt_path_join(l->a, voices, files[i].name);
        if (!read_file(l, path, !station && files[i].must, &w->text[i], &w->there[i], err))
            return false;
        if (station || files[i].add == lexicon_file)
            rows += bt_rows(w->text[i]);
    }
    bt_lexicon_reserve(&l->lexicon, rows);
    return true;
}

bool bt_lang_load(const char *voices, const char *pack, struct bt_lang **out, struct bt_err *err)
{
    struct loading w = {0};
    struct bt_lang *l = bt_xcalloc(1, sizeof(*l));
    l->a = bt_arena_create();
    bt_letters_init(&l->letters);
    bool good = read_files(l, voices, pack, &w, err);
    for (int i = 0, file = 0; i < NFILES && good; i++)
        if (w.there[i])
            good = (i == STATION ? station_file : files[i].add)(l, file++, w.text[i], err);
    if (good)
        *out = l;
    else
        bt_lang_destroy(l);
    return good;
}

void bt_lang_destroy(struct bt_lang *l)
{
    if (!l)
        return;
    bt_map_finish(&l->lexicon.prefix);
    bt_map_finish(&l->cues.first);
    struct words *words[] = {&l->units,  &l->symbols, &l->names,  &l->docs,
                             &l->places, &l->web,     &l->pinyin, &l->korean};
    for (size_t i = 0; i < BT_LEN(words); i++) {
        bt_map_finish(&words[i]->map);
        bt_map_finish(&words[i]->low);
        free(words[i]->row);
    }
    for (int i = 0; i < l->nfile; i++)
        bt_buf_finish(&l->text[i]);
    free(l->lexicon.entry);
    free(l->cues.phrase);
    bt_arena_destroy(l->a);
    free(l);
}
