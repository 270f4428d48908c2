// page.h - the page that the harness and its processes share, and how they wait for one another.
//
// Purpose     Roles: the controller (uses no library; forks, steps, kills), the referee (attached; arranges the objects
//             and judges), the waiters (threads of one more attached process), and the victims, which die. Everything
//             they tell one another is here, so that a death in the library cannot stop the harness.
// Protocol    Whoever wants something writes the wish, then ask(); the other side does it, then answer().
#pragma once

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <windows.h>

#include <atomic>
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace killstep {

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kPatience = 10'000 * kMs;  // nobody may hang for longer than this
constexpr unsigned kWaiters = 3;
constexpr unsigned kVictims = 3;                   // the victim, the repairer, the corpse

inline std::uint64_t now_ns() {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

using Word = std::atomic<std::uint32_t>;

inline void wake(Word& word) { syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0); }

inline void sleep_on(Word& word, std::uint32_t value, std::uint64_t most_ns) {
    const timespec most{static_cast<time_t>(most_ns / 1'000'000'000u), static_cast<long>(most_ns % 1'000'000'000u)};
    syscall(SYS_futex, &word, FUTEX_WAIT, value, &most, nullptr, 0);
}

struct Post {
    Word asked, answered;
};

inline void ask(Post& post) {
    post.asked.fetch_add(1);
    wake(post.asked);
}
inline void answer(Post& post) {
    post.answered.store(post.asked.load());
    wake(post.answered);
}
inline bool is_answered(Post& post) { return post.answered.load() == post.asked.load(); }

// Waits until the wish has been done. False at the deadline.
inline bool await_answer(Post& post, std::uint64_t deadline_ns) {
    for (;;) {
        const std::uint32_t seen = post.answered.load();
        if (seen == post.asked.load()) return true;
        const std::uint64_t now = now_ns();
        if (now >= deadline_ns) return false;
        sleep_on(post.answered, seen, deadline_ns - now);
    }
}

// Waits for the next wish.
inline void await_wish(Post& post) {
    for (;;) {
        const std::uint32_t seen = post.asked.load();
        if (seen != post.answered.load()) return;
        sleep_on(post.asked, seen, 60'000 * kMs);
    }
}

// open and set_opened are two wishes: opening takes the name's lock and the object's guard, a SetEvent may need
// neither.
enum class Form : std::uint32_t { any, all, poll, release, release_all, open, set_opened, forget };

struct WaiterPost {
    Post post;
    Word tid;
    Word begun;       // the wish that it has begun
    Form form;
    char objects[4];  // ids, ended by 0
    DWORD result;
};

enum class Stage : std::uint32_t { none, attached, ready, stepping, finished };

struct VictimPost {
    Post post;   // attach, then make ready
    Word go;     // 1: the operation may begin
    Word pid;
    Word tid;    // of the thread that makes the call
    std::atomic<Stage> stage;
};

// What happened to the victim, and what the shared state said when it stopped for good: what had happened by then must
// stand, what had not must not happen.
struct Fate {
    bool finished;             // the call had returned
    bool helped;               // it was blocked, and the referee did what it waited for
    bool blocked;              // it was killed while it was blocked
    bool owned[26];            // the victim owned the mutex of this id
    bool signaled[26];         // the object of this id was signaled, or a pulse was under way
    bool undecided[kWaiters];  // the waiter was blocked
    std::uint64_t due[26];     // the due word of the timer of this id
};

enum class Duty : std::uint32_t { begin, arrange, queue, help, meanwhile, judge, fork_victim, corpse_blocked };
enum class Newcomer : std::uint32_t { none, attached, leave };

struct Page {
    Post referee;
    Duty duty;
    std::uint32_t operation;
    std::uint32_t trial;
    Fate fate;
    bool patient;                     // let the survivors heal alone before anybody touches anything
    bool embryos;                     // a fork's child to be may hold handles for a minute
    char failure[400];                // the referee's answer; empty = fine
    std::atomic<const char*> doing;   // what the referee is at, for the report of a hang
    Word sweep_wanted;                // the referee asks the controller for a sweep of the dead
    std::atomic<std::uint32_t> told;  // the result that the victim got, kNothingTold before
    std::atomic<Newcomer> newcomer;
    HANDLE handle[26];                // the referee's
    HANDLE process_handle;            // the referee's to itself
    WaiterPost waiter[kWaiters];
    VictimPost victim[kVictims];
};

constexpr std::uint32_t kNothingTold = ~0u;

inline Page* make_page() {
    void* at = mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) abort();
    return new (at) Page{};
}

// The name of object `id` in a trial.
struct Name {
    char text[320];
    Name(std::uint32_t trial, char id) {
        int at = snprintf(text, sizeof text, "k%u-%c", trial, id);
        if (id == 'l')  // a long one, over several cells
            while (at < 240) text[at++] = 'l';
        text[at] = 0;
    }
};

inline HANDLE open_object(std::uint32_t trial, char id) {
    const Name name(trial, id);
    switch (id) {
        case 'm': case 'n': return OpenMutexA(MUTEX_ALL_ACCESS, FALSE, name.text);
        case 's': return OpenSemaphoreA(SEMAPHORE_ALL_ACCESS, FALSE, name.text);
        case 't': return OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, name.text);
        default: return OpenEventA(EVENT_ALL_ACCESS, FALSE, name.text);
    }
}

}  // namespace killstep
