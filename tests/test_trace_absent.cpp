// test_trace_absent.cpp - WINSHIM_TRACE: who does not trace pays nothing: no library, no other code.
#include <dlfcn.h>
#include <windows.h>

#include "tests/support/trace.h"

namespace {

using namespace trace_test;

// Whether libffi and the library of the trace are in this process, and whether the calls go where the linker led them.
int mapped(bool wanted) {
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[600];
    bool ffi = false, trace = false;
    while (fgets(line, sizeof line, maps) != nullptr) {
        ffi |= strstr(line, "libffi") != nullptr;
        trace |= strstr(line, "libwinshim-trace") != nullptr;
    }
    fclose(maps);
    Dl_info info;
    const bool in_library = dladdr(dlsym(RTLD_DEFAULT, "SetEvent"), &info) != 0 &&
                            strstr(info.dli_fname, "libwinshim.so") != nullptr;
    return ffi == wanted && trace == wanted && in_library == !wanted ? 0 : 1;
}

// The code of the exports in memory is the code in the file, traced or not.
int same_code() {
    Dl_info info;
    const bool is_there = dladdr(dlsym(RTLD_DEFAULT, "WinshimVersion"), &info) != 0;
    if (!is_there && getenv("WINSHIM_TRACE") == nullptr) return 2;
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[600], path[512] = "";
    unsigned long from = 0, to = 0, offset = 0;
    char rights[5];
    while (fgets(line, sizeof line, maps) != nullptr)
        if (strstr(line, "libwinshim.so") != nullptr && strstr(line, "r-xp") != nullptr &&
            sscanf(line, "%lx-%lx %4s %lx %*s %*s %511s", &from, &to, rights, &offset, path) == 5)
            break;
    fclose(maps);
    if (path[0] == '\0') return 3;
    FILE *file = fopen(path, "rb");
    std::vector<unsigned char> code(to - from);
    fseek(file, static_cast<long>(offset), SEEK_SET);
    const std::size_t got = fread(code.data(), 1, code.size(), file);
    fclose(file);
    return got > 50'000 && memcmp(reinterpret_cast<void*>(from), code.data(), got) == 0 ? 0 : 1;
}

void costs_nothing() {
    tell(run("untraced", "", "", "").status == 0,
         "without WINSHIM_TRACE neither libffi nor the trace is in the process");
    tell(run("traced").status == 0, "with it they are");
    tell(run("same_code", "", "", "").status == 0, "the code in memory is that of the file");
    tell(run("same_code").status == 0, "  while the trace is on, too");
}

void tests() {
    costs_nothing();
}

}  // namespace

int main(int argc, char **argv) {
    constexpr Subject subjects[] = {
        {"traced", [] { return mapped(true); }},
        {"untraced", [] { return mapped(false); }},
        {"same_code", same_code},
    };
    return trace_main(argc, argv, subjects, tests);
}
