// format_message.cpp - FormatMessage (winshim_text.h): messages, their escapes, their inserts.
//
// A message is made twice: once to count, once into memory of the right size.
// Source      "FormatMessageW".
#include <stdlib.h>
#include <string.h>

#include "shim/base/format.h"
#include "shim/base/messages.h"
#include "shim/base/sdk.h"
#include "shim/next/next.h"

namespace winshim::base {
namespace {

constexpr u32 kMostInserts = 99;

// The inserts by number. A va_list can be read only forwards, so what has been read is kept.
class Inserts {
public:
    Inserts(va_list* list, bool array) noexcept
        : array_(array ? reinterpret_cast<const DWORD_PTR*>(list) : nullptr), list_(array ? nullptr : list) {}

    bool get(u32 number, DWORD_PTR& value) noexcept {  // from 1 on
        if (array_ != nullptr) return value = array_[number - 1], true;
        if (list_ == nullptr || number > kMostInserts) return false;
        while (read_ < number) values_[read_++] = va_arg(*list_, DWORD_PTR);
        return value = values_[number - 1], true;
    }

private:
    const DWORD_PTR* array_;
    va_list* list_;
    u32 read_ = 0;
    DWORD_PTR values_[kMostInserts];
};

// The arguments of one insert's format: the insert, or with stars those after it, too.
class InsertArguments {
public:
    InsertArguments(Inserts& inserts, u32 first) noexcept : inserts_(inserts), number_(first) {}
    int integer() noexcept { return static_cast<int>(next()); }
    u64 wide_integer() noexcept { return next(); }
    const void* pointer() noexcept { return reinterpret_cast<const void*>(next()); }
    double real() noexcept { return missing_ = true, 0.0; }
    long double long_real() noexcept { return missing_ = true, 0.0L; }
    bool missing() const noexcept { return missing_; }

private:
    DWORD_PTR next() noexcept {
        DWORD_PTR value = 0;
        if (!inserts_.get(number_++, value)) missing_ = true;
        return value;
    }
    Inserts& inserts_;
    u32 number_;
    bool missing_ = false;
};

template <class C>
bool is(C unit, char c) noexcept {
    return unit == static_cast<C>(c);
}
template <class C>
bool is_digit(C c) noexcept {
    return c >= C{'0'} && c <= C{'9'};
}

// Writes a message; breaks lines that would be longer than `width`.
template <class C, class Wide>
class Writer {
public:
    Writer(Out<C>& out, Inserts& inserts, DWORD flags) noexcept
        : out_(out), inserts_(inserts), ignore_inserts_((flags & FORMAT_MESSAGE_IGNORE_INSERTS) != 0),
          width_(flags & FORMAT_MESSAGE_MAX_WIDTH_MASK) {}

    // False: an insert that cannot be made.
    bool run(const C* text) noexcept {
        while (*text != C{}) {
            if (is(*text, '%')) {
                if (is(text[1], '0')) break;
                if (!escape(++text)) return false;
            } else if (is(*text, '\r') || is(*text, '\n')) {
                if (is(*text, '\r') && is(text[1], '\n')) ++text;
                ++text;
                if (width_ == 0) end_line();
                else word_end(), blank();
            } else if (is(*text, ' ')) {
                ++text;
                word_end();
                blank();
            } else {
                word(*text++);
            }
        }
        word_end();
        out_.end();
        return true;
    }

private:
    static constexpr DWORD kNoBreaks = FORMAT_MESSAGE_MAX_WIDTH_MASK;

