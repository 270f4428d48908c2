/* windows.h - everything: types, constants, and the functions that the library has.
 *
 * Purpose     The one header that Win32 sources include. A call that the library does not have is not declared: a
 *             source that uses it fails to compile instead of misbehaving.
 * Use         cc -Iwinapi_headers program.c -lwinshim. The headers neither define nor need WIN32 and _WIN32; a source
 *             that tests them gets them from its owner, by -D_WIN32.
 * Options     UNICODE (functions) and _UNICODE (tchar.h), STRICT and NO_STRICT, NOMINMAX, WIN32_NO_STATUS are honoured.
 *             WIN32_LEAN_AND_MEAN is accepted: there is nothing here that it would leave out.
 */
#ifndef _WINDOWS_
#define _WINDOWS_

#include <stdarg.h>

#include "windef.h"
#include "shellapi.h"
#include "winbase.h"
#include "wincon.h"
#include "winerror.h"
#include "winnls.h"
#include "winshim_wide.h"
#include "winuser.h"

#endif /* _WINDOWS_ */
