/* What libraries of sound do with their own memory, for targets that decode. */
#ifndef BT_FUZZ_SOUND_H
#define BT_FUZZ_SOUND_H

/* libsndfile drops this when the head of an Ogg stream is wrong; the decoder's process ends soon.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:vorbis_info_init\n";
}

#endif
