// victim.h - a process whose threads make calls on the segment that is being damaged.
//
// Purpose     Its own end tells: a crash is noted with its stack in the control page, a canary that was trampled on as
//             well. Threads end and are replaced, so that attaching and leaving happen on the damaged segment, too.
#pragma once

#include <execinfo.h>
#include <pthread.h>
#include <signal.h>

#include "tests/torture/corrupt/calls.h"
#include "tests/torture/corrupt/canary.h"

namespace corrupt {

inline Control* the_control = nullptr;  // for the signal handlers

inline void note_stack(Stack& stack, int signal, void* address) {
    std::uint32_t nobody = 0;
    if (!stack.taken.compare_exchange_strong(nobody, 1)) return;
    stack.signal = signal;
    stack.address = reinterpret_cast<std::uint64_t>(address);
    stack.pid = static_cast<std::uint32_t>(getpid());
    stack.tid = static_cast<std::uint32_t>(gettid());
    stack.call = "?";
    for (const Lane& lane : the_control->lane)
        if (lane.tid.load() == stack.tid && lane.pid.load() != 0) stack.call = lane.call.load();
    stack.count = backtrace(stack.frame.data(), kFrames);
    stack.complete.store(1);
}

inline void on_crash(int signal, siginfo_t* info, void*) {
    note_stack(the_control->crash, signal, info->si_addr);
    _exit(99);
}
inline void on_ask(int, siginfo_t*, void*) { note_stack(the_control->hang, 0, nullptr); }

inline void install_handlers() {
    void* warm_up[2];
    backtrace(warm_up, 2);  // loads what it needs now, not in the handler
    struct sigaction action{};
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    action.sa_sigaction = on_crash;
    for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) sigaction(signal, &action, nullptr);
    action.sa_sigaction = on_ask;
    action.sa_flags |= SA_RESTART;
    sigaction(SIGUSR2, &action, nullptr);
}

inline void use_own_signal_stack() {
    constexpr std::size_t kBytes = 64 * 1024;
    void* at = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const stack_t stack{.ss_sp = at, .ss_flags = 0, .ss_size = kBytes};
    if (at != MAP_FAILED) sigaltstack(&stack, nullptr);
}

struct Worker {
    pthread_t thread;
    Lane* lane;
    std::uint64_t seed;
    std::atomic<bool> running;
};

inline void* work(void* argument) {
    Worker& worker = *static_cast<Worker*>(argument);
    use_own_signal_stack();
    worker.lane->tid.store(static_cast<std::uint32_t>(gettid()));
    worker.lane->pid.store(static_cast<std::uint32_t>(getpid()));
    Caller caller(*the_control, *worker.lane, worker.seed);
    for (std::uint32_t n = 0; n < 300 && the_control->stop.load() == 0; ++n) caller.make_one_call();
    worker.lane->pid.store(0);  // its end is the main thread's to wait for
    worker.running.store(false);
    return nullptr;
}

class VictimProcess {
public:
    VictimProcess(std::uint32_t number, std::uint64_t seed)
        : victim_(the_control->victim[number]), main_lane_(the_control->lane[number * (kThreads + 1)]), random_(seed) {
        for (std::uint32_t i = 0; i < kThreads; ++i)
            worker_[i].lane = &the_control->lane[number * (kThreads + 1) + 1 + i];
    }

    [[noreturn]] void live() {
        install_handlers();
        use_own_signal_stack();
        canaries_.plant(victim_);
        main_lane_.tid.store(static_cast<std::uint32_t>(gettid()));
        main_lane_.pid.store(static_cast<std::uint32_t>(getpid()));
        main_lane_.call.store("attach");
        CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr));
        const Mapping mapping = find_segment();
        victim_.segment.store(mapping.from);
        if (mapping.from != 0 && !mapping.guarded) the_control->unguarded.fetch_add(1);
        for (Worker& worker : worker_) start(worker);
        while (the_control->stop.load() == 0) {
            usleep(1000);
            for (Worker& worker : worker_) {
                if (worker.running.load()) continue;
                finish(worker);
                start(worker);
            }
            main_lane_.calls.fetch_add(1);
        }
        for (Worker& worker : worker_) {
            while (worker.running.load()) {
                usleep(500);
                main_lane_.calls.fetch_add(1);
            }
            finish(worker);
        }
        canaries_.check(*the_control);
        main_lane_.call.store("exit");
        if (random_.one_in(3)) _exit(0);
        exit(0);
    }

private:
    void start(Worker& worker) {
        worker.seed = random_.next();
        worker.running.store(true);
        if (pthread_create(&worker.thread, nullptr, work, &worker) != 0) abort();
    }
    void finish(Worker& worker) {
        main_lane_.call.store("thread end");
        pthread_join(worker.thread, nullptr);
        main_lane_.call.store("idle");
        canaries_.check(*the_control);
    }

    Victim& victim_;
    Lane& main_lane_;
    Random random_;
    Canaries canaries_;
    std::array<Worker, kThreads> worker_{};
};

}  // namespace corrupt
