// tell.h - one sentence for each thing that must hold, for tests that are no CMocka programs.
//
// Purpose     tell(holds, "what holds", seen) prints a line `ok` or `FAIL`, as tests/run counts them, and what was seen
//             instead; verdict() is what main returns.
#pragma once

#include <cstdio>
#include <string>

inline int failures = 0;

inline bool tell(bool holds, const std::string &what, const std::string &seen = "") {
    printf("%s %s\n", holds ? "ok  " : "FAIL", what.c_str());
    if (!holds) {
        ++failures;
        printf("     seen: %s\n", seen.c_str());
    }
    fflush(stdout);
    return holds;
}
inline int verdict() {
    printf("%s\n", failures == 0 ? "all as it should be" : "some of it is wrong");
    return failures == 0 ? 0 : 1;
}
