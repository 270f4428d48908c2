// errhandlingapi.cpp - the last error of a thread.
#include "shim/api/convert.h"

DWORD WINAPI GetLastError(void) { return winshim::last_error; }
void WINAPI SetLastError(DWORD dwErrCode) { winshim::last_error = dwErrCode; }
