// operations_facts.h - what is noted of events and threads: data, priorities, names; by a process that is killed over
// it.
#pragma once

#include <wct.h>
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
    const auto chain = exported<BOOL (*)(HWCT, DWORD_PTR, DWORD, DWORD, DWORD*, void*, BOOL*)>("GetThreadWaitChain");
    table.push_back({.name = "wait-chain", .arrange = [](Referee& r) { r.event('a', false, false); },
        .ready = [](Victim& v) { v.open("a"); },
        .act = [=](Victim&) {
            WAITCHAIN_NODE_INFO nodes[WCT_MAX_NODE_COUNT];
            DWORD count = WCT_MAX_NODE_COUNT;
            BOOL cycle;
            const HWCT session = OpenThreadWaitChainSession(0, nullptr);
            GetThreadWaitChain(session, 0, WCT_OUT_OF_PROC_FLAG, GetCurrentThreadId(), &count, nodes, &cycle);
            chain(session, 0, 0, GetCurrentThreadId(), &count, nodes, &cycle);
            CloseThreadWaitChainSession(session);
        },
        .judge = [](Referee& r) {
            r.expect(!r.poll('a'), "a signal from nowhere");
            r.close('a');
            r.check_name('a', false);
        },
        .most_kills = 100});
}

}  // namespace killstep
