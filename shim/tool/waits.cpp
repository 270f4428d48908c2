// waits.cpp - winshim waits: who waits for whom, and which of them wait for one another.
#include "shim/object/kinds.h"
#include "shim/shm/clock.h"
#include "shim/tool/options.h"
#include "shim/tool/view.h"
#include "shim/tool/waits_graph.h"
#include "shim/tool/who.h"

int waits_command(int argc, char** argv);

namespace {

using namespace winshim;
using namespace winshim::tool;
using look::Claim;
using look::List;
using look::Needs;
using look::Wait;
using look::Waits;

struct Options {
    const char* space = nullptr;
    bool json = false, dot = false;
    List<const char*> names;
};

void show_help(FILE* to) {
    fprintf(
        to,
        "usage: winshim waits [--json | --dot] [--namespace NAME]\n"
        "Shows every thread that waits, for what, since when, and who holds that; then the deadlocks, in words:\n"
        "threads that all wait for one another, through mutexes and through waits for the end of threads and\n"
        "processes. A wait for any of several objects is stuck only if all of them are out of reach, a wait for\n"
        "all if one is.\n"
        "Events, semaphores and timers can be signaled by anybody: who waits for one counts as able to go on.\n"
        "  --dot   a graph for Graphviz (dot -Tsvg): threads are ellipses, objects boxes, deadlocks red\n"
        "  --json  as JSON\n"
        "Exit status: 0 no deadlock; 1 there is one; 2 it cannot be looked at.\n");
}

u64 waited(const Wait& wait, u64 now) { return now > wait.since_ns ? now - wait.since_ns : 0; }

// ---- words ----------------------------------------------------------------------------------------------------------

// Who keeps a claim from being fulfilled, after the object's name.
void add_obstacle(Text& text, const Waits& waits, const Claim& claim) {
    switch (claim.needs) {
        case Needs::nobody: text.add(", which is there"); return;
        case Needs::time: text.add(", which is set"); return;
        case Needs::anybody: return;
        case Needs::thread:
            text.add(claim.kind == Kind::mutex ? ", owned by " : ", that is ");
            add_thread(text, claim.holder);
            if (waits.wait_of(claim.holder) == look::kNone) text.add(", which %s", doing(claim.holder));
            return;
        case Needs::process:
            text.add(", that is ");
            add_process(text, claim.holder);
            return;
    }
}

void add_claim(Text& text, const Waits& waits, const Claim& claim) {
    add_object(text, claim.kind, claim.object, claim.generation);
    add_obstacle(text, waits, claim);
}

void show_table(const Waits& waits, u64 now) {
    static const char* const kHeadings[] = {"THREAD", "WAITED", "TIME-OUT", "STATE", "FOR"};
    Table table(kHeadings, 5);
    Text text;
    for (const Wait& wait : waits.waits()) {
        const Tone tone = wait.knot != 0 ? Tone::red : wait.stuck ? Tone::yellow : Tone::plain;
        const auto put = [&](Tone how) {
            table.cell(text.text(), how);
            text.clear();
        };
        text.clear(), add_thread(text, wait.slot), put(tone);
        text.add_time(waited(wait, now)), put(Tone::plain);
        if (wait.until_ns == kForever) text.add("never");
        else text.add("in ").add_time(wait.until_ns > now ? wait.until_ns - now : 0);
        put(Tone::plain);
        if (wait.knot != 0) text.add("deadlock %u", wait.knot);
        else text.add(wait.stuck ? "behind a deadlock" : "waits");
        put(tone);
        if (wait.count == 0) text.add("a call or the end of its time");
        for (u32 c = 0; c < wait.count; ++c) {
            if (c != 0) table.cell(""), table.cell(""), table.cell(""), table.cell("");
            if (wait.count > 1) text.add("%s ", c != 0 ? (wait.all ? "and" : "or") : (wait.all ? "all:" : "any:"));
            add_claim(text, waits, waits.claims()[wait.first + c]);
            put(Tone::plain);
        }
        if (wait.count == 0) put(Tone::plain);
    }
    if (waits.waits().count() != 0) table.print();
}

// "A waits for OBJECT, owned by B, for 3.2 s": a step of the way round. `next`: who comes after it.
void add_step(Text& text, const Waits& waits, const Claim& claim, const Wait& next, u64 now) {
    const Wait& wait = waits.waits()[claim.wait];
    add_thread(text, wait.slot);
    text.add(" waits for ");
    if (wait.count > 1 && wait.all) text.add("all of %u objects, among them ", wait.count);
    if (wait.count > 1 && !wait.all) text.add("any of %u objects, all of them out of reach, among them ", wait.count);
    add_object(text, claim.kind, claim.object, claim.generation);
    text.add(claim.needs == Needs::process ? ", to which belongs "
             : claim.kind == Kind::mutex   ? ", owned by "
                                           : ", that is ");
    add_thread(text, next.slot);
    text.add(", for ").add_time(waited(wait, now));
}

void tell_deadlock(const Waits& waits, u32 knot, u64 now) {
    List<u32> cycle;
    u32 members = 0, behind = 0, alertable = 0;
    for (const Wait& wait : waits.waits()) {
        members += wait.knot == knot;
        alertable += wait.knot == knot && wait.alertable;
    }
    for (const Wait& wait : waits.waits()) behind += wait.stuck && wait.knot == 0;
    printf("%sdeadlock %u: %u %s%s\n", begin_tone(Tone::red), knot, members,
           members == 1 ? "thread waits for itself" : "threads wait for one another, and none of them can go on",
           end_tone(Tone::red));
    if (!waits.cycle(knot, cycle)) return;
    Text text;
    for (u32 i = 0; i < cycle.count(); ++i) {
        const Claim& next = waits.claims()[cycle[(i + 1) % cycle.count()]];
        text.clear(), add_step(text, waits, waits.claims()[cycle[i]], waits.waits()[next.wait], now);
        printf("  %s%s\n", text.text(), i + 1 < cycle.count() ? ";" : ".");
    }
    if (const u32 others = members - cycle.count(); members > cycle.count())
        printf("  %u more %s entangled in it\n", others, others == 1 ? "thread is" : "threads are");
    const u64 end = waits.ends_by_itself(knot);
    text.clear();
    if (end != kForever)
        printf("  the first of their time-outs comes in %s\n", text.add_time(end > now ? end - now : 0).text());
    if (alertable != 0) printf("  %u of them can be woken by a call that is queued to it\n", alertable);
    if (knot == waits.knots() && behind != 0)
        printf("%s%u more %s behind %s%s\n", begin_tone(Tone::yellow), behind,
               behind == 1 ? "thread waits" : "threads wait", knot == 1 ? "it" : "these", end_tone(Tone::yellow));
}

void show_text(const Waits& waits) {
    const u64 now = now_ns();
    show_table(waits, now);
    if (waits.waits().count() != 0) putchar('\n');
    for (u32 knot = 1; knot <= waits.knots(); ++knot) tell_deadlock(waits, knot, now);
    if (waits.waits().count() == 0) printf("nobody waits\n");
    else if (waits.knots() == 0) printf("%sno deadlock%s\n", begin_tone(Tone::green), end_tone(Tone::green));
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

constexpr const char* kNeeds[] = {"nothing", "time", "signal", "thread", "process"};

void json_claim(Json& json, const Claim& claim) {
    look::Name name;
    look::read_name(claim.object, claim.generation, name);
    json.begin().number("slot", claim.object).number("generation", claim.generation);
    json.text("type", look::kind_label(claim.kind)).name("name", name);
    json.text("needs", kNeeds[static_cast<u32>(claim.needs)]).truth("possible", claim.possible);
    if (claim.needs == Needs::thread) {
        json_thread(json, "holder", claim.holder);
        json.text("holder_state", doing(claim.holder));
    }
    if (claim.needs == Needs::process) json_process(json, "holder", claim.holder);
    json.end();
}

void show_json(const Waits& waits, const View& view) {
    const u64 now = now_ns();
    Json json;
    json.begin().text("segment", view.path).begin_list("waits");
    for (const Wait& wait : waits.waits()) {
        json.begin();
        json_thread(json, "thread", wait.slot);
        json.seconds("waited_s", waited(wait, now));
        if (wait.until_ns == kForever) json.nothing("timeout_in_s");
        else json.seconds("timeout_in_s", wait.until_ns > now ? wait.until_ns - now : 0);
        json.truth("all", wait.all).truth("alertable", wait.alertable).truth("stuck", wait.stuck);
        if (wait.knot != 0) json.number("deadlock", wait.knot);
        else json.nothing("deadlock");
        json.begin_list("objects");
        for (u32 c = 0; c < wait.count; ++c) json_claim(json, waits.claims()[wait.first + c]);
        json.end_list().end();
    }
    json.end_list().begin_list("deadlocks");
    for (u32 knot = 1; knot <= waits.knots(); ++knot) {
        List<u32> cycle;
        json.begin().number("number", knot).begin_list("cycle");
        if (waits.cycle(knot, cycle))
            for (const u32 c : cycle) {
                json.begin();
                json_thread(json, "thread", waits.waits()[waits.claims()[c].wait].slot);
                json.number("object_slot", waits.claims()[c].object).end();
            }
        json.end_list();
        const u64 end = waits.ends_by_itself(knot);
        if (end == kForever) json.nothing("timeout_in_s");
        else json.seconds("timeout_in_s", end > now ? end - now : 0);
        json.end();
    }
    json.end_list().end().done();
}

}  // namespace

int waits_command(int argc, char** argv) {
    Options options;
    const Option table[] = {{"namespace", nullptr, &options.space}, {"json", &options.json}, {"dot", &options.dot}};
    switch (parse(argc, argv, table, options.names)) {
        case Asked::help: return show_help(stdout), 0;
        case Asked::wrong: return 2;
        case Asked::go: break;
    }
    if (options.names.count() != 0 || (options.json && options.dot)) return show_help(stderr), 2;
    View view;
    if (const int status = open_to_look(options.space, view); status != 0) return status;
    Waits waits;
    if (view.found == Found::segment && !waits.look()) {
        fprintf(stderr, "winshim: no memory for this\n");
        return 2;
    }
    if (options.json) show_json(waits, view);
    else if (options.dot) print_graph(waits);
    else if (view.found == Found::nothing) printf("%s: there is none\n", view.path);
    else show_text(waits);
    return waits.knots() == 0 ? 0 : 1;
}
