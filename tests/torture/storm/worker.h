// worker.h - one process of the storm: four lanes, each a thread that works until it is stopped, killed or retires.
//
// Purpose     A lane's thread may end while it owns a mutex; the lane then starts a new one. At a pause a lane comes to
//             rest between two pieces of work, when it owns nothing.
// Ends        A thread that ends while it owns a mutex returns, or ends by a bare system call of which nobody in the
//             process hears, or takes the process along: by _exit, or by exec of something else.
// Forks       A lane may fork while the other lanes are anywhere. The child works on with the handles it was given and
//             counts as a thread of the same process: it dies with the lane that forked it, and is waited for.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <thread>
#include <vector>

#include "tests/torture/private_shm.h"
#include "tests/torture/storm/handler.h"
#include "tests/torture/storm/many_work.h"

namespace storm {

// One piece of work. True: this thread is to end now, owning a mutex.
inline bool work(Self& self) {
    const std::uint32_t dice = self.random.below(100);
    if (dice < 28) return work_on_mutex(self);
    if (dice < 34) work_on_floating_mutex(self);
    else if (dice < 52) work_on_token(self);
    else if (dice < 56) work_on_timer(self);
    else if (dice < 70) work_on_semaphore(self);
    else if (dice < 76) work_on_wild_event(self);
    else if (dice < 80) work_on_floating_signal(self);
    else if (dice < 90) wait_for_any(self);
    else if (dice < 95) wait_for_all(self);
    else if (dice < 99) signal_and_wait(self);
    else release_what_is_not_owned(self);
    return false;
}

inline bool is_told_to_go(Model& model, std::uint32_t process) {
    return model.phase.load() == Phase::stop || model.processes[process].leave.load() != 0;
}

// The process, claimed for an end by one of its own threads. False: somebody else is about to end it.
inline bool claim_end(Self& self) {
    ProcessRecord& process = self.model.process_of(self.id);
    State running = State::running;
    if (!process.state.compare_exchange_strong(running, State::doomed)) return false;
    process.quits.store(1);
    self.model.raw_ends.fetch_add(1);
    return true;
}

// A thread that ends by the bare system call leaves a sanitizer's record of it behind, at which the next thread on the
// same stack stumbles.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kMayEndRaw = false;
#else
inline constexpr bool kMayEndRaw = true;
#endif

// Ends the calling thread, which owns a mutex. `alone`: it is all there is in its process (a forked child).
inline void end_owning(Self& self, bool alone) {
    const std::uint32_t dice = self.random.below(100);
    self.model.retired.fetch_add(1);
    if (dice < 15 && !alone && claim_end(self)) _exit(0);
    if (dice < 30 && !alone && claim_end(self)) {
        execl(torture::own_path.c_str(), "storm", "--quit", nullptr);
        _exit(126);
    }
    self.record().life.store(Life::ended);
    if (alone) _exit(0);
    if (dice < 60 && kMayEndRaw) syscall(SYS_exit, 0);
}

// The life of a forked child. It has one thread, the handles of its parent, and owns nothing.
[[noreturn]] inline void live_as_child(Self& parent, std::uint32_t lane, pid_t parent_pid) {
    handler_self = nullptr;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent_pid) _exit(0);
    Model& model = parent.model;
    const std::uint32_t process = parent.record().process.load();
    ProcessRecord& record = model.processes[process];
    record.child[lane].store(getpid());
    record.forking.fetch_sub(1);
    const std::uint32_t id = new_thread(model, process, kChildLane + lane);
    if (id == 0) _exit(0);
    Self self{model, id, parent.shared, Random(model.seed.load() + id)};
    for (std::uint32_t pieces = 1 + self.random.below(40); pieces > 0; --pieces) {
        if (model.phase.load() != Phase::run || record.state.load() != State::running) break;
        if (work(self)) end_owning(self, true);
        look(model.report, Check::children, true, "%s", "");
    }
    const bool orderly = self.random.chance(50);
    self.record().life.store(Life::ended);
    if (orderly) exit(0);
    _exit(0);
}

