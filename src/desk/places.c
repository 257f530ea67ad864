/* Where things lie. */
#include "desk/desk.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *environment(const char *name)
{
    const char *v = getenv(name);
    return v && *v ? v : NULL;
}

/* ROOT/voices for a program that stands in ROOT/build (or below it). */
static const char *beside_build(struct bt_arena *a)
{
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (n <= 0)
        return NULL;
    self[n] = '\0';
    char *build = NULL;
    for (char *at = self; (at = strstr(at, "/build/")) != NULL; at++)
        build = at;
    if (!build)
        return NULL;
    *build = '\0';
    return bt_path_join(a, self, "voices");
}

const char *bt_voices_dir(struct bt_arena *a, const char *given, struct bt_err *err)
{
    if (!given)
        given = environment("BANTIN_VOICES");
    const char *places[] = {beside_build(a), "/etc/bantin/voices",
                            BT_PREFIX "/share/bantin/voices"};
    for (size_t i = 0; !given && i < BT_LEN(places); i++)
        if (places[i] && bt_file_exists(bt_path_join(a, places[i], "vi")))
            given = places[i];
    if (given && bt_file_exists(bt_path_join(a, given, "vi")))
        return given;
    bt_fail(err, BT_EINNER, BT_M_VOICES_NOT_FOUND, given ? given : places[BT_LEN(places) - 1]);
    return NULL;
}

static const char *own_dir(struct bt_arena *a, const char *given, const char *systemd,
                           const char *xdg, const char *below_home)
{
    if (given)
        return given;
    const char *v = environment(systemd);
    if (v) /* systemd joins several by ':' */
        return bt_strndup(a, v, strcspn(v, ":"));
    v = environment(xdg);
    if (v)
        return bt_path_join(a, v, "bantin");
    v = environment("HOME");
    return bt_format(a, "%s/%s/bantin", v ? v : "/var/lib", below_home);
}

const char *bt_state_dir(struct bt_arena *a, const char *given)
{
    return own_dir(a, given, "STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state");
}

const char *bt_cache_dir(struct bt_arena *a, const char *given)
{
    return own_dir(a, given, "CACHE_DIRECTORY", "XDG_CACHE_HOME", ".cache");
}

const char *bt_store_dir(struct bt_arena *a, const char *cache)
{
    return bt_path_join(a, bt_cache_dir(a, cache), "speech");
}

const char *bt_pack_dir(struct bt_arena *a, const char *voices, const char *id)
{
    DIR *d = opendir(voices);
    const char *found = NULL;
    for (struct dirent *e; d && !found && (e = readdir(d)) != NULL;) {
        const char *dir = bt_path_join(a, voices, e->d_name);
        if (e->d_name[0] != '.' && bt_file_exists(bt_format(a, "%s/%s.xml", dir, id)))
            found = dir;
    }
    if (d)
        closedir(d);
    return found;
}

const char *bt_programme_path(struct bt_arena *a, const char *voices, const char *name)
{
    if (strchr(name, '/') || bt_file_exists(name))
        return name;
    const char *dir = bt_voices_dir(a, voices, NULL);
    const char *pack = dir ? bt_pack_dir(a, dir, name) : NULL;
    return pack ? bt_format(a, "%s/%s.xml", pack, name) : name;
}

static const struct bt_style *style_of(const void *ctx, const char *voice)
{
    static const struct bt_style house;
    const struct bt_voice *v = voice ? bt_voice_find(ctx, voice) : NULL;
    return v ? bt_voice_style(v) : &house;
}

struct bt_casting bt_casting_of(const struct bt_voices *v)
{
    return (struct bt_casting){style_of, v};
}
