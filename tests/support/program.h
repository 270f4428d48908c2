// program.h - a test program: its tests, the profiles they hold in, its roles, its main.
//
// Purpose     TEST(ce | nt, SetEvent_08_...) { ... } is a CMocka test that runs in these profiles; each profile is a
//             process of its own, since a process has one profile. NAME is an object name that no other test uses.
//             TEST_SHARED(all, ...) runs twice: another() is a thread first, a process the second time.
//             ROLE(name) { ... } is what the program does instead of testing when run_role starts it.
// Usage       PROGRAM [--profile ce|ce5|nt] [PATTERN]      PATTERN as cmocka_set_test_filter takes it
#pragma once

#include "tests/support/actor.h"
#include "tests/support/check.h"
#include "tests/support/step.h"

constexpr unsigned ce = 1;
constexpr unsigned ce5 = 2;
constexpr unsigned nt = 4;
constexpr unsigned all = ce | ce5 | nt;

using TestBody = void (*)(const char *NAME);
using RoleBody = int (*)(const char *argument);

struct TestCase {
    TestCase(unsigned profiles, const char *name, const char *object_name, bool processes, TestBody body);

    const unsigned profiles;
    const char *const name;
    const char *const object_name;
    const bool processes;  // which kind of actor another() makes
    const TestBody body;
    TestCase *next = nullptr;
};

struct RoleCase {
    RoleCase(const char *name, RoleBody body);

    const char *const name;
    const RoleBody body;
    RoleCase *next = nullptr;
};

#define TEST(profiles, name)                                                       \
    static void name([[maybe_unused]] const char *NAME);                           \
    static TestCase name##_case{(profiles), #name, #name, false, name};            \
    static void name([[maybe_unused]] const char *NAME)

#define TEST_SHARED(profiles, name)                                                                     \
    static void name([[maybe_unused]] const char *NAME);                                                \
    static TestCase name##_case_threads{(profiles), #name "_threads", #name, false, name};              \
    static TestCase name##_case_processes{(profiles), #name "_processes", #name, true, name};           \
    static void name([[maybe_unused]] const char *NAME)

#define ROLE(name)                                                 \
    static int name##_role([[maybe_unused]] const char *argument); \
    static RoleCase name##_role_case{#name, name##_role};          \
    static int name##_role([[maybe_unused]] const char *argument)

// The profile this process runs in, and whether another() makes processes in the test that runs.
unsigned current_profile();
bool others_are_processes();

// main of every test program.
int test_main(int argc, char **argv);
