/* kinds.c - one object of every kind that has a name. */
#include "conformance/harness/kinds.h"

HANDLE create_kind(Kind kind, const WCHAR *name) {
    switch (kind) {
    case EVENT: return CreateEventW(NULL, FALSE, FALSE, name);
    case MUTEX: return CreateMutexW(NULL, FALSE, name);
    case SEMAPHORE: return CreateSemaphoreW(NULL, 0, 1, name);
    case TIMER: return CreateWaitableTimerW(NULL, TRUE, name);
    default: return CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, name);
    }
}

HANDLE open_kind(Kind kind, const WCHAR *name) {
    switch (kind) {
    case EVENT: return OpenEventW(EVENT_ALL_ACCESS, FALSE, name);
    case MUTEX: return OpenMutexW(MUTEX_ALL_ACCESS, FALSE, name);
    case SEMAPHORE: return OpenSemaphoreW(SEMAPHORE_ALL_ACCESS, FALSE, name);
    case TIMER: return OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, name);
    default: return OpenFileMappingW(FILE_MAP_ALL_ACCESS, FALSE, name);
    }
}
