// names.cpp - the tables of names. The values are those of winapi_headers.
#include "shim/trace/names.h"

#include <stdarg.h>
#include <stdio.h>

#include "winapi_headers/windows.h"

#include "winapi_headers/winshim_ce.h"

namespace winshim::trace {
namespace {

using relay::Kind;

#define N(name) {static_cast<std::uint32_t>(name), #name}
#define GENERIC_NAMES N(GENERIC_ALL), N(GENERIC_READ), N(GENERIC_WRITE), N(GENERIC_EXECUTE), N(MAXIMUM_ALLOWED)
#define STANDARD_NAMES N(SYNCHRONIZE), N(WRITE_OWNER), N(WRITE_DAC), N(READ_CONTROL), N(DELETE), GENERIC_NAMES

constexpr Named kAny[] = {STANDARD_NAMES};
constexpr Named kEvent[] = {N(EVENT_ALL_ACCESS), N(EVENT_MODIFY_STATE), STANDARD_NAMES};
constexpr Named kMutex[] = {N(MUTEX_ALL_ACCESS), N(MUTANT_QUERY_STATE), STANDARD_NAMES};
constexpr Named kSemaphore[] = {N(SEMAPHORE_ALL_ACCESS), N(SEMAPHORE_MODIFY_STATE), STANDARD_NAMES};
constexpr Named kTimer[] = {N(TIMER_ALL_ACCESS), N(TIMER_MODIFY_STATE), N(TIMER_QUERY_STATE), STANDARD_NAMES};
constexpr Named kMapping[] = {N(FILE_MAP_ALL_ACCESS), N(FILE_MAP_WRITE), N(FILE_MAP_READ), N(FILE_MAP_COPY),
                              N(FILE_MAP_EXECUTE), STANDARD_NAMES};
constexpr Named kThread[] = {
    N(THREAD_ALL_ACCESS), N(THREAD_TERMINATE), N(THREAD_SUSPEND_RESUME), N(THREAD_SET_CONTEXT),
    N(THREAD_SET_INFORMATION), N(THREAD_QUERY_INFORMATION), N(THREAD_SET_LIMITED_INFORMATION),
    N(THREAD_QUERY_LIMITED_INFORMATION), STANDARD_NAMES};
constexpr Named kProcess[] = {N(PROCESS_ALL_ACCESS), N(PROCESS_TERMINATE), N(PROCESS_DUP_HANDLE),
                              N(PROCESS_QUERY_INFORMATION), N(PROCESS_QUERY_LIMITED_INFORMATION), STANDARD_NAMES};
constexpr Named kFile[] = {N(FILE_ALL_ACCESS), N(FILE_GENERIC_READ), N(FILE_GENERIC_WRITE), N(FILE_READ_DATA),
                           N(FILE_WRITE_DATA), N(FILE_APPEND_DATA), N(FILE_EXECUTE), N(FILE_READ_ATTRIBUTES),
                           N(FILE_WRITE_ATTRIBUTES), STANDARD_NAMES};
constexpr Named kEventFlags[] = {N(CREATE_EVENT_MANUAL_RESET), N(CREATE_EVENT_INITIAL_SET)};
constexpr Named kMutexFlags[] = {N(CREATE_MUTEX_INITIAL_OWNER)};
constexpr Named kTimerFlags[] = {N(CREATE_WAITABLE_TIMER_MANUAL_RESET), N(CREATE_WAITABLE_TIMER_HIGH_RESOLUTION)};
constexpr Named kEventFunction[] = {N(EVENT_PULSE), N(EVENT_RESET), N(EVENT_SET)};
constexpr Named kHandleFlags[] = {N(HANDLE_FLAG_INHERIT), N(HANDLE_FLAG_PROTECT_FROM_CLOSE)};
constexpr Named kDuplicate[] = {N(DUPLICATE_CLOSE_SOURCE), N(DUPLICATE_SAME_ACCESS)};
constexpr Named kPriorities[] = {N(NORMAL_PRIORITY_CLASS), N(IDLE_PRIORITY_CLASS), N(HIGH_PRIORITY_CLASS),
                                 N(REALTIME_PRIORITY_CLASS), N(BELOW_NORMAL_PRIORITY_CLASS),
                                 N(ABOVE_NORMAL_PRIORITY_CLASS)};
constexpr Named kCreation[] = {
    N(CREATE_SUSPENDED), N(DETACHED_PROCESS), N(CREATE_NEW_CONSOLE), N(CREATE_NEW_PROCESS_GROUP),
    N(CREATE_UNICODE_ENVIRONMENT), N(CREATE_NO_WINDOW), N(STACK_SIZE_PARAM_IS_A_RESERVATION)};
constexpr Named kProtection[] = {N(PAGE_NOACCESS), N(PAGE_READONLY), N(PAGE_READWRITE), N(PAGE_WRITECOPY),
                                 N(PAGE_EXECUTE), N(PAGE_EXECUTE_READ), N(PAGE_EXECUTE_READWRITE),
                                 N(PAGE_EXECUTE_WRITECOPY), N(SEC_COMMIT), N(SEC_RESERVE)};
constexpr Named kAllocation[] = {N(MEM_COMMIT), N(MEM_RESERVE), N(MEM_DECOMMIT), N(MEM_RELEASE), N(MEM_TOP_DOWN)};
constexpr Named kDisposition[] = {N(CREATE_NEW), N(CREATE_ALWAYS), N(OPEN_EXISTING), N(OPEN_ALWAYS),
                                  N(TRUNCATE_EXISTING)};
constexpr Named kShare[] = {N(FILE_SHARE_READ), N(FILE_SHARE_WRITE), N(FILE_SHARE_DELETE)};
constexpr Named kStandard[] = {N(STD_INPUT_HANDLE), N(STD_OUTPUT_HANDLE), N(STD_ERROR_HANDLE)};
constexpr Named kPool[] = {N(WT_EXECUTEINIOTHREAD), N(WT_EXECUTEINUITHREAD), N(WT_EXECUTEINWAITTHREAD),
                           N(WT_EXECUTEONLYONCE), N(WT_EXECUTELONGFUNCTION), N(WT_EXECUTEINTIMERTHREAD)};
constexpr Named kMilliseconds[] = {N(INFINITE)};
constexpr Named kIdle[] = {N(WAIT_IO_COMPLETION), N(WAIT_TIMEOUT), N(WAIT_FAILED)};

#define E(name) {static_cast<std::uint32_t>(name), #name},  // not by N: the names are macros
constexpr Named kErrors[] = {
#include "shim/trace/errors.def"
};
#undef E
constexpr Named kResults[] = {N(S_OK), N(S_FALSE), N(E_UNEXPECTED), N(E_NOTIMPL), N(E_OUTOFMEMORY), N(E_INVALIDARG),
                              N(E_NOINTERFACE), N(E_POINTER), N(E_HANDLE), N(E_ABORT), N(E_FAIL), N(E_ACCESSDENIED)};

template <unsigned Count>
constexpr Names bits(const Named (&names)[Count]) noexcept {
    return {names, Count, true};
}
template <unsigned Count>
constexpr Names choices(const Named (&names)[Count]) noexcept {
    return {names, Count, false};
}
template <unsigned Count>
const char* find(const Named (&names)[Count], std::uint32_t value) noexcept {
    for (const Named& named : names)
        if (named.value == value) return named.name;
    return nullptr;
}

}  // namespace

Names names_of(Kind kind) noexcept {
    switch (kind) {
        case Kind::access: return bits(kAny);
        case Kind::access_event: return bits(kEvent);
        case Kind::access_mutex: return bits(kMutex);
        case Kind::access_semaphore: return bits(kSemaphore);
        case Kind::access_timer: return bits(kTimer);
        case Kind::access_mapping: return bits(kMapping);
        case Kind::access_thread: return bits(kThread);
        case Kind::access_process: return bits(kProcess);
        case Kind::access_file: return bits(kFile);
        case Kind::event_flags: return bits(kEventFlags);
        case Kind::mutex_flags: return bits(kMutexFlags);
        case Kind::timer_flags: return bits(kTimerFlags);
        case Kind::event_function: return choices(kEventFunction);
        case Kind::handle_flags: return bits(kHandleFlags);
        case Kind::duplicate_options: return bits(kDuplicate);
        case Kind::creation_flags: return bits(kCreation);
        case Kind::priority_class: return choices(kPriorities);
        case Kind::protection: return bits(kProtection);
        case Kind::allocation: return bits(kAllocation);
        case Kind::disposition: return choices(kDisposition);
        case Kind::share_mode: return bits(kShare);
        case Kind::std_handle: return choices(kStandard);
        case Kind::pool_flags: return bits(kPool);
        case Kind::milliseconds: return choices(kMilliseconds);
        case Kind::idle_result: return choices(kIdle);
        default: return {};
    }
}

const char* error_name(std::uint32_t error) noexcept { return find(kErrors, error); }
const char* hresult_name(std::uint32_t result) noexcept { return find(kResults, result); }

}  // namespace winshim::trace
