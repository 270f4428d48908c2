// test_trace.cpp - WINSHIM_TRACE: what the lines say, which calls have one, and that nobody else notices.
//
// The program runs itself again as a subject, with a trace into a file, and reads the lines. Lines `ok` and `FAIL`, as
// tests/run counts them.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <strsafe.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <windows.h>

#include <winshim.h>
#include <winshim_crt.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <set>
#include <string>
#include <vector>

namespace {

using Text = std::string;
using Lines = std::vector<Text>;

int failures = 0;
Text folder;

void tell(bool holds, const Text& what, const Text& seen = "") {
    printf("%s %s\n", holds ? "ok  " : "FAIL", what.c_str());
    if (!holds) {
        ++failures;
        printf("     seen: %s\n", seen.c_str());
    }
    fflush(stdout);
}

// ---- the subjects: each a run of this program ---------------------------------------------------------------------
DWORD WINAPI end_by_exit(LPVOID) { ExitThread(7); }
void* wait_without_end(void* event) { return WaitForSingleObject(event, INFINITE), nullptr; }
BOOL CALLBACK set_event(PINIT_ONCE, PVOID event, PVOID*) { return SetEvent(event); }

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
    CloseHandle(CreateEventExA(&inherit, nullptr, CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET, EVENT_ALL_ACCESS));
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
    HANDLE file = CreateFileA("/dev/null", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr);
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

// Results, last error, errno and what is stored must be what they are without a trace.
int untouched() {
    int bad = 0;
    SetLastError(0xCDCD);
    errno = 77;
    HANDLE none = CreateMutexA(nullptr, FALSE, nullptr);
    bad += GetLastError() != ERROR_SUCCESS;
    SetLastError(0xCDCD);
    bad += SetEvent(none) != FALSE || GetLastError() != ERROR_INVALID_HANDLE;
    SetLastError(0xCDCD);
    bad += WaitForSingleObject(none, 0) != WAIT_OBJECT_0 || GetLastError() != 0xCDCD;
    bad += ReleaseMutex(none) != TRUE || GetLastError() != 0xCDCD;
    bad += errno != 77;
    bad += GetTickCount64() < 1 || TlsAlloc() == TLS_OUT_OF_INDEXES;
    SRWLOCK lock = SRWLOCK_INIT;
    bad += TryAcquireSRWLockExclusive(&lock) != TRUE || TryAcquireSRWLockShared(&lock) != FALSE;
    PSID sid = nullptr;
    SID_IDENTIFIER_AUTHORITY authority = {{0, 0, 0, 0, 0, 5}};
    bad += AllocateAndInitializeSid(&authority, 8, 1, 2, 3, 4, 5, 6, 7, 8, &sid) != TRUE;  // eleven arguments
    bad += *GetSidSubAuthority(sid, 0) != 1 || *GetSidSubAuthority(sid, 7) != 8;
    FreeSid(sid);
    LARGE_INTEGER distance, at;
    distance.QuadPart = 0x123456789;
    HANDLE file = CreateFileA("position", GENERIC_READ | GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, 0, nullptr);
    bad += SetFilePointerEx(file, distance, &at, FILE_BEGIN) != TRUE || at.QuadPart != 0x123456789;
    CloseHandle(file);
    DeleteFileA("position");
    // A pointer that cannot be read is the callee's affair.
    bad += GetProcAddress(GetModuleHandleA("kernel32"), reinterpret_cast<LPCSTR>(std::uintptr_t{12})) != nullptr;
    return bad;
}

int blocked() {
    HANDLE event = CreateEventA(nullptr, FALSE, FALSE, "never");
    WaitForSingleObject(event, 300);
    Sleep(120);
    return 0;
}

// One line for each call of the program's, none for what the library calls of itself.
int internals() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    InitOnceExecuteOnce(&once, set_event, event, nullptr);
    PTP_WORK work = CreateThreadpoolWork([](PTP_CALLBACK_INSTANCE, PVOID e, PTP_WORK) { ResetEvent(e); }, event, nullptr);
    SubmitThreadpoolWork(work);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CloseThreadpoolWork(work);
    OpenEventA(SYNCHRONIZE, FALSE, "x");
    return 0;
}

