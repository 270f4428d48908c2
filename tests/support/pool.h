// pool.h - what the tests of the thread pool, of timer queues and registered waits share.
#pragma once

#include <dirent.h>
#include <time.h>

#include <atomic>

#include "tests/support/program.h"

constexpr DWORD kSoon = 20'000;  // milliseconds; reached only by a failure

inline ULONGLONG milliseconds() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<ULONGLONG>(now.tv_sec) * 1000 + static_cast<ULONGLONG>(now.tv_nsec) / 1'000'000;
}

inline HANDLE event(BOOL manual = FALSE, BOOL set = FALSE) {
    return MADE(CreateEventA(nullptr, manual, set, nullptr), ERROR_SUCCESS);
}

// Counts; a test waits until it has counted far enough.
struct Counter {
    std::atomic<long> count{0};

    void reset() { count = 0; }
    long operator++() { return ++count; }
    long get() const { return count; }
    bool reaches(long wanted) const {
        for (const ULONGLONG until = milliseconds() + kSoon; count < wanted;) {
            if (milliseconds() > until) return false;
            Sleep(1);
        }
        return true;
    }
    // It does not go on: a sleep that shows that something does not happen.
    bool stays(long wanted, DWORD ms = 60) const {
        Sleep(ms);
        return count == wanted;
    }
};

// Threads of this process, whoever made them.
inline long threads_of_process() {
    long count = -2;  // . and ..
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    while (readdir(tasks) != nullptr) ++count;
    closedir(tasks);
    return count;
}

inline FILETIME filetime(LONGLONG units) {
    const auto u = static_cast<ULONGLONG>(units);
    return {static_cast<DWORD>(u), static_cast<DWORD>(u >> 32)};
}
inline FILETIME in_ms(LONGLONG ms) { return filetime(-10'000 * ms); }
