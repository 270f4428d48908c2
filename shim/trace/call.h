// call.h - one traced call: what is said before it, what after it.
//
// Invariants  Last error and errno are for the called function what they were for the caller, and for the caller what
//             the function left: begin() and end() put them back. The destructor does nothing, so that a thread may be
//             cancelled, or end, inside the call.
#pragma once
#include "shim/relay/inside.h"
#include "shim/relay/signatures.h"
#include "shim/trace/line.h"
#include "shim/trace/show.h"

namespace winshim::trace {

struct Settings {
    bool json = false;
    bool enter = false;  // a line at the beginning of a call, too
};
extern Settings settings;

class Call {
public:
    // values[i] points to argument i.
    Call(const relay::Function& f, void** values) noexcept;
    void begin() noexcept;
    void end(const void* result) noexcept;

private:
    void show_head() noexcept;
    void show_arguments() noexcept;
    void show_results(const void* result, std::uint32_t error, std::uint64_t nanoseconds) noexcept;
    void write() noexcept;

    const relay::Function& f_;
    void** values_;
    std::uint32_t* last_error_;
    std::uint32_t error_before_;
    int errno_before_;
    std::uint64_t begun_ = 0;
    Seen seen_;
    Line line_;
};

}  // namespace winshim::trace
