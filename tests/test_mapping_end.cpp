// test_mapping_end.cpp - how file mappings and views end: exit, death, fork, exec; nothing of them stays in /dev/shm.
//
// Purpose     A mapping's file goes with the last handle and view of it, in whatever way the processes end; what
//             somebody who was killed leaves goes with the next who comes, or with the segment.
// Source      statements Mapping-12, -13, Life-16, -17, -20, -27 to -29; shim/shm/files.h.
#include <pthread.h>
#include <signal.h>
#include <spawn.h>

#include "tests/support/family.h"
#include "tests/support/mappings.h"

namespace {

HANDLE quiet_pages(DWORD bytes, const char *name) {
    return CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, bytes, name);
}
char *quiet_view(HANDLE mapping) { return static_cast<char *>(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0)); }

// A namespace in which nobody else is: the last one to leave removes the segment.
ProcessOptions alone(const char *space) {
    ProcessOptions options;
    options.name_space = space;
    return options;
}

}  // namespace

ROLE(leave_all_open) {
    for (int i = 0; i < 40; ++i)
        if (quiet_view(quiet_pages(5000, nullptr)) == nullptr) return 1;
    return quiet_view(quiet_pages(5000, argument)) == nullptr;
}

TEST(all, exit_leaves_nothing) {
    const int before = mapping_files();
    auto_event(false);  // somebody stays
    assert_int_equal(run_role("leave_all_open", NAME).status, 0);
    assert_int_equal(mapping_files(), before);
    EXPECT(OpenFileMappingA(FILE_MAP_READ, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    assert_int_equal(run_role("leave_all_open", NAME, alone("-end")).status, 0);
    assert_int_equal(mapping_files(), before);
}

ROLE(die_with_all_open) {
    if (leave_all_open_role(argument) != 0) return 1;
    raise(SIGKILL);
    return 2;
}

TEST(all, a_death_leaves_nothing_for_the_next) {
    const int before = mapping_files();
    REQUIRE(WTERMSIG(run_role("die_with_all_open", NAME, alone("-end")).status) == SIGKILL, "killed");
    assert_int_equal(mapping_files(), before + 41);
    // Sweeps the dead, and goes as the last.
    assert_int_equal(run_role("leave_all_open", NAME, alone("-end")).status, 0);
    assert_int_equal(mapping_files(), before);
}

TEST(all, Mapping_13_a_view_of_the_dead_holds_nothing) {
    const int before = mapping_files();
    auto_event(false);
    REQUIRE(WTERMSIG(run_role("die_with_all_open", NAME).status) == SIGKILL, "killed");
    // Not yet swept: but its name is found with nobody living behind it, and free.
    assert_int_equal(view(pages(100, NAME))[0], 0);
    assert_int_equal(mapping_files(), before + 1);
}

// Killed at any moment of making and closing mappings; the survivor goes on in the same slots.
TEST(all, Life_16_killed_in_the_middle_of_it) {
    const int before = mapping_files();
    const HANDLE kept = pages(3000, NAME);
    char *const memory = view(kept);
    for (int round = 0; round < 40; ++round) {
        fflush(nullptr);
        const pid_t child = fork();
        if (child == 0)
            for (;; memory[2] = static_cast<char>(round + 1)) {
                const HANDLE other = quiet_pages(70'000, "made and closed"), same = quiet_pages(10, NAME);
                char *const at = quiet_view(same);
                if (at == nullptr || quiet_view(other) == nullptr) _exit(1);
                ++at[1];
                UnmapViewOfFile(at);
                CloseHandle(same);
                CloseHandle(other);
            }
        // A child that has not begun yet is taken for alive for a minute.
        while (__atomic_load_n(&memory[2], __ATOMIC_ACQUIRE) != round + 1) usleep(100);
        usleep(97 * static_cast<unsigned>(round));
        kill(child, SIGKILL);
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child && WIFSIGNALED(status), "it was killed in the middle");
        EXPECT(CloseHandle(pages(50'000, "made and closed")), TRUE, SAME);
    }
    REQUIRE(memory[1] != 0 || memory[0] == 0, "the memory is there");
    assert_int_equal(run_role("leave_all_open", "somebody new").status, 0);  // who comes sweeps
    assert_int_equal(mapping_files(), before + 1);
}

TEST(all, Life_27_a_forks_child_has_the_views) {
    const int before = mapping_files();
    const HANDLE mapping = pages(5000, NAME);
    char *const at = view(mapping);
    at[0] = 1;
    const pid_t child = family::child_that([&] {
        if (at[0] != 1) return false;
        at[1] = 2;
        if (!UnmapViewOfFile(at) || UnmapViewOfFile(at) || !CloseHandle(mapping)) return false;
        return CloseHandle(quiet_pages(10, nullptr)) == TRUE;
    });
    REQUIRE(family::ended_well(child), "the child unmaps its own");
    assert_int_equal(at[1], 2);
    EXPECT(UnmapViewOfFile(at), TRUE, SAME);
    EXPECT(CloseHandle(mapping), TRUE, SAME);
    assert_int_equal(mapping_files(), before);
}

TEST(all, Life_27_a_child_keeps_what_its_parent_lets_go) {
    const int before = mapping_files();
    const HANDLE mapping = pages(5000);
    char *const at = view(mapping);
    int go[2];
    REQUIRE(pipe(go) == 0, "a pipe");
    const pid_t child = family::child_that([&] {
        char byte;
        close(go[1]);
        return read(go[0], &byte, 1) == 1 && at[0] == 5 && (at[1] = 6) && mapping_files() == before + 1;
    });
    at[0] = 5;
    EXPECT(UnmapViewOfFile(at), TRUE, SAME);
    EXPECT(CloseHandle(mapping), TRUE, SAME);
    REQUIRE(write(go[1], "g", 1) == 1 && family::ended_well(child), "the child sees it");
    close(go[0]);
    close(go[1]);
    EXPECT(CloseHandle(pages(10)), TRUE, SAME);
    assert_int_equal(run_role("leave_all_open", "somebody new").status, 0);  // the child ended by _exit: it is swept
    assert_int_equal(mapping_files(), before);
}

// The library notices a child that ran no fork handlers, and lets it begin anew: its views are memory, but hold
// nothing.
TEST(all, a_child_without_fork_handlers) {
    const HANDLE mapping = pages(5000);
    char *const at = view(mapping);
    at[0] = 1;
    const pid_t child = _Fork();
    if (child == 0) {
        const HANDLE other = quiet_pages(100, nullptr);
        bool good = other != nullptr && at[0] == 1 && UnmapViewOfFile(at);
        char *const own = quiet_view(other);
        good = good && own != nullptr && own[0] == 0 && UnmapViewOfFile(own) && CloseHandle(other);
        _exit(good ? 0 : 1);
    }
    REQUIRE(family::ended_well(child), "it begins as a stranger");
    assert_int_equal(at[0], 1);
    assert_int_equal(view(mapping)[0], 1);
}

ROLE(exec_in_place) {
    const HANDLE mapping = quiet_pages(5000, argument);
    if (quiet_view(mapping) == nullptr) return 1;
    execlp("true", "true", nullptr);
    return 2;
}

TEST(all, Life_29_exec_has_no_views) {
    const int before = mapping_files();
    auto_event(false);
    assert_int_equal(run_role("exec_in_place", NAME).status, 0);
    EXPECT(OpenFileMappingA(FILE_MAP_READ, FALSE, NAME), nullptr, ERROR_FILE_NOT_FOUND);
    assert_int_equal(mapping_files(), before);
}

namespace {
void *make_and_drop(void *name) {
    for (int i = 0; i < 300; ++i) {
        const HANDLE mapping = quiet_pages(9000, i % 2 == 0 ? static_cast<const char *>(name) : nullptr);
        char *const at = quiet_view(mapping);
        if (at == nullptr) return name;
        at[100] = 1;
        if (!CloseHandle(mapping) || at[100] != 1 || !UnmapViewOfFile(at)) return name;
    }
    return nullptr;
}
}  // namespace

TEST(all, many_threads_make_and_drop) {
    const int before = mapping_files();
    pthread_t thread[6];
    for (pthread_t &t : thread)
        REQUIRE(pthread_create(&t, nullptr, make_and_drop, const_cast<char *>(NAME)) == 0, "a thread");
    for (pthread_t &t : thread) {
        void *result = nullptr;
        REQUIRE(pthread_join(t, &result) == 0 && result == nullptr, "each of its views was good");
    }
    assert_int_equal(mapping_files(), before);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
