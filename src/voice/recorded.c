/*
 * A person's recordings of fixed phrases: greeting, farewell, weekdays, hours. The index has the
 * spoken text and the file; what is not found there is for the next engine.
 */
#include "voice/engine.h"

#include <stdlib.h>
#include <string.h>

struct phrase {
    char *words, *path;
};
static struct phrase *phrases; /* a process serves one link */
static size_t nphrase;

/* Lower case, words with one space between, no marks: the recording knows its own pauses. */
static char *words_of(struct bt_arena *a, const char *text)
{
    char *low = bt_lower_str(a, bt_str(text)), *to = low;
    for (const char *p = low; *p; p++) {
        bool gap = strchr(" ,.?!;:\t\n", *p) != NULL;
        if (!gap)
            *to++ = *p;
        else if (to > low && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > low && to[-1] == ' ')
        to--;
    *to = '\0';
    return low;
}

static int by_words(const void *a, const void *b)
{
    const struct phrase *x = a, *y = b;
    return strcmp(x->words, y->words);
}

static bool start(const struct bt_link *l, struct bt_err *err)
{
    static struct bt_arena *a; /* lives as long as this process */
    struct bt_buf text;
    struct bt_table t = {0};
    a = bt_arena_create();
    bt_buf_init(&text, 1 << 20);
    bool good = bt_file_read(l->index, 1 << 20, &text, err) &&
                bt_table_parse(a, l->index, bt_buf_str(&text), 2, 3, &t, err);
    phrases = bt_alloc(a, (t.n + 1) * sizeof(*phrases));
    for (size_t i = 0; good && i < t.n; i++) {
        phrases[i].words = words_of(a, t.row[i].col[0]);
        phrases[i].path = bt_path_join(a, bt_path_dir(a, l->index), t.row[i].col[1]);
        good = bt_file_exists(phrases[i].path) ||
               bt_row_fail(err, &t.row[i], BT_M_FILE_NOT_READ, phrases[i].path);
    }
    nphrase = t.n;
    qsort(phrases, nphrase, sizeof(*phrases), by_words);
    bt_buf_finish(&text);
    return good;
}

static bool speak(const struct bt_link *l, const char *text, double rate, struct bt_take *out,
                  struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    struct phrase want = {words_of(a, text), NULL};
    (void)l, (void)rate;
    const struct phrase *p = bsearch(&want, phrases, nphrase, sizeof(*phrases), by_words);
    bool good =
        p ? bt_sound_load(p->path, out, err) : bt_fail(err, BT_ENOTHING, BT_M_VOICE_NOT_RECORDED);
    bt_arena_destroy(a);
    return good;
}

const struct bt_engine bt_engine_recorded = {.name = "recorded",
                                             .foreign = true,
                                             .local = true,
                                             .deterministic = true,
                                             .slowest = 1,
                                             .fastest = 1,
                                             .start = start,
                                             .speak = speak};
