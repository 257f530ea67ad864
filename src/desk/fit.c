/*
 * The clock: speak, measure, choose what is read and how fast, speak again, at most twice. Knows
 * what was chosen and says so; the choosing is bt_fit's.
 */
#include "desk/run.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 2 };
static const int64_t first_margin_ms = 250; /* what speaking anew at another rate may change */

/* The delivery whose length all keep; NULL when none has one. */
static const struct bt_delivery *timed(const struct bt_run *r)
{
    for (size_t i = 0; i < r->rundown.ndeliver; i++)
        if (r->rundown.deliver[i].length.most > 0)
            return &r->rundown.deliver[i];
    return NULL;
}

static const char *clock_words(struct bt_run *r, int64_t ms)
{
    return bt_format(r->a, "%lld:%02lld", (long long)(ms / 60000), (long long)(ms / 1000 % 60));
}

static bool cannot(struct bt_run *r, const struct bt_delivery *d, const struct bt_fit *f,
                   struct bt_err *err)
{
    const char *least = clock_words(r, d->length.least), *most = clock_words(r, d->length.most);
    if (f->below >= 0 && f->above >= 0)
        return bt_fail(err, BT_EDELIVER, BT_M_FIT_CANNOT, least, clock_words(r, f->below),
                       clock_words(r, f->above));
    if (f->below >= 0)
        return bt_fail(err, BT_EDELIVER, BT_M_FIT_TOO_SHORT, least, clock_words(r, f->below));
    return bt_fail(err, BT_EDELIVER, BT_M_FIT_TOO_LONG, most,
                   f->above >= 0 ? clock_words(r, f->above) : "-");
}

/* True when a form or the rate is other than what was spoken. */
static bool apply(struct bt_run *r, const struct bt_fit *f, const size_t *cue, size_t n)
{
    bool changed = fabs(f->rate - r->rate) > 1e-6;
    for (size_t i = 0; i < n; i++) {
        struct bt_cue *c = &r->rundown.cue[cue[i]];
        if (f->form[i] == BT_FIT_DROP) {
            c->state = BT_DROP;
            c->why = bt_msg(BT_M_FIT_DROPPED);
        } else if (c->form == f->form[i]) {
            continue;
        } else {
            c->form = f->form[i];
        }
        changed = true;
    }
    r->rate = f->rate;
    return changed;
}

static void tell(struct bt_run *r, const struct bt_fit *f)
{
    bt_info(r->ev, "script", NULL, BT_M_FIT_DONE, (long)f->in_form[BT_FORM_FULL],
            (long)f->in_form[BT_FORM_BRIEF], (long)f->in_form[BT_FORM_HEADLINE],
            (long)f->in_form[BT_FIT_DROP], (f->rate - 1) * 100);
}

/* No rate is asked of an engine that has none. */
static void limit_rates(const struct bt_run *r, struct bt_fit_want *want)
{
    want->slowest = 0;
    want->fastest = HUGE_VAL;
    for (size_t i = 0; i < r->lines.n; i++) {
        const struct bt_voice *v = bt_voice_find(&r->voices, r->lines.line[i].voice);
        double slowest = 1, fastest = 1;
        if (!v)
            continue;
        bt_voice_rates(v, &slowest, &fastest);
        want->slowest = fmax(want->slowest, slowest);
        want->fastest = fmin(want->fastest, fastest);
    }
}

bool bt_run_fit(struct bt_run *r, struct bt_err *err)
{
    const struct bt_delivery *d = timed(r);
    if (!d)
        return true;
    for (int round = 0;; round++) {
        struct bt_fit_want want;
        struct bt_fit fit;
        size_t *cue;
        bt_fit_measure(r->a, &r->rundown, &r->lines, r->speech, d, r->rate, &want, &cue);
        limit_rates(r, &want);
        want.margin = round == 0 ? first_margin_ms : 0;
        bool good = bt_fit(r->a, &want, &fit);
        if (!good && round == 0) { /* the last quarter of a second may still be had */
            want.margin = 0;
            good = bt_fit(r->a, &want, &fit);
        }
        if (!good)
            return cannot(r, d, &fit, err);
        if (!apply(r, &fit, cue, want.n)) {
            tell(r, &fit);
            return true;
        }
        if (round == ROUNDS)
            return cannot(r, d, &fit, err);
        if (!bt_run_say(r, err))
            return false;
    }
}
