// test_trace_forms.cpp - WINSHIM_TRACE: what the lines say, as text and as JSON, and which of them a filter leaves.
#include <strsafe.h>
#include <windows.h>

#include <winshim.h>
#include <winshim_crt.h>

#include <cstdint>
#include <cwchar>

#include "tests/support/trace.h"

namespace {

using namespace trace_test;

DWORD WINAPI end_by_exit(LPVOID) { ExitThread(7); }

int decode() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "plain");
    CreateEventA(nullptr, FALSE, FALSE, "q\"b/\n\x01");
    HANDLE mutex = CreateMutexW(nullptr, TRUE, L"m\u00e4\u20ac\U0001F600");
    HANDLE semaphore = CreateSemaphoreExA(nullptr, 1, 5, nullptr, 0, SEMAPHORE_ALL_ACCESS);
    LONG previous = -1;
    ReleaseSemaphore(semaphore, 2, &previous);
    HANDLE both[] = {event, mutex};
    WaitForMultipleObjects(2, both, FALSE, INFINITE);
    WaitForSingleObject(event, 0);
    OpenEventA(SYNCHRONIZE | EVENT_MODIFY_STATE | 0x40, FALSE, "nothing");
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, nullptr, TRUE};
    CloseHandle(CreateEventExA(&inherit, nullptr, CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET,
                               EVENT_ALL_ACCESS));
    HANDLE copy = nullptr;
    DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &copy, 0, FALSE, DUPLICATE_SAME_ACCESS);
    CloseHandle(copy);
    CloseHandle(reinterpret_cast<HANDLE>(std::uintptr_t{0x7770}));
    HANDLE timer = CreateWaitableTimerA(nullptr, FALSE, nullptr);
    LARGE_INTEGER due;
    due.QuadPart = -12'500'000;
    SetWaitableTimer(timer, &due, 0, nullptr, nullptr, FALSE);
    due.QuadPart = 132'539'328'000'000'000;  // 2021-01-01
    SetWaitableTimer(timer, &due, 0, nullptr, nullptr, FALSE);
    SetLastError(ERROR_NOT_OWNER);
    GetLastError();
    CRITICAL_SECTION section;
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    DWORD id = 0;
    HANDLE thread = CreateThread(nullptr, 0, end_by_exit, nullptr, CREATE_SUSPENDED, &id);
    ResumeThread(thread);
    WaitForSingleObject(thread, INFINITE);
    DWORD code = 0;
    GetExitCodeThread(thread, &code);
    HANDLE file = CreateFileA("/dev/null", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0,
                              nullptr);
    CloseHandle(file);
    CreateFileA("/no/such/folder/file", GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, 64, "map");
    SleepEx(1, TRUE);
    char text[40];
    const HRESULT result = StringCchPrintfA(text, 40, "%s %d %.2f %lld", "t", 3, 2.5, -1LL);
    if (result != S_OK || strcmp(text, "t 3 2.50 -1") != 0) return 3;
    wchar_t wide[40];
    if (_snwprintf(wide, 40, L"%d %.1f", 5, 1.5) != 5 || wcscmp(wide, L"5 1.5") != 0) return 5;
    if (_snprintf_s(text, 40, 39, "%d %s %d", 5, "six", 7) != 7 || strcmp(text, "5 six 7") != 0) return 6;
    if (StringCchPrintfA(text, 2, "%s", "long") != STRSAFE_E_INSUFFICIENT_BUFFER) return 4;
    return previous == 1 && code == 7 ? 0 : 1;
}

// The pseudo handle of this process, in full.
#if UINTPTR_MAX > 0xFFFFFFFF
#define ALL_ONES "0xffffffffffffffff"
#else
#define ALL_ONES "0xffffffff"
#endif

