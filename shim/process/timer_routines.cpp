// timer_routines.cpp - the calling thread's list of completion routines.
//
// Memory      A thread may be terminated in the middle of malloc and has to end without calling free: what is in its
//             list then goes to a heap of dropped ones, which the next to set a timer with a routine frees.
#include "shim/process/timer_routines.h"

#include <cstdlib>
#include <new>

#include "shim/process/own_threads.h"
#include "shim/shm/robust.h"

namespace winshim::process {
namespace {

struct Routine {
    Routine* next;
    wait::Target timer;
    u64 due;  // a due word without WHICH, as the timer had it when this thread last looked
    u32 period_ms;
    TimerRoutine function;
    void* argument;
};

thread_local constinit Routine* own = nullptr;
std::atomic<Routine*> dropped{nullptr};

u64 key_of(wait::Target timer) noexcept { return (u64{timer.generation} << 32) | timer.object; }
wait::Target timer_of(u64 key) noexcept { return {static_cast<u32>(key), static_cast<u32>(key >> 32)}; }

// Nobody has set or cancelled it since this thread set it, and it exists still.
bool set_by_me(wait::Target target) noexcept {
    shm::Object& x = shm::object(target.object);
    return state::is_live(x.state.load(std::memory_order_acquire), target.generation) && timer::is_timer(x) &&
           timer::setting(x).setter == self.id;
}

void unlink(Routine** at) noexcept {
    Routine* gone = *at;
    *at = gone->next;
    std::atomic_signal_fence(std::memory_order_seq_cst);  // a thread terminated here has it in its list no more
    self.routines.fetch_sub(1, std::memory_order_relaxed);
    free(gone);
}

void forget(wait::Target timer) noexcept {
    for (Routine** at = &own; *at != nullptr; at = &(*at)->next)
        if (key_of((*at)->timer) == key_of(timer)) return unlink(at);
}

// Timers that others have set or cancelled, or that are gone: nobody else would forget them in a thread that never
// waits alertably.
void forget_those_of_others() noexcept {
    for (Routine** at = &own; *at != nullptr;)
        if (set_by_me((*at)->timer)) at = &(*at)->next;
        else unlink(at);
}

void free_dropped() noexcept {
    Routine* routine = dropped.exchange(nullptr, std::memory_order_acquire);
    while (routine != nullptr) {
        Routine* next = routine->next;
        free(routine);
        routine = next;
    }
}

void run_routine(const Apc& call) noexcept {
    if (!set_by_me(timer_of(call.argument[2]))) return;
    void* argument = reinterpret_cast<void*>(static_cast<std::uintptr_t>(call.argument[0]));
    reinterpret_cast<TimerRoutine>(call.function)(argument, static_cast<u32>(call.argument[1]),
                                                  static_cast<u32>(call.argument[1] >> 32));
}

bool queue_call(const Routine& routine) noexcept {
    Apc* apc = new_apc();
    if (apc == nullptr) return false;
    apc->run = run_routine;
    apc->function = reinterpret_cast<void*>(routine.function);
    apc->argument[0] = reinterpret_cast<std::uintptr_t>(routine.argument);
    apc->argument[1] = wait::came_at(routine.due);
    apc->argument[2] = key_of(routine.timer);
    if (queue_own_apc(apc)) return true;
    drop_apc(apc);
    return false;
}

// Ticks that this thread did not see are one call, with the time of the first of them.
u64 expire() noexcept {
    u64 earliest = kForever;
    for (Routine** at = &own; *at != nullptr;) {
        Routine& routine = **at;
        const bool due = wait::is_due(routine.due);
        if (!set_by_me(routine.timer)) {
            unlink(at);
            continue;
        }
        // Fires it: also somebody who polls it after this thread is dead shall find it signaled.
        if (wait::Entry entry; due && wait::enter(entry, routine.timer) == Status::success) wait::leave(entry);
        if (due && queue_call(routine)) {
            routine.due = wait::next_due(routine.due, routine.period_ms);
            if (routine.due == 0) {
                unlink(at);
                continue;
            }
        }
        // No memory: again at the next look, not at once.
        const u64 next = wait::is_due(routine.due) ? kForever : wait::wake_at(routine.due);
        if (next < earliest) earliest = next;
        at = &routine.next;
    }
    return earliest;
}

}  // namespace

Status set_timer(wait::Target timer, u64 due, u32 period_ms, TimerRoutine function, void* argument) noexcept {
    if (function == nullptr) {
        const Status status = wait::set_timer(timer, due, {period_ms, 0});
        if (status == Status::success) {
            forget(timer);
            drop_own_apcs(run_routine, key_of(timer));
        }
        return status;
    }
    free_dropped();
    forget_those_of_others();
    void* room = malloc(sizeof(Routine));
    if (room == nullptr) return Status::not_enough_memory;
    auto* routine = new (room) Routine{own, timer, due, period_ms, function, argument};
    const Status status = wait::set_timer(timer, due, {period_ms, self.id});
    if (status != Status::success) {
        free(room);
        return status;
    }
    forget(timer);
    drop_own_apcs(run_routine, key_of(timer));
    wait::expire_routines.store(expire, std::memory_order_release);
    routine->next = own;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    own = routine;
    self.routines.fetch_add(1, std::memory_order_relaxed);
    return Status::success;
}

Status cancel_timer(wait::Target timer) noexcept {
    const Status status = wait::cancel_timer(timer);
    if (status != Status::success) return status;
    forget(timer);
    drop_own_apcs(run_routine, key_of(timer));
    return status;
}

bool cancel_own_timers() noexcept {
    for (Routine* routine = own; routine != nullptr; routine = routine->next)
        if (wait::cancel_timer_of(routine->timer, self.id) == Status::file_corrupt && shm::out_of_patience())
            return false;
    if (own == nullptr) return true;
    Routine* last = own;
    while (last->next != nullptr) last = last->next;
    last->next = dropped.load(std::memory_order_relaxed);
    while (!dropped.compare_exchange_weak(last->next, own, std::memory_order_release, std::memory_order_relaxed)) {}
    own = nullptr;
    self.routines.store(0, std::memory_order_relaxed);
    return true;
}

}  // namespace winshim::process
