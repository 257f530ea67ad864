/*
 * Chinese names in pinyin respelt by sound: Zhang, Qingdao, Yangjiang. Told by their shape alone:
 * every syllable is one of pinyin, and one of them is of no other spelling. Knows sounds; the names
 * that have a Vietnamese form of their own are in names.tsv, which comes first.
 */
#include "text/pass.h"

enum { SYLLABLES_MAX = 4, SYLLABLE_MAX = 6 };

struct syllable {
    size_t from, len;
    const struct word_row *onset,
        *rime; /* no onset: a syllable that begins with a vowel's letter */
};

static const struct word_row *row_of(const struct pass *p, const char *before, const char *s,
                                     size_t n, const char *after)
{
    char key[SYLLABLE_MAX + 2];
    int k = snprintf(key, sizeof(key), "%s%.*s%s", before, (int)n, s, after);
    return bt_words_find(&p->l->pinyin, (struct bt_str){key, (size_t)k});
}

/* After j, q, x only i and ü stand; after zh, c, s a lone i. */
static bool goes_with(char onset, struct bt_str final)
{
    bool u = bt_str_is(final, "-u") || bt_str_is(final, "-uan") || bt_str_is(final, "-ue") ||
             bt_str_is(final, "-un");
    bool i = final.p[1] == 'i', lone = final.n == 2;
    if (strchr("jqx", onset))
        return i || u;
    return !i || !strchr("gkhfzcsr", onset) || (lone && strchr("zcsr", onset));
}

static bool syllable_at(const struct pass *p, const char *s, size_t len, struct syllable *out)
{
    out->len = len;
    out->onset = NULL;
    out->rime = row_of(p, "", s, len, "");
    if (out->rime)
        return true;
    for (size_t k = 2; k > 0; k--) {
        out->onset = len > k ? row_of(p, "", s, k, "-") : NULL;
        out->rime = out->onset ? row_of(p, "-", s + k, len - k, "") : NULL;
        if (out->rime && goes_with(s[0], out->rime->written))
            return strchr("bpmf", s[0]) != NULL || !bt_str_is(out->rime->written, "-o");
    }
    return false;
}

/* The longest syllables first; 0: it is no pinyin. */
static size_t cut(const struct pass *p, const char *s, size_t from, size_t n, size_t done,
                  struct syllable *out)
{
    if (from == n)
        return done;
    if (done == SYLLABLES_MAX)
        return 0;
    for (size_t len = n - from < SYLLABLE_MAX ? n - from : SYLLABLE_MAX; len > 0; len--) {
        if (!syllable_at(p, s + from, len, &out[done]))
            continue;
        out[done].from = from;
        size_t all = cut(p, s, from + len, n, done + 1, out);
        if (all)
            return all;
    }
    return 0;
}

static bool ends_so(const char *s, const struct syllable *y)
{
    static const char *const rimes[] = {"iang", "uang", "iong", "eng", "iao", "ian",
                                        "uan",  "ang",  "ong",  "ou",  "ing"};
    for (size_t k = 0; k < BT_LEN(rimes); k++) {
        size_t n = strlen(rimes[k]);
        if (y->len > n && memcmp(s + y->from + y->len - n, rimes[k], n) == 0)
            return true;
    }
    return false;
}

static bool is_told(const char *s, const struct syllable *y, size_t n)
{
    static const char *const ends[] = {"jiang", "liang", "guang", "huang", "jian",
                                       "qian",  "xian",  "yuan",  "yang",  "jie"};
    bool only = s[0] == 'x' || strchr(s, 'q') || strstr(s, "zh");
    for (size_t k = 0; n > 1 && k < BT_LEN(ends); k++)
        only |= bt_str_ends(bt_str(s), bt_str(ends[k]));
    bool strange = strchr(s, 'x') || strchr(s, 'q') || strchr(s, 'z') || strstr(s, "sh");
    size_t shaped = 0;
    for (size_t k = 0; k < n; k++)
        shaped += ends_so(s, &y[k]);
    return only || (strange && shaped) || (n > 1 && shaped == n);
}

static void put_syllable(struct pass *p, struct bt_buf *out, const char *s,
                         const struct syllable *y)
{
    const char *head = y->onset ? bt_strndup(p->a, y->onset->spoken.p, y->onset->spoken.n) : "";
    const char *rime = bt_strndup(p->a, y->rime->spoken.p, y->rime->spoken.n);
    bool front = rime[0] == 'i' || strncmp(rime, "ê", 2) == 0;
    bool buzz = strcmp(rime, "i") == 0 && strchr("zcsr", s[y->from]); /* zhi, si */
    if (p->trace) {
        bt_trace_row(p, y->onset);
        bt_trace_row(p, y->rime);
    }
    if (strcmp(head, "c") == 0 && (rime[0] == 'o' || rime[0] == 'u') && rime[1]) {
        bt_buf_addf(out, "qu%s", rime + 1);
        return;
    }
    if (strcmp(head, "c") == 0 && front)
        head = "k";
    if (strcmp(head, "gi") == 0 && strcmp(rime, "ương") == 0)
        rime = "ang"; /* jiang */
    if (strcmp(head, "gi") == 0 && rime[0] == 'i')
        head = "g";
    bt_buf_addf(out, "%s%s", head, buzz ? "ư" : rime);
}

char *bt_pinyin(struct pass *p, const char *s)
{
    struct syllable y[SYLLABLES_MAX + 1];
    struct bt_buf b;
    size_t n = cut(p, s, 0, strlen(s), 0, y);
    if (!n || !is_told(s, y, n))
        return NULL;
    bt_buf_init(&b, 256);
    for (size_t k = 0; k < n; k++) {
        if (k)
            bt_buf_addc(&b, '-');
        put_syllable(p, &b, s, &y[k]);
    }
    char *out = bt_is_spoken(&p->l->letters, bt_buf_str(&b)) ? bt_strndup(p->a, b.p, b.n) : NULL;
    bt_buf_finish(&b);
    return out;
}
