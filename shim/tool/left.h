// left.h - files in /dev/shm that a death has left: those whose segment is gone.
#pragma once
#include "shim/look/list.h"

namespace winshim::tool {

struct LeftFile {
    char name[256];  // in /dev/shm
    u64 segment;     // the id of the segment that it lay beside
};

// Bells and files of mappings of this user that belong to no segment that is there. `in_use`: some process still has a
// segment mapped whose name is gone (winshim check --discard --force), or a segment does not say which it is: then
// nobody can tell whose they are, and none is reported. False: /dev/shm cannot be read, or there is no memory.
bool find_left(look::List<LeftFile>& files, bool& in_use) noexcept;
bool remove_left(const LeftFile& file) noexcept;

// The namespaces of this user's segments, of programs like this one (the same ABI): as WINSHIM_NAMESPACE would be.
bool find_namespaces(look::List<LeftFile>& spaces) noexcept;

}  // namespace winshim::tool
