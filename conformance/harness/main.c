/* main.c - the command winshim-conformance, and what it is when it has started itself: a case, or a partner in one. */
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/case.h"
#include "conformance/harness/runner.h"
#include "conformance/harness/suite.h"

static const char usage[] =
    "winshim-conformance: judges a library of Win32 calls by the documented behaviour\n"
    "  winshim-conformance [OPTION...] [WORD...]   runs the cases with a WORD in name or statements; or all\n"
    "  --lib PATH        the library (without it: libwinshim.so.0; on Windows the system)\n"
    "  --profiles LIST   ce,ce5,nt; without it: all three if the library has WinshimSetProfile, else nt\n"
    "  --tap FILE        TAP; - is the standard output, where it goes anyway\n"
    "  --junit FILE      XML as JUnit writes it\n"
    "  --known FILE      lines `profile case # why`: these fail; it is a failure if they pass\n"
    "  --strict          a function that is missing is a failure\n"
    "  --lenient         last error after a success is not looked at, unless it says that an object existed\n"
    "  --quiet           shows failures and the table only\n"
    "  --jobs N          so many cases at once (without it: the number of processors)\n"
    "  --limit SECONDS   for each case (without it: 60)\n"
    "  --list            the cases: name, profiles, statements, source; separated by tabs\n"
    "Ends with 0: none failed; 1: some failed, crashed or hung; 2: it could not run.\n";

static const char *library;

const char *library_path(void) { return library; }

static unsigned profiles_in(const char *list) {
    unsigned all = 0;
    while (*list != 0) {
        char name[8] = "";
        const size_t length = strcspn(list, ",");
        if (length < sizeof name) memcpy(name, list, length);
        const unsigned one = profile_of(name);
        if (one == 0) return 0;
        all |= one;
        list += length + (list[length] == ',');
    }
    return all;
}

static int list_cases(void) {
    for (Case *one = all_cases(); one != NULL; one = one->next) {
        printf("%s\t", one->name);
        for (unsigned i = CE, any = 0; i <= NT; i <<= 1)
            if (one->profiles & i) printf("%s%s", any++ ? "," : "", profile_name(i));
        printf("\t%s\t%s\n", one->statements, one->source);
    }
    return 0;
}

static bool opens(void) {
    const char *trouble = library_open(library);
    const char *name = library != NULL ? library : "libwinshim.so.0";
    if (trouble != NULL) fprintf(stderr, "winshim-conformance: %s: %s\n", name, trouble);
    return trouble == NULL;
}

/* ---- what it is when it has started itself ----------------------------------------------------------------------- */
static int be_case(const char *name, unsigned in_profile, bool lenient) {
    end_with_parent();
    const Case *one = case_named(name);
    if (one == NULL || in_profile == 0 || !opens()) return CASE_CANNOT_RUN;
    case_begins(in_profile, lenient);
    const int result = run_case(one);
    if (result == CASE_PASSED) write_out("\n#! passed\t\n");
    return result;
}

