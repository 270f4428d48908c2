// test_forged_lock.cpp - damage makes a lock say that somebody holds it who does not.
//
// Purpose     Whoever waits for such a lock must find out, in seconds, whatever damage has made of the signs by which
//             he could: else one flipped bit would hang everybody. The fuzzer (tests/torture/corrupt) finds such states
//             by chance; here they are made one by one. Also: a process slot that seems to be somebody else's.
// Source      docs/reliability.md, "Damaged"; architecture, "Damage".
#include "tests/support/segment_file.h"  // before CMocka, whose names are macros

#include <csignal>
#include <sys/wait.h>

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

static std::atomic<unsigned> &word_of(shm::RobustLock &lock) {
    return *reinterpret_cast<std::atomic<unsigned> *>(&lock);
}

// As damage does it: the number is odd, inside, but its seal is not right any more.
static void spoil(shm::Thread &thread) {
    thread.sections.store((thread.sections.load() & ~0xFFFFFFFFull) | 0x4C3E7A1F);
}

// As its tenant does it.
static void make_busy(shm::Thread &thread) {
    thread.sections.store(shm::sealed(static_cast<unsigned>(thread.sections.load()) | 1, thread.tid.load()));
}

static void name_holder(shm::RobustLock &lock, pid_t tid) { word_of(lock).store(static_cast<unsigned>(tid)); }

// The lock says that the actor, who is doing nothing, holds it. The call needs that lock, and must not hang (the
// runner's limit would tell); what it returns is not asked.
template <typename Damage>
static void comes_back(Damage damage) {
    const HANDLE event = auto_event(false, "of the test");
    Actor idle = process_actor();
    idle.made(step::create_event(FALSE, FALSE, "of the idle one"), 0);
    const Segment segment;
    REQUIRE(segment.is_open(), "the segment");
    damage(segment, slot_of(segment, idle.pid()));
    name_holder(segment.header().names, idle.pid());
    const HANDLE made = CreateEventA(nullptr, FALSE, FALSE, "made behind a forged lock");
    EXPECT(SetEvent(event), TRUE, SAME);
    if (made != nullptr) EXPECT(CloseHandle(made), TRUE, SAME);
    MADE(CreateEventA(nullptr, FALSE, FALSE, "and once more"), 0);
}

TEST(ce, Forged_a_lock_that_names_an_idle_thread) { comes_back([](const Segment &, shm::Thread &) {}); }

TEST(ce, Forged_a_lock_that_names_an_idle_thread_which_damage_makes_look_busy) {
    comes_back([](const Segment &, shm::Thread &thread) {
        spoil(thread);
    });
}

TEST(ce, Forged_a_lock_that_names_an_idle_thread_which_seems_to_wait_for_it) {
    comes_back([](const Segment &, shm::Thread &thread) {
        thread.blocked_on.store(offsetof(shm::Header, names) / 8);
        spoil(thread);
    });
}

TEST(ce, Forged_a_lock_that_names_an_idle_thread_for_which_a_busy_ones_slot_is_taken) {
    Actor other = process_actor();
    other.made(step::create_event(FALSE, FALSE, "of another"), 0);
    comes_back([&other](const Segment &segment, shm::Thread &thread) {
        shm::Thread &busy = slot_of(segment, other.pid());
        make_busy(busy);
        busy.tid.store(thread.tid.load());
        thread.tid.store(0);
    });
}

TEST(ce, Forged_a_lock_that_names_an_idle_thread_of_whose_slot_there_is_a_busy_copy) {
    Actor other = process_actor();
    other.made(step::create_event(FALSE, FALSE, "of another"), 0);
    comes_back([&other](const Segment &segment, shm::Thread &thread) {
        shm::Thread &busy = slot_of(segment, other.pid());
        word_of(busy.life).store(word_of(thread.life).load());
        make_busy(busy);
        busy.tid.store(thread.tid.load());
    });
}

