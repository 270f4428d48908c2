// test_last_error.cpp - the last-error value and errno: whose they are, and who leaves them alone.
//
// Purpose     That a success leaves the last error alone is part of every EXPECT with SAME in all test files; here are
//             the rows about the value itself, and errno, which no call of the library may change. LastError-04 comes
//             with APCs.
// Source      statements LastError-01 to -03, -05, Gen-01 to -08.
#include <cerrno>

#include "tests/support/program.h"

constexpr int kErrno = 0x5EED;  // a value that no system call sets

// Makes `call` and fails unless errno is what it was.
#define KEEPS_ERRNO(call)                                                         \
    do {                                                                          \
        errno = kErrno;                                                           \
        static_cast<void>(call);                                                  \
        const int errno_ = errno;                                                 \
        if (errno_ != kErrno) print_error("%s changed errno to %d\n", #call, errno_); \
        assert_int_equal(errno_, kErrno);                                         \
    } while (false)

TEST(all, LastError_01_any_value_can_be_set_and_read) {
    for (const DWORD value : {0u, 1u, 183u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu, 0x20000001u}) {
        SetLastError(value);
        assert_int_equal(GetLastError(), value);
    }
}

TEST(all, LastError_02_reading_does_not_clear) {
    SetLastError(42);
    assert_int_equal(GetLastError(), 42);
    assert_int_equal(GetLastError(), 42);
}

TEST(all, LastError_03_each_thread_has_its_own) {
    Actor b = thread_actor();
    SetLastError(1);
    const Answer set = b.ask(step::set_last_error(2));
    assert_int_equal(GetLastError(), 1);
    assert_int_equal(set.error, 2);
    SetLastError(3);
    b.does(step::last_error(), 0, 2);
}

TEST(all, Gen_02_a_new_thread_starts_with_0) {
    SetLastError(kPoison);
    thread_actor().does(step::last_error(), 0, 0);
    process_actor().does(step::last_error(), 0, 0);
}

TEST(all, Gen_03_every_failure_sets_it) {
    EXPECT(CreateSemaphoreA(nullptr, 1, 0, nullptr), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(OpenMutexA(MUTEX_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    EXPECT(ReleaseMutex(free_mutex()), FALSE, ERROR_NOT_OWNER);
    EXPECT(WaitForMultipleObjects(0, nullptr, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    EXPECT(ReleaseSemaphore(semaphore(1, 1), 1, nullptr), FALSE, ERROR_TOO_MANY_POSTS);
}

TEST(all, Gen_04_and_08_a_success_that_is_no_create_leaves_it_and_returns_1) {
    const HANDLE event = auto_event(false);
    const HANDLE mutex = owned_mutex();
    const HANDLE units = semaphore(0, 1);
    EXPECT(SetEvent(event), 1, SAME);
    EXPECT(ResetEvent(event), 1, SAME);
    EXPECT(PulseEvent(event), 1, SAME);
    EXPECT(ReleaseMutex(mutex), 1, SAME);
    EXPECT(ReleaseSemaphore(units, 1, nullptr), 1, SAME);
    EXPECT(CompareObjectHandles(event, event), 1, SAME);
    EXPECT(CloseHandle(event), 1, SAME);
}

TEST(all, Gen_05_a_create_that_makes_a_new_object_clears_it) {
    MADE(CreateEventA(nullptr, FALSE, FALSE, nullptr), 0);
    MADE(CreateEventA(nullptr, FALSE, FALSE, "Gen_05 event"), 0);
    MADE(CreateEventExA(nullptr, nullptr, 0, EVENT_ALL_ACCESS), 0);
    MADE(CreateMutexA(nullptr, FALSE, nullptr), 0);
    MADE(CreateMutexA(nullptr, FALSE, "Gen_05 mutex"), 0);
    MADE(CreateMutexExA(nullptr, nullptr, 0, MUTEX_ALL_ACCESS), 0);
    MADE(CreateSemaphoreA(nullptr, 0, 1, nullptr), 0);
    MADE(CreateSemaphoreA(nullptr, 0, 1, "Gen_05 semaphore"), 0);
    MADE(CreateSemaphoreExA(nullptr, 0, 1, nullptr, 0, SEMAPHORE_ALL_ACCESS), 0);
}

TEST(all, Gen_06_a_create_that_finds_the_object_sets_ALREADY_EXISTS_each_time) {
    auto_event(false, NAME);
    for (int i = 0; i < 3; ++i) MADE(CreateEventA(nullptr, FALSE, FALSE, NAME), ERROR_ALREADY_EXISTS);
}

TEST(all, Gen_07_no_outcome_of_a_wait_sets_it) {
    const HANDLE event = auto_event(true);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForSingleObject(event, 5), WAIT_TIMEOUT, SAME);
    EXPECT(WaitForMultipleObjects(1, &event, FALSE, 5), WAIT_TIMEOUT, SAME);
    const HANDLE mutex = free_mutex();
    Actor owner = thread_actor();
    owner.does(step::wait(mutex, 0), WAIT_OBJECT_0, SAME);
    owner.ends(Ending::returns);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
}

TEST(all, LastError_05_setting_errno_does_not_change_the_last_error_nor_the_reverse) {
    SetLastError(42);
    errno = EINVAL;
    assert_int_equal(GetLastError(), 42);
    errno = kErrno;
    SetLastError(5);
    assert_int_equal(errno, kErrno);
    KEEPS_ERRNO(GetLastError());
}

TEST(all, LastError_05_calls_that_succeed_keep_errno) {
    KEEPS_ERRNO(CreateEventA(nullptr, FALSE, FALSE, NAME));
    KEEPS_ERRNO(CreateEventA(nullptr, FALSE, FALSE, NAME));
    const HANDLE event = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    KEEPS_ERRNO(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME));
    KEEPS_ERRNO(SetEvent(event));
    KEEPS_ERRNO(WaitForSingleObject(event, INFINITE));
    KEEPS_ERRNO(ResetEvent(event));
    KEEPS_ERRNO(PulseEvent(event));
    const HANDLE mutex = MADE(CreateMutexA(nullptr, TRUE, nullptr), 0);
    KEEPS_ERRNO(ReleaseMutex(mutex));
    const HANDLE units = MADE(CreateSemaphoreA(nullptr, 0, 1, nullptr), 0);
    KEEPS_ERRNO(ReleaseSemaphore(units, 1, nullptr));
    KEEPS_ERRNO(SignalObjectAndWait(event, units, INFINITE, FALSE));
    HANDLE copy = poison_handle();
    KEEPS_ERRNO(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, FALSE,
                                DUPLICATE_SAME_ACCESS));
    KEEPS_ERRNO(CloseHandle(copy));
}

TEST(all, LastError_05_calls_that_fail_keep_errno) {
    KEEPS_ERRNO(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME));
    KEEPS_ERRNO(CreateEventA(nullptr, FALSE, FALSE, "\xFF"));
    KEEPS_ERRNO(CreateSemaphoreA(nullptr, 2, 1, nullptr));
    KEEPS_ERRNO(SetEvent(nullptr));
    KEEPS_ERRNO(CloseHandle(handle_of(0xDEADBEEC)));
    KEEPS_ERRNO(ReleaseMutex(free_mutex()));
    KEEPS_ERRNO(WaitForSingleObject(nullptr, INFINITE));
    KEEPS_ERRNO(WaitForMultipleObjects(0, nullptr, FALSE, 0));
}

TEST(all, LastError_05_waits_that_block_keep_errno) {
    const HANDLE event = auto_event(false);
    KEEPS_ERRNO(WaitForSingleObject(event, 20));
    KEEPS_ERRNO(WaitForMultipleObjects(1, &event, FALSE, 20));
    KEEPS_ERRNO(SignalObjectAndWait(event, semaphore(0, 1), 20, FALSE));
}

static std::uint64_t wait_and_return_errno(void *event) {
    errno = kErrno;
    const DWORD result = WaitForSingleObject(event, INFINITE);
    return result == WAIT_OBJECT_0 ? static_cast<std::uint64_t>(errno) : 0;
}

TEST(all, LastError_05_a_wait_that_blocked_and_was_released_keeps_errno) {
    const HANDLE event = auto_event(false);
    Actor b = thread_actor();
    b.start(step::call(wait_and_return_errno, event));
    b.expect_blocked();
    KEEPS_ERRNO(SetEvent(event));  // this one wakes somebody
    b.expect(kErrno, SAME);
}

// The first call of a process sets everything up; it too leaves errno alone.
ROLE(keep_errno_in_the_first_call) {
    errno = kErrno;
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, argument);
    return errno == kErrno && event != nullptr ? 0 : 1;
}

TEST(all, LastError_05_the_first_call_of_a_process_keeps_errno) {
    assert_int_equal(run_role("keep_errno_in_the_first_call", NAME).status, 0);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
