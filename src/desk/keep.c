/* Old editions go, so that no disk fills. Never the newest, nor the newest that was made of news
 * (tomorrow's last good edition), nor one that is marked. */
#include "desk/alarm.h"
#include "desk/look.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Out of sight first, in one step: nobody sees half an edition. */
static bool remove_edition(struct bt_arena *a, const char *root, const struct bt_look *l)
{
    const char *aside = bt_format(a, "%s/.%s.bt-%ld", root, l->name, (long)getpid());
    if (rename(l->path, aside) != 0)
        return false;
    bt_tree_remove(aside);
    return true;
}

static size_t keep_root(struct bt_arena *a, const struct bt_programme *p, const char *root,
                        int64_t now)
{
    char oldest[16];
    struct bt_looks all;
    int64_t sum = 0;
    size_t gone = 0;
    bool over = false, news = false;
    bt_look_all(a, root, &all);
    bt_date_format(now - p->keep_ms / 1000, (int)p->zone, oldest);
    for (size_t i = 0; i < all.n; i++) { /* the newest first */
        const struct bt_look *l = &all.item[i];
        bool old = p->keep_ms > 0 && strcmp(l->date, oldest) < 0;
        bool first_news = !news && l->tier <= BT_TIER_HEADLINES;
        news = news || first_news;
        over = over || (p->budget > 0 && sum + l->bytes > p->budget);
        if (i > 0 && !first_news && !l->kept && (old || over) && remove_edition(a, root, l))
            gone++;
        else
            sum += l->bytes;
    }
    if (gone)
        bt_editions_list(root, NULL); /* else the next edition does */
    return gone;
}

size_t bt_keep(struct bt_arena *a, const struct bt_programme *p, const char *out, int64_t now)
{
    size_t gone = 0;
    if (p->keep_ms <= 0 && p->budget <= 0)
        return 0;
    struct bt_words roots = bt_look_roots(a, p, out);
    for (size_t i = 0; i < roots.n; i++)
        gone += keep_root(a, p, roots.item[i], now);
    return gone;
}
