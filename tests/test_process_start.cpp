// test_process_start.cpp - what a child begins with: its program, arguments, variables, directory, signal mask.
//
// Source      "CreateProcessW", "Parsing C++ command-line arguments". What it inherits: test_process_inherit.cpp.
#include <sys/stat.h>
#include <sys/wait.h>

#include <cwchar>

#include "tests/support/child.h"

static int child_main(int count, char **word) {
    const auto is = [&](const char *what) { return strcmp(word[0], what) == 0; };
    if (is("code")) return atoi(word[1]);
    if (is("words"))
        for (int i = 1; i < count; ++i) printf("[%s]", word[i]);
    if (is("line")) printf("%s", GetCommandLineA());
    if (is("variables"))
        for (char **e = environ; *e != nullptr; ++e) printf("%s\n", *e);
    if (is("directory")) {
        char text[PATH_MAX];
        printf("%s", getcwd(text, sizeof text));
    }
    if (is("mask")) {  // the first signal that is blocked
        sigset_t mask;
        pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        for (int signal = 1; signal <= 64; ++signal)
            if (sigismember(&mask, signal) == 1) return signal;
    }
    fflush(stdout);
    return 0;
}

struct Words {
    const char *line, *wanted;
};

TEST(all, arguments_are_parted_as_on_Windows) {
    const Words cases[] = {{"", ""},
                           {"a b  c\td", "[a][b][c][d]"},
                           {"\"a b\" c", "[a b][c]"},
                           {"a\"b c\"d", "[ab cd]"},
                           {"\"\" x", "[][x]"},
                           {"\\\"a\\\" b", "[\"a\"][b]"},
                           {"\"a \\\"b\\\" c\"", "[a \"b\" c]"},
                           {"a\\b \\\\c\\ d", "[a\\b][\\\\c\\][d]"},
                           {"\"a\\\\\" b", "[a\\][b]"},
                           {"\"a\\\\\\\" b\"", "[a\\\" b]"},
                           {"a\\\\\\\\\"b c\" d", "[a\\\\b c][d]"},
                           {"\"a\"\"b\" c", "[a\"b c]"},
                           {"'a b'", "['a][b']"},
                           {"* ? $HOME", "[*][?][$HOME]"},
                           {"\xC3\xA4 \xE2\x82\xAC", "[\xC3\xA4][\xE2\x82\xAC]"}};
    for (const Words &c : cases) {
        char rest[200];
        snprintf(rest, sizeof rest, "words %s", c.line);
        Line line(rest);
        Said said;
        assert_int_equal(run_and_read(line.text, said), 0);
        assert_string_equal(said.text, c.wanted);
    }
}

TEST(all, the_child_sees_the_same_arguments_in_its_command_line) {
    Line line("line \"a b\" c\\ \"d\\\"e\"");
    Said said;
    assert_int_equal(run_and_read(line.text, said), 0);
    const char *const rest = strstr(said.text, " --child ");
    assert_non_null(rest);
    assert_string_equal(rest, " --child line \"a b\" c\\ \"d\\\"e\"");
}

// A directory with the test program under other names, and the way back.
struct Place {
    char path[64] = "/tmp/winshim test XXXXXX";
    char before[PATH_MAX];
    Place() {
        if (mkdtemp(path) == nullptr || getcwd(before, sizeof before) == nullptr) abort();
        chmod(path, 0755);
    }
    void put(const char *name) const {
        char at[PATH_MAX];
        snprintf(at, sizeof at, "%s/%s", path, name);
        if (strchr(name, '/') != nullptr) {
            char directory[PATH_MAX];
            strcpy(directory, at);
            *strrchr(directory, '/') = 0;
            mkdir(directory, 0755);
        }
        if (symlink(own_path(), at) != 0) abort();
    }
    void remove() const {
        char command[200];
        snprintf(command, sizeof command, "rm -r '%s'", path);
        if (chdir(before) != 0 || system(command) != 0) abort();
    }
};

