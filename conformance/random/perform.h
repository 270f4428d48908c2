// perform.h - a call of a sequence, made on the library.
#pragma once
#include "conformance/random/call.h"

namespace sequence {

// Performs `request`, a Call, on the calling actor. (stage_perform)
void perform(int actor, const void *request, answer *answer);

}  // namespace sequence
