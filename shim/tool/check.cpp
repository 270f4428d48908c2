// check.cpp - winshim check: tells whether the segment is sound; winshim check --discard removes it.
#include <cstdio>
#include <cstring>
#include <time.h>

#include "shim/tool/examine.h"
#include "shim/tool/options.h"
#include "shim/tool/output.h"
#include "shim/tool/view.h"

int check_command(int argc, char** argv);

namespace {

using namespace winshim;
using namespace winshim::tool;

struct Options {
    const char* space = nullptr;
    bool json = false, discard = false, force = false;
    look::List<const char*> names;
};

void show_help(FILE* to) {
    fprintf(
        to,
        "usage: winshim check [--namespace NAME] [--json]\n"
        "       winshim check [--namespace NAME] --discard [--force]\n"
        "Examines the shared segment of this user without changing it, and tells what cannot be as it is.\n"
        "--discard removes the segment and its bells; with --force even if processes use it (they go on with it,\n"
        "and others begin a new one). Exit status: 0 sound, removed, or none there; 1 unsound, or still in use;\n"
        "2 it cannot be looked at.\n");
}

void print_list(Json& json, const char* name, const Findings& findings) {
    json.begin_list(name);
    for (u32 i = 0; i < findings.kept(); ++i) json.text(nullptr, findings.at(i));
    json.end_list();
}

void report_json(const View& view, const Census& census, const Findings& damage, const Findings& notes) {
    Json json;
    json.begin().text("segment", view.path).truth("exists", view.found == Found::segment);
    json.truth("sound", damage.count() == 0).number("objects", census.objects).number("threads", census.threads);
    json.number("processes", census.processes).number("handles", census.handles).number("names", census.names);
    json.number("dead", census.dead);
    print_list(json, "damage", damage);
    print_list(json, "notes", notes);
    json.end().done();
}

void report_text(const View& view, const Census& census, const Findings& damage, const Findings& notes) {
    for (u32 i = 0; i < damage.kept(); ++i) printf("damage: %s\n", damage.at(i));
    if (damage.count() > damage.kept()) printf("damage: and %u more\n", damage.count() - damage.kept());
    for (u32 i = 0; i < notes.kept(); ++i) printf("note: %s\n", notes.at(i));
    printf("%s: %s; %u objects, %u threads, %u processes, %u handles, %u names\n", view.path,
           damage.count() == 0 ? "sound" : "UNSOUND", census.objects, census.threads, census.processes, census.handles,
           census.names);
}

// What is found twice, some time apart, was no change under way.
Census examine_patiently(Findings& damage, Findings& notes) {
    static Findings again_damage, again_notes;
    Census census = examine(damage, notes);
    for (int look = 0; look < 4 && damage.count() != 0; ++look) {
        const timespec pause = {0, 15'000'000};
        nanosleep(&pause, nullptr);
        again_damage = Findings();
        again_notes = Findings();
        census = examine(again_damage, again_notes);
        damage.keep_common(again_damage);
        notes.keep_common(again_notes);
    }
    return census;
}

int discard_it(const View& view, bool force) {
    const u32 users = count_users(view);
    if (users != 0 && !force) {
        fprintf(stderr, "winshim: %s: %u processes use it; not removed (--force removes it all the same)\n", view.path,
                users);
        return 1;
    }
    if (!discard(view, force)) {
        fprintf(stderr, "winshim: %s: somebody is joining it, or it cannot be removed\n", view.path);
        return 1;
    }
    printf("%s: removed\n", view.path);
    return 0;
}

}  // namespace

int check_command(int argc, char** argv) {
    Options options;
    const Option table[] = {{"namespace", nullptr, &options.space}, {"json", &options.json},
                            {"discard", &options.discard}, {"force", &options.force}};
    const Asked asked = parse(argc, argv, table, options.names);
    if (asked == Asked::help) return show_help(stdout), 0;
    if (asked == Asked::wrong || options.names.count() != 0) return show_help(stderr), 2;
    static Findings damage, notes;
    const View view = open_view(options.space);
    if (view.found == Found::trouble) return 2;
    if (view.found == Found::nothing) {
        if (options.json) report_json(view, {}, damage, notes);
        else printf("%s: there is none\n", view.path);
        return 0;
    }
    if (options.discard) return discard_it(view, options.force);
    Census census{};
    if (examine_header(view.file_bytes, damage)) {
        static Findings behind;
        census = examine_patiently(behind, notes);
        for (u32 i = 0; i < behind.kept(); ++i) damage.say("%s", behind.at(i));
    }
    if (options.json) report_json(view, census, damage, notes);
    else report_text(view, census, damage, notes);
    return damage.count() == 0 ? 0 : 1;
}
