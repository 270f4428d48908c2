// call.cpp - puts a line together.
//
// Text    TIME PID:TID FUNCTION(NAME=VALUE, ...) = RESULT {NAME=VALUE, ...} error=NAME <SECONDS>
// JSON    {"time":...,"pid":...,"tid":...,"function":...,"arguments":{...},"result":...,"stored":{...},"error":NUMBER,
//         "error_name":...,"seconds":...}
// In braces, and under "stored", is what the call has stored through pointers. A line that is written when a call
// begins has no result ("...", "event":"enter"); a call that does not return has no other.
#include "shim/trace/call.h"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/trace/names.h"
#include "shim/trace/sink.h"

namespace winshim::trace {

using relay::Kind;

Settings settings;

namespace {

std::uint64_t clock_ns() noexcept {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

// As the SDK calls it: ..._utf16 and ..._utf32 are the library's.
unsigned shown_length(const char* name) noexcept {
    const auto length = static_cast<unsigned>(strlen(name));
    return length > 6 && memcmp(name + length - 6, "_utf", 4) == 0 ? length - 6 : length;
}

}  // namespace

Call::Call(const relay::Function& f, void** values) noexcept
    : f_(f), values_(values), last_error_(inside->last_error()), error_before_(*last_error_), errno_before_(errno),
      line_(settings.json) {
    show_head();
    show_arguments();
    if (!settings.enter && f.result != Kind::never) return;
    if (!seen_.passes()) return;
    const unsigned mark = line_.mark();
    line_.put(line_.json() ? ",\"event\":\"enter\"}" : " ...");
    write();
    line_.back_to(mark);
}

void Call::begin() noexcept {
    *last_error_ = error_before_;
    errno = errno_before_;
    begun_ = clock_ns();
}

void Call::end(const void* result) noexcept {
    const std::uint64_t nanoseconds = clock_ns() - begun_;
    const int errno_after = errno;
    const std::uint32_t error_after = *last_error_;
    show_results(result, error_after, nanoseconds);
    if (seen_.passes()) write();
    *last_error_ = error_after;
    errno = errno_after;
}

void Call::show_head() noexcept {
    timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const bool json = line_.json();
    if (json) line_.put("{\"time\":\"");
    line_.moment(now.tv_sec, static_cast<unsigned>(now.tv_nsec));
    line_.put(json ? "\",\"pid\":" : " ");
    line_.number(static_cast<std::uint64_t>(getpid()));
    line_.put(json ? ",\"tid\":" : ":");
    line_.number(static_cast<std::uint64_t>(syscall(SYS_gettid)));
    line_.put(json ? ",\"function\":\"" : " ");
    for (unsigned i = 0, length = shown_length(f_.name); i < length; ++i) line_.put(f_.name[i]);
    line_.put(json ? "\",\"arguments\":{" : "(");
}

void Call::show_arguments() noexcept {
    const unsigned count = f_.count();
    for (unsigned i = 0; i < count; ++i) {
        if (i > 0) line_.put(line_.json() ? "," : ", ");
        line_.word(f_.arguments[i].name);
        line_.put(line_.json() ? ':' : '=');
        const unsigned mark = line_.mark();
        line_.limit(kForResults);
        show(line_, f_.arguments[i].kind, f_.width, values_[i], i > 0 ? values_[i - 1] : nullptr, seen_);
        const bool overflowed = line_.overflowed();
        line_.limit(kForTail);
        if (overflowed) line_.back_to(mark), line_.word("...");
    }
    if (f_.by_list != nullptr) line_.put(line_.json() ? ",\"...\":\"...\"" : ", ...");
    line_.put(line_.json() ? '}' : ')');
}

void Call::show_results(const void* result, std::uint32_t error, std::uint64_t nanoseconds) noexcept {
    const bool json = line_.json();
    if (f_.result != Kind::nothing) {
        line_.put(json ? ",\"result\":" : " = ");
        const unsigned mark = line_.mark();
        show(line_, f_.result, f_.width, result, nullptr, seen_);
        if (line_.overflowed()) line_.back_to(mark), line_.word("...");
    }
    bool first = true;
    for (unsigned i = 0; i < f_.count(); ++i) {
        if (!stores(f_.arguments[i].kind, values_[i])) continue;
        const unsigned mark = line_.mark();
        line_.put(first ? (json ? ",\"stored\":{" : " {") : (json ? "," : ", "));
        line_.word(f_.arguments[i].name);
        line_.put(json ? ':' : '=');
        show_stored(line_, f_.arguments[i].kind, values_[i], seen_);
        if (line_.overflowed()) line_.back_to(mark);
        else first = false;
    }
    line_.limit(0);
    if (!first) line_.put('}');
    line_.put(json ? ",\"error\":" : " error=");
    const char* const name = error_name(error);
    if (json || name == nullptr) line_.number(error);
    if (json && name != nullptr) line_.put(",\"error_name\":\""), line_.put(name), line_.put('"');
    if (!json && name != nullptr) line_.put(name);
    line_.put(json ? ",\"seconds\":" : " <");
    line_.number(nanoseconds / 1'000'000'000);
    line_.put('.');
    line_.digits(nanoseconds % 1'000'000'000, 9);
    line_.put(json ? '}' : '>');
}

void Call::write() noexcept {
    line_.limit(0);
    line_.put('\n');
    write_line(line_.data(), line_.size());
}

}  // namespace winshim::trace
