// wct.cpp - OpenThreadWaitChainSession, CloseThreadWaitChainSession, GetThreadWaitChain (wct.h).
//
// Purpose     The chain is found by the room `look`, which the tool uses as well; here are the sessions and the
//             form of the nodes.
// Sessions    are numbered places; a handle names a place and its tenancy. Nothing is allocated, and no lock taken, so
//             a fork finds them as they are.
// Source      "Wait Chain Traversal"; the classes DOC and DEC as in wct.h.
#include <cstdlib>
#include <unistd.h>

#include "shim/api/convert.h"
#include "shim/look/chain.h"
#include "shim/look/task.h"
#include "shim/look/utf8.h"
#include "shim/object/state_word.h"
#include "shim/shm/clock.h"
#include "shim/wait/private_lock.h"
#pragma GCC visibility push(default)
#include "winapi_headers/wct.h"
#pragma GCC visibility pop

namespace winshim::api {
namespace {

// ---- sessions -------------------------------------------------------------------------------------------------------

constexpr u32 kMostSessions = 256, kTenancyMask = 0xFFFFF;

struct Session {
    std::atomic<u32> tenancy;  // odd: open
    std::atomic<PWAITCHAINCALLBACK> callback;
};
constinit Session sessions[kMostSessions] = {};

HWCT handle_of(u32 place, u32 tenancy) noexcept {
    return reinterpret_cast<HWCT>(uintptr_t{tenancy & kTenancyMask} << 12 | place << 2);
}
Session* session_of(HWCT handle) noexcept {
    const auto value = reinterpret_cast<uintptr_t>(handle);
    const u32 place = static_cast<u32>(value >> 2) & 0x3FF;
    if (place >= kMostSessions) return nullptr;
    const u32 tenancy = sessions[place].tenancy.load(std::memory_order_acquire);
    return tenancy % 2 != 0 && handle_of(place, tenancy) == handle ? &sessions[place] : nullptr;
}

// ---- nodes ----------------------------------------------------------------------------------------------------------

// WAITCHAIN_NODE_INFO for one width of characters.
template <class Unit>
struct NodeOf {
    struct Lock {
        Unit name[WCT_OBJNAME_LENGTH];
        LARGE_INTEGER timeout;
        BOOL alertable;
    };
    struct Who {
        DWORD process, thread, waited, switches;
    };
    WCT_OBJECT_TYPE type;
    WCT_OBJECT_STATUS status;
    union {
        Lock lock;
        Who who;
    };
};
static_assert(sizeof(NodeOf<wchar_t>) == sizeof(WAITCHAIN_NODE_INFO));
static_assert(offsetof(NodeOf<wchar_t>, lock.timeout) == offsetof(WAITCHAIN_NODE_INFO, LockObject.Timeout));

template <class Unit>
void put_name(Unit (&to)[WCT_OBJNAME_LENGTH], const look::Name& name) noexcept {
    u32 count = 0;
    for (u32 at = 0; at < name.length;) {
        const look::Character c = look::next_character(name.bytes, name.length, at);
        at += c.length;
        const u32 code = c.sound ? c.code : 0xFFFD;
        const bool pair = sizeof(Unit) == 2 && code >= 0x10000;
        if (count + (pair ? 2 : 1) >= WCT_OBJNAME_LENGTH) break;
        if (pair) to[count++] = static_cast<Unit>(0xD7C0 + (code >> 10));
        to[count++] = static_cast<Unit>(pair ? 0xDC00 + (code & 0x3FF) : code);
    }
    for (; count < WCT_OBJNAME_LENGTH; ++count) to[count] = 0;
}

WCT_OBJECT_TYPE type_of(Kind kind) noexcept {
    switch (kind) {
        case Kind::mutex: return WctMutexType;
        case Kind::thread: return WctThreadWaitType;
        case Kind::process: return WctProcessWaitType;
        default: return WctUnknownType;
    }
}
WCT_OBJECT_STATUS status_of(const look::Claim& claim) noexcept {
    if (type_of(claim.kind) == WctUnknownType) return WctStatusUnknown;
    if (claim.needs == look::Needs::thread || claim.needs == look::Needs::process) return WctStatusOwned;
    const bool abandoned = (claim.state & state::kAbandoned) != 0 || state::value(claim.state) != 0;
    return claim.kind == Kind::mutex && abandoned ? WctStatusAbandoned : WctStatusNotOwned;
}

template <class Unit>
void put_object(NodeOf<Unit>& to, const look::Claim& claim) noexcept {
    look::Name name;
    look::read_name(claim.object, claim.generation, name);
    to = {};
    to.type = type_of(claim.kind);
    to.status = status_of(claim);
    put_name(to.lock.name, name);
}

template <class Unit>
void put_thread(NodeOf<Unit>& to, const look::Waits& waits, const look::Node& node, bool seen) noexcept {
    to = {};
    to.type = WctThreadType;
    const shm::Process& process = shm::process(node.process);
    to.who.process = node.process < shm::process_count() ? process.pid.load(std::memory_order_relaxed) : 0;
    if (node.slot == look::kNone) {
        to.status = WctStatusPidOnly;
        return;
    }
    const u32 at = waits.wait_of(node.slot);
    to.who.thread = shm::thread(node.slot).tid.load(std::memory_order_relaxed);
    to.status = !seen ? WctStatusUnknown : at != look::kNone ? WctStatusBlocked : WctStatusRunning;
    look::Task task;
    if (!seen) return;
    if (look::ids_mean_something(process) && look::read_task(to.who.thread, task))
        to.who.switches = static_cast<DWORD>(task.switches);
    const u64 now = now_ns();
    if (at != look::kNone && now > waits.waits()[at].since_ns)
        to.who.waited = static_cast<DWORD>((now - waits.waits()[at].since_ns) / kNsPerMs);
}

// ---- one call -------------------------------------------------------------------------------------------------------

// The slot of a living thread by its id; kNone: it has never used the library.
u32 slot_of(u32 tid) noexcept {
    const u32 threads = shm::thread_count();
    for (u32 i = 0; i < threads; ++i) {
        const shm::Thread& t = shm::thread(i);
        const u32 process = look::process_of(t);
        if (t.tid.load(std::memory_order_relaxed) == tid && look::lives(t) && process != shm::kMaxProcesses &&
            look::ids_mean_something(shm::process(process)))
            return i;
    }
    return look::kNone;
}

// A thread of this user that the segment does not know: it waits for nothing here.
template <class Unit>
DWORD put_stranger(const look::Task& task, DWORD tid, DWORD flags, DWORD* count, NodeOf<Unit>* nodes) noexcept {
    nodes[0] = {};
    nodes[0].type = WctThreadType;
    const bool seen = (flags & WCT_OUT_OF_PROC_FLAG) != 0 || task.pid == static_cast<u32>(getpid());
    nodes[0].status = seen ? WctStatusRunning : WctStatusUnknown;
    nodes[0].who = {task.pid, tid, 0, seen ? static_cast<DWORD>(task.switches) : 0};
    *count = 1;
    return ERROR_SUCCESS;
}

template <class Unit>
DWORD get_chain(DWORD flags, DWORD tid, DWORD* count, NodeOf<Unit>* nodes, BOOL* is_cycle) noexcept {
    if (const Status s = process::ensure_attached(); s != Status::success) return static_cast<DWORD>(s);
    const KeepErrno keep;
    const Uncancelled uncancelled;
    const wait::Uninterrupted uninterrupted;
    *is_cycle = FALSE;
    look::Task task;
    const bool told = look::read_task(tid, task);
    const u32 slot = slot_of(tid);
    if (!told && slot == look::kNone) return ERROR_OBJECT_NOT_FOUND;
    if (told && task.user != shm::user_of_segment()) return ERROR_ACCESS_DENIED;
    if (slot == look::kNone) return put_stranger(task, tid, flags, count, nodes);

    look::Waits waits;
    look::List<look::Node> chain;
    bool cycle = false;
    const u32 own = look::process_of(shm::thread(self.id - 1));
    const bool everywhere = (flags & WCT_OUT_OF_PROC_FLAG) != 0;
    if (!waits.look() || !look::chain_of(waits, slot, everywhere ? look::kNone : own, chain, cycle))
        return ERROR_NOT_ENOUGH_MEMORY;
    const u32 room = *count, shown = chain.count() < room ? chain.count() : room;
    for (u32 i = 0; i < shown; ++i) {
        const look::Node& node = chain[i];
        if (node.is_thread) put_thread(nodes[i], waits, node, everywhere || node.process == own);
        else put_object(nodes[i], waits.claims()[node.claim]);
    }
    *is_cycle = cycle;
    *count = shown;
    if (chain.count() > WCT_MAX_NODE_COUNT) return ERROR_TOO_MANY_THREADS;
    if (chain.count() <= room) return ERROR_SUCCESS;
    *count = chain.count();
    return ERROR_MORE_DATA;
}

// A call of an asynchronous session, on its way to the pool.
template <class Unit>
struct Request {
    HWCT session;
    PWAITCHAINCALLBACK callback;
    DWORD_PTR context;
    DWORD flags, tid;
    DWORD* count;
    NodeOf<Unit>* nodes;
    BOOL* cycle;
};

template <class Unit>
DWORD CALLBACK answer(PVOID given) noexcept {
    const Request<Unit> r = *static_cast<Request<Unit>*>(given);
    free(given);
    const bool open = session_of(r.session) != nullptr;
    const DWORD status = open ? get_chain(r.flags, r.tid, r.count, r.nodes, r.cycle) : ERROR_CANCELLED;
    r.callback(r.session, r.context, status, r.count, reinterpret_cast<PWAITCHAIN_NODE_INFO>(r.nodes), r.cycle);
    return 0;
}

template <class Unit>
DWORD ask(const Request<Unit>& request) noexcept {
    auto* kept = static_cast<Request<Unit>*>(malloc(sizeof request));
    if (kept == nullptr) return ERROR_NOT_ENOUGH_MEMORY;
    *kept = request;
    if (QueueUserWorkItem(answer<Unit>, kept, WT_EXECUTEDEFAULT)) return ERROR_IO_PENDING;
    free(kept);
    return last_error;
}

template <class Unit>
BOOL get(HWCT handle, DWORD_PTR context, DWORD flags, DWORD tid, DWORD* count, NodeOf<Unit>* nodes,
         BOOL* cycle) noexcept {
    Session* session = session_of(handle);
    const bool valid = session != nullptr && (flags & ~DWORD{WCTP_GETINFO_ALL_FLAGS}) == 0 && tid != 0 &&
                       count != nullptr && nodes != nullptr && cycle != nullptr && *count >= 1 &&
                       *count <= WCT_MAX_NODE_COUNT;
    DWORD error = ERROR_INVALID_PARAMETER;
    if (valid) {
        const PWAITCHAINCALLBACK callback = session->callback.load(std::memory_order_acquire);
        error = callback == nullptr ? get_chain(flags, tid, count, nodes, cycle)
                                    : ask<Unit>({handle, callback, context, flags, tid, count, nodes, cycle});
    }
    if (error == ERROR_SUCCESS) return TRUE;
    shm::explain();
    last_error = error;
    return FALSE;
}

}  // namespace
}  // namespace winshim::api

