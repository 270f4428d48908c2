// entries.h - the traced functions: for each, what leads to it instead of the real one.
#pragma once
#include "shim/relay/signatures.h"

namespace winshim::trace {

// Index of the function called `name`, or -1.
int index_of(const char* name) noexcept;

// Makes the entry point of function `index`, whose real one is `real`; for a variadic function `by_list` is the real
// one that takes a list. Null: there is no memory that may be executed.
void* make_entry(unsigned index, void* real, void* by_list) noexcept;

// The entry point for a variadic function, which no closure can be (variadic.cpp).
void* variadic_entry(unsigned index, void* by_list) noexcept;

}  // namespace winshim::trace
