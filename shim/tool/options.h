// options.h - what stands behind a subcommand: options, names, and what follows "--".
//
// An option is --NAME, or --NAME VALUE, or --NAME=VALUE. --help ends the parsing. Everything else is a name; after "--"
// nothing is an option.
#pragma once
#include "shim/look/list.h"

namespace winshim::tool {

struct Option {
    const char* name;             // without the dashes
    bool* flag = nullptr;         // set where it stands
    const char** value = nullptr; // receives what follows; with `flag` as well: the value is optional, --NAME=VALUE
};

enum class Asked { go, help, wrong };

// Says on standard error what is wrong. `names` receives what is no option; `rest`, if not null, the arguments after
// "--", which end with a null; null if there is no "--".
Asked parse_options(int argc, char** argv, const Option* options, u32 count, look::List<const char*>& names,
                    char*** rest) noexcept;
template <size_t count>
Asked parse(int argc, char** argv, const Option (&options)[count], look::List<const char*>& names,
            char*** rest = nullptr) noexcept {
    return parse_options(argc, argv, options, static_cast<u32>(count), names, rest);
}

// A number in decimal, within bounds; false, and said: it is none.
bool parse_number(const char* option, const char* text, u64 least, u64 most, u64& value) noexcept;

}  // namespace winshim::tool
