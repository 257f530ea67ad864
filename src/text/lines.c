/*
 * A rundown, line by line: what each cue says, in order. Knows cues and forms; knows no language.
 */
#include "text/pass.h"

struct maker {
    const struct bt_lang *l;
    const struct bt_casting *casting;
    struct bt_arena *a;
    const struct bt_rundown *r;
    struct bt_lines *out;
};

static void add_doubt(struct maker *m, size_t cue, const char *written, struct bt_doubt d)
{
    size_t n = m->out->ndoubt;
    void *p = m->out->doubt;
    bt_push(m->a, &p, &n, sizeof(*m->out->doubt));
    m->out->doubt = p;
    m->out->doubt[n - 1].cue = cue;
    m->out->doubt[n - 1].written = written;
    m->out->doubt[n - 1].doubt = d;
    m->out->ndoubt = n;
}

static const struct bt_style *style_of(const struct maker *m, const char *voice)
{
    static const struct bt_style house;
    return m->casting ? m->casting->style(m->casting->ctx, voice) : &house;
}

static void add_line(struct maker *m, struct bt_line line)
{
    *(struct bt_line *)bt_push(m->a, &m->out->line, &m->out->n, sizeof(line)) = line;
}

/* A story's sentence, what is quoted in it by the other presenter. */
static void add_parts(struct maker *m, const struct bt_line *whole, const char *other)
{
    struct bt_part *part;
    size_t n = bt_quote_cut(m->a, whole->written, &whole->utt, &part);
    for (size_t i = 0; i < n; i++) {
        struct bt_line line = *whole;
        line.utt = part[i].utt;
        line.voice = part[i].speech ? other : whole->voice;
        add_line(m, line);
    }
}

static void add(struct maker *m, size_t cue, int part, const char *voice, const char *written,
                enum bt_break last)
{
    const struct bt_words *quotes = &m->r->cue[cue].quotes;
    struct bt_reading r;
    if (!written || !written[0])
        return;
    bt_text_read(m->l, style_of(m, voice), m->a, bt_str(written), last, &r);
    if (r.nutt == 0 && part >= 0)
        *(struct bt_silent *)bt_push(m->a, &m->out->silent, &m->out->nsilent,
                                     sizeof(*m->out->silent)) =
            (struct bt_silent){cue, written, m->out->n};
    for (size_t i = 0; i < r.nutt; i++) {
        struct bt_line line = {cue, part, voice, written, r.utt[i]};
        if (part >= 0 && quotes->n > 0)
            add_parts(m, &line, quotes->item[0]);
        else
            add_line(m, line);
    }
    for (size_t i = 0; i < r.ndoubt; i++)
        add_doubt(m, cue, written, r.doubt[i]);
}

static const char *voice_of(const struct bt_cue *c, size_t turn)
{
    return c->voice.n ? c->voice.item[turn % c->voice.n] : NULL;
}

static bool on_air(const struct bt_cue *c)
{
    return c->kind == BT_CUE_STORY && c->state == BT_AIR;
}

static void headlines(struct maker *m, size_t at)
{
    size_t turn = 0;
    for (size_t i = 0; i < m->r->ncue; i++)
        if (on_air(&m->r->cue[i]))
            add(m, at, -1, voice_of(&m->r->cue[at], turn++), m->r->cue[i].title, BT_BREAK_HEADLINE);
}

static void story(struct maker *m, size_t at)
{
    const struct bt_cue *c = &m->r->cue[at];
    const char *voice = voice_of(c, 0);
    bool lead = c->form != BT_FORM_HEADLINE && c->lead && c->lead[0];
    size_t npara = c->form == BT_FORM_FULL ? c->npara : 0;
    bool credit = c->credit && c->credit[0];
    add(m, at, -1, voice, c->title, lead || npara || credit ? BT_BREAK_HEADLINE : BT_BREAK_STORY);
    if (lead)
        add(m, at, 0, voice, c->lead, npara || credit ? BT_BREAK_PARAGRAPH : BT_BREAK_STORY);
    for (size_t i = 0; i < npara; i++)
        add(m, at, (int)i + 1, voice, c->para[i],
            i + 1 < npara || credit ? BT_BREAK_PARAGRAPH : BT_BREAK_STORY);
    if (credit)
        add(m, at, (int)npara + 1, voice, c->credit, BT_BREAK_STORY);
}

void bt_text_lines(const struct bt_lang *l, const struct bt_casting *casting, struct bt_arena *a,
                   const struct bt_rundown *r, struct bt_lines *out)
{
    struct maker m = {l, casting, a, r, out};
    *out = (struct bt_lines){0};
    for (size_t i = 0; i < r->ncue; i++) {
        const struct bt_cue *c = &r->cue[i];
        if (c->kind == BT_CUE_SAY)
            add(&m, i, -2, voice_of(c, 0), c->text, BT_BREAK_STORY);
        else if (c->kind == BT_CUE_HEADLINES)
            headlines(&m, i);
        else if (on_air(c))
            story(&m, i);
    }
}
