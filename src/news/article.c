/* One article, from raw fields to identity, bulletin and rights. Knows no document format. */
#include "news/parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *const bt_state_names[3] = {"air", "hold", "drop"};

struct bt_article *bt_article_new(struct bt_arena *a, struct bt_articles *out,
                                  const struct bt_source_spec *spec)
{
    struct bt_article *t = bt_push(a, &out->item, &out->n, sizeof(*t));
    t->title = t->lead = "";
    t->origin = spec->name ? spec->name : spec->href;
    t->published = t->not_before = t->expires = t->segment_day = BT_NO_TIME;
    t->section = spec->section;
    t->priority = 5;
    return t;
}

void bt_article_para(struct bt_arena *a, struct bt_article *t, const char *text)
{
    const char *source = bt_source_line(text);
    if (source) {
        t->source = source;
        return;
    }
    if (!*text || bt_is_caption(text) || bt_is_furniture(text))
        return;
    const char **p = bt_push(a, &t->para, &t->npara, sizeof(*t->para));
    *p = text;
}

/* ---- the bulletin that a source line names -------------------------------------------------- */

/* "27/6" or "27/6/2024" at the end of a folded line: where it begins, or NULL. */
static const char *day_at_end(const char *f, int *d, int *m, int *y)
{
    const char *p = f + strlen(f);
    while (p > f && (strchr("0123456789/-. ", p[-1])))
        p--;
    p += strspn(p, " -./");
    int used = 0;
    *y = 0;
    char sep[2], sep2[2];
    int k = sscanf(p, "%2d%1[/.-]%2d%1[/.-]%4d%n", d, sep, m, sep2, y, &used);
    if (k == 3 || k == 5)
        return p;
    return NULL;
}

static const char *trim_words(char *f)
{
    static const char *const tail[] = {" ngay", ",", " -", " ", "."};
    for (bool again = true; again;) {
        again = false;
        size_t n = strlen(f);
        for (size_t i = 0; i < BT_LEN(tail); i++) {
            size_t k = strlen(tail[i]);
            if (n >= k && strcmp(f + n - k, tail[i]) == 0) {
                f[n - k] = '\0';
                again = true;
                break;
            }
        }
    }
    return f;
}

/* Local midnight of d/m, in the year that brings it nearest to `near`. */
static int64_t nearest_day(int d, int m, int y, int64_t near, int zone)
{
    int64_t best = BT_NO_TIME;
    int base = near == BT_NO_TIME ? 0 : bt_utc_civil(near, zone).year;
    if (y > 0 && y < 100)
        y += 2000;
    if (!y && !base)
        return BT_NO_TIME;
    for (int year = y ? y : base - 1; year <= (y ? y : base + 1); year++) {
        struct bt_civil c = {.year = year, .mon = m, .day = d};
        if (!bt_date_valid(year, m, d))
            continue;
        int64_t t = bt_civil_utc(&c, zone);
        if (best == BT_NO_TIME || llabs(t - near) < llabs(best - near))
            best = t;
    }
    return best;
}

static int64_t midnight(int64_t t, int zone)
{
    struct bt_civil c = bt_utc_civil(t, zone);
    c.hour = c.min = c.sec = 0;
    return bt_civil_utc(&c, zone);
}

static void find_segment(struct bt_arena *a, struct bt_article *t, int zone)
{
    static const char *const cue[] = {"ban tin", "chuong trinh", "thoi su", "thnm", "diem tin"};
    if (!t->source)
        return;
    char *f = bt_fold(a, bt_str(t->source));
    bool named = false;
    for (size_t i = 0; i < BT_LEN(cue); i++)
        named = named || strncmp(f, cue[i], strlen(cue[i])) == 0;
    if (!named)
        return;
    int d, m, y;
    const char *at = day_at_end(f, &d, &m, &y);
    if (at)
        f[at - f] = '\0';
    t->segment = trim_words(f);
    t->segment_day = at                           ? nearest_day(d, m, y, t->published, zone)
                     : t->published == BT_NO_TIME ? BT_NO_TIME
                                                  : midnight(t->published, zone);
}

/* ---- identity ------------------------------------------------------------------------------- */