void text_form() {
    const Run r = run("decode");
    tell(r.status == 0, "a traced program does what it does", std::to_string(r.status));
    const Text bad = not_of_form(r, is_text);
    tell(!r.lines.empty() && bad.empty(), "every line has time, pid, tid, function, last error, duration", bad);
    const struct {
        const char *what, *text;
    } wanted[] = {
        {"a name in quotes, BOOLs, a handle with type and name",
         "CreateEventA(lpEventAttributes=NULL, bManualReset=TRUE, bInitialState=FALSE, lpName=\"plain\") "
         "= 0x4 event \"plain\" error=ERROR_SUCCESS <"},
        {"escapes in names", "lpName=\"q\\\"b/\\n\\x01\") = 0x8 event \"q\\\"b/\\n\\x01\""},
        {"wide names, and the name of the function as the SDK has it",
         "CreateMutexW(lpMutexAttributes=NULL, bInitialOwner=TRUE, lpName=\"m\u00e4\u20ac\U0001F600\") "
         "= 0xc mutex \"m\u00e4\u20ac\U0001F600\""},
        {"an object without a name; rights by name", "dwDesiredAccess=SEMAPHORE_ALL_ACCESS) = 0x10 semaphore error="},
        {"what a call has stored", "ReleaseSemaphore(hSemaphore=0x10 semaphore, lReleaseCount=2, lpPreviousCount=0x"},
        {"  its value", ") = TRUE {lpPreviousCount=1} error="},
        {"an array of handles, INFINITE, a result of a wait with its index",
         "lpHandles=[0x4 event \"plain\", 0xc mutex \"m\u00e4\u20ac\U0001F600\"], bWaitAll=FALSE, "
         "dwMilliseconds=INFINITE) = WAIT_OBJECT_0+1 error="},
        {"WAIT_TIMEOUT", "WaitForSingleObject(hHandle=0x4 event \"plain\", dwMilliseconds=0) = WAIT_TIMEOUT error="},
        {"rights bit by bit, an error by name",
         "OpenEventA(dwDesiredAccess=EVENT_MODIFY_STATE|SYNCHRONIZE|0x40, bInheritHandle=FALSE, lpName=\"nothing\") "
         "= NULL error=ERROR_FILE_NOT_FOUND <"},
        {"security attributes, flags",
         "CreateEventExA(lpEventAttributes={bInheritHandle=TRUE}, lpName=NULL, dwFlags=CREATE_EVENT_MANUAL_RESET|"
         "CREATE_EVENT_INITIAL_SET, dwDesiredAccess=EVENT_ALL_ACCESS) ="},
        {"pseudo handles, options, a handle that was stored",
         "hSourceProcessHandle=" ALL_ONES " this process, hSourceHandle=0x4 event \"plain\""},
        {"  its value", "dwOptions=DUPLICATE_SAME_ACCESS) = TRUE {lpTargetHandle=0x14 event \"plain\"}"},
        {"a handle is described before it is closed", "CloseHandle(hObject=0x14 event \"plain\") = TRUE"},
        {"one that is none", "CloseHandle(hObject=0x7770) = FALSE error=ERROR_INVALID_HANDLE"},
        {"a due time from now", "lpDueTime=in 1.250000 s,"},
        {"a due time by the calendar", "lpDueTime=at 2021-01-01T00:00:00.000000Z,"},
        {"errors as arguments and results", "SetLastError(dwErrCode=ERROR_NOT_OWNER) error=ERROR_NOT_OWNER"},
        {"  and", "GetLastError() = ERROR_NOT_OWNER error=ERROR_NOT_OWNER"},
        {"a lock of the process", "EnterCriticalSection(lpCriticalSection=0x"},
        {"creation flags, a thread", "dwCreationFlags=CREATE_SUSPENDED, lpThreadId=0x"},
        {"a call that does not return has a line", "ExitThread(dwExitCode=7) ...\n"},
        {"an exit code that was stored", "{lpExitCode=7}"},
        {"a file",
         "CreateFileA(lpFileName=\"/dev/null\", dwDesiredAccess=GENERIC_READ, dwShareMode=FILE_SHARE_READ|"
         "FILE_SHARE_WRITE, lpSecurityAttributes=NULL, dwCreationDisposition=OPEN_EXISTING, "},
        {"  its handle", "file \"/dev/null\""},
        {"a handle that is none of a file's",
         "hTemplateFile=NULL) = INVALID_HANDLE_VALUE error=ERROR_PATH_NOT_FOUND <"},
        {"a mapping, its protection",
         "CreateFileMappingA(hFile=INVALID_HANDLE_VALUE, lpFileMappingAttributes=NULL, flProtect=PAGE_READWRITE, "
         "dwMaximumSizeHigh=0, dwMaximumSizeLow=64, lpName=\"map\") = 0x"},
        {"SleepEx", "SleepEx(dwMilliseconds=1, bAlertable=TRUE) = 0 error="},
        {"a variadic function and an HRESULT", "pszFormat=\"%s %d %.2f %lld\", ...) = S_OK error="},
        {"a variadic function of wide text", "_snwprintf(buffer=0x"},
        {"  its format", "count=40, format=\"%d %.1f\", ...) = 5 error="},
        {"one with four arguments before the others",
         "sizeOfBuffer=40, count=39, format=\"%d %s %d\", ...) = 7 error="},
        {"an HRESULT from an error", "pszFormat=\"%s\", ...) = HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER) error="},
    };
    for (const auto &w : wanted) tell(has(r, w.text), Text("text: ") + w.what, r.all);
}

