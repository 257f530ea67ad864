/* Which addresses no article may lead us to. */
#include "host/host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static const struct {
    uint32_t net;
    int bits;
} private4[] = {
    {0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},
    {0xA9FE0000, 16}, {0xAC100000, 12}, {0xC0000000, 24}, {0xC0A80000, 16},
    {0xC6120000, 15}, {0xE0000000, 4},  {0xF0000000, 4},
};

static bool is_private4(uint32_t ip)
{
    for (size_t i = 0; i < BT_LEN(private4); i++)
        if (((ip ^ private4[i].net) >> (32 - private4[i].bits)) == 0)
            return true;
    return false;
}

static bool is_private6(const unsigned char a[16])
{
    static const unsigned char zero[15] = {0},
                               mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255},
                               nat64[12] = {0, 0x64, 0xff, 0x9b};
    uint32_t low = (uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 | (uint32_t)a[14] << 8 | a[15];
    if (memcmp(a, zero, 15) == 0 && a[15] <= 1)
        return true;
    if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0 || memcmp(a, zero, 12) == 0)
        return is_private4(low);
    if (a[0] == 0x20 && a[1] == 0x02) /* 6to4 */
        return is_private4((uint32_t)a[2] << 24 | (uint32_t)a[3] << 16 | (uint32_t)a[4] << 8 |
                           a[5]);
    return (a[0] & 0xfe) == 0xfc || a[0] == 0xff || (a[0] == 0xfe && (a[1] & 0x80));
}

bool bt_address_private(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sa, sizeof(in));
        return is_private4(ntohl(in.sin_addr.s_addr));
    }
    if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, sa, sizeof(in6));
        return is_private6(in6.sin6_addr.s6_addr);
    }
    return true; /* whatever it is, it is not the open net */
}
