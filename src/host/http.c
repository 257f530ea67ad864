/* Fetching: libcurl's multi interface under our own rules for redirects, hosts, pauses, retries and
 * the cache. Knows nothing of what it fetches but robots.txt. */
#include "host/host.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REDIRECTS = 5, TRIES = 3, PER_HOST = 2, AT_ONCE = 16, HOST = 256, RETRY_MOST_S = 30 };
#define AGENT "bantin/" BT_VERSION " (radio bulletin; text to speech)"

struct host {
    char name[HOST];
    int active;
    int64_t next; /* monotonic ns: not before */
    int delay_ms;
    char *origin, *login; /* "https://host:443" and "name:password" of its named address, or NULL */
    bool asked;           /* robots.txt has been fetched, or is not wanted */
    struct bt_str robots;
};

struct bt_http {
    struct bt_http_options o;
    CURLM *multi;
    int64_t end;        /* monotonic ns: no later; 0: never */
    struct bt_arena *a; /* hosts and their robots */
    struct host **host;
    size_t nhost;
};

struct task { /* one fetch under way */
    struct bt_http *h;
    struct bt_request *f;
    struct host *host;
    CURL *easy;
    struct curl_slist *headers;
    struct bt_buf body;
    const char *url, *origin; /* of this hop */
    char etag[256], modified[64], location[2048];
    int hops, tries;
    int retry_after; /* seconds */
    int64_t not_before;
    bool private_ok, refused, done;
    struct bt_buf kept; /* the cached body */
};

/* ---- the cache ---- */

/* Its folders are named by two digits. */
static void sweep_cache(struct bt_http *h)
{
    for (unsigned i = 0; i < 256; i++)
        bt_temps_sweep(bt_format(h->a, "%s/%02x", h->o.cache, i));
}

static char *cache_path(const struct bt_http *h, struct bt_arena *a, const char *url,
                        const char *ext)
{
    char hex[BT_HASH];
    bt_sha256(url, strlen(url), hex);
    return bt_format(a, "%s/%.2s/%s.%s", h->o.cache, hex, hex + 2, ext);
}

/* The head of an entry: final address, etag, last-modified, hash of the body, a line each. */
static bool cache_load(struct task *t, struct bt_arena *a)
{
    struct bt_buf head;
    struct bt_str rest, line[4] = {{NULL, 0}};
    char hex[BT_HASH];
    if (!t->h->o.cache)
        return false;
    bt_buf_init(&head, 8192);
    bool ok =
        bt_file_read(cache_path(t->h, a, t->f->url, "head"), 8192, &head, NULL) &&
        bt_file_read(cache_path(t->h, a, t->f->url, "body"), t->h->o.body_max, &t->kept, NULL);
    rest = bt_buf_str(&head);
    for (size_t i = 0; ok && i < BT_LEN(line); i++)
        ok = bt_str_line(&rest, &line[i]);
    if (ok) {
        bt_sha256(t->kept.p ? t->kept.p : "", t->kept.n, hex);
        ok = bt_str_is(line[3], hex) && line[1].n < sizeof(t->etag) &&
             line[2].n < sizeof(t->modified);
    }
    if (ok) {
        t->f->final = bt_strndup(a, line[0].p, line[0].n);
        memcpy(t->etag, line[1].p, line[1].n);
        memcpy(t->modified, line[2].p, line[2].n);
    } else
        bt_buf_finish(&t->kept);
    bt_buf_finish(&head);
    return ok;
}

static void cache_save(struct task *t, struct bt_arena *a)
{
    char hex[BT_HASH];
    if (!t->h->o.cache)
        return;
    const char *body = cache_path(t->h, a, t->f->url, "body");
    bt_sha256(t->body.p ? t->body.p : "", t->body.n, hex);
    const char *head = bt_format(a, "%s\n%s\n%s\n%s\n", t->f->final, t->etag, t->modified, hex);
    /* a cache that cannot be written is no reason to fail */
    if (bt_dir_make(bt_path_dir(a, body), NULL) &&
        bt_file_write(body, t->body.p ? t->body.p : "", t->body.n, NULL))
        bt_file_write(cache_path(t->h, a, t->f->url, "head"), head, strlen(head), NULL);
}

