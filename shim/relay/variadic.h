// variadic.h - which of a relay's variadic functions stands for which export.
//
// A closure has to know how many arguments there are. So an export with "..." in its declaration is relayed by an
// ordinary variadic function, which makes a list of what follows and calls the function that takes a list:
// StringCchPrintfW -> StringCchVPrintfW.
// Use         template <unsigned Index> struct Entry {  // one instance for each line of the table
//                 static inline void* by_list = nullptr;  // the function that takes the list
//                 static int after_one(void*, ...);       // and so on up to after_four: with so many before the "..."
//             };
//             relay::variadic_entry<Entry>(index, by_list)
#pragma once
#include <utility>

#include "shim/relay/signatures.h"

namespace winshim::relay {

// What precedes the "..." is pointers, and sizes, which are passed like pointers; the results are int and HRESULT.
template <template <unsigned> class Entry, unsigned Index>
void* variadic_entry_of([[maybe_unused]] void* by_list) noexcept {
    constexpr Function f = kFunctions[Index];
    if constexpr (f.by_list == nullptr) {
        return nullptr;
    } else {
        static_assert(f.count() >= 1 && f.count() <= 4);
        using E = Entry<Index>;
        E::by_list = by_list;
        if constexpr (f.count() == 1) return reinterpret_cast<void*>(&E::after_one);
        else if constexpr (f.count() == 2) return reinterpret_cast<void*>(&E::after_two);
        else if constexpr (f.count() == 3) return reinterpret_cast<void*>(&E::after_three);
        else return reinterpret_cast<void*>(&E::after_four);
    }
}

template <template <unsigned> class Entry, unsigned... Indices>
void* pick_variadic_entry(unsigned index, void* by_list, std::integer_sequence<unsigned, Indices...>) noexcept {
    constexpr void* (*kEntries[])(void*) noexcept = {variadic_entry_of<Entry, Indices>...};
    return kEntries[index](by_list);
}

// The entry of line `index` of the table, which calls `by_list`; null if that function is not variadic.
template <template <unsigned> class Entry>
void* variadic_entry(unsigned index, void* by_list) noexcept {
    return pick_variadic_entry<Entry>(index, by_list, std::make_integer_sequence<unsigned, kFunctionCount>());
}

}  // namespace winshim::relay
