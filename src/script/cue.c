/* A cue, in a programme's order or in a rundown. */
#include "script/schema.h"

#include <string.h>

const char *const bt_form_names[3] = {"full", "brief", "headline"};

static const struct {
    const char *element;
    enum bt_cue_kind kind;
} kinds[] = {
    {"jingle", BT_CUE_JINGLE},       {"clip", BT_CUE_CLIP},     {"say", BT_CUE_SAY},
    {"headlines", BT_CUE_HEADLINES}, {"stories", BT_CUE_STORY}, {"story", BT_CUE_STORY},
};

static bool one_voice(const struct bt_xml *x, xmlNode *node, const struct bt_cue *c,
                      struct bt_err *err)
{
    bool one = bt_xml_is(node, "say") || bt_xml_is(node, "story");
    return !one || c->voice.n == 1 ||
           bt_xml_fail(x, node, err, BT_M_XML_ONE_VOICE, (const char *)node->name);
}

static bool story_read(const struct bt_xml *x, xmlNode *node, struct bt_cue *c, struct bt_err *err)
{
    for (xmlNode *n = NULL; bt_xml_next(x, node, &n, err);) {
        if (!n)
            return c->title ? true : bt_xml_fail(x, node, err, BT_M_STORY_TITLE, c->id);
        if (bt_xml_is(n, "title")) {
            c->title = bt_xml_text(x, n);
        } else if (bt_xml_is(n, "lead")) {
            c->lead = bt_xml_text(x, n);
        } else if (bt_xml_is(n, "p")) {
            const char **p = bt_push(x->a, &c->para, &c->npara, sizeof(*c->para));
            *p = bt_xml_text(x, n);
        } else {
            c->source = bt_xml_text(x, n);
            if (!bt_xml_fields(x, n, c, err) && !bt_xml_goes_on(x, err))
                return false;
        }
    }
    return false;
}

bool bt_cue_read(const struct bt_xml *x, xmlNode *node, struct bt_cue *out, struct bt_err *err)
{
    struct bt_cue c = {.line = (int)xmlGetLineNo(node), .published = {BT_NO_TIME, 0}, .lead = ""};
    for (size_t i = 0; i < BT_LEN(kinds); i++)
        if (bt_xml_is(node, kinds[i].element))
            c.kind = kinds[i].kind;
    *out = (struct bt_cue){.kind = c.kind, .line = c.line, .lead = ""};
    if (!bt_xml_fields(x, node, &c, err) || !one_voice(x, node, &c, err))
        return false;
    if (c.kind == BT_CUE_SAY)
        c.text = bt_xml_text(x, node);
    if (bt_xml_is(node, "story") && !story_read(x, node, &c, err))
        return false;
    *out = c;
    return true;
}

static void element_write(const char *name, const char *text, struct bt_buf *out)
{
    if (!text || !*text)
        return;
    bt_buf_addf(out, "    <%s>", name);
    bt_xml_escape(text, out);
    bt_buf_addf(out, "</%s>\n", name);
}

static void story_write(const struct bt_cue *c, struct bt_buf *out)
{
    element_write("title", c->title, out);
    element_write("lead", c->lead, out);
    for (size_t i = 0; i < c->npara; i++)
        element_write("p", c->para[i], out);
    if (!c->url && !c->credit && !c->source)
        return;
    bt_buf_adds(out, "    <source");
    bt_fields_write("story/source", c, out);
    bt_buf_addc(out, '>');
    bt_xml_escape(c->source ? c->source : "", out);
    bt_buf_adds(out, "</source>\n");
}

void bt_cue_write(const struct bt_cue *c, struct bt_buf *out)
{
    static const char *const names[] = {"jingle", "clip", "say", "headlines", "story"};
    const char *name = names[c->kind];
    bt_buf_addf(out, "  <%s", name);
    bt_fields_write(name, c, out);
    if (c->kind == BT_CUE_SAY) {
        bt_buf_addc(out, '>');
        bt_xml_escape(c->text, out);
        bt_buf_adds(out, "</say>\n");
    } else if (c->kind == BT_CUE_STORY) {
        bt_buf_adds(out, ">\n");
        story_write(c, out);
        bt_buf_adds(out, "  </story>\n");
    } else {
        bt_buf_adds(out, "/>\n");
    }
}
