// who.h - threads, processes and objects as the tool calls them.
//
//   program[PID]       a process, or the thread of a process that has the same id
//   program[PID:TID]   another thread
//   mutex "name"       an object; one without a name is  mutex #INDEX  by its slot
#pragma once
#include "shim/look/waits.h"
#include "shim/tool/output.h"

namespace winshim::tool {

// Names of programs are asked for once; before another look they are forgotten.
void forget_programs() noexcept;

void add_process(Text& text, u32 process) noexcept;
void add_thread(Text& text, u32 slot) noexcept;
void add_object(Text& text, Kind kind, u32 index, u32 generation) noexcept;

// What a thread that does not wait is doing: "runs", "is stopped", "sleeps outside of winshim"...
const char* doing(u32 slot) noexcept;

// The same in JSON: {"program":...,"pid":...} and {"program":...,"pid":...,"tid":...,"alive":...}.
void json_process(Json& json, const char* key, u32 process) noexcept;
void json_thread(Json& json, const char* key, u32 slot) noexcept;

// "12:3": slot and generation, which are one object for ever.
void add_id(Text& text, u32 index, u32 generation) noexcept;

}  // namespace winshim::tool
