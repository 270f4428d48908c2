// test_base_text.cpp - text between widths, the l functions, strsafe, FormatMessage, environment, names.
//
// Purpose     A wide function exists for 2-byte and for 4-byte units; what differs between them is tested in both, past
//             the headers by the exported symbol (FW: UTF-16).
// Source      "MultiByteToWideChar", "WideCharToMultiByte", "lstrcpynW", "lstrcmpW", "CharUpperW", "StringCchPrintfW",
//             "FormatMessageW", "GetEnvironmentVariableW", "ExpandEnvironmentStringsW", "GetComputerNameW"; LD-13,
//             LD-27.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strsafe.h>
#include <unistd.h>
#include <wchar.h>

#include "tests/support/program.h"

extern "C" {
int to_utf16(UINT, DWORD, const char *, int, char16_t *, int) __asm__("MultiByteToWideChar");
int from_utf16(UINT, DWORD, const char16_t *, int, char *, int, const char *, BOOL *) __asm__("WideCharToMultiByte");
int length_utf16(const char16_t *) __asm__("lstrlenW");
HRESULT print_utf16(char16_t *, size_t, const char16_t *, ...) __asm__("StringCchPrintfW");
HRESULT print_bytes_wide16(char *, size_t, const char *, ...) __asm__("StringCchPrintfA_utf16");
DWORD message_utf16(DWORD, LPCVOID, DWORD, DWORD, char16_t *, DWORD, va_list *) __asm__("FormatMessageW");
DWORD variable_utf16(const char16_t *, char16_t *, DWORD) __asm__("GetEnvironmentVariableW");
}

static void same_text(const char *got, const char *wanted) { assert_string_equal(got, wanted); }
static void same_text(const wchar_t *got, const wchar_t *wanted) {
    if (wcscmp(got, wanted) != 0) print_error("got \"%ls\", wanted \"%ls\"\n", got, wanted);
    assert_int_equal(wcscmp(got, wanted), 0);
}
static void same_text(const char16_t *got, const char16_t *wanted) {
    assert_int_equal(length_utf16(got), length_utf16(wanted));
    assert_memory_equal(got, wanted, sizeof(char16_t) * static_cast<std::size_t>(length_utf16(wanted)));
}

// ---- widths --------------------------------------------------------------------------------------------------------
TEST(all, Text_conversion_both_ways_in_both_widths) {
    static const char text[] = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";  // 1, 2, 3 and 4 bytes
    wchar_t wide[16];
    char16_t utf16[16];
    char back[16];
    EXPECT(MultiByteToWideChar(CP_UTF8, 0, text, -1, nullptr, 0), 5, SAME);
    EXPECT(MultiByteToWideChar(CP_ACP, MB_PRECOMPOSED, text, -1, wide, 16), 5, SAME);
    same_text(wide, L"a\u00E4\u20AC\U0001F600");
    EXPECT(to_utf16(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, utf16, 16), 6, SAME);
    same_text(utf16, u"a\u00E4\u20AC\U0001F600");
    EXPECT(WideCharToMultiByte(CP_UTF8, 0, wide, -1, nullptr, 0, nullptr, nullptr), 11, SAME);
    EXPECT(WideCharToMultiByte(CP_UTF8, 0, wide, 4, back, 16, nullptr, nullptr), 10, SAME);
    assert_memory_equal(back, text, 10);
    EXPECT(from_utf16(CP_UTF8, 0, utf16, -1, back, 11, nullptr, nullptr), 11, SAME);
    same_text(back, text);
    BOOL used = -1;
    EXPECT(WideCharToMultiByte(CP_ACP, 0, L"x", -1, back, 2, "?", &used), 2, SAME);
    assert_int_equal(used, FALSE);
}

