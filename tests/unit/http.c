/* host: HTTP against a server of our own on loopback; robots.txt; private addresses. */
#include "tap.h"
#include "host/host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct bt_arena *a;
static int port;

/* ---- the server: one answer for each path ---------------------------------------------------- */

static void answer(int fd, const char *head, const char *body, size_t n)
{
    dprintf(fd, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n", head, n);
    for (size_t i = 0; i < n;) {
        ssize_t k = write(fd, body + i, n - i);
        if (k <= 0)
            return;
        i += (size_t)k;
    }
}

static void answer_bomb(int fd)
{
    static char zeros[1 << 20];
    memset(zeros, 'x', sizeof(zeros));
    answer(fd, "200 OK", zeros, sizeof(zeros));
}

/* A byte at a time, for as long as the client takes them. */
static void answer_drip(int fd)
{
    dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n");
    struct pollfd gone = {.fd = fd, .events = POLLRDHUP};
    while (poll(&gone, 1, 5) == 0 && send(fd, "x", 1, MSG_NOSIGNAL) == 1) {
    }
}

static void serve_one(int fd, const char *request, int *broken)
{
    const char *path = request + 4;
    if (strncmp(path, "/hang ", 6) == 0)
        (void)!read(fd, (char[64]){0}, 64); /* until the client goes */
    else if (strncmp(path, "/drip ", 6) == 0)
        answer_drip(fd);
    else if (strncmp(path, "/etag ", 6) == 0 && strstr(request, "If-None-Match: \"v1\""))
        answer(fd, "304 Not Modified", "", 0);
    else if (strncmp(path, "/etag ", 6) == 0)
        answer(fd, "200 OK\r\nETag: \"v1\"", "lần đầu", strlen("lần đầu"));
    else if (strncmp(path, "/loop ", 6) == 0)
        answer(fd, "302 Found\r\nLocation: /loop", "", 0);
    else if (strncmp(path, "/to-etag ", 9) == 0)
        answer(fd, "301 Moved\r\nLocation: etag", "", 0);
    else if (strncmp(path, "/to-file ", 9) == 0)
        answer(fd, "302 Found\r\nLocation: file:///etc/passwd", "", 0);
    else if (strncmp(path, "/big ", 5) == 0)
        answer_bomb(fd);
    else if (strncmp(path, "/once-broken ", 13) == 0 && (*broken)++ == 0)
        answer(fd, "503 Busy", "", 0);
    else if (strncmp(path, "/broken ", 8) == 0)
        answer(fd, "500 Oops", "", 0);
    else if (strncmp(path, "/robots.txt ", 12) == 0)
        answer(fd, "200 OK", "User-agent: *\nDisallow: /kin\n", 29);
    else if (strncmp(path, "/once-broken ", 13) == 0 || strncmp(path, "/mo ", 4) == 0)
        answer(fd, "200 OK", "được", strlen("được"));
    else
        answer(fd, "404 Not Found", "", 0);
}

static void serve(int listener)
{
    int broken = 0;
    for (;;) {
        char request[4096];
        int fd = accept(listener, NULL, NULL);
        ssize_t n = fd >= 0 ? read(fd, request, sizeof(request) - 1) : -1;
        if (n > 0) {
            request[n] = '\0';
            serve_one(fd, request, &broken);
        }
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

/* ---- the tests ------------------------------------------------------------------------------- */

static struct bt_http *client(const char *cache, bool offline)
{
    struct bt_http_options o = {
        .cache = cache, .offline = offline, .timeout_ms = 5000, .body_max = 100000};
    struct bt_http *h = NULL;
    ok(bt_http_create(&o, &h, NULL), "a client");
    return h;
}

static struct bt_request get(struct bt_http *h, const char *path, bool named, bool robots)
{
    struct bt_request r = {
        .url = bt_format(a, "http://127.0.0.1:%d%s", port, path), .named = named, .robots = robots};
    bt_http_get(h, a, &r, 1);
    return r;
}

static void fetching(const char *cache)
{
    struct bt_http *h = client(cache, false);
    struct bt_request r = get(h, "/etag", true, false);
    ok(r.ok && !r.cached && bt_str_is(r.body, "lần đầu"), "a first fetch");
    r = get(h, "/etag", true, false);
    ok(r.ok && r.cached && bt_str_is(r.body, "lần đầu"), "the second is not changed");
    r = get(h, "/to-etag", true, false);
    ok(r.ok && bt_str_ends(bt_str(r.final), BT_STR("/etag")), "a relative redirect");
    r = get(h, "/loop", true, false);
    ok(!r.ok && r.err.code == BT_ENOTHING, "redirects end");
    ok(!get(h, "/to-file", true, false).ok, "no redirect to a file");
    ok(!get(h, "/big", true, false).ok, "the ceiling on size");
    ok(get(h, "/once-broken", true, false).ok, "a retry");
    ok(!get(h, "/broken", true, false).ok, "three times and no more");
    ok(!get(h, "/khong-co", true, false).ok, "404");
    bt_http_destroy(h);
    h = client(cache, true);
    ok(get(h, "/etag", true, false).cached, "offline, from the cache");
    ok(!get(h, "/mo", true, false).ok, "offline, not in the cache");
    bt_http_destroy(h);
}

/* A server that hangs or drips costs what all sources may take together, once. */
static void hurrying(const char *cache, const char *path)
{
    struct bt_http_options o = {
        .cache = cache, .timeout_ms = 60000, .total_ms = 200, .body_max = 100000};
    struct bt_http *h = NULL;
    ok(bt_http_create(&o, &h, NULL), "a client in a hurry");
    int64_t began = bt_clock_mono();
    ok(!get(h, path, true, false).ok, path);
    ok(bt_clock_mono() - began < INT64_C(30000000000), "is left when the time is over");
    ok(get(h, "/etag", true, false).cached, "then the cache is what there is");
    struct bt_request r = get(h, "/mo", true, false);
    ok(!r.ok && !r.status, "and nobody else is asked");
    bt_http_destroy(h);
}

static void refusing(void)
{
    struct bt_http *h = client(NULL, false);
    struct bt_request r = get(h, "/mo", false, false);
    ok(!r.ok && strstr(r.err.msg, "127.0.0.1"), "no private address that nobody named");
    ok(get(h, "/mo", true, true).ok, "robots.txt allows");
    ok(!get(h, "/kin/1", true, true).ok, "robots.txt forbids");
    r = (struct bt_request){.url = "ftp://127.0.0.1/x", .named = true};
    bt_http_get(h, a, &r, 1);
    ok(!r.ok, "http and https only");
    bt_http_destroy(h);
}

static void many(void)
{
    struct bt_http *h = client(NULL, false);
    struct bt_request r[12] = {{0}};
    int good = 0;
    for (size_t i = 0; i < BT_LEN(r); i++)
        r[i] = (struct bt_request){.url = bt_format(a, "http://127.0.0.1:%d/mo?%zu", port, i),
                                   .named = true};
    for (size_t i = 0; i < BT_LEN(r); i += 2)
        r[i].url = bt_format(a, "http://127.0.0.1:%d/mo", port);
    bt_http_get(h, a, r, BT_LEN(r));
    for (size_t i = 0; i < BT_LEN(r); i++)
        good += r[i].ok;
    is_int(good, 6, "each of many has its own answer");
    bt_http_destroy(h);
}

static void robots(void)
{
    static const struct {
        const char *text, *path;
        bool allowed;
    } rows[] = {
        {"", "/a", true},
        {"User-agent: *\nDisallow:", "/a", true},
        {"User-agent: *\nDisallow: /", "/a", false},
        {"User-agent: *\nDisallow: /\nAllow: /rss", "/rss/x", true},
        {"User-agent: khac\nDisallow: /", "/a", true},
        {"User-agent: *\nDisallow: /\n\nUser-agent: bantin\nDisallow: /x", "/a", true},
        {"User-agent: Bantin\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/x/1", false},
        {"User-agent: a\nUser-agent: *\nDisallow: /x", "/x", false},
        {"User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", false},
        {"User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", true},
        {"User-agent: *\nDisallow: /a # lời bàn\nCrawl-delay: 2", "/a", false},
    };
    for (size_t i = 0; i < BT_LEN(rows); i++)
        is_int(bt_robots_allow(bt_str(rows[i].text), rows[i].path, NULL), rows[i].allowed,
               bt_format(a, "robots %zu", i));
    int delay = 0;
    bt_robots_allow(BT_STR("User-agent: *\nCrawl-delay: 2"), "/", &delay);
    is_int(delay, 2000, "Crawl-delay");
}

static void addresses(void)
{
    static const char *const shut[] = {"127.0.0.1", "10.1.2.3",    "172.16.0.1", "192.168.1.1",
                                       "0.0.0.0",   "169.254.1.1", "100.64.0.1", "224.0.0.1"};
    static const char *const shut6[] = {
        "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:a00:1::"};
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    for (size_t i = 0; i < BT_LEN(shut); i++) {
        inet_pton(AF_INET, shut[i], &in.sin_addr);
        ok(bt_address_private((struct sockaddr *)&in), shut[i]);
    }
    for (size_t i = 0; i < BT_LEN(shut6); i++) {
        inet_pton(AF_INET6, shut6[i], &in6.sin6_addr);
        ok(bt_address_private((struct sockaddr *)&in6), shut6[i]);
    }
    inet_pton(AF_INET, "203.162.1.1", &in.sin_addr);
    ok(!bt_address_private((struct sockaddr *)&in), "an open address");
    inet_pton(AF_INET6, "2001:ee0::1", &in6.sin6_addr);
    ok(!bt_address_private((struct sockaddr *)&in6), "an open address, IPv6");
}

int main(void)
{
    char dir[] = "/tmp/bantin-http-XXXXXX";
    a = bt_arena_create();
    pid_t pid = server();
    ok(pid > 0 && mkdtemp(dir), "a server on loopback");
    fetching(dir);
    hurrying(dir, "/hang");
    hurrying(dir, "/drip");
    refusing();
    many();
    robots();
    addresses();
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    bt_tree_remove(dir);
    bt_arena_destroy(a);
    return done();
}
