/* The vocabulary: every element and attribute of programmes and rundowns, once. */
#include "script/schema.h"

#include <stddef.h>
#include <string.h>

const struct bt_element bt_elements[] = {
    {"programme", "", false, BT_M_ELEMENT_PROGRAMME},
    {"rundown", "", false, BT_M_ELEMENT_RUNDOWN},
    {"source", "programme", false, BT_M_ELEMENT_SOURCE},
    {"pick", "programme", false, BT_M_ELEMENT_PICK},
    {"order", "programme", false, BT_M_ELEMENT_ORDER},
    {"jingle", "order rundown", false, BT_M_ELEMENT_JINGLE},
    {"clip", "order rundown", false, BT_M_ELEMENT_CLIP},
    {"say", "order rundown", true, BT_M_ELEMENT_SAY},
    {"headlines", "order rundown", false, BT_M_ELEMENT_HEADLINES},
    {"stories", "order", false, BT_M_ELEMENT_STORIES},
    {"story", "rundown", false, BT_M_ELEMENT_STORY},
    {"title", "story", true, BT_M_ELEMENT_TITLE},
    {"lead", "story", true, BT_M_ELEMENT_LEAD},
    {"p", "story", true, BT_M_ELEMENT_P},
    {"story/source", "story", true, BT_M_ELEMENT_STORY_SOURCE},
    {"deliver", "programme rundown", false, BT_M_ELEMENT_DELIVER},
};
const size_t bt_nelements = BT_LEN(bt_elements);

#define PROGRAMME(m) offsetof(struct bt_programme, m)
#define RUNDOWN(m) offsetof(struct bt_rundown, m)
#define SOURCE(m) offsetof(struct bt_source_spec, m)
#define CUE(m) offsetof(struct bt_cue, m)
#define DELIVER(m) offsetof(struct bt_delivery, m)
#define TEXT &bt_type_text
#define FORMATS                                                                                    \
    "wav mp3 flac opus opus24 ogg vtt chapters page feed sheet stories epub daisy "                \
    "m3u8 xspf rdlog"

