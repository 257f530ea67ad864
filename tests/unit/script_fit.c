/* fit: which forms, which rate, which pauses. */
#include "script/script.h"
#include "tap.h"

#include <stdlib.h>

enum { N = 6 };

/* 60 s around six stories of 80, 20 and 6 s; a tenth of it pauses, from -30 % to +50 %. */
static struct bt_fit_time lasting(int64_t ms)
{
    return (struct bt_fit_time){ms * 9 / 10, ms * 7 / 100, ms / 10, ms * 15 / 100};
}

static struct bt_fit_want bulletin(struct bt_fit_story story[N], int64_t least, int64_t most)
{
    static const int64_t priority[N] = {1, 5, 5, 9, 5, 3};
    for (size_t i = 0; i < N; i++)
        story[i] = (struct bt_fit_story){.priority = priority[i],
                                         .in = {lasting(80000), lasting(20000), lasting(6000)}};
    return (struct bt_fit_want){.length = {least, most},
                                .fixed = lasting(60000),
                                .story = story,
                                .n = N,
                                .rate = 1,
                                .over = 2000,
                                .slack = 900};
}

static struct bt_arena *arena;

static bool fit(int64_t least, int64_t most, struct bt_fit *out)
{
    struct bt_fit_story story[N];
    struct bt_fit_want w = bulletin(story, least, most);
    return bt_fit(arena, &w, out);
}

static void is_forms(const struct bt_fit *f, const char *want, const char *what)
{
    char got[N + 1] = "";
    for (int i = 0; i < N; i++)
        got[i] = "fbh-"[f->form[i]];
    is_str(got, want, what);
}

static void test_as_it_comes(void)
{
    struct bt_fit f;
    ok(fit(0, 0, &f), "no length is asked");
    is_forms(&f, "ffffff", "nothing is shortened");
    ok(f.rate == 1 && f.stretch == 0, "nothing is hurried");
    ok(fit(540000, 540000, &f), "what it is anyway");
    is_forms(&f, "ffffff", "nothing is shortened");
    ok(f.rate == 1 && f.stretch == 0, "nothing is hurried");
    ok(fit(500000, 600000, &f) && f.rate == 1 && f.stretch == 0, "within a range");
}

static void test_pauses_and_rate(void)
{
    struct bt_fit f;
    ok(fit(550000, 550000, &f) && f.rate == 1, "a little longer: by pauses");
    near(f.stretch, 10.0 / 27, 0.01, "by as much as is needed");
    ok(fit(527000, 527000, &f) && f.rate == 1, "a little shorter: by pauses");
    near(f.stretch, -13.0 / 16.2, 0.01, "by as much as is needed");
    ok(fit(519000, 519000, &f) && f.rate == 1.02, "shorter: two hundredths faster");
    is_forms(&f, "ffffff", "still whole");
    ok(fit(600000, 600000, &f) && f.rate < 1 && f.rate >= 0.92, "much longer: slower");
    is_int((long long)f.in_form[BT_FORM_FULL], N, "six whole stories");
}

static void test_forms(void)
{
    struct bt_fit f;
    ok(fit(480000, 480000, &f), "a minute shorter");
    is_forms(&f, "fffbff", "the least important story loses its body");
    ok(fit(300000, 300000, &f), "five minutes");
    is_forms(&f, "fbbhbf", "the unimportant go first, the later of equals before the earlier");
    ok(f.rate >= 0.96 && f.rate <= 1.04, "and the pace is hardly touched");
    ok(fit(95000, 95000, &f), "a minute and a half");
    is_forms(&f, "hhhhhh", "headlines only");
    ok(fit(70000, 70000, &f), "still less");
    is_int((long long)f.in_form[BT_FIT_DROP] > 0, 1, "stories are dropped");
    is_int(f.form[0], BT_FORM_HEADLINE, "but not the first in importance");
    is_int(f.form[3], BT_FIT_DROP, "and the last in importance before others");
}

static void test_limits(void)
{
    struct bt_fit f;
    ok(!fit(30000, 30000, &f), "half a minute cannot be had");
    is_int((long long)f.in_form[BT_FIT_DROP], N - 1, "one story always stays");
    is_int(f.below, -1, "nothing shorter is possible");
    ok(f.above > 50000 && f.above < 66000, "the shortest is named");
    int64_t shortest = f.above;
    ok(fit(shortest, shortest, &f), "and can be had");
    ok(!fit(shortest - 1, shortest - 1, &f), "but not a millisecond less");
    ok(!fit(900000, 900000, &f), "a quarter of an hour cannot be had");
    is_forms(&f, "ffffff", "everything is read whole");
    near(f.rate, 0.92, 1e-9, "as slowly as may be");
    is_int(f.above, -1, "nothing longer is possible");
    int64_t longest = f.below;
    ok(fit(longest, longest, &f) && !fit(longest + 1, longest + 1, &f), "the longest is exact");
}

