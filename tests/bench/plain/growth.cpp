// growth.cpp - cost per operation against objects alive, handles open and processes attached; memory per named object.
//
// Purpose     None of them may make a call dearer. The objects are named mutexes, each with a handle of this process;
//             the names that are opened are chosen at random among all of them, so that caches help as little as they
//             would. What the machine takes for that alone is measured beside it: one load after the other, at random
//             places of shared memory, from arrays as large as those of the buckets, cells and objects of the names.
//             Memory is what the shared file has come to occupy, divided by the objects made meanwhile.

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>
#include <numeric>
#include <random>

#include "plain.h"

namespace {

using plain::cost;
using plain::curve;
using plain::expect;

constexpr int kRounds = 2000;

void name_of(unsigned i, char (&name)[24]) { snprintf(name, sizeof name, "grown-%07u", i); }

// The three prices of which the curves tell.
void measure_calls(const std::string& against, double x, HANDLE mutex) {
    curve("pair/" + against, x, cost(kRounds, [=](int) {
        WaitForSingleObject(mutex, INFINITE);
        ReleaseMutex(mutex);
    }));
    curve("create-close/" + against, x, cost(kRounds, [](int) { CloseHandle(CreateEventA(nullptr, 0, 0, nullptr)); }));
    curve("create-close-named/" + against, x, cost(kRounds, [](int) { CloseHandle(CreateMutexA(nullptr, 0, "one")); }));
}

// Bytes that the segment of this world occupies.
double bytes_in_use(const std::string& world) {
    double bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator("/dev/shm")) {
        const std::string name = file.path().filename();
        struct stat st{};
        const bool ours = name.rfind("winshim-", 0) == 0 && name.find(world) != std::string::npos;
        if (ours && stat(file.path().c_str(), &st) == 0)
            bytes += static_cast<double>(st.st_blocks) * 512;
    }
    return bytes;
}

void objects_alive(unsigned most) {
    const std::string world = getenv("WINSHIM_NAMESPACE");
    const HANDLE mutex = CreateMutexA(nullptr, FALSE, nullptr);
    std::minstd_rand random(1);
    unsigned made = 0;
    double bytes_before = 0, made_before = 0;
    char name[24];
    for (unsigned count = 100; count <= most; count *= 10) {
        for (; made < count; ++made) {
            name_of(made, name);
            expect(CreateMutexA(nullptr, FALSE, name) != nullptr, "CreateMutex of one more");
        }
        measure_calls("objects", count, mutex);
        const double open = cost(kRounds, [&](int) {
            name_of(static_cast<unsigned>(random() % made), name);
            const HANDLE again = OpenMutexA(SYNCHRONIZE, FALSE, name);
            if (again == nullptr) plain::fail("OpenMutex");
            CloseHandle(again);
        });
        curve("open-random/objects", count, open);
        if (count == 100) plain::figure("open_random_100", open);
        if (count == 1000000) plain::figure("open_random_1000000", open);
        const double bytes = bytes_in_use(world);
        if (count * 10 > most) plain::figure("bytes_per_named_object", (bytes - bytes_before) / (made - made_before));
        bytes_before = bytes;
        made_before = made;
    }
    plain::figure("one_byte", 1);
}

// Nanoseconds for a load whose address is the result of the one before, among `count` places of `size` bytes.
double one_load(size_t count, size_t size) {
    const int fd = memfd_create("places", 0);
    expect(fd >= 0 && ftruncate(fd, static_cast<off_t>(count * size)) == 0, "memfd_create");
    auto* const places = static_cast<char*>(mmap(nullptr, count * size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    expect(places != MAP_FAILED, "mmap");
    const auto at = [=](size_t i) { return reinterpret_cast<volatile unsigned*>(places + i * size); };
    std::vector<unsigned> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    for (size_t i = 0; i < count; ++i) *at(order[i]) = order[(i + 1) % count];
    size_t now = 0;
    const double ns = cost(kRounds * 10, [&](int) { now = *at(now); });
    munmap(places, count * size);
    close(fd);
    return ns;
}

void loads_of_a_name(unsigned names) {
    const double ns = one_load(size_t{1} << 20, 4) + one_load(names, 64) + one_load(names, 128);
    plain::figure("three_loads_of_" + std::to_string(names), ns);
}

void handles_open() {
    const HANDLE event = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    unsigned made = 0;
    for (unsigned count = 100; count <= 100000; count *= 10) {
        for (HANDLE copy; made < count; ++made)
            expect(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, FALSE,
                                   DUPLICATE_SAME_ACCESS), "DuplicateHandle");
        measure_calls("handles", count, CreateMutexA(nullptr, FALSE, nullptr));
    }
}

void processes_attached() {
    const HANDLE mutex = CreateMutexA(nullptr, FALSE, "shared");
    int ready[2], stop[2];
    expect(pipe(ready) == 0 && pipe(stop) == 0, "pipe");
    std::vector<pid_t> children;
    for (unsigned count = 1; count <= 256; count *= 4) {
        while (children.size() + 1 < count) {
            const pid_t child = fork();
            char byte = 0;
            if (child == 0) {
                close(stop[1]);
                WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 && ReleaseMutex(mutex);
                if (write(ready[1], "", 1) == 1 && read(stop[0], &byte, 1) >= 0) exit(0);
                exit(1);
            }
            children.push_back(child);
            expect(child > 0 && read(ready[0], &byte, 1) == 1, "one more process");
        }
        measure_calls("processes", count, mutex);
    }
    close(stop[1]);
    for (const pid_t child : children) waitpid(child, nullptr, 0);
}

// Each part in a process, and a world, of its own.
template <class Part>
void apart(Part part) {
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        plain::use_own_world();
        part();
        exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) exit(1);
}

}  // namespace

int main(int argc, char** argv) {
    const unsigned most = argc > 1 ? static_cast<unsigned>(atoi(argv[1])) : 1000000;
    apart([=] { objects_alive(most); });
    apart([=] { loads_of_a_name(most); });
    apart(handles_open);
    apart(processes_attached);
    return 0;
}