static bool is_tracking(struct bt_str pair)
{
    static const char *const start[] = {"utm_", "fbclid", "gclid", "zarsrc", "ref=", "source=rss"};
    for (size_t i = 0; i < BT_LEN(start); i++)
        if (bt_str_starts(pair, bt_str(start[i])))
            return true;
    return false;
}

/* A key that a site gave to one reader: "token=…", "api_key=…". */
static bool is_secret(struct bt_str pair)
{
    static const char *const name[] = {"token",   "accesstoken", "authtoken", "auth",   "apikey",
                                       "key",     "secret",      "password",  "passwd", "pwd",
                                       "session", "sig",         "signature", "jwt"};
    char bare[32];
    size_t n = 0;
    for (size_t i = 0; i < pair.n && pair.p[i] != '=' && n + 1 < sizeof(bare); i++)
        if (pair.p[i] != '_' && pair.p[i] != '-')
            bare[n++] = (char)bt_lower((unsigned char)pair.p[i]);
    bare[n] = '\0';
    for (size_t i = 0; i < BT_LEN(name); i++)
        if (strcmp(bare, name[i]) == 0)
            return true;
    return false;
}

static const char *query_bare(struct bt_arena *a, struct bt_str query)
{
    struct bt_buf b;
    struct bt_str pair;
    bt_buf_init(&b, 4096);
    while (bt_str_cut(&query, '&', &pair))
        if (pair.n && !is_tracking(pair) && !is_secret(pair)) {
            bt_buf_addc(&b, b.n ? '&' : '?');
            bt_buf_add(&b, pair.p, pair.n);
        }
    const char *out = bt_strndup(a, b.p ? b.p : "", b.n);
    bt_buf_finish(&b);
    return out;
}

static bool is_http(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
}

/* "https://vnanet.vnhttps://vnanet.vn/…": some systems put their host before whole addresses. */
static const char *undouble(const char *url)
{
    const char *again = is_http(url) ? strstr(url + 8, "http") : NULL;
    if (again && is_http(again) && again[-1] != '/' && again[-1] != '=')
        return again;
    return url;
}

/* scheme://host of base, or NULL */
static struct bt_str site(const char *base)
{
    const char *host = base && is_http(base) ? strstr(base, "//") + 2 : NULL;
    if (!host)
        return (struct bt_str){NULL, 0};
    return (struct bt_str){base, (size_t)(host - base) + strcspn(host, "/?#")};
}

static const char *absolute(struct bt_arena *a, const char *url, const char *base)
{
    if (is_http(url))
        return url;
    struct bt_str s = site(base);
    if (!s.p || !*url || url[0] == '#')
        return NULL;
    const char *colon = strchr(url, ':');
    if (colon && colon < url + strcspn(url, "/?#"))
        return NULL; /* javascript:, mailto: */
    if (strncmp(url, "//", 2) == 0)
        return bt_format(a, "https:%s", url);
    if (url[0] == '/')
        return bt_format(a, "%.*s%s", (int)s.n, s.p, url);
    const char *path = base + s.n, *slash = strrchr(path, '/');
    size_t dir = slash ? (size_t)(slash - path) : 0;
    return bt_format(a, "%.*s%.*s/%s", (int)s.n, s.p, (int)dir, path, url);
}

char *bt_url_clean(struct bt_arena *a, const char *url, const char *base)
{
    enum { LONGEST = 2000 };
    url = bt_tidy(a, bt_str(url));
    url = absolute(a, undouble(url), base);
    if (!url || strlen(url) > LONGEST)
        return NULL;
    url = bt_url_bare(a, url);
    size_t path = strcspn(url, "?#");
    const char *query = "";
    if (url[path] == '?')
        query = query_bare(a, (struct bt_str){url + path + 1, strcspn(url + path + 1, "#")});
    char *out = bt_format(a, "%.*s%s", (int)path, url, query);
    for (char *p = out; *p; p++)
        if (*p == ' ' || *p == '"' || *p == '<' || *p == '>')
            *p = '+';
    return out;
}

/* The digits that end the path, before an extension; CMSs keep them when the slug changes. */
static struct bt_str last_digits(struct bt_str path)
{
    enum { FEWEST = 5 };
    size_t end = path.n;
    while (end && path.p[end - 1] == '/')
        end--;
    for (size_t i = end; i > 0 && end - i <= 6 && path.p[i - 1] != '/'; i--)
        if (path.p[i - 1] == '.') {
            end = i - 1;
            break;
        }
    size_t from = end;
    while (from && path.p[from - 1] >= '0' && path.p[from - 1] <= '9')
        from--;
    return end - from < FEWEST ? (struct bt_str){NULL, 0}
                               : (struct bt_str){path.p + from, end - from};
}

