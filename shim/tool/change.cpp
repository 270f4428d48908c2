// change.cpp - winshim set, reset, pulse: events from a shell.
#include <cstdio>
#include <cstring>

#include "shim/tool/library.h"
#include "shim/tool/options.h"
#include "shim/tool/output.h"

int set_command(int argc, char** argv);
int reset_command(int argc, char** argv);
int pulse_command(int argc, char** argv);

namespace {

using namespace winshim;
using namespace winshim::tool;

enum class Change { set, reset, pulse };

void show_help(FILE* to, const char* command, const char* what) {
    fprintf(to,
            "usage: winshim %s [--profile ce|ce5|nt] [--namespace NAME] [--json] EVENT...\n"
            "%s each of the named events, in this order.\n"
            "An event is there as long as some process has a handle to it.\n"
            "Exit status: 0 done; 1 one of them is not there, or is no event (the others are done); 2 it failed.\n",
            command, what);
}

int change(int argc, char** argv, Change what, const char* does) {
    Joining joining;
    bool json = false;
    look::List<const char*> names;
    const Option table[] = {{"namespace", nullptr, &joining.space},
                            {"profile", nullptr, &joining.profile},
                            {"json", &json}};
    const Asked asked = parse(argc, argv, table, names);
    if (asked == Asked::help) return show_help(stdout, argv[0], does), 0;
    if (asked == Asked::wrong) return kFailed;
    if (names.count() == 0) return show_help(stderr, argv[0], does), kFailed;
    const Library* w = prepare(joining) ? load_library() : nullptr;
    if (w == nullptr) return kFailed;
    int status = kDone;
    Json out;
    if (json) out.begin().begin_list("events");
    for (const char* name : names) {
        bool is_mutex = false;
        const HANDLE event = open_any(*w, argv[0], name, "event", is_mutex);
        bool done = false;
        if (event == nullptr) {
            if (status == kDone) status = kNotThere;
        } else {
            const auto call = what == Change::set ? w->SetEvent : what == Change::reset ? w->ResetEvent : w->PulseEvent;
            done = call(event) != FALSE;
            if (!done) complain(argv[0], "event", name, w->GetLastError()), status = kFailed;
            w->CloseHandle(event);
        }
        if (json) out.begin().text("name", name).truth("done", done).end();
    }
    if (json) out.end_list().end().done();
    return status;
}

}  // namespace

int set_command(int argc, char** argv) { return change(argc, argv, Change::set, "Signals"); }
int reset_command(int argc, char** argv) { return change(argc, argv, Change::reset, "Resets"); }
int pulse_command(int argc, char** argv) {
    return change(argc, argv, Change::pulse, "Releases who waits for, and then resets,");
}