/* Looks what the library has. An event comes and goes, so that the last process to leave leaves in order. */
static int be_probe(void) {
    if (!opens()) return CASE_CANNOT_RUN;
    __typeof__(CreateEventW) *create = library_find("CreateEventW");
    __typeof__(CloseHandle) *close = library_find("CloseHandle");
    const HANDLE event = create != NULL ? create(NULL, FALSE, FALSE, NULL) : NULL;
    if (event != NULL && close != NULL) close(event);
    return library_find("WinshimSetProfile") != NULL ? ALL : NT << 3;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */
static int probe(char *output, size_t size) {
    const char *const arguments[] = {"--probe", library != NULL ? "--lib" : NULL, library, NULL};
    const struct Ending ending = process_run(arguments, 20000, output, size);
    return ending.in_time && !ending.crashed ? ending.code : -1;
}

static int run(struct Options *options) {
    char said[2000];
    char space[60];
    /* Names and shared storage of this run alone, where the library knows such a thing. */
    snprintf(space, sizeof space, "conformance-%llu-", (unsigned long long)own_process_id());
    if (getenv("WINSHIM_NAMESPACE") == NULL) set_environment("WINSHIM_NAMESPACE", space);
    options->library = library;
    const int found = probe(said, sizeof said);
    if (found != ALL && found != NT << 3) {
        fprintf(stderr, "%s\n", said[0] != 0 ? said : "winshim-conformance: the library does not load");
        return CASE_CANNOT_RUN;
    }
    if (options->profiles == 0) options->profiles = found == ALL ? ALL : NT;
    const int result = run_all(options);
    /* The last one out of each space, after those that were killed. */
    probe(said, sizeof said);
    char all[200];
    snprintf(all, sizeof all, "%s", getenv("WINSHIM_NAMESPACE"));
    for (unsigned profile = CE; profile <= NT; profile <<= 1) {
        use_space_alone(profile);
        probe(said, sizeof said);
        set_environment("WINSHIM_NAMESPACE", all);
    }
    return result;
}

static int misused(const char *what) {
    fprintf(stderr, "winshim-conformance: %s\n%s", what, usage);
    return CASE_CANNOT_RUN;
}

int main(int count, char **arguments) {
    struct Options options = {.jobs = processors(), .limit_ms = 60000, .only = arguments + 1};
    const char *role = NULL, *subject = NULL, *list = NULL;
    for (int i = 1; i < count; ++i) {
        const char *word = arguments[i];
        const char *value = i + 1 < count ? arguments[i + 1] : NULL;
        if (word[0] != '-') {
            options.only[options.only_count++] = arguments[i]; /* moved to the front of the arguments */
            continue;
        }
        if (strcmp(word, "--help") == 0) return fputs(usage, stdout), 0;
        if (strcmp(word, "--list") == 0) return list_cases();
        if (strcmp(word, "--probe") == 0) { role = word; continue; }
        if (strcmp(word, "--strict") == 0) { options.strict = true; continue; }
        if (strcmp(word, "--lenient") == 0) { options.lenient = true; continue; }
        if (strcmp(word, "--quiet") == 0) { options.quiet = true; continue; }
        if (value == NULL) return misused(word);
        ++i;
        if (strcmp(word, "--case") == 0 || strcmp(word, "--partner") == 0 || strcmp(word, "--adopted") == 0) {
            role = word;
            subject = value;
        } else if (strcmp(word, "--lib") == 0) library = value;
        else if (strcmp(word, "--profiles") == 0 || strcmp(word, "--profile") == 0) list = value;
        else if (strcmp(word, "--tap") == 0) options.tap = value;
        else if (strcmp(word, "--junit") == 0) options.junit = value;
        else if (strcmp(word, "--known") == 0) options.known = value;
        else if (strcmp(word, "--jobs") == 0) options.jobs = (unsigned)atoi(value);
        else if (strcmp(word, "--limit") == 0) options.limit_ms = (unsigned)atoi(value) * 1000;
        else return misused(word);
    }
    if (list != NULL && (options.profiles = profiles_in(list)) == 0) return misused("no such profile");
    if (options.jobs < 1 || options.jobs > 64) return misused("--jobs 1 to 64");
    if (options.limit_ms < 1000) return misused("--limit from 1");
    if (role == NULL) return run(&options);
    if (strcmp(role, "--probe") == 0) return be_probe();
    set_environment("WINSHIM_PROFILE", profile_name(options.profiles)); /* before the library is there */
    if (strcmp(role, "--case") == 0) return be_case(subject, options.profiles, options.lenient);
    if (strcmp(role, "--partner") == 0) end_with_parent();
    if (!opens()) return CASE_CANNOT_RUN;
    case_begins(options.profiles, false);
    return serve_as_partner(subject);
}
