// thread_facts.cpp - what is noted of threads and acted on by nobody: priorities, boosts, names (winshim_thread.h).
#include <cstdlib>

#include "shim/api/convert.h"
#include "shim/object/kinds.h"
#include "shim/process/descriptions.h"

namespace winshim::api {
namespace {

// Of two rights either suffices.
Result<wait::Target> resolve_either(HANDLE handle, u64 one, u64 other) noexcept {
    const Result<wait::Target> first = resolve_thread(handle, one);
    return first.status == Status::access_denied ? resolve_thread(handle, other) : first;
}
Result<wait::Target> resolve_to_set(HANDLE handle) noexcept {
    return resolve_either(handle, thread::kSetLimitedInformation, thread::kSetInformation);
}
Result<wait::Target> resolve_to_query(HANDLE handle) noexcept {
    return resolve_either(handle, thread::kQueryLimitedInformation, thread::kQueryInformation);
}

Field<u32>& fact(wait::Target thread, thread::Body which) noexcept { return shm::object(thread.object).body[which]; }

// The field is written under the guard: a handle that is closed just now must not lead to the next object there.
Status note(HANDLE handle, thread::Body which, u32 value) noexcept {
    const Result<wait::Target> thread = resolve_to_set(handle);
    if (!thread) return thread.status;
    wait::Entry entry;
    if (const Status s = wait::enter(entry, thread.value); s != Status::success) return s;
    fact(thread.value, which).set(value);
    wait::leave(entry);
    return Status::success;
}

bool is_priority(int n) noexcept {
    return (n >= THREAD_PRIORITY_LOWEST && n <= THREAD_PRIORITY_HIGHEST) || n == THREAD_PRIORITY_IDLE ||
           n == THREAD_PRIORITY_TIME_CRITICAL;
}

HRESULT result_of(Status status) noexcept {
    return status == Status::success ? S_OK : HRESULT_FROM_WIN32(static_cast<DWORD>(status));
}

}  // namespace

// The conversions of base/, in both widths.
WINSHIM_EXPORT int narrow_utf16(UINT, DWORD, const char16_t*, int, LPSTR, int, LPCSTR, LPBOOL)
    WINSHIM_UTF16(WideCharToMultiByte);
WINSHIM_EXPORT int widen_utf16(UINT, DWORD, LPCSTR, int, char16_t*, int) WINSHIM_UTF16(MultiByteToWideChar);

namespace {

int narrow(const wchar_t* text, char* to, int room) noexcept {
    return WideCharToMultiByte(CP_UTF8, 0, text, -1, to, room, nullptr, nullptr);
}
int narrow(const char16_t* text, char* to, int room) noexcept {
    return narrow_utf16(CP_UTF8, 0, text, -1, to, room, nullptr, nullptr);
}
int widen(const char* text, wchar_t* to, int room) noexcept {
    return MultiByteToWideChar(CP_UTF8, 0, text, -1, to, room);
}
int widen(const char* text, char16_t* to, int room) noexcept { return widen_utf16(CP_UTF8, 0, text, -1, to, room); }

template <class Char>
Status describe(HANDLE handle, const Char* text) noexcept {
    if (text == nullptr) return Status::invalid_parameter;
    const Result<wait::Target> thread = resolve_to_set(handle);
    if (!thread) return thread.status;
    const int bytes = narrow(text, nullptr, 0);
    char* const plain = static_cast<char*>(malloc(static_cast<std::size_t>(bytes) + 1));
    if (plain == nullptr) return Status::not_enough_memory;
    plain[0] = 0;
    narrow(text, plain, bytes);
    const Status status = process::describe(thread.value, plain);
    free(plain);
    return status;
}

template <class Char>
Status describe_to(HANDLE handle, Char** text) noexcept {
    if (text == nullptr) return Status::invalid_parameter;
    *text = nullptr;
    const Result<wait::Target> thread = resolve_to_query(handle);
    if (!thread) return thread.status;
    const Result<char*> plain = process::description_of(thread.value);
    if (!plain) return plain.status;
    const int units = widen(plain.value, static_cast<Char*>(nullptr), 0);
    auto* const made = static_cast<Char*>(LocalAlloc(LMEM_FIXED, static_cast<SIZE_T>(units) * sizeof(Char)));
    if (made != nullptr) widen(plain.value, made, units);
    free(plain.value);
    *text = made;
    return made != nullptr ? Status::success : Status::not_enough_memory;
}

// Last error stays as it was: the result says it all.
template <class Act>
HRESULT keeping_error(Act act) noexcept {
    const KeepErrno keep;
    const u32 error = last_error;
    const HRESULT result = result_of(act());
    last_error = error;
    return result;
}

}  // namespace
}  // namespace winshim::api

