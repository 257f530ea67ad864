/* The heap that never returns NULL, and the arena. */
#include "base/base.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

struct bt_arena {
    struct block *head;
};

static void (*oom_hook)(void);

void bt_oom_hook(void (*fn)(void))
{
    oom_hook = fn;
}

static _Noreturn void out_of_memory(void)
{
    if (oom_hook)
        oom_hook();
    exit(BT_ENOMEM);
}

void *bt_xmalloc(size_t n)
{
    void *p = malloc(n ? n : 1);
    if (!p)
        out_of_memory();
    return p;
}

void *bt_xcalloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (!p)
        out_of_memory();
    return p;
}

void *bt_xrealloc(void *p, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        out_of_memory();
    size_t bytes = n * size;
    void *q = realloc(p, bytes ? bytes : 1);
    if (!q)
        out_of_memory();
    return q;
}

char *bt_xstrdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(bt_xmalloc(n), s, n);
}

struct bt_arena *bt_arena_create(void)
{
    return bt_xcalloc(1, sizeof(struct bt_arena));
}

void bt_arena_destroy(struct bt_arena *a)
{
    if (!a)
        return;
    for (struct block *b = a->head, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

static struct block *block_add(struct bt_arena *a, size_t size)
{
    if (size > SIZE_MAX - sizeof(struct block))
        out_of_memory();
    struct block *b = bt_xmalloc(sizeof(*b) + size);
    b->used = 0;
    b->size = size;
    b->next = a->head;
    a->head = b;
    return b;
}

void *bt_alloc(struct bt_arena *a, size_t n)
{
    enum { ALIGN = alignof(max_align_t) };
    if (n > SIZE_MAX - ALIGN)
        out_of_memory();
    n = (n + ALIGN - 1) / ALIGN * ALIGN;
    struct block *b = a->head;
    if (!b || b->size - b->used < n)
        b = block_add(a, n > BLOCK ? n : BLOCK);
    void *p = b->bytes + b->used;
    b->used += n;
    return memset(p, 0, n);
}

char *bt_strndup(struct bt_arena *a, const char *s, size_t n)
{
    char *p = bt_alloc(a, n + 1);
    if (n)
        memcpy(p, s, n);
    return p;
}

char *bt_strdup(struct bt_arena *a, const char *s)
{
    return s ? bt_strndup(a, s, strlen(s)) : NULL;
}

char *bt_format(struct bt_arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return bt_strdup(a, "");
    char *p = bt_alloc(a, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return p;
}

void *bt_push(struct bt_arena *a, void *p, size_t *n, size_t size)
{
    void **array = p;
    size_t have = *n;
    if ((have & (have - 1)) == 0) { /* 0 or a power of two: full */
        size_t room = have ? have * 2 : 1;
        if (room > SIZE_MAX / size)
            out_of_memory();
        void *q = bt_alloc(a, room * size);
        if (have)
            memcpy(q, *array, have * size);
        *array = q;
    }
    *n = have + 1;
    return (char *)*array + have * size;
}
