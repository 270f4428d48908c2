// processthreadsapi.cpp - who is calling (processthreadsapi.h).
#include <unistd.h>

#include "shim/api/convert.h"
#include "shim/process/identity.h"

HANDLE WINAPI GetCurrentProcess(void) { return winshim::process::current_process(); }
HANDLE WINAPI GetCurrentThread(void) { return winshim::process::current_thread(); }
DWORD WINAPI GetCurrentProcessId(void) { return static_cast<DWORD>(getpid()); }
DWORD WINAPI GetCurrentThreadId(void) { return static_cast<DWORD>(gettid()); }
