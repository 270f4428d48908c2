// json.h - a strict reader of JSON (RFC 8259): for tests of what the command and the trace write.
//
// Purpose     Json(text).valid() only if the whole text is one JSON value and nothing else; then members and elements
//             by name and number. What is not there is the empty value: its text is "", its number 0.
#pragma once

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

class Json {
public:
    Json() = default;
    enum class Bytes { ascii, utf8 };  // what the command writes is pure ASCII, the trace's names are not
    explicit Json(const std::string &text, Bytes bytes = Bytes::ascii) {
        for (const char c : text)
            if (bytes == Bytes::ascii && static_cast<unsigned char>(c) >= 0x7F) return;
        const char *at = text.c_str();
        const char *const to = at + text.size();
        Json value;
        if (read(at, to, value, 0) && (blanks(at, to), at == to)) *this = value;
    }

    bool valid() const { return kind_ != Kind::wrong; }
    const Json &operator[](const std::string &name) const {
        const auto at = members_.find(name);
        return at != members_.end() ? at->second : none();
    }
    const Json &operator[](size_t i) const { return i < elements_.size() ? elements_[i] : none(); }
    size_t size() const { return elements_.size(); }
    const std::string &text() const { return text_; }
    double number() const { return kind_ == Kind::number ? strtod(text_.c_str(), nullptr) : 0; }
    bool is_true() const { return kind_ == Kind::truth && text_ == "true"; }
    bool is_null() const { return kind_ == Kind::truth && text_ == "null"; }
    // The first element whose member `name` has this text; the empty value if there is none.
    const Json &find(const std::string &name, const std::string &text) const {
        for (const Json &element : elements_)
            if (element[name].text() == text) return element;
        return none();
    }

private:
    enum class Kind { wrong, object, list, string, number, truth };

    static const Json &none() {
        static const Json nothing;
        return nothing;
    }
    static void blanks(const char *&at, const char *to) {
        while (at != to && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
    }
    static bool next(const char *&at, const char *to, char wanted) {
        blanks(at, to);
        if (at == to || *at != wanted) return false;
        return ++at, true;
    }
    static bool read_string(const char *&at, const char *to, std::string &text) {
        if (!next(at, to, '"')) return false;
        for (; at != to && *at != '"'; ++at) {
            if (static_cast<unsigned char>(*at) < 0x20) return false;
            text += *at;
            if (*at != '\\') continue;
            if (++at == to) return false;
            text += *at;
            if (*at == 'u') {
                for (int i = 0; i < 4; ++i) {
                    if (++at == to || isxdigit(static_cast<unsigned char>(*at)) == 0) return false;
                    text += *at;
                }
            } else if (std::string("\"\\/bfnrt").find(*at) == std::string::npos) {
                return false;
            }
        }
        return at != to && (++at, true);
    }
    static bool digits(const char *&at, const char *to) {
        const char *const from = at;
        while (at != to && *at >= '0' && *at <= '9') ++at;
        return at != from;
    }
    static bool read_number(const char *&at, const char *to, std::string &text) {
        const char *const from = at;
        if (at != to && *at == '-') ++at;
        const char *const first = at;
        if (!digits(at, to) || (*first == '0' && at - first > 1)) return false;
        if (at != to && *at == '.' && (++at, !digits(at, to))) return false;
        if (at != to && (*at == 'e' || *at == 'E')) {
            ++at;
            if (at != to && (*at == '+' || *at == '-')) ++at;
            if (!digits(at, to)) return false;
        }
        return text.assign(from, at), true;
    }
    static bool read(const char *&at, const char *to, Json &value, int depth) {
        blanks(at, to);
        if (at == to || depth > 50) return false;
        if (*at == '{') {
            ++at;
            value.kind_ = Kind::object;
            if (next(at, to, '}')) return true;
            do {
                std::string name;
                Json member;
                if (!read_string(at, to, name) || !next(at, to, ':') || !read(at, to, member, depth + 1)) return false;
                if (!value.members_.emplace(name, member).second) return false;  // twice
            } while (next(at, to, ','));
            return next(at, to, '}');
        }
        if (*at == '[') {
            ++at;
            value.kind_ = Kind::list;
            if (next(at, to, ']')) return true;
            do {
                Json element;
                if (!read(at, to, element, depth + 1)) return false;
                value.elements_.push_back(element);
            } while (next(at, to, ','));
            return next(at, to, ']');
        }
        if (*at == '"') return value.kind_ = Kind::string, read_string(at, to, value.text_);
        for (const char *word : {"true", "false", "null"}) {
            const size_t length = std::string(word).size();
            if (static_cast<size_t>(to - at) < length || std::string(at, length) != word) continue;
            at += length;
            value.kind_ = Kind::truth;
            return value.text_ = word, true;
        }
        return value.kind_ = Kind::number, read_number(at, to, value.text_);
    }

    Kind kind_ = Kind::wrong;
    std::string text_;
    std::map<std::string, Json> members_;
    std::vector<Json> elements_;
};