static void runs(const char *line, const char *wanted) {
    char copy[PATH_MAX + 200];
    strcpy(copy, line);
    Said said;
    assert_int_equal(run_and_read(copy, said), 0);
    if (strcmp(said.text, wanted) != 0) print_error("%s: %s\n", line, said.text);
    assert_string_equal(said.text, wanted);
}

TEST(all, the_program_is_found_with_and_without_quotes_and_endings) {
    const Place place;
    for (const char *name : {"plain", "child.exe", "two words", "sub dir/three more words"}) place.put(name);
    REQUIRE(chdir(place.path) == 0, "the directory can be entered");
    for (const char *line : {"plain --child words x", "plain.exe --child words x", "plain.EXE --child words x"})
        runs(line, "[x]");
    runs("child --child words x", "[x]");
    runs("child.exe --child words x", "[x]");
    runs(".\\child --child words x", "[x]");
    runs("two words --child words x", "[x]");
    runs("\"two words\" --child words x", "[x]");
    runs("sub dir\\three more words.exe --child words x y", "[x][y]");
    runs("\"sub dir/three more words\"--child words x y", "[x][y]");
    char line[200];
    snprintf(line, sizeof line, "%s/two words --child words x", place.path);
    runs(line, "[x]");
    place.put("two");  // the shortest that exists
    place.put("two --child");
    runs("two --child words x", "[x]");
    place.remove();
}

TEST(all, the_program_is_looked_for_beside_the_caller_and_along_PATH) {
    char line[PATH_MAX];
    snprintf(line, sizeof line, "%s --child words x", strrchr(own_path(), '/') + 1);
    runs(line, "[x]");
    const Place place;
    place.put("only-there");
    char path[PATH_MAX + 100];
    const char *const before = getenv("PATH");
    char kept[PATH_MAX * 2];
    snprintf(kept, sizeof kept, "%s", before);
    snprintf(path, sizeof path, "/no/such/directory::%s", place.path);
    EXPECT(SetEnvironmentVariableA("PATH", path), TRUE, SAME);
    runs("only-there.exe --child words x", "[x]");
    // A relative part begins where the caller is, also for a child that begins elsewhere.
    REQUIRE(chdir("/tmp") == 0, "the directory above");
    EXPECT(SetEnvironmentVariableA("PATH", place.path + strlen("/tmp/")), TRUE, SAME);
    runs("only-there --child words x", "[x]");
    strcpy(line, "only-there --child words x");
    Said said;
    assert_int_equal(run_and_read(line, said, 0, nullptr, "/"), 0);
    assert_string_equal(said.text, "[x]");
    EXPECT(SetEnvironmentVariableA("PATH", kept), TRUE, SAME);
    place.remove();
}

TEST(all, the_name_of_the_program_need_not_be_in_the_command_line) {
    STARTUPINFOA start = plain_start();
    PROCESS_INFORMATION child;
    char line[] = "anything --child code 71";
    REQUIRE(CreateProcessA(own_path(), line, nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start, &child), "it runs");
    assert_int_equal(ends_with(child), 71);
    drop(child);
    char with_ending[PATH_MAX + 10];
    snprintf(with_ending, sizeof with_ending, "%s.exe", own_path());
    REQUIRE(CreateProcessA(with_ending, line, nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start, &child), "it runs");
    assert_int_equal(ends_with(child), 71);
    drop(child);
    REQUIRE(CreateProcessA("/bin/false", nullptr, nullptr, nullptr, FALSE, 0, nullptr, nullptr, &start, &child),
            "it runs");
    assert_int_equal(ends_with(child), 1);
    drop(child);
}

TEST(all, scripts_are_programs) {
    const Place place;
    char path[200];
    snprintf(path, sizeof path, "%s/script", place.path);
    const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
    const char text[] = "#!/bin/sh\necho \"$1\"\nexit 4\n";
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    char line[PATH_MAX];
    snprintf(line, sizeof line, "\"%s\" \"a b\"", path);
    Said said;
    assert_int_equal(run_and_read(line, said), 4);
    assert_string_equal(said.text, "a b\n");
    place.remove();
}

// ---- variables ------------------------------------------------------------------------------------------------------

