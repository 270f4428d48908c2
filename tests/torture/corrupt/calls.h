// calls.h - what the victims do: every exported call, at random, on a few objects that all of them share.
//
// Invariants  Every time-out is finite and short, so that a thread whose count stands still for many seconds hangs.
//             What the calls return is not judged: on a damaged segment they may fail.
#pragma once

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <windows.h>
#include <winshim.h>

#include "tests/torture/corrupt/control.h"
#include "tests/torture/corrupt/mapping_calls.h"

namespace corrupt {

constexpr std::uint32_t kHandles = 12, kNames = 10;

class Caller {
public:
    Caller(Control& control, Lane& lane, std::uint64_t seed) : control_(control), lane_(&lane), random_(seed) {}

    void make_one_call() {
        struct Choice { std::uint32_t weight; const char* name; bool (Caller::*act)(); };
        static constexpr Choice kChoices[] = {
            {10, "Create", &Caller::create},          {4, "Open", &Caller::open},
            {8, "SetEvent", &Caller::set},            {4, "ResetEvent", &Caller::reset},
            {5, "PulseEvent", &Caller::pulse},        {10, "ReleaseMutex", &Caller::release_mutex},
            {8, "ReleaseSemaphore", &Caller::release_semaphore},
            {6, "SetWaitableTimer", &Caller::set_timer}, {2, "CancelWaitableTimer", &Caller::cancel_timer},
            {2, "SleepEx", &Caller::sleep_alertably},
            {20, "WaitForSingleObject", &Caller::wait_one},
            {10, "WaitForMultipleObjects any", &Caller::wait_any},
            {8, "WaitForMultipleObjects all", &Caller::wait_all},
            {6, "SignalObjectAndWait", &Caller::exchange},
            {7, "CloseHandle", &Caller::close},       {5, "DuplicateHandle", &Caller::duplicate},
            {2, "DuplicateHandle pseudo", &Caller::duplicate_self},
            {2, "handle information", &Caller::information},
            {5, "file mapping", &Caller::share},
            {1, "fork", &Caller::fork_child}};
        std::uint32_t at = random_.below(125);
        for (const Choice& choice : kChoices) {
            if (at >= choice.weight) {
                at -= choice.weight;
                continue;
            }
            lane_->call.store(choice.name);
            const bool succeeded = (this->*choice.act)();
            lane_->call.store("between calls");
            lane_->calls.fetch_add(1);
            if (succeeded) lane_->succeeded.fetch_add(1);
            return;
        }
    }

private:
    HANDLE& some() { return handle_[random_.below(kHandles)]; }
    DWORD patience() { return random_.one_in(3) ? 0 : 1 + random_.below(3); }
    static bool ended_well(DWORD result) { return result != WAIT_FAILED; }

    // Half of the names are long: their text fills several cells.
    const char* name() {
        if (random_.one_in(5)) return nullptr;
        const std::uint32_t i = random_.below(kNames);
        snprintf(name_, sizeof name_, i % 2 == 0 ? "n%u" : "n%u-%0150u", i, 7);
        return name_;
    }

