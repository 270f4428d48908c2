// test_process.cpp - processes made by CreateProcess and opened by id: their objects, exit codes, facts.
//
// Source      statements Process-01 to Process-17; LD-26. What a child gets with it: test_process_start.cpp; families,
//             suspended children and many of them: test_process_family.cpp.
#include <pthread.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include <atomic>

#include "tests/support/child_acts.h"

// The clocks as the library sees them: whoever reads the calendar's may be put off for a while after that.
static std::atomic<int> put_off{0};

extern "C" int clock_gettime(clockid_t clock, timespec *now) noexcept {
    const long result = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME && put_off.exchange(0) != 0) usleep(300'000);
    return static_cast<int>(result);
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

// 32,767 characters with the end of the text.
TEST(all, Process_02_the_longest_command_line) {
    static char line[40'000];
    snprintf(line, sizeof line, "\"%s\" --child exits 5 ", own_path());
    const size_t begin = strlen(line);
    for (const size_t length : {32'766u, 32'767u}) {
        memset(line + begin, 'a', length - begin);
        line[length] = 0;
        STARTUPINFOA start = plain_start();
        PROCESS_INFORMATION child;
        SetLastError(kPoison);
        const BOOL made = CreateProcessA(nullptr, line, nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start, &child);
        assert_int_equal(made, length < 32'767);
        if (!made) assert_int_equal(GetLastError(), ERROR_FILENAME_EXCED_RANGE);
        if (made) assert_int_equal(ends_with(child), 5), drop(child);
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
    // No child is left of all that. (One of a test before may be about to be reaped: its end is told first.)
    siginfo_t any;
    bool left = true;
    for (const std::uint64_t end = now_ms() + kSoon; left && now_ms() < end; usleep(1000))
        left = waitid(P_ALL, 0, &any, WEXITED | WNOHANG | WNOWAIT) == 0;
    assert_false(left);
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
    const std::uint64_t created = number(times[0]);
    put_off = 1;
    EXPECT(GetProcessTimes(child.hProcess, &times[0], &times[1], &times[2], &times[3]), TRUE, SAME);
    assert_int_equal(put_off, 0);
    assert_true(number(times[0]) + tick >= created && number(times[0]) <= created + tick);
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

int main(int argc, char **argv) { return child_or_tests(argc, argv); }
