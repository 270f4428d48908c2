// test_process_standard.cpp - the standard handles that a child begins with.
//
// Source      "CreateProcessW", "STARTUPINFOW", "SetStdHandle".
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/child.h"

static int child_main(int count, char **word) {
    const auto is = [&](const char *what) { return strcmp(word[0], what) == 0; };
    if (is("words"))
        for (int i = 1; i < count; ++i) printf("[%s]", word[i]);
    if (is("copies")) {  // standard input to standard output, and a word to standard error
        char text[1000];
        const ssize_t got = read(0, text, sizeof text);
        if (got > 0 && write(1, text, static_cast<size_t>(got)) != got) return 1;
        return write(2, "done", 4) == 4 ? 0 : 2;
    }
    if (is("standard-output")) {  // what it is: 0 none, 1 the empty file, 2 another
        struct stat mine, empty;
        if (fstat(1, &mine) != 0) return 0;
        return stat("/dev/null", &empty) == 0 && mine.st_rdev == empty.st_rdev ? 1 : 2;
    }
    fflush(stdout);
    return 0;
}

TEST(all, standard_handles_are_redirected) {
    const Pipe in = make_pipe(), out = make_pipe(), err = make_pipe();
    STARTUPINFOA start = plain_start();
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = in.from;
    start.hStdOutput = out.to;
    start.hStdError = err.to;
    const PROCESS_INFORMATION child = child_of("copies", 0, FALSE, &start);
    for (const HANDLE h : {in.from, out.to, err.to}) EXPECT(CloseHandle(h), TRUE, SAME);
    DWORD done = 0;
    EXPECT(WriteFile(in.to, "to and fro", 10, &done, nullptr), TRUE, SAME);
    EXPECT(CloseHandle(in.to), TRUE, SAME);
    Said said, complaint;
    read_all(out.from, said);
    read_all(err.from, complaint);
    assert_string_equal(said.text, "to and fro");
    assert_string_equal(complaint.text, "done");
    assert_int_equal(ends_with(child), 0);
    drop(child);
}

TEST(all, standard_handles_of_the_parent_that_were_replaced_are_the_childs) {
    const Pipe out = make_pipe();
    const HANDLE before = GetStdHandle(STD_OUTPUT_HANDLE);
    EXPECT(SetStdHandle(STD_OUTPUT_HANDLE, out.to), TRUE, SAME);
    const DWORD code = code_of("words x");
    EXPECT(SetStdHandle(STD_OUTPUT_HANDLE, before), TRUE, SAME);
    assert_int_equal(code, 0);
    EXPECT(CloseHandle(out.to), TRUE, SAME);
    Said said;
    read_all(out.from, said);
    assert_string_equal(said.text, "[x]");
}

TEST(all, standard_handles_that_are_none_are_empty_files) {
    STARTUPINFOA start = plain_start();
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdOutput = INVALID_HANDLE_VALUE;
    start.hStdError = auto_event(false);
    const PROCESS_INFORMATION child = child_of("copies", 0, FALSE, &start);
    assert_int_equal(ends_with(child), 0);
    drop(child);
}

// An own process, since it changes what the standard descriptors are.
static DWORD output_of_child_when(void (*changes)()) {
    const pid_t pid = fork();
    if (pid == 0) {
        changes();
        _exit(static_cast<int>(code_of("standard-output")));
    }
    int status = -1;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? static_cast<DWORD>(WEXITSTATUS(status)) : 100;
}

TEST(all, standard_output_that_is_open_and_none_by_SetStdHandle_is_empty) {
    assert_int_equal(output_of_child_when([] {}), 2);
    assert_int_equal(output_of_child_when([] { SetStdHandle(STD_OUTPUT_HANDLE, nullptr); }), 1);
    assert_int_equal(output_of_child_when([] { close(1); }), 0);
}

TEST(all, standard_output_is_the_childs_also_when_exec_would_close_it) {
    assert_int_equal(output_of_child_when([] { fcntl(1, F_SETFD, FD_CLOEXEC); }), 2);
}

int main(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "--child") == 0) return child_main(argc - 2, argv + 2);
    return test_main(argc, argv);
}
