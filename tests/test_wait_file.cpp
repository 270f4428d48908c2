// test_wait_file.cpp - waits for files, pipes and terminals, alone and beside other objects.
//
// Source      winshim_wait.h "Files"; api/descriptor_waits.h.
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/program.h"

namespace {

struct Pipe {
    HANDLE from, to;
};

Pipe a_pipe() {
    Pipe pipe{};
    EXPECT(CreatePipe(&pipe.from, &pipe.to, nullptr, 0), TRUE, SAME);
    return pipe;
}

void put(const Pipe &pipe) {
    DWORD done = 0;
    EXPECT(WriteFile(pipe.to, "x", 1, &done, nullptr), TRUE, SAME);
}

void take(const Pipe &pipe) {
    DWORD done = 0;
    char byte;
    EXPECT(ReadFile(pipe.from, &byte, 1, &done, nullptr), TRUE, SAME);
}

// Does it after the caller has had time to block; what the caller gets does not depend on it.
void *put_soon(void *pipe) {
    usleep(30'000);
    DWORD done;
    return WriteFile(static_cast<Pipe *>(pipe)->to, "x", 1, &done, nullptr) ? nullptr : pipe;
}
void *set_soon(void *event) {
    usleep(30'000);
    return SetEvent(event) ? nullptr : event;
}

void CALLBACK count_call(ULONG_PTR count) { ++*reinterpret_cast<int *>(count); }

pthread_t begin(void *(*routine)(void *), void *argument) {
    pthread_t thread;
    REQUIRE(pthread_create(&thread, nullptr, routine, argument) == 0, "a thread");
    return thread;
}
void end(pthread_t thread) {
    void *result = nullptr;
    REQUIRE(pthread_join(thread, &result) == 0 && result == nullptr, "the other thread did its part");
}

constexpr DWORD kSoon = 20'000;

}  // namespace

TEST(all, a_pipe_is_signaled_while_it_can_be_read) {
    const Pipe pipe = a_pipe();
    EXPECT(WaitForSingleObject(pipe.from, 0), WAIT_TIMEOUT, SAME);
    const std::uint64_t begun = now_ms();
    EXPECT(WaitForSingleObject(pipe.from, 50), WAIT_TIMEOUT, SAME);
    REQUIRE(now_ms() - begun >= 50, "not early");
    EXPECT(WaitForSingleObject(pipe.to, INFINITE), WAIT_OBJECT_0, SAME);  // there is room
    put(pipe);
    EXPECT(WaitForSingleObject(pipe.from, INFINITE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(pipe.from, 0), WAIT_OBJECT_0, SAME);  // nothing was taken
    take(pipe);
    EXPECT(WaitForSingleObject(pipe.from, 0), WAIT_TIMEOUT, SAME);
    EXPECT(CloseHandle(pipe.to), TRUE, SAME);
    EXPECT(WaitForSingleObject(pipe.from, INFINITE), WAIT_OBJECT_0, SAME);  // the end of the input
    EXPECT(CloseHandle(pipe.from), TRUE, SAME);
    EXPECT(WaitForSingleObject(pipe.from, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
}

TEST(all, a_full_pipe_is_not_signaled_for_its_writer) {
    const Pipe pipe = a_pipe();
    static char much[65536];
    const int descriptor = static_cast<int>((reinterpret_cast<std::uintptr_t>(pipe.to) - 0x1000000) / 4);
    const int flags = fcntl(descriptor, F_GETFL);
    fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
    while (write(descriptor, much, sizeof much) > 0) {}
    fcntl(descriptor, F_SETFL, flags);
    EXPECT(WaitForSingleObject(pipe.to, 20), WAIT_TIMEOUT, SAME);
}

TEST(all, a_blocked_wait_ends_when_something_comes) {
    Pipe pipe = a_pipe();
    const pthread_t other = begin(put_soon, &pipe);
    EXPECT(WaitForSingleObject(pipe.from, kSoon), WAIT_OBJECT_0, SAME);
    end(other);
}

TEST(all, an_ordinary_file_and_a_terminal) {
    char path[] = "/tmp/winshim-wait-XXXXXX";
    const int file = mkstemp(path);
    REQUIRE(file > 2 && unlink(path) == 0, "a file");
    EXPECT(WaitForSingleObject(handle_of(0x1000000 + 4 * static_cast<unsigned>(file)), 0), WAIT_OBJECT_0, SAME);
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(master > 2 && grantpt(master) == 0 && unlockpt(master) == 0, "a terminal");
    const int terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    const HANDLE input = handle_of(0x1000000 + 4 * static_cast<unsigned>(terminal));
    EXPECT(WaitForSingleObject(input, 0), WAIT_TIMEOUT, SAME);
    REQUIRE(write(master, "line\n", 5) == 5, "somebody types");
    EXPECT(WaitForSingleObject(input, kSoon), WAIT_OBJECT_0, SAME);
    close(master);
    close(terminal);
    close(file);
}

TEST(all, what_is_not_open) {
    const HANDLE none = handle_of(0x1000000 + 4 * 4000);
    const HANDLE both[] = {auto_event(true), none};
    EXPECT(WaitForSingleObject(none, INFINITE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, INFINITE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EXPECT(WaitForSingleObject(both[0], 0), WAIT_OBJECT_0, SAME);  // it was not taken
    EXPECT(SignalObjectAndWait(both[0], a_pipe().from, 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
}

TEST(all, any_of_several_pipes) {
    Pipe one = a_pipe(), two = a_pipe();
    const HANDLE both[] = {one.from, two.from};
    EXPECT(WaitForMultipleObjects(2, both, FALSE, 20), WAIT_TIMEOUT, SAME);
    const pthread_t other = begin(put_soon, &two);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, kSoon), WAIT_OBJECT_0 + 1, SAME);
    end(other);
    put(one);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, INFINITE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForMultipleObjects(1, both, FALSE, INFINITE), WAIT_OBJECT_0, SAME);
}

TEST(all, the_lowest_index_of_pipes_and_objects) {
    const Pipe pipe = a_pipe();
    const HANDLE first = auto_event(false), last = auto_event(false);
    const HANDLE all_three[] = {first, pipe.from, last};
    EXPECT(WaitForMultipleObjects(3, all_three, FALSE, 0), WAIT_TIMEOUT, SAME);
    EXPECT(SetEvent(last), TRUE, SAME);
    put(pipe);
    EXPECT(WaitForMultipleObjects(3, all_three, FALSE, INFINITE), WAIT_OBJECT_0 + 1, SAME);
    EXPECT(SetEvent(first), TRUE, SAME);
    EXPECT(WaitForMultipleObjects(3, all_three, FALSE, INFINITE), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(first, 0), WAIT_TIMEOUT, SAME);  // that one was taken
    take(pipe);
    EXPECT(WaitForMultipleObjects(3, all_three, FALSE, INFINITE), WAIT_OBJECT_0 + 2, SAME);
    EXPECT(WaitForMultipleObjects(3, all_three, FALSE, 30), WAIT_TIMEOUT, SAME);
}

TEST(all, a_blocked_wait_for_both_ends_by_either) {
    Pipe pipe = a_pipe();
    const HANDLE event = auto_event(false), mutex = owned_mutex();
    const HANDLE both[] = {event, pipe.from};
    pthread_t other = begin(set_soon, event);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, kSoon), WAIT_OBJECT_0, SAME);
    end(other);
    other = begin(put_soon, &pipe);
    EXPECT(WaitForMultipleObjects(2, both, FALSE, kSoon), WAIT_OBJECT_0 + 1, SAME);
    end(other);
    const HANDLE owned[] = {pipe.from, mutex};
    take(pipe);
    EXPECT(WaitForMultipleObjects(2, owned, FALSE, kSoon), WAIT_OBJECT_0 + 1, SAME);
    assert_int_equal(drop(mutex), 2);
}

TEST(ce | nt, not_all_of_several) {
    const Pipe pipe = a_pipe();
    const HANDLE both[] = {pipe.to, auto_event(true)};
    EXPECT(WaitForMultipleObjects(2, both, TRUE, 0), WAIT_FAILED, ERROR_NOT_SUPPORTED);
    EXPECT(WaitForMultipleObjects(1, both, TRUE, 0), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(both[1], 0), WAIT_OBJECT_0, SAME);
}

TEST(all, an_alertable_wait_for_a_pipe) {
    const Pipe pipe = a_pipe();
    static int calls;
    calls = 0;
    EXPECT(QueueUserAPC(count_call, GetCurrentThread(), reinterpret_cast<ULONG_PTR>(&calls)), TRUE, SAME);
    EXPECT(WaitForSingleObject(pipe.from, 0), WAIT_TIMEOUT, SAME);
    put(pipe);
    EXPECT(WaitForSingleObjectEx(pipe.from, INFINITE, TRUE), WAIT_OBJECT_0, SAME);  // what is signaled wins
    assert_int_equal(calls, 0);
    take(pipe);
    EXPECT(WaitForSingleObjectEx(pipe.from, INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    assert_int_equal(calls, 1);
    EXPECT(WaitForSingleObjectEx(pipe.from, 30, TRUE), WAIT_TIMEOUT, SAME);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