TEST(all, Text_conversion_errors) {
    wchar_t wide[4];
    char bytes[4];
    EXPECT(MultiByteToWideChar(CP_UTF8, 0, "abcd", -1, wide, 4), 0, ERROR_INSUFFICIENT_BUFFER);
    EXPECT(MultiByteToWideChar(CP_UTF8, 0, "abcd", 4, wide, 4), 4, SAME);
    EXPECT(MultiByteToWideChar(CP_UTF8, 0, "abcd", 0, wide, 4), 0, ERROR_INVALID_PARAMETER);
    EXPECT(MultiByteToWideChar(CP_UTF8, 0, "abcd", -2, wide, 4), 0, ERROR_INVALID_PARAMETER);
    EXPECT(MultiByteToWideChar(CP_UTF8, 0, nullptr, -1, wide, 4), 0, ERROR_INVALID_PARAMETER);
    EXPECT(MultiByteToWideChar(1252, 0, "a", -1, wide, 4), 0, ERROR_INVALID_PARAMETER);
    EXPECT(MultiByteToWideChar(CP_UTF8, MB_PRECOMPOSED, "a", -1, wide, 4), 0, ERROR_INVALID_FLAGS);
    EXPECT(WideCharToMultiByte(CP_UTF8, 0, L"abcd", -1, bytes, 4, nullptr, nullptr), 0, ERROR_INSUFFICIENT_BUFFER);
    EXPECT(WideCharToMultiByte(CP_UTF8, 0, L"a", -1, bytes, 4, "?", nullptr), 0, ERROR_INVALID_PARAMETER);
    EXPECT(WideCharToMultiByte(CP_UTF8, 0x400, L"a", -1, bytes, 4, nullptr, nullptr), 0, ERROR_INVALID_FLAGS);
    static const char16_t lone[] = {u'a', 0xD800, u'b', 0};
    EXPECT(from_utf16(CP_UTF8, WC_ERR_INVALID_CHARS, lone, -1, nullptr, 0, nullptr, nullptr), 0,
           ERROR_NO_UNICODE_TRANSLATION);
    EXPECT(from_utf16(CP_UTF8, 0, lone, -1, nullptr, 0, nullptr, nullptr), 6, SAME);
}

TEST(all, Text_what_is_not_utf8) {
    struct Wrong { const char *bytes; const wchar_t *text; };
    for (const Wrong &w : {Wrong{"\xFF", L"\uFFFD"}, {"\xC3", L"\uFFFD"}, {"\xC0\x80", L"\uFFFD\uFFFD"},
                           {"\xED\xA0\x80", L"\uFFFD\uFFFD\uFFFD"}, {"\xE2\x82z", L"\uFFFDz"},
                           {"\xF4\x90\x80\x80", L"\uFFFD\uFFFD\uFFFD\uFFFD"}, {"a\x80z", L"a\uFFFDz"}}) {
        wchar_t wide[8];
        EXPECT(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, w.bytes, -1, wide, 8), 0,
               ERROR_NO_UNICODE_TRANSLATION);
        EXPECT(MultiByteToWideChar(CP_UTF8, 0, w.bytes, -1, wide, 8), static_cast<int>(wcslen(w.text)) + 1, SAME);
        same_text(wide, w.text);
    }
}

// ---- the l functions ------------------------------------------------------------------------------------------------
TEST(all, Lstr_length_copy_append) {
    char bytes[8];
    wchar_t wide[8];
    EXPECT(lstrlenA("abc"), 3, SAME);
    EXPECT(lstrlenA(nullptr), 0, SAME);
    EXPECT(lstrlenW(L"abcd"), 4, SAME);
    EXPECT(length_utf16(u"abcde"), 5, SAME);
    EXPECT(lstrcpyA(bytes, "abc"), bytes, SAME);
    EXPECT(lstrcatA(bytes, "def"), bytes, SAME);
    same_text(bytes, "abcdef");
    EXPECT(lstrcpynA(bytes, "uvwxyz", 4), bytes, SAME);
    same_text(bytes, "uvw");
    EXPECT(lstrcpynW(wide, L"a", 8), wide, SAME);
    same_text(wide, L"a");
    EXPECT(lstrcpynA(bytes, "a", 0), nullptr, SAME);
    EXPECT(lstrcpyA(bytes, nullptr), nullptr, SAME);
}

