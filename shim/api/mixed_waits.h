// mixed_waits.h - waits among whose handles are another library's (next/next.h).
//
// Purpose     If all of them are, the call is handed on as it is. If some are, this waits for any of them: it takes
//             turns, a short wait for ours, a short wait of the other library's for theirs. What is taken is taken by
//             one of the two in one piece, so nothing is lost or taken twice. The price, besides up to kTurnMs until a
//             signal is seen: in the queue of an object such a waiter is each time a new one, and a pulse may fall into
//             the other's turn. For all of them there is no way: nobody could take back what the other has taken.
#pragma once
#include "shim/api/convert.h"

namespace winshim::api {

// The function that was called, which is the one that theirs are handed on to: of the others theirs may be made of, and
// then those come here in their turn.
enum class Asked { one, one_ex, many, many_ex };

struct Wait {
    DWORD count;
    const HANDLE* handles;
    bool all;
    DWORD timeout_ms;
    bool alertable;
    Asked asked;
};

// True, with the result, if the wait has handles of another library and is done, or has failed.
[[gnu::cold]] bool wait_with_foreign(const Wait& wait, DWORD& result) noexcept;

}  // namespace winshim::api
