// trace_line.cpp - the two forms of a line.
#include "shim/tool/trace_line.h"

#include <cctype>
#include <cstdlib>
#include <cstring>

namespace winshim::tool {

using relay::Kind;

bool Piece::is(const char* text) const noexcept { return strlen(text) == length && memcmp(text, at, length) == 0; }
bool Piece::begins(const char* text) const noexcept {
    return length >= strlen(text) && memcmp(text, at, strlen(text)) == 0;
}

namespace {

Piece piece(const char* from, const char* to) noexcept { return {from, static_cast<u32>(to - from)}; }

// Behind the closing quotation mark of the string that begins here; null: it has none.
const char* end_of_string(const char* at) noexcept {
    for (++at; *at != '"'; ++at) {
        if (*at == '\0') return nullptr;
        if (*at == '\\' && *++at == '\0') return nullptr;
    }
    return at + 1;
}

u64 nanoseconds(const char* seconds) noexcept {
    char* end = nullptr;
    u64 ns = strtoull(seconds, &end, 10) * 1'000'000'000;
    if (*end != '.') return ns;
    u64 unit = 100'000'000;
    for (++end; isdigit(static_cast<unsigned char>(*end)) && unit > 0; ++end, unit /= 10)
        ns += unit * static_cast<u64>(*end - '0');
    return ns;
}

// ---- text: TIME PID:TID NAME(ARGUMENT=VALUE, ...) = RESULT {...} error=... <SECONDS> --------------------------------
class TextLine {
public:
    TextLine(const char* line, TraceLine& to) noexcept : at_(line), to_(to) {}

    bool read() noexcept {
        at_ = strchr(at_, ' ');
        if (at_ == nullptr) return false;
        char* end = nullptr;
        to_.pid = static_cast<u32>(strtoul(at_ + 1, &end, 10));
        if (*end != ':' || (at_ = strchr(end, ' ')) == nullptr) return false;
        const char* const name = ++at_;
        while (isalnum(static_cast<unsigned char>(*at_)) || *at_ == '_') ++at_;
        to_.function = piece(name, at_);
        if (*at_ != '(' || name == at_ || !find_end()) return false;
        function_ = traced_function(to_.function);
        ++at_;
        return arguments() && rest();
    }

private:
    bool find_end() noexcept {
        const std::size_t length = strlen(at_);
        end_ = at_ + length;
        if (length > 5 && strcmp(end_ - 5, ") ...") == 0) return to_.begun_only = true;
        const char* const time = static_cast<const char*>(memrchr(at_, '<', length));
        if (time == nullptr || end_[-1] != '>') return false;
        to_.ns = nanoseconds(time + 1);
        for (end_ = time; end_ > at_; --end_)
            if (strncmp(end_, " error=", 7) == 0) return true;
        return false;
    }

    // A value from here: objects in it are noted.
    bool value(Piece argument, bool is_result, const char* stops) noexcept {
        const char* const local = is_result ? nullptr : local_type(function_, argument);
        const char* const begin = at_;
        bool array = false;
        for (u32 depth = 0; at_ < end_;) {
            const char c = *at_;
            if (c == '"') {
                if ((at_ = end_of_string(at_)) == nullptr || at_ > end_) return false;
                continue;
            }
            if (depth == 0 && strchr(stops, c) != nullptr) break;
            if (c == '[' || c == '{' || c == '(') ++depth;
            if (depth > 0 && (c == ']' || c == '}' || c == ')')) --depth;
            array = array || (c == '[' && at_ == begin);
            if (c == '0' && at_[1] == 'x') {
                object({argument, {}, {}, {}, array, is_result, local != nullptr}, local);
                continue;
            }
            ++at_;
        }
        if (argument.is("bWaitAll")) to_.wait_all = strncmp(begin, "TRUE", 4) == 0;
        return true;
    }

    // 0x10 event "name"
    void object(Concerned found, const char* local) noexcept {
        const char* const number = at_;
        at_ += 2;
        while (isxdigit(static_cast<unsigned char>(*at_))) ++at_;
        found.value = piece(number, at_);
        if (local != nullptr) {
            found.type = {local, static_cast<u32>(strlen(local))};
            return to_.add(found);
        }
        if (*at_ != ' ' || !islower(static_cast<unsigned char>(at_[1]))) return;
        const char* const type = ++at_;
        while (at_ < end_ && (islower(static_cast<unsigned char>(*at_)) || *at_ == ' ')) ++at_;
        found.type = piece(type, at_);
        while (found.type.length > 0 && type[found.type.length - 1] == ' ') --found.type.length;
        if (at_ < end_ && *at_ == '"')
            if (const char* const behind = end_of_string(at_)) found.name = piece(at_ + 1, behind - 1), at_ = behind;
        to_.add(found);
    }

    bool arguments() noexcept {
        while (at_ < end_ && *at_ != ')') {
            const char* const name = at_;
            while (at_ < end_ && (isalnum(static_cast<unsigned char>(*at_)) || *at_ == '_')) ++at_;
            const Piece argument = piece(name, at_);
            if (at_ < end_ && *at_ == '=') ++at_;
            if (!value(argument, false, ",)")) return false;
            while (at_ < end_ && (*at_ == ',' || *at_ == ' ')) ++at_;
        }
        return at_ <= end_ && *at_ == ')';
    }

