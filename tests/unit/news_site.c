/* news: a site on loopback, its feed, section, sitemap and pages; the same again without network;
 * documents, profiles, twins, the archive. */
#include "tap.h"
#include "news/parts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ZONE = 7 * 3600 };

static struct bt_arena *a;
static int port, warnings;

static void count_warning(void *ctx, const struct bt_event *ev)
{
    (void)ctx;
    warnings += ev->level == BT_WARN;
}
static const struct bt_events events = {count_warning, NULL};

/* ---- the site -------------------------------------------------------------------------------- */

#define TITLE "Bản Khoang có điện lưới quốc gia"
#define LEAD                                                                                       \
    "Sau nhiều năm chờ đợi, hơn một trăm hộ dân bản Khoang đã được dùng điện lưới quốc gia."
#define BODY                                                                                                                      \
    "Tối qua, ngành điện đóng cầu dao trạm biến áp, đưa điện lưới quốc gia về bản Khoang, bản xa " \
    "nhất của xã, nơi bà con trước đây chỉ có đèn dầu và vài tấm pin mặt trời nhỏ."
#define MORE                                                                                                             \
    "Trưởng bản Khoang cho biết, có điện, bà con sẽ mua máy xay xát, máy bơm nước và ti vi, còn " \
    "trường học sẽ mở thêm lớp buổi tối cho người lớn chưa biết chữ."

static const struct {
    const char *path, *body;
} site[] = {
    {"/rss",
     "<rss><channel><title>Báo Làng</title>"
     "<item><title>" TITLE "</title><link>/co-dien-1000001.htm</link><description>" LEAD
     "</description><pubDate>Wed, 05 Mar 2025 06:00:00 +0700</pubDate></item>"
     "<item><title>Bài mất trang</title><link>/mat-trang-1000002.htm</link><description>Chỉ còn "
     "sa-pô.</description><pubDate>Wed, 05 Mar 2025 05:00:00 +0700</pubDate></item>"
     "<item><title>Bài cũ</title><link>/bai-cu-1000003.htm</link><description>Của tháng "
     "trước.</description><pubDate>Wed, 05 Feb 2025 05:00:00 +0700</pubDate></item>"
     "</channel></rss>"},
    {"/co-dien-1000001.htm",
     "<html><head><title>" TITLE " - Báo Làng</title></head><body><h1>" TITLE
     "</h1><p class='date'>05/03/2025 06:00</p><p class='sapo'>" LEAD
     "</p><div class='content'><p>" BODY "</p><figure><img src='a'><figcaption>Trạm biến áp "
     "mới</figcaption></figure><p>" MORE "</p></div></body></html>"},
    {"/tin.htm", "<html><head><title>Tin</title><link rel='alternate' type='application/rss+xml' "
                 "href='/rss'></head><body><h1>Tin</h1></body></html>"},
    {"/muc.htm",
     "<html><head><title>Mục</title></head><body><h1>Mục</h1>"
     "<a href='/co-dien-1000001.htm'>" TITLE "</a><a href='/co-dien-1000001.htm'>" TITLE "</a>"
     "<a href='/b-1000012.htm'>Tin thứ hai của mục này hôm nay</a>"
     "<a href='/c-1000013.htm'>Tin thứ ba của mục này hôm nay</a>"
     "<a href='/d-1000014.htm'>Tin thứ tư của mục này hôm nay</a>"
     "<a href='/e-1000015.htm'>Tin thứ năm của mục này hôm nay</a>"
     "<a href='/f-1000016.htm'>Tin thứ sáu của mục này hôm nay</a>"
     "<a href='https://khac.example/g-1000017.htm'>Tin của một nhà khác hôm nay</a></body></html>"},
    {"/sitemap.xml",
     "<?xml version='1.0'?><urlset xmlns:news='x'><url><loc>/co-dien-1000001.htm</loc><news:news>"
     "<news:publication_date>2025-03-05T06:00:00+07:00</news:publication_date><news:title>" TITLE
     "</news:title></news:news></url></urlset>"},
};

