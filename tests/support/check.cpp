// check.cpp - comparisons with a message, and the objects that many tests start from.
//
// Purpose     See check.h.
#include "tests/support/check.h"

#include <time.h>

void compare(const char *what, std::uint64_t got, DWORD error, std::uint64_t wanted, DWORD wanted_error,
             const char *file, int line) {
    if (got == wanted && error == wanted_error) return SetLastError(kPoison);  // for an EXPECT around this one
    print_error("%s\n  gave 0x%llx (%llu), wanted 0x%llx (%llu)\n", what, static_cast<unsigned long long>(got),
                static_cast<unsigned long long>(got), static_cast<unsigned long long>(wanted),
                static_cast<unsigned long long>(wanted));
    print_error("  last error %u%s, wanted %u%s\n", error, error == SAME ? " (untouched)" : "", wanted_error,
                wanted_error == SAME ? " (untouched)" : "");
    _fail(file, line);
}

HANDLE usable(HANDLE made, const char *what, DWORD wanted_error, const char *file, int line) {
    const DWORD error = GetLastError();
    const auto value = static_cast<std::intptr_t>(as_number(made));
    if (value == 0 || value == -1 || value == -2 || error != wanted_error) {
        print_error("%s\n  gave handle 0x%llx and last error %u, wanted a handle and %u%s\n", what,
                    static_cast<unsigned long long>(value), error, wanted_error,
                    wanted_error == SAME ? " (untouched)" : "");
        _fail(file, line);
    }
    SetLastError(kPoison);  // for an EXPECT around this one
    return made;
}

HANDLE auto_event(bool set, const char *name) { return MADE(CreateEventA(nullptr, FALSE, set, name), 0); }
HANDLE manual_event(bool set, const char *name) { return MADE(CreateEventA(nullptr, TRUE, set, name), 0); }
HANDLE free_mutex(const char *name) { return MADE(CreateMutexA(nullptr, FALSE, name), 0); }
HANDLE owned_mutex(const char *name) { return MADE(CreateMutexA(nullptr, TRUE, name), 0); }
HANDLE semaphore(LONG count, LONG maximum, const char *name) {
    return MADE(CreateSemaphoreA(nullptr, count, maximum, name), 0);
}

HANDLE with_access(HANDLE handle, DWORD access) {
    HANDLE copy = poison_handle();
    EXPECT(DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, access, FALSE, 0), TRUE, SAME);
    REQUIRE(copy != poison_handle() && copy != nullptr && copy != handle, "a duplicate is a new handle");
    return copy;
}

LONG drain(HANDLE semaphore) {
    LONG units = 0;
    while (WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0) ++units;
    EXPECT(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
    return units;
}

int drop(HANDLE mutex) {
    int levels = 0;
    while (ReleaseMutex(mutex)) ++levels;
    EXPECT(ReleaseMutex(mutex), FALSE, ERROR_NOT_OWNER);
    return levels;
}

std::uint64_t now_us() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}
