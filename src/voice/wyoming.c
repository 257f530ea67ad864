/*
 * Home Assistant's protocol (wyoming-piper): over TCP, each event is a JSON line, then as many
 * bytes of data and of payload as it says. We ask with "synthesize" and hear "audio-start",
 * "audio-chunk" … "audio-stop". Leans on jansson.
 */
#include "voice/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1 << 16, PAYLOAD_MAX = 1 << 20 };

struct talk {
    const struct bt_link *link;
    int fd;
    int64_t deadline;
    struct bt_buf in; /* what came and was not yet used */
    size_t used;
    int width, channels;
};

static bool trouble(const struct talk *t, const char *words, struct bt_err *err)
{
    return bt_fail(err, BT_EINNER, BT_M_VOICE_WYOMING_SAYS, t->link->host, words);
}

static bool ready(const struct talk *t, short events, struct bt_err *err)
{
    struct pollfd p = {.fd = t->fd, .events = events};
    int64_t left = (t->deadline - bt_clock_mono()) / 1000000;
    if (left > 0 && poll(&p, 1, (int)left) > 0)
        return true;
    return trouble(t, strerror(ETIMEDOUT), err);
}

static bool connect_one(struct talk *t, const struct addrinfo *a, struct bt_err *err)
{
    int how = 0;
    socklen_t n = sizeof(how);
    t->fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
    if (t->fd < 0)
        return trouble(t, strerror(errno), err);
    if (connect(t->fd, a->ai_addr, a->ai_addrlen) != 0 && errno != EINPROGRESS)
        return trouble(t, strerror(errno), err);
    if (!ready(t, POLLOUT, err))
        return false;
    getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &how, &n);
    return how == 0 || trouble(t, strerror(how), err);
}

static bool open_talk(struct talk *t, struct bt_err *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    char port[16];
    snprintf(port, sizeof(port), "%d", t->link->port);
    int how = getaddrinfo(t->link->host, port, &hints, &list);
    if (how != 0)
        return trouble(t, gai_strerror(how), err);
    bool good = false;
    for (const struct addrinfo *a = list; a && !good; a = a->ai_next) {
        if (t->fd >= 0)
            close(t->fd);
        good = connect_one(t, a, err);
    }
    freeaddrinfo(list);
    return good;
}

