/* Files by rename, beside what a stranger has laid there. */
#include "host/host.h"
#include "tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct bt_arena *arena;
static char top[] = "/tmp/bantin-file-XXXXXX";

static const char *in(const char *name)
{
    return bt_path_join(arena, top, name);
}

static const char *content(const char *name)
{
    struct bt_buf b;
    bt_buf_init(&b, 1 << 20);
    char *s =
        bt_file_read(in(name), b.max, &b, NULL) ? bt_strndup(arena, b.p ? b.p : "", b.n) : NULL;
    bt_buf_finish(&b);
    return s;
}

/* In a folder that others write to, a name that can be guessed may be a link to a file of ours. */
static void guessed_name(void)
{
    struct stat st;
    const char *guess = in(bt_format(arena, ".mới.bt-%ld", (long)getpid()));
    bt_file_write(in("quý"), "giữ", strlen("giữ"), NULL);
    ok(symlink(in("quý"), guess) == 0, "a link waits under a name that can be guessed");
    ok(bt_file_write(in("mới"), "a", 1, NULL), "a file is written");
    ok(bt_file_copy(in("mới"), in("chép"), NULL), "and copied");
    is_str(content("quý"), "giữ", "what the link names is untouched");
    ok(lstat(in("mới"), &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 0777) == 0644,
       "and the file is one, for all to read");
    is_str(content("chép"), "a", "so is the copy");
}

static void sameness(void)
{
    bt_file_write(in("x"), "abc", 3, NULL);
    bt_file_write(in("y"), "abc", 3, NULL);
    bt_file_write(in("z"), "abd", 3, NULL);
    bt_file_write(in("w"), "ab", 2, NULL);
    ok(bt_file_same(in("x"), in("y")), "the same bytes");
    ok(!bt_file_same(in("x"), in("z")), "another byte");
    ok(!bt_file_same(in("x"), in("w")) && !bt_file_same(in("w"), in("x")), "another length");
    ok(!bt_file_same(in("x"), in("không")) && !bt_file_same(top, top), "no file, or a folder");
}

int main(void)
{
    arena = bt_arena_create();
    if (!mkdtemp(top))
        return 1;
    umask(022);
    guessed_name();
    sameness();
    bt_tree_remove(top);
    bt_arena_destroy(arena);
    return done();
}
