/* say: a text or a rundown's lines spoken into one WAV, without jingles and levels. */
#include "desk/desk.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct say_options {
    const char *story, *voice, *out, *voices, *cache;
    bool no_store;
};

#define OPTION(name, kind, member, argument, help)                                                 \
    {                                                                                              \
        name, kind, offsetof(struct say_options, member), argument, help                           \
    }

static const struct bt_option options[] = {
    OPTION("story", BT_VALUE, story, "ID", BT_M_OPT_STORY),
    OPTION("voice", BT_VALUE, voice, "V", BT_M_OPT_VOICE),
    OPTION("o", BT_VALUE, out, "WAV", BT_M_OPT_WAV),
    OPTION("voices", BT_VALUE, voices, "DIR", BT_M_OPT_VOICES),
    OPTION("cache", BT_VALUE, cache, "DIR", BT_M_OPT_CACHE),
    OPTION("no-store", BT_FLAG, no_store, NULL, BT_M_OPT_NO_STORE),
};

struct say { /* what is said, sentence after sentence */
    struct bt_arena *a;
    struct say_options o;
    struct bt_voices voices;
    struct bt_lang *lang;
    struct bt_lines lines;
    struct bt_speaker *speaker;
    struct bt_speech *speech;
    int64_t *at; /* where each sentence begins; [n]: the end */
};

/* The preview's pauses, ms; a bulletin's are the mix's. */
static const int pause_ms[BT_BREAKS] = {180, 420, 700, 700, 1200};

static void say_text(struct say *s, struct bt_str text)
{
    const struct bt_voice *voice = bt_voice_find(&s->voices, s->o.voice);
    struct bt_reading r = {0};
    bt_text_read(s->lang, bt_voice_style(voice), s->a, text, BT_BREAK_PARAGRAPH, &r);
    for (size_t i = 0; i < r.nutt; i++) {
        struct bt_line *l = bt_push(s->a, &s->lines.line, &s->lines.n, sizeof(*l));
        *l = (struct bt_line){.part = -2, .voice = s->o.voice, .written = text.p, .utt = r.utt[i]};
    }
}

/* One paragraph a line. */
static bool say_stdin(struct say *s, struct bt_err *err)
{
    struct bt_buf b;
    struct bt_str line;
    bt_buf_init(&b, 1 << 20);
    bool good = bt_file_read("-", 1 << 20, &b, err);
    struct bt_str rest = bt_str(good ? bt_strdup(s->a, b.p) : NULL);
    bt_buf_finish(&b);
    while (bt_str_line(&rest, &line))
        if (bt_str_trim(line).n > 0)
            say_text(s, bt_str(bt_strndup(s->a, line.p, line.n)));
    return good;
}

static bool say_rundown(struct say *s, const char *path, struct bt_err *err)
{
    struct bt_rundown r = {0};
    struct bt_lines all = {0};
    struct bt_casting casting = bt_casting_of(&s->voices);
    if (!bt_rundown_load(s->a, path, &r, err))
        return false;
    bt_text_lines(s->lang, &casting, s->a, &r, &all);
    for (size_t i = 0; i < all.n; i++) {
        struct bt_line *l = &all.line[i];
        if (s->o.story && strcmp(r.cue[l->cue].id, s->o.story) != 0)
            continue;
        if (s->o.voice)
            l->voice = s->o.voice;
        struct bt_line *to = bt_push(s->a, &s->lines.line, &s->lines.n, sizeof(*to));
        *to = *l;
    }
    return s->lines.n > 0 ||
           bt_fail(err, BT_ENOTHING, BT_M_NO_WORDS, s->o.story ? s->o.story : path);
}

static bool gather(struct say *s, const char *what, struct bt_err *err)
{
    const char *voices = bt_voices_dir(s->a, s->o.voices, err), *pack = NULL;
    static const char *const of_rundown[] = {"story", NULL};
    bool rundown = bt_str_ends(bt_str(what), BT_STR(".xml"));
    if (!rundown &&
        !bt_options_only(options, BT_LEN(options), &s->o, of_rundown, "RUNDOWN.xml", err))
        return false;
    if (rundown)
        pack = bt_path_dir(s->a, what);
    else if (!s->o.voice)
        s->o.voice = "nu";
    if (!voices || !bt_voices_load(s->a, voices, &s->voices, err) ||
        (s->o.voice && !bt_voice_known(&s->voices, s->o.voice, err)) ||
        !bt_lang_load(voices, pack, &s->lang, err))
        return false;
    s->o.voices = voices;
    if (rundown)
        return say_rundown(s, what, err);
    if (strcmp(what, "-") == 0 && !say_stdin(s, err))
        return false;
    if (strcmp(what, "-") != 0)
        say_text(s, bt_str(what));
    return s->lines.n > 0 || bt_fail(err, BT_ENOTHING, BT_M_NO_WORDS, what);
}

