/* Editions read back: folders, their proof.json, their size. Knows no sound; makes nothing. */
#include "desk/look.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DATE = 10, PROOF_MAX = 16 << 20 };

/* ---- the proof ------------------------------------------------------------------------------ */

static int among(const char *word, const char *const *names, int n)
{
    int i = 0;
    while (i < n && (!word || strcmp(word, names[i]) != 0))
        i++;
    return i;
}

static double number(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_number(v) ? json_number_value(v) : NAN;
}

static void read_file(struct bt_arena *a, const json_t *o, struct bt_look *l)
{
    struct bt_look_file *f = bt_push(a, &l->file, &l->nfile, sizeof(*f));
    const char *name = json_string_value(json_object_get(o, "file"));
    f->name = bt_strdup(a, name ? name : "");
    f->sha256 = bt_strdup(a, json_string_value(json_object_get(o, "sha256")));
    f->loudness = number(json_object_get(o, "level"), "integrated");
    f->seconds = number(o, "seconds");
}

static void read_proof(struct bt_arena *a, struct bt_look *l)
{
    static const char *const verdicts[] = {"right", "doubtful", "wrong"};
    struct bt_buf b;
    bt_buf_init(&b, PROOF_MAX);
    l->tier = BT_TIERS;
    l->verdict = BT_WRONG;
    if (bt_file_read(bt_path_join(a, l->path, "proof.json"), PROOF_MAX, &b, NULL)) {
        json_t *o = json_loadb(b.p ? b.p : "", b.n, 0, NULL), *file;
        size_t i;
        const char *tier = json_string_value(json_object_get(o, "tier"));
        const char *verdict = json_string_value(json_object_get(o, "verdict"));
        l->tier = (enum bt_tier)among(tier, bt_tier_names, BT_TIERS);
        int v = among(verdict, verdicts, BT_LEN(verdicts));
        l->verdict = v > BT_WRONG ? BT_WRONG : (enum bt_verdict)v;
        json_array_foreach(json_object_get(o, "files"), i, file)
        {
            read_file(a, file, l);
        }
        json_decref(o);
    }
    bt_buf_finish(&b);
}

/* ---- folders -------------------------------------------------------------------------------- */

static bool is_edition(const char *name, struct bt_look *l)
{
    struct bt_civil c;
    snprintf(l->date, sizeof(l->date), "%.10s", name);
    if (strlen(name) < DATE || !bt_date_parse(l->date, &c))
        return false;
    char *end = NULL;
    l->number = !name[DATE] ? 1 : name[DATE] == '.' ? strtol(name + DATE + 1, &end, 10) : 0;
    return l->number > 0 && (!end || !*end);
}

static int newest_first(const void *x, const void *y)
{
    const struct bt_look *a = x, *b = y;
    int day = strcmp(b->date, a->date);
    return day ? day : (b->number > a->number) - (b->number < a->number);
}

void bt_look_all(struct bt_arena *a, const char *root, struct bt_looks *out)
{
    DIR *d = opendir(root);
    *out = (struct bt_looks){0};
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        struct bt_look l = {0};
        if (!is_edition(e->d_name, &l))
            continue;
        l.name = bt_strdup(a, e->d_name);
        l.path = bt_path_join(a, root, l.name);
        l.kept = bt_file_exists(bt_path_join(a, l.path, ".keep"));
        l.bytes = bt_look_bytes(a, l.path);
        read_proof(a, &l);
        struct bt_look *slot = bt_push(a, &out->item, &out->n, sizeof(*slot));
        *slot = l;
    }
    if (d)
        closedir(d);
    if (out->n)
        qsort(out->item, out->n, sizeof(*out->item), newest_first);
}

bool bt_look_date(struct bt_arena *a, const char *root, const char *date, struct bt_look *out)
{
    struct bt_looks all;
    bt_look_all(a, root, &all);
    for (size_t i = 0; i < all.n; i++)
        if (strcmp(all.item[i].date, date) == 0) {
            *out = all.item[i];
            return true;
        }
    return false;
}

struct bt_words bt_look_roots(struct bt_arena *a, const struct bt_programme *p, const char *out)
{
    struct bt_words w = {0};
    for (size_t i = 0; i < p->ndeliver; i++) {
        const char *to = out ? out : bt_path_join(a, p->dir, p->deliver[i].to);
        const char *root = bt_path_join(a, to, p->id);
        size_t k = 0;
        while (k < w.n && strcmp(w.item[k], root) != 0)
            k++;
        if (k == w.n)
            *(const char **)bt_push(a, &w.item, &w.n, sizeof(*w.item)) = root;
    }
    return w;
}

int64_t bt_look_bytes(struct bt_arena *a, const char *path)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return 0;
    if (!S_ISDIR(st.st_mode))
        return st.st_size;
    int64_t sum = 0;
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            sum += bt_look_bytes(a, bt_path_join(a, path, e->d_name));
    if (d)
        closedir(d);
    return sum;
}