TEST(all, Lstr_compares_letters_before_case) {
    assert_int_equal(lstrcmpA("a", "a"), 0);
    assert_int_equal(lstrcmpA("a", "A"), -1);
    assert_int_equal(lstrcmpA("A", "b"), -1);
    assert_int_equal(lstrcmpA("B", "a"), 1);
    assert_int_equal(lstrcmpA("ab", "a"), 1);
    assert_int_equal(lstrcmpW(L"Ab", L"aC"), -1);
    assert_int_equal(lstrcmpA(nullptr, "a"), -1);
    assert_int_equal(lstrcmpiA("MUTEX", "mutex"), 0);
    assert_int_equal(lstrcmpiW(L"\u00C4", L"\u00E4"), 0);
    assert_int_equal(lstrcmpiA("\xC3\x84", "\xC3\xA4"), 0);
    assert_int_equal(lstrcmpiA("a", "b"), -1);
}

TEST(all, Char_case) {
    char bytes[] = "a\xC3\xA4Z\xC3\x9F";
    wchar_t wide[] = L"a\u00E4Z";
    EXPECT(CharUpperA(bytes), bytes, SAME);
    same_text(bytes, "A\xC3\x84Z\xC3\x9F");
    EXPECT(CharLowerW(wide), wide, SAME);
    same_text(wide, L"a\u00E4z");
    EXPECT(CharUpperW(reinterpret_cast<LPWSTR>(L'\u00E4')), handle_of(0xC4), SAME);
    EXPECT(CharLowerA(reinterpret_cast<LPSTR>('Q')), handle_of('q'), SAME);
    EXPECT(CharUpperBuffW(wide, 1), 1, SAME);
    same_text(wide, L"A\u00E4z");
}

// ---- printf -------------------------------------------------------------------------------------------------------
#define PRINTS(wanted, ...)                                              \
    do {                                                                 \
        char text_[200];                                                 \
        assert_int_equal(StringCchPrintfA(text_, 200, __VA_ARGS__), S_OK); \
        same_text(text_, wanted);                                        \
    } while (false)
#define PRINTS_WIDE(wanted, ...)                                         \
    do {                                                                 \
        wchar_t text_[200];                                              \
        assert_int_equal(StringCchPrintfW(text_, 200, __VA_ARGS__), S_OK); \
        same_text(text_, wanted);                                        \
    } while (false)

TEST(all, Printf_numbers) {
    PRINTS("42 -7 4294967295 2a 2A 52", "%d %i %u %x %X %o", 42, -7, 0xFFFFFFFFu, 42, 42, 42);
    PRINTS("   42|42   |00042|+42| 42|0x2a|052", "%5d|%-5d|%05d|%+d|% d|%#x|%#o", 42, 42, 42, 42, 42, 42, 42);
    PRINTS("  042|0042|  -042|", "%5.3d|%.4d|%6.3d|%.0d", 42, 42, -42, 0);
    PRINTS("     7|7     |", "%*d|%*d|", 6, 7, -6, 7);
    PRINTS("-1 4294967295", "%ld %lu", LONG{-1}, DWORD{0xFFFFFFFF});  // Microsoft's long has 32 bits
    PRINTS("-5000000000 12A05F200 18446744073709551615", "%I64d %llX %I64u", LONG64{-5000000000}, ULONG64{5000000000},
           ~ULONG64{0});
    PRINTS("-1 65535 -1 255", "%hd %hu %hhd %hhu", 0xFFFF, 0xFFFF, 0xFF, 0xFF);
    PRINTS("9 10 11", "%Iu %zu %I32u", SIZE_T{9}, SIZE_T{10}, 11u);
    PRINTS(sizeof(void *) == 8 ? "0000000000ABCDEF" : "00ABCDEF", "%p", reinterpret_cast<void *>(0xABCDEF));
    PRINTS("1.50 1.500000e+00 1.5 |    1.5|1.5    |0001.50", "%.2f %e %g |%7.1f|%-7.1f|%07.2f", 1.5,
           1.5, 1.5, 1.5, 1.5, 1.5, 1.5);
    PRINTS("100%", "%d%%", 100);
}

