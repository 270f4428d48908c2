// name_rules.h - what each profile makes of a name (section 1; Gen-13..25; LD-3..5).
#pragma once
#include <cstdint>

#include "conformance/random/model.h"

namespace sequence {

struct RuledName {
    std::uint32_t create_error = 0, open_error = 0;
    bool unnamed = false;
    int canonical = kNoNameAtAll;  // the number of the name that it is the same as
    static constexpr int kNoNameAtAll = -1;
};
RuledName rule(Profile profile, int name);

// Do objects of these kinds share a space of names?
bool share_names(Profile profile, Kind one, Kind other);

}  // namespace sequence
