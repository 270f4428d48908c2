// write.h - a sequence as text and as a C program.
#pragma once
#include <string>
#include <vector>

#include "conformance/random/model.h"

namespace sequence {

const char *label(Profile profile);

// "process 1, thread 0", for sentences.
std::string actor_name(int actor);

// The call as a C expression over h[], the handles of its process; only the first argument list differs between calls.
std::string expression(const Call &call);

// A program that makes these calls and compares: to be compiled with replay.h and stage.c. `why` goes into its comment.
std::string program(Profile profile, const std::vector<Call> &calls, const std::string &why);

}  // namespace sequence
