// test_fork_exec.cpp - plain POSIX fork and exec under a program that has handles and owns mutexes.
//
// Purpose     fork: the child has all handles, same values and access, and owns nothing; the parent is not affected.
//             exec: the new image starts with no handles; for handles and mutexes it is an end of the process.
// Source      statements Life-27 to -29; LD-21.
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "tests/support/program.h"

// A process that has the named event and is forked.
struct Family {
    Actor parent;
    Actor child;
    HANDLE event;  // the value in both
};

static Family fork_with_event(const char *name) {
    Actor parent = process_actor();
    const HANDLE event = parent.made(step::open_event(EVENT_ALL_ACCESS, name), SAME);
    Actor child = forked_from(parent);
    return Family{parent, child, event};
}

TEST(all, Life_27_the_child_has_the_parents_handles_with_the_same_values) {
    const HANDLE event = manual_event(false, NAME);
    Family f = fork_with_event(NAME);
    assert_int_not_equal(f.parent.pid(), f.child.pid());
    f.child.does(step::wait(f.event, 0), WAIT_TIMEOUT, SAME);
    f.parent.does(step::set(f.event), TRUE, SAME);
    f.child.does(step::wait(f.event, 0), WAIT_OBJECT_0, SAME);
    f.child.does(step::reset(f.event), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

TEST(all, Life_27_unnamed_objects_are_shared_with_the_child_too) {
    Actor parent = process_actor();
    const HANDLE event = parent.made(step::create_event(FALSE, FALSE, nullptr), 0);
    Actor child = forked_from(parent);
    child.start(step::wait(event, INFINITE));
    child.expect_blocked();
    parent.does(step::set(event), TRUE, SAME);
    child.expect(WAIT_OBJECT_0, SAME);
    parent.does(step::wait(event, 0), WAIT_TIMEOUT, SAME);
}

TEST(ce | nt, Life_27_the_child_has_the_same_access_and_flags) {
    manual_event(false, NAME);
    Actor parent = process_actor();
    const HANDLE limited = parent.made(step::open_event(SYNCHRONIZE, NAME, TRUE), SAME);
    parent.does(step::set_flags(limited, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE), TRUE, SAME);
    Actor child = forked_from(parent);
    child.does(step::set(limited), FALSE, ERROR_ACCESS_DENIED);
    child.does(step::wait(limited, 0), WAIT_TIMEOUT, SAME);
    assert_int_equal(child.ask(step::flags_of(limited)).extra, HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE);
    child.does(step::close(limited), FALSE, ERROR_INVALID_HANDLE);
    child.does(step::set_flags(limited, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0), TRUE, SAME);
    child.does(step::close(limited), TRUE, SAME);
    parent.does(step::wait(limited, 0), WAIT_TIMEOUT, SAME);
}

// Each call with a bad handle asks the loader who else may know it.
static void *uses_bad_handles(void *go_on) {
    while (*static_cast<std::atomic<bool> *>(go_on)) SetEvent(handle_of(0x70000004));
    return nullptr;
}

TEST(ce, Life_25_a_child_may_use_bad_handles_whatever_the_others_were_doing) {
    std::atomic<bool> go_on{true};
    pthread_t others[2];
    for (pthread_t &other : others) assert_int_equal(pthread_create(&other, nullptr, uses_bad_handles, &go_on), 0);
    int bad = 0;
    for (int i = 0; i < 400 && bad == 0; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            alarm(20);  // ends it, should it hang
            _exit(SetEvent(handle_of(0x70000004)) == FALSE && GetLastError() == ERROR_INVALID_HANDLE ? 0 : 1);
        }
        int status = -1;
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0) ++bad;
    }
    go_on = false;
    for (const pthread_t other : others) pthread_join(other, nullptr);
    assert_int_equal(bad, 0);
}

static void *forks_often(void *event) {
    for (int i = 0; i < 100; ++i) {
        const pid_t child = fork();
        if (child == 0) _exit(SetEvent(event) ? 0 : 1);
        int status = -1;
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0) return event;
    }
    return nullptr;
}

