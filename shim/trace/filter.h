// filter.h - which calls are traced: patterns for functions and for the names of objects.
//
//   WINSHIM_TRACE_FILTER=ITEM,...    ITEM: [+|-]PATTERN     functions
//                                          [+|-]@PATTERN    objects by name
//   In a pattern * stands for any characters, ? for one. Of the items that match, the last one decides; what none of
//   them matches is traced unless an item without a minus is there. A function is meant by its name with or without
//   the A or W at its end. A call is traced if one of the named objects that it concerns is; one that concerns none,
//   unless an item @PATTERN without a minus is there.
#pragma once

namespace winshim::trace {

// Null: understood. Else what is wrong.
const char* read_filter(const char* text) noexcept;

bool wants_function(const char* name) noexcept;
bool has_object_filter() noexcept;
bool wants_object(const char* name, unsigned length) noexcept;
// Of a call that concerns no named object.
bool wants_nameless() noexcept;

}  // namespace winshim::trace
