// test_trace_files.cpp - WINSHIM_TRACE: several processes write into one file, and a trace that cannot be written harms
// nobody.
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <windows.h>

#include <set>

#include "tests/support/trace.h"

namespace {

using namespace trace_test;

int children() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "family");
    const pid_t child = fork();
    if (child == 0) {
        SetEvent(event);
        ResetEvent(event);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (chdir("/") != 0) return 1;  // a relative path of the trace still means the same file
    const pid_t other = fork();
    if (other == 0) become("grandchild");
    waitpid(other, &status, 0);
    PulseEvent(event);
    return WEXITSTATUS(status);
}
int grandchild() { return OpenEventA(SYNCHRONIZE, FALSE, "family") != nullptr ? 0 : 1; }

// Many threads, and forked children of theirs, into one file.
void *set_often(void *event) {
    for (int i = 0; i < 200; ++i) SetEvent(event);
    return nullptr;
}
int crowd() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "crowd");
    for (int i = 0; i < 3; ++i) {
        if (fork() != 0) continue;
        pthread_t threads[4];
        for (pthread_t &t : threads) pthread_create(&t, nullptr, set_often, event);
        for (pthread_t &t : threads) pthread_join(t, nullptr);
        _exit(0);
    }
    int status = 0, bad = 0;
    while (wait(&status) > 0) bad += status != 0;
    return bad;
}

// A program that closes all descriptors and opens others under their numbers.
int closes_all() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "closed");
    for (int fd = 3; fd < 1024; ++fd) close(fd);
    int last = -1;
    for (int i = 0; i < 1000; ++i) {
        const int fd = open("mine", O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
        if (fd < 0) break;
        last = fd;
    }
    SetEvent(event);
    struct stat st;
    return last >= 0 && fstat(last, &st) == 0 && st.st_size == 0 ? 0 : 1;
}

int works() {
    HANDLE event = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    for (int i = 0; i < 20; ++i)
        if (!SetEvent(event) || WaitForSingleObject(event, 0) != WAIT_OBJECT_0) return 1;
    Sleep(1);
    return 0;
}

// The limit also holds for the segment, so it comes when that is there.
int limited() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    const rlimit small = {100, 100};
    if (setrlimit(RLIMIT_FSIZE, &small) != 0) return 1;
    for (int i = 0; i < 10; ++i)
        if (!SetEvent(event)) return 2;
    return 0;
}

void several_processes() {
    Run r = run("children");
    std::set<Text> pids;
    for (const Text &line : r.lines) {
        const std::size_t at = line.find("Z ") + 2;
        pids.insert(line.substr(at, line.find(':', at) - at));
    }
    tell(r.status == 0 && pids.size() == 3,
         "fork's child, and a program it executes elsewhere, write into the same file", r.all);
    tell(has(r, " SetEvent(hEvent=0x4 event \"family\")") && has(r, " OpenEventA(") && has(r, " PulseEvent("),
         "  all of their calls", r.all);
    r = run("crowd", "", "json");
    const Text torn = not_of_form(r, is_json);
    tell(r.status == 0 && r.lines.size() == 1 + 3 * 4 * 200 && torn.empty(),
         "2,400 calls of twelve threads in three processes: no line is torn, none is missing",
         std::to_string(r.lines.size()) + " lines " + torn);
    r = run("closes_all");
    tell(r.status == 0 && count(r, " SetEvent(") == 1,
         "a program that closes all descriptors: no line goes into its files",
         std::to_string(r.status) + "\n" + r.all);
}

void where_it_goes() {
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0) return;
    close(pipe_ends[0]);
    tell(status_of("works", "stderr", "", "", pipe_ends[1]) == 0, "a broken pipe harms no call");
    close(pipe_ends[1]);
    tell(status_of("works", "/dev/full") == 0, "a full disk harms no call");
    const Run r = run("limited");
    tell(r.status == 0 && count(r, "SetEvent") < 10, "a limit on the size of files harms no call",
         std::to_string(r.status));
    const int file = open((folder + "/stderr").c_str(), O_CREAT | O_RDWR | O_APPEND | O_TRUNC, 0600);
    tell(status_of("works", "-", "", "", file) == 0 && read_file(folder + "/stderr").find(" Sleep(") != Text::npos,
         "- is standard error", read_file(folder + "/stderr"));
    if (ftruncate(file, 0) != 0) return;
    const int status = status_of("works", "/nowhere/trace", "", "", file);
    tell(status == 0 && read_file(folder + "/stderr").find("there will be no trace") != Text::npos,
         "a file that cannot be made is said, and the program runs", read_file(folder + "/stderr"));
    close(file);
}

void tests() {
    several_processes();
    where_it_goes();
}

}  // namespace

int main(int argc, char **argv) {
    constexpr Subject subjects[] = {
        {"children", children},     {"grandchild", grandchild}, {"crowd", crowd},
        {"closes_all", closes_all}, {"works", works},           {"limited", limited},
    };
    return trace_main(argc, argv, subjects, tests);
}
