// test_starved_slots.cpp - a million objects, full tables of objects, names, handles, processes and threads.
//
// Purpose     The capacities that the README states are there; at the end of each there is the documented error and one
//             line on standard error; closing, ending or dying makes room again.
// Method      Everything for real but the threads: a machine may allow fewer than there are slots, so most of these are
//             occupied by hand, as live threads of the test's own process.
// Source      statement Gen-30; LD-15; README "Limits".
#include "tests/support/segment_file.h"  // first: what is included after it has a macro fail()

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <vector>

#include "tests/support/spawn.h"
#include "tests/support/starve.h"

namespace {

namespace shm = winshim::shm;

constexpr unsigned kObjects = 1'048'575, kProcesses = 4'096, kThreads = 65'536, kHandles = 1'048'576;
static_assert(shm::kMaxObjects - 1 == kObjects && shm::kMaxProcesses == kProcesses && shm::kMaxThreads == kThreads);
static_assert(shm::kMaxObjects == kHandles && shm::kMaxChunks * shm::kHandlesPerChunk == 8'388'608);

void show(const char *what, std::uint64_t began) {
    unsigned long pages = 0;
    char file[300];
    snprintf(file, sizeof file, "%s", segment_file::Segment().path());
    struct stat st{};
    if (stat(file, &st) == 0) pages = static_cast<unsigned long>(st.st_blocks) / 8;
    printf("%s: %llu ms, %lu MiB of shared memory\n", what, static_cast<unsigned long long>(now_ms() - began),
           pages / 256);
}

// Calls `make` until it fails.
template <class Make>
unsigned until_it_fails(std::vector<HANDLE> &handles, Make make) {
    for (;;) {
        SetLastError(kPoison);
        const HANDLE handle = make(static_cast<unsigned>(handles.size()));
        if (handle == nullptr || handles.size() > kHandles) return GetLastError();
        handles.push_back(handle);
    }
}

bool all_close(std::vector<HANDLE> &handles) {
    bool right = true;
    for (const HANDLE handle : handles) right = CloseHandle(handle) && right;
    handles.clear();
    return right;
}

HANDLE numbered_event(unsigned number) {
    char name[32];
    snprintf(name, sizeof name, "one of a million, %u", number);
    return CreateEventA(nullptr, TRUE, TRUE, name);
}

// A process that waits, stopped, for what it is told by a signal.
pid_t stopped(const char *role, const char *argument) {
    const char *const arguments[] = {"--role", role, argument, nullptr};
    const pid_t process = spawn_self(arguments, {}, -1);
    int status = -1;
    if (process <= 0 || waitpid(process, &status, WUNTRACED) != process || !WIFSTOPPED(status)) return -1;
    return process;
}

}  // namespace

// ---- objects ------------------------------------------------------------------------------------------------------