TEST(all, Printf_text_of_both_kinds) {
    PRINTS("abc|  abc|abc  |ab|(null)", "%s|%5s|%-5s|%.2s|%s", "abc",
           "abc", "abc", "abc", static_cast<char *>(nullptr));
    PRINTS("w\xC3\xA4|w\xC3\xA4|n|x y", "%S|%ls|%hs|%c %C", L"w\u00E4", L"w\u00E4", "n", 'x', L'y');
    PRINTS_WIDE(L"w\u00E4|n\u00E4|w|n|x y", L"%s|%S|%ls|%hs|%c %C", L"w\u00E4", "n\xC3\xA4", L"w", "n", L'x', 'y');
    static const wchar_t no_end[3] = {L'a', L'b', L'c'};
    PRINTS_WIDE(L"abc  ab", L"%.3s%4.2s", no_end, no_end);
    char16_t utf16[20];
    assert_int_equal(print_utf16(utf16, 20, u"%s %S %d", u"\u00E4\U0001F600", "\xC3\xA4", 5), S_OK);
    same_text(utf16, u"\u00E4\U0001F600 \u00E4 5");
    char bytes[20];
    assert_int_equal(print_bytes_wide16(bytes, 20, "%S", u"\u00E4"), S_OK);
    same_text(bytes, "\xC3\xA4");
}

TEST(all, Printf_is_cut_off_with_an_end_and_refuses_what_it_does_not_know) {
    char text[4] = "zzz";
    assert_int_equal(StringCchPrintfA(text, 4, "%d", 12345), STRSAFE_E_INSUFFICIENT_BUFFER);
    same_text(text, "123");
    assert_int_equal(StringCchPrintfA(text, 4, "%d", 123), S_OK);
    assert_int_equal(StringCchPrintfA(text, 0, "x"), STRSAFE_E_INVALID_PARAMETER);
    int count = 7;
    assert_int_equal(StringCchPrintfA(text, 4, "a%n", &count), STRSAFE_E_INVALID_PARAMETER);
    assert_int_equal(count, 7);
    wchar_t wide[4];
    assert_int_equal(StringCbPrintfW(wide, sizeof wide, L"%s", L"abcd"), STRSAFE_E_INSUFFICIENT_BUFFER);
    same_text(wide, L"abc");
    char long_text[1100];
    static char thousand[1200];
    memset(thousand, 'x', 1199);
    assert_int_equal(wsprintfA(long_text, "%s", thousand), 1023);
    assert_int_equal(strlen(long_text), 1023);
}

TEST(all, Strsafe_copy_append_length) {
    char text[8];
    size_t length = 99;
    assert_int_equal(StringCchCopyA(text, 8, "abcdefg"), S_OK);
    assert_int_equal(StringCchCopyA(text, 4, "abcd"), STRSAFE_E_INSUFFICIENT_BUFFER);
    same_text(text, "abc");
    assert_int_equal(StringCchCatA(text, 8, "defg"), S_OK);
    assert_int_equal(StringCchCatA(text, 8, "h"), STRSAFE_E_INSUFFICIENT_BUFFER);
    same_text(text, "abcdefg");
    assert_int_equal(StringCchCatA(text, 7, "h"), STRSAFE_E_INVALID_PARAMETER);  // no end within the room
    assert_int_equal(StringCchCopyNA(text, 8, "abcdefg", 2), S_OK);
    assert_int_equal(StringCchCatNA(text, 8, "xyz", 1), S_OK);
    same_text(text, "abx");
    assert_int_equal(StringCchLengthA(text, 8, &length), S_OK);
    assert_int_equal(length, 3);
    assert_int_equal(StringCchLengthA(text, 3, &length), STRSAFE_E_INVALID_PARAMETER);
    assert_int_equal(length, 0);
    assert_int_equal(StringCbLengthW(L"abc", 100, &length), S_OK);
    assert_int_equal(length, 3 * sizeof(wchar_t));
    assert_int_equal(StringCchCopyA(text, 0, "a"), STRSAFE_E_INVALID_PARAMETER);
}

ROLE(wide_output) {
    wprintf(L"%s %S %d|", L"w\u00E4", "n\xC3\xA4", 5);
    fwprintf(stderr, L"%ls %hs|", L"w", "n");
    fflush(stderr);
    printf("%s|", "mixed");
    fputws(L"put\u00E4|", stdout);
    return _putws(L"line") >= 0 ? 0 : 3;
}

TEST(all, Printf_wide_to_streams) {
    const RoleResult result = run_role("wide_output", nullptr);
    assert_int_equal(result.status, 0);
    REQUIRE(strstr(result.output, "w n|") != nullptr, "to the stream named");
    REQUIRE(strstr(result.output, "w\xC3\xA4 n\xC3\xA4 5|mixed|put\xC3\xA4|line\n") != nullptr, "in order, as UTF-8");
    wchar_t text[6];
    assert_int_equal(swprintf(text, 6, L"%s", L"abcde"), 5);
    assert_int_equal(swprintf(text, 6, L"%s", L"abcdef"), -1);
}

