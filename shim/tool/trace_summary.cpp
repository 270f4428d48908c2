// trace_summary.cpp - winshim trace summary: counts and times of a trace, by function and by object.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "shim/tool/options.h"
#include "shim/tool/output.h"
#include "shim/tool/trace_sums.h"

int trace_command(int argc, char** argv);

namespace {

using namespace winshim;
using namespace winshim::tool;

struct Options {
    bool json = false;
    const char* top = nullptr;
    const char* svg = nullptr;
    u64 most = 20;
    look::List<const char*> names;
};

void show_help(FILE* to) {
    fprintf(
        to,
        "usage: winshim trace summary [--top N] [--svg FILE] [--json] FILE...\n"
        "Reads traces that WINSHIM_TRACE has made, in text or JSON, and tells for each function and each object how\n"
        "often it was called, and how long was waited. A FILE that is - is standard input.\n"
        "  --top N     so many functions and objects, those first that most time was lost with (20)\n"
        "  --svg FILE  draws them as well\n"
        "  --json      as JSON: all of them\n"
        "Exit status: 0 done; 1 some lines are not of a trace; 2 a file cannot be read or written.\n");
}

bool read(const char* path, Summary& summary) {
    FILE* const file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (file == nullptr) return fprintf(stderr, "winshim trace: %s: %s\n", path, strerror(errno)), false;
    char* line = nullptr;
    size_t room = 0;
    ssize_t length;
    static TraceLine read;
    while ((length = getline(&line, &room, file)) > 0) {
        if (line[length - 1] == '\n') line[--length] = '\0';
        if (length == 0) continue;
        if (strlen(line) == static_cast<size_t>(length) && read_trace_line(line, read)) summary.add(read);
        else ++summary.unreadable;
    }
    const bool failed = ferror(file) != 0;
    if (failed) fprintf(stderr, "winshim trace: %s: %s\n", path, strerror(errno));
    free(line);
    if (file != stdin) fclose(file);
    return !failed;
}

void print_sums(const char* const (&headings)[6], const Sums& sums, u64 most, bool all) {
    Table table{headings, 6};
    u64 shown = 0;
    for (u32 i = 0; i < sums.count() && shown < most; ++i) {
        const Sum& sum = sums[i];
        if (!all && sum.waits == 0) continue;
        ++shown;
        Text calls, blocked, mean, longest;
        const bool waits = sum.waits != 0;
        const u64 count = waits ? sum.waits : sum.calls;
        table.cell(calls.add("%llu", static_cast<unsigned long long>(count)).text());
        table.cell(waits ? duration(sum.blocked_ns, blocked) : "-", waits ? Tone::bold : Tone::plain);
        table.cell(duration((waits ? sum.blocked_ns : sum.total_ns) / count, mean));
        table.cell(duration(sum.longest_ns, longest));
        Text timeouts;
        table.cell(waits ? timeouts.add("%llu", static_cast<unsigned long long>(sum.timeouts)).text() : "-");
        table.cell(sum.what);
    }
    if (shown != 0) table.print();
    else printf("none\n");
}

void print_json(const Sums& sums, Json& json, const char* what) {
    for (u32 i = 0; i < sums.count(); ++i) {
        const Sum& sum = sums[i];
        json.begin().text(what, sum.what).number("calls", sum.calls).number("waits", sum.waits);
        json.number("timeouts", sum.timeouts).number("total_ns", sum.total_ns).number("blocked_ns", sum.blocked_ns);
        json.number("longest_ns", sum.longest_ns).end();
    }
}

void report_json(const Summary& summary) {
    Json json;
    json.begin().number("lines", summary.lines).number("unreadable", summary.unreadable).begin_list("functions");
    print_json(summary.functions, json, "function");
    json.end_list().begin_list("objects");
    print_json(summary.objects, json, "object");
    json.end_list().end().done();
}

void report_text(const Summary& summary, u64 most) {
    static constexpr const char* kFunctions[] = {"CALLS", "BLOCKED", "MEAN", "LONGEST", "TIME-OUTS", "FUNCTION"};
    static constexpr const char* kObjects[] = {"WAITS", "BLOCKED", "MEAN", "LONGEST", "TIME-OUTS", "OBJECT"};
    printf("%llu calls of %u functions", static_cast<unsigned long long>(summary.lines - summary.begun),
           summary.functions.count());
    if (summary.unreadable != 0)
        printf("; %llu lines are not of a trace", static_cast<unsigned long long>(summary.unreadable));
    printf("\n\nfunctions:\n");
    print_sums(kFunctions, summary.functions, most, true);
    printf("\nobjects that were waited for:\n");
    print_sums(kObjects, summary.objects, most, false);
}

int summarize(const Options& options) {
    Summary summary;
    bool readable = true;
    for (u32 i = 1; i < options.names.count(); ++i) readable = read(options.names[i], summary) && readable;
    if (!readable) return 2;
    if (!summary.whole) return fprintf(stderr, "winshim trace: the memory does not suffice\n"), 2;
    summary.functions.sort();
    summary.objects.sort();
    if (options.svg != nullptr && !write_plot(options.svg, summary, static_cast<u32>(options.most))) return 2;
    if (options.json) report_json(summary);
    else report_text(summary, options.most);
    return summary.unreadable != 0 ? 1 : 0;
}

}  // namespace

int trace_command(int argc, char** argv) {
    Options options;
    const Option table[] = {{"json", &options.json}, {"top", nullptr, &options.top}, {"svg", nullptr, &options.svg}};
    switch (parse(argc, argv, table, options.names)) {
        case Asked::help: return show_help(stdout), 0;
        case Asked::wrong: return 2;
        case Asked::go: break;
    }
    if (options.top != nullptr && !parse_number("top", options.top, 1, 100'000, options.most)) return 2;
    if (options.names.count() < 2 || strcmp(options.names[0], "summary") != 0) return show_help(stderr), 2;
    return summarize(options);
}
