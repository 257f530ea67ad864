/* The reading of a text with its reasons: tokens, proposals, weights, the rule that won. */
#include "text/pass.h"

void bt_text_explain(const struct bt_lang *l, const struct bt_style *style, struct bt_str written,
                     struct bt_buf *out)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_reading r;
    bt_read_traced(l, style, a, written, BT_BREAK_PARAGRAPH, out, &r);
    for (size_t i = 0; i < r.nutt; i++)
        bt_buf_addf(out, "> %s\n", r.utt[i].text);
    bt_arena_destroy(a);
}
