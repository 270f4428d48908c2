// test_process_inherit.cpp - handles and descriptors that a child inherits, or is given before it begins.
//
// Source      "CreateProcessW", "Inheritance"; Process-13 to Process-15, Life-23, DupHandle-18.
#include <sys/wait.h>

#include "tests/support/child.h"

static int child_main(int count, char **word) {
    const auto is = [&](const char *what) { return strcmp(word[0], what) == 0; };
    const HANDLE handle = handle_of(count > 1 ? strtoull(word[1], nullptr, 0) : 0);
    if (is("sets")) return SetEvent(handle) ? 0 : static_cast<int>(GetLastError());
    if (is("waits-for")) {
        const DWORD result = WaitForSingleObject(handle, 0);
        return static_cast<int>(result == WAIT_FAILED ? GetLastError() : result);
    }
    if (is("takes")) return static_cast<int>(WaitForSingleObject(handle, kSoon));
    if (is("keeps")) {  // uses nothing: its handles are its own all the same
        char end;
        return read(0, &end, 1) == 0 ? 0 : 1;
    }
    if (is("flags")) {
        DWORD flags = 0;
        return GetHandleInformation(handle, &flags) ? static_cast<int>(flags) : 100;
    }
    if (is("waits-then-sets")) {  // word 2: the handle that it gets later
        if (WaitForSingleObject(handle, kSoon) != WAIT_OBJECT_0) return 1;
        return SetEvent(handle_of(strtoull(word[2], nullptr, 0))) ? 0 : 2;
    }
    if (is("writes-to")) {
        DWORD done = 0;
        return WriteFile(handle, "through", 7, &done, nullptr) ? 0 : static_cast<int>(GetLastError());
    }
    if (is("fills")) {  // the parent's table, with as many duplicates as word 2 says; tells the last one's value there
        const HANDLE parent = OpenProcess(PROCESS_DUP_HANDLE, FALSE, static_cast<DWORD>(getppid()));
        HANDLE there = nullptr;
        for (int i = atoi(word[2]); i > 0; --i)
            if (!DuplicateHandle(GetCurrentProcess(), handle, parent, &there, 0, TRUE, DUPLICATE_SAME_ACCESS)) return 1;
        printf("%llu", static_cast<unsigned long long>(as_number(there)));
        fflush(stdout);
    }
    if (is("grandchild")) return static_cast<int>(code_of(word[1], 0, TRUE));
    return 0;
}

static HANDLE inheritable_event(bool set, const char *name = nullptr) {
    const HANDLE event = manual_event(set, name);
    EXPECT(SetHandleInformation(event, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), TRUE, SAME);
    return event;
}

static DWORD code_with(const char *what, HANDLE handle, BOOL inherit, const char *more = "") {
    char rest[200];
    snprintf(rest, sizeof rest, "%s %llu %s", what, static_cast<unsigned long long>(as_number(handle)), more);
    return code_of(rest, 0, inherit);
}

