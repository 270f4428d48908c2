// format.h - printf as Microsoft's library does it, for texts of any width.
//
// What differs from the C library here:
//   %s %c    the function's own kind of text; %S %C the other kind; %hs %hc char, %ls %lc %ws %wc wchar_t always
//   l        32 bits, the width of Microsoft's long; ll, I64, j 64 bits; I, z, t as wide as a pointer; I32 32 bits
//   %p       sixteen upper-case digits
//   %n       refused: it ends the text
// Floating point is left to the C library, one conversion at a time.
#pragma once
#include <stdarg.h>
#include <stdio.h>

#include "shim/base/text.h"

namespace winshim::base {

// Where text goes: up to `room` units, the last of which is kept for the end; counts what it would have taken.
template <class C>
class Out {
public:
    Out(C* to, std::size_t room) noexcept : to_(to), room_(room) {}
    void unit(C c) noexcept {
        if (count_ + 1 < room_) to_[count_] = c;
        ++count_;
    }
    void end() noexcept {
        if (room_ > 0) to_[count_ < room_ ? count_ : room_ - 1] = C{};
    }
    std::size_t count() const noexcept { return count_; }
    bool overflow() const noexcept { return count_ >= room_; }

private:
    C* to_;
    std::size_t room_;
    std::size_t count_ = 0;
};

// The arguments of a call with `...`.
class CallArguments {
public:
    explicit CallArguments(va_list list) noexcept { va_copy(list_, list); }
    ~CallArguments() noexcept { va_end(list_); }
    CallArguments(const CallArguments&) = delete;
    CallArguments& operator=(const CallArguments&) = delete;
    int integer() noexcept { return va_arg(list_, int); }
    u64 wide_integer() noexcept { return va_arg(list_, u64); }
    const void* pointer() noexcept { return va_arg(list_, const void*); }
    double real() noexcept { return va_arg(list_, double); }
    long double long_real() noexcept { return va_arg(list_, long double); }

private:
    va_list list_;
};

template <class C, class Arguments>
class Formatter {
public:
    Formatter(Out<C>& out, Arguments& arguments) noexcept : out_(out), arguments_(arguments) {}

    // Wide is the kind of WCHAR that %S and %ls take in a char text.
    template <class Wide>
    bool run(const C* format) noexcept {
        while (*format != C{}) {
            if (*format != C{'%'}) {
                out_.unit(*format++);
            } else if (format[1] == C{'%'}) {
                out_.unit(C{'%'});
                format += 2;
            } else if (!one<Wide>(++format)) {
                return false;
            }
        }
        return true;
    }

    // One conversion, behind its %; moves `format` behind it. False: not one that there is.
    template <class Wide>
    bool one(const C*& format) noexcept {
        Spec s{};
        for (;; ++format) {
            if (*format == C{'-'}) s.left = true;
            else if (*format == C{'+'}) s.plus = true;
            else if (*format == C{' '}) s.space = true;
            else if (*format == C{'#'}) s.alternative = true;
            else if (*format == C{'0'}) s.zero = true;
            else break;
        }
        s.width = number(format, 0);
        if (s.width < 0) s.left = true, s.width = -s.width;
        if (*format == C{'.'}) s.precision = number(++format, 0);
        read_size(format, s);
        s.conversion = ascii(*format);
        if (s.conversion != '\0') ++format;
        return convert<Wide>(s);
    }

private:
    enum class Size { none, byte, half, word32, word64, long_real };
    struct Spec {
        bool left, plus, space, alternative, zero;
        int width, precision = -1;
        Size size = Size::none;
        bool narrow, wide;  // h or l, w: which text
        char conversion;
    };
    static char ascii(C c) noexcept { return c > C{0} && c < C{127} ? static_cast<char>(c) : '\0'; }

    int number(const C*& format, int value) noexcept {
        if (*format == C{'*'}) return ++format, arguments_.integer();
        for (; *format >= C{'0'} && *format <= C{'9'}; ++format)
            if (value < 100'000'000) value = value * 10 + static_cast<int>(*format - C{'0'});
        return value;
    }

