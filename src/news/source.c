/* One <source>: file, folder, pattern or standard input, and what kind its content is. */
#include "news/parts.h"

#include <dirent.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { SOURCE_MOST = 16 << 20, FILES_MOST = 2000 };

/* ---- kinds ---------------------------------------------------------------------------------- */

static bool holds(struct bt_str s, const char *tag)
{
    enum { LOOK = 4096 };
    size_t n = strlen(tag), look = s.n < LOOK ? s.n : LOOK;
    for (size_t i = 0; i + n <= look; i++)
        if (strncasecmp(s.p + i, tag, n) == 0)
            return true;
    return false;
}

static bool is_feed(struct bt_str s)
{
    return holds(s, "<rss") || holds(s, "<rdf:RDF") || holds(s, "<feed") || holds(s, "<urlset") ||
           (holds(s, "<?xml") && !holds(s, "<html"));
}

bool bt_is_page(struct bt_str s)
{
    return holds(s, "<html") || holds(s, "<!doctype html");
}

static bool is_plain(struct bt_str s)
{
    (void)s;
    return true;
}

static const struct {
    bool (*is)(struct bt_str utf8);
    bt_parser *parse;
} kinds[] = {
    {is_feed, bt_feed_parse},
    {bt_is_page, bt_page_parse},
    {bt_dump_looks, bt_dump_parse},
    {is_plain, bt_plain_parse},
};

/* A picture or an old Word file under a text's name: one control byte in fifty is no text. */
static bool is_binary(struct bt_str s)
{
    enum { FEW = 50 };
    size_t odd = 0;
    for (size_t i = 0; i < s.n; i++)
        odd += (unsigned char)s.p[i] < 0x20 && !strchr("\t\n\v\f\r\x1b", s.p[i]);
    return odd * FEW > s.n;
}

bool bt_source_parse(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_str bytes,
                     struct bt_articles *out, const struct bt_events *ev, struct bt_err *err)
{
    size_t n;
    if (bt_docx_looks(bytes))
        return bt_confined(a, bt_docx_parse, spec, bytes, out, ev, err);
    const char *utf8 = bt_to_utf8(a, bytes, &n);
    if (!utf8 || is_binary((struct bt_str){utf8, n}))
        return bt_fail(err, BT_ENOTHING, BT_M_NEWS_NO_TEXT, spec->name);
    struct bt_str s = {utf8, n};
    for (size_t i = 0; i < BT_LEN(kinds); i++)
        if (kinds[i].is(s))
            return bt_confined(a, kinds[i].parse, spec, s, out, ev, err);
    return false;
}

/* ---- places --------------------------------------------------------------------------------- */

static bool read_file(struct bt_arena *a, const struct bt_source_spec *spec,
                      struct bt_articles *out, const struct bt_events *ev, struct bt_err *err)
{
    struct bt_buf b;
    bt_buf_init(&b, SOURCE_MOST);
    bool ok = bt_file_read(spec->href, SOURCE_MOST, &b, err) &&
              bt_source_parse(a, spec, bt_buf_str(&b), out, ev, err);
    bt_buf_finish(&b);
    return ok;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static bool is_ours(const char *name)
{
    static const char *const ends[] = {".txt", ".xml", ".rss", ".html", ".htm", ".docx"};
    for (size_t i = 0; i < BT_LEN(ends) && name[0] != '.'; i++)
        if (bt_str_ends(bt_str(name), bt_str(ends[i])))
            return true;
    return false;
}

static bool list_folder(struct bt_arena *a, const char *dir, const char ***path, size_t *n,
                        struct bt_err *err)
{
    DIR *d = opendir(dir);
    if (!d)
        return bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, dir);
    for (struct dirent *e; (e = readdir(d)) != NULL && *n < FILES_MOST;)
        if (is_ours(e->d_name))
            *(const char **)bt_push(a, path, n, sizeof(char *)) = bt_path_join(a, dir, e->d_name);
    closedir(d);
    if (*n)
        qsort(*path, *n, sizeof(char *), by_name);
    return true;
}

static void list_pattern(struct bt_arena *a, const char *pattern, const char ***path, size_t *n)
{
    glob_t g = {0};
    if (glob(pattern, 0, NULL, &g) == 0)
        for (size_t i = 0; i < g.gl_pathc && *n < FILES_MOST; i++)
            *(const char **)bt_push(a, path, n, sizeof(char *)) = bt_strdup(a, g.gl_pathv[i]);
    globfree(&g);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Each file for itself: one that cannot be read does not silence the others. */
static void read_files(struct bt_arena *a, const struct bt_source_spec *spec, const char **path,
                       size_t n, struct bt_articles *out, const struct bt_events *ev)
{
    for (size_t i = 0; i < n; i++) {
        struct bt_source_spec one = *spec;
        struct bt_err err = {0};
        one.href = one.name = path[i];
        if (!read_file(a, &one, out, ev, &err))
            bt_warn_err(ev, "news", path[i], &err);
    }
    if (!n)
        bt_info(ev, "news", spec->name, BT_M_NEWS_NO_FILE, spec->name);
}

bool bt_source_read(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_articles *out,
                    const struct bt_events *ev, struct bt_err *err)
{
    const char **path = NULL;
    size_t n = 0;
    struct bt_source_spec s = *spec;
    s.name = spec->name ? spec->name : spec->href;
    if (bt_is_url(s.href))
        return bt_url_read(a, &s, out, ev, err);
    if (is_folder(s.href)) {
        if (!list_folder(a, s.href, &path, &n, err))
            return false;
    } else if (strpbrk(s.href, "*?[") && !bt_file_exists(s.href)) {
        list_pattern(a, s.href, &path, &n);
    } else
        return read_file(a, &s, out, ev, err);
    read_files(a, &s, path, n, out, ev);
    return true;
}
