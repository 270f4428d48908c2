// program.cpp - finding the program, and laying out what it is given.
#include "shim/file/program.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shim/base/environment.h"
#include "shim/base/text.h"
#include "shim/file/command_line.h"
#include "shim/file/descriptor.h"
#include "shim/file/path.h"

namespace winshim::file {
namespace {

constexpr std::size_t kMostCharacters = 32767 - 1;  // of a command line, and its end
constexpr char kEnding[] = ".exe";

// Texts one after the other, each with its end.
class Texts {
public:
    Texts() noexcept = default;
    ~Texts() noexcept { free(data_); }
    Texts(const Texts&) = delete;
    Texts& operator=(const Texts&) = delete;
    void put(char c) noexcept {
        if (size_ == room_) {
            void* const more = realloc(data_, room_ * 2 + 512);
            if (more == nullptr) {
                failed_ = true;
                return;
            }
            data_ = static_cast<char*>(more);
            room_ = room_ * 2 + 512;
        }
        data_[size_++] = c;
        if (c == '\0') ++count_;
    }
    void add(const char* text) noexcept {
        do put(*text);
        while (*text++ != '\0');
    }
    void add(const char* text, std::size_t length) noexcept {
        for (std::size_t i = 0; i < length; ++i) put(text[i]);
        put('\0');
    }
    void fail() noexcept { failed_ = true; }
    bool failed() const noexcept { return failed_; }
    const char* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    std::size_t count() const noexcept { return count_; }
    // A text that begins with these bytes?
    bool has(const char* prefix, std::size_t length) const noexcept {
        for (std::size_t at = 0; at < size_ && !failed_; at += strlen(data_ + at) + 1)
            if (strncmp(data_ + at, prefix, length) == 0) return true;
        return false;
    }

private:
    char* data_ = nullptr;
    std::size_t size_ = 0, room_ = 0, count_ = 0;
    bool failed_ = false;
};

// Text in UTF-8; char text as it is, whatever its bytes are.
class Bytes {
public:
    template <class C>
    explicit Bytes(const C* text) noexcept {
        if (text == nullptr) return;
        if constexpr (sizeof(C) == 1) {
            texts_.add(text);
        } else {
            base::convert<char>(text, base::length_of(text), [this](const char* units, u32 n) {
                for (u32 i = 0; i < n; ++i) texts_.put(units[i]);
            });
            texts_.put('\0');
        }
        given_ = true;
    }
    bool failed() const noexcept { return texts_.failed(); }
    bool given() const noexcept { return given_; }
    const char* data() const noexcept { return given_ ? texts_.data() : ""; }
    std::size_t size() const noexcept { return given_ ? texts_.size() - 1 : 0; }

private:
    Texts texts_;
    bool given_ = false;
};

struct Search {
    char path[PATH_MAX];  // the file that was found, from the root
    DWORD error = ERROR_FILE_NOT_FOUND;
    bool named = false;   // the caller says where it is
    bool denied = false;

    bool is_program() noexcept {
        struct stat st;
        if (stat(path, &st) != 0) return false;
        if (S_ISREG(st.st_mode) && access(path, X_OK) == 0) return true;
        denied = denied || named || S_ISREG(st.st_mode);
        return false;
    }

    // "directory/name", and its other endings.
    bool at(const char* directory, std::size_t directory_length, const char* name, std::size_t length,
            bool add_ending) noexcept {
        const std::size_t room = sizeof path - sizeof kEnding - 1;
        if (directory_length + 1 + length > room) {
            error = ERROR_FILENAME_EXCED_RANGE;
            return false;
        }
        char* to = path;
        memcpy(to, directory, directory_length);
        to += directory_length;
        if (directory_length > 0 && to[-1] != '/') *to++ = '/';
        for (std::size_t i = 0; i < length; ++i) *to++ = name[i] == '\\' ? '/' : name[i];
        *to = '\0';
        if (is_program()) return true;
        const std::size_t bytes = sizeof kEnding - 1;
        if (length > bytes && strcasecmp(to - bytes, kEnding) == 0) {
            to[-static_cast<std::ptrdiff_t>(bytes)] = '\0';
            if (is_program()) return true;
            to[-static_cast<std::ptrdiff_t>(bytes)] = '.';
        }
        const char* const slash = strrchr(path, '/');
        if (!add_ending || strchr(slash != nullptr ? slash : path, '.') != nullptr) return false;
        memcpy(to, kEnding, sizeof kEnding);
        if (is_program()) return true;
        *to = '\0';
        return false;
    }

    bool here(const char* name, std::size_t length, bool add_ending) noexcept {
        if (is_slash(name[0])) return at("", 0, name, length, add_ending);
        char* const now = current_directory();
        const bool found = at(now != nullptr ? now : "", now != nullptr ? strlen(now) : 0, name, length, add_ending);
        free(now);
        return found;
    }

