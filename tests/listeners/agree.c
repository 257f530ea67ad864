/*
 * Do the files of an edition agree? The sound is decoded, and what each companion says of times and
 * text is held against it, against the timing table and against the rundown. Prints a line for each
 * fault; silence is well. Knows the formats as a reader does; takes nothing from src/air.
 *
 * usage: agree EDITION [TEXT …]     TEXT: must stand, as text, in every companion that has text
 */
#include <dirent.h>
#include <jansson.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/base.h"
#include "host/host.h"

enum { RATE = 48000, MOST = 1 << 30 };
static const double MS = 0.00101; /* times are written in ms */

struct span {
    double from, to;
    const char *text;
};
struct list {
    struct span *at;
    size_t n;
};

static struct bt_arena *arena;
static const char *edition, *stem;
static struct list page,
    parts;            /* sentences and parts of the page: the others are held against it */
static double length; /* of the sound, s */
static int faults;
static struct { /* freed at the end: nodes point into them */
    xmlDocPtr *doc;
    size_t ndoc;
    xmlXPathObjectPtr *found;
    size_t nfound;
} kept;

static void fault(const char *what, const char *fmt, ...) BT_PRINTF(2, 3);
static void fault(const char *what, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("%s: ", what);
    vprintf(fmt, ap);
    printf("\n");
    va_end(ap);
    faults++;
}

static void same_time(const char *what, size_t i, double got, double want)
{
    if (!(fabs(got - want) <= MS))
        fault(what, "%zu: %.3f s, not %.3f s", i + 1, got, want);
}

/* ---- files and text ---- */

static struct bt_str read_path(const char *path)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    if (!bt_file_read(path, MOST, &b, NULL))
        fault(path, "is not there");
    struct bt_str s = {bt_strndup(arena, b.p ? b.p : "", b.n), b.n};
    bt_buf_finish(&b);
    return s;
}

static const char *path_of(const char *suffix)
{
    return *suffix == '.' ? bt_format(arena, "%s/%s%s", edition, stem, suffix)
                          : bt_format(arena, "%s/%s", edition, suffix);
}

static struct bt_str read_file(const char *suffix)
{
    return read_path(path_of(suffix));
}

/* What has no place in text, whoever wrote it: controls, and marks that turn a line. */
static bool is_mute(int32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
}

/* Without what is mute, white space as one space. */
static const char *plain(const char *s)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    bool space = false;
    for (size_t n = s ? strlen(s) : 0, len; n > 0; s += len, n -= len) {
        int32_t c = bt_utf8_get(s, n, &len);
        if (bt_is_space(c) || c == '\n' || c == '\t') {
            space = true;
        } else if (!is_mute(c)) {
            if (space && b.n)
                bt_buf_addc(&b, ' ');
            space = false;
            bt_buf_add(&b, s, len);
        }
    }
    const char *out = bt_strndup(arena, b.p ? b.p : "", b.n);
    bt_buf_finish(&b);
    return out;
}

static void add(struct list *l, double from, double to, const char *text)
{
    struct span *s = bt_push(arena, &l->at, &l->n, sizeof(*s));
    *s = (struct span){from, to, plain(text)};
}

static void check_letters(const char *name, struct bt_str s)
{
    if (!bt_utf8_valid(s) || strlen(s.p) != s.n || strcmp(bt_nfc(arena, s), s.p) != 0)
        fault(name, "is not UTF-8 in NFC");
    for (size_t i = 0, len; i < s.n; i += len) {
        int32_t c = bt_utf8_get(s.p + i, s.n - i, &len);
        if (is_mute(c) && c != '\n' && c != '\t') {
            fault(name, "holds U+%04X", (unsigned)c);
            return;
        }
    }
}

/* ---- XML ---- */

static void quiet(void *ctx, const char *fmt, ...)
{
    (void)ctx;
    (void)fmt;
}

