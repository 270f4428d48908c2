// test_thread_facts.cpp - priorities, boosts and names of threads: noted, told again, acted on by nobody but ps.
//
// Source      "SetThreadPriority", "SetThreadPriorityBoost", "SetThreadDescription" as winshim_thread.h documents them.
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/family.h"

namespace {

DWORD WINAPI wait_for(LPVOID event) { return WaitForSingleObject(event, 20'000); }

struct Other {
    HANDLE event, thread;
};

Other other_thread() {
    Other other{auto_event(false), nullptr};
    other.thread = MADE(CreateThread(nullptr, 0, wait_for, other.event, 0, nullptr), SAME);
    return other;
}

void ends(const Other &other) {
    EXPECT(SetEvent(other.event), TRUE, SAME);
    EXPECT(WaitForSingleObject(other.thread, 20'000), WAIT_OBJECT_0, SAME);
}

void name_is(HANDLE thread, const wchar_t *wanted) {
    PWSTR name = nullptr;
    EXPECT(GetThreadDescription(thread, &name), S_OK, SAME);
    REQUIRE(name != nullptr && wcscmp(name, wanted) == 0, "the name that was given");
    LocalFree(name);
}

const char *kernels_name(DWORD id) {
    static char text[64];
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%u/comm", id);
    FILE *const file = fopen(path, "r");
    REQUIRE(file != nullptr && fgets(text, sizeof text, file) != nullptr, "the kernel's name");
    fclose(file);
    text[strcspn(text, "\n")] = 0;
    return text;
}

}  // namespace

TEST(all, priorities_are_noted) {
    const Other other = other_thread();
    EXPECT(GetThreadPriority(GetCurrentThread()), THREAD_PRIORITY_NORMAL, SAME);
    for (const int priority : {THREAD_PRIORITY_IDLE, THREAD_PRIORITY_LOWEST, THREAD_PRIORITY_BELOW_NORMAL,
                               THREAD_PRIORITY_NORMAL, THREAD_PRIORITY_ABOVE_NORMAL, THREAD_PRIORITY_HIGHEST,
                               THREAD_PRIORITY_TIME_CRITICAL}) {
        EXPECT(SetThreadPriority(other.thread, priority), TRUE, SAME);
        EXPECT(GetThreadPriority(other.thread), priority, SAME);
        EXPECT(SetThreadPriority(GetCurrentThread(), priority), TRUE, SAME);
        EXPECT(GetThreadPriority(GetCurrentThread()), priority, SAME);
    }
    EXPECT(SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_NORMAL), TRUE, SAME);
    for (const int priority : {3, -3, 7, 14, -14, 16, 0x10000, 0x7FFFFFFF})
        EXPECT(SetThreadPriority(other.thread, priority), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(GetThreadPriority(other.thread), THREAD_PRIORITY_TIME_CRITICAL, SAME);
    ends(other);
    EXPECT(GetThreadPriority(other.thread), THREAD_PRIORITY_TIME_CRITICAL, SAME);
}

TEST(all, boosts_are_noted) {
    BOOL none = TRUE;
    EXPECT(GetThreadPriorityBoost(GetCurrentThread(), &none), TRUE, SAME);
    assert_int_equal(none, FALSE);
    EXPECT(SetThreadPriorityBoost(GetCurrentThread(), 5), TRUE, SAME);
    EXPECT(GetThreadPriorityBoost(GetCurrentThread(), &none), TRUE, SAME);
    assert_int_equal(none, TRUE);
    EXPECT(SetThreadPriorityBoost(GetCurrentThread(), FALSE), TRUE, SAME);
    EXPECT(GetThreadPriorityBoost(GetCurrentThread(), nullptr), FALSE, ERROR_INVALID_PARAMETER);
}

TEST(all, names_of_threads) {
    const Other other = other_thread();
    const DWORD id = GetThreadId(other.thread);
    name_is(other.thread, L"");
    EXPECT(SetThreadDescription(other.thread, L"a name that is longer than 15 bytes, with \u00E4\u20AC\U0001F600"),
           S_OK, SAME);
    name_is(other.thread, L"a name that is longer than 15 bytes, with \u00E4\u20AC\U0001F600");
    assert_string_equal(kernels_name(id), "a name that is ");
    EXPECT(SetThreadDescription(other.thread, L"12345678901234\u00E4"), S_OK, SAME);
    assert_string_equal(kernels_name(id), "12345678901234");  // no half characters
    EXPECT(SetThreadDescription(other.thread, L""), S_OK, SAME);
    name_is(other.thread, L"");
    EXPECT(SetThreadDescription(other.thread, L"later"), S_OK, SAME);
    ends(other);
    name_is(other.thread, L"later");
    EXPECT(SetThreadDescription(other.thread, L"too late"), S_OK, SAME);
    name_is(other.thread, L"too late");
    EXPECT(CloseHandle(other.thread), TRUE, SAME);
    EXPECT(SetThreadDescription(GetCurrentThread(), L"main"), S_OK, SAME);
    name_is(GetCurrentThread(), L"main");
    EXPECT(SetThreadDescription(GetCurrentThread(), nullptr), HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER), SAME);
    EXPECT(GetThreadDescription(GetCurrentThread(), nullptr), HRESULT_FROM_WIN32(ERROR_INVALID_PARAMETER), SAME);
}

TEST(ce | nt, rights_to_set_and_to_ask) {
    const Other other = other_thread();
    const HANDLE setter = with_access(other.thread, THREAD_SET_LIMITED_INFORMATION),
                 old_setter = with_access(other.thread, THREAD_SET_INFORMATION),
                 asker = with_access(other.thread, THREAD_QUERY_LIMITED_INFORMATION),
                 old_asker = with_access(other.thread, THREAD_QUERY_INFORMATION);
    for (const HANDLE h : {setter, old_setter}) {
        EXPECT(SetThreadPriority(h, 1), TRUE, SAME);
        EXPECT(SetThreadDescription(h, L"x"), S_OK, SAME);
        EXPECT(GetThreadPriority(h), THREAD_PRIORITY_ERROR_RETURN, ERROR_ACCESS_DENIED);
        PWSTR name;
        EXPECT(GetThreadDescription(h, &name), HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED), SAME);
        assert_null(name);
    }
    for (const HANDLE h : {asker, old_asker}) {
        EXPECT(GetThreadPriority(h), 1, SAME);
        name_is(h, L"x");
        EXPECT(SetThreadPriority(h, 0), FALSE, ERROR_ACCESS_DENIED);
        EXPECT(SetThreadPriorityBoost(h, 0), FALSE, ERROR_ACCESS_DENIED);
        EXPECT(SetThreadDescription(h, L"y"), HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED), SAME);
    }
    ends(other);
}

TEST(all, handles_that_are_no_threads) {
    for (const HANDLE h : {HANDLE{nullptr}, auto_event(false), handle_of(123456)}) {
        BOOL none;
        PWSTR name;
        EXPECT(SetThreadPriority(h, 0), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(GetThreadPriority(h), THREAD_PRIORITY_ERROR_RETURN, ERROR_INVALID_HANDLE);
        EXPECT(SetThreadPriorityBoost(h, TRUE), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(GetThreadPriorityBoost(h, &none), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(SetThreadDescription(h, L"x"), HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE), SAME);
        EXPECT(GetThreadDescription(h, &name), HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE), SAME);
    }
}

TEST(ce | nt, a_thread_of_another_process) {
    Actor b = process_actor();
    b.made(step::create_event(FALSE, FALSE, nullptr), ERROR_SUCCESS);
    const HANDLE thread = MADE(OpenThread(THREAD_ALL_ACCESS, FALSE, static_cast<DWORD>(b.pid())), SAME);
    EXPECT(SetThreadPriority(thread, THREAD_PRIORITY_HIGHEST), TRUE, SAME);
    EXPECT(GetThreadPriority(thread), THREAD_PRIORITY_HIGHEST, SAME);
    PWSTR name;
    EXPECT(SetThreadDescription(thread, L"x"), HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED), SAME);
    EXPECT(GetThreadDescription(thread, &name), HRESULT_FROM_WIN32(ERROR_NOT_SUPPORTED), SAME);
}

extern "C" HRESULT set_utf16(HANDLE, const char16_t *) __asm__("SetThreadDescription");
extern "C" HRESULT get_utf16(HANDLE, char16_t **) __asm__("GetThreadDescription");

TEST(all, the_same_name_in_both_widths) {
    char16_t *name = nullptr;
    EXPECT(set_utf16(GetCurrentThread(), u"\u20AC\U0001F600"), S_OK, SAME);
    name_is(GetCurrentThread(), L"\u20AC\U0001F600");
    EXPECT(get_utf16(GetCurrentThread(), &name), S_OK, SAME);
    REQUIRE(name[0] == 0x20AC && name[1] == 0xD83D && name[2] == 0xDE00 && name[3] == 0, "surrogates");
    LocalFree(name);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
