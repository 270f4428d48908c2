// segment_file.h - the test's own look at the segment, past the library: for what cannot be arranged by calls.
//
// Purpose     Locks held by hand, and arrays that look full, by the library's own layout (shim/shm/layout.h).
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "shim/shm/layout.h"
#include "tests/support/check.h"

namespace segment_file {

namespace shm = winshim::shm;

class Segment {
public:
    // The segment of the namespace this process is in; somebody must be attached.
    Segment() {
        const char *space = getenv("WINSHIM_NAMESPACE");
        char wanted[256];
        snprintf(wanted, sizeof wanted, "-%s", space != nullptr ? space : "");
        DIR *directory = opendir("/dev/shm");
        while (const dirent *entry = directory != nullptr ? readdir(directory) : nullptr) {
            const size_t length = strlen(entry->d_name), ending = strlen(wanted);
            if (strncmp(entry->d_name, "winshim-", 8) != 0 || length < ending) continue;
            if (strcmp(entry->d_name + length - ending, wanted) == 0)
                snprintf(path_, sizeof path_, "/dev/shm/%s", entry->d_name);
        }
        if (directory != nullptr) closedir(directory);
        map();
    }
    explicit Segment(const std::string &path) {
        snprintf(path_, sizeof path_, "%s", path.c_str());
        map();
    }
    ~Segment() {
        if (base_ != nullptr) munmap(base_, shm::kSegmentBytes);
        if (fd_ >= 0) close(fd_);
    }
    Segment(const Segment &) = delete;
    Segment &operator=(const Segment &) = delete;

    bool is_open() const { return base_ != nullptr; }
    const char *path() const { return path_; }
    int fd() const { return fd_; }
    unsigned char *base() const { return base_; }

    shm::Header &header() const { return *reinterpret_cast<shm::Header *>(base_); }
    shm::Process &process(unsigned i) const { return reinterpret_cast<shm::Process *>(base_ + shm::kProcessesAt)[i]; }
    shm::Thread &thread(unsigned i) const { return reinterpret_cast<shm::Thread *>(base_ + shm::kThreadsAt)[i]; }
    shm::Object &object(unsigned i) const { return reinterpret_cast<shm::Object *>(base_ + shm::kObjectsAt)[i]; }
    shm::HandleChunk &chunk(unsigned i) const {
        return reinterpret_cast<shm::HandleChunk *>(base_ + shm::kChunksAt)[i];
    }

    shm::NameCell &cell(unsigned i) const { return reinterpret_cast<shm::NameCell *>(base_ + shm::kCellsAt)[i]; }
    std::atomic<std::uint32_t> &bucket(unsigned i) const {
        return reinterpret_cast<std::atomic<std::uint32_t> *>(base_ + shm::kBucketsAt)[i];
    }

    // The object behind a handle of this process.
    unsigned object_of(HANDLE handle) const {
        const auto index = reinterpret_cast<std::uintptr_t>(handle) / 4 - 1;
        for (unsigned i = 0; i < header().processes.load(); ++i) {
            if (process(i).pid.load() != static_cast<unsigned>(getpid())) continue;
            const unsigned place = process(i).chunk[index / shm::kHandlesPerChunk].load();
            if (place == 0) return 0;
            return static_cast<unsigned>(chunk(place - 1).entry[index % shm::kHandlesPerChunk].load() >> 44);
        }
        return 0;
    }

    // The calling thread, which is attached, is about to take a first lock by hand, or has given back the last one: a
    // lock held by somebody who is in no section would be taken for damage.
    void next_section() const {
        for (unsigned i = 0; i < header().threads.load(); ++i) {
            const auto tid = static_cast<unsigned>(gettid());
            std::atomic<winshim::u64> &sections = thread(i).sections;
            if (thread(i).tid.load() != tid) continue;
            sections.store(shm::sealed(static_cast<unsigned>(sections.load()) + 1, tid));
        }
    }

private:
    void map() {
        fd_ = open(path_, O_RDWR | O_CLOEXEC);
        if (fd_ < 0) return;
        void *at = mmap(nullptr, shm::kSegmentBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd_, 0);
        base_ = at == MAP_FAILED ? nullptr : static_cast<unsigned char *>(at);
    }

    char path_[300] = "";
    int fd_ = -1;
    unsigned char *base_ = nullptr;
};

}  // namespace segment_file
