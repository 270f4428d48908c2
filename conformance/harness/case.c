/* case.c - the cases, their expectations and their names.
 *
 * Purpose     What a case expects is compared here; the first difference ends it. The judge's words go to the standard
 *             output, where the runner reads them: a line "#! kind<TAB>..." each.
 * Invariants  Expectations belong to the thread that runs the case. A missing function may be met anywhere.
 */
#include "conformance/harness/case.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/suite.h"

/* ---- the cases, by file and line --------------------------------------------------------------------------------- */
static Case *first_case;

static bool before(const Case *a, const Case *b) {
    const int files = strcmp(a->file, b->file);
    return files != 0 ? files < 0 : a->line != b->line ? a->line < b->line : a->where < b->where;
}

void register_case(Case *one, const char *suffix) {
    const char *stem = strrchr(one->file, '/') != NULL ? strrchr(one->file, '/') + 1 : one->file;
    const char *point = strchr(stem, '.');
    char *name = malloc(strlen(one->file) + strlen(one->name) + strlen(suffix) + 3);
    sprintf(name, "%.*s.%s%s", (int)(point - stem), stem, one->name, suffix);
    one->name = name;
    Case **place = &first_case;
    while (*place != NULL && before(*place, one)) place = &(*place)->next;
    one->next = *place;
    *place = one;
}

Case *all_cases(void) { return first_case; }

Case *case_named(const char *name) {
    Case *one = first_case;
    while (one != NULL && strcmp(one->name, name) != 0) one = one->next;
    return one;
}

/* ---- the one that runs ------------------------------------------------------------------------------------------- */
static unsigned running_profile;
static bool results_only;

static const char *const profile_names[] = {"ce", "ce5", "nt"};

unsigned profile_of(const char *name) {
    for (unsigned i = 0; i < 3; ++i)
        if (strcmp(profile_names[i], name) == 0) return 1u << i;
    return 0;
}

const char *profile_name(unsigned one) { return profile_names[one == CE ? 0 : one == CE5 ? 1 : 2]; }

void case_begins(unsigned in_profile, bool is_lenient) {
    running_profile = in_profile;
    results_only = is_lenient;
}

unsigned profile(void) { return running_profile; }

void be_alone(void) { use_space_alone(running_profile); }

void use_space_alone(unsigned in_profile) {
    const char *whole = getenv("WINSHIM_NAMESPACE");
    char space[300];
    snprintf(space, sizeof space, "%s-alone-%s-", whole != NULL ? whole : "", profile_name(in_profile));
    set_environment("WINSHIM_NAMESPACE", space);
}

static void say(const char *kind, const char *format, ...) {
    char line[2000];
    int length = snprintf(line, sizeof line, "\n#! %s\t", kind);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line + length, sizeof line - (size_t)length - 2, format, arguments);
    va_end(arguments);
    for (char *c = line + 1; *c != 0; ++c)
        if (*c == '\n' || *c == '\r') *c = ' ';
    strcat(line, "\n");
    write_out(line);
}

void fail_case(const char *file, int line, const char *what, const char *expected, const char *got) {
    const char *stem = strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
    say("failed", "%s\t%s\t%s\t%s:%d", what, expected, got, stem, line);
    end_case_failed(file, line);
}

void skip_case(const char *reason) {
    say("skipped", "%s", reason);
    end_process(CASE_SKIPPED);
}

void *judged(const char *function) {
    void *found = library_find(function);
    if (found != NULL) return found;
    say("missing", "%s", function);
    end_process(CASE_MISSING);
}

/* ---- expectations ------------------------------------------------------------------------------------------------ */
void poison(void) { SetLastError(UNTOUCHED); }

static const char *number_text(char *text, size_t size, uint64_t number) {
    const int64_t as_signed = (int64_t)number;
    if (number == 0xFFFFFFFFu || as_signed == -1)
        snprintf(text, size, "-1");
    else if (number > 4096)
        snprintf(text, size, "0x%llX", (unsigned long long)number);
    else
        snprintf(text, size, "%llu", (unsigned long long)number);
    return text;
}

static const char *error_text(char *text, size_t size, DWORD error) {
    if (error == UNTOUCHED)
        snprintf(text, size, "last error as it was");
    else
        snprintf(text, size, "last error %u", (unsigned)error);
    return text;
}

/* A 32-bit result may come with the sign carried on: the lower half counts where the upper one is only that. */
static bool same_number(uint64_t a, uint64_t b) {
    return a == b || ((uint32_t)a == (uint32_t)b && (a >> 32 == 0 || a >> 32 == 0xFFFFFFFFu) &&
                      (b >> 32 == 0 || b >> 32 == 0xFFFFFFFFu));
}

