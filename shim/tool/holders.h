// holders.h - which process has how many handles to which object.
#pragma once
#include "shim/look/list.h"

namespace winshim::tool {

struct Holder {
    u32 object, process, handles;
};

// All of them, ordered by object, then process. Counted from the tables of handles, without a lock: what is opened or
// closed meanwhile may be missed. False: no memory.
bool count_holders(look::List<Holder>& holders) noexcept;
// The first of an object's holders; they follow one another.
u32 first_holder(const look::List<Holder>& holders, u32 object) noexcept;

}  // namespace winshim::tool
