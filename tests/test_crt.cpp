// test_crt.cpp - Microsoft's additions to the C library, the multimedia clock, intrinsics.
//
// Source      "_snprintf", "strncpy_s" and their kin; "timeBeginPeriod"; "_BitScanForward".
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include <intrin.h>
#include <mmsystem.h>

#include "tests/support/program.h"

TEST(all, Clock_of_multimedia) {
    TIMECAPS caps{};
    assert_int_equal(timeGetDevCaps(&caps, sizeof caps), MMSYSERR_NOERROR);
    assert_true(caps.wPeriodMin == 1 && caps.wPeriodMax >= 1);
    assert_int_equal(timeBeginPeriod(1), TIMERR_NOERROR);
    assert_int_equal(timeEndPeriod(1), TIMERR_NOERROR);
    assert_int_equal(timeBeginPeriod(0), TIMERR_NOCANDO);
    const DWORD before = timeGetTime();
    assert_true(GetTickCount() - before < 60'000);
}

TEST(all, Text_compared_copied_and_cut) {
    char text[8];
    assert_true(_stricmp("Event", "eVENT") == 0 && _stricmp("a", "B") < 0 && _stricmp("ab", "a") > 0);
    assert_true(_strnicmp("abcX", "ABCy", 3) == 0 && _strnicmp("abcX", "ABCy", 4) < 0);
    assert_true(_wcsicmp(L"Event", L"eVENT") == 0 && _wcsnicmp(L"abX", L"ABy", 2) == 0);
    char *const copy = _strdup("copy");
    wchar_t *const wide = _wcsdup(L"copy");
    assert_string_equal(copy, "copy");
    assert_true(wcscmp(wide, L"copy") == 0);
    assert_string_equal(_strupr(copy), "COPY");
    assert_string_equal(_strlwr(copy), "copy");
    free(copy);
    free(wide);
    assert_int_equal(strcpy_s(text, "1234567"), 0);
    assert_int_equal(strcpy_s(text, "12345678"), ERANGE);
    assert_string_equal(text, "");
    assert_int_equal(strncpy_s(text, sizeof text, "12345678", _TRUNCATE), STRUNCATE);
    assert_string_equal(text, "1234567");
    assert_int_equal(strncpy_s(text, sizeof text, "12345678", 3), 0);
    assert_int_equal(strcat_s(text, "45"), 0);
    assert_string_equal(text, "12345");
    assert_int_equal(strncat_s(text, sizeof text, "6789", 2), 0);
    assert_string_equal(text, "1234567");
    assert_int_equal(strncat_s(text, sizeof text, "8", _TRUNCATE), STRUNCATE);
    assert_int_equal(strcat_s(text, sizeof text, "8"), ERANGE);
    assert_int_equal(strcpy_s(nullptr, 4, "x"), EINVAL);
    assert_int_equal(memcpy_s(text, 4, "abcd", 4), 0);
    assert_int_equal(memcpy_s(text, 4, "abcde", 5), ERANGE);
    assert_memory_equal(text, "\0\0\0\0", 4);
    assert_int_equal(memmove_s(text, 4, nullptr, 1), EINVAL);
    assert_int_equal(strerror_s(text, sizeof text, ENOENT), 0);
    assert_string_equal(text, "No such");
    assert_int_equal(_countof(text), 8);
}

TEST(all, Text_printed_with_and_without_an_end) {
    char text[8] = "zzzzzzz";
    assert_int_equal(_snprintf(text, 4, "%d", 12345), -1);
    assert_memory_equal(text, "1234zzz", 7);
    assert_int_equal(_snprintf(text, 4, "%d", 9876), 4);
    assert_memory_equal(text, "9876zzz", 7);
    assert_int_equal(_snprintf(text, 4, "%d", 12), 2);
    assert_string_equal(text, "12");
    assert_int_equal(_snprintf(nullptr, 0, "%d", 123), 3);
    assert_int_equal(sprintf_s(text, sizeof text, "%s", "1234567"), 7);
    assert_int_equal(sprintf_s(text, sizeof text, "%s", "12345678"), -1);
    assert_string_equal(text, "");
    assert_int_equal(_snprintf_s(text, sizeof text, _TRUNCATE, "%s", "12345678"), -1);
    assert_string_equal(text, "1234567");
    assert_int_equal(_snprintf_s(text, sizeof text, 3, "%s", "12345678"), -1);
    assert_string_equal(text, "123");
    assert_int_equal(_snprintf_s(text, sizeof text, 8, "%s", "12345678"), -1);
    assert_string_equal(text, "");
    wchar_t wide[4] = L"zzz";
    assert_int_equal(_snwprintf(wide, 3, L"%s", L"abc"), 3);
    assert_true(wide[2] == L'c' && wide[3] == 0);
    assert_int_equal(_snwprintf(wide, 2, L"%s", L"xyz"), -1);
    assert_true(wide[0] == L'x' && wide[2] == L'c');
}

// A function with "..." of the program's own, which hands its arguments on.
static int say(wchar_t *to, size_t room, const wchar_t *format, ...) {
    va_list list;
    va_start(list, format);
    const int length = _vsnwprintf(to, room, format, list);
    va_end(list);
    return length;
}

TEST(all, Text_printed_from_a_list) {
    wchar_t wide[8] = L"zzzzzzz";
    assert_int_equal(say(wide, 8, L"%d %s", 12, L"ab"), 5);
    assert_true(wcscmp(wide, L"12 ab") == 0);
    assert_int_equal(say(wide, 4, L"%s", L"wxyz"), 4);  // the room is full: no end
    assert_true(wmemcmp(wide, L"wxyzb", 5) == 0);
    assert_int_equal(say(wide, 3, L"%s", L"12345"), -1);
    assert_true(wmemcmp(wide, L"123zb", 5) == 0);
    assert_int_equal(say(nullptr, 0, L"%d", 123), 3);
    assert_int_equal(say(nullptr, 1, L"%d", 123), -1);
    assert_int_equal(say(wide, 0, L"%d", 123), -1);
    assert_int_equal(say(wide, static_cast<size_t>(-1), L"%s", L"any"), 3);
    assert_true(wcscmp(wide, L"any") == 0);
    assert_int_equal(say(wide, 8, L"%.2f %c %x", 1.5, 'c', 255), -1);
    assert_true(wmemcmp(wide, L"1.50 c f", 8) == 0);
}

TEST(all, Library_files_times_and_memory) {
    FILE *stream = nullptr;
    assert_int_equal(fopen_s(&stream, "/dev/null", "r"), 0);
    fclose(stream);
    assert_int_equal(fopen_s(&stream, "/dev/null/none", "r"), ENOTDIR);
    assert_null(stream);
    struct tm date;
    const time_t day = 86400;
    assert_int_equal(gmtime_s(&date, &day), 0);
    assert_true(date.tm_mday == 2 && date.tm_year == 70);
    assert_int_equal(localtime_s(&date, &day), 0);
    assert_int_equal(localtime_s(nullptr, &day), EINVAL);
    struct _timeb now;
    _ftime(&now);
    assert_true(now.time - time(nullptr) <= 0 && time(nullptr) - now.time < 60 && now.millitm < 1000);
    char *memory = static_cast<char *>(_aligned_malloc(100, 256));
    assert_int_equal(reinterpret_cast<std::uintptr_t>(memory) % 256, 0);
    memory[99] = 'x';
    memory = static_cast<char *>(_aligned_realloc(memory, 10000, 512));
    assert_true(reinterpret_cast<std::uintptr_t>(memory) % 512 == 0 && memory[99] == 'x');
    _aligned_free(memory);
    assert_null(_aligned_malloc(1, 3));
    assert_int_equal(errno, EINVAL);
}

TEST(all, Intrinsics_scan_bits) {
    DWORD index = 99;
    unsigned long wide_index = 99;
    assert_int_equal(_BitScanForward(&index, 0), 0);
    assert_true(_BitScanForward(&index, 0x80000010) == 1 && index == 4);
    assert_true(_BitScanReverse(&index, 0x80000010) == 1 && index == 31);
    assert_true(_BitScanForward64(&wide_index, ULONG64{1} << 40) == 1 && wide_index == 40);
    assert_true(_BitScanReverse64(&wide_index, (ULONG64{1} << 40) | 1) == 1 && wide_index == 40);
    assert_true(_byteswap_ulong(0x01020304) == 0x04030201 && __popcnt(0xF0F0) == 8);
#if defined(__SIZEOF_INT128__)
    assert_true(__umulh(ULONG64{1} << 63, 4) == 2);
#endif
}

int main(int argc, char **argv) { return test_main(argc, argv); }
