// scene.cpp - the main job: processes share one ledger under a named mutex, one is killed, nothing is lost.
//
// Purpose     The stage manager of docs/examples/ledger.c: makes the ledger file, starts the workers as processes that
//             share nothing but names, kills one with SIGKILL while it owns the mutex and has written half an update,
//             and then checks every line that was written. `make run` runs it without arguments.
// Use         scene [--workers N] [--transfers N] [--sabotage mutex | --sabotage repair] [--keep]
//             --workers    2 to 9 processes (6)
//             --transfers  of each, 10 to 999999 (see Plan)
//             --sabotage   proves that the checks can fail. mutex: worker 1 leaves the mutex out of one transfer.
//                          repair: the next owner takes over and leaves the half-made update as it is. The scene
//                          must then report what is off and exit with 1; tests/test_scene.sh insists on that.
//             --keep       leaves the ledger where it is, and says where
// Returns     0 all is right; 1 something in the result is off; 2 the scene could not be played to its end
// Who does    A supervisor, which never calls the library, forks the stage, which does. So the supervisor can say what
// what        the stage and its workers leave in /dev/shm, and can end a stage that hangs.
// Environment WINSHIM_NAMESPACE: used if given, else a fresh one. WINSHIM_PROFILE: ce or nt. TMPDIR: for the ledger.
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "scene_stage.h"

namespace {

using namespace scene;

constexpr std::chrono::seconds kHangLimit{75};  // the stage must have given up by itself before
volatile sig_atomic_t interrupted;

std::set<std::string> shared_files() {
    std::set<std::string> names;
    if (DIR* folder = opendir("/dev/shm")) {
        while (const dirent* entry = readdir(folder)) names.insert(entry->d_name);
        closedir(folder);
    }
    return names;
}

bool read_arguments(int count, char** argument, Settings& settings) {
    Plan& plan = settings.plan;
    for (int i = 1; i < count; ++i) {
        const std::string option = argument[i];
        const std::string value = i + 1 < count ? argument[i + 1] : "";
        if (option == "--keep") {
            settings.keep = true;
            continue;
        }
        if (option == "--workers") plan.workers = atoi(value.c_str());
        else if (option == "--transfers") plan.transfers = atol(value.c_str());
        else if (option == "--sabotage" && (value == "mutex" || value == "repair")) settings.sabotage = value;
        else return false;
        ++i;
    }
    if (plan.workers < 2 || plan.workers > 9 || plan.transfers < 10 || plan.transfers > 999'999) return false;
    plan.round = std::min(plan.round, plan.transfers / 4);
    plan.victim = std::min(plan.victim, plan.workers);
    plan.halt_at = plan.transfers / 2 / plan.round * plan.round + plan.round / 2 + 1;  // far from an audit
    return true;
}

bool make_folder(Settings& settings) {
    const char* root = getenv("TMPDIR");
    std::string folder = std::string(root && *root ? root : "/tmp") + "/winshim-scene-XXXXXX";
    if (!mkdtemp(folder.data())) return false;
    settings.folder = folder;
    settings.ledger = folder + "/ledger.txt";
    settings.shared_list = folder + "/shared-files.txt";
    return write_new_ledger(settings.ledger, settings.plan);
}

void remove_folder(const Settings& settings) {
    unlink(settings.shared_list.c_str());
    if (settings.keep) {
        std::printf("the ledger is kept: %s\n", settings.ledger.c_str());
        return;
    }
    unlink(settings.ledger.c_str());
    rmdir(settings.folder.c_str());
}

// Runs `act` in a process of its own. Returns what it returned, or 2 if it had to be ended or died.
int in_a_process(auto act) {
    const pid_t parent = getpid();
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        exit(getppid() == parent ? act() : 2);
    }
    if (child < 0) return 2;
    const Clock::time_point start = Clock::now();
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (interrupted || Clock::now() - start > kHangLimit) {
            std::printf("\nTROUBLE: %s\n", interrupted ? "interrupted" : "the stage itself hangs");
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            break;
        }
        usleep(20'000);
    }
    while (waitpid(-1, nullptr, 0) > 0) {}  // its workers, if it left any: they die with it and are ours now
    return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

// A stage that was killed could not tidy up. The next orderly user of the namespace does it on its behalf: this one.
int sweep() {
    CloseHandle(CreateMutexW(nullptr, FALSE, nullptr));
    return 0;
}

// What is in /dev/shm now, was not there `before`, and is a file of those that the stage listed.
int check_nothing_left(const Settings& settings, const std::set<std::string>& before) {
    std::ifstream list(settings.shared_list);
    std::vector<std::string> ours;
    for (std::string name; std::getline(list, name);) ours.push_back(name);
    if (ours.empty()) {
        std::printf("WRONG: no process had anything of the library's mapped: cannot tell what is left in /dev/shm\n");
        return 1;
    }
    int left = 0;
    for (const std::string& name : shared_files()) {
        const auto is_ours = [&](const std::string& own) {
            return own.ends_with('.') ? name.starts_with(own) : name == own;
        };
        if (before.count(name) || std::none_of(ours.begin(), ours.end(), is_ours)) continue;
        std::printf("WRONG: left in /dev/shm: %s\n", name.c_str());
        left = 1;
    }
    if (!left) std::printf("nothing is left in /dev/shm\n");
    return left;
}

}  // namespace

int main(int count, char** argument) {
    Settings settings;
    if (!read_arguments(count, argument, settings)) {
        std::fprintf(stderr, "usage: scene [--workers 2..9] [--transfers 10..999999] [--sabotage mutex|repair] "
                             "[--keep]\n");
        return 2;
    }
    const std::string fresh = text("scene-%d-%llx", int(getpid()),
                                   static_cast<unsigned long long>(Clock::now().time_since_epoch().count()));
    setenv("WINSHIM_NAMESPACE", fresh.c_str(), 0);  // 0: one that was given stays
    if (!make_folder(settings)) {
        std::perror("scene: cannot make the ledger");
        return 2;
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) signal(signal_number, [](int) { interrupted = 1; });
    const std::set<std::string> before = shared_files();
    const Clock::time_point start = Clock::now();

    int result = in_a_process([&] { return Stage(settings).play(); });
    if (result == 2) {
        interrupted = 0;
        in_a_process(sweep);
    } else {
        result = std::max(result, check_nothing_left(settings, before));
    }

    remove_folder(settings);
    std::printf("%s after %.1f s\n", result == 0 ? "all is right" : "FAILED", seconds_since(start));
    return result;
}