static bool speak(struct say *s, const struct bt_events *ev, struct bt_err *err)
{
    struct bt_speaker_options o = {.voices = s->o.voices};
    size_t heard = 0;
    if (!s->o.no_store)
        o.store = bt_store_dir(s->a, s->o.cache);
    s->speech = bt_alloc(s->a, (s->lines.n + 1) * sizeof(*s->speech));
    if (!bt_speaker_create(&s->voices, &o, &s->speaker, err) ||
        !bt_speak(s->speaker, s->a, &s->lines, s->speech, ev, err))
        return false;
    s->at = bt_alloc(s->a, (s->lines.n + 1) * sizeof(*s->at));
    for (size_t i = 0; i < s->lines.n; i++) {
        int pause = i + 1 < s->lines.n ? pause_ms[s->lines.line[i].utt.after] : 0;
        heard += s->speech[i].engine != NULL;
        s->at[i + 1] = s->at[i] + s->speech[i].frames + (int64_t)pause * BT_RATE / 1000;
    }
    return heard > 0 || bt_fail(err, BT_EINNER, BT_M_NO_SPEECH);
}

/* ---- as sound: one sentence in memory at a time ------------------------------------------------
 */

struct hand {
    const struct say *s;
    size_t line; /* the one in pcm */
    struct bt_pcm pcm;
    bool filled;
};

static bool hold(struct hand *h, size_t line, struct bt_err *err)
{
    if (h->filled && h->line == line)
        return true;
    if (h->filled)
        bt_pcm_finish(&h->pcm);
    h->filled = bt_speech_load(h->s->speaker, &h->s->speech[line], &h->pcm, err);
    h->line = line;
    return h->filled;
}

static bool read_sound(void *ctx, int64_t from, size_t n, float *out, struct bt_err *err)
{
    struct hand *h = ctx;
    const struct say *s = h->s;
    memset(out, 0, n * sizeof(*out));
    for (size_t i = 0; i < s->lines.n; i++) {
        int64_t a = s->at[i] > from ? s->at[i] : from;
        int64_t b = s->at[i] + s->speech[i].frames;
        b = b < from + (int64_t)n ? b : from + (int64_t)n;
        if (a >= b)
            continue;
        if (!hold(h, i, err))
            return false;
        memcpy(out + (a - from), h->pcm.x + (a - s->at[i]), (size_t)(b - a) * sizeof(*out));
    }
    return true;
}

static bool open_sound(void *ctx, struct bt_signal *out, struct bt_err *err)
{
    const struct say *s = ctx;
    struct hand *h = bt_xcalloc(1, sizeof(*h));
    (void)err;
    h->s = s;
    *out = (struct bt_signal){1, s->at[s->lines.n], read_sound, h};
    return true;
}

static void close_sound(void *ctx, struct bt_signal *sig)
{
    struct hand *h = sig->ctx;
    (void)ctx;
    if (h->filled)
        bt_pcm_finish(&h->pcm);
    free(h);
}

static bool write_sound(struct say *s, const struct bt_events *ev, struct bt_err *err)
{
    struct bt_sound sound = {1, s->at[s->lines.n], open_sound, close_sound, s};
    struct bt_file file = {.format = BT_WAV, .path = s->o.out};
    return bt_files_write(&sound, &file, 1, NULL, 0, ev, err);
}

int bt_cmd_say(int argc, char **argv)
{
    struct say s = {.a = bt_arena_create()};
    struct bt_words rest = {0};
    struct bt_err err = {0};
    struct bt_teller t;
    int code = bt_command_open(s.a, options, BT_LEN(options), argc, argv, &s.o, &rest, 1, 1);
    if (code < 0) {
        bt_teller_init(&t, false);
        bool good = s.o.out || bt_fail(&err, BT_EUSAGE, BT_M_OPTION_VALUE, "-o", "WAV");
        good = good && gather(&s, rest.item[0], &err) && speak(&s, &t.events, &err) &&
               write_sound(&s, &t.events, &err);
        bt_teller_close(&t);
        code = good ? BT_OK : bt_tell_error(&t, &err);
    }
    bt_speaker_destroy(s.speaker);
    bt_lang_destroy(s.lang);
    bt_arena_destroy(s.a);
    return code;
}
