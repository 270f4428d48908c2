// test_completion.cpp - completion ports: packets, the pool that they serve, and its end.
//
// Source      "CreateIoCompletionPort", "PostQueuedCompletionStatus", "GetQueuedCompletionStatusEx".
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>

#include "tests/support/program.h"

constexpr DWORD kSoon = 20'000;  // milliseconds; reached only by a failure
static std::atomic<int> asked;

static HANDLE port;
static DWORD WINAPI adds_up(LPVOID sum) {
    for (;;) {
        DWORD bytes;
        ULONG_PTR key;
        LPOVERLAPPED overlapped;
        if (!GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE)) return GetLastError();
        if (key == 0) return 0;
        static_cast<std::atomic<long> *>(sum)->fetch_add(static_cast<long>(key));
    }
}

TEST(all, Ports_packets_come_in_order_and_once) {
    DWORD bytes = kPoison;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = nullptr;
    OVERLAPPED mine;
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
    assert_non_null(port);
    EXPECT(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0), FALSE, WAIT_TIMEOUT);
    EXPECT(PostQueuedCompletionStatus(port, 7, 8, &mine), TRUE, SAME);
    EXPECT(PostQueuedCompletionStatus(port, 9, 10, nullptr), TRUE, SAME);
    EXPECT(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE), TRUE, SAME);
    assert_true(bytes == 7 && key == 8 && overlapped == &mine);
    for (ULONG_PTR i = 1; i <= 3; ++i) PostQueuedCompletionStatus(port, 0, i, nullptr);
    OVERLAPPED_ENTRY entries[3];
    ULONG count = 0;
    EXPECT(GetQueuedCompletionStatusEx(port, entries, 3, &count, 0, FALSE), TRUE, SAME);
    assert_true(count == 3 && entries[0].lpCompletionKey == 10 && entries[1].lpCompletionKey == 1 &&
                entries[2].lpCompletionKey == 2);
    EXPECT(CloseHandle(port), TRUE, SAME);  // with a packet left
    EXPECT(CloseHandle(port), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(PostQueuedCompletionStatus(port, 0, 0, nullptr), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(CreateIoCompletionPort(GetStdHandle(STD_INPUT_HANDLE), nullptr, 0, 0), nullptr, ERROR_NOT_SUPPORTED);
}

TEST(all, Ports_serve_a_pool_and_send_it_away) {
    constexpr int kThreads = 4;
    constexpr long kPackets = 2000;
    std::atomic<long> sum{0};
    HANDLE threads[kThreads];
    DWORD code = kPoison;
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 2);
    for (HANDLE &thread : threads) thread = CreateThread(nullptr, 0, adds_up, &sum, 0, nullptr);
    for (long i = 1; i <= kPackets; ++i) PostQueuedCompletionStatus(port, 0, static_cast<ULONG_PTR>(i), nullptr);
    PostQueuedCompletionStatus(port, 0, 0, nullptr);  // one of them ends
    EXPECT(WaitForMultipleObjects(kThreads, threads, FALSE, kSoon) < WAIT_OBJECT_0 + kThreads, true, SAME);
    while (sum < kPackets * (kPackets + 1) / 2) Sleep(1);
    CloseHandle(port);
    for (const HANDLE thread : threads) EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
    int sent_away = 0;
    for (const HANDLE thread : threads) {
        GetExitCodeThread(thread, &code);
        sent_away += code == ERROR_ABANDONED_WAIT_0 || code == ERROR_INVALID_HANDLE ? 1 : 0;
        CloseHandle(thread);
    }
    assert_int_equal(sent_away, kThreads - 1);
    assert_int_equal(sum, kPackets * (kPackets + 1) / 2);
}

static void CALLBACK notes(ULONG_PTR) { ++asked; }
TEST(all, Ports_an_alertable_wait_ends_by_a_procedure_call) {
    OVERLAPPED_ENTRY entry;
    ULONG count = kPoison;
    asked = 0;
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
    QueueUserAPC(notes, GetCurrentThread(), 0);
    EXPECT(GetQueuedCompletionStatusEx(port, &entry, 1, &count, INFINITE, TRUE), FALSE, WAIT_IO_COMPLETION);
    assert_true(asked == 1 && count == 0);
    CloseHandle(port);
}

// The child's queue would be a copy, and the semaphore behind it the parent's.
TEST(all, Ports_are_not_those_of_a_child_of_fork) {
    DWORD bytes = kPoison;
    ULONG_PTR key = kPoison;
    LPOVERLAPPED overlapped = nullptr;
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
    EXPECT(PostQueuedCompletionStatus(port, 0, 1, nullptr), TRUE, SAME);
    const pid_t child = fork();
    if (child == 0) {
        if (PostQueuedCompletionStatus(port, 0, 2, nullptr) || GetLastError() != ERROR_INVALID_HANDLE) _exit(1);
        if (GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0)) _exit(2);
        if (CloseHandle(port)) _exit(3);
        const HANDLE own = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 0);
        if (!PostQueuedCompletionStatus(own, 0, 3, nullptr)) _exit(4);
        _exit(GetQueuedCompletionStatus(own, &bytes, &key, &overlapped, 0) && key == 3 ? 0 : 5);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    EXPECT(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0), TRUE, SAME);
    assert_int_equal(key, 1);
    EXPECT(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0), FALSE, WAIT_TIMEOUT);
    EXPECT(CloseHandle(port), TRUE, SAME);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
