// explain.cpp - the reasons, their error codes and their words.
#include "shim/shm/explain.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <pthread.h>
#include <unistd.h>

#include "shim/shm/segment.h"

namespace winshim::shm {

constinit std::atomic<u32> unexplained{0};

namespace {

struct Reason {
    Status status;
    const char* words;  // after the file's name
};

constexpr Reason kReasons[] = {
    {Status::access_denied, nullptr},  // what it is
    {Status::access_denied, "this program has rights that its user has not; refused"},
    {Status::access_denied, "permission denied"},
    {Status::access_denied, "the file system is read-only"},
    {Status::revision_mismatch, "was made by another version of winshim; refused (remove it when no program uses it)"},
    {Status::revision_mismatch, "is not a winshim segment; refused"},
    {Status::no_system_resources, "the file-size limit (RLIMIT_FSIZE) is too low for it"},
    {Status::no_system_resources, "there is no /dev/shm"},
    {Status::no_system_resources, "the file system is full"},
    {Status::no_system_resources, "a capacity is used up (objects, names, threads, processes or handles)"},
    {Status::not_enough_memory, "no address space or memory for it (RLIMIT_AS?)"},
    {Status::too_many_open_files, "no file descriptor is free to open it (RLIMIT_NOFILE?)"},
    {Status::no_system_resources, "it cannot be locked"},
    {Status::no_system_resources, nullptr},  // the system's own words
};
static_assert(sizeof kReasons / sizeof *kReasons == static_cast<u32>(Why::count));

std::atomic<u32> explained{0};
std::atomic<int> system_error{0};
std::atomic<const char*> planted{""};

constexpr int kDeadly[] = {SIGXFSZ, SIGPIPE};

}  // namespace

Status refuse(Why why) noexcept {
    const u32 bit = 1u << static_cast<u32>(why);
    if ((explained.load(std::memory_order_relaxed) & bit) == 0) unexplained.fetch_or(bit, std::memory_order_relaxed);
    return kReasons[static_cast<u32>(why)].status;
}

Status refuse_planted(const char* words) noexcept {
    planted.store(words, std::memory_order_relaxed);
    return refuse(Why::planted);
}

Status refuse_errno(int error) noexcept {
    switch (error) {
        case EMFILE:
        case ENFILE: return refuse(Why::no_descriptor);
        case ENOMEM: return refuse(Why::address_space);
        case EACCES:
        case EPERM: return refuse(Why::permission);
        case EROFS: return refuse(Why::read_only);
        case ENOENT: return refuse(Why::missing);
        case EFBIG: return refuse(Why::file_size);
        case ENOSPC:
        case EDQUOT:
        case EFAULT: return refuse(Why::full);       // a page of the file that cannot be had
        case ENOLCK: return refuse(Why::no_lock);
        default: system_error.store(error, std::memory_order_relaxed); return refuse(Why::system);
    }
}

void room_after_all(Status status) noexcept {
    constexpr u32 kRoom = 1u << static_cast<u32>(Why::full) | 1u << static_cast<u32>(Why::out_of_slots);
    if (status == Status::success) unexplained.fetch_and(~kRoom, std::memory_order_relaxed);
}

void explain_all() noexcept {
    const KeepErrno keep;
    const u32 noted = unexplained.exchange(0, std::memory_order_relaxed);
    const u32 fresh = noted & ~explained.fetch_or(noted, std::memory_order_relaxed);
    const DeadlySignalsHeld held;
    int cancel;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    for (u32 i = 0; i < static_cast<u32>(Why::count); ++i) {
        if ((fresh >> i & 1) == 0) continue;
        const char* words = kReasons[i].words;
        if (i == static_cast<u32>(Why::planted)) words = planted.load(std::memory_order_relaxed);
        if (words == nullptr) words = strerror(system_error.load(std::memory_order_relaxed));
        char line[512];
        const int length = snprintf(line, sizeof line, "winshim: /dev/shm%s: %s\n", segment_name(), words);
        // In one piece, past stdio: a handler may have interrupted that. If nobody listens, nobody is told.
        if (length > 0 && write(STDERR_FILENO, line, static_cast<size_t>(length)) < 0) continue;
    }
    pthread_setcancelstate(cancel, &cancel);
}

DeadlySignalsHeld::DeadlySignalsHeld() noexcept {
    sigset_t deadly;
    sigemptyset(&deadly);
    for (const int number : kDeadly) sigaddset(&deadly, number);
    pthread_sigmask(SIG_BLOCK, &deadly, &mask_);
    sigpending(&pending_);
}

// What became pending meanwhile is ours: the kernel sends both to the thread that wrote.
DeadlySignalsHeld::~DeadlySignalsHeld() noexcept {
    const KeepErrno keep;
    for (const int number : kDeadly) {
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, number);
        const timespec none{};
        if (sigismember(&pending_, number) == 0) sigtimedwait(&one, nullptr, &none);
    }
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
}

}  // namespace winshim::shm
