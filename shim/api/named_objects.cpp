// named_objects.cpp - CreateXxx and OpenXxx of events, mutexes, semaphores and waitable timers (synchapi.h): arguments
// and names.
//
// Every call exists as A (UTF-8), W (UTF-16), W_utf32 (4-byte wchar_t; what the headers call W where wchar_t has 4
// bytes) and without a suffix (as A). All of them are one line.
#include "shim/api/naming.h"

namespace winshim::api {

HANDLE open(Kind kind, DWORD access, BOOL inherit, AnyName given) noexcept {
    const KeepErrno keep;
    const name::Rules& rules = name::rules();
    if (given.is_null() || (inherit != FALSE && !rules.inherit_allowed) ||
        (rules.full_access_only && kind == Kind::event && access != event::kAllAccess))
        return no_handle(Status::invalid_parameter);
    name::Text text;
    bool unnamed = false;
    Status status = given.text(text);
    if (status == Status::success) status = name::check(text, name::Purpose::open, unnamed);
    if (status != Status::success) return no_handle(status);
    const Result<HANDLE> opened = name::open(kind, text,
                                             access_of(kind, access) | (inherit != FALSE ? handle::kInherit : 0));
    return opened ? opened.value : no_handle(opened.status);
}

namespace {

// In profile ce a create call may open an object of the other kind: with that kind's full access.
u64 other_kinds_access(Kind kind) noexcept { return full_access(kind == Kind::event ? Kind::mutex : Kind::event); }

}  // namespace

HANDLE create(const SECURITY_ATTRIBUTES* security, AnyName given, const Wanted& wanted) noexcept {
    const KeepErrno keep;
    name::Text text;
    bool unnamed;
    if (const Status s = text_of(given, text, unnamed); s != Status::success) return no_handle(s);
    const u64 inherit = inherit_flag(security);
    const Result<name::Created> created = name::create(
        {.object = {.kind = wanted.kind, .rule = wanted.rule, .value = wanted.value, .limit = wanted.limit,
                    .access_and_flags = access_of(wanted.kind, wanted.access) | inherit},
         .text = unnamed ? nullptr : &text,
         .other_access = other_kinds_access(wanted.kind) | inherit});
    if (!created) return no_handle(created.status);
    // Also on success: a stale ERROR_ALREADY_EXISTS must not be taken for this call's answer (Gen-05).
    last_error = created.value.existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS;
    return created.value.handle;
}

namespace {

HANDLE create_event(const SECURITY_ATTRIBUTES* security, AnyName name, DWORD flags, DWORD access) noexcept {
    if ((flags & ~DWORD{CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET}) != 0)
        return no_handle(Status::invalid_parameter);
    return create(security, name,
                  {.kind = Kind::event,
                   .rule = (flags & CREATE_EVENT_MANUAL_RESET) != 0 ? Rule::notification : Rule::synchronization,
                   .value = (flags & CREATE_EVENT_INITIAL_SET) != 0 ? 1u : 0u,
                   .access = access});
}
HANDLE create_event(const SECURITY_ATTRIBUTES* security, BOOL manual, BOOL initial, AnyName name) noexcept {
    return create_event(
        security, name, (manual ? CREATE_EVENT_MANUAL_RESET : 0u) | (initial ? CREATE_EVENT_INITIAL_SET : 0u),
        EVENT_ALL_ACCESS);
}

HANDLE create_mutex(const SECURITY_ATTRIBUTES* security, AnyName name, DWORD flags, DWORD access) noexcept {
    if ((flags & ~DWORD{CREATE_MUTEX_INITIAL_OWNER}) != 0) return no_handle(Status::invalid_parameter);
    return create(security, name, {.kind = Kind::mutex, .rule = Rule::mutant,
                                   .value = (flags & CREATE_MUTEX_INITIAL_OWNER) != 0 ? 1u : 0u, .access = access});
}
HANDLE create_mutex(const SECURITY_ATTRIBUTES* security, BOOL owned, AnyName name) noexcept {
    return create_mutex(security, name, owned ? DWORD{CREATE_MUTEX_INITIAL_OWNER} : 0u, MUTEX_ALL_ACCESS);
}

HANDLE create_semaphore(const SECURITY_ATTRIBUTES* security, LONG initial, LONG maximum, AnyName name, DWORD flags,
                        DWORD access) noexcept {
    // Before the name is looked at (CreateSemaphore-07).
    if (flags != 0 || maximum <= 0 || initial < 0 || initial > maximum) return no_handle(Status::invalid_parameter);
    return create(security, name, {.kind = Kind::semaphore, .rule = Rule::semaphore, .value = static_cast<u32>(initial),
                                   .limit = static_cast<u32>(maximum), .access = access});
}

HANDLE create_timer(const SECURITY_ATTRIBUTES* security, AnyName name, DWORD flags, DWORD access) noexcept {
    if ((flags & ~DWORD{CREATE_WAITABLE_TIMER_MANUAL_RESET | CREATE_WAITABLE_TIMER_HIGH_RESOLUTION}) != 0)
        return no_handle(Status::invalid_parameter);
    const bool manual = (flags & CREATE_WAITABLE_TIMER_MANUAL_RESET) != 0;
    return create(security, name, {.kind = Kind::timer, .rule = manual ? Rule::notification : Rule::synchronization,
                                   .value = 0, .access = access});
}
HANDLE create_timer(const SECURITY_ATTRIBUTES* security, BOOL manual, AnyName name) noexcept {
    return create_timer(security, name, manual ? DWORD{CREATE_WAITABLE_TIMER_MANUAL_RESET} : 0u, TIMER_ALL_ACCESS);
}

}  // namespace
}  // namespace winshim::api

