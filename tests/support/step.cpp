// step.cpp - making the calls that a step names.
//
// Purpose     See step.h. One switch; nothing here knows what the right answer is.
#include "tests/support/step.h"

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>
#include <winshim.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "tests/support/check.h"

namespace {

const char *text_of(const Step &s) { return s.has_text ? s.text : nullptr; }

std::uint64_t become_user_of(const Step &s) {
    const auto user = static_cast<uid_t>(s.number[0]);
    return setgroups(0, nullptr) == 0 && setgid(user) == 0 && setuid(user) == 0;
}

std::int64_t reap_child(const Step &s) {
    int status = -1;
    while (waitpid(static_cast<pid_t>(s.number[0]), &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

void APIENTRY count_timer_call(LPVOID, DWORD, DWORD) { ++step::timer_calls; }

std::uint64_t set_timer_of(const Step &s) {
    LARGE_INTEGER due;
    due.QuadPart = s.number[0];
    return as_number(SetWaitableTimer(s.handles[0], &due, static_cast<LONG>(s.number[1]),
                                      s.number[2] != 0 ? count_timer_call : nullptr, nullptr, FALSE));
}

// The calls that write through a pointer; their outputs are poisoned first.
std::uint64_t perform_with_output(const Step &s, std::int64_t &extra) {
    LONG previous = static_cast<LONG>(kPoison);
    HANDLE made = poison_handle();
    DWORD flags = kPoison;
    std::uint64_t value = 0;
    switch (s.op) {
        case Op::release_semaphore:
            value = as_number(ReleaseSemaphore(s.handles[0], static_cast<LONG>(s.number[0]), &previous));
            extra = previous;
            break;
        case Op::duplicate:
            value = as_number(DuplicateHandle(GetCurrentProcess(), s.handles[0], s.handles[1], &made, 0, FALSE,
                                              static_cast<DWORD>(s.number[0])));
            extra = static_cast<std::int64_t>(as_number(made));
            break;
        case Op::flags_of:
            value = as_number(GetHandleInformation(s.handles[0], &flags));
            extra = flags;
            break;
        case Op::reap: extra = reap_child(s); break;
        case Op::sleep_alertably:
            value = as_number(SleepEx(static_cast<DWORD>(s.number[0]), TRUE));
            extra = step::timer_calls;
            break;
        default: break;
    }
    return value;
}

std::uint64_t perform_plain(const Step &s) {
    const HANDLE h = s.handles[0];
    const auto n0 = static_cast<std::int32_t>(s.number[0]);
    const auto n1 = static_cast<std::int32_t>(s.number[1]);
    const auto u0 = static_cast<DWORD>(s.number[0]);
    switch (s.op) {
        case Op::create_event: return as_number(CreateEventA(nullptr, n0, n1, text_of(s)));
        case Op::create_mutex: return as_number(CreateMutexA(nullptr, n0, text_of(s)));
        case Op::create_semaphore: return as_number(CreateSemaphoreA(nullptr, n0, n1, text_of(s)));
        case Op::open_event: return as_number(OpenEventA(u0, n1, text_of(s)));
        case Op::open_mutex: return as_number(OpenMutexA(u0, n1, text_of(s)));
        case Op::open_semaphore: return as_number(OpenSemaphoreA(u0, n1, text_of(s)));
        case Op::create_timer: return as_number(CreateWaitableTimerA(nullptr, n0, text_of(s)));
        case Op::open_timer: return as_number(OpenWaitableTimerA(u0, n1, text_of(s)));
        case Op::set_timer: return set_timer_of(s);
        case Op::cancel_timer: return as_number(CancelWaitableTimer(h));
        case Op::wait: return as_number(WaitForSingleObject(h, u0));
        case Op::wait_any: return as_number(WaitForMultipleObjects(s.count, s.handles, FALSE, u0));
        case Op::wait_all: return as_number(WaitForMultipleObjects(s.count, s.handles, TRUE, u0));
        case Op::signal_and_wait: return as_number(SignalObjectAndWait(h, s.handles[1], u0, FALSE));
        case Op::set_event: return as_number(SetEvent(h));
        case Op::reset_event: return as_number(ResetEvent(h));
        case Op::pulse_event: return as_number(PulseEvent(h));
        case Op::release_mutex: return as_number(ReleaseMutex(h));
        case Op::close: return as_number(CloseHandle(h));
        case Op::set_flags: return as_number(SetHandleInformation(h, u0, static_cast<DWORD>(s.number[1])));
        case Op::set_last_error: SetLastError(u0); return 0;
        case Op::set_profile: return as_number(WinshimSetProfile(text_of(s)));
        case Op::become_user: return become_user_of(s);
        case Op::call: return s.function(s.argument);
        default: return 0;
    }
}

Step make(Op op, std::initializer_list<HANDLE> handles = {}, std::int64_t n0 = 0, std::int64_t n1 = 0,
          const char *text = nullptr) {
    Step s{};
    s.op = op;
    for (HANDLE h : handles) s.handles[s.count++] = h;
    s.number[0] = n0;
    s.number[1] = n1;
    s.has_text = text != nullptr;
    if (text != nullptr) snprintf(s.text, sizeof s.text, "%s", text);
    return s;
}

}  // namespace

Answer perform(const Step &s) {
    Answer answer{Report::done, 0, 0, static_cast<std::int64_t>(kPoison)};
    if (s.op != Op::get_last_error) SetLastError(kPoison);
    const bool writes = s.op == Op::release_semaphore || s.op == Op::duplicate || s.op == Op::flags_of ||
                        s.op == Op::reap || s.op == Op::sleep_alertably;
    answer.value = writes ? perform_with_output(s, answer.extra) : perform_plain(s);
    answer.error = GetLastError();
    return answer;
}

namespace step {

std::atomic<int> timer_calls{0};

Step create_event(BOOL manual_reset, BOOL initial_state, const char *name) {
    return make(Op::create_event, {}, manual_reset, initial_state, name);
}
Step create_mutex(BOOL initial_owner, const char *name) { return make(Op::create_mutex, {}, initial_owner, 0, name); }
Step create_semaphore(LONG count, LONG maximum, const char *name) {
    return make(Op::create_semaphore, {}, count, maximum, name);
}
Step open_event(DWORD access, const char *name, BOOL inherit) {
    return make(Op::open_event, {}, access, inherit, name);
}
Step open_mutex(DWORD access, const char *name, BOOL inherit) {
    return make(Op::open_mutex, {}, access, inherit, name);
}
Step open_semaphore(DWORD access, const char *name, BOOL inherit) {
    return make(Op::open_semaphore, {}, access, inherit, name);
}
Step create_timer(BOOL manual_reset, const char *name) { return make(Op::create_timer, {}, manual_reset, 0, name); }
Step open_timer(DWORD access, const char *name, BOOL inherit) {
    return make(Op::open_timer, {}, access, inherit, name);
}
Step set_timer(HANDLE timer, std::int64_t due, LONG period_ms, bool routine) {
    Step s = make(Op::set_timer, {timer}, due, period_ms);
    s.number[2] = routine;
    return s;
}
Step cancel_timer(HANDLE timer) { return make(Op::cancel_timer, {timer}); }
Step sleep_alertably(DWORD timeout_ms) { return make(Op::sleep_alertably, {}, timeout_ms); }
Step wait(HANDLE handle, DWORD timeout_ms) { return make(Op::wait, {handle}, timeout_ms); }
Step wait_any(std::initializer_list<HANDLE> handles, DWORD timeout_ms) {
    return make(Op::wait_any, handles, timeout_ms);
}
Step wait_all(std::initializer_list<HANDLE> handles, DWORD timeout_ms) {
    return make(Op::wait_all, handles, timeout_ms);
}
Step signal_and_wait(HANDLE signal, HANDLE wait_on, DWORD timeout_ms) {
    return make(Op::signal_and_wait, {signal, wait_on}, timeout_ms);
}
Step set(HANDLE event) { return make(Op::set_event, {event}); }
Step reset(HANDLE event) { return make(Op::reset_event, {event}); }
Step pulse(HANDLE event) { return make(Op::pulse_event, {event}); }
Step release(HANDLE mutex) { return make(Op::release_mutex, {mutex}); }
Step release(HANDLE semaphore, LONG count) { return make(Op::release_semaphore, {semaphore}, count); }
Step close(HANDLE handle) { return make(Op::close, {handle}); }
Step duplicate(HANDLE source, HANDLE into_process, DWORD options) {
    return make(Op::duplicate, {source, into_process}, options);
}
Step flags_of(HANDLE handle) { return make(Op::flags_of, {handle}); }
Step set_flags(HANDLE handle, DWORD mask, DWORD flags) { return make(Op::set_flags, {handle}, mask, flags); }
Step last_error() { return make(Op::get_last_error); }
Step set_last_error(DWORD value) { return make(Op::set_last_error, {}, value); }
Step set_profile(const char *profile) { return make(Op::set_profile, {}, 0, 0, profile); }
Step become_user(std::uint32_t user) { return make(Op::become_user, {}, user); }
Step reap(std::int32_t process) { return make(Op::reap, {}, process); }
Step call(std::uint64_t (*function)(void *), void *argument) {
    Step s = make(Op::call);
    s.function = function;
    s.argument = argument;
    return s;
}
Step simple(Op op) { return make(op); }

}  // namespace step
