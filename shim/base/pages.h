// pages.h - what VirtualAlloc does not know itself.
#pragma once
#include "shim/base/sdk.h"

namespace winshim::base {

// Gives bytes of a view memory; set by whoever maps views (api/mappings.cpp), null before. Returns an error code, 0 for
// success.
extern constinit std::atomic<DWORD (*)(const void* at, SIZE_T bytes) noexcept> commit_in_view;

}  // namespace winshim::base
