// test_wct.cpp - wait chains: OpenThreadWaitChainSession, GetThreadWaitChain, CloseThreadWaitChainSession (wct.h).
//
// Purpose     Chains of processes and threads that really wait; their ends, their cycles, what does not fit, what may
//             not be asked; the asynchronous form; both widths of names.
// Source      "Wait Chain Traversal", "GetThreadWaitChain", "WaitChainCallback", "WAITCHAIN_NODE_INFO".
#include <fcntl.h>
#include <pthread.h>
#include <wct.h>

#include <atomic>
#include <string>

#include "tests/support/tool.h"

using namespace tool_test;

namespace {

struct Chain {
    WAITCHAIN_NODE_INFO node[WCT_MAX_NODE_COUNT];
    DWORD count = WCT_MAX_NODE_COUNT;
    BOOL cycle = 2;
    BOOL got = FALSE;
    DWORD error = 0;
};

void ask(Chain &chain, DWORD tid, DWORD flags = WCT_OUT_OF_PROC_FLAG, DWORD room = WCT_MAX_NODE_COUNT) {
    const HWCT session = OpenThreadWaitChainSession(0, nullptr);
    chain = Chain();
    chain.count = room;
    SetLastError(0xCDCD);
    chain.got = GetThreadWaitChain(session, 0, flags, tid, &chain.count, chain.node, &chain.cycle);
    chain.error = GetLastError();
    CloseThreadWaitChainSession(session);
}
// Until it has so many nodes: nobody tells when a wait has begun.
void until_nodes(Chain &chain, DWORD tid, DWORD nodes) {
    const time_t end = time(nullptr) + kPatienceSeconds;
    do {
        ask(chain, tid);
        if (chain.count == nodes) return;
        usleep(5000);
    } while (time(nullptr) < end);
}
std::string seen(const Chain &chain) {
    std::string text = "got " + std::to_string(chain.got) + " error " + std::to_string(chain.error) + " cycle " +
                       std::to_string(chain.cycle) + ":";
    for (DWORD i = 0; i < chain.count && i < WCT_MAX_NODE_COUNT; ++i) {
        const WAITCHAIN_NODE_INFO &n = chain.node[i];
        text += " " + std::to_string(n.ObjectType) + "/" + std::to_string(n.ObjectStatus);
        if (n.ObjectType == WctThreadType)
            text += "(" + std::to_string(n.ThreadObject.ProcessId) + "," + std::to_string(n.ThreadObject.ThreadId) +
                    ")";
    }
    return text;
}
bool is_thread(const WAITCHAIN_NODE_INFO &n, WCT_OBJECT_STATUS status, pid_t pid, pid_t tid) {
    return n.ObjectType == WctThreadType && n.ObjectStatus == status &&
           n.ThreadObject.ProcessId == static_cast<DWORD>(pid) && n.ThreadObject.ThreadId == static_cast<DWORD>(tid);
}
bool is_object(const WAITCHAIN_NODE_INFO &n, WCT_OBJECT_TYPE type, WCT_OBJECT_STATUS status, const char *name) {
    std::string found;
    for (int i = 0; i < WCT_OBJNAME_LENGTH && n.LockObject.ObjectName[i] != 0; ++i)
        found += static_cast<char>(n.LockObject.ObjectName[i]);
    return n.ObjectType == type && n.ObjectStatus == status && found == name && n.LockObject.Timeout.QuadPart == 0 &&
           n.LockObject.Alertable == FALSE;
}

void a_running_thread() {
    Chain c;
    usleep(1000);  // is a switch
    ask(c, GetCurrentThreadId());
    tell(c.got && c.error == 0xCDCD && c.count == 1 && c.cycle == FALSE &&
             is_thread(c.node[0], WctStatusRunning, getpid(), gettid()), "a thread that asks about itself", seen(c));
    tell(c.node[0].ThreadObject.WaitTime == 0 && c.node[0].ThreadObject.ContextSwitches > 0,
         "its context switches are told", seen(c));
    Cast cast;
    int until_exec[2];
    char byte;
    tell(pipe2(until_exec, O_CLOEXEC) == 0, "a pipe that closes at exec");
    const pid_t stranger = cast.add("stranger", [] { execlp("sleep", "sleep", "60", nullptr); });
    close(until_exec[1]);
    tell(read(until_exec[0], &byte, 1) == 0, "a program that never used the library");
    close(until_exec[0]);
    ask(c, static_cast<DWORD>(stranger));
    tell(c.got && c.count == 1 && is_thread(c.node[0], WctStatusRunning, stranger, stranger),
         "one that never used the library", seen(c));
    ask(c, static_cast<DWORD>(stranger), 0);
    tell(c.got && c.count == 1 && is_thread(c.node[0], WctStatusUnknown, stranger, stranger),
         "not looked into without the flag", seen(c));
}

void a_chain_of_processes() {
    Cast cast;
    const HANDLE m = mutex("M"), n = mutex("N"), e = event("E");
    const Meeting meeting(2);
    const pid_t last = cast.add("last", [&] {
        take(m);
        meeting.meet();
        WaitForSingleObject(e, INFINITE);
    });
    const pid_t middle = cast.add("middle", [&] {
        take(n);
        meeting.meet();
        WaitForSingleObject(m, INFINITE);
    });
    meeting.all_are_there();
    const pid_t first = cast.add("first", [&] { WaitForSingleObject(n, INFINITE); });
    Chain c;
    until_nodes(c, static_cast<DWORD>(first), 6);
    tell(c.got && c.count == 6 && c.cycle == FALSE && is_thread(c.node[0], WctStatusBlocked, first, first) &&
             is_object(c.node[1], WctMutexType, WctStatusOwned, "N") &&
             is_thread(c.node[2], WctStatusBlocked, middle, middle) &&
             is_object(c.node[3], WctMutexType, WctStatusOwned, "M") &&
             is_thread(c.node[4], WctStatusBlocked, last, last) &&
             is_object(c.node[5], WctUnknownType, WctStatusUnknown, "E"),
         "thread, mutex, thread, mutex, thread, event", seen(c));
    usleep(50'000);
    ask(c, static_cast<DWORD>(first));
    tell(c.node[0].ThreadObject.WaitTime >= 50 && c.node[0].ThreadObject.WaitTime < 600'000, "how long it has waited",
         seen(c));
    ask(c, static_cast<DWORD>(first), WCT_OUT_OF_PROC_FLAG, 3);
    tell(!c.got && c.error == ERROR_MORE_DATA && c.count == 6 && is_thread(c.node[2], WctStatusBlocked, middle, middle),
         "room for three: ERROR_MORE_DATA, the number of all, and the first three", seen(c));
    ask(c, static_cast<DWORD>(first), 0);
    tell(c.got && c.count == 1 && is_thread(c.node[0], WctStatusUnknown, first, first),
         "other processes only with the flag", seen(c));
    kill(middle, SIGSTOP);
    ask(c, static_cast<DWORD>(first));
    tell(c.got && c.count == 6, "with one of them stopped, all the same", seen(c));
    // The mutex of the dead: it has no owner any more, or is granted to who waits and cannot take it, being stopped.
    cast.kill_now(last);
    const time_t end = time(nullptr) + kPatienceSeconds;
    do ask(c, static_cast<DWORD>(first));
    while (c.count > 4 && time(nullptr) < end);
    tell(c.got && (c.count == 3 || c.count == 4) && c.cycle == FALSE, "a dead owner ends the chain", seen(c));
    for (const HANDLE h : {m, n, e}) CloseHandle(h);
    meeting.close();
}

void deadlocks() {
    Cast cast;
    const HANDLE m[] = {mutex("one"), mutex("two"), mutex("three")}, there = CreateSemaphoreA(nullptr, 1, 1, nullptr);
    const Meeting meeting(3);
    pid_t pids[3];
    for (int i = 0; i < 3; ++i)
        pids[i] = cast.add("in the circle", [&, i] {
            take(m[i]);
            meeting.meet();
            if (i == 1) all_of(there, m[2]);
            else WaitForSingleObject(m[(i + 1) % 3], INFINITE);
        });
    meeting.all_are_there();
    const pid_t behind = cast.add("behind", [&] { WaitForSingleObject(m[0], INFINITE); });
    Chain c;
    until_nodes(c, static_cast<DWORD>(pids[0]), 6);
    tell(c.got && c.count == 6 && c.cycle == TRUE && is_thread(c.node[0], WctStatusBlocked, pids[0], pids[0]) &&
             is_object(c.node[1], WctMutexType, WctStatusOwned, "two") &&
             is_thread(c.node[2], WctStatusBlocked, pids[1], pids[1]) &&
             is_object(c.node[3], WctMutexType, WctStatusOwned, "three") &&
             is_object(c.node[5], WctMutexType, WctStatusOwned, "one"),
         "a deadlock of three processes, one in a wait for all", seen(c));
    until_nodes(c, static_cast<DWORD>(behind), 8);
    tell(c.got && c.count == 8 && c.cycle == TRUE, "a chain that leads into it", seen(c));
    cast.over();

    const HANDLE way_out = event("way out"), a = mutex("A"), b = mutex("B");
    const Meeting pair(2);
    const pid_t free = cast.add("has a way out", [&] {
        take(a);
        pair.meet();
        any_of(b, way_out);
    });
    const pid_t waits = cast.add("waits", [&] {
        take(b);
        pair.meet();
        WaitForSingleObject(a, INFINITE);
    });
    pair.all_are_there();
    until_nodes(c, static_cast<DWORD>(waits), 4);
    tell(c.got && c.count == 4 && c.cycle == FALSE && is_thread(c.node[2], WctStatusBlocked, free, free),
         "a wait for any with a way out is no deadlock", seen(c));
    cast.over();
    for (const HANDLE h : {m[0], m[1], m[2], there, way_out, a, b}) CloseHandle(h);
    meeting.close(), pair.close();
}

DWORD WINAPI waits_for(void *handle) { return WaitForSingleObject(handle, INFINITE); }

void ends_of_threads_and_processes() {
    Cast cast;
    const HANDLE go = event("go", TRUE);
    DWORD one = 0, two = 0;
    const HANDLE first = CreateThread(nullptr, 0, waits_for, go, 0, &one);
    const HANDLE second = CreateThread(nullptr, 0, waits_for, first, 0, &two);
    Chain c;
    until_nodes(c, two, 4);
    tell(c.got && c.count == 4 && is_object(c.node[1], WctThreadWaitType, WctStatusOwned, "") &&
             is_thread(c.node[2], WctStatusBlocked, getpid(), static_cast<pid_t>(one)) &&
             is_object(c.node[3], WctUnknownType, WctStatusUnknown, "go"), "the end of a thread", seen(c));
    ask(c, two, 0);
    tell(c.got && c.count == 4, "without a flag, within the process", seen(c));
    const pid_t pid = cast.add("child", [] { CloseHandle(event(nullptr)); });
    HANDLE process = nullptr;
    for (int i = 0; i < 2000 && process == nullptr; ++i, usleep(5000))
        process = OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(pid));
    DWORD three = 0;
    const HANDLE third = CreateThread(nullptr, 0, waits_for, process, 0, &three);
    until_nodes(c, three, 3);
    tell(c.got && c.count == 3 && is_object(c.node[1], WctProcessWaitType, WctStatusOwned, "") &&
             c.node[2].ObjectType == WctThreadType && c.node[2].ObjectStatus == WctStatusPidOnly &&
             c.node[2].ThreadObject.ProcessId == static_cast<DWORD>(pid) && c.node[2].ThreadObject.ThreadId == 0,
         "the end of a process: some thread of it", seen(c));
    SetEvent(go);
    cast.over();
    for (const HANDLE h : {first, second, third})
        tell(WaitForSingleObject(h, 20'000) == WAIT_OBJECT_0, "who waited goes on");
    for (const HANDLE h : {first, second, third, process, go}) CloseHandle(h);
}

void long_chains() {
    constexpr int kThreads = 9;  // a chain of 18 nodes
    Cast cast;
    const Meeting meeting(kThreads);
    pid_t last = 0;
    for (int i = 0; i < kThreads; ++i)
        last = cast.add("link", [&, i] {
            take(mutex(("link " + std::to_string(i)).c_str()));
            meeting.meet();
            const HANDLE next = i == 0 ? event("end of the chain") : mutex(("link " + std::to_string(i - 1)).c_str());
            WaitForSingleObject(next, INFINITE);
        });
    meeting.all_are_there();
    until_waiting(kThreads);
    Chain c;
    ask(c, static_cast<DWORD>(last));
    tell(!c.got && c.error == ERROR_TOO_MANY_THREADS && c.count == WCT_MAX_NODE_COUNT &&
             c.node[15].ObjectType == WctMutexType,
         "more than 16 nodes: ERROR_TOO_MANY_THREADS, and the first 16", seen(c));
    meeting.close();
}

void errors() {
    Chain c;
    const auto fails = [&](HWCT session, DWORD flags, DWORD tid, DWORD room, DWORD wanted, const char *what) {
        c = Chain();
        c.count = room;
        SetLastError(0xCDCD);
        const BOOL got = GetThreadWaitChain(session, 0, flags, tid, &c.count, c.node, &c.cycle);
        tell(!got && GetLastError() == wanted, what, std::to_string(GetLastError()));
    };
    const HWCT session = OpenThreadWaitChainSession(0, nullptr);
    const DWORD self = GetCurrentThreadId();
    fails(nullptr, 0, self, 4, ERROR_INVALID_PARAMETER, "no session");
    fails(reinterpret_cast<HWCT>(0x1234), 0, self, 4, ERROR_INVALID_PARAMETER, "something that is no session");
    fails(session, 8, self, 4, ERROR_INVALID_PARAMETER, "an unknown flag");
    fails(session, 0, 0, 4, ERROR_INVALID_PARAMETER, "no thread id");
    fails(session, 0, self, 0, ERROR_INVALID_PARAMETER, "no room");
    fails(session, 0, self, WCT_MAX_NODE_COUNT + 1, ERROR_INVALID_PARAMETER, "too much room");
    fails(session, WCT_OUT_OF_PROC_FLAG, 0x7FFFFFF0, 4, ERROR_OBJECT_NOT_FOUND, "a thread that does not exist");
    BOOL cycle;
    DWORD count = 4;
    tell(!GetThreadWaitChain(session, 0, 0, self, nullptr, c.node, &cycle) &&
             GetLastError() == ERROR_INVALID_PARAMETER &&
             !GetThreadWaitChain(session, 0, 0, self, &count, nullptr, &cycle) &&
             !GetThreadWaitChain(session, 0, 0, self, &count, c.node, nullptr),
         "a pointer is missing");
    if (geteuid() == 0) {
        Cast cast;
        int told[2];
        char byte = 0;
        const bool piped = pipe(told) == 0;
        const pid_t other = cast.add("another user", [&] {
            if (setuid(65534) != 0 || write(told[1], "x", 1) != 1) _exit(1);
        });
        tell(piped && read(told[0], &byte, 1) == 1, "a process becomes another user's");
        fails(session, WCT_OUT_OF_PROC_FLAG, static_cast<DWORD>(other), 4, ERROR_ACCESS_DENIED,
              "another user's thread");
        close(told[0]), close(told[1]);
    }
    CloseThreadWaitChainSession(session);
    fails(session, 0, self, 4, ERROR_INVALID_PARAMETER, "a session that is closed");
    CloseThreadWaitChainSession(session), CloseThreadWaitChainSession(nullptr);
    SetLastError(0);
    tell(OpenThreadWaitChainSession(2, nullptr) == nullptr && GetLastError() == ERROR_INVALID_PARAMETER,
         "open: an unknown flag");
    tell(OpenThreadWaitChainSession(WCT_ASYNC_OPEN_FLAG, nullptr) == nullptr, "open: a callback is missing");
}

struct Told {
    HANDLE done;
    HWCT session;
    std::atomic<DWORD> status, count;
    std::atomic<BOOL> cycle;
    DWORD thread;
} told;

VOID CALLBACK on_chain(HWCT session, DWORD_PTR context, DWORD status, LPDWORD count, PWAITCHAIN_NODE_INFO nodes,
                       LPBOOL cycle) {
    auto &to = *reinterpret_cast<Told *>(context);
    to.session = session;
    to.status = status;
    to.count = status == ERROR_SUCCESS ? *count : 0;
    to.cycle = status == ERROR_SUCCESS ? *cycle : FALSE;
    to.thread = status == ERROR_SUCCESS ? nodes[0].ThreadObject.ThreadId : 0;
    SetEvent(to.done);
}

DWORD CALLBACK blocks_the_pool(PVOID gate) { return WaitForSingleObject(gate, INFINITE); }

void asynchronous() {
    told.done = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    tell(OpenThreadWaitChainSession(0, on_chain) == nullptr && GetLastError() == ERROR_INVALID_PARAMETER,
         "a callback too many");
    const HWCT session = OpenThreadWaitChainSession(WCT_ASYNC_OPEN_FLAG, on_chain);
    Chain c;
    SetLastError(0);
    const auto context = reinterpret_cast<DWORD_PTR>(&told);
    BOOL got = GetThreadWaitChain(session, context, 0, GetCurrentThreadId(), &c.count, c.node, &c.cycle);
    tell(!got && GetLastError() == ERROR_IO_PENDING, "an asynchronous call is pending");
    tell(WaitForSingleObject(told.done, 20'000) == WAIT_OBJECT_0 && told.status == ERROR_SUCCESS &&
             told.session == session && told.count >= 1 && told.thread == GetCurrentThreadId(),
         "and its callback is told the chain");
    c.count = WCT_MAX_NODE_COUNT;
    got = GetThreadWaitChain(session, context, WCT_OUT_OF_PROC_FLAG, 0x7FFFFFF0, &c.count, c.node, &c.cycle);
    tell(!got && WaitForSingleObject(told.done, 20'000) == WAIT_OBJECT_0 && told.status == ERROR_OBJECT_NOT_FOUND,
         "or the error");
    // The pool has one thread, which is busy: the session is closed before the call begins.
    const HANDLE gate = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    ULONG flags = WT_EXECUTELONGFUNCTION;
    WT_SET_MAX_THREADPOOL_THREADS(flags, 1);
    QueueUserWorkItem(blocks_the_pool, gate, flags);
    c.count = WCT_MAX_NODE_COUNT;
    got = GetThreadWaitChain(session, context, 0, GetCurrentThreadId(), &c.count, c.node, &c.cycle);
    CloseThreadWaitChainSession(session);
    SetEvent(gate);
    tell(!got && WaitForSingleObject(told.done, 20'000) == WAIT_OBJECT_0 && told.status == ERROR_CANCELLED,
         "a call whose session is closed before is cancelled", std::to_string(told.status.load()));
    CloseHandle(gate), CloseHandle(told.done);
}

// The same export for 2-byte characters, under its own name.
extern "C" BOOL wait_chain_of_utf16(HWCT, DWORD_PTR, DWORD, DWORD, LPDWORD, void *,
                                    LPBOOL) __asm__("GetThreadWaitChain");

void names() {
    Cast cast;
    const std::string longest(200, 'y'), odd = "stra\xC3\x9F" "e \xF0\x9F\x8D\xB4";
    const HANDLE m = mutex(longest.c_str()), n = mutex(odd.c_str());
    const Meeting meeting(2);
    for (const HANDLE h : {m, n})
        cast.add("owner", [&] {
            take(h);
            meeting.meet();
        });
    meeting.all_are_there();
    const pid_t first = cast.add("first", [&] { WaitForSingleObject(m, INFINITE); });
    const pid_t second = cast.add("second", [&] { WaitForSingleObject(n, INFINITE); });
    Chain c;
    until_nodes(c, static_cast<DWORD>(first), 3);
    tell(is_object(c.node[1], WctMutexType, WctStatusOwned, longest.substr(0, WCT_OBJNAME_LENGTH - 1).c_str()),
         "a long name is cut off", seen(c));
    until_nodes(c, static_cast<DWORD>(second), 3);
    tell(c.node[1].LockObject.ObjectName[4] == 0xDF &&
             static_cast<unsigned>(c.node[1].LockObject.ObjectName[7]) == 0x1F374,
         "a name in 4-byte characters", seen(c));
    struct alignas(8) Node16 {
        int type, status;
        char16_t name[WCT_OBJNAME_LENGTH];
        char rest[16];
    } nodes[WCT_MAX_NODE_COUNT];
    static_assert(sizeof(Node16) == 280);
    const HWCT session = OpenThreadWaitChainSession(0, nullptr);
    DWORD count = WCT_MAX_NODE_COUNT;
    BOOL cycle = TRUE;
    const BOOL got =
        wait_chain_of_utf16(session, 0, WCT_OUT_OF_PROC_FLAG, static_cast<DWORD>(second), &count, nodes, &cycle);
    tell(got && count == 3 && nodes[1].name[4] == 0xDF && nodes[1].name[7] == 0xD83C && nodes[1].name[8] == 0xDF74 &&
             nodes[1].name[9] == 0,
         "and in 2-byte characters");
    CloseThreadWaitChainSession(session);
    CloseHandle(m), CloseHandle(n);
    meeting.close();
}

}  // namespace

int main() {
    const HANDLE stays = event("keeps the segment");
    a_running_thread();
    a_chain_of_processes();
    deadlocks();
    ends_of_threads_and_processes();
    long_chains();
    errors();
    asynchronous();
    names();
    CloseHandle(stays);
    return verdict();
}
