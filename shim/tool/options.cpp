// options.cpp - the parsing.
#include "shim/tool/options.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace winshim::tool {
namespace {

Asked wrong(const char* command, const char* why, const char* what) noexcept {
    fprintf(stderr, "winshim %s: %s %s (winshim help %s tells what there is)\n", command, why, what, command);
    return Asked::wrong;
}

const Option* find(const Option* options, u32 count, const char* word, size_t length) noexcept {
    for (u32 i = 0; i < count; ++i)
        if (strlen(options[i].name) == length && strncmp(options[i].name, word, length) == 0) return &options[i];
    return nullptr;
}

}  // namespace

Asked parse_options(int argc, char** argv, const Option* options, u32 count, look::List<const char*>& names,
                    char*** rest) noexcept {
    if (rest != nullptr) *rest = nullptr;
    for (int i = 1; i < argc; ++i) {
        const char* word = argv[i];
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) return Asked::help;
        if (strcmp(word, "--") == 0) {
            if (rest != nullptr) *rest = argv + i + 1;
            else while (++i < argc) names.add(argv[i]);
            return Asked::go;
        }
        if (word[0] != '-' || word[1] == 0) {
            names.add(word);
            continue;
        }
        if (strncmp(word, "--", 2) != 0) return wrong(argv[0], "no option", word);
        const size_t length = strcspn(word + 2, "=");
        const Option* option = find(options, count, word + 2, length);
        if (option == nullptr) return wrong(argv[0], "no option", word);
        const bool attached = word[2 + length] == '=';
        if (attached && option->value == nullptr) return wrong(argv[0], "takes no value:", word);
        if (option->flag != nullptr) *option->flag = true;
        if (attached) *option->value = word + 2 + length + 1;
        else if (option->value != nullptr && option->flag == nullptr) {
            if (i + 1 == argc) return wrong(argv[0], "lacks its value:", word);
            *option->value = argv[++i];
        }
    }
    return Asked::go;
}

bool parse_number(const char* option, const char* text, u64 least, u64 most, u64& value) noexcept {
    char* end = nullptr;
    errno = 0;
    value = strtoull(text, &end, 10);
    const bool digits = text[0] >= '0' && text[0] <= '9' && *end == 0 && errno == 0;
    if (digits && value >= least && value <= most) return true;
    fprintf(stderr, "winshim: --%s %s: not a number from %llu to %llu\n", option, text,
            static_cast<unsigned long long>(least), static_cast<unsigned long long>(most));
    return false;
}

}  // namespace winshim::tool
