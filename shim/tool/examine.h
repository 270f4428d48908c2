// examine.h - is the segment sound? What docs/architecture.md, section 2, says of it and can be seen from outside.
#pragma once
#include "shim/tool/findings.h"

namespace winshim::tool {

struct Census {
    u32 objects, threads, processes, handles, names, dead;  // in use; dead: threads that nobody has run down yet
};

// Looks at everything once. `damage`: what cannot be; `notes`: what a death has left and somebody will repair.
// Needs a view of a whole segment.
Census examine(Findings& damage, Findings& notes) noexcept;
// The header alone. Returns false if nothing behind it is worth a look.
bool examine_header(u64 file_bytes, Findings& damage) noexcept;

}  // namespace winshim::tool
