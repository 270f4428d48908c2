// errhandlingapi.cpp - the last error of a thread.
#include "shim/api/convert.h"

namespace winshim::api {

thread_local constinit DWORD last_error = ERROR_SUCCESS;

}  // namespace winshim::api

DWORD WINAPI GetLastError(void) { return winshim::api::last_error; }
void WINAPI SetLastError(DWORD dwErrCode) { winshim::api::last_error = dwErrCode; }
