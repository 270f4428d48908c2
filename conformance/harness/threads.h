/* threads.h - threads that a case makes with the judged CreateThread, what became of them, and what they wait for. */
#ifndef CONFORMANCE_THREADS_H
#define CONFORMANCE_THREADS_H

#include "conformance/harness/suite.h"

static inline HANDLE manual_event(void) { return MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT); }

/* Without its id, and not suspended. */
static inline HANDLE thread_of(LPTHREAD_START_ROUTINE routine, void *argument)
{
    return OPENS(CreateThread(NULL, 0, routine, argument, 0, NULL));
}

static inline DWORD exit_code(HANDLE thread)
{
    DWORD code = 0xCDCDCDCD;
    GIVES(GetExitCodeThread(thread, &code), TRUE, SAME);
    return code;
}

static inline void ended(HANDLE thread) { GIVES(WaitForSingleObject(thread, 8000), WAIT_OBJECT_0, SAME); }

#endif
