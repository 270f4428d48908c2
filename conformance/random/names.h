// names.h - the names that sequences use, ordinary ones and such as no object may have.
#pragma once
#include <string>
#include <string_view>

namespace sequence {

// Of MAX_PATH characters, which is allowed, and of one more, which is not.
inline const std::string kLongestName(260, 'n'), kTooLongName(261, 'n');

struct Name {
    std::string text;          // UTF-8, or what should be
    int units;                 // of UTF-16
    bool decodable = true;
};

inline const Name kNames[] = {
    {"a", 1}, {"A", 1}, {"b", 1}, {"c", 1}, {"d/e .", 5}, {"", 0}, {"\xC3\xA9\xF0\x9F\x90\xA7", 3},
    {"Local\\a", 7}, {"Global\\a", 8}, {"Local\\b", 7}, {kLongestName, 260}, {kTooLongName, 261},
    {"a\\b", 3}, {"\\a", 2}, {"Local\\", 6}, {"Global", 6}, {"global\\a", 8}, {"x\xFFy", 3, false},
};
constexpr int kNoName = -1, kNameCount = sizeof kNames / sizeof kNames[0], kUsualNames = 4;

}  // namespace sequence
