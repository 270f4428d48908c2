// test_process.cpp - processes made by CreateProcess and opened by id: their objects, exit codes, ends.
//
// Source      statements Process-01 to Process-17; LD-26. What a child gets with it: test_process_start.cpp.
#include <dirent.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/support/segment_file.h"

#include "tests/support/child.h"

static int child_main(int count, char **word) {
    const auto is = [&](const char *what) { return strcmp(word[0], what) == 0; };
    const DWORD number = count > 1 ? static_cast<DWORD>(strtoull(word[1], nullptr, 0)) : 0;
    if (is("returns")) return static_cast<int>(number);                       // nothing of the library was used
    if (is("attaches")) return CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr)), static_cast<int>(number);
    if (is("exits")) ExitProcess(number);
    if (is("exit")) exit(static_cast<int>(number));
    if (is("_exit")) CloseHandle(nullptr), _exit(static_cast<int>(number));
    if (is("terminates")) TerminateProcess(GetCurrentProcess(), number);
    if (is("raises")) CloseHandle(nullptr), raise(static_cast<int>(number));
    if (is("raises-unattached")) raise(static_cast<int>(number));
    if (is("nice")) return getpriority(PRIO_PROCESS, 0) + 100;
    if (is("sleeps")) pause();
    if (is("waits")) {  // attached
        CloseHandle(nullptr);
        pause();
    }
    if (is("exits-in-thread")) {
        const auto ends = [](void *code) -> DWORD { ExitProcess(static_cast<DWORD>(as_number(code))); };
        CreateThread(nullptr, 0, ends, handle_of(number), 0, nullptr);
        pause();
    }
    if (is("main-ends-first")) {
        const auto goes_on = [](void *code) -> DWORD { Sleep(50), ExitProcess(static_cast<DWORD>(as_number(code))); };
        CreateThread(nullptr, 0, goes_on, handle_of(number), 0, nullptr);
        ExitThread(1);
    }
    if (is("execs")) {  // in place, a program that knows nothing of this library
        CloseHandle(CreateEventA(nullptr, FALSE, FALSE, nullptr));
        execl("/bin/sh", "sh", "-c", "sleep 0.3; exit 23", nullptr);
    }
    if (is("owns")) {  // a mutex, and tells it
        const HANDLE mutex = OpenMutexA(MUTEX_ALL_ACCESS, FALSE, word[1]);
        const HANDLE told = OpenEventA(EVENT_ALL_ACCESS, FALSE, word[2]);
        if (WaitForSingleObject(mutex, 0) != WAIT_OBJECT_0 || !SetEvent(told)) return 1;
        pause();
    }
    if (is("parents")) {  // makes a child, says its id, and stays
        const PROCESS_INFORMATION child = child_of(word[1]);
        printf("%u\n", child.dwProcessId);
        fflush(stdout);
        pause();
    }
    if (is("parents-suspended")) {
        child_of("sleeps", CREATE_SUSPENDED);
        const PROCESS_INFORMATION child = child_of("sleeps", CREATE_SUSPENDED);
        printf("%u\n", child.dwProcessId);
        fflush(stdout);
        pause();
    }
    if (is("fills-buffer")) {  // written by the C library at the very end
        CloseHandle(nullptr);
        printf("the last words");
        return 3;
    }
    return 99;
}

TEST(all, Process_01_it_has_two_handles_and_an_id) {
    const PROCESS_INFORMATION child = child_of("sleeps");
    assert_int_not_equal(child.dwProcessId, GetCurrentProcessId());
    assert_int_equal(kill(static_cast<pid_t>(child.dwProcessId), 0), 0);
    assert_int_equal(child.dwThreadId, child.dwProcessId);
    assert_int_equal(GetProcessId(child.hProcess), child.dwProcessId);
    assert_int_equal(GetThreadId(child.hThread), child.dwThreadId);
    assert_int_equal(GetProcessIdOfThread(child.hThread), child.dwProcessId);
    for (const HANDLE h : {child.hProcess, child.hThread}) EXPECT(WaitForSingleObject(h, 0), WAIT_TIMEOUT, SAME);
    EXPECT(TerminateProcess(child.hProcess, 1), TRUE, SAME);
    assert_int_equal(ends_with(child), 1);
    drop(child);
}

