// test_forged_lock.cpp - damage makes a lock say that somebody holds it who does not.
//
// Purpose     Whoever waits for such a lock must find out, in seconds, whatever damage has made of the signs by which
//             he could: else one flipped bit would hang everybody. The fuzzer (tests/torture/corrupt) finds such states
//             by chance; here they are made one by one.
// Source      docs/reliability.md, "Damaged"; architecture, "Damage".
#include "tests/support/segment_file.h"  // before CMocka, whose names are macros

#include "tests/support/program.h"

using segment_file::Segment;

namespace shm = winshim::shm;

static shm::Thread &slot_of(const Segment &segment, pid_t tid) {
    for (unsigned i = 0; i < segment.header().threads.load(); ++i) {
        if (segment.thread(i).tid.load() == static_cast<unsigned>(tid)) return segment.thread(i);
    }
    REQUIRE(false, "a slot with this thread");
    return segment.thread(0);
}

static std::atomic<unsigned> &word_of(shm::RobustLock &lock) { return *reinterpret_cast<std::atomic<unsigned> *>(&lock); }

// The lock says that the actor, who is doing nothing, holds it. The call needs that lock, and must not hang (the runner's
// limit would tell); what it returns is not asked.
template <typename Damage>
static void comes_back(Damage damage) {
    const HANDLE event = auto_event(false, "of the test");
    Actor idle = process_actor();
    idle.made(step::create_event(FALSE, FALSE, "of the idle one"), 0);
    const Segment segment;
    REQUIRE(segment.is_open(), "the segment");
    shm::Thread &thread = slot_of(segment, idle.pid());
    damage(thread);
    word_of(segment.header().names).store(static_cast<unsigned>(idle.pid()));
    const HANDLE made = CreateEventA(nullptr, FALSE, FALSE, "made behind a forged lock");
    EXPECT(SetEvent(event), TRUE, SAME);
    if (made != nullptr) EXPECT(CloseHandle(made), TRUE, SAME);
    MADE(CreateEventA(nullptr, FALSE, FALSE, "and once more"), 0);
}

TEST(ce, Forged_a_lock_that_names_an_idle_thread) { comes_back([](shm::Thread &) {}); }

TEST(ce, Forged_a_lock_that_names_an_idle_thread_which_damage_makes_look_busy) {
    comes_back([](shm::Thread &thread) {
        *reinterpret_cast<volatile unsigned *>(&thread.sections) = 0x4C3E7A1F;  // odd: inside
    });
}

TEST(ce, Forged_a_lock_that_names_an_idle_thread_which_seems_to_wait_for_it) {
    comes_back([](shm::Thread &thread) {
        thread.blocked_on.store(offsetof(shm::Header, names) / 8);
        *reinterpret_cast<volatile unsigned *>(&thread.sections) = 0x4C3E7A1F;
    });
}

int main(int argc, char **argv) { return test_main(argc, argv); }