// ---- messages -----------------------------------------------------------------------------------------------------
TEST(all, FormatMessage_of_error_codes) {
    char text[200];
    constexpr DWORD kSystem = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    const DWORD length = FormatMessageA(kSystem, nullptr, ERROR_INVALID_HANDLE, 0, text, 200, nullptr);
    REQUIRE(length > 3 && strlen(text) == length, "a text");
    same_text(text + length - 2, "\r\n");
    char other[200];
    FormatMessageA(kSystem, nullptr, 0x80070006, 0, other, 200, nullptr);
    same_text(other, text);
    FormatMessageA(kSystem | FORMAT_MESSAGE_MAX_WIDTH_MASK, nullptr, 6, 0, other, 200, nullptr);
    REQUIRE(strchr(other, '\n') == nullptr, "no end of line");
    EXPECT(FormatMessageA(kSystem, nullptr, 0x2FFFFFFF, 0, text, 200, nullptr), 0, ERROR_MR_MID_NOT_FOUND);
    EXPECT(FormatMessageA(kSystem, nullptr, 6, 0, text, 5, nullptr), 0, ERROR_INSUFFICIENT_BUFFER);
    EXPECT(FormatMessageA(kSystem, nullptr, 6, 0, nullptr, 5, nullptr), 0, ERROR_INVALID_PARAMETER);
    wchar_t *made = nullptr;
    const DWORD wide = FormatMessageW(kSystem | FORMAT_MESSAGE_ALLOCATE_BUFFER, nullptr, 6, 0,
                                      reinterpret_cast<LPWSTR>(&made), 0, nullptr);
    assert_int_equal(wide, length);
    assert_int_equal(wcslen(made), length);
    EXPECT(LocalFree(made), nullptr, SAME);
}

static DWORD from_string(char *out, const char *format, ...) {
    va_list list;
    va_start(list, format);
    const DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_STRING, format, 0, 0, out, 200, &list);
    va_end(list);
    return length;
}

TEST(all, FormatMessage_inserts_and_escapes) {
    char text[200];
    from_string(text, "%1 %2!d! %1!5s!| %3!04x!%%%!%.%n%t%b;%0 never", "abc", -7, 0x2A);
    same_text(text, "abc -7   abc| 002a%!.\r\n\t ;");
    from_string(text, "%2 %1", "second", "first");
    same_text(text, "first second");
    from_string(text, "%1!*.*s!|", 6, 2, "abcdef");
    same_text(text, "    ab|");
    if (sizeof(DWORD_PTR) == 8) {  // an insert is no wider
        from_string(text, "%1!I64d!", LONG64{-5000000000});
        same_text(text, "-5000000000");
    }
    const DWORD_PTR array[] = {reinterpret_cast<DWORD_PTR>("x"), 8};
    EXPECT(FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, "%1=%2!u!", 0, 0, text, 200,
                          reinterpret_cast<va_list *>(const_cast<DWORD_PTR *>(array))), 3, SAME);
    same_text(text, "x=8");
    EXPECT(FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_IGNORE_INSERTS, "%1!d! %2", 0, 0, text, 200,
                          nullptr), 8, SAME);
    same_text(text, "%1!d! %2");
    EXPECT(FormatMessageA(FORMAT_MESSAGE_FROM_STRING, "%1", 0, 0, text, 200, nullptr), 0, ERROR_INVALID_PARAMETER);
    FormatMessageA(FORMAT_MESSAGE_FROM_STRING | 10, "aaa bbb\r\nccc ddd", 0, 0, text, 200, nullptr);
    same_text(text, "aaa bbb\r\nccc ddd");
    FormatMessageA(FORMAT_MESSAGE_FROM_STRING | 12, "aaa bbb\r\nccc ddd", 0, 0, text, 200, nullptr);
    same_text(text, "aaa bbb ccc\r\nddd");
    char16_t utf16[40];
    const DWORD_PTR wide_array[] = {reinterpret_cast<DWORD_PTR>(u"\u00E4")};
    EXPECT(message_utf16(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, u"<%1>", 0, 0, utf16, 40,
                         reinterpret_cast<va_list *>(const_cast<DWORD_PTR *>(wide_array))), 3, SAME);
    same_text(utf16, u"<\u00E4>");
}

