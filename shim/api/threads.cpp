// threads.cpp - threads: making, ending, stopping them, and what can be asked of them (processthreadsapi.h, process.h).
#include <cerrno>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "shim/api/naming.h"
#include "shim/process/identity.h"
#include "shim/process/interrupt.h"
#include "shim/process/thread_start.h"

#pragma GCC visibility push(default)
#include "winapi_headers/process.h"
#pragma GCC visibility pop

namespace winshim::api {
namespace {

DWORD no_count(Status status) noexcept {
    last_error = static_cast<DWORD>(status);
    return 0xFFFFFFFF;
}

// How often the thread was suspended before `change`.
DWORD count_before(HANDLE handle, Result<u32> (*change)(wait::Target) noexcept) noexcept {
    const KeepErrno keep;
    const Result<wait::Target> thread = resolve_thread(handle, thread::kSuspendResume);
    if (!thread) return no_count(thread.status);
    const Result<u32> before = change(thread.value);
    return before ? before.value : no_count(before.status);
}

// The two rights of which either suffices.
Result<wait::Target> resolve_for_query(HANDLE thread) noexcept {
    const Result<wait::Target> limited = resolve_thread(thread, thread::kQueryLimitedInformation);
    return limited.status == Status::access_denied ? resolve_thread(thread, thread::kQueryInformation) : limited;
}

// A routine of process.h has no calling convention or result of its own that would differ here from a thread's.
struct OldRoutine {
    _beginthread_proc_type routine;
    void* argument;
};

// What WinPR's GetCurrentThread says (which is _GetCurrentThread in its library): of a thread that we have made, NULL.
// Alertable waits are ours, so what this thread queues to itself must be, too.
bool is_their_current_thread(HANDLE thread) noexcept {
    if (thread != nullptr && !is_foreign(thread)) return false;
    const next::Call<HANDLE (*)()> current{next::Name::_GetCurrentThread, nullptr};
    return current && (thread == nullptr || current() == thread);
}

}  // namespace
}  // namespace winshim::api

using namespace winshim;
using namespace winshim::api;

HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES lpThreadAttributes, SIZE_T dwStackSize,
                           LPTHREAD_START_ROUTINE lpStartAddress, LPVOID lpParameter, DWORD dwCreationFlags,
                           LPDWORD lpThreadId) {
    const KeepErrno keep;
    constexpr DWORD known = CREATE_SUSPENDED | STACK_SIZE_PARAM_IS_A_RESERVATION;
    if (lpStartAddress == nullptr || (dwCreationFlags & ~known) != 0) return no_handle(Status::invalid_parameter);
    // Without the flag the size is what is committed at first; what is reserved is the default, or more.
    const bool reserves = (dwCreationFlags & STACK_SIZE_PARAM_IS_A_RESERVATION) != 0 || dwStackSize > (8u << 20);
    const Result<process::CreatedThread> made = process::create_thread(
        {.routine = lpStartAddress, .argument = lpParameter, .stack_bytes = reserves ? dwStackSize : 0,
         .suspended = (dwCreationFlags & CREATE_SUSPENDED) != 0,
         .access_and_flags = full_access(Kind::thread) | inherit_flag(lpThreadAttributes)});
    if (!made) return no_handle(made.status);
    if (lpThreadId != nullptr) *lpThreadId = made.value.tid;
    return made.value.handle;
}

void WINAPI ExitThread(DWORD dwExitCode) {
    process::set_exit_code(dwExitCode);
    pthread_exit(nullptr);
}

BOOL WINAPI GetExitCodeThread(HANDLE hThread, LPDWORD lpExitCode) {
    WINSHIM_FOREIGN(GetExitCodeThread, hThread, hThread, lpExitCode);
    const KeepErrno keep;
    const Result<wait::Target> thread = resolve_for_query(hThread);
    if (!thread) return finish(thread.status);
    if (lpExitCode == nullptr) return finish(Status::invalid_parameter);
    *lpExitCode = process::exit_code_of(shm::object(thread.value.object));
    return TRUE;
}

BOOL WINAPI TerminateThread(HANDLE hThread, DWORD dwExitCode) {
    WINSHIM_FOREIGN(TerminateThread, hThread, hThread, dwExitCode);
    const KeepErrno keep;
    const Result<wait::Target> thread = resolve_thread(hThread, thread::kTerminate);
    return finish(thread ? process::terminate(thread.value, dwExitCode) : thread.status);
}

DWORD WINAPI SuspendThread(HANDLE hThread) {
    WINSHIM_FOREIGN(SuspendThread, hThread, hThread);
    return count_before(hThread, process::suspend);
}

DWORD WINAPI ResumeThread(HANDLE hThread) {
    WINSHIM_FOREIGN(ResumeThread, hThread, hThread);
    return count_before(hThread, process::resume);
}

