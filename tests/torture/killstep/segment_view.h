// segment_view.h - a look at the segment from outside, read-only: who is blocked, what the dead left, what there is.
//
// Purpose     Some things cannot be asked through the API without changing them: whether a waiter is blocked for good
//             (rather than on its way out), and whether anything at all is left of a trial.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include <windows.h>

#include "shim/object/kind.h"
#include "shim/object/rule.h"
#include "shim/object/state_word.h"
#include "shim/object/timer.h"
#include "shim/wait/wait_word.h"
#include "tests/torture/private_shm.h"

namespace killstep {

namespace shm = winshim::shm;

class SegmentView {
public:
    // `space`: the namespace, with which the segment's file name ends. False: there is no segment.
    bool open(const std::string& space) {
        for (const std::string& name : torture::names_in_shm("-" + space)) {
            if (!name.starts_with("winshim-")) continue;
            const int fd = ::open(("/dev/shm/" + name).c_str(), O_RDONLY | O_CLOEXEC);
            if (fd < 0) return false;
            void* at = mmap(nullptr, shm::kSegmentBytes, PROT_READ, MAP_SHARED | MAP_NORESERVE, fd, 0);
            ::close(fd);
            base_ = at == MAP_FAILED ? nullptr : static_cast<unsigned char*>(at);
            return base_ != nullptr;
        }
        return false;
    }
    void close() {
        if (base_ != nullptr) munmap(base_, shm::kSegmentBytes);
        base_ = nullptr;
    }
    bool is_open() const { return base_ != nullptr; }

    // Asleep in a wait that nobody has decided yet, with its blocks armed.
    bool is_blocked(std::uint32_t tid) const {
        for (std::uint32_t i = 0; i < header().threads.load(); ++i) {
            if (thread(i).tid.load() != tid || thread(i).slot.load() != shm::Slot::live) continue;
            const std::uint64_t word = thread(i).word.load();
            return winshim::wait_word::phase(word) == winshim::wait_word::waiting &&
                   (word & winshim::wait_word::kParked) != 0;
        }
        return false;
    }

    // Whether thread `tid` holds a lock that protects shared state.
    bool holds_lock(std::uint32_t tid) const {
        const auto held = [tid](shm::RobustLock& lock) { return (shm::lock_word(lock).load() & shm::kTidMask) == tid; };
        for (shm::RobustLock* lock : {&header().rundown, &header().names, &header().all, &header().grow})
            if (held(*lock)) return true;
        for (std::uint32_t i = 1; i < header().objects.load(); ++i)
            if (held(object(i).guard)) return true;
        return false;
    }

    // The slot of the object that a handle of process `pid` names; 0: none.
    std::uint32_t object_of(std::uint32_t pid, HANDLE handle) const {
        const std::uintptr_t index = reinterpret_cast<std::uintptr_t>(handle) / 4 - 1;
        if (handle == nullptr) return 0;
        for (std::uint32_t i = 0; i < header().processes.load(); ++i) {
            if (process(i).pid.load() != pid || process(i).slot.load() != shm::Slot::live) continue;
            const std::uint32_t at = process(i).chunk[index / shm::kHandlesPerChunk].load();
            if (at == 0) return 0;
            return static_cast<std::uint32_t>(chunk(at - 1).entry[index % shm::kHandlesPerChunk].load() >> 44);
        }
        return 0;
    }
    // Its state word; 0: none.
    std::uint64_t state_of(std::uint32_t pid, HANDLE handle) const {
        const std::uint32_t index = object_of(pid, handle);
        return index == 0 ? 0 : object(index).state.load();
    }
    // Whether an object that is no mutex is signaled, or a pulse is under way.
    bool signaled(std::uint32_t pid, HANDLE handle) const {
        const std::uint32_t index = object_of(pid, handle);
        const auto rule = static_cast<winshim::Rule>(object(index).rule.get());
        return index != 0 && winshim::signaled(rule, object(index).state.load(), 0);
    }
    // The due word of the timer that the handle names; 0 also if it names none.
    std::uint64_t due_word_of(std::uint32_t pid, HANDLE handle) const {
        const std::uint32_t index = object_of(pid, handle);
        return index == 0 ? 0 : winshim::timer::due_word(object(index));
    }
    bool owns(std::uint32_t tid, std::uint64_t mutex_state) const {
        const std::uint32_t owner = winshim::state::value(mutex_state);
        return owner != 0 && owner <= header().threads.load() && thread(owner - 1).tid.load() == tid;
    }

