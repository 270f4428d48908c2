/* layout.c - width and sign of every type, size and offsets of every structure.
 *
 * Compiled, never run: a wrong figure is an array of negative size. The file compiles against winapi_headers, where
 * WCHAR follows the compiler's wchar_t, and against mingw-w64's headers for 64-bit Windows.
 */
#include <stddef.h>
#include <windows.h>
#include <wct.h>

#define TRUTH(name, condition) typedef char truth_##name[(condition) ? 1 : -1]
#define SIGNED(type, bytes) TRUTH(type, sizeof(type) == (bytes) && (type)-1 < (type)1)
#define UNSIGNED(type, bytes) TRUTH(type, sizeof(type) == (bytes) && (type)-1 > (type)1)
#define POINTER(type, target) TRUTH(type, sizeof(type) == sizeof(void *) && sizeof(*(type)0) == sizeof(target))

UNSIGNED(BYTE, 1);
UNSIGNED(BOOLEAN, 1);
UNSIGNED(UCHAR, 1);
TRUTH(CHAR, sizeof(CHAR) == 1);
UNSIGNED(WORD, 2);
SIGNED(SHORT, 2);
UNSIGNED(USHORT, 2);
SIGNED(BOOL, 4);
SIGNED(INT, 4);
UNSIGNED(UINT, 4);
SIGNED(LONG, 4);
UNSIGNED(ULONG, 4);
UNSIGNED(DWORD, 4);
SIGNED(HRESULT, 4);
UNSIGNED(ACCESS_MASK, 4);
SIGNED(LONGLONG, 8);
UNSIGNED(ULONGLONG, 8);
UNSIGNED(DWORDLONG, 8);
TRUTH(FLOAT, sizeof(FLOAT) == 4);
TRUTH(DOUBLE, sizeof(DOUBLE) == 8);

SIGNED(INT8, 1);
UNSIGNED(UINT8, 1);
SIGNED(INT16, 2);
UNSIGNED(UINT16, 2);
SIGNED(INT32, 4);
UNSIGNED(UINT32, 4);
SIGNED(LONG32, 4);
UNSIGNED(ULONG32, 4);
UNSIGNED(DWORD32, 4);
SIGNED(INT64, 8);
UNSIGNED(UINT64, 8);
SIGNED(LONG64, 8);
UNSIGNED(ULONG64, 8);
UNSIGNED(DWORD64, 8);
SIGNED(INT_PTR, sizeof(void *));
UNSIGNED(UINT_PTR, sizeof(void *));
SIGNED(LONG_PTR, sizeof(void *));
UNSIGNED(ULONG_PTR, sizeof(void *));
UNSIGNED(DWORD_PTR, sizeof(void *));
UNSIGNED(SIZE_T, sizeof(void *));
SIGNED(SSIZE_T, sizeof(void *));

TRUTH(WCHAR, sizeof(WCHAR) == sizeof(L'x') && sizeof(WCHAR) == sizeof(wchar_t));
TRUTH(HANDLE, sizeof(HANDLE) == sizeof(void *));
TRUTH(LPVOID, sizeof(LPVOID) == sizeof(void *));
TRUTH(HINSTANCE, sizeof(HINSTANCE) == sizeof(void *));
POINTER(PHANDLE, HANDLE);
POINTER(LPHANDLE, HANDLE);
POINTER(LPDWORD, DWORD);
POINTER(LPLONG, LONG);
POINTER(PLONG, LONG);
POINTER(LPBOOL, BOOL);
POINTER(LPBYTE, BYTE);
POINTER(LPSTR, char);
POINTER(LPCSTR, char);
POINTER(LPWSTR, wchar_t);
POINTER(LPCWSTR, wchar_t);
POINTER(PSECURITY_ATTRIBUTES, SECURITY_ATTRIBUTES);
POINTER(LPSECURITY_ATTRIBUTES, SECURITY_ATTRIBUTES);
#ifdef UNICODE
TRUTH(TCHAR, sizeof(TCHAR) == sizeof(wchar_t) && sizeof(TEXT("ab")) == 3 * sizeof(wchar_t));
POINTER(LPCTSTR, wchar_t);
#else
TRUTH(TCHAR, sizeof(TCHAR) == 1 && sizeof(TEXT("ab")) == 3);
POINTER(LPCTSTR, char);
#endif

TRUTH(security_attributes_nLength, offsetof(SECURITY_ATTRIBUTES, nLength) == 0);
TRUTH(security_attributes_lpSecurityDescriptor,
      offsetof(SECURITY_ATTRIBUTES, lpSecurityDescriptor) == sizeof(void *));
