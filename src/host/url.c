/* Addresses without what is not for everybody. Knows their outward form alone. */
#include "host/host.h"

#include <string.h>

/* After "://", or NULL; *user gets the bytes of "name:password@". */
static const char *authority(const char *url, size_t *user)
{
    const char *scheme = strstr(url, "://"), *from = scheme ? scheme + 3 : NULL;
    *user = 0;
    for (size_t i = 0; from && from[i] && !strchr("/?#", from[i]); i++)
        if (from[i] == '@')
            *user = i + 1;
    return from;
}

char *bt_url_bare(struct bt_arena *a, const char *url)
{
    size_t user;
    const char *from = authority(url, &user);
    return from ? bt_format(a, "%.*s%s", (int)(from - url), url, from + user) : bt_strdup(a, url);
}

const char *bt_url_public(const char *url, char out[BT_URL_PUBLIC])
{
    size_t user;
    const char *from = authority(url, &user);
    if (!from)
        return snprintf(out, BT_URL_PUBLIC, "%s", url), out;
    const char *host = from + user;
    size_t path = strcspn(host, "?#");
    snprintf(out, BT_URL_PUBLIC, "%.*s%.*s%s", (int)(from - url), url, (int)path, host,
             host[path] == '?' ? "?…" : "");
    return out;
}
