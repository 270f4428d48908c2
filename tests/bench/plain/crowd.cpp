// crowd.cpp - a thousand waiters at once; beginning to take part; two that have nothing to do with each other.
//
// Purpose     SetEvent on a manual-reset event with 1,000 threads asleep on it, per waiter, against sem_post as often
//             on one semaphore on which as many sleep, and on a named semaphore for each of them. The first call of a
//             process, which attaches, against fork + exec + exit of /bin/true. Two threads with a mutex each, whose
//             objects lie beside each other, against one alone. A semaphore that goes round among 2 to 16 threads.

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

constexpr int kWaiters = 1000, kTimes = 15, kStarts = 41, kBatonMs = 300, kTurns = 21;

// `kWaiters` threads that run `wait` once, all of them asleep in it when `signal` is timed (processor time). `first` is
// what each of them does before, so that it has nothing else to do in `wait` but to sleep.
template <class First, class Wait, class Signal>
double per_waiter(First first, Wait wait, Signal signal) {
    std::vector<double> each;
    for (int time = 0; time < kTimes; ++time) {
        std::atomic<int> inside{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < kWaiters; ++i)
            threads.emplace_back([&, i] {
                first();
                inside.fetch_add(1);
                wait(i);
            });
        while (inside.load() < kWaiters) usleep(1000);
        usleep(100000);  // the last of them are on their way to sleep; who came late would find the signal set
        const double begun = now_ns(CLOCK_THREAD_CPUTIME_ID);
        signal();
        each.push_back((now_ns(CLOCK_THREAD_CPUTIME_ID) - begun) / kWaiters);
        for (std::thread& thread : threads) thread.join();
    }
    return plain::median(each);
}

void take(sem_t* semaphore) {
    while (sem_wait(semaphore) != 0) {}
}

void crowd() {
    const HANDLE event = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    plain::figure("set_event_per_waiter", per_waiter(
        [=] {
            ResetEvent(event);  // of the last time; and the thread is attached now
        },
        [=](int) { WaitForSingleObject(event, INFINITE); }, [=] { SetEvent(event); }));
    // What a hand-over to each of them costs at least: a named semaphore for each, as the bells are.
    std::vector<sem_t*> bells;
    for (int i = 0; i < kWaiters; ++i) {
        const std::string name = "/bench-" + std::to_string(getpid()) + "-" + std::to_string(i);
        bells.push_back(sem_open(name.c_str(), O_CREAT | O_EXCL, 0600, 0));
        expect(bells.back() != SEM_FAILED, "sem_open");
        sem_unlink(name.c_str());
    }
    plain::figure("own_sem_post_per_waiter", per_waiter([] {}, [&](int i) { take(bells[i]); }, [&] {
        for (sem_t* const bell : bells) sem_post(bell);
    }));
    for (sem_t* const bell : bells) sem_close(bell);
    auto* const semaphore = static_cast<sem_t*>(
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    sem_init(semaphore, 1, 0);
    plain::figure("sem_post_per_waiter", per_waiter([] {}, [=](int) { take(semaphore); }, [=] {
        for (int i = 0; i < kWaiters; ++i) sem_post(semaphore);
    }));
}

// Nanoseconds for one hand-over, if `parties` threads hand a signal round: what a mutex that is handed over in the
// order of arrival costs at least, if all of them want it all the time.
double baton(int parties) {
    struct alignas(128) Place {
        sem_t turn;
    };
    std::vector<Place> places(static_cast<size_t>(parties));
    for (Place& place : places) sem_init(&place.turn, 1, 0);
    std::atomic<bool> stop{false};
    std::atomic<long> rounds{0};
    std::vector<std::thread> threads;
    for (size_t i = 0; i < places.size(); ++i)
        threads.emplace_back([&, i] {
            long mine = 0;
            for (bool last = false; !last; ++mine) {
                take(&places[i].turn);
                last = stop.load(std::memory_order_relaxed);
                sem_post(&places[(i + 1) % places.size()].turn);
            }
            rounds.fetch_add(mine);
        });
    const double begun = now_ns();
    sem_post(&places[0].turn);
    usleep(kBatonMs * 1000);
    stop.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads) thread.join();
    return (now_ns() - begun) / static_cast<double>(rounds.load());
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
    return plain::cost(100000, [=](int) {
        WaitForSingleObject(mutex, INFINITE);
        ReleaseMutex(mutex);
    }, 1);
}

// In processor time of each, so that other work on the machine takes no part; alone and beside the other by turns.
void independent() {
    const HANDLE mine = CreateMutexA(nullptr, FALSE, nullptr), other = CreateMutexA(nullptr, FALSE, nullptr);
    std::vector<double> alone, beside;
    for (int i = 0; i < kTurns; ++i) {
        alone.push_back(pairs(mine));
        std::atomic<bool> begun{false}, stop{false};
        std::thread neighbour([&] {
            while (!stop.load(std::memory_order_relaxed)) {
                WaitForSingleObject(other, INFINITE);
                ReleaseMutex(other);
                begun.store(true, std::memory_order_relaxed);
            }
        });
        while (!begun.load(std::memory_order_relaxed)) {}
        beside.push_back(pairs(mine));
        stop.store(true);
        neighbour.join();
    }
    plain::figure("mutex_alone", plain::median(alone));
    plain::figure("mutex_beside_another", plain::median(beside));
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
    for (int parties = 2; parties <= 16; parties *= 2)
        plain::figure("baton_" + std::to_string(parties), baton(parties));
    return 0;
}
