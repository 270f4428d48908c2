// test_process_family.cpp - suspended children, orphans, children of the program's own, and many at once.
//
// Source      statements Process-03 to Process-17; "CreateProcessW", CREATE_SUSPENDED.
#include <dirent.h>
#include <spawn.h>
#include <sys/wait.h>

#include "tests/support/segment_file.h"

#include "tests/support/child_acts.h"

TEST(all, a_suspended_child_begins_after_as_many_resumes) {
    const PROCESS_INFORMATION child = child_of("exits 77", CREATE_SUSPENDED);
    EXPECT(WaitForSingleObject(child.hProcess, 50), WAIT_TIMEOUT, SAME);
    EXPECT(SuspendThread(child.hThread), 1, SAME);
    EXPECT(ResumeThread(child.hThread), 2, SAME);
    EXPECT(WaitForSingleObject(child.hProcess, 50), WAIT_TIMEOUT, SAME);
    assert_int_equal(exit_code(child.hProcess), STILL_ACTIVE);
    EXPECT(ResumeThread(child.hThread), 1, SAME);
    assert_int_equal(ends_with(child), 77);
    drop(child);
}

TEST(all, a_suspended_child_can_be_terminated) {
    const PROCESS_INFORMATION child = child_of("exits 77", CREATE_SUSPENDED);
    EXPECT(TerminateProcess(child.hProcess, 3), TRUE, SAME);
    assert_int_equal(ends_with(child), 3);
    EXPECT(WaitForSingleObject(child.hThread, kSoon), WAIT_OBJECT_0, SAME);
    drop(child);
}

// Reads the id that a child of a child has been announced with.
static pid_t announced(HANDLE from) {
    char text[40] = {};
    DWORD got = 0;
    EXPECT(ReadFile(from, text, sizeof text - 1, &got, nullptr), TRUE, SAME);
    return atoi(text);
}

struct Family {
    PROCESS_INFORMATION parent;
    pid_t child;
};
static Family family_of(const char *what) {
    const Pipe pipe = make_pipe();
    STARTUPINFOA start = plain_start();
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdOutput = pipe.to;
    Family family = {child_of(what, 0, FALSE, &start), 0};
    family.child = announced(pipe.from);
    CloseHandle(pipe.from);
    CloseHandle(pipe.to);
    REQUIRE(family.child > 0, "a child of the child is announced");
    return family;
}

TEST(all, a_suspended_child_ends_with_its_creator) {
    const Family family = family_of("parents-suspended");
    const HANDLE child = MADE(OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(family.child)), SAME);
    EXPECT(WaitForSingleObject(child, 0), WAIT_TIMEOUT, SAME);
    EXPECT(TerminateProcess(family.parent.hProcess, 0), TRUE, SAME);
    EXPECT(WaitForSingleObject(child, kSoon), WAIT_OBJECT_0, SAME);
    drop(family.parent);
}

TEST(all, the_end_of_an_orphan_is_found_by_who_waits) {
    for (const char *what : {"parents sleeps", "parents waits"}) {
        const Family family = family_of(what);
        const HANDLE child = MADE(OpenProcess(PROCESS_ALL_ACCESS, FALSE, static_cast<DWORD>(family.child)), SAME);
        EXPECT(TerminateProcess(family.parent.hProcess, 0), TRUE, SAME);
        assert_int_equal(ends_with(family.parent), 0);
        drop(family.parent);
        EXPECT(WaitForSingleObject(child, 100), WAIT_TIMEOUT, SAME);  // it lives on
        kill(family.child, SIGTERM);
        EXPECT(WaitForSingleObject(child, INFINITE), WAIT_OBJECT_0, SAME);
        const DWORD code = exit_code(child);  // as far as whoever adopted it has not been quicker
        REQUIRE(code == 128 + 15 || code == 0xFFFFFFFF, "its end by a signal, or nothing, is known");
        EXPECT(CloseHandle(child), TRUE, SAME);
    }
}

TEST(all, an_orphan_that_says_its_code_has_it) {
    const Family family = family_of("parents waits");
    const HANDLE child = MADE(OpenProcess(PROCESS_ALL_ACCESS, FALSE, static_cast<DWORD>(family.child)), SAME);
    EXPECT(TerminateProcess(family.parent.hProcess, 0), TRUE, SAME);
    assert_int_equal(ends_with(family.parent), 0);
    EXPECT(TerminateProcess(child, 0x55555), TRUE, SAME);
    EXPECT(WaitForSingleObject(child, kSoon), WAIT_OBJECT_0, SAME);
    assert_int_equal(exit_code(child), 0x55555);
    drop(family.parent);
}

TEST(all, exec_in_place_is_not_the_end_of_the_process) {
    const PROCESS_INFORMATION child = child_of("execs");
    assert_int_equal(ends_with(child), 23);
    EXPECT(WaitForSingleObject(child.hThread, kSoon), WAIT_OBJECT_0, SAME);
    drop(child);
}

#if defined(__SANITIZE_THREAD__)
constexpr unsigned kThreads = 2;  // the sanitizer has one
#else
constexpr unsigned kThreads = 1;
#endif