    bool create() {
        HANDLE& h = some();
        if (h != nullptr) CloseHandle(h);
        switch (random_.below(5)) {
            case 0: h = CreateEventA(nullptr, TRUE, random_.one_in(2), name()); break;
            case 1: h = CreateEventA(nullptr, FALSE, random_.one_in(2), name()); break;
            case 2: h = CreateMutexA(nullptr, random_.one_in(2), name()); break;
            case 3: h = CreateWaitableTimerA(nullptr, random_.one_in(2), name()); break;
            default: h = CreateSemaphoreA(nullptr, 1, 4, name()); break;
        }
        return h != nullptr;
    }
    bool open() {
        HANDLE& h = some();
        if (h != nullptr) CloseHandle(h);
        const char* text = name();
        if (text == nullptr) text = "nothing of this name";
        switch (random_.below(4)) {
            case 0: h = OpenEventA(EVENT_ALL_ACCESS, random_.one_in(2), text); break;
            case 1: h = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, text); break;
            case 2: h = OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, text); break;
            default: h = OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, text); break;
        }
        return h != nullptr;
    }
    bool share() {
        HANDLE& h = some();
        if (h != nullptr) CloseHandle(h);
        return share_memory(random_, h, name());
    }
    // Some handle that takes this kind of call is likelier found by trying a few.
    template <class Call>
    bool until_one_succeeds(Call call) {
        for (int i = 0; i < 4; ++i)
            if (call(some())) return true;
        return false;
    }
    bool set() { return until_one_succeeds([](HANDLE h) { return SetEvent(h) != FALSE; }); }
    bool reset() { return until_one_succeeds([](HANDLE h) { return ResetEvent(h) != FALSE; }); }
    bool pulse() { return until_one_succeeds([](HANDLE h) { return PulseEvent(h) != FALSE; }); }
    bool release_mutex() { return until_one_succeeds([](HANDLE h) { return ReleaseMutex(h) != FALSE; }); }
    bool release_semaphore() {
        const LONG units = 1 + static_cast<LONG>(random_.below(2));
        LONG before = 0;
        return until_one_succeeds([&](HANDLE h) { return ReleaseSemaphore(h, units, &before) != FALSE; });
    }
    // Due at once, within the patience of a wait, or in an hour; with a period, and with a routine.
    bool set_timer() {
        LARGE_INTEGER due;
        due.QuadPart = random_.one_in(3) ? 0 : -10'000ll * (random_.one_in(3) ? 3'600'000 : random_.below(4));
        const LONG period = random_.one_in(3) ? 1 + static_cast<LONG>(random_.below(3)) : 0;
        const PTIMERAPCROUTINE routine = random_.one_in(3) ? count_expiry : nullptr;
        return until_one_succeeds([&](HANDLE h) {
            return SetWaitableTimer(h, &due, period, routine, &expiries_, FALSE) != FALSE;
        });
    }
    bool cancel_timer() { return until_one_succeeds([](HANDLE h) { return CancelWaitableTimer(h) != FALSE; }); }
    static void WINAPI count_expiry(LPVOID count, DWORD, DWORD) { ++*static_cast<std::uint64_t*>(count); }
    bool sleep_alertably() { return SleepEx(patience(), TRUE) == WAIT_IO_COMPLETION; }
    bool wait_one() { return ended_well(WaitForSingleObject(some(), patience())); }

    // A result beyond the array would send a program out of it.
    bool judge(DWORD result, DWORD count) {
        const bool known = result < count || (result >= WAIT_ABANDONED_0 && result < WAIT_ABANDONED_0 + count) ||
                           result == WAIT_TIMEOUT || result == WAIT_FAILED || result == WAIT_IO_COMPLETION;
        if (!known) abort();
        return ended_well(result);
    }
    DWORD gather(HANDLE* set) {
        const DWORD wanted = 2 + random_.below(6);
        DWORD count = 0;
        for (std::uint32_t i = random_.below(kHandles), n = 0; n < kHandles && count < wanted; ++n)
            if (HANDLE h = handle_[(i + n) % kHandles]; h != nullptr) set[count++] = h;
        return count;
    }
    bool wait_any() {
        HANDLE set[8];
        const DWORD count = gather(set);
        return judge(WaitForMultipleObjects(count, set, FALSE, patience()), count);
    }
    bool wait_all() {
        HANDLE set[8];
        const DWORD count = gather(set);
        return judge(WaitForMultipleObjects(count, set, TRUE, patience()), count);
    }
    bool exchange() { return judge(SignalObjectAndWait(some(), some(), patience(), FALSE), 1); }
    bool close() {
        HANDLE& h = some();
        const bool closed = h != nullptr && CloseHandle(h);
        h = nullptr;
        return closed;
    }
    bool duplicate() {
        HANDLE made = nullptr;
        HANDLE into = process_ != nullptr && random_.one_in(2) ? process_ : GetCurrentProcess();
        if (!DuplicateHandle(GetCurrentProcess(), some(), into, &made, 0, random_.one_in(2), DUPLICATE_SAME_ACCESS))
            return false;
        if (into != GetCurrentProcess()) {  // back again: closes what was given to the other process
            return DuplicateHandle(into, made, nullptr, nullptr, 0, FALSE, DUPLICATE_CLOSE_SOURCE) != FALSE;
        }
        HANDLE& h = some();
        if (h != nullptr) CloseHandle(h);
        h = made;
        return true;
    }
    // Real handles of the own process and thread: to wait for, and for children to duplicate into.
    bool duplicate_self() {
        HANDLE pseudo = random_.one_in(2) ? GetCurrentProcess() : GetCurrentThread();
        HANDLE made = nullptr;
        if (!DuplicateHandle(GetCurrentProcess(), pseudo, GetCurrentProcess(), &made, 0, TRUE, DUPLICATE_SAME_ACCESS))
            return false;
        HANDLE& h = pseudo == GetCurrentProcess() ? process_ : some();
        if (h != nullptr) CloseHandle(h);
        h = made;
        return true;
    }
    bool information() {
        HANDLE h = some();
        DWORD flags = 0;
        const bool known = GetHandleInformation(h, &flags) != FALSE;
        SetHandleInformation(h, HANDLE_FLAG_INHERIT, random_.one_in(2) ? HANDLE_FLAG_INHERIT : 0);
        CompareObjectHandles(h, some());
        return known;
    }

    // The child makes some calls with what it was given. Its parent counts while it waits: only the child can hang
    // then.
    bool fork_child() {
        Lane* lane = nullptr;
        for (std::uint32_t i = kWorkers; i < kLanes && lane == nullptr; ++i) {
            std::uint32_t nobody = 0;
            if (control_.lane[i].pid.compare_exchange_strong(nobody, 1)) lane = &control_.lane[i];
        }
        if (lane == nullptr) return false;
        lane->call.store("fork, child");
        const std::uint64_t seed = random_.next();
        const pid_t pid = fork();
        if (pid == 0) live_as_child(*lane, seed);
        if (pid < 0) {
            lane->pid.store(0);
            return false;
        }
        lane->pid.store(static_cast<std::uint32_t>(pid));
        int status = 0;
        while (waitpid(pid, &status, WNOHANG) == 0) {
            usleep(500);
            lane_->calls.fetch_add(1);
        }
        lane->pid.store(0);
        const bool orderly = (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
                             (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        if (!orderly) {
            control_.odd_status.store(static_cast<std::uint32_t>(status));
            control_.odd_children.fetch_add(1);
        }
        return true;
    }
    [[noreturn]] void live_as_child(Lane& lane, std::uint64_t seed) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        lane.tid.store(static_cast<std::uint32_t>(gettid()));
        lane_ = &lane;
        random_ = Random(seed);
        for (std::uint32_t n = random_.below(30); n != 0 && control_.stop.load() == 0; --n)
            if (!random_.one_in(40)) make_one_call();
        lane_->call.store("exit");
        if (random_.one_in(2)) exit(0);
        _exit(0);
    }

    Control& control_;
    Lane* lane_;
    Random random_;
    std::array<HANDLE, kHandles> handle_{};
    HANDLE process_ = nullptr;
    std::uint64_t expiries_ = 0;
    char name_[200] = "";
};

}  // namespace corrupt
