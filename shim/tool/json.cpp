// json.cpp - JSON as RFC 8259 has it: pure ASCII, whatever the names are.
#include <cinttypes>
#include <cstring>

#include "shim/shm/clock.h"
#include "shim/tool/output.h"
#include "shim/look/utf8.h"

namespace winshim::tool {

using look::Character, look::next_character;

void print_quoted(const u8* bytes, u32 length, bool escape_unicode) noexcept {
    putchar('"');
    for (u32 at = 0; at < length;) {
        const Character c = next_character(bytes, length, at);
        if (!c.sound) printf(escape_unicode ? "\\ufffd" : "?");
        else if (c.code == '"' || c.code == '\\') printf("\\%c", static_cast<char>(c.code));
        else if (c.code < 0x20 || c.code == 0x7F) printf(escape_unicode ? "\\u%04x" : "?", c.code);
        else if (c.code < 0x7F) putchar(static_cast<int>(c.code));
        else if (!escape_unicode) fwrite(bytes + at, 1, c.length, stdout);
        else if (c.code < 0x10000) printf("\\u%04x", c.code);
        else printf("\\u%04x\\u%04x", 0xD7C0 + (c.code >> 10), 0xDC00 + (c.code & 0x3FF));
        at += c.length;
    }
    putchar('"');
}

void Json::before(const char* key) noexcept {
    if (!first_) putchar(',');
    first_ = false;
    if (key != nullptr) printf("\"%s\":", key);
}
Json& Json::begin(const char* key) noexcept {
    before(key);
    putchar('{');
    first_ = true;
    return *this;
}
Json& Json::end() noexcept {
    putchar('}');
    first_ = false;
    return *this;
}
Json& Json::begin_list(const char* key) noexcept {
    before(key);
    putchar('[');
    first_ = true;
    return *this;
}
Json& Json::end_list() noexcept {
    putchar(']');
    first_ = false;
    return *this;
}
Json& Json::text(const char* key, const char* value) noexcept {
    if (value == nullptr) return nothing(key);
    before(key);
    print_quoted(reinterpret_cast<const u8*>(value), static_cast<u32>(strlen(value)), true);
    return *this;
}
Json& Json::name(const char* key, const look::Name& name) noexcept {
    if (name.length == 0) return nothing(key);
    before(key);
    print_quoted(name.bytes, name.length, true);
    return *this;
}
Json& Json::number(const char* key, u64 value) noexcept {
    before(key);
    printf("%" PRIu64, value);
    return *this;
}
Json& Json::seconds(const char* key, u64 ns) noexcept {
    before(key);
    printf("%" PRIu64 ".%03" PRIu64, ns / kNsPerSecond, ns / kNsPerMs % 1000);
    return *this;
}
Json& Json::truth(const char* key, bool value) noexcept {
    before(key);
    printf(value ? "true" : "false");
    return *this;
}
Json& Json::nothing(const char* key) noexcept {
    before(key);
    printf("null");
    return *this;
}
void Json::done() noexcept {
    putchar('\n');
    first_ = true;
}

}  // namespace winshim::tool
