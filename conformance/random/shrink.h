// shrink.h - a failing sequence made short.
#pragma once
#include <functional>
#include <vector>

#include "conformance/random/call.h"

namespace sequence {

// The calls of a sequence that still fail when fewer of them are made, by leaving out ever smaller pieces (delta
// debugging). `fails` plays a sequence anew and says whether it fails, and cuts off what comes after the failure.
std::vector<Call> shrink(std::vector<Call> calls, const std::function<bool(std::vector<Call> &)> &fails);

}  // namespace sequence
