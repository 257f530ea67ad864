/* The one event, handed to whoever listens. */
#include "base/base.h"

static void send(const struct bt_events *to, const struct bt_event *ev)
{
    if (to && to->write)
        to->write(to->ctx, ev);
}

void bt_progress(const struct bt_events *to, const char *stage, const char *item, long done,
                 long of)
{
    send(to, &(struct bt_event){BT_INFO, stage, item, done, of, NULL});
}

static void say(const struct bt_events *to, enum bt_severity level, const char *stage,
                const char *item, enum bt_msg id, va_list ap)
{
    char words[512];
    bt_vmsg(words, sizeof(words), id, ap);
    send(to, &(struct bt_event){level, stage, item, 0, 0, words});
}

void bt_warn(const struct bt_events *to, const char *stage, const char *item, enum bt_msg id, ...)
{
    va_list ap;
    va_start(ap, id);
    say(to, BT_WARN, stage, item, id, ap);
    va_end(ap);
}

void bt_info(const struct bt_events *to, const char *stage, const char *item, enum bt_msg id, ...)
{
    va_list ap;
    va_start(ap, id);
    say(to, BT_INFO, stage, item, id, ap);
    va_end(ap);
}

void bt_warn_err(const struct bt_events *to, const char *stage, const char *item,
                 const struct bt_err *err)
{
    send(to, &(struct bt_event){BT_WARN, stage, item, 0, 0, err->msg});
}
