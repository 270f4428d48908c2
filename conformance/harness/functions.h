/* functions.h - the judged functions: each call goes to the library that is being judged.
 *
 * Purpose     A case calls CreateEventW(...) as any program does. The name is looked up in the judged library at the
 *             first call; a function that is not there ends the case with the result `missing`.
 * Invariants  Inside its own expansion a macro's name is not expanded again: typeof(&name) is the declared function.
 *             So a wrong declaration is a compiler's error, and none of these functions is linked.
 * Adding one  A line here, and nothing else. Names without A or W are macros of the headers; cases use A and W forms.
 */
#ifndef CONFORMANCE_FUNCTIONS_H
#define CONFORMANCE_FUNCTIONS_H

/* Returns the judged library's function; does not return if it is missing. */
void *judged(const char *function);

#define JUDGED(function)                                                       \
    (*(__typeof__(&function))__extension__({                                   \
        static void *found_;                                                   \
        found_ != 0 ? found_ : (found_ = judged(#function));                   \
    }))

#define CloseHandle JUDGED(CloseHandle)
#define CompareObjectHandles JUDGED(CompareObjectHandles)
#define DuplicateHandle JUDGED(DuplicateHandle)
#define GetHandleInformation JUDGED(GetHandleInformation)
#define SetHandleInformation JUDGED(SetHandleInformation)

#define CreateEventA JUDGED(CreateEventA)
#define CreateEventW JUDGED(CreateEventW)
#define CreateEventExA JUDGED(CreateEventExA)
#define CreateEventExW JUDGED(CreateEventExW)
#define OpenEventA JUDGED(OpenEventA)
#define OpenEventW JUDGED(OpenEventW)
#define SetEvent JUDGED(SetEvent)
#define ResetEvent JUDGED(ResetEvent)
#define PulseEvent JUDGED(PulseEvent)

#define CreateMutexA JUDGED(CreateMutexA)
#define CreateMutexW JUDGED(CreateMutexW)
#define CreateMutexExA JUDGED(CreateMutexExA)
#define CreateMutexExW JUDGED(CreateMutexExW)
#define OpenMutexA JUDGED(OpenMutexA)
#define OpenMutexW JUDGED(OpenMutexW)
#define ReleaseMutex JUDGED(ReleaseMutex)

#define CreateSemaphoreA JUDGED(CreateSemaphoreA)
#define CreateSemaphoreW JUDGED(CreateSemaphoreW)
#define CreateSemaphoreExA JUDGED(CreateSemaphoreExA)
#define CreateSemaphoreExW JUDGED(CreateSemaphoreExW)
#define OpenSemaphoreA JUDGED(OpenSemaphoreA)
#define OpenSemaphoreW JUDGED(OpenSemaphoreW)
#define ReleaseSemaphore JUDGED(ReleaseSemaphore)

#define CreateWaitableTimerA JUDGED(CreateWaitableTimerA)
#define CreateWaitableTimerW JUDGED(CreateWaitableTimerW)
#define CreateWaitableTimerExA JUDGED(CreateWaitableTimerExA)
#define CreateWaitableTimerExW JUDGED(CreateWaitableTimerExW)
#define OpenWaitableTimerA JUDGED(OpenWaitableTimerA)
#define OpenWaitableTimerW JUDGED(OpenWaitableTimerW)
#define SetWaitableTimer JUDGED(SetWaitableTimer)
#define SetWaitableTimerEx JUDGED(SetWaitableTimerEx)
#define CancelWaitableTimer JUDGED(CancelWaitableTimer)

#define CreateFileMappingA JUDGED(CreateFileMappingA)
#define CreateFileMappingW JUDGED(CreateFileMappingW)
#define OpenFileMappingA JUDGED(OpenFileMappingA)
#define OpenFileMappingW JUDGED(OpenFileMappingW)
#define MapViewOfFile JUDGED(MapViewOfFile)
#define MapViewOfFileEx JUDGED(MapViewOfFileEx)
#define UnmapViewOfFile JUDGED(UnmapViewOfFile)
#define FlushViewOfFile JUDGED(FlushViewOfFile)
#define CreateFileA JUDGED(CreateFileA)
#define CreateFileW JUDGED(CreateFileW)
#define WriteFile JUDGED(WriteFile)
#define DeleteFileA JUDGED(DeleteFileA)
#define GetTempPathA JUDGED(GetTempPathA)

#define WaitForSingleObject JUDGED(WaitForSingleObject)
#define WaitForSingleObjectEx JUDGED(WaitForSingleObjectEx)
#define WaitForMultipleObjects JUDGED(WaitForMultipleObjects)
#define WaitForMultipleObjectsEx JUDGED(WaitForMultipleObjectsEx)
#define SignalObjectAndWait JUDGED(SignalObjectAndWait)
#define Sleep JUDGED(Sleep)
#define SleepEx JUDGED(SleepEx)
#define QueueUserAPC JUDGED(QueueUserAPC)

#define GetLastError JUDGED(GetLastError)
#define SetLastError JUDGED(SetLastError)

#define CreateThread JUDGED(CreateThread)
#define ExitThread JUDGED(ExitThread)
#define GetExitCodeThread JUDGED(GetExitCodeThread)
#define TerminateThread JUDGED(TerminateThread)
#define SuspendThread JUDGED(SuspendThread)
#define ResumeThread JUDGED(ResumeThread)
#define OpenThread JUDGED(OpenThread)
#define GetThreadId JUDGED(GetThreadId)
#define GetProcessIdOfThread JUDGED(GetProcessIdOfThread)
#define GetCurrentThread JUDGED(GetCurrentThread)
#define GetCurrentThreadId JUDGED(GetCurrentThreadId)
#define SwitchToThread JUDGED(SwitchToThread)

#define CreateProcessA JUDGED(CreateProcessA)
#define CreateProcessW JUDGED(CreateProcessW)
#define OpenProcess JUDGED(OpenProcess)
#define GetExitCodeProcess JUDGED(GetExitCodeProcess)
#define TerminateProcess JUDGED(TerminateProcess)
#define ExitProcess JUDGED(ExitProcess)
#define GetProcessId JUDGED(GetProcessId)
#define GetCurrentProcess JUDGED(GetCurrentProcess)
#define GetCurrentProcessId JUDGED(GetCurrentProcessId)

#define InitializeCriticalSection JUDGED(InitializeCriticalSection)
#define InitializeCriticalSectionAndSpinCount JUDGED(InitializeCriticalSectionAndSpinCount)
#define InitializeCriticalSectionEx JUDGED(InitializeCriticalSectionEx)
#define SetCriticalSectionSpinCount JUDGED(SetCriticalSectionSpinCount)
#define EnterCriticalSection JUDGED(EnterCriticalSection)
#define TryEnterCriticalSection JUDGED(TryEnterCriticalSection)
#define LeaveCriticalSection JUDGED(LeaveCriticalSection)
#define DeleteCriticalSection JUDGED(DeleteCriticalSection)

#define InitializeSRWLock JUDGED(InitializeSRWLock)
#define AcquireSRWLockExclusive JUDGED(AcquireSRWLockExclusive)
#define AcquireSRWLockShared JUDGED(AcquireSRWLockShared)
#define ReleaseSRWLockExclusive JUDGED(ReleaseSRWLockExclusive)
#define ReleaseSRWLockShared JUDGED(ReleaseSRWLockShared)
#define TryAcquireSRWLockExclusive JUDGED(TryAcquireSRWLockExclusive)
#define TryAcquireSRWLockShared JUDGED(TryAcquireSRWLockShared)

#define InitializeConditionVariable JUDGED(InitializeConditionVariable)
#define SleepConditionVariableCS JUDGED(SleepConditionVariableCS)
#define SleepConditionVariableSRW JUDGED(SleepConditionVariableSRW)
#define WakeConditionVariable JUDGED(WakeConditionVariable)
#define WakeAllConditionVariable JUDGED(WakeAllConditionVariable)

#define InitOnceInitialize JUDGED(InitOnceInitialize)
#define InitOnceExecuteOnce JUDGED(InitOnceExecuteOnce)
#define InitOnceBeginInitialize JUDGED(InitOnceBeginInitialize)
#define InitOnceComplete JUDGED(InitOnceComplete)

#define InitializeSynchronizationBarrier JUDGED(InitializeSynchronizationBarrier)
#define EnterSynchronizationBarrier JUDGED(EnterSynchronizationBarrier)
#define DeleteSynchronizationBarrier JUDGED(DeleteSynchronizationBarrier)

#define WaitOnAddress JUDGED(WaitOnAddress)
#define WakeByAddressSingle JUDGED(WakeByAddressSingle)
#define WakeByAddressAll JUDGED(WakeByAddressAll)

#define TlsAlloc JUDGED(TlsAlloc)
#define TlsGetValue JUDGED(TlsGetValue)
#define TlsSetValue JUDGED(TlsSetValue)
#define TlsFree JUDGED(TlsFree)
#define FlsAlloc JUDGED(FlsAlloc)
#define FlsGetValue JUDGED(FlsGetValue)
#define FlsSetValue JUDGED(FlsSetValue)
#define FlsFree JUDGED(FlsFree)

#define MultiByteToWideChar JUDGED(MultiByteToWideChar)
#define GetACP JUDGED(GetACP)

#define GetTickCount JUDGED(GetTickCount)
#define GetTickCount64 JUDGED(GetTickCount64)
#define GetSystemTimeAsFileTime JUDGED(GetSystemTimeAsFileTime)

#endif
