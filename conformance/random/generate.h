// generate.h - the next call of a random sequence.
#pragma once
#include <cstdint>
#include <optional>

#include "conformance/random/model.h"

namespace sequence {

// A small generator of its own (splitmix64): the same numbers everywhere.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint32_t below(std::uint32_t end);
    bool one_in(std::uint32_t n) { return below(n) == 0; }

private:
    std::uint64_t state_;
};

// A call that the model does not skip, and that leaves somebody who can act. At the beginning of a sequence, the
// processes and threads that it needs.
Call next_call(const Model &model, Random &random);

}  // namespace sequence