/* ---- hosts ---- */

static bool host_of(const char *url, char out[HOST])
{
    CURLU *u = curl_url();
    char *host = NULL;
    bool ok = u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK && strlen(host) < HOST;
    if (ok)
        memcpy(out, host, strlen(host) + 1);
    curl_free(host);
    curl_url_cleanup(u);
    return ok && (strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0);
}

/* "https://host:443", whoever the user is. */
static char *origin_of(struct bt_arena *a, const char *url)
{
    CURLU *u = curl_url();
    char *scheme = NULL, *host = NULL, *port = NULL, *out = NULL;
    if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK)
        out = bt_format(a, "%s://%s:%s", scheme, host, port);
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(u);
    return out;
}

/* "name:password" of the address, or NULL. */
static char *login_of(struct bt_arena *a, const char *url)
{
    CURLU *u = curl_url();
    char *name = NULL, *word = NULL, *out = NULL;
    if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_USER, &name, CURLU_URLDECODE) == CURLUE_OK) {
        curl_url_get(u, CURLUPART_PASSWORD, &word, CURLU_URLDECODE);
        out = bt_format(a, "%s:%s", name, word ? word : "");
    }
    curl_free(name);
    curl_free(word);
    curl_url_cleanup(u);
    return out;
}

static struct host *find_host(struct bt_http *h, const char *name)
{
    for (size_t i = 0; i < h->nhost; i++)
        if (strcasecmp(h->host[i]->name, name) == 0)
            return h->host[i];
    struct host *new = bt_alloc(h->a, sizeof(*new));
    snprintf(new->name, sizeof(new->name), "%s", name);
    *(struct host **)bt_push(h->a, &h->host, &h->nhost, sizeof(new)) = new;
    return new;
}

/* Of one try, or what is left of them all. */
static long timeout_ms(const struct bt_http *h)
{
    int64_t left = (h->end - bt_clock_mono()) / 1000000;
    if (!h->end || left > h->o.timeout_ms)
        return h->o.timeout_ms;
    return left > 1 ? (long)left : 1; /* 0 would be no limit */
}

static bool is_over(const struct bt_http *h)
{
    return h->end && bt_clock_mono() >= h->end;
}

/* ---- libcurl's questions ---- */

static size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
    struct task *t = ctx;
    return bt_buf_add(&t->body, p, size * n) ? size * n : 0;
}

static void keep_header(struct bt_str line, const char *name, char *out, size_t room)
{
    size_t n = strlen(name);
    if (line.n <= n || strncasecmp(line.p, name, n) != 0)
        return;
    struct bt_str v = bt_str_trim((struct bt_str){line.p + n, line.n - n});
    bool clean = v.n < room && !memchr(v.p, '\n', v.n) && !memchr(v.p, '\0', v.n);
    memcpy(out, clean ? v.p : "", clean ? v.n : 0);
    out[clean ? v.n : 0] = '\0';
}

static size_t take_header(char *p, size_t size, size_t n, void *ctx)
{
    struct task *t = ctx;
    struct bt_str line = {p, size * n};
    char after[16] = "";
    keep_header(line, "etag:", t->etag, sizeof(t->etag));
    keep_header(line, "last-modified:", t->modified, sizeof(t->modified));
    keep_header(line, "location:", t->location, sizeof(t->location));
    keep_header(line, "retry-after:", after, sizeof(after));
    if (after[0])
        t->retry_after = atoi(after);
    return size * n;
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *addr)
{
    struct task *t = ctx;
    (void)purpose;
    if (!t->private_ok && bt_address_private(&addr->addr)) {
        t->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(addr->family, addr->socktype | SOCK_CLOEXEC, addr->protocol);
}

/* ---- one try ---- */

static void add_header(struct task *t, struct bt_arena *a, const char *name, const char *value)
{
    if (value[0])
        t->headers = curl_slist_append(t->headers, bt_format(a, "%s: %s", name, value));
}

static void set_options(struct task *t)
{
    CURL *e = t->easy;
    curl_easy_setopt(e, CURLOPT_URL, t->url);
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_PROXY, "");
    curl_easy_setopt(e, CURLOPT_USERAGENT, AGENT);
    curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, timeout_ms(t->h));
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)t->h->o.timeout_ms / 2);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(e, CURLOPT_PRIVATE, t);
    if (t->host->login && strcmp(t->host->origin, t->origin) == 0)
        curl_easy_setopt(e, CURLOPT_USERPWD, t->host->login);
}

