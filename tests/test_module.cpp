// test_module.cpp - modules and their functions, the command line, how the process was started.
//
// Source      "GetModuleHandleW", "GetProcAddress", "LoadLibraryW", "GetModuleFileNameW", "CommandLineToArgvW",
//             "GetCommandLineW", "GetStartupInfoW"; "Parsing C++ command-line arguments".
#include <shellapi.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include <string>
#include <vector>

#include "tests/support/program.h"
#include "tests/support/spawn.h"

extern "C" {
char16_t **split_utf16(const char16_t *, int *) __asm__("CommandLineToArgvW");
char16_t *line_utf16(void) __asm__("GetCommandLineW");
FARPROC function_utf16(HMODULE, LPCSTR) __asm__("GetProcAddress");
DWORD name_utf16(HMODULE, char16_t *, DWORD) __asm__("GetModuleFileNameW");
}

// An address that is no module.
static HMODULE no_module() {
    static int nothing;
    return reinterpret_cast<HMODULE>(&nothing);
}

TEST(all, Module_names_of_Windows_are_this_library) {
    const HMODULE own = GetModuleHandleA("kernel32");
    REQUIRE(own != nullptr, "kernel32");
    EXPECT(GetModuleHandleA("KERNEL32.DLL"), own, SAME);
    EXPECT(GetModuleHandleW(L"ntdll.dll"), own, SAME);
    EXPECT(LoadLibraryA("api-ms-win-core-synch-l1-2-0.dll"), own, SAME);
    EXPECT(LoadLibraryExW(L"coredll.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32), own, SAME);
    EXPECT(LoadLibraryExA("kernel32", nullptr, 2), nullptr, ERROR_NOT_SUPPORTED);
    EXPECT(FreeLibrary(own), TRUE, SAME);
    EXPECT(GetModuleHandleA("kernel33"), nullptr, ERROR_MOD_NOT_FOUND);
    EXPECT(FreeLibrary(nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(FreeLibrary(no_module()), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, Module_functions_by_name) {
    const HMODULE own = GetModuleHandleA("kernel32.dll");
    const auto set = reinterpret_cast<BOOL(WINAPI *)(HANDLE)>(reinterpret_cast<void *>(GetProcAddress(own,
        "SetEvent")));
    REQUIRE(set != nullptr, "SetEvent");
    const HANDLE event = auto_event(false);
    EXPECT(set(event), TRUE, SAME);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CloseHandle(event);
    EXPECT(GetProcAddress(own, "NoSuchFunction"), nullptr, ERROR_PROC_NOT_FOUND);
    EXPECT(GetProcAddress(own, reinterpret_cast<LPCSTR>(std::uintptr_t{7})), nullptr, ERROR_PROC_NOT_FOUND);
    EXPECT(GetProcAddress(nullptr, "SetEvent"), nullptr, ERROR_MOD_NOT_FOUND);
    // A wide function in the caller's width.
    const auto length = reinterpret_cast<int(WINAPI *)(LPCWSTR)>(reinterpret_cast<void *>(GetProcAddress(own,
        "lstrlenW")));
    const auto length16 =
        reinterpret_cast<int(WINAPI *)(const char16_t *)>(reinterpret_cast<void *>(function_utf16(own, "lstrlenW")));
    assert_int_equal(length(L"abc"), 3);
    assert_int_equal(length16(u"abcd"), 4);
}

TEST(all, Module_libraries_are_loaded_and_freed) {
    const HMODULE m = LoadLibraryA("m.dll") != nullptr ? GetModuleHandleA("m.dll") : LoadLibraryW(L"libm.so.6");
    REQUIRE(m != nullptr, "the mathematics library");
    const auto root = reinterpret_cast<double (*)(double)>(reinterpret_cast<void *>(GetProcAddress(m, "sqrt")));
    REQUIRE(root != nullptr && root(9) == 3, "its square root");
    EXPECT(GetModuleHandleA("libm.so.6"), m, SAME);
    HMODULE again = nullptr;
    EXPECT(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, reinterpret_cast<LPCSTR>(root), &again), TRUE,
        SAME);
    REQUIRE(again == m, "the module of its address");
    EXPECT(FreeLibrary(m), TRUE, SAME);
    EXPECT(FreeLibrary(again), TRUE, SAME);
    EXPECT(GetModuleHandleExA(3, "kernel32", &again), FALSE, ERROR_INVALID_PARAMETER);
    REQUIRE(again == nullptr, "no handle");
    EXPECT(LoadLibraryA("no-such-library"), nullptr, ERROR_MOD_NOT_FOUND);
    EXPECT(LoadLibraryA("/etc\\passwd"), nullptr, ERROR_BAD_EXE_FORMAT);
    EXPECT(LoadLibraryA("C:\\x.dll"), nullptr, ERROR_INVALID_DRIVE);
}

TEST(all, Module_file_names) {
    char path[PATH_MAX], wanted[PATH_MAX] = "";
    const auto count = static_cast<DWORD>(readlink("/proc/self/exe", wanted, sizeof wanted - 1));
    EXPECT(GetModuleFileNameA(nullptr, path, sizeof path), count, 0);
    assert_string_equal(path, wanted);
    EXPECT(GetModuleFileNameA(GetModuleHandleA(nullptr), path, sizeof path), count, 0);
    assert_string_equal(path, wanted);
    EXPECT(GetModuleFileNameA(nullptr, path, 4), 4, ERROR_INSUFFICIENT_BUFFER);
    assert_memory_equal(path, wanted, 3);
    assert_int_equal(path[3], 0);
    EXPECT(GetModuleFileNameA(nullptr, path, count + 1), count, 0);
    char16_t wide[PATH_MAX];
    EXPECT(name_utf16(nullptr, wide, PATH_MAX), count, 0);
    EXPECT(GetModuleFileNameA(GetModuleHandleA("kernel32"), path, sizeof path) > count / 4, TRUE, 0);
    REQUIRE(strstr(path, "libwinshim") != nullptr, "the library's path");
    EXPECT(GetModuleFileNameA(no_module(), path, sizeof path), 0, ERROR_MOD_NOT_FOUND);
}

// ---- the command line -----------------------------------------------------------------------------------------------

static void splits(const wchar_t *line, const std::vector<std::wstring> &wanted) {
    int count = -1;
    LPWSTR *const parts = CommandLineToArgvW(line, &count);
    REQUIRE(parts != nullptr, "the parts");
    bool same = count == static_cast<int>(wanted.size()) && parts[count] == nullptr;
    for (int i = 0; same && i < count; ++i) same = wanted[static_cast<std::size_t>(i)] == parts[i];
    if (!same) {
        print_error("%ls gives %d parts:\n", line, count);
        for (int i = 0; i < count; ++i) print_error("  [%ls]\n", parts[i]);
    }
    LocalFree(parts);
    assert_true(same);
}

TEST(all, Command_line_in_its_parts) {
    splits(L"p a b", {L"p", L"a", L"b"});
    splits(L"p  \t a  ", {L"p", L"a"});
    splits(L" a", {L"", L"a"});
    splits(L"\"a b\"c d", {L"a b", L"c", L"d"});
    splits(L"a\\\"b c\" d", {L"a\\\"b", L"c d"});
    splits(L"p \"abc\" d e", {L"p", L"abc", L"d", L"e"});
    splits(L"p a\\\\b d\"e f\"g h", {L"p", L"a\\\\b", L"de fg", L"h"});
    splits(L"p a\\\\\\\"b c d", {L"p", L"a\\\"b", L"c", L"d"});
    splits(L"p a\\\\\\\\\"b c\" d e", {L"p", L"a\\\\b c", L"d", L"e"});
    splits(L"p \"\" x", {L"p", L"", L"x"});
    splits(L"p \"a b\\\\\" c", {L"p", L"a b\\", L"c"});
    splits(L"p \"\"\"a b", {L"p", L"\"a", L"b"});
    splits(L"p \"a", {L"p", L"a"});
    splits(L"p\\ a\\", {L"p\\", L"a\\"});
    int count = 0;
    LPWSTR *const own = CommandLineToArgvW(L"", &count);
    wchar_t path[PATH_MAX];
    GetModuleFileNameW(nullptr, path, PATH_MAX);
    assert_int_equal(count, 1);
    assert_int_equal(wcscmp(own[0], path), 0);
    LocalFree(own);
    EXPECT(CommandLineToArgvW(L"a", nullptr), nullptr, ERROR_INVALID_PARAMETER);
    char16_t **const wide = split_utf16(u"a \"b c\"", &count);
    assert_int_equal(count, 2);
    assert_memory_equal(wide[1], u"b c", 8);
    LocalFree(wide);
}

ROLE(tell_arguments) {
    // What the line gives back is what Linux was given.
    int count = 0, given = 0;
    LPWSTR *const parts = CommandLineToArgvW(GetCommandLineW(), &count);
    char text[4096] = "";
    FILE *const f = fopen("/proc/self/cmdline", "r");
    const std::size_t bytes = f == nullptr ? 0 : fread(text, 1, sizeof text - 1, f);
    if (f != nullptr) fclose(f);
    for (std::size_t at = 0; at < bytes; at += strlen(text + at) + 1, ++given) {
        wchar_t wide[1024];
        MultiByteToWideChar(CP_UTF8, 0, text + at, -1, wide, 1024);
        if (given >= count || wcscmp(wide, parts[given]) != 0) return 1;
    }
    LocalFree(parts);
    if (given != count || strstr(GetCommandLineA(), "tell_arguments") == nullptr || line_utf16() == nullptr) return 2;
    return GetCommandLineA() == GetCommandLineA() ? 0 : 3;
}

TEST(all, Command_line_gives_back_the_arguments) {
    for (const char *const odd : {"plain", "", "two words", "a\"b", "a\\\"b", "end\\", "two words\\\\", "\t",
        "\xC3\xA4",
                                  "\"\"\"", "a\\\\\\\"", "\\\\server\\x y"}) {
        const char *const arguments[] = {"--role", "tell_arguments", odd, nullptr};
        const pid_t child = spawn_self(arguments, {}, -1);
        int status = -1;
        REQUIRE(child > 0 && wait_for_process(child, 20000, &status), "the child ends");
        if (status != 0) print_error("argument [%s]: status 0x%x\n", odd, static_cast<unsigned>(status));
        assert_int_equal(status, 0);
    }
}

TEST(all, Startup_information) {
    STARTUPINFOA info;
    memset(&info, 0xCD, sizeof info);
    GetStartupInfoA(&info);
    assert_int_equal(info.cb, sizeof info);
    REQUIRE(info.lpTitle == nullptr && info.hStdOutput == GetStdHandle(STD_OUTPUT_HANDLE), "what is known");
    assert_int_equal(info.dwFlags, STARTF_USESTDHANDLES);
    STARTUPINFOW wide;
    GetStartupInfoW(&wide);
    assert_int_equal(wide.cb, sizeof wide);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