static void serve(int listener)
{
    for (;;) {
        char request[4096];
        int fd = accept(listener, NULL, NULL);
        ssize_t n = fd >= 0 ? read(fd, request, sizeof(request) - 1) : -1;
        request[n > 0 ? n : 0] = '\0';
        const char *body = NULL;
        for (size_t i = 0; i < BT_LEN(site); i++) {
            size_t k = strlen(site[i].path);
            if (n > 0 && strncmp(request + 4, site[i].path, k) == 0 && request[4 + k] == ' ')
                body = site[i].body;
        }
        dprintf(fd, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                body ? "200 OK" : "404 Not Found", body ? strlen(body) : 0, body ? body : "");
        close(fd);
    }
}

static pid_t server(void)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(in);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd, (struct sockaddr *)&in, len) || listen(fd, 64) ||
        getsockname(fd, (struct sockaddr *)&in, &len))
        return -1;
    port = ntohs(in.sin_port);
    pid_t pid = fork();
    if (pid == 0) {
        serve(fd);
        _exit(0);
    }
    close(fd);
    return pid;
}

static bool read_site(struct bt_http *h, const char *path, const char *rights,
                      struct bt_articles *out)
{
    struct bt_err err = {0};
    int64_t since = 0;
    bt_iso_parse("2025-03-01", ZONE, &since);
    struct bt_source_spec spec = {.href = bt_format(a, "http://127.0.0.1:%d%s", port, path),
                                  .rights = rights,
                                  .zone = ZONE,
                                  .http = h,
                                  .since = since};
    *out = (struct bt_articles){0};
    warnings = 0;
    return bt_source_read(a, &spec, out, &events, &err);
}

static struct bt_http *client(const char *cache, bool offline)
{
    struct bt_http_options o = {
        .cache = cache, .offline = offline, .timeout_ms = 5000, .body_max = 100000};
    struct bt_http *h = NULL;
    ok(bt_http_create(&o, &h, NULL), offline ? "without network" : "with network");
    return h;
}

static void feed_and_pages(struct bt_http *h)
{
    struct bt_articles l;
    ok(read_site(h, "/rss", "whole", &l) && l.n == 3, "a feed");
    is_int((long long)l.item[0].npara, 2, "the page gives the body, without its caption");
    is_str(l.item[0].para[0], BODY, "word for word");
    is_str(l.item[1].lead, "Chỉ còn sa-pô.", "a page that is lost leaves the lead");
    ok(warnings == 1, "and a warning; the old entry's page is not asked for");
    ok(read_site(h, "/rss", NULL, &l) && l.item[0].npara == 0 && !l.item[0].whole,
       "of another house, only title and lead");
}

static void sections(struct bt_http *h)
{
    struct bt_articles l;
    ok(read_site(h, "/tin.htm", "whole", &l) && l.n == 3, "a section page leads to its feed");
    ok(read_site(h, "/muc.htm", "whole", &l) && l.n == 6, "or to the articles of its site, once");
    is_str(l.item[0].lead, LEAD, "whose pages are read");
    ok(read_site(h, "/sitemap.xml", "whole", &l) && l.n == 1 && l.item[0].npara == 2, "a sitemap");
    ok(read_site(h, "/co-dien-1000001.htm", "whole", &l) && l.n == 1 && l.item[0].npara == 2,
       "an article's address");
    ok(!read_site(h, "/khong-co", NULL, &l), "what is not there");
}

static void network(const char *cache)
{
    struct bt_http *h = client(cache, false);
    feed_and_pages(h);
    sections(h);
    bt_http_destroy(h);
    h = client(cache, true);
    feed_and_pages(h);
    bt_http_destroy(h);
    struct bt_articles l;
    ok(!read_site(NULL, "/rss", NULL, &l), "no client, no addresses");
}

/* ---- documents and profiles ------------------------------------------------------------------ */

static void documents(void)
{
    struct bt_articles l = {0};
    struct bt_err err = {0};
    struct bt_source_spec s = {.href = "tests/fixtures/news/bai.docx", .zone = ZONE};
    ok(bt_source_read(a, &s, &l, NULL, &err) && l.n == 1, "a Word document");
    is_str(l.item[0].title, "Xã Hoằng Tân gặt xong lúa mùa", "its title");
    is_str(l.item[0].author, "Lê Mai", "its author");
    ok(!bt_source_parse(a, &s, BT_STR("PK\x03\x04 hỏng"), &l, NULL, &err), "a broken one");
}

