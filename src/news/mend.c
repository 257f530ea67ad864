/* XML as the web has it, made into XML that libxml2 may be shown: no DTD, so no entities to blow
 * up; no tag that costs it seconds. One pass. */
#include "news/parts.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TAG_LONGEST = 64 * 1024, TAG_ATTRIBUTES = 100, NAME = 12 };

struct mender {
    struct bt_str in;
    size_t at;
    struct bt_buf *out;
};

static bool looking_at(const struct mender *m, const char *s)
{
    size_t n = strlen(s);
    return m->in.n - m->at >= n && memcmp(m->in.p + m->at, s, n) == 0;
}

static void skip_past(struct mender *m, const char *end)
{
    struct bt_str rest = {m->in.p + m->at, m->in.n - m->at};
    ptrdiff_t k = bt_str_find(rest, bt_str(end));
    m->at = k < 0 ? m->in.n : m->at + (size_t)k + strlen(end);
}

static void skip_doctype(struct mender *m)
{
    int depth = 0;
    for (; m->at < m->in.n; m->at++) {
        char c = m->in.p[m->at];
        depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        if (c == '>' && depth <= 0) {
            m->at++;
            return;
        }
    }
}

static void put(struct mender *m, char c)
{
    bool control = (unsigned char)c < 0x20 && c != '\n' && c != '\t' && c != '\r';
    bt_buf_addc(m->out, control ? ' ' : c);
}

static void put_cdata(struct mender *m)
{
    size_t from = m->at;
    skip_past(m, "]]>");
    for (size_t i = from; i < m->at; i++)
        put(m, m->in.p[i]);
}

static bool is_letter(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_xml_name(const char *name)
{
    static const char *const own[] = {"amp", "lt", "gt", "quot", "apos"};
    for (size_t i = 0; i < BT_LEN(own); i++)
        if (strcmp(name, own[i]) == 0)
            return true;
    return false;
}

/* The character of "#7887", "#x1EC7" or "#X1EC7"; 0: none that XML may hold. */
static long character(const char *name)
{
    bool hex = (name[1] | 32) == 'x';
    char *stop;
    long c = strtol(name + 1 + hex, &stop, hex ? 16 : 10);
    bool held = c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) ||
                (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c < 0x110000);
    return held && !*stop ? c : 0;
}

static void put_reference(struct mender *m)
{
    const char *p = m->in.p + m->at + 1;
    size_t left = m->in.n - m->at - 1, n = 0;
    char name[NAME] = "", utf8[4];
    while (n < left && n < NAME - 1 && p[n] != ';' && p[n] != '<' && p[n] != '&' && p[n] != ' ')
        n++;
    memcpy(name, p, n);
    bool ended = n && n < left && p[n] == ';';
    const htmlEntityDesc *e = ended ? htmlEntityLookup((const xmlChar *)name) : NULL;
    long c = ended && name[0] == '#' ? character(name) : 0;
    size_t took = n + 2;
    if (ended && name[0] == '#') {
        if (c)
            bt_buf_addf(m->out, "&#%ld;", c);
    } else if (ended && is_xml_name(name)) {
        bt_buf_add(m->out, p - 1, took);
    } else if (e) {
        bt_buf_add(m->out, utf8, bt_utf8_put((int32_t)e->value, utf8));
    } else {
        bt_buf_adds(m->out, "&amp;");
        took = 1;
    }
    m->at += took;
}

/* An HTML element that never closes, at the name p: XML wants it closed at once. */
static bool is_void(const char *p, size_t n)
{
    static const char *const names[] = {"br", "hr", "img", "wbr", "input", "embed"};
    size_t k = 0;
    while (k < n && is_letter(p[k]))
        k++;
    for (size_t i = 0; i < BT_LEN(names); i++)
        if (strlen(names[i]) == k && strncasecmp(p, names[i], k) == 0)
            return true;
    return false;
}

/* A value without quotes gets them. */
static void put_value(struct mender *m, size_t end)
{
    const char *stops = " \t\r\n";
    put(m, m->in.p[m->at++]);
    if (m->at >= end || strchr("\"' \t\r\n", m->in.p[m->at]))
        return;
    bt_buf_addc(m->out, '"');
    while (m->at < end && !strchr(stops, m->in.p[m->at]))
        if (m->in.p[m->at] == '&')
            put_reference(m);
        else
            put(m, m->in.p[m->at++]);
    bt_buf_addc(m->out, '"');
}

static void put_inside(struct mender *m, size_t end)
{
    char quote = '\0';
    while (m->at < end) {
        char c = m->in.p[m->at];
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? '\0' : c;
        if (c == '&')
            put_reference(m);
        else if (c == '=' && !quote)
            put_value(m, end);
        else
            put(m, m->in.p[m->at++]);
    }
}

/* False when the tag is absurd. A "<" that opens no tag is text. */
static bool put_tag(struct mender *m)
{
    size_t end = m->at + 1, equals = 0;
    char c = end < m->in.n ? m->in.p[end] : ' ';
    if (!is_letter(c) && c != '/' && c != '?' && c != '_') {
        bt_buf_adds(m->out, "&lt;");
        m->at++;
        return true;
    }
    for (; end < m->in.n && m->in.p[end] != '>'; end++) {
        equals += m->in.p[end] == '=';
        if (end - m->at > TAG_LONGEST || equals > TAG_ATTRIBUTES)
            return false;
    }
    const char *name = m->in.p + m->at + 1;
    if (c == '/' && is_void(name + 1, end - m->at - 2)) {
        m->at = end + (end < m->in.n);
        return true;
    }
    bool closes = is_void(name, end - m->at - 1) && m->in.p[end - 1] != '/';
    put_inside(m, end);
    if (closes)
        bt_buf_addc(m->out, '/');
    return true;
}

static bool step(struct mender *m)
{
    if (looking_at(m, "<?xml"))
        skip_past(m, "?>");
    else if (looking_at(m, "<!--"))
        skip_past(m, "-->");
    else if (looking_at(m, "<![CDATA["))
        put_cdata(m);
    else if (looking_at(m, "<!"))
        skip_doctype(m);
    else if (looking_at(m, "<"))
        return put_tag(m);
    else if (looking_at(m, "&"))
        put_reference(m);
    else
        put(m, m->in.p[m->at++]);
    return true;
}

bool bt_xml_mend(struct bt_str in, struct bt_buf *out)
{
    struct mender m = {.in = in, .out = out};
    while (m.at < in.n && (in.p[m.at] == ' ' || (in.p[m.at] >= '\t' && in.p[m.at] <= '\r')))
        m.at++;
    while (m.at < in.n)
        if (!step(&m))
            return false;
    return !out->over;
}
