// filter.cpp - the patterns of WINSHIM_TRACE_FILTER.
#include "shim/trace/filter.h"

#include <cstring>

namespace winshim::trace {
namespace {

constexpr unsigned kMost = 128;

struct Item {
    const char* pattern;
    unsigned length;
    bool plus, object;
};
Item items[kMost];
unsigned count = 0;
bool some_plus[2];      // functions, objects
bool object_items = false;

bool matches(const char* pattern, const char* pattern_end, const char* text, const char* text_end) noexcept {
    const char *star = nullptr, *again = nullptr;
    while (text != text_end) {
        if (pattern != pattern_end && *pattern == '*') {
            star = pattern++;
            again = text;
        } else if (pattern != pattern_end && (*pattern == '?' || *pattern == *text)) {
            ++pattern, ++text;
        } else if (star != nullptr) {
            pattern = star + 1;
            text = ++again;
        } else {
            return false;
        }
    }
    while (pattern != pattern_end && *pattern == '*') ++pattern;
    return pattern == pattern_end;
}

bool wants(bool object, const char* text, unsigned length, unsigned also_length) noexcept {
    bool wanted = !some_plus[object ? 1 : 0];
    for (unsigned i = 0; i < count; ++i) {
        const Item& item = items[i];
        if (item.object != object) continue;
        const char* const end = item.pattern + item.length;
        if (matches(item.pattern, end, text, text + length) || matches(item.pattern, end, text, text + also_length))
            wanted = item.plus;
    }
    return wanted;
}

}  // namespace

const char* read_filter(const char* text) noexcept {
    if (*text == '\0') return nullptr;
    text = strdup(text);  // the items point into it; the program may change its environment
    if (text == nullptr) return "no memory";
    while (*text != '\0') {
        const char* const comma = strchrnul(text, ',');
        Item item{text, static_cast<unsigned>(comma - text), true, false};
        if (item.length > 0 && (*item.pattern == '+' || *item.pattern == '-')) {
            item.plus = *item.pattern == '+';
            ++item.pattern, --item.length;
        }
        if (item.length > 0 && *item.pattern == '@') {
            item.object = true;
            ++item.pattern, --item.length;
        }
        if (item.length > 0) {
            if (count == kMost) return "WINSHIM_TRACE_FILTER has too many items";
            items[count++] = item;
            some_plus[item.object ? 1 : 0] |= item.plus;
            object_items |= item.object;
        }
        text = *comma == ',' ? comma + 1 : comma;
    }
    return nullptr;
}

bool wants_function(const char* name) noexcept {
    const auto length = static_cast<unsigned>(strlen(name));
    const bool form = length > 1 && (name[length - 1] == 'A' || name[length - 1] == 'W');
    return wants(false, name, length, form ? length - 1 : length);
}

bool has_object_filter() noexcept { return object_items; }
bool wants_object(const char* name, unsigned length) noexcept { return wants(true, name, length, length); }
bool wants_nameless() noexcept { return !some_plus[1]; }

}  // namespace winshim::trace