const struct bt_field bt_fields[] = {
    {"programme", "id", &bt_type_name, PROGRAMME(id), true, NULL, NULL, BT_M_FIELD_PROGRAMME_ID},
    {"programme", "title", TEXT, PROGRAMME(title), true, NULL, NULL, BT_M_FIELD_TITLE},
    {"programme", "station", TEXT, PROGRAMME(station), true, NULL, NULL, BT_M_FIELD_STATION},
    {"programme", "air", &bt_type_clock, PROGRAMME(air_s), true, NULL, NULL, BT_M_FIELD_AIR},
    {"programme", "deadline", &bt_type_clock, PROGRAMME(deadline_s), false, NULL, NULL,
     BT_M_FIELD_DEADLINE},
    {"programme", "days", &bt_type_days, PROGRAMME(days), false, "1-7", NULL, BT_M_FIELD_DAYS},
    {"programme", "zone", &bt_type_zone, PROGRAMME(zone), false, "+07:00", NULL, BT_M_FIELD_ZONE},
    {"programme", "approve", &bt_type_choice, PROGRAMME(approve), false, "no", "no required",
     BT_M_FIELD_APPROVE},
    {"programme", "evergreen", TEXT, PROGRAMME(evergreen), false, NULL, NULL, BT_M_FIELD_EVERGREEN},
    {"programme", "last-good", &bt_type_duration, PROGRAMME(last_good_ms), false, "26h", NULL,
     BT_M_FIELD_LAST_GOOD},
    {"programme", "wait", &bt_type_duration, PROGRAMME(wait_ms), false, NULL, NULL,
     BT_M_FIELD_WAIT},
    {"programme", "keep", &bt_type_duration, PROGRAMME(keep_ms), false, NULL, NULL,
     BT_M_FIELD_KEEP},
    {"programme", "budget", &bt_type_size, PROGRAMME(budget), false, NULL, NULL, BT_M_FIELD_BUDGET},
    {"programme", "alarm", TEXT, PROGRAMME(alarm), false, NULL, NULL, BT_M_FIELD_ALARM},

    {"source", "href", TEXT, SOURCE(href), true, NULL, NULL, BT_M_FIELD_HREF},
    {"source", "rights", TEXT, SOURCE(rights), false, NULL, NULL, BT_M_FIELD_RIGHTS},
    {"source", "section", TEXT, SOURCE(section), false, NULL, NULL, BT_M_FIELD_SECTION},
    {"source", "dates", TEXT, SOURCE(dates), false, NULL, NULL, BT_M_FIELD_DATES},

    {"pick", "from", &bt_type_moment, PROGRAMME(from), false, "-1d 19:00", NULL, BT_M_FIELD_FROM},
    {"pick", "until", &bt_type_moment, PROGRAMME(until), false, "08:30", NULL, BT_M_FIELD_UNTIL},
    {"pick", "stories", &bt_type_counts, PROGRAMME(stories), false, "1-100", NULL,
     BT_M_FIELD_STORIES},
    {"pick", "segment", TEXT, PROGRAMME(segment), false, NULL, NULL, BT_M_FIELD_SEGMENT},
    {"pick", "quota", &bt_type_words, PROGRAMME(quotas), false, NULL, NULL, BT_M_FIELD_QUOTA},
    {"pick", "list", TEXT, PROGRAMME(list), false, NULL, NULL, BT_M_FIELD_LIST},
    {"pick", "length", &bt_type_length, PROGRAMME(stories_ms), false, NULL, NULL,
     BT_M_FIELD_PICK_LENGTH},
    {"pick", "pace", &bt_type_count, PROGRAMME(pace), false, "240", NULL, BT_M_FIELD_PACE},

    {"jingle", "id", &bt_type_name, CUE(id), false, NULL, NULL, BT_M_FIELD_ID},
    {"jingle", "src", TEXT, CUE(src), true, NULL, NULL, BT_M_FIELD_SRC},
    {"jingle", "under", &bt_type_duration, CUE(under_ms), false, NULL, NULL, BT_M_FIELD_UNDER},
    {"jingle", "back-timed", &bt_type_yes, CUE(back_timed), false, NULL, NULL,
     BT_M_FIELD_BACK_TIMED},

    {"clip", "id", &bt_type_name, CUE(id), false, NULL, NULL, BT_M_FIELD_ID},
    {"clip", "src", TEXT, CUE(src), true, NULL, NULL, BT_M_FIELD_SRC},

    {"say", "id", &bt_type_name, CUE(id), false, NULL, NULL, BT_M_FIELD_ID},
    {"say", "voice", &bt_type_words, CUE(voice), true, NULL, NULL, BT_M_FIELD_VOICE},
    {"say", "bed", TEXT, CUE(bed), false, NULL, NULL, BT_M_FIELD_BED},

    {"headlines", "id", &bt_type_name, CUE(id), false, NULL, NULL, BT_M_FIELD_ID},
    {"headlines", "voice", &bt_type_words, CUE(voice), true, NULL, NULL, BT_M_FIELD_VOICES},
    {"headlines", "bed", TEXT, CUE(bed), false, NULL, NULL, BT_M_FIELD_BED},

    {"stories", "voice", &bt_type_words, CUE(voice), true, NULL, NULL, BT_M_FIELD_VOICES},
    {"stories", "quotes", &bt_type_words, CUE(quotes), false, NULL, NULL, BT_M_FIELD_QUOTES},
    {"stories", "bed", TEXT, CUE(bed), false, NULL, NULL, BT_M_FIELD_BED},
    {"stories", "sting", TEXT, CUE(sting), false, NULL, NULL, BT_M_FIELD_STING},

    {"story", "id", &bt_type_name, CUE(id), true, NULL, NULL, BT_M_FIELD_ID},
    {"story", "state", &bt_type_choice, CUE(state), false, "air", "air hold drop",
     BT_M_FIELD_STATE},
    {"story", "form", &bt_type_choice, CUE(form), false, "full", "full brief headline",
     BT_M_FIELD_FORM},
    {"story", "priority", &bt_type_count, CUE(priority), false, "5", NULL, BT_M_FIELD_PRIORITY},
    {"story", "voice", &bt_type_words, CUE(voice), true, NULL, NULL, BT_M_FIELD_VOICE},
    {"story", "quotes", &bt_type_words, CUE(quotes), false, NULL, NULL, BT_M_FIELD_QUOTES},
    {"story", "bed", TEXT, CUE(bed), false, NULL, NULL, BT_M_FIELD_BED},
    {"story", "sting", TEXT, CUE(sting), false, NULL, NULL, BT_M_FIELD_STING},
    {"story", "why", TEXT, CUE(why), false, NULL, NULL, BT_M_FIELD_WHY},
    {"story", "approved", TEXT, CUE(approved), false, NULL, NULL, BT_M_FIELD_APPROVED},
    {"story", "published", &bt_type_instant, CUE(published), false, NULL, NULL,
     BT_M_FIELD_PUBLISHED},

    {"story/source", "url", TEXT, CUE(url), false, NULL, NULL, BT_M_FIELD_STORY_URL},
    {"story/source", "credit", TEXT, CUE(credit), false, NULL, NULL, BT_M_FIELD_CREDIT},

    {"deliver", "to", TEXT, DELIVER(to), true, NULL, NULL, BT_M_FIELD_TO},
    {"deliver", "as", &bt_type_choices, DELIVER(as), true, NULL, FORMATS, BT_M_FIELD_AS},
    {"deliver", "mix", &bt_type_choice, DELIVER(mix), false, "air", "air clear", BT_M_FIELD_MIX},
    {"deliver", "channels", &bt_type_count, DELIVER(channels), false, "1", NULL,
     BT_M_FIELD_CHANNELS},
    {"deliver", "dual-mono", &bt_type_yes, DELIVER(dual_mono), false, NULL, NULL,
     BT_M_FIELD_DUAL_MONO},
    {"deliver", "loudness", &bt_type_number, DELIVER(loudness), false, "-23", NULL,
     BT_M_FIELD_LOUDNESS},
    {"deliver", "peak", &bt_type_number, DELIVER(peak), false, "-1", NULL, BT_M_FIELD_PEAK},
    {"deliver", "duck", &bt_type_number, DELIVER(duck), false, "-14", NULL, BT_M_FIELD_DUCK},
    {"deliver", "duck-down", &bt_type_duration, DELIVER(duck_down_ms), false, "150ms", NULL,
     BT_M_FIELD_DUCK_DOWN},
    {"deliver", "duck-hold", &bt_type_duration, DELIVER(duck_hold_ms), false, "200ms", NULL,
     BT_M_FIELD_DUCK_HOLD},
    {"deliver", "duck-up", &bt_type_duration, DELIVER(duck_up_ms), false, "500ms", NULL,
     BT_M_FIELD_DUCK_UP},
    {"deliver", "length", &bt_type_length, DELIVER(length), false, NULL, NULL, BT_M_FIELD_LENGTH},
    {"deliver", "kbps", &bt_type_count, DELIVER(kbps), false, "128", NULL, BT_M_FIELD_KBPS},
    {"deliver", "vbr", &bt_type_choice, DELIVER(vbr), false, "no",
     "no V0 V1 V2 V3 V4 V5 V6 V7 V8 V9", BT_M_FIELD_VBR},
    {"deliver", "id3", &bt_type_choice, DELIVER(id3), false, "2.4", "2.4 2.3", BT_M_FIELD_ID3},
    {"deliver", "rf64", &bt_type_yes, DELIVER(rf64), false, NULL, NULL, BT_M_FIELD_RF64},
    {"deliver", "cart", &bt_type_count, DELIVER(cart), false, "0", NULL, BT_M_FIELD_CART},
    {"deliver", "drop", TEXT, DELIVER(drop), false, NULL, NULL, BT_M_FIELD_DROP},
    {"deliver", "drop-as", &bt_type_choices, DELIVER(drop_as), false, "fixed", "fixed dated newest",
     BT_M_FIELD_DROP_AS},
    {"deliver", "cover", TEXT, DELIVER(cover), false, NULL, NULL, BT_M_FIELD_COVER},
    {"deliver", "url", TEXT, DELIVER(url), false, NULL, NULL, BT_M_FIELD_URL},

    {"rundown", "programme", &bt_type_name, RUNDOWN(programme), true, NULL, NULL,
     BT_M_FIELD_PROGRAMME_ID},
    {"rundown", "title", TEXT, RUNDOWN(title), false, NULL, NULL, BT_M_FIELD_TITLE},
    {"rundown", "station", TEXT, RUNDOWN(station), false, NULL, NULL, BT_M_FIELD_STATION},
    {"rundown", "date", &bt_type_date, RUNDOWN(date), true, NULL, NULL, BT_M_FIELD_DATE},
    {"rundown", "air", &bt_type_instant, RUNDOWN(air), true, NULL, NULL, BT_M_FIELD_AIR_INSTANT},
    {"rundown", "approve", &bt_type_choice, RUNDOWN(approve), false, "no", "no required",
     BT_M_FIELD_APPROVE},
    {"rundown", "pack", TEXT, RUNDOWN(pack), false, NULL, NULL, BT_M_FIELD_PACK},
};
const size_t bt_nfields = BT_LEN(bt_fields);

