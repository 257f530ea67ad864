/* Tables for people: tab separated, commented, every fault with file:line. */
#include "base/base.h"

#include <string.h>

static bool split(struct bt_arena *a, struct bt_str line, struct bt_row *row, int max)
{
    size_t n = 0;
    struct bt_str piece;
    while (bt_str_cut(&line, '\t', &piece)) {
        piece = bt_str_trim(piece);
        const char **col = bt_push(a, &row->col, &n, sizeof(*row->col));
        *col = bt_nfc(a, piece);
    }
    while (row->col && n > (size_t)max && row->col[n - 1][0] == '\0')
        n--;
    row->ncol = (int)n;
    return n <= (size_t)max;
}

bool bt_row_fail(struct bt_err *err, const struct bt_row *row, enum bt_msg id, ...)
{
    va_list ap;
    va_start(ap, id);
    bt_vfail(err, BT_EFILE, id, ap);
    va_end(ap);
    return bt_err_prefix(err, "%s:%d", row->file, row->line);
}

bool bt_table_parse(struct bt_arena *a, const char *file, struct bt_str text, int min, int max,
                    struct bt_table *out, struct bt_err *err)
{
    struct bt_table t = {0};
    const char *name = bt_strdup(a, file);
    struct bt_str line;
    if (bt_str_starts(text, BT_STR("\xEF\xBB\xBF")))
        text = (struct bt_str){text.p + 3, text.n - 3};
    for (int no = 1; bt_str_line(&text, &line); no++) {
        if (line.n == 0 || line.p[0] == '#' || bt_str_trim(line).n == 0)
            continue;
        struct bt_row here = {.file = name, .line = no};
        if (!bt_utf8_valid(line))
            return bt_row_fail(err, &here, BT_M_TABLE_UTF8);
        bool fits = split(a, line, &here, max);
        if (!fits || here.ncol < min)
            return bt_row_fail(err, &here, BT_M_TABLE_COLUMNS, min, max, here.ncol);
        struct bt_row *row = bt_push(a, &t.row, &t.n, sizeof(*row));
        *row = here;
    }
    *out = t;
    return true;
}