TEST(all, Life_27_two_threads_may_fork_at_the_same_time) {
    const HANDLE event = manual_event(false, NAME);
    pthread_t forkers[2];
    for (pthread_t &forker : forkers) assert_int_equal(pthread_create(&forker, nullptr, forks_often, event), 0);
    for (const pthread_t forker : forkers) {
        void *failed = event;
        assert_int_equal(pthread_join(forker, &failed), 0);
        assert_null(failed);
    }
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    manual_event(false, "still in order");
}

TEST(all, Life_27_the_child_owns_no_mutex) {
    Actor parent = process_actor();
    const HANDLE mutex = parent.made(step::create_mutex(TRUE, NAME), 0);
    Actor child = forked_from(parent);
    child.does(step::release(mutex), FALSE, ERROR_NOT_OWNER);
    child.does(step::wait(mutex, 0), WAIT_TIMEOUT, SAME);
    child.start(step::wait(mutex, INFINITE));
    child.expect_blocked();
    parent.does(step::release(mutex), TRUE, SAME);
    child.expect(WAIT_OBJECT_0, SAME);
    parent.does(step::wait(mutex, 0), WAIT_TIMEOUT, SAME);
    child.does(step::release(mutex), TRUE, SAME);
    parent.does(step::wait(mutex, 0), WAIT_OBJECT_0, SAME);
}

static void expect_parent_unaffected_by(Ending how, const char *name) {
    Actor parent = process_actor();
    const HANDLE mutex = parent.made(step::create_mutex(TRUE, name), 0);
    const HANDLE event = parent.made(step::create_event(TRUE, FALSE, "Life_27 event"), 0);
    Actor child = forked_from(parent);
    child.does(step::set(event), TRUE, SAME);
    child.ends(how);
    parent.does(step::wait(event, 0), WAIT_OBJECT_0, SAME);
    const HANDLE mine = MADE(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name), SAME);
    EXPECT(WaitForSingleObject(mine, 0), WAIT_TIMEOUT, SAME);  // the parent still owns it
    parent.does(step::release(mutex), TRUE, SAME);
    EXPECT(WaitForSingleObject(mine, 0), WAIT_OBJECT_0, SAME);
    parent.does(step::reap(child.pid()), 0, SAME);
}

TEST(all, Life_27_the_parent_is_not_affected_when_the_child_returns) {
    expect_parent_unaffected_by(Ending::returns, NAME);
}
TEST(all, Life_27_the_parent_is_not_affected_when_the_child_exits_quickly) {
    expect_parent_unaffected_by(Ending::quick, NAME);
}
TEST(all, Life_27_the_parent_is_not_affected_when_the_child_is_killed) {
    expect_parent_unaffected_by(Ending::killed, NAME);
}

