// console_keys.cpp - single keys and characters (conio.h).
//
// The terminal is put into the mode without lines and echo only while a key is waited for, so that a program that ends
// elsewhere leaves it as it was. Ctrl+C keeps its meaning. Standard input is read past stdio, as Microsoft's does.
// Source      "_getch", "_getche", "_kbhit", "_putch", "_cputs".
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "shim/base/sdk.h"
#pragma GCC visibility push(default)
#include "winapi_headers/conio.h"
#pragma GCC visibility pop

namespace winshim::base {
namespace {

// The terminal without lines and echo, if standard input is one.
class KeyMode {
public:
    KeyMode() noexcept : changed_(tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!changed_) return;
        termios mode = before_;
        mode.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        mode.c_cc[VMIN] = 1;
        mode.c_cc[VTIME] = 0;
        tcsetattr(STDIN_FILENO, TCSANOW, &mode);
    }
    ~KeyMode() noexcept {
        if (changed_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    KeyMode(const KeyMode&) = delete;
    KeyMode& operator=(const KeyMode&) = delete;

private:
    KeepErrno keep_;
    termios before_;
    bool changed_;
};

int read_byte() noexcept {
    unsigned char byte;
    ssize_t got;
    do got = read(STDIN_FILENO, &byte, 1);
    while (got < 0 && errno == EINTR);
    return got == 1 ? byte : -1;
}

bool write_bytes(const char* bytes, std::size_t count) noexcept {
    const KeepErrno keep;
    fflush(stdout);  // what was printed before comes first
    while (count > 0) {
        const ssize_t written = write(STDOUT_FILENO, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes += written;
        count -= static_cast<std::size_t>(written);
    }
    return true;
}

}  // namespace
}  // namespace winshim::base

using namespace winshim::base;

int __cdecl _getch(void) {
    const KeyMode mode;
    fflush(stdout);  // a prompt
    return read_byte();
}

int __cdecl _getche(void) {
    const int byte = _getch();
    if (byte >= 0) _putch(byte);
    return byte;
}

int __cdecl _kbhit(void) {
    const KeyMode mode;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, 0) > 0;
}

int __cdecl _putch(int _Ch) {
    const char byte = static_cast<char>(_Ch);
    return write_bytes(&byte, 1) ? _Ch & 0xFF : -1;
}

int __cdecl _cputs(const char* _Str) { return write_bytes(_Str, strlen(_Str)) ? 0 : -1; }
