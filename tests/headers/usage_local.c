/* usage_local.c - usage.c for what works inside one process: every function of local/ and base/ called once.
 *
 * Compiled as C and as C++, never run. A function whose declaration were wrong or missing does not get through.
 */
#include <windows.h>
#include <tchar.h>
#include <conio.h>
#include <crtdbg.h>
#include <strsafe.h>

typedef struct {
    SLIST_ENTRY entry;
    int value;
} ITEM;

static CRITICAL_SECTION section = {NULL, -1, 0, NULL, NULL, 0};
static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE variable = CONDITION_VARIABLE_INIT;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static LONG volatile counter;
static long volatile native_counter;

static BOOL CALLBACK initialize(PINIT_ONCE init, PVOID parameter, PVOID *context)
{
    UNREFERENCED_PARAMETER(init);
    *context = parameter;
    return TRUE;
}

static VOID WINAPI at_end(PVOID value)
{
    UNREFERENCED_PARAMETER(value);
}

BOOL use_locks(void);
BOOL use_locks(void)
{
    SYNCHRONIZATION_BARRIER barrier;
    LONG zero = 0;
    BOOL pending, all = TRUE;
    PVOID context;

    InitializeCriticalSection(&section);
    all &= InitializeCriticalSectionAndSpinCount(&section, 4000);
    all &= InitializeCriticalSectionEx(&section, 4000, CRITICAL_SECTION_NO_DEBUG_INFO);
    all &= SetCriticalSectionSpinCount(&section, 100) == 4000;
    EnterCriticalSection(&section);
    all &= TryEnterCriticalSection(&section);
    LeaveCriticalSection(&section);
    InitializeConditionVariable(&variable);
    all &= SleepConditionVariableCS(&variable, &section, 10);
    LeaveCriticalSection(&section);
    DeleteCriticalSection(&section);
    InitializeSRWLock(&lock);
    AcquireSRWLockExclusive(&lock);
    all &= SleepConditionVariableSRW(&variable, &lock, 10, 0);
    ReleaseSRWLockExclusive(&lock);
    AcquireSRWLockShared(&lock);
    ReleaseSRWLockShared(&lock);
    all &= TryAcquireSRWLockExclusive(&lock) || TryAcquireSRWLockShared(&lock);
    WakeConditionVariable(&variable);
    WakeAllConditionVariable(&variable);
    InitOnceInitialize(&once);
    all &= InitOnceExecuteOnce(&once, initialize, NULL, &context);
    all &= InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &context);
    all &= InitOnceComplete(&once, INIT_ONCE_ASYNC, context);
    all &= InitializeSynchronizationBarrier(&barrier, 1, -1);
    all &= EnterSynchronizationBarrier(&barrier, SYNCHRONIZATION_BARRIER_FLAGS_NO_DELETE);
    all &= DeleteSynchronizationBarrier(&barrier);
    all &= WaitOnAddress(&counter, &zero, sizeof zero, 0);
    WakeByAddressSingle((PVOID)&counter);
    WakeByAddressAll((PVOID)&counter);
    return all;
}

LONG use_interlocked(SLIST_HEADER *list, ITEM *item);
LONG use_interlocked(SLIST_HEADER *list, ITEM *item)
{
    LONG64 volatile wide = 0;
    SHORT volatile narrow = 0;
    PVOID volatile pointer = NULL;
    DWORD tls = TlsAlloc(), fls = FlsAlloc(at_end);

    InitializeSListHead(list);
    InterlockedPushEntrySList(list, &item->entry);
    InterlockedPushListSListEx(list, &item->entry, &item->entry, 1);
    InterlockedPopEntrySList(list);
    InterlockedFlushSList(list);
    InterlockedIncrement(&native_counter);
    InterlockedCompareExchange(&native_counter, 1, 2);
    InterlockedIncrement(&counter);
    InterlockedDecrementRelease(&counter);
    InterlockedExchangeAdd(&counter, -1);
    InterlockedExchange64(&wide, 5);
    InterlockedAnd16(&narrow, 1);
    InterlockedExchangePointer(&pointer, list);
    InterlockedCompareExchangePointer(&pointer, NULL, list);
    InterlockedBitTestAndSet(&counter, 3);
    MemoryBarrier();
    YieldProcessor();
    _ReadWriteBarrier();
    TlsSetValue(tls, TlsGetValue(tls));
    FlsSetValue(fls, FlsGetValue(fls));
    return TlsFree(tls) + FlsFree(fls) + _InterlockedOr(&counter, 1) + QueryDepthSList(list);
}

