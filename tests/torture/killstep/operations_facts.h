// operations_facts.h - what is noted of events and threads: data, priorities, names; by a process that is killed over
// it.
#pragma once

#include <winshim_ce.h>

#include "tests/torture/killstep/operations_exports.h"

namespace killstep {

inline void add_fact_operations(std::vector<Operation>& table) {
    table.push_back({.name = "event-data-and-modify", .arrange = [](Referee& r) { r.event('a', false, false); },
        .ready = [](Victim& v) { v.open("a"); },
        .act = [](Victim& v) {
            SetEventData(v['a'], 5);
            EventModify(v['a'], EVENT_SET);
        },
        .judge = [](Referee& r) {
            const DWORD data = GetEventData(r['a']);
            r.expect(data == 0 || data == 5, "the event's data is what nobody has set");
            const bool set = r.poll('a');
            r.expect_chance(set, r.sent('a'), "the signal");
            r.expect(!set || data == 5, "the signal came before the data");
            r.close('a');
            r.check_name('a', false);
        },
        .most_kills = 300});
    const auto describe = exported<HRESULT (*)(HANDLE, const void*)>("SetThreadDescription");
    const auto described = exported<HRESULT (*)(HANDLE, void**)>("GetThreadDescription");
    table.push_back({.name = "facts-of-a-thread", .arrange = [](Referee& r) { r.event('a', false, false); },
        .ready = [](Victim& v) { v.open("a"); },
        .act = [=](Victim& v) {
            BOOL none;
            PWSTR name;
            void* short_name;
            GetEventData(v['a']);
            SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_HIGHEST);
            GetThreadPriority(GetCurrentThread());
            SetThreadPriorityBoost(GetCurrentThread(), TRUE);
            GetThreadPriorityBoost(GetCurrentThread(), &none);
            SetThreadDescription(GetCurrentThread(), L"name");
            GetThreadDescription(GetCurrentThread(), &name);
            describe(GetCurrentThread(), u"name");
            described(GetCurrentThread(), &short_name);
        },
        .judge = [](Referee& r) {
            r.expect(!r.poll('a'), "a signal from nowhere");
            r.close('a');
            r.check_name('a', false);
        },
        .most_kills = 300});
}

}  // namespace killstep
