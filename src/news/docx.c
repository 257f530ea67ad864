/* A Word document as newsrooms mail it: its paragraphs, then read as a .txt article or a dump is.
 * Knows WordprocessingML's paragraphs and breaks; no styles. */
#include "news/parts.h"

#include <libxml/parser.h>
#include <string.h>

enum { XML_MOST = 32 << 20, TEXT_MOST = 4 << 20 };

static const char *local(const xmlNode *n)
{
    if (n->type != XML_ELEMENT_NODE) /* it may have no name */
        return "";
    const char *colon = strrchr((const char *)n->name, ':');
    return colon ? colon + 1 : (const char *)n->name;
}

/* Text that was struck out, fields' codes, footnotes and pictures are not read. */
static bool is_silent(const xmlNode *n)
{
    static const char *const names[] = {"delText", "instrText", "del",         "drawing",
                                        "pict",    "object",    "txbxContent", "moveFrom"};
    for (size_t i = 0; i < BT_LEN(names); i++)
        if (strcmp(local(n), names[i]) == 0)
            return true;
    return n->type == XML_ENTITY_REF_NODE;
}

static void enter(struct bt_buf *b, const xmlNode *n)
{
    bool text = n->type == XML_TEXT_NODE && n->parent && strcmp(local(n->parent), "t") == 0;
    if (text)
        bt_buf_adds(b, (const char *)n->content);
    else if (strcmp(local(n), "tab") == 0)
        bt_buf_addc(b, ' ');
    else if (strcmp(local(n), "br") == 0 || strcmp(local(n), "cr") == 0)
        bt_buf_addc(b, '\n');
}

static void leave(struct bt_buf *b, const xmlNode *n)
{
    if (strcmp(local(n), "p") == 0)
        bt_buf_adds(b, "\n\n");
}

static void walk(struct bt_buf *b, const xmlNode *root)
{
    const xmlNode *n = root;
    while (n && !b->over) {
        enter(b, n);
        if (n->children && !is_silent(n)) {
            n = n->children;
            continue;
        }
        leave(b, n);
        while (n != root && !n->next) {
            n = n->parent;
            leave(b, n);
        }
        n = n == root ? NULL : n->next;
    }
}

bool bt_docx_looks(struct bt_str bytes)
{
    return bt_str_starts(bytes, BT_STR("PK\x03\x04"));
}

bool bt_docx_parse(struct bt_arena *a, const struct bt_source_spec *spec, struct bt_str bytes,
                   struct bt_articles *out, const struct bt_events *ev, struct bt_err *err)
{
    struct bt_buf raw, xml, text;
    bt_buf_init(&raw, XML_MOST);
    bt_buf_init(&xml, XML_MOST);
    bt_buf_init(&text, TEXT_MOST);
    bool ok = bt_zip_entry(bytes, "word/document.xml", &raw, err);
    ok = ok && (bt_xml_mend(bt_buf_str(&raw), &xml) ||
                bt_fail(err, BT_ENOTHING, BT_M_NEWS_NO_TEXT, spec->name));
    xmlDoc *doc = ok ? xmlReadMemory(xml.p ? xml.p : "", (int)xml.n, NULL, "UTF-8",
                                     XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOCDATA |
                                         XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
                     : NULL;
    if (doc && xmlDocGetRootElement(doc))
        walk(&text, xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
    struct bt_str s = bt_buf_str(&text);
    if (ok)
        ok = (bt_dump_looks(s) ? bt_dump_parse : bt_plain_parse)(a, spec, s, out, ev, err);
    bt_buf_finish(&raw);
    bt_buf_finish(&xml);
    bt_buf_finish(&text);
    return ok;
}
