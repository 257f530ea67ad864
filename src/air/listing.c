/*
 * What a programme's folder tells of its editions: feed.xml and index.html, newest first, of each
 * date the newest. Each is made from what the editions themselves hold, so that it can be made
 * again at any time. Knows folders; what an item or a page looks like stands elsewhere.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "air/book.h"
#include "air/encode.h"

enum {
    DATE = 10,
    FEED_MOST = 100,   /* items */
    INDEX_MOST = 1000, /* lines */
    FILE_MOST = 16 << 20
};

struct listing {
    struct bt_arena *a;
    const char *root;
    const char **name; /* editions, newest first */
    size_t n;
    bool feed; /* there is one to follow */
};

static int newest_first(const void *x, const void *y)
{
    const char *const *a = x, *const *b = y;
    return bt_edition_newer(*a, *b) ? -1 : bt_edition_newer(*b, *a);
}

/* The editions that hold `file`, the newest of each date, `most` of them. */
static void look(struct listing *l, const char *file, size_t most)
{
    DIR *d = opendir(l->root);
    size_t kept = 0;
    l->n = 0;
    l->name = NULL;
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        const char *path = bt_format(l->a, "%s/%s/%s", l->root, e->d_name, file);
        if (bt_edition_number(e->d_name) > 0 && bt_file_exists(path))
            *(const char **)bt_push(l->a, &l->name, &l->n, sizeof(*l->name)) =
                bt_strdup(l->a, e->d_name);
    }
    if (d)
        closedir(d);
    if (l->n)
        qsort(l->name, l->n, sizeof(*l->name), newest_first);
    for (size_t i = 0; i < l->n && kept < most; i++)
        if (!kept || strncmp(l->name[kept - 1], l->name[i], DATE) != 0)
            l->name[kept++] = l->name[i];
    l->n = kept;
}

static struct bt_str read_file(const struct listing *l, const char *edition, const char *file)
{
    struct bt_buf b;
    bt_buf_init(&b, FILE_MOST);
    struct bt_str s = {"", 0};
    if (bt_file_read(bt_format(l->a, "%s/%s/%s", l->root, edition, file), FILE_MOST, &b, NULL))
        s = (struct bt_str){bt_strndup(l->a, b.p ? b.p : "", b.n), b.n};
    bt_buf_finish(&b);
    return s;
}

/* From the first `open`, itself included, to before `close`; empty when either is missing. */
static struct bt_str between(struct bt_str s, const char *open, const char *close)
{
    ptrdiff_t from = bt_str_find(s, bt_str(open));
    if (from < 0)
        return (struct bt_str){"", 0};
    struct bt_str rest = {s.p + from, s.n - (size_t)from};
    ptrdiff_t n = bt_str_find(rest, bt_str(close));
    return (struct bt_str){rest.p, n > 0 ? (size_t)n : 0};
}

static void add_feed(const struct listing *l, struct bt_buf *out)
{
    for (size_t i = 0; i < l->n; i++) {
        struct bt_str feed = read_file(l, l->name[i], "feed.xml");
        struct bt_str item = between(feed, "<item>", "</channel>");
        if (i == 0)
            bt_buf_add(out, feed.p, item.n ? (size_t)(item.p - feed.p) : 0);
        bt_buf_add(out, item.p, item.n);
    }
    bt_buf_adds(out, "</channel>\n</rss>\n");
}

/* What stands in a page after `open`, as XML; empty when it does not. */
static struct bt_str told(struct bt_str page, const char *open, const char *close)
{
    struct bt_str s = between(page, open, close);
    size_t skip = s.n ? strlen(open) : 0;
    return (struct bt_str){s.p + skip, s.n - skip};
}

/* Its title, without the programme's name, which stands above them all: the date. */
static void add_line(const struct listing *l, const char *edition, const char *name,
                     struct bt_buf *out)
{
    struct bt_str title = told(read_file(l, edition, "index.html"), "<title>", "</title>");
    struct bt_str known = bt_str(bt_format(l->a, "%s, ", name));
    if (!title.n)
        title = bt_str(edition);
    if (title.n > known.n && bt_str_starts(title, known))
        title = (struct bt_str){title.p + known.n, title.n - known.n};
    bt_buf_addf(out, "<li><a href=\"%s/index.html\">", edition);
    bt_buf_add(out, title.p, title.n);
    bt_buf_adds(out, "</a></li>\n");
}

static void add_index(const struct listing *l, struct bt_buf *out)
{
    struct bt_str newest = read_file(l, l->name[0], "index.html");
    struct bt_str s = told(newest, "<meta name=\"application-name\" content=\"", "\">\n");
    const char *name = bt_strndup(l->a, s.p, s.n);
    const char *title = bt_format(l->a, "Các bản tin%s%s", *name ? ": " : "", name);
    bt_html_open(out, title, l->feed ? BT_FEED_LINK("") : "", false);
    bt_buf_addf(out,
                "<header>\n<h1>%s</h1>\n</header>\n<main>\n"
                "<nav aria-label=\"Các bản tin\">\n<ol>\n",
                title);
    for (size_t i = 0; i < l->n; i++)
        add_line(l, l->name[i], name, out);
    bt_buf_adds(out, "</ol>\n</nav>\n");
    if (l->feed)
        bt_buf_adds(out, "<p><a href=\"feed.xml\">Theo dõi bằng máy nghe podcast (RSS)</a></p>\n");
    bt_buf_adds(out, "</main>\n</body>\n</html>\n");
}

static bool stands(const char *path, const struct bt_buf *b)
{
    struct bt_buf there;
    bt_buf_init(&there, b->n + 1);
    bool same = bt_file_read(path, b->n, &there, NULL) && there.n == b->n &&
                memcmp(there.p, b->p, b->n) == 0;
    bt_buf_finish(&there);
    return same;
}

static bool update(const struct listing *l, const char *file,
                   void (*add)(const struct listing *l, struct bt_buf *out), struct bt_err *err)
{
    struct bt_buf b;
    if (!l->n)
        return true;
    bt_buf_init(&b, SIZE_MAX / 2);
    add(l, &b);
    const char *path = bt_path_join(l->a, l->root, file);
    bool ok = stands(path, &b) || bt_file_write(path, b.p, b.n, err);
    bt_buf_finish(&b);
    return ok;
}

bool bt_listing_update(const char *root, struct bt_err *err)
{
    struct listing l = {.a = bt_arena_create(), .root = root};
    look(&l, "feed.xml", FEED_MOST);
    bool ok = update(&l, "feed.xml", add_feed, err);
    l.feed = l.n > 0;
    look(&l, "index.html", INDEX_MOST);
    ok = ok && update(&l, "index.html", add_index, err);
    bt_arena_destroy(l.a);
    return ok;
}