using namespace winshim::api;
namespace next = winshim::next;
using winshim::Kind;
using Security = LPSECURITY_ATTRIBUTES;
using Utf16 = const char16_t*;

// ---- events -------------------------------------------------------------------------------------------------------
// An event for this process alone, of the kind that a library like WinPR can tie to a descriptor.
#define LEAVE_EVENT(Function, form, name, manual, security, ...)                                                  \
    WINSHIM_HAND_ON_AS(Function, form,                                                                            \
                       (manual) && name == nullptr && (security == nullptr || security->bInheritHandle == FALSE) && \
                           next::is_left(next::Family::events),                                                   \
                       nullptr, __VA_ARGS__)

HANDLE WINAPI CreateEventA(Security s, BOOL manual, BOOL initial, LPCSTR n) {
    LEAVE_EVENT(CreateEventA, CreateEventA, n, manual, s, s, manual, initial, n);
    return create_event(s, manual, initial, n);
}
HANDLE WINAPI CreateEventW(Security s, BOOL manual, BOOL initial, LPCWSTR n) {
    return create_event(s, manual, initial, n);
}
HANDLE WINAPI CreateEventExA(Security s, LPCSTR n, DWORD flags, DWORD access) {
    LEAVE_EVENT(CreateEventExA, CreateEventExA, n, flags & CREATE_EVENT_MANUAL_RESET, s, s, n, flags, access);
    return create_event(s, n, flags, access);
}
HANDLE WINAPI CreateEventExW(Security s, LPCWSTR n, DWORD flags, DWORD access) {
    return create_event(s, n, flags, access);
}
HANDLE WINAPI OpenEventA(DWORD access, BOOL inherit, LPCSTR n) { return open(Kind::event, access, inherit, n); }
HANDLE WINAPI OpenEventW(DWORD access, BOOL inherit, LPCWSTR n) { return open(Kind::event, access, inherit, n); }