TEST(all, Life_27_the_childs_handles_are_its_own) {
    Actor parent = process_actor();
    const HANDLE event = parent.made(step::create_event(TRUE, TRUE, NAME), 0);
    Actor child = forked_from(parent);
    parent.does(step::close(event), TRUE, SAME);
    child.does(step::wait(event, 0), WAIT_OBJECT_0, SAME);  // the object lives on in the child's handle
    const HANDLE mine = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    EXPECT(CloseHandle(mine), TRUE, SAME);
    child.does(step::close(event), TRUE, SAME);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    const HANDLE in_child = child.made(step::create_event(FALSE, TRUE, nullptr), 0);
    parent.does(step::wait(in_child, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
}

TEST(all, Life_27_handles_of_a_killed_child_are_closed) {
    Actor parent = process_actor();
    const HANDLE event = parent.made(step::create_event(TRUE, TRUE, NAME), 0);
    Actor child = forked_from(parent);
    parent.does(step::close(event), TRUE, SAME);
    child.ends(Ending::killed);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

TEST(all, Life_27_a_mutex_that_the_child_takes_is_abandoned_by_its_death) {
    Actor parent = process_actor();
    const HANDLE mutex = parent.made(step::create_mutex(FALSE, NAME), 0);
    Actor child = forked_from(parent);
    child.does(step::wait(mutex, 0), WAIT_OBJECT_0, SAME);
    parent.start(step::wait(mutex, INFINITE));
    parent.expect_blocked();
    child.ends(Ending::killed);
    parent.expect(WAIT_ABANDONED, SAME);
    parent.does(step::release(mutex), TRUE, SAME);
}

TEST(all, Life_27_those_who_wait_for_the_shared_object_go_on) {
    Actor parent = process_actor();
    const HANDLE event = parent.made(step::create_event(FALSE, FALSE, NAME), 0);
    const HANDLE mine = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    Actor waiter = process_actor();
    waiter.start(step::wait(waiter.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME), INFINITE));
    waiter.expect_blocked();
    Actor child = forked_from(parent);
    child.does(step::close(event), TRUE, SAME);
    EXPECT(SetEvent(mine), TRUE, SAME);
    waiter.expect(WAIT_OBJECT_0, SAME);
    parent.does(step::wait(event, 0), WAIT_TIMEOUT, SAME);
}

static ProcessOptions world(const char *suffix) {
    ProcessOptions options;
    options.name_space = suffix;
    return options;
}

TEST(all, Life_27_a_fork_before_the_first_call_is_a_process_like_any_other) {
    Actor parent = process_actor(world("-untouched"));
    Actor child = forked_from(parent);
    const HANDLE made = child.made(step::create_event(TRUE, TRUE, NAME), 0);
    const HANDLE opened = parent.made(step::open_event(EVENT_ALL_ACCESS, NAME), SAME);
    child.does(step::reset(made), TRUE, SAME);
    parent.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);
}

TEST(all, Life_28_after_fork_and_exec_the_new_image_has_no_handles) {
    Actor parent = process_actor();
    const HANDLE mutex = parent.made(step::create_mutex(TRUE, NAME), 0);
    const HANDLE event = parent.made(step::create_event(TRUE, TRUE, "Life_28 event"), 0);
    Actor child = forked_from(parent);
    child.execs_in_place();
    child.does(step::wait(event, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    child.does(step::close(mutex), FALSE, ERROR_INVALID_HANDLE);
    const HANDLE opened = child.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    child.does(step::wait(opened, 0), WAIT_TIMEOUT, SAME);  // the parent owns it as before
    parent.does(step::wait(event, 0), WAIT_OBJECT_0, SAME);
    parent.does(step::release(mutex), TRUE, SAME);
    child.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    child.does(step::release(opened), TRUE, SAME);
}

TEST(ce | nt, Life_28_a_spawned_process_has_no_handles) {
    const HANDLE event = auto_event(true, NAME);
    EXPECT(SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), TRUE, SAME);
    Actor child = process_actor();
    child.does(step::set(event), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, Life_29_exec_in_place_abandons_mutexes) {
    const HANDLE mutex = free_mutex(NAME);
    Actor process = process_actor();
    const HANDLE opened = process.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    process.does(step::wait(opened, 0), WAIT_OBJECT_0, SAME);
    process.execs_in_place();
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    process.does(step::release(opened), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, Life_29_exec_in_place_wakes_who_waits_for_its_mutex) {
    free_mutex(NAME);
    Actor process = process_actor();
    process.does(step::wait(process.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME), 0), WAIT_OBJECT_0, SAME);
    Actor waiter = process_actor();
    const HANDLE opened = waiter.made(step::open_mutex(MUTEX_ALL_ACCESS, NAME), SAME);
    waiter.start(step::wait(opened, INFINITE));
    waiter.expect_blocked();
    process.execs_in_place();
    waiter.expect(WAIT_ABANDONED, SAME);
    waiter.does(step::release(opened), TRUE, SAME);
}

TEST(all, Life_29_exec_in_place_closes_all_handles) {
    Actor process = process_actor();
    process.made(step::create_event(TRUE, TRUE, NAME), 0);
    process.execs_in_place();
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    const HANDLE fresh = process.made(step::create_event(TRUE, FALSE, NAME), 0);
    process.does(step::wait(fresh, 0), WAIT_TIMEOUT, SAME);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
