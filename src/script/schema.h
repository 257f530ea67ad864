/*
 * script only: the vocabulary of programmes and rundowns, as tables. The loader, the writer, the
 * error messages, the man page and the RELAX NG all read these.
 */
#ifndef BT_SCHEMA_H
#define BT_SCHEMA_H

#include "script/script.h"

#include <libxml/tree.h>

/* How one kind of attribute value is written, read and shown. */
struct bt_type {
    const char *example; /* what to write */
    const char *pattern; /* RELAX NG: an XML Schema regular expression; NULL: any text */
    /* `choices` is the field's. False when s is not of the type; *at is then untouched. */
    bool (*read)(struct bt_arena *a, const char *s, const char *choices, void *at);
    bool (*write)(const void *at, const char *choices, struct bt_buf *out); /* false: nothing to say */
};
extern const struct bt_type bt_type_text, bt_type_name, bt_type_words, bt_type_choice,
    bt_type_choices, bt_type_yes, bt_type_count, bt_type_number, bt_type_counts, bt_type_length,
    bt_type_clock, bt_type_moment, bt_type_duration, bt_type_size, bt_type_zone, bt_type_days, bt_type_date,
    bt_type_instant;

struct bt_field {
    const char *element, *name;
    const struct bt_type *type;
    size_t at;           /* offset in the element's struct */
    bool must;
    const char *preset;  /* taken when it is missing; NULL: the struct's zero */
    const char *choices; /* "one two": choice and choices */
    enum bt_msg help;
};
extern const struct bt_field bt_fields[];
extern const size_t bt_nfields;

struct bt_element {
    const char *name;    /* "source"; of two with the same tag one is "story/source" */
    const char *parents; /* "programme rundown"; "" for a root */
    bool text;           /* holds text, not elements */
    enum bt_msg help;
};
extern const struct bt_element bt_elements[];
extern const size_t bt_nelements;
const char *bt_element_tag(const struct bt_element *e);

bool bt_has_word(const char *words, const char *word); /* in a space-separated list */

/* ---- reading: xml.c ------------------------------------------------------------------------- */

struct bt_xml {
    struct bt_arena *a;
    const char *file;
    xmlDoc *doc;
    struct bt_faults *faults; /* all are wanted, not the first alone; or NULL */
};
/* The text of a file of ours: one that is missing is a wrong one. */
bool bt_xml_read(const char *path, size_t max, struct bt_buf *out, struct bt_err *err);
/* Parse without network, entities or DTD. BT_EFILE with file:line. */
bool bt_xml_open(struct bt_arena *a, const char *file, struct bt_str bytes, const char *root,
                 struct bt_faults *faults, struct bt_xml *out, struct bt_err *err);
void bt_xml_close(struct bt_xml *x);
/* "file:line: message"; BT_EFILE. Always false. */
bool bt_xml_fail(const struct bt_xml *x, const xmlNode *at, struct bt_err *err, enum bt_msg id,
                 ...);
/* After a fault: is the rest to be looked at even so? Then the fault is kept, and *err is empty. */
bool bt_xml_goes_on(const struct bt_xml *x, struct bt_err *err);
/* The next element child, checked to be allowed in its parent. *child NULL at the end. */
bool bt_xml_next(const struct bt_xml *x, xmlNode *parent, xmlNode **child, struct bt_err *err);
/* Fill `target` from the element's attributes by bt_fields. */
bool bt_xml_fields(const struct bt_xml *x, xmlNode *node, void *target, struct bt_err *err);
const char *bt_xml_text(const struct bt_xml *x, xmlNode *node); /* white space folded, NFC */
bool bt_xml_is(const xmlNode *node, const char *name);

/* ---- what programme and rundown share: cue.c ------------------------------------------------ */

bool bt_deliver_read(const struct bt_xml *x, xmlNode *node, struct bt_delivery *d,
                     struct bt_err *err);
/* The last of the list, at node, writes over none of the others' files. */
bool bt_deliver_alone(const struct bt_xml *x, xmlNode *node, const struct bt_delivery *list,
                      size_t n, struct bt_err *err);
const char *bt_place_unknown(const char *text); /* the first {place} that is none, or NULL */
const char *bt_place_names(void);
/* A cue element, its attributes and text; false for other elements is an error. */
bool bt_cue_read(const struct bt_xml *x, xmlNode *node, struct bt_cue *out, struct bt_err *err);
void bt_cue_write(const struct bt_cue *c, struct bt_buf *out);
void bt_fields_write(const char *element, const void *from, struct bt_buf *out);
void bt_xml_escape(const char *s, struct bt_buf *out);

#endif
