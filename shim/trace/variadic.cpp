// variadic.cpp - entry points of the functions with "..." in their declarations.
//
// A closure has to know how many arguments there are. So these are ordinary variadic functions, one for each export,
// which make a list of what follows and call the function that takes a list: StringCchPrintfW -> StringCchVPrintfW.
#include <cstdarg>
#include <utility>

#include "shim/trace/call.h"
#include "shim/trace/entries.h"

namespace winshim::trace {
namespace {

using relay::kFunctionCount;
using relay::kFunctions;

// What precedes the "..." is pointers, and sizes, which are passed like pointers; the results are int and HRESULT.
template <class... Fixed>
using ByList = int (*)(Fixed..., va_list);

// The function that takes the list. One place for each instance, that is for each export.
template <unsigned Index>
void* by_list_of = nullptr;

template <unsigned Index, class... Fixed>
int relay_list(va_list list, Fixed... fixed) {
    void* values[] = {&fixed...};
    Call call{kFunctions[Index], values};
    call.begin();
    const int result = reinterpret_cast<ByList<Fixed...>>(by_list_of<Index>)(fixed..., list);
    call.end(&result);
    return result;
}

template <unsigned Index>
int after_one(void* a, ...) {
    va_list list;
    va_start(list, a);
    const int result = relay_list<Index>(list, a);
    va_end(list);
    return result;
}
template <unsigned Index>
int after_two(void* a, void* b, ...) {
    va_list list;
    va_start(list, b);
    const int result = relay_list<Index>(list, a, b);
    va_end(list);
    return result;
}
template <unsigned Index>
int after_three(void* a, void* b, void* c, ...) {
    va_list list;
    va_start(list, c);
    const int result = relay_list<Index>(list, a, b, c);
    va_end(list);
    return result;
}
template <unsigned Index>
int after_four(void* a, void* b, void* c, void* d, ...) {
    va_list list;
    va_start(list, d);
    const int result = relay_list<Index>(list, a, b, c, d);
    va_end(list);
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
    return by_list == nullptr ? nullptr : pick(index, by_list, std::make_integer_sequence<unsigned, kFunctionCount>());
}

}  // namespace winshim::trace
