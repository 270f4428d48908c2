/* synchapi.h - events, mutexes, semaphores, waitable timers and waiting. What holds for all of them stands here. The
 * locks of one process (critical sections and their kin) have nothing of it: see winshim_lock.h and winshim_once.h.
 *
 * Objects     An object is what a handle leads to. It lives as long as a handle to it is open in any process; then the
 *             object and its name are gone. The end of a process, in whatever way, closes its handles.
 * Names       NULL: an object without a name. Otherwise up to 260 characters, counted in UTF-16 units; case counts;
 *             every character is allowed but the backslash. The char functions take UTF-8; a name means the same object
 *             whichever form of a function it is given to. The first creator decides the object's attributes; who comes
 *             later gets the same object, and the attributes in that call are ignored.
 *               ce, ce5: a backslash is refused. "" is a name like any other.
 *               nt: Local\x is x; Global\x is another object; no other backslash. "" creates an object without a name
 *               and opens none. The prefix counts among the 260 characters.
 * Name errors ERROR_FILENAME_EXCED_RANGE    more than 260 characters
 *             ERROR_NO_UNICODE_TRANSLATION  a char name that is not UTF-8
 *             ERROR_INVALID_NAME            ce, ce5: a backslash; nt: nothing follows the prefix
 *             ERROR_PATH_NOT_FOUND          nt: a backslash that does not end a prefix
 *             ERROR_BAD_PATHNAME            nt: a backslash at the beginning
 *             ERROR_INVALID_HANDLE          nt: the bare word Global or Local
 * Exhaustion  Calls that make a handle may also fail with ERROR_NOT_ENOUGH_MEMORY, ERROR_TOO_MANY_OPEN_FILES or
 *             ERROR_NO_SYSTEM_RESOURCES; nothing half made is left.
 * Rights      A handle carries rights (winnt.h); a call that needs another fails with ERROR_ACCESS_DENIED. Profile ce5:
 *             every handle has all rights.
 * Last error  A Create function sets it on success too: ERROR_SUCCESS, it has made the object; ERROR_ALREADY_EXISTS, it
 *             found one. All other calls leave it alone unless they fail.
 * Order       Who waits longest is served first. SetEvent, ReleaseMutex and ReleaseSemaphore hand over inside the call:
 *             if somebody waits, the caller's own immediate attempt finds nothing left.
 * A and W     ...A takes char, ...W takes WCHAR; the name without a letter is the W function if UNICODE is defined,
 *             else the A function. dlsym finds ...W in its UTF-16 form.
 * Source      statements Gen-01..31, Life-01..33 and sections 1 and 3; LD-28
 */
#ifndef _SYNCHAPI_H_
#define _SYNCHAPI_H_

#include "winerror.h"

#ifdef UNDER_CE
#include "winshim_ce.h"
#endif
#include "winshim_event.h"
#include "winshim_lock.h"
#include "winshim_mutex.h"
#include "winshim_once.h"
#include "winshim_semaphore.h"
#include "winshim_timer.h"
#include "winshim_wait.h"

#endif /* _SYNCHAPI_H_ */
