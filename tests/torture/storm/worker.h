// worker.h - one process of the storm: four lanes, each a thread that works until it is stopped, killed or retires.
//
// Purpose     A lane's thread may end while it owns a mutex; the lane then starts a new one. At a pause a lane comes to
//             rest between two pieces of work, when it owns nothing.
#pragma once

#include <signal.h>
#include <sys/prctl.h>

#include <thread>
#include <vector>

#include "tests/torture/storm/many_work.h"

namespace storm {

// One piece of work. True: this thread is to end now, owning a mutex.
inline bool work(Self& self) {
    const std::uint32_t dice = self.random.below(100);
    if (dice < 28) return work_on_mutex(self);
    if (dice < 34) work_on_floating_mutex(self);
    else if (dice < 56) work_on_token(self);
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

// The life of one thread.
inline void live(Model& model, std::uint32_t process, std::uint32_t lane, const HANDLE* shared) {
    const std::uint32_t id = new_thread(model, process, lane);
    if (id == 0) return;
    Self self{model, id, shared, Random(model.seed.load() + id)};
    bool retires = false;
    while (!retires && !is_told_to_go(model, process)) {
        if (model.phase.load() == Phase::pause) {
            model.processes[process].parked[lane].store(model.round.load());
            usleep(500);
        } else {
            retires = work(self);
        }
    }
    if (retires) model.retired.fetch_add(1);
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