    bool breaks() const noexcept { return width_ != 0 && width_ != kNoBreaks; }
    void end_line() noexcept {
        word_end();
        out_.unit(C{'\r'});
        out_.unit(C{'\n'});
        column_ = 0;
    }
    // Words are written as they come; a word that makes its line too long is preceded by a break instead of a blank.
    void word(C c) noexcept {
        if (!breaks()) return out_.unit(c);
        if (word_length_ == kLongestWord) word_end();
        word_[word_length_++] = c;
    }
    void word_end() noexcept {
        if (word_length_ == 0) return;
        if (blank_owed_ && column_ + 1 + word_length_ > width_) {
            out_.unit(C{'\r'});
            out_.unit(C{'\n'});
            column_ = 0;
        } else if (blank_owed_) {
            out_.unit(C{' '});
            ++column_;
        }
        blank_owed_ = false;
        for (u32 i = 0; i < word_length_; ++i) out_.unit(word_[i]);
        column_ += word_length_;
        word_length_ = 0;
    }
    void blank() noexcept {
        if (!breaks()) return out_.unit(C{' '});
        if (column_ > 0) blank_owed_ = true;
    }

    bool escape(const C*& text) noexcept {
        const C c = *text;
        if (is_digit(c)) return insert(text);
        if (c == C{}) return true;
        ++text;
        if (is(c, 'n')) end_line();
        else if (is(c, 'r')) word_end(), out_.unit(C{'\r'});
        else if (is(c, 't')) word_end(), out_.unit(C{'\t'}), ++column_;
        else if (is(c, 'b') || is(c, ' ')) word(C{' '});
        else word(c);
        return true;
    }

    bool insert(const C*& text) noexcept {
        const C* const begin = text;
        u32 number = static_cast<u32>(*text++ - C{'0'});
        if (is_digit(*text)) number = number * 10 + static_cast<u32>(*text++ - C{'0'});
        const C* format = nullptr;
        std::size_t length = 0;
        if (is(*text, '!')) {
            format = text + 1;
            while (format[length] != C{} && !is(format[length], '!')) ++length;
            if (format[length] == C{}) format = nullptr;  // no second !: not a format
        }
        if (format != nullptr) text = format + length + 1;
        if (ignore_inserts_) {
            word(C{'%'});
            for (const C* c = begin; c != text; ++c) word(*c);
            return true;
        }
        C spec[32];
        if (length >= sizeof spec / sizeof *spec - 1) return false;
        if (format != nullptr) memcpy(spec, format, length * sizeof(C));
        else spec[0] = C{'s'}, length = 1;
        spec[length] = C{};
        return insert(number, spec);
    }

    bool insert(u32 number, const C* spec) noexcept {
        // Counted first: an insert may be of any length, and goes through word() to have its lines broken.
        std::size_t length;
        {
            InsertArguments arguments{inserts_, number};
            Out<C> counting{nullptr, 0};
            const C* at = spec;
            if (!Formatter<C, InsertArguments>{counting, arguments}.template one<Wide>(at) || arguments.missing())
                return false;
            length = counting.count();
        }
        C* const text = static_cast<C*>(malloc((length + 1) * sizeof(C)));
        if (text == nullptr) return false;
        InsertArguments arguments{inserts_, number};
        Out<C> out{text, length + 1};
        const C* at = spec;
        static_cast<void>(Formatter<C, InsertArguments>{out, arguments}.template one<Wide>(at));
        for (std::size_t i = 0; i < length; ++i) word(text[i]);
        free(text);
        return true;
    }

