// variadic.cpp - entry points of the functions with "..." in their declarations (relay/variadic.h).
#include <cstdarg>

#include "shim/relay/variadic.h"
#include "shim/trace/call.h"
#include "shim/trace/entries.h"

namespace winshim::trace {
namespace {

template <unsigned Index>
struct Entry {
    static inline void* by_list = nullptr;

    template <class... Fixed>
    static int relay_list(va_list list, Fixed... fixed) {
        void* values[] = {&fixed...};
        Call call{relay::kFunctions[Index], values};
        call.begin();
        const int result = reinterpret_cast<int (*)(Fixed..., va_list)>(by_list)(fixed..., list);
        call.end(&result);
        return result;
    }
    static int after_one(void* a, ...) {
        va_list list;
        va_start(list, a);
        const int result = relay_list(list, a);
        va_end(list);
        return result;
    }
    static int after_two(void* a, void* b, ...) {
        va_list list;
        va_start(list, b);
        const int result = relay_list(list, a, b);
        va_end(list);
        return result;
    }
    static int after_three(void* a, void* b, void* c, ...) {
        va_list list;
        va_start(list, c);
        const int result = relay_list(list, a, b, c);
        va_end(list);
        return result;
    }
    static int after_four(void* a, void* b, void* c, void* d, ...) {
        va_list list;
        va_start(list, d);
        const int result = relay_list(list, a, b, c, d);
        va_end(list);
        return result;
    }
};

}  // namespace

void* variadic_entry(unsigned index, void* by_list) noexcept {
    return by_list == nullptr ? nullptr : relay::variadic_entry<Entry>(index, by_list);
}

}  // namespace winshim::trace
