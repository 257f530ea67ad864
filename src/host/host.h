/*
 * host: bytes from outside. Files by rename, children with limits, hashes; HTTP and zip join here.
 * Knows that input is hostile; knows no news and no sound. Leans on libc and libmd.
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
bool bt_file_exists(const char *path);
bool bt_dir_make(const char *path, struct bt_err *err); /* with parents */
void bt_tree_remove(const char *path);                  /* what is there; follows no link */
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
 * Fork; run fn(ctx, fd) in the child, with the limits, and leave by _exit(fn's answer). What it
 * wrote to fd is in *out. False (BT_EINNER, with the reason) when it crashed, hung, wrote too much
 * or answered other than 0; *out then holds what had come. fn must not touch the parent's files.
 */
bool bt_child_call(int (*fn)(void *ctx, int fd), void *ctx, const struct bt_limits *limits,
                   struct bt_buf *out, struct bt_err *err);
/* Put cpu_s and mem on the process itself (a child, after its fork), and leave no core file. */
void bt_child_limit(const struct bt_limits *limits);

#endif
