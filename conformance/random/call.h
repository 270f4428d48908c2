// call.h - the calls that a sequence is made of: who makes them, with what.
//
// Purpose     A call is plain numbers, so that it can be copied, sent, left out and printed. What it means for a
//             library is in perform.cpp, what it must do in model.cpp, how it is written in C in write.cpp.
// Actors      are numbered process * kThreads + thread. Handles are numbered places ("slots") of a process; a call that
//             makes a handle says in which slot it goes, so that leaving out another call moves nothing.
#pragma once
#include <cstdint>

#include "conformance/random/stage.h"

namespace sequence {

constexpr int kProcesses = STAGE_PROCESSES, kThreads = STAGE_THREADS, kActors = STAGE_ACTORS, kSlots = STAGE_SLOTS;

enum class Op : std::uint8_t {
    create_event, create_mutex, create_semaphore, create_timer, create_mapping,
    open_event, open_mutex, open_semaphore, open_timer, open_mapping, open_process, open_thread,
    set_event, reset_event, pulse_event, release_mutex, release_semaphore, set_timer, cancel_timer,
    close, duplicate, give, take, get_information, set_information, compare,
    wait_one, wait_many, signal_and_wait, queue_apc, sleep, set_error,
    start_thread, end_thread, terminate_thread, fork, create_process, exit_process, terminate_process,
    start_process, kill_process,  // by the director
};

// Which of the exports of one purpose: CreateEventA, W, ExA, ExW; WaitForSingleObject or its Ex form.
enum Form : std::uint8_t { kWide = 1, kEx = 2 };

// A handle argument: a slot, or one of these.
enum Reference : std::int8_t { kNull = -1, kGarbage = -2, kThisProcess = -3, kThisThread = -4 };

// Time-outs. kShort is one that runs out while everybody else stands still; kLong is never waited for.
constexpr std::uint32_t kShortMs = 2, kLongMs = 3'600'000, kForever = 0xFFFFFFFF;

enum class Apc : std::uint8_t { note, set_last_error, set_event, queue_another };

struct Call {
    Op op;
    std::int8_t actor;
    std::uint8_t form;
    std::int8_t h[6];        // references; wait_many repeats them up to `count`
    std::uint8_t count;      // of a wait
    std::int8_t to;          // the slot of a new handle; -1 for none
    std::int8_t other;       // another actor or process
    std::int8_t name;        // in names.h; -1 none
    bool inherit;            // attributes with bInheritHandle, or the parameter of Open* and DuplicateHandle
    bool attributes;         // SECURITY_ATTRIBUTES are given
    bool first;              // manual reset, initial owner, wait for all
    bool second;             // initial state; alertable; with a previous count
    std::uint32_t access;    // or flags, mask, error
    std::uint32_t timeout;
    std::int32_t amount;     // count, due time in ms, a number to note, how
    std::int32_t limit;
    std::uint32_t flags;     // of an Ex form, besides those that `first` and `second` say
};
static_assert(sizeof(Call) <= STAGE_REQUEST);

inline int process_of(int actor) { return actor / kThreads; }

}  // namespace sequence
