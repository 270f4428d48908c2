// watch.cpp - bumping the housekeepers.
#include "shim/wait/watch.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/object/rule.h"

namespace winshim::watch {

constinit std::atomic<ParkedLong> parked_long{nullptr};
constinit std::atomic<Sweep> sweep{nullptr};

void predecessor_changes(shm::Object& x, BlockRef who) noexcept {
    if (static_cast<Rule>(x.rule.get()) != Rule::mutant || !valid(who)) return;
    const u32 process = at(who).thread.process.load(std::memory_order_relaxed);
    if (process >= shm::process_count() || shm::process(process).watching.load(std::memory_order_acquire) == 0) return;
    for (u32 i = 0; i < self.bump_count; ++i)
        if (self.bump[i] == process) return;
    if (self.bump_count < sizeof self.bump / sizeof self.bump[0]) self.bump[self.bump_count++] = process;
}

void bump_process(u32 process) noexcept {
    const KeepErrno keep;
    std::atomic<u32>& epoch = shm::process(process).epoch;
    epoch.fetch_add(1, std::memory_order_acq_rel);
    syscall(SYS_futex, &epoch, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

}  // namespace winshim::watch
