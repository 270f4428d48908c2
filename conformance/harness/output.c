/* output.c - results as TAP, as JUnit's XML, and as the closing table.
 *
 * Source      testanything.org (version 13); the XML that Jenkins and GitLab read.
 */
#include <string.h>

#include "conformance/harness/case.h"
#include "conformance/harness/runner.h"
#include "conformance/harness/suite.h"

const char *outcome_name(enum Outcome outcome) {
    static const char *const names[OUTCOMES] = {"passed", "failed", "crashed", "hung", "missing", "skipped", "known"};
    return names[outcome];
}

/* ---- TAP --------------------------------------------------------------------------------------------------------- */
void tap_plan(FILE *out, size_t count) { fprintf(out, "TAP version 13\n1..%zu\n", count); }

static void quoted(FILE *out, const char *key, const char *value) {
    fprintf(out, "  %s: \"", key);
    for (; *value != 0; ++value) {
        if (*value == '"' || *value == '\\') fputc('\\', out);
        fputc(*value, out);
    }
    fputs("\"\n", out);
}

void tap_result(FILE *out, size_t number, const struct Result *result) {
    const Case *one = result->one;
    const bool ok = result->outcome == PASSED || result->outcome == MISSING || result->outcome == SKIPPED;
    fprintf(out, "%sok %zu - %s %s (%s)", ok ? "" : "not ", number, profile_name(result->profile), one->name,
            one->statements);
    if (result->outcome == MISSING) fprintf(out, " # SKIP missing %s", result->got);
    if (result->outcome == SKIPPED) fprintf(out, " # SKIP %s", result->got);
    /* TODO is TAP's own directive for a test that fails and is expected to: nothing is left to be done here. */
    if (result->outcome == KNOWN) fputs(" # TODO known difference", out);
    fputc('\n', out);
    if (ok) return;
    fputs("  ---\n", out);
    quoted(out, "outcome", outcome_name(result->outcome));
    quoted(out, "statement", one->statements);
    quoted(out, "source", one->source);
    quoted(out, "call", result->what);
    quoted(out, "expected", result->expected);
    quoted(out, "got", result->got);
    quoted(out, "at", result->place);
    fputs("  ...\n", out);
}

/* ---- JUnit ------------------------------------------------------------------------------------------------------- */
static void escaped(FILE *out, const char *text) {
    for (; *text != 0; ++text) switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        default: fputc((unsigned char)*text < 0x20 ? ' ' : *text, out);
        }
}

static bool is_bad(enum Outcome outcome) { return outcome == FAILED || outcome == CRASHED || outcome == HUNG; }

static void junit_case(FILE *out, const struct Result *result) {
    fprintf(out, "    <testcase classname=\"%s\" name=\"%s (%s)\" time=\"%.3f\"", profile_name(result->profile),
            result->one->name, result->one->statements, (double)result->ms / 1000);
    if (result->outcome == PASSED) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n      ", out);
    if (is_bad(result->outcome)) {
        fprintf(out, "<%s type=\"%s\" message=\"", result->outcome == FAILED ? "failure" : "error",
                outcome_name(result->outcome));
        escaped(out, result->what);
        fputs(": expected ", out);
        escaped(out, result->expected);
        fputs("; got ", out);
        escaped(out, result->got);
        fprintf(out, "\"/>\n");
    } else {
        fprintf(out, "<skipped message=\"%s ", outcome_name(result->outcome));
        escaped(out, result->got);
        fputs("\"/>\n", out);
    }
    fputs("    </testcase>\n", out);
}

void write_junit(FILE *out, const struct Result *results, size_t count) {
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"winshim-conformance\">\n", out);
    for (size_t begin = 0; begin < count;) {
        size_t end = begin, numbers[OUTCOMES] = {0};
        uint64_t ms = 0;
        for (; end < count && results[end].profile == results[begin].profile; ++end) {
            ++numbers[results[end].outcome];
            ms += results[end].ms;
        }
        fprintf(out,
                "  <testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" "
                "time=\"%.3f\">\n",
                profile_name(results[begin].profile), end - begin, numbers[FAILED], numbers[CRASHED] + numbers[HUNG],
                numbers[MISSING] + numbers[SKIPPED] + numbers[KNOWN], (double)ms / 1000);
        for (; begin < end; ++begin) junit_case(out, &results[begin]);
        fputs("  </testsuite>\n", out);
    }
    fputs("</testsuites>\n", out);
}

/* ---- the table: family of functions x profile, as passed/failed/skipped ------------------------------------------ */
size_t family_length(const char *statement) {
    const size_t length = strcspn(statement, " ");
    size_t dash = length;
    for (size_t i = 0; i < length; ++i)
        if (statement[i] == '-') dash = i;
    return dash;
}

struct Row {
    const char *family;
    size_t length;
    unsigned numbers[3][3]; /* [profile][passed, failed, skipped] */
};

static void add(struct Row *row, const struct Result *result) {
    const unsigned column = result->profile == CE ? 0 : result->profile == CE5 ? 1 : 2;
    row->numbers[column][result->outcome == PASSED ? 0 : is_bad(result->outcome) ? 1 : 2]++;
}

static void write_row(FILE *out, const char *prefix, const char *title, size_t length, const struct Row *row) {
    fprintf(out, "%s%-16.*s", prefix, (int)length, title);
    for (unsigned i = 0; i < 3; ++i) {
        char text[40];
        snprintf(text, sizeof text, "%u/%u/%u", row->numbers[i][0], row->numbers[i][1], row->numbers[i][2]);
        fprintf(out, " %13s", row->numbers[i][0] + row->numbers[i][1] + row->numbers[i][2] > 0 ? text : "-");
    }
    fputc('\n', out);
}

/* A case counts in the family of each statement that it names, and once in the sum. */
void write_table(FILE *out, const struct Result *results, size_t count, const char *prefix) {
    static struct Row rows[100];
    size_t used = 0;
    struct Row all = {0};
    unsigned numbers[OUTCOMES] = {0};
    memset(rows, 0, sizeof rows);
    for (size_t i = 0; i < count; ++i) {
        add(&all, &results[i]);
        ++numbers[results[i].outcome];
        const char *last = "";
        size_t last_length = 0;
        for (const char *id = results[i].one->statements; *id != 0; id += strcspn(id, " "), id += strspn(id, " ")) {
            const size_t length = family_length(id);
            if (length == last_length && strncmp(id, last, length) == 0) continue;
            last = id;
            last_length = length;
            size_t at = 0;
            while (at < used && !(rows[at].length == length && strncmp(rows[at].family, id, length) == 0)) ++at;
            if (at == used && used < sizeof rows / sizeof rows[0])
                rows[used++] = (struct Row){.family = id, .length = length};
            if (at < used) add(&rows[at], &results[i]);
        }
    }
    fprintf(out, "%sstatements of %24s %13s %13s   (passed/failed/skipped)\n", prefix, "ce", "ce5", "nt");
    for (size_t at = 0; at < used; ++at) write_row(out, prefix, rows[at].family, rows[at].length, &rows[at]);
    write_row(out, prefix, "all", 3, &all);
    fputs(prefix, out);
    for (int outcome = 0; outcome < OUTCOMES; ++outcome)
        fprintf(out, "%s%u %s", outcome == 0 ? "" : ", ", numbers[outcome], outcome_name((enum Outcome)outcome));
    fputc('\n', out);
}
