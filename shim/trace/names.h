// names.h - numbers that have names: flags, rights, choices, errors.
#pragma once
#include <cstdint>

#include "shim/relay/signatures.h"

namespace winshim::trace {

struct Named {
    std::uint32_t value;
    const char* name;
};

// The names for a kind of number, those that cover many bits first. Empty: it has none.
struct Names {
    const Named* first = nullptr;
    unsigned count = 0;
    bool bits = false;  // a set of bits, not one of several values
};
Names names_of(relay::Kind kind) noexcept;

// ERROR_..., null if the number has none.
const char* error_name(std::uint32_t error) noexcept;
const char* hresult_name(std::uint32_t result) noexcept;

}  // namespace winshim::trace