/* Two stories of which one is huge: there is a gap between with and without it. */
static void test_gap(void)
{
    struct bt_fit_story story[2] = {
        {.priority = 1, .in = {lasting(60000), lasting(60000), lasting(60000)}},
        {.priority = 5, .in = {lasting(400000), lasting(20000), lasting(5000)}}};
    struct bt_fit_want w = {.length = {200000, 200000}, .story = story, .n = 2, .rate = 1};
    struct bt_fit f;
    ok(!bt_fit(arena, &w, &f), "no choice meets the middle of the gap");
    ok(f.below > 80000 && f.below < 95000 && f.above > 400000 && f.above < 440000,
       "both edges are named");
    is_int(f.form[1], BT_FORM_BRIEF, "the nearer one is taken");
    story[1].form = BT_FORM_HEADLINE;
    ok(!bt_fit(arena, &w, &f) && f.form[1] == BT_FORM_HEADLINE, "no story is made longer");
    w.length.least = w.length.most = 87000;
    story[1].form = BT_FORM_FULL;
    ok(bt_fit(arena, &w, &f) && f.form[1] == BT_FORM_BRIEF, "what is under the gap can be had");
}

static void test_again(void)
{
    struct bt_fit_story story[N];
    struct bt_fit_want w = bulletin(story, 519000, 519000);
    struct bt_fit f;
    w.rate = 1.02; /* the speech was measured at that rate, and is as long as at 1.0 */
    ok(bt_fit(arena, &w, &f), "measured at another rate");
    near(f.rate, 1.04, 1e-9, "the rate counts from there");
    w = bulletin(story, 526000, 526000);
    w.margin = 5000;
    ok(bt_fit(arena, &w, &f) && f.rate == 1.02, "a margin keeps away from the limits");
    w.margin = 100000;
    ok(bt_fit(arena, &w, &f) || f.above >= 0 || f.below >= 0, "however wide it is");
    w = (struct bt_fit_want){.length = {1000, 1000}, .rate = 1};
    ok(!bt_fit(arena, &w, &f) && f.below == 0, "a bulletin of nothing lasts 0 ms");
}

/* Every length from 1 to 11 minutes: what is said to fit does, by the numbers given. */
static void test_sweep(void)
{
    struct bt_fit_story story[N];
    bool right = true;
    int had = 0;
    for (int64_t ms = 60000; ms <= 660000; ms += 1500) {
        struct bt_fit_want w = bulletin(story, ms, ms);
        struct bt_fit f;
        bool good = bt_fit(arena, &w, &f);
        had += good;
        struct bt_fit_time sum = w.fixed;
        for (int i = 0; i < N; i++) {
            if (f.form[i] == BT_FIT_DROP)
                continue;
            sum.speech += story[i].in[f.form[i]].speech;
            sum.least += story[i].in[f.form[i]].least;
            sum.most += story[i].in[f.form[i]].most;
        }
        double low = (double)sum.speech / f.rate + (double)(sum.least - w.over);
        double high = (double)sum.speech / f.rate + (double)(sum.most + w.slack);
        if (good != (low <= (double)ms && high >= (double)ms))
            right = false;
    }
    ok(right, "an answer is true, and a refusal too");
    ok(had > 250, "most lengths can be had");
}

static void test_steady(void)
{
    struct bt_fit_story story[N];
    bool steady = true;
    int had = 0;
    for (int64_t ms = 60000; ms <= 660000; ms += 5000) {
        struct bt_fit_want w = bulletin(story, ms, ms);
        struct bt_fit f;
        w.slowest = w.fastest = 1;
        if (!bt_fit(arena, &w, &f))
            continue;
        had++;
        steady = steady && f.rate == 1;
    }
    ok(steady && had > 20, "an engine without a rate is asked for none");
}

int main(void)
{
    arena = bt_arena_create();
    test_as_it_comes();
    test_pauses_and_rate();
    test_forms();
    test_limits();
    test_gap();
    test_again();
    test_sweep();
    test_steady();
    bt_arena_destroy(arena);
    return done();
}
