/* The command table and main. */
#include "desk/desk.h"

int main(void)
{
    return BT_EUSAGE;
}
