// inside.h - what libwinshim tells libwinshim-trace when it begins the trace.
//
// The trace is a library of its own, loaded when WINSHIM_TRACE asks for it: so a program that is not traced has neither
// its code nor libffi in it. Both are of one version.
#pragma once
#include <cstdint>

namespace winshim::relay {

struct Inside {
    const char* version;
    const void* library;               // libwinshim's link_map
    const char* target;                // WINSHIM_TRACE
    std::uint32_t* (*last_error)();    // of the calling thread
    // The type of a handle's object, and its name in UTF-8 (up to `room` bytes; its length is returned). Negative:
    // nothing is known about the handle. Takes no lock and changes nothing; what it says was true at some moment.
    int (*describe)(void* handle, const char** type, char* name, unsigned room);
};

// Exported by libwinshim-trace. Null: the trace has begun; else why not.
using Begin = const char* (*)(const Inside& inside);

}  // namespace winshim::relay
