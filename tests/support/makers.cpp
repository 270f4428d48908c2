// makers.cpp - the table of every way to give a name, and the spellings of one.
//
// Purpose     See makers.h. The decoder here is the tests' own, so that the library's is not checked against itself.
#include "tests/support/makers.h"

#include <cstdio>
#include <cstring>

namespace {

// Decodes one character of valid UTF-8 and moves past it.
char32_t next_character(const char *&at) {
    const auto lead = static_cast<unsigned char>(*at++);
    if (lead < 0x80) return lead;
    const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    char32_t value = lead & (0x3Fu >> more);
    for (int i = 0; i < more; ++i) {
        const auto byte = static_cast<unsigned char>(*at++);
        REQUIRE((byte & 0xC0) == 0x80, "the test's own text is UTF-8");
        value = value << 6 | (byte & 0x3Fu);
    }
    return value;
}

#define FORMS(Letter, member, suffix)                                                                                  \
    {"CreateEvent" Letter, Kind::event,                                                                                \
     [](const Name &n) { return create_event_##suffix(nullptr, FALSE, FALSE, n.member); },                             \
     [](const Name &n) { return open_event_##suffix(EVENT_ALL_ACCESS, FALSE, n.member); }},                            \
    {"CreateEventEx" Letter, Kind::event,                                                                              \
     [](const Name &n) { return create_event_ex_##suffix(nullptr, n.member, 0, EVENT_ALL_ACCESS); },                   \
     [](const Name &n) { return open_event_##suffix(EVENT_ALL_ACCESS, FALSE, n.member); }},                            \
    {"CreateMutex" Letter, Kind::mutex, [](const Name &n) { return create_mutex_##suffix(nullptr, FALSE, n.member); }, \
     [](const Name &n) { return open_mutex_##suffix(MUTEX_ALL_ACCESS, FALSE, n.member); }},                            \
    {"CreateMutexEx" Letter, Kind::mutex,                                                                              \
     [](const Name &n) { return create_mutex_ex_##suffix(nullptr, n.member, 0, MUTEX_ALL_ACCESS); },                   \
     [](const Name &n) { return open_mutex_##suffix(MUTEX_ALL_ACCESS, FALSE, n.member); }},                            \
    {"CreateSemaphore" Letter, Kind::semaphore,                                                                        \
     [](const Name &n) { return create_semaphore_##suffix(nullptr, 1, 9, n.member); },                                 \
     [](const Name &n) { return open_semaphore_##suffix(SEMAPHORE_ALL_ACCESS, FALSE, n.member); }},                    \
    {"CreateSemaphoreEx" Letter, Kind::semaphore,                                                                      \
     [](const Name &n) { return create_semaphore_ex_##suffix(nullptr, 1, 9, n.member, 0, SEMAPHORE_ALL_ACCESS); },     \
     [](const Name &n) { return open_semaphore_##suffix(SEMAPHORE_ALL_ACCESS, FALSE, n.member); }}

}  // namespace

const Maker kMakers[kMakerCount] = {FORMS("A", utf8, utf8), FORMS("W (UTF-16)", utf16, utf16),
                                    FORMS("W (4-byte units)", utf32, utf32)};

const ByteMaker kByteMakers[kByteMakerCount] = {
    {"CreateEventA", Kind::event, [](const char *n) { return CreateEventA(nullptr, FALSE, FALSE, n); },
     [](const char *n) { return OpenEventA(EVENT_ALL_ACCESS, FALSE, n); }},
    {"CreateEventExA", Kind::event, [](const char *n) { return CreateEventExA(nullptr, n, 0, EVENT_ALL_ACCESS); },
     [](const char *n) { return OpenEventA(EVENT_ALL_ACCESS, FALSE, n); }},
    {"CreateMutexA", Kind::mutex, [](const char *n) { return CreateMutexA(nullptr, FALSE, n); },
     [](const char *n) { return OpenMutexA(MUTEX_ALL_ACCESS, FALSE, n); }},
    {"CreateMutexExA", Kind::mutex, [](const char *n) { return CreateMutexExA(nullptr, n, 0, MUTEX_ALL_ACCESS); },
     [](const char *n) { return OpenMutexA(MUTEX_ALL_ACCESS, FALSE, n); }},
    {"CreateSemaphoreA", Kind::semaphore, [](const char *n) { return CreateSemaphoreA(nullptr, 1, 9, n); },
     [](const char *n) { return OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, n); }},
    {"CreateSemaphoreExA", Kind::semaphore,
     [](const char *n) { return CreateSemaphoreExA(nullptr, 1, 9, n, 0, SEMAPHORE_ALL_ACCESS); },
     [](const char *n) { return OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, n); }},
};

Name spelled(const char *utf8) {
    Name name{};
    REQUIRE(strlen(utf8) < sizeof name.utf8, "the name fits its buffer");
    strcpy(name.utf8, utf8);
    size_t units16 = 0;
    size_t units32 = 0;
    for (const char *at = utf8; *at != 0;) {
        const char32_t c = next_character(at);
        REQUIRE(units16 + 3 < sizeof name.utf16 / sizeof(char16_t), "the name fits its buffer");
        name.utf32[units32++] = c;
        if (c >= 0x10000) {
            name.utf16[units16++] = static_cast<char16_t>(0xD7C0 + (c >> 10));
            name.utf16[units16++] = static_cast<char16_t>(0xDC00 | (c & 0x3FF));
        } else {
            name.utf16[units16++] = static_cast<char16_t>(c);
        }
    }
    return name;
}

Name repeated(const char *utf8_character, int times) {
    static char text[1300];
    size_t length = 0;
    for (int i = 0; i < times; ++i) {
        length += static_cast<size_t>(snprintf(text + length, sizeof text - length, "%s", utf8_character));
        REQUIRE(length < sizeof text, "the name fits its buffer");
    }
    if (times == 0) text[0] = 0;
    return spelled(text);
}

Name joined(const char *utf8, const Name &tail) {
    static char text[1400];
    snprintf(text, sizeof text, "%s%s", utf8, tail.utf8);
    return spelled(text);
}