// The slot of a busy thread has been overwritten with a copy of an idle one's, whose own is gone.
TEST(ce, Forged_a_lock_that_names_an_idle_thread_whose_only_slot_has_a_busy_tenant) {
    Actor other = process_actor();
    other.made(step::create_event(FALSE, FALSE, "of another"), 0);
    comes_back([&other](const Segment &segment, shm::Thread &thread) {
        shm::Thread &busy = slot_of(segment, other.pid());
        make_busy(busy);
        word_of(busy.life).store(word_of(thread.life).load());
        busy.tid.store(thread.tid.load());
        word_of(thread.life).store(0);
        thread.tid.store(0);
        thread.sections.store(0);
    });
}

// Its death is not seen in the lock, as when damage has cut the list that the kernel walks. Whoever attaches needs it.
TEST(ce, Forged_a_lock_that_names_a_dead_thread_which_seems_to_be_of_another_process_id_space) {
    const HANDLE event = auto_event(false, "of the test");
    Actor dead = process_actor();
    dead.made(step::create_event(FALSE, FALSE, "of the dead"), 0);
    const Segment segment;
    shm::Thread &thread = slot_of(segment, dead.pid());
    make_busy(thread);
    segment.process(thread.process.load()).pid_space.store(7);
    name_holder(segment.header().rundown, dead.pid());
    dead.ends(Ending::killed);
    Actor late = process_actor();
    late.made(step::create_event(FALSE, FALSE, "of the late"), 0);
    EXPECT(SetEvent(event), TRUE, SAME);
}

TEST(ce, Forged_a_lock_that_names_a_dead_thread_whose_parent_has_not_waited_for_it) {
    const HANDLE event = auto_event(false, "of the test");
    int ready[2];
    REQUIRE(pipe(ready) == 0, "a pipe");
    const pid_t child = fork();
    if (child == 0) {
        const bool made = CreateEventA(nullptr, FALSE, FALSE, "of the child") != nullptr;
        if (made && write(ready[1], "", 1) == 1) pause();
        _exit(1);
    }
    char byte = 0;
    REQUIRE(read(ready[0], &byte, 1) == 1, "the child is attached");
    const Segment segment;
    make_busy(slot_of(segment, child));
    name_holder(segment.header().rundown, child);
    kill(child, SIGKILL);
    siginfo_t ended;
    REQUIRE(waitid(P_PID, child, &ended, WEXITED | WNOWAIT) == 0, "it is a zombie");
    Actor late = process_actor();
    late.made(step::create_event(FALSE, FALSE, "of the late"), 0);
    EXPECT(SetEvent(event), TRUE, SAME);
    waitpid(child, nullptr, 0);
    close(ready[0]);
    close(ready[1]);
}

// Damage in the slot of a process whose threads are at work: its next thread must not begin the process anew under
// them.
TEST(ce, Forged_a_process_slot_that_looks_like_somebody_elses) {
    const HANDLE event = auto_event(false, "of the test");
    const HANDLE mutex = MADE(CreateMutexA(nullptr, TRUE, "mine"), 0);
    const Segment segment;
    shm::Thread &thread = slot_of(segment, gettid());
    auto &incarnation = segment.process(thread.process.load()).incarnation;
    const unsigned true_one = incarnation.get();
    incarnation.set(true_one + 4711);
    Actor second = thread_actor();
    second.does(step::create_event(FALSE, FALSE, "of the second thread"), 0, ERROR_FILE_CORRUPT);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    incarnation.set(true_one);  // the process can end in order
}

// A segment that looks as if its maker had died over it is not emptied: somebody may be at work in it.
TEST(ce, Forged_a_segment_without_its_magic_number) {
    const HANDLE event = MADE(CreateEventA(nullptr, TRUE, FALSE, "before"), 0);
    const Segment segment;
    REQUIRE(segment.is_open(), "the segment");
    const auto magic = segment.header().magic.load();
    segment.header().magic.store(0);
    Actor late = process_actor();
    late.made(step::create_event(FALSE, FALSE, "before"), 0);  // in a segment of its own
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    segment.header().magic.store(magic);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
