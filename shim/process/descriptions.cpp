// descriptions.cpp - the list of names, and what the kernel is told of them.
#include "shim/process/descriptions.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "shim/object/thread.h"
#include "shim/process/attach.h"
#include "shim/wait/private_lock.h"

namespace winshim::process {
namespace {

constexpr std::size_t kMostForKernel = 15;

struct Description {
    Description* next;
    wait::Target thread;
    char* text;
};
Description* all = nullptr;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

bool is_own(shm::Object& x) noexcept {
    return x.body[thread::kPid].get() == shm::process(my_process()).pid.load(std::memory_order_relaxed);
}

bool same(wait::Target a, wait::Target b) noexcept { return a.object == b.object && a.generation == b.generation; }

bool lives(wait::Target t) noexcept {
    return state::is_live(shm::object(t.object).state.load(std::memory_order_acquire), t.generation);
}

// Under the lock: takes out what `thread` had, and what belongs to nobody.
void drop_old(wait::Target thread) noexcept {
    for (Description** at = &all; *at != nullptr;) {
        Description* const d = *at;
        if (!same(d->thread, thread) && lives(d->thread)) {
            at = &d->next;
            continue;
        }
        *at = d->next;
        free(d->text);
        free(d);
    }
}

// As much of it as the kernel takes, by whole characters. Without /proc, nothing.
void tell_kernel(u32 tid, const char* text) noexcept {
    const Uncancelled uncancelled;
    std::size_t length = strlen(text);
    if (length > kMostForKernel) {
        length = kMostForKernel;
        while (length != 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
    }
    char path[48];
    snprintf(path, sizeof path, "/proc/self/task/%u/comm", tid);
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    if (write(descriptor, text, length) < 0) {}  // a mere hint to those who look
    close(descriptor);
}

}  // namespace

Status describe(wait::Target thread, const char* text) noexcept {
    shm::Object& x = shm::object(thread.object);
    if (!is_own(x)) return Status::not_supported;
    auto* const made = static_cast<Description*>(malloc(sizeof(Description)));
    char* const copy = strdup(text);
    if (made == nullptr || copy == nullptr) {
        free(made);
        free(copy);
        return Status::not_enough_memory;
    }
    {
        const wait::PrivateLock guard(lock);
        drop_old(thread);
        *made = {all, thread, copy};
        all = made;
    }
    const bool ended = state::value(x.state.load(std::memory_order_acquire)) != 0;
    if (!ended && *text != 0) tell_kernel(x.body[winshim::thread::kTid].get(), text);
    return Status::success;
}

Result<char*> description_of(wait::Target thread) noexcept {
    if (!is_own(shm::object(thread.object))) return fail<char*>(Status::not_supported);
    const wait::PrivateLock guard(lock);
    const Description* d = all;
    while (d != nullptr && !same(d->thread, thread)) d = d->next;
    char* const copy = strdup(d != nullptr ? d->text : "");
    return copy != nullptr ? Result<char*>{Status::success, copy} : fail<char*>(Status::not_enough_memory);
}

void lock_descriptions_for_fork() noexcept { pthread_mutex_lock(&lock); }
void unlock_descriptions_after_fork() noexcept { pthread_mutex_unlock(&lock); }
void renew_descriptions_lock_after_fork() noexcept { pthread_mutex_init(&lock, nullptr); }

}  // namespace winshim::process