// Found by name, by a table in the data, by dlopen's scope: all of them lead to the trace.
BOOL(WINAPI* const in_the_data)(HANDLE) = SetEvent;
int lookups() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "looked up");
    using Function = BOOL(WINAPI*)(HANDLE);
    in_the_data(event);
    void* const found = reinterpret_cast<void*>(GetProcAddress(GetModuleHandleA("kernel32.dll"), "ResetEvent"));
    reinterpret_cast<Function>(found)(event);
    reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, "PulseEvent"))(event);
    return 0;
}

int children() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "family");
    const pid_t child = fork();
    if (child == 0) {
        SetEvent(event);
        ResetEvent(event);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (chdir("/") != 0) return 1;  // a relative path of the trace still means the same file
    const pid_t other = fork();
    if (other == 0) {
        execl("/proc/self/exe", "test_trace", "subject", "grandchild", nullptr);
        _exit(9);
    }
    waitpid(other, &status, 0);
    PulseEvent(event);
    return WEXITSTATUS(status);
}
int grandchild() { return OpenEventA(SYNCHRONIZE, FALSE, "family") != nullptr ? 0 : 1; }

// Many threads, and forked children of theirs, into one file.
void* set_often(void* event) {
    for (int i = 0; i < 200; ++i) SetEvent(event);
    return nullptr;
}
int crowd() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "crowd");
    for (int i = 0; i < 3; ++i) {
        if (fork() != 0) continue;
        pthread_t threads[4];
        for (pthread_t& t : threads) pthread_create(&t, nullptr, set_often, event);
        for (pthread_t& t : threads) pthread_join(t, nullptr);
        _exit(0);
    }
    int status = 0, bad = 0;
    while (wait(&status) > 0) bad += status != 0;
    return bad;
}

// A program that closes all descriptors and opens others under their numbers.
int closes_all() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "closed");
    for (int fd = 3; fd < 1024; ++fd) close(fd);
    int last = -1;
    for (int i = 0; i < 1000; ++i) {
        const int fd = open("mine", O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
        if (fd < 0) break;
        last = fd;
    }
    SetEvent(event);
    struct stat st;
    return last >= 0 && fstat(last, &st) == 0 && st.st_size == 0 ? 0 : 1;
}

int cancelled() {
    pthread_t thread;
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, "cancelled");
    pthread_create(&thread, nullptr, wait_without_end, event);
    usleep(50'000);
    pthread_cancel(thread);
    void* result = nullptr;
    pthread_join(thread, &result);
    return result == PTHREAD_CANCELED && SetEvent(event) ? 0 : 1;
}