HANDLE WINAPI OpenThread(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwThreadId) {
    const KeepErrno keep;
    if (bInheritHandle != FALSE && !name::rules().inherit_allowed) return no_handle(Status::invalid_parameter);
    if (const Status s = process::ensure_attached(); s != Status::success) return no_handle(s);
    const Result<wait::Target> thread = process::thread_object(dwThreadId);
    if (!thread) return no_handle(thread.status);
    const u64 access = access_of(Kind::thread, dwDesiredAccess) | (bInheritHandle != FALSE ? handle::kInherit : 0);
    const Result<HANDLE> made = handle::duplicate(handle::pack(thread.value, 0), access);
    return made ? made.value : no_handle(made.status);
}

DWORD WINAPI GetThreadId(HANDLE Thread) {
    WINSHIM_FOREIGN(GetThreadId, Thread, Thread);
    const KeepErrno keep;
    const Result<wait::Target> thread = resolve_for_query(Thread);
    if (thread) return shm::object(thread.value.object).body[thread::kTid].get();
    finish(thread.status);
    return 0;
}

DWORD WINAPI GetProcessIdOfThread(HANDLE Thread) {
    WINSHIM_FOREIGN(GetProcessIdOfThread, Thread, Thread);
    const KeepErrno keep;
    const Result<wait::Target> thread = resolve_for_query(Thread);
    if (thread) return shm::object(thread.value.object).body[thread::kPid].get();
    finish(thread.status);
    return 0;
}

BOOL WINAPI SwitchToThread(void) {
    const KeepErrno keep;
    return sched_yield() == 0 ? TRUE : FALSE;
}

DWORD WINAPI QueueUserAPC(PAPCFUNC pfnAPC, HANDLE hThread, ULONG_PTR dwData) {
    if (WINSHIM_UNLIKELY(is_their_current_thread(hThread))) hThread = process::current_thread();
    WINSHIM_FOREIGN(QueueUserAPC, hThread, pfnAPC, hThread, dwData);
    const KeepErrno keep;
    const Result<wait::Target> thread = resolve_thread(hThread, thread::kSetContext);
    if (!thread) return static_cast<DWORD>(finish(thread.status));
    if (pfnAPC == nullptr) return static_cast<DWORD>(finish(Status::invalid_parameter));
    process::Apc* apc = process::new_apc();
    if (apc == nullptr) return static_cast<DWORD>(finish(Status::not_enough_memory));
    apc->function = reinterpret_cast<void*>(pfnAPC);
    apc->argument[0] = dwData;
    apc->run = [](const process::Apc& call) {
        reinterpret_cast<PAPCFUNC>(call.function)(static_cast<ULONG_PTR>(call.argument[0]));
    };
    const Status status = process::queue_apc(thread.value, apc);
    if (status != Status::success) process::drop_apc(apc);
    return static_cast<DWORD>(finish(status));
}

// ---- the C library's names for the same (process.h) ---------------------------------------------------------------

uintptr_t __cdecl _beginthreadex(void* security, unsigned stack_size, _beginthreadex_proc_type start_address,
                                 void* arglist, unsigned initflag, unsigned* thrdaddr) {
    HANDLE made = CreateThread(static_cast<LPSECURITY_ATTRIBUTES>(security), stack_size, start_address, arglist,
                                     initflag, thrdaddr);
    if (made == nullptr) errno = last_error == ERROR_INVALID_PARAMETER ? EINVAL : EAGAIN;
    return reinterpret_cast<uintptr_t>(made);
}

void __cdecl _endthreadex(unsigned retval) { ExitThread(retval); }

uintptr_t __cdecl _beginthread(_beginthread_proc_type start_address, unsigned stack_size, void* arglist) {
    if (start_address == nullptr) return errno = EINVAL, static_cast<uintptr_t>(-1);
    auto* old = static_cast<OldRoutine*>(malloc(sizeof(OldRoutine)));
    if (old == nullptr) return errno = ENOMEM, static_cast<uintptr_t>(-1);
    *old = {start_address, arglist};
    const auto run = [](void* argument) -> DWORD {
        const OldRoutine routine = *static_cast<OldRoutine*>(argument);
        free(argument);
        routine.routine(routine.argument);
        return 0;
    };
    HANDLE made = CreateThread(nullptr, stack_size, run, old, 0, nullptr);
    if (made == nullptr) {
        free(old);
        return errno = EAGAIN, static_cast<uintptr_t>(-1);
    }
    // The handle belongs to the thread, and may be closed before the caller looks at it (documented so).
    CloseHandle(made);
    return reinterpret_cast<uintptr_t>(made);
}

void __cdecl _endthread(void) { ExitThread(0); }
