/* The as-run log: what aired and when, then what did not and why. Knows JSON; knows no sound. */
#include "air/air.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static const char *const kinds[] = {
    [BT_CUE_JINGLE] = "jingle",       [BT_CUE_CLIP] = "clip",   [BT_CUE_SAY] = "say",
    [BT_CUE_HEADLINES] = "headlines", [BT_CUE_STORY] = "story",
};

static void put_text(json_t *o, const char *key, const char *value)
{
    if (value && *value)
        json_object_set_new(o, key, json_string(value));
}

static void put_line(json_t *o, struct bt_buf *out)
{
    char *s = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(12));
    if (s)
        bt_buf_addf(out, "%s\n", s);
    free(s);
    json_decref(o);
}

static void put_row(const struct bt_timing_row *row, const struct bt_lines *lines,
                    const char *rendition, struct bt_buf *out)
{
    const char *written = row->line < 0 ? NULL : lines->line[row->line].written;
    json_t *o = json_pack("{ss ss sI sI sf ss? ss?}", "row", bt_row_names[row->kind], "id", row->id,
                          "from", (json_int_t)row->from, "frames", (json_int_t)row->frames, "gain",
                          isfinite(row->gain) ? round(row->gain * 100) / 100 : 0, "source",
                          row->source, "voice", row->voice);
    json_object_set_new(
        o, "text",
        written ? json_stringn(written + row->text_from, (size_t)(row->text_to - row->text_from))
                : json_null());
    if (row->reckoned)
        json_object_set_new(o, "exact", json_false());
    put_text(o, "rendition", rendition);
    put_line(o, out);
}

void bt_timing_jsonl(const struct bt_timing *t, const struct bt_lines *lines, const char *rendition,
                     struct bt_buf *out)
{
    for (size_t i = 0; i < t->n; i++)
        put_row(&t->row[i], lines, rendition, out);
}

static json_t *cue_object(const struct bt_rundown *r, const struct bt_cue *c, const char *kind)
{
    json_t *o = json_object();
    put_text(o, "programme", r->programme);
    put_text(o, "date", r->date);
    put_text(o, "id", c->id);
    put_text(o, "kind", kind);
    put_text(o, "title", c->title);
    if (c->kind == BT_CUE_STORY)
        put_text(o, "form", bt_form_names[c->form]);
    put_text(o, "src", c->src);
    put_text(o, "url", c->url);
    put_text(o, "source", c->source);
    put_text(o, "credit", c->credit);
    return o;
}

static bool is_whole(const struct bt_timing_row *row)
{
    return row->kind == BT_ROW_ITEM || row->kind == BT_ROW_STORY;
}

static void aired(const struct bt_rundown *r, const struct bt_timing_row *row, struct bt_buf *out)
{
    const struct bt_cue *c = &r->cue[row->cue];
    char clock[32];
    bool sting = c->kind == BT_CUE_STORY && row->kind == BT_ROW_ITEM;
    json_t *o = cue_object(r, c, sting ? "sting" : kinds[c->kind]);
    put_text(o, "id", row->id);
    json_object_set_new(o, "aired", json_true());
    put_text(o, "at", bt_iso_format(r->air.utc + row->from / BT_RATE, (int)r->air.zone, clock));
    json_object_set_new(o, "from", json_integer(row->from));
    json_object_set_new(o, "frames", json_integer(row->frames));
    json_object_set_new(o, "seconds", json_real((double)row->frames / BT_RATE));
    put_text(o, "voice", row->voice);
    put_text(o, "why", c->why);
    put_line(o, out);
}

static void held(const struct bt_rundown *r, const struct bt_cue *c, struct bt_buf *out)
{
    json_t *o = cue_object(r, c, kinds[c->kind]);
    bool lost = c->state == BT_AIR; /* was to air, and is not on the timeline */
    json_object_set_new(o, "aired", json_false());
    put_text(o, "state", lost ? "lost" : bt_state_names[c->state]);
    put_text(o, "why", lost ? bt_msg(BT_M_ASRUN_LOST) : c->why);
    put_line(o, out);
}

void bt_asrun_jsonl(const struct bt_rundown *r, const struct bt_timing *t, struct bt_buf *out)
{
    bool *heard = bt_xcalloc(r->ncue ? r->ncue : 1, sizeof(*heard));
    for (size_t i = 0; i < t->n; i++)
        if (is_whole(&t->row[i])) {
            aired(r, &t->row[i], out);
            heard[t->row[i].cue] = true;
        }
    for (size_t i = 0; i < r->ncue; i++)
        if (!heard[i])
            held(r, &r->cue[i], out);
    free(heard);
}