TEST(all, Process_03_both_handles_are_signaled_at_the_end_every_time) {
    const PROCESS_INFORMATION child = child_of("returns 0");
    for (int i = 0; i < 3; ++i) {
        EXPECT(WaitForSingleObject(child.hProcess, kSoon), WAIT_OBJECT_0, SAME);
        EXPECT(WaitForSingleObject(child.hThread, kSoon), WAIT_OBJECT_0, SAME);
    }
    drop(child);
}

struct Code {
    const char *child;
    DWORD code;
};

TEST(all, Process_04_exit_codes_of_programs_with_the_library_have_32_bits) {
    const Code codes[] = {{"returns 0", 0}, {"returns 7", 7}, {"returns 255", 255}, {"returns 256", 256},
                          {"returns 0x12345678", 0x12345678}, {"returns 0xFFFFFFFF", 0xFFFFFFFF},
                          {"attaches 70000", 70000}, {"exits 0xC000013A", 0xC000013A}, {"exits 258", 258},
                          {"exit 0x101", 0x101}, {"terminates 0xABCDEF01", 0xABCDEF01}, {"terminates 0", 0},
                          {"exits-in-thread 0x7654321", 0x7654321}, {"main-ends-first 0x7654321", 0x7654321},
                          {"attaches 259", 259}};
    for (const Code &c : codes) {
        const DWORD got = code_of(c.child);
        if (got != c.code) print_error("%s gave %#x\n", c.child, got);
        assert_int_equal(got, c.code);
    }
}

TEST(all, Process_04_exit_codes_of_others_have_8_bits) {
    assert_int_equal(code_of("_exit 0x1234"), 0x34);
    char line[] = "/bin/sh -c \"exit 200\"";
    STARTUPINFOA start = plain_start();
    PROCESS_INFORMATION child;
    const BOOL made = CreateProcessA(nullptr, line, nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start, &child);
    REQUIRE(made, "sh can be run");
    assert_int_equal(ends_with(child), 200);
    EXPECT(WaitForSingleObject(child.hThread, kSoon), WAIT_OBJECT_0, SAME);
    DWORD code = 0;
    EXPECT(GetExitCodeThread(child.hThread, &code), TRUE, SAME);
    assert_int_equal(code, 200);
    drop(child);
}

