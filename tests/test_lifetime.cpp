// test_lifetime.cpp - how long objects and names live, and what a death leaves behind.
//
// Purpose     Objects live as long as a handle in any living process; the dead hold nothing; nothing stays in /dev/shm.
//             Mutexes of the dead are test_abandonment.cpp; deaths inside a call are the crash tests in tests/torture.
// Source      statements Life-01 to -06, -13, -15, -17, -20, -26, -30 to -33; LD-20, LD-22, LD-23.
#include <dirent.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/support/program.h"

// Entries of /dev/shm whose name has `part` in it.
static int entries_with(const char *part) {
    DIR *directory = opendir("/dev/shm");
    REQUIRE(directory != nullptr, "shared memory can be listed");
    int count = 0;
    for (const dirent *entry = readdir(directory); entry != nullptr; entry = readdir(directory)) {
        if (strstr(entry->d_name, part) != nullptr) ++count;
    }
    closedir(directory);
    return count;
}

// Those of a namespace made from this test's by `suffix`.
static int files_of_world(const char *suffix) {
    char wanted[256];
    snprintf(wanted, sizeof wanted, "%s%s", getenv("WINSHIM_NAMESPACE"), suffix);
    return entries_with(wanted);
}

// Semaphores do not show whose they are: they can be counted only where nobody else has any (tests/run sees to it).
static int semaphores() { return getenv("WINSHIM_TEST_OWN_SHM") != nullptr ? entries_with("sem.") : 0; }

static ProcessOptions world(const char *suffix) {
    ProcessOptions options;
    options.name_space = suffix;
    return options;
}

