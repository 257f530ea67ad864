/* CRC-16 as the LAME tag has it: polynomial 0x8005, reflected, from 0. */
#include "air/encode.h"

#include <pthread.h>

enum { POLY = 0xA001, ONE = 0x8000 }; /* reflected: the highest bit is x^0 */

static uint16_t table[256];

static void fill(void)
{
    for (unsigned i = 0; i < 256; i++) {
        unsigned c = i;
        for (int bit = 0; bit < 8; bit++)
            c = c & 1 ? c >> 1 ^ POLY : c >> 1;
        table[i] = (uint16_t)c;
    }
}

uint16_t bt_crc16(uint16_t crc, const void *p, size_t n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, fill);
    const unsigned char *s = p;
    for (size_t i = 0; i < n; i++)
        crc = (uint16_t)(crc >> 8 ^ table[(crc ^ s[i]) & 0xFF]);
    return crc;
}

/* a·b modulo the polynomial. */
static unsigned multiply(unsigned a, unsigned b)
{
    unsigned product = 0;
    for (unsigned bit = ONE; bit; bit >>= 1) {
        if (a & bit)
            product ^= b;
        b = b & 1 ? b >> 1 ^ POLY : b >> 1;
    }
    return product;
}

/* Appending bytes multiplies by x^(8·bytes); both start from 0, so the rest is addition. */
uint16_t bt_crc16_join(uint16_t first, uint16_t second, int64_t second_bytes)
{
    unsigned power = ONE >> 8, shift = ONE; /* x^8, x^0 */
    for (int64_t n = second_bytes; n > 0; n >>= 1) {
        if (n & 1)
            shift = multiply(shift, power);
        power = multiply(power, power);
    }
    return (uint16_t)(multiply(first, shift) ^ second);
}
