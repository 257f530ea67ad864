/*
 * A server as an engine: one POST for each sentence. The body is a template of the voice file:
 * {text}, {rate}, {length}; JSON when the type says so. The key comes from the environment or a
 * file that only its owner may read, stands in a header as {key}, and in no message. Leans on
 * libcurl.
 */
#include "voice/engine.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BODY_MAX = 1 << 16, KEY_MAX = 4096, PAUSE_MS = 200 };

static char *key; /* a process serves one link */

static bool key_from_file(const struct bt_link *l, struct bt_err *err)
{
    struct stat st;
    struct bt_buf b;
    struct bt_arena *a = bt_arena_create();
    const char *path = bt_path_join(a, l->dir, l->key_file);
    bt_buf_init(&b, KEY_MAX);
    bool good = stat(path, &st) == 0 || bt_fail_sys(err, BT_EINNER, BT_M_FILE_NOT_READ, path);
    if (good && (st.st_mode & 077))
        good = bt_fail(err, BT_EINNER, BT_M_VOICE_HTTP_KEY_FILE, path);
    good = good && bt_file_read(path, KEY_MAX, &b, err);
    struct bt_str k = bt_str_trim(bt_buf_str(&b));
    if (good)
        key = strndup(k.p, k.n);
    bt_buf_finish(&b);
    bt_arena_destroy(a);
    return good;
}

static bool start(const struct bt_link *l, struct bt_err *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return bt_fail(err, BT_EINNER, BT_M_VOICE_HTTP_TROUBLE, l->url, "curl_global_init");
    if (l->key_file)
        return key_from_file(l, err);
    const char *k = l->key_env ? getenv(l->key_env) : "";
    if (l->key_env && (!k || !*k))
        return bt_fail(err, BT_EINNER, BT_M_VOICE_HTTP_KEY_MISSING, l->key_env);
    key = strdup(k);
    return true;
}

static size_t receive(char *p, size_t size, size_t n, void *ctx)
{
    return bt_buf_add(ctx, p, size * n) ? size * n : 0;
}

static struct curl_slist *headers(const struct bt_link *l)
{
    struct curl_slist *list = NULL;
    struct bt_buf b;
    bt_buf_init(&b, BODY_MAX);
    bt_buf_addf(&b, "Content-Type: %s", l->type);
    list = curl_slist_append(list, b.p);
    for (size_t i = 0; i < l->nheader; i++) {
        const struct bt_place place = {"key", key};
        bt_buf_clear(&b);
        bt_fill(l->header[i], &place, 1, false, &b);
        list = curl_slist_append(list, b.p);
    }
    bt_buf_finish(&b);
    return list;
}

enum verdict { HEARD, AGAIN, LOST };

/* What the answer means; Retry-After in *wait_ms when the server gave one. */
static enum verdict judge(const struct bt_link *l, CURL *c, CURLcode how, const struct bt_buf *got,
                          int64_t *wait_ms, struct bt_err *err)
{
    long status = 0;
    curl_off_t after = 0;
    char shown[BT_URL_PUBLIC];
    bt_url_public(l->url, shown);
    if (how == CURLE_WRITE_ERROR && got->over)
        return bt_fail(err, BT_EINNER, BT_M_CHILD_TOO_MUCH), LOST;
    if (how != CURLE_OK) {
        bt_fail(err, BT_EINNER, BT_M_VOICE_HTTP_TROUBLE, shown, curl_easy_strerror(how));
        return how == CURLE_COULDNT_CONNECT || how == CURLE_GOT_NOTHING ||
                       how == CURLE_RECV_ERROR || how == CURLE_PARTIAL_FILE
                   ? AGAIN
                   : LOST;
    }
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &after);
    if (status >= 200 && status < 300)
        return HEARD;
    if (status == 401 || status == 403)
        return bt_fail(err, BT_EINNER, BT_M_VOICE_HTTP_KEY, shown, (int)status), LOST;
    struct bt_str words = bt_str_trim(bt_buf_str(got));
    char said[80];
    snprintf(said, sizeof(said), "%.*s", (int)(words.n < 79 ? words.n : 79),
             words.n ? words.p : "");
    if (*key && bt_str_find(words, bt_str(key)) >= 0) /* some repeat what they were asked with */
        said[0] = '\0';
    bt_fail(err, BT_EINNER, BT_M_VOICE_HTTP_STATUS, shown, (int)status, said);
    *wait_ms = after > 0 ? after * 1000 : PAUSE_MS;
    return status == 429 || status >= 500 ? AGAIN : LOST;
}

static void prepare(CURL *c, const struct bt_link *l, struct curl_slist *list,
                    const struct bt_buf *body, struct bt_buf *got)
{
    curl_easy_setopt(c, CURLOPT_URL, l->url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, body->p);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)body->n);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, got);
}

/* Again while the server asks for patience, and there is time for it. */
static bool ask(const struct bt_link *l, CURL *c, struct bt_buf *got, struct bt_err *err)
{
    int64_t deadline = bt_clock_mono() + l->timeout_ms * INT64_C(1000000);
    for (int left = l->retries;; left--) {
        int64_t wait_ms = PAUSE_MS, rest = (deadline - bt_clock_mono()) / 1000000;
        bt_buf_clear(got);
        curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(rest > 1 ? rest : 1));
        enum verdict v = judge(l, c, curl_easy_perform(c), got, &wait_ms, err);
        rest = (deadline - bt_clock_mono()) / 1000000;
        if (v != AGAIN || left == 0 || wait_ms >= rest)
            return v == HEARD;
        usleep((useconds_t)(wait_ms * 1000));
    }
}

static bool speak(const struct bt_link *l, const char *text, double rate, struct bt_take *out,
                  struct bt_err *err)
{
    char number[32], length[32];
    struct bt_buf body, got;
    snprintf(number, sizeof(number), "%.2f", rate * l->pace);
    snprintf(length, sizeof(length), "%.2f", 1 / (rate * l->pace));
    const struct bt_place place[] = {{"text", text}, {"rate", number}, {"length", length}};
    bt_buf_init(&body, BODY_MAX);
    bt_buf_init(&got, BT_SOUND_MAX);
    bt_fill(l->body, place, BT_LEN(place), strstr(l->type, "json") != NULL, &body);
    struct curl_slist *list = headers(l);
    CURL *c = curl_easy_init();
    bool good = c != NULL;
    if (good) {
        prepare(c, l, list, &body, &got);
        good = ask(l, c, &got, err) && bt_sound_decode(l, bt_buf_str(&got), out, err);
    }
    curl_easy_cleanup(c);
    curl_slist_free_all(list);
    bt_buf_finish(&body);
    bt_buf_finish(&got);
    return good;
}

const struct bt_engine bt_engine_http = {.name = "http",
                                         .foreign = true,
                                         .slowest = 0.7,
                                         .fastest = 1.4,
                                         .start = start,
                                         .speak = speak};
