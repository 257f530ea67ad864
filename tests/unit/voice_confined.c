/* The decoder of sound from outside is tried where it runs: this test stands in for it, and asks
 * for a file and a socket. */
#include "tap.h"
#include "voice/engine.h"

#include <fcntl.h>
#include <sndfile.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *found = "";

SNDFILE *sf_open_virtual(SF_VIRTUAL_IO *io, int mode, SF_INFO *info, void *ctx)
{
    (void)io, (void)mode, (void)info, (void)ctx;
    int file = open("/etc/passwd", O_RDONLY), net = socket(AF_INET, SOCK_STREAM, 0);
    found = file < 0 && net < 0 ? "both refused" : "something went through";
    if (file >= 0)
        close(file);
    if (net >= 0)
        close(net);
    return NULL;
}

const char *sf_strerror(SNDFILE *f)
{
    (void)f;
    return found;
}

static char wav[] = "RIFF\x24\0\0\0WAVEdata\0\0\0\0";
static const struct bt_str bytes = {wav, sizeof(wav) - 1};

static void recorded(const char *dir)
{
    struct bt_arena *a = bt_arena_create();
    struct bt_link link = {.index = bt_path_join(a, dir, "index.tsv")};
    struct bt_take t = {0};
    struct bt_err err = {0};
    static const char row[] = "xin chào\tchao.wav\n";
    bt_dir_make(dir, NULL);
    bt_file_write(link.index, row, sizeof(row) - 1, NULL);
    bt_file_write(bt_path_join(a, dir, "chao.wav"), bytes.p, bytes.n, NULL);
    ok(bt_engine_recorded.start(&link, &err), "recorded clips are there");
    ok(!bt_engine_recorded.speak(&link, "Xin chào.", 1, &t, &err) &&
           strstr(err.msg, "both refused"),
       "a clip's decoder gets neither file nor socket");
    bt_tree_remove(dir);
    bt_arena_destroy(a);
}

int main(void)
{
    const struct bt_link link = {.format = BT_SOUND_FILE};
    struct bt_take t = {0};
    struct bt_err err = {0};
#ifdef BT_COVERAGE
    const char *want = "went through"; /* such a build confines nobody */
#else
    const char *want = "both refused";
#endif
    ok(!bt_sound_parse(bytes, &t, &err) && strstr(err.msg, "went through"),
       "the trial itself gets a file or a socket");
    ok(!bt_sound_decode(&link, bytes, &t, &err) && strstr(err.msg, want),
       "an engine's decoder gets neither");
#ifndef BT_COVERAGE
    recorded("build/tests/confined-clips");
#else
    (void)recorded;
#endif
    return done();
}