WINSHIM_EXPORT HANDLE CreateEvent_utf16(Security s, BOOL manual, BOOL initial, Utf16 n) WINSHIM_UTF16(CreateEventW);
HANDLE CreateEvent_utf16(Security s, BOOL manual, BOOL initial, Utf16 n) {
    LEAVE_EVENT(CreateEventW, CreateEvent_utf16, n, manual, s, s, manual, initial, n);
    return create_event(s, manual, initial, n);
}
WINSHIM_EXPORT HANDLE CreateEventEx_utf16(Security s, Utf16 n, DWORD flags, DWORD access) WINSHIM_UTF16(CreateEventExW);
HANDLE CreateEventEx_utf16(Security s, Utf16 n, DWORD flags, DWORD access) {
    LEAVE_EVENT(CreateEventExW, CreateEventEx_utf16, n, flags & CREATE_EVENT_MANUAL_RESET, s, s, n, flags, access);
    return create_event(s, n, flags, access);
}
#undef LEAVE_EVENT
WINSHIM_EXPORT HANDLE OpenEvent_utf16(DWORD access, BOOL inherit, Utf16 n) WINSHIM_UTF16(OpenEventW);
HANDLE OpenEvent_utf16(DWORD access, BOOL inherit, Utf16 n) { return open(Kind::event, access, inherit, n); }

WINSHIM_EXPORT HANDLE CreateEvent(Security s, BOOL manual, BOOL initial, LPCSTR n) {
    return create_event(s, manual, initial, n);
}
WINSHIM_EXPORT HANDLE CreateEventEx(Security s, LPCSTR n, DWORD flags, DWORD access) {
    return create_event(s, n, flags, access);
}
WINSHIM_EXPORT HANDLE OpenEvent(DWORD access, BOOL inherit, LPCSTR n) { return open(Kind::event, access, inherit, n); }

// ---- mutexes ------------------------------------------------------------------------------------------------------
HANDLE WINAPI CreateMutexA(Security s, BOOL owned, LPCSTR n) { return create_mutex(s, owned, n); }
HANDLE WINAPI CreateMutexW(Security s, BOOL owned, LPCWSTR n) { return create_mutex(s, owned, n); }
HANDLE WINAPI CreateMutexExA(Security s, LPCSTR n, DWORD flags, DWORD access) {
    return create_mutex(s, n, flags, access);
}
HANDLE WINAPI CreateMutexExW(Security s, LPCWSTR n, DWORD flags, DWORD access) {
    return create_mutex(s, n, flags, access);
}
HANDLE WINAPI OpenMutexA(DWORD access, BOOL inherit, LPCSTR n) { return open(Kind::mutex, access, inherit, n); }
HANDLE WINAPI OpenMutexW(DWORD access, BOOL inherit, LPCWSTR n) { return open(Kind::mutex, access, inherit, n); }

WINSHIM_EXPORT HANDLE CreateMutex_utf16(Security s, BOOL owned, Utf16 n) WINSHIM_UTF16(CreateMutexW);
HANDLE CreateMutex_utf16(Security s, BOOL owned, Utf16 n) { return create_mutex(s, owned, n); }
WINSHIM_EXPORT HANDLE CreateMutexEx_utf16(Security s, Utf16 n, DWORD flags, DWORD access) WINSHIM_UTF16(CreateMutexExW);
HANDLE CreateMutexEx_utf16(Security s, Utf16 n, DWORD flags, DWORD access) { return create_mutex(s, n, flags, access); }
WINSHIM_EXPORT HANDLE OpenMutex_utf16(DWORD access, BOOL inherit, Utf16 n) WINSHIM_UTF16(OpenMutexW);
HANDLE OpenMutex_utf16(DWORD access, BOOL inherit, Utf16 n) { return open(Kind::mutex, access, inherit, n); }

WINSHIM_EXPORT HANDLE CreateMutex(Security s, BOOL owned, LPCSTR n) { return create_mutex(s, owned, n); }
WINSHIM_EXPORT HANDLE CreateMutexEx(Security s, LPCSTR n, DWORD flags, DWORD access) {
    return create_mutex(s, n, flags, access);
}
WINSHIM_EXPORT HANDLE OpenMutex(DWORD access, BOOL inherit, LPCSTR n) { return open(Kind::mutex, access, inherit, n); }

