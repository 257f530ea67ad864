/* Any bytes as a date that a site writes: none, or a time that can be told again. */
#include "articles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    enum { NOW = 1764000000 };
    const struct bt_when_rule rules[] = {
        {.zone = 7 * 3600, .now = NOW},
        {.zone = 7 * 3600, .now = BT_NO_TIME, .force_zone = true, .told = true},
        {.month_first = true, .told = true, .now = NOW},
    };
    struct bt_str s = {(const char *)data, n};
    bt_when_order(s);
    for (size_t i = 0; i < BT_LEN(rules); i++) {
        struct bt_when_found found;
        char text[32];
        int64_t back;
        if (bt_when_parse(s, &rules[i], &found) == BT_WHEN_OK &&
            (!bt_iso_parse(bt_iso_format(found.utc, 0, text), 0, &back) || back != found.utc))
            abort();
    }
    return 0;
}
