// command_line.cpp - GetCommandLine, CommandLineToArgvW, GetStartupInfo.
//
// Linux keeps the arguments apart (/proc/self/cmdline); the line is made of them once, when first asked for.
// Source      "GetCommandLineW", "CommandLineToArgvW", "GetStartupInfoW".
#include "shim/file/command_line.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shim/base/sdk.h"
#include "shim/next/next.h"

namespace winshim::file {
namespace {

struct Growing {
    char* data = nullptr;
    std::size_t size = 0, room = 0;
    bool failed = false;
    void put(char c) noexcept {
        if (size == room) {
            void* const more = realloc(data, room * 2 + 256);
            if (more == nullptr) {
                failed = true;
                return;
            }
            data = static_cast<char*>(more);
            room = room * 2 + 256;
        }
        data[size++] = c;
    }
};

// The arguments, each with its end.
void read_arguments(Growing& to) noexcept {
    const int from = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    char buffer[1024];
    for (ssize_t got; from >= 0 && (got = read(from, buffer, sizeof buffer)) != 0;) {
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) break;
        for (ssize_t i = 0; i < got; ++i) to.put(buffer[i]);
    }
    if (from >= 0) ::close(from);
    if (to.size == 0 || to.data[to.size - 1] != '\0') to.put('\0');
}

template <class C>
C* make_line() noexcept {
    Growing arguments, line;
    read_arguments(arguments);
    if (!arguments.failed)
        for (std::size_t at = 0; at < arguments.size; at += strlen(arguments.data + at) + 1) {
            if (at > 0) line.put(' ');
            quote_argument(arguments.data + at, at == 0, [&](char c) { line.put(c); });
        }
    C* result = nullptr;
    if (!arguments.failed && !line.failed)
        if (const base::Converted<C> converted{line.data, line.size}) {
            const std::size_t bytes = (converted.size() + 1) * sizeof(C);
            result = static_cast<C*>(malloc(bytes));
            if (result != nullptr) memcpy(result, converted.data(), bytes);
        }
    free(arguments.data);
    free(line.data);
    return result;
}

// One for each width, for good: programs keep the pointer.
template <class C>
C* command_line() noexcept {
    static std::atomic<C*> kept;
    static C nothing[1] = {};
    C* line = kept.load(std::memory_order_acquire);
    if (line != nullptr) return line;
    const KeepErrno keep;
    const Uncancelled uncancelled;
    C* const made = make_line<C>();
    if (made == nullptr) return nothing;
    // Another thread may have been quicker: everybody has the same line.
    if (kept.compare_exchange_strong(line, made, std::memory_order_acq_rel, std::memory_order_acquire)) return made;
    free(made);
    return line;
}

template <class C>
C** arguments_of(const C* line, int* count) noexcept {
    const KeepErrno keep;
    if (line == nullptr || count == nullptr) return failed(ERROR_INVALID_PARAMETER);
    char program[PATH_MAX];
    C text[PATH_MAX];
    if (*line == C{}) {
        const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
        std::size_t at = 0;
        base::convert<C>(program, length < 0 ? 0 : static_cast<std::size_t>(length), [&](const C* units, u32 n) {
            for (u32 i = 0; i < n; ++i) text[at++] = units[i];
        });
        text[at] = C{};
    }
    std::size_t units = 0;
    int number = 1;
    if (*line == C{}) {
        units = base::length_of(text) + 1;
    } else {
        number = split_command_line(line, [&](C) { ++units; });
    }
    const std::size_t pointers = (static_cast<std::size_t>(number) + 1) * sizeof(C*);
    C** const result = static_cast<C**>(LocalAlloc(LMEM_FIXED, pointers + units * sizeof(C)));
    if (result == nullptr) return nullptr;
    C *const first = reinterpret_cast<C*>(reinterpret_cast<char*>(result) + pointers), *at = first;
    if (*line == C{}) {
        memcpy(at, text, units * sizeof(C));
    } else {
        split_command_line(line, [&](C c) { *at++ = c; });
    }
    at = first;
    for (int i = 0; i < number; ++i, at += base::length_of(at) + 1) result[i] = at;
    result[number] = nullptr;
    *count = number;
    return result;
}

// STARTUPINFOA and W differ in what their pointers point to.
template <class Info>
void startup(Info* info) noexcept {
    if (info == nullptr) return;
    *info = Info{};
    info->cb = sizeof *info;
    info->dwFlags = STARTF_USESTDHANDLES;
    info->hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    info->hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    info->hStdError = GetStdHandle(STD_ERROR_HANDLE);
}

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

LPSTR WINAPI GetCommandLineA(void) { return command_line<char>(); }
LPWSTR WINAPI GetCommandLineW(void) { return command_line<wchar_t>(); }
WINSHIM_EXPORT char16_t* GetCommandLine_utf16(void) WINSHIM_UTF16(GetCommandLineW);
char16_t* GetCommandLine_utf16(void) { return command_line<char16_t>(); }
WINSHIM_PLAIN(GetCommandLine);

LPWSTR* WINAPI CommandLineToArgvW(LPCWSTR line, int* count) { return arguments_of(line, count); }
WINSHIM_EXPORT char16_t** CommandLineToArgv_utf16(const char16_t* line, int* count) WINSHIM_UTF16(CommandLineToArgvW);
char16_t** CommandLineToArgv_utf16(const char16_t* line, int* count) {
    WINSHIM_LEAVE_AS(CommandLineToArgvW, CommandLineToArgv_utf16, memory, line, count);
    return arguments_of(line, count);
}

void WINAPI GetStartupInfoA(LPSTARTUPINFOA info) { startup(info); }
void WINAPI GetStartupInfoW(LPSTARTUPINFOW info) { startup(info); }
WINSHIM_EXPORT void GetStartupInfo_utf16(LPSTARTUPINFOW info) WINSHIM_UTF16(GetStartupInfoW);
void GetStartupInfo_utf16(LPSTARTUPINFOW info) { startup(info); }
WINSHIM_PLAIN(GetStartupInfo);