    static constexpr Size kPointerSize = sizeof(void*) == 8 ? Size::word64 : Size::word32;
    void read_size(const C*& format, Spec& s) noexcept {
        for (;; ++format) switch (ascii(*format)) {
                case 'h': s.size = s.size == Size::half ? Size::byte : Size::half, s.narrow = true; break;
                case 'l': s.size = s.wide ? Size::word64 : Size::word32, s.wide = true; break;
                case 'w': s.wide = true; break;
                case 'L': s.size = Size::long_real; break;
                case 'j': s.size = Size::word64; break;
                case 'z': case 't': s.size = kPointerSize; break;
                case 'I':
                    s.size = kPointerSize;
                    if (format[1] == C{'3'} && format[2] == C{'2'}) s.size = Size::word32, format += 2;
                    else if (format[1] == C{'6'} && format[2] == C{'4'}) s.size = Size::word64, format += 2;
                    break;
                default: return;
            }
    }

    template <class Wide>
    bool convert(const Spec& s) noexcept {
        constexpr bool kWideText = sizeof(C) > 1;
        switch (s.conversion) {
            case 'd': case 'i': integer(s, true, 10, false); return true;
            case 'u': integer(s, false, 10, false); return true;
            case 'o': integer(s, false, 8, false); return true;
            case 'x': integer(s, false, 16, false); return true;
            case 'X': integer(s, false, 16, true); return true;
            case 'p': pointer(s); return true;
            case 'c': case 'C': {
                const bool wide = s.narrow ? false : s.wide || kWideText == (s.conversion == 'c');
                const auto value = static_cast<u32>(arguments_.integer());
                character<Wide>(s, value, wide);
                return true;
            }
            case 's': case 'S': {
                const bool wide = s.narrow ? false : s.wide || kWideText == (s.conversion == 's');
                const void* const text = arguments_.pointer();
                if (text == nullptr) string(s, "(null)");
                else if (wide) string(s, static_cast<const Wide*>(text));
                else string(s, static_cast<const char*>(text));
                return true;
            }
            case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case 'a': case 'A': real(s); return true;
            default: return false;
        }
    }

    void fill(C c, std::size_t count) noexcept {
        while (count-- > 0) out_.unit(c);
    }
    static std::size_t missing(int wanted, std::size_t have) noexcept {
        return wanted > 0 && static_cast<std::size_t>(wanted) > have ? static_cast<std::size_t>(wanted) - have : 0;
    }

    void integer(const Spec& s, bool is_signed, u32 base, bool upper) noexcept {
        u64 value = 0;
        switch (s.size) {
            case Size::word64: case Size::long_real: value = arguments_.wide_integer(); break;
            case Size::byte: value = static_cast<u8>(arguments_.integer()); break;
            case Size::half: value = static_cast<u16>(arguments_.integer()); break;
            default: value = static_cast<u32>(arguments_.integer()); break;
        }
        bool negative = false;
        if (is_signed) {
            const auto wide = s.size == Size::byte   ? static_cast<std::int64_t>(static_cast<std::int8_t>(value))
                              : s.size == Size::half ? static_cast<std::int64_t>(static_cast<std::int16_t>(value))
                              : s.size == Size::word64 || s.size == Size::long_real
                                  ? static_cast<std::int64_t>(value)
                                  : static_cast<std::int64_t>(static_cast<std::int32_t>(value));
            negative = wide < 0;
            value = negative ? ~static_cast<u64>(wide) + 1 : static_cast<u64>(wide);
        }
        char prefix[3] = {};
        std::size_t prefixes = 0;
        if (negative) prefix[prefixes++] = '-';
        else if (is_signed && s.plus) prefix[prefixes++] = '+';
        else if (is_signed && s.space) prefix[prefixes++] = ' ';
        if (s.alternative && base == 16 && value != 0) prefix[prefixes++] = '0', prefix[prefixes++] = upper ? 'X' : 'x';
        digits(s, value, base, upper, prefix, prefixes);
    }