TRUTH(security_attributes_bInheritHandle, offsetof(SECURITY_ATTRIBUTES, bInheritHandle) == 2 * sizeof(void *));
TRUTH(security_attributes, sizeof(SECURITY_ATTRIBUTES) == 3 * sizeof(void *));

/* ---- offset and size of each field and of the whole; the other headers agree on 64-bit Windows ---- */
#define FIELD(type, field, at) TRUTH(type##_##field, offsetof(type, field) == (at))
#define SIZE(type, bytes) TRUTH(type##_size, sizeof(type) == (bytes))

FIELD(LARGE_INTEGER, LowPart, 0);
FIELD(LARGE_INTEGER, HighPart, 4);
TRUTH(LARGE_INTEGER_u, offsetof(LARGE_INTEGER, u.HighPart) == 4);
SIZE(LARGE_INTEGER, 8);
FIELD(ULARGE_INTEGER, HighPart, 4);
SIZE(ULARGE_INTEGER, 8);
FIELD(LIST_ENTRY, Blink, 8);
SIZE(LIST_ENTRY, 16);
SIZE(SINGLE_LIST_ENTRY, 8);
FIELD(SLIST_ENTRY, Next, 0);
SIZE(SLIST_ENTRY, 16);
FIELD(SLIST_HEADER, Region, 8);
SIZE(SLIST_HEADER, 16);
FIELD(RTL_CRITICAL_SECTION_DEBUG, CriticalSection, 8);
FIELD(RTL_CRITICAL_SECTION_DEBUG, EntryCount, 32);
SIZE(RTL_CRITICAL_SECTION_DEBUG, 48);
FIELD(CRITICAL_SECTION, DebugInfo, 0);
FIELD(CRITICAL_SECTION, LockCount, 8);
FIELD(CRITICAL_SECTION, RecursionCount, 12);
FIELD(CRITICAL_SECTION, OwningThread, 16);
FIELD(CRITICAL_SECTION, LockSemaphore, 24);
FIELD(CRITICAL_SECTION, SpinCount, 32);
SIZE(CRITICAL_SECTION, 40);
SIZE(SRWLOCK, 8);
SIZE(CONDITION_VARIABLE, 8);
SIZE(INIT_ONCE, 8);
FIELD(SYNCHRONIZATION_BARRIER, Reserved3, 8);
FIELD(SYNCHRONIZATION_BARRIER, Reserved5, 28);
SIZE(SYNCHRONIZATION_BARRIER, 32);
FIELD(FILETIME, dwHighDateTime, 4);
SIZE(FILETIME, 8);
FIELD(SYSTEMTIME, wMonth, 2);
FIELD(SYSTEMTIME, wDayOfWeek, 4);
FIELD(SYSTEMTIME, wDay, 6);
FIELD(SYSTEMTIME, wHour, 8);
FIELD(SYSTEMTIME, wMinute, 10);
FIELD(SYSTEMTIME, wSecond, 12);
FIELD(SYSTEMTIME, wMilliseconds, 14);
SIZE(SYSTEMTIME, 16);
FIELD(OVERLAPPED, InternalHigh, 8);
FIELD(OVERLAPPED, Offset, 16);
FIELD(OVERLAPPED, OffsetHigh, 20);
FIELD(OVERLAPPED, Pointer, 16);
FIELD(OVERLAPPED, hEvent, 24);
SIZE(OVERLAPPED, 32);
FIELD(GUID, Data2, 4);
FIELD(GUID, Data3, 6);
FIELD(GUID, Data4, 8);
SIZE(GUID, 16);
FIELD(SYSTEM_INFO, dwOemId, 0);
FIELD(SYSTEM_INFO, wProcessorArchitecture, 0);
FIELD(SYSTEM_INFO, dwPageSize, 4);
FIELD(SYSTEM_INFO, lpMinimumApplicationAddress, 8);
FIELD(SYSTEM_INFO, lpMaximumApplicationAddress, 16);
FIELD(SYSTEM_INFO, dwActiveProcessorMask, 24);
FIELD(SYSTEM_INFO, dwNumberOfProcessors, 32);
FIELD(SYSTEM_INFO, dwProcessorType, 36);
FIELD(SYSTEM_INFO, dwAllocationGranularity, 40);
FIELD(SYSTEM_INFO, wProcessorLevel, 44);
FIELD(SYSTEM_INFO, wProcessorRevision, 46);
SIZE(SYSTEM_INFO, 48);
FIELD(MEMORYSTATUSEX, dwMemoryLoad, 4);
FIELD(MEMORYSTATUSEX, ullTotalPhys, 8);
FIELD(MEMORYSTATUSEX, ullAvailPhys, 16);
FIELD(MEMORYSTATUSEX, ullTotalPageFile, 24);
FIELD(MEMORYSTATUSEX, ullAvailPageFile, 32);
FIELD(MEMORYSTATUSEX, ullTotalVirtual, 40);
FIELD(MEMORYSTATUSEX, ullAvailVirtual, 48);
FIELD(MEMORYSTATUSEX, ullAvailExtendedVirtual, 56);
SIZE(MEMORYSTATUSEX, 64);
FIELD(MEMORY_BASIC_INFORMATION, AllocationBase, 8);
FIELD(MEMORY_BASIC_INFORMATION, AllocationProtect, 16);
FIELD(MEMORY_BASIC_INFORMATION, RegionSize, 24);
FIELD(MEMORY_BASIC_INFORMATION, State, 32);
FIELD(MEMORY_BASIC_INFORMATION, Protect, 36);
FIELD(MEMORY_BASIC_INFORMATION, Type, 40);
SIZE(MEMORY_BASIC_INFORMATION, 48);
FIELD(OSVERSIONINFOA, dwPlatformId, 16);
FIELD(OSVERSIONINFOA, szCSDVersion, 20);
SIZE(OSVERSIONINFOA, 148);
FIELD(OSVERSIONINFOEXA, wServicePackMajor, 148);
FIELD(OSVERSIONINFOEXA, wSuiteMask, 152);
FIELD(OSVERSIONINFOEXA, wProductType, 154);
SIZE(OSVERSIONINFOEXA, 156);
SIZE(OSVERSIONINFOW, 20 + 128 * sizeof(WCHAR));
FIELD(OSVERSIONINFOEXW, wServicePackMajor, 20 + 128 * sizeof(WCHAR));
SIZE(OSVERSIONINFOEXW, 28 + 128 * sizeof(WCHAR));
FIELD(SID, SubAuthorityCount, 1);
FIELD(SID, IdentifierAuthority, 2);
FIELD(SID, SubAuthority, 8);
SIZE(SID, 12);
SIZE(SID_IDENTIFIER_AUTHORITY, 6);
FIELD(ACE_HEADER, AceFlags, 1);
FIELD(ACE_HEADER, AceSize, 2);
SIZE(ACE_HEADER, 4);
FIELD(ACCESS_ALLOWED_ACE, Mask, 4);
FIELD(ACCESS_ALLOWED_ACE, SidStart, 8);
SIZE(ACCESS_ALLOWED_ACE, 12);
FIELD(ACL, AclSize, 2);
FIELD(ACL, AceCount, 4);
SIZE(ACL, 8);
FIELD(SECURITY_DESCRIPTOR, Control, 2);
FIELD(SECURITY_DESCRIPTOR, Owner, 8);
FIELD(SECURITY_DESCRIPTOR, Group, 16);
FIELD(SECURITY_DESCRIPTOR, Sacl, 24);
FIELD(SECURITY_DESCRIPTOR, Dacl, 32);
SIZE(SECURITY_DESCRIPTOR, 40);
FIELD(WIN32_FIND_DATAA, ftCreationTime, 4);
FIELD(WIN32_FIND_DATAA, ftLastAccessTime, 12);
FIELD(WIN32_FIND_DATAA, ftLastWriteTime, 20);
FIELD(WIN32_FIND_DATAA, nFileSizeHigh, 28);
FIELD(WIN32_FIND_DATAA, nFileSizeLow, 32);
FIELD(WIN32_FIND_DATAA, dwReserved0, 36);
FIELD(WIN32_FIND_DATAA, cFileName, 44);
FIELD(WIN32_FIND_DATAA, cAlternateFileName, 304);
SIZE(WIN32_FIND_DATAA, 320);
FIELD(WIN32_FIND_DATAW, cFileName, 44);
FIELD(WIN32_FIND_DATAW, cAlternateFileName, 44 + 260 * sizeof(WCHAR));
SIZE(WIN32_FIND_DATAW, 44 + 274 * sizeof(WCHAR));
FIELD(WIN32_FILE_ATTRIBUTE_DATA, ftCreationTime, 4);
FIELD(WIN32_FILE_ATTRIBUTE_DATA, ftLastWriteTime, 20);
FIELD(WIN32_FILE_ATTRIBUTE_DATA, nFileSizeHigh, 28);
FIELD(WIN32_FILE_ATTRIBUTE_DATA, nFileSizeLow, 32);
SIZE(WIN32_FILE_ATTRIBUTE_DATA, 36);
FIELD(PROCESS_INFORMATION, hProcess, 0);
FIELD(PROCESS_INFORMATION, hThread, 8);
FIELD(PROCESS_INFORMATION, dwProcessId, 16);
FIELD(PROCESS_INFORMATION, dwThreadId, 20);
SIZE(PROCESS_INFORMATION, 24);
FIELD(STARTUPINFOA, lpReserved, 8);
FIELD(STARTUPINFOA, lpTitle, 24);
FIELD(STARTUPINFOA, dwX, 32);
FIELD(STARTUPINFOA, dwFlags, 60);
FIELD(STARTUPINFOA, wShowWindow, 64);
FIELD(STARTUPINFOA, lpReserved2, 72);
FIELD(STARTUPINFOA, hStdInput, 80);
FIELD(STARTUPINFOA, hStdError, 96);
SIZE(STARTUPINFOA, 104);
FIELD(STARTUPINFOW, dwFlags, 60);
FIELD(STARTUPINFOW, hStdOutput, 88);
SIZE(STARTUPINFOW, 104);
UNSIGNED(TP_VERSION, 4);
UNSIGNED(TP_WAIT_RESULT, 4);
TRUTH(priority_high, TP_CALLBACK_PRIORITY_HIGH == 0 && TP_CALLBACK_PRIORITY_NORMAL == 1);
TRUTH(priority_low, TP_CALLBACK_PRIORITY_LOW == 2 && TP_CALLBACK_PRIORITY_COUNT == 3);
SIZE(TP_POOL_STACK_INFORMATION, 16);
FIELD(TP_POOL_STACK_INFORMATION, StackReserve, 0);
FIELD(TP_POOL_STACK_INFORMATION, StackCommit, 8);
SIZE(TP_CALLBACK_ENVIRON, 72);
FIELD(TP_CALLBACK_ENVIRON, Version, 0);
FIELD(TP_CALLBACK_ENVIRON, Pool, 8);
FIELD(TP_CALLBACK_ENVIRON, CleanupGroup, 16);
FIELD(TP_CALLBACK_ENVIRON, CleanupGroupCancelCallback, 24);
FIELD(TP_CALLBACK_ENVIRON, RaceDll, 32);
FIELD(TP_CALLBACK_ENVIRON, ActivationContext, 40);
FIELD(TP_CALLBACK_ENVIRON, FinalizationCallback, 48);
FIELD(TP_CALLBACK_ENVIRON, u, 56);
FIELD(TP_CALLBACK_ENVIRON, CallbackPriority, 60);
FIELD(TP_CALLBACK_ENVIRON, Size, 64);
SIZE(WAITCHAIN_NODE_INFO, 24 + WCT_OBJNAME_LENGTH * sizeof(WCHAR));
FIELD(WAITCHAIN_NODE_INFO, ObjectType, 0);
FIELD(WAITCHAIN_NODE_INFO, ObjectStatus, 4);
FIELD(WAITCHAIN_NODE_INFO, LockObject.ObjectName, 8);
FIELD(WAITCHAIN_NODE_INFO, LockObject.Timeout, 8 + WCT_OBJNAME_LENGTH * sizeof(WCHAR));
FIELD(WAITCHAIN_NODE_INFO, LockObject.Alertable, 16 + WCT_OBJNAME_LENGTH * sizeof(WCHAR));
FIELD(WAITCHAIN_NODE_INFO, ThreadObject.ProcessId, 8);
FIELD(WAITCHAIN_NODE_INFO, ThreadObject.ThreadId, 12);
FIELD(WAITCHAIN_NODE_INFO, ThreadObject.WaitTime, 16);
FIELD(WAITCHAIN_NODE_INFO, ThreadObject.ContextSwitches, 20);
TRUTH(HWCT, sizeof(HWCT) == sizeof(void *));
TRUTH(wct_types, WctCriticalSectionType == 1 && WctSendMessageType == 2 && WctMutexType == 3 && WctAlpcType == 4);
TRUTH(wct_more_types, WctComType == 5 && WctThreadWaitType == 6 && WctProcessWaitType == 7 && WctThreadType == 8);
TRUTH(wct_last_types, WctComActivationType == 9 && WctUnknownType == 10);
TRUTH(wct_states, WctStatusNoAccess == 1 && WctStatusRunning == 2 && WctStatusBlocked == 3 && WctStatusPidOnly == 4);
TRUTH(wct_more_states, WctStatusPidOnlyRpcss == 5 && WctStatusOwned == 6 && WctStatusNotOwned == 7);
TRUTH(wct_last_states, WctStatusAbandoned == 8 && WctStatusUnknown == 9 && WctStatusError == 10);
