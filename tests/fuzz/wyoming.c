/* Any bytes from a Wyoming server: a take within its limits, or refused; never a wait for more. */
#include "voice/engine.h"

#include "bytes.h"

#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    enum { MOST = 60000, PATIENCE_S = 3600 };
    const struct bt_link link = {.host = "x"};
    int64_t deadline = bt_clock_mono() + PATIENCE_S * INT64_C(1000000000);
    struct bt_take t = {0};
    int fd[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) != 0)
        abort();
    if (n > MOST)
        n = MOST;
    if (send(fd[1], data, n, 0) != (ssize_t)n || shutdown(fd[1], SHUT_WR) != 0)
        abort();
    if (bt_wyoming_hear(&link, fd[0], deadline, &t, NULL) && t.n > 0 &&
        (t.rate < 8000 || t.n > (size_t)BT_TAKE_S * (size_t)t.rate))
        abort();
    bt_take_trim(&t);
    bt_take_finish(&t);
    close(fd[0]);
    close(fd[1]);
    return 0;
}