    void digits(const Spec& s, u64 value, u32 base, bool upper, const char* prefix, std::size_t prefixes) noexcept {
        char digit[64];
        std::size_t count = 0;
        const char* const symbols = upper ? "0123456789ABCDEF" : "0123456789abcdef";
        for (; value != 0; value /= base) digit[count++] = symbols[value % base];
        if (count == 0 && s.precision != 0) digit[count++] = '0';
        if (s.alternative && base == 8 && (count == 0 || digit[count - 1] != '0')) digit[count++] = '0';
        std::size_t zeros = missing(s.precision, count);
        if (s.zero && !s.left && s.precision < 0) zeros = missing(s.width, count + prefixes);
        const std::size_t blanks = missing(s.width, count + prefixes + zeros);
        if (!s.left) fill(C{' '}, blanks);
        for (std::size_t i = 0; i < prefixes; ++i) out_.unit(static_cast<C>(prefix[i]));
        fill(C{'0'}, zeros);
        while (count > 0) out_.unit(static_cast<C>(digit[--count]));
        if (s.left) fill(C{' '}, blanks);
    }

    void pointer(const Spec& s) noexcept {
        Spec as_hex = s;
        as_hex.precision = 2 * sizeof(void*);
        digits(as_hex, reinterpret_cast<std::uintptr_t>(arguments_.pointer()), 16, true, "", 0);
    }

    template <class Wide>
    void character(const Spec& s, u32 value, bool wide) noexcept {
        C units[4];
        u32 count = 1;
        if (wide && sizeof(C) == 1) count = put(is_character(value) ? value : kReplacement, units);
        else if (wide) units[0] = static_cast<C>(value);
        else units[0] = static_cast<C>(static_cast<unsigned char>(value));
        const std::size_t blanks = missing(s.width, count);
        if (!s.left) fill(C{' '}, blanks);
        for (u32 i = 0; i < count; ++i) out_.unit(units[i]);
        if (s.left) fill(C{' '}, blanks);
    }

    // Reads no further than the precision allows: the text need not have an end then.
    template <class From>
    void string(const Spec& s, const From* text) noexcept {
        std::size_t length = 0;
        while ((s.precision < 0 || length < static_cast<std::size_t>(s.precision)) && text[length] != From{}) ++length;
        std::size_t units = length;
        if constexpr (sizeof(From) != sizeof(C)) {
            units = 0;
            base::convert<C>(text, length, [&](const C*, u32 n) { units += n; });
        }
        const std::size_t blanks = missing(s.width, units);
        if (!s.left) fill(s.zero ? C{'0'} : C{' '}, blanks);
        if constexpr (sizeof(From) == sizeof(C)) {
            for (std::size_t i = 0; i < length; ++i) out_.unit(static_cast<C>(text[i]));
        } else {
            base::convert<C>(text, length, [&](const C* u, u32 n) {
                for (u32 i = 0; i < n; ++i) out_.unit(u[i]);
            });
        }
        if (s.left) fill(C{' '}, blanks);
    }

    void real(const Spec& s) noexcept {
        char format[16], text[1200];
        std::size_t at = 0;
        format[at++] = '%';
        if (s.left) format[at++] = '-';
        if (s.plus) format[at++] = '+';
        if (s.space) format[at++] = ' ';
        if (s.alternative) format[at++] = '#';
        if (s.zero) format[at++] = '0';
        format[at++] = '*', format[at++] = '.', format[at++] = '*';
        if (s.size == Size::long_real) format[at++] = 'L';
        format[at++] = s.conversion;
        format[at] = '\0';
        // The longest double has 309 digits before the point; more precision than fits is cut off.
        const int width = s.width < 700 ? s.width : 700, precision = s.precision < 700 ? s.precision : 700;
        const int length = s.size == Size::long_real
                               ? snprintf(text, sizeof text, format, width, precision, arguments_.long_real())
                               : snprintf(text, sizeof text, format, width, precision, arguments_.real());
        for (int i = 0; i < length && i < static_cast<int>(sizeof text) - 1; ++i) out_.unit(static_cast<C>(text[i]));
    }

    Out<C>& out_;
    Arguments& arguments_;
};

// Formats into `out`; false: the format has a conversion that there is not, and ends there.
template <class Wide, class C>
bool format(Out<C>& out, const C* text, va_list list) noexcept {
    CallArguments arguments{list};
    const bool good = Formatter<C, CallArguments>{out, arguments}.template run<Wide>(text);
    out.end();
    return good;
}

}  // namespace winshim::base
