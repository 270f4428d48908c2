// path.h - a path as Win32 programs write it, made one of Linux.
//
// Backslashes are slashes. There are no drives and no servers here: X:... and \\... are refused, rather than looked for
// in a directory of such a name. Upper and lower case differ, as everywhere on Linux.
#pragma once
#include <strings.h>

#include "shim/base/text.h"
#include "shim/file/descriptor.h"

namespace winshim::file {

inline bool is_slash(char c) noexcept { return c == '/' || c == '\\'; }

class Path {
public:
    // Errors: ERROR_PATH_NOT_FOUND (none, or empty), ERROR_INVALID_NAME (not UTF-8 or UTF-16), ERROR_INVALID_DRIVE,
    // ERROR_BAD_NETPATH, ERROR_NOT_ENOUGH_MEMORY.
    template <class C>
    explicit Path(const C* text) noexcept : utf8_(text, text != nullptr ? base::length_of(text) : 0) {
        error_ = objection(text != nullptr);
        if (error_ != 0) return;
        text_ = const_cast<char*>(utf8_.data());  // its own copy, which nobody else reads
        for (char* c = text_; *c != '\0'; ++c)
            if (*c == '\\') *c = '/';
    }
    DWORD error() const noexcept { return error_; }
    const char* data() const noexcept { return text_; }
    std::size_t size() const noexcept { return utf8_.size(); }
    bool is(const char* device) const noexcept { return strcasecmp(text_, device) == 0; }

private:
    DWORD objection(bool given) const noexcept {
        if (!utf8_) return ERROR_NOT_ENOUGH_MEMORY;
        const char* const t = utf8_.data();
        if (!given || *t == '\0') return ERROR_PATH_NOT_FOUND;
        if (!utf8_.valid()) return ERROR_INVALID_NAME;
        if (t[1] == ':' && ((t[0] | 0x20) >= 'a' && (t[0] | 0x20) <= 'z')) return ERROR_INVALID_DRIVE;
        if (t[0] == '\\' && t[1] == '\\') return ERROR_BAD_NETPATH;
        return 0;
    }
    const base::Utf8 utf8_;
    char* text_ = nullptr;
    DWORD error_;
};

// Stores a text with its end where `room` characters are. The length without the end; if there is not room enough, the
// room needed, and nothing is stored; 0 with the last error on failure.
template <class C>
DWORD store(const char* text, std::size_t length, C* to, DWORD room) noexcept {
    const base::Converted<C> converted{text, length};
    if (!converted) return failed(ERROR_NOT_ENOUGH_MEMORY);
    if (to == nullptr || converted.size() >= room) return static_cast<DWORD>(converted.size() + 1);
    for (std::size_t i = 0; i <= converted.size(); ++i) to[i] = converted.data()[i];
    return static_cast<DWORD>(converted.size());
}

// The current directory, in memory to be freed by the caller; null with errno.
char* current_directory() noexcept;

}  // namespace winshim::file
