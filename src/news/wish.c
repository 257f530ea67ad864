/* The station's list: stories to keep, to hold, to put first. Knows the table; knows no articles.
 */
#include "news/parts.h"

#include <string.h>

static bool wish_read(struct bt_arena *a, const struct bt_row *row, struct bt_wished *w,
                      struct bt_err *err)
{
    static const char *const names[] = {"giữ", "hoãn"};
    const char *s = row->col[0];
    w->what = row->col[1];
    if (!strstr(w->what, "://") && strncmp(w->what, "s-", 2) != 0)
        w->what = bt_fold(a, bt_str(w->what));
    if (s[0] >= '1' && s[0] <= '9' && !s[1]) {
        w->wish = BT_WISH_PRIORITY;
        w->priority = s[0] - '0';
        return *w->what || bt_row_fail(err, row, BT_M_WISH_WHAT);
    }
    for (size_t i = 0; i < BT_LEN(names); i++)
        if (strcmp(bt_fold(a, bt_str(s)), bt_fold(a, bt_str(names[i]))) == 0) {
            w->wish = (enum bt_wish)i;
            return *w->what || bt_row_fail(err, row, BT_M_WISH_WHAT);
        }
    return bt_row_fail(err, row, BT_M_WISH_WORD, s);
}

bool bt_wishes_load(struct bt_arena *a, const char *path, struct bt_wished **out, size_t *n,
                    struct bt_err *err)
{
    enum { MOST = 1 << 20 };
    struct bt_table t;
    struct bt_buf b;
    *out = NULL;
    *n = 0;
    if (!bt_file_exists(path))
        return true;
    bt_buf_init(&b, MOST);
    bool ok =
        bt_file_read(path, MOST, &b, err) && bt_table_parse(a, path, bt_buf_str(&b), 2, 3, &t, err);
    for (size_t i = 0; ok && i < t.n; i++)
        ok = wish_read(a, &t.row[i], bt_push(a, out, n, sizeof(**out)), err);
    bt_buf_finish(&b);
    return ok;
}
