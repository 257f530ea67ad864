/* news: every article found, with decision and reason. */
#include "desk/desk.h"

#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VIETNAM = 7 * 3600 };

struct options {
    const char *date, *page, *url, *save, *voices, *state, *cache;
    struct bt_words source;
    bool json, profile_check, offline;
};

static const struct bt_option options[] = {
    {"source", BT_LIST, offsetof(struct options, source), "S", BT_M_OPT_SOURCE},
    {"date", BT_VALUE, offsetof(struct options, date), "D", BT_M_OPT_DATE},
    {"json", BT_FLAG, offsetof(struct options, json), NULL, BT_M_NEWS_OPT_JSON},
    {"page", BT_VALUE, offsetof(struct options, page), "FILE", BT_M_NEWS_OPT_PAGE},
    {"url", BT_VALUE, offsetof(struct options, url), "U", BT_M_NEWS_OPT_URL},
    {"save", BT_VALUE, offsetof(struct options, save), "DIR", BT_M_NEWS_OPT_SAVE},
    {"offline", BT_FLAG, offsetof(struct options, offline), NULL, BT_M_OPT_OFFLINE},
    {"profile-check", BT_FLAG, offsetof(struct options, profile_check), NULL,
     BT_M_NEWS_OPT_PROFILE_CHECK},
    {"voices", BT_VALUE, offsetof(struct options, voices), "DIR", BT_M_OPT_VOICES},
    {"state", BT_VALUE, offsetof(struct options, state), "DIR", BT_M_OPT_STATE},
    {"cache", BT_VALUE, offsetof(struct options, cache), "DIR", BT_M_OPT_CACHE},
};

struct news {
    struct bt_arena *a;
    struct options o;
    struct bt_words argument;
    struct bt_teller teller;
    struct bt_programme programme;
    struct bt_wire wire;
    bool has_programme;
    bool decided; /* a programme was given, so that there are decisions */
    int zone;
    struct bt_articles list;
};

/* ---- in ------------------------------------------------------------------------------------- */

/* The root element tells a programme from a source. */
static bool is_programme(const char *path)
{
    struct bt_buf b;
    enum { MOST = 1 << 20 };
    if (!bt_str_ends(bt_str(path), BT_STR(".xml")) || !bt_file_exists(path))
        return false;
    bt_buf_init(&b, MOST);
    bool yes = bt_file_read(path, MOST, &b, NULL) &&
               bt_str_find(bt_buf_str(&b), BT_STR("<programme")) >= 0;
    bt_buf_finish(&b);
    return yes;
}

static size_t read_named(struct news *n, const struct bt_words *names)
{
    size_t readable = 0;
    for (size_t i = 0; i < names->n; i++) {
        char shown[BT_URL_PUBLIC];
        struct bt_source_spec s = {.href = names->item[i],
                                   .name = bt_strdup(n->a, bt_url_public(names->item[i], shown)),
                                   .zone = n->zone};
        readable += bt_wire_read(&n->wire, &s, &n->list);
    }
    return readable;
}

static bool edition_day(const struct news *n, struct bt_civil *day, struct bt_err *err)
{
    if (n->o.date)
        return bt_date_parse(n->o.date, day) || bt_fail(err, BT_EUSAGE, BT_M_DATE_WRONG, n->o.date);
    *day = bt_utc_civil(bt_now(), n->zone);
    return true;
}

static bool read_programme(struct news *n, const char *path, struct bt_err *err)
{
    struct bt_civil day;
    size_t readable = 0;
    if (!bt_programme_load(n->a, path, &n->programme, err))
        return false;
    n->zone = (int)n->programme.zone;
    n->decided = true;
    if (!edition_day(n, &day, err))
        return false;
    struct bt_pick pick = bt_programme_pick(&n->programme, &day);
    n->wire.since = pick.from - BT_FILL_DAYS * 86400;
    n->wire.edition = (struct bt_edition_name){
        n->programme.id, bt_format(n->a, "%04d-%02d-%02d", day.year, day.mon, day.day)};
    if (n->o.source.n)
        readable = read_named(n, &n->o.source);
    else
        for (size_t i = 0; i < n->programme.nsource; i++)
            readable += bt_wire_read(&n->wire, &n->programme.source[i], &n->list);
    if (!readable)
        return bt_fail(err, BT_ENOTHING, BT_M_NO_SOURCE);
    bt_wire_pick(&n->wire, &n->list, pick);
    return true;
}

static bool read_all(struct news *n, struct bt_err *err)
{
    if (!n->argument.n && !n->o.source.n)
        return bt_fail(err, BT_EUSAGE, BT_M_NEWS_NO_ARGUMENT);
    if (n->has_programme)
        return read_programme(n, n->argument.item[0], err);
    size_t readable = read_named(n, &n->argument) + read_named(n, &n->o.source);
    return readable > 0 || bt_fail(err, BT_ENOTHING, BT_M_NO_SOURCE);
}

/* ---- out ------------------------------------------------------------------------------------ */