static bool start(struct task *t, struct bt_arena *a)
{
    bool fresh = t->hops == 0 && t->kept.p;
    t->easy = curl_easy_init();
    if (!t->easy)
        return false;
    if (fresh) {
        add_header(t, a, "If-None-Match", t->etag);
        add_header(t, a, "If-Modified-Since", t->modified);
    }
    bt_buf_clear(&t->body);
    t->etag[0] = t->modified[0] = t->location[0] = '\0';
    t->retry_after = 0;
    t->refused = false;
    set_options(t);
    t->tries++;
    t->host->active++;
    t->host->next =
        bt_clock_mono() +
        (int64_t)(t->host->delay_ms > t->h->o.pause_ms ? t->host->delay_ms : t->h->o.pause_ms) *
            1000000;
    return curl_multi_add_handle(t->h->multi, t->easy) == CURLM_OK;
}

static void stop(struct task *t)
{
    if (!t->easy)
        return;
    curl_multi_remove_handle(t->h->multi, t->easy);
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
    t->easy = NULL;
    t->headers = NULL;
    t->host->active--;
}

/* ---- how it ended ---- */

static void keep(struct task *t, struct bt_arena *a, const struct bt_buf *from, bool cached)
{
    t->f->ok = t->done = true;
    t->f->cached = cached;
    t->f->body = (struct bt_str){bt_strndup(a, from->p ? from->p : "", from->n), from->n};
}

static void fail(struct task *t, struct bt_arena *a, enum bt_msg id, const char *what)
{
    char shown[BT_URL_PUBLIC];
    bt_fail(&t->f->err, BT_ENOTHING, id, bt_url_public(t->f->url, shown), what);
    t->done = true;
    if (t->kept.p && !t->refused)
        keep(t, a, &t->kept, true);
}

static bool again(struct task *t)
{
    if (t->tries >= TRIES)
        return false;
    int64_t wait = (int64_t)t->h->o.backoff_ms << (2 * (t->tries - 1));
    if (t->retry_after > 0 && t->retry_after <= RETRY_MOST_S && t->h->o.backoff_ms)
        wait = (int64_t)t->retry_after * 1000;
    t->not_before = bt_clock_mono() + wait * 1000000;
    return !t->h->end || t->not_before < t->h->end;
}

static bool set_url(struct task *t, struct bt_arena *a, const char *url)
{
    char name[HOST], first[HOST];
    if (!host_of(url, name) || !host_of(t->f->url, first))
        return false;
    t->url = bt_url_bare(a, url);
    t->origin = origin_of(a, url);
    t->host = find_host(t->h, name);
    t->private_ok = t->f->named && strcasecmp(name, first) == 0;
    return t->origin != NULL;
}

static void redirect(struct task *t, struct bt_arena *a)
{
    CURLU *u = curl_url();
    char *url = NULL;
    bool ok = u && ++t->hops <= REDIRECTS &&
              curl_url_set(u, CURLUPART_URL, t->url, 0) == CURLUE_OK &&
              curl_url_set(u, CURLUPART_URL, t->location, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_URL, &url, 0) == CURLUE_OK && set_url(t, a, url);
    curl_free(url);
    curl_url_cleanup(u);
    t->tries = 0;
    char shown[BT_URL_PUBLIC];
    if (!ok)
        fail(t, a, BT_M_HTTP_REDIRECTS, bt_url_public(t->location, shown));
}

