/* test_ms_abi_lookup.c - an ordinary program that asks for entry points in Microsoft's convention: by
 * WinshimGetMsAbiProc, and by the module winshim-msabi. Lines `ok` and `FAIL`, as tests/run counts them. */
#include <stdio.h>
#include <windows.h>
#include <winshim.h>

#ifdef __x86_64__
#define MS __attribute__((ms_abi))

typedef HANDLE(MS *CreateEventFunction)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, const char *);
typedef HANDLE(MS *CreateEventWFunction)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR);
typedef DWORD(MS *WaitFunction)(DWORD, const HANDLE *, BOOL, DWORD, BOOL);
typedef HANDLE(MS *CreateThreadFunction)(LPSECURITY_ATTRIBUTES, SIZE_T, DWORD(MS *)(LPVOID), LPVOID, DWORD, LPDWORD);
typedef int(MS *PrintFunction)(char *, const char *, ...);
typedef FARPROC(MS *ProcFunction)(HMODULE, LPCSTR);

static DWORD MS routine(LPVOID parameter) { return (DWORD)(ULONG_PTR)parameter + 1; }
static DWORD WINAPI ordinary(LPVOID parameter) { return (DWORD)(ULONG_PTR)parameter + 2; }
#endif

static int failures;
static void tell(int holds, const char *what)
{
    printf("%s %s\n", holds ? "ok  " : "FAIL", what);
    failures += !holds;
}

int main(void)
{
#ifdef __x86_64__
    CreateEventFunction create = (CreateEventFunction)(void *)WinshimGetMsAbiProc("CreateEventA");
    WaitFunction wait = (WaitFunction)(void *)WinshimGetMsAbiProc("WaitForMultipleObjectsEx");
    CreateThreadFunction thread = (CreateThreadFunction)(void *)WinshimGetMsAbiProc("CreateThread");
    PrintFunction print = (PrintFunction)(void *)WinshimGetMsAbiProc("wsprintfA");
    HANDLE events[2], threads[2];
    HMODULE module;
    DWORD code = 0;
    char text[80];

    tell(create != NULL && wait != NULL && thread != NULL && print != NULL, "entry points are there");
    events[0] = create(NULL, TRUE, FALSE, NULL);
    events[1] = create(NULL, TRUE, TRUE, "by pointer");
    tell(wait(2, events, FALSE, INFINITE, FALSE) == WAIT_OBJECT_0 + 1, "five arguments");
    threads[0] = thread(NULL, 0, routine, (LPVOID)40, 0, NULL);
    threads[1] = CreateThread(NULL, 0, ordinary, (LPVOID)50, 0, NULL);
    tell(wait(2, threads, TRUE, 10000, FALSE) == WAIT_OBJECT_0, "threads of both conventions in one process");
    tell(GetExitCodeThread(threads[0], &code) && code == 41 && GetExitCodeThread(threads[1], &code) && code == 52,
         "each routine was called in the convention of whoever gave it");
    tell(print(text, "%d %s %d %d %d", 1, "two", 3, 4, 5) == 11 && lstrcmpA(text, "1 two 3 4 5") == 0,
         "a variadic one");

    SetLastError(0);
    tell(WinshimGetMsAbiProc("NoSuchFunction") == NULL && GetLastError() == ERROR_PROC_NOT_FOUND,
         "a name that is none");
    tell(WinshimGetMsAbiProc("printf") == NULL && GetLastError() == ERROR_PROC_NOT_FOUND, "a name of another library");
    tell(WinshimGetMsAbiProc(NULL) == NULL && GetLastError() == ERROR_INVALID_PARAMETER, "no name");

    module = LoadLibraryA("winshim-msabi.dll");
    tell(module != NULL && module == GetModuleHandleA("WINSHIM-MSABI"), "the module");
    tell((void *)GetProcAddress(module, "CreateEventA") == (void *)create, "GetProcAddress finds the same");
    /* This program's wchar_t decides, as it does for kernel32. */
    const CreateEventWFunction by_pointer = (CreateEventWFunction)(void *)GetProcAddress(module, "CreateEventW");
    tell(by_pointer(NULL, TRUE, TRUE, L"by pointer") != NULL && GetLastError() == ERROR_ALREADY_EXISTS, "wide names");
    const ProcFunction find = (ProcFunction)(void *)GetProcAddress(module, "GetProcAddress");
    tell(find(GetModuleHandleA("kernel32"), "CreateEventA") == (FARPROC)(void *)create,
         "its GetProcAddress finds entries of its own convention");
#else
    tell(WinshimGetMsAbiProc("SetEvent") == NULL && GetLastError() == ERROR_MOD_NOT_FOUND, "there is none here");
#endif
    return failures != 0;
}
