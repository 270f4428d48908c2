// makers.h - every way to give a name: three types, create and create-ex, 1-, 2- and 4-byte units.
//
// Purpose     Rows about names hold for all of them; a test walks kMakers. The exported symbols are called as they are,
//             past the headers: FW takes 2-byte units, FW_utf32 takes 4-byte units, F without a letter takes bytes.
// Source      Gen-11, Gen-12; LD-27.
#pragma once

#include "tests/support/check.h"

// One name in the three spellings.
struct Name {
    char utf8[1300];
    char16_t utf16[700];
    char32_t utf32[700];
};

Name spelled(const char *utf8);                         // valid UTF-8, or the test fails
Name repeated(const char *utf8_character, int times);
Name joined(const char *utf8, const Name &tail);

enum class Kind { event, mutex, semaphore };

struct Maker {
    const char *label;
    Kind kind;
    HANDLE (*create)(const Name &name);  // clear auto-reset event, free mutex, semaphore 1 of 9
    HANDLE (*open)(const Name &name);
};

constexpr int kMakerCount = 18;
extern const Maker kMakers[kMakerCount];

// The forms that take a `const char *` as it is, valid or not; nullptr included.
struct ByteMaker {
    const char *label;
    Kind kind;
    HANDLE (*create)(const char *name);
    HANDLE (*open)(const char *name);
};
constexpr int kByteMakerCount = 6;
extern const ByteMaker kByteMakers[kByteMakerCount];

// ---- the exported symbols behind the headers' names -----------------------------------------------------------------
#define WINSHIM_TEST_FORMS(Char, suffix, Symbol)                                                                 \
    HANDLE create_event_##suffix(LPSECURITY_ATTRIBUTES, BOOL, BOOL, const Char *) __asm__("CreateEvent" Symbol); \
    HANDLE create_event_ex_##suffix(LPSECURITY_ATTRIBUTES, const Char *, DWORD, DWORD)                           \
        __asm__("CreateEventEx" Symbol);                                                                         \
    HANDLE open_event_##suffix(DWORD, BOOL, const Char *) __asm__("OpenEvent" Symbol);                           \
    HANDLE create_mutex_##suffix(LPSECURITY_ATTRIBUTES, BOOL, const Char *) __asm__("CreateMutex" Symbol);       \
    HANDLE create_mutex_ex_##suffix(LPSECURITY_ATTRIBUTES, const Char *, DWORD, DWORD)                           \
        __asm__("CreateMutexEx" Symbol);                                                                         \
    HANDLE open_mutex_##suffix(DWORD, BOOL, const Char *) __asm__("OpenMutex" Symbol);                           \
    HANDLE create_semaphore_##suffix(LPSECURITY_ATTRIBUTES, LONG, LONG, const Char *)                            \
        __asm__("CreateSemaphore" Symbol);                                                                       \
    HANDLE create_semaphore_ex_##suffix(LPSECURITY_ATTRIBUTES, LONG, LONG, const Char *, DWORD, DWORD)           \
        __asm__("CreateSemaphoreEx" Symbol);                                                                     \
    HANDLE open_semaphore_##suffix(DWORD, BOOL, const Char *) __asm__("OpenSemaphore" Symbol);

extern "C" {
WINSHIM_TEST_FORMS(char, utf8, "A")
WINSHIM_TEST_FORMS(char, plain, "")
WINSHIM_TEST_FORMS(char16_t, utf16, "W")
WINSHIM_TEST_FORMS(char32_t, utf32, "W_utf32")
}