static void compare(const char *file, int line, const char *call, bool right, const char *expected, uint64_t got,
                    DWORD error) {
    const DWORD now = GetLastError();
    if (right && (error == ANY || now == error)) return;
    if (right && results_only && (error == SAME || error == NEW_OBJECT)) return;
    char result[40], wanted_error[40], got_error[40], want[120], have[120];
    snprintf(want, sizeof want, "%s%s%s", expected, error == ANY ? "" : ", ",
             error == ANY ? "" : error_text(wanted_error, sizeof wanted_error, error));
    snprintf(have, sizeof have, "%s, %s", number_text(result, sizeof result, got),
             error_text(got_error, sizeof got_error, now));
    fail_case(file, line, call, want, have);
}

uint64_t expect_number(const char *file, int line, const char *call, uint64_t got, uint64_t expected, DWORD error) {
    char text[40];
    compare(file, line, call, same_number(got, expected), number_text(text, sizeof text, expected), got, error);
    return got;
}

uint64_t expect_truth(const char *file, int line, const char *call, uint64_t got, DWORD error) {
    compare(file, line, call, got != 0, "nonzero", got, error);
    return got;
}

HANDLE expect_handle(const char *file, int line, const char *call, HANDLE got, DWORD error) {
    compare(file, line, call, got != NULL && got != INVALID_HANDLE_VALUE, "a handle", (uint64_t)(uintptr_t)got, error);
    return got;
}

void expect_equal(const char *file, int line, const char *what, uint64_t got, uint64_t expected) {
    if (same_number(got, expected)) return;
    char want[40], have[40];
    fail_case(file, line, what, number_text(want, sizeof want, expected), number_text(have, sizeof have, got));
}

void expect_between(const char *file, int line, const char *what, uint64_t got, uint64_t lowest, uint64_t highest) {
    if (got >= lowest && got <= highest) return;
    char want[80], low[40], high[40], have[40];
    snprintf(want, sizeof want, "%s to %s", number_text(low, sizeof low, lowest),
             number_text(high, sizeof high, highest));
    fail_case(file, line, what, want, number_text(have, sizeof have, got));
}

/* ---- names ------------------------------------------------------------------------------------------------------- */
static const WCHAR *widened(const char *text) {
    const size_t length = strlen(text);
    WCHAR *wide = malloc((length + 1) * sizeof(WCHAR));
    for (size_t i = 0; i <= length; ++i) wide[i] = (WCHAR)(unsigned char)text[i];
    return wide;
}

const WCHAR *own_name(const char *word) {
    char text[300];
    snprintf(text, sizeof text, "conformance-%llu-%s", (unsigned long long)own_process_id(), word);
    return widened(text);
}

const WCHAR *own_name_of(unsigned length) {
    char text[400], digits[24];
    const int count = snprintf(digits, sizeof digits, "%llu-", (unsigned long long)own_process_id());
    for (unsigned i = 0; i < length && i < sizeof text - 1; ++i)
        text[i] = i < (unsigned)count ? digits[i] : (char)('a' + i % 26);
    text[length < sizeof text ? length : sizeof text - 1] = 0;
    return widened(text);
}

static size_t length_of(const WCHAR *text) {
    size_t length = 0;
    while (text[length] != 0) ++length;
    return length;
}

const WCHAR *joined(const char *front, const WCHAR *name) {
    const WCHAR *wide = widened(front);
    const size_t in_front = length_of(wide), behind = length_of(name);
    WCHAR *whole = malloc((in_front + behind + 1) * sizeof(WCHAR));
    memcpy(whole, wide, in_front * sizeof(WCHAR));
    memcpy(whole + in_front, name, (behind + 1) * sizeof(WCHAR));
    free((void *)wide);
    return whole;
}

const char *ansi(const WCHAR *name) {
    char *text = malloc(length_of(name) * 4 + 1), *next = text;
    for (; *name != 0; ++name) {
        unsigned long c = *name;
        if (c >= 0xD800 && c < 0xDC00 && name[1] >= 0xDC00 && name[1] < 0xE000)
            c = 0x10000 + ((c - 0xD800) << 10) + (unsigned long)(*++name - 0xDC00);
        if (c < 0x80) {
            *next++ = (char)c;
            continue;
        }
        const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        *next++ = (char)((0xFF00 >> (more + 1)) | (c >> (6 * more)));
        for (int i = more - 1; i >= 0; --i) *next++ = (char)(0x80 | ((c >> (6 * i)) & 0x3F));
    }
    *next = 0;
    return text;
}
