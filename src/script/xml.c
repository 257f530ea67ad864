/* Reading programmes and rundowns by the vocabulary; every fault with file:line. */
#include "script/schema.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <libxml/parser.h>

bool bt_xml_fail(const struct bt_xml *x, const xmlNode *at, struct bt_err *err, enum bt_msg id, ...)
{
    va_list ap;
    va_start(ap, id);
    bt_vfail(err, BT_EFILE, id, ap);
    va_end(ap);
    return bt_err_prefix(err, "%s:%ld", x->file, at ? xmlGetLineNo(at) : 1L);
}

bool bt_xml_goes_on(const struct bt_xml *x, struct bt_err *err)
{
    if (!x->faults)
        return false;
    if (err->code != BT_OK)
        *(struct bt_err *)bt_push(x->a, &x->faults->item, &x->faults->n, sizeof(*err)) = *err;
    *err = (struct bt_err){0};
    return true;
}

bool bt_xml_is(const xmlNode *node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

static bool syntax_fail(const char *file, xmlParserCtxt *ctxt, struct bt_err *err)
{
    const xmlError *e = xmlCtxtGetLastError(ctxt);
    struct bt_str words = bt_str_trim(bt_str(e && e->message ? e->message : "?"));
    char one[200];
    snprintf(one, sizeof(one), "%.*s", (int)words.n, words.p);
    for (char *p = strchr(one, '\n'); p; p = strchr(p, '\n'))
        *p = ' ';
    bt_fail(err, e && e->code == XML_ERR_NO_MEMORY ? BT_ENOMEM : BT_EFILE, BT_M_XML_SYNTAX, one);
    return bt_err_prefix(err, "%s:%d", file, e ? e->line : 1);
}

/* An entity reference that is not one of the five would be dropped in silence. */
static bool no_entities(const struct bt_xml *x, const xmlNode *n, struct bt_err *err)
{
    for (; n; n = n->next) {
        if (n->type == XML_ENTITY_REF_NODE)
            return bt_xml_fail(x, n->parent, err, BT_M_XML_ENTITY, (const char *)n->name);
        if (n->type == XML_ELEMENT_NODE && !no_entities(x, n->children, err))
            return false;
    }
    return true;
}

static bool root_right(const struct bt_xml *x, const char *root, struct bt_err *err)
{
    const xmlNode *top = xmlDocGetRootElement(x->doc);
    if (!bt_xml_is(top, root))
        return bt_xml_fail(x, top, err, BT_M_XML_ROOT, (const char *)top->name, root);
    if (xmlGetIntSubset(x->doc))
        return bt_xml_fail(x, NULL, err, BT_M_XML_DTD);
    return no_entities(x, top, err);
}

/* Another time the machine might have been able to: that is no fault of the file's. */
static bool is_passing(int sys)
{
    return sys == ENOMEM || sys == EIO || sys == EMFILE || sys == ENFILE || sys == EAGAIN;
}

bool bt_xml_read(const char *path, size_t max, struct bt_buf *out, struct bt_err *err)
{
    if (bt_file_read(path, max, out, err))
        return true;
    if (err && !is_passing(err->sys))
        err->code = BT_EFILE;
    return false;
}

bool bt_xml_open(struct bt_arena *a, const char *file, struct bt_str bytes, const char *root,
                 struct bt_faults *faults, struct bt_xml *out, struct bt_err *err)
{
    xmlParserCtxt *ctxt = xmlNewParserCtxt();
    if (!ctxt)
        return bt_fail(err, BT_ENOMEM, BT_M_XML_SYNTAX, file);
    struct bt_xml x = {a, bt_strdup(a, file), NULL, faults};
    x.doc = xmlCtxtReadMemory(ctxt, bytes.p ? bytes.p : "", (int)bytes.n, NULL, NULL,
                              XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                  XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
    bool ok = x.doc ? root_right(&x, root, err) : syntax_fail(file, ctxt, err);
    xmlFreeParserCtxt(ctxt);
    if (!ok)
        xmlFreeDoc(x.doc);
    else
        *out = x;
    return ok;
}

void bt_xml_close(struct bt_xml *x)
{
    xmlFreeDoc(x->doc);
    x->doc = NULL;
}

/* The vocabulary's element for this tag in this parent; NULL when there is none. */
static const struct bt_element *element(const char *tag, const char *parent)
{
    for (size_t i = 0; i < bt_nelements; i++)
        if (strcmp(bt_element_tag(&bt_elements[i]), tag) == 0 &&
            (parent ? bt_has_word(bt_elements[i].parents, parent) : !*bt_elements[i].parents))
            return &bt_elements[i];
    return NULL;
}

static const struct bt_element *element_of(const xmlNode *node)
{
    bool top = !node->parent || node->parent->type != XML_ELEMENT_NODE;
    return element((const char *)node->name, top ? NULL : (const char *)node->parent->name);
}

/* "<tag> cannot stand in <parent>", with what could. */
static bool misplaced(const struct bt_xml *x, const xmlNode *node, struct bt_err *err)
{
    const char *tag = (const char *)node->name, *parent = (const char *)node->parent->name;
    const char *names[32] = {NULL}, *places = NULL;
    size_t n = 0;
    for (size_t i = 0; i < bt_nelements && n < BT_LEN(names); i++) {
        if (bt_has_word(bt_elements[i].parents, parent))
            names[n++] = bt_element_tag(&bt_elements[i]);
        if (strcmp(bt_element_tag(&bt_elements[i]), tag) == 0)
            places = bt_elements[i].parents;
    }
    const char *near = bt_nearest(tag, names, n);
    if (places)
        return bt_xml_fail(x, node, err, BT_M_XML_PLACE, tag, parent, places);
    if (near)
        return bt_xml_fail(x, node, err, BT_M_XML_ELEMENT_NEAR, tag, near);
    struct bt_buf all;
    bt_buf_init(&all, 300);
    for (size_t i = 0; i < n; i++)
        bt_buf_addf(&all, " <%s>", names[i]);
    bt_xml_fail(x, node, err, BT_M_XML_ELEMENT, tag, parent, n ? all.p : " -");
    bt_buf_finish(&all);
    return false;
}

bool bt_xml_next(const struct bt_xml *x, xmlNode *parent, xmlNode **child, struct bt_err *err)
{
    xmlNode *n = *child ? (*child)->next : parent->children;
    for (; n; n = n->next) {
        bool right = true;
        if (n->type == XML_ELEMENT_NODE && element_of(n))
            break;
        if (n->type == XML_ELEMENT_NODE)
            right = misplaced(x, n, err);
        else if (n->type == XML_TEXT_NODE && !xmlIsBlankNode(n))
            right = bt_xml_fail(x, n, err, BT_M_XML_TEXT, (const char *)parent->name);
        if (!right && !bt_xml_goes_on(x, err))
            return false;
    }
    *child = n;
    return true;
}

static const struct bt_field *field(const char *elem, const char *name)
{
    for (size_t i = 0; i < bt_nfields; i++)
        if (strcmp(bt_fields[i].element, elem) == 0 && strcmp(bt_fields[i].name, name) == 0)
            return &bt_fields[i];
    return NULL;
}

static bool unknown_attribute(const struct bt_xml *x, const xmlNode *node, const char *elem,
                              const char *name, struct bt_err *err)
{
    const char *names[32];
    size_t n = 0;
    for (size_t i = 0; i < bt_nfields && n < BT_LEN(names); i++)
        if (strcmp(bt_fields[i].element, elem) == 0)
            names[n++] = bt_fields[i].name;
    const char *near = bt_nearest(name, names, n), *tag = (const char *)node->name;
    return near ? bt_xml_fail(x, node, err, BT_M_XML_ATTRIBUTE_NEAR, tag, name, near)
                : bt_xml_fail(x, node, err, BT_M_XML_ATTRIBUTE, tag, name);
}

static bool set(const struct bt_xml *x, const xmlNode *node, const struct bt_field *f,
                const char *value, void *target, struct bt_err *err)
{
    if (f->type->read(x->a, value, f->choices, (char *)target + f->at))
        return true;
    return bt_xml_fail(x, node, err, BT_M_XML_VALUE, (const char *)node->name, f->name, value,
                       f->choices ? f->choices : f->type->example);
}

static bool read_one(const struct bt_xml *x, const xmlNode *node, const char *elem,
                     const xmlAttr *at, void *target, struct bt_err *err)
{
    const char *name = (const char *)at->name;
    const struct bt_field *f = field(elem, name);
    if (!f)
        return unknown_attribute(x, node, elem, name, err);
    xmlChar *raw = xmlNodeListGetString(x->doc, at->children, 1);
    const char *value = bt_nfc(x->a, bt_str_trim(bt_str(raw ? (char *)raw : "")));
    xmlFree(raw);
    return set(x, node, f, value, target, err);
}

static bool preset(const struct bt_xml *x, const xmlNode *node, const struct bt_field *f,
                   void *target, struct bt_err *err)
{
    if (f->must)
        return bt_xml_fail(x, node, err, BT_M_XML_MUST, (const char *)node->name, f->name,
                           f->choices ? f->choices : f->type->example);
    return !f->preset || set(x, node, f, f->preset, target, err);
}

bool bt_xml_fields(const struct bt_xml *x, xmlNode *node, void *target, struct bt_err *err)
{
    const struct bt_element *e = element_of(node);
    bool good = true;
    assert(e); /* bt_xml_open and bt_xml_next pass no other */
    for (size_t i = 0; i < bt_nfields; i++) {
        const struct bt_field *f = &bt_fields[i];
        if (strcmp(f->element, e->name) != 0 || xmlHasProp(node, (const xmlChar *)f->name) ||
            preset(x, node, f, target, err))
            continue;
        good = false;
        if (!bt_xml_goes_on(x, err))
            return false;
    }
    for (const xmlAttr *at = node->properties; at; at = at->next) {
        if (read_one(x, node, e->name, at, target, err))
            continue;
        good = false;
        if (!bt_xml_goes_on(x, err))
            return false;
    }
    return good;
}

const char *bt_xml_text(const struct bt_xml *x, xmlNode *node)
{
    xmlChar *raw = xmlNodeGetContent(node);
    const char *s = bt_nfc(x->a, bt_str(raw ? (char *)raw : ""));
    xmlFree(raw);
    char *out = bt_alloc(x->a, strlen(s) + 1), *w = out;
    for (size_t i = 0, k, n = strlen(s); i < n; i += k) {
        bool space = bt_is_space(bt_utf8_get(s + i, n - i, &k));
        if (space && (w == out || w[-1] == ' '))
            continue;
        if (space)
            *w++ = ' ';
        else
            w = (char *)memcpy(w, s + i, k) + k;
    }
    if (w > out && w[-1] == ' ')
        w--;
    *w = '\0';
    return out;
}

void bt_xml_escape(const char *s, struct bt_buf *out)
{
    for (; *s; s++) {
        if (*s == '&')
            bt_buf_adds(out, "&amp;");
        else if (*s == '<')
            bt_buf_adds(out, "&lt;");
        else if (*s == '>')
            bt_buf_adds(out, "&gt;");
        else if (*s == '"')
            bt_buf_adds(out, "&quot;");
        else if ((unsigned char)*s >= 0x20 || *s == '\t' || *s == '\n')
            bt_buf_addc(out, *s);
    }
}

void bt_fields_write(const char *elem, const void *from, struct bt_buf *out)
{
    for (size_t i = 0; i < bt_nfields; i++) {
        const struct bt_field *f = &bt_fields[i];
        if (strcmp(f->element, elem) != 0)
            continue;
        struct bt_buf v;
        bt_buf_init(&v, 1 << 20);
        bool said = f->type->write((const char *)from + f->at, f->choices, &v);
        if (said && !(f->preset && strcmp(f->preset, v.p) == 0))
            bt_buf_addf(out, " %s=\"%s\"", f->name, v.p);
        bt_buf_finish(&v);
    }
}
