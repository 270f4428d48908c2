// waits_graph.cpp - nodes, then edges.
#include "shim/tool/waits_graph.h"

#include "shim/shm/clock.h"
#include "shim/tool/who.h"

namespace winshim::tool {
namespace {

using look::Claim;
using look::kNone;
using look::List;
using look::Needs;
using look::Wait;
using look::Waits;

constexpr const char* kRed = "#c01c28";
constexpr const char* kOrange = "#c64600";

void print_label(const Text& text) noexcept {
    print_quoted(reinterpret_cast<const u8*>(text.text()), text.length(), false);
}

const char* colour_of(const Waits& waits, u32 wait) noexcept {
    if (wait == kNone || !waits.waits()[wait].stuck) return nullptr;
    return waits.waits()[wait].knot != 0 ? kRed : kOrange;
}

// The part of a deadlock that a claim is: it leads from its knot to its knot.
bool is_in_knot(const Waits& waits, const Claim& claim) noexcept {
    const u32 knot = waits.waits()[claim.wait].knot;
    if (knot == 0 || claim.possible) return false;
    u32 behind;
    for (u32 n = 0; (behind = waits.behind(claim, n)) != kNone; ++n)
        if (waits.waits()[behind].knot == knot) return true;
    return false;
}

void print_attributes(const char* colour, bool dashed) noexcept {
    printf(" [");
    if (colour != nullptr) printf("color=\"%s\", fontcolor=\"%s\", penwidth=2", colour, colour);
    printf("%s%s];\n", colour != nullptr && dashed ? ", " : "", dashed ? "style=dashed" : "");
}

void print_thread(const Waits& waits, u32 slot, u64 now) noexcept {
    Text text;
    const u32 wait = waits.wait_of(slot);
    add_thread(text, slot);
    if (wait == kNone) text.add(" %s", doing(slot));
    else text.add(" waits ").add_time(now > waits.waits()[wait].since_ns ? now - waits.waits()[wait].since_ns : 0);
    printf("  thread_%u [shape=ellipse, label=", slot);
    print_label(text);
    if (const char* colour = colour_of(waits, wait))
        printf(", color=\"%s\", fontcolor=\"%s\", penwidth=2", colour, colour);
    printf("];\n");
}

void print_object(const Claim& claim, bool red) noexcept {
    Text text;
    add_object(text, claim.kind, claim.object, claim.generation);
    printf("  object_%u [shape=box, label=", claim.object);
    print_label(text);
    if (red) printf(", color=\"%s\", fontcolor=\"%s\", penwidth=2", kRed, kRed);
    printf("];\n");
}

// The first claim for each object stands for it: once in the graph.
bool is_first(const List<u32>& first, const Waits& waits, u32 claim) noexcept {
    const u32 object = waits.claims()[claim].object;
    return object >= first.count() || first[object] == claim + 1;
}

}  // namespace

void print_graph(const Waits& waits) noexcept {
    const u64 now = now_ns();
    List<u32> first;                 // by object: its first claim + 1
    List<u8> in_knot, shown;         // by object; by thread slot
    first.fill(shm::object_count());
    in_knot.fill(shm::object_count());
    shown.fill(shm::thread_count());
    const auto thread_node = [&](u32 slot) {
        if (slot >= shown.count() || shown[slot] != 0) return;
        shown[slot] = 1;
        print_thread(waits, slot, now);
    };
    printf("digraph waits {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n");
    for (u32 c = 0; c < waits.claims().count(); ++c) {
        const Claim& claim = waits.claims()[c];
        if (claim.object >= first.count()) continue;
        if (first[claim.object] == 0) first[claim.object] = c + 1;
        if (is_in_knot(waits, claim)) in_knot[claim.object] = 1;
    }
    for (const Wait& wait : waits.waits()) thread_node(wait.slot);
    for (u32 c = 0; c < waits.claims().count(); ++c) {
        const Claim& claim = waits.claims()[c];
        if (!is_first(first, waits, c)) continue;
        print_object(claim, claim.object < in_knot.count() && in_knot[claim.object] != 0);
        if (claim.needs == Needs::thread) thread_node(claim.holder);
    }
    for (u32 c = 0; c < waits.claims().count(); ++c) {
        const Claim& claim = waits.claims()[c];
        const Wait& wait = waits.waits()[claim.wait];
        const bool red = is_in_knot(waits, claim);
        printf("  thread_%u -> object_%u", wait.slot, claim.object);
        print_attributes(red ? kRed : nullptr, wait.count > 1 && !wait.all);
        if (!is_first(first, waits, c)) continue;
        const bool red_object = claim.object < in_knot.count() && in_knot[claim.object] != 0;
        if (claim.needs == Needs::thread) {
            const u32 holder = waits.wait_of(claim.holder);
            printf("  object_%u -> thread_%u", claim.object, claim.holder);
            print_attributes(red_object && holder != kNone && waits.waits()[holder].knot != 0 ? kRed : nullptr, false);
        }
        u32 behind;
        for (u32 n = 0; claim.needs == Needs::process && (behind = waits.behind(claim, n)) != kNone; ++n) {
            printf("  object_%u -> thread_%u", claim.object, waits.waits()[behind].slot);
            print_attributes(red_object && waits.waits()[behind].knot != 0 ? kRed : nullptr, false);
        }
    }
    printf("}\n");
}

}  // namespace winshim::tool
