// timers.cpp - SetWaitableTimer, SetWaitableTimerEx, CancelWaitableTimer (synchapi.h).
#include "shim/api/convert.h"
#include "shim/object/kinds.h"
#include "shim/process/timer_routines.h"

namespace winshim::api {
namespace {

BOOL set(HANDLE handle, const LARGE_INTEGER* due, LONG period, PTIMERAPCROUTINE routine, void* argument,
         bool resume) noexcept {
    const KeepErrno keep;
    const Result<wait::Target> target = resolve(handle, Kind::timer, timer::kModifyState);
    if (!target) return finish(target.status);
    if (due == nullptr || period < 0) return finish(Status::invalid_parameter);
    const Status status = process::set_timer(target.value, wait::due_from(due->QuadPart), static_cast<u32>(period),
                                             routine, argument);
    if (status != Status::success) return finish(status);
    if (resume) last_error = ERROR_NOT_SUPPORTED;  // and yet it is set (Timer-16)
    return TRUE;
}

}  // namespace
}  // namespace winshim::api

using namespace winshim;
using namespace winshim::api;

BOOL WINAPI SetWaitableTimer(HANDLE hTimer, const LARGE_INTEGER* lpDueTime, LONG lPeriod,
                             PTIMERAPCROUTINE pfnCompletionRoutine, LPVOID lpArgToCompletionRoutine, BOOL fResume) {
    WINSHIM_FOREIGN(SetWaitableTimer, hTimer, hTimer, lpDueTime, lPeriod, pfnCompletionRoutine,
                    lpArgToCompletionRoutine, fResume);
    return set(hTimer, lpDueTime, lPeriod, pfnCompletionRoutine, lpArgToCompletionRoutine, fResume != FALSE);
}

BOOL WINAPI SetWaitableTimerEx(HANDLE hTimer, const LARGE_INTEGER* lpDueTime, LONG lPeriod,
                               PTIMERAPCROUTINE pfnCompletionRoutine, LPVOID lpArgToCompletionRoutine,
                               PREASON_CONTEXT WakeContext, ULONG TolerableDelay) {
    WINSHIM_FOREIGN(SetWaitableTimerEx, hTimer, hTimer, lpDueTime, lPeriod, pfnCompletionRoutine,
                    lpArgToCompletionRoutine, WakeContext, TolerableDelay);
    return set(hTimer, lpDueTime, lPeriod, pfnCompletionRoutine, lpArgToCompletionRoutine, WakeContext != nullptr);
}

BOOL WINAPI CancelWaitableTimer(HANDLE hTimer) {
    WINSHIM_FOREIGN(CancelWaitableTimer, hTimer, hTimer);
    const KeepErrno keep;
    const Result<wait::Target> target = resolve(hTimer, Kind::timer, timer::kModifyState);
    return finish(target ? process::cancel_timer(target.value) : target.status);
}
