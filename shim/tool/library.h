// library.h - libwinshim.so, for the subcommands that take part: loaded when one of them runs, and only then.
//
// Purpose     Whoever only looks must not depend on a library that may be missing or hang, nor join the segment. The
//             loaded library is another copy of the rooms that are linked into the tool: it shares nothing with them
//             but the segment.
// Search      Beside the command (a build folder), in ../lib of it (an installation), then where the loader looks.
#pragma once
#include <windows.h>

namespace winshim::tool {

#define WINSHIM_LIBRARY_CALLS(call)                                                                                  \
    call(CreateEventA) call(OpenEventA) call(SetEvent) call(ResetEvent) call(PulseEvent)                             \
    call(CreateMutexA) call(OpenMutexA) call(ReleaseMutex) call(OpenSemaphoreA) call(OpenWaitableTimerA)             \
    call(WaitForMultipleObjects) call(CloseHandle) call(GetLastError)

struct Library {
#define WINSHIM_CALL(name) decltype(&::name) name;
    WINSHIM_LIBRARY_CALLS(WINSHIM_CALL)
#undef WINSHIM_CALL
};

// How a subcommand joins: as which user of which names. Null: as the environment says.
struct Joining {
    const char* space = nullptr;
    const char* profile = nullptr;
};

// Sets the environment (of children, too). False, and said on standard error: there is no such profile.
bool prepare(const Joining& joining) noexcept;
// Null, and said on standard error why: the library cannot be loaded. Needs prepare().
const Library* load_library() noexcept;
inline constexpr const char* kLibraryFile = "libwinshim.so.0";
// The library's path as it would be loaded; an empty text: the loader has to find kLibraryFile.
void library_path(char* path, unsigned long room) noexcept;

// What to say of a call that failed for `name`: "there is no event", "is no event, but something else"...
void complain(const char* command, const char* kind, const char* name, DWORD error) noexcept;

// Exit statuses of the subcommands that take part.
enum Exit : int { kDone = 0, kNotThere = 1, kFailed = 2, kAbandoned = 123, kTimeout = 124, kLockFailed = 125,
                  kNotExecutable = 126, kNoCommand = 127, kSignal = 128 };

// Opens whatever has this name: an event, mutex, semaphore or timer; `type`: only one of that type, null: any. Returns
// null, and complains. `is_mutex` tells what it is.
HANDLE open_any(const Library& w, const char* command, const char* name, const char* type, bool& is_mutex) noexcept;

// From now on SIGINT, SIGTERM and SIGHUP set an event for waits to wait for beside the rest, so that they end in order.
HANDLE signals_as_event(const Library& w) noexcept;
// The signal that came, 0: none.
int signal_that_came() noexcept;

}  // namespace winshim::tool
