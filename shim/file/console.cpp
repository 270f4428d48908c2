// console.cpp - what Win32 programs ask of a console that a terminal can give (consoleapi.h).
// Source      "WriteConsole", "GetConsoleMode", "SetConsoleMode", "GetConsoleOutputCP", "SetConsoleOutputCP".
#include <fcntl.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "shim/base/text.h"
#include "shim/file/descriptor.h"

namespace winshim::file {
namespace {

// Input and output are two buffers on Windows and one terminal here: what was opened for reading only, and descriptor
// 0, is input.
bool is_input(int descriptor) noexcept {
    return descriptor == 0 || (fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_RDONLY;
}

template <class C>
BOOL write_text(HANDLE console, const void* text, DWORD count, DWORD* written) noexcept {
    const KeepErrno keep;
    const Uncancelled uncancelled;
    if (written != nullptr) *written = 0;
    const int descriptor = descriptor_of(console);
    if (isatty(descriptor) == 0) return failed(ERROR_INVALID_HANDLE);
    if (text == nullptr && count > 0) return failed(ERROR_INVALID_PARAMETER);
    const base::Utf8 bytes{static_cast<const C*>(text), count};
    if (!bytes) return failed(ERROR_NOT_ENOUGH_MEMORY);
    fflush(stdout);  // a console is not buffered: what was printed before comes first
    if (write_all(descriptor, bytes.data(), bytes.size()) < bytes.size())
        return failed(errno == EBADF ? DWORD{ERROR_ACCESS_DENIED} : error_of(errno));
    if (written != nullptr) *written = count;
    return TRUE;
}

constexpr DWORD kInputModes = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT,
                kOutputModes = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;

}  // namespace
}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

BOOL WINAPI WriteConsoleA(HANDLE console, const VOID* text, DWORD count, LPDWORD written, LPVOID reserved) {
    WINSHIM_HAND_ON(WriteConsoleA, console, console, text, count, written, reserved);
    return write_text<char>(console, text, count, written);
}
BOOL WINAPI WriteConsoleW(HANDLE console, const VOID* text, DWORD count, LPDWORD written, LPVOID) {
    return write_text<wchar_t>(console, text, count, written);
}
WINSHIM_EXPORT BOOL WriteConsole_utf16(HANDLE console, const VOID* text, DWORD count, LPDWORD written, LPVOID)
    WINSHIM_UTF16(WriteConsoleW);
BOOL WriteConsole_utf16(HANDLE console, const VOID* text, DWORD count, LPDWORD written, LPVOID reserved) {
    WINSHIM_HAND_ON_AS(WriteConsoleW, WriteConsole_utf16, next::is_foreign(console), console, console, text, count,
                       written, reserved);
    return write_text<char16_t>(console, text, count, written);
}
WINSHIM_PLAIN(WriteConsole);

BOOL WINAPI GetConsoleMode(HANDLE hConsoleHandle, LPDWORD lpMode) {
    WINSHIM_HAND_ON(GetConsoleMode, hConsoleHandle, hConsoleHandle, lpMode);
    const KeepErrno keep;
    const int descriptor = descriptor_of(hConsoleHandle);
    termios mode;
    if (tcgetattr(descriptor, &mode) != 0) return failed(ERROR_INVALID_HANDLE);
    if (lpMode == nullptr) return failed(ERROR_INVALID_PARAMETER);
    *lpMode = kOutputModes;
    if (is_input(descriptor))
        *lpMode = ((mode.c_lflag & ISIG) != 0 ? DWORD{ENABLE_PROCESSED_INPUT} : 0u) |
                  ((mode.c_lflag & ICANON) != 0 ? DWORD{ENABLE_LINE_INPUT} : 0u) |
                  ((mode.c_lflag & ECHO) != 0 ? DWORD{ENABLE_ECHO_INPUT} : 0u);
    return TRUE;
}

BOOL WINAPI SetConsoleMode(HANDLE hConsoleHandle, DWORD dwMode) {
    WINSHIM_HAND_ON(SetConsoleMode, hConsoleHandle, hConsoleHandle, dwMode);
    const KeepErrno keep;
    const int descriptor = descriptor_of(hConsoleHandle);
    termios mode;
    if (tcgetattr(descriptor, &mode) != 0) return failed(ERROR_INVALID_HANDLE);
    if (!is_input(descriptor)) return (dwMode & ~kOutputModes) == 0 ? BOOL{TRUE} : failed(ERROR_INVALID_PARAMETER);
    const bool echo = (dwMode & ENABLE_ECHO_INPUT) != 0, lines = (dwMode & ENABLE_LINE_INPUT) != 0;
    if ((dwMode & ~kInputModes) != 0 || (echo && !lines)) return failed(ERROR_INVALID_PARAMETER);
    constexpr tcflag_t all = ISIG | ICANON | ECHO;
    mode.c_lflag = (mode.c_lflag & ~all) | ((dwMode & ENABLE_PROCESSED_INPUT) != 0 ? tcflag_t{ISIG} : 0u) |
                   (lines ? tcflag_t{ICANON} : 0u) | (echo ? tcflag_t{ECHO} : 0u);
    return tcsetattr(descriptor, TCSANOW, &mode) == 0 ? BOOL{TRUE} : failed_errno();
}

UINT WINAPI GetConsoleCP(void) { return CP_UTF8; }
UINT WINAPI GetConsoleOutputCP(void) { return CP_UTF8; }
BOOL WINAPI SetConsoleCP(UINT wCodePageID) {
    return wCodePageID == CP_UTF8 ? BOOL{TRUE} : failed(ERROR_INVALID_PARAMETER);
}
BOOL WINAPI SetConsoleOutputCP(UINT wCodePageID) { return SetConsoleCP(wCodePageID); }