TEST_SHARED(all, Life_01_object_name_and_state_live_as_long_as_one_handle) {
    Actor b = another();
    Actor c = another();
    const HANDLE in_b = b.made(step::create_event(TRUE, TRUE, NAME), 0);
    const HANDLE in_c = c.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    b.does(step::close(in_b), TRUE, SAME);
    const HANDLE mine = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    c.does(step::close(in_c), TRUE, SAME);
    const HANDLE again = b.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    EXPECT(CloseHandle(mine), TRUE, SAME);
    b.does(step::wait(again, 0), WAIT_OBJECT_0, SAME);
    b.does(step::close(again), TRUE, SAME);
    c.does(step::open_event(EVENT_ALL_ACCESS, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST_SHARED(all, Life_02_after_the_last_close_any_type_may_take_the_name) {
    Actor b = another();
    b.does(step::close(b.made(step::create_event(TRUE, TRUE, NAME), 0)), TRUE, SAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    const HANDLE mutex = owned_mutex(NAME);
    assert_int_equal(drop(mutex), 1);
    EXPECT(CloseHandle(mutex), TRUE, SAME);
    const HANDLE units = semaphore(1, 1, NAME);
    EXPECT(CloseHandle(units), TRUE, SAME);
    b.made(step::create_event(FALSE, FALSE, NAME), 0);
}

// Whoever gets the thread slot of a dead holder must not pass for that holder.
TEST(all, Life_04_a_newcomer_does_not_keep_the_name_of_the_dead) {
    manual_event(false, "held by the test");
    Actor first = process_actor();
    Actor second = process_actor();
    Actor third = process_actor();
    first.made(step::create_event(TRUE, TRUE, NAME), 0);
    second.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    third.made(step::create_event(TRUE, TRUE, "another name"), 0);
    first.ends(Ending::killed);
    Actor newcomer = process_actor();  // runs `first` down, and takes its slots
    newcomer.made(step::create_event(TRUE, TRUE, "a third name"), 0);
    second.ends(Ending::killed);
    third.made(step::create_event(FALSE, FALSE, NAME), 0);
}

TEST(all, Life_03_the_creator_ends_and_nothing_changes_for_the_others) {
    Actor creator = process_actor();
    const HANDLE made = creator.made(step::create_event(FALSE, FALSE, NAME), 0);
    const HANDLE opened = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    Actor third = process_actor();
    const HANDLE in_third = third.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    creator.does(step::set(made), TRUE, SAME);
    creator.ends(Ending::returns);
    third.does(step::wait(in_third, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_TIMEOUT, SAME);
    third.made(step::create_event(FALSE, FALSE, NAME), ERROR_ALREADY_EXISTS);
}

static void expect_names_freed_by_end(const char *name, Ending how) {
    Actor holder = process_actor();
    holder.made(step::create_event(TRUE, TRUE, name), 0);
    holder.made(step::create_semaphore(0, 1, "Life_04 semaphore"), 0);
    holder.made(step::create_mutex(TRUE, "Life_04 mutex"), 0);
    MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, name), SAME);
    Actor reader = process_actor();
    reader.made(step::open_semaphore(SYNCHRONIZE, "Life_04 semaphore"), SAME);
    reader.ends(Ending::returns);
    holder.ends(how);
    EXPECT(OpenSemaphoreA(SYNCHRONIZE, FALSE, "Life_04 semaphore"), nullptr, ERROR_FILE_NOT_FOUND);
    EXPECT(OpenMutexA(SYNCHRONIZE, FALSE, "Life_04 mutex"), nullptr, ERROR_FILE_NOT_FOUND);
    assert_int_equal(drop(free_mutex("Life_04 mutex")), 0);
    MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, name), SAME);  // this one has handles here
}

TEST(all, Life_04_main_returns) { expect_names_freed_by_end(NAME, Ending::returns); }
TEST(all, Life_04_exit) { expect_names_freed_by_end(NAME, Ending::exits); }

TEST(all, Life_04_a_process_without_its_first_thread_ends_with_its_last_one) {
#if defined(__SANITIZE_THREAD__)
    skip();  // ThreadSanitizer has a thread of its own in every process: the last of the program's is never the last
#endif
    Actor process = process_actor();
    process.made(step::create_event(TRUE, TRUE, NAME), 0);
    Actor second = second_thread_of(process);
    process.ends(Ending::thread_exit);
    const HANDLE event = second.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    second.does(step::wait(event, 0), WAIT_OBJECT_0, SAME);
    second.ends(Ending::returns);
    process.ends(Ending::returns);  // nothing of the library's own keeps it
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(all, Life_05_quick_exit) { expect_names_freed_by_end(NAME, Ending::quick); }
TEST(all, Life_05_abort) { expect_names_freed_by_end(NAME, Ending::aborts); }
TEST(all, Life_05_SIGKILL) { expect_names_freed_by_end(NAME, Ending::killed); }

TEST(all, Life_06_the_name_of_a_killed_only_holder_is_free_for_a_create) {
    Actor holder = process_actor();
    holder.made(step::create_event(TRUE, TRUE, NAME), 0);
    holder.ends(Ending::killed);
    const HANDLE fresh = MADE(CreateEventA(nullptr, FALSE, FALSE, NAME), 0);
    EXPECT(WaitForSingleObject(fresh, 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(fresh), TRUE, SAME);
    EXPECT(WaitForSingleObject(fresh, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(fresh, 0), WAIT_TIMEOUT, SAME);  // auto-reset: nothing of the old one
}

TEST(ce | nt, Life_06_the_name_of_a_killed_only_holder_is_free_for_another_type) {
    Actor holder = process_actor();
    holder.made(step::create_event(TRUE, TRUE, NAME), 0);
    holder.ends(Ending::killed);
    assert_int_equal(drop(owned_mutex(NAME)), 1);
}

TEST(all, Life_06_many_deaths_leave_room) {
    for (int i = 0; i < 12; ++i) {
        Actor holder = process_actor();
        for (int j = 0; j < 50; ++j) holder.made(step::create_event(TRUE, TRUE, nullptr), 0);
        holder.made(step::create_mutex(TRUE, NAME), 0);
        holder.ends(Ending::killed);
    }
    assert_int_equal(drop(owned_mutex(NAME)), 1);
}

TEST(all, Life_13_an_event_keeps_the_state_that_the_dead_gave_it) {
    const HANDLE set = manual_event(false, "Life_13 set");
    const HANDLE reset = manual_event(true, "Life_13 reset");
    const HANDLE taken = auto_event(true, "Life_13 taken");
    Actor b = process_actor();
    b.does(step::set(b.made(step::open_event(EVENT_ALL_ACCESS, "Life_13 set"), SAME)), TRUE, SAME);
    b.does(step::reset(b.made(step::open_event(EVENT_ALL_ACCESS, "Life_13 reset"), SAME)), TRUE, SAME);
    b.does(step::wait(b.made(step::open_event(EVENT_ALL_ACCESS, "Life_13 taken"), SAME), 0), WAIT_OBJECT_0, SAME);
    b.ends(Ending::killed);
    EXPECT(WaitForSingleObject(set, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(reset, 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(taken, 0), WAIT_TIMEOUT, SAME);
}

TEST(all, Life_15_a_process_killed_in_a_wait_consumes_nothing) {
    const HANDLE event = auto_event(false, NAME);
    Actor dead = process_actor();
    dead.start(step::wait(dead.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME), INFINITE));
    dead.expect_blocked();
    dead.ends(Ending::killed);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, Life_15_the_signal_goes_to_the_living_behind_the_dead) {
    const HANDLE event = auto_event(false, NAME);
    Actor dead = process_actor();
    dead.start(step::wait(dead.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME), INFINITE));
    dead.expect_blocked();
    Actor living = process_actor();
    living.start(step::wait(living.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME), INFINITE));
    living.expect_blocked();
    dead.ends(Ending::killed);
    EXPECT(SetEvent(event), TRUE, SAME);
    living.expect(WAIT_OBJECT_0, SAME);
}

TEST(all, Life_15_semaphore_units_go_to_the_living) {
    const HANDLE units = semaphore(0, 5, NAME);
    Actor dead = process_actor();
    dead.start(step::wait(dead.made(step::open_semaphore(SEMAPHORE_ALL_ACCESS, NAME), SAME), INFINITE));
    dead.expect_blocked();
    dead.ends(Ending::killed);
    EXPECT(ReleaseSemaphore(units, 2, nullptr), TRUE, SAME);
    assert_int_equal(drain(units), 2);
}

// Makes an event and blocks on it for a moment, so that the process has a semaphore to block on.
static HANDLE event_and_block(Actor process, const char *name) {
    const HANDLE event = process.made(step::create_event(TRUE, FALSE, name), 0);
    process.does(step::wait(event, 20), WAIT_TIMEOUT, SAME);
    return event;
}

// A world whose every process was killed leaves its files; the next one starts afresh in it.
TEST(all, Life_20_leftovers_of_a_killed_world_do_no_harm_and_are_removed) {
    const int before = semaphores();
    Actor first = process_actor(world("-left"));
    first.does(step::set(event_and_block(first, NAME)), TRUE, SAME);
    first.made(step::create_mutex(TRUE, "Life_20 mutex"), 0);
    first.ends(Ending::killed);
    Actor second = process_actor(world("-left"));
    second.does(step::open_event(EVENT_ALL_ACCESS, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    event_and_block(second, NAME);
    second.does(step::release(second.made(step::create_mutex(TRUE, "Life_20 mutex"), 0)), TRUE, SAME);
    second.ends(Ending::returns);
    assert_int_equal(files_of_world("-left"), 0);
    assert_int_equal(semaphores(), before);
}

// The same look as that of tests/run, which must be able to see what it looks for.
TEST(all, Life_20_shared_memory_has_files_as_long_as_somebody_lives) {
    const int before = semaphores();
    Actor first = process_actor(world("-seen"));
    Actor second = process_actor(world("-seen"));
    event_and_block(first, NAME);
    second.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    assert_true(files_of_world("-seen") > 0);
    first.ends(Ending::returns);
    assert_true(files_of_world("-seen") > 0);
    second.ends(Ending::exits);
    assert_int_equal(files_of_world("-seen"), 0);
    assert_int_equal(semaphores(), before);
}

TEST(all, Life_26_an_unnamed_object_lives_in_its_duplicates) {
    const HANDLE event = auto_event(true);
    HANDLE copy = poison_handle();
    EXPECT(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS),
           TRUE, SAME);
    EXPECT(CloseHandle(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(copy, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, Life_30_two_processes_of_one_user_see_the_same_names) {
    Actor b = process_actor();
    Actor c = process_actor();
    const HANDLE in_b = b.made(step::create_event(FALSE, FALSE, NAME), 0);
    const HANDLE in_c = c.made(step::create_event(FALSE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    b.does(step::set(in_b), TRUE, SAME);
    c.does(step::wait(in_c, 0), WAIT_OBJECT_0, SAME);
}

TEST(all, Life_30_namespaces_separate_worlds) {
    manual_event(true, NAME);
    Actor stranger = process_actor(world("-other"));
    stranger.does(step::open_event(EVENT_ALL_ACCESS, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    stranger.made(step::create_event(TRUE, FALSE, NAME), 0);
}

// Needs the privilege to become another user; without it the test is skipped.
TEST(all, Life_31_processes_of_different_users_do_not_disturb_each_other) {
    const HANDLE mine = manual_event(true, NAME);
    Actor other = process_actor();
    if (other.ask(step::become_user(65534)).value == 0) skip();
    const HANDLE theirs = other.made(step::create_event(TRUE, FALSE, NAME), 0);
    other.does(step::wait(theirs, 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(mine, 0), WAIT_OBJECT_0, SAME);
    other.ends(Ending::returns);
    EXPECT(WaitForSingleObject(mine, 0), WAIT_OBJECT_0, SAME);
}

// ---- calls while the process exits ----------------------------------------------------------------------------------

static HANDLE event_at_exit = nullptr;

extern "C" void call_at_exit() {
    const BOOL set = SetEvent(event_at_exit);
    const DWORD waited = WaitForSingleObject(event_at_exit, 0);
    const HANDLE made = CreateMutexA(nullptr, TRUE, "at exit");
    ReleaseMutex(made);
    CloseHandle(made);
    const BOOL closed = CloseHandle(event_at_exit);
    printf("at exit: %s\n", (set == 0 || set == 1) && (waited == WAIT_OBJECT_0 || waited == WAIT_FAILED) &&
                                (closed == 0 || closed == 1) ? "clean" : "wrong");
}

ROLE(call_after_the_exit_handlers) {
    atexit(call_at_exit);  // before the library's first use: runs after whatever the library registers then
    event_at_exit = CreateEventA(nullptr, TRUE, FALSE, argument);
    return event_at_exit != nullptr ? 0 : 1;
}

TEST(all, Life_33_calls_at_exit_work_or_fail_cleanly) {
    const RoleResult result = run_role("call_after_the_exit_handlers", NAME, world("-exit"));
    assert_int_equal(result.status, 0);
    assert_non_null(strstr(result.output, "at exit: clean"));
    assert_int_equal(files_of_world("-exit"), 0);
}

ROLE(exit_while_a_thread_waits) {
    pthread_t thread;
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, argument);
    const auto wait = [](void *handle) -> void * { return WaitForSingleObject(handle, INFINITE), nullptr; };
    if (pthread_create(&thread, nullptr, wait, event) != 0) return 1;
    SetEvent(event);
    return pthread_detach(thread);
}

TEST(all, Life_33_a_process_may_exit_while_its_threads_are_inside_calls) {
    for (int i = 0; i < 10; ++i) {
        assert_int_equal(run_role("exit_while_a_thread_waits", NAME, world("-exit")).status, 0);
    }
    assert_int_equal(files_of_world("-exit"), 0);
}

// Daemons close all descriptors: the library must not need one.
ROLE(close_all_descriptors) {
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, argument);
    if (event == nullptr) return 1;
    for (int fd = 3; fd < 1024; ++fd) close(fd);
    const HANDLE second = CreateEventA(nullptr, TRUE, TRUE, "after the close");
    if (second == nullptr || WaitForSingleObject(second, INFINITE) != WAIT_OBJECT_0) return 2;
    if (WaitForSingleObject(event, 50) != WAIT_TIMEOUT) return 3;
    return SetEvent(event) && WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0 ? 0 : 4;
}

TEST(all, Life_33_a_process_may_close_all_its_descriptors) {
    assert_int_equal(run_role("close_all_descriptors", NAME, world("-exit")).status, 0);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
