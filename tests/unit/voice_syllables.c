/*
 * Every Vietnamese syllable, in three dialects: what espeak-ng makes of our spelling is compared
 * with phonemes composed from initial, rime and tone by tests/syllables/{initials,rimes}.tsv. Each
 * difference needs a line in verdicts.tsv, and each line there and in voices/vi/espeak.tsv must
 * still be needed. "(en)", a switch to English, is never right.
 */
#include "voice/engine.h"
#include "tap.h"

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <stdlib.h>

enum { DIALECTS = 3, TONES = 6 };
static const char *const espeak_voice[DIALECTS] = {"vi", "vi-vn-x-central", "vi-vn-x-south"};
static const char *const dialect_name[DIALECTS] = {"north", "central", "south"};
static const char *const tone_mark[TONES] = {"",         "\xCC\x80", "\xCC\x81",
                                             "\xCC\x89", "\xCC\x83", "\xCC\xA3"};
static const char tone_digit[TONES + 1] = "\0"
                                          "23456";

static struct bt_arena *arena;
static struct bt_table initials, rimes, verdicts;
static bool *verdict_used;
static struct bt_spelling *spelling;
static int dialect;
static long compared, by_verdict, open_verdicts, unexplained, english;

struct syllable {
    const char *initial, *rime; /* as in the tables */
    int tone;
    char text[64]; /* NFC */
};

static void load(const char *path, int columns, struct bt_table *t)
{
    struct bt_buf b;
    struct bt_err err;
    bt_buf_init(&b, 1 << 20);
    bool good = bt_file_read(path, 1 << 20, &b, &err) &&
                bt_table_parse(arena, path, bt_buf_str(&b), columns, columns, t, &err);
    ok(good && t->n > 0, path);
    bt_buf_finish(&b);
}

static bool has_medial(const struct bt_row *rime)
{
    return rime->col[1][0] == 'w';
}

static bool is_stop(const char *rime)
{
    size_t n = strlen(rime);
    return strchr("pt", rime[n - 1]) || rime[n - 1] == 'c' || strcmp(rime + n - 2, "ch") == 0;
}

static bool before_front(const char *rime)
{
    return rime[0] == 'e' || rime[0] == 'i' || rime[0] == 'y' || strncmp(rime, "ê", 2) == 0;
}

/* The orthography of initial and rime together; false where they are not written together. */
static bool spell(const char *initial, const struct bt_row *row, char ini[16], char rime[32])
{
    bool front = before_front(row->col[0]);
    const char *i = strcmp(initial, "-") == 0 ? "" : initial;
    snprintf(rime, 32, "%s", row->col[0]);
    if (!*i && strncmp(rime, "iê", 3) == 0)
        rime[0] = 'y';
    if (strcmp(i, "gi") == 0 && rime[0] == 'i')
        i = "g"; /* gì, giếng */
    if (strcmp(i, "gi") == 0 && (strncmp(rime, "ê", 2) == 0 || has_medial(row)))
        return false;
    if (strcmp(i, "g") == 0 && strcmp(initial, "gi") == 0 &&
        (strcmp(rime, "ia") == 0 || strcmp(rime, "iu") == 0))
        return false; /* gia is gi + a, giu is gi + u */
    if (strcmp(i, "c") == 0 && has_medial(row)) {
        i = "qu";
        memmove(rime, rime + 1, strlen(rime));
    } else if (front && strcmp(initial, "gi") != 0) {
        i = strcmp(i, "c") == 0    ? "k"
            : strcmp(i, "g") == 0  ? "gh"
            : strcmp(i, "ng") == 0 ? "ngh"
                                   : i;
    }
    snprintf(ini, 16, "%s", i);
    return true;
}

/* Where the tone goes: the last marked letter, else the nucleus. Bytes after the letter. */
static size_t tone_place(const char *rime, bool medial, bool old)
{
    size_t at = 0, len;
    for (size_t i = 0; rime[i]; i += len) {
        int32_t c = bt_utf8_get(rime + i, strlen(rime) - i, &len);
        if (c > 127)
            at = i + len;
    }
    if (at > 0)
        return at;
    return medial && !old && rime[1] ? 2 : strncmp(rime, "oo", 2) == 0 ? 2 : 1;
}

static bool make(struct syllable *s, const struct bt_row *ini, const struct bt_row *rime, int tone,
                 bool old)
{
    char i[16], r[32], whole[128];
    *s = (struct syllable){ini->col[0], rime->col[0], tone, ""};
    if ((is_stop(s->rime) && tone != 2 && tone != 5) || !spell(s->initial, rime, i, r))
        return false;
    bool medial = has_medial(rime) && strcmp(i, "qu") != 0;
    bool open2 = strcmp(r, "oa") == 0 || strcmp(r, "oe") == 0 || strcmp(r, "uy") == 0;
    if (old && (!medial || !open2 || tone == 0))
        return false;
    size_t at = tone_place(r, medial, old);
    snprintf(whole, sizeof(whole), "%s%.*s%s%s", i, (int)at, r, tone_mark[tone], r + at);
    snprintf(s->text, sizeof(s->text), "%s", bt_nfc(arena, bt_str(whole)));
    return true;
}

/* The composed phonemes: the initial's, the rime's, the tone's digit in the place of 0. */
static void compose(const struct syllable *s, const struct bt_row *ini, const struct bt_row *rime,
                    char *out, size_t max)
{
    const char *i = ini->col[1 + dialect], *r = rime->col[1 + dialect];
    const char *zero = strchr(r, '0');
    char digit[2] = {tone_digit[s->tone], '\0'};
    snprintf(out, max, "%s%.*s%s%s", strcmp(i, "-") == 0 ? "" : i, (int)(zero - r), r, digit,
             zero + 1);
}

