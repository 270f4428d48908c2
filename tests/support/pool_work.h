// pool_work.h - work objects, pools of one thread, and the callbacks that their tests share.
#pragma once

#include "tests/support/pool.h"

inline Counter ran;
inline std::atomic<DWORD> thread_id;
inline HANDLE begun, go;  // of callbacks that block

inline void begin() {
    ran.reset();
    begun = event();
    go = event(TRUE);
}

inline void NTAPI counts(PTP_CALLBACK_INSTANCE, PVOID, PTP_WORK) {
    thread_id = GetCurrentThreadId();
    ++ran;
}
inline void NTAPI blocks(PTP_CALLBACK_INSTANCE, PVOID, PTP_WORK) {
    SetEvent(begun);
    WaitForSingleObject(go, kSoon);
    ++ran;
}
inline void NTAPI counts_once(PTP_CALLBACK_INSTANCE, PVOID by) { ran.count += static_cast<long>(as_number(by)); }
inline void *number(std::uintptr_t n) { return reinterpret_cast<void *>(n); }

inline PTP_WORK work(PTP_WORK_CALLBACK callback, PTP_CALLBACK_ENVIRON environment = nullptr, void *context = nullptr) {
    SetLastError(kPoison);
    const PTP_WORK made = CreateThreadpoolWork(callback, context, environment);
    assert_non_null(made);
    assert_int_equal(GetLastError(), SAME);
    return made;
}

// An environment with a pool of its own that has one thread at most.
inline PTP_POOL single(TP_CALLBACK_ENVIRON *environment) {
    const PTP_POOL pool = CreateThreadpool(nullptr);
    assert_non_null(pool);
    SetThreadpoolThreadMaximum(pool, 1);
    InitializeThreadpoolEnvironment(environment);
    SetThreadpoolCallbackPool(environment, pool);
    return pool;
}