ROLE(a_million_unnamed) {
    std::vector<HANDLE> handles;
    const std::uint64_t began = now_ms();
    const auto make = [](unsigned number) {
        return number % 2 == 0 ? CreateEventA(nullptr, FALSE, TRUE, nullptr) : CreateSemaphoreA(nullptr, 1, 1, nullptr);
    };
    WANT(until_it_fails(handles, make) == ERROR_NO_SYSTEM_RESOURCES);
    printf("%zu unnamed objects\n", handles.size());
    show("made", began);
    WANT(handles.size() == kObjects);
    FAILS(CreateMutexA(nullptr, FALSE, argument), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    for (unsigned i = 0; i < handles.size(); ++i) WANT(WaitForSingleObject(handles[i], 0) == WAIT_OBJECT_0);
    for (unsigned i = 0; i < handles.size(); i += 1000) WANT(WaitForSingleObject(handles[i], 0) == WAIT_TIMEOUT);
    WANT(CloseHandle(handles.back()));
    handles.back() = CreateMutexA(nullptr, TRUE, argument);
    WANT(handles.back() != nullptr && GetLastError() == 0);
    FAILS(CreateMutexA(nullptr, FALSE, nullptr), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    WANT(all_close(handles));
    FAILS(OpenMutexA(SYNCHRONIZE, FALSE, argument), nullptr, ERROR_FILE_NOT_FOUND);
    WANT(until_it_fails(handles, make) == ERROR_NO_SYSTEM_RESOURCES && handles.size() == kObjects);
    WANT(all_close(handles));
    show("made, waited for, closed, made, closed", began);
    return 0;
}

TEST(ce, Capacity_a_million_unnamed_objects) {
    print_message("%s", starve::thrives("a_million_unnamed", NAME, 1, "a capacity is used up").output);
}

ROLE(open_some_of_a_million) {
    for (unsigned i = 0; i < kObjects; i += 997) {
        char name[32];
        snprintf(name, sizeof name, "one of a million, %u", i);
        const HANDLE event = OpenEventA(EVENT_ALL_ACCESS, FALSE, name);
        WANT(event != nullptr && WaitForSingleObject(event, 0) == WAIT_OBJECT_0 && CloseHandle(event));
    }
    return argument == nullptr ? 1 : 0;
}

ROLE(a_million_named) {
    std::vector<HANDLE> handles;
    const std::uint64_t began = now_ms();
    WANT(until_it_fails(handles, numbered_event) == ERROR_NO_SYSTEM_RESOURCES);
    printf("%zu named objects\n", handles.size());
    show("made", began);
    WANT(handles.size() == kObjects);
    const pid_t child = stopped("open_some_stopped", argument);
    WANT(child > 0 && kill(child, SIGCONT) == 0);
    int status = -1;
    WANT(wait_for_process(child, kPatienceMs, &status) && status == 0);
    // An existing name needs no new slot.
    SetLastError(kPoison);
    const HANDLE again = numbered_event(kObjects / 2);
    WANT(again != nullptr && GetLastError() == ERROR_ALREADY_EXISTS && CloseHandle(again));
    WANT(CloseHandle(handles[7]));
    handles[7] = CreateMutexA(nullptr, TRUE, "one of a million, 7");
    WANT(handles[7] != nullptr && GetLastError() == 0);
    WANT(all_close(handles));
    const HANDLE fresh = numbered_event(8);
    WANT(fresh != nullptr && GetLastError() == 0 && CloseHandle(fresh));
    show("made, opened, closed", began);
    return 0;
}

ROLE(open_some_stopped) {
    raise(SIGSTOP);
    return open_some_of_a_million_role(argument);
}

TEST(ce, Capacity_a_million_named_objects) {
    print_message("%s", starve::thrives("a_million_named", NAME, 1, "a capacity is used up").output);
}

// Names beyond 36 bytes take more cells: these are used up before the objects.
ROLE(long_names) {
    std::vector<HANDLE> handles;
    const std::uint64_t began = now_ms();
    const auto make = [](unsigned number) {
        char name[261];
        snprintf(name, sizeof name, "%0*u", 260, number);
        return CreateSemaphoreA(nullptr, 1, 1, name);
    };
    WANT(until_it_fails(handles, make) == ERROR_NO_SYSTEM_RESOURCES);
    printf("%zu objects with names of 260 bytes\n", handles.size());
    WANT(handles.size() > 400'000 - 60'000);
    const HANDLE unnamed = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    WANT(unnamed != nullptr);
    FAILS(make(kObjects), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    WANT(CloseHandle(handles.back()) && CloseHandle(handles.front()));
    WANT((handles.back() = make(kObjects)) != nullptr && (handles.front() = make(kObjects + 1)) != nullptr);
    WANT(all_close(handles));
    show("made, closed", began);
    return argument == nullptr ? 1 : 0;
}

TEST(ce, Capacity_names) {
    print_message("%s", starve::thrives("long_names", NAME, 1, "a capacity is used up").output);
}

// Whoever has them all is killed: a process that is attached already, and stays alone, gets room without anybody's
// help.
ROLE(take_all_objects) {
    std::vector<HANDLE> handles;
    if (until_it_fails(handles, numbered_event) != ERROR_NO_SYSTEM_RESOURCES || argument == nullptr) return 1;
    raise(SIGSTOP);
    return 1;
}

TEST(ce, Capacity_objects_of_the_dead_make_room) {
    const HANDLE mine = auto_event(false, NAME);
    const pid_t taker = stopped("take_all_objects", NAME);
    REQUIRE(taker > 0, "a process that takes all objects");
    EXPECT(CreateEventA(nullptr, FALSE, FALSE, nullptr), nullptr, ERROR_NO_SYSTEM_RESOURCES);
    EXPECT(SetEvent(mine), TRUE, SAME);
    kill(taker, SIGKILL);
    waitpid(taker, nullptr, 0);
    for (int i = 0; i < 1000; ++i) auto_event(true);
}

// ---- handles ------------------------------------------------------------------------------------------------------

ROLE(all_handles) {
    const std::uint64_t began = now_ms();
    std::vector<HANDLE> handles{CreateEventA(nullptr, TRUE, FALSE, argument)};
    WANT(handles.front() != nullptr);
    const HANDLE own = GetCurrentProcess();
    WANT(until_it_fails(handles, [&](unsigned) {
             HANDLE copy = nullptr;
             return DuplicateHandle(own, handles[0], own, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS) ? copy : nullptr;
         }) == ERROR_TOO_MANY_OPEN_FILES);
    printf("%zu handles in one process\n", handles.size());
    WANT(handles.size() == kHandles);
    FAILS(CreateEventA(nullptr, TRUE, FALSE, nullptr), nullptr, ERROR_TOO_MANY_OPEN_FILES);
    FAILS(OpenEventA(EVENT_ALL_ACCESS, FALSE, argument), nullptr, ERROR_TOO_MANY_OPEN_FILES);
    // Eight processes with full tables are all that there is: the next child of a fork has none, and gets none.
    pid_t children[8];
    int ends[2];
    WANT(pipe(ends) == 0);
    int full = 0;
    for (pid_t &child : children) {
        WANT((child = fork()) >= 0);
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            char what = SetEvent(handles.back()) ? 'f' : GetLastError() == ERROR_INVALID_HANDLE ? 'n' : '?';
            if (what == 'n' && (CreateEventA(nullptr, TRUE, FALSE, nullptr) != nullptr ||
                                GetLastError() != ERROR_NO_SYSTEM_RESOURCES))
                what = '!';
            if (write(ends[1], &what, 1) != 1) _exit(1);
            for (;;) pause();
        }
        char what = 0;
        WANT(read(ends[0], &what, 1) == 1 && what == (&child < children + 7 ? 'f' : 'n'));
        full += what == 'f';
    }
    show("eight full tables", began);
    WANT(CloseHandle(handles.back()));
    WANT((handles.back() = CreateEventA(nullptr, TRUE, FALSE, nullptr)) != nullptr);
    for (const pid_t child : children) WANT(kill(child, SIGKILL) == 0 && waitpid(child, nullptr, 0) == child);
    WANT(full == 7 && all_close(handles));
    FAILS(OpenEventA(EVENT_ALL_ACCESS, FALSE, argument), nullptr, ERROR_FILE_NOT_FOUND);  // no reference is left
    show("and all closed", began);
    return 0;
}

TEST(ce, Capacity_a_million_handles_in_a_process_eight_million_in_all) {
    print_message("%s", starve::thrives("all_handles", NAME, -1, "a capacity is used up").output);
}

// ---- processes ----------------------------------------------------------------------------------------------------

ROLE(all_processes) {
    const std::uint64_t began = now_ms();
    const HANDLE count = CreateSemaphoreA(nullptr, 0, 10'000, argument);
    WANT(count != nullptr);
    int go[2];
    WANT(pipe(go) == 0);
    std::vector<pid_t> children;
    while (children.size() < kProcesses + 5) {
        const pid_t child = fork();
        NEED(child >= 0, "as many processes as the segment has slots");
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(go[1]);
            const bool in = ReleaseSemaphore(count, 1, nullptr);
            const bool told = in || (GetLastError() == ERROR_NO_SYSTEM_RESOURCES &&
                                     CreateEventA(nullptr, TRUE, FALSE, nullptr) == nullptr &&
                                     GetLastError() == ERROR_NO_SYSTEM_RESOURCES);
            char byte;
            const bool end = read(go[0], &byte, 1) == 0;
            exit(told && end ? in : 3);
        }
        children.push_back(child);
    }
    for (unsigned i = 1; i < kProcesses; ++i) WANT(WaitForSingleObject(count, 20'000) == WAIT_OBJECT_0);
    WANT(WaitForSingleObject(count, 100) == WAIT_TIMEOUT);
    show("4,096 processes", began);
    // One dies, one comes.
    WANT(kill(children[100], SIGKILL) == 0 && waitpid(children[100], nullptr, 0) == children[100]);
    children[100] = fork();
    if (children[100] == 0) {
        close(go[1]);
        _exit(ReleaseSemaphore(count, 1, nullptr) ? 1 : 2);
    }
    WANT(WaitForSingleObject(count, 20'000) == WAIT_OBJECT_0);
    close(go[0]);
    close(go[1]);
    unsigned in = 0;
    for (const pid_t child : children) {
        int status = -1;
        WANT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) <= 1);
        in += WEXITSTATUS(status);
    }
    WANT(in == kProcesses - 1);
    show("and their ends", began);
    printf("%u processes at once\n", in + 1);
    return 0;
}

// Seconds on an idle machine, most of a minute on a loaded one: part of the long run.
TEST(ce, Capacity_4096_processes) {
    if (getenv("WINSHIM_TEST_LONG") == nullptr) {
        print_message("skipped: set WINSHIM_TEST_LONG=1, as `tests/run --long` does\n");
        skip();
    }
    alarm(300);  // so many processes on a busy machine
    print_message("%s", starve::thrives("all_processes", NAME, -1, "a capacity is used up").output);
}

// ---- threads ------------------------------------------------------------------------------------------------------

namespace {

HANDLE gate = nullptr, counter = nullptr;

void *through_the_gate(void *) {
    const bool in = ReleaseSemaphore(counter, 1, nullptr);
    const DWORD error = GetLastError();
    if (!in) return reinterpret_cast<void *>(static_cast<std::uintptr_t>(error));
    WaitForSingleObject(gate, INFINITE);
    return nullptr;
}

bool start_thread(pthread_t &thread) {
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 * 1024);
    const bool started = pthread_create(&thread, &small, through_the_gate, nullptr) == 0;
    pthread_attr_destroy(&small);
    return started;
}

}  // namespace

ROLE(many_threads) {
    const std::uint64_t began = now_ms();
    gate = CreateEventA(nullptr, TRUE, FALSE, argument);
    counter = CreateSemaphoreA(nullptr, 0, 100'000, nullptr);
    std::vector<pthread_t> threads;
    pthread_t thread;
    while (threads.size() < 4000 && start_thread(thread)) threads.push_back(thread);
    NEED(threads.size() > 1000, "a thousand threads");
    for (unsigned i = 0; i < threads.size(); ++i) WANT(WaitForSingleObject(counter, 20'000) == WAIT_OBJECT_0);
    show("threads attached and blocked", began);
    // The other slots: live threads of this process, as far as anybody can see.
    const segment_file::Segment segment;
    WANT(segment.is_open());
    unsigned by_hand = 0, own = 0;
    while (segment.process(own).pid.load() != static_cast<unsigned>(getpid())) ++own;
    unsigned mine = 0;
    while (segment.thread(mine).tid.load() != static_cast<unsigned>(gettid())) ++mine;
    const auto occupy = [&](unsigned slots) {
        for (unsigned i = 0; i < slots; ++i) {
            shm::Thread &t = segment.thread(i);
            if (t.slot.load() != shm::Slot::free) continue;
            t.tid.store(static_cast<unsigned>(gettid()));
            *reinterpret_cast<unsigned *>(&t.life) = static_cast<unsigned>(gettid());
            t.process.store(own);
            t.slot.store(shm::Slot::live);
            ++by_hand;
        }
    };
    // The array grows as threads attach: each of these finds the others occupied and takes the next batch.
    for (;;) {
        const unsigned slots = segment.header().threads.load();
        occupy(slots);
        if (slots == kThreads) break;
        WANT(start_thread(thread));
        WANT(WaitForSingleObject(counter, 20'000) == WAIT_OBJECT_0);
        threads.push_back(thread);
    }
    show("all slots taken", began);
    WANT(by_hand + threads.size() + 1 == kThreads);
    void *error = nullptr;
    WANT(start_thread(thread) && pthread_join(thread, &error) == 0);
    WANT(reinterpret_cast<std::uintptr_t>(error) == ERROR_NO_SYSTEM_RESOURCES);
    // A thread ends: its slot is for the next.
    shm::Thread &one = segment.thread(60'000);
    const bool ours = one.tid.load() == static_cast<unsigned>(gettid());
    *reinterpret_cast<unsigned *>(&one.life) = 0;
    one.slot.store(shm::Slot::free);
    WANT(ours && start_thread(thread));
    WANT(WaitForSingleObject(counter, 20'000) == WAIT_OBJECT_0);
    threads.push_back(thread);
    for (unsigned i = 0; i < kThreads; ++i) {
        shm::Thread &t = segment.thread(i);
        if (t.tid.load() != static_cast<unsigned>(gettid()) || i == mine) continue;
        *reinterpret_cast<unsigned *>(&t.life) = 0;
        t.tid.store(0);
        t.slot.store(shm::Slot::free);
    }
    WANT(SetEvent(gate));
    for (const pthread_t each : threads) WANT(pthread_join(each, &error) == 0 && error == nullptr);
    show("and all ended", began);
    printf("%zu threads at once, %u slots occupied by hand\n", threads.size() + 1, by_hand);
    return 0;
}

TEST(ce, Capacity_65536_threads) {
    print_message("%s", starve::thrives("many_threads", NAME, 1, "a capacity is used up").output);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