static void profiles(void)
{
    const struct bt_profiles *p = NULL;
    struct bt_err err = {0};
    ok(bt_profiles_load(a, "voices/profiles.tsv", &p, &err), "the profiles that we ship");
    struct bt_str page =
        bt_str("<html><body><h1>" TITLE "</h1><div data-role='content'><p>" BODY "</p><div "
               "class='VCSortableInPreviewMode' type='Quote'><p>" LEAD " " LEAD "</p></div><p>" MORE
               "</p></div></body></html>");
    struct bt_page out;
    ok(bt_page_read(a, page, NULL, ZONE, p, &out, &err) && out.npara == 2, "a profile's drop");
    is_str(out.profile, "vccorp", "by its signature");
    ok(bt_page_read(a, page, "https://www.truyenhinhthanhhoa.vn/x.htm", ZONE, p, &out, &err),
       "a profile");
    is_str(out.profile, "thnm", "by its host");
    struct bt_rule_use *use = NULL;
    size_t n = 0, dead = 0;
    ok(bt_profile_check(a, page, "https://tuoitre.vn/", p, &use, &n, &err), "a check");
    for (size_t i = 0; i < n; i++)
        dead += use[i].hits == 0;
    ok(n > dead && dead > 0, "finds rules that hold and rules that do not");
    char path[] = "/tmp/bantin-profiles-XXXXXX";
    int fd = mkstemp(path);
    ok(write(fd, "x\tcontent\t//div[\n", 17) == 17 && !bt_profiles_load(a, path, &p, &err) &&
           err.code == BT_EFILE && strstr(err.msg, ":1: "),
       "a wrong XPath is told with its line");
    close(fd);
    unlink(path);
}

/* ---- the same story, and the archive --------------------------------------------------------- */

static struct bt_article told(const char *id, const char *title, const char *lead)
{
    int64_t t = 0;
    bt_iso_parse("2025-03-05T06:00", ZONE, &t);
    return (struct bt_article){
        .id = id, .title = title, .lead = lead, .published = t, .priority = 5, .whole = true};
}

static bool same(const struct bt_article *x, const struct bt_article *y)
{
    struct bt_print px = bt_print_of(a, x), py = bt_print_of(a, y);
    return bt_same_story(&px, &py);
}

static void twins(void)
{
    struct bt_article x = told("s-1", TITLE, BODY " " MORE);
    struct bt_article again = told("s-2", "Điện lưới quốc gia đã về bản Khoang", BODY);
    struct bt_article price1 = told("s-3", "Giá vàng hôm nay 4/3",
                                    "Sáng nay vàng trong nước tăng "
                                    "thêm ba trăm nghìn đồng mỗi lượng so với chốt phiên trước.");
    struct bt_article price2 =
        told("s-4", "Giá vàng hôm nay 5/3",
             "Các cửa hàng lớn đồng loạt hạ "
             "giá bán ra, người mua chờ đợi kỳ họp của ngân hàng trung ương.");
    ok(same(&x, &again), "the same text under another title");
    ok(!same(&price1, &price2), "titles of one mould are not one story");
    ok(!same(&x, &price1), "strangers");
}