static bool has_line(const Said &said, const char *wanted) {
    char around[300], text[sizeof said.text + 2];
    snprintf(around, sizeof around, "\n%s\n", wanted);
    snprintf(text, sizeof text, "\n%s", said.text);
    return strstr(text, around) != nullptr;
}

TEST(all, variables_are_the_parents_or_those_of_the_block) {
    char space[200];
    snprintf(space, sizeof space, "WINSHIM_NAMESPACE=%s", getenv("WINSHIM_NAMESPACE"));
    EXPECT(SetEnvironmentVariableA("OF_PARENT", "1 2"), TRUE, SAME);
    Said said;
    {
        Line line("variables");
        assert_int_equal(run_and_read(line.text, said), 0);
        assert_true(has_line(said, "OF_PARENT=1 2") && has_line(said, space));
    }
    {
        Line line("variables");
        char block[] = "A=1\0B=two words\0\xC3\xA4=x\0";
        assert_int_equal(run_and_read(line.text, said, 0, block), 0);
        assert_true(has_line(said, "A=1") && has_line(said, "B=two words") && has_line(said, "\xC3\xA4=x"));
        assert_true(!has_line(said, "OF_PARENT=1 2") && has_line(said, space));
    }
    {
        Line line("variables");
        wchar_t block[] = L"A=1\0\u00E4\u20AC=\u00E4\0";
        assert_int_equal(run_and_read(line.text, said, CREATE_UNICODE_ENVIRONMENT, block), 0);
        assert_true(has_line(said, "A=1") && has_line(said, "\xC3\xA4\xE2\x82\xAC=\xC3\xA4") && has_line(said, space));
    }
    {
        Line line("variables");
        char block[] = "WINSHIM_OTHER=1\0WINSHIM_NAMESPACE=elsewhere\0";
        assert_int_equal(run_and_read(line.text, said, 0, block), 0);
        assert_true(has_line(said, "WINSHIM_NAMESPACE=elsewhere") && !has_line(said, space));
    }
    EXPECT(SetEnvironmentVariableA("OF_PARENT", nullptr), TRUE, SAME);
}

TEST(all, the_current_directory_is_the_parents_or_another) {
    char here[PATH_MAX];
    REQUIRE(getcwd(here, sizeof here) != nullptr, "there is a current directory");
    Said said;
    Line line("directory");
    assert_int_equal(run_and_read(line.text, said), 0);
    assert_string_equal(said.text, here);
    Line again("directory");
    assert_int_equal(run_and_read(again.text, said, 0, nullptr, "/usr\\bin"), 0);
    assert_int_equal(strncmp(said.text, "/usr/bin", 8), 0);
    assert_string_equal(getcwd(here, sizeof here), here);
}

TEST(all, wide_text_reaches_the_child) {
    wchar_t line[PATH_MAX + 200] = L"\"";
    size_t at = 1;
    for (const char *c = own_path(); *c != 0; ++c) line[at++] = static_cast<wchar_t>(*c);
    wcscpy(line + at, L"\" --child words \u00E4\u20AC \"\U0001F600 x\"");
    const Pipe pipe = make_pipe();
    STARTUPINFOW start = {};
    start.cb = sizeof start;
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdOutput = pipe.to;
    PROCESS_INFORMATION child;
    REQUIRE(CreateProcessW(nullptr, line, nullptr, nullptr, FALSE, 0, nullptr, L"/", &start, &child), "it runs");
    EXPECT(CloseHandle(pipe.to), TRUE, SAME);
    Said said;
    read_all(pipe.from, said);
    assert_string_equal(said.text, "[\xC3\xA4\xE2\x82\xAC][\xF0\x9F\x98\x80 x]");
    assert_int_equal(ends_with(child), 0);
    drop(child);
}

TEST(all, the_child_begins_with_the_callers_signal_mask) {
    assert_int_equal(code_of("mask"), 0);
    sigset_t one, before;
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &one, &before);
    const DWORD code = code_of("mask");
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    assert_int_equal(code, SIGUSR1);
}

int main(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "--child") == 0) return child_main(argc - 2, argv + 2);
    return test_main(argc, argv);
}