static void use_sids(PSECURITY_DESCRIPTOR descriptor, PACL list)
{
    SID_IDENTIFIER_AUTHORITY world = SECURITY_WORLD_SID_AUTHORITY;
    BYTE room[SECURITY_MAX_SID_SIZE];
    PSID everyone = NULL, owner = NULL;
    PACL found = NULL;
    BOOL present = FALSE, defaulted = FALSE;

    if (!AllocateAndInitializeSid(&world, 1, SECURITY_WORLD_RID, 0, 0, 0, 0, 0, 0, 0, &everyone))
        return;
    if (InitializeSid(room, &world, 1) && IsValidSid(room) && GetLengthSid(room) == GetSidLengthRequired(1))
        *GetSidSubAuthority(room, (DWORD)*GetSidSubAuthorityCount(room) - 1) = SECURITY_WORLD_RID;
    if (EqualSid(everyone, room))
        CopySid(sizeof(room), room, everyone);
    AddAccessAllowedAce(list, ACL_REVISION, GENERIC_ALL, everyone);
    SetSecurityDescriptorOwner(descriptor, everyone, FALSE);
    SetSecurityDescriptorGroup(descriptor, everyone, FALSE);
    SetSecurityDescriptorSacl(descriptor, FALSE, NULL, FALSE);
    GetSecurityDescriptorOwner(descriptor, &owner, &defaulted);
    GetSecurityDescriptorGroup(descriptor, &owner, &defaulted);
    GetSecurityDescriptorDacl(descriptor, &present, &found, &defaulted);
    GetSecurityDescriptorSacl(descriptor, &present, &found, &defaulted);
    FreeSid(everyone);
}

ULONGLONG use_system(void);
ULONGLONG use_system(void)
{
    SYSTEMTIME calendar;
    FILETIME time, other;
    LARGE_INTEGER count;
    SYSTEM_INFO info;
    MEMORYSTATUSEX memory = {sizeof(MEMORYSTATUSEX), 0, 0, 0, 0, 0, 0, 0, 0};
    MEMORY_BASIC_INFORMATION page;
    OSVERSIONINFO version;
    SECURITY_DESCRIPTOR descriptor;
    ACL list;
    HANDLE heap = HeapCreate(0, 0, 0);
    LPVOID block = HeapAlloc(heap, HEAP_ZERO_MEMORY, 10), pages;
    HLOCAL local = LocalAlloc(LMEM_MOVEABLE, 10);
    HGLOBAL global = GlobalAlloc(GPTR, 10);
    ULONGLONG sum = GetTickCount() + GetTickCount64();
    DWORD old;

    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&count);
    sum += (ULONGLONG)count.QuadPart + count.LowPart;
    GetSystemTime(&calendar);
    GetLocalTime(&calendar);
    GetSystemTimeAsFileTime(&time);
    GetSystemTimePreciseAsFileTime(&time);
    SystemTimeToFileTime(&calendar, &time);
    FileTimeToSystemTime(&time, &calendar);
    FileTimeToLocalFileTime(&time, &other);
    LocalFileTimeToFileTime(&other, &time);
    sum += (ULONGLONG)CompareFileTime(&time, &other);
    GetSystemInfo(&info);
    GetNativeSystemInfo(&info);
    GlobalMemoryStatusEx(&memory);
    ZeroMemory(&version, sizeof version);
    version.dwOSVersionInfoSize = sizeof version;
    GetVersionEx(&version);
    sum += GetVersion();
    InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    InitializeAcl(&list, sizeof list, ACL_REVISION);
    SetSecurityDescriptorDacl(&descriptor, TRUE, (PACL)NULL, FALSE);
    use_sids(&descriptor, &list);
    sum += (ULONGLONG)IsValidSecurityDescriptor(&descriptor);
    block = HeapReAlloc(GetProcessHeap(), 0, block, 20);
    sum += HeapSize(heap, 0, block) + (ULONGLONG)HeapValidate(heap, 0, NULL) + (ULONGLONG)HeapFree(heap, 0, block);
    HeapDestroy(heap);
    CopyMemory(LocalLock(local), GlobalLock(global), 10);
    LocalUnlock(LocalHandle(block));
    GlobalUnlock(GlobalHandle(block));
    local = LocalReAlloc(local, 20, LMEM_ZEROINIT);
    global = GlobalReAlloc(global, 20, GMEM_MOVEABLE);
    sum += LocalSize(local) + GlobalSize(global) + LocalFlags(local) + GlobalFlags(global);
    LocalFree(local);
    GlobalFree(global);
    pages = VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    VirtualProtect(pages, 4096, PAGE_READONLY, &old);
    VirtualQuery(pages, &page, sizeof page);
    VirtualFree(pages, 0, MEM_RELEASE);
    if (IsDebuggerPresent())
        DebugBreak();
    return sum;
}

