/* mix: what it tells the fit, against the timeline that comes of it. */
#include "mix_bulletin.h"

static struct bt_fit_want times(struct bulletin *b, size_t **cue)
{
    struct bt_fit_want w;
    bt_fit_measure(b->a, &b->r, &b->lines, b->speech, &b->d, 1, &w, cue);
    return w;
}

/* Leave out the lines that a form does not read, as text does. */
static void cut(struct bulletin *b, const size_t *cue, const struct bt_fit *f, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < b->lines.n; i++) {
        int form = BT_FORM_FULL;
        for (size_t k = 0; k < n; k++)
            if (cue[k] == b->line[i].cue)
                form = f->form[k];
        int part = b->line[i].part;
        if (form == BT_FIT_DROP || (form == BT_FORM_BRIEF && part > 0) ||
            (form == BT_FORM_HEADLINE && part >= 0))
            continue;
        b->line[kept] = b->line[i];
        b->speech[kept++] = b->speech[i];
    }
    b->lines.n = kept;
}

static void test_whole(struct bulletin *b)
{
    size_t *cue;
    struct bt_fit_want w = times(b, &cue);
    is_int((long long)w.n, 4, "four stories are read");
    is_int((long long)cue[0], 2, "and where they stand");
    struct bt_fit_time sum = w.fixed;
    for (size_t i = 0; i < w.n; i++) {
        sum.speech += w.story[i].in[0].speech;
        sum.least += w.story[i].in[0].least;
        sum.usual += w.story[i].in[0].usual;
        sum.most += w.story[i].in[0].most;
    }
    struct bt_timeline *t = bulletin_mix(b);
    near((double)(sum.speech + sum.usual), (double)t->frames / 48, 10, "all parts make the whole");
    ok(sum.least < sum.usual && sum.usual < sum.most, "pauses have limits");
    ok(w.over > 2000 && w.slack > 0, "the close gives way");
    bt_timeline_destroy(t);
    is_int(w.story[1].in[BT_FORM_HEADLINE].speech, 1500, "a headline is its title");
    is_int(w.story[1].in[BT_FORM_BRIEF].speech, 11000, "a brief has its lead");
    is_int(w.story[1].in[BT_FORM_FULL].speech, 11300, "the whole has its body");
    ok(w.story[1].in[2].usual > w.story[0].in[2].usual + 1000,
       "the sting counts for all but the first");
}

/* The length that fit promises is the length that the timeline has, to the sample. */
static void test_promise(int64_t length_ms, const char *name)
{
    struct bulletin b;
    size_t *cue;
    struct bt_fit f;
    bulletin_init(&b, 4);
    for (int i = 2; i < 6; i++)
        b.cue[i].priority = i;
    b.d.length = (struct bt_span){length_ms, length_ms};
    struct bt_fit_want w = times(&b, &cue);
    w.margin = 100;
    bool good = bt_fit(b.a, &w, &f);
    for (size_t i = 0; i < b.lines.n; i++)
        b.speech[i].frames = llround((double)b.speech[i].frames / f.rate);
    cut(&b, cue, &f, w.n);
    struct bt_timeline *t = bulletin_mix(&b);
    ok(good && b.warnings == 0 && t->frames == length_ms * 48, name);
    bt_timeline_destroy(t);
    bulletin_finish(&b);
}

static bool reads_back(struct bt_arena *a, const struct bt_rundown *r, const char *rows,
                       struct bt_timing *t, const char *why)
{
    struct bt_err err = {0};
    bool read = bt_timing_parse(a, "t.tsv", bt_str(rows), r, t, &err);
    return read == !why &&
           (!why || (err.code == BT_EFILE && strncmp(err.msg, why, strlen(why)) == 0));
}

static void test_read_back(void)
{
    static const char xml[] =
        "<rundown programme=\"t\" date=\"2025-11-25\" air=\"2025-11-25T08:45:00+07:00\">"
        "<say id=\"a\" voice=\"nu\">Chào.</say>"
        "<story id=\"b\" voice=\"nu\"><title>Tin</title><source>s</source></story>"
        "<deliver to=\"o\" as=\"wav\"/></rundown>";
    struct bt_arena *a = bt_arena_create();
    struct bt_rundown r;
    struct bt_timing t = {0};
    bool good = bt_rundown_parse(a, "r.xml", bt_str(xml), &r, NULL);
    ok(good && reads_back(a, &r, "item\ta\t0\t9\nitem\tb-sting\t9\t1\nstory\tb\t10\t5\n", &t, NULL),
       "a timing table is read back");
    ok(t.n == 3 && t.row[1].cue == 1 && t.row[2].from == 10 && t.row[2].frames == 5,
       "with the cues of its rows");
    ok(reads_back(a, &r, "item\ta\t0\t9\nitem\tc\t9\t1\n", &t, "t.tsv:2: "),
       "but not with a cue that there is not");
    ok(reads_back(a, &r, "story\ta\t0\t9\n", &t, "t.tsv:1: "), "a story that is none");
    ok(reads_back(a, &r, "item\ta\t-1\t9\n", &t, "t.tsv:1: "), "a place before the beginning");
    ok(reads_back(a, &r, "item\ta\t0\t9223372036854775807\n", &t, "t.tsv:1: "),
       "or more frames than there are");
    bt_arena_destroy(a);
}

int main(void)
{
    struct bulletin b;
    bulletin_init(&b, 4);
    test_whole(&b);
    bulletin_finish(&b);
    test_promise(78000, "1:18 by pauses and rate");
    test_promise(60000, "a minute, by shorter stories");
    test_promise(50000, "50 s, by still shorter ones");
    test_promise(85000, "1:25, slower");
    test_read_back();
    return done();
}