using namespace winshim;
using namespace winshim::api;

HWCT WINAPI OpenThreadWaitChainSession(DWORD Flags, PWAITCHAINCALLBACK callback) {
    const bool asynchronous = (Flags & WCT_ASYNC_OPEN_FLAG) != 0;
    if ((Flags & ~DWORD{WCTP_OPEN_ALL_FLAGS}) != 0 || asynchronous != (callback != nullptr)) {
        last_error = ERROR_INVALID_PARAMETER;
        return nullptr;
    }
    for (u32 i = 0; i < kMostSessions; ++i) {
        u32 tenancy = sessions[i].tenancy.load(std::memory_order_relaxed);
        if (tenancy % 2 != 0) continue;
        if (!sessions[i].tenancy.compare_exchange_strong(tenancy, tenancy + 1, std::memory_order_acq_rel)) continue;
        sessions[i].callback.store(callback, std::memory_order_release);
        return handle_of(i, tenancy + 1);
    }
    last_error = ERROR_NOT_ENOUGH_MEMORY;
    return nullptr;
}

VOID WINAPI CloseThreadWaitChainSession(HWCT WctHandle) {
    Session* session = session_of(WctHandle);
    if (session == nullptr) return;
    u32 tenancy = session->tenancy.load(std::memory_order_acquire);
    if (tenancy % 2 != 0) session->tenancy.compare_exchange_strong(tenancy, tenancy + 1, std::memory_order_acq_rel);
}

BOOL WINAPI GetThreadWaitChain(HWCT WctHandle, DWORD_PTR Context, DWORD Flags, DWORD ThreadId, LPDWORD NodeCount,
                               PWAITCHAIN_NODE_INFO NodeInfoArray, LPBOOL IsCycle) {
    return get(WctHandle, Context, Flags, ThreadId, NodeCount, reinterpret_cast<NodeOf<wchar_t>*>(NodeInfoArray),
               IsCycle);
}
WINSHIM_EXPORT BOOL get_chain_utf16(HWCT, DWORD_PTR, DWORD, DWORD, DWORD*, void*, BOOL*)
    WINSHIM_UTF16(GetThreadWaitChain);
BOOL get_chain_utf16(HWCT session, DWORD_PTR context, DWORD flags, DWORD tid, DWORD* count, void* nodes, BOOL* cycle) {
    return get(session, context, flags, tid, count, static_cast<NodeOf<char16_t>*>(nodes), cycle);
}
