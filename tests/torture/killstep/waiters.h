// waiters.h - the process whose threads are blocked while the victim dies.
#pragma once

#include <signal.h>
#include <sys/prctl.h>

#include <thread>
#include <vector>

#include "tests/torture/killstep/page.h"

namespace killstep {

inline void serve_waiter(Page& page, unsigned index) {
    WaiterPost& me = page.waiter[index];
    HANDLE handles[4] = {};
    unsigned count = 0;
    const auto forget = [&] {
        while (count != 0) CloseHandle(handles[--count]);
    };
    CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr));  // attached from here on
    me.tid.store(static_cast<std::uint32_t>(gettid()));
    for (;;) {
        await_wish(me.post);
        me.begun.store(me.post.asked.load());
        const bool opens = me.form == Form::any || me.form == Form::all || me.form == Form::poll ||
                           me.form == Form::open;
        if (opens) forget();
        for (const char* id = me.objects; opens && *id != 0; ++id) handles[count++] = open_object(page.trial, *id);
        switch (me.form) {
            case Form::any:
            case Form::all:
                me.result = count == 1 ? WaitForSingleObject(handles[0], INFINITE)
                                       : WaitForMultipleObjects(count, handles, me.form == Form::all, INFINITE);
                break;
            case Form::poll: me.result = WaitForSingleObject(handles[0], 0); break;
            case Form::release: me.result = ReleaseMutex(handles[0]) ? WAIT_OBJECT_0 : WAIT_FAILED; break;
            case Form::release_all:
                me.result = WAIT_OBJECT_0;
                for (unsigned i = 0; i < count; ++i)
                    if (!ReleaseMutex(handles[i])) me.result = WAIT_FAILED;
                break;
            case Form::open: me.result = handles[0] != nullptr ? WAIT_OBJECT_0 : WAIT_FAILED; break;
            case Form::set_opened: me.result = SetEvent(handles[0]) ? WAIT_OBJECT_0 : WAIT_FAILED; break;
            case Form::forget: forget(); break;
        }
        answer(me.post);
    }
}

[[noreturn]] inline void waiters_main(Page& page) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // A nudge: the sleep is interrupted, and the waiter looks. (A spurious wake-up, which anybody may cause.)
    struct sigaction quiet{};
    quiet.sa_handler = [](int) {};
    sigaction(SIGUSR1, &quiet, nullptr);
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < kWaiters; ++i) threads.emplace_back([&page, i] { serve_waiter(page, i); });
    serve_waiter(page, 0);
    _exit(0);
}

}  // namespace killstep
