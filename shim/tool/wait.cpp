// wait.cpp - winshim wait: waiting for named objects from a shell.
#include <cstdio>
#include <cstring>

#include "shim/tool/library.h"
#include "shim/tool/options.h"
#include "shim/tool/output.h"

int wait_command(int argc, char** argv);

namespace {

using namespace winshim;
using namespace winshim::tool;

struct Options {
    Joining joining;
    const char* type = nullptr;
    const char* timeout = nullptr;
    bool all = false, json = false;
    u64 timeout_ms = INFINITE;
    look::List<const char*> names;
};

struct Objects {
    HANDLE handle[MAXIMUM_WAIT_OBJECTS];
    bool is_mutex[MAXIMUM_WAIT_OBJECTS];
    DWORD count = 0;
};

void show_help(FILE* to) {
    fprintf(
        to,
        "usage: winshim wait [--all] [--timeout MS] [--type TYPE] [--profile ce|ce5|nt] [--namespace NAME] [--json]\n"
        "                    NAME...\n"
        "Waits until one of the named objects (with --all: all at once) is signaled, and takes it, as\n"
        "WaitForMultipleObjects does: an auto-reset event is reset, a semaphore counts down. A mutex is let go again\n"
        "at once. Prints the name of the object that came, if there are several.\n"
        "  --timeout MS  gives up after so many milliseconds; 0: only looks\n"
        "  --type TYPE   the names are those of event, mutex, semaphore or timer objects\n"
        "Exit status: 0 signaled; 123 signaled, and a mutex among what was taken had been abandoned; 124 time-out;\n"
        "1 there is no such object; 2 it failed; 128 + N ended by signal N.\n");
}

int tell(const Options& options, int status, const char* result, const char* name) {
    if (options.json) {
        Json json;
        json.begin().text("result", result).text("name", name).end().done();
    } else if (name != nullptr && options.names.count() > 1) {
        printf("%s\n", name);
    }
    return status;
}

int outcome(const Options& options, const Library& w, const Objects& objects, DWORD result) {
    const DWORD count = objects.count;
    if (result == WAIT_TIMEOUT) return tell(options, kTimeout, "timeout", nullptr);
    const bool abandoned = result >= WAIT_ABANDONED_0 && result < WAIT_ABANDONED_0 + count;
    const DWORD index = result - (abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0);
    if (index == count && signal_that_came() != 0)
        return tell(options, kSignal + signal_that_came(), "signal", nullptr);
    if (index >= count) {
        fprintf(stderr, "winshim wait: error %u\n", static_cast<unsigned>(w.GetLastError()));
        return kFailed;
    }
    for (DWORD i = 0; i < count; ++i)
        if (objects.is_mutex[i] && (options.all || i == index)) w.ReleaseMutex(objects.handle[i]);
    return tell(options, abandoned ? kAbandoned : kDone, abandoned ? "abandoned" : "signaled",
                options.all && count > 1 ? nullptr : options.names[index]);
}

int wait_for(const Options& options, const Library& w) {
    static Objects objects;
    for (const char* name : options.names) {
        objects.handle[objects.count] = open_any(w, "wait", name, options.type, objects.is_mutex[objects.count]);
        if (objects.handle[objects.count] == nullptr) return kNotThere;
        ++objects.count;
    }
    // A wait for all has no place for the event that says that a signal came: there a signal kills.
    DWORD count = objects.count;
    if (!options.all || count == 1) {
        objects.handle[count] = signals_as_event(w);
        if (objects.handle[count] != nullptr) ++count;
    }
    const DWORD result = w.WaitForMultipleObjects(count, objects.handle, options.all && objects.count > 1,
                                                  static_cast<DWORD>(options.timeout_ms));
    const int status = outcome(options, w, objects, result);
    for (DWORD i = 0; i < count; ++i) w.CloseHandle(objects.handle[i]);
    return status;
}

bool is_type(const char* type) {
    for (const char* known : {"event", "mutex", "semaphore", "timer"})
        if (strcmp(type, known) == 0) return true;
    fprintf(stderr, "winshim wait: no type %s\n", type);
    return false;
}

}  // namespace

int wait_command(int argc, char** argv) {
    Options options;
    const Option table[] = {{"namespace", nullptr, &options.joining.space},
                            {"profile", nullptr, &options.joining.profile},
                            {"timeout", nullptr, &options.timeout},
                            {"type", nullptr, &options.type},
                            {"all", &options.all},
                            {"json", &options.json}};
    const Asked asked = parse(argc, argv, table, options.names);
    if (asked == Asked::help) return show_help(stdout), 0;
    if (asked == Asked::wrong) return kFailed;
    if (options.names.count() == 0) return show_help(stderr), kFailed;
    if (options.names.count() >= MAXIMUM_WAIT_OBJECTS) {
        fprintf(stderr, "winshim wait: more than %d names\n", MAXIMUM_WAIT_OBJECTS - 1);
        return kFailed;
    }
    if (options.timeout != nullptr && !parse_number("timeout", options.timeout, 0, INFINITE - 1, options.timeout_ms))
        return kFailed;
    if (options.type != nullptr && !is_type(options.type)) return kFailed;
    const Library* w = prepare(options.joining) ? load_library() : nullptr;
    return w != nullptr ? wait_for(options, *w) : kFailed;
}