static xmlDocPtr parse(const char *what, struct bt_str s, bool html)
{
    xmlDocPtr doc =
        html ? htmlReadMemory(s.p, (int)s.n, NULL, "UTF-8", HTML_PARSE_NOERROR | HTML_PARSE_RECOVER)
             : xmlReadMemory(s.p, (int)s.n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_HUGE);
    if (!doc)
        fault(what, "is no XML");
    else
        *(xmlDocPtr *)bt_push(arena, &kept.doc, &kept.ndoc, sizeof(doc)) = doc;
    return doc;
}

/* Nodes by XPath. */
static xmlNodeSetPtr find(xmlDocPtr doc, const char *path)
{
    static xmlNodeSet none;
    if (!doc)
        return &none;
    xmlXPathContextPtr x = xmlXPathNewContext(doc);
    xmlXPathObjectPtr o = xmlXPathEvalExpression((const xmlChar *)path, x);
    xmlXPathFreeContext(x);
    if (o)
        *(xmlXPathObjectPtr *)bt_push(arena, &kept.found, &kept.nfound, sizeof(o)) = o;
    return o && o->nodesetval ? o->nodesetval : &none;
}

static const char *taken(xmlChar *s)
{
    const char *out = bt_strdup(arena, s ? (char *)s : "");
    xmlFree(s);
    return out;
}

static const char *content(xmlNodePtr n)
{
    return taken(xmlNodeGetContent(n));
}

static const char *text_at(xmlDocPtr doc, const char *path)
{
    xmlNodeSetPtr s = find(doc, path);
    return s->nodeNr ? content(s->nodeTab[0]) : "";
}

static const char *attribute(xmlNodePtr n, const char *name)
{
    return taken(xmlGetProp(n, (const xmlChar *)name));
}

static const char *string_at(xmlDocPtr doc, const char *path)
{
    if (!doc)
        return "";
    xmlXPathContextPtr x = xmlXPathNewContext(doc);
    xmlXPathObjectPtr o = xmlXPathEvalExpression((const xmlChar *)path, x);
    const char *s = bt_strdup(arena, o && o->stringval ? (const char *)o->stringval : "");
    xmlXPathFreeObject(o);
    xmlXPathFreeContext(x);
    return s;
}

/* "1:02:03.5", "npt=3.5s" */
static double seconds(const char *s)
{
    double t = 0;
    if (strncmp(s, "npt=", 4) == 0)
        s += 4;
    for (char *end; *s; s = *end == ':' ? end + 1 : "") {
        t = t * 60 + strtod(s, &end);
        if (end == s)
            return NAN;
    }
    return t;
}

/* ---- sound ---- */

/* Frames that the file decodes to; 0 when it is not sound, or has none in it. */
static int64_t frames_of(const char *path)
{
    static float block[2 * RATE];
    SF_INFO info = {0};
    SNDFILE *f = sf_open(path, SFM_READ, &info);
    int64_t n = 0;
    float peak = 0;
    for (sf_count_t k; f && (k = sf_readf_float(f, block, RATE)) > 0; n += k)
        for (sf_count_t i = 0; i < k * info.channels; i++)
            peak = fabsf(block[i]) > peak ? fabsf(block[i]) : peak;
    if (f)
        sf_close(f);
    if (info.samplerate != RATE || peak < 0.01F)
        fault(path, "is not audible");
    return n;
}

/* ---- the page, against sound, timing table and rundown ---- */

static void load_page(void)
{
    xmlDocPtr doc = parse("page", read_file("index.html"), true);
    xmlNodeSetPtr s = find(doc, "//span[@data-from]"), p = find(doc, "//section[@data-from]");
    for (int i = 0; i < s->nodeNr; i++)
        add(&page, seconds(attribute(s->nodeTab[i], "data-from")),
            seconds(attribute(s->nodeTab[i], "data-to")), content(s->nodeTab[i]));
    for (int i = 0; i < p->nodeNr; i++)
        add(&parts, seconds(attribute(p->nodeTab[i], "data-from")),
            seconds(attribute(p->nodeTab[i], "data-to")),
            text_at(doc, bt_format(arena, "//nav//a[@href='#s%d']/text()", i + 1)));
    if (find(doc, "//script")->nodeNr != 1 || find(doc, "//style")->nodeNr != 1)
        fault("page", "has a script or a style that is not ours");
    if (!page.n || !parts.n)
        fault("page", "has no sentence or no part");
}