static void settle(struct task *t, struct bt_arena *a, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    stop(t);
    t->f->status = status;
    if (t->refused)
        fail(t, a, BT_M_HTTP_PRIVATE, t->host->name);
    else if (t->body.over)
        fail(t, a, BT_M_HTTP_TOO_LARGE, "");
    else if (code != CURLE_OK || status >= 500 || status == 429) {
        if (!again(t))
            fail(t, a, BT_M_HTTP_FAILED,
                 code != CURLE_OK ? curl_easy_strerror(code) : bt_format(a, "HTTP %ld", status));
    } else if (status >= 300 && status < 400 && status != 304 && t->location[0])
        redirect(t, a);
    else if (status == 304 && t->kept.p)
        keep(t, a, &t->kept, true);
    else if (status == 200) {
        t->f->final = t->url;
        keep(t, a, &t->body, false);
        cache_save(t, a);
    } else
        fail(t, a, BT_M_HTTP_FAILED, bt_format(a, "HTTP %ld", status));
}

/* ---- all together ---- */

static bool may_start(const struct task *t, int64_t now)
{
    return !t->done && !t->easy && t->host->active < PER_HOST && now >= t->host->next &&
           now >= t->not_before;
}

static int start_some(struct task *task, size_t n, struct bt_arena *a)
{
    int running = 0;
    for (size_t i = 0; i < n; i++)
        running += task[i].easy != NULL;
    for (size_t i = 0; i < n && running < AT_ONCE; i++)
        if (may_start(&task[i], bt_clock_mono())) {
            if (!start(&task[i], a)) {
                stop(&task[i]);
                fail(&task[i], a, BT_M_HTTP_FAILED, "libcurl");
            }
            running++;
        }
    return running;
}

static void collect(struct bt_http *h, struct bt_arena *a)
{
    int left;
    for (CURLMsg *m; (m = curl_multi_info_read(h->multi, &left)) != NULL;) {
        struct task *t = NULL;
        if (m->msg != CURLMSG_DONE)
            continue;
        CURLcode code = m->data.result;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
        settle(t, a, code);
    }
}

static void run(struct bt_http *h, struct task *task, size_t n, struct bt_arena *a)
{
    enum { TICK_MS = 50 };
    for (;;) {
        bool open = false;
        start_some(task, n, a);
        for (size_t i = 0; i < n; i++)
            open = open || !task[i].done;
        if (!open)
            return;
        int running;
        curl_multi_perform(h->multi, &running);
        collect(h, a);
        if (running)
            curl_multi_poll(h->multi, NULL, 0, TICK_MS, NULL);
        else
            curl_multi_poll(h->multi, NULL, 0, h->o.pause_ms || h->o.backoff_ms ? 10 : 0, NULL);
    }
}

static void prepare(struct bt_http *h, struct task *t, struct bt_request *f, struct bt_arena *a)
{
    *t = (struct task){.h = h, .f = f};
    f->ok = f->cached = false;
    f->body = (struct bt_str){NULL, 0};
    f->final = bt_url_bare(a, f->url);
    bt_buf_init(&t->body, h->o.body_max);
    bt_buf_init(&t->kept, h->o.body_max);
    if (!set_url(t, a, f->url)) {
        fail(t, a, BT_M_HTTP_ADDRESS, "");
        return;
    }
    char *login = f->named ? login_of(h->a, f->url) : NULL;
    if (login) {
        t->host->login = login;
        t->host->origin = origin_of(h->a, f->url);
    }
    bool have = cache_load(t, a), offline = h->o.offline || is_over(h);
    if (h->o.offline && have)
        keep(t, a, &t->kept, true);
    else if (offline)
        fail(t, a, h->o.offline ? BT_M_HTTP_OFFLINE : BT_M_HTTP_LATE, "");
}

