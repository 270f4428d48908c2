// run.cpp - winshim run: starts a program with the library before everything else that it is linked with.
//
// It prepares the environment and execs: the program keeps this process, and its children inherit what was prepared.
// The library goes behind what LD_PRELOAD names already. A program into which the loader would put nothing is refused:
// it would run, and not do what was asked for.
#include "shim/tool/library.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <initializer_list>
#include <limits.h>
#include <link.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

int run_command(int argc, char** argv);

namespace {

// As env(1) has them: it could not even try; found and not to be executed; not found.
enum Exit : int { kFailed = 125, kNotExecutable = 126, kNoProgram = 127 };

struct Options {
    const char* profile = nullptr;
    const char* space = nullptr;
    const char* trace = nullptr;
    char** program = nullptr;
    bool help = false, wrong = false;
};

// The value of --NAME=VALUE, or of --NAME VALUE; null: another option.
const char* value_of(const char* name, int& i, int argc, char** argv, bool& wrong) {
    const size_t length = strlen(name);
    if (strncmp(argv[i], name, length) != 0) return nullptr;
    if (argv[i][length] == '=') return argv[i] + length + 1;
    if (argv[i][length] != '\0') return nullptr;
    if (i + 1 < argc) return argv[++i];
    fprintf(stderr, "winshim run: %s wants a value\n", name);
    wrong = true;
    return "";
}

// The first word that is no option is the program: what follows is its own.
Options parse(int argc, char** argv) {
    Options o;
    for (int i = 1; i < argc && !o.wrong; ++i) {
        if (strcmp(argv[i], "--help") == 0) return o.help = true, o;
        if (strcmp(argv[i], "--trace") == 0) o.trace = "stderr";
        else if (strncmp(argv[i], "--trace=", 8) == 0) o.trace = argv[i] + 8;
        else if (const char* profile = value_of("--profile", i, argc, argv, o.wrong)) o.profile = profile;
        else if (const char* space = value_of("--namespace", i, argc, argv, o.wrong)) o.space = space;
        else if (strcmp(argv[i], "--") == 0 || argv[i][0] != '-') {
            if (argv[i][0] == '-') ++i;
            if (i < argc) o.program = argv + i;
            return o;
        } else {
            fprintf(stderr, "winshim run: no option %s\n", argv[i]);
            o.wrong = true;
        }
    }
    return o;
}

void show_help(FILE* to) {
    fprintf(to,
            "usage: winshim run [--profile ce|ce5|nt] [--namespace NAME] [--trace[=FILE]] [--] PROGRAM [ARGUMENT...]\n"
            "Starts PROGRAM with libwinshim.so loaded before its own libraries (LD_PRELOAD): its calls of Win32\n"
            "functions by their C names come here, those of its children, too. What LD_PRELOAD names already stays.\n"
            "  --profile P      whose rules for names hold (WINSHIM_PROFILE)\n"
            "  --namespace N    keeps its objects apart from those of programs with another N (WINSHIM_NAMESPACE)\n"
            "  --trace[=FILE]   shows each call, on standard error or in FILE (WINSHIM_TRACE)\n"
            "Exit status: that of PROGRAM; 125 winshim failed, or the loader would not preload into PROGRAM (it is\n"
            "static, set-user-ID, or of another architecture); 126 it cannot be executed; 127 it is not there.\n");
}

// The library as LD_PRELOAD has to name it. It is loaded here, so that what is wrong with it is said once, and by us.
bool find_library(char* path, size_t room) {
    winshim::tool::library_path(path, room);
    void* const library = dlopen(*path != '\0' ? path : winshim::tool::kLibraryFile, RTLD_NOW | RTLD_LOCAL);
    link_map* map = nullptr;
    if (library == nullptr || dlinfo(library, RTLD_DI_LINKMAP, &map) != 0) {
        fprintf(stderr, "winshim run: %s\n", dlerror());
        return false;
    }
    char real[PATH_MAX];
    const char* const found = realpath(map->l_name, real) != nullptr ? real : map->l_name;
    if (strpbrk(found, " :") != nullptr) {  // LD_PRELOAD is a list, and knows no quotes
        fprintf(stderr, "winshim run: %s: LD_PRELOAD cannot name a path with a space or a colon in it\n", found);
        return false;
    }
    return static_cast<size_t>(snprintf(path, room, "%s", found)) < room;
}

bool prepare(const Options& o, const char* library) {
    if (!winshim::tool::prepare({.space = o.space, .profile = o.profile})) return false;
    if (o.trace != nullptr) setenv("WINSHIM_TRACE", o.trace, 1);
    const char* const before = getenv("LD_PRELOAD");
    if (before == nullptr || *before == '\0') return setenv("LD_PRELOAD", library, 1) == 0;
    const size_t length = strlen(library);
    for (const char* at = before; (at = strstr(at, library)) != nullptr; at += length) {
        const bool begins = at == before || at[-1] == ':' || at[-1] == ' ';
        if (begins && (at[length] == '\0' || at[length] == ':' || at[length] == ' ')) return true;  // run within run
    }
    char* list = nullptr;
    const bool done = asprintf(&list, "%s:%s", before, library) >= 0 && setenv("LD_PRELOAD", list, 1) == 0;
    free(list);
    return done;
}

// Where execvp would find it. False: nowhere, with errno.
bool find_program(const char* name, char* path, size_t room) {
    if (strchr(name, '/') != nullptr) {
        snprintf(path, room, "%s", name);
        return access(path, F_OK) == 0;
    }
    const char* list = getenv("PATH");
    if (list == nullptr) list = "/bin:/usr/bin";
    int error = ENOENT;
    for (;;) {
        const auto length = static_cast<int>(strcspn(list, ":"));
        snprintf(path, room, "%.*s%s%s", length, list, length > 0 ? "/" : "", name);
        struct stat st;
        if (*name != '\0' && stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
            if (access(path, X_OK) == 0) return true;
            error = EACCES;
        }
        if (list[length] == '\0') break;
        list += length + 1;
    }
    errno = error;
    return false;
}

// Why the loader would put nothing into this program; null: it would, or exec will say what is wrong.
const char* why_not(const char* path) {
    ElfW(Ehdr) header, own;
    const int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), file = open(path, O_RDONLY | O_CLOEXEC);
    const bool read_own = self >= 0 && pread(self, &own, sizeof own, 0) == sizeof own;
    if (self >= 0) close(self);
    if (file < 0) return nullptr;
    const char* why = nullptr;
    struct stat st;
    char capability[64];
    const bool is_elf = pread(file, &header, sizeof header, 0) == sizeof header &&
                        memcmp(header.e_ident, ELFMAG, SELFMAG) == 0;
    // A script's interpreter is asked by nobody here; what it starts inherits the environment.
    if (is_elf && read_own &&
        (header.e_ident[EI_CLASS] != own.e_ident[EI_CLASS] || header.e_machine != own.e_machine)) {
        why = "is for another architecture than this winshim";
    } else if (is_elf) {
        bool dynamic = false;
        for (int i = 0; i < header.e_phnum; ++i) {
            ElfW(Phdr) part;
            const auto at = static_cast<off_t>(header.e_phoff + static_cast<size_t>(i) * header.e_phentsize);
            if (pread(file, &part, sizeof part, at) == sizeof part && part.p_type == PT_INTERP) dynamic = true;
        }
        if (!dynamic) why = "is linked statically: there is no loader that could preload anything";
    }
    if (why == nullptr && geteuid() != 0 && fstat(file, &st) == 0 &&
        (((st.st_mode & S_ISUID) != 0 && st.st_uid != geteuid()) ||
         ((st.st_mode & S_ISGID) != 0 && (st.st_mode & S_IXGRP) != 0 && st.st_gid != getegid()) ||
         fgetxattr(file, "security.capability", capability, sizeof capability) > 0))
        why = "runs with other rights than yours (set-user-ID or capabilities): the loader preloads nothing into it";
    close(file);
    return why;
}

}  // namespace

int run_command(int argc, char** argv) {
    const Options o = parse(argc, argv);
    if (o.help) return show_help(stdout), 0;
    if (o.wrong || o.program == nullptr) return show_help(stderr), kFailed;
    char library[PATH_MAX], program[PATH_MAX];
    if (!find_library(library, sizeof library) || !prepare(o, library)) return kFailed;
    if (!find_program(o.program[0], program, sizeof program)) {
        fprintf(stderr, "winshim run: %s: %s\n", o.program[0], strerror(errno));
        return errno == ENOENT || errno == ENOTDIR ? kNoProgram : kNotExecutable;
    }
    if (const char* const why = why_not(program)) {
        fprintf(stderr, "winshim run: %s %s\n", program, why);
        return kFailed;
    }
    execvp(strchr(o.program[0], '/') != nullptr ? o.program[0] : program, o.program);
    fprintf(stderr, "winshim run: %s: %s\n", o.program[0], strerror(errno));
    return errno == ENOENT || errno == ENOTDIR ? kNoProgram : kNotExecutable;
}
