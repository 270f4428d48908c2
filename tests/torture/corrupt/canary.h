// canary.h - what a victim does so that a write outside the segment cannot go unnoticed.
//
// Purpose     Pages without any access lie directly before and behind the mapped segment (the library puts them there,
//             it is looked whether it did): whoever runs over its end crashes. Pages with a known pattern lie
//             elsewhere; their addresses are among the values that are written into the segment, so that code that
//             follows a pointer read from there tramples on one.
#pragma once

#include <cstring>

#include "shim/shm/layout.h"
#include "tests/torture/corrupt/control.h"

namespace corrupt {

struct Mapping {
    std::uint64_t from = 0, to = 0;
    bool guarded = false;
};

// Where this process has mapped the segment, and whether forbidden pages lie on both sides.
inline Mapping find_segment() {
    Mapping found;
    FILE* maps = fopen("/proc/self/maps", "re");
    if (maps == nullptr) return found;
    char line[512];
    std::uint64_t forbidden_to = 0;
    while (fgets(line, sizeof line, maps) != nullptr) {
        unsigned long from = 0, to = 0;
        char rights[8] = "";
        if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) != 3) continue;
        const bool forbidden = rights[0] == '-' && rights[1] == '-';
        if (strstr(line, "/dev/shm/winshim-") != nullptr) {
            if (found.from == 0) found = {from, to, forbidden_to == from};
            else found.to = to;
        } else if (found.from != 0 && found.to == from) {
            found.guarded = found.guarded && forbidden;
        }
        forbidden_to = forbidden ? to : 0;
    }
    fclose(maps);
    return found;
}

constexpr std::uint64_t canary_word(std::uint32_t i) { return 0xCA11AB1ECA11AB1E ^ (std::uint64_t{i} * 0x0101010101); }

class Canaries {
public:
    void plant(Victim& victim) {
        for (std::uint32_t i = 0; i < kCanaries; ++i) {
            void* at = mmap(nullptr, kCanaryBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            page_[i] = at == MAP_FAILED ? nullptr : static_cast<std::uint64_t*>(at);
            for (std::uint32_t w = 0; page_[i] != nullptr && w < kCanaryBytes / 8; ++w) page_[i][w] = canary_word(w);
            victim.canary[i].store(reinterpret_cast<std::uint64_t>(page_[i]));
        }
    }
    void check(Control& control) const {
        for (const volatile std::uint64_t* page : page_)
            for (std::uint32_t w = 0; page != nullptr && w < kCanaryBytes / 8; ++w) {
                if (page[w] == canary_word(w)) continue;
                control.trampled_at.store(w * 8);
                control.trampled_with.store(page[w]);
                control.trampled.fetch_add(1);
                return;
            }
    }

private:
    std::array<std::uint64_t*, kCanaries> page_{};
};

}  // namespace corrupt