static const char *time_words(const struct news *n, int64_t t, char out[32])
{
    if (t == BT_NO_TIME)
        return strcpy(out, "");
    return bt_iso_format(t, n->zone, out);
}

static json_t *maybe(const char *s)
{
    return s ? json_string(s) : json_null();
}

static json_t *article_json(const struct news *n, const struct bt_article *t)
{
    char iso[32];
    json_t *j = json_object(), *body = json_array();
    for (size_t i = 0; i < t->npara; i++)
        json_array_append_new(body, json_string(t->para[i]));
    json_object_set_new(j, "id", json_string(t->id));
    json_object_set_new(j, "title", json_string(t->title));
    json_object_set_new(j, "published",
                        t->published == BT_NO_TIME ? json_null()
                                                   : json_string(time_words(n, t->published, iso)));
    json_object_set_new(j, "author", maybe(t->author));
    json_object_set_new(j, "lead", json_string(t->lead));
    json_object_set_new(j, "body", body);
    json_object_set_new(j, "source", maybe(t->source));
    json_object_set_new(j, "credit", maybe(t->credit));
    json_object_set_new(j, "url", maybe(t->url));
    json_object_set_new(j, "origin", maybe(t->origin));
    json_object_set_new(j, "whole", json_boolean(t->whole));
    json_object_set_new(j, "decision",
                        n->decided ? json_string(bt_state_names[t->state]) : json_null());
    json_object_set_new(j, "why", n->decided ? maybe(t->why) : json_null());
    return j;
}

static json_t *list_json(const struct news *n)
{
    json_t *all = json_array();
    for (size_t i = 0; i < n->list.n; i++)
        json_array_append_new(all, article_json(n, &n->list.item[i]));
    return all;
}

/* The evidence: every article with its decision; what was fetched lies beside it, in http/. */
static bool save(const struct news *n, struct bt_err *err)
{
    if (!bt_dir_make(n->o.save, err))
        return false;
    json_t *all = list_json(n);
    char *text = json_dumps(all, JSON_INDENT(1));
    bool ok =
        bt_file_write(bt_path_join(n->a, n->o.save, "articles.json"), text, strlen(text), err);
    free(text);
    json_decref(all);
    return ok;
}

static void print_json(const struct news *n)
{
    json_t *all = list_json(n);
    json_dumpf(all, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(all);
}

/* One line an article, for cut and awk: paragraphs are parted by " ¶ ". No field holds a tab. */
static void print_tsv(const struct news *n)
{
    puts("decision\twhy\tpublished\ttitle\tauthor\tsource\tlead\tbody\turl\tid");
    for (size_t i = 0; i < n->list.n; i++) {
        const struct bt_article *t = &n->list.item[i];
        char iso[32];
        printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t", n->decided ? bt_state_names[t->state] : "",
               n->decided && t->why ? t->why : "", time_words(n, t->published, iso), t->title,
               t->author ? t->author : "", t->source ? t->source : "", t->lead);
        for (size_t p = 0; p < t->npara; p++)
            printf("%s%s", p ? " ¶ " : "", t->para[p]);
        printf("\t%s\t%s\n", t->url ? t->url : "", t->id);
    }
}

/* At most `width` code points of s, padded. */
static void print_cell(const char *s, int width)
{
    size_t n = strlen(s), i = 0, k;
    int shown = 0;
    while (i < n && shown < width) {
        bt_utf8_get(s + i, n - i, &k);
        i += k;
        shown++;
    }
    printf("%.*s%*s", (int)i, s, width - shown, "");
}

static void print_table(const struct news *n)
{
    enum { TITLE = 60 };
    size_t air = 0;
    for (size_t i = 0; i < n->list.n; i++) {
        const struct bt_article *t = &n->list.item[i];
        char iso[32];
        if (n->decided)
            printf("%-5s", bt_state_names[t->state]);
        print_cell(time_words(n, t->published, iso), 16);
        fputs("  ", stdout);
        print_cell(t->title, TITLE);
        printf("  %s\n", n->decided && t->why ? t->why : t->author ? t->author : "");
        air += t->state == BT_AIR;
    }
    if (n->decided)
        printf(bt_msg(BT_M_NEWS_COUNT_AIR), (long)n->list.n, (long)air);
    else
        printf(bt_msg(BT_M_NEWS_COUNT), (long)n->list.n);
    putchar('\n');
}

/* ---- one page ------------------------------------------------------------------------------- */

static json_t *strings(const char **s, size_t n)
{
    json_t *j = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(j, json_string(s[i]));
    return j;
}

static void print_page_json(const struct news *n, const struct bt_page *p)
{
    char iso[32];
    json_t *dropped = json_array();
    for (size_t i = 0; i < p->ndropped; i++)
        json_array_append_new(
            dropped, json_pack("{ss ss}", "text", p->dropped[i].text, "why", p->dropped[i].why));
    json_t *j = json_pack(
        "{ss ss so so so* so sf so so so}", "title", p->title, "sapo", p->lead, "body",
        strings(p->para, p->npara), "authors", strings(p->author, p->nauthor), "published",
        p->published == BT_NO_TIME ? json_null() : json_string(time_words(n, p->published, iso)),
        "source", maybe(p->source), "confidence", p->confidence, "refused", maybe(p->refused),
        "profile", maybe(p->profile), "dropped", dropped);
    json_dumpf(j, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(3));
    putchar('\n');
    json_decref(j);
}

