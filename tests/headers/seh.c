/* seh.c - a source with structured exceptions: the compiler must refuse it, and say why. */
#include <windows.h>

int guarded(int value);
int guarded(int value)
{
    __try {
        value = 10 / value;
    } __except (1) {
        value = 0;
    }
    return value;
}
