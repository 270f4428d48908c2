// objects.cpp - winshim objects: every live object, what it is, who has it, who waits for it.
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fnmatch.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "shim/object/kinds.h"
#include "shim/shm/clock.h"
#include "shim/tool/holders.h"
#include "shim/tool/options.h"
#include "shim/tool/states.h"
#include "shim/tool/view.h"
#include "shim/tool/who.h"

int objects_command(int argc, char** argv);

namespace {

using namespace winshim;
using namespace winshim::tool;
using look::List;

constexpr u32 kMostShown = 2;  // handles and waiters of an object in the table; JSON has them all

struct Options {
    const char* space = nullptr;
    const char* type = nullptr;
    const char* pid = nullptr;
    const char* every = nullptr;
    bool json = false, watch = false, waited = false;
    u64 pid_number = 0, every_s = 2;
    List<const char*> patterns;
};

// "event, mutex, semaphore or process", by number.
void add_types(Text& text) {
    u32 left = 0;
    for (const KindInfo* info : kKindTable) left += info != nullptr ? 1 : 0;
    for (const KindInfo* info : kKindTable)
        if (info != nullptr) text.add("%s%s", info->word, --left > 1 ? ", " : left == 1 ? " or " : "");
}

void show_help(FILE* to) {
    Text types;
    add_types(types);
    fprintf(to,
            "usage: winshim objects [--type TYPE] [--pid PID] [--waited] [--watch[=SECONDS]] [--json]\n"
            "                       [--namespace NAME] [PATTERN...]\n"
            "Shows every live object: its id (slot:generation), type, name and state, which processes have how many\n"
            "handles to it, and which threads wait for it, since when. The segment is read without a lock.\n"
            "  PATTERN...         only objects whose name matches one (as in the shell: * ? [...])\n"
            "  --type TYPE        only %s objects\n"
            "  --pid PID          only objects that this process has a handle to\n"
            "  --waited           only objects that somebody waits for\n"
            "  --watch[=SECONDS]  again every 2 (or so many) seconds until interrupted; on a terminal in place\n"
            "  --json             as JSON, one line for each look\n"
            "Exit status: 0 shown, also if there is none; 2 it cannot be looked at.\n",
            types.text());
}

// What was read in one look.
struct Sight {
    look::Waits waits;
    List<Holder> holders;
    List<u32> waiters;  // claims, ordered by object
};

const Sight* ordered;  // for the comparison
int by_object(const void* a, const void* b) {
    const u32 x = ordered->waits.claims()[*static_cast<const u32*>(a)].object;
    const u32 y = ordered->waits.claims()[*static_cast<const u32*>(b)].object;
    return x < y ? -1 : x > y;
}

bool see(Sight& sight) {
    if (!sight.waits.look() || !count_holders(sight.holders)) return false;
    for (u32 i = 0; i < sight.waits.claims().count(); ++i)
        if (!sight.waiters.add(i)) return false;
    ordered = &sight;
    sight.waiters.sort(by_object);
    return true;
}
u32 first_waiter(const Sight& sight, u32 object) {
    return sight.waiters.first_not([&](u32 claim) { return sight.waits.claims()[claim].object < object; });
}
bool waits_for(const Sight& sight, u32 at, u32 object) {
    return at < sight.waiters.count() && sight.waits.claims()[sight.waiters[at]].object == object;
}
const look::Wait& wait_at(const Sight& sight, u32 at) {
    return sight.waits.waits()[sight.waits.claims()[sight.waiters[at]].wait];
}

bool matches(const Options& options, const look::ObjectFacts& x) {
    if (options.patterns.count() == 0) return true;
    char name[800];
    memcpy(name, x.name.bytes, x.name.length);
    name[x.name.length] = 0;
    for (const char* pattern : options.patterns)
        if (x.name.length != 0 && fnmatch(pattern, name, 0) == 0) return true;
    return false;
}
bool is_called(const KindInfo* info, const char* type) {
    return info != nullptr && (strcmp(info->label, type) == 0 || strcmp(info->word, type) == 0);
}
bool wanted(const Options& options, const Sight& sight, const look::ObjectFacts& x) {
    if (options.type != nullptr && !is_called(kind_info(x.kind), options.type)) return false;
    if (options.waited && !waits_for(sight, first_waiter(sight, x.index), x.index)) return false;
    if (options.pid != nullptr) {
        bool has = false;
        for (u32 i = first_holder(sight.holders, x.index);
             i < sight.holders.count() && sight.holders[i].object == x.index; ++i)
            has = has || shm::process(sight.holders[i].process).pid.load() == options.pid_number;
        if (!has) return false;
    }
    return matches(options, x);
}

void add_holders(Text& text, const Sight& sight, u32 object) {
    u32 shown = 0, more = 0, more_handles = 0;
    for (u32 i = first_holder(sight.holders, object); i < sight.holders.count() && sight.holders[i].object == object;
         ++i) {
        if (shown == kMostShown) {
            ++more;
            more_handles += sight.holders[i].handles;
            continue;
        }
        if (shown++ != 0) text.add(", ");
        add_process(text, sight.holders[i].process);
        if (sight.holders[i].handles != 1) text.add(" %u", sight.holders[i].handles);
    }
    if (more != 0) text.add(", %u more processes with %u", more, more_handles);
    if (shown == 0) text.add("-");
}
void add_waiters(Text& text, const Sight& sight, u32 object, u64 now) {
    u32 at = first_waiter(sight, object), shown = 0, more = 0;
    for (; waits_for(sight, at, object); ++at) {
        if (shown == kMostShown) {
            ++more;
            continue;
        }
        const look::Wait& wait = wait_at(sight, at);
        if (shown++ != 0) text.add(", ");
        add_thread(text, wait.slot);
        text.add(" ").add_time(now > wait.since_ns ? now - wait.since_ns : 0);
        if (wait.count > 1) text.add(wait.all ? " (all of %u)" : " (any of %u)", wait.count);
    }
    if (more != 0) text.add(", %u more", more);
}

void terminal_size(u32& rows, u32& columns) {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return;
    rows = size.ws_row;
    columns = size.ws_col;
}

void show_table(const Options& options, const Sight& sight, bool in_place) {
    static const char* const kHeadings[] = {"ID", "TYPE", "NAME", "STATE", "WAITING", "HANDLES"};
    Table table(kHeadings, 6);
    const u64 now = now_ns();
    u32 count = 0, total = 0;
    look::ObjectFacts x;
    Text text;
    for (u32 i = 1; i < shm::object_count(); ++i) {
        if (!look::read_object(i, x)) continue;
        ++total;
        if (!wanted(options, sight, x)) continue;
        ++count;
        text.clear(), add_id(text, i, x.generation);
        table.cell(text.text(), Tone::dim);
        table.cell(look::kind_label(x.kind));
        text.clear();
        if (x.name.length != 0) text.add_name(x.name);
        else text.add("-");
        table.cell(text.text(), x.name.length != 0 ? Tone::blue : Tone::dim);
        text.clear(), add_state(text, x);
        table.cell(text.text(), tone_of(x));
        text.clear(), add_waiters(text, sight, i, now);
        table.cell(text.text(), Tone::bold);
        text.clear(), add_holders(text, sight, i);
        table.cell(text.text());
    }
    u32 rows = 0, columns = 0;
    if (in_place) terminal_size(rows, columns);
    table.print(rows > 5 ? rows - 4 : 0, columns);
    printf("%u of %u objects, %u threads wait\n", count, total, sight.waits.waits().count());
}

void show_json(const Options& options, const Sight& sight, const View& view) {
    Json json;
    json.begin().text("segment", view.path).begin_list("objects");
    const u64 now = now_ns();
    look::ObjectFacts x;
    for (u32 i = 1; view.found == Found::segment && i < shm::object_count(); ++i) {
        if (!look::read_object(i, x) || !wanted(options, sight, x)) continue;
        json.begin().number("slot", i).number("generation", x.generation).text("type", look::kind_label(x.kind));
        json.name("name", x.name);
        json_state(json, x);
        json.begin_list("handles");
        for (u32 h = first_holder(sight.holders, i); h < sight.holders.count() && sight.holders[h].object == i; ++h) {
            json.begin();
            json_process(json, "process", sight.holders[h].process);
            json.number("count", sight.holders[h].handles).end();
        }
        json.end_list().begin_list("waiters");
        for (u32 at = first_waiter(sight, i); waits_for(sight, at, i); ++at) {
            const look::Wait& wait = wait_at(sight, at);
            json.begin();
            json_thread(json, "thread", wait.slot);
            json.seconds("waited_s", now > wait.since_ns ? now - wait.since_ns : 0).truth("all", wait.all).end();
        }
        json.end_list().end();
    }
    json.end_list().end().done();
}

int look_once(const Options& options, bool in_place) {
    View view;
    if (const int status = open_to_look(options.space, view); status != 0) return status;
    int status = 0;
    forget_programs();
    {
        Sight sight;
        if (view.found == Found::segment && !see(sight)) {
            fprintf(stderr, "winshim: no memory for this\n");
            status = 2;
        } else if (options.json) {
            show_json(options, sight, view);
        } else if (view.found == Found::nothing) {
            printf("%s: there is none\n", view.path);
        } else {
            show_table(options, sight, in_place);
        }
    }
    close_view(view);
    return status;
}

volatile sig_atomic_t interrupted;
void interrupt(int) { interrupted = 1; }

int watch(const Options& options) {
    struct sigaction action{};
    action.sa_handler = interrupt;
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaction(number, &action, nullptr);
    const bool in_place = isatty(STDOUT_FILENO) == 1 && !options.json;
    int status = 0;
    while (interrupted == 0 && status == 0) {
        if (in_place) printf("\033[H\033[J");
        status = look_once(options, in_place);
        if (fflush(stdout) != 0) return 2;  // nobody reads any more
        const timespec pause = {static_cast<time_t>(options.every_s), 0};
        if (interrupted == 0 && status == 0) nanosleep(&pause, nullptr);
    }
    return status;
}

bool is_type(const char* type) {
    bool known = false;
    for (const KindInfo* info : kKindTable) known = known || is_called(info, type);
    if (!known) fprintf(stderr, "winshim objects: no type %s\n", type);
    return known;
}

}  // namespace

int objects_command(int argc, char** argv) {
    Options options;
    const Option table[] = {{"namespace", nullptr, &options.space}, {"type", nullptr, &options.type},
                            {"pid", nullptr, &options.pid},         {"watch", &options.watch, &options.every},
                            {"json", &options.json},                {"waited", &options.waited}};
    switch (parse(argc, argv, table, options.patterns)) {
        case Asked::help: return show_help(stdout), 0;
        case Asked::wrong: return 2;
        case Asked::go: break;
    }
    if (options.type != nullptr && !is_type(options.type)) return 2;
    if (options.pid != nullptr && !parse_number("pid", options.pid, 1, 0x7FFFFFFF, options.pid_number)) return 2;
    if (options.every != nullptr && !parse_number("watch", options.every, 1, 86'400, options.every_s)) return 2;
    return options.watch ? watch(options) : look_once(options, false);
}
