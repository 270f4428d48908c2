/* system_windows.c - system.h on Windows, and on Wine.
 *
 * Invariants  A case runs in a job that ends with it, so that nothing it started outlives it. No handle of the harness
 *             is inherited but the standard output, so that what the judged calls inherit is theirs alone.
 */
#include "conformance/harness/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

/* ---- clock ------------------------------------------------------------------------------------------------------- */
/* Not GetTickCount64, which may lag behind by more than its tick where the machine is busy. */
uint64_t now_ms(void) {
    LARGE_INTEGER now, per_second;
    QueryPerformanceCounter(&now);
    QueryPerformanceFrequency(&per_second);
    return (uint64_t)(now.QuadPart / per_second.QuadPart * 1000 + 
                      now.QuadPart % per_second.QuadPart * 1000 / per_second.QuadPart);
}

void pause_ms(unsigned ms) { Sleep(ms); }

unsigned processors(void) {
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return info.dwNumberOfProcessors;
}

/* ---- threads ----------------------------------------------------------------------------------------------------- */
struct SystemThread {
    HANDLE handle;
    void (*function)(void *);
    void *argument;
};

static DWORD WINAPI run_thread(void *argument) {
    SystemThread *thread = argument;
    thread->function(thread->argument);
    return 0;
}

SystemThread *thread_begin(void (*function)(void *), void *argument) {
    SystemThread *thread = calloc(1, sizeof *thread);
    if (thread == NULL) return NULL;
    thread->function = function;
    thread->argument = argument;
    thread->handle = CreateThread(NULL, 0, run_thread, thread, 0, NULL);
    if (thread->handle != NULL) return thread;
    free(thread);
    return NULL;
}

void thread_join(SystemThread *thread) {
    WaitForSingleObject(thread->handle, INFINITE);
    CloseHandle(thread->handle);
    free(thread);
}

uint64_t own_thread_id(void) { return GetCurrentThreadId(); }
uint64_t own_process_id(void) { return GetCurrentProcessId(); }

void until_asleep(uint64_t process, uint64_t thread) {
    (void)process;
    (void)thread;
    Sleep(150);
}

/* ---- channels ---------------------------------------------------------------------------------------------------- */
static const char *path_of(const char *name) {
    static _Thread_local char path[200];
    snprintf(path, sizeof path, "\\\\.\\pipe\\%s", name);
    return path;
}

Channel channel_listen(const char *name) {
    return (Channel)CreateNamedPipeA(path_of(name), PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_WAIT, 1, 65536, 65536, 0,
                                     NULL);
}

Channel channel_connect(const char *name) {
    return (Channel)CreateFileA(path_of(name), GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
}

Channel channel_accept(Channel listener, int limit_ms) {
    (void)limit_ms; /* the limit of the case ends a wait for a process that never comes */
    if (ConnectNamedPipe((HANDLE)listener, NULL) || GetLastError() == ERROR_PIPE_CONNECTED) return listener;
    CloseHandle((HANDLE)listener);
    return NO_CHANNEL;
}

enum Received channel_read(Channel channel, void *bytes, size_t count, int limit_ms) {
    const uint64_t end = now_ms() + (uint64_t)(limit_ms < 0 ? 0 : limit_ms);
    for (;;) {
        DWORD there = 0, got = 0;
        if (!PeekNamedPipe((HANDLE)channel, NULL, 0, NULL, &there, NULL)) return OTHER_END_GONE;
        if (there >= count) /* both ends write whole messages in one piece */
            return ReadFile((HANDLE)channel, bytes, (DWORD)count, &got, NULL) && got == count ? RECEIVED
                                                                                              : OTHER_END_GONE;
        if (limit_ms >= 0 && now_ms() >= end) return NOTHING_YET;
        Sleep(1);
    }
}

bool channel_write(Channel channel, const void *bytes, size_t count) {
    DWORD sent;
    return WriteFile((HANDLE)channel, bytes, (DWORD)count, &sent, NULL) && sent == count;
}

void channel_close(Channel channel) { CloseHandle((HANDLE)channel); }

/* ---- processes --------------------------------------------------------------------------------------------------- */
struct SystemProcess {
    HANDLE handle;
};

const char *own_program(void) {
    static char path[MAX_PATH * 2];
    if (path[0] == 0) GetModuleFileNameA(NULL, path, sizeof path);
    return path;
}

/* Starts it with nothing inherited but the output. */
static HANDLE spawn(const char *const *arguments, HANDLE output, HANDLE job) {
    static const size_t room = 8192;
    char *line = calloc(1, room);
    size_t length = (size_t)snprintf(line, room, "\"%s\"", own_program());
    for (; *arguments != NULL; ++arguments)
        length += (size_t)snprintf(line + length, room - length, " \"%s\"", *arguments);

    HANDLE inherited;
    DuplicateHandle(GetCurrentProcess(), output, GetCurrentProcess(), &inherited, 0, TRUE, DUPLICATE_SAME_ACCESS);
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    STARTUPINFOEXA startup = {.StartupInfo = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES}};
    startup.StartupInfo.hStdOutput = startup.StartupInfo.hStdError = inherited;
    startup.lpAttributeList = malloc(size);
    InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size);
    UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &inherited,
                              sizeof inherited, NULL, NULL);
    PROCESS_INFORMATION made = {NULL, NULL, 0, 0};
    const BOOL started = CreateProcessA(NULL, line, NULL, NULL, TRUE,
                                        EXTENDED_STARTUPINFO_PRESENT | (job != NULL ? CREATE_SUSPENDED : 0), NULL, NULL,
                                        &startup.StartupInfo, &made);
    DeleteProcThreadAttributeList(startup.lpAttributeList);
    free(startup.lpAttributeList);
    free(line);
    CloseHandle(inherited);
    if (!started) return NULL;
    if (job != NULL) {
        AssignProcessToJobObject(job, made.hProcess);
        ResumeThread(made.hThread);
    }
    CloseHandle(made.hThread);
    return made.hProcess;
}

