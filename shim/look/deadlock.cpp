// deadlock.cpp - who can never go on, and the knots among them.
//
// Stuck       Everybody counts as stuck at first. Who is not sets free those who wait for it, and so on, until
//             nobody else is freed: each claim is looked at once.
// Knots       The strongly connected parts of the graph of those who are left, by Tarjan's algorithm, without
//             recursion: the graph may be deep.
#include "shim/look/task.h"
#include "shim/look/waits.h"
#include "shim/shm/clock.h"

namespace winshim::look {
namespace {

struct Held {
    u64 holder;  // process above thread, so that the two do not mix
    u32 claim;
};
constexpr u64 thread_key(u32 slot) noexcept { return slot; }
constexpr u64 process_key(u32 slot) noexcept { return (1ull << 32) | slot; }

int by_holder(const void* a, const void* b) noexcept {
    const u64 x = static_cast<const Held*>(a)->holder, y = static_cast<const Held*>(b)->holder;
    return x < y ? -1 : x > y;
}

u32 first_held(const List<Held>& held, u64 holder) noexcept {
    return held.first_not([holder](const Held& h) { return h.holder < holder; });
}

}  // namespace

// Whether the process has a thread that does not wait, or that nobody knows of. Its housekeeper ends nothing.
bool Waits::may_end(u32 process) const noexcept {
    shm::Process& p = shm::process(process);
    if (p.slot.load(std::memory_order_acquire) != shm::Slot::live || !ids_mean_something(p)) return true;
    u32 waiting = 0;
    for (u32 i = first_of(process); i < by_process_.count() && waits_[by_process_[i]].process == process; ++i)
        ++waiting;
    // Fewer than wait: damage, or no /proc.
    return waiting == 0 || count_tasks(p.pid.load(std::memory_order_acquire)) != waiting;
}

bool Waits::judge() noexcept {
    List<Held> held;
    List<u32> freed;  // waits whose followers have still to be told
    const auto release = [&](Claim& claim) {
        if (claim.possible) return true;
        claim.possible = true;
        Wait& wait = waits_[claim.wait];
        --wait.impossible;
        if (!wait.stuck || (wait.all && wait.impossible != 0)) return true;
        wait.stuck = false;
        return freed.add(claim.wait);
    };
    bool whole = true;
    for (Wait& wait : waits_) {
        wait.stuck = wait.count != 0;  // one that waits for nothing waits for its time, or a call
        wait.impossible = wait.count;
    }
    for (u32 i = 0; i < claims_.count(); ++i) {
        const Claim& claim = claims_[i];
        if (claim.needs == Needs::thread) whole = whole && held.add({thread_key(claim.holder), i});
        if (claim.needs == Needs::process) whole = whole && held.add({process_key(claim.holder), i});
    }
    held.sort(by_holder);
    for (u32 i = 0; i < waits_.count(); ++i)
        if (!waits_[i].stuck) whole = whole && freed.add(i);
    for (Claim& claim : claims_) {
        const bool thread_goes_on = claim.needs == Needs::thread && wait_of(claim.holder) == kNone;
        const bool free = claim.needs < Needs::thread || thread_goes_on ||
                          (claim.needs == Needs::process && may_end(claim.holder));
        if (free) whole = whole && release(claim);
    }
    while (whole && freed.count() != 0) {
        const Wait& wait = waits_[freed[freed.count() - 1]];
        freed.cut(freed.count() - 1);
        for (const u64 key : {thread_key(wait.slot), process_key(wait.process)})
            for (u32 i = first_held(held, key); i < held.count() && held[i].holder == key; ++i)
                whole = whole && release(claims_[held[i].claim]);
    }
    return whole;
}

namespace {

// A place in the walk: a wait, and how far its edges have been followed.
struct Frame {
    u32 wait;
    u32 claim, next;  // the claim that is being followed, and how many waits behind it have been
};
struct Mark {
    u32 order, low;  // 0: not yet met
    bool open;       // on the stack of those whose part is not known yet
};

}  // namespace

bool Waits::find_knots() noexcept {
    List<Mark> marks;
    List<Frame> path;
    List<u32> open;
    u32 met = 0;
    bool whole = marks.fill(waits_.count());
    const auto next_of = [&](Frame& frame) {
        const Wait& wait = waits_[frame.wait];
        for (; frame.claim < wait.count; ++frame.claim, frame.next = 0) {
            const Claim& claim = claims_[wait.first + frame.claim];
            const u32 to = claim.possible ? kNone : behind(claim, frame.next++);
            if (to != kNone) return to;
        }
        return kNone;
    };
    const auto enter = [&](u32 wait) {
        ++met;
        marks[wait] = {met, met, true};
        whole = path.add({wait, 0, 0}) && open.add(wait);
    };
    for (u32 root = 0; root < waits_.count() && whole; ++root) {
        if (!waits_[root].stuck || marks[root].order != 0) continue;
        enter(root);
        while (whole && path.count() != 0) {
            Frame& frame = path[path.count() - 1];
            Mark& mark = marks[frame.wait];
            const u32 to = next_of(frame);
            if (to != kNone) {
                if (marks[to].order == 0) enter(to);
                else if (marks[to].open && marks[to].order < mark.low) mark.low = marks[to].order;
                continue;
            }
            const u32 done = frame.wait;
            path.cut(path.count() - 1);
            if (path.count() != 0) {
                Mark& before = marks[path[path.count() - 1].wait];
                if (mark.low < before.low) before.low = mark.low;
            }
            if (mark.low != mark.order) continue;
            bool knotted = open[open.count() - 1] != done;  // more than one, or one that waits for itself
            Frame own{done, 0, 0};
            for (u32 t = 0; !knotted && (t = next_of(own)) != kNone;) knotted = t == done;
            if (knotted) ++knots_;
            for (u32 member = kNone; member != done;) {
                member = open[open.count() - 1];
                open.cut(open.count() - 1);
                marks[member].open = false;
                waits_[member].knot = knotted ? knots_ : 0;
            }
        }
    }
    return whole;
}

// Breadth first from the knot's first wait, back to it: a shortest way round.
bool Waits::cycle(u32 knot, List<u32>& claims) const noexcept {
    claims.clear();
    u32 start = 0;
    while (start < waits_.count() && waits_[start].knot != knot) ++start;
    if (knot == 0 || start == waits_.count()) return false;
    List<u32> came_by, line;  // the claim + 1 by which a wait was reached
    bool whole = came_by.fill(waits_.count()) && line.add(start);
    u32 last = kNone;
    for (u32 at = 0; at < line.count() && last == kNone && whole; ++at) {
        const Wait& wait = waits_[line[at]];
        for (u32 c = wait.first; c < wait.first + wait.count && last == kNone; ++c) {
            if (claims_[c].possible) continue;
            u32 to;
            for (u32 n = 0; last == kNone && (to = behind(claims_[c], n)) != kNone; ++n) {
                if (to == start) last = c;
                if (to == start || waits_[to].knot != knot || came_by[to] != 0) continue;
                came_by[to] = c + 1;
                whole = line.add(to) && whole;
            }
        }
    }
    if (last == kNone || !whole) return false;
    for (u32 c = last;; c = came_by[claims_[c].wait] - 1) {
        whole = claims.add(c) && whole;
        if (claims_[c].wait == start) break;
    }
    for (u32 i = 0, j = claims.count() - 1; i < j; ++i, --j) {
        const u32 swap = claims[i];
        claims[i] = claims[j];
        claims[j] = swap;
    }
    return whole;
}

u64 Waits::ends_by_itself(u32 knot) const noexcept {
    u64 first = kForever;
    for (const Wait& wait : waits_)
        if (wait.knot == knot && wait.until_ns < first) first = wait.until_ns;
    return first;
}

}  // namespace winshim::look
