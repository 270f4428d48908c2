// test_check.cpp - winshim check: a sound segment is called sound, each kind of damage is named, discarding works.
//
// One process with a few objects and a blocked thread; each damage is written into its segment, looked for, and taken
// back. Lines `ok` and `FAIL`, as tests/run counts them.
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
#include <windows.h>

#include <atomic>
#include <cstdlib>
#include <string>

#include "shim/object/kind.h"
#include "shim/object/mapping.h"
#include "shim/object/state_word.h"
#include "shim/object/timer.h"
#include "shim/shm/layout.h"
#include "tests/support/segment_file.h"
#include "tests/support/tool.h"

namespace {

namespace shm = winshim::shm;
using winshim::Kind;

using segment_file::Segment;
using namespace tool_test;

std::string segment_path() {
    const Answer answer = tool_loud("check");
    const size_t from = answer.text.rfind("/dev/shm/"), to = answer.text.find(':', from);
    return from == std::string::npos ? "" : answer.text.substr(from, to - from);
}

// A live object of this kind; waited: with a block in its queue, or with none.
unsigned find(const Segment& s, Kind kind, bool waited) {
    for (unsigned i = 1; i < s.header().objects.load(); ++i)
        if (winshim::state::phase(s.object(i).state.load()) == winshim::state::kLive &&
            s.object(i).type.get() == static_cast<unsigned char>(kind) && (s.object(i).head.get() != 0) == waited)
            return i;
    return 0;
}
// The first in the object's queue is through with queueing, for all of its objects.
bool sleeps_in(const Segment& s, unsigned object) {
    const std::uint32_t ref = s.object(object).head.get();
    return object != 0 && ref != 0 && s.thread((ref - 1) / shm::kMaxWait).wait_since.get() != 0;
}
unsigned used_bucket(const Segment& s) {
    unsigned i = 0;
    while (i < 1023 && s.bucket(i).load() == 0) ++i;
    return i;
}

// Writes, looks, takes back.
template <class T>
void damage(const char* what, std::atomic<T>& place, T value, const char* expected) {
    const T before = place.exchange(value);
    const Answer answer = tool_loud("check");
    place.store(before);
    tell(answer.status == 1 && answer.has(expected), std::string("names ") + what, answer.text);
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

void damage_all(const Segment& s) {
    const unsigned event = find(s, Kind::event, true), quiet = find(s, Kind::event, false);
    const unsigned mutex = find(s, Kind::mutex, false), semaphore = find(s, Kind::semaphore, false);
    tell(event != 0 && quiet != 0 && mutex != 0 && semaphore != 0, "the scene is set");
    shm::Object& x = s.object(event);
    shm::Object& q = s.object(quiet);
    const std::uint32_t ref = x.head.get();
    shm::Thread& waiter = s.thread((ref - 1) / shm::kMaxWait);
    shm::Block& block = waiter.block[(ref - 1) % shm::kMaxWait];

    damage("another file's magic", s.header().magic, std::uint64_t{7}, "no segment of winshim");
    std::atomic<std::uint64_t>& objects = s.header().objects.word;
    damage("a damaged count", objects, objects.load() + 1, "count of objects is damaged");
    damage("a retired mark that is none", s.header().retired, 77u, "retired is 77");
    damage("a number of buckets", s.header().bucket_count.word, shm::Count::pack(1000), "no power of two");
    damage("an unknown phase", q.state, q.state.load() | winshim::state::kPhaseMask, "its state is 0x");
    damage("an unknown kind", q.type.value, std::uint8_t{99}, "its kind is 99");
    damage("a rule of another kind", q.rule.value, std::uint8_t{4}, "does not go with kind");
    damage("a semaphore over its maximum", s.object(semaphore).limit.value, 0u, "a semaphore with 1 of at most 0");
    const unsigned timer = find(s, Kind::timer, false);
    shm::Object& t = s.object(timer);
    const std::uint64_t due = t.wide[0].get();
    damage("a set timer without SLOW", t.state, t.state.load() & ~winshim::state::kSlow, "not marked SLOW");
    damage("a timer that is set by half", t.wide[0].value, due | winshim::timer::kFresh, "is set by half");
    std::atomic<std::uint64_t>& setting = winshim::timer::setting_of(t, due).value;
    damage("a timer's period", setting, std::uint64_t{0xFFFFFFFF}, "with the period 4294967295");
    damage("a timer's setter", setting, std::uint64_t{60'000} << 32, "a timer set by thread slot 59999");
    shm::Object& map = s.object(find(s, Kind::mapping, false));
    auto& size = map.wide[winshim::mapping::kSize].value;
    damage("a file mapping of no size", size, std::uint64_t{0}, "a file mapping of 0 bytes");
    damage("a file mapping that is too large", size, std::uint64_t{1} << 40, "with a file of 4096");
    damage("a file mapping's traits", map.wide[winshim::mapping::kTraits].value, std::uint64_t{99}, "traits 0x63");
    damage("a file mapping that forgets its file", map.file.value, std::uint8_t{0}, "does not know of its file");
    damage("a file mapping of another slot", map.state,
           map.state.load() + (std::uint64_t{1} << winshim::state::kGenerationShift),
           "a file mapping without its file");
    damage("an owner without a slot", s.object(mutex).state,
           winshim::state::with_value(s.object(mutex).state.load(), 60000), "which does not exist");
    damage("a count of references", q.refs.value, 1000u, "counts 1000 references");
    damage("a count of blocks", x.pins.value, 3u, "counts 3 armed blocks");
    damage("a queue out of bounds", x.head.value, 0x7FFFFFFFu, "which does not exist");
    damage("a queue that loses its waiter", x.head.value, 0u, "the end of its queue");
    damage("a queue that is a ring", block.next.value, ref, "longer than the blocks");
    damage("a wrong predecessor", block.prev.value, ref, "names a wrong predecessor");
    damage("a wait of another time", block.sequence.value, block.sequence.get() + 9, "of another wait");
    damage("a block for nothing", block.object.value, 0u, "which does not live");
    damage("a lock of another kind", reinterpret_cast<std::atomic<int>&>(q.guard.mutex.__data.__kind), 3,
           "its lock is of kind");
    damage("a lock held by nobody", reinterpret_cast<std::atomic<int>&>(q.guard.mutex.__data.__lock),
           0x3FFFFFF0, "which is none of the segment's");
    damage("a thread slot's state", s.thread(7).slot, static_cast<shm::Slot>(9), "its state is 9");
    damage("a wait's phase", waiter.word, waiter.word.load() | 7, "its wait is in phase 7");
    damage("a number of blocks", waiter.block_count.value, 65u, "uses 65 blocks");
    damage("a process slot's state", s.process(1).slot, static_cast<shm::Slot>(9), "its state is 9");
    damage("a table that leads nowhere", s.process(0).chunk[1], 0xFFFFFu, "leads to no chunk");
    damage("a chunk of another process", s.header().chunk_owner[0], 2u, "belongs to another");
    damage("a handle to nothing", s.chunk(0).entry[500], std::uint64_t{0xFFFFF} << 44, "which does not live");
    const unsigned bucket = used_bucket(s);
    const std::uint32_t cell = s.bucket(bucket).load();
    damage("a bucket that leads nowhere", s.bucket(bucket), 0xFFFFFFu, "which is no name");
    damage("a chain that is a ring", s.cell(cell).head.next.value, cell, "is a ring");
    std::atomic<std::uint32_t>& hash = s.cell(cell).head.hash.value;
    damage("a name in the wrong bucket", hash, hash.load() + 1, "wrong bucket");
    damage("a name of any length", s.cell(cell).head.length.value, 5000u, "a name of 5000 bytes");
    damage("a torn name", s.cell(cell).more.value, 0u, "is torn");
}

}  // namespace

int main() {
    setenv("WINSHIM_NAMESPACE", "test-check", 0);
    const Answer none = tool_loud("check");
    tell(none.status == 0 && none.has("there is none"), "no segment: says so, status 0", none.text);
    tell(tool_loud("check --nonsense").status == 2, "an unknown option: status 2");
    tell(tool_loud("nonsense").status == 2, "an unknown command: status 2");
    tell(tool_loud("version").has("winshim ") && tool_loud("help").status == 0, "version and help");

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
    const Segment segment(segment_path());
    while (!sleeps_in(segment, find(segment, Kind::event, true))) usleep(1000);

    const Answer sound = tool_loud("check");
    tell(sound.status == 0 && sound.has(": sound; 7 objects"), "a segment in use is sound", sound.text);
    const Answer json = tool_loud("check --json");
    tell(json.status == 0 && json.has("\"sound\":true") && json.has("\"objects\":7") && json.has("\"damage\":[]"),
         "the same in JSON", json.text);
    // Into a copy, as of another namespace: the waiter looks at its own wait once a second, and would act on it.
    const std::string original = segment_path(), space = getenv("WINSHIM_NAMESPACE"), copy = original + "-copy";
    if (system(("cp --sparse=always '" + original + "' '" + copy + "'").c_str()) != 0) return 2;
    setenv("WINSHIM_NAMESPACE", (space + "-copy").c_str(), 1);
    damage_all(Segment(copy));
    const Answer again = tool_loud("check");
    unlink(copy.c_str());
    setenv("WINSHIM_NAMESPACE", space.c_str(), 1);
    tell(again.status == 0, "sound again when all is taken back", again.text);

    const std::string path = segment_path();
    const Answer refused = tool_loud("check --discard");
    tell(refused.status == 1 && refused.has("1 processes use it") && access(path.c_str(), F_OK) == 0,
         "a segment in use is not discarded", refused.text);
    const Answer forced = tool_loud("check --discard --force");
    tell(forced.status == 0 && access(path.c_str(), F_OK) != 0, "but with --force", forced.text);
    tell(SetEvent(scene.waited) && pthread_join(thread, nullptr) == 0, "those who use it go on with it");

    const int fd = open(path.c_str(), O_RDWR | O_CREAT, 0600);
    tell(write(fd, "not a segment", 13) == 13 && tool_loud("check").status == 1, "a file that is none is unsound");
    close(fd);
    tell(tool_loud("check --discard").status == 0 && access(path.c_str(), F_OK) != 0, "and is discarded");
    tell(symlink("/etc/passwd", path.c_str()) == 0 && tool_loud("check").status == 2,
         "a planted link cannot be looked at");
    unlink(path.c_str());
    return verdict();
}
