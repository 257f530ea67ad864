/* bantin read: written text to spoken sentences. Knows files and lines; the text room reads. */
#include "desk/desk.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 256 << 20 };
enum mode { SENTENCES, LINES, EXPLAIN, AUDIT };

struct options {
    const char *voices, *pack, *style;
    bool lines, explain, audit;
};
static const struct bt_option table[] = {
    {"lines", BT_FLAG, offsetof(struct options, lines), NULL, BT_M_OPT_LINES},
    {"explain", BT_FLAG, offsetof(struct options, explain), NULL, BT_M_OPT_EXPLAIN},
    {"audit", BT_FLAG, offsetof(struct options, audit), NULL, BT_M_OPT_AUDIT},
    {"style", BT_VALUE, offsetof(struct options, style), "STYLE,…", BT_M_OPT_STYLE},
    {"pack", BT_VALUE, offsetof(struct options, pack), "DIR", BT_M_OPT_PACK},
    {"voices", BT_VALUE, offsetof(struct options, voices), "DIR", BT_M_OPT_VOICES}};

struct job {
    struct bt_arena *a;
    const char *file;
    enum mode mode;
    struct bt_style style;
    struct bt_lang *lang;
};

static bool style_set(struct bt_style *s, struct bt_str name)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {{"ngàn", &s->south_thousand}, {"lẻ", &s->south_and},
                 {"bốn", &s->plain_four},      {"số-thập-phân", &s->decimal_number},
                 {"năm-ngắn", &s->short_year}, {"giữ-đuôi", &s->keep_suffix}};
    for (size_t i = 0; i < BT_LEN(flags); i++)
        if (bt_str_is(name, flags[i].name))
            return *flags[i].flag = true;
    if (bt_str_is(name, "nam")) {
        s->dialect = BT_SOUTH;
        return s->south_thousand = s->south_and = true;
    }
    s->dialect = bt_str_is(name, "trung") ? BT_CENTRAL : BT_NORTH;
    return bt_str_is(name, "trung") || bt_str_is(name, "bắc");
}

static bool style_parse(struct bt_style *s, const char *text, struct bt_err *err)
{
    struct bt_str rest = bt_str(text), name;
    while (bt_str_cut(&rest, ',', &name))
        if (!style_set(s, bt_str_trim(name)))
            return bt_fail(err, BT_EUSAGE, BT_M_READ_STYLE, text);
    return true;
}

/* ---- output --------------------------------------------------------------------------------- */

static void print_reading(const struct bt_reading *r, const char *between)
{
    for (size_t i = 0; i < r->nutt; i++)
        printf("%s%s", i ? between : "", r->utt[i].text);
}

static void read_line(const struct job *j, struct bt_str line)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_reading r;
    bt_text_read(j->lang, &j->style, a, line, BT_BREAK_PARAGRAPH, &r);
    print_reading(&r, j->mode == LINES ? " " : "\n");
    if (r.nutt || j->mode == LINES)
        putchar('\n');
    bt_arena_destroy(a);
}

static void explain_line(const struct job *j, struct bt_str line)
{
    struct bt_buf b;
    bt_buf_init(&b, TEXT_MAX);
    bt_text_explain(j->lang, &j->style, line, &b);
    fwrite(b.p ? b.p : "", 1, b.n, stdout);
    bt_buf_finish(&b);
}

/* ---- audit: the doubts, the most frequent first ---------------------------------------------- */

struct tally {
    struct bt_doubt doubt;
    size_t count;
};
struct audit {
    struct bt_arena *a;
    struct tally *row;
    size_t n;
};

static int by_words(const void *x, const void *y)
{
    const struct tally *a = x, *b = y;
    int words = strcmp(a->doubt.written, b->doubt.written);
    return words ? words : strcmp(a->doubt.rule, b->doubt.rule);
}

static int by_count(const void *x, const void *y)
{
    const struct tally *a = x, *b = y;
    if (a->count != b->count)
        return a->count < b->count ? 1 : -1;
    if (a->doubt.margin != b->doubt.margin)
        return a->doubt.margin < b->doubt.margin ? -1 : 1;
    return by_words(x, y);
}

