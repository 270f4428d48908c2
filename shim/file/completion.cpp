// completion.cpp - completion ports: queues of packets between the threads of a process (ioapiset.h).
//
// Purpose     What portable pools use a port for. Files are not bound to ports: transfers are done when they return.
// Invariants  The semaphore of a port counts its packets and, once it is closed, its waiters. A port lives until it is
//             closed and nobody waits; its place in the table is free from then on.
// Locks       `lock` guards the table and the queues; nobody waits under it.
// Forks       A child has a copy of the queues, and shares the semaphores with its parent: what one of them posted
//             would be missing in the other's queue. So a port is its maker's; in a child its place is free.
// Source      "CreateIoCompletionPort", "GetQueuedCompletionStatusEx", "PostQueuedCompletionStatus".
#include "shim/file/completion.h"

#include <stdlib.h>
#include <unistd.h>

#include "shim/base/fork_lock.h"

namespace winshim::file {
namespace {

struct Packet {
    Packet* next;
    OVERLAPPED_ENTRY entry;
};
struct Port {
    HANDLE semaphore;
    Packet* first;
    Packet** end;
    u32 waiters;
    bool closed;
    pid_t maker;
};

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
Port* ports[kMostPorts];
using Guard = base::ForkLock<lock>;
__attribute__((constructor)) void watch_forks() noexcept { Guard::watch_forks(); }

u32 index_of(HANDLE handle) noexcept {
    return static_cast<u32>((reinterpret_cast<std::uintptr_t>(handle) - kFirstPort) / 4);
}

// Needs the lock. Null: no open port.
Port* port_of(HANDLE handle) noexcept {
    Port* const port = is_port(handle) ? ports[index_of(handle)] : nullptr;
    return port != nullptr && !port->closed && port->maker == getpid() ? port : nullptr;
}

// Needs the lock, a closed port, and that nobody waits.
void free_port(u32 index) noexcept {
    Port* const port = ports[index];
    for (Packet *p = port->first, *next; p != nullptr; p = next) {
        next = p->next;
        free(p);
    }
    CloseHandle(port->semaphore);
    free(port);
    ports[index] = nullptr;
}

Packet* take(Port& port) noexcept {
    Packet* const packet = port.first;
    if (packet == nullptr) return nullptr;
    port.first = packet->next;
    if (port.first == nullptr) port.end = &port.first;
    return packet;
}

HANDLE create() noexcept {
    Port* const port = static_cast<Port*>(malloc(sizeof(Port)));
    if (port == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
    const HANDLE semaphore = CreateSemaphoreA(nullptr, 0, 0x7FFFFFFF, nullptr);
    if (semaphore == nullptr) return free(port), nullptr;
    *port = {.semaphore = semaphore, .first = nullptr, .end = nullptr, .waiters = 0, .closed = false,
             .maker = getpid()};
    port->end = &port->first;
    {
        const Guard guard;
        for (u32 i = 0; i < kMostPorts; ++i) {
            if (ports[i] != nullptr && ports[i]->maker == port->maker) continue;
            if (ports[i] != nullptr) free_port(i);  // the parent's: those who waited are not in this process
            ports[i] = port;
            if (i >= next::ports_end.load(std::memory_order_relaxed))
                next::ports_end.store(i + 1, std::memory_order_relaxed);
            return reinterpret_cast<HANDLE>(kFirstPort + std::uintptr_t{i} * 4);
        }
    }
    CloseHandle(semaphore);
    free(port);
    return failed(ERROR_NO_SYSTEM_RESOURCES);
}

// Takes up to `room` packets, of which the first is waited for. 0 with the last error.
ULONG get(HANDLE handle, OVERLAPPED_ENTRY* to, ULONG room, DWORD timeout, BOOL alertable) noexcept {
    HANDLE semaphore;
    {
        const Guard guard;
        Port* const port = port_of(handle);
        if (port == nullptr) return failed(ERROR_INVALID_HANDLE);
        ++port->waiters;
        semaphore = port->semaphore;
    }
    const DWORD result = WaitForSingleObjectEx(semaphore, timeout, alertable);
    ULONG count = 0;
    Packet* taken[64];
    {
        const Guard guard;
        Port& port = *ports[index_of(handle)];
        while (result == WAIT_OBJECT_0 && !port.closed && count < room && count < 64) {
            // Each further packet goes with a count of the semaphore; another thread may be about to take them.
            if (count > 0 && WaitForSingleObject(semaphore, 0) != WAIT_OBJECT_0) break;
            taken[count++] = take(port);
        }
        const bool closed = port.closed;
        if (--port.waiters == 0 && closed) free_port(index_of(handle));
        if (closed) last_error = ERROR_ABANDONED_WAIT_0;
        else if (result != WAIT_OBJECT_0 && result != WAIT_FAILED) last_error = result;
    }
    for (ULONG i = 0; i < count; ++i) {
        to[i] = taken[i]->entry;
        free(taken[i]);
    }
    return count;
}

}  // namespace

BOOL close_port(HANDLE handle) noexcept {
    const Guard guard;
    Port* const port = port_of(handle);
    if (port == nullptr) return failed(ERROR_INVALID_HANDLE);
    port->closed = true;
    if (port->waiters == 0) free_port(index_of(handle));
    else ReleaseSemaphore(port->semaphore, static_cast<LONG>(port->waiters), nullptr);
    return TRUE;
}

}  // namespace winshim::file

using namespace winshim;
using namespace winshim::file;

HANDLE WINAPI CreateIoCompletionPort(HANDLE FileHandle, HANDLE ExistingCompletionPort, ULONG_PTR CompletionKey,
                                     DWORD NumberOfConcurrentThreads) {
    WINSHIM_HAND_ON_AS(CreateIoCompletionPort, CreateIoCompletionPort,
                       next::is_foreign(FileHandle) || next::is_foreign(ExistingCompletionPort), FileHandle, FileHandle,
                       ExistingCompletionPort, CompletionKey, NumberOfConcurrentThreads);
    const KeepErrno keep;
    if (FileHandle != INVALID_HANDLE_VALUE) return failed(ERROR_NOT_SUPPORTED);
    return ExistingCompletionPort == nullptr ? create() : failed(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI PostQueuedCompletionStatus(HANDLE CompletionPort, DWORD dwNumberOfBytesTransferred,
                                       ULONG_PTR dwCompletionKey, LPOVERLAPPED lpOverlapped) {
    WINSHIM_HAND_ON(PostQueuedCompletionStatus, CompletionPort, CompletionPort, dwNumberOfBytesTransferred,
                    dwCompletionKey, lpOverlapped);
    const KeepErrno keep;
    Packet* const packet = static_cast<Packet*>(malloc(sizeof(Packet)));
    if (packet == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
    *packet = {.next = nullptr, .entry = {.lpCompletionKey = dwCompletionKey, .lpOverlapped = lpOverlapped,
                                          .Internal = 0, .dwNumberOfBytesTransferred = dwNumberOfBytesTransferred}};
    {
        const Guard guard;
        if (Port* const port = port_of(CompletionPort)) {
            *port->end = packet;
            port->end = &packet->next;
            // Under the lock, so that the port is still there.
            ReleaseSemaphore(port->semaphore, 1, nullptr);
            return TRUE;
        }
    }
    free(packet);
    return failed(ERROR_INVALID_HANDLE);
}

BOOL WINAPI GetQueuedCompletionStatus(HANDLE CompletionPort, LPDWORD lpNumberOfBytesTransferred,
                                      PULONG_PTR lpCompletionKey, LPOVERLAPPED* lpOverlapped, DWORD dwMilliseconds) {
    WINSHIM_HAND_ON(GetQueuedCompletionStatus, CompletionPort, CompletionPort, lpNumberOfBytesTransferred,
                    lpCompletionKey, lpOverlapped, dwMilliseconds);
    const KeepErrno keep;
    if (lpNumberOfBytesTransferred == nullptr || lpCompletionKey == nullptr || lpOverlapped == nullptr)
        return failed(ERROR_INVALID_PARAMETER);
    OVERLAPPED_ENTRY entry;
    *lpOverlapped = nullptr;
    if (get(CompletionPort, &entry, 1, dwMilliseconds, FALSE) == 0) return FALSE;
    *lpNumberOfBytesTransferred = entry.dwNumberOfBytesTransferred;
    *lpCompletionKey = entry.lpCompletionKey;
    *lpOverlapped = entry.lpOverlapped;
    return TRUE;
}

BOOL WINAPI GetQueuedCompletionStatusEx(HANDLE CompletionPort, LPOVERLAPPED_ENTRY lpCompletionPortEntries,
                                        ULONG ulCount, PULONG ulNumEntriesRemoved, DWORD dwMilliseconds,
                                        BOOL fAlertable) {
    WINSHIM_HAND_ON(GetQueuedCompletionStatusEx, CompletionPort, CompletionPort, lpCompletionPortEntries, ulCount,
                    ulNumEntriesRemoved, dwMilliseconds, fAlertable);
    const KeepErrno keep;
    if (lpCompletionPortEntries == nullptr || ulCount == 0 || ulNumEntriesRemoved == nullptr)
        return failed(ERROR_INVALID_PARAMETER);
    *ulNumEntriesRemoved = get(CompletionPort, lpCompletionPortEntries, ulCount, dwMilliseconds, fAlertable);
    return *ulNumEntriesRemoved != 0;
}
