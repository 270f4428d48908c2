// processes.cpp - processes: making, ending, opening them, and what can be asked of them (processthreadsapi.h).
#include <fcntl.h>
#include <sys/resource.h>
#include <time.h>

#include "shim/api/naming.h"
#include "shim/file/descriptor.h"
#include "shim/file/program.h"
#include "shim/process/child.h"
#include "shim/process/identity.h"
#include "shim/process/processes.h"
#include "shim/process/rundown.h"

namespace winshim::api {
namespace {

namespace kind_of_process = winshim::process;

struct PriorityClass {
    DWORD value;
    int nice;
};
constexpr PriorityClass kPriorityClasses[] = {
    {IDLE_PRIORITY_CLASS, 19},         {BELOW_NORMAL_PRIORITY_CLASS, 10}, {NORMAL_PRIORITY_CLASS, 0},
    {ABOVE_NORMAL_PRIORITY_CLASS, -5}, {HIGH_PRIORITY_CLASS, -10},        {REALTIME_PRIORITY_CLASS, -20}};

constexpr DWORD kPriorityFlags = IDLE_PRIORITY_CLASS | BELOW_NORMAL_PRIORITY_CLASS | NORMAL_PRIORITY_CLASS |
                                 ABOVE_NORMAL_PRIORITY_CLASS | HIGH_PRIORITY_CLASS | REALTIME_PRIORITY_CLASS;
constexpr DWORD kKnownFlags = kPriorityFlags | CREATE_SUSPENDED | DETACHED_PROCESS | CREATE_NEW_CONSOLE |
                              CREATE_NEW_PROCESS_GROUP | CREATE_UNICODE_ENVIRONMENT | CREATE_BREAKAWAY_FROM_JOB |
                              CREATE_DEFAULT_ERROR_MODE | CREATE_NO_WINDOW;

const PriorityClass* priority_class(DWORD value) noexcept {
    for (const PriorityClass& p : kPriorityClasses)
        if (p.value == value) return &p;
    return nullptr;
}

// ---- CreateProcess --------------------------------------------------------------------------------------------------

template <class C>
struct Call {
    const C* application;
    const C* line;
    const SECURITY_ATTRIBUTES* process_security;
    const SECURITY_ATTRIBUTES* thread_security;
    bool inherit;
    DWORD flags;
    const void* environment;
    const C* directory;
    PROCESS_INFORMATION* made;
};

// What stands in STARTUPINFOA and STARTUPINFOW alike.
struct Standard {
    DWORD flags;
    HANDLE handle[3];
};
template <class Info>
Standard standard_of(const Info& info) noexcept {
    return {info.dwFlags, {info.hStdInput, info.hStdOutput, info.hStdError}};
}

// The child is to have files of another library, which only that one can pass to it.
template <class Info>
bool has_foreign_files(const Info* info) noexcept {
    if (info == nullptr || (info->dwFlags & STARTF_USESTDHANDLES) == 0) return false;
    return is_foreign(info->hStdInput) || is_foreign(info->hStdOutput) || is_foreign(info->hStdError);
}

// Descriptors for 0, 1 and 2. What this process has put in their place (SetStdHandle) is the child's, too.
void choose_standard(const Standard& wanted, int (&standard)[3]) noexcept {
    constexpr DWORD numbers[3] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    for (int i = 0; i < 3; ++i) {
        const bool given = (wanted.flags & STARTF_USESTDHANDLES) != 0;
        // Where another library has the files, it knows about these only that they are there.
        HANDLE own = next::is_left(next::Family::files) ? file::handle_of(i) : GetStdHandle(numbers[i]);
        // Closed here: so it is in the child. Open, and none by SetStdHandle: the child has none either.
        const bool closed = own == nullptr && fcntl(i, F_GETFD) < 0;
        standard[i] = given ? file::descriptor_of(wanted.handle[i]) : closed ? i : file::descriptor_of(own);
    }
}

DWORD error_of_launch(const process::NewChild& child) noexcept {
    switch (child.failed) {
        case process::Failed::directory: return ERROR_DIRECTORY;
        case process::Failed::exec: return file::error_of_exec(child.error);
        default: return child.error == EAGAIN || child.error == ENOMEM ? DWORD{ERROR_NOT_ENOUGH_MEMORY}
                                                                       : file::error_of(child.error);
    }
}

template <class C, class EnvironmentC>
BOOL create(const Call<C>& call, const Standard& standard) noexcept {
    const bool suspended = (call.flags & CREATE_SUSPENDED) != 0;
    file::Program program;
    const DWORD error = file::make_program(call.application, call.line,
                                           static_cast<const EnvironmentC*>(call.environment), call.directory, program);
    if (error != 0) return last_error = error, FALSE;
    // Of a suspended program exec is too late to say so.
    if (suspended && !file::looks_like_program(program.path)) {
        free(program.memory);
        return last_error = ERROR_BAD_EXE_FORMAT, FALSE;
    }
    const PriorityClass* const priority = priority_class(call.flags & kPriorityFlags);
    process::NewProcess wanted{
        .program = {program.path, program.arguments, program.environment, program.directory, program.memory},
        .standard = {0, 1, 2},
        .inherit = call.inherit,
        .suspended = suspended,
        .own_session = (call.flags & DETACHED_PROCESS) != 0,
        .own_group = (call.flags & CREATE_NEW_PROCESS_GROUP) != 0,
        .priority_class = priority != nullptr ? priority->value : 0,
        .nice = priority != nullptr ? priority->nice : 0,
        .process_access_and_flags = full_access(Kind::process) | inherit_flag(call.process_security),
        .thread_access_and_flags = full_access(Kind::thread) | inherit_flag(call.thread_security),
        .error_of = file::error_of_exec};
    choose_standard(standard, wanted.standard);
    const Result<process::NewChild> child = process::create_process(wanted);
    if (!child) return finish(child.status);
    if (child.value.failed != process::Failed::nothing) return last_error = error_of_launch(child.value), FALSE;
    *call.made = {child.value.slot.process_handle, child.value.slot.thread_handle, child.value.pid, child.value.pid};
    return TRUE;
}

// `Wide`: the units of an environment with CREATE_UNICODE_ENVIRONMENT.
template <class Wide, class C, class Info>
BOOL create_process(const Call<C>& call, const Info* info) noexcept {
    const KeepErrno keep;
    constexpr DWORD consoles = CREATE_NEW_CONSOLE | DETACHED_PROCESS;
    const DWORD priority = call.flags & kPriorityFlags;
    if (info == nullptr || call.made == nullptr || (call.flags & ~kKnownFlags) != 0 ||
        (call.flags & consoles) == consoles || (priority != 0 && priority_class(priority) == nullptr) ||
        (call.inherit && !name::rules().inherit_allowed))
        return finish(Status::invalid_parameter);
    if (const Status s = process::ensure_attached(); s != Status::success) return finish(s);
    const Standard standard = standard_of(*info);
    return (call.flags & CREATE_UNICODE_ENVIRONMENT) != 0 ? create<C, Wide>(call, standard)
                                                          : create<C, char>(call, standard);
}

// ---- handles of processes -------------------------------------------------------------------------------------------

Result<wait::Target> resolve_process(HANDLE h, u64 rights) noexcept {
    if (h != process::current_process()) return resolve(h, Kind::process, rights);
    const Status s = process::ensure_attached();
    return s == Status::success ? process::own_object(h) : fail<wait::Target>(s);
}

Result<wait::Target> resolve_for_query(HANDLE h) noexcept {
    const Result<wait::Target> limited = resolve_process(h, kind_of_process::kQueryLimitedInformation);
    return limited.status == Status::access_denied ? resolve_process(h, kind_of_process::kQueryInformation) : limited;
}

u32 pid_of(wait::Target target) noexcept { return shm::object(target.object).body[kind_of_process::kPid].get(); }

FILETIME filetime(u64 units) noexcept { return {static_cast<DWORD>(units), static_cast<DWORD>(units >> 32)}; }

// 100 ns units: ticks, and the calendar's time of boot.
u64 units_of_ticks(u64 ticks) noexcept {
    const u64 per_second = process::ticks_per_second();
    return ticks / per_second * 10'000'000 + ticks % per_second * 10'000'000 / per_second;
}
u64 units_of(const timespec& t) noexcept {
    return static_cast<u64>(t.tv_sec) * 10'000'000 + static_cast<u64>(t.tv_nsec) / 100;
}
// Two clocks at one moment: whoever was put off between the readings takes them anew. The best of a few is taken.
u64 boot_time() noexcept {
    constexpr u64 to_1601 = 116'444'736'000'000'000, soon = 10'000;
    u64 boot = 0, best = ~u64{0};
    for (int tries = 0; tries < 5 && best > soon; ++tries) {
        timespec now, before, after;
        clock_gettime(CLOCK_BOOTTIME, &before);
        clock_gettime(CLOCK_REALTIME, &now);
        clock_gettime(CLOCK_BOOTTIME, &after);
        const u64 apart = units_of(after) - units_of(before);
        if (apart >= best) continue;
        best = apart;
        boot = units_of(now) + to_1601 - units_of(after);
    }
    return boot;
}

}  // namespace
}  // namespace winshim::api

