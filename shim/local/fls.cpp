// fls.cpp - FlsAlloc and its kin (fibersapi.h).
//
// Whoever takes a value out of its place, by an exchange, calls the callback for it: the thread at its end, or FlsFree
// for the values of all threads. So each value is seen exactly once.
// Locks       `lock` guards the list of tables; no callback runs under it, because a callback may call anything here.
// Source      statements Tls-08, Tls-09; "FlsAlloc", "FlsFree".
#include <pthread.h>
#include <stdlib.h>

#include "shim/base/sdk.h"
#include "shim/local/slots.h"

// The C library's list of what is to be done when a thread ends, before its thread-specific data goes.
extern "C" int __cxa_thread_atexit_impl(void (*function)(void*), void* argument, void* library) noexcept;
extern "C" void* __dso_handle;

namespace winshim::local {
namespace {

struct Table {
    Table* next;
    Table* previous;
    std::atomic<void*> value[kFlsCount];
    std::atomic<u32> number[kFlsCount];
};

constinit Indices<kFlsCount> indices;
constinit std::atomic<PFLS_CALLBACK_FUNCTION> callback[kFlsCount]{};
thread_local constinit Table* table = nullptr;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
Table* tables = nullptr;

void unlink(Table& t) noexcept {
    pthread_mutex_lock(&lock);
    (t.previous != nullptr ? t.previous->next : tables) = t.next;
    if (t.next != nullptr) t.next->previous = t.previous;
    pthread_mutex_unlock(&lock);
}

// The value of one index, taken out of the table; nullptr: none, or another has it.
void* take(Table& t, u32 index, u32 number) noexcept {
    if (t.number[index].load(std::memory_order_acquire) != number) return nullptr;
    return t.value[index].exchange(nullptr, std::memory_order_acq_rel);
}

// A callback may set values anew: look again, but not for ever.
void thread_ends(void*) noexcept {
    const KeepErrno keep;
    Table* const mine = table;
    if (mine == nullptr) return;
    bool found = true;
    for (int round = 0; found && round < 4; ++round) {
        found = false;
        for (u32 i = 1; i < kFlsCount; ++i) {
            const u32 number = indices.number(i);
            const PFLS_CALLBACK_FUNCTION call = callback[i].load(std::memory_order_acquire);
            if ((number & 1) == 0 || call == nullptr) continue;
            if (void* const value = take(*mine, i, number); value != nullptr) {
                found = true;
                call(value);
            }
        }
    }
    unlink(*mine);
    table = nullptr;
    free(mine);
}

bool make_table() noexcept {
    const KeepErrno keep;
    Table* const made = static_cast<Table*>(calloc(1, sizeof(Table)));
    if (made == nullptr) return false;
    if (__cxa_thread_atexit_impl(thread_ends, nullptr, &__dso_handle) != 0) {
        free(made);
        return false;
    }
    pthread_mutex_lock(&lock);
    made->next = tables;
    if (tables != nullptr) tables->previous = made;
    tables = made;
    pthread_mutex_unlock(&lock);
    table = made;
    return true;
}

// In the child of a fork only the tables of the forking thread has an owner; the values of the others are what FlsFree
// finds, as it would in the parent.
void before_fork() noexcept { pthread_mutex_lock(&lock); }
void after_fork() noexcept { pthread_mutex_unlock(&lock); }
__attribute__((constructor)) void watch_forks() noexcept { pthread_atfork(before_fork, after_fork, after_fork); }

bool usable(DWORD index) noexcept { return index > 0 && index < kFlsCount && indices.in_use(index); }

// The next value of a freed index, of whatever thread.
void* take_any(u32 index, u32 number) noexcept {
    void* value = nullptr;
    pthread_mutex_lock(&lock);
    for (Table* t = tables; t != nullptr && value == nullptr; t = t->next) value = take(*t, index, number);
    pthread_mutex_unlock(&lock);
    return value;
}

}  // namespace
}  // namespace winshim::local

using namespace winshim;
using namespace winshim::local;

DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION lpCallback) {
    const u32 index = indices.allocate(1);
    if (index < kFlsCount) {
        callback[index].store(lpCallback, std::memory_order_release);
        return index;
    }
    last_error = ERROR_NOT_ENOUGH_MEMORY;
    return FLS_OUT_OF_INDEXES;
}

PVOID WINAPI FlsGetValue(DWORD dwFlsIndex) {
    if (!usable(dwFlsIndex)) return failed(ERROR_INVALID_PARAMETER);
    last_error = ERROR_SUCCESS;  // so that NULL as a value can be told from a failure (Tls-09)
    if (table == nullptr ||
        table->number[dwFlsIndex].load(std::memory_order_relaxed) != indices.number(dwFlsIndex))
        return nullptr;
    return table->value[dwFlsIndex].load(std::memory_order_relaxed);
}

BOOL WINAPI FlsSetValue(DWORD dwFlsIndex, PVOID lpFlsData) {
    if (!usable(dwFlsIndex)) return failed(ERROR_INVALID_PARAMETER);
    if (table == nullptr && !make_table()) return failed(ERROR_NOT_ENOUGH_MEMORY);
    table->value[dwFlsIndex].store(lpFlsData, std::memory_order_relaxed);
    table->number[dwFlsIndex].store(indices.number(dwFlsIndex), std::memory_order_release);
    return TRUE;
}

BOOL WINAPI FlsFree(DWORD dwFlsIndex) {
    const KeepErrno keep;
    if (dwFlsIndex == 0 || dwFlsIndex >= kFlsCount) return failed(ERROR_INVALID_PARAMETER);
    const u32 number = indices.number(dwFlsIndex);
    const PFLS_CALLBACK_FUNCTION call = callback[dwFlsIndex].load(std::memory_order_acquire);
    if ((number & 1) == 0) return failed(ERROR_INVALID_PARAMETER);
    // The values first: once the index is free another thread may get it, with another callback.
    if (call != nullptr)
        while (void* const value = take_any(dwFlsIndex, number)) call(value);
    if (!indices.free(dwFlsIndex)) return failed(ERROR_INVALID_PARAMETER);
    return TRUE;
}
