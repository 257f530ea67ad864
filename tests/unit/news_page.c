/* news: pages of several makes, each with what it says (tests/fixtures/news/pages/NAME.truth: T
 * title, D date, L lead, P paragraph, X must not be read, R must be refused). */
#include "tap.h"
#include "news/parts.h"

#include <dirent.h>
#include <stdlib.h>

enum { ZONE = 7 * 3600, MOST = 1 << 20 };

static struct bt_arena *a;

static bool starts(struct bt_str line, const char *key)
{
    return line.n >= 2 && line.p[0] == key[0] && line.p[1] == ' ';
}

static const char *value(struct bt_str truth, const char *key)
{
    struct bt_str line;
    while (bt_str_line(&truth, &line))
        if (starts(line, key))
            return bt_strndup(a, line.p + 2, line.n - 2);
    return "";
}

static const char *paragraphs(struct bt_str truth)
{
    const char *all = "";
    struct bt_str line;
    while (bt_str_line(&truth, &line))
        if (starts(line, "P"))
            all = bt_format(a, "%s\n%.*s", all, (int)line.n - 2, line.p + 2);
    return all;
}

static const char *said(const struct bt_page *p)
{
    const char *all = "";
    for (size_t i = 0; i < p->npara; i++)
        all = bt_format(a, "%s\n%s", all, p->para[i]);
    return all;
}

static void no_leak(struct bt_str truth, const struct bt_page *p)
{
    struct bt_str line;
    const char *all = bt_format(a, "%s\n%s", p->lead, said(p));
    while (bt_str_line(&truth, &line))
        if (starts(line, "X")) {
            const char *leak = bt_strndup(a, line.p + 2, line.n - 2);
            ok(!strstr(all, leak), bt_format(a, "does not read \"%s\"", leak));
        }
}

static void compare(const char *name, struct bt_str truth, const struct bt_page *p)
{
    char iso[32] = "";
    if (p->published != BT_NO_TIME)
        bt_iso_format(p->published, ZONE, iso);
    ok(!p->refused, bt_format(a, "%s is trusted", name));
    is_str(p->title, value(truth, "T"), "title");
    is_str(p->lead, value(truth, "L"), "lead");
    is_str(iso, value(truth, "D"), "date");
    is_str(said(p), paragraphs(truth), "body");
    no_leak(truth, p);
}

static void one(const char *dir, const char *name)
{
    struct bt_buf html, truth;
    struct bt_page page;
    struct bt_err err = {0};
    bt_buf_init(&html, MOST);
    bt_buf_init(&truth, MOST);
    char *stem = bt_strndup(a, name, strlen(name) - strlen(".truth"));
    if (!bt_file_read(bt_format(a, "%s/%s.html", dir, stem), MOST, &html, &err) ||
        !bt_file_read(bt_format(a, "%s/%s", dir, name), MOST, &truth, &err) ||
        !bt_page_read(a, bt_buf_str(&html), NULL, ZONE, NULL, &page, &err)) {
        ok(false, err.msg);
    } else if (bt_str_find(bt_buf_str(&truth), BT_STR("R\n")) >= 0) {
        ok(page.refused && !page.npara, bt_format(a, "%s is refused", stem));
    } else
        compare(stem, bt_buf_str(&truth), &page);
    bt_buf_finish(&html);
    bt_buf_finish(&truth);
}

static void fixtures(const char *dir)
{
    DIR *d = opendir(dir);
    int count = 0;
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        if (bt_str_ends(bt_str(e->d_name), BT_STR(".truth"))) {
            one(dir, e->d_name);
            count++;
        }
    if (d)
        closedir(d);
    ok(count >= 9, "pages were there");
}

/* ---- confined -------------------------------------------------------------------------------- */

static bool crash(struct bt_arena *x, const struct bt_source_spec *spec, struct bt_str utf8,
                  struct bt_articles *out, const struct bt_events *ev, struct bt_err *err)
{
    (void)x, (void)spec, (void)utf8, (void)out, (void)ev, (void)err;
    abort();
}

static void confined(void)
{
    struct bt_source_spec spec = {.href = "x", .name = "x", .zone = ZONE};
    struct bt_articles l = {0};
    struct bt_err err = {0};
    ok(!bt_confined(a, crash, &spec, BT_STR("x"), &l, NULL, &err) && l.n == 0,
       "a parser that crashes costs one source");
    struct bt_str rss = BT_STR("<rss><channel><item><title>Tít</title><description>Lời."
                               "</description><pubDate>hôm nọ</pubDate></item></channel></rss>");
    ok(bt_confined(a, bt_feed_parse, &spec, rss, &l, NULL, &err) && l.n == 1,
       "a feed comes through the pipe");
    is_str(l.item[0].title, "Tít", "with its title");
    is_str(l.item[0].lead, "Lời.", "and lead");
}

static void babble(void)
{
    struct bt_buf b;
    struct bt_articles l = {0};
    struct bt_article t = {.id = "s-1", .title = "Tít", .lead = "", .priority = 5}, back;
    const char *para[] = {"một", "hai"};
    t.para = para;
    t.npara = 2;
    bt_buf_init(&b, MOST);
    bt_flat_article(&b, &t);
    struct bt_str in = {b.p + 1, b.n - 1};
    ok(bt_unflat_article(a, &in, &back) && back.npara == 2 && in.n == 0, "a record comes back");
    int accepted = 0;
    for (size_t i = 0; i + 1 < b.n; i++) {
        in = (struct bt_str){b.p + 1, i};
        accepted += bt_unflat_article(a, &in, &back);
    }
    is_int(accepted, 0, "a shortened record never does");
    b.p[4] = 0x7f; /* a length beyond the end */
    in = (struct bt_str){b.p + 1, b.n - 1};
    ok(!bt_unflat_article(a, &in, &back) && l.n == 0, "nor one with a false length");
    bt_buf_finish(&b);
}

int main(void)
{
    a = bt_arena_create();
    fixtures("tests/fixtures/news/pages");
    confined();
    babble();
    bt_arena_destroy(a);
    return done();
}
