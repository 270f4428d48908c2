// test_endings.cpp - ends of processes that are not quite over: threads that go on during exit, a rundown that died.
//
// Purpose     A process's handle chunks may only go to somebody else when none of its threads can write into them; a
//             dead process is found even if nothing but its process slot is left of it.
// Source      architecture, sections 8 and 10.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "shim/shm/robust.h"
#include "tests/support/program.h"
#include "tests/torture/private_shm.h"

namespace shm = winshim::shm;

// The segment, to look at and to write into as only a participant that died would leave it.
static unsigned char *map_segment() {
    const char *space = getenv("WINSHIM_NAMESPACE");
    for (const std::string &name : torture::names_in_shm(std::string("-") + (space != nullptr ? space : ""))) {
        if (!name.starts_with("winshim-")) continue;
        const int fd = open(("/dev/shm/" + name).c_str(), O_RDWR | O_CLOEXEC);
        if (fd < 0) return nullptr;
        void *at = mmap(nullptr, shm::kSegmentBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
        close(fd);
        return at == MAP_FAILED ? nullptr : static_cast<unsigned char *>(at);
    }
    return nullptr;
}
static shm::Header &header(unsigned char *base) { return *reinterpret_cast<shm::Header *>(base); }
static shm::Thread *threads(unsigned char *base) { return reinterpret_cast<shm::Thread *>(base + shm::kThreadsAt); }
static shm::Process *processes(unsigned char *base) {
    return reinterpret_cast<shm::Process *>(base + shm::kProcessesAt);
}

static pid_t start_role_into(int output, const char *role, const char *argument) {
    const pid_t pid = fork();
    if (pid != 0) return pid;
    dup2(output, STDOUT_FILENO);
    execl("/proc/self/exe", program_invocation_name, "--role", role, argument, nullptr);
    _exit(127);
}

// ---- a rundown that died after its last thread and before the process ----------------------------------------------

static void leave_only_the_process_slot(pid_t pid) {
    unsigned char *base = map_segment();
    REQUIRE(base != nullptr, "the segment can be mapped");
    int freed = 0;
    for (std::uint32_t i = 0; i < header(base).threads.load(); ++i) {
        shm::Thread &thread = threads(base)[i];
        const std::uint32_t process = thread.process.load();
        if (thread.slot.load() != shm::Slot::live || processes(base)[process].pid.load() != std::uint32_t(pid))
            continue;
        thread.tid.store(0);
        thread.slot.store(shm::Slot::free);
        ++freed;
    }
    munmap(base, shm::kSegmentBytes);
    REQUIRE(freed == 1, "the dead process had one thread");
}

TEST(ce, End_01_a_dead_process_is_found_without_its_threads) {
    Actor holder = process_actor();
    holder.made(step::create_event(TRUE, TRUE, NAME), 0);
    EXPECT(CloseHandle(MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME)), TRUE, SAME);
    const pid_t pid = holder.pid();
    holder.ends(Ending::killed);
    leave_only_the_process_slot(pid);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
}

// ---- who waits for a process ----------------------------------------------------------------------------------------

ROLE(outlives_its_parent) {
    const HANDLE started = CreateEventA(nullptr, TRUE, FALSE, argument),
                 told = CreateEventA(nullptr, TRUE, FALSE, "told");
    HANDLE parent = nullptr;
    DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), GetCurrentProcess(), &parent, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    if (fork() != 0) for (;;) pause();
    SetEvent(started);
    if (WaitForSingleObject(parent, INFINITE) == WAIT_OBJECT_0) SetEvent(told);
    _exit(0);
}

TEST(ce, End_03_who_waits_for_a_process_hears_that_it_was_killed) {
    const HANDLE started = manual_event(false, NAME), told = manual_event(false, "told");
    const pid_t pid = start_role_into(STDERR_FILENO, "outlives_its_parent", NAME);
    EXPECT(WaitForSingleObject(started, kPatienceMs), WAIT_OBJECT_0, SAME);
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    EXPECT(WaitForSingleObject(told, kPatienceMs), WAIT_OBJECT_0, SAME);
}

// ---- threads that go on while the process exits ---------------------------------------------------------------------

// Its main thread returns; the library's destructor runs, then the C library's flush of standard output blocks, because
// nobody reads. Meanwhile its other thread makes events from indices that it had in stock.
static std::atomic<bool> busy{false};
ROLE(exits_while_a_thread_creates) {
    static char flood[512];
    const HANDLE seen = CreateEventA(nullptr, TRUE, FALSE, "seen");
    CreateEventA(nullptr, TRUE, TRUE, argument);
    std::thread([] {
        for (;;) {
            CreateEventA(nullptr, FALSE, FALSE, nullptr);
            busy.store(true);
            usleep(10'000);
        }
    }).detach();
    while (!busy.load()) usleep(1000);
    const int room = fcntl(STDOUT_FILENO, F_GETPIPE_SZ);
    fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
    for (int i = 0; i < room + 1; ++i)
        if (write(STDOUT_FILENO, flood, 1) < 0) break;
    fcntl(STDOUT_FILENO, F_SETFL, 0);
    WaitForSingleObject(seen, kPatienceMs);
    setvbuf(stdout, nullptr, _IOFBF, sizeof flood);
    fputs("the end", stdout);
    return 0;
}

static bool is_open(std::uintptr_t value) {
    DWORD flags = 0;
    return GetHandleInformation(handle_of(value), &flags) != FALSE;
}

TEST(ce, End_02_threads_that_run_on_at_exit_do_not_write_into_other_tables) {
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0, "a pipe");
    const HANDLE alive = auto_event(false), told = manual_event(false, "seen");
    const pid_t pid = start_role_into(ends[1], "exits_while_a_thread_creates", NAME);
    close(ends[1]);
    std::uint64_t end = now_ms() + kPatienceMs;
    HANDLE seen = nullptr;
    while ((seen = OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME)) == nullptr && now_ms() < end) usleep(1000);
    REQUIRE(seen != nullptr && CloseHandle(seen), "the other process has begun");
    EXPECT(SetEvent(told), TRUE, SAME);  // now it may end
    EXPECT(CloseHandle(told), TRUE, SAME);
    end = now_ms() + kPatienceMs;
    while ((seen = OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME)) != nullptr && now_ms() < end) {
        CloseHandle(seen);
        usleep(1000);
    }
    REQUIRE(seen == nullptr, "its exit has closed its handles");
    REQUIRE(waitpid(pid, nullptr, WNOHANG) == 0, "it is still there");
    // One chunk is ours; what comes now is taken from those that are free.
    constexpr int kMade = 1400;
    static HANDLE made[kMade];
    std::uintptr_t highest = 0;
    for (HANDLE &handle : made) {
        handle = CreateEventA(nullptr, FALSE, FALSE, nullptr);
        if (as_number(handle) > highest) highest = as_number(handle);
    }
    for (HANDLE handle : made) EXPECT(CloseHandle(handle), TRUE, SAME);
    usleep(300'000);  // the other's thread makes some thirty events; in which table?
    int strange = 0;
    for (std::uintptr_t value = 4; value <= highest + 4 * 512; value += 4)
        if (value != as_number(alive) && is_open(value)) ++strange;
    char text[4096];
    while (read(ends[0], text, sizeof text) > 0) {}
    close(ends[0]);
    waitpid(pid, nullptr, 0);
    assert_int_equal(strange, 0);
    EXPECT(SetEvent(alive), TRUE, SAME);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