using namespace winshim;
using namespace winshim::api;

// NOLINTBEGIN(readability-non-const-parameter): Win32 says that the command line may be changed.
BOOL WINAPI CreateProcessA(LPCSTR lpApplicationName, LPSTR lpCommandLine, LPSECURITY_ATTRIBUTES lpProcessAttributes,
                           LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles, DWORD dwCreationFlags,
                           LPVOID lpEnvironment, LPCSTR lpCurrentDirectory, LPSTARTUPINFOA lpStartupInfo,
                           LPPROCESS_INFORMATION lpProcessInformation) {
    WINSHIM_HAND_ON_AS(CreateProcessA, CreateProcessA, has_foreign_files(lpStartupInfo), nullptr, lpApplicationName,
                       lpCommandLine, lpProcessAttributes, lpThreadAttributes, bInheritHandles, dwCreationFlags,
                       lpEnvironment, lpCurrentDirectory, lpStartupInfo, lpProcessInformation);
    return create_process<wchar_t>(
        Call<char>{lpApplicationName, lpCommandLine, lpProcessAttributes, lpThreadAttributes, bInheritHandles != FALSE,
                   dwCreationFlags, lpEnvironment, lpCurrentDirectory, lpProcessInformation},
        lpStartupInfo);
}

WINSHIM_EXPORT BOOL CreateProcessA_utf16(LPCSTR application, LPSTR line, LPSECURITY_ATTRIBUTES process_security,
                                         LPSECURITY_ATTRIBUTES thread_security, BOOL inherit, DWORD flags,
                                         LPVOID environment, LPCSTR directory, LPSTARTUPINFOA info,
                                         LPPROCESS_INFORMATION made) {
    return create_process<char16_t>(Call<char>{application, line, process_security, thread_security, inherit != FALSE,
                                               flags, environment, directory, made},
                                    info);
}