static HRESULT formatted(LPTSTR text, size_t room, LPCTSTR format, ...)
{
    va_list list;
    HRESULT result;
    va_start(list, format);
    result = StringCchVPrintf(text, room, format, list);
    va_end(list);
    va_start(list, format);
    wvsprintf(text, format, list);
    StringCbVPrintf(text, room, format, list);
    va_end(list);
    return result;
}

int use_text(void);
int use_text(void)
{
    TCHAR text[MAX_PATH], other[MAX_PATH];
    WCHAR wide[10];
    char bytes[10];
    DWORD size = MAX_PATH;
    size_t length;
    LPTSTR block = GetEnvironmentStrings();

    FreeEnvironmentStrings(block);
    GetComputerName(text, &size);
    GetUserName(text, &size);
    lstrcpy(text, TEXT("a"));
    lstrcpyn(other, text, 5);
    lstrcat(text, other);
    CharUpper(text);
    CharLower(text);
    CharUpperBuff(text, 1);
    CharLowerBuff(text, 1);
    wsprintf(text, TEXT("%s %d"), other, 5);
    formatted(text, MAX_PATH, TEXT("%lu"), size);
    StringCchCopy(text, MAX_PATH, other);
    StringCchCopyN(text, MAX_PATH, other, 2);
    StringCchCat(text, MAX_PATH, other);
    StringCchCatN(text, MAX_PATH, other, 2);
    StringCchLength(text, MAX_PATH, &length);
    StringCchPrintf(text, MAX_PATH, TEXT("%d"), 5);
    StringCbCopy(text, sizeof text, other);
    StringCbCopyN(text, sizeof text, other, 2);
    StringCbCat(text, sizeof text, other);
    StringCbCatN(text, sizeof text, other, 2);
    StringCbLength(text, sizeof text, &length);
    if (FAILED(StringCbPrintf(text, sizeof text, TEXT("%d"), 5)))
        OutputDebugString(text);
    FormatMessage(FORMAT_MESSAGE_FROM_SYSTEM, NULL, GetLastError(), MAKELONG(0, 1), text, MAX_PATH, NULL);
    SetEnvironmentVariable(text, other);
    GetEnvironmentVariable(text, other, MAX_PATH);
    ExpandEnvironmentStrings(text, other, MAX_PATH);
    MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "x", -1, wide, 10);
    WideCharToMultiByte(CP_ACP, 0, wide, -1, bytes, 10, NULL, NULL);
    wprintf(L"%s", wide);
    fwprintf(stderr, L"%s", wide);
    swprintf(wide, 10, L"%d", 5);
    fputws(wide, stdout);
    _putws(wide);
    _tprintf(_T("%d"), (int)_tcslen(text));
    _CrtSetDbgFlag(_CRTDBG_LEAK_CHECK_DF);
    _ASSERTE(size > 0);
    _cputs(bytes);
    while (!_kbhit())
        _putch(_getch() + _getche());
    return lstrlen(text) + lstrcmp(text, other) + lstrcmpi(text, other) + (int)(GetACP() + GetOEMCP());
}