const char *bt_element_tag(const struct bt_element *e)
{
    const char *slash = strchr(e->name, '/');
    return slash ? slash + 1 : e->name;
}

/* ---- RELAX NG ------------------------------------------------------------------------------- */

static void rng_choice(const char *choices, struct bt_buf *out)
{
    struct bt_str rest = bt_str(choices), word;
    bt_buf_adds(out, "<choice>");
    while (bt_str_cut(&rest, ' ', &word))
        bt_buf_addf(out, "<value>%.*s</value>", (int)word.n, word.p);
    bt_buf_adds(out, "</choice>");
}

static void rng_value(const struct bt_field *f, struct bt_buf *out)
{
    if (f->type == &bt_type_choices)
        bt_buf_adds(out, "<list><oneOrMore>");
    if (f->choices)
        rng_choice(f->choices, out);
    else if (f->type->pattern)
        bt_buf_addf(out, "<data type=\"string\"><param name=\"pattern\">%s</param></data>",
                    f->type->pattern);
    else
        bt_buf_adds(out, "<text/>");
    if (f->type == &bt_type_choices)
        bt_buf_adds(out, "</oneOrMore></list>");
}

static void rng_attributes(const char *element, struct bt_buf *out)
{
    for (size_t i = 0; i < bt_nfields; i++) {
        const struct bt_field *f = &bt_fields[i];
        if (strcmp(f->element, element) != 0)
            continue;
        bt_buf_adds(out, f->must ? "    " : "    <optional>");
        bt_buf_addf(out, "<attribute name=\"%s\">", f->name);
        rng_value(f, out);
        bt_buf_addf(out, "</attribute>%s\n", f->must ? "" : "</optional>");
    }
}

