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

/* The file's text, NFC. */
static bool table_text(struct bt_lang *l, const char *path, struct bt_buf *b, struct bt_str *out,
                       struct bt_err *err)
{
    bt_buf_init(b, FILE_MAX);
    if (!bt_file_read(path, FILE_MAX, b, err))
        return false;
    struct bt_str s = bt_buf_str(b);
    bool good = is_utf8(s);
    if (bt_str_starts(s, BT_STR("\xEF\xBB\xBF")))
        s = (struct bt_str){s.p + 3, s.n - 3};
    if (good)
        *out = is_nfc(s) ? s : bt_str(bt_nfc(l->a, s));
    struct bt_row here = {.file = path, .line = 1};
    return good || bt_row_fail(err, &here, BT_M_TABLE_UTF8);
}

static struct bt_str trimmed(struct bt_str s)
{
    bool tidy = s.n && s.p[0] > ' ' && s.p[s.n - 1] > ' '; /* as char: ASCII on both ends */
    return tidy ? s : bt_str_trim(s);
}

int bt_columns(struct bt_str line, struct bt_str *col, int max)
{
    int n = 0;
    memset(col, 0, (size_t)max * sizeof(*col));
    if (line.n == 0 || line.p[0] == '#' || trimmed(line).n == 0)
        return 0;
    for (struct bt_str piece; bt_str_cut(&line, '\t', &piece); n++)
        if (n < max)
            col[n] = trimmed(piece);
    return n;
}

size_t bt_rows(struct bt_str text)
{
    size_t n = 0;
    for (struct bt_str line; bt_str_line(&text, &line);)
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
    struct bt_str line, col[3];
    reserve(w, bt_rows(text));
    for (uint32_t no = 1; bt_str_line(&text, &line); no++) {
        int n = bt_columns(line, col, 3);
        if (n == 0)
            continue;
        struct bt_row here = {.file = l->file[file], .line = (int)no};
        if (n < 2 || n > 3)
            return bt_row_fail(err, &here, BT_M_TABLE_COLUMNS, 2, 3, n);
        if (col[1].n && !bt_is_speakable(&l->letters, col[1]))
            return bt_row_fail(err, &here, BT_M_LEXICON_SPOKEN,
                               bt_strndup(l->a, col[1].p, col[1].n));
        w->row[w->n++] = (struct word_row){col[0], col[1], col[2], no, (uint8_t)file};
        *bt_map_put(&w->map, bt_hash_bytes(col[0].p, col[0].n)) = (uint32_t)w->n - 1;
        if (w != &l->units)
            continue; /* the only ones that are sought in any case */
        const char *low = bt_lower_str(l->a, col[0]);
        uint32_t *first = bt_map_put(&w->low, bt_hash_bytes(low, strlen(low)));
        *first = *first ? *first : (uint32_t)w->n - 1;
    }
    return true;
}

bool bt_joined_add(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err)
{
    struct words *w = &l->web;
    struct bt_str line;
    reserve(w, bt_rows(text));
    for (uint32_t no = 1; bt_str_line(&text, &line); no++) {
        struct bt_row here = {.file = l->file[file], .line = (int)no};
        line = bt_str_trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (!bt_is_speakable(&l->letters, line))
            return bt_row_fail(err, &here, BT_M_LEXICON_SPOKEN, bt_strndup(l->a, line.p, line.n));
        struct bt_str key = bt_str(bt_joined(&l->letters, l->a, line));
        uint32_t *at = bt_map_put(&w->map, bt_hash_bytes(key.p, key.n));
        if (*at)
            continue; /* the first row holds */
        w->row[w->n++] = (struct word_row){key, line, BT_STR("vi"), no, (uint8_t)file};
        *at = (uint32_t)w->n - 1;
    }
    return true;
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

static bool load(struct bt_lang *l, const char *dir, const char *name,
                 bool (*add)(struct bt_lang *l, int file, struct bt_str text, struct bt_err *err),
                 bool must, struct bt_err *err)
{
    const char *path = bt_path_join(l->a, dir, name);
    struct bt_str text;
    if (!must && !bt_file_exists(path))
        return true;
    int file = l->nfile++;
    l->file[file] = path;
    return table_text(l, path, &l->text[file], &text, err) && add(l, file, text, err);
}

bool bt_lang_load(const char *voices, const char *pack, struct bt_lang **out, struct bt_err *err)
{
    struct bt_lang *l = bt_xcalloc(1, sizeof(*l));
    l->a = bt_arena_create();
    bt_letters_init(&l->letters);
    bool good = true;
    for (size_t i = 0; i < BT_LEN(files) && good; i++)
        good = load(l, voices, files[i].name, files[i].add, files[i].must, err);
    if (good && pack)
        good = load(l, pack, "lexicon.tsv", station_file, false, err);
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
