// shrink.cpp - see shrink.h.
#include "conformance/random/shrink.h"

#include <algorithm>

namespace sequence {

std::vector<Call> shrink(std::vector<Call> calls, const std::function<bool(std::vector<Call> &)> &fails) {
    for (std::size_t piece = std::max<std::size_t>(calls.size() / 2, 1);;) {
        bool shorter = false;
        for (std::size_t end = calls.size(); end > 0;) {  // from the end: what came last depends on what came before
            const std::size_t begin = end > piece ? end - piece : 0;
            std::vector<Call> without(calls.begin(), calls.begin() + static_cast<std::ptrdiff_t>(begin));
            without.insert(without.end(), calls.begin() + static_cast<std::ptrdiff_t>(end), calls.end());
            end = begin;
            if (without.empty() || !fails(without)) continue;
            calls = std::move(without);
            end = std::min(end, calls.size());
            shorter = true;
        }
        if (piece > 1) piece /= 2;
        else if (!shorter) return calls;
    }
}

}  // namespace sequence
