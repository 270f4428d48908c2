// sink.h - where the lines go: a file that processes share, or standard error.
#pragma once

namespace winshim::trace {

// Null: ready. Else why not. `target` is WINSHIM_TRACE: a path, or "stderr" or "-" for standard error.
const char* open_sink(const char* target) noexcept;

// Writes a line by one write(2). What cannot be written is lost; nothing else happens.
void write_line(const char* line, unsigned length) noexcept;

}  // namespace winshim::trace
