// trace.h - tests of WINSHIM_TRACE: the program as its own subject, and readers of what the trace wrote.
//
// Purpose     run("name") runs the program again as the subject of that name, with a trace into a file of an own
//             folder, and gives back its status and the lines; is_text and is_json say whether a line is one of that
//             form. trace_main is the main of each of these programs.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "tests/support/json.h"
#include "tests/support/tell.h"

namespace trace_test {

using Text = std::string;

// What the program does when it is the one that is traced; 0: as it should.
struct Subject {
    const char *name;
    int (*run)();
};

struct Run {
    int status = -1;  // 128 + N: signal N
    std::vector<Text> lines;
    Text all;
};

inline Text folder;  // where the subjects run

// Executes the program as a subject, in the process that calls; 91 if that was not to be.
[[noreturn]] inline void become(const char *subject) {
    execl("/proc/self/exe", "traced", "subject", subject, nullptr);
    _exit(91);
}

// The status of a subject whose trace goes to `target` (empty: none) and whose standard error is `output`, if not -1.
inline int status_of(const char *subject, const char *target, const char *filter = "", const char *format = "",
                     int output = -1) {
    const pid_t child = fork();
    if (child == 0) {
        if (chdir(folder.c_str()) != 0) _exit(90);
        if (*target != '\0') setenv("WINSHIM_TRACE", target, 1);
        setenv("WINSHIM_TRACE_FILTER", filter, 1);
        setenv("WINSHIM_TRACE_FORMAT", format, 1);
        if (output >= 0) dup2(output, STDERR_FILENO);
        become(subject);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

inline Text read_file(const Text &path) {
    Text text;
    if (FILE *file = fopen(path.c_str(), "rb")) {
        char bytes[4096];
        for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;) text.append(bytes, got);
        fclose(file);
    }
    return text;
}

inline Run run(const char *subject, const char *filter = "", const char *format = "", const char *target = "trace") {
    Run result;
    unlink((folder + "/trace").c_str());
    result.status = status_of(subject, target, filter, format);
    result.all = read_file(folder + "/trace");
    for (size_t at = 0; at < result.all.size();) {
        size_t end = result.all.find('\n', at);
        if (end == Text::npos) end = result.all.size();
        result.lines.push_back(result.all.substr(at, end - at));
        at = end + 1;
    }
    return result;
}

inline bool has(const Run &run, const Text &text) { return run.all.find(text) != Text::npos; }
// In how many lines it is.
inline unsigned count(const Run &run, const Text &text) {
    unsigned n = 0;
    for (const Text &line : run.lines) n += line.find(text) != Text::npos;
    return n;
}

inline bool is_json(const Text &line) { return line[0] == '{' && Json(line, Json::Bytes::utf8).valid(); }

// TIME PID:TID NAME(...)... error=... <SECONDS>
inline bool is_text(const Text &line) {
    int year, month, day, hour, minute, used = 0;
    double second;
    unsigned pid, tid;
    char name[80];
    if (sscanf(line.c_str(), "%4d-%2d-%2dT%2d:%2d:%9lfZ %u:%u %79[A-Za-z_0-9](%n", &year, &month, &day, &hour, &minute,
               &second, &pid, &tid, name, &used) != 9 ||
        used == 0)
        return false;
    if (line.size() > 5 && line.substr(line.size() - 5) == ") ...") return true;
    const size_t error = line.rfind(" error="), time = line.rfind(" <");
    return error != Text::npos && time != Text::npos && error < time && line.back() == '>';
}
// The first line that is not of this form; empty: there is none.
inline Text not_of_form(const Run &run, bool (*is_of_form)(const Text &)) {
    for (const Text &line : run.lines)
        if (!is_of_form(line)) return line.empty() ? "(an empty line)" : line;
    return "";
}

// main: a subject, or the tests in a folder that is gone afterwards.
template <size_t N>
int trace_main(int argc, char **argv, const Subject (&subjects)[N], void (*tests)()) {
    if (argc == 3 && strcmp(argv[1], "subject") == 0) {
        for (const Subject &subject : subjects)
            if (strcmp(subject.name, argv[2]) == 0) return subject.run();
        return 92;
    }
    char made[] = "/tmp/winshim-trace-XXXXXX";
    if (mkdtemp(made) == nullptr) return 1;
    folder = made;
    unsetenv("WINSHIM_TRACE");
    tests();
    if (system(("rm -rf '" + folder + "'").c_str()) != 0) return 1;
    return verdict();
}

}  // namespace trace_test
