/* How long each break is: the only place that knows. */
#include "mix/timeline.h"

#include <math.h>

struct pause { /* ms */
    int least, usual, most;
};
static const struct pause pauses[BT_PAUSES] = {
    [BT_BREAK_CLAUSE] = {120, 180, 260}, /* where a long sentence had to be cut */
    [BT_BREAK_SENTENCE] = {260, 380, 650},   [BT_BREAK_PARAGRAPH] = {420, 620, 1100},
    [BT_BREAK_HEADLINE] = {500, 750, 1300},  /* headline to headline, headline to body */
    [BT_BREAK_STORY] = {700, 1000, 1775},    /* story to story */
    [BT_PAUSE_TO_MUSIC] = {350, 500, 900},   /* story to sting */
    [BT_PAUSE_FROM_MUSIC] = {200, 300, 600}, /* sting to story */
};
static const double clear = 1.3; /* the accessible mix takes its time … */
static const int longest = 1775; /* … but nothing is over 1.8 s, the step to the grid included */

int64_t bt_pause_frames(int pause, double stretch, enum bt_mix mix)
{
    const struct pause *p = &pauses[pause];
    double ms = p->usual;
    ms += stretch > 0 ? stretch * (p->most - p->usual) : stretch * (p->usual - p->least);
    if (mix == BT_MIX_CLEAR)
        ms *= clear;
    return llround(fmin(ms, longest) * BT_RATE / 1000);
}
