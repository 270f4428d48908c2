// ms_abi.cpp - WinshimGetMsAbiProc (winshim.h): entry points in Microsoft's convention, from a library beside this one.
#include <dlfcn.h>

#include "shim/api/convert.h"
#include "shim/file/beside.h"

using namespace winshim;

FARPROC WINAPI WinshimGetMsAbiProc(const char* name) {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    if (name == nullptr) return last_error = ERROR_INVALID_PARAMETER, nullptr;
    void* const library = file::open_beside(file::kMsAbiLibrary, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) return last_error = ERROR_MOD_NOT_FOUND, nullptr;
    // The library's own, not what libwinshim has under a name that is not there.
    void* found = dlsym(library, name);
    Dl_info here, there;
    if (found != nullptr && dladdr(found, &there) != 0 && dladdr(dlsym(library, "SetEvent"), &here) != 0 &&
        here.dli_fbase != there.dli_fbase)
        found = nullptr;
    if (found == nullptr) last_error = ERROR_PROC_NOT_FOUND;
    return reinterpret_cast<FARPROC>(found);
}
