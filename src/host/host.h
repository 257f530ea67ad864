/*
 * host: bytes from outside. Files by rename, children with limits, hashes; HTTP and zip join here.
 * Knows that input is hostile; knows no news and no sound. Leans on libc and libcrypto.
 *
 * Who owns what: buffers are the caller's; a path is only read.
 */
#ifndef BT_HOST_H
#define BT_HOST_H

#include "base/base.h"

/* ---- files ---------------------------------------------------------------------------------- */

/* The whole file, "-" for standard input; BT_EINNER when it cannot be read or is over max bytes. */
bool bt_file_read(const char *path, size_t max, struct bt_buf *out, struct bt_err *err);
/* Under a temporary name beside it, fsync, rename: the old file or the new one, never a part. */
bool bt_file_write(const char *path, const void *p, size_t n, struct bt_err *err);
bool bt_file_copy(const char *from, const char *to, struct bt_err *err); /* by rename, too */
/* All n bytes to an open descriptor; false: errno says why. */
bool bt_write_all(int fd, const void *p, size_t n);
bool bt_file_same(const char *a, const char *b); /* both can be read, and hold the same bytes */
/* What writers that were killed have left in a folder. */
void bt_temps_sweep(const char *dir);
bool bt_file_exists(const char *path);
bool bt_dir_make(const char *path, struct bt_err *err); /* with parents */
const char *bt_temp_dir(void);                          /* $TMPDIR, or /tmp; borrowed */
/* A file without a name, which goes with its descriptor; -1: BT_EINNER. */
int bt_temp_file(struct bt_err *err);
void bt_tree_remove(const char *path); /* what is there; follows no link */
/* fsync every file and directory below path, and the directory that holds it. */
bool bt_tree_sync(const char *path, struct bt_err *err);
/* The folder of a path ("." when it has none) and "folder/name"; an absolute name stays. */
char *bt_path_dir(struct bt_arena *a, const char *path);
char *bt_path_join(struct bt_arena *a, const char *dir, const char *name);

/* A lock held by an open descriptor: gone with the process, however it ends. *busy says that
 * another process holds it (then false, BT_EBUSY). */
bool bt_lock_take(const char *path, int *fd, struct bt_err *err);
void bt_lock_drop(int fd);

/* ---- hashes --------------------------------------------------------------------------------- */

#define BT_HASH 65
void bt_sha256(const void *p, size_t n, char hex[BT_HASH]);
bool bt_sha256_file(const char *path, char hex[BT_HASH], struct bt_err *err);

/* ---- children ------------------------------------------------------------------------------- */

struct bt_limits { /* 0: no limit */
    int wall_ms;   /* then SIGKILL */
    int cpu_s;     /* RLIMIT_CPU */
    size_t mem;    /* bytes of address space, RLIMIT_AS; left off in sanitizer builds */
    size_t out;    /* bytes that it may write to its pipe */
};
/*
 * Fork; run fn(ctx, fd) in the child, with the limits, and leave with fn's answer. What it
 * wrote to fd is in *out. False (BT_EINNER, with the reason) when it crashed, hung, wrote too much
 * or answered other than 0; *out then holds what had come. fn must not touch the parent's files.
 */
bool bt_child_call(int (*fn)(void *ctx, int fd), void *ctx, const struct bt_limits *limits,
                   struct bt_buf *out, struct bt_err *err);
/* Put cpu_s and mem on the process itself (a child, after its fork), leave no core file, and die
 * with the thread that forked. */
void bt_child_limit(const struct bt_limits *limits);
/* For a child that reads what comes from outside: from here on it may compute, ask for memory and
 * write to fd, and nothing else. Every other descriptor is closed and no new one can be had; where
 * the kernel has seccomp, any other call is refused with EPERM. (A coverage build only closes the
 * descriptors: its counters are files.) */
void bt_child_confine(int fd);
/* Leave a child: by _exit, since what its parent has buffered is not its own. In a coverage build
 * bt_child_cover, which does nothing else, writes the counters first: for a child that is killed
 * when it has answered. */
_Noreturn void bt_child_exit(int code);
void bt_child_cover(void);

/* ---- zip ------------------------------------------------------------------------------------ */

/* One entry into *out, whose ceiling bounds it; BT_ENOTHING when it is not there, or too large. */
bool bt_zip_entry(struct bt_str zip, const char *name, struct bt_buf *out, struct bt_err *err);

struct bt_zip_file { /* an entry: of a file, or, path being NULL, of bytes */
    const char *name, *path;
    struct bt_str bytes;
    bool stored; /* not compressed: what is so already */
};
/* A new zip at path, its entries in this order, each with the date `at`; BT_EDELIVER. */
bool bt_zip_write(const char *path, const struct bt_zip_file *file, size_t n,
                  const struct bt_civil *at, struct bt_err *err);

/* ---- addresses ------------------------------------------------------------------------------ */

/* Without a user's name and password, in the arena. */
char *bt_url_bare(struct bt_arena *a, const char *url);
/* For messages and papers: without these and without the query, which may hold a key. What is no
 * address stays as it is. Returns out. */
enum { BT_URL_PUBLIC = 512 };
const char *bt_url_public(const char *url, char out[BT_URL_PUBLIC]);

/* ---- HTTP ---------------------------------------------------------------------------------- */

/*
 * Fetches over http and https, two connections a host, with a cache on disk. Redirects (at most
 * five) are followed by hand, so that every hop is looked at: no address of a private network is
 * connected to unless the request is `named` and stays on its host. Proxies of the environment are
 * not used. Name and password of a `named` address go to its origin (scheme, host, port) and to no
 * other; `final` and messages do not show them. A body is cut off at `body_max` bytes after decompression, and the request fails.
 */
struct bt_http_options {
    const char *cache; /* folder; NULL: none */
    bool offline;      /* the cache only */
    int pause_ms;      /* between requests to one host */
    int backoff_ms;    /* before the first retry; four times that before the second */
    int timeout_ms;    /* of one try */
    int total_ms;      /* of all fetches together, from bt_http_create on; then the cache is all
                          there is. 0: no limit */
    size_t body_max;
};
#define BT_HTTP_DEFAULTS                                                                           \
    ((struct bt_http_options){                                                                     \
        .pause_ms = 250, .backoff_ms = 1000, .timeout_ms = 20000, .body_max = 8 << 20})

struct bt_request {
    const char *url;
    bool named;  /* the station itself names its host: that may be private */
    bool robots; /* ask robots.txt first: for addresses that were found, not given */
    /* and the answer, in the arena of bt_http_get */
    bool ok, cached; /* cached: not changed, offline, or the site failed: then err tells */
    long status;
    const char *final; /* the address after redirects */
    struct bt_str body;
    struct bt_err err;
};

struct bt_http;
bool bt_http_create(const struct bt_http_options *o, struct bt_http **out, struct bt_err *err);
void bt_http_destroy(struct bt_http *h);
/* All of them, several at a time; each tells for itself whether it went well. */
void bt_http_get(struct bt_http *h, struct bt_arena *a, struct bt_request *req, size_t n);

/* Does robots.txt let an agent called "bantin" fetch this path? *delay_ms: its Crawl-delay, or 0.
 */
bool bt_robots_allow(struct bt_str robots, const char *path, int *delay_ms);
/* An address of the machine itself, of a private network, or of none. */
struct sockaddr;
bool bt_address_private(const struct sockaddr *sa);

#endif
