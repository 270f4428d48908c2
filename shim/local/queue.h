// queue.h - threads that sleep in the order in which they came: what condition variables and WaitOnAddress stand on.
//
// Each sleeper is a node on its own stack, linked under the lock of its queue. Who takes it out of the queue ends its
// sleep and touches it no more: from that store on the node may be gone.
#pragma once
#include "shim/local/futex.h"

namespace winshim::local {

struct Sleeper {
    Sleeper* next = nullptr;
    Sleeper* previous = nullptr;
    const volatile void* address = nullptr;  // WaitOnAddress: which one
    bool queued = false;                     // guarded by the queue's lock
    Word woken{0};

    // Until it is woken or the deadline has passed; false: the deadline has.
    bool sleep(u64 deadline) noexcept {
        // acquire: what the waker wrote before it woke
        while (woken.load(std::memory_order_acquire) == 0)
            if (!futex_wait(woken, 0, deadline)) return woken.load(std::memory_order_acquire) != 0;
        return true;
    }
    void wake() noexcept {
        woken.store(1, std::memory_order_release);
        futex_wake(woken, 1);
    }
};

// First in, first out. Guarded by whatever lock its owner has for it.
struct Queue {
    Sleeper* first = nullptr;
    Sleeper* last = nullptr;

    void append(Sleeper& s) noexcept {
        s.queued = true;
        s.next = nullptr;
        s.previous = last;
        (last != nullptr ? last->next : first) = &s;
        last = &s;
    }
    void remove(Sleeper& s) noexcept {
        s.queued = false;
        (s.previous != nullptr ? s.previous->next : first) = s.next;
        (s.next != nullptr ? s.next->previous : last) = s.previous;
    }
};

// Moves those for whom `wanted` holds, at most `limit`, into a chain linked by `next`; to be woken without the lock.
template <class Wanted>
Sleeper* take_out(Queue& queue, u32 limit, Wanted wanted) noexcept {
    Sleeper* chain = nullptr;
    Sleeper** end = &chain;
    for (Sleeper* s = queue.first; s != nullptr && limit > 0;) {
        Sleeper* const next = s->next;
        if (wanted(*s)) {
            queue.remove(*s);
            s->next = nullptr;
            *end = s;
            end = &s->next;
            --limit;
        }
        s = next;
    }
    return chain;
}

// Wakes a chain of sleepers that has been taken out of its queue, linked by `next`.
inline void wake_chain(Sleeper* s) noexcept {
    while (s != nullptr) {
        Sleeper* const next = s->next;  // before the wake-up: the node may be gone after it
        s->wake();
        s = next;
    }
}

}  // namespace winshim::local
