// name_rules.cpp - see name_rules.h.
#include "conformance/random/name_rules.h"

#include <windows.h>

#include "conformance/random/names.h"

namespace sequence {
namespace {

int number_of(std::string_view text) {
    for (int i = 0; i < kNameCount; ++i)
        if (kNames[i].text == text) return i;
    return kNoName;  // no object of a sequence has it
}

RuledName refused(std::uint32_t error) { return {error, error, false, kNoName}; }

RuledName rule_nt(std::string_view text, int name) {
    if (text.empty()) return {0, ERROR_INVALID_HANDLE, true, kNoName};                // OpenEvent-07, CreateEvent-15
    if (text[0] == '\\') return refused(ERROR_BAD_PATHNAME);                          // Gen-21
    if (text == "Global" || text == "Local") return refused(ERROR_INVALID_HANDLE);    // Gen-23
    const bool local = text.starts_with("Local\\"), global = text.starts_with("Global\\");
    const std::string_view rest = local ? text.substr(6) : global ? text.substr(7) : text;
    if (rest.empty()) return refused(ERROR_INVALID_NAME);                             // Gen-22
    if (rest.find('\\') != rest.npos) return refused(ERROR_PATH_NOT_FOUND);           // Gen-20
    return {0, 0, false, local ? number_of(rest) : name};                             // Gen-24, Gen-25
}

}  // namespace

RuledName rule(Profile profile, int name) {
    if (name == kNoName) return {0, ERROR_INVALID_PARAMETER, true, kNoName};          // OpenEvent-05
    const Name &it = kNames[name];
    if (!it.decodable) return refused(ERROR_NO_UNICODE_TRANSLATION);                  // Gen-13
    if (it.units > MAX_PATH) return refused(ERROR_FILENAME_EXCED_RANGE);              // Gen-18
    if (profile == Profile::nt) return rule_nt(it.text, name);
    if (it.text.find('\\') != it.text.npos) return refused(ERROR_INVALID_NAME);       // Gen-19
    return {0, 0, false, name};
}

bool share_names(Profile profile, Kind one, Kind other) {
    if (one == other || profile == Profile::nt) return true;
    const auto in_pair = [](Kind kind) { return kind == Kind::event || kind == Kind::mutex; };
    return profile == Profile::ce && in_pair(one) && in_pair(other);                  // LD-1
}

}  // namespace sequence
