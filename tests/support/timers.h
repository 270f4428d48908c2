// timers.h - due times as the tests of waitable timers say them.
#pragma once

#include "tests/support/check.h"

constexpr DWORD kSoon = 20'000;  // milliseconds; reached only by a failure
constexpr LONGLONG kMs = 10'000;  // in the units of a due time
constexpr LONGLONG kHour = 3'600'000 * kMs;

inline LARGE_INTEGER due_of(LONGLONG due) {
    LARGE_INTEGER at;
    at.QuadPart = due;
    return at;
}

inline HANDLE timer(BOOL manual, const char *name = nullptr) {
    return MADE(CreateWaitableTimerA(nullptr, manual, name), ERROR_SUCCESS);
}

inline void set(HANDLE timer, LONGLONG due, LONG period_ms = 0) {
    const LARGE_INTEGER at = due_of(due);
    EXPECT(SetWaitableTimer(timer, &at, period_ms, nullptr, nullptr, FALSE), TRUE, SAME);
}

inline LONGLONG wall_time() {
    FILETIME now;
    GetSystemTimePreciseAsFileTime(&now);
    return static_cast<LONGLONG>((static_cast<ULONGLONG>(now.dwHighDateTime) << 32) | now.dwLowDateTime);
}