/* espeak-ng's phonemes without stress, pauses and the digit 1 of the level tone. */
static void hear(const char *text, char *out, size_t max)
{
    const void *p = text;
    size_t n = 0;
    while (p) {
        const char *ph = espeak_TextToPhonemes(&p, espeakCHARS_UTF8, 0);
        for (; *ph && n + 1 < max; ph++)
            if (!strchr("',|1", *ph) && !(*ph == '_' && (n == 0 || ph[1] == '|' || !ph[1])))
                out[n++] = *ph;
    }
    out[n] = '\0';
}

static bool covers(const char *pattern, const char *word)
{
    struct bt_str rest = bt_str(pattern), piece;
    while (bt_str_cut(&rest, ' ', &piece))
        if (bt_str_is(piece, "*") || bt_str_is(piece, word))
            return true;
    return false;
}

static bool has_verdict(const struct syllable *s)
{
    char tone[2] = {(char)('1' + s->tone), '\0'};
    for (size_t i = 0; i < verdicts.n; i++) {
        const char *const *c = verdicts.row[i].col;
        if (covers(c[0], dialect_name[dialect]) && covers(c[1], s->initial) &&
            covers(c[2], s->rime) && covers(c[3], tone)) {
            verdict_used[i] = true;
            open_verdicts += strcmp(c[4], "open") == 0;
            return true;
        }
    }
    return false;
}

static const char *respelt(const char *text)
{
    struct bt_word w = {.len = (uint32_t)strlen(text)};
    struct bt_utterance u = {.text = text, .word = &w, .nword = 1};
    struct bt_prompt p;
    bt_prompt_make(arena, &u, spelling, dialect, false, &p);
    return p.text;
}

static void compare(const struct syllable *s, const struct bt_row *ini, const struct bt_row *rime)
{
    char want[128], got[256];
    compose(s, ini, rime, want, sizeof(want));
    hear(respelt(s->text), got, sizeof(got));
    compared++;
    if (strcmp(got, want) == 0)
        return;
    if (has_verdict(s)) {
        by_verdict++;
        return;
    }
    english += strstr(got, "(en)") != NULL;
    if (unexplained++ < 40)
        printf("# %s: %s (%s + %s) got %s, want %s\n", dialect_name[dialect], s->text, s->initial,
               s->rime, got, want);
}

static void test_dialect(void)
{
    struct syllable s;
    if (espeak_ng_SetVoiceByName(espeak_voice[dialect]) != ENS_OK)
        printf("# no voice %s\n", espeak_voice[dialect]);
    for (size_t i = 0; i < initials.n; i++)
        for (size_t k = 0; k < rimes.n; k++)
            for (int tone = 0; tone < 2 * TONES; tone++)
                if (make(&s, &initials.row[i], &rimes.row[k], tone % TONES, tone >= TONES))
                    compare(&s, &initials.row[i], &rimes.row[k]);
}

/* What is heard of "~end", "begin~" or a whole syllable. */
static void in_syllable(const char *pattern, char *out, size_t max)
{
    size_t n = strlen(pattern);
    bool end = pattern[0] == '~', begin = pattern[n - 1] == '~';
    const char *more = !begin ? "" : strchr("aiuo", pattern[n - 2]) ? "n" : "an";
    hear(bt_format(arena, "%s%.*s%s", end ? "b" : "", (int)n - end - begin, pattern + end, more),
         out, max);
}

/* A line of espeak.tsv that changes nothing in what is heard has outlived its defect. */
static void test_spelling_needed(void)
{
    struct bt_table t;
    char raw[256], mended[256];
    load("voices/vi/espeak.tsv", 4, &t);
    long idle = 0;
    for (size_t i = 0; i < t.n; i++) {
        const char *from = t.row[i].col[0], *to = t.row[i].col[1], *where = t.row[i].col[2];
        dialect = strcmp(where, "south") == 0 ? 2 : strcmp(where, "central") == 0 ? 1 : 0;
        espeak_ng_SetVoiceByName(espeak_voice[dialect]);
        in_syllable(from, raw, sizeof(raw));
        in_syllable(to, mended, sizeof(mended));
        if (strcmp(raw, mended) != 0 && !strstr(mended, "(en)"))
            continue;
        idle++;
        printf("# line %d: %s and %s sound alike: %s\n", t.row[i].line, from, to, mended);
    }
    is_int(idle, 0, "every line of espeak.tsv changes what is heard, and none to English");
}

int main(void)
{
    struct bt_err err;
    arena = bt_arena_create();
    load("tests/syllables/initials.tsv", 4, &initials);
    load("tests/syllables/rimes.tsv", 4, &rimes);
    load("tests/syllables/verdicts.tsv", 6, &verdicts);
    verdict_used = bt_alloc(arena, verdicts.n + 1);
    ok(bt_spelling_load("voices/vi/espeak.tsv", &spelling, &err), "the spelling table");
    ok(espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, 0) > 0, "espeak-ng");
    for (dialect = 0; dialect < DIALECTS; dialect++)
        test_dialect();
    printf("# %ld syllables compared, %ld by verdict, %ld of them open\n", compared, by_verdict,
           open_verdicts);
    ok(compared > 45000, "the whole table was compared");
    is_int(unexplained, 0, "every difference has a verdict");
    is_int(english, 0, "no syllable that occurs is read in English");
    long idle = 0;
    for (size_t i = 0; i < verdicts.n; i++)
        if (!verdict_used[i] && ++idle)
            printf("# verdicts.tsv:%d is not needed\n", verdicts.row[i].line);
    is_int(idle, 0, "every verdict is needed");
    test_spelling_needed();
    bt_spelling_destroy(spelling);
    bt_arena_destroy(arena);
    return done();
}
