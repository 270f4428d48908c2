// clean.cpp - winshim clean: removes what the dead have left. In the ordinary run of things that is nothing: whoever
// lives sweeps the dead away, and the last one out removes the segment.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "shim/look/objects.h"
#include "shim/shm/clock.h"
#include "shim/tool/left.h"
#include "shim/tool/library.h"
#include "shim/tool/options.h"
#include "shim/tool/output.h"
#include "shim/tool/view.h"

int clean_command(int argc, char** argv);

namespace {

using namespace winshim;
using namespace winshim::tool;
using look::List;

constexpr u64 kPatienceNs = 15 * kNsPerSecond;

struct Options {
    const char* space = nullptr;
    bool json = false, dry_run = false, all = false;
    List<const char*> names;
};

void show_help(FILE* to) {
    fprintf(
        to,
        "usage: winshim clean [--all] [--dry-run] [--json] [--namespace NAME]\n"
        "Removes what the dead have left: threads and processes in the segment that nobody has run down yet, the\n"
        "segment itself if nobody lives in it, and bells and files of mappings whose segment is gone. Who lives is\n"
        "not disturbed, but for the locks that the rundown of the dead takes: it is the library's own. There should\n"
        "be nothing to do: the living do it all the time.\n"
        "  --all      in each of this user's namespaces, one after the other\n"
        "  --dry-run  only says what there is\n"
        "Exit status: 0 nothing is left; 1 something is left (--dry-run: there is something); 2 it failed.\n");
}

// The dead in a segment: threads, and processes without a living thread. `living`: threads.
struct Count {
    u32 dead_threads = 0, dead_processes = 0, living = 0;
    bool exists = false, sound = false;
    bool anything() const noexcept { return dead_threads + dead_processes != 0 || (exists && living == 0); }
};

Count count_dead(const char* space, View& view) {
    Count count;
    view = open_view(space);
    count.exists = view.found == Found::segment;
    count.sound = count.exists && view.whole && shm::header().magic.load() == shm::kMagic &&
                  shm::header().layout_version == shm::kLayoutVersion && shm::header().signature == shm::kSignature;
    if (!count.sound) return count;
    List<u8> has_life;
    if (!has_life.fill(shm::process_count())) return count;
    for (u32 i = 0; i < shm::thread_count(); ++i) {
        const shm::Thread& t = shm::thread(i);
        if (t.slot.load() == shm::Slot::free) continue;
        const u32 process = look::process_of(t);
        if (!look::lives(t)) {
            ++count.dead_threads;
            continue;
        }
        ++count.living;
        if (process < has_life.count()) has_life[process] = 1;
    }
    for (u32 i = 0; i < has_life.count(); ++i) {
        const shm::Slot slot = shm::process(i).slot.load();
        if (slot == shm::Slot::live || slot == shm::Slot::dying) count.dead_processes += has_life[i] == 0;
        else if (slot == shm::Slot::embryo) ++count.living;  // of a child that begins, or whose end somebody waits for
    }
    return count;
}

// A process joins the segment, which runs down the dead, and leaves it in order, which removes one that nobody else
// is in. It is a process of its own: a lock may be held by somebody who is stopped.
bool join_and_leave() {
    fflush(nullptr);
    const pid_t pid = fork();
    if (pid == 0) {
        const Library* w = load_library();
        const HANDLE event = w != nullptr ? w->CreateEventA(nullptr, TRUE, FALSE, nullptr) : nullptr;
        if (event != nullptr) w->CloseHandle(event);
        exit(event != nullptr ? 0 : 1);
    }
    int status = 1;
    const u64 end = now_ns() + kPatienceNs;
    pid_t got = 0;
    while (pid > 0 && (got = waitpid(pid, &status, WNOHANG)) == 0 && now_ns() < end) {
        const timespec pause = {0, 5'000'000};
        nanosleep(&pause, nullptr);
    }
    if (pid > 0 && got == 0) {
        fprintf(stderr, "winshim clean: a lock in the segment is held by somebody who does not go on\n");
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
    return pid > 0 && status == 0;
}

int clean(const Options& options) {
    View view;
    const Count before = count_dead(options.space, view);
    if (view.found == Found::trouble) return 2;
    char path[sizeof view.path];
    snprintf(path, sizeof path, "%s", view.path);
    close_view(view);
    const bool unsound = before.exists && !before.sound;
    bool failed = false;
    Count after = before;
    if (unsound) {
        fprintf(stderr, "winshim clean: %s: is none of this version (winshim check --discard removes it)\n", path);
    } else if (before.anything() && !options.dry_run) {
        failed = !join_and_leave();
        after = count_dead(options.space, view);
        close_view(view);
    }
    List<LeftFile> files;
    bool in_use = false;
    if (!find_left(files, in_use)) failed = true;
    u32 left = 0;
    for (const LeftFile& file : files)
        if (options.dry_run || !remove_left(file)) ++left;
    const bool gone = before.exists && !after.exists;
    const u32 swept = before.dead_threads > after.dead_threads ? before.dead_threads - after.dead_threads : 0;
    if (options.json) {
        Json json;
        json.begin().text("segment", path).truth("existed", before.exists).truth("removed", gone);
        json.number("dead_threads", before.dead_threads).number("dead_processes", before.dead_processes);
        json.number("dead_threads_left", after.dead_threads).number("dead_processes_left", after.dead_processes);
        json.number("files", files.count()).number("files_left", left).truth("files_unclear", in_use).end().done();
    } else {
        const char* verb = options.dry_run ? "would remove" : "removed";
        if (gone || (options.dry_run && before.exists && before.living == 0))
            printf("%s: %s, nobody lived in it\n", path, verb);
        else if (options.dry_run && before.anything())
            printf("%s: %u dead threads, %u dead processes\n", path, before.dead_threads, before.dead_processes);
        else if (swept != 0) printf("%s: %u dead threads run down\n", path, swept);
        else printf("%s: %s\n", path, before.exists ? "nobody dead in it" : "there is none");
        for (const LeftFile& file : files) printf("/dev/shm/%s: %s, its segment is gone\n", file.name, verb);
        if (in_use) printf("files whose segment seems to be gone stay: somebody may still use it\n");
    }
    if (failed) return 2;
    return unsound || after.anything() || left != 0 ? 1 : 0;
}

// One process for each: the library keeps to the namespace that it has begun with.
int clean_all(const Options& options) {
    List<LeftFile> spaces;
    if (!find_namespaces(spaces)) return 2;
    if (spaces.count() == 0) return clean(options);
    int worst = 0;
    for (const LeftFile& space : spaces) {
        fflush(nullptr);
        const pid_t pid = fork();
        if (pid == 0) {
            Options one;
            one.space = space.name;
            one.json = options.json;
            one.dry_run = options.dry_run;
            exit(clean(one));
        }
        int status = -1;
        while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
        const int said = pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 2;
        if (said > worst) worst = said;
    }
    return worst;
}

}  // namespace

int clean_command(int argc, char** argv) {
    Options options;
    const Option table[] = {{"namespace", nullptr, &options.space}, {"json", &options.json},
                            {"dry-run", &options.dry_run}, {"all", &options.all}};
    const Asked asked = parse(argc, argv, table, options.names);
    if (asked == Asked::help) return show_help(stdout), 0;
    if (asked == Asked::wrong) return 2;
    if (options.names.count() != 0) return show_help(stderr), 2;
    return options.all ? clean_all(options) : clean(options);
}
