// variadic.cpp - entries of the functions that are declared with "...", in Microsoft's convention (relay/variadic.h).
#include "shim/msabi/convention.h"
#include "shim/relay/variadic.h"

namespace winshim::msabi {
namespace {

template <unsigned Index>
struct Entry {
    static inline void* by_list = nullptr;

    template <class... Fixed>
    static int call(__builtin_ms_va_list arguments, Fixed... fixed) noexcept {
        List list{arguments};
        return reinterpret_cast<int (*)(Fixed..., va_list)>(by_list)(fixed..., list.list);
    }
    WINSHIM_MS_ABI static int after_one(void* a, ...) {
        __builtin_ms_va_list list;
        __builtin_ms_va_start(list, a);
        const int result = call(list, a);
        __builtin_ms_va_end(list);
        return result;
    }
    WINSHIM_MS_ABI static int after_two(void* a, void* b, ...) {
        __builtin_ms_va_list list;
        __builtin_ms_va_start(list, b);
        const int result = call(list, a, b);
        __builtin_ms_va_end(list);
        return result;
    }
    WINSHIM_MS_ABI static int after_three(void* a, void* b, void* c, ...) {
        __builtin_ms_va_list list;
        __builtin_ms_va_start(list, c);
        const int result = call(list, a, b, c);
        __builtin_ms_va_end(list);
        return result;
    }
    WINSHIM_MS_ABI static int after_four(void* a, void* b, void* c, void* d, ...) {
        __builtin_ms_va_list list;
        __builtin_ms_va_start(list, d);
        const int result = call(list, a, b, c, d);
        __builtin_ms_va_end(list);
        return result;
    }
};

}  // namespace

void* variadic_entry(unsigned index, void* by_list) noexcept { return relay::variadic_entry<Entry>(index, by_list); }

}  // namespace winshim::msabi
