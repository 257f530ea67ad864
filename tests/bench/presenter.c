/*
 * The figures of presenters, each with the bound that it keeps. name: value, a line each.
 * usage: presenter VOICES TEXT [VOICE [STEM.wav]]
 */
#include "presenter.h"

#include <sndfile.h>

static void tell(const char *name, const struct bt_voice *v, const struct presenter *p)
{
    const struct bt_shape *s = &v->shape;
    printf("%s SII car (at least 0.36): %.3f\n", name, p->sii);
    printf("%s ESTOI car (at least 0.30): %.3f\n", name, p->estoi);
    printf("%s spectrum off speech dB (at most 6): %.1f\n", name, p->off);
    printf("%s reduction for 95 %% of the time dB (at most 6): %.1f\n", name, p->reduction);
    printf("%s compression ratio (at most 3): %g\n", name, s->ratio);
    printf("%s release ms (at least 80): %g\n", name, s->release);
    printf("%s bands together dB (at most 4): %.1f\n", name, p->most_band);
    printf("%s syllables a minute (230 to 255): %.0f\n", name, p->pace);
}

static bool write_stem(const char *path, const struct bt_pcm *stem)
{
    SF_INFO info = {
        .samplerate = stem->rate, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
    SNDFILE *f = sf_open(path, SFM_WRITE, &info);
    bool good =
        f && sf_writef_float(f, stem->x, (sf_count_t)stem->frames) == (sf_count_t)stem->frames;
    sf_close(f);
    return good;
}

int main(int argc, char **argv)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_voices voices;
    struct bt_lang *lang;
    struct bt_buf text;
    struct bt_err err = {0};
    bt_buf_init(&text, 1 << 20);
    if (argc < 3 || !bt_voices_load(a, argv[1], &voices, &err) ||
        !bt_lang_load(argv[1], NULL, &lang, &err) || !bt_file_read(argv[2], 1 << 20, &text, &err))
        return fprintf(stderr, "%s\n", err.msg), 1;
    for (size_t i = 0; i < voices.n; i++) {
        struct presenter p;
        struct bt_pcm stem = {0};
        const char *name = bt_voice_name(voices.item[i]);
        if (argc > 3 && strcmp(argv[3], name) != 0)
            continue;
        if (!present(&voices, lang, argv[1], voices.item[i], bt_buf_str(&text), &p, &stem, &err))
            return fprintf(stderr, "%s: %s\n", name, err.msg), 1;
        tell(name, voices.item[i], &p);
        if (getenv("PRESENTER_BANDS"))
            for (size_t k = 0; k < BT_LEN(thirds); k++)
                printf("band %g %.4f %.4f\n", thirds[k].hz, p.dev[k], p.snr[k]);
        if (argc > 4 && !write_stem(argv[4], &stem))
            return 1;
        bt_pcm_finish(&stem);
    }
    bt_buf_finish(&text);
    bt_lang_destroy(lang);
    bt_arena_destroy(a);
    return 0;
}
