/*
 * espeak-ng through its library. Its state is global and the same text gives other samples the
 * second time, so that it is set up in a process that never speaks, and speaks in a fork of it.
 * A second Terminate deadlocks: nothing here ends it, the process does. SSML stays off.
 */
#include "voice/engine.h"

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

enum { DATA_MAX = 64 << 20 };

/* A byte of priority, then the language's name. */
static bool is_vietnamese(const char *languages)
{
    return languages && languages[0] && strncmp(languages + 1, "vi", 2) == 0;
}

/* On failure the library says so and speaks on in another voice. */
static bool set_voice(const struct bt_link *l, struct bt_err *err)
{
    const char *name = l->file ? l->file : "vi";
    if (l->file && (chdir(l->dir) != 0 || chdir("espeak") != 0))
        return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, l->dir);
    espeak_ng_STATUS how =
        l->file ? espeak_ng_SetVoiceByFile(name) : espeak_ng_SetVoiceByName(name);
    const espeak_VOICE *v = espeak_GetCurrentVoice();
    if (how != ENS_OK || !v || !is_vietnamese(v->languages))
        return bt_fail(err, BT_EINNER, BT_M_ESPEAK_VOICE, name);
    return true;
}

static bool start(const struct bt_link *l, struct bt_err *err)
{
    if (espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 200, NULL, espeakINITIALIZE_DONT_EXIT) <= 0)
        return bt_fail(err, BT_EINNER, BT_M_ESPEAK_DATA);
    if (!set_voice(l, err))
        return false;
    espeak_SetParameter(espeakVOLUME, l->volume, 0);
    espeak_SetParameter(espeakPITCH, l->pitch, 0);
    espeak_SetParameter(espeakRANGE, l->range, 0);
    espeak_SetParameter(espeakWORDGAP, l->gap, 0);
    return true;
}

/* The callback gets no context of ours; the process speaks once. */
static struct bt_take *sink;
static bool too_long;

static int hear(short *wav, int n, espeak_EVENT *ev)
{
    for (; ev->type != espeakEVENT_LIST_TERMINATED; ev++)
        if (ev->type == espeakEVENT_WORD && ev->text_position > 0)
            bt_take_spot(sink, (uint32_t)ev->text_position - 1, (uint32_t)ev->sample);
    too_long = wav && n > 0 && !bt_take_add(sink, wav, (size_t)n);
    return too_long;
}

static bool speak(const struct bt_link *l, const char *text, double rate, struct bt_take *out,
                  struct bt_err *err)
{
    sink = out;
    out->rate = espeak_ng_GetSampleRate();
    espeak_SetSynthCallback(hear);
    espeak_SetParameter(espeakRATE, (int)(l->wpm * rate + 0.5), 0);
    if (espeak_Synth(text, strlen(text) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL) !=
        EE_OK)
        return bt_fail(err, BT_EINNER, BT_M_ESPEAK_FAILED);
    return !too_long || bt_fail(err, BT_EINNER, BT_M_VOICE_TOO_LONG, BT_TAKE_S);
}

/* Which data it is, not whether an enemy made it: a cryptographic hash took a third of the time of
 * a run whose speech is all kept. */
static void add_content(const char *path, struct bt_buf *out)
{
    struct bt_buf b;
    XXH128_hash_t h = {0};
    bt_buf_init(&b, DATA_MAX);
    if (bt_file_read(path, DATA_MAX, &b, NULL))
        h = XXH3_128bits(b.p, b.n);
    bt_buf_addf(out, " %016" PRIx64 "%016" PRIx64, h.high64, h.low64);
    bt_buf_finish(&b);
}

/* The library's version, its Vietnamese data and our voice file. */
static void identity(const struct bt_link *l, struct bt_buf *out)
{
    static const char *const data[] = {"phondata", "phontab", "phonindex", "intonations",
                                       "vi_dict"};
    const char *home = NULL;
    char path[4096];
    espeak_ng_InitializePath(NULL);
    bt_buf_adds(out, espeak_Info(&home));
    for (size_t i = 0; i < BT_LEN(data) + (l->file != NULL); i++) {
        if (i < BT_LEN(data))
            snprintf(path, sizeof(path), "%s/%s", home, data[i]);
        else
            snprintf(path, sizeof(path), "%s/espeak/%s", l->dir, l->file);
        add_content(path, out);
    }
}

const struct bt_engine bt_engine_espeak = {.name = "espeak",
                                           .spelling = "espeak.tsv",
                                           .exact_marks = true,
                                           .commands = true,
                                           .local = true,
                                           .deterministic = true,
                                           .slowest = 0.7,
                                           .fastest = 1.4,
                                           .identity = identity,
                                           .start = start,
                                           .speak = speak};