inline void fork_a_child(Self& self, std::uint32_t lane) {
    ProcessRecord& process = self.model.process_of(self.id);
    const pid_t parent_pid = getpid();
    process.child[lane].store(0);
    process.forking.fetch_add(1);
    const pid_t pid = fork();
    if (pid == 0) live_as_child(self, lane, parent_pid);
    if (pid > 0) self.model.forks.fetch_add(1);
    int status = 0;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    if (process.child[lane].exchange(0) == 0) process.forking.fetch_sub(1);
    look(self.model.report, Check::children, pid > 0 && status == 0, "fork gave %d, its child ended with status 0x%x",
         pid, status);
}

// The life of one thread. Signals are blocked before and after, and at rest.
inline void live(Model& model, std::uint32_t process, std::uint32_t lane, const HANDLE* shared) {
    const std::uint32_t id = new_thread(model, process, lane);
    const std::uint32_t handler_id = new_thread(model, process, kHandlerLane + lane);
    if (id == 0 || handler_id == 0) return;
    Self self{model, id, shared, Random(model.seed.load() + id), &model.thread(handler_id)};
    Self in_handler{model, handler_id, shared, Random(model.seed.load() + handler_id)};
    ResetEvent(shared[kShutEvents.first]);  // a handler needs a thread that is attached
    handler_self = &in_handler;
    mask_handlers(SIG_UNBLOCK);
    bool retires = false, rests = false;
    while (!retires && !is_told_to_go(model, process)) {
        const bool pause = model.phase.load() == Phase::pause;
        if (pause != rests) mask_handlers(pause ? SIG_BLOCK : SIG_UNBLOCK);
        rests = pause;
        if (pause) {
            model.processes[process].parked[lane].store(model.round.load());
            usleep(500);
        } else if (self.random.below(800) == 0) {
            fork_a_child(self, lane);
        } else {
            retires = work(self);
        }
    }
    mask_handlers(SIG_BLOCK);
    handler_self = nullptr;
    model.thread(handler_id).life.store(Life::ended);
    if (retires) end_owning(self, false);
    model.thread(id).life.store(Life::ended);
}

inline void run_lane(Model& model, std::uint32_t process, std::uint32_t lane, const HANDLE* shared) {
    while (!is_told_to_go(model, process)) std::thread(live, std::ref(model), process, lane, shared).join();
}

// Opens every anchored object by its name; they exist, because the supervisor holds them.
inline bool open_all(Self& self, std::array<HANDLE, kObjects>& handles) {
    bool all = true;
    for (std::uint32_t object = 0; object < kObjects; ++object) {
        if (!is_anchored(object)) continue;
        const bool create = self.random.chance(50);
        SetLastError(0xDEAD);
        handles[object] = publish(self, create ? Call::create : Call::open, bit(object), 0,
                                  [&] { return create ? create_object(object) : open_object(object); });
        const DWORD error = GetLastError();
        const bool right = handles[object] && error == (create ? ERROR_ALREADY_EXISTS : 0xDEAD);
        all = look(self.model.report, Check::result, right, "%s: %s in a new process gave %p, error %u",
                   name_of(object).text, create ? "Create" : "Open", handles[object], error) && all;
    }
    return all;
}

inline int worker_main(Model& model, std::uint32_t process) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != model.processes[0].pid.load()) return 0;            // the supervisor died before the line above
    mask_handlers(SIG_BLOCK);
    install_handlers();
    State starting = State::starting;
    model.processes[process].state.compare_exchange_strong(starting, State::running);
    const std::uint32_t id = new_thread(model, process, kMainLane);
    if (id == 0) return 0;
    std::array<HANDLE, kObjects> handles{};
    Self self{model, id, handles.data(), Random(model.seed.load() + id)};
    if (!open_all(self, handles)) return 3;

    std::vector<std::thread> lanes;
    for (std::uint32_t lane = 0; lane < kLanes; ++lane) {
        lanes.emplace_back(run_lane, std::ref(model), process, lane, handles.data());
    }
    for (std::thread& lane : lanes) lane.join();
    if (self.random.chance(50)) return 0;                                // the library closes what is left open
    for (std::uint32_t object = 0; object < kObjects; ++object) {
        if (handles[object]) close_noted(self, object, handles[object]);
    }
    return 0;
}

}  // namespace storm