static void check_page(void)
{
    for (size_t i = 0; i < parts.n; i++)
        same_time("page, part begins", i, parts.at[i].from, i ? parts.at[i - 1].to : 0);
    if (parts.n)
        same_time("page, end", parts.n - 1, parts.at[parts.n - 1].to, length);
    for (size_t i = 0; i < page.n; i++)
        if (page.at[i].to <= page.at[i].from || page.at[i].to > length + MS ||
            (i && page.at[i].from < page.at[i - 1].to - MS))
            fault("page", "sentence %zu overlaps or is out of the sound", i + 1);
}

static void check_timing(void)
{
    struct bt_str rest = read_file("timing.tsv"), line, cell[9];
    size_t n = 0;
    while (bt_str_line(&rest, &line)) {
        for (size_t i = 0; i < BT_LEN(cell); i++)
            if (!bt_str_cut(&line, '\t', &cell[i]))
                cell[i] = (struct bt_str){"", 0};
        if (!bt_str_is(cell[0], "sentence") || ++n > page.n)
            continue;
        const struct span *s = &page.at[n - 1];
        double from = strtod(cell[2].p, NULL) / RATE;
        same_time("timing, sentence begins", n - 1, from, s->from);
        same_time("timing, sentence ends", n - 1, from + strtod(cell[3].p, NULL) / RATE, s->to);
        if (!strstr(s->text, plain(bt_strndup(arena, cell[8].p, cell[8].n))))
            fault("timing", "sentence %zu is not the page's “%s”", n, s->text);
    }
    if (n != page.n)
        fault("timing", "%zu sentences, not %zu", n, page.n);
}

/* Every paragraph of the page stands in the script, and what the script says stands in the page. */
static void check_rundown(void)
{
    xmlDocPtr script = parse("rundown", read_file("rundown.xml"), false);
    xmlDocPtr doc = parse("page", read_file("index.html"), true);
    xmlNodeSetPtr s =
        find(script, "//say | //story[not(@state) or @state='air']/*[self::title or self::lead or "
                     "self::p]");
    xmlNodeSetPtr p = find(doc, "//article//p[not(a)] | //article//h2[span]");
    struct list said = {0}, shown = {0};
    for (int i = 0; i < s->nodeNr; i++)
        add(&said, 0, 0, content(s->nodeTab[i]));
    for (int i = 0; i < p->nodeNr; i++)
        add(&shown, 0, 0, content(p->nodeTab[i]));
    const struct list *both[] = {&said, &shown};
    for (int way = 0; way < 2; way++)
        for (size_t i = 0, k; i < both[way]->n; i++) {
            const struct list *other = both[!way];
            const char *text = both[way]->at[i].text;
            for (k = 0; k < other->n && strcmp(other->at[k].text, text) != 0; k++)
                ;
            if (k == other->n && *text)
                fault(way ? "page, not in the script" : "script, not in the page", "“%s”", text);
        }
}

/* ---- captions and chapters ---- */

static struct list load_vtt(const char *suffix)
{
    struct list cues = {0};
    struct bt_str rest = read_file(suffix), line;
    int lines = 0;
    while (bt_str_line(&rest, &line)) {
        const char *s = bt_strndup(arena, line.p, line.n), *arrow = strstr(s, " --> ");
        if (arrow) {
            add(&cues, seconds(bt_strndup(arena, s, (size_t)(arrow - s))), seconds(arrow + 5), "");
            lines = 0;
        } else if (cues.n && *s) {
            struct span *c = &cues.at[cues.n - 1];
            const char *tag = strncmp(s, "<v ", 3) == 0 ? strchr(s, '>') : NULL;
            const char *xml = bt_format(arena, "<t>%s</t>", tag ? tag + 1 : s);
            const char *text = text_at(parse(suffix, bt_str(xml), false), "/t");
            c->text = plain(bt_format(arena, "%s %s", c->text, text));
            if (++lines > 2)
                fault(suffix, "cue %zu is of more than two lines", cues.n);
        }
    }
    return cues;
}

