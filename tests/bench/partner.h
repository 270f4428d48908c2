// partner.h - the other side of a ping-pong: a thread or an unrelated process that answers every ping with a pong.
//
// Purpose     One round is two signals and two waits, each side asleep (or spinning) while the other works. The four
//             kinds - events or semaphores, thread or process - run the same loops, so that only the primitive differs.
// Protocol    The page is shared by file descriptor. The partner sets `ready` when it waits for the first ping; to end,
//             the caller sets `stop` and pings once more.
#pragma once

#include <sched.h>
#include <semaphore.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "bench.h"

namespace bench {

enum class Primitive { events, semaphores };

struct Court {
    sem_t ping;
    sem_t pong;
    std::atomic<int> ready;
    std::atomic<int> stop;
};

// One player's view: how it signals and how it waits.
class Player {
public:
    // `serves`: the side that signals ping and waits for pong.
    Player(Primitive primitive, Court* court, bool serves) : primitive_(primitive), court_(court), serves_(serves) {
        if (primitive_ == Primitive::semaphores) return;
        ping_.emplace(CreateEventA(nullptr, FALSE, FALSE, "ping"));
        pong_.emplace(CreateEventA(nullptr, FALSE, FALSE, "pong"));
    }
    bool signal() const {
        if (primitive_ == Primitive::semaphores) return sem_post(serves_ ? &court_->ping : &court_->pong) == 0;
        return SetEvent((serves_ ? ping_ : pong_)->get());
    }
    bool wait() const {
        if (primitive_ == Primitive::events) {
            return WaitForSingleObject((serves_ ? pong_ : ping_)->get(), INFINITE) == WAIT_OBJECT_0;
        }
        while (sem_wait(serves_ ? &court_->pong : &court_->ping) != 0) {
            if (errno != EINTR) return false;
        }
        return true;
    }
    // The partner's whole life.
    void answer() const {
        court_->ready.store(1, std::memory_order_release);
        while (wait() && !court_->stop.load(std::memory_order_acquire)) {
            if (!signal()) break;
        }
    }

private:
    Primitive primitive_;
    Court* court_;
    bool serves_;
    std::optional<Handle> ping_;
    std::optional<Handle> pong_;
};

// The CPUs that this process may use, in order.
inline std::vector<int> allowed_cpus() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    sched_getaffinity(0, sizeof allowed, &allowed);
    std::vector<int> cpus;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
    }
    return cpus;
}

// Keeps the calling thread on one CPU for as long as it lives.
class Pinned {
public:
    explicit Pinned(int cpu) {
        sched_getaffinity(0, sizeof before_, &before_);
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof one, &one);
    }
    ~Pinned() { sched_setaffinity(0, sizeof before_, &before_); }
    Pinned(const Pinned&) = delete;
    Pinned& operator=(const Pinned&) = delete;

private:
    cpu_set_t before_;
};

// The page that both sides map; it outlives an exec by its descriptor.
class CourtPage {
public:
    explicit CourtPage(int fd) : fd_(fd), court_(static_cast<Court*>(
        mmap(nullptr, sizeof(Court), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0))) {}
    ~CourtPage() { munmap(court_, sizeof(Court)); close(fd_); }
    CourtPage(const CourtPage&) = delete;
    CourtPage& operator=(const CourtPage&) = delete;
    static int create() {
        const int fd = memfd_create("court", 0);
        if (fd >= 0 && ftruncate(fd, sizeof(Court)) != 0) abort();
        return fd;
    }
    int fd() const { return fd_; }
    Court* get() const { return court_; }

private:
    int fd_;
    Court* court_;
};

// The role that a second process is started in: --partner PRIMITIVE CPU FD.
inline int partner_main(char** arguments) {
    const Pinned pinned(atoi(arguments[1]));
    const CourtPage page(atoi(arguments[2]));
    Player(strcmp(arguments[0], "events") == 0 ? Primitive::events : Primitive::semaphores, page.get(), false).answer();
    return 0;
}

// Starts this program again in that role: an unrelated process, which knows nothing but names and the page.
inline pid_t start_partner_process(Primitive primitive, int cpu, int court_fd) {
    std::string words[] = {"partner", "--partner", primitive == Primitive::events ? "events" : "semaphores",
                           std::to_string(cpu), std::to_string(court_fd)};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), words[4].data(), nullptr};
    pid_t pid = -1;
    if (posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, arguments, environ) != 0) abort();
    return pid;
}

}  // namespace bench
