// check.h - one call, its result and its last error, compared in one line.
//
// Purpose     EXPECT(SetEvent(h), TRUE, SAME) makes the call with a poisoned last error and fails the test unless both
//             the result and the last error are exactly as stated. SAME is the "=" of the statements: left as it was. A
//             call whose arguments are made by other checked calls is fine: each check leaves the poison behind.
// Locks       Only on the thread that runs the test: a failure leaves it by longjmp. For the same reason no local of a
//             test body may need a destructor.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cstdint>
#include <type_traits>

extern "C" {
#include <cmocka.h>
}
#include <windows.h>
#include <winshim.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__ 1  // clang's way to say it
#endif
#endif

constexpr DWORD kPoison = 0xCDCDCDCD;  // an output that still has this value was not written
constexpr DWORD SAME = kPoison;        // wanted last error: untouched by the call

inline HANDLE poison_handle() { return reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(0xCDCDCDCDCDCDCDCD)); }
inline HANDLE handle_of(std::uintptr_t value) { return reinterpret_cast<HANDLE>(value); }

// The result of any call as one kind of number: 32-bit results are not sign extended, a handle is its value.
template <typename T>
std::uint64_t as_number(T value) {
    if constexpr (std::is_null_pointer_v<T>) {
        return 0;
    } else if constexpr (std::is_pointer_v<T>) {
        return reinterpret_cast<std::uintptr_t>(value);
    } else {
        static_assert(sizeof(T) <= 4, "results of this API are 32 bits wide or pointers");
        return static_cast<std::uint32_t>(value);
    }
}

// Fails the test, with both values in the message, unless result and last error are the wanted ones.
void compare(const char *what, std::uint64_t got, DWORD error, std::uint64_t wanted, DWORD wanted_error,
             const char *file, int line);

// Returns `made` if it is a usable handle value and the last error is the wanted one; else fails the test.
HANDLE usable(HANDLE made, const char *what, DWORD wanted_error, const char *file, int line);

// Makes `call` and compares result and last error. The _BY forms say in the message who was asked.
#define EXPECT(call, wanted, wanted_error) EXPECT_BY(#call, call, wanted, wanted_error)
#define EXPECT_BY(label, call, wanted, wanted_error)                                                          \
    do {                                                                                                      \
        SetLastError(kPoison);                                                                                \
        const std::uint64_t got_ = as_number(call);                                                           \
        compare((label), got_, GetLastError(), as_number(wanted), (wanted_error), __FILE__, __LINE__);        \
    } while (false)

// Makes `call`, which must give a handle and the stated last error; the value of the macro is that handle.
#define MADE(call, wanted_error) MADE_BY(#call, call, wanted_error)
#define MADE_BY(label, call, wanted_error) \
    (SetLastError(kPoison), usable((call), (label), (wanted_error), __FILE__, __LINE__))

// Fails the test with a sentence unless `condition` holds.
#define REQUIRE(condition, sentence)                                                                          \
    do {                                                                                                      \
        if (!(condition)) {                                                                                   \
            print_error("%s: not so: %s\n", (sentence), #condition);                                          \
            _fail(__FILE__, __LINE__);                                                                        \
        }                                                                                                     \
    } while (false)

// ---- objects and questions that many tests share -----------------------------------------------------------------
// Each makes an object that must not have existed before (last error 0).
HANDLE auto_event(bool set, const char *name = nullptr);
HANDLE manual_event(bool set, const char *name = nullptr);
HANDLE free_mutex(const char *name = nullptr);
HANDLE owned_mutex(const char *name = nullptr);
HANDLE semaphore(LONG count, LONG maximum, const char *name = nullptr);

// A second handle to the object of `handle`, with the access given (0: none at all).
HANDLE with_access(HANDLE handle, DWORD access);

// Takes all units of a semaphore and returns how many there were.
LONG drain(HANDLE semaphore);

// Releases until the caller no longer owns the mutex; returns how often that worked.
int drop(HANDLE mutex);

// Times of a clock that nobody can set.
std::uint64_t now_us();
inline std::uint64_t now_ms() { return now_us() / 1000; }