int in_handler = 0;
HANDLE for_handler;
int signals() {
    for_handler = CreateEventA(nullptr, FALSE, FALSE, nullptr);
    signal(SIGALRM, [](int) { in_handler += SetEvent(for_handler); });
    for (int i = 0; i < 20; ++i) {
        ualarm(5000, 0);
        if (WaitForSingleObject(for_handler, 10'000) != WAIT_OBJECT_0) return 1;
    }
    return in_handler == 20 ? 0 : 2;
}

// The limit also holds for the segment, so it comes when that is there.
int limited() {
    HANDLE event = CreateEventA(nullptr, TRUE, FALSE, nullptr);
    const rlimit small = {100, 100};
    if (setrlimit(RLIMIT_FSIZE, &small) != 0) return 1;
    for (int i = 0; i < 10; ++i)
        if (!SetEvent(event)) return 2;
    return 0;
}

int sixty_four() {
    HANDLE all[MAXIMUM_WAIT_OBJECTS];
    for (int i = 0; i < MAXIMUM_WAIT_OBJECTS; ++i) {
        Text name = "n" + std::to_string(i) + Text(200, 'x');
        all[i] = CreateEventA(nullptr, TRUE, i == 63, name.c_str());
    }
    return WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, all, FALSE, 0) == WAIT_OBJECT_0 + 63 ? 0 : 1;
}

// Whether libffi and the library of the trace are in this process, and whether the calls go where the linker led them.
int mapped(bool wanted) {
    FILE* maps = fopen("/proc/self/maps", "r");
    char line[600];
    bool ffi = false, trace = false;
    while (fgets(line, sizeof line, maps) != nullptr) {
        ffi |= strstr(line, "libffi") != nullptr;
        trace |= strstr(line, "libwinshim-trace") != nullptr;
    }
    fclose(maps);
    Dl_info info;
    const bool in_library = dladdr(dlsym(RTLD_DEFAULT, "SetEvent"), &info) != 0 && strstr(info.dli_fname, "libwinshim.so") != nullptr;
    return ffi == wanted && trace == wanted && in_library == !wanted ? 0 : 1;
}

// The code of the exports in memory is the code in the file, traced or not.
int same_code() {
    Dl_info info;
    if (dladdr(reinterpret_cast<void*>(dlsym(RTLD_DEFAULT, "WinshimVersion")), &info) == 0 && getenv("WINSHIM_TRACE") == nullptr) return 2;
    FILE* maps = fopen("/proc/self/maps", "r");
    char line[600], path[512] = "";
    unsigned long from = 0, to = 0, offset = 0;
    char rights[5];
    while (fgets(line, sizeof line, maps) != nullptr)
        if (strstr(line, "libwinshim.so") != nullptr && strstr(line, "r-xp") != nullptr &&
            sscanf(line, "%lx-%lx %4s %lx %*s %*s %511s", &from, &to, rights, &offset, path) == 5)
            break;
    fclose(maps);
    if (path[0] == '\0') return 3;
    FILE* file = fopen(path, "rb");
    std::vector<unsigned char> code(to - from);
    fseek(file, static_cast<long>(offset), SEEK_SET);
    const std::size_t got = fread(code.data(), 1, code.size(), file);
    fclose(file);
    return got > 50'000 && memcmp(reinterpret_cast<void*>(from), code.data(), got) == 0 ? 0 : 1;
}

struct Subject {
    const char* name;
    int (*run)();
};
constexpr Subject kSubjects[] = {
    {"decode", decode}, {"untouched", untouched}, {"blocked", blocked}, {"internals", internals}, {"lookups", lookups},
    {"children", children}, {"grandchild", grandchild}, {"crowd", crowd}, {"closes_all", closes_all}, {"cancelled", cancelled},
    {"signals", signals}, {"limited", limited}, {"sixty_four", sixty_four}, {"traced", [] { return mapped(true); }},
    {"untraced", [] { return mapped(false); }}, {"same_code", same_code}};

// ---- running them ---------------------------------------------------------------------------------------------------
struct Run {
    int status = -1;
    Lines lines;
    Text all;
};

Text read_file(const Text& path) {
    Text text;
    if (FILE* file = fopen(path.c_str(), "rb")) {
        char bytes[4096];
        std::size_t got;
        while ((got = fread(bytes, 1, sizeof bytes, file)) > 0) text.append(bytes, got);
        fclose(file);
    }
    return text;
}

Run run(const char* subject, const char* filter = "", const char* format = "", const char* target = "trace") {
    Run result;
    unlink((folder + "/trace").c_str());
    const pid_t child = fork();
    if (child == 0) {
        if (chdir(folder.c_str()) != 0) _exit(90);
        if (*target != '\0') setenv("WINSHIM_TRACE", target, 1);
        setenv("WINSHIM_TRACE_FILTER", filter, 1);
        setenv("WINSHIM_TRACE_FORMAT", format, 1);
        execl("/proc/self/exe", "test_trace", "subject", subject, nullptr);
        _exit(91);
    }
    int status = 0;
    waitpid(child, &status, 0);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.all = read_file(folder + "/trace");
    for (std::size_t at = 0; at < result.all.size();) {
        std::size_t end = result.all.find('\n', at);
        if (end == Text::npos) end = result.all.size();
        result.lines.push_back(result.all.substr(at, end - at));
        at = end + 1;
    }
    return result;
}

bool has(const Run& run, const Text& text) { return run.all.find(text) != Text::npos; }
unsigned count(const Run& run, const Text& text) {
    unsigned n = 0;
    for (const Text& line : run.lines) n += line.find(text) != Text::npos;
    return n;
}

// ---- JSON: whether a line is one value ------------------------------------------------------------------------------
struct Json {
    const char* at;
    bool literal(const char* word) {
        const std::size_t n = strlen(word);
        if (strncmp(at, word, n) != 0) return false;
        at += n;
        return true;
    }
    bool string() {
        if (*at++ != '"') return false;
        for (; *at != '"'; ++at) {
            if (static_cast<unsigned char>(*at) < 0x20) return false;
            if (*at != '\\') continue;
            ++at;
            if (*at == 'u') {
                for (int i = 0; i < 4; ++i)
                    if (!isxdigit(static_cast<unsigned char>(*++at))) return false;
            } else if (*at == '\0' || strchr("\"\\/bfnrt", *at) == nullptr) {
                return false;
            }
        }
        return ++at, true;
    }
    bool number() {
        char* end = nullptr;
        strtod(at, &end);
        if (end == at || (*at != '-' && !isdigit(static_cast<unsigned char>(*at)))) return false;
        return at = end, true;
    }
    bool list(char close, bool named) {
        ++at;
        if (*at == close) return ++at, true;
        for (;; ++at) {
            if (named && (!string() || *at++ != ':')) return false;
            if (!value()) return false;
            if (*at == close) return ++at, true;
            if (*at != ',') return false;
        }
    }
    bool value() {
        if (*at == '{') return list('}', true);
        if (*at == '[') return list(']', false);
        if (*at == '"') return string();
        return literal("true") || literal("false") || literal("null") || number();
    }
};
bool is_json(const Text& line) {
    Json json{line.c_str()};
    return line.size() > 2 && line[0] == '{' && json.value() && *json.at == '\0';
}

// TIME PID:TID NAME(...)... error=... <SECONDS>
bool is_text(const Text& line) {
    int year, month, day, hour, minute, used = 0;
    double second;
    unsigned pid, tid;
    char name[80];
    if (sscanf(line.c_str(), "%4d-%2d-%2dT%2d:%2d:%9lfZ %u:%u %79[A-Za-z_0-9](%n", &year, &month, &day, &hour, &minute,
               &second, &pid, &tid, name, &used) != 9 || used == 0)
        return false;
    if (line.size() > 5 && line.substr(line.size() - 5) == ") ...") return true;
    const std::size_t error = line.rfind(" error="), time = line.rfind(" <");
    return error != Text::npos && time != Text::npos && error < time && line.back() == '>';
}

double seconds_of(const Run& run, const Text& text) {
    for (const Text& line : run.lines)
        if (line.find(text) != Text::npos) return atof(line.substr(line.rfind('<') + 1).c_str());
    return -1;
}

// The pseudo handle of this process, in full.
#if UINTPTR_MAX > 0xFFFFFFFF
#define ALL_ONES "0xffffffffffffffff"
#else
#define ALL_ONES "0xffffffff"
#endif

// ---- the tests ------------------------------------------------------------------------------------------------------
void text_form() {
    const Run r = run("decode");
    tell(r.status == 0, "a traced program does what it does", std::to_string(r.status));
    bool all = !r.lines.empty();
    Text bad;
    for (const Text& line : r.lines)
        if (!is_text(line)) all = false, bad = line;
    tell(all, "every line has time, pid, tid, function, last error, duration", bad);
    const struct {
        const char *what, *text;
    } wanted[] = {
        {"a name in quotes, BOOLs, a handle with type and name",
         "CreateEventA(lpEventAttributes=NULL, bManualReset=TRUE, bInitialState=FALSE, lpName=\"plain\") = 0x4 event \"plain\" error=ERROR_SUCCESS <"},
        {"escapes in names", "lpName=\"q\\\"b/\\n\\x01\") = 0x8 event \"q\\\"b/\\n\\x01\""},
        {"wide names, and the name of the function as the SDK has it", "CreateMutexW(lpMutexAttributes=NULL, bInitialOwner=TRUE, lpName=\"m\u00e4\u20ac\U0001F600\") = 0xc mutex \"m\u00e4\u20ac\U0001F600\""},
        {"an object without a name; rights by name", "dwDesiredAccess=SEMAPHORE_ALL_ACCESS) = 0x10 semaphore error="},
        {"what a call has stored", "ReleaseSemaphore(hSemaphore=0x10 semaphore, lReleaseCount=2, lpPreviousCount=0x"},
        {"  its value", ") = TRUE {lpPreviousCount=1} error="},
        {"an array of handles, INFINITE, a result of a wait with its index", "lpHandles=[0x4 event \"plain\", 0xc mutex \"m\u00e4\u20ac\U0001F600\"], bWaitAll=FALSE, dwMilliseconds=INFINITE) = WAIT_OBJECT_0+1 error="},
        {"WAIT_TIMEOUT", "WaitForSingleObject(hHandle=0x4 event \"plain\", dwMilliseconds=0) = WAIT_TIMEOUT error="},
        {"rights bit by bit, an error by name", "OpenEventA(dwDesiredAccess=EVENT_MODIFY_STATE|SYNCHRONIZE|0x40, bInheritHandle=FALSE, lpName=\"nothing\") = NULL error=ERROR_FILE_NOT_FOUND <"},
        {"security attributes, flags", "CreateEventExA(lpEventAttributes={bInheritHandle=TRUE}, lpName=NULL, dwFlags=CREATE_EVENT_MANUAL_RESET|CREATE_EVENT_INITIAL_SET, dwDesiredAccess=EVENT_ALL_ACCESS) ="},
        {"pseudo handles, options, a handle that was stored", "hSourceProcessHandle=" ALL_ONES " this process, hSourceHandle=0x4 event \"plain\""},
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
        {"a file", "CreateFileA(lpFileName=\"/dev/null\", dwDesiredAccess=GENERIC_READ, dwShareMode=FILE_SHARE_READ|FILE_SHARE_WRITE, lpSecurityAttributes=NULL, dwCreationDisposition=OPEN_EXISTING, "},
        {"  its handle", "file \"/dev/null\""},
        {"a handle that is none of a file's", "hTemplateFile=NULL) = INVALID_HANDLE_VALUE error=ERROR_PATH_NOT_FOUND <"},
        {"a mapping, its protection", "CreateFileMappingA(hFile=INVALID_HANDLE_VALUE, lpFileMappingAttributes=NULL, flProtect=PAGE_READWRITE, dwMaximumSizeHigh=0, dwMaximumSizeLow=64, lpName=\"map\") = 0x"},
        {"SleepEx", "SleepEx(dwMilliseconds=1, bAlertable=TRUE) = 0 error="},
        {"a variadic function and an HRESULT", "pszFormat=\"%s %d %.2f %lld\", ...) = S_OK error="},
        {"a variadic function of wide text", "_snwprintf(buffer=0x"},
        {"  its format", "count=40, format=\"%d %.1f\", ...) = 5 error="},
        {"one with four arguments before the others", "sizeOfBuffer=40, count=39, format=\"%d %s %d\", ...) = 7 error="},
        {"an HRESULT from an error", "pszFormat=\"%s\", ...) = HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER) error="},
    };
    for (const auto& w : wanted) tell(has(r, w.text), Text("text: ") + w.what, r.all);
}

void json_form() {
    const Run r = run("decode", "", "json");
    bool all = r.status == 0 && !r.lines.empty();
    Text bad;
    for (const Text& line : r.lines)
        if (!is_json(line)) all = false, bad = line;
    tell(all, "json: every line is JSON", bad);
    const struct {
        const char *what, *text;
    } wanted[] = {
        {"a handle", "\"result\":{\"handle\":\"0x4\",\"type\":\"event\",\"name\":\"plain\"},\"error\":0,\"error_name\":\"ERROR_SUCCESS\",\"seconds\":0."},
        {"escapes", "\"lpName\":\"q\\\"b/\\n\\u0001\""},
        {"BOOLs, null", "\"arguments\":{\"lpEventAttributes\":null,\"bManualReset\":true,\"bInitialState\":false,\"lpName\":\"plain\"}"},
        {"handles, named numbers", "\"lpHandles\":[{\"handle\":\"0x4\",\"type\":\"event\",\"name\":\"plain\"},{\"handle\":\"0xc\",\"type\":\"mutex\",\"name\":\"m\u00e4\u20ac\U0001F600\"}],\"bWaitAll\":false,\"dwMilliseconds\":\"INFINITE\"},\"result\":\"WAIT_OBJECT_0+1\""},
        {"what was stored", "\"result\":true,\"stored\":{\"lpPreviousCount\":1},"},
        {"rights", "\"dwDesiredAccess\":\"EVENT_MODIFY_STATE|SYNCHRONIZE|0x40\""},
        {"an error", "\"error\":2,\"error_name\":\"ERROR_FILE_NOT_FOUND\""},
        {"a call that does not return", "\"function\":\"ExitThread\",\"arguments\":{\"dwExitCode\":7},\"event\":\"enter\"}"},
    };
    for (const auto& w : wanted) tell(has(r, w.text), Text("json: ") + w.what, r.all);
}

void filters() {
    Run r = run("decode", "CreateEvent,-CreateEventEx,+Wait*");
    tell(count(r, " CreateEventA(") == 2 && count(r, " WaitFor") == 3 && r.lines.size() == 5,
         "filter: functions by pattern, with and without the A", r.all);
    r = run("decode", "-*Event*,-Close*");
    tell(!has(r, " CreateEventA(") && !has(r, " CloseHandle(") && has(r, " ReleaseSemaphore("), "filter: functions left out, the others are there", r.all);
    r = run("decode", "@pl?in");
    bool all = !r.lines.empty();
    for (const Text& line : r.lines) all &= line.find("\"plain\"") != Text::npos;
    tell(all && has(r, " CreateEventA(") && has(r, " WaitForMultipleObjects(") && has(r, " DuplicateHandle("),
         "filter: calls that concern an object by name", r.all);
    r = run("decode", "-@plain");
    tell(!has(r, " DuplicateHandle(") && has(r, "lpName=\"nothing\"") && has(r, " SetLastError(") && has(r, " WaitForMultipleObjects("),
         "filter: an object left out; other objects of the same call count", r.all);
    r = run("decode", "Wait*,@plain,-WaitForM*");
    tell(r.lines.size() == 1 && has(r, " WaitForSingleObject(hHandle=0x4"), "filter: functions and objects together", r.all);
}

void behaviour() {
    Run r = run("untouched");
    tell(r.status == 0 && r.lines.size() > 20, "results, last error, errno, eleven arguments are as without a trace", std::to_string(r.status));
    r = run("untouched", "", "json");
    tell(r.status == 0, "  with JSON, too", std::to_string(r.status));
    r = run("blocked");
    tell(seconds_of(r, "WaitForSingleObject(") >= 0.299 && seconds_of(r, "WaitForSingleObject(") < 100 &&
             seconds_of(r, " Sleep(") >= 0.119,
         "durations of calls that block", r.all);
    r = run("blocked", "", "enter");
    tell(count(r, "WaitForSingleObject(") == 2 && r.lines.size() == 6 && r.lines[2].substr(r.lines[2].size() - 4) == " ...",
         "enter: a line at the beginning of each call, too", r.all);
    r = run("internals");
    tell(r.lines.size() == 9 && count(r, " SetEvent(") == 1 && count(r, " ResetEvent(") == 1,
         "what callbacks call is traced, what the library calls of itself is not", r.all);
    r = run("lookups");
    tell(count(r, " SetEvent(") == 1 && count(r, " ResetEvent(") == 1 && count(r, " PulseEvent(") == 1,
         "functions in tables, from GetProcAddress and dlsym are traced", r.all);
    r = run("cancelled");
    tell(r.status == 0 && has(r, "SetEvent("), "a thread may be cancelled in a traced call", std::to_string(r.status));
    r = run("signals");
    tell(r.status == 0 && count(r, " SetEvent(") == 20, "calls in signal handlers", std::to_string(r.status));
    for (const char* format : {"", "json"}) {
        r = run("sixty_four", "WaitForMultipleObjects", format);
        tell(r.status == 0 && r.lines.size() == 1 && r.all.size() <= 4096 && has(r, "...") &&
                 (*format == '\0' ? is_text(r.lines[0]) : is_json(r.lines[0])),
             "a line that would be too long leaves out handles, and stays whole", r.all);
    }
}

void several_processes() {
    Run r = run("children");
    std::set<Text> pids;
    for (const Text& line : r.lines) {
        const std::size_t at = line.find("Z ") + 2;
        pids.insert(line.substr(at, line.find(':', at) - at));
    }
    tell(r.status == 0 && pids.size() == 3, "fork's child, and a program it executes elsewhere, write into the same file", r.all);
    tell(has(r, " SetEvent(hEvent=0x4 event \"family\")") && has(r, " OpenEventA(") && has(r, " PulseEvent("), "  all of their calls", r.all);
    r = run("crowd", "", "json");
    bool whole = r.status == 0 && r.lines.size() == 1 + 3 * 4 * 200;
    for (const Text& line : r.lines) whole &= is_json(line);
    tell(whole, "2,400 calls of twelve threads in three processes: no line is torn, none is missing", std::to_string(r.lines.size()));
    r = run("closes_all");
    tell(r.status == 0 && count(r, " SetEvent(") == 1, "a program that closes all descriptors: no line goes into its files",
         std::to_string(r.status) + "\n" + r.all);
}

int run_with_output(const char* subject, const char* target, int output) {
    const pid_t child = fork();
    if (child == 0) {
        setenv("WINSHIM_TRACE", target, 1);
        setenv("WINSHIM_TRACE_FILTER", "", 1);
        setenv("WINSHIM_TRACE_FORMAT", "", 1);
        if (output >= 0) dup2(output, STDERR_FILENO);
        if (chdir(folder.c_str()) != 0) _exit(90);
        execl("/proc/self/exe", "test_trace", "subject", subject, nullptr);
        _exit(91);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void where_it_goes() {
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0) return;
    close(pipe_ends[0]);
    tell(run_with_output("signals", "stderr", pipe_ends[1]) == 0, "a broken pipe harms no call");
    close(pipe_ends[1]);
    tell(run_with_output("signals", "/dev/full", -1) == 0, "a full disk harms no call");
    const Run r = run("limited");
    tell(r.status == 0 && count(r, "SetEvent") < 10, "a limit on the size of files harms no call", std::to_string(r.status));
    const int file = open((folder + "/stderr").c_str(), O_CREAT | O_RDWR | O_APPEND | O_TRUNC, 0600);
    tell(run_with_output("blocked", "-", file) == 0 && read_file(folder + "/stderr").find(" Sleep(") != Text::npos,
         "- is standard error", read_file(folder + "/stderr"));
    if (ftruncate(file, 0) != 0) return;
    const int status = run_with_output("blocked", "/nowhere/trace", file);
    tell(status == 0 && read_file(folder + "/stderr").find("there will be no trace") != Text::npos,
         "a file that cannot be made is said, and the program runs", read_file(folder + "/stderr"));
    close(file);
}

void costs_nothing() {
    tell(run("untraced", "", "", "").status == 0, "without WINSHIM_TRACE neither libffi nor the trace is in the process");
    tell(run("traced").status == 0, "with it they are");
    tell(run("same_code", "", "", "").status == 0, "the code in memory is that of the file");
    tell(run("same_code").status == 0, "  while the trace is on, too");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3 && strcmp(argv[1], "subject") == 0) {
        for (const Subject& subject : kSubjects)
            if (strcmp(subject.name, argv[2]) == 0) return subject.run();
        return 92;
    }
    char made[] = "/tmp/winshim-trace-XXXXXX";
    if (mkdtemp(made) == nullptr) return 1;
    folder = made;
    unsetenv("WINSHIM_TRACE");
    text_form();
    json_form();
    filters();
    behaviour();
    several_processes();
    where_it_goes();
    costs_nothing();
    if (system(("rm -rf '" + folder + "'").c_str()) != 0) return 1;
    return failures == 0 ? 0 : 1;
}
