// install.h - leads the callers to the traced entry points.
#pragma once

namespace winshim::trace {

// `library`: libwinshim's link_map. Null: done. Else why not; then nothing, or not everything, is traced.
const char* install(const void* library) noexcept;

}  // namespace winshim::trace