static void audit_line(const struct job *j, struct audit *t, struct bt_str line)
{
    struct bt_reading r;
    bt_text_read(j->lang, &j->style, t->a, line, BT_BREAK_PARAGRAPH, &r);
    for (size_t i = 0; i < r.ndoubt; i++) {
        struct tally *row = bt_push(t->a, &t->row, &t->n, sizeof(*row));
        *row = (struct tally){r.doubt[i], 1};
    }
}

static void audit_print(struct audit *t)
{
    size_t n = 0;
    if (t->n)
        qsort(t->row, t->n, sizeof(*t->row), by_words);
    for (size_t i = 0; i < t->n; i++) {
        if (n && by_words(&t->row[n - 1], &t->row[i]) == 0)
            t->row[n - 1].count++;
        else
            t->row[n++] = t->row[i];
    }
    if (n)
        qsort(t->row, n, sizeof(*t->row), by_count);
    for (size_t i = 0; i < n; i++)
        printf("%zu\t%s\t%s\t%s\t%.2f\n", t->row[i].count, t->row[i].doubt.written,
               t->row[i].doubt.spoken, t->row[i].doubt.rule, t->row[i].doubt.margin);
}

static void read_text(const struct job *j, struct bt_str text)
{
    struct audit t = {.a = j->mode == AUDIT ? bt_arena_create() : NULL};
    struct bt_str line;
    while (bt_str_line(&text, &line)) {
        if (j->mode == AUDIT)
            audit_line(j, &t, line);
        else if (j->mode == EXPLAIN)
            explain_line(j, line);
        else
            read_line(j, line);
    }
    if (t.a)
        audit_print(&t);
    bt_arena_destroy(t.a);
}

/* ---- a rundown, cue by cue ------------------------------------------------------------------- */

static const struct bt_style *one_style(const void *ctx, const char *voice)
{
    (void)voice;
    return ctx;
}

static bool read_rundown(const struct job *j, struct bt_str xml, struct bt_err *err)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_rundown r;
    struct bt_lines lines;
    bool good = bt_rundown_parse(a, j->file, xml, &r, err);
    if (good) {
        bt_text_lines(j->lang, &(struct bt_casting){one_style, &j->style}, a, &r, &lines);
        for (size_t i = 0; i < lines.n; i++)
            printf("%s\t%d\t%s\t%s\n", r.cue[lines.line[i].cue].id, lines.line[i].part,
                   lines.line[i].voice ? lines.line[i].voice : "", lines.line[i].utt.text);
    }
    bt_arena_destroy(a);
    return good;
}

static bool is_rundown(struct bt_str s)
{
    s = bt_str_trim(s);
    if (s.n > 4096)
        s.n = 4096;
    return bt_str_starts(s, BT_STR("<")) && bt_str_find(s, BT_STR("<rundown")) >= 0;
}

static bool run(struct job *j, const struct options *o, struct bt_err *err)
{
    struct bt_buf b;
    bt_buf_init(&b, TEXT_MAX);
    const char *voices = bt_voices_dir(j->a, o->voices, err);
    bool good = voices && style_parse(&j->style, o->style, err) &&
                bt_lang_load(voices, o->pack, &j->lang, err) &&
                bt_file_read(j->file, TEXT_MAX, &b, err);
    struct bt_str text = bt_buf_str(&b);
    if (good && j->mode == SENTENCES && is_rundown(text))
        good = read_rundown(j, text, err);
    else if (good)
        read_text(j, text);
    bt_buf_finish(&b);
    bt_lang_destroy(j->lang);
    return good;
}

int bt_cmd_read(int argc, char **argv)
{
    struct bt_err err = {.code = BT_OK};
    struct options o = {0};
    struct bt_words rest = {0};
    struct job j = {.a = bt_arena_create()};
    int code = bt_command_open(j.a, table, BT_LEN(table), argc, argv, &o, &rest, 0, 1);
    if (code < 0) {
        j.file = rest.n ? rest.item[0] : "-";
        j.mode = o.lines ? LINES : o.explain ? EXPLAIN : o.audit ? AUDIT : SENTENCES;
        struct bt_teller tell;
        bt_teller_init(&tell, false);
        code = run(&j, &o, &err) ? BT_OK : bt_tell_error(&tell, &err);
        bt_teller_close(&tell);
    }
    bt_arena_destroy(j.a);
    return code;
}