static void rng_children(const struct bt_element *e, struct bt_buf *out)
{
    bt_buf_adds(out, "    <interleave>\n");
    if (e->text)
        bt_buf_adds(out, "      <text/>\n");
    for (size_t i = 0; i < bt_nelements; i++)
        if (bt_has_word(bt_elements[i].parents, e->name))
            bt_buf_addf(out, "      <zeroOrMore><ref name=\"e%zu\"/></zeroOrMore>\n", i);
    bt_buf_adds(out, "      <empty/>\n    </interleave>\n");
}

void bt_schema_relaxng(struct bt_buf *out)
{
    bt_buf_adds(out, "<grammar xmlns=\"http://relaxng.org/ns/structure/1.0\"\n"
                     "    datatypeLibrary=\"http://www.w3.org/2001/XMLSchema-datatypes\">\n"
                     "  <start><choice>");
    for (size_t i = 0; i < bt_nelements; i++)
        if (!*bt_elements[i].parents)
            bt_buf_addf(out, "<ref name=\"e%zu\"/>", i);
    bt_buf_adds(out, "</choice></start>\n");
    for (size_t i = 0; i < bt_nelements; i++) {
        const struct bt_element *e = &bt_elements[i];
        bt_buf_addf(out, "  <define name=\"e%zu\"><element name=\"%s\">\n", i, bt_element_tag(e));
        rng_attributes(e->name, out);
        rng_children(e, out);
        bt_buf_adds(out, "  </element></define>\n");
    }
    bt_buf_adds(out, "</grammar>\n");
}

/* ---- the man page --------------------------------------------------------------------------- */

void bt_schema_mdoc(struct bt_buf *out)
{
    for (size_t i = 0; i < bt_nelements; i++) {
        const struct bt_element *e = &bt_elements[i];
        bt_buf_addf(out, ".It Aq %s\n%s\n", bt_element_tag(e), bt_msg(e->help));
        for (size_t k = 0; k < bt_nfields; k++) {
            const struct bt_field *f = &bt_fields[k];
            if (strcmp(f->element, e->name) != 0)
                continue;
            bt_buf_addf(out, ".br\n.Ic %s Ns = Ns Dq %s :\n%s", f->name,
                        f->choices ? f->choices : f->type->example, bt_msg(f->help));
            if (f->preset)
                bt_buf_addf(out, " (%s)", f->preset);
            bt_buf_adds(out, "\n");
        }
    }
}