void json_form() {
    const Run r = run("decode", "", "json");
    const Text bad = not_of_form(r, is_json);
    tell(r.status == 0 && !r.lines.empty() && bad.empty(), "json: every line is JSON", bad);
    const struct {
        const char *what, *text;
    } wanted[] = {
        {"a handle",
         "\"result\":{\"handle\":\"0x4\",\"type\":\"event\",\"name\":\"plain\"},\"error\":0,"
         "\"error_name\":\"ERROR_SUCCESS\",\"seconds\":0."},
        {"escapes", "\"lpName\":\"q\\\"b/\\n\\u0001\""},
        {"BOOLs, null",
         "\"arguments\":{\"lpEventAttributes\":null,\"bManualReset\":true,\"bInitialState\":false,"
         "\"lpName\":\"plain\"}"},
        {"handles, named numbers",
         "\"lpHandles\":[{\"handle\":\"0x4\",\"type\":\"event\",\"name\":\"plain\"},{\"handle\":\"0xc\","
         "\"type\":\"mutex\",\"name\":\"m\u00e4\u20ac\U0001F600\"}],\"bWaitAll\":false,"
         "\"dwMilliseconds\":\"INFINITE\"},\"result\":\"WAIT_OBJECT_0+1\""},
        {"what was stored", "\"result\":true,\"stored\":{\"lpPreviousCount\":1},"},
        {"rights", "\"dwDesiredAccess\":\"EVENT_MODIFY_STATE|SYNCHRONIZE|0x40\""},
        {"an error", "\"error\":2,\"error_name\":\"ERROR_FILE_NOT_FOUND\""},
        {"a call that does not return",
         "\"function\":\"ExitThread\",\"arguments\":{\"dwExitCode\":7},\"event\":\"enter\"}"},
    };
    for (const auto &w : wanted) tell(has(r, w.text), Text("json: ") + w.what, r.all);
}

void filters() {
    Run r = run("decode", "CreateEvent,-CreateEventEx,+Wait*");
    tell(count(r, " CreateEventA(") == 2 && count(r, " WaitFor") == 3 && r.lines.size() == 5,
         "filter: functions by pattern, with and without the A", r.all);
    r = run("decode", "-*Event*,-Close*");
    tell(!has(r, " CreateEventA(") && !has(r, " CloseHandle(") && has(r, " ReleaseSemaphore("),
         "filter: functions left out, the others are there", r.all);
    r = run("decode", "@pl?in");
    bool all = !r.lines.empty();
    for (const Text &line : r.lines) all &= line.find("\"plain\"") != Text::npos;
    tell(all && has(r, " CreateEventA(") && has(r, " WaitForMultipleObjects(") && has(r, " DuplicateHandle("),
         "filter: calls that concern an object by name", r.all);
    r = run("decode", "-@plain");
    tell(!has(r, " DuplicateHandle(") && has(r, "lpName=\"nothing\"") && has(r, " SetLastError(") &&
             has(r, " WaitForMultipleObjects("),
         "filter: an object left out; other objects of the same call count", r.all);
    r = run("decode", "Wait*,@plain,-WaitForM*");
    tell(r.lines.size() == 1 && has(r, " WaitForSingleObject(hHandle=0x4"),
         "filter: functions and objects together", r.all);
}

void tests() {
    text_form();
    json_form();
    filters();
}

}  // namespace

int main(int argc, char **argv) {
    constexpr Subject subjects[] = {{"decode", decode}};
    return trace_main(argc, argv, subjects, tests);
}
