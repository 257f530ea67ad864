/* What has aired, and where: an SQLite file that several runs may hold at once. Knows editions and
 * stories; knows no sound. */
#include "news/parts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct bt_archive {
    sqlite3 *db;
    struct bt_arena *a; /* the recent prints, for one date */
    const char *loaded; /* that date, or NULL */
    struct aired {
        const char *where, *programme, *date;
        struct bt_print print;
    } * recent;
    size_t n;
};

static const char schema[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    "CREATE TABLE IF NOT EXISTS aired("
    " programme TEXT NOT NULL, date TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,"
    " published INTEGER, print BLOB, PRIMARY KEY(programme, date, id)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS aired_id ON aired(id);"
    "CREATE INDEX IF NOT EXISTS aired_date ON aired(date);";

static bool failed(struct bt_archive *h, struct bt_err *err)
{
    return bt_fail(err, BT_EINNER, BT_M_ARCHIVE_FAILED, h->db ? sqlite3_errmsg(h->db) : "sqlite");
}

bool bt_archive_open(const char *folder, struct bt_archive **out, struct bt_err *err)
{
    enum { BUSY_MS = 10000 };
    struct bt_archive *h = bt_xcalloc(1, sizeof(*h));
    h->a = bt_arena_create();
    const char *path = bt_path_join(h->a, folder, "archive.sqlite");
    bool ok = bt_dir_make(folder, err);
    if (ok && (sqlite3_open(path, &h->db) != SQLITE_OK ||
               sqlite3_busy_timeout(h->db, BUSY_MS) != SQLITE_OK ||
               sqlite3_exec(h->db, schema, NULL, NULL, NULL) != SQLITE_OK)) {
        failed(h, err);
        ok = bt_err_prefix(err, "%s", path);
    }
    if (ok)
        *out = h;
    else
        bt_archive_close(h);
    return ok;
}

void bt_archive_close(struct bt_archive *h)
{
    if (!h)
        return;
    sqlite3_close(h->db);
    bt_arena_destroy(h->a);
    free(h);
}

/* ---- prints as bytes ---- */

static void put_set(struct bt_buf *b, const struct bt_set *s)
{
    uint32_t n = (uint32_t)s->n;
    bt_buf_add(b, &n, sizeof(n));
    bt_buf_add(b, s->item, s->n * sizeof(*s->item));
}

static bool take_set(struct bt_arena *a, struct bt_str *in, struct bt_set *s)
{
    uint32_t n;
    if (in->n < sizeof(n))
        return false;
    memcpy(&n, in->p, sizeof(n));
    size_t bytes = (size_t)n * sizeof(*s->item);
    if (in->n - sizeof(n) < bytes)
        return false;
    *s = (struct bt_set){bt_alloc(a, bytes + 1), n};
    memcpy(s->item, in->p + sizeof(n), bytes);
    in->p += sizeof(n) + bytes;
    in->n -= sizeof(n) + bytes;
    return true;
}

/* ---- asking ---- */

/* Prints of the days before `date`: enough to know a story that goes on being sent. */
static void load_recent(struct bt_archive *h, const char *date)
{
    static const char sql[] =
        "SELECT programme, date, published, print FROM aired "
        "WHERE date >= date(?1, '-4 days') AND date <= ?1 ORDER BY date DESC, programme";
    sqlite3_stmt *s = NULL;
    if (h->loaded && strcmp(h->loaded, date) == 0)
        return;
    h->loaded = bt_strdup(h->a, date);
    h->n = 0;
    if (sqlite3_prepare_v2(h->db, sql, -1, &s, NULL) != SQLITE_OK)
        return;
    sqlite3_bind_text(s, 1, date, -1, SQLITE_STATIC);
    while (sqlite3_step(s) == SQLITE_ROW) {
        struct aired one = {0};
        struct bt_str in = {sqlite3_column_blob(s, 3), (size_t)sqlite3_column_bytes(s, 3)};
        one.programme = bt_strdup(h->a, (const char *)sqlite3_column_text(s, 0));
        one.date = bt_strdup(h->a, (const char *)sqlite3_column_text(s, 1));
        one.where = bt_format(h->a, "%s %s", one.date, one.programme);
        one.print.published = sqlite3_column_int64(s, 2);
        if (take_set(h->a, &in, &one.print.title) && take_set(h->a, &in, &one.print.pairs) &&
            take_set(h->a, &in, &one.print.text))
            *(struct aired *)bt_push(h->a, &h->recent, &h->n, sizeof(one)) = one;
    }
    sqlite3_finalize(s);
}

static const char *by_id(struct bt_archive *h, struct bt_arena *a, const struct bt_edition_name *e,
                         const char *id)
{
    static const char sql[] = "SELECT date || ' ' || programme FROM aired WHERE id = ?1 AND "
                              "NOT (programme = ?2 AND date = ?3) AND date <= ?3 "
                              "ORDER BY date DESC, programme LIMIT 1";
    sqlite3_stmt *s = NULL;
    const char *where = NULL;
    if (sqlite3_prepare_v2(h->db, sql, -1, &s, NULL) != SQLITE_OK)
        return NULL;
    sqlite3_bind_text(s, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, e->programme, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 3, e->date, -1, SQLITE_STATIC);
    if (sqlite3_step(s) == SQLITE_ROW)
        where = bt_strdup(a, (const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    return where;
}

static bool is_correction(struct bt_arena *a, const struct bt_article *t)
{
    return strstr(bt_fold(a, bt_str(t->title)), "dinh chinh") ||
           strncmp(bt_fold(a, bt_str(t->lead)), "dinh chinh", 10) == 0;
}

const char *bt_archive_aired(struct bt_archive *h, struct bt_arena *a,
                             const struct bt_edition_name *e, const struct bt_article *t)
{
    if (is_correction(a, t))
        return NULL;
    const char *where = by_id(h, a, e, t->id);
    if (where)
        return where;
    load_recent(h, e->date);
    struct bt_print print = bt_print_of(a, t);
    for (size_t i = 0; i < h->n; i++) {
        bool own = strcmp(h->recent[i].programme, e->programme) == 0 &&
                   strcmp(h->recent[i].date, e->date) == 0;
        if (!own && bt_same_story(&print, &h->recent[i].print))
            return bt_strdup(a, h->recent[i].where);
    }
    return NULL;
}

/* ---- recording ---- */

static bool put(struct bt_archive *h, sqlite3_stmt *s, struct bt_arena *a,
                const struct bt_edition_name *e, const struct bt_article *t)
{
    struct bt_print print = bt_print_of(a, t);
    struct bt_buf b;
    bt_buf_init(&b, 1 << 16);
    put_set(&b, &print.title);
    put_set(&b, &print.pairs);
    put_set(&b, &print.text);
    sqlite3_reset(s);
    sqlite3_bind_text(s, 1, e->programme, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, e->date, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 3, t->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 4, t->title, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 5, t->published);
    sqlite3_bind_blob(s, 6, b.p, (int)b.n, SQLITE_TRANSIENT);
    bt_buf_finish(&b);
    (void)h;
    return sqlite3_step(s) == SQLITE_DONE;
}

static bool forget(struct bt_archive *h, const struct bt_edition_name *e)
{
    sqlite3_stmt *s = NULL;
    bool ok = sqlite3_prepare_v2(h->db, "DELETE FROM aired WHERE programme = ?1 AND date = ?2", -1,
                                 &s, NULL) == SQLITE_OK;
    if (ok) {
        sqlite3_bind_text(s, 1, e->programme, -1, SQLITE_STATIC);
        sqlite3_bind_text(s, 2, e->date, -1, SQLITE_STATIC);
        ok = sqlite3_step(s) == SQLITE_DONE;
    }
    sqlite3_finalize(s);
    return ok;
}

bool bt_archive_record(struct bt_archive *h, const struct bt_edition_name *e,
                       const struct bt_articles *list, struct bt_err *err)
{
    sqlite3_stmt *s = NULL;
    struct bt_arena *a = bt_arena_create();
    h->loaded = NULL;
    bool ok = sqlite3_exec(h->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
              forget(h, e) &&
              sqlite3_prepare_v2(h->db, "INSERT OR REPLACE INTO aired VALUES(?1,?2,?3,?4,?5,?6)",
                                 -1, &s, NULL) == SQLITE_OK;
    for (size_t i = 0; ok && i < list->n; i++)
        if (list->item[i].state == BT_AIR)
            ok = put(h, s, a, e, &list->item[i]);
    sqlite3_finalize(s);
    if (!ok)
        failed(h, err);
    ok = sqlite3_exec(h->db, ok ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK && ok;
    bt_arena_destroy(a);
    return ok || (err && err->msg[0]) ? ok : failed(h, err);
}
