// play.h - a sequence played on the library and on the model, side by side.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/random/model.h"

namespace sequence {

// The next call of a sequence that the model has come so far with; nothing at its end.
using Source = std::function<std::optional<Call>(const Model &)>;

struct Played {
    std::vector<Call> calls;     // those that were made (not skipped); the last one failed, if any did
    std::string failure;         // what was expected and what came; empty if all was well
};

// In a namespace of its own. `patience_ms`: within that a call that must return has to have returned.
Played play(Profile profile, const Source &next, int patience_ms);
Played play(Profile profile, const std::vector<Call> &calls, int patience_ms);

}  // namespace sequence