bool bt_url_has_id(const char *url)
{
    const char *host = strstr(url, "//");
    host = host ? host + 2 : url;
    size_t nhost = strcspn(host, "/?#");
    return last_digits((struct bt_str){host + nhost, strcspn(host + nhost, "?#")}).p != NULL;
}

char *bt_url_identity(struct bt_arena *a, const char *url)
{
    const char *host = strstr(url, "//");
    host = host ? host + 2 : url;
    size_t nhost = strcspn(host, "/?#"), npath = strcspn(host + nhost, "?#");
    struct bt_str h = {host, nhost}, path = {host + nhost, npath};
    static const char *const prefix[] = {"www.", "m.", "amp."};
    for (size_t i = 0; i < BT_LEN(prefix); i++)
        if (bt_str_starts(h, bt_str(prefix[i]))) {
            h.p += strlen(prefix[i]);
            h.n -= strlen(prefix[i]);
        }
    struct bt_str id = last_digits(path);
    if (id.p)
        return bt_format(a, "%.*s/%.*s", (int)h.n, h.p, (int)id.n, id.p);
    return bt_format(a, "%.*s%s", (int)h.n, h.p, path.n ? path.p : "/");
}

static const char *identity(struct bt_arena *a, const struct bt_article *t, int zone)
{
    char day[16] = "", hex[BT_HASH];
    const char *key;
    if (t->url)
        key = bt_url_identity(a, t->url);
    else if (t->id)
        key = t->id;
    else {
        if (t->published != BT_NO_TIME)
            bt_date_format(t->published, zone, day);
        key = bt_format(a, "%s\n%s", bt_fold(a, bt_str(t->title)), day);
    }
    bt_sha256(key, strlen(key), hex);
    return bt_format(a, "s-%.12s", hex);
}

/* ---- rights --------------------------------------------------------------------------------- */

/* "Tuổi Trẻ Online - Nhịp sống số - Tin mới" → "Tuổi Trẻ Online" */
static const char *house_bare(struct bt_arena *a, const char *house)
{
    static const char *const cut[] = {" - ", " | ", " – ", ": ", " RSS"};
    size_t n = strlen(house);
    for (size_t i = 0; i < BT_LEN(cut); i++) {
        const char *at = strstr(house, cut[i]);
        if (at && at > house && (size_t)(at - house) < n)
            n = (size_t)(at - house);
    }
    return bt_strndup(a, house, n);
}

static const char *url_host(struct bt_arena *a, const char *url)
{
    const char *host = strstr(url, "//");
    host = host ? host + 2 : url;
    if (strncmp(host, "www.", 4) == 0)
        host += 4;
    return bt_strndup(a, host, strcspn(host, "/?#:"));
}

static void settle_rights(struct bt_arena *a, struct bt_article *t,
                          const struct bt_source_spec *spec, const char *house, bool feed)
{
    const char *known = bt_profile_value(bt_profile_by_url(spec->profiles, t->url), BT_RULE_HOUSE);
    const char *rights = spec->rights ? spec->rights : feed ? "lead" : "own";
    bool own = strcmp(rights, "own") == 0;
    t->whole = own || strcmp(rights, "whole") == 0;
    const char *name = t->source && !t->segment ? t->source
                       : own                    ? NULL
                       : known                  ? known
                       : house && *house        ? house_bare(a, house)
                       : t->url                 ? url_host(a, t->url)
                                                : NULL;
    if (name && *name)
        t->credit = strncmp(name, "Theo ", 5) == 0 ? name : bt_format(a, "Theo %s", name);
}

void bt_article_close(struct bt_arena *a, struct bt_article *t, const struct bt_source_spec *spec,
                      const char *house, bool feed)
{
    if (!*t->lead && t->npara) {
        t->lead = t->para[0];
        t->para++;
        t->npara--;
    }
    t->lead = bt_lead_bare(t->lead);
    find_segment(a, t, spec->zone);
    t->id = identity(a, t, spec->zone);
    settle_rights(a, t, spec, house, feed);
}