static void archive(const char *dir)
{
    struct bt_archive *h = NULL, *other = NULL;
    struct bt_err err = {0};
    struct bt_edition_name morning = {"sang", "2025-03-05"}, noon = {"trua", "2025-03-05"};
    struct bt_article x = told("s-1", TITLE, BODY " " MORE), y = told("s-2", "Tin khác", "Lời.");
    struct bt_article list[] = {x, y};
    list[1].state = BT_HOLD;
    ok(bt_archive_open(dir, &h, &err) && bt_archive_open(dir, &other, &err), "two runs hold it");
    ok(bt_archive_record(h, &morning, &(struct bt_articles){list, 2}, &err), "what aired is kept");
    is_str(bt_archive_aired(other, a, &noon, &x), "2025-03-05 sang", "and known to the other");
    ok(!bt_archive_aired(h, a, &morning, &x), "a re-make does not count its own airing");
    ok(!bt_archive_aired(h, a, &noon, &y), "what was held has not aired");
    struct bt_article again = told("s-9", "Điện lưới quốc gia đã về bản Khoang", BODY " " MORE);
    is_str(bt_archive_aired(h, a, &noon, &again), "2025-03-05 sang", "the same story, another id");
    struct bt_article mended = told("s-1", "Đính chính: " TITLE, BODY);
    ok(!bt_archive_aired(h, a, &noon, &mended), "a correction airs");
    struct bt_edition_name before = {"toi", "2025-03-04"};
    ok(!bt_archive_aired(h, a, &before, &x), "an edition knows nothing of later ones");
    ok(bt_archive_record(h, &morning, &(struct bt_articles){NULL, 0}, &err) &&
           !bt_archive_aired(other, a, &noon, &y),
       "made again, the edition forgets what it no longer airs");
    bt_archive_close(h);
    bt_archive_close(other);
}

/* ---- hostile --------------------------------------------------------------------------------- */

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_CHILDREN, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec / 1e6;
}

/* Each is refused or read within four seconds of CPU and 400 MB, by what the kernel counted. */
static void swallow(const char *what, const struct bt_buf *b)
{
    struct bt_source_spec s = {.href = "x", .name = "x", .zone = ZONE};
    struct bt_articles l = {0};
    double before = cpu();
    bt_source_parse(a, &s, bt_buf_str(b), &l, NULL, NULL);
    struct rusage u;
    getrusage(RUSAGE_CHILDREN, &u);
    ok(cpu() - before < 4.0, bt_format(a, "%s: little CPU", what));
    ok(u.ru_maxrss < 400 * 1024, bt_format(a, "%s: little memory", what));
    size_t said = 0;
    for (size_t i = 0; i < l.n; i++)
        for (size_t k = 0; k < l.item[i].npara; k++)
            said += strlen(l.item[i].para[k]);
    ok(said < 4 << 20, bt_format(a, "%s: little text", what));
}

static void fill(struct bt_buf *b, const char *head, const char *unit, int times, const char *tail)
{
    bt_buf_clear(b);
    bt_buf_adds(b, head);
    for (int i = 0; i < times; i++)
        bt_buf_addf(b, unit, i);
    bt_buf_adds(b, tail);
}

static void hostile(void)
{
    struct bt_buf b;
    bt_buf_init(&b, 8 << 20);
    fill(&b, "<!DOCTYPE rss [<!ENTITY a0 'haha'>", "<!ENTITY b%d '&a0;&a0;&a0;&a0;&a0;&a0;'>", 9,
         "]><rss><channel><item><title>&b8;</title></item></channel></rss>");
    swallow("entities", &b);
    fill(&b, "<rss><channel><item ", "a%d='x' ", 30000, "><title>A</title></item></channel></rss>");
    swallow("attributes of a feed", &b);
    fill(&b, "<html><body ", "a%d='>' ", 60000, "><h1>A</h1></body></html>");
    swallow("attributes of a page", &b);
    fill(&b, "<html><body>", "<div><b%d>", 100000, "chữ</body></html>");
    swallow("nested elements", &b);
    fill(&b, "<html><body>", "<p>x<a href=%d>", 100000, "</body></html>");
    swallow("open links", &b);
    fill(&b, "<rss><channel>", "<item><title>Tít %d</title><link>x</link></item>", 50000,
         "</channel></rss>");
    swallow("items", &b);
    fill(&b, "<rss><channel><item><title>", "&amp;%d", 400000, "</title></item></channel></rss>");
    swallow("references", &b);
    bt_buf_finish(&b);
}

int main(void)
{
    char dir[] = "/tmp/bantin-site-XXXXXX";
    a = bt_arena_create();
    pid_t pid = server();
    ok(pid > 0 && mkdtemp(dir), "a site on loopback");
    network(bt_path_join(a, dir, "cache"));
    documents();
    profiles();
    twins();
    archive(bt_path_join(a, dir, "state"));
    hostile();
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    bt_tree_remove(dir);
    bt_arena_destroy(a);
    return done();
}