using namespace winshim;
using namespace winshim::api;

BOOL WINAPI SetThreadPriority(HANDLE hThread, int nPriority) {
    WINSHIM_FOREIGN(SetThreadPriority, hThread, hThread, nPriority);
    const KeepErrno keep;
    if (!is_priority(nPriority)) return finish(Status::invalid_parameter);
    return finish(note(hThread, thread::kPriority, static_cast<u32>(nPriority)));
}

int WINAPI GetThreadPriority(HANDLE hThread) {
    WINSHIM_FOREIGN(GetThreadPriority, hThread, hThread);
    const KeepErrno keep;
    const Result<wait::Target> thread = resolve_to_query(hThread);
    if (thread) return static_cast<int>(fact(thread.value, thread::kPriority).get());
    failed(thread.status);
    return THREAD_PRIORITY_ERROR_RETURN;
}

BOOL WINAPI SetThreadPriorityBoost(HANDLE hThread, BOOL bDisablePriorityBoost) {
    WINSHIM_FOREIGN(SetThreadPriorityBoost, hThread, hThread, bDisablePriorityBoost);
    const KeepErrno keep;
    return finish(note(hThread, thread::kNoBoost, bDisablePriorityBoost != FALSE ? 1 : 0));
}

BOOL WINAPI GetThreadPriorityBoost(HANDLE hThread, PBOOL pDisablePriorityBoost) {
    WINSHIM_FOREIGN(GetThreadPriorityBoost, hThread, hThread, pDisablePriorityBoost);
    const KeepErrno keep;
    const Result<wait::Target> thread = resolve_to_query(hThread);
    if (!thread) return finish(thread.status);
    if (pDisablePriorityBoost == nullptr) return finish(Status::invalid_parameter);
    *pDisablePriorityBoost = fact(thread.value, thread::kNoBoost).get() != 0 ? TRUE : FALSE;
    return TRUE;
}

HRESULT WINAPI SetThreadDescription(HANDLE hThread, PCWSTR lpThreadDescription) {
    return keeping_error([&] { return describe(hThread, lpThreadDescription); });
}
HRESULT WINAPI GetThreadDescription(HANDLE hThread, PWSTR* ppszThreadDescription) {
    return keeping_error([&] { return describe_to(hThread, ppszThreadDescription); });
}
WINSHIM_EXPORT HRESULT SetThreadDescription_utf16(HANDLE thread, const char16_t* text)
    WINSHIM_UTF16(SetThreadDescription);
HRESULT SetThreadDescription_utf16(HANDLE thread, const char16_t* text) {
    WINSHIM_HAND_ON_AS(SetThreadDescription, SetThreadDescription_utf16, is_foreign(thread), thread, thread, text);
    return keeping_error([&] { return describe(thread, text); });
}
WINSHIM_EXPORT HRESULT GetThreadDescription_utf16(HANDLE thread, char16_t** text) WINSHIM_UTF16(GetThreadDescription);
HRESULT GetThreadDescription_utf16(HANDLE thread, char16_t** text) {
    WINSHIM_HAND_ON_AS(GetThreadDescription, GetThreadDescription_utf16, is_foreign(thread), thread, thread, text);
    return keeping_error([&] { return describe_to(thread, text); });
}
