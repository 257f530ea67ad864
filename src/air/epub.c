/*
 * EPUB 3 with Media Overlays (W3C EPUB 3.3): a document for each part, and beside it the clip of
 * the rendition's MP3 that each sentence is heard in. Knows EPUB's files; what is heard when comes
 * from the book.
 */
#include <string.h>

#include "air/book.h"
#include "air/encode.h"

#define HTML                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n"                                \
    "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" "    \
    "lang=\"vi\" xml:lang=\"vi\">\n<head>\n<title>"
#define HTML_BODY                                                                                  \
    "</title>\n<link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/>\n</head>\n<body>\n"

static const char container[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n"
    "<rootfiles><rootfile full-path=\"EPUB/package.opf\" "
    "media-type=\"application/oebps-package+xml\"/></rootfiles>\n</container>\n";

static const char style[] = "body { line-height: 1.6; }\nh1 { line-height: 1.3; }\n"
                            ".-epub-media-overlay-active { background: #ffe98a; color: #14181f; "
                            "text-decoration: underline; }\n";

struct epub {
    struct bt_arena *a;
    const struct bt_published *p;
    struct bt_book book;
    struct bt_buf out; /* the file that is being written */
    struct bt_zip_file *file;
    size_t nfile;
    size_t mark; /* marks in this document */
};

static void put(struct epub *e, const char *xml)
{
    bt_buf_adds(&e->out, xml);
}

static void text(struct epub *e, const char *words)
{
    bt_put_xml(&e->out, words);
}

static struct bt_zip_file *add(struct epub *e, const char *name)
{
    struct bt_zip_file *f = bt_push(e->a, &e->file, &e->nfile, sizeof(*f));
    f->name = name;
    return f;
}

static void add_static(struct epub *e, const char *name, const char *bytes)
{
    add(e, name)->bytes = bt_str(bytes);
}

/* What has been written becomes a file. */
static void add_written(struct epub *e, const char *name)
{
    add(e, name)->bytes = (struct bt_str){bt_strndup(e->a, e->out.p, e->out.n), e->out.n};
    bt_buf_clear(&e->out);
}

/* ---- a part: its text, and its overlay beside it ---- */

static bool is_clip(const struct bt_clip *c)
{
    return c->to > c->from;
}

static void put_par(size_t part, struct bt_buf *smil, const char *id, const struct bt_clip *c)
{
    bt_buf_addf(smil,
                "<par id=\"p-%s\"><text src=\"s%02zu.xhtml#%s\"/><audio src=\"audio.mp3\" "
                "clipBegin=\"%lld.%03llds\" clipEnd=\"%lld.%03llds\"/></par>\n",
                id, part + 1, id, (long long)(c->from / 1000), (long long)(c->from % 1000),
                (long long)(c->to / 1000), (long long)(c->to % 1000));
}

static void put_sentences(struct epub *e, size_t part, const struct bt_para *para,
                          struct bt_buf *smil)
{
    for (size_t i = 0; i < para->n; i++) {
        const struct bt_sentence *s = &para->sentence[i];
        bool heard = is_clip(&s->clip);
        const char *id = heard ? bt_format(e->a, "t%zu", ++e->mark) : NULL;
        put(e, s->apart ? " " : "");
        if (heard)
            bt_buf_addf(&e->out, "<span id=\"%s\">", id);
        text(e, bt_strndup(e->a, s->text.p, s->text.n));
        put(e, heard ? "</span>" : "");
        if (heard)
            put_par(part, smil, id, &s->clip);
    }
}

static void put_heading(struct epub *e, size_t i, struct bt_buf *smil)
{
    const struct bt_part *part = &e->book.part[i];
    put(e, "<h1 id=\"h\">");
    if (is_clip(&part->head))
        put_par(i, smil, "h", &part->head);
    if (part->n && part->para[0].title)
        put_sentences(e, i, &part->para[0], smil);
    else
        text(e, part->title);
    put(e, "</h1>\n");
}

static void add_part(struct epub *e, size_t i)
{
    const struct bt_part *part = &e->book.part[i];
    struct bt_buf smil;
    bt_buf_init(&smil, SIZE_MAX / 2);
    e->mark = 0;
    put(e, HTML);
    text(e, part->title);
    put(e, HTML_BODY "<section epub:type=\"chapter\" role=\"doc-chapter\" "
                     "aria-labelledby=\"h\">\n");
    bt_buf_addf(&smil,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<smil xmlns=\"http://www.w3.org/ns/SMIL\" "
                "xmlns:epub=\"http://www.idpf.org/2007/ops\" version=\"3.0\">\n<body>\n"
                "<seq id=\"q\" epub:textref=\"s%02zu.xhtml\" epub:type=\"chapter\">\n",
                i + 1);
    put_heading(e, i, &smil);
    for (size_t k = part->n && part->para[0].title ? 1 : 0; k < part->n; k++) {
        put(e, "<p>");
        put_sentences(e, i, &part->para[k], &smil);
        put(e, "</p>\n");
    }
    put(e, "</section>\n</body>\n</html>\n");
    add_written(e, bt_format(e->a, "EPUB/s%02zu.xhtml", i + 1));
    bt_buf_adds(&smil, "</seq>\n</body>\n</smil>\n");
    bt_buf_add(&e->out, smil.p, smil.n);
    bt_buf_finish(&smil);
    add_written(e, bt_format(e->a, "EPUB/s%02zu.smil", i + 1));
}

/* ---- what names them all ---- */

static void add_nav(struct epub *e)
{
    put(e, HTML);
    text(e, e->p->tags->title);
    put(e, HTML_BODY "<nav epub:type=\"toc\" role=\"doc-toc\" aria-labelledby=\"h\">\n"
                     "<h1 id=\"h\">Nội dung</h1>\n<ol>\n");
    for (size_t i = 0; i < e->book.n; i++) {
        bt_buf_addf(&e->out, "<li><a href=\"s%02zu.xhtml\">", i + 1);
        text(e, e->book.part[i].title);
        put(e, "</a></li>\n");
    }
    put(e, "</ol>\n</nav>\n</body>\n</html>\n");
    add_written(e, "EPUB/nav.xhtml");
}

static void element(struct epub *e, const char *open, const char *words, const char *close)
{
    if (!words || !*words)
        return;
    put(e, open);
    text(e, words);
    put(e, close);
}

static const char *clock_of(struct epub *e, int64_t ms)
{
    return bt_format(e->a, "%d:%02d:%02d.%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
                     (int)(ms / 1000 % 60), (int)(ms % 1000));
}

static void put_durations(struct epub *e)
{
    int64_t sum = 0;
    for (size_t i = 0; i < e->book.n; i++) {
        int64_t ms = e->book.part[i].whole.to - e->book.part[i].whole.from;
        bt_buf_addf(&e->out, "<meta property=\"media:duration\" refines=\"#o%zu\">%s</meta>\n",
                    i + 1, clock_of(e, ms));
        sum += ms;
    }
    bt_buf_addf(&e->out, "<meta property=\"media:duration\">%s</meta>\n", clock_of(e, sum));
}

/* EPUB Accessibility 1.1: what the book can be used with, and that nothing in it harms. */
static const char accessible[] =
    "<meta property=\"schema:accessMode\">textual</meta>\n"
    "<meta property=\"schema:accessMode\">auditory</meta>\n"
    "<meta property=\"schema:accessModeSufficient\">textual</meta>\n"
    "<meta property=\"schema:accessModeSufficient\">auditory</meta>\n"
    "<meta property=\"schema:accessModeSufficient\">textual,auditory</meta>\n"
    "<meta property=\"schema:accessibilityFeature\">synchronizedAudioText</meta>\n"
    "<meta property=\"schema:accessibilityFeature\">tableOfContents</meta>\n"
    "<meta property=\"schema:accessibilityFeature\">structuralNavigation</meta>\n"
    "<meta property=\"schema:accessibilityFeature\">readingOrder</meta>\n"
    "<meta property=\"schema:accessibilityFeature\">displayTransformability</meta>\n"
    "<meta property=\"schema:accessibilityFeature\">unlocked</meta>\n"
    "<meta property=\"schema:accessibilityHazard\">none</meta>\n"
    "<meta property=\"schema:accessibilitySummary\">Toàn văn và tiếng của cả bản tin, đi cùng nhau "
    "từng câu, có mục lục từng tin. Giọng đọc tổng hợp. Không có hình.</meta>\n";

static void put_metadata(struct epub *e)
{
    const struct bt_tags *t = e->p->tags;
    bool aired = t->air.utc != BT_NO_TIME;
    struct bt_civil c = bt_utc_civil(aired ? t->air.utc : 0, 0);
    bt_buf_addf(&e->out,
                "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
                "<dc:identifier id=\"id\">urn:uuid:%s</dc:identifier>\n",
                bt_uuid(e->a, bt_format(e->a, "%s/%s", t->programme, e->p->edition)));
    element(e, "<dc:title>", t->title, "</dc:title>\n");
    put(e, "<dc:language>vi</dc:language>\n");
    element(e, "<dc:creator>", t->artist, "</dc:creator>\n");
    element(e, "<dc:publisher>", t->artist, "</dc:publisher>\n");
    element(e, "<dc:date>", t->date, "</dc:date>\n");
    bt_buf_addf(&e->out,
                "<meta property=\"dcterms:modified\">%04d-%02d-%02dT%02d:%02d:%02dZ</meta>\n",
                c.year, c.mon, c.day, c.hour, c.min, c.sec);
    put_durations(e);
    element(e, "<meta property=\"media:narrator\">", t->comment, "</meta>\n");
    put(e, "<meta property=\"media:active-class\">-epub-media-overlay-active</meta>\n");
    put(e, accessible);
    put(e, "</metadata>\n");
}

static void add_package(struct epub *e)
{
    put(e, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" xml:lang=\"vi\" "
           "unique-identifier=\"id\">\n");
    put_metadata(e);
    put(e, "<manifest>\n<item id=\"nav\" href=\"nav.xhtml\" properties=\"nav\" "
           "media-type=\"application/xhtml+xml\"/>\n"
           "<item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n"
           "<item id=\"audio\" href=\"audio.mp3\" media-type=\"audio/mpeg\"/>\n");
    for (size_t i = 1; i <= e->book.n; i++)
        bt_buf_addf(&e->out,
                    "<item id=\"s%zu\" href=\"s%02zu.xhtml\" media-overlay=\"o%zu\" "
                    "media-type=\"application/xhtml+xml\"/>\n<item id=\"o%zu\" "
                    "href=\"s%02zu.smil\" media-type=\"application/smil+xml\"/>\n",
                    i, i, i, i, i);
    put(e, "</manifest>\n<spine>\n");
    for (size_t i = 1; i <= e->book.n; i++)
        bt_buf_addf(&e->out, "<itemref idref=\"s%zu\"/>\n", i);
    put(e, "</spine>\n</package>\n");
    add_written(e, "EPUB/package.opf");
}

bool bt_book_epub(const struct bt_published *p, const char *dir, struct bt_err *err)
{
    struct epub e = {.a = bt_arena_create(), .p = p};
    const struct bt_instant *air = &p->tags->air;
    const struct bt_file *mp3 = bt_published_mp3(p);
    bool aired = air->utc != BT_NO_TIME;
    struct bt_civil at = bt_utc_civil(aired ? air->utc : 0, aired ? (int)air->zone : 0);
    bt_buf_init(&e.out, SIZE_MAX / 2);
    bt_book_make(e.a, p, &e.book);
    add_static(&e, "mimetype", "application/epub+zip");
    e.file[0].stored = true;
    add_static(&e, "META-INF/container.xml", container);
    add_package(&e);
    add_nav(&e);
    add_static(&e, "EPUB/style.css", style);
    for (size_t i = 0; i < e.book.n; i++)
        add_part(&e, i);
    bool ok = true;
    if (mp3) {
        struct bt_zip_file *f = add(&e, "EPUB/audio.mp3");
        f->path = mp3->path;
        f->stored = true;
        const char *name = bt_format(e.a, "%s.epub", p->stem);
        ok = bt_zip_write(bt_path_join(e.a, dir, name), e.file, e.nfile, &at, err);
    }
    bt_buf_finish(&e.out);
    bt_arena_destroy(e.a);
    return ok;
}
