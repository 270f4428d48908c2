// names.cpp - the names of the machine and of the user (winshim_text.h).
// Source      "GetComputerNameW", "GetUserNameW".
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shim/base/sdk.h"
#include "shim/base/text.h"

namespace winshim::base {
namespace {

template <class C>
BOOL computer_name(C* buffer, DWORD* size) noexcept {
    const KeepErrno keep;
    char name[256] = "";
    if (size == nullptr) return failed(ERROR_INVALID_PARAMETER);
    gethostname(name, sizeof name - 1);
    DWORD length = 0;
    for (; length < MAX_COMPUTERNAME_LENGTH && name[length] != '\0' && name[length] != '.'; ++length)
        if (name[length] >= 'a' && name[length] <= 'z') name[length] = static_cast<char>(name[length] - 32);
    if (buffer == nullptr || *size <= length) {
        *size = length + 1;
        return failed(ERROR_BUFFER_OVERFLOW);
    }
    for (DWORD i = 0; i < length; ++i) buffer[i] = static_cast<C>(static_cast<unsigned char>(name[i]));
    buffer[length] = C{};
    *size = length;
    return TRUE;
}

template <class C>
BOOL user_name(C* buffer, DWORD* size) noexcept {
    const KeepErrno keep;
    char memory[4096], number[24];
    passwd entry, *found = nullptr;
    if (size == nullptr) return failed(ERROR_INVALID_PARAMETER);
    snprintf(number, sizeof number, "%u", static_cast<unsigned>(geteuid()));
    const bool known = getpwuid_r(geteuid(), &entry, memory, sizeof memory, &found) == 0 && found != nullptr;
    const char* const text = known ? entry.pw_name : number;
    const Converted<C> name{text, strlen(text)};
    if (!name) return failed(ERROR_NOT_ENOUGH_MEMORY);
    const DWORD needed = static_cast<DWORD>(name.size() + 1), room = *size;
    *size = needed;
    if (buffer == nullptr || room < needed) return failed(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, name.data(), needed * sizeof(C));
    return TRUE;
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

BOOL WINAPI GetComputerNameA(LPSTR buffer, LPDWORD size) { return computer_name(buffer, size); }
BOOL WINAPI GetComputerNameW(LPWSTR buffer, LPDWORD size) { return computer_name(buffer, size); }
WINSHIM_EXPORT BOOL GetComputerName_utf16(char16_t* buffer, DWORD* size) WINSHIM_UTF16(GetComputerNameW);
BOOL GetComputerName_utf16(char16_t* buffer, DWORD* size) { return computer_name(buffer, size); }
WINSHIM_PLAIN(GetComputerName);

BOOL WINAPI GetUserNameA(LPSTR buffer, LPDWORD size) { return user_name(buffer, size); }
BOOL WINAPI GetUserNameW(LPWSTR buffer, LPDWORD size) { return user_name(buffer, size); }
WINSHIM_EXPORT BOOL GetUserName_utf16(char16_t* buffer, DWORD* size) WINSHIM_UTF16(GetUserNameW);
BOOL GetUserName_utf16(char16_t* buffer, DWORD* size) { return user_name(buffer, size); }
WINSHIM_PLAIN(GetUserName);
