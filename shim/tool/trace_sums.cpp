// trace_sums.cpp - adding up.
//
// Time blocked is the duration of calls that wait. A wait for any of several objects counts for the one that it got;
// one for all of them, or that ran out, for each.
#include "shim/tool/trace_sums.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace winshim::tool {
namespace {

constexpr const char* kWaits[] = {"WaitFor", "SignalObjectAndWait", "Sleep", "EnterCriticalSection", "AcquireSRWLock",
                                  "EnterSynchronizationBarrier", "WaitOnAddress", "GetOverlappedResult",
                                  "GetQueuedCompletionStatus", "ReadFile"};

bool may_block(Piece function) noexcept {
    for (const char* const begin : kWaits)
        if (function.begins(begin)) return true;
    return false;
}

u32 hash(const char* text) noexcept {
    u32 h = 2166136261u;
    for (; *text != '\0'; ++text) h = (h ^ static_cast<u8>(*text)) * 16777619u;
    return h;
}

int by_time(const void* a, const void* b) {
    const auto& x = *static_cast<const Sum*>(a);
    const auto& y = *static_cast<const Sum*>(b);
    const auto order = [](u64 first, u64 second) { return first > second ? -1 : first < second ? 1 : 0; };
    if (const int blocked = order(x.blocked_ns, y.blocked_ns)) return blocked;
    if (const int total = order(x.total_ns, y.total_ns)) return total;
    if (const int calls = order(x.calls, y.calls)) return calls;
    return strcmp(x.what, y.what);
}

// The index of the object that a wait for several got; -1: all of them count.
int taken(const TraceLine& line) noexcept {
    if (line.wait_all) return -1;
    for (const char* const begin : {"WAIT_OBJECT_0", "WAIT_ABANDONED_0", "WAIT_ABANDONED"}) {
        if (!line.result.begins(begin)) continue;
        const auto length = static_cast<u32>(strlen(begin));
        if (line.result.length == length) return 0;
        if (line.result.at[length] == '+') return atoi(line.result.at + length + 1);
    }
    return -1;
}

// Whether a wait counts for an object that the call concerns.
class WaitsFor {
public:
    explicit WaitsFor(const TraceLine& line) noexcept : line_(line), taken_(taken(line)) {}
    bool operator()(const Concerned& object) noexcept {
        if (object.is_result) return false;
        if (object.in_array) return taken_ < 0 || taken_ == at_++;
        if (line_.function.is("SignalObjectAndWait")) return object.argument.is("hObjectToWaitOn");
        return at_++ == 0;  // the first one: of a condition variable and its lock, the variable
    }

private:
    const TraceLine& line_;
    int taken_, at_ = 0;
};

}  // namespace

Sums::~Sums() noexcept {
    for (Sum& sum : list_) free(sum.what);
}

bool Sums::rehash() noexcept {
    const u32 room = table_.count() == 0 ? 64 : table_.count() * 2;
    if (!table_.fill(room)) return false;
    for (u32 i = 0; i < list_.count(); ++i) {
        u32 at = hash(list_[i].what) & (room - 1);
        while (table_[at] != 0) at = (at + 1) & (room - 1);
        table_[at] = i + 1;
    }
    return true;
}

Sum* Sums::of(const char* what) noexcept {
    if (list_.count() * 2 >= table_.count() && !rehash()) return nullptr;
    u32 at = hash(what) & (table_.count() - 1);
    for (; table_[at] != 0; at = (at + 1) & (table_.count() - 1))
        if (strcmp(list_[table_[at] - 1].what, what) == 0) return &list_[table_[at] - 1];
    char* const copy = strdup(what);
    if (copy == nullptr || !list_.add({copy})) return free(copy), nullptr;
    table_[at] = list_.count();
    return &list_[list_.count() - 1];
}

const char* duration(u64 ns, Text& text) noexcept {
    const auto in = [&](u64 unit) { return static_cast<double>(ns) / static_cast<double>(unit); };
    if (ns >= 1'000'000'000) return text.add("%.2f s", in(1'000'000'000)).text();
    if (ns >= 1'000'000) return text.add("%.1f ms", in(1'000'000)).text();
    return text.add("%.1f us", in(1000)).text();
}

void Sums::sort() noexcept { list_.sort(by_time); }

void Summary::add(const TraceLine& line) noexcept {
    ++lines;
    char what[1200];
    snprintf(what, sizeof what, "%.*s", static_cast<int>(line.function.length), line.function.at);
    const relay::Function* const row = traced_function(line.function);
    if (line.begun_only && (row == nullptr || row->result != relay::Kind::never)) return ++begun, void();
    const bool waits = may_block(line.function);
    const bool timeout = line.result.is("WAIT_TIMEOUT");
    const auto count = [&](Sum* sum, bool waited) {
        if (sum == nullptr) return whole = false, void();
        ++sum->calls;
        sum->total_ns += line.ns;
        sum->waits += waited;
        sum->timeouts += waited && timeout;
        if (waited) sum->blocked_ns += line.ns;
        if ((waited || !waits) && line.ns > sum->longest_ns) sum->longest_ns = line.ns;
    };
    count(functions.of(what), waits);
    WaitsFor waits_for{line};
    for (u32 i = 0; i < line.object_count; ++i) {
        const Concerned& object = line.objects[i];
        if (object.type.begins("this ") || object.is_result) continue;
        const auto type = static_cast<int>(object.type.length);
        if (object.name.length > 0)
            snprintf(what, sizeof what, "%.*s \"%.*s\"", type, object.type.at, static_cast<int>(object.name.length),
                     object.name.at);
        else
            snprintf(what, sizeof what, "%.*s %.*s of process %u", type, object.type.at,
                     static_cast<int>(object.value.length), object.value.at, line.pid);
        count(objects.of(what), waits && waits_for(object));
    }
}

}  // namespace winshim::tool
