// begin.cpp - what libwinshim calls to begin the trace, and the settings.
//
//   WINSHIM_TRACE          where to: a file, or "stderr" or "-"
//   WINSHIM_TRACE_FILTER   what: filter.h
//   WINSHIM_TRACE_FORMAT   how: text (default) or json; and, after a comma, enter: a line at the beginning of each call
//   too
#include <cstdlib>
#include <cstring>

#include "shim/relay/inside.h"
#include "shim/trace/call.h"
#include "shim/trace/filter.h"
#include "shim/trace/install.h"
#include "shim/trace/sink.h"

namespace winshim::trace {
namespace {

bool read_format(const char* text) noexcept {
    while (*text != '\0') {
        const char* const comma = strchrnul(text, ',');
        const auto is = [&](const char* word) {
            return strlen(word) == static_cast<std::size_t>(comma - text) && memcmp(word, text, strlen(word)) == 0;
        };
        if (is("json")) settings.json = true;
        else if (is("enter")) settings.enter = true;
        else if (!is("text") && !is("")) return false;
        text = *comma == ',' ? comma + 1 : comma;
    }
    return true;
}

const char* setting(const char* name) noexcept {
    const char* const value = secure_getenv(name);
    return value == nullptr ? "" : value;
}

const char* begin(const relay::Inside& told) noexcept {
    if (strcmp(told.version, WINSHIM_VERSION) != 0) return "libwinshim-trace.so is of another version";
    static relay::Inside kept;
    kept = told;
    inside = &kept;
    if (!read_format(setting("WINSHIM_TRACE_FORMAT"))) return "WINSHIM_TRACE_FORMAT is not made of text, json, enter";
    if (const char* const trouble = read_filter(setting("WINSHIM_TRACE_FILTER"))) return trouble;
    if (const char* const trouble = open_sink(told.target)) return trouble;
    return install(told.library);
}

}  // namespace
}  // namespace winshim::trace

extern "C" __attribute__((visibility("default"))) const char* winshim_trace_begin(
    const winshim::relay::Inside& inside) {
    return winshim::trace::begin(inside);
}
