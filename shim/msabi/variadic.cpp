// variadic.cpp - entries of the functions with "..." in their declarations.
//
// As in shim/trace/variadic.cpp: ordinary variadic functions, of Microsoft's convention here, which hand the list on to
// the function that takes one.
#include <utility>

#include "shim/msabi/convention.h"

namespace winshim::msabi {
namespace {

using relay::kFunctionCount;
using relay::kFunctions;

template <unsigned Index>
void* by_list_of = nullptr;

template <unsigned Index, class... Fixed>
int call(__builtin_ms_va_list arguments, Fixed... fixed) noexcept {
    List list{arguments};
    return reinterpret_cast<int (*)(Fixed..., va_list)>(by_list_of<Index>)(fixed..., list.list);
}

template <unsigned Index>
WINSHIM_MS_ABI int after_one(void* a, ...) {
    __builtin_ms_va_list list;
    __builtin_ms_va_start(list, a);
    const int result = call<Index>(list, a);
    __builtin_ms_va_end(list);
    return result;
}
template <unsigned Index>
WINSHIM_MS_ABI int after_two(void* a, void* b, ...) {
    __builtin_ms_va_list list;
    __builtin_ms_va_start(list, b);
    const int result = call<Index>(list, a, b);
    __builtin_ms_va_end(list);
    return result;
}
template <unsigned Index>
WINSHIM_MS_ABI int after_three(void* a, void* b, void* c, ...) {
    __builtin_ms_va_list list;
    __builtin_ms_va_start(list, c);
    const int result = call<Index>(list, a, b, c);
    __builtin_ms_va_end(list);
    return result;
}
template <unsigned Index>
WINSHIM_MS_ABI int after_four(void* a, void* b, void* c, void* d, ...) {
    __builtin_ms_va_list list;
    __builtin_ms_va_start(list, d);
    const int result = call<Index>(list, a, b, c, d);
    __builtin_ms_va_end(list);
    return result;
}

template <unsigned Index>
void* entry_of([[maybe_unused]] void* by_list) noexcept {
    constexpr relay::Function f = kFunctions[Index];
    if constexpr (f.by_list == nullptr) {
        return nullptr;
    } else {
        static_assert(f.count() >= 1 && f.count() <= 4);
        by_list_of<Index> = by_list;
        if constexpr (f.count() == 1) return reinterpret_cast<void*>(&after_one<Index>);
        else if constexpr (f.count() == 2) return reinterpret_cast<void*>(&after_two<Index>);
        else if constexpr (f.count() == 3) return reinterpret_cast<void*>(&after_three<Index>);
        else return reinterpret_cast<void*>(&after_four<Index>);
    }
}

template <unsigned... Indices>
void* pick(unsigned index, void* by_list, std::integer_sequence<unsigned, Indices...>) noexcept {
    constexpr void* (*kEntries[])(void*) noexcept = {entry_of<Indices>...};
    return kEntries[index](by_list);
}

}  // namespace

void* variadic_entry(unsigned index, void* by_list) noexcept {
    return pick(index, by_list, std::make_integer_sequence<unsigned, kFunctionCount>());
}

}  // namespace winshim::msabi