/* A sentence may be cut into several cues: they follow each other, and are its text together. */
static void check_captions(void)
{
    struct list cues = load_vtt(".vi.vtt");
    size_t k = 0;
    for (size_t i = 0; i < page.n && k < cues.n; i++) {
        const char *text = cues.at[k].text;
        same_time("captions, sentence begins", i, cues.at[k].from, page.at[i].from);
        while (strcmp(text, page.at[i].text) != 0 && k + 1 < cues.n &&
               strlen(text) < strlen(page.at[i].text)) {
            k++;
            same_time("captions, cue follows", k, cues.at[k].from, cues.at[k - 1].to);
            text = plain(bt_format(arena, "%s %s", text, cues.at[k].text));
        }
        if (strcmp(text, page.at[i].text) != 0)
            fault("captions", "“%s”, not “%s”", text, page.at[i].text);
        same_time("captions, sentence ends", i, cues.at[k++].to, page.at[i].to);
    }
    if (k != cues.n)
        fault("captions", "%zu cues too many", cues.n - k);
}

static void same_parts(const char *what, const struct list *l)
{
    if (l->n != parts.n)
        fault(what, "%zu parts, not %zu", l->n, parts.n);
    for (size_t i = 0; i < l->n && i < parts.n; i++) {
        same_time(what, i, l->at[i].from, parts.at[i].from);
        same_time(what, i, l->at[i].to, parts.at[i].to);
        if (strcmp(l->at[i].text, parts.at[i].text) != 0)
            fault(what, "“%s”, not “%s”", l->at[i].text, parts.at[i].text);
    }
}

static void check_chapters(void)
{
    struct list vtt = load_vtt(".chapters.vtt"), list = {0};
    same_parts("chapters.vtt", &vtt);
    struct bt_str s = read_file(".chapters.json");
    json_t *all = json_loadb(s.p, s.n, 0, NULL), *c;
    size_t i;
    json_array_foreach(json_object_get(all, "chapters"), i, c)
        add(&list, json_number_value(json_object_get(c, "startTime")),
            json_number_value(json_object_get(c, "endTime")),
            json_string_value(json_object_get(c, "title")));
    same_parts("chapters.json", &list);
    json_decref(all);
}

/* ---- books ---- */

struct clips { /* of a part, as its SMIL has them; times are the rendition's */
    const char *what;
    double begin, end;
    size_t sentence; /* the page's that comes next */
};

/* One clip after the other, from the part's beginning to its end, each with its sentence's text. */
static void check_clip(struct clips *c, bool first, const char *id, double from, double to,
                       const char *text)
{
    same_time(c->what, c->sentence, from, first ? c->begin : c->end);
    if (to <= from || to > length + MS)
        fault(c->what, "a clip from %.3f to %.3f s in %.3f s of sound", from, to, length);
    c->end = to;
    if (strcmp(id, "h") == 0)
        return;
    if (c->sentence >= page.n || strcmp(plain(text), page.at[c->sentence].text) != 0) {
        fault(c->what, "“%s” is not sentence %zu", text, c->sentence + 1);
        return;
    }
    const struct span *s = &page.at[c->sentence++];
    if (!first || from > s->from + MS)
        same_time(c->what, c->sentence - 1, from, s->from);
    if (to < s->to - MS)
        fault(c->what, "“%s” is cut off", s->text);
}

static const char *fragment(const char *src)
{
    const char *hash = strchr(src, '#');
    return hash ? hash + 1 : "";
}

static void check_smil(struct clips *c, xmlDocPtr smil, xmlDocPtr text, const char *begin,
                       const char *end, double offset)
{
    xmlNodeSetPtr par = find(smil, "//*[local-name()='par']");
    for (int i = 0; i < par->nodeNr; i++) {
        xmlNodePtr t = xmlFirstElementChild(par->nodeTab[i]), a = xmlNextElementSibling(t);
        const char *id = fragment(attribute(t, "src"));
        check_clip(c, i == 0, id, offset + seconds(attribute(a, begin)),
                   offset + seconds(attribute(a, end)),
                   text_at(text, bt_format(arena, "//*[@id='%s']", id)));
    }
}

