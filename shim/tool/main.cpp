// main.cpp - the command `winshim`: what is asked of it, and who does it.
//
// A subcommand is one file with one function `int NAME_command(int argc, char** argv)`, and one line in the table below.
// argv[0] is the subcommand's name. Exit status: 0 done (or sound), 1 not (or unsound), 2 could not even try.
#include <cstdio>
#include <cstring>

#define WINSHIM_COMMANDS(command)                                            \
    command(check, "examines the shared segment, or discards it (--discard)")

namespace {

struct Command {
    const char* name;
    const char* purpose;
    int (*run)(int argc, char** argv);
};

}  // namespace

#define DECLARE(name, purpose) int name##_command(int argc, char** argv);
WINSHIM_COMMANDS(DECLARE)
#undef DECLARE

namespace {

#define ROW(name, purpose) {#name, purpose, name##_command},
constexpr Command kCommands[] = {WINSHIM_COMMANDS(ROW)};
#undef ROW

int help(FILE* to, int status) {
    fprintf(to, "usage: winshim COMMAND [OPTION...]\n");
    for (const Command& command : kCommands) fprintf(to, "  %-10s %s\n", command.name, command.purpose);
    fprintf(to, "  %-10s %s\n  %-10s %s\n", "help", "shows this", "version", "shows the version");
    fprintf(to, "winshim COMMAND --help tells more. The segment is that of this user and of WINSHIM_NAMESPACE.\n");
    return status;
}

bool is(const char* word, const char* name) {
    return strcmp(word, name) == 0 || (strncmp(word, "--", 2) == 0 && strcmp(word + 2, name) == 0);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return help(stderr, 2);
    if (is(argv[1], "help")) return help(stdout, 0);
    if (is(argv[1], "version")) return printf("winshim %s\n", WINSHIM_VERSION) < 0 ? 2 : 0;
    for (const Command& command : kCommands)
        if (strcmp(argv[1], command.name) == 0) return command.run(argc - 1, argv + 1);
    fprintf(stderr, "winshim: no command %s\n", argv[1]);
    return help(stderr, 2);
}
