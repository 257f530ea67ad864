/*
 * Chinese names in pinyin respelt by sound: Zhang, Qingdao, Yangjiang. Told by their shape alone:
 * every syllable is one of pinyin, and one of them is of no other spelling. Knows sounds; the names
 * that have a Vietnamese form of their own are in names.tsv, which comes first.
 */
#include "text/pass.h"

enum { SYLLABLES_MAX = 4 };

struct part {
    const char *written, *spoken;
};

static const struct part onsets[] = {
    {"zh", "tr"}, {"ch", "tr"}, {"sh", "s"}, {"b", "b"}, {"p", "p"}, {"m", "m"},  {"f", "ph"},
    {"d", "đ"},   {"t", "t"},   {"n", "n"},  {"l", "l"}, {"g", "c"}, {"k", "kh"}, {"h", "h"},
    {"j", "gi"},  {"q", "ch"},  {"x", "x"},  {"r", "r"}, {"z", "d"}, {"c", "x"},  {"s", "x"}};

static const struct part finals[] = {
    {"a", "a"},     {"ai", "ai"},     {"an", "an"},     {"ang", "ang"}, {"ao", "ao"},
    {"e", "ơ"},     {"ei", "ây"},     {"en", "ân"},     {"eng", "âng"}, {"i", "i"},
    {"ia", "ia"},   {"ian", "iên"},   {"iang", "ương"}, {"iao", "iêu"}, {"ie", "iê"},
    {"in", "in"},   {"ing", "inh"},   {"iong", "ung"},  {"iu", "iu"},   {"ong", "ung"},
    {"o", "ô"},     {"ou", "âu"},     {"u", "u"},       {"ua", "oa"},   {"uai", "oai"},
    {"uan", "oan"}, {"uang", "oang"}, {"ue", "uê"},     {"ui", "uy"},   {"un", "uân"},
    {"uo", "ua"}};

/* Syllables that begin with a vowel's letter. */
static const struct part whole[] = {
    {"an", "an"},    {"ai", "ai"},     {"ang", "ang"},    {"ao", "ao"},     {"er", "ơ"},
    {"ya", "gia"},   {"yan", "yên"},   {"yang", "dương"}, {"yao", "diêu"},  {"ye", "diê"},
    {"yi", "y"},     {"yin", "in"},    {"ying", "inh"},   {"yong", "dung"}, {"you", "diu"},
    {"yu", "duy"},   {"yuan", "uyên"}, {"yue", "duê"},    {"yun", "duân"},  {"wa", "oa"},
    {"wai", "oai"},  {"wan", "oan"},   {"wang", "oang"},  {"wei", "uây"},   {"wen", "uân"},
    {"weng", "ông"}, {"wo", "ua"},     {"wu", "u"}};

struct syllable {
    size_t from, len, onset; /* onset: its letters */
    const char *head, *rime;
};

static const struct part *find(const struct part *t, size_t n, const char *s, size_t len)
{
    for (size_t k = 0; k < n; k++)
        if (strlen(t[k].written) == len && memcmp(t[k].written, s, len) == 0)
            return &t[k];
    return NULL;
}

/* After j, q, x only i and ü stand. */
static bool goes_with(char onset, const char *final)
{
    bool u = strcmp(final, "u") == 0 || strcmp(final, "uan") == 0 || strcmp(final, "ue") == 0 ||
             strcmp(final, "un") == 0;
    return strchr("jqx", onset) ? final[0] == 'i' || u : true;
}

static bool syllable_at(const char *s, size_t len, struct syllable *out)
{
    const struct part *w = find(whole, BT_LEN(whole), s, len);
    out->len = len;
    out->onset = 0;
    out->head = "";
    if (w) {
        out->rime = w->spoken;
        return true;
    }
    for (size_t k = 2; k > 0; k--) {
        const struct part *o = len > k ? find(onsets, BT_LEN(onsets), s, k) : NULL;
        const struct part *f = o ? find(finals, BT_LEN(finals), s + k, len - k) : NULL;
        if (!f || (k == 1 && !goes_with(s[0], f->written)))
            continue;
        out->onset = k;
        out->head = o->spoken;
        out->rime = f->spoken;
        return strchr("bpmf", s[0]) != NULL || strcmp(f->written, "o") != 0;
    }
    return false;
}

/* The longest syllables first; 0: it is no pinyin. */
static size_t cut(const char *s, size_t from, size_t n, size_t done, struct syllable *out)
{
    if (from == n)
        return done;
    if (done == SYLLABLES_MAX)
        return 0;
    for (size_t len = n - from < 6 ? n - from : 6; len > 0; len--) {
        if (!syllable_at(s + from, len, &out[done]))
            continue;
        out[done].from = from;
        size_t all = cut(s, from + len, n, done + 1, out);
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

static void put_syllable(struct bt_buf *out, const char *s, const struct syllable *y)
{
    const char *head = y->head, *rime = y->rime;
    bool front = rime[0] == 'i' || strncmp(rime, "ê", 2) == 0;
    bool buzz = strcmp(rime, "i") == 0 && strchr("zcsr", s[y->from]); /* zhi, si */
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
    size_t n = cut(s, 0, strlen(s), 0, y);
    if (!n || !is_told(s, y, n))
        return NULL;
    bt_buf_init(&b, 256);
    for (size_t k = 0; k < n; k++) {
        if (k)
            bt_buf_addc(&b, '-');
        put_syllable(&b, s, &y[k]);
    }
    char *out = bt_is_spoken(&p->l->letters, bt_buf_str(&b)) ? bt_strndup(p->a, b.p, b.n) : NULL;
    bt_buf_finish(&b);
    return out;
}