static struct bt_str zip_file(struct bt_str zip, const char *name)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    if (!bt_zip_entry(zip, name, &b, NULL))
        fault("zip", "no %s", name);
    struct bt_str s = {bt_strndup(arena, b.p ? b.p : "", b.n), b.n};
    bt_buf_finish(&b);
    return s;
}

static xmlDocPtr zip_xml(struct bt_str zip, const char *name)
{
    struct bt_str s = zip_file(zip, name);
    check_letters(name, s);
    return parse(name, s, false);
}

/* The file in the zip is the one that stands beside it. */
static void same_file(struct bt_str zip, const char *name, const char *suffix)
{
    struct bt_str packed = zip_file(zip, name), beside = read_file(suffix);
    if (packed.n != beside.n || memcmp(packed.p, beside.p, beside.n) != 0)
        fault("zip", "%s is not %s", name, suffix);
}

/* Each document that is read has an overlay, and the overlay is of this document. */
static void check_spine(struct bt_str zip, xmlDocPtr opf)
{
    xmlNodeSetPtr ref = find(opf, "//*[local-name()='itemref']");
    if (ref->nodeNr != (int)parts.n)
        fault("epub", "%d documents in the spine, not %zu", ref->nodeNr, parts.n);
    for (int i = 0; i < ref->nodeNr; i++) {
        const char *item = "string(//*[local-name()='item'][@id='%s']/@%s)";
        const char *id = attribute(ref->nodeTab[i], "idref");
        const char *smil = string_at(
            opf, bt_format(arena, item, string_at(opf, bt_format(arena, item, id, "media-overlay")),
                           "href"));
        const char *text = string_at(opf, bt_format(arena, item, id, "href"));
        xmlDocPtr overlay = *smil ? zip_xml(zip, bt_format(arena, "EPUB/%s", smil)) : NULL;
        const char *of = string_at(overlay, "string(//@*[local-name()='textref'])");
        const char *other =
            bt_format(arena, "//*[local-name()='text'][not(starts-with(@src, '%s#'))]", text);
        if (!*smil || strcmp(of, text) != 0 || find(overlay, other)->nodeNr)
            fault("epub", "%s has no overlay of its own", text);
    }
}

static void check_epub(void)
{
    struct bt_str zip = read_file(".epub");
    xmlDocPtr opf = zip_xml(zip, "EPUB/package.opf");
    struct clips c = {.what = "epub"};
    same_file(zip, "EPUB/audio.mp3", ".mp3");
    check_spine(zip, opf);
    for (size_t i = 0; i < parts.n; i++) {
        const char *name = bt_format(arena, "EPUB/s%02zu", i + 1);
        c.begin = parts.at[i].from;
        check_smil(&c, zip_xml(zip, bt_format(arena, "%s.smil", name)),
                   zip_xml(zip, bt_format(arena, "%s.xhtml", name)), "clipBegin", "clipEnd", 0);
        same_time("epub, part ends", i, c.end, parts.at[i].to);
        same_time("epub, media:duration", i,
                  seconds(text_at(opf, bt_format(arena, "//*[@refines='#o%zu']", i + 1))),
                  parts.at[i].to - parts.at[i].from);
    }
    same_time("epub, media:duration", 0,
              seconds(text_at(opf, "//*[@property='media:duration'][not(@refines)]")), length);
    if (c.sentence != page.n)
        fault("epub", "%zu sentences, not %zu", c.sentence, page.n);
}

static const char *meta(xmlDocPtr doc, const char *name)
{
    const char *path = bt_format(arena, "//*[local-name()='meta'][@name='%s']", name);
    xmlNodeSetPtr s = find(doc, path);
    return s->nodeNr ? attribute(s->nodeTab[0], "content") : "";
}

