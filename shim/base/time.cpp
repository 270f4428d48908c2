// time.cpp - clocks and calendars (sysinfoapi.h, profileapi.h, timezoneapi.h).
//
// The calendar is computed here and not by gmtime: it must take the years 1601 to 30827 and refuse what does not exist.
// Days are counted from 1 January 1601, the first day of a 400-year cycle, so leap days come out of plain divisions.
// Source      "File Times", "SystemTimeToFileTime", "FileTimeToSystemTime", "GetTickCount64".
#include <time.h>

#include "shim/base/sdk.h"
#include "shim/shm/clock.h"

namespace winshim::base {
namespace {

using i64 = std::int64_t;
constexpr u64 kUnitsPerMs = 10'000, kUnitsPerSecond = 10'000'000, kSecondsPerDay = 86'400;
constexpr u64 kUnixEpoch = 11'644'473'600;  // seconds from 1601 to 1970
constexpr u64 kLast = 0x7FFFFFFFFFFFFFFF;
constexpr u32 kFirstYear = 1601, kLastYear = 30827, kDaysPer400Years = 146'097;
constexpr u16 kDaysBefore[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

u64 value_of(const FILETIME& t) noexcept { return u64{t.dwHighDateTime} << 32 | t.dwLowDateTime; }
FILETIME file_time(u64 value) noexcept { return {static_cast<DWORD>(value), static_cast<DWORD>(value >> 32)}; }

bool leap(u32 year) noexcept { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
u32 days_in(u32 year, u32 month) noexcept {
    return kDaysBefore[month] - kDaysBefore[month - 1] + (month == 2 && leap(year) ? 1u : 0u);
}
u32 days_before_year(u32 year) noexcept {
    const u32 years = year - kFirstYear;
    return years * 365 + years / 4 - years / 100 + years / 400;
}

bool exists(const SYSTEMTIME& t) noexcept {
    return t.wYear >= kFirstYear && t.wYear <= kLastYear && t.wMonth >= 1 && t.wMonth <= 12 && t.wDay >= 1 &&
           t.wDay <= days_in(t.wYear, t.wMonth) && t.wHour < 24 && t.wMinute < 60 && t.wSecond < 60 &&
           t.wMilliseconds < 1000;
}

u64 to_value(const SYSTEMTIME& t) noexcept {
    const u64 days = days_before_year(t.wYear) + kDaysBefore[t.wMonth - 1] + (t.wMonth > 2 && leap(t.wYear) ? 1u : 0u) +
                     t.wDay - 1u;
    const u64 seconds = days * kSecondsPerDay + u64{t.wHour} * 3600 + u64{t.wMinute} * 60 + t.wSecond;
    return seconds * kUnitsPerSecond + t.wMilliseconds * kUnitsPerMs;
}

SYSTEMTIME to_calendar(u64 value) noexcept {
    const u64 seconds = value / kUnitsPerSecond;
    const u32 of_day = static_cast<u32>(seconds % kSecondsPerDay), days = static_cast<u32>(seconds / kSecondsPerDay);
    // 400-year cycles have equal lengths; the guess within one is at most a year too late.
    u32 year = kFirstYear + days / kDaysPer400Years * 400 + days % kDaysPer400Years / 365;
    while (days_before_year(year) > days) --year;
    u32 day = days - days_before_year(year), month = 1;
    while (day >= days_in(year, month)) day -= days_in(year, month++);
    return {.wYear = static_cast<WORD>(year), .wMonth = static_cast<WORD>(month),
            .wDayOfWeek = static_cast<WORD>((days + 1) % 7),  // 1 January 1601 was a Monday
            .wDay = static_cast<WORD>(day + 1), .wHour = static_cast<WORD>(of_day / 3600),
            .wMinute = static_cast<WORD>(of_day / 60 % 60), .wSecond = static_cast<WORD>(of_day % 60),
            .wMilliseconds = static_cast<WORD>(value / kUnitsPerMs % 1000)};
}

u64 since_start_ns() noexcept {
    timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);  // counts sleep, as Windows does
    return static_cast<u64>(t.tv_sec) * kNsPerSecond + static_cast<u64>(t.tv_nsec);
}

u64 now() noexcept {
    timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (static_cast<u64>(t.tv_sec) + kUnixEpoch) * kUnitsPerSecond + static_cast<u64>(t.tv_nsec) / 100;
}

// How far local time is ahead of UTC now, in units.
i64 offset_now() noexcept {
    const KeepErrno keep;
    const time_t seconds = time(nullptr);
    tm broken{};
    tzset();
    return localtime_r(&seconds, &broken) != nullptr ? broken.tm_gmtoff * static_cast<i64>(kUnitsPerSecond) : 0;
}

BOOL shift(const FILETIME* from, FILETIME* to, bool to_local) noexcept {
    if (from == nullptr || to == nullptr || value_of(*from) > kLast) return failed(ERROR_INVALID_PARAMETER);
    const i64 offset = offset_now();
    *to = file_time(value_of(*from) + static_cast<u64>(to_local ? offset : -offset));
    return TRUE;
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

DWORD WINAPI GetTickCount(void) { return static_cast<DWORD>(GetTickCount64()); }
ULONGLONG WINAPI GetTickCount64(void) { return since_start_ns() / kNsPerMs; }

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER* lpPerformanceCount) {
    if (lpPerformanceCount == nullptr) return failed(ERROR_INVALID_PARAMETER);
    lpPerformanceCount->QuadPart = static_cast<LONGLONG>(since_start_ns() / 100);
    return TRUE;
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER* lpFrequency) {
    if (lpFrequency == nullptr) return failed(ERROR_INVALID_PARAMETER);
    lpFrequency->QuadPart = static_cast<LONGLONG>(kUnitsPerSecond);
    return TRUE;
}

void WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime) { *lpSystemTimeAsFileTime = file_time(now()); }
void WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME lpSystemTimeAsFileTime) {
    *lpSystemTimeAsFileTime = file_time(now());
}
void WINAPI GetSystemTime(LPSYSTEMTIME lpSystemTime) { *lpSystemTime = to_calendar(now()); }
void WINAPI GetLocalTime(LPSYSTEMTIME lpSystemTime) {
    *lpSystemTime = to_calendar(now() + static_cast<u64>(offset_now()));
}

BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME* lpSystemTime, LPFILETIME lpFileTime) {
    if (lpSystemTime == nullptr || lpFileTime == nullptr || !exists(*lpSystemTime))
        return failed(ERROR_INVALID_PARAMETER);
    *lpFileTime = file_time(to_value(*lpSystemTime));
    return TRUE;
}

BOOL WINAPI FileTimeToSystemTime(const FILETIME* lpFileTime, LPSYSTEMTIME lpSystemTime) {
    if (lpFileTime == nullptr || lpSystemTime == nullptr || value_of(*lpFileTime) > kLast)
        return failed(ERROR_INVALID_PARAMETER);
    *lpSystemTime = to_calendar(value_of(*lpFileTime));
    return TRUE;
}

BOOL WINAPI FileTimeToLocalFileTime(const FILETIME* lpFileTime, LPFILETIME lpLocalFileTime) {
    return shift(lpFileTime, lpLocalFileTime, true);
}
BOOL WINAPI LocalFileTimeToFileTime(const FILETIME* lpLocalFileTime, LPFILETIME lpFileTime) {
    return shift(lpLocalFileTime, lpFileTime, false);
}

LONG WINAPI CompareFileTime(const FILETIME* lpFileTime1, const FILETIME* lpFileTime2) {
    const u64 first = value_of(*lpFileTime1), second = value_of(*lpFileTime2);
    return first < second ? -1 : first > second ? 1 : 0;
}
