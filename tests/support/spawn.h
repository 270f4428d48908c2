// spawn.h - starting this test program anew, with an environment of its own, and seeing it end.
//
// Purpose     What is inherited is stated: standard streams, the channels named in the arguments, the environment with
//             the changes of ProcessOptions. What the child was before (handles, threads, mutexes) is not.
// Crash       A child that runs in a role dies with the thread that started it (PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

struct ProcessOptions;

// Starts the program with the arguments given (nullptr ends them). `output` >= 0 becomes both output streams.
// Returns the process id, or -1.
pid_t spawn_self(const char *const *arguments, const ProcessOptions &options, int output);

// Starts the program in the role of an actor that serves steps from `channel`.
pid_t spawn_actor(int channel, int second_channel, const ProcessOptions &options);

// Waits for a child; on true `status` is as of waitpid.
bool wait_for_process(pid_t process, int timeout_ms, int *status);