static void get_all(struct bt_http *h, struct bt_arena *a, struct bt_request *fetch, size_t n)
{
    struct task *task = bt_xcalloc(n, sizeof(*task));
    for (size_t i = 0; i < n; i++)
        prepare(h, &task[i], &fetch[i], a);
    run(h, task, n, a);
    for (size_t i = 0; i < n; i++) {
        bt_buf_finish(&task[i].body);
        bt_buf_finish(&task[i].kept);
    }
    free(task);
}

/* ---- robots ---- */

static const char *robots_url(struct bt_arena *a, const char *url)
{
    const char *host = strstr(url, "//") + 2;
    return bt_format(a, "%.*s/robots.txt", (int)(host - url + (ptrdiff_t)strcspn(host, "/?#")),
                     url);
}

static const char *path_of(const char *url)
{
    const char *host = strstr(url, "//") + 2;
    host += strcspn(host, "/?#");
    return *host == '/' ? host : "/";
}

/* robots.txt of every host that is new, in one go. */
static void ask_robots(struct bt_http *h, struct bt_arena *a, const struct bt_request *fetch,
                       size_t n)
{
    struct bt_request *ask = NULL;
    size_t count = 0;
    char name[HOST];
    for (size_t i = 0; i < n; i++) {
        if (!fetch[i].robots || !host_of(fetch[i].url, name) || find_host(h, name)->asked)
            continue;
        find_host(h, name)->asked = true;
        *(struct bt_request *)bt_push(a, &ask, &count, sizeof(*ask)) =
            (struct bt_request){.url = robots_url(a, fetch[i].url), .named = fetch[i].named};
    }
    if (count)
        get_all(h, a, ask, count);
    for (size_t i = 0; i < count; i++)
        if (ask[i].ok && host_of(ask[i].url, name))
            find_host(h, name)->robots =
                (struct bt_str){bt_strndup(h->a, ask[i].body.p, ask[i].body.n), ask[i].body.n};
}

static bool is_allowed(struct bt_http *h, struct bt_request *f)
{
    char name[HOST];
    if (!f->robots || !host_of(f->url, name))
        return true;
    struct host *host = find_host(h, name);
    if (bt_robots_allow(host->robots, path_of(f->url), &host->delay_ms))
        return true;
    f->ok = false;
    char shown[BT_URL_PUBLIC];
    return bt_fail(&f->err, BT_ENOTHING, BT_M_HTTP_ROBOTS, bt_url_public(f->url, shown));
}

void bt_http_get(struct bt_http *h, struct bt_arena *a, struct bt_request *fetch, size_t n)
{
    ask_robots(h, a, fetch, n);
    struct bt_request *go = bt_alloc(a, (n + 1) * sizeof(*go));
    size_t *back = bt_alloc(a, (n + 1) * sizeof(*back)), count = 0;
    for (size_t i = 0; i < n; i++)
        if (is_allowed(h, &fetch[i])) {
            go[count] = fetch[i];
            back[count++] = i;
        }
    if (count)
        get_all(h, a, go, count);
    for (size_t i = 0; i < count; i++)
        fetch[back[i]] = go[i];
}

bool bt_http_create(const struct bt_http_options *o, struct bt_http **out, struct bt_err *err)
{
    static bool global;
    if (!global && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return bt_fail(err, BT_EINNER, BT_M_HTTP_LIBRARY);
    global = true;
    struct bt_http *h = bt_xcalloc(1, sizeof(*h));
    h->o = *o;
    h->end = o->total_ms ? bt_clock_mono() + o->total_ms * INT64_C(1000000) : 0;
    h->a = bt_arena_create();
    if (h->o.cache)
        sweep_cache(h);
    h->multi = curl_multi_init();
    if (!h->multi) {
        bt_http_destroy(h);
        return bt_fail(err, BT_EINNER, BT_M_HTTP_LIBRARY);
    }
    curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)PER_HOST);
    *out = h;
    return true;
}

void bt_http_destroy(struct bt_http *h)
{
    if (!h)
        return;
    if (h->multi)
        curl_multi_cleanup(h->multi);
    bt_arena_destroy(h->a);
    free(h);
}