SystemProcess *process_begin(const char *const *arguments) {
    SystemProcess *process = calloc(1, sizeof *process);
    if (process == NULL) return NULL;
    process->handle = spawn(arguments, GetStdHandle(STD_OUTPUT_HANDLE), NULL);
    if (process->handle != NULL) return process;
    free(process);
    return NULL;
}

bool process_ended(SystemProcess *process, int limit_ms) {
    return WaitForSingleObject(process->handle, limit_ms < 0 ? INFINITE : (DWORD)limit_ms) == WAIT_OBJECT_0;
}

void process_kill(SystemProcess *process) { TerminateProcess(process->handle, 9); }

int process_code(SystemProcess *process) {
    DWORD code = 0xFFFFFFFF;
    GetExitCodeProcess(process->handle, &code);
    return (int)code;
}

void process_forget(SystemProcess *process) {
    CloseHandle(process->handle);
    free(process);
}

struct Ending process_run(const char *const *arguments, int limit_ms, char *output, size_t size) {
    struct Ending ending = {false, false, 0};
    output[0] = 0;
    char folder[MAX_PATH], path[MAX_PATH];
    GetTempPathA(sizeof folder, folder);
    GetTempFileNameA(folder, "con", 0, path);
    const HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                    CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    const HANDLE job = CreateJobObjectA(NULL, NULL);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {
        .BasicLimitInformation = {.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE}};
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    const HANDLE process = spawn(arguments, file, job);
    if (process != NULL) {
        DWORD code = 0, got = 0;
        ending.in_time = WaitForSingleObject(process, (DWORD)limit_ms) == WAIT_OBJECT_0;
        if (!ending.in_time) TerminateJobObject(job, 9);
        GetExitCodeProcess(process, &code);
        ending.crashed = ending.in_time && code >= 0xC0000000u;
        ending.code = (int)code;
        CloseHandle(process);
        SetFilePointer(file, 0, NULL, FILE_BEGIN);
        ReadFile(file, output, (DWORD)size - 1, &got, NULL);
        output[got] = 0;
    }
    CloseHandle(job);
    CloseHandle(file);
    return ending;
}

void set_environment(const char *name, const char *value) { SetEnvironmentVariableA(name, value); }

void end_with_parent(void) {} /* the job sees to it */

/* ---- the judged library: the system's, unless one is named ------------------------------------------------------- */
static HMODULE library, base;

const char *library_open(const char *path) {
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    library = path != NULL ? LoadLibraryA(path) : GetModuleHandleA("kernel32.dll");
    if (path == NULL) base = LoadLibraryA("kernelbase.dll"); /* some calls are only there */
    return library != NULL ? NULL : "it cannot be loaded";
}

void *library_find(const char *function) {
    const DWORD last_error = GetLastError(); /* a case looks at it across the first call of a function */
    FARPROC found = GetProcAddress(library, function);
    if (found == NULL && base != NULL) found = GetProcAddress(base, function);
    SetLastError(last_error);
    return (void *)found;
}

void write_out(const char *text) {
    DWORD sent;
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, (DWORD)strlen(text), &sent, NULL);
}

void end_process(int code) {
    TerminateProcess(GetCurrentProcess(), (UINT)code);
    for (;;) Sleep(INFINITE);
}
