// lock_watch.h - which shared locks a stopped thread holds, and for how many instructions it has held them.
//
// Purpose     A process that is stopped (SIGSTOP) while it holds a guard delays whoever else needs it: how long that
//             window is, is counted here. The kernel's list of a thread's robust locks is read from outside; the lock
//             that the C library is just taking or giving back (list_op_pending) counts while its word names the
//             thread.
// Limits      x86-64, glibc: a robust lock begins with its word, and the list says how far before its node that is.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "shim/shm/robust.h"
#include "tests/torture/killstep/page.h"

namespace killstep {

namespace shm = winshim::shm;

enum Lock : unsigned { kGuard, kAll, kNames, kReap, kLeaf, kLockKinds };
constexpr const char* kLockNames[kLockKinds] = {"guards", "ALL", "NAMES", "REAP", "GROW, table"};

// Longest stretches in one call, in instructions, by kind of lock; and system calls made with a guard held.
struct Sections {
    std::uint64_t longest[kLockKinds] = {};
    std::uint64_t calls_under_guard = 0;
    void add(const Sections& other) {
        for (unsigned i = 0; i < kLockKinds; ++i) longest[i] = std::max(longest[i], other.longest[i]);
        calls_under_guard += other.calls_under_guard;
    }
};

class LockWatch {
public:
    explicit LockWatch(pid_t tid) : tid_(tid) {
        std::size_t length;
        syscall(SYS_get_robust_list, tid, &head_, &length);
    }

    // After each instruction. `calls`: the next one is a system call.
    void look(bool calls) {
        bool held[kLockKinds] = {};
        read_list(held);
        for (unsigned i = 0; i < kLockKinds; ++i) {
            now_[i] = held[i] ? now_[i] + 1 : 0;
            sections_.longest[i] = std::max(sections_.longest[i], now_[i]);
        }
        if (calls && held[kGuard]) ++sections_.calls_under_guard;
        holds_ = held[kGuard] || held[kAll] || held[kNames] || held[kReap];
    }
    bool holds() const { return holds_; }
    const Sections& sections() const { return sections_; }

private:
    template <class T>
    bool read(const void* from, T& to) const {
        iovec here{&to, sizeof to}, there{const_cast<void*>(from), sizeof to};
        return process_vm_readv(tid_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(sizeof to);
    }

    void read_list(bool (&held)[kLockKinds]) {
        robust_list_head head;
        if (head_ == nullptr || !read(head_, head)) return;
        const robust_list* node = head.list.next;
        for (unsigned i = 0; node != &head_->list && i < 100; ++i) {
            note(node, head.futex_offset, held);
            robust_list at;
            if (!read(untagged(node), at)) break;
            node = at.next;
        }
        std::uint32_t word = 0;
        if (head.list_op_pending != nullptr &&
            read(reinterpret_cast<const char*>(untagged(head.list_op_pending)) + head.futex_offset, word) &&
            (word & shm::kTidMask) == static_cast<std::uint32_t>(tid_))
            note(head.list_op_pending, head.futex_offset, held);
    }

    static const robust_list* untagged(const robust_list* node) {
        return reinterpret_cast<const robust_list*>(reinterpret_cast<std::uintptr_t>(node) & ~std::uintptr_t{1});
    }

    void note(const robust_list* node, long offset, bool (&held)[kLockKinds]) {
        const std::uintptr_t lock = reinterpret_cast<std::uintptr_t>(untagged(node)) +
                                    static_cast<std::uintptr_t>(offset);
        if (base_ == 0 || lock - base_ >= shm::kSegmentBytes) find_segment(lock);
        const std::uintptr_t at = lock - base_;
        if (base_ == 0 || at >= shm::kSegmentBytes) return;
        if (at >= shm::kObjectsAt) held[kGuard] = true;
        else if (at == offsetof(shm::Header, rundown)) held[kReap] = true;
        else if (at == offsetof(shm::Header, names)) held[kNames] = true;
        else if (at == offsetof(shm::Header, all)) held[kAll] = true;
        else if (at < shm::kThreadsAt) held[kLeaf] = true;  // a thread's slot holds its life lock: that is no section
    }

    // The mapping of the segment in which `lock` lies. (A child of the referee has another one, to look at.)
    void find_segment(std::uintptr_t lock) {
        std::ifstream maps("/proc/" + std::to_string(tid_) + "/maps");
        for (std::string line; std::getline(maps, line);) {
            if (line.find("/dev/shm/winshim-") == std::string::npos) continue;
            std::uintptr_t from = 0, to = 0, offset = 0;
            char dash;
            std::string rights;
            std::istringstream(line) >> std::hex >> from >> dash >> to >> rights >> offset;
            if (lock < from || lock >= to) continue;
            base_ = from - offset;
            return;
        }
    }

    const pid_t tid_;
    robust_list_head* head_ = nullptr;
    std::uintptr_t base_ = 0;
    std::uint64_t now_[kLockKinds] = {};
    Sections sections_;
    bool holds_ = false;
};

}  // namespace killstep