    // What is missing: the file, or its directory.
    void explain() noexcept {
        if (error == ERROR_FILENAME_EXCED_RANGE) return;
        error = denied ? ERROR_ACCESS_DENIED : named ? error_of_path(path, ENOENT) : DWORD{ERROR_FILE_NOT_FOUND};
    }
};

bool has_slash(const char* name, std::size_t length) noexcept {
    for (std::size_t i = 0; i < length; ++i)
        if (is_slash(name[i])) return true;
    return false;
}

bool beside_this_program(Search& search, const char* name, std::size_t length) noexcept {
    char own[PATH_MAX];
    const ssize_t got = readlink("/proc/self/exe", own, sizeof own - 1);
    std::size_t end = got > 0 ? static_cast<std::size_t>(got) : 0;
    while (end > 0 && own[end - 1] != '/') --end;
    return end > 0 && search.at(own, end, name, length, true);
}

// From the root, also where PATH does not say it so: the child may begin in another directory.
bool in_part(Search& search, const char* part, std::size_t bytes, const char* name, std::size_t length) noexcept {
    if (*part == '/') return search.at(part, bytes, name, length, true);
    char joined[PATH_MAX];
    char* const now = current_directory();
    const int all =
        now != nullptr ? snprintf(joined, sizeof joined, "%s/%.*s", now, static_cast<int>(bytes), part) : -1;
    free(now);
    return all > 0 && static_cast<std::size_t>(all) < sizeof joined &&
           search.at(joined, static_cast<std::size_t>(all), name, length, true);
}

bool along_path(Search& search, const char* name, std::size_t length) noexcept {
    const char* at = getenv("PATH");
    while (at != nullptr && *at != '\0') {
        const std::size_t part = strcspn(at, ":");
        // An empty part means the current directory, where it has been looked for.
        if (part > 0 && in_part(search, at, part, name, length)) return true;
        at += part + (at[part] == ':' ? 1 : 0);
    }
    return false;
}

bool find(Search& search, const char* name, std::size_t length) noexcept {
    search.named = has_slash(name, length);
    if (search.named) return search.here(name, length, true);
    return beside_this_program(search, name, length) || search.here(name, length, true) ||
           along_path(search, name, length);
}

// The program that the command line begins with; `end`: where its name ends there.
DWORD find_in_line(const char* line, Search& search, std::size_t& begin, std::size_t& end) noexcept {
    if (*line == '"') {
        begin = 1;
        end = 1 + strcspn(line + 1, "\"");
        if (find(search, line + 1, end - 1)) return 0;
        search.explain();
        return search.error;
    }
    DWORD first_error = 0;
    begin = 0;
    for (end = 0;;) {
        end += strcspn(line + end, " \t");
        if (end > 0 && find(search, line, end)) return 0;
        search.explain();
        if (first_error == 0 || search.error == ERROR_ACCESS_DENIED) first_error = search.error;
        if (line[end] == '\0' || end >= PATH_MAX) return first_error;
        ++end;
    }
}

// What stands behind the first argument: the line that is split has a first argument of its own.
bool add_rest(Texts& arguments, const char* rest) noexcept {
    Texts line;
    line.put('x');
    line.put(' ');
    line.add(*rest == '"' ? rest + 1 : rest);
    if (line.failed()) return false;
    u32 seen = 0;
    split_command_line(line.data(), [&](char c) {
        if (seen != 0) arguments.put(c);
        if (c == '\0') ++seen;
    });
    return true;
}

template <class C>
void add_block(Texts& to, const C* block) noexcept {
    while (*block != C{}) {
        const Bytes entry{block};
        if (entry.failed()) return to.fail();
        to.add(entry.data());
        block += base::length_of(block) + 1;
    }
}

// Without these a child would not find this library, or not the objects of its parent.
bool is_needed(const char* entry) noexcept {
    return strncmp(entry, "WINSHIM_", 8) == 0 || strncmp(entry, "LD_LIBRARY_PATH=", 16) == 0 ||
           strncmp(entry, "LD_PRELOAD=", 11) == 0;
}

template <class C>
void make_environment(Texts& to, const C* block) noexcept {
    const auto add = [](void* texts, const char* entry) { static_cast<Texts*>(texts)->add(entry); };
    if (block == nullptr) return base::each_variable(add, &to);
    add_block(to, block);
    base::each_variable(
        [](void* texts, const char* entry) {
            Texts& all = *static_cast<Texts*>(texts);
            const char* const value = strchr(entry, '=');
            if (value != nullptr && is_needed(entry) && !all.has(entry, static_cast<std::size_t>(value - entry) + 1))
                all.add(entry);
        },
        &to);
}

// Texts and the pointers to them, in one piece.
DWORD pack(const Texts& arguments, const Texts& environment, const char* path, const Bytes& directory,
           Program& program) noexcept {
    const std::size_t pointers = arguments.count() + environment.count() + 2;
    const std::size_t bytes = arguments.size() + environment.size() + strlen(path) + directory.size() + 2;
    auto* const memory = static_cast<char**>(malloc(pointers * sizeof(char*) + bytes));
    if (memory == nullptr) return ERROR_NOT_ENOUGH_MEMORY;
    char* text = reinterpret_cast<char*>(memory + pointers);
    const auto copy = [&text](const char* from, std::size_t length) {
        char* const to = text;
        memcpy(to, from, length);
        text += length;
        return to;
    };
    char** at = memory;
    const auto list = [&](const Texts& texts) {
        char** const begin = at;
        if (texts.size() != 0) {
            char* const first = copy(texts.data(), texts.size());
            for (char* entry = first; entry < first + texts.size(); entry += strlen(entry) + 1) *at++ = entry;
        }
        *at++ = nullptr;
        return begin;
    };
    program.memory = memory;
    program.arguments = list(arguments);
    program.environment = list(environment);
    program.path = copy(path, strlen(path) + 1);
    if (directory.given()) {
        char* const to = copy(directory.data(), directory.size() + 1);
        for (char* c = to; *c != '\0'; ++c)
            if (*c == '\\') *c = '/';
        program.directory = to;
    }
    return 0;
}

DWORD choose(const Bytes& application, const Bytes& command, Search& search, Texts& arguments) noexcept {
    const char* line = command.data();
    if (application.given()) {
        if (application.size() == 0) return ERROR_PATH_NOT_FOUND;
        search.named = true;
        if (!search.here(application.data(), application.size(), false)) {
            search.explain();
            return search.error;
        }
        if (*line == '\0') arguments.add(application.data());
        else split_command_line(line, [&](char c) { arguments.put(c); });
        return 0;
    }
    line += strspn(line, " \t");
    std::size_t begin = 0, end = 0;
    if (const DWORD error = find_in_line(line, search, begin, end); error != 0) return error;
    arguments.add(line + begin, end - begin);
    return add_rest(arguments, line + end) ? 0 : ERROR_NOT_ENOUGH_MEMORY;
}

}  // namespace

template <class C, class EnvironmentC>
DWORD make_program(const C* application, const C* line, const EnvironmentC* environment, const C* directory,
                   Program& program) noexcept {
    if (application == nullptr && line == nullptr) return ERROR_INVALID_PARAMETER;
    if (line != nullptr && base::length_of(line) > kMostCharacters) return ERROR_FILENAME_EXCED_RANGE;
    const Bytes name{application}, command{line}, place{directory};
    if (name.failed() || command.failed() || place.failed()) return ERROR_NOT_ENOUGH_MEMORY;
    Search search;
    Texts arguments, variables;
    if (const DWORD error = choose(name, command, search, arguments); error != 0) return error;
    make_environment(variables, environment);
    if (arguments.failed() || variables.failed()) return ERROR_NOT_ENOUGH_MEMORY;
    return pack(arguments, variables, search.path, place, program);
}

template DWORD make_program(const char*, const char*, const char*, const char*, Program&) noexcept;
template DWORD make_program(const char*, const char*, const char16_t*, const char*, Program&) noexcept;
template DWORD make_program(const char*, const char*, const wchar_t*, const char*, Program&) noexcept;
template DWORD make_program(const char16_t*, const char16_t*, const char*, const char16_t*, Program&) noexcept;
template DWORD make_program(const char16_t*, const char16_t*, const char16_t*, const char16_t*, Program&) noexcept;
template DWORD make_program(const wchar_t*, const wchar_t*, const char*, const wchar_t*, Program&) noexcept;
template DWORD make_program(const wchar_t*, const wchar_t*, const wchar_t*, const wchar_t*, Program&) noexcept;

bool looks_like_program(const char* path) noexcept {
    unsigned char begin[4] = {};
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return true;  // may be run and not be read
    const ssize_t got = read(fd, begin, sizeof begin);
    ::close(fd);
    const auto begins = [&](const char* bytes, std::size_t count) { return memcmp(begin, bytes, count) == 0; };
    return got >= 2 && (begins("\x7f" "ELF", 4) || begins("#!", 2) || begins("MZ", 2));
}

DWORD error_of_exec(int error) noexcept {
    switch (error) {
        case ENOEXEC:
        case ELIBBAD:
        case EINVAL: return ERROR_BAD_EXE_FORMAT;
        case E2BIG: return ERROR_FILENAME_EXCED_RANGE;
        case EAGAIN: return ERROR_NOT_ENOUGH_MEMORY;
        default: return error_of(error);
    }
}

}  // namespace winshim::file
