/* Any bytes as what lies beside an edition and in the state: its proof.json, the journal of runs,
 * what was told. Looked at as `check` and `status` do. */
#include "desk/alarm.h"
#include "desk/look.h"

#include "bytes.h"

#include <string.h>
#include <sys/stat.h>

const struct bt_command bt_commands[] = {{"check", "FILE …", BT_M_HELP_CHECK, bt_cmd_check}, {0}};

static char root[] = "/tmp/bt-fuzz-XXXXXX";

static const char *at(const char *name)
{
    static char path[sizeof(root) + 64];
    snprintf(path, sizeof(path), "%s/%s", root, name);
    return path;
}

/* A second of sound whose tags name a day, as 16 bit WAV. */
static void write_sound(void)
{
    enum { BYTES = 8000 * 2 };
    static const unsigned char head[] = "RIFF\xA4\x3E\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1F\0\0"
                                        "\x80\x3E\0\0\2\0\x10\0data\x80\x3E\0";
    static unsigned char sound[sizeof(head) + BYTES];
    memcpy(sound, head, sizeof(head));
    if (!bt_file_write(at("2025-11-25/t-2025-11-25.wav"), sound, sizeof(sound), NULL))
        abort();
}

static void prepare(const char *bytes)
{
    static const char *const papers[] = {"2025-11-25/proof.json", "runs/t.jsonl", "alarm/t.run"};
    if (!mkdtemp(root) || mkdir(at("2025-11-25"), 0700) != 0 || mkdir(at("runs"), 0700) != 0 ||
        mkdir(at("alarm"), 0700) != 0 || !freopen("/dev/null", "w", stdout))
        abort();
    for (size_t i = 0; i < BT_LEN(papers); i++)
        if (symlink(bytes, at(papers[i])) != 0)
            abort();
    write_sound();
}

static void look(struct bt_arena *a)
{
    struct bt_look l;
    struct bt_entry e[4];
    if (!bt_look_date(a, root, "2025-11-25", &l) || l.verdict > BT_WRONG || l.tier > BT_TIERS)
        abort();
    for (size_t i = 0, n = bt_journal_read(a, root, "t", BT_LEN(e), e); i < n; i++)
        if (!e[i].date || !e[i].words)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static bool ready;
    const char *bytes = fuzz_file(data, n);
    if (!ready)
        prepare(bytes);
    ready = true;
    struct bt_arena *a = bt_arena_create();
    look(a);
    char command[] = "check", file[sizeof(root) + 64];
    snprintf(file, sizeof(file), "%s", at("2025-11-25/t-2025-11-25.wav"));
    bt_cmd_check(2, (char *[]){command, file, NULL});
    bt_arena_destroy(a);
    return 0;
}
