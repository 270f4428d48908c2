// library.cpp - finding and loading the library; what its subcommands have in common.
#include "shim/tool/library.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <unistd.h>

#include "shim/shm/segment.h"

namespace winshim::tool {
namespace {

const Library* the_library;
HANDLE stop_event;
volatile sig_atomic_t signal_seen;

void note_signal(int number) {
    signal_seen = number;
    the_library->SetEvent(stop_event);  // it may be called from a signal handler
}

}  // namespace

bool prepare(const Joining& joining) noexcept {
    if (joining.space != nullptr) setenv("WINSHIM_NAMESPACE", joining.space, 1);
    if (joining.profile == nullptr) return true;
    for (const char* known : {"ce", "ce5", "nt"})
        if (strcmp(known, joining.profile) == 0) return setenv("WINSHIM_PROFILE", known, 1) == 0;
    fprintf(stderr, "winshim: no profile %s (ce, ce5, nt)\n", joining.profile);
    return false;
}

void library_path(char* path, unsigned long room) noexcept {
    char own[4000];
    const ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    own[length > 0 ? length : 0] = 0;
    char* slash = strrchr(own, '/');
    if (slash != nullptr) *slash = 0;
    for (const char* folder : {"", "/../lib"}) {
        snprintf(path, room, "%s%s/%s", own, folder, kLibraryFile);
        if (slash != nullptr && access(path, R_OK) == 0) return;
    }
    path[0] = 0;
}

const Library* load_library() noexcept {
    static Library calls;
    char path[4096];
    library_path(path, sizeof path);
    void* library = dlopen(path[0] != 0 ? path : kLibraryFile, RTLD_NOW);
    if (library == nullptr) {
        fprintf(stderr, "winshim: %s\n", dlerror());
        return nullptr;
    }
    const char* missing = nullptr;
#define WINSHIM_CALL(name)                                                        \
    calls.name = reinterpret_cast<decltype(calls.name)>(dlsym(library, #name));   \
    if (calls.name == nullptr) missing = #name;
    WINSHIM_LIBRARY_CALLS(WINSHIM_CALL)
#undef WINSHIM_CALL
    if (missing != nullptr) fprintf(stderr, "winshim: the library has no %s\n", missing);
    the_library = missing == nullptr ? &calls : nullptr;
    return the_library;
}

void complain(const char* command, const char* kind, const char* name, DWORD error) noexcept {
    if (error == ERROR_FILE_NOT_FOUND) fprintf(stderr, "winshim %s: there is no %s %s\n", command, kind, name);
    else if (error == ERROR_INVALID_HANDLE) fprintf(stderr, "winshim %s: %s is no %s\n", command, name, kind);
    else if (error == ERROR_INVALID_NAME || error == ERROR_BAD_PATHNAME || error == ERROR_PATH_NOT_FOUND ||
             error == ERROR_FILENAME_EXCED_RANGE || error == ERROR_NO_UNICODE_TRANSLATION)
        fprintf(stderr, "winshim %s: %s cannot be a name in this profile\n", command, name);
    else fprintf(stderr, "winshim %s: %s: error %u\n", command, name, static_cast<unsigned>(error));
}

namespace {

HANDLE open_one(const Library& w, const char* type, const char* name) noexcept {
    if (strcmp(type, "event") == 0) return w.OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
    if (strcmp(type, "mutex") == 0) return w.OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name);
    if (strcmp(type, "semaphore") == 0) return w.OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, name);
    return w.OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, name);
}

}  // namespace

HANDLE open_any(const Library& w, const char* command, const char* name, const char* type, bool& is_mutex) noexcept {
    DWORD error = ERROR_FILE_NOT_FOUND;
    is_mutex = false;
    if (!shm::segment_exists()) {  // looking for an object must not make a segment
        complain(command, type != nullptr ? type : "object", name, error);
        return nullptr;
    }
    for (const char* one : {"event", "mutex", "semaphore", "timer"}) {
        if (type != nullptr && strcmp(type, one) != 0) continue;
        const HANDLE handle = open_one(w, one, name);
        is_mutex = strcmp(one, "mutex") == 0;
        if (handle != nullptr) return handle;
        if (const DWORD said = w.GetLastError(); said != ERROR_FILE_NOT_FOUND) error = said;
    }
    complain(command, type != nullptr ? type : "object to wait for", name, error);
    return nullptr;
}

HANDLE signals_as_event(const Library& w) noexcept {
    stop_event = w.CreateEventA(nullptr, TRUE, FALSE, nullptr);
    if (stop_event == nullptr) return nullptr;
    struct sigaction action{}, before{};
    action.sa_handler = note_signal;
    action.sa_flags = SA_RESTART;
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        if (sigaction(number, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(number, &action, nullptr);
    return stop_event;
}

int signal_that_came() noexcept { return signal_seen; }

}  // namespace winshim::tool