    static constexpr u32 kLongestWord = 256;
    Out<C>& out_;
    Inserts& inserts_;
    const bool ignore_inserts_;
    const DWORD width_;
    u32 column_ = 0, word_length_ = 0;
    bool blank_owed_ = false;
    C word_[kLongestWord];
};

const char* system_message(DWORD id) noexcept {
    if ((id & 0xFFFF0000) == 0x80070000) id &= 0xFFFF;  // an HRESULT made of an error code
    for (const Message& m : kMessages)
        if (m.id == id) return m.text;
    return nullptr;
}

// The message as a text of C: the program's, or ours with an end of line.
template <class C>
class Source {
public:
    Source(DWORD flags, const void* source, DWORD id) noexcept {
        if ((flags & FORMAT_MESSAGE_FROM_STRING) != 0) {
            text_ = static_cast<const C*>(source);
            error = text_ != nullptr ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
            return;
        }
        const char* const found = (flags & FORMAT_MESSAGE_FROM_SYSTEM) != 0 ? system_message(id) : nullptr;
        if (found == nullptr) return;
        std::size_t n = 0;
        for (; found[n] != '\0'; ++n) own_[n] = static_cast<C>(found[n]);  // ASCII
        own_[n++] = C{'\r'};
        own_[n++] = C{'\n'};
        own_[n] = C{};
        text_ = own_;
        error = ERROR_SUCCESS;
    }
    const C* text() const noexcept { return text_; }
    DWORD error = ERROR_MR_MID_NOT_FOUND;

private:
    const C* text_ = nullptr;
    C own_[100];
};

template <class Wide, class C>
DWORD format_message(DWORD flags, const void* source, DWORD id, C* buffer, DWORD size, va_list* list) noexcept {
    const KeepErrno keep;
    constexpr DWORD kSources = FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_FROM_HMODULE;
    const bool allocate = (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) != 0;
    if (buffer == nullptr || (flags & kSources) == 0) return failed(ERROR_INVALID_PARAMETER);
    if (allocate) *reinterpret_cast<void**>(buffer) = nullptr;
    const Source<C> message{flags, source, id};
    if (message.error != ERROR_SUCCESS) return failed(message.error);
    Inserts inserts{list, (flags & FORMAT_MESSAGE_ARGUMENT_ARRAY) != 0};
    Out<C> counting{nullptr, 0};
    if (!Writer<C, Wide>{counting, inserts, flags}.run(message.text())) return failed(ERROR_INVALID_PARAMETER);
    const std::size_t needed = counting.count() + 1;
    if (allocate) {
        C* const made = static_cast<C*>(LocalAlloc(LMEM_FIXED, (needed > size ? needed : size) * sizeof(C)));
        if (made == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
        *reinterpret_cast<void**>(buffer) = made;
        buffer = made;
    } else if (needed > size) {
        return failed(ERROR_INSUFFICIENT_BUFFER);
    }
    Out<C> out{buffer, needed};
    static_cast<void>(Writer<C, Wide>{out, inserts, flags}.run(message.text()));
    return static_cast<DWORD>(out.count());
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

DWORD WINAPI FormatMessageA(DWORD flags, LPCVOID source, DWORD id, DWORD language, LPSTR buffer, DWORD size,
                            va_list* list) {
    WINSHIM_LEAVE(FormatMessageA, memory, flags, source, id, language, buffer, size, list);
    return format_message<wchar_t>(flags, source, id, buffer, size, list);
}
DWORD WINAPI FormatMessageW(DWORD flags, LPCVOID source, DWORD id, DWORD, LPWSTR buffer, DWORD size, va_list* list) {
    return format_message<wchar_t>(flags, source, id, buffer, size, list);
}
WINSHIM_EXPORT DWORD FormatMessageA_utf16(DWORD flags, LPCVOID source, DWORD id, DWORD, char* buffer, DWORD size,
                                          va_list* list);
DWORD FormatMessageA_utf16(DWORD flags, LPCVOID source, DWORD id, DWORD, char* buffer, DWORD size, va_list* list) {
    return format_message<char16_t>(flags, source, id, buffer, size, list);
}
WINSHIM_EXPORT DWORD FormatMessage_utf16(DWORD flags, LPCVOID source, DWORD id, DWORD, char16_t* buffer, DWORD size,
                                         va_list* list) WINSHIM_UTF16(FormatMessageW);
DWORD FormatMessage_utf16(DWORD flags, LPCVOID source, DWORD id, DWORD language, char16_t* buffer, DWORD size,
                          va_list* list) {
    WINSHIM_LEAVE_AS(FormatMessageW, FormatMessage_utf16, memory, flags, source, id, language, buffer, size, list);
    return format_message<char16_t>(flags, source, id, buffer, size, list);
}
WINSHIM_PLAIN(FormatMessage);
