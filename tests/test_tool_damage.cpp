// test_tool_damage.cpp - the commands that look, on a segment that is damaged, or changes all the time; winshim clean.
//
// Any word of the segment may be anything: a command may say what it likes, but must end in time, with one of its own
// exit statuses, and in JSON that is JSON. Two processes that work hard must not make it see what is not: a deadlock.
#include <random>

#include "tests/support/json.h"
#include "tests/support/segment_file.h"
#include "tests/support/tool.h"

using namespace tool_test;
namespace shm = winshim::shm;

namespace {

constexpr int kRounds = 60, kWordsEach = 40;

struct Area {
    winshim::u64 from, bytes;
};
// Where there is something, and the header's counts; not what would make it another file altogether.
std::vector<Area> areas(const shm::Header &h) {
    return {{offsetof(shm::Header, objects), 5 * sizeof(shm::Count)},
            {offsetof(shm::Header, bucket_count), 8},
            {offsetof(shm::Header, chunk_owner), 64},
            {shm::kProcessesAt, 12 * sizeof(shm::Process)},
            {shm::kThreadsAt, 12 * sizeof(shm::Thread)},
            {shm::kThreadsAt, 12 * sizeof(shm::Thread)},
            {shm::kObjectsAt, 40 * sizeof(shm::Object)},
            {shm::kObjectsAt, 40 * sizeof(shm::Object)},
            {shm::kChunksAt, sizeof(shm::HandleChunk)},
            {shm::kCellsAt, 40 * sizeof(shm::NameCell)},
            {shm::kBucketsAt, h.bucket_count.load() * 4}};
}
// Values that lead somewhere: small numbers, the largest indices, and anything.
winshim::u64 a_value(std::mt19937_64 &random) {
    switch (random() % 5) {
        case 0: return random() % 16;
        case 1: return (random() % 16) << 32 | random() % 16;
        case 2: return ~winshim::u64{0} >> random() % 64;
        case 3: return (winshim::u64{2} << 34) | random() % 3;
        default: return random();
    }
}

void looks_at_damage(unsigned seed) {
    Cast cast;
    const HANDLE a = mutex("A"), b = mutex("B"), e = event("bell");
    const Meeting meeting(2);
    cast.add("one", [&] {
        take(a);
        meeting.meet();
        any_of(b, e);
    });
    cast.add("two", [&] {
        take(b);
        meeting.meet();
        all_of(a, e);
    });
    meeting.all_are_there();
    until_waiting(2);
    const std::string path = Json(tool("objects --json").text)["segment"].text();
    // In a copy, as of a namespace of its own: nobody acts on what is written there.
    const std::string before = getenv("WINSHIM_NAMESPACE");
    const std::string other = before + "damaged";
    const std::string copy = path.substr(0, path.size() - before.size()) + other;
    shell("cp --sparse=always '" + path + "' '" + copy + "'");
    setenv("WINSHIM_NAMESPACE", other.c_str(), 1);
    const segment_file::Segment segment(copy);
    const bool is_same = segment.is_open() && Json(tool("waits --json").text)["waits"].size() == 2;
    if (!tell(is_same, "a copy looks the same", copy)) return;
    std::mt19937_64 random(seed);
    const std::vector<Area> places = areas(segment.header());
    const char *const looks[] = {"objects --json", "waits --json", "waits --dot",           "waits",
                                 "objects",        "check --json", "clean --dry-run --json"};
    std::string bad;
    int ran = 0;
    for (int round = 0; round < kRounds && bad.empty(); ++round) {
        std::vector<std::pair<winshim::u64, winshim::u64>> undo;
        for (int i = 0; i < kWordsEach; ++i) {
            const Area &area = places[random() % places.size()];
            const winshim::u64 at = area.from + random() % (area.bytes / 8) * 8;
            auto &word = *reinterpret_cast<std::atomic<winshim::u64> *>(segment.base() + at);
            undo.emplace_back(at, word.exchange(a_value(random)));
        }
        const std::string look = looks[static_cast<size_t>(round) % std::size(looks)];
        const Answer answer = shell("timeout 60 \"$W\" " + look + " 2>/dev/null");
        ++ran;
        if (answer.status > 2 ||
            (look.find("json") != std::string::npos && answer.status != 2 && !Json(answer.text).valid()))
            bad = look + ", seed " + std::to_string(seed) + ", round " + std::to_string(round) + ": status " +
                  std::to_string(answer.status) + ": " + answer.text.substr(0, 2000);
        for (size_t i = undo.size(); i-- != 0;)
            *reinterpret_cast<volatile winshim::u64 *>(segment.base() + undo[i].first) = undo[i].second;
    }
    tell(bad.empty() && ran == kRounds, "any damage is looked at without harm", bad);
    const Answer after = tool("waits --json");
    tell(Json(after.text)["waits"].size() == 2, "as before when it is taken back", after.text);
    unlink(copy.c_str());
    setenv("WINSHIM_NAMESPACE", before.c_str(), 1);
    cast.over();
    for (const HANDLE h : {a, b, e}) CloseHandle(h);
    meeting.close();
}

void looks_at_what_changes() {
    Cast cast;
    const HANDLE m[] = {mutex("x"), mutex("y"), mutex("z")}, done = CreateSemaphoreA(nullptr, 0, 100, nullptr);
    // They take two at a time, in one order: never a deadlock.
    for (int i = 0; i < 3; ++i)
        cast.add("busy", [&, i] {
            const int low = i == 2 ? 0 : i, high = i == 2 ? 2 : i + 1;
            for (;;) {
                take(m[low]);
                take(m[high]);
                SwitchToThread();
                ReleaseMutex(m[high]);
                ReleaseMutex(m[low]);
                const HANDLE passing = event("comes and goes");
                CloseHandle(passing);
            }
        });
    std::string bad;
    for (int i = 0; i < 60 && bad.empty(); ++i) {
        const Answer answer = tool(i % 2 == 0 ? "waits --json" : "objects --json");
        if (answer.status != 0 || !Json(answer.text).valid()) bad = answer.text;
    }
    tell(bad.empty(), "busy processes are seen as they are: no deadlock", bad);
    cast.over();
    for (const HANDLE h : m) CloseHandle(h);
    CloseHandle(done);
}

void cleans() {
    const Answer nothing = tool("clean --json");
    tell(nothing.status == 0 && Json(nothing.text).valid(), "clean: nothing is left", nothing.text);
    // All by itself in a namespace of its own, so that nobody sweeps before we look.
    const std::string scene = "export WINSHIM_NAMESPACE=left-behind; f=$(mktemp); \"$W\" lock key -- sh -c "
                              "'echo $$ >'$f'; exec sleep 60' >/dev/null 2>&1 & p=$!; "
                              "while ! [ -s $f ]; do sleep 0.02; done; "
                              "kill -KILL $p; wait $p 2>/dev/null; kill $(cat $f); rm $f; ";
    const Answer found = shell(scene + "WINSHIM_NAMESPACE=left-behind \"$W\" clean --dry-run --json");
    tell(found.status == 1 && Json(found.text)["dead_threads"].number() >= 1, "--dry-run finds the dead", found.text);
    const Answer swept = tool("clean --namespace left-behind --json");
    tell(swept.status == 0 && Json(swept.text)["removed"].is_true(), "clean removes a segment that nobody lives in",
         swept.text);
    tell(tool("clean --namespace left-behind").has("there is none"), "then there is none");
    if (getenv("WINSHIM_TEST_OWN_SHM") == nullptr) return;  // what follows is about all files in /dev/shm
    const std::string mine = "/dev/shm/sem.winshim-" + std::to_string(geteuid()) + "-0123456789abcdef.3";
    const std::string others = "/dev/shm/sem.somebody-else";
    for (const std::string &path : {mine, others}) close(open(path.c_str(), O_CREAT | O_RDWR, 0600));
    const Answer files = tool("clean --json");
    tell(files.status == 0 && access(mine.c_str(), F_OK) != 0 && access(others.c_str(), F_OK) == 0,
         "bells whose segment is gone go; other files stay", files.text);
    unlink(others.c_str());
    const Answer all = tool("clean --all");
    tell(all.status == 0 && all.has("nobody dead in it"), "--all goes through the namespaces", all.text);
}

}  // namespace

int main(int argc, char **argv) {
    setenv("WINSHIM_NAMESPACE", "test-tool-damage", 0);
    const HANDLE stays = event("keeps the segment");
    looks_at_damage(argc > 1 ? static_cast<unsigned>(atoi(argv[1])) : 20'261);
    looks_at_what_changes();
    cleans();
    CloseHandle(stays);
    return verdict();
}
