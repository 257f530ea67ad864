/* What is told of a rendition, from its rundown and its timing table. Knows no file format. */
#include "air/air.h"

#include <string.h>
#include <strings.h>

#include "air/encode.h"

/* One of our texts for a cue without a title; a sting belongs to what stands before it. */
static const char *own_title(const struct bt_rundown *r, size_t cue, bool after_stories)
{
    if (r->cue[cue].kind == BT_CUE_HEADLINES)
        return "Điểm tin";
    return after_stories ? "Lời kết" : "Mở đầu";
}

static bool is_title(const struct bt_rundown *r, const struct bt_timing_row *row)
{
    return row->kind == BT_ROW_STORY || r->cue[row->cue].kind == BT_CUE_HEADLINES;
}

struct marks {
    struct bt_arena *a;
    struct bt_chapter *chapter;
    size_t n;
};

/* A story's may be of white space, or of marks that no file takes. */
static const char *title_of(const struct marks *m, const char *title)
{
    const char *line = bt_one_line(m->a, title ? title : "");
    return *line ? line : bt_format(m->a, "Phần %zu", m->n + 1);
}

/* An address that a browser may follow: anything else would be a script's chance. */
static const char *web_address(const char *url)
{
    bool web = url && (strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "http://", 7) == 0);
    return web ? url : NULL;
}

static void begin(struct marks *m, int64_t from, const char *title, const struct bt_cue *cue)
{
    if (m->n > 0 && strcmp(m->chapter[m->n - 1].title, title) == 0 && !cue)
        return;
    struct bt_chapter *c = bt_push(m->a, &m->chapter, &m->n, sizeof(*c));
    *c = (struct bt_chapter){.from = m->n > 1 ? from : 0,
                             .title = title,
                             .id = cue ? cue->id : NULL,
                             .url = web_address(cue ? cue->url : NULL)};
}

static size_t last_story(const struct bt_rundown *r)
{
    size_t last = 0;
    for (size_t i = 0; i < r->ncue; i++)
        if (r->cue[i].kind == BT_CUE_STORY && r->cue[i].state == BT_AIR)
            last = i;
    return last;
}

static void chapters(struct marks *m, const struct bt_rundown *r, const struct bt_timing *t)
{
    size_t last = last_story(r);
    for (size_t i = 0; i < t->n; i++) {
        const struct bt_timing_row *row = &t->row[i];
        const struct bt_cue *cue = &r->cue[row->cue];
        if (row->kind > BT_ROW_STORY || (cue->kind == BT_CUE_STORY && row->kind == BT_ROW_ITEM))
            continue;
        if (row->kind == BT_ROW_STORY)
            begin(m, row->from, title_of(m, cue->title), cue);
        else if (is_title(r, row) || m->n == 0 || row->cue > last)
            begin(m, row->from, own_title(r, row->cue, row->cue > last && last > 0),
                  is_title(r, row) ? cue : NULL);
    }
    for (size_t i = 0; i < m->n; i++)
        m->chapter[i].frames =
            (i + 1 < m->n ? m->chapter[i + 1].from : t->frames) - m->chapter[i].from;
}

static int64_t first_speech(const struct bt_timing *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->row[i].kind == BT_ROW_SENTENCE)
            return t->row[i].from;
    return -1;
}

void bt_tags_make(struct bt_arena *a, const struct bt_rundown *r, const struct bt_timing *t,
                  const struct bt_level *level, const char *url, struct bt_tags *out)
{
    struct marks m = {.a = a};
    struct bt_civil day = {0};
    chapters(&m, r, t);
    bool good = r->date && bt_date_parse(r->date, &day);
    *out = (struct bt_tags){
        .title = good ? bt_format(a, "%s, %02d/%02d/%d", r->title, day.day, day.mon, day.year)
                      : r->title,
        .artist = r->station,
        .album = r->title,
        .date = r->date,
        .comment = "Giọng đọc tổng hợp",
        .programme = r->programme,
        .url = url,
        .air = r->air,
        .speech = first_speech(t),
        .level = level,
        .chapter = m.chapter,
        .nchapter = m.n,
    };
}
