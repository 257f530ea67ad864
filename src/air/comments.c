/*
 * Tags as Vorbis comments, for FLAC, Opus and Vorbis; chapters as CHAPTERnnn and CHAPTERnnnNAME
 * (Xiph's chapter extension). Knows names and values; knows no container.
 */
#include "air/encode.h"

#include <string.h>

struct teller {
    void (*each)(void *ctx, const char *name, const char *value);
    void *ctx;
};

static void tell(const struct teller *t, const char *name, const char *value)
{
    if (value && *value)
        t->each(t->ctx, name, value);
}

static void tell_chapter(const struct teller *t, size_t i, const struct bt_chapter *c)
{
    char name[32], at[32];
    int64_t ms = (c->from * 1000 + BT_RATE / 2) / BT_RATE;
    snprintf(name, sizeof(name), "CHAPTER%03zu", i);
    snprintf(at, sizeof(at), "%02ld:%02ld:%02ld.%03ld", (long)(ms / 3600000),
             (long)(ms / 60000 % 60), (long)(ms / 1000 % 60), (long)(ms % 1000));
    tell(t, name, at);
    snprintf(name, sizeof(name), "CHAPTER%03zuNAME", i);
    tell(t, name, c->title);
    snprintf(name, sizeof(name), "CHAPTER%03zuURL", i);
    tell(t, name, c->url);
}

void bt_comments(const struct bt_tags *tags,
                 void (*each)(void *ctx, const char *name, const char *value), void *ctx)
{
    struct teller t = {each, ctx};
    tell(&t, "TITLE", tags->title);
    tell(&t, "ARTIST", tags->artist);
    tell(&t, "ALBUM", tags->album);
    tell(&t, "DATE", tags->date);
    tell(&t, "COMMENT", tags->comment);
    tell(&t, "CONTACT", tags->url);
    if (tags->programme) {
        tell(&t, "LANGUAGE", "vi");
        tell(&t, "GENRE", "News");
        tell(&t, "DIGITAL_SOURCE_TYPE", BT_SYNTHETIC);
    }
    for (size_t i = 0; i < tags->nchapter && i < 1000; i++)
        tell_chapter(&t, i, &tags->chapter[i]);
}
