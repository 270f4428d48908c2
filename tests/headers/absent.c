/* absent.c - a call that the library does not have: this file must not compile. -DCALL names the call. */
#include <windows.h>
#include <tchar.h>

void use(void);
void use(void)
{
    (void)(CALL);
}