// ---- environment --------------------------------------------------------------------------------------------------
TEST(all, Environment_get_set_remove) {
    char value[8];
    wchar_t wide[8];
    char16_t utf16[8];
    EXPECT(GetEnvironmentVariableA("WinshimTest", value, 8), 0, ERROR_ENVVAR_NOT_FOUND);
    EXPECT(SetEnvironmentVariableA("WinshimTest", nullptr), FALSE, ERROR_ENVVAR_NOT_FOUND);
    EXPECT(SetEnvironmentVariableW(L"WinshimTest", L"v\u00E4l"), TRUE, SAME);
    same_text(getenv("WinshimTest"), "v\xC3\xA4l");
    EXPECT(GetEnvironmentVariableA("WINSHIMTEST", value, 8), 4, SAME);  // case does not count
    same_text(value, "v\xC3\xA4l");
    EXPECT(GetEnvironmentVariableA("WinshimTest", value, 4), 5, SAME);
    EXPECT(GetEnvironmentVariableA("WinshimTest", nullptr, 0), 5, SAME);
    EXPECT(GetEnvironmentVariableW(L"WinshimTest", wide, 4), 3, SAME);
    same_text(wide, L"v\u00E4l");
    EXPECT(variable_utf16(u"WinshimTest", utf16, 4), 3, SAME);
    same_text(utf16, u"v\u00E4l");
    EXPECT(SetEnvironmentVariableA("WINSHIMTEST", ""), TRUE, SAME);
    same_text(getenv("WinshimTest"), "");  // the one variable there is, under its own name
    EXPECT(GetEnvironmentVariableA("WinshimTest", value, 8), 0, SAME);
    EXPECT(SetEnvironmentVariableA("A=B", "x"), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(SetEnvironmentVariableA("", "x"), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(SetEnvironmentVariableA("WinshimTest", nullptr), TRUE, SAME);
    assert_null(getenv("WinshimTest"));
}

TEST(all, Environment_expand_and_copy) {
    char text[64];
    EXPECT(SetEnvironmentVariableA("WinshimTest", "value"), TRUE, SAME);
    EXPECT(ExpandEnvironmentStringsA("a %WinshimTest% %NoSuchOne% 100% %WinshimTest%", text, 64), 31, SAME);
    same_text(text, "a value %NoSuchOne% 100% value");
    EXPECT(ExpandEnvironmentStringsA("%WinshimTest%", text, 3), 6, SAME);
    LPWSTR block = GetEnvironmentStringsW();
    bool found = false;
    for (LPWSTR entry = block; *entry != L'\0'; entry += wcslen(entry) + 1)
        found = found || wcscmp(entry, L"WinshimTest=value") == 0;
    REQUIRE(found, "the variable is in the block");
    EXPECT(FreeEnvironmentStringsW(block), TRUE, SAME);
    EXPECT(SetEnvironmentVariableA("WinshimTest", nullptr), TRUE, SAME);
}

TEST(all, Names_of_machine_and_user) {
    char bytes[300];
    wchar_t wide[300];
    DWORD size = 0, wide_size = 300;
    EXPECT(GetComputerNameA(bytes, &size), FALSE, ERROR_BUFFER_OVERFLOW);
    const DWORD needed = size;
    EXPECT(GetComputerNameA(bytes, &size), TRUE, SAME);
    assert_int_equal(size, needed - 1);
    assert_int_equal(strlen(bytes), size);
    REQUIRE(size <= MAX_COMPUTERNAME_LENGTH, "a short name");
    EXPECT(GetComputerNameW(wide, &wide_size), TRUE, SAME);
    assert_int_equal(wide_size, size);
    size = 0;
    EXPECT(GetUserNameA(bytes, &size), FALSE, ERROR_INSUFFICIENT_BUFFER);
    EXPECT(GetUserNameA(bytes, &size), TRUE, SAME);
    assert_int_equal(size, strlen(bytes) + 1);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
