// judge.cpp - what a lock word says, against what the system and the thread slots say.
//
// What a lock word says is checked when a wait for it takes long. It is damage when it names
//   the caller                             which knows what it holds
//   a thread id that does not exist        and whose life the kernel should have marked
//   a thread slot whose `sections` is even it is outside of all locks: seen twice unchanged around a look at the word;
//                                          or its seal is not the thread's, and stays so, which means the same until
//                                          the thread takes its next lock and seals it again
//   a running thread in no slot, for 4 s   only an attaching one holds a lock before it has a slot
// Then the word is made to say "owner died", and whoever takes the lock repairs what it guards. A stopped thread is
// none of these: it is waited for. What is believed against all of these is not told by one field alone: that the
// thread is inside by a sealed count, that it is of another pid namespace by its slot and its process's.
#include "shim/shm/judge.h"

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>

#include "shim/shm/clock.h"

namespace winshim::shm {
namespace {

constexpr u32 kLooks = 20;         // at a slot's sections, in one judgement
constexpr u32 kPatientSlices = 5;  // with a running thread that has no slot
constexpr u32 kMostHops = 64;

// "pid (name) state": the state's letter; 0: not known.
char state_of(u32 tid) noexcept {
    char text[256];
    snprintf(text, sizeof text, "/proc/%u/stat", tid);
    const int fd = open(text, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (got <= 0) return 0;
    text[got] = 0;
    const char* end = strrchr(text, ')');
    return end != nullptr && end[1] != 0 ? end[2] : '\0';
}

// A zombie has ended: only its parent has not asked for it yet.
bool thread_exists(u32 tid) noexcept {
    if (kill(static_cast<pid_t>(tid), 0) != 0 && errno == ESRCH) return false;
    const char state = state_of(tid);
    return state != 'Z' && state != 'X';
}

bool is_stopped(u32 tid) noexcept {
    const char state = state_of(tid);
    return state == 'T' || state == 't';
}

bool is_sealed(u64 sections, u32 tid) noexcept { return sections == sealed(static_cast<u32>(sections), tid); }

// Its tenant's own seal says so; or two other fields do, if damage has broken that.
bool is_slot_of(Thread& t, u32 tid) noexcept {
    if (t.slot.load(std::memory_order_acquire) == Slot::free) return false;
    return is_sealed(t.sections.load(std::memory_order_acquire), tid) ||
           (t.tid.load(std::memory_order_relaxed) == tid &&
            (lock_word(t.life).load(std::memory_order_acquire) & kTidMask) == tid);
}

// Its thread id is one of another pid namespace, and tells nothing here. Again both places have to say so.
bool is_foreign(const Thread& t) noexcept {
    const u32 space = t.pid_space.load(std::memory_order_relaxed);
    const Process& its = process(t.process.load(std::memory_order_relaxed));
    return space != pid_space() && space != 0 && its.pid_space.load(std::memory_order_relaxed) == space;
}

Thread* slot_of(u32 tid) noexcept {
    const u32 threads = thread_count();
    for (u32 i = 0; i < threads; ++i)
        if (Thread& t = thread(i); is_slot_of(t, tid)) return &t;
    return nullptr;
}

// Does the holder wait, directly or through others, for a lock that this thread holds?
bool waits_for_us(Thread* holder) noexcept {
    for (u32 hop = 0; holder != nullptr && hop < kMostHops; ++hop) {
        const u32 number = holder->blocked_on.load(std::memory_order_acquire);
        if (number == 0 || u64{number} * 8 + sizeof(RobustLock) > kSegmentBytes) return false;
        RobustLock& next = lock_at(number);
        if (holds(next)) return true;
        const u32 word = lock_word(next).load(std::memory_order_acquire);
        if ((word & kTidMask) == self.tid && (word & kOwnerDied) == 0) {  // it waits for us in vain, and we for it
            disown(next, word);
            return false;
        }
        holder = slot_of(word & kTidMask);
    }
    return false;
}

enum class Place { inside, outside, moved };  // moved: the word has changed

// Where its own slot says that the thread is, while the lock's word stays what it is.
Place place_of(const Thread& t, RobustLock& lock, u32 word) noexcept {
    for (u32 look = 0; look < kLooks; ++look) {
        const u64 before = t.sections.load(std::memory_order_acquire);
        const bool inside = before % 2 != 0 && is_sealed(before, word & kTidMask);
        if (lock_word(lock).load(std::memory_order_acquire) != word) return Place::moved;
        if (!inside && t.sections.load(std::memory_order_acquire) == before) return Place::outside;
        const timespec nap = {0, 50'000};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, nullptr);
    }
    return Place::inside;
}

}  // namespace

bool disown(RobustLock& lock, u32 word) noexcept {
    if (!lock_word(lock).compare_exchange_strong(word, kOwnerDied | (word & kWaiters), std::memory_order_acq_rel))
        return false;
    wake(lock, INT_MAX);
    return true;
}

Verdict judge(RobustLock& lock, u32 word, u32 slices) noexcept {
    const u32 tid = word & kTidMask;
    if (tid == self.tid) return holds(lock) ? Verdict::deadlock : Verdict::damage;
    if (tid == 0) return Verdict::damage;  // not free, and nobody's
    const bool exists = thread_exists(tid);
    u32 slots = 0;
    bool inside = false, outside = false;
    const u32 threads = thread_count();
    for (u32 i = 0; i < threads; ++i) {
        Thread& t = thread(i);
        if (!is_slot_of(t, tid)) continue;
        ++slots;
        const bool foreign = is_foreign(t);
        if (!foreign && !exists) continue;
        if (waits_for_us(&t)) return Verdict::deadlock;
        const Place place = place_of(t, lock, word);
        if (place == Place::moved || (foreign && place == Place::inside)) return Verdict::believe;
        if (!foreign) (place == Place::inside ? inside : outside) = true;
    }
    if (slots != 0) return inside && !outside ? Verdict::believe : Verdict::damage;  // two slots: one of them is a copy
    return exists && (slices < kPatientSlices || is_stopped(tid)) ? Verdict::believe : Verdict::damage;
}

}  // namespace winshim::shm