static unsigned entries_of(const char *path) {
    DIR *const directory = opendir(path);
    unsigned count = 0;
    while (directory != nullptr && readdir(directory) != nullptr) ++count;
    if (directory != nullptr) closedir(directory);
    return count;
}

static unsigned busy_slots(const segment_file::Segment &segment) {
    unsigned count = 0;
    for (unsigned i = 0; i < segment.header().processes.load(); ++i)
        count += segment.process(i).slot.load() != winshim::shm::Slot::free;
    for (unsigned i = 0; i < segment.header().threads.load(); ++i)
        count += segment.thread(i).slot.load() != winshim::shm::Slot::free;
    for (unsigned i = 1; i < segment.header().objects.load(); ++i)
        count += (segment.object(i).state.load() >> 34 & 3) != 0;
    return count;
}

// The hidden threads, and what they have, go a moment after the ends that they have told.
template <typename Count>
static bool comes_down_to(unsigned wanted, Count count) {
    for (const std::uint64_t until = now_ms() + kSoon; now_ms() < until; usleep(1000))
        if (count() <= wanted) return true;
    print_error("%u instead of %u\n", count(), wanted);
    return false;
}

TEST(all, two_hundred_children_leave_nothing) {
    code_of("returns 0");
    const segment_file::Segment segment;
    REQUIRE(segment.is_open(), "there is a segment");
    REQUIRE(comes_down_to(kThreads + 2, [] { return entries_of("/proc/self/task"); }), "one thread to begin with");
    const unsigned descriptors = entries_of("/proc/self/fd"), busy = busy_slots(segment);
    for (int i = 0; i < 200; ++i) assert_int_equal(code_of(i % 2 == 0 ? "returns 300" : "attaches 300"), 300);
    REQUIRE(comes_down_to(kThreads + 2, [] { return entries_of("/proc/self/task"); }), "no thread is left");
    assert_int_equal(entries_of("/proc/self/fd"), descriptors);
    REQUIRE(comes_down_to(busy, [&] { return busy_slots(segment); }), "no slot is left");
    assert_int_equal(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(all, many_children_at_once_are_waited_for_together) {
    PROCESS_INFORMATION children[20];
    HANDLE processes[20];
    for (int i = 0; i < 20; ++i) {
        char rest[40];
        snprintf(rest, sizeof rest, "attaches %d", 1000 + i);
        children[i] = child_of(rest);
        processes[i] = children[i].hProcess;
    }
    if (current_profile() == nt || current_profile() == ce)
        for (const HANDLE &p : processes) EXPECT(WaitForMultipleObjects(1, &p, FALSE, kSoon), WAIT_OBJECT_0, SAME);
    for (int i = 0; i < 20; ++i) {
        assert_int_equal(ends_with(children[i]), 1000 + i);
        drop(children[i]);
    }
}

TEST(nt, all_of_several_children) {
    HANDLE processes[5];
    for (HANDLE &process : processes) process = child_of("attaches 1").hProcess;
    EXPECT(WaitForMultipleObjects(5, processes, TRUE, kSoon), WAIT_OBJECT_0, SAME);
}

TEST(all, children_of_the_programs_own_are_left_to_it) {
    const pid_t own = fork();
    if (own == 0) _exit(42);
    assert_int_equal(code_of("attaches 300"), 300);
    int status = 0;
    assert_int_equal(waitpid(own, &status, 0), own);
    assert_int_equal(WEXITSTATUS(status), 42);
}

static volatile sig_atomic_t reaped;
static void reap_everything(int) {
    const int before = errno;
    while (waitpid(-1, nullptr, WNOHANG) > 0) reaped = reaped + 1;
    errno = before;
}

TEST(all, a_program_that_reaps_every_child_still_sees_them_end) {
    struct sigaction action = {}, before;
    for (int ignored = 0; ignored < 2; ++ignored) {
        if (ignored != 0) action.sa_handler = SIG_IGN;
        else action.sa_handler = reap_everything;
        sigaction(SIGCHLD, &action, &before);
        for (int i = 0; i < 10; ++i) {
            assert_int_equal(code_of("attaches 0x30003"), 0x30003);  // told by the child itself
            const DWORD code = code_of("raises 15");
            REQUIRE(code == 128 + 15 || code == 0xFFFFFFFF, "its end by a signal, or nothing, is known");
        }
        sigaction(SIGCHLD, &before, nullptr);
    }
}

TEST(all, ended_children_whose_handles_were_closed_at_once_leave_nothing) {
    code_of("returns 0");
    const segment_file::Segment segment;
    REQUIRE(comes_down_to(kThreads + 2, [] { return entries_of("/proc/self/task"); }), "one thread to begin with");
    const unsigned busy = busy_slots(segment);
    for (int i = 0; i < 20; ++i) drop(child_of(i % 2 == 0 ? "returns 300" : "attaches 300"));
    REQUIRE(comes_down_to(kThreads + 2, [] { return entries_of("/proc/self/task"); }), "no thread is left");
    REQUIRE(comes_down_to(busy, [&] { return busy_slots(segment); }), "no slot is left");
}

int main(int argc, char **argv) { return child_or_tests(argc, argv); }
