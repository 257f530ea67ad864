/*
 * The text room's promise: whatever comes in, only Vietnamese letters, spaces, inner hyphens and
 * , . ? ! ; : go out, what was read reads as itself, and NFD reads as NFC. Tried on every case, on
 * the samples where they are, on mutations of them and on random bytes: BT_PROMISE_MB of these
 * (make promise), or as much as takes a moment.
 */
#include "tap.h"
#include "text/text.h"

#include <glob.h>
#include <stdlib.h>
#include <utf8proc.h>

enum { LINE_MAX_BYTES = 4096, RANDOM_LINES = 2000, MUTATED_ROUNDS = 5 };

static struct bt_lang *lang;
static uint32_t seed = 20251125;

static uint32_t next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

static char *spoken(struct bt_arena *a, struct bt_str s)
{
    struct bt_reading r;
    struct bt_buf b;
    bt_text_read(lang, NULL, a, s, BT_BREAK_PARAGRAPH, &r);
    bt_buf_init(&b, 64 << 20);
    for (size_t i = 0; i < r.nutt; i++)
        bt_buf_addf(&b, "%s%s", i ? " " : "", r.utt[i].text);
    char *out = bt_strdup(a, b.p ? b.p : "");
    bt_buf_finish(&b);
    return out;
}

static bool is_letter(int32_t c)
{
    static const char *const letters =
        "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ";
    size_t n = strlen(letters), k;
    for (size_t i = 0; i < n; i += k)
        if (bt_utf8_get(letters + i, n - i, &k) == bt_lower(c))
            return true;
    return false;
}

static bool is_clean(const char *s)
{
    size_t n = strlen(s), k;
    int32_t before = ' ';
    for (size_t i = 0; i < n; i += k) {
        int32_t c = bt_utf8_get(s + i, n - i, &k);
        bool mark = c < 0x80 && c && strchr(",.?!;:", (char)c) && is_letter(before);
        bool hyphen = c == '-' && is_letter(before);
        bool space = c == ' ' && before != ' ' && before != '-';
        if (!is_letter(c) && !mark && !hyphen && !space)
            return false;
        before = c;
    }
    return before != '-';
}

struct tally {
    size_t bytes, lines, unclean, changed, nfd, spans;
};

static char *decomposed(struct bt_arena *a, struct bt_str s)
{
    char *nfc = bt_nfc(a, s);
    utf8proc_uint8_t *nfd = utf8proc_NFD((const utf8proc_uint8_t *)nfc);
    char *out = bt_strdup(a, nfd ? (const char *)nfd : "");
    free(nfd);
    return out;
}

static bool spans_hold(struct bt_arena *a, struct bt_str s)
{
    struct bt_reading r;
    bt_text_read(lang, NULL, a, s, BT_BREAK_PARAGRAPH, &r);
    for (size_t i = 0; i < r.nutt; i++)
        for (size_t k = 0; k < r.utt[i].nword; k++) {
            const struct bt_word *w = &r.utt[i].word[k];
            if (w->from >= w->to || w->to > s.n || w->at + w->len > strlen(r.utt[i].text))
                return false;
        }
    return true;
}

static void try_line(struct tally *t, struct bt_str s, bool whole)
{
    struct bt_arena *a = bt_arena_create();
    const char *once = spoken(a, s);
    t->lines++;
    t->bytes += s.n;
    if (!is_clean(once) && t->unclean++ == 0)
        printf("# unclean: %.*s\n#       -> %s\n", (int)s.n, s.p, once);
    if (!spans_hold(a, s) && t->spans++ == 0)
        printf("# spans: %.*s\n", (int)s.n, s.p);
    if (whole) {
        const char *twice = spoken(a, bt_str(once));
        if (strcmp(once, twice) != 0 && t->changed++ < 50)
            printf("# once:  %s\n# twice: %s\n", once, twice);
        if (strcmp(once, spoken(a, bt_str(decomposed(a, s)))) != 0 && t->nfd++ == 0)
            printf("# NFD differs: %.*s\n", (int)s.n, s.p);
    }
    bt_arena_destroy(a);
}

static void mutate(struct tally *t, struct bt_str line)
{
    char b[LINE_MAX_BYTES];
    size_t n = line.n < sizeof(b) ? line.n : sizeof(b);
    memcpy(b, line.p, n);
    for (int k = 0; n && k < 4; k++)
        b[next_random() % n] = "0123456789.,/-:%()+ \xC3\xE1\xCC\x81xXhM\"'@#"[next_random() % 33];
    try_line(t, (struct bt_str){b, n}, false);
}

static void try_file(struct tally *t, struct tally *mutated, const char *path)
{
    struct bt_buf b;
    struct bt_str line;
    bt_buf_init(&b, 16 << 20);
    if (bt_file_read(path, 16 << 20, &b, NULL)) {
        struct bt_str rest = bt_buf_str(&b);
        while (bt_str_line(&rest, &line))
            if (line.n > 2 && line.n < LINE_MAX_BYTES && line.p[0] != '>' && line.p[0] != '#') {
                if (t)
                    try_line(t, line, true);
                mutate(mutated, line);
            }
    }
    bt_buf_finish(&b);
}

static void try_files(struct tally *t, struct tally *mutated, const char *pattern)
{
    glob_t g;
    if (glob(pattern, 0, NULL, &g) == 0)
        for (size_t i = 0; i < g.gl_pathc; i++)
            try_file(t, mutated, g.gl_pathv[i]);
    globfree(&g);
}

static void try_random(struct tally *t)
{
    char b[512];
    for (int i = 0; i < RANDOM_LINES; i++) {
        size_t n = next_random() % sizeof(b);
        for (size_t k = 0; k < n; k++)
            b[k] = (char)(i % 2 ? next_random() : 32 + next_random() % 95);
        try_line(t, (struct bt_str){b, n}, false);
    }
}

static void try_more(struct tally *mutated, struct tally *bytes)
{
    const char *mb = getenv("BT_PROMISE_MB");
    size_t most = (mb ? strtoul(mb, NULL, 10) : 0) << 20;
    while (mutated->bytes + bytes->bytes < most) {
        for (int k = 0; k < MUTATED_ROUNDS; k++)
            try_files(NULL, mutated, "tests/text/*.case");
        try_random(bytes);
    }
}

static void verdict(const char *what, const struct tally *t, bool whole)
{
    printf("# %s: %zu lines, %zu bytes\n", what, t->lines, t->bytes);
    ok(t->lines > 0 && t->unclean == 0, "only what may go out goes out");
    ok(t->spans == 0, "every word has its span in the written text");
    if (!whole)
        return;
    ok(t->changed == 0, "what was read reads as itself");
    ok(t->nfd == 0, "NFD reads as NFC");
}

int main(void)
{
    struct bt_err err;
    struct tally cases = {0}, mutated = {0}, bytes = {0};
    if (!ok(bt_lang_load("voices", NULL, &lang, &err), "the tables load"))
        return done();
    try_files(&cases, &mutated, "tests/text/*.case");
    try_files(&cases, &mutated, "tests/fixtures/*.txt");
    try_files(&cases, &mutated, "../shared/samples/*.txt");
    try_random(&bytes);
    try_more(&mutated, &bytes);
    verdict("texts", &cases, true);
    verdict("mutated texts", &mutated, false);
    verdict("random bytes", &bytes, false);
    bt_lang_destroy(lang);
    return done();
}
