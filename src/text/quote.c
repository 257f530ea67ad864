/*
 * What somebody is quoted with, within a sentence: words between quotation marks that are said by
 * a person, which the name of a thing between such marks is not. Knows marks; knows no words.
 */
#include "text/pass.h"

enum { LEAST = 3 }; /* words before a comma: fewer are a name */

struct quote {           /* where a word stands */
    uint32_t open, body; /* the mark before it and what follows that; body 0: within none */
};

struct sentence {
    const char *written;
    const struct bt_utterance *u;
    struct quote *at; /* of each word */
};

/* +1 opens, -1 closes, 2 does the one or the other. */
static int mark_at(const char *s, uint32_t *len)
{
    static const struct {
        const char *mark;
        int does;
    } marks[] = {{"“", 1}, {"”", -1}, {"«", 1}, {"»", -1}, {"\"", 2}};
    *len = 1;
    for (size_t i = 0; i < BT_LEN(marks); i++)
        if (strncmp(s, marks[i].mark, strlen(marks[i].mark)) == 0) {
            *len = (uint32_t)strlen(marks[i].mark);
            return marks[i].does;
        }
    return 0;
}

static void find_marks(struct sentence *s)
{
    struct quote now = {0};
    uint32_t i = 0, len;
    for (size_t w = 0; w < s->u->nword; w++) {
        for (; i < s->u->word[w].from && s->written[i]; i += len) {
            int mark = mark_at(s->written + i, &len);
            if (mark == 1 || (mark == 2 && now.body == 0))
                now = (struct quote){i, i + len};
            else if (mark != 0)
                now = (struct quote){0};
        }
        s->at[w] = now;
    }
}

/* The bytes of the dash at p; 0: there is none. */
static size_t dash_at(const char *p)
{
    return *p == '-' ? 1 : strncmp(p, "–", 3) == 0 || strncmp(p, "—", 3) == 0 ? 3 : 0;
}

static const char *skip_spaces(const char *p)
{
    while (*p == ' ')
        p++;
    return p;
}

/* What stands before a mark: '-' for any dash, '\0' for the beginning. */
static char before(const struct sentence *s, uint32_t at)
{
    while (at > 0 && s->written[at - 1] == ' ')
        at--;
    if (at >= 3 && dash_at(s->written + at - 3) == 3)
        return '-';
    return at > 0 ? s->written[at - 1] : '\0';
}

/* “Mưa to lắm”, bà Hoa nói: the words end at a comma, a dash, or with an end of their own, and no
 * other quotation follows, as in a list. */
static bool ends_speech(const struct sentence *s, size_t last)
{
    const char *p = s->written + s->u->word[last].to;
    bool ended = *p == ',' || *p == '?' || *p == '!';
    uint32_t len;
    p += strspn(p, ",.?!");
    if (mark_at(p, &len) == 0)
        return false;
    p = skip_spaces(p + len);
    size_t more = *p == ',' ? 1 : dash_at(p);
    return (ended || more > 0) && mark_at(skip_spaces(p + more), &len) == 0;
}

/* Does the mark stand right before the word? */
static bool opens_at(const struct sentence *s, size_t word)
{
    const struct quote *q = &s->at[word];
    return q->body > 0 && skip_spaces(s->written + q->body) == s->written + s->u->word[word].from;
}

/* Are words [first, last] of one pair of marks said by somebody? */
static bool is_speech(const struct sentence *s, size_t first, size_t last, bool begun)
{
    const struct quote *q = &s->at[first];
    bool all = first == 0 && last + 1 == s->u->nword;
    if (q->body == 0)
        return false;
    char mark = before(s, q->open);
    if (all || mark == ':')
        return true;
    if (first > 0)
        return begun && (mark == ',' || mark == '-');
    return !opens_at(s, 0) || (last - first + 1 >= LEAST && ends_speech(s, last));
}

/* Words [first, last] as an utterance of their own. */
static void cut(struct bt_arena *a, const struct sentence *s, size_t first, size_t last,
                struct bt_utterance *out)
{
    const struct bt_utterance *u = s->u;
    bool end = last + 1 == u->nword;
    uint32_t from = u->word[first].at;
    struct bt_str text = {u->text + from,
                          end ? strlen(u->text + from) : u->word[last + 1].at - from};
    text = bt_str_trim(text);
    bool marked = strchr(",.?!;:", text.p[text.n - 1]) != NULL;
    *out = *u;
    out->text = bt_format(a, "%.*s%s", (int)text.n, text.p, marked ? "" : ",");
    out->nword = last - first + 1;
    out->word = bt_alloc(a, out->nword * sizeof(*out->word));
    for (size_t i = 0; i < out->nword; i++) {
        out->word[i] = u->word[first + i];
        out->word[i].at -= from;
    }
    if (opens_at(s, first))
        out->from = s->at[first].open;
    else if (first > 0)
        out->from = out->word[0].from;
    if (!end)
        out->to = u->word[last].to;
    out->after = end ? u->after : BT_BREAK_CLAUSE;
}

size_t bt_quote_cut(struct bt_arena *a, const char *written, const struct bt_utterance *u,
                    struct bt_part **out)
{
    struct sentence s = {written, u, bt_alloc(a, (u->nword + 1) * sizeof(*s.at))};
    size_t n = 0;
    *out = NULL;
    find_marks(&s);
    for (size_t first = 0, last, begin = 0; first < u->nword; first = last + 1) {
        for (last = first; last + 1 < u->nword && s.at[last + 1].body == s.at[first].body;)
            last++;
        bool speech = is_speech(&s, first, last, n > 0 && (*out)[0].speech);
        bool same = n > 0 && (*out)[n - 1].speech == speech && !speech;
        struct bt_part *p = same ? &(*out)[n - 1] : bt_push(a, out, &n, sizeof(*p));
        begin = same ? begin : first;
        p->speech = speech;
        cut(a, &s, begin, last, &p->utt);
    }
    return n;
}