// ---- semaphores -----------------------------------------------------------------------------------------------------
#define SEMAPHORE_FORMS(declare, Name, NameEx, Open, Char)                                                        \
    declare HANDLE WINAPI Name(Security s, LONG initial, LONG maximum, Char n) {                                  \
        return create_semaphore(s, initial, maximum, n, 0, SEMAPHORE_ALL_ACCESS);                                 \
    }                                                                                                             \
    declare HANDLE WINAPI NameEx(Security s, LONG initial, LONG maximum, Char n, DWORD flags, DWORD access) {     \
        return create_semaphore(s, initial, maximum, n, flags, access);                                           \
    }                                                                                                             \
    declare HANDLE WINAPI Open(DWORD access, BOOL inherit, Char n) { return open(Kind::semaphore, access, inherit, n); }

WINSHIM_EXPORT HANDLE CreateSemaphore_utf16(Security, LONG, LONG, Utf16) WINSHIM_UTF16(CreateSemaphoreW);
WINSHIM_EXPORT HANDLE CreateSemaphoreEx_utf16(Security, LONG, LONG, Utf16, DWORD, DWORD)
    WINSHIM_UTF16(CreateSemaphoreExW);
WINSHIM_EXPORT HANDLE OpenSemaphore_utf16(DWORD, BOOL, Utf16) WINSHIM_UTF16(OpenSemaphoreW);

SEMAPHORE_FORMS(, CreateSemaphoreA, CreateSemaphoreExA, OpenSemaphoreA, LPCSTR)
SEMAPHORE_FORMS(, CreateSemaphoreW, CreateSemaphoreExW, OpenSemaphoreW, LPCWSTR)
SEMAPHORE_FORMS(, CreateSemaphore_utf16, CreateSemaphoreEx_utf16, OpenSemaphore_utf16, Utf16)
SEMAPHORE_FORMS(WINSHIM_EXPORT, CreateSemaphore, CreateSemaphoreEx, OpenSemaphore, LPCSTR)
#undef SEMAPHORE_FORMS

// ---- waitable timers ------------------------------------------------------------------------------------------------
#define TIMER_FORMS(declare, Name, NameEx, Open, Char)                                                            \
    declare HANDLE WINAPI Name(Security s, BOOL manual, Char n) { return create_timer(s, manual, n); }            \
    declare HANDLE WINAPI NameEx(Security s, Char n, DWORD flags, DWORD access) {                                 \
        return create_timer(s, n, flags, access);                                                                 \
    }                                                                                                             \
    declare HANDLE WINAPI Open(DWORD access, BOOL inherit, Char n) { return open(Kind::timer, access, inherit, n); }

WINSHIM_EXPORT HANDLE CreateWaitableTimer_utf16(Security, BOOL, Utf16) WINSHIM_UTF16(CreateWaitableTimerW);
WINSHIM_EXPORT HANDLE CreateWaitableTimerEx_utf16(Security, Utf16, DWORD, DWORD) WINSHIM_UTF16(CreateWaitableTimerExW);
WINSHIM_EXPORT HANDLE OpenWaitableTimer_utf16(DWORD, BOOL, Utf16) WINSHIM_UTF16(OpenWaitableTimerW);

TIMER_FORMS(, CreateWaitableTimerA, CreateWaitableTimerExA, OpenWaitableTimerA, LPCSTR)
TIMER_FORMS(, CreateWaitableTimerW, CreateWaitableTimerExW, OpenWaitableTimerW, LPCWSTR)
TIMER_FORMS(, CreateWaitableTimer_utf16, CreateWaitableTimerEx_utf16, OpenWaitableTimer_utf16, Utf16)
TIMER_FORMS(WINSHIM_EXPORT, CreateWaitableTimer, CreateWaitableTimerEx, OpenWaitableTimer, LPCSTR)
#undef TIMER_FORMS