    // What is left though only the processes `first`, `second` and `third` live and hold no handle. Empty: nothing.
    std::string leftovers(std::uint32_t first, std::uint32_t second, std::uint32_t third, bool embryos) const {
        const auto mine = [&](std::uint32_t pid) { return pid == first || pid == second || pid == third; };
        std::string text;
        const auto say = [&](const char* what, std::uint32_t index, std::uint64_t value) {
            char line[100];
            snprintf(line, sizeof line, "%s%s %u (0x%llx)", text.empty() ? "" : ", ", what, index,
                     static_cast<unsigned long long>(value));
            if (text.size() < 200) text += line;
        };
        for (std::uint32_t i = 0; i < header().processes.load(); ++i) {
            const shm::Slot slot = process(i).slot.load();
            if (slot == shm::Slot::embryo && embryos) continue;
            if (slot != shm::Slot::free && !mine(process(i).pid.load())) say("process slot", i, process(i).pid.load());
        }
        for (std::uint32_t i = 0; i < header().threads.load(); ++i)
            if (thread(i).slot.load() != shm::Slot::free && !mine(process(thread(i).process.load()).pid.load()))
                say("thread slot", i, thread(i).tid.load());
        for (std::uint32_t c = 0; c < header().chunks.load(); ++c) {
            const std::uint32_t owner = header().chunk_owner[c].load();
            if (owner == 0 || (embryos && process(owner - 1).slot.load() == shm::Slot::embryo)) continue;
            if (!mine(process(owner - 1).pid.load())) say("handle chunk", c, owner);
            for (std::uint32_t i = 0; i < shm::kHandlesPerChunk; ++i)
                if (const std::uint64_t entry = chunk(c).entry[i].load(); entry != 0) say("handle entry", i, entry);
        }
        for (std::uint32_t i = 1; i < header().objects.load() && !embryos; ++i) {
            const std::uint64_t state = object(i).state.load();
            const auto kind = static_cast<winshim::Kind>(object(i).type.get());
            const bool own = (kind == winshim::Kind::process || kind == winshim::Kind::thread) && is_identity(i);
            if (winshim::state::phase(state) != winshim::state::kFree && !own) say("object", i, state);
        }
        char files[60];  // of mappings, none of which lives now
        snprintf(files, sizeof files, "map.winshim-%u-%016llx.", geteuid(),
                 static_cast<unsigned long long>(header().id));
        for (const std::string& name : torture::names_in_shm(""))
            if (name.starts_with(files)) text += (text.empty() ? "" : ", ") + name;
        return text;
    }

    // Objects whose slot is free but cannot be found any more, because its hint bit is missing.
    std::string hidden_slots() const {
        for (std::uint32_t i = 1; i < header().objects.load(); ++i) {
            const auto& hint = reinterpret_cast<std::atomic<std::uint64_t>*>(base_ + shm::kHintsAt)[i / 64];
            const bool free = winshim::state::phase(object(i).state.load()) == winshim::state::kFree;
            if (free && (hint.load() >> (i % 64) & 1) == 0)
                return "free object slot " + std::to_string(i) + " has no hint";
        }
        return "";
    }

private:
    shm::Header& header() const { return *reinterpret_cast<shm::Header*>(base_); }
    shm::Process& process(std::uint32_t i) const {
        return reinterpret_cast<shm::Process*>(base_ + shm::kProcessesAt)[i];
    }
    shm::Thread& thread(std::uint32_t i) const { return reinterpret_cast<shm::Thread*>(base_ + shm::kThreadsAt)[i]; }
    shm::Object& object(std::uint32_t i) const { return reinterpret_cast<shm::Object*>(base_ + shm::kObjectsAt)[i]; }
    shm::HandleChunk& chunk(std::uint32_t i) const {
        return reinterpret_cast<shm::HandleChunk*>(base_ + shm::kChunksAt)[i];
    }

    bool is_identity(std::uint32_t index) const {
        for (std::uint32_t i = 0; i < header().processes.load(); ++i)
            if (process(i).object.get() == index || process(i).primary.get() == index) return true;
        for (std::uint32_t i = 0; i < header().threads.load(); ++i)
            if (thread(i).object.get() == index) return true;
        return false;
    }

    unsigned char* base_ = nullptr;
};

}  // namespace killstep
