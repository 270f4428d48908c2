// kinds.h - the table of kinds: one line each.
#pragma once
#include "shim/object/event.h"
#include "shim/object/mapping.h"
#include "shim/object/mutex.h"
#include "shim/object/process.h"
#include "shim/object/semaphore.h"
#include "shim/object/thread.h"
#include "shim/object/timer.h"

namespace winshim {

inline constexpr const KindInfo* kKindTable[] = {&event::kInfo, &mutex::kInfo, &semaphore::kInfo, &timer::kInfo,
                                                 &mapping::kInfo, &thread::kInfo, &process::kInfo};

constexpr const KindInfo* kind_info(Kind kind) noexcept {
    for (const KindInfo* info : kKindTable)
        if (info->kind == kind) return info;
    return nullptr;
}

}  // namespace winshim
