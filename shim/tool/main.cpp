// main.cpp - the command `winshim`: what is asked of it, and who does it.
//
// A subcommand is one file with one function `int NAME_command(int argc, char** argv)`, and one line in the table
// below. argv[0] is the subcommand's name. With --help as its first argument it prints its help on standard output and
// returns 0: `winshim help NAME` asks it for that. Exit status: 0 done (or sound), 1 not (or unsound), 2 could not even
// try.
#include <cstdio>
#include <cstring>

#define WINSHIM_COMMANDS(command)                                            \
    command(run, "starts a program with the library before its own libraries (LD_PRELOAD)") \
    command(objects, "shows every live object, who has it and who waits for it") \
    command(waits, "shows who waits for whom, and finds deadlocks")          \
    command(set, "signals named events")                                     \
    command(reset, "resets named events")                                    \
    command(pulse, "pulses named events")                                    \
    command(wait, "waits for named objects")                                 \
    command(lock, "runs a command while it owns a named mutex")              \
    command(trace, "sums up a trace that WINSHIM_TRACE has made")            \
    command(check, "examines the shared segment, or discards it (--discard)")  \
    command(clean, "removes what the dead have left, which should be nothing")

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
    for (const Command& command : kCommands) fprintf(to, "  %-8s %s\n", command.name, command.purpose);
    fprintf(to, "  %-8s %s\n", "help", "shows this, or the help of a command");
    fprintf(to, "  %-8s %s\n", "version", "shows the version");
    fprintf(to, "winshim help COMMAND and winshim COMMAND --help tell more, winshim(1) tells all. What is meant are\n"
                "the objects of this user and of WINSHIM_NAMESPACE, or of the --namespace that is given.\n");
    return status;
}

const Command* find(const char* name) {
    for (const Command& command : kCommands)
        if (strcmp(command.name, name) == 0) return &command;
    fprintf(stderr, "winshim: no command %s\n", name);
    return nullptr;
}

int help_command(int argc, char** argv) {
    if (argc < 3) return help(stdout, 0);
    const Command* command = find(argv[2]);
    if (command == nullptr) return help(stderr, 2);
    char option[] = "--help";
    char* asked[] = {argv[2], option, nullptr};
    return command->run(2, asked);
}

bool is(const char* word, const char* name) {
    return strcmp(word, name) == 0 || (strncmp(word, "--", 2) == 0 && strcmp(word + 2, name) == 0);
}

// What was not written was not done.
int written(int status) {
    if (fflush(stdout) == 0 && ferror(stdout) == 0) return status;
    perror("winshim: standard output");
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return help(stderr, 2);
    if (is(argv[1], "help")) return written(help_command(argc, argv));
    if (is(argv[1], "version")) return printf("winshim %s\n", WINSHIM_VERSION), written(0);
    const Command* command = find(argv[1]);
    return command != nullptr ? written(command->run(argc - 1, argv + 1)) : help(stderr, 2);
}
