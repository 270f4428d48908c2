/* winbase.h - the base services: brings in the headers that they have been divided into.
 *
 * The functions and constants that the SDK keeps in this file (PulseEvent, CreateSemaphoreA, WAIT_OBJECT_0, INFINITE,
 * ...) stand in the divided headers, each beside its relatives. A source that includes windows.h or winbase.h sees them
 * either way.
 */
#ifndef _WINBASE_
#define _WINBASE_

#include "winerror.h"

#include "minwinbase.h"

#include "debugapi.h"
#include "errhandlingapi.h"
#include "fibersapi.h"
#include "fileapi.h"
#include "handleapi.h"
#include "heapapi.h"
#include "interlockedapi.h"
#include "ioapiset.h"
#include "libloaderapi.h"
#include "memoryapi.h"
#include "namedpipeapi.h"
#include "processenv.h"
#include "processthreadsapi.h"
#include "processtopologyapi.h"
#include "profileapi.h"
#include "securitybaseapi.h"
#include "stringapiset.h"
#include "synchapi.h"
#include "sysinfoapi.h"
#include "threadpoolapiset.h"
#include "threadpoollegacyapiset.h"
#include "timezoneapi.h"
#include "winshim_crt.h"
#include "winshim_main.h"
#include "winshim_memory.h"
#include "winshim_text.h"

#endif /* _WINBASE_ */