TEST(all, Process_04_a_running_process_is_still_active) {
    const PROCESS_INFORMATION child = child_of("waits");
    for (int i = 0; i < 20; ++i) {
        assert_int_equal(exit_code(child.hProcess), STILL_ACTIVE);
        usleep(1000);
    }
    assert_int_equal(exit_code(GetCurrentProcess()), STILL_ACTIVE);
    EXPECT(TerminateProcess(child.hProcess, 5), TRUE, SAME);
    assert_int_equal(ends_with(child), 5);
    DWORD code = 0;
    EXPECT(WaitForSingleObject(child.hThread, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(GetExitCodeThread(child.hThread, &code), TRUE, SAME);
    assert_int_equal(code, 5);
    drop(child);
}

TEST(all, Process_04_what_is_in_its_buffers_is_written_before_it_is_seen_to_end) {
    for (int i = 0; i < 20; ++i) {
        char path[] = "/tmp/winshim-test-XXXXXX";
        const int fd = mkstemp(path);
        STARTUPINFOA start = plain_start();
        start.dwFlags = STARTF_USESTDHANDLES;
        const HANDLE file = CreateFileA(path, GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
        start.hStdOutput = start.hStdError = file;
        const PROCESS_INFORMATION child = child_of("fills-buffer", 0, FALSE, &start);
        assert_int_equal(ends_with(child), 3);
        char text[40] = {};
        assert_int_equal(read(fd, text, sizeof text - 1), strlen("the last words"));
        close(fd);
        unlink(path);
        CloseHandle(file);
        drop(child);
    }
}

TEST(ce | nt, Process_05_08_a_handle_must_be_one_and_have_the_right) {
    const HANDLE event = auto_event(false);
    DWORD code = kPoison;
    for (const HANDLE bad : {static_cast<HANDLE>(nullptr), event, handle_of(0xFFF0)}) {
        EXPECT(GetExitCodeProcess(bad, &code), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(TerminateProcess(bad, 1), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(GetProcessId(bad), 0, ERROR_INVALID_HANDLE);
        EXPECT(GetPriorityClass(bad), 0, ERROR_INVALID_HANDLE);
        EXPECT(WaitForInputIdle(bad, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    }
    const PROCESS_INFORMATION child = child_of("waits");
    const HANDLE limited = with_access(child.hProcess, SYNCHRONIZE);
    EXPECT(WaitForSingleObject(limited, 0), WAIT_TIMEOUT, SAME);
    EXPECT(GetExitCodeProcess(limited, &code), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(TerminateProcess(limited, 1), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(GetProcessId(limited), 0, ERROR_ACCESS_DENIED);
    EXPECT(SetPriorityClass(limited, NORMAL_PRIORITY_CLASS), FALSE, ERROR_ACCESS_DENIED);
    assert_int_equal(code, kPoison);
    const HANDLE query = with_access(child.hProcess, PROCESS_QUERY_LIMITED_INFORMATION);
    EXPECT(GetExitCodeProcess(query, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    assert_int_equal(exit_code(query), STILL_ACTIVE);
    EXPECT(WaitForSingleObject(query, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
    EXPECT(TerminateProcess(child.hProcess, 0), TRUE, SAME);
    assert_int_equal(ends_with(child), 0);
    drop(child);
}

TEST(all, Process_06_07_a_terminated_process_has_that_code_for_good) {
    const PROCESS_INFORMATION child = child_of("waits");
    EXPECT(TerminateProcess(child.hProcess, 0x89ABCDEF), TRUE, SAME);
    assert_int_equal(ends_with(child), 0x89ABCDEF);
    EXPECT(TerminateProcess(child.hProcess, 4), FALSE, ERROR_ACCESS_DENIED);
    assert_int_equal(exit_code(child.hProcess), 0x89ABCDEF);
    EXPECT(WaitForSingleObject(child.hThread, kSoon), WAIT_OBJECT_0, SAME);
    drop(child);
}

TEST(all, Process_06_its_mutex_is_abandoned) {
    const HANDLE mutex = free_mutex(NAME), told = auto_event(false, "Process_06 told");
    char rest[200];
    snprintf(rest, sizeof rest, "owns \"%s\" \"Process_06 told\"", NAME);
    const PROCESS_INFORMATION child = child_of(rest);
    EXPECT(WaitForSingleObject(told, kSoon), WAIT_OBJECT_0, SAME);
    EXPECT(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    EXPECT(TerminateProcess(child.hProcess, 1), TRUE, SAME);
    EXPECT(WaitForSingleObject(mutex, kSoon), WAIT_ABANDONED, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    assert_int_equal(ends_with(child), 1);
    drop(child);
}

TEST(all, Process_09_12_a_process_is_opened_by_its_id) {
    const PROCESS_INFORMATION child = child_of("waits");
    const HANDLE opened = MADE(OpenProcess(SYNCHRONIZE | PROCESS_QUERY_INFORMATION, FALSE, child.dwProcessId), SAME);
    EXPECT(CompareObjectHandles(opened, child.hProcess), TRUE, SAME);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_TIMEOUT, SAME);
    if (current_profile() != ce5) EXPECT(TerminateProcess(opened, 1), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(TerminateProcess(child.hProcess, 6), TRUE, SAME);
    EXPECT(WaitForSingleObject(opened, kSoon), WAIT_OBJECT_0, SAME);
    assert_int_equal(exit_code(opened), 6);
    const HANDLE self = MADE(OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId()), SAME);
    EXPECT(CompareObjectHandles(self, GetCurrentProcess()), TRUE, SAME);
    assert_int_equal(GetProcessId(self), GetCurrentProcessId());
    assert_int_equal(GetProcessId(GetCurrentProcess()), GetCurrentProcessId());
    drop(child);
}

static DWORD WINAPI waits_for(void *event) { return WaitForSingleObject(event, INFINITE); }

TEST(all, Process_10_ids_of_no_process_are_refused) {
    const HANDLE event = auto_event(false);
    DWORD thread_id = 0;
    const HANDLE thread = MADE(CreateThread(nullptr, 0, waits_for, event, 0, &thread_id), SAME);
    const pid_t ended = fork();
    if (ended == 0) _exit(0);
    waitpid(ended, nullptr, 0);
    for (const DWORD id : {0u, thread_id, static_cast<DWORD>(ended), 0x7FFFFFFFu, 0xFFFFFFFFu})
        EXPECT(OpenProcess(PROCESS_ALL_ACCESS, FALSE, id), nullptr, ERROR_INVALID_PARAMETER);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(WaitForSingleObject(thread, kSoon), WAIT_OBJECT_0, SAME);
}

TEST(all, Process_11_an_ended_process_is_opened_while_somebody_has_a_handle) {
    const PROCESS_INFORMATION child = child_of("exits 0x10000");
    assert_int_equal(ends_with(child), 0x10000);
    const HANDLE opened = MADE(OpenProcess(PROCESS_ALL_ACCESS, FALSE, child.dwProcessId), SAME);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(exit_code(opened), 0x10000);
    EXPECT(CloseHandle(opened), TRUE, SAME);
    drop(child);
    EXPECT(OpenProcess(PROCESS_ALL_ACCESS, FALSE, child.dwProcessId), nullptr, ERROR_INVALID_PARAMETER);
}

TEST(all, Process_16_a_process_killed_by_a_signal_has_128_and_its_number) {
    assert_int_equal(code_of("raises 15"), 128 + 15);
    assert_int_equal(code_of("raises-unattached 15"), 128 + 15);
    const PROCESS_INFORMATION child = child_of("waits");
    assert_int_equal(kill(static_cast<pid_t>(child.dwProcessId), SIGKILL), 0);
    assert_int_equal(ends_with(child), 128 + 9);
    EXPECT(WaitForSingleObject(child.hThread, kSoon), WAIT_OBJECT_0, SAME);
    DWORD code = 0;
    EXPECT(GetExitCodeThread(child.hThread, &code), TRUE, SAME);
    assert_int_equal(code, 128 + 9);
    drop(child);
}

// Not by fork: that would run the library's handlers.
static pid_t plain_child() {
    char shell[] = "/bin/sh", option[] = "-c", command[] = "exec sleep 1000";
    char *const words[] = {shell, option, command, nullptr};
    pid_t pid = -1;
    REQUIRE(posix_spawn(&pid, shell, nullptr, nullptr, words, environ) == 0, "sh can be run");
    return pid;
}

TEST(all, Process_17_a_process_that_was_made_elsewhere_is_opened_and_waited_for) {
    const pid_t pid = plain_child();
    const HANDLE opened = MADE(OpenProcess(PROCESS_ALL_ACCESS, FALSE, static_cast<DWORD>(pid)), SAME);
    assert_int_equal(exit_code(opened), STILL_ACTIVE);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_TIMEOUT, SAME);
    EXPECT(TerminateProcess(opened, 0xBEEF), TRUE, SAME);
    EXPECT(WaitForSingleObject(opened, kSoon), WAIT_OBJECT_0, SAME);  // nobody has reaped it
    assert_int_equal(exit_code(opened), 0xBEEF);
    assert_int_equal(waitpid(pid, nullptr, 0), pid);
}

TEST(all, Process_17_its_code_is_unknown_once_it_was_reaped) {
    const pid_t pid = plain_child();
    const HANDLE opened = MADE(OpenProcess(PROCESS_ALL_ACCESS, FALSE, static_cast<DWORD>(pid)), SAME);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, nullptr, 0), pid);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_OBJECT_0, SAME);  // a poll sees it, too
    assert_int_equal(exit_code(opened), 0xFFFFFFFF);
}

TEST(ce | nt, Process_17_its_end_is_seen_by_a_wait_for_a_pipe_as_well) {
    const Pipe pipe = make_pipe();
    for (const DWORD patience : {0u, kSoon}) {
        const pid_t pid = plain_child();
        const HANDLE opened = MADE(OpenProcess(PROCESS_ALL_ACCESS, FALSE, static_cast<DWORD>(pid)), SAME);
        const HANDLE handles[2] = {pipe.from, opened};
        EXPECT(WaitForMultipleObjects(2, handles, FALSE, 50), WAIT_TIMEOUT, SAME);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, nullptr, 0), pid);
        EXPECT(WaitForMultipleObjects(2, handles, FALSE, patience), WAIT_OBJECT_0 + 1, SAME);
        EXPECT(CloseHandle(opened), TRUE, SAME);
    }
}

TEST(all, Process_02_programs_that_cannot_be_run) {
    char path[] = "/tmp/winshim-test-XXXXXX";
    const int fd = mkstemp(path);
    assert_int_equal(write(fd, "no program\n", 11), 11);
    close(fd);
    char long_name[PATH_MAX + 100] = "/";
    memset(long_name + 1, 'a', PATH_MAX);
    static char long_line[40'000];
    snprintf(long_line, sizeof long_line, "\"%s\"", own_path());
    memset(long_line + strlen(long_line), 'a', 35'000);
    const struct {
        const char *application, *line, *directory;
        DWORD flags, error;
    } cases[] = {
        {"/no/such/program", nullptr, nullptr, 0, ERROR_PATH_NOT_FOUND},
        {"/tmp/no-such-program.exe", nullptr, nullptr, 0, ERROR_FILE_NOT_FOUND},
        {"no-such-program.exe", nullptr, nullptr, 0, ERROR_FILE_NOT_FOUND},
        {nullptr, "no-such-program.exe with words", nullptr, 0, ERROR_FILE_NOT_FOUND},
        {nullptr, "\"no such program\" with words", nullptr, 0, ERROR_FILE_NOT_FOUND},
        {nullptr, "/no/such/program x", nullptr, 0, ERROR_PATH_NOT_FOUND},
        {"C:\\Windows\\notepad.exe", nullptr, nullptr, 0, ERROR_PATH_NOT_FOUND},
        {nullptr, "", nullptr, 0, ERROR_FILE_NOT_FOUND},
        {"", "x", nullptr, 0, ERROR_PATH_NOT_FOUND},
        {nullptr, nullptr, nullptr, 0, ERROR_INVALID_PARAMETER},
        {"/tmp", nullptr, nullptr, 0, ERROR_ACCESS_DENIED},
        {path, nullptr, nullptr, 0, ERROR_ACCESS_DENIED},
        {long_name, nullptr, nullptr, 0, ERROR_FILENAME_EXCED_RANGE},
        {nullptr, long_line, nullptr, 0, ERROR_FILENAME_EXCED_RANGE},
        {own_path(), nullptr, "/no/such/directory", 0, ERROR_DIRECTORY},
        {own_path(), nullptr, own_path(), 0, ERROR_DIRECTORY},
        {own_path(), nullptr, nullptr, 0x2000000, ERROR_INVALID_PARAMETER},
        {own_path(), nullptr, nullptr, CREATE_NEW_CONSOLE | DETACHED_PROCESS, ERROR_INVALID_PARAMETER},
        {own_path(), nullptr, nullptr, HIGH_PRIORITY_CLASS | IDLE_PRIORITY_CLASS, ERROR_INVALID_PARAMETER},
    };
    for (const auto &c : cases) {
        static char line[40'000];
        if (c.line != nullptr) strcpy(line, c.line);
        STARTUPINFOA start = plain_start();
        PROCESS_INFORMATION made;
        for (const DWORD more : {0u, static_cast<DWORD>(CREATE_SUSPENDED)}) {
            SetLastError(kPoison);
            char *const given = c.line != nullptr ? line : nullptr;
            const BOOL result = CreateProcessA(c.application, given, nullptr, nullptr, FALSE, c.flags | more, nullptr,
                                               c.directory, &start, &made);
            if (result || GetLastError() != c.error)
                print_error("%.40s, %.40s: %d, last error %u\n", c.application != nullptr ? c.application : "none",
                            c.line != nullptr ? c.line : "none", result, GetLastError());
            assert_false(result);
            assert_int_equal(GetLastError(), c.error);
        }
    }
    chmod(path, 0755);
    STARTUPINFOA start = plain_start();
    PROCESS_INFORMATION made;
    for (const DWORD flags : {0u, static_cast<DWORD>(CREATE_SUSPENDED)})
        EXPECT(CreateProcessA(path, nullptr, nullptr, nullptr, FALSE, flags, nullptr, nullptr, &start, &made), FALSE,
               ERROR_BAD_EXE_FORMAT);
    unlink(path);
    EXPECT(CreateProcessA(own_path(), nullptr, nullptr, nullptr, FALSE, 0, nullptr, nullptr, nullptr, &made), FALSE,
           ERROR_INVALID_PARAMETER);
    EXPECT(CreateProcessA(own_path(), nullptr, nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start, nullptr), FALSE,
           ERROR_INVALID_PARAMETER);
    if (current_profile() == ce5)
        EXPECT(CreateProcessA(own_path(), nullptr, nullptr, nullptr, TRUE, 0, nullptr, nullptr, &start, &made), FALSE,
               ERROR_INVALID_PARAMETER);
    assert_int_equal(waitpid(-1, nullptr, WNOHANG), -1);  // no child is left of all that
}

TEST(all, a_suspended_child_begins_after_as_many_resumes) {
    const PROCESS_INFORMATION child = child_of("exits 77", CREATE_SUSPENDED);
    EXPECT(WaitForSingleObject(child.hProcess, 50), WAIT_TIMEOUT, SAME);
    EXPECT(SuspendThread(child.hThread), 1, SAME);
    EXPECT(ResumeThread(child.hThread), 2, SAME);
    EXPECT(WaitForSingleObject(child.hProcess, 50), WAIT_TIMEOUT, SAME);
    assert_int_equal(exit_code(child.hProcess), STILL_ACTIVE);
    EXPECT(ResumeThread(child.hThread), 1, SAME);
    assert_int_equal(ends_with(child), 77);
    drop(child);
}

TEST(all, a_suspended_child_can_be_terminated) {
    const PROCESS_INFORMATION child = child_of("exits 77", CREATE_SUSPENDED);
    EXPECT(TerminateProcess(child.hProcess, 3), TRUE, SAME);
    assert_int_equal(ends_with(child), 3);
    EXPECT(WaitForSingleObject(child.hThread, kSoon), WAIT_OBJECT_0, SAME);
    drop(child);
}

// Reads the id that a child of a child has been announced with.
static pid_t announced(HANDLE from) {
    char text[40] = {};
    DWORD got = 0;
    EXPECT(ReadFile(from, text, sizeof text - 1, &got, nullptr), TRUE, SAME);
    return atoi(text);
}

struct Family {
    PROCESS_INFORMATION parent;
    pid_t child;
};
static Family family_of(const char *what) {
    const Pipe pipe = make_pipe();
    STARTUPINFOA start = plain_start();
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdOutput = pipe.to;
    Family family = {child_of(what, 0, FALSE, &start), 0};
    family.child = announced(pipe.from);
    CloseHandle(pipe.from);
    CloseHandle(pipe.to);
    REQUIRE(family.child > 0, "a child of the child is announced");
    return family;
}

TEST(all, a_suspended_child_ends_with_its_creator) {
    const Family family = family_of("parents-suspended");
    const HANDLE child = MADE(OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(family.child)), SAME);
    EXPECT(WaitForSingleObject(child, 0), WAIT_TIMEOUT, SAME);
    EXPECT(TerminateProcess(family.parent.hProcess, 0), TRUE, SAME);
    EXPECT(WaitForSingleObject(child, kSoon), WAIT_OBJECT_0, SAME);
    drop(family.parent);
}

TEST(all, the_end_of_an_orphan_is_found_by_who_waits) {
    for (const char *what : {"parents sleeps", "parents waits"}) {
        const Family family = family_of(what);
        const HANDLE child = MADE(OpenProcess(PROCESS_ALL_ACCESS, FALSE, static_cast<DWORD>(family.child)), SAME);
        EXPECT(TerminateProcess(family.parent.hProcess, 0), TRUE, SAME);
        assert_int_equal(ends_with(family.parent), 0);
        drop(family.parent);
        EXPECT(WaitForSingleObject(child, 100), WAIT_TIMEOUT, SAME);  // it lives on
        kill(family.child, SIGTERM);
        EXPECT(WaitForSingleObject(child, INFINITE), WAIT_OBJECT_0, SAME);
        const DWORD code = exit_code(child);  // as far as whoever adopted it has not been quicker
        REQUIRE(code == 128 + 15 || code == 0xFFFFFFFF, "its end by a signal, or nothing, is known");
        EXPECT(CloseHandle(child), TRUE, SAME);
    }
}

TEST(all, an_orphan_that_says_its_code_has_it) {
    const Family family = family_of("parents waits");
    const HANDLE child = MADE(OpenProcess(PROCESS_ALL_ACCESS, FALSE, static_cast<DWORD>(family.child)), SAME);
    EXPECT(TerminateProcess(family.parent.hProcess, 0), TRUE, SAME);
    assert_int_equal(ends_with(family.parent), 0);
    EXPECT(TerminateProcess(child, 0x55555), TRUE, SAME);
    EXPECT(WaitForSingleObject(child, kSoon), WAIT_OBJECT_0, SAME);
    assert_int_equal(exit_code(child), 0x55555);
    drop(family.parent);
}

TEST(all, exec_in_place_is_not_the_end_of_the_process) {
    const PROCESS_INFORMATION child = child_of("execs");
    assert_int_equal(ends_with(child), 23);
    EXPECT(WaitForSingleObject(child.hThread, kSoon), WAIT_OBJECT_0, SAME);
    drop(child);
}

#if defined(__SANITIZE_THREAD__)
constexpr unsigned kThreads = 2;  // the sanitizer has one
#else
constexpr unsigned kThreads = 1;
#endif

static unsigned entries_of(const char *path) {
    DIR *const directory = opendir(path);
    unsigned count = 0;
    while (directory != nullptr && readdir(directory) != nullptr) ++count;
    if (directory != nullptr) closedir(directory);
    return count;
}

static unsigned busy_slots(const segment_file::Segment &segment) {
    unsigned count = 0;
    for (unsigned i = 0; i < segment.header().processes.load(); ++i)
        count += segment.process(i).slot.load() != winshim::shm::Slot::free;
    for (unsigned i = 0; i < segment.header().threads.load(); ++i)
        count += segment.thread(i).slot.load() != winshim::shm::Slot::free;
    for (unsigned i = 1; i < segment.header().objects.load(); ++i)
        count += (segment.object(i).state.load() >> 34 & 3) != 0;
    return count;
}

// The hidden threads, and what they have, go a moment after the ends that they have told.
template <typename Count>
static bool comes_down_to(unsigned wanted, Count count) {
    for (const std::uint64_t until = now_ms() + kSoon; now_ms() < until; usleep(1000))
        if (count() <= wanted) return true;
    print_error("%u instead of %u\n", count(), wanted);
    return false;
}

TEST(all, two_hundred_children_leave_nothing) {
    code_of("returns 0");
    const segment_file::Segment segment;
    REQUIRE(segment.is_open(), "there is a segment");
    REQUIRE(comes_down_to(kThreads + 2, [] { return entries_of("/proc/self/task"); }), "one thread to begin with");
    const unsigned descriptors = entries_of("/proc/self/fd"), busy = busy_slots(segment);
    for (int i = 0; i < 200; ++i) assert_int_equal(code_of(i % 2 == 0 ? "returns 300" : "attaches 300"), 300);
    REQUIRE(comes_down_to(kThreads + 2, [] { return entries_of("/proc/self/task"); }), "no thread is left");
    assert_int_equal(entries_of("/proc/self/fd"), descriptors);
    REQUIRE(comes_down_to(busy, [&] { return busy_slots(segment); }), "no slot is left");
    assert_int_equal(waitpid(-1, nullptr, WNOHANG), -1);
}

TEST(all, many_children_at_once_are_waited_for_together) {
    PROCESS_INFORMATION children[20];
    HANDLE processes[20];
    for (int i = 0; i < 20; ++i) {
        char rest[40];
        snprintf(rest, sizeof rest, "attaches %d", 1000 + i);
        children[i] = child_of(rest);
        processes[i] = children[i].hProcess;
    }
    if (current_profile() == nt || current_profile() == ce)
        for (const HANDLE &p : processes) EXPECT(WaitForMultipleObjects(1, &p, FALSE, kSoon), WAIT_OBJECT_0, SAME);
    for (int i = 0; i < 20; ++i) {
        assert_int_equal(ends_with(children[i]), 1000 + i);
        drop(children[i]);
    }
}

TEST(nt, all_of_several_children) {
    HANDLE processes[5];
    for (HANDLE &process : processes) process = child_of("attaches 1").hProcess;
    EXPECT(WaitForMultipleObjects(5, processes, TRUE, kSoon), WAIT_OBJECT_0, SAME);
}

TEST(all, children_of_the_programs_own_are_left_to_it) {
    const pid_t own = fork();
    if (own == 0) _exit(42);
    assert_int_equal(code_of("attaches 300"), 300);
    int status = 0;
    assert_int_equal(waitpid(own, &status, 0), own);
    assert_int_equal(WEXITSTATUS(status), 42);
}

static volatile sig_atomic_t reaped;
static void reap_everything(int) {
    const int before = errno;
    while (waitpid(-1, nullptr, WNOHANG) > 0) reaped = reaped + 1;
    errno = before;
}

TEST(all, a_program_that_reaps_every_child_still_sees_them_end) {
    struct sigaction action = {}, before;
    for (int ignored = 0; ignored < 2; ++ignored) {
        if (ignored != 0) action.sa_handler = SIG_IGN;
        else action.sa_handler = reap_everything;
        sigaction(SIGCHLD, &action, &before);
        for (int i = 0; i < 10; ++i) {
            assert_int_equal(code_of("attaches 0x30003"), 0x30003);  // told by the child itself
            const DWORD code = code_of("raises 15");
            REQUIRE(code == 128 + 15 || code == 0xFFFFFFFF, "its end by a signal, or nothing, is known");
        }
        sigaction(SIGCHLD, &before, nullptr);
    }
}

TEST(all, times_are_those_of_the_process) {
    FILETIME before, after;
    GetSystemTimeAsFileTime(&before);
    const PROCESS_INFORMATION child = child_of("waits");
    FILETIME times[4];
    EXPECT(GetProcessTimes(child.hProcess, &times[0], &times[1], &times[2], &times[3]), TRUE, SAME);
    const auto number = [](const FILETIME &t) { return std::uint64_t{t.dwHighDateTime} << 32 | t.dwLowDateTime; };
    assert_true(number(times[1]) == 0);
    usleep(30'000);
    EXPECT(TerminateProcess(child.hProcess, 0), TRUE, SAME);
    assert_int_equal(ends_with(child), 0);
    GetSystemTimeAsFileTime(&after);
    EXPECT(GetProcessTimes(child.hProcess, &times[0], &times[1], &times[2], &times[3]), TRUE, SAME);
    constexpr std::uint64_t tick = 200'000;  // two ticks of 10 ms
    assert_true(number(times[0]) + tick >= number(before) && number(times[0]) <= number(times[1]));
    assert_true(number(times[1]) <= number(after) + tick && number(times[1]) - number(times[0]) >= tick / 2);
    EXPECT(GetProcessTimes(child.hProcess, nullptr, &times[1], &times[2], &times[3]), FALSE, ERROR_INVALID_PARAMETER);
    drop(child);
}

TEST(all, priority_classes) {
    assert_int_equal(code_of("nice", BELOW_NORMAL_PRIORITY_CLASS), 100 + 10);
    const PROCESS_INFORMATION child = child_of("waits", IDLE_PRIORITY_CLASS);
    assert_int_equal(GetPriorityClass(child.hProcess), IDLE_PRIORITY_CLASS);
    EXPECT(SetPriorityClass(child.hProcess, HIGH_PRIORITY_CLASS), TRUE, SAME);
    assert_int_equal(GetPriorityClass(child.hProcess), HIGH_PRIORITY_CLASS);
    EXPECT(SetPriorityClass(child.hProcess, 3), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(TerminateProcess(child.hProcess, 0), TRUE, SAME);
    assert_int_equal(ends_with(child), 0);
    EXPECT(GetPriorityClass(child.hProcess), 0, ERROR_ACCESS_DENIED);
    if (getpriority(PRIO_PROCESS, 0) == 0)  // the tests themselves may run at another
        assert_int_equal(GetPriorityClass(GetCurrentProcess()), NORMAL_PRIORITY_CLASS);
    drop(child);
}

TEST(all, handle_counts) {
    DWORD before = 0, after = 0;
    EXPECT(GetProcessHandleCount(GetCurrentProcess(), &before), TRUE, SAME);
    auto_event(false);
    EXPECT(GetProcessHandleCount(GetCurrentProcess(), &after), TRUE, SAME);
    assert_int_equal(after, before + 1);
    EXPECT(GetProcessHandleCount(GetCurrentProcess(), nullptr), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(WaitForInputIdle(GetCurrentProcess(), 0), 0, SAME);
}

TEST(all, ended_children_whose_handles_were_closed_at_once_leave_nothing) {
    code_of("returns 0");
    const segment_file::Segment segment;
    REQUIRE(comes_down_to(kThreads + 2, [] { return entries_of("/proc/self/task"); }), "one thread to begin with");
    const unsigned busy = busy_slots(segment);
    for (int i = 0; i < 20; ++i) drop(child_of(i % 2 == 0 ? "returns 300" : "attaches 300"));
    REQUIRE(comes_down_to(kThreads + 2, [] { return entries_of("/proc/self/task"); }), "no thread is left");
    REQUIRE(comes_down_to(busy, [&] { return busy_slots(segment); }), "no slot is left");
}

int main(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "--child") == 0) {
        prctl(PR_SET_PDEATHSIG, 0);
        return child_main(argc - 2, argv + 2);
    }
    return test_main(argc, argv);
}