static bool put(struct talk *t, const char *p, size_t n, struct bt_err *err)
{
    while (n > 0) {
        if (!ready(t, POLLOUT, err))
            return false;
        ssize_t k = send(t->fd, p, n, MSG_NOSIGNAL);
        if (k < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (k < 0)
            return trouble(t, strerror(errno), err);
        p += k;
        n -= (size_t)k;
    }
    return true;
}

static bool ask(struct talk *t, const char *text, struct bt_err *err)
{
    json_t *voice = t->link->speaker ? json_pack("{s:s}", "name", t->link->speaker) : NULL;
    json_t *e =
        json_pack("{s:s,s:{s:s,s:o*}}", "type", "synthesize", "data", "text", text, "voice", voice);
    char *line = e ? json_dumps(e, JSON_COMPACT) : NULL;
    bool good =
        line ? put(t, line, strlen(line), err) && put(t, "\n", 1, err) : trouble(t, "JSON", err);
    free(line);
    json_decref(e);
    return good;
}

/* At least n more bytes behind t->used. */
static bool more(struct talk *t, size_t n, struct bt_err *err)
{
    char block[65536];
    while (t->in.n - t->used < n) {
        if (!ready(t, POLLIN, err))
            return false;
        ssize_t k = recv(t->fd, block, sizeof(block), 0);
        if (k < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (k <= 0)
            return trouble(t, k < 0 ? strerror(errno) : "EOF", err);
        if (!bt_buf_add(&t->in, block, (size_t)k))
            return bt_fail(err, BT_EINNER, BT_M_CHILD_TOO_MUCH);
    }
    return true;
}

static bool take_bytes(struct talk *t, size_t n, struct bt_str *out, struct bt_err *err)
{
    if (!more(t, n, err))
        return false;
    *out = (struct bt_str){t->in.p + t->used, n};
    t->used += n;
    return true;
}

/* What was used makes room for what comes. */
static void forget(struct talk *t)
{
    size_t left = t->in.n - t->used;
    if (left > 0)
        memmove(t->in.p, t->in.p + t->used, left);
    t->in.n = left;
    t->used = 0;
}

static bool take_line(struct talk *t, struct bt_str *line, struct bt_err *err)
{
    for (size_t n = 0;; n++) {
        if (!more(t, n + 1, err))
            return false;
        if (t->in.p[t->used + n] != '\n')
            continue;
        bool good = take_bytes(t, n + 1, line, err);
        line->n = n;
        return good;
    }
}

static size_t length_of(const json_t *e, const char *name)
{
    json_int_t n = json_integer_value(json_object_get(e, name));
    return n < 0 || n > PAYLOAD_MAX ? SIZE_MAX : (size_t)n;
}

/* One event: its head (to be freed), its data merged into "data", its payload. */
static json_t *next_event(struct talk *t, struct bt_str *payload, struct bt_err *err)
{
    struct bt_str line, data = {NULL, 0};
    forget(t);
    if (!take_line(t, &line, err))
        return NULL;
    json_t *e = json_loadb(line.p, line.n, 0, NULL);
    size_t ndata = length_of(e, "data_length"), npayload = length_of(e, "payload_length");
    if (!json_is_object(e) || ndata == SIZE_MAX || npayload == SIZE_MAX)
        trouble(t, "JSON", err);
    else if (take_bytes(t, ndata, &data, err) && take_bytes(t, npayload, payload, err)) {
        /* the buffer may have moved while the rest came */
        data.p = payload->p + payload->n - npayload - ndata;
        json_t *more_data = ndata ? json_loadb(data.p, ndata, 0, NULL) : NULL;
        if (more_data)
            json_object_set_new(e, "data", more_data);
        return e;
    }
    json_decref(e);
    return NULL;
}

static bool begin(struct talk *t, const json_t *data, struct bt_take *out, struct bt_err *err)
{
    json_int_t rate = json_integer_value(json_object_get(data, "rate"));
    t->width = (int)json_integer_value(json_object_get(data, "width"));
    t->channels = (int)json_integer_value(json_object_get(data, "channels"));
    if (rate < 8000 || rate > 192000 || t->width != 2 || t->channels < 1 || t->channels > 2)
        return trouble(t, "audio-start", err);
    out->rate = (int)rate;
    return true;
}

static bool chunk(const struct talk *t, struct bt_str payload, struct bt_take *out,
                  struct bt_err *err)
{
    if (out->rate == 0)
        return trouble(t, "audio-chunk", err);
    for (size_t i = 0, step = (size_t)t->channels * 2; i + step <= payload.n; i += step) {
        int16_t x;
        memcpy(&x, payload.p + i, sizeof(x)); /* the left channel of two */
        if (!bt_take_add(out, &x, 1))
            return bt_fail(err, BT_EINNER, BT_M_VOICE_TOO_LONG, BT_TAKE_S);
    }
    return true;
}

/* Events that we do not know are passed over. */
bool bt_wyoming_hear(const struct bt_link *l, int fd, int64_t deadline, struct bt_take *out,
                     struct bt_err *err)
{
    struct talk t = {.link = l, .fd = fd, .deadline = deadline};
    bool good = true, stopped = false;
    bt_buf_init(&t.in, LINE_MAX_BYTES + 4 * PAYLOAD_MAX);
    while (good && !stopped) {
        struct bt_str payload = {NULL, 0};
        json_t *e = next_event(&t, &payload, err);
        const char *type = json_string_value(json_object_get(e, "type"));
        const json_t *data = json_object_get(e, "data");
        if (!e || !type)
            good = e ? trouble(&t, "type", err) : false;
        else if (strcmp(type, "audio-start") == 0)
            good = begin(&t, data, out, err);
        else if (strcmp(type, "audio-chunk") == 0)
            good = chunk(&t, payload, out, err);
        else if (strcmp(type, "error") == 0) {
            const char *words = json_string_value(json_object_get(data, "text"));
            good = trouble(&t, words ? words : "error", err);
        }
        stopped = good && strcmp(type, "audio-stop") == 0;
        json_decref(e);
    }
    bt_buf_finish(&t.in);
    return good;
}

static bool start(const struct bt_link *l, struct bt_err *err)
{
    (void)l, (void)err;
    return true;
}

static bool speak(const struct bt_link *l, const char *text, double rate, struct bt_take *out,
                  struct bt_err *err)
{
    struct talk t = {
        .link = l, .fd = -1, .deadline = bt_clock_mono() + l->timeout_ms * INT64_C(1000000)};
    (void)rate;
    bool good =
        open_talk(&t, err) && ask(&t, text, err) && bt_wyoming_hear(l, t.fd, t.deadline, out, err);
    if (t.fd >= 0)
        close(t.fd);
    return good;
}

const struct bt_engine bt_engine_wyoming = {
    .name = "wyoming", .foreign = true, .slowest = 1, .fastest = 1, .start = start, .speak = speak};
