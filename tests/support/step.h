// step.h - one call for an actor to make: a small message that crosses to another thread or process.
//
// Purpose     A test says what somebody else does as a value: b.start(step::wait(h, INFINITE)). Handles in a step are
//             the actor's own: a process actor gets its handles by steps of its own, never from the test's process.
// Crash       Plain bytes without addresses (except `function`, for threads of the test's own process only).
#pragma once

#include <windows.h>

#include <atomic>
#include <cstdint>
#include <initializer_list>

enum class Op : std::uint32_t {
    create_event, create_mutex, create_semaphore, open_event, open_mutex, open_semaphore,
    create_timer, open_timer, set_timer, cancel_timer,
    wait, wait_any, wait_all, signal_and_wait, sleep_alertably,
    set_event, reset_event, pulse_event, release_mutex, release_semaphore,
    close, duplicate, flags_of, set_flags, get_last_error, set_last_error, set_profile, become_user, call, nothing,
    fork, second_thread, exec_in_place, reap,
    leave_return, leave_exit, leave_quick, leave_abort, leave_thread,
};

struct Step {
    Op op;
    std::uint32_t count;            // valid entries of `handles`
    std::int64_t number[3];         // meaning by op: time-outs, counts, access, flags
    HANDLE handles[MAXIMUM_WAIT_OBJECTS];
    std::uint64_t (*function)(void *argument);
    void *argument;
    char text[1100];                // a name, up to 260 characters of any width; valid if has_text
    bool has_text;
};

// What the actor tells back: first `started` right before it makes the call, then `done`.
enum class Report : std::uint32_t { hello, started, done };

struct Answer {
    Report report;
    DWORD error;                    // last error after the call; poisoned before it
    std::uint64_t value;            // result of the call; hello: the process id
    std::int64_t extra;             // what it wrote (previous count, flags); poisoned before; hello: the thread id
};

// Makes the call of `step` on this thread.
Answer perform(const Step &step);

namespace step {

extern std::atomic<int> timer_calls;

Step create_event(BOOL manual_reset, BOOL initial_state, const char *name);
Step create_mutex(BOOL initial_owner, const char *name);
Step create_semaphore(LONG count, LONG maximum, const char *name);
Step open_event(DWORD access, const char *name, BOOL inherit = FALSE);
Step open_mutex(DWORD access, const char *name, BOOL inherit = FALSE);
Step open_semaphore(DWORD access, const char *name, BOOL inherit = FALSE);
Step create_timer(BOOL manual_reset, const char *name);
Step open_timer(DWORD access, const char *name, BOOL inherit = FALSE);
// SetWaitableTimer; with a routine if `routine`: it counts its calls in timer_calls.
Step set_timer(HANDLE timer, std::int64_t due, LONG period_ms, bool routine = false);
Step cancel_timer(HANDLE timer);
Step sleep_alertably(DWORD timeout_ms);                            // extra: timer_calls of this process
Step wait(HANDLE handle, DWORD timeout_ms);
Step wait_any(std::initializer_list<HANDLE> handles, DWORD timeout_ms);
Step wait_all(std::initializer_list<HANDLE> handles, DWORD timeout_ms);
Step signal_and_wait(HANDLE signal, HANDLE wait_on, DWORD timeout_ms);
Step set(HANDLE event);
Step reset(HANDLE event);
Step pulse(HANDLE event);
Step release(HANDLE mutex);
Step release(HANDLE semaphore, LONG count);                        // extra: the previous count
Step close(HANDLE handle);
Step duplicate(HANDLE source, HANDLE into_process, DWORD options);  // extra: the new handle
Step flags_of(HANDLE handle);                                      // extra: the flags
Step set_flags(HANDLE handle, DWORD mask, DWORD flags);
Step last_error();                                                 // without poisoning it first
Step set_last_error(DWORD value);                                  // and its value stays
Step set_profile(const char *profile);
Step become_user(std::uint32_t user);                              // group and user; value 1 if it worked
Step reap(std::int32_t process);                                   // waits for a child of the actor; extra: its status
Step call(std::uint64_t (*function)(void *), void *argument);      // threads of the test's own process only
Step simple(Op op);

}  // namespace step
