// show.cpp - values by their kinds: handles with type and name, text in quotes, numbers by their names.
//
// Purpose     Reads what the caller passes without trusting it: memory by a system call that fails where a load would
//             end the program. Takes no locks and allocates nothing.
#include "shim/trace/show.h"

#include <cerrno>
#include <cstring>
#include <sys/uio.h>
#include <unistd.h>

#include "shim/trace/filter.h"
#include "shim/trace/names.h"

namespace winshim::trace {

const relay::Inside* inside = nullptr;

using relay::Kind;
using relay::Shape;

namespace {

constexpr unsigned kMostUnits = 260, kMostHandles = 64;

template <class T>
T load(const void* at) noexcept {
    T value;
    memcpy(&value, at, sizeof value);
    return value;
}

// ---- text -----------------------------------------------------------------------------------------------------------
struct Utf8 {
    char bytes[4 * kMostUnits];
    unsigned length = 0;
    bool cut_off = false, readable = true;

    void put(std::uint32_t c) noexcept {
        const auto one = [&](std::uint32_t byte) { bytes[length++] = static_cast<char>(byte); };
        if (c < 0x80) {
            one(c);
        } else if (c < 0x800) {
            one(0xC0 | c >> 6), one(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            one(0xE0 | c >> 12), one(0x80 | (c >> 6 & 0x3F)), one(0x80 | (c & 0x3F));
        } else {
            one(0xF0 | (c >> 18 & 7)), one(0x80 | (c >> 12 & 0x3F));
            one(0x80 | (c >> 6 & 0x3F)), one(0x80 | (c & 0x3F));
        }
    }
};

// Units of a text up to its end, read by the line of the cache, so that no page is touched that it does not reach.
class Units {
public:
    Units(const void* text, unsigned width) noexcept : at_(reinterpret_cast<std::uintptr_t>(text)), width_(width) {}
    // False: cannot be read.
    bool next(std::uint32_t& unit) noexcept {
        if (have_ < width_) {
            const unsigned misfit = at_ % width_ != 0;  // a unit may cross lines then: one by one
            have_ = misfit ? width_ : static_cast<unsigned>(64 - at_ % 64);
            if (!read_memory(reinterpret_cast<const void*>(at_), buffer_, have_)) return false;
            from_ = 0;
        }
        unit = 0;
        memcpy(&unit, buffer_ + from_, width_);
        at_ += width_, from_ += width_, have_ -= width_;
        return true;
    }

private:
    std::uintptr_t at_;
    unsigned width_, have_ = 0, from_ = 0;
    unsigned char buffer_[64];
};

void read_text(const void* text, unsigned width, Utf8& to) noexcept {
    Units units{text, width};
    std::uint32_t unit = 0, high = 0;
    for (unsigned n = 0;; ++n) {
        if (!units.next(unit)) {
            to.readable = n > 0;
            to.cut_off = true;
            return;
        }
        if (unit == 0) break;
        if (n == kMostUnits) return to.cut_off = true, void();
        if (width == 1) to.bytes[to.length++] = static_cast<char>(unit);
        else if (width == 2 && unit >= 0xD800 && unit < 0xDC00) { high = unit; continue; }
        else if (width == 2 && high != 0 && unit >= 0xDC00 && unit < 0xE000)
            to.put(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
        else to.put(unit);
        high = 0;
    }
}

void show_null(Line& line) noexcept { line.put(line.json() ? "null" : "NULL"); }

void show_pointer(Line& line, std::uintptr_t value) noexcept {
    if (value == 0) show_null(line);
    else line.hex(value);
}

void show_text(Line& line, const void* text, unsigned width, Seen* seen) noexcept {
    const auto value = reinterpret_cast<std::uintptr_t>(text);
    if (value < 0x10000)
        return show_pointer(line, static_cast<std::uintptr_t>(value));  // null, or a number in place of a name
    Utf8 utf8;
    read_text(text, width, utf8);
    if (!utf8.readable) return show_pointer(line, static_cast<std::uintptr_t>(value));
    line.quoted(utf8.bytes, utf8.length, utf8.cut_off);
    if (seen != nullptr && !utf8.cut_off) seen->note(utf8.bytes, utf8.length);
}

// ---- handles --------------------------------------------------------------------------------------------------------
void show_handle(Line& line, void* handle, Seen& seen) noexcept {
    const char* type = nullptr;
    char name[4 * kMostUnits];
    const int length = handle == nullptr ? -1 : inside->describe(handle, &type, name, sizeof name);
    if (length > 0) seen.note(name, static_cast<unsigned>(length));
    const auto value = reinterpret_cast<std::uintptr_t>(handle);
    if (!line.json() || handle == nullptr) {
        show_pointer(line, value);
        if (length < 0) return;
        line.put(' ');
        line.put(type);
        if (length > 0) line.put(' '), line.quoted(name, static_cast<unsigned>(length), false);
        return;
    }
    line.put("{\"handle\":");
    show_pointer(line, value);
    if (length >= 0) line.put(",\"type\":"), line.word(type);
    if (length > 0) line.put(",\"name\":"), line.quoted(name, static_cast<unsigned>(length), false);
    line.put('}');
}

void show_handles(Line& line, const void* array, std::uint32_t count, Seen& seen) noexcept {
    void* handles[kMostHandles];
    const auto value = reinterpret_cast<std::uintptr_t>(array);
    if (count == 0 || count > kMostHandles || !read_memory(array, handles, count * sizeof(void*)))
        return show_pointer(line, static_cast<std::uintptr_t>(value));
    line.put('[');
    bool room = true;
    for (std::uint32_t i = 0; i < count; ++i) {
        const unsigned mark = line.mark();
        if (room && i > 0) line.put(line.json() ? "," : ", ");
        show_handle(line, handles[i], seen);  // those without room, too: the filter has to see them
        if (line.overflowed() || !room) line.back_to(mark), room = false;
    }
    if (!room) line.put(line.json() ? ",\"...\"" : ", ...");
    line.put(']');
}

// ---- numbers --------------------------------------------------------------------------------------------------------
bool show_named(Line& line, const Names& names, std::uint32_t value) noexcept {
    if (names.count == 0) return false;
    if (!names.bits) {
        for (unsigned i = 0; i < names.count; ++i)
            if (names.first[i].value == value) return line.word(names.first[i].name), true;
        return false;
    }
    if (value == 0) return false;
    if (line.json()) line.put('"');
    bool first = true;
    for (unsigned i = 0; i < names.count && value != 0; ++i) {
        if (names.first[i].value == 0 || (value & names.first[i].value) != names.first[i].value) continue;
        if (!first) line.put('|');
        line.put(names.first[i].name);
        value &= ~names.first[i].value;
        first = false;
    }
    if (value != 0) {
        if (!first) line.put('|');
        line.put("0x");
        unsigned shift = 28;
        while (shift > 0 && value >> shift == 0) shift -= 4;
        for (;; shift -= 4) {
            line.put("0123456789abcdef"[value >> shift & 15]);
            if (shift == 0) break;
        }
    }
    if (line.json()) line.put('"');
    return true;
}

void show_boolean(Line& line, std::int64_t value) noexcept {
    if (value == 1) line.put(line.json() ? "true" : "TRUE");
    else if (value == 0) line.put(line.json() ? "false" : "FALSE");
    else line.signed_number(value);
}

void show_wait_result(Line& line, std::uint32_t value) noexcept {
    if (line.json()) line.put('"');
    const auto indexed = [&](const char* name, std::uint32_t index) {
        line.put(name);
        if (index != 0) line.put('+'), line.number(index);
    };
    if (value < 64) indexed("WAIT_OBJECT_0", value);
    else if (value >= 0x80 && value < 0xC0)
        value == 0x80 ? line.put("WAIT_ABANDONED") : indexed("WAIT_ABANDONED_0", value - 0x80);
    else if (value == 0xC0) line.put("WAIT_IO_COMPLETION");
    else if (value == 0x102) line.put("WAIT_TIMEOUT");
    else if (value == 0xFFFFFFFF) line.put("WAIT_FAILED");
    else line.number(value);
    if (line.json()) line.put('"');
}

void show_error(Line& line, std::uint32_t value) noexcept {
    if (const char* const name = error_name(value)) line.word(name);
    else line.number(value);
}

void show_hresult(Line& line, std::uint32_t value) noexcept {
    if (const char* const name = hresult_name(value)) return line.word(name);
    const char* const inner = (value & 0xFFFF0000) == 0x80070000 ? error_name(value & 0xFFFF) : nullptr;
    if (inner == nullptr) return line.hex(value);
    if (line.json()) line.put('"');
    line.put("HRESULT_FROM_WIN32("), line.put(inner), line.put(')');
    if (line.json()) line.put('"');
}

// A time-out or a moment in units of 100 ns: below 0 it is from now on, else since the beginning of 1601.
void show_due_time(Line& line, const void* pointer) noexcept {
    std::int64_t due = 0;
    if (pointer == nullptr || !read_memory(pointer, &due, sizeof due))
        return show_pointer(line, reinterpret_cast<std::uintptr_t>(pointer));
    if (line.json()) line.put('"');
    constexpr std::int64_t kSecond = 10'000'000, kUntil1970 = 11'644'473'600;
    if (due <= 0) {
        const std::uint64_t in = 0 - static_cast<std::uint64_t>(due);
        line.put("in "), line.number(in / kSecond), line.put('.'), line.digits(in % kSecond / 10, 6), line.put(" s");
    } else {
        line.put("at ");
        const std::int64_t seconds = due / kSecond - kUntil1970;
        if (seconds < 0) line.number(static_cast<std::uint64_t>(due));
        else line.moment(seconds, static_cast<unsigned>(due % kSecond * 100));
    }
    if (line.json()) line.put('"');
}

void show_security(Line& line, const void* pointer) noexcept {
    struct Attributes {  // SECURITY_ATTRIBUTES
        std::uint32_t length;
        void* descriptor;
        std::int32_t inherit;
    } attributes{};
    if (pointer == nullptr || !read_memory(pointer, &attributes, sizeof attributes))
        return show_pointer(line, reinterpret_cast<std::uintptr_t>(pointer));
    line.put(line.json() ? "{\"bInheritHandle\":" : "{bInheritHandle=");
    show_boolean(line, attributes.inherit);
    line.put('}');
}

void show_by_shape(Line& line, Shape shape, const void* at) noexcept {
    switch (shape) {
        case Shape::none: break;
        case Shape::u8: line.number(load<std::uint8_t>(at)); break;
        case Shape::u16: line.number(load<std::uint16_t>(at)); break;
        case Shape::u32: line.number(load<std::uint32_t>(at)); break;
        case Shape::s32: line.signed_number(load<std::int32_t>(at)); break;
        case Shape::u64: line.number(load<std::uint64_t>(at)); break;
        case Shape::s64: line.signed_number(load<std::int64_t>(at)); break;
        case Shape::pointer: show_pointer(line, load<std::uintptr_t>(at)); break;
    }
}

struct ProcessInformation {
    void *process, *thread;
    std::uint32_t process_id, thread_id;
};

}  // namespace

void Seen::note(const char* name, unsigned length) noexcept {
    named = true;
    if (!wanted && has_object_filter()) wanted = wants_object(name, length);
}
bool Seen::passes() const noexcept { return !has_object_filter() || (named ? wanted : wants_nameless()); }

bool read_memory(const void* from, void* to, std::size_t bytes) noexcept {
    iovec mine{to, bytes}, theirs{const_cast<void*>(from), bytes};
    if (process_vm_readv(getpid(), &mine, 1, &theirs, 1, 0) == static_cast<ssize_t>(bytes)) return true;
    if (errno != ENOSYS && errno != EPERM) return false;
    memcpy(to, from, bytes);  // some sandboxes forbid the call: then the caller's pointers have to be good
    return true;
}

void show(Line& line, Kind kind, unsigned width, const void* at, const void* before, Seen& seen) noexcept {
    const Shape shape = relay::shape_of(kind);
    switch (kind) {
        case Kind::handle: return show_handle(line, load<void*>(at), seen);
        case Kind::os_handle:
        case Kind::file:  // where -1 is not this process
            if (load<std::intptr_t>(at) == -1) return line.word("INVALID_HANDLE_VALUE");
            return show_handle(line, load<void*>(at), seen);
        case Kind::handles: return show_handles(line, load<void*>(at), load<std::uint32_t>(before), seen);
        case Kind::name: return show_text(line, load<void*>(at), width, &seen);
        case Kind::text: return show_text(line, load<void*>(at), width, nullptr);
        case Kind::text8: return show_text(line, load<void*>(at), 1, nullptr);
        case Kind::module_name:  // an address, if the flags before it say so (GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS)
            if ((load<std::uint32_t>(before) & 4) != 0) break;
            return show_text(line, load<void*>(at), width, nullptr);
        case Kind::boolean: return show_boolean(line, load<std::int32_t>(at));
        case Kind::boolean8: return show_boolean(line, load<std::uint8_t>(at));
        case Kind::wait_result: return show_wait_result(line, load<std::uint32_t>(at));
        case Kind::error: return show_error(line, load<std::uint32_t>(at));
        case Kind::hresult: return show_hresult(line, load<std::uint32_t>(at));
        case Kind::flags:
            if (load<std::uint32_t>(at) == 0) break;
            return line.hex(load<std::uint32_t>(at));
        case Kind::size: return line.number(load<std::uintptr_t>(at));
        case Kind::security: return show_security(line, load<void*>(at));
        case Kind::due_time: return show_due_time(line, load<void*>(at));
        default:
            if (shape == Shape::u32 && show_named(line, names_of(kind), load<std::uint32_t>(at))) return;
    }
    show_by_shape(line, shape, at);
}

bool stores(Kind kind, const void* at) noexcept {
    switch (kind) {
        case Kind::out_handle:
        case Kind::out_pointer:
        case Kind::out_dword:
        case Kind::out_long:
        case Kind::out_boolean:
        case Kind::out_size:
        case Kind::out_large:
        case Kind::process_information: return load<void*>(at) != nullptr;
        default: return false;
    }
}

void show_stored(Line& line, Kind kind, const void* at, Seen& seen) noexcept {
    const void* const from = load<void*>(at);
    std::uint64_t value = 0;
    const bool wide = kind != Kind::out_dword && kind != Kind::out_long && kind != Kind::out_boolean;
    ProcessInformation made{};
    const bool readable = kind == Kind::process_information ? read_memory(from, &made, sizeof made)
                                                            : read_memory(from, &value, wide ? 8 : 4);
    if (!readable) return line.word("?");
    switch (kind) {
        case Kind::out_handle: return show_handle(line, reinterpret_cast<void*>(value), seen);
        case Kind::out_pointer: return show_pointer(line, static_cast<std::uintptr_t>(value));
        case Kind::out_long: return line.signed_number(static_cast<std::int32_t>(value));
        case Kind::out_boolean: return show_boolean(line, static_cast<std::int32_t>(value));
        case Kind::out_large: return line.signed_number(static_cast<std::int64_t>(value));
        case Kind::process_information: break;
        default: return line.number(value);
    }
    const bool json = line.json();
    line.put(json ? "{\"hProcess\":" : "{hProcess=");
    show_handle(line, made.process, seen);
    line.put(json ? ",\"hThread\":" : ", hThread=");
    show_handle(line, made.thread, seen);
    line.put(json ? ",\"dwProcessId\":" : ", dwProcessId="), line.number(made.process_id);
    line.put(json ? ",\"dwThreadId\":" : ", dwThreadId="), line.number(made.thread_id);
    line.put('}');
}

}  // namespace winshim::trace
