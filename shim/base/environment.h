// environment.h - the variables of this process, for those that hand them on.
#pragma once

namespace winshim::base {

// Calls visit(with, "NAME=VALUE") for each, while no call of this library changes them. `visit` may not set any.
void each_variable(void (*visit)(void* with, const char* entry), void* with) noexcept;

}  // namespace winshim::base
