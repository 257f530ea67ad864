/*
 * desk: the commands and the run. Knows all rooms; the only room that prints.
 */
#ifndef BT_DESK_H
#define BT_DESK_H

#include "air/air.h"
#include "base/base.h"
#include "host/host.h"
#include "mix/mix.h"
#include "news/news.h"
#include "pcm/pcm.h"
#include "script/script.h"
#include "text/text.h"
#include "voice/voice.h"

struct bt_command {
    const char *name;
    enum bt_msg arguments, help;
    int (*run)(int argc, char **argv); /* an exit code; argv[0] is the command's name */
};

#endif