BOOL WINAPI CreateProcessW(LPCWSTR lpApplicationName, LPWSTR lpCommandLine, LPSECURITY_ATTRIBUTES lpProcessAttributes,
                           LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles, DWORD dwCreationFlags,
                           LPVOID lpEnvironment, LPCWSTR lpCurrentDirectory, LPSTARTUPINFOW lpStartupInfo,
                           LPPROCESS_INFORMATION lpProcessInformation) {
    return create_process<wchar_t>(
        Call<wchar_t>{lpApplicationName, lpCommandLine, lpProcessAttributes, lpThreadAttributes,
                      bInheritHandles != FALSE, dwCreationFlags, lpEnvironment, lpCurrentDirectory,
                      lpProcessInformation},
        lpStartupInfo);
}

WINSHIM_EXPORT BOOL CreateProcess_utf16(const char16_t* application, char16_t* line,
                                        LPSECURITY_ATTRIBUTES process_security, LPSECURITY_ATTRIBUTES thread_security,
                                        BOOL inherit, DWORD flags, LPVOID environment, const char16_t* directory,
                                        LPSTARTUPINFOW info, LPPROCESS_INFORMATION made) WINSHIM_UTF16(CreateProcessW);
BOOL CreateProcess_utf16(const char16_t* application, char16_t* line, LPSECURITY_ATTRIBUTES process_security,
                         LPSECURITY_ATTRIBUTES thread_security, BOOL inherit, DWORD flags, LPVOID environment,
                         const char16_t* directory, LPSTARTUPINFOW info, LPPROCESS_INFORMATION made) {
    WINSHIM_HAND_ON_AS(CreateProcessW, CreateProcess_utf16, has_foreign_files(info), nullptr, application, line,
                       process_security, thread_security, inherit, flags, environment, directory, info, made);
    return create_process<char16_t>(Call<char16_t>{application, line, process_security, thread_security,
                                                   inherit != FALSE, flags, environment, directory, made},
                                    info);
}
// NOLINTEND(readability-non-const-parameter)
__asm__(".globl CreateProcess\n.set CreateProcess, CreateProcessA");

HANDLE WINAPI OpenProcess(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwProcessId) {
    const KeepErrno keep;
    if (bInheritHandle != FALSE && !name::rules().inherit_allowed) return no_handle(Status::invalid_parameter);
    if (const Status s = process::ensure_attached(); s != Status::success) return no_handle(s);
    const u64 access = access_of(Kind::process, dwDesiredAccess) | (bInheritHandle != FALSE ? handle::kInherit : 0);
    const Result<HANDLE> made =
        process::with_room_of_the_dead([&] { return process::open_process(dwProcessId, access); });
    return made ? made.value : no_handle(made.status);
}

BOOL WINAPI GetExitCodeProcess(HANDLE hProcess, LPDWORD lpExitCode) {
    WINSHIM_FOREIGN(GetExitCodeProcess, hProcess, hProcess, lpExitCode);
    const KeepErrno keep;
    const Result<wait::Target> target = resolve_for_query(hProcess);
    if (!target) return finish(target.status);
    if (lpExitCode == nullptr) return finish(Status::invalid_parameter);
    *lpExitCode = process::exit_code_of(shm::object(target.value.object));
    if (*lpExitCode == STILL_ACTIVE && process::notice_end(&target.value, 1))
        *lpExitCode = process::exit_code_of(shm::object(target.value.object));
    return TRUE;
}

