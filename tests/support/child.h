// child.h - children made by CreateProcess: the test program itself with "--child WHAT ...", and what it says.
//
// Purpose     A test program that includes this has a main that begins with
//                 if (argc > 2 && strcmp(argv[1], "--child") == 0) return child_main(argc - 2, argv + 2);
//             A child has used nothing of the library before its child_main does.
// Invariants  The helpers fail the test themselves. What is still running at the end of a test dies with the program.
#pragma once

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/support/program.h"

constexpr DWORD kSoon = 20'000;  // milliseconds; reached only by a failure

inline const char *own_path() {
    static char path[PATH_MAX];
    if (path[0] == 0 && readlink("/proc/self/exe", path, sizeof path - 1) < 0) abort();
    return path;
}

// A command line that runs this program in the role of a child: "OWN --child REST".
struct Line {
    char text[PATH_MAX + 4000];
    explicit Line(const char *rest) { snprintf(text, sizeof text, "\"%s\" --child %s", own_path(), rest); }
};

inline STARTUPINFOA plain_start() {
    STARTUPINFOA start = {};
    start.cb = sizeof start;
    return start;
}

inline PROCESS_INFORMATION child_of(const char *rest, DWORD flags = 0, BOOL inherit = FALSE,
                                    const STARTUPINFOA *start = nullptr, void *environment = nullptr,
                                    const char *directory = nullptr) {
    Line line(rest);
    STARTUPINFOA info = start != nullptr ? *start : plain_start();
    PROCESS_INFORMATION made = {};
    if (!CreateProcessA(nullptr, line.text, nullptr, nullptr, inherit, flags, environment, directory, &info, &made)) {
        print_error("CreateProcess(%s): last error %u\n", line.text, GetLastError());
        fail();
    }
    REQUIRE(made.hProcess != nullptr && made.hThread != nullptr, "a process has two handles");
    return made;
}

inline void drop(const PROCESS_INFORMATION &child) {
    EXPECT(CloseHandle(child.hProcess), TRUE, SAME);
    EXPECT(CloseHandle(child.hThread), TRUE, SAME);
}

inline DWORD exit_code(HANDLE process) {
    DWORD code = kPoison;
    EXPECT(GetExitCodeProcess(process, &code), TRUE, SAME);
    return code;
}

// Waits for its end and tells its exit code; the handles stay.
inline DWORD ends_with(const PROCESS_INFORMATION &child) {
    EXPECT(WaitForSingleObject(child.hProcess, kSoon), WAIT_OBJECT_0, SAME);
    return exit_code(child.hProcess);
}

inline DWORD code_of(const char *rest, DWORD flags = 0, BOOL inherit = FALSE) {
    const PROCESS_INFORMATION child = child_of(rest, flags, inherit);
    const DWORD code = ends_with(child);
    drop(child);
    return code;
}

struct Pipe {
    HANDLE from = nullptr, to = nullptr;
};
// Its ends are not inheritable.
inline Pipe make_pipe() {
    Pipe pipe;
    EXPECT(CreatePipe(&pipe.from, &pipe.to, nullptr, 0), TRUE, SAME);
    return pipe;
}

struct Said {
    char text[16'000];
};
// Everything that comes out of the pipe until nobody can write any more.
inline void read_all(HANDLE from, Said &said) {
    DWORD at = 0, got = 0;
    constexpr DWORD room = sizeof said.text - 1;
    while (at < room && ReadFile(from, said.text + at, room - at, &got, nullptr) && got != 0) at += got;
    said.text[at] = 0;
    CloseHandle(from);
}

// Runs a command line of any program and keeps what it writes to its standard output.
inline DWORD run_and_read(char *line, Said &said, DWORD flags = 0, void *environment = nullptr,
                          const char *directory = nullptr, BOOL inherit = FALSE) {
    const Pipe pipe = make_pipe();
    STARTUPINFOA start = plain_start();
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    start.hStdOutput = pipe.to;
    start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    PROCESS_INFORMATION child = {};
    const BOOL made =
        CreateProcessA(nullptr, line, nullptr, nullptr, inherit, flags, environment, directory, &start, &child);
    const DWORD error = GetLastError();
    EXPECT(CloseHandle(pipe.to), TRUE, SAME);
    if (!made) {
        CloseHandle(pipe.from);
        print_error("CreateProcess(%s): last error %u\n", line, error);
        fail();
    }
    read_all(pipe.from, said);
    const DWORD code = ends_with(child);
    drop(child);
    return code;
}
