// states.cpp - what each kind has to say.
#include "shim/tool/states.h"

#include <ctime>

#include "shim/object/kinds.h"
#include "shim/shm/clock.h"
#include "shim/tool/who.h"

namespace winshim::tool {
namespace {

Rule rule_of(const look::ObjectFacts& x) noexcept { return static_cast<Rule>(x.rule); }
bool is_signaled(const look::ObjectFacts& x) noexcept {
    return signaled(rule_of(x), x.state & ~state::kPulsing, 0);
}
bool is_manual(const look::ObjectFacts& x) noexcept { return rule_of(x) == Rule::notification; }

// A kind that may be manual-reset or auto-reset says which.
bool has_reset(const KindInfo& info) noexcept {
    constexpr u32 kBoth = bit_of(Rule::notification) | bit_of(Rule::synchronization);
    return (info.rules & kBoth) == kBoth;
}

// The thread that owns a mutex: its slot; look::kNone: nobody, or one that does not exist.
u32 owner_of(const look::ObjectFacts& x) noexcept {
    const u32 owner = rule_of(x) == Rule::mutant ? state::value(x.state) - 1 : look::kNone;
    return owner < shm::thread_count() ? owner : look::kNone;
}

constexpr u64 kUnixEpoch = 116'444'736'000'000'000;  // as a FILETIME

// Until a timer fires, in ns; 0: now. Absolute times are a FILETIME.
u64 time_left(u64 due) noexcept {
    const u64 time = due & timer::kTime;
    timespec now;
    clock_gettime((due & timer::kAbsolute) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
    const u64 ticks = static_cast<u64>(now.tv_sec) * 10'000'000 + static_cast<u64>(now.tv_nsec) / 100 +
                      ((due & timer::kAbsolute) != 0 ? kUnixEpoch : 0);
    return time > ticks ? (time - ticks) * 100 : 0;
}
bool is_set(const look::ObjectFacts& x) noexcept { return (x.wide[0] & timer::kTime) != 0; }
timer::Setting setting_of(const look::ObjectFacts& x) noexcept {
    return timer::unpack(x.wide[(x.wide[0] & timer::kWhich) != 0 ? 2 : 1]);
}

void add_mutex(Text& text, const look::ObjectFacts& x) noexcept {
    const u32 owner = owner_of(x);
    if (state::value(x.state) == 0) {
        text.add((x.state & state::kAbandoned) != 0 ? "free, abandoned" : "free");
        return;
    }
    if (owner == look::kNone) {
        text.add("owned by nobody who exists");
        return;
    }
    text.add("owned by ");
    add_thread(text, owner);
    if (x.rec > 1) text.add(", %u times", x.rec);
    if (!look::lives(shm::thread(owner))) text.add(", which is dead");
}

void add_signal(Text& text, const look::ObjectFacts& x, const KindInfo& info) noexcept {
    text.add(is_signaled(x) ? "signaled" : "not signaled");
    if (has_reset(info)) text.add(is_manual(x) ? ", manual-reset" : ", auto-reset");
    if (info.count.label != nullptr) text.add(", %s %u", info.count.label, info.count.of(x.state));
}

void add_due(Text& text, const look::ObjectFacts& x) noexcept {
    if (!is_set(x)) return;
    text.add(", due in ").add_time(time_left(x.wide[0]));
    if (setting_of(x).period_ms != 0) text.add(", every %u ms", setting_of(x).period_ms);
}

void add_ending(Text& text, const look::ObjectFacts& x) noexcept {
    const bool ended = state::value(x.state) != 0;
    const bool is_thread = x.kind == Kind::thread;
    if (is_thread) text.add("%u:%u ", x.body[thread::kPid], x.body[thread::kTid]);
    else text.add("%u ", x.body[process::kPid]);
    const u32 code = x.body[0];
    static_assert(static_cast<u32>(thread::kExitCode) == 0 && static_cast<u32>(process::kExitCode) == 0);
    if (!ended) text.add("has not ended");
    else if (code == kCodeUnknown) text.add("has ended, nobody knows how");
    else text.add("has ended with code %u", code);
}

}  // namespace

// A kind of whose words nothing is said here is one that its rule describes.
void add_state(Text& text, const look::ObjectFacts& x) noexcept {
    const KindInfo* info = kind_info(x.kind);
    if (info == nullptr) return static_cast<void>(text.add("kind %u", static_cast<u32>(x.kind)));
    switch (x.kind) {
        case Kind::mapping:
            text.add("%llu bytes%s%s", static_cast<unsigned long long>(x.wide[mapping::kSize]),
                     (x.wide[mapping::kTraits] & mapping::kWritable) != 0 ? "" : ", read-only",
                     (x.wide[mapping::kTraits] & mapping::kOnFile) != 0 ? ", of a file" : "");
            return;
        case Kind::thread:
        case Kind::process: return add_ending(text, x);
        default: break;
    }
    if (rule_of(x) == Rule::mutant) return add_mutex(text, x);
    if (rule_of(x) == Rule::semaphore) text.add("count %u of %u", state::value(x.state), x.limit);
    else add_signal(text, x, *info);
    if (x.kind == Kind::timer) add_due(text, x);
}

Tone tone_of(const look::ObjectFacts& x) noexcept {
    const u32 owner = owner_of(x);
    if (rule_of(x) == Rule::mutant) {
        const bool dead = state::value(x.state) != 0 && (owner == look::kNone || !look::lives(shm::thread(owner)));
        if (dead || (x.state & state::kAbandoned) != 0) return Tone::red;
        return state::value(x.state) != 0 ? Tone::yellow : Tone::plain;
    }
    return is_signaled(x) ? Tone::green : Tone::plain;
}

void json_state(Json& json, const look::ObjectFacts& x) noexcept {
    const KindInfo* info = kind_info(x.kind);
    if (x.kind != Kind::mapping) json.truth("signaled", is_signaled(x));
    if (info == nullptr) return;
    if (has_reset(*info)) json.truth("manual_reset", is_manual(x));
    if (info->count.label != nullptr) json.number(info->count.label, info->count.of(x.state));
    if (rule_of(x) == Rule::semaphore) json.number("count", state::value(x.state)).number("maximum", x.limit);
    if (rule_of(x) == Rule::mutant) {
        const u32 owner = owner_of(x);
        if (owner == look::kNone) json.nothing("owner");
        else json_thread(json, "owner", owner);
        json.number("recursion", owner == look::kNone ? 0 : x.rec);
        json.truth("abandoned", (x.state & state::kAbandoned) != 0);
    }
    switch (x.kind) {
        case Kind::timer:
            json.truth("set", is_set(x));
            if (is_set(x)) json.seconds("due_in_s", time_left(x.wide[0]));
            json.number("period_ms", is_set(x) ? setting_of(x).period_ms : 0);
            break;
        case Kind::mapping:
            json.number("bytes", x.wide[mapping::kSize]);
            json.truth("writable", (x.wide[mapping::kTraits] & mapping::kWritable) != 0);
            json.truth("of_a_file", (x.wide[mapping::kTraits] & mapping::kOnFile) != 0);
            break;
        case Kind::thread:
            json.number("pid", x.body[thread::kPid]).number("tid", x.body[thread::kTid]);
            break;
        case Kind::process: json.number("pid", x.body[process::kPid]); break;
        default: break;
    }
    if (x.kind != Kind::thread && x.kind != Kind::process) return;
    if (is_signaled(x) && x.body[0] != kCodeUnknown) json.number("exit_code", x.body[0]);
    else json.nothing("exit_code");
}

}  // namespace winshim::tool
