// crowd.cpp - a thousand waiters at once; beginning to take part; two that have nothing to do with each other.
//
// Purpose     SetEvent on a manual-reset event with 1,000 threads asleep on it, per waiter, against sem_post as often on
//             a semaphore on which as many sleep. The first call of a process, which attaches, against fork + exec +
//             exit of /bin/true. Two threads with a mutex each, whose objects lie beside each other, against one alone.

#include <fcntl.h>
#include <semaphore.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <atomic>
#include <thread>

#include "plain.h"

namespace {

using plain::expect;
using plain::now_ns;

constexpr int kWaiters = 1000, kTimes = 15, kStarts = 41;

// `kWaiters` threads that run `wait` once, all of them asleep in it when `signal` is timed (processor time).
template <class Wait, class Signal>
double per_waiter(Wait wait, Signal signal) {
    std::vector<double> each;
    for (int time = 0; time < kTimes; ++time) {
        std::atomic<int> inside{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < kWaiters; ++i)
            threads.emplace_back([&] {
                inside.fetch_add(1);
                wait();
            });
        while (inside.load() < kWaiters) usleep(1000);
        usleep(50000);  // the last of them are on their way to sleep
        const double begun = now_ns(CLOCK_THREAD_CPUTIME_ID);
        signal();
        each.push_back((now_ns(CLOCK_THREAD_CPUTIME_ID) - begun) / kWaiters);
        for (std::thread& thread : threads) thread.join();
    }
    return plain::median(each);
}

void crowd() {
    const HANDLE event = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    plain::figure("set_event_per_waiter", per_waiter([=] { WaitForSingleObject(event, INFINITE); },
                                                     [=] { SetEvent(event), ResetEvent(event); }));
    // What a hand-over to each of them costs at least: a semaphore for each, in a page of its own, as the bells are.
    auto* const bells = static_cast<unsigned char*>(
        mmap(nullptr, kWaiters * 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    const auto bell = [=](int i) { return reinterpret_cast<sem_t*>(bells + i * 4096); };
    for (int i = 0; i < kWaiters; ++i) sem_init(bell(i), 1, 0);
    std::atomic<int> next{0};
    plain::figure("own_sem_post_per_waiter", per_waiter(
        [&] {
            sem_t* const mine = bell(next.fetch_add(1) % kWaiters);
            while (sem_wait(mine) != 0) {}
        },
        [&] {
            for (int i = 0; i < kWaiters; ++i) sem_post(bell(i));
        }));
    auto* const semaphore = static_cast<sem_t*>(
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    sem_init(semaphore, 1, 0);
    plain::figure("sem_post_per_waiter", per_waiter(
        [=] {
            while (sem_wait(semaphore) != 0) {}
        },
        [=] {
            for (int i = 0; i < kWaiters; ++i) sem_post(semaphore);
        }));
}

double run_program(char* const* arguments) {
    const double begun = now_ns();
    pid_t child = 0;
    int status = 0;
    expect(posix_spawn(&child, arguments[0], nullptr, nullptr, arguments, environ) == 0, "posix_spawn");
    waitpid(child, &status, 0);
    expect(status == 0, arguments[0]);
    return now_ns() - begun;
}

// The child says on its standard output how long its first call has taken.
void attaching(char* self) {
    const HANDLE keep = CreateMutexA(nullptr, FALSE, "there is a segment already");
    expect(keep != nullptr, "CreateMutex");
    std::vector<double> attach, nothing;
    char word[] = "--attach", program[] = "/bin/true";
    char* const joins[] = {self, word, nullptr};
    char* const idles[] = {program, nullptr};
    int out[2];
    expect(pipe(out) == 0, "pipe");
    const int standard = dup(1);
    for (int i = 0; i < kStarts; ++i) {
        double took = 0;
        dup2(out[1], 1);
        run_program(joins);
        dup2(standard, 1);
        expect(read(out[0], &took, sizeof took) == sizeof took, "the child's answer");
        attach.push_back(took);
        nothing.push_back(run_program(idles));
    }
    plain::figure("attach", plain::median(attach));
    plain::figure("floor_process", plain::median(nothing));
}

int attach_and_tell() {
    const double begun = now_ns();
    const HANDLE event = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    const double took = now_ns() - begun;
    return event != nullptr && write(1, &took, sizeof took) == sizeof took ? 0 : 1;
}

double pairs(HANDLE mutex) {
    return plain::cost(200000, [=](int) {
        WaitForSingleObject(mutex, INFINITE);
        ReleaseMutex(mutex);
    });
}

// In processor time of each, so that other work on the machine takes no part.
void independent() {
    const HANDLE mine = CreateMutexA(nullptr, FALSE, nullptr), other = CreateMutexA(nullptr, FALSE, nullptr);
    plain::figure("mutex_alone", pairs(mine));
    std::atomic<bool> stop{false};
    std::thread neighbour([&] {
        while (!stop.load(std::memory_order_relaxed)) {
            WaitForSingleObject(other, INFINITE);
            ReleaseMutex(other);
        }
    });
    plain::figure("mutex_beside_another", pairs(mine));
    stop.store(true);
    neighbour.join();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string(argv[1]) == "--attach") return attach_and_tell();
    plain::use_own_world();
    char self[] = "/proc/self/exe";
    char path[4096] = {};
    expect(readlink(self, path, sizeof path - 1) > 0, "/proc/self/exe");
    attaching(path);
    independent();
    crowd();
    return 0;
}