BOOL WINAPI TerminateProcess(HANDLE hProcess, UINT uExitCode) {
    WINSHIM_FOREIGN(TerminateProcess, hProcess, hProcess, uExitCode);
    const KeepErrno keep;
    const Result<wait::Target> target = resolve_process(hProcess, kind_of_process::kTerminate);
    if (!target) return finish(target.status);
    const Result<handle::Owner> owner = process::process_with(target.value.object);
    if (owner && owner.value.process == process::my_process()) process::terminate_self(uExitCode);
    return finish(process::terminate_process(target.value, uExitCode));
}

void WINAPI ExitProcess(UINT uExitCode) { process::exit_process(uExitCode); }

DWORD WINAPI GetProcessId(HANDLE Process) {
    WINSHIM_FOREIGN(GetProcessId, Process, Process);
    const KeepErrno keep;
    const Result<wait::Target> target = resolve_for_query(Process);
    if (target) return pid_of(target.value);
    finish(target.status);
    return 0;
}

BOOL WINAPI GetProcessTimes(HANDLE hProcess, LPFILETIME lpCreationTime, LPFILETIME lpExitTime, LPFILETIME lpKernelTime,
                            LPFILETIME lpUserTime) {
    WINSHIM_FOREIGN(GetProcessTimes, hProcess, hProcess, lpCreationTime, lpExitTime, lpKernelTime, lpUserTime);
    const KeepErrno keep;
    const Result<wait::Target> target = resolve_for_query(hProcess);
    if (!target) return finish(target.status);
    if (lpCreationTime == nullptr || lpExitTime == nullptr || lpKernelTime == nullptr || lpUserTime == nullptr)
        return finish(Status::invalid_parameter);
    const process::ProcessTimes times = process::times_of(target.value);
    const u64 boot = boot_time();
    *lpCreationTime = filetime(boot + units_of_ticks(times.start));
    *lpExitTime = filetime(times.end == 0 ? 0 : boot + units_of_ticks(times.end));
    *lpKernelTime = filetime(units_of_ticks(times.kernel));
    *lpUserTime = filetime(units_of_ticks(times.user));
    return TRUE;
}

BOOL WINAPI GetProcessHandleCount(HANDLE hProcess, PDWORD pdwHandleCount) {
    WINSHIM_FOREIGN(GetProcessHandleCount, hProcess, hProcess, pdwHandleCount);
    const KeepErrno keep;
    const Result<wait::Target> target = resolve_for_query(hProcess);
    if (!target) return finish(target.status);
    if (pdwHandleCount == nullptr) return finish(Status::invalid_parameter);
    const Result<u32> count = process::handle_count(target.value.object);
    *pdwHandleCount = count ? count.value : 0;  // one that has ended has none
    return TRUE;
}

DWORD WINAPI GetPriorityClass(HANDLE hProcess) {
    WINSHIM_FOREIGN(GetPriorityClass, hProcess, hProcess);
    const KeepErrno keep;
    const Result<wait::Target> target = resolve_for_query(hProcess);
    if (!target) return static_cast<DWORD>(finish(target.status));
    const Result<u32> set = process::priority_of(target.value.object);
    if (set && set.value != 0) return set.value;
    const Result<int> nice = process::nice_of(pid_of(target.value));
    if (!set || !nice) return static_cast<DWORD>(finish(Status::access_denied));
    for (const PriorityClass& p : kPriorityClasses)
        if (nice.value >= p.nice) return p.value;
    return REALTIME_PRIORITY_CLASS;
}

BOOL WINAPI SetPriorityClass(HANDLE hProcess, DWORD dwPriorityClass) {
    WINSHIM_FOREIGN(SetPriorityClass, hProcess, hProcess, dwPriorityClass);
    const KeepErrno keep;
    const Result<wait::Target> target = resolve_process(hProcess, kind_of_process::kSetInformation);
    if (!target) return finish(target.status);
    const PriorityClass* const wanted = priority_class(dwPriorityClass);
    if (wanted == nullptr) return finish(Status::invalid_parameter);
    const Status set = process::set_priority(target.value.object, wanted->value, wanted->nice);
    return finish(set == Status::invalid_handle ? Status::access_denied : set);
}

DWORD WINAPI WaitForInputIdle(HANDLE hProcess, DWORD dwMilliseconds) {
    WINSHIM_FOREIGN(WaitForInputIdle, hProcess, hProcess, dwMilliseconds);
    const KeepErrno keep;
    const Result<wait::Target> target = resolve_for_query(hProcess);
    return target ? 0 : wait_failed(target.status);
}
