/* base only: the table that messages.awk makes, [message][0 Vietnamese, 1 English]. */
#ifndef BT_TEXTS_H
#define BT_TEXTS_H
extern const char *const bt_texts[BT_M_COUNT][2];
#endif
