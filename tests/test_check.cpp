// test_check.cpp - winshim check: a sound segment is called sound, each kind of damage is named, discarding works.
//
// One process with a few objects and a blocked thread; each damage is written into its segment, looked for, and taken
// back. Lines `ok` and `FAIL`, as tests/run counts them.
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <windows.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "shim/object/kind.h"
#include "shim/object/mapping.h"
#include "shim/object/state_word.h"
#include "shim/object/timer.h"
#include "shim/shm/layout.h"

namespace {

namespace shm = winshim::shm;
using winshim::Kind;

int failures = 0;

void tell(bool holds, const std::string& what, const std::string& seen = "") {
    printf("%s %s\n", holds ? "ok  " : "FAIL", what.c_str());
    if (!holds) {
        ++failures;
        printf("     seen: %s\n", seen.c_str());
    }
    fflush(stdout);
}

struct Answer {
    int status;
    std::string text;
};

Answer run(const std::string& arguments) {
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self);
    std::string tool(self, length > 0 ? static_cast<size_t>(length) : 0);
    tool = tool.substr(0, tool.rfind('/')) + "/../winshim";
    Answer answer{-1, ""};
    FILE* pipe = popen(("'" + tool + "' " + arguments + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return answer;
    char line[400];
    while (fgets(line, sizeof line, pipe) != nullptr) answer.text += line;
    const int status = pclose(pipe);
    answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return answer;
}
bool has(const Answer& answer, const char* text) { return answer.text.find(text) != std::string::npos; }

std::string segment_path() {
    const Answer answer = run("check");
    const size_t from = answer.text.rfind("/dev/shm/"), to = answer.text.find(':', from);
    return from == std::string::npos ? "" : answer.text.substr(from, to - from);
}

unsigned char* map_segment(const std::string& path) {
    const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
    void* at = mmap(nullptr, shm::kSegmentBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
    close(fd);
    return at == MAP_FAILED ? nullptr : static_cast<unsigned char*>(at);
}

class Segment {
public:
    explicit Segment(unsigned char* base) : base_(base) {}
    shm::Header& header() { return *reinterpret_cast<shm::Header*>(base_); }
    shm::Object& object(unsigned i) { return reinterpret_cast<shm::Object*>(base_ + shm::kObjectsAt)[i]; }
    shm::Thread& thread(unsigned i) { return reinterpret_cast<shm::Thread*>(base_ + shm::kThreadsAt)[i]; }
    shm::Process& process(unsigned i) { return reinterpret_cast<shm::Process*>(base_ + shm::kProcessesAt)[i]; }
    shm::HandleChunk& chunk(unsigned i) { return reinterpret_cast<shm::HandleChunk*>(base_ + shm::kChunksAt)[i]; }
    shm::NameCell& cell(unsigned i) { return reinterpret_cast<shm::NameCell*>(base_ + shm::kCellsAt)[i]; }
    std::atomic<std::uint32_t>& bucket(unsigned i) {
        return reinterpret_cast<std::atomic<std::uint32_t>*>(base_ + shm::kBucketsAt)[i];
    }
    // A live object of this kind; waited: with a block in its queue, or with none.
    unsigned find(Kind kind, bool waited) {
        for (unsigned i = 1; i < header().objects.load(); ++i)
            if (winshim::state::phase(object(i).state.load()) == winshim::state::kLive &&
                object(i).type.get() == static_cast<unsigned char>(kind) && (object(i).head.get() != 0) == waited)
                return i;
        return 0;
    }
    unsigned used_bucket() {
        unsigned i = 0;
        while (i < 1023 && bucket(i).load() == 0) ++i;
        return i;
    }

private:
    unsigned char* base_;
};

// Writes, looks, takes back.
template <class T>
void damage(const char* what, std::atomic<T>& place, T value, const char* expected) {
    const T before = place.exchange(value);
    const Answer answer = run("check");
    place.store(before);
    tell(answer.status == 1 && has(answer, expected), std::string("names ") + what, answer.text);
}

struct Scene {
    HANDLE waited, other;
    std::atomic<bool> begun{false};
};

void* wait_in_vain(void* argument) {
    Scene& scene = *static_cast<Scene*>(argument);
    HANDLE both[] = {scene.waited, scene.other};
    scene.begun.store(true);
    WaitForMultipleObjects(2, both, FALSE, INFINITE);
    return nullptr;
}

void damage_all(Segment& s) {
    const unsigned event = s.find(Kind::event, true), quiet = s.find(Kind::event, false);
    const unsigned mutex = s.find(Kind::mutex, false), semaphore = s.find(Kind::semaphore, false);
    tell(event != 0 && quiet != 0 && mutex != 0 && semaphore != 0, "the scene is set");
    shm::Object& x = s.object(event);
    shm::Object& q = s.object(quiet);
    const std::uint32_t ref = x.head.get();
    shm::Thread& waiter = s.thread((ref - 1) / shm::kMaxWait);
    shm::Block& block = waiter.block[(ref - 1) % shm::kMaxWait];

    damage("another file's magic", s.header().magic, std::uint64_t{7}, "no segment of winshim");
    damage("a damaged count", s.header().objects.word, s.header().objects.word.load() + 1, "count of objects is damaged");
    damage("a retired mark that is none", s.header().retired, 77u, "retired is 77");
    damage("a number of buckets", s.header().bucket_count.word, shm::Count::pack(1000), "no power of two");
    damage("an unknown phase", q.state, q.state.load() | winshim::state::kPhaseMask, "its state is 0x");
    damage("an unknown kind", q.type.value, std::uint8_t{99}, "its kind is 99");
    damage("a rule of another kind", q.rule.value, std::uint8_t{4}, "does not go with kind");
    damage("a semaphore over its maximum", s.object(semaphore).limit.value, 0u, "a semaphore with 1 of at most 0");
    const unsigned timer = s.find(Kind::timer, false);
    shm::Object& t = s.object(timer);
    const std::uint64_t due = t.wide[0].get();
    damage("a set timer without SLOW", t.state, t.state.load() & ~winshim::state::kSlow, "not marked SLOW");
    damage("a timer that is set by half", t.wide[0].value, due | winshim::timer::kFresh, "is set by half");
    std::atomic<std::uint64_t>& setting = winshim::timer::setting_of(t, due).value;
    damage("a timer's period", setting, std::uint64_t{0xFFFFFFFF}, "with the period 4294967295");
    damage("a timer's setter", setting, std::uint64_t{60'000} << 32, "a timer set by thread slot 59999");
    shm::Object& map = s.object(s.find(Kind::mapping, false));
    damage("a file mapping of no size", map.wide[winshim::mapping::kSize].value, std::uint64_t{0}, "a file mapping of 0 bytes");
    damage("a file mapping that is too large", map.wide[winshim::mapping::kSize].value, std::uint64_t{1} << 40, "with a file of 4096");
    damage("a file mapping's traits", map.wide[winshim::mapping::kTraits].value, std::uint64_t{99}, "traits 0x63");
    damage("a file mapping that forgets its file", map.file.value, std::uint8_t{0}, "does not know of its file");
    damage("a file mapping of another slot", map.state, map.state.load() + (std::uint64_t{1} << winshim::state::kGenerationShift),
           "a file mapping without its file");
    damage("an owner without a slot", s.object(mutex).state, winshim::state::with_value(s.object(mutex).state.load(), 60000),
           "which does not exist");
    damage("a count of references", q.refs.value, 1000u, "counts 1000 references");
    damage("a count of blocks", x.pins.value, 3u, "counts 3 armed blocks");
    damage("a queue out of bounds", x.head.value, 0x7FFFFFFFu, "which does not exist");
    damage("a queue that loses its waiter", x.head.value, 0u, "the end of its queue");
    damage("a queue that is a ring", block.next.value, ref, "longer than the blocks");
    damage("a wrong predecessor", block.prev.value, ref, "names a wrong predecessor");
    damage("a wait of another time", block.sequence.value, block.sequence.get() + 9, "of another wait");
    damage("a block for nothing", block.object.value, 0u, "which does not live");
    damage("a lock of another kind", reinterpret_cast<std::atomic<int>&>(q.guard.mutex.__data.__kind), 3, "its lock is of kind");
    damage("a lock held by nobody", reinterpret_cast<std::atomic<int>&>(q.guard.mutex.__data.__lock), 0x3FFFFFF0,
           "which is none of the segment's");
    damage("a thread slot's state", s.thread(7).slot, static_cast<shm::Slot>(9), "its state is 9");
    damage("a wait's phase", waiter.word, waiter.word.load() | 7, "its wait is in phase 7");
    damage("a number of blocks", waiter.block_count.value, 65u, "uses 65 blocks");
    damage("a process slot's state", s.process(1).slot, static_cast<shm::Slot>(9), "its state is 9");
    damage("a table that leads nowhere", s.process(0).chunk[1], 0xFFFFFu, "leads to no chunk");
    damage("a chunk of another process", s.header().chunk_owner[0], 2u, "belongs to another");
    damage("a handle to nothing", s.chunk(0).entry[500], std::uint64_t{0xFFFFF} << 44, "which does not live");
    const unsigned bucket = s.used_bucket();
    const std::uint32_t cell = s.bucket(bucket).load();
    damage("a bucket that leads nowhere", s.bucket(bucket), 0xFFFFFFu, "which is no name");
    damage("a chain that is a ring", s.cell(cell).head.next.value, cell, "is a ring");
    damage("a name in the wrong bucket", s.cell(cell).head.hash.value, s.cell(cell).head.hash.get() + 1, "wrong bucket");
    damage("a name of any length", s.cell(cell).head.length.value, 5000u, "a name of 5000 bytes");
    damage("a torn name", s.cell(cell).more.value, 0u, "is torn");
}

}  // namespace

int main() {
    setenv("WINSHIM_NAMESPACE", "test-check", 0);
    const Answer none = run("check");
    tell(none.status == 0 && has(none, "there is none"), "no segment: says so, status 0", none.text);
    tell(run("check --nonsense").status == 2, "an unknown option: status 2");
    tell(run("nonsense").status == 2, "an unknown command: status 2");
    tell(has(run("version"), "winshim ") && run("help").status == 0, "version and help");

    Scene scene;
    const std::string long_name(150, 'n');
    CreateEventA(nullptr, TRUE, FALSE, long_name.c_str());
    CreateMutexA(nullptr, TRUE, nullptr);
    CreateSemaphoreA(nullptr, 1, 3, nullptr);
    LARGE_INTEGER in_an_hour;
    in_an_hour.QuadPart = -36'000'000'000;
    SetWaitableTimer(CreateWaitableTimerA(nullptr, FALSE, nullptr), &in_an_hour, 5, nullptr, nullptr, FALSE);
    CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 100, nullptr);
    scene.waited = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    scene.other = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    pthread_t thread;
    pthread_create(&thread, nullptr, wait_in_vain, &scene);
    while (!scene.begun.load()) usleep(1000);
    Segment segment(map_segment(segment_path()));
    while (segment.find(Kind::event, true) == 0) usleep(1000);  // until it is queued

    const Answer sound = run("check");
    tell(sound.status == 0 && has(sound, ": sound; 7 objects"), "a segment in use is sound", sound.text);
    const Answer json = run("check --json");
    tell(json.status == 0 && has(json, "\"sound\":true") && has(json, "\"objects\":7") && has(json, "\"damage\":[]"),
         "the same in JSON", json.text);
    // Into a copy, as of another namespace: the waiter looks at its own wait once a second, and would act on it.
    const std::string original = segment_path(), space = getenv("WINSHIM_NAMESPACE"), copy = original + "-copy";
    if (system(("cp --sparse=always '" + original + "' '" + copy + "'").c_str()) != 0) return 2;
    setenv("WINSHIM_NAMESPACE", (space + "-copy").c_str(), 1);
    Segment other(map_segment(copy));
    damage_all(other);
    const Answer again = run("check");
    unlink(copy.c_str());
    setenv("WINSHIM_NAMESPACE", space.c_str(), 1);
    tell(again.status == 0, "sound again when all is taken back", again.text);

    const std::string path = segment_path();
    const Answer refused = run("check --discard");
    tell(refused.status == 1 && has(refused, "1 processes use it") && access(path.c_str(), F_OK) == 0,
         "a segment in use is not discarded", refused.text);
    const Answer forced = run("check --discard --force");
    tell(forced.status == 0 && access(path.c_str(), F_OK) != 0, "but with --force", forced.text);
    tell(SetEvent(scene.waited) && pthread_join(thread, nullptr) == 0, "those who use it go on with it");

    const int fd = open(path.c_str(), O_RDWR | O_CREAT, 0600);
    tell(write(fd, "not a segment", 13) == 13 && run("check").status == 1, "a file that is none is unsound");
    close(fd);
    tell(run("check --discard").status == 0 && access(path.c_str(), F_OK) != 0, "and is discarded");
    tell(symlink("/etc/passwd", path.c_str()) == 0 && run("check").status == 2, "a planted link cannot be looked at");
    unlink(path.c_str());
    printf("%s\n", failures == 0 ? "all as it should be" : "some of it is wrong");
    return failures == 0 ? 0 : 1;
}
