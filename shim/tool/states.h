// states.h - the state of an object in words, and in JSON.
#pragma once
#include "shim/tool/output.h"

namespace winshim::tool {

// "signaled, auto-reset", "owned by a[12], 2 times", "count 1 of 5", "due in 3.2 s"...
void add_state(Text& text, const look::ObjectFacts& facts) noexcept;
// Members of the object's JSON object.
void json_state(Json& json, const look::ObjectFacts& facts) noexcept;
// What to show it in: abandoned red, owned yellow, signaled green.
Tone tone_of(const look::ObjectFacts& facts) noexcept;

}  // namespace winshim::tool
