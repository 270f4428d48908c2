// program.h - which file CreateProcess runs, with which arguments and which environment.
//
// Search      lpApplicationName names the file itself. Else the first argument of the command line does: in quotes, or
//             as it stands; without quotes each blank may belong to the name, and the shortest that exists is taken. A
//             name without a slash is looked for beside the calling program, in the current directory, and along PATH.
// Endings     A program that was built as child.exe on Windows is just child here. A file is tried as it is named; then
//             without a final .exe; then, from a command line, with .exe if it has no ending at all.
// Arguments   By the rules of command_line.h: what the child gets as argv, and makes its GetCommandLine of.
// Source      "CreateProcessW", "Parsing C++ command-line arguments".
#pragma once
#include <limits.h>

#include "shim/base/sdk.h"

namespace winshim::file {

// What execve needs, in one piece of memory from malloc.
struct Program {
    const char* path = nullptr;
    char* const* arguments = nullptr;
    char* const* environment = nullptr;
    const char* directory = nullptr;  // null: the caller's
    void* memory = nullptr;
};

// All texts in the form of the call; `environment`: null for the caller's own, else a block of `EnvironmentC`.
// Returns the last error; 0: `program` is there. Errors: ERROR_INVALID_PARAMETER (neither name nor command line),
// ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_ACCESS_DENIED (a directory, or not executable),
// ERROR_FILENAME_EXCED_RANGE (name or command line too long), ERROR_NOT_ENOUGH_MEMORY.
template <class C, class EnvironmentC>
DWORD make_program(const C* application, const C* line, const EnvironmentC* environment, const C* directory,
                   Program& program) noexcept;

// Whether the file begins as a program does: ELF, a script, or what Linux may be configured to run (MZ).
bool looks_like_program(const char* path) noexcept;
// The last error that goes with execve's errno.
DWORD error_of_exec(int error) noexcept;

}  // namespace winshim::file
