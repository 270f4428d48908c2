// victim.h - the processes that are made to be killed.
//
// Purpose     A victim is a fork of the controller, which has never used the library: it attaches as any program does.
//             The stretch to be stepped lies between two addresses that all forks share: begin_mark() and end_mark().
#pragma once

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>

#include "tests/torture/killstep/operation.h"

namespace killstep {

extern "C" {
[[gnu::noinline, gnu::used]] inline void killstep_begin_mark() { asm volatile("nop"); }
[[gnu::noinline, gnu::used]] inline void killstep_end_mark() { asm volatile("nop"); }
}

enum Role : unsigned { kFirst = 0, kRepairer = 1, kCorpse = 2 };

inline void attach_now() { CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr)); }

// The repairer: enters the guard of every object of the trial, and the directory of names.
constexpr const char* kAnyObject = "abcmst";
inline void open_all(Victim& v) {
    for (const char* id = kAnyObject; *id != 0; ++id) v[*id] = open_object(v.page.trial, *id);
}
inline void mend(Victim& v) {
    for (const char* id = kAnyObject; *id != 0; ++id) {
        HANDLE other = nullptr;
        if (v[*id] != nullptr && DuplicateHandle(GetCurrentProcess(), v[*id], GetCurrentProcess(), &other, 0, FALSE,
                                                 DUPLICATE_SAME_ACCESS))
            CloseHandle(other);
    }
    OpenEventA(EVENT_ALL_ACCESS, FALSE, v.name('x').text);
    CreateMutexA(nullptr, FALSE, v.name('y').text);
}

struct Part {
    Victim& victim;
    VictimPost& post;
    std::function<void(Victim&)> ready, act;
    bool is_ready = false;
};

// Makes itself ready when asked, and the call when the controller lets it go.
inline void play(Part& part) {
    if (!part.is_ready) {
        await_wish(part.post.post);
        part.ready(part.victim);
        part.post.tid.store(static_cast<std::uint32_t>(gettid()));
        part.post.stage.store(Stage::ready);
        answer(part.post.post);
    }
    while (part.post.go.load() == 0) sleep_on(part.post.go, 0, 1000 * kMs);
    killstep_begin_mark();
    part.act(part.victim);
    killstep_end_mark();
    part.post.stage.store(Stage::finished);
}

[[noreturn]] inline void victim_main(Page& page, const Operation& operation, Role role) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Victim victim(page);
    VictimPost& post = page.victim[role];
    Part part{victim, post, operation.ready, operation.act};
    if (role == kRepairer) part.ready = open_all, part.act = operation.rival ? operation.rival : mend;
    if (role == kCorpse) part.ready = [](Victim&) {}, part.act = operation.corpse;
    post.pid.store(static_cast<std::uint32_t>(getpid()));
    await_wish(post.post);
    if (!(operation.cold && role == kFirst)) attach_now();
    post.stage.store(Stage::attached);
    answer(post.post);
    if (role == kFirst && operation.thread) {
        pthread_t thread;
        if (operation.new_thread) {
            await_wish(post.post);
            operation.ready(victim);
            part.is_ready = true;
        }
        const auto main_of_thread = [](void* at) -> void* {
            Part& mine = *static_cast<Part*>(at);
            if (mine.is_ready) {
                mine.post.tid.store(static_cast<std::uint32_t>(gettid()));
                mine.post.stage.store(Stage::ready);
                answer(mine.post.post);
            }
            play(mine);
            return nullptr;
        };
        if (pthread_create(&thread, nullptr, main_of_thread, &part) != 0) _exit(92);
    } else {
        play(part);
    }
    for (;;) pause();
}

}  // namespace killstep