static xmlDocPtr daisy_file(size_t number, const char *suffix)
{
    const char *name = bt_format(arena, "daisy/%03zu.%s", number, suffix);
    return parse(name, read_file(name), false);
}

static void same_folder(struct bt_str zip)
{
    DIR *d = opendir(path_of("daisy"));
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.')
            same_file(zip, e->d_name, bt_format(arena, "daisy/%s", e->d_name));
    if (d)
        closedir(d);
}

static long files_in(const char *folder)
{
    long n = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

static void check_daisy(void)
{
    xmlDocPtr ncc = parse("ncc.html", read_file("daisy/ncc.html"), false);
    struct clips c = {.what = "daisy"};
    double sum = 0;
    for (size_t i = 0; i < parts.n; i++) {
        xmlDocPtr smil = daisy_file(i + 1, "smil");
        double sound =
            (double)frames_of(path_of(bt_format(arena, "daisy/%03zu.mp3", i + 1))) / RATE;
        c.begin = parts.at[i].from;
        check_smil(&c, smil, daisy_file(i + 1, "html"), "clip-begin", "clip-end", c.begin);
        double mine = seconds(meta(smil, "ncc:timeInThisSmil"));
        same_time("daisy, part ends", i, c.end, parts.at[i].to);
        same_time("daisy, timeInThisSmil", i, mine, parts.at[i].to - parts.at[i].from);
        same_time("daisy, sound", i, sound, parts.at[i].to - parts.at[i].from);
        same_time("daisy, totalElapsedTime", i, seconds(meta(smil, "ncc:totalElapsedTime")), sum);
        if (c.end - c.begin > sound + 1e-6)
            fault("daisy", "part %zu: a clip ends after its sound", i + 1);
        sum += mine;
    }
    same_folder(read_file(".daisy.zip"));
    if (fabs(seconds(meta(ncc, "ncc:totalTime")) - sum) > 0.5 + MS)
        fault("daisy", "ncc:totalTime is %s, not %.3f s", meta(ncc, "ncc:totalTime"), sum);
    if (atol(meta(ncc, "ncc:files")) != files_in(path_of("daisy")))
        fault("daisy", "ncc:files is %s", meta(ncc, "ncc:files"));
    if (atol(meta(ncc, "ncc:tocItems")) != (long)parts.n || c.sentence != page.n)
        fault("daisy", "%s parts, %zu sentences", meta(ncc, "ncc:tocItems"), c.sentence);
}

/* ---- the rest ---- */

static void check_stories(void)
{
    struct dirent **name;
    int n = scandir(path_of("tin"), &name, NULL, alphasort);
    size_t k = 0;
    for (int i = 0; i < n; i++) {
        if (name[i]->d_name[0] == '.' || k >= parts.n)
            continue;
        const char *path = bt_format(arena, "%s/%s", path_of("tin"), name[i]->d_name);
        same_time("stories", k, (double)frames_of(path) / RATE, parts.at[k].to - parts.at[k].from);
        k++;
    }
    for (int i = 0; i < n; i++)
        free(name[i]);
    if (n >= 0)
        free(name);
    if (k != parts.n || n != (int)parts.n + 2)
        fault("stories", "%d files, not %zu", n - 2, parts.n);
}

/* The programme's feed: of each of its items the sound is there, and as large as it says. */
static void check_all_items(void)
{
    const char *root = bt_strndup(arena, edition, (size_t)(strrchr(edition, '/') - edition));
    xmlDocPtr feed = parse("../feed.xml", read_path(bt_format(arena, "%s/feed.xml", root)), false);
    xmlNodeSetPtr item = find(feed, "//enclosure");
    for (int i = 0; i < item->nodeNr; i++) {
        const char *url = attribute(item->nodeTab[i], "url"), *at = strrchr(url, '/');
        while (at > url && at[-1] != '/')
            at--;
        struct stat st;
        if (stat(bt_format(arena, "%s/%s", root, at), &st) != 0 ||
            atoll(attribute(item->nodeTab[i], "length")) != st.st_size)
            fault("../feed.xml", "%s is not so large", url);
    }
    if (!item->nodeNr || find(feed, "//item")->nodeNr != item->nodeNr)
        fault("../feed.xml", "%d items with sound", item->nodeNr);
}

static void check_feed(void)
{
    xmlDocPtr feed = parse("feed.xml", read_file("feed.xml"), false);
    check_all_items();
    xmlNodeSetPtr url = find(feed, "//item/*/@url | //channel/*/@href[contains(., '/bia.')]");
    const char *size = text_at(feed, "//enclosure/@length");
    struct stat st;
    if (stat(path_of(".mp3"), &st) != 0 || atoll(size) != st.st_size)
        fault("feed", "the enclosure is not of %s bytes", size);
    if (atol(text_at(feed, "//*[local-name()='duration']")) != lround(length))
        fault("feed", "duration");
    for (int i = 0; i < url->nodeNr; i++) {
        const char *s = content(url->nodeTab[i]);
        if (!bt_file_exists(path_of(strrchr(s, '/') + 1)))
            fault("feed", "%s is not there", s);
    }
    if (url->nodeNr < 3)
        fault("feed", "%d addresses", url->nodeNr);
}

/* All that a reader sees of a file. */
static const char *whole_text(const char *suffix, bool html)
{
    xmlDocPtr doc = parse(suffix, read_file(suffix), html);
    return plain(text_at(doc, html ? "//body" : "/*"));
}

static const char *joined(const struct list *l)
{
    struct bt_buf b;
    bt_buf_init(&b, MOST);
    for (size_t i = 0; i < l->n; i++)
        bt_buf_addf(&b, "%s ", l->at[i].text);
    const char *s = plain(bt_strndup(arena, b.p ? b.p : "", b.n));
    bt_buf_finish(&b);
    return s;
}

/* The captions' is the page's already, and the books' and chapters' too. */
static void check_wanted(const char *text)
{
    const struct {
        const char *name, *all;
    } in[] = {{"page, read", joined(&page)},
              {"page", whole_text("index.html", true)},
              {"sheet", whole_text("to-duyet.html", true)},
              {"feed", whole_text("feed.xml", false)},
              {"daisy", whole_text("daisy/ncc.html", false)},
              {"parts", joined(&parts)}};
    for (size_t i = 0; i < BT_LEN(in); i++)
        if (!strstr(in[i].all, plain(text)))
            fault(in[i].name, "has not “%.60s”", text);
}

int main(int argc, char **argv)
{
    static const char *const texts[] = {
        "index.html", "to-duyet.html", "feed.xml",       "rundown.xml",    "timing.tsv",
        ".vi.vtt",    ".chapters.vtt", ".chapters.json", "daisy/ncc.html", "daisy/001.html"};
    static void (*const checks[])(void) = {check_page,     check_timing,   check_rundown,
                                           check_captions, check_chapters, check_epub,
                                           check_daisy,    check_stories,  check_feed};
    if (argc < 2)
        return 2;
    arena = bt_arena_create();
    xmlSetGenericErrorFunc(NULL, quiet);
    edition = argv[1];
    const char *date = strrchr(edition, '/') + 1,
               *id = bt_strndup(arena, edition, (size_t)(date - 1 - edition));
    stem = bt_format(arena, "%s-%.10s", strrchr(id, '/') + 1, date);
    length = (double)frames_of(path_of(".mp3")) / RATE;
    load_page();
    for (size_t i = 0; i < BT_LEN(checks) && page.n && parts.n; i++)
        checks[i]();
    for (size_t i = 0; i < BT_LEN(texts); i++)
        check_letters(texts[i], read_file(texts[i]));
    for (int i = 2; i < argc; i++)
        check_wanted(argv[i]);
    for (size_t i = 0; i < kept.nfound; i++)
        xmlXPathFreeObject(kept.found[i]);
    for (size_t i = 0; i < kept.ndoc; i++)
        xmlFreeDoc(kept.doc[i]);
    xmlCleanupParser();
    bt_arena_destroy(arena);
    return faults ? 1 : 0;
}
