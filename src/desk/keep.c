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

static void keep_root(struct bt_arena *a, const struct bt_programme *p, const char *root,
                      int64_t now, struct bt_words *gone)
{
    char oldest[16];
    struct bt_looks all;
    int64_t sum = 0;
    size_t before = gone->n;
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
            *(const char **)bt_push(a, &gone->item, &gone->n, sizeof(*gone->item)) = l->date;
        else
            sum += l->bytes;
    }
    if (gone->n > before)
        bt_editions_list(root, NULL); /* else the next edition does */
}

/* When no other edition of that day is left, in any folder. */
static void unpin(struct bt_arena *a, const struct bt_programme *p, const struct bt_words *roots,
                  const char *store, const char *date)
{
    struct bt_look l;
    for (size_t i = 0; i < roots->n; i++)
        if (bt_look_date(a, roots->item[i], date, &l))
            return;
    bt_store_unpin(store, bt_format(a, "%s %s", p->id, date));
}

size_t bt_keep(struct bt_arena *a, const struct bt_programme *p, const char *out, const char *store,
               int64_t now)
{
    struct bt_words gone = {0};
    if (p->keep_ms <= 0 && p->budget <= 0)
        return 0;
    struct bt_words roots = bt_look_roots(a, p, out);
    for (size_t i = 0; i < roots.n; i++)
        keep_root(a, p, roots.item[i], now, &gone);
    for (size_t i = 0; i < gone.n; i++)
        unpin(a, p, &roots, store, gone.item[i]);
    return gone.n;
}