TEST(ce | nt, Process_13_inheritable_handles_have_the_same_value) {
    const HANDLE event = inheritable_event(false), other = manual_event(true);
    assert_int_equal(code_with("sets", event, TRUE), 0);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    assert_int_equal(code_with("waits-for", event, TRUE), WAIT_OBJECT_0);
    assert_int_equal(code_with("waits-for", other, TRUE), ERROR_INVALID_HANDLE);
    assert_int_equal(code_with("flags", event, TRUE), HANDLE_FLAG_INHERIT);
    const SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, nullptr, TRUE};
    const HANDLE made = MADE(CreateEventA(const_cast<SECURITY_ATTRIBUTES *>(&inheritable), TRUE, FALSE, nullptr), 0);
    assert_int_equal(code_with("sets", made, TRUE), 0);
    EXPECT(WaitForSingleObject(made, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce | nt, Process_13_and_the_same_access) {
    const HANDLE event = inheritable_event(true);
    HANDLE limited = nullptr;
    const HANDLE self = GetCurrentProcess();
    EXPECT(DuplicateHandle(self, event, self, &limited, SYNCHRONIZE, TRUE, 0), TRUE, SAME);
    assert_int_equal(code_with("sets", limited, TRUE), ERROR_ACCESS_DENIED);
    assert_int_equal(code_with("waits-for", limited, TRUE), WAIT_OBJECT_0);
}

TEST(ce | nt, Process_13_many_handles_beyond_one_chunk) {
    HANDLE last = nullptr;
    for (int i = 0; i < 1500; ++i) last = MADE(CreateEventA(nullptr, TRUE, FALSE, nullptr), 0);
    EXPECT(SetHandleInformation(last, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), TRUE, SAME);
    assert_int_equal(code_with("sets", last, TRUE), 0);
    EXPECT(WaitForSingleObject(last, 0), WAIT_OBJECT_0, SAME);
}

// The table has grown without a call of its own process.
TEST(ce | nt, Process_13_and_what_another_process_has_put_behind_the_last_chunk) {
    const HANDLE event = inheritable_event(false);
    char rest[100];
    snprintf(rest, sizeof rest, "fills %llu 1500", static_cast<unsigned long long>(as_number(event)));
    Line line(rest);
    Said said;
    assert_int_equal(run_and_read(line.text, said, 0, nullptr, nullptr, TRUE), 0);
    const HANDLE last = handle_of(strtoull(said.text, nullptr, 10));
    REQUIRE(as_number(last) > 1024 * 4, "more than a chunk holds");
    assert_int_equal(code_with("sets", last, TRUE), 0);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    const pid_t child = fork();
    if (child == 0) _exit(ResetEvent(last) ? 0 : 1);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

TEST(ce | nt, Process_13_grandchildren_inherit_what_the_child_has) {
    const HANDLE event = inheritable_event(false);
    char rest[200];
    snprintf(rest, sizeof rest, "grandchild \"sets %llu\"", static_cast<unsigned long long>(as_number(event)));
    assert_int_equal(code_of(rest, 0, TRUE), 0);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

TEST(ce | nt, Process_14_without_inheritance_it_has_none) {
    const HANDLE event = inheritable_event(true);
    assert_int_equal(code_with("waits-for", event, FALSE), ERROR_INVALID_HANDLE);
}

TEST(ce | nt, Process_15_the_child_does_not_own_the_mutex) {
    const HANDLE mutex = owned_mutex();
    EXPECT(SetHandleInformation(mutex, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), TRUE, SAME);
    assert_int_equal(code_with("waits-for", mutex, TRUE), WAIT_TIMEOUT);
    char rest[100];
    snprintf(rest, sizeof rest, "takes %llu", static_cast<unsigned long long>(as_number(mutex)));
    const PROCESS_INFORMATION child = child_of(rest, 0, TRUE);
    EXPECT(WaitForSingleObject(child.hProcess, 50), WAIT_TIMEOUT, SAME);
    EXPECT(ReleaseMutex(mutex), TRUE, SAME);
    assert_int_equal(ends_with(child), WAIT_OBJECT_0);
    EXPECT(WaitForSingleObject(mutex, kSoon), WAIT_ABANDONED, SAME);
    drop(child);
}

TEST(ce | nt, Life_23_an_inherited_handle_keeps_the_object_though_the_child_never_calls) {
    const HANDLE event = inheritable_event(true, NAME);
    const Pipe pipe = make_pipe();
    STARTUPINFOA start = plain_start();
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = pipe.from;
    const PROCESS_INFORMATION child = child_of("keeps", 0, TRUE, &start);
    EXPECT(CloseHandle(pipe.from), TRUE, SAME);
    EXPECT(CloseHandle(event), TRUE, SAME);
    const HANDLE opened = MADE(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), SAME);
    EXPECT(WaitForSingleObject(opened, 0), WAIT_OBJECT_0, SAME);
    EXPECT(CloseHandle(opened), TRUE, SAME);
    EXPECT(CloseHandle(pipe.to), TRUE, SAME);  // the child ends
    assert_int_equal(ends_with(child), 0);
    EXPECT(OpenEventA(EVENT_ALL_ACCESS, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    drop(child);
}

TEST(ce | nt, DupHandle_18_a_handle_is_put_into_a_child_that_has_not_begun) {
    const HANDLE go = inheritable_event(false), answer = manual_event(false);
    char rest[100];
    // The child's only handle is the inherited one: the next goes to the first free place.
    const HANDLE expected = handle_of(as_number(go) == 4 ? 8 : 4);
    snprintf(rest, sizeof rest, "waits-then-sets %llu %llu", static_cast<unsigned long long>(as_number(go)),
             static_cast<unsigned long long>(as_number(expected)));
    const PROCESS_INFORMATION child = child_of(rest, CREATE_SUSPENDED, TRUE);
    HANDLE there = nullptr;
    EXPECT(DuplicateHandle(GetCurrentProcess(), answer, child.hProcess, &there, 0, FALSE, DUPLICATE_SAME_ACCESS), TRUE,
           SAME);
    assert_ptr_equal(there, expected);
    EXPECT(ResumeThread(child.hThread), 1, SAME);
    EXPECT(SetEvent(go), TRUE, SAME);
    assert_int_equal(ends_with(child), 0);
    EXPECT(WaitForSingleObject(answer, 0), WAIT_OBJECT_0, SAME);
    drop(child);
}

TEST(ce | nt, descriptors_are_inherited_like_handles) {
    const Pipe pipe = make_pipe();
    assert_int_equal(code_with("writes-to", pipe.to, TRUE), ERROR_INVALID_HANDLE);
    EXPECT(SetHandleInformation(pipe.to, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), TRUE, SAME);
    assert_int_equal(code_with("writes-to", pipe.to, FALSE), ERROR_INVALID_HANDLE);
    assert_int_equal(code_with("writes-to", pipe.to, TRUE), 0);
    EXPECT(CloseHandle(pipe.to), TRUE, SAME);
    Said said;
    read_all(pipe.from, said);
    assert_string_equal(said.text, "through");
}

int main(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "--child") == 0) return child_main(argc - 2, argv + 2);
    return test_main(argc, argv);
}
