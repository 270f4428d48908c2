// findings.h - what an examination finds: sentences, kept until it is clear that they were not a change under way.
#pragma once
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "shim/shm/types.h"

namespace winshim::tool {

class Findings {
public:
    static constexpr u32 kMost = 500, kBytes = 160;

    __attribute__((format(printf, 2, 3))) void say(const char* format, ...) noexcept {
        if (++count_ > kMost) return;
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(text_[count_ - 1], kBytes, format, arguments);
        va_end(arguments);
    }
    u32 count() const noexcept { return count_; }
    u32 kept() const noexcept { return count_ < kMost ? count_ : kMost; }
    const char* at(u32 i) const noexcept { return text_[i]; }

    // Keeps what `again` has found as well.
    void keep_common(const Findings& again) noexcept {
        u32 common = 0;
        for (u32 i = 0; i < kept(); ++i) {
            bool seen = false;
            for (u32 j = 0; j < again.kept() && !seen; ++j) seen = strcmp(text_[i], again.text_[j]) == 0;
            if (seen) memmove(text_[common++], text_[i], kBytes);
        }
        count_ = common;
    }

private:
    u32 count_ = 0;
    char text_[kMost][kBytes];
};

}  // namespace winshim::tool