static void print_page(const struct news *n, const struct bt_page *p)
{
    char iso[32], confidence[BT_NUMBER];
    printf("%s\n%s", p->title, time_words(n, p->published, iso));
    for (size_t i = 0; i < p->nauthor; i++)
        printf(" · %s", p->author[i]);
    printf(" · %s%s%s\n\n%s\n", bt_number(p->confidence, 2, confidence), p->refused ? " · " : "",
           p->refused ? p->refused : "", p->lead);
    for (size_t i = 0; i < p->npara; i++)
        printf("\n%s\n", p->para[i]);
    for (size_t i = 0; i < p->ndropped; i++)
        printf("\n# %s: %s", p->dropped[i].why, p->dropped[i].text);
    putchar('\n');
}

static bool show_page(struct news *n, struct bt_err *err)
{
    enum { MOST = 16 << 20 };
    struct bt_buf b;
    struct bt_page page;
    bt_buf_init(&b, MOST);
    bool ok = bt_file_read(n->o.page, MOST, &b, err) &&
              bt_page_read_confined(n->a, bt_buf_str(&b), n->o.url, n->zone, n->wire.profiles,
                                    &page, err);
    bt_buf_finish(&b);
    if (ok)
        (n->o.json ? print_page_json : print_page)(n, &page);
    return ok;
}

static bool check_page(struct news *n, const char *path, struct bt_err *err)
{
    enum { MOST = 16 << 20 };
    struct bt_buf b;
    struct bt_rule_use *use = NULL;
    size_t count = 0;
    bt_buf_init(&b, MOST);
    bool ok = bt_file_read(path, MOST, &b, err) &&
              bt_profile_check(n->a, bt_buf_str(&b), n->o.url, n->wire.profiles, &use, &count, err);
    bt_buf_finish(&b);
    for (size_t i = 0; ok && i < count; i++)
        printf("%s\t%s\t%s\t%zu\t%s\n", path, use[i].profile, use[i].field, use[i].hits,
               use[i].value);
    return ok;
}

static bool check_profiles(struct news *n, struct bt_err *err)
{
    puts("page\tprofile\tfield\thits\trule");
    for (size_t i = 0; i < n->argument.n; i++)
        if (!check_page(n, n->argument.item[i], err))
            return false;
    return true;
}

static bool show_list(struct news *n, struct bt_err *err)
{
    if (!read_all(n, err) || (n->o.save && !save(n, err)))
        return false;
    (n->o.json ? print_json : isatty(STDOUT_FILENO) ? print_table : print_tsv)(n);
    if (!n->list.n)
        fprintf(stderr, "bantin: %s\n", bt_msg(BT_M_NEWS_NONE));
    return true;
}

/* Nothing is asked that nobody would look at. */
static bool all_used(const struct news *n, struct bt_err *err)
{
    static const char *const of_page[] = {"url", NULL}, *const of_programme[] = {"date", NULL};
    if (!n->o.page && !n->o.profile_check &&
        !bt_options_only(options, BT_LEN(options), &n->o, of_page, "--page", err))
        return false;
    return n->has_programme ||
           bt_options_only(options, BT_LEN(options), &n->o, of_programme, "PROGRAMME", err);
}

static bool show(struct news *n, struct bt_err *err)
{
    if (n->argument.n == 1) /* by its name, as the other commands take it */
        n->argument.item[0] = bt_programme_path(n->a, n->o.voices, n->argument.item[0]);
    n->has_programme = n->argument.n == 1 && is_programme(n->argument.item[0]);
    struct bt_wire_options o = {
        n->o.voices,      n->o.cache ? n->o.cache : n->o.save, n->o.state, n->o.offline,
        n->has_programme, !n->o.page && !n->o.profile_check,   0};
    if (!all_used(n, err) || !bt_wire_open(n->a, &o, &n->teller.events, &n->wire, err))
        return false;
    if (n->o.profile_check)
        return check_profiles(n, err);
    return n->o.page ? show_page(n, err) : show_list(n, err);
}

int bt_cmd_news(int argc, char **argv)
{
    struct news n = {.a = bt_arena_create(), .zone = VIETNAM};
    struct bt_err err = {0};
    int code =
        bt_command_open(n.a, options, BT_LEN(options), argc, argv, &n.o, &n.argument, 0, SIZE_MAX);
    if (code < 0) {
        bt_teller_init(&n.teller, false); /* stdout is the answer's */
        bool ok = show(&n, &err);
        bt_wire_close(&n.wire);
        bt_teller_close(&n.teller);
        code = ok ? BT_OK : bt_tell_error(&n.teller, &err);
    }
    bt_arena_destroy(n.a);
    return fflush(stdout) == 0 ? code : BT_EINNER;
}
