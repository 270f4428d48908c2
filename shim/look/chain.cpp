// chain.cpp - walking along the waits.
#include "shim/look/chain.h"

namespace winshim::look {
namespace {

// The wait behind a claim that belongs to this deadlock; kNone: none does.
u32 behind_in(const Waits& waits, const Claim& claim, u32 knot) noexcept {
    u32 to;
    for (u32 n = 0; (to = waits.behind(claim, n)) != kNone; ++n)
        if (waits.waits()[to].knot == knot) return to;
    return kNone;
}

// The claim to follow; kNone: none leads on.
u32 claim_of(const Waits& waits, const Wait& wait) noexcept {
    u32 best = wait.count != 0 ? wait.first : kNone, rank = 0;
    for (u32 c = wait.first; c < wait.first + wait.count; ++c) {
        const Claim& claim = waits.claims()[c];
        u32 worth = claim.needs == Needs::nobody ? 0 : 1;
        if (!claim.possible) worth = wait.knot != 0 && behind_in(waits, claim, wait.knot) != kNone ? 3 : 2;
        if (worth > rank) best = c, rank = worth;
    }
    return best;
}

}  // namespace

bool chain_of(const Waits& waits, u32 slot, u32 stop_at_process, List<Node>& nodes, bool& cycle) noexcept {
    List<u8> met;
    nodes.clear();
    cycle = false;
    if (!met.fill(shm::thread_count())) return false;
    bool whole = true;
    while (whole && slot < met.count()) {
        if (met[slot] != 0) {
            cycle = true;
            break;
        }
        met[slot] = 1;
        const u32 process = process_of(shm::thread(slot));
        whole = nodes.add({true, slot, process, kNone});
        const u32 at = waits.wait_of(slot);
        if (at == kNone || (stop_at_process != kNone && process != stop_at_process)) break;
        const Wait& wait = waits.waits()[at];
        const u32 c = claim_of(waits, wait);
        if (c == kNone) break;
        const Claim& claim = waits.claims()[c];
        whole = nodes.add({false, kNone, kNone, c}) && whole;
        if (wait.count > 1 && !wait.all && !wait.stuck) break;
        slot = kNone;
        if (claim.needs == Needs::thread) slot = claim.holder;
        if (claim.needs != Needs::process) continue;
        u32 to = wait.knot != 0 ? behind_in(waits, claim, wait.knot) : kNone;
        if (to == kNone && !claim.possible) to = waits.behind(claim, 0);
        if (to != kNone) slot = waits.waits()[to].slot;
        else whole = nodes.add({true, kNone, claim.holder, kNone}) && whole;
    }
    return whole;
}

}  // namespace winshim::look