    bool rest() noexcept {
        if (strncmp(at_, ") = ", 4) != 0) return true;
        const char* const result = at_ += 4;
        if (!value({}, true, "{")) return false;
        const char* end = at_;
        while (end > result && end[-1] == ' ') --end;
        to_.result = piece(result, end);
        return true;
    }

    const char* at_;
    const char* end_ = nullptr;
    TraceLine& to_;
    const relay::Function* function_ = nullptr;
};

// ---- JSON -----------------------------------------------------------------------------------------------------------
class JsonLine {
public:
    JsonLine(const char* line, TraceLine& to) noexcept : at_(line), to_(to) {}

    bool read() noexcept { return *at_ == '{' && members(Where::line, {}) && to_.function.length > 0; }

private:
    enum class Where { line, arguments, array, object, result, other };

    bool members(Where where, Piece argument) noexcept {
        Concerned found{argument, {}, {}, {}, in_array_, where == Where::result, false};
        for (++at_; *at_ != '}';) {
            Piece key;
            if (!string(key) || *at_++ != ':') return false;
            Piece text;
            if (!value(inside(where, key),
                       where == Where::line        ? Piece{}
                       : where == Where::arguments ? key
                                                   : argument,
                       text))
                return false;
            if (where == Where::line) note(key, text);
            if (where == Where::arguments) note_argument(key, text);
            if (key.is("handle")) found.value = text;
            if (key.is("type")) found.type = text;
            if (key.is("name") && where != Where::line) found.name = text;
            if (*at_ == ',') ++at_;
        }
        ++at_;
        if (found.type.length > 0 && (where == Where::object || where == Where::result)) to_.add(found);
        return true;
    }

    static Where inside(Where where, Piece key) noexcept {
        if (where == Where::line)
            return key.is("arguments") ? Where::arguments : key.is("result") ? Where::result : Where::other;
        return where == Where::arguments || where == Where::array ? Where::object : Where::other;
    }

    bool value(Where where, Piece argument, Piece& text) noexcept {
        if (*at_ == '{') return members(where, argument);
        if (*at_ == '[') {
            in_array_ = true;
            bool good = true;
            for (++at_; good && *at_ != ']';) {
                good = value(Where::object, argument, text);
                if (*at_ == ',') ++at_;
            }
            in_array_ = false;
            return good && (++at_, true);
        }
        if (*at_ == '"') return string(text);
        const char* const begin = at_;
        while (*at_ != '\0' && strchr(",}]", *at_) == nullptr) ++at_;
        text = piece(begin, at_);
        return *at_ != '\0';
    }

    bool string(Piece& text) noexcept {
        if (*at_ != '"') return false;
        const char* const behind = end_of_string(at_);
        if (behind == nullptr) return false;
        text = piece(at_ + 1, behind - 1);
        return at_ = behind, true;
    }

    void note(Piece key, Piece text) noexcept {
        if (key.is("function")) to_.function = text, function_ = traced_function(text);
        if (key.is("pid")) to_.pid = static_cast<u32>(strtoul(text.at, nullptr, 10));
        if (key.is("result")) to_.result = text;
        if (key.is("seconds")) to_.ns = nanoseconds(text.at);
        if (key.is("event")) to_.begun_only = text.is("enter");
    }
    void note_argument(Piece key, Piece text) noexcept {
        if (key.is("bWaitAll")) to_.wait_all = text.is("true");
        const char* const local = local_type(function_, key);
        if (local != nullptr && text.begins("0x"))
            to_.add({key, {local, static_cast<u32>(strlen(local))}, {}, text, false, false, true});
    }

    const char* at_;
    TraceLine& to_;
    const relay::Function* function_ = nullptr;
    bool in_array_ = false;
};

}  // namespace

const relay::Function* traced_function(Piece name) noexcept {
    for (const relay::Function& f : relay::kFunctions) {
        if (strncmp(f.name, name.at, name.length) != 0) continue;
        const char* const behind = f.name + name.length;
        if (*behind == '\0' || strncmp(behind, "_utf", 4) == 0) return &f;
    }
    return nullptr;
}

const char* local_type(const relay::Function* f, Piece argument) noexcept {
    for (unsigned i = 0; f != nullptr && i < f->count(); ++i) {
        if (!argument.is(f->arguments[i].name)) continue;
        switch (f->arguments[i].kind) {
            case Kind::section: return "critical section";
            case Kind::srw_lock: return "SRW lock";
            case Kind::condition: return "condition variable";
            case Kind::once: return "one-time initialization";
            case Kind::barrier: return "barrier";
            case Kind::address: return "address";
            default: return nullptr;
        }
    }
    return nullptr;
}

bool read_trace_line(const char* line, TraceLine& to) noexcept {
    to.object_count = 0;
    to.begun_only = to.wait_all = false;
    to.function = to.result = {};
    to.pid = 0;
    to.ns = 0;
    return *line == '{' ? JsonLine{line, to}.read() : TextLine{line, to}.read();
}

}  // namespace winshim::tool
