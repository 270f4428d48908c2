// pool_timers.h - timers of a queue, registered waits, and the callbacks that their tests share.
#pragma once

#include "tests/support/pool.h"

inline Counter called;
inline std::atomic<long> fired_flags, argument_sum;
inline std::atomic<DWORD> thread_id;
inline HANDLE begun, go;  // of callbacks that block

inline void begin() {
    called.reset();
    fired_flags = argument_sum = 0;
    begun = event();
    go = event(TRUE);
}

inline void NTAPI counts(PVOID argument, BOOLEAN fired) {
    fired_flags += fired;
    argument_sum += static_cast<long>(as_number(argument));
    thread_id = GetCurrentThreadId();
    ++called;
}
inline void NTAPI blocks(PVOID, BOOLEAN) {
    SetEvent(begun);
    WaitForSingleObject(go, kSoon);
    ++called;
}

inline DWORD WINAPI opens_soon(PVOID gate) {  // a thread
    Sleep(50);
    return static_cast<DWORD>(SetEvent(gate));
}

inline HANDLE timer(HANDLE queue, WAITORTIMERCALLBACK callback, DWORD due_ms, DWORD period_ms = 0, ULONG flags = 0,
                    void *argument = nullptr) {
    HANDLE made = nullptr;
    EXPECT(CreateTimerQueueTimer(&made, queue, callback, argument, due_ms, period_ms, flags), TRUE, SAME);
    assert_non_null(made);
    return made;
}
inline HANDLE queue() {
    const HANDLE made = CreateTimerQueue();
    assert_non_null(made);
    return made;
}

inline HANDLE registered(HANDLE object, WAITORTIMERCALLBACK callback, ULONG ms = INFINITE, ULONG flags = 0,
                         void *argument = nullptr) {
    HANDLE made = nullptr;
    EXPECT(RegisterWaitForSingleObject(&made, object, callback, argument, ms, flags), TRUE, SAME);
    assert_non_null(made);
    return made;
}
