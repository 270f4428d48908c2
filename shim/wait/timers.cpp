// timers.cpp - due times, and what they do to a timer.
#include "shim/wait/timers.h"

#include "shim/wait/wait_word.h"

namespace winshim::wait {
namespace {

constexpr u64 kNsPerUnit = 100, kUnitsPerMs = 10'000;
constexpr u64 kUnixEpoch = 116'444'736'000'000'000;  // 1970 as a FILETIME

u64 clamp(u64 time) noexcept { return time == 0 ? 1 : time < timer::kTime ? time : timer::kTime; }

// Who sleeps in the queue sleeps until a due time that no longer holds.
void ring_sleepers(shm::Object& x) noexcept {
    // The due word, then their words; they store that they sleep, then read the due word (park.cpp): one of the two
    // sees the other.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    BlockRef ref = x.head.get();
    for (u64 steps = u64{shm::thread_count()} * shm::kMaxWait; valid(ref) && steps != 0; --steps) {
        const BlockAt b = at(ref);
        if ((b.thread.word.load(std::memory_order_acquire) & wait_word::kParked) != 0) ring_later(b.slot);
        ref = b.block.next.get();
    }
}

// With the guard held. The setting goes where it does not count yet; the due word makes it count.
void commit(shm::Object& x, u64 due, timer::Setting setting) noexcept {
    const u64 word = due | (~timer::due_word(x) & timer::kWhich);
    timer::setting_of(x, word).set(timer::pack(setting));
    timer::store_due_word(x, word);
}

// It was to call a routine in a thread that is no more, and so ends with it (Timer-25), before a rundown does it.
bool setter_dead(shm::Object& x) noexcept {
    const u32 setter = timer::setting(x).setter;
    return setter != 0 && (setter > shm::thread_count() || !shm::alive(shm::thread(setter - 1)));
}

}  // namespace

constinit std::atomic<u64 (*)() noexcept> expire_routines{nullptr};

u64 time_units(bool absolute) noexcept {
    if (!absolute) return now_ns() / kNsPerUnit;
    timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return kUnixEpoch + static_cast<u64>(t.tv_sec) * (kNsPerSecond / kNsPerUnit) +
           static_cast<u64>(t.tv_nsec) / kNsPerUnit;
}

u64 due_from(i64 argument) noexcept {
    if (argument < 0) {
        const u64 now = (now_ns() + kNsPerUnit - 1) / kNsPerUnit;  // never too early
        return clamp(now + (0 - static_cast<u64>(argument)));
    }
    // In the past is now: periods count from the moment at which it fires.
    const u64 now = time_units(true), time = static_cast<u64>(argument);
    return timer::kAbsolute | clamp(time > now ? time : now);
}

bool is_due(u64 due) noexcept {
    const u64 time = due & timer::kTime;
    return time != 0 && time_units((due & timer::kAbsolute) != 0) >= time;
}

u64 next_due(u64 due, u32 period_ms) noexcept {
    if (period_ms == 0) return 0;
    const u64 period = period_ms * kUnitsPerMs;
    const u64 now = time_units((due & timer::kAbsolute) != 0), time = due & timer::kTime;
    const u64 late = now > time ? now - time : 0;
    return clamp(((due & timer::kAbsolute) != 0 ? time_units(false) : now) + period - late % period);
}

u64 wake_at(u64 due) noexcept {
    const u64 time = due & timer::kTime;
    if (time == 0) return kForever;
    const u64 now = time_units((due & timer::kAbsolute) != 0), still = time > now ? time - now : 0;
    if (still > kForever / kNsPerUnit / 2) return kForever;
    return now_ns() + still * kNsPerUnit;
}

// Two clocks at one moment: whoever was put off between the readings takes them anew, a few times.
u64 came_at(u64 due) noexcept {
    const u64 time = due & timer::kTime;
    if ((due & timer::kAbsolute) != 0) {
        const u64 real = time_units(true);
        return real < time ? real : time;
    }
    u64 real = 0, now = 0;
    for (int tries = 0; tries < 5; ++tries) {
        now = time_units(false);
        real = time_units(true);
        if (time_units(false) - now <= kUnitsPerMs) break;
    }
    const u64 late = now > time ? now - time : 0;
    return real > late ? real - late : 0;
}

bool catch_up_timer(shm::Object& x) noexcept {
    if (!timer::pending(x)) return false;
    u64 due = timer::due_word(x);
    if ((due & timer::kFresh) != 0) {
        const u64 s = x.state.load(std::memory_order_relaxed);
        x.state.store(state::with_value(s, state::cleared(state::value(s))) | state::kSlow, std::memory_order_release);
        due &= ~timer::kFresh;
        timer::store_due_word(x, due);
    }
    if (!is_due(due)) return false;
    if (setter_dead(x)) {
        commit(x, 0, {});
        return false;
    }
    const u64 s = x.state.load(std::memory_order_relaxed);
    x.state.store(state::with_value(s, state::set(state::value(s))) | state::kSlow, std::memory_order_release);
    timer::store_due_word(x, next_due(due, timer::setting(x).period_ms) | (due & timer::kWhich));
    return true;
}

Status set_timer(Target target, u64 due, timer::Setting setting) noexcept {
    Entry entry;
    if (const Status s = enter(entry, target); s != Status::success) return s;
    shm::Object& x = entry.x();
    commit(x, due | timer::kFresh, setting);
    if (catch_up_timer(x)) pump(x, entry.index());
    ring_sleepers(x);
    leave(entry);
    return Status::success;
}

Status cancel_timer(Target target) noexcept {
    Entry entry;
    if (const Status s = enter(entry, target); s != Status::success) return s;
    commit(entry.x(), 0, {});
    leave(entry);
    return Status::success;
}

Status cancel_timer_of(Target target, u32 setter) noexcept {
    Entry entry;
    if (const Status s = enter(entry, target); s != Status::success) return s;
    if (timer::is_timer(entry.x()) && timer::setting(entry.x()).setter == setter) commit(entry.x(), 0, {});
    leave(entry);
    return Status::success;
}

}  // namespace winshim::wait
