// command_line.h - Windows' one command line and the arguments of Linux, both ways.
//
// Rules       Blanks and tabs part arguments, unless they stand between quotes. A quote after an even number of
//             backslashes is a delimiter and half of the backslashes stay; after an odd number it is a character, and
//             half of the others stay. Backslashes elsewhere are themselves. In a row of quotes every third one is a
//             character. The first argument, the program, knows no escapes: it ends at the next quote if it begins with
//             one, else at a blank.
// Source      "CommandLineToArgvW", "Parsing C++ command-line arguments".
#pragma once
#include "shim/base/text.h"

namespace winshim::file {

// Writes the arguments of `line` one after the other, each with its end, by `sink(unit)`; returns how many there are.
// The line is not empty.
template <class C, class Sink>
int split_command_line(const C* line, Sink sink) noexcept {
    const auto blank = [](C c) { return c == C{' '} || c == C{'\t'}; };
    if (*line == C{'"'}) {
        for (++line; *line != C{} && *line != C{'"'};) sink(*line++);
        if (*line != C{}) ++line;
    } else {
        while (*line != C{} && !blank(*line)) sink(*line++);
    }
    sink(C{});
    int count = 1;
    for (;;) {
        while (blank(*line)) ++line;
        if (*line == C{}) return count;
        unsigned quotes = 0;  // of those that delimit, since the last time that none was open: 1 is open
        while (*line != C{} && (quotes != 0 || !blank(*line))) {
            std::size_t slashes = 0;
            for (; *line == C{'\\'}; ++line) ++slashes;
            if (*line != C{'"'}) {
                for (; slashes > 0; --slashes) sink(C{'\\'});
                if (*line != C{} && (quotes != 0 || !blank(*line))) sink(*line++);
                continue;
            }
            for (std::size_t i = 0; i < slashes / 2; ++i) sink(C{'\\'});
            if (slashes % 2 != 0) {
                sink(C{'"'});
            } else {
                ++quotes;
            }
            for (++line; *line == C{'"'}; ++line)
                if (++quotes == 3) {
                    sink(C{'"'});
                    quotes = 0;
                }
            if (quotes == 2) quotes = 0;
        }
        sink(C{});
        ++count;
    }
}

// Appends an argument to a command line, by `sink(char)`, so that the rules above give it back.
template <class Sink>
void quote_argument(const char* text, bool program, Sink sink) noexcept {
    bool plain = *text != '\0';
    for (const char* c = text; *c != '\0'; ++c)
        plain = plain && *c != ' ' && *c != '\t' && (program || (*c != '"' && *c != '\n' && *c != '\v'));
    if (!plain) sink('"');
    for (std::size_t slashes = 0;; ++text) {
        if (*text == '\\' && !program) {
            ++slashes;
            sink('\\');
            continue;
        }
        if (!plain && !program && (*text == '"' || *text == '\0'))
            for (; slashes > 0; --slashes) sink('\\');
        slashes = 0;
        if (*text == '\0') break;
        if (*text == '"' && !program) sink('\\');
        sink(*text);
    }
    if (!plain) sink('"');
}

}  // namespace winshim::file
