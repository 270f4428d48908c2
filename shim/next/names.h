// names.h - the functions that are handed on: those that are given a handle, or a pointer, of somebody's making, and
// those that make such things and leave that to another library (next.h, "families").
//
// A row is a name of export.map. The order has no meaning.
#pragma once

#define WINSHIM_NEXT_BY_HANDLE(row)                                                                                 \
    row(SetEvent) row(ResetEvent) row(PulseEvent) row(ReleaseMutex) row(ReleaseSemaphore) row(SetWaitableTimer)     \
    row(SetWaitableTimerEx) row(CancelWaitableTimer) row(EventModify) row(SetEventData) row(GetEventData)           \
    row(WaitForSingleObject) row(WaitForSingleObjectEx) row(WaitForMultipleObjects) row(WaitForMultipleObjectsEx)   \
    row(SignalObjectAndWait) row(CloseHandle) row(DuplicateHandle) row(GetHandleInformation)                        \
    row(SetHandleInformation) row(CompareObjectHandles) row(CreateFileMappingA) row(CreateFileMappingW)             \
    row(MapViewOfFile) row(MapViewOfFileEx) row(UnmapViewOfFile) row(FlushViewOfFile) row(GetExitCodeThread)        \
    row(TerminateThread) row(SuspendThread) row(ResumeThread) row(GetThreadId) row(GetProcessIdOfThread)            \
    row(QueueUserAPC) row(SetThreadPriority) row(GetThreadPriority) row(SetThreadPriorityBoost)                     \
    row(GetThreadPriorityBoost) row(SetThreadDescription) row(GetThreadDescription) row(GetExitCodeProcess)         \
    row(TerminateProcess) row(GetProcessId) row(GetProcessTimes) row(GetProcessHandleCount) row(GetPriorityClass)   \
    row(SetPriorityClass) row(WaitForInputIdle) row(CreateProcessA) row(CreateProcessW) row(ReadFile)               \
    row(WriteFile) row(FlushFileBuffers) row(GetOverlappedResult) row(GetFileSizeEx) row(GetFileSize)               \
    row(SetFilePointerEx) row(SetFilePointer) row(SetEndOfFile) row(GetFileType) row(WriteConsoleA)                 \
    row(WriteConsoleW) row(GetConsoleMode) row(SetConsoleMode) row(FindNextFileA) row(FindNextFileW)                \
    row(FindClose) row(ChangeTimerQueueTimer) row(DeleteTimerQueueTimer) row(DeleteTimerQueueEx)                    \
    row(DeleteTimerQueue) row(CreateTimerQueueTimer) row(RegisterWaitForSingleObject) row(UnregisterWaitEx)         \
    row(UnregisterWait) row(GetProcAddress) row(FreeLibrary) row(GetModuleFileNameA) row(GetModuleFileNameW)        \
    row(LocalReAlloc) row(LocalFree) row(LocalSize) row(LocalLock) row(LocalUnlock) row(LocalFlags)                 \
    row(LocalHandle) row(GlobalReAlloc) row(GlobalFree) row(GlobalSize) row(GlobalLock) row(GlobalUnlock)           \
    row(GlobalFlags) row(GlobalHandle) row(HeapDestroy) row(HeapAlloc) row(HeapReAlloc) row(HeapFree)               \
    row(HeapSize) row(HeapValidate) row(LockFile) row(LockFileEx) row(UnlockFile) row(UnlockFileEx)                 \
    row(GetFileInformationByHandle) row(PeekNamedPipe) row(CreateIoCompletionPort) row(PostQueuedCompletionStatus)  \
    row(GetQueuedCompletionStatus) row(GetQueuedCompletionStatusEx) row(GetLastError) row(SetLastError)             \
    row(_GetCurrentThread)

#define WINSHIM_NEXT_MAKERS(row)                                                                                    \
    row(CreateEventA) row(CreateEventW) row(CreateEventExA) row(CreateEventExW) row(CreateFileA) row(CreateFileW)   \
    row(CreatePipe) row(FindFirstFileA) row(FindFirstFileW) row(GetStdHandle) row(SetStdHandle) row(DeleteFileA)    \
    row(DeleteFileW) row(MoveFileA) row(MoveFileW) row(MoveFileExA) row(MoveFileExW) row(CopyFileA) row(CopyFileW)  \
    row(CreateDirectoryA) row(CreateDirectoryW) row(RemoveDirectoryA) row(RemoveDirectoryW)                         \
    row(GetFileAttributesA) row(GetFileAttributesW) row(GetFileAttributesExA) row(GetFileAttributesExW)             \
    row(SetFileAttributesA) row(SetFileAttributesW) row(GetFullPathNameA) row(GetFullPathNameW) row(GetTempPathA)   \
    row(GetTempPathW) row(GetTempFileNameA) row(GetTempFileNameW) row(GetCurrentDirectoryA)                         \
    row(GetCurrentDirectoryW) row(SetCurrentDirectoryA) row(SetCurrentDirectoryW) row(GetProcessHeap)               \
    row(HeapCreate) row(LocalAlloc) row(GlobalAlloc) row(CommandLineToArgvW) row(FormatMessageA)                    \
    row(FormatMessageW) row(_aligned_malloc) row(_aligned_realloc) row(_aligned_free)
