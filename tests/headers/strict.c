/* strict.c - with STRICT two handle types do not mix; with NO_STRICT they are both void *. See `check`. */
#include <windows.h>

HKEY key;
void mix(HINSTANCE instance);
void mix(HINSTANCE instance)
{
    key = instance;
}
