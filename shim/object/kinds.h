// kinds.h - the table of kinds: one line each.
//
// The line is all that a kind needs beside its own file. What goes by kinds asks the table: rights (api), name spaces
// (name), words and checks (tool).
#pragma once
#include <array>
#include <type_traits>
#include <utility>

#include "shim/object/event.h"
#include "shim/object/mapping.h"
#include "shim/object/mutex.h"
#include "shim/object/process.h"
#include "shim/object/semaphore.h"
#include "shim/object/thread.h"
#include "shim/object/timer.h"

namespace winshim {

// By number; null where no kind has it. (Two kinds with one number do not compile.)
inline constexpr auto kKindTable = []<u32... number>(std::integer_sequence<u32, number...>) {
    return std::array<const KindInfo*, kMostKinds>{registered<number>...};
}(std::make_integer_sequence<u32, kMostKinds>{});
// The numbers that are taken, as bits.
inline constexpr u32 kKinds = []<u32... number>(std::integer_sequence<u32, number...>) {
    return ((std::is_null_pointer_v<std::remove_const_t<decltype(registered<number>)>> ? 0 : 1u << number) | ...);
}(std::make_integer_sequence<u32, kMostKinds>{});
static_assert((kKinds & 1) == 0, "0 is no kind");

constexpr const KindInfo* kind_info(Kind kind) noexcept {
    const auto number = static_cast<u32>(kind);
    return number < kMostKinds ? kKindTable[number] : nullptr;
}

}  // namespace winshim
