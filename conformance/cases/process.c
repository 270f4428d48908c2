/* process.c - processes: making them, waiting for them, exit codes, ending them; inherited handles. */
#include <stdlib.h>
#include <string.h>

#include "conformance/harness/kinds.h"

static HANDLE manual_event(void) { return MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT); }

/* ---- a child ----------------------------------------------------------------------------------------------------- */
/* Made by the judged CreateProcess; it is a partner. */
static PROCESS_INFORMATION child_of(BOOL inherit, Partner **who)
{
    STARTUPINFOA startup;
    PROCESS_INFORMATION made;
    memset(&startup, 0, sizeof startup);
    memset(&made, 0xCD, sizeof made);
    startup.cb = sizeof startup;
    char *line = strdup(partner_command(who));
    GIVES(CreateProcessA(NULL, line, NULL, NULL, inherit, 0, NULL, NULL, &startup, &made), TRUE, ANY);
    meet(*who);
    return made;
}

static DWORD exit_code(HANDLE process)
{
    DWORD code = 0xCDCDCDCD;
    GIVES(GetExitCodeProcess(process, &code), TRUE, SAME);
    return code;
}

static void ended(HANDLE process) { GIVES(WaitForSingleObject(process, LONG_ENOUGH), WAIT_OBJECT_0, SAME); }

static uint64_t own_thread(const Ask *ask)
{
    (void)ask;
    return GetCurrentThreadId();
}

static uint64_t ends_by_exit(const Ask *ask) { exit((int)ask->number); }

static uint64_t ends_by_ExitProcess(const Ask *ask)
{
    ExitProcess((UINT)ask->number);
    return 0;
}

/* ---- CreateProcess ----------------------------------------------------------------------------------------------- */
static void is_child(PROCESS_INFORMATION made, Partner *who)
{
    TRUE_THAT(made.hProcess != NULL && made.hThread != NULL && made.hProcess != made.hThread);
    EQUAL(made.dwProcessId, id_of(who));
    EQUAL(made.dwThreadId, ask(who, own_thread, .number = 0));
    EQUAL(GetProcessId(made.hProcess), made.dwProcessId);
    EQUAL(GetThreadId(made.hThread), made.dwThreadId);
    GIVES(WaitForSingleObject(made.hProcess, 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(made.hThread, 0), WAIT_TIMEOUT, SAME);
    DOES(CloseHandle(made.hThread));
    DOES(CloseHandle(made.hProcess));
    REFUSES(CloseHandle(made.hProcess), ERROR_INVALID_HANDLE);
    EQUAL(ask(who, own_thread, .number = 0), made.dwThreadId); /* it goes on */
}

CASE(a_process_comes_with_two_handles, "Process-01", ALL, "CreateProcessA; PROCESS_INFORMATION")
{
    Partner *who;
    const PROCESS_INFORMATION made = child_of(FALSE, &who);
    is_child(made, who);
}

CASE(a_process_by_CreateProcessW, "Process-01", ALL, "CreateProcessW; PROCESS_INFORMATION")
{
    Partner *who;
    STARTUPINFOW startup;
    PROCESS_INFORMATION made;
    memset(&startup, 0, sizeof startup);
    memset(&made, 0xCD, sizeof made);
    startup.cb = sizeof startup;
    const char *command = partner_command(&who);
    WCHAR *line = calloc(strlen(command) + 1, sizeof(WCHAR));
    for (size_t i = 0; command[i] != 0; ++i) line[i] = (WCHAR)(unsigned char)command[i];
    GIVES(CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made), TRUE, ANY);
    meet(who);
    is_child(made, who);
}

CASE(a_program_that_is_not_there, "Process-02", ALL, "seen on Wine 8.0")
{
    STARTUPINFOA startup;
    PROCESS_INFORMATION made;
    memset(&startup, 0, sizeof startup);
    startup.cb = sizeof startup;
    char line[] = "no-such-program-1b9c.exe with arguments", quoted[] = "\"no such program 1b9c.exe\"";
    REFUSES(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made), ERROR_FILE_NOT_FOUND);
    REFUSES(CreateProcessA(NULL, quoted, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made), ERROR_FILE_NOT_FOUND);
    REFUSES(CreateProcessA("no-such-program-1b9c.exe", NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made),
            ERROR_FILE_NOT_FOUND);
}

/* ---- the end, and the exit code ---------------------------------------------------------------------------------- */
CASE(a_process_that_has_ended_is_signaled, "Process-03", ALL, "Terminating a Process")
{
    Partner *who;
    const PROCESS_INFORMATION made = child_of(FALSE, &who);
    GIVES(WaitForSingleObject(made.hProcess, 30), WAIT_TIMEOUT, SAME);
    tell(who, ends_by_exit, .number = 0);
    for (int i = 0; i < 3; ++i) {
        ended(made.hProcess);
        ended(made.hThread);
    }
    const HANDLE both[] = {made.hProcess, made.hThread};
    if (profile() != CE5) GIVES(WaitForMultipleObjects(2, both, TRUE, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_OBJECT_0, SAME);
}

CASE(a_waiter_is_released_when_a_process_ends, "Process-03", ALL, "Terminating a Process")
{
    Partner *who, *waiter = partner(IN_A_THREAD);
    const PROCESS_INFORMATION made = child_of(FALSE, &who);
    tell(waiter, wait_for, .handle = made.hProcess, .number = INFINITE);
    until_blocked(waiter);
    tell(who, ends_by_exit, .number = 0);
    EQUAL(answer(waiter), WAIT_OBJECT_0);
    EQUAL(exit_code(made.hProcess), 0);
}

CASE(exit_codes, "Process-04", ALL, "GetExitCodeProcess")
{
    Task *const ways[] = {ends_by_exit, ends_by_ExitProcess};
    for (int i = 0; i < 2; ++i) {
        const DWORD codes[] = {0, 42};
        for (int j = 0; j < 2; ++j) {
            Partner *who;
            const PROCESS_INFORMATION made = child_of(FALSE, &who);
            EQUAL(exit_code(made.hProcess), STILL_ACTIVE);
            tell(who, ways[i], .number = codes[j]);
            ended(made.hProcess);
            EQUAL(exit_code(made.hProcess), codes[j]);
        }
    }
}

CASE(all_32_bits_of_an_exit_code, "Process-04", ALL, "ExitProcess: uExitCode; GetExitCodeProcess")
{
    const DWORD codes[] = {0x12345678, 0xFFFFFFFF, 256};
    for (int i = 0; i < 3; ++i) {
        Partner *who;
        const PROCESS_INFORMATION made = child_of(FALSE, &who);
        tell(who, ends_by_ExitProcess, .number = codes[i]);
        ended(made.hProcess);
        EQUAL(exit_code(made.hProcess), codes[i]);
    }
}

CASE(this_process_is_still_active, "Process-04", ALL, "GetExitCodeProcess")
{
    EQUAL(exit_code(GetCurrentProcess()), STILL_ACTIVE);
}

CASE(what_is_no_process_has_no_exit_code, "Process-05 Gen-26 Gen-27", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = manual_event(), event = manual_event();
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4), event, GetCurrentThread()};
    DWORD code = 0;
    for (int i = 0; i < 5; ++i) REFUSES(GetExitCodeProcess(bad[i], &code), ERROR_INVALID_HANDLE);
}

static HANDLE process_of(Partner *who, DWORD access)
{
    return OPENS(OpenProcess(access, FALSE, (DWORD)id_of(who)));
}

CASE(an_exit_code_needs_the_right, "Process-05 Gen-28", CE | NT, "GetExitCodeProcess: hProcess")
{
    Partner *who = partner(IN_A_PROCESS);
    DWORD code = 0;
    const HANDLE weak = process_of(who, SYNCHRONIZE | PROCESS_TERMINATE | PROCESS_DUP_HANDLE);
    REFUSES(GetExitCodeProcess(weak, &code), ERROR_ACCESS_DENIED);
    EQUAL(exit_code(process_of(who, PROCESS_QUERY_LIMITED_INFORMATION)), STILL_ACTIVE);
    EQUAL(exit_code(process_of(who, PROCESS_QUERY_INFORMATION)), STILL_ACTIVE);
}

/* ---- TerminateProcess -------------------------------------------------------------------------------------------- */
CASE(a_process_is_terminated, "Process-06", ALL, "TerminateProcess")
{
    const DWORD codes[] = {0, 42, 0xFFFFFFFF};
    for (int i = 0; i < 3; ++i) {
        Partner *who;
        const PROCESS_INFORMATION made = child_of(FALSE, &who);
        GIVES(TerminateProcess(made.hProcess, codes[i]), TRUE, SAME);
        ended(made.hProcess);
        EQUAL(exit_code(made.hProcess), codes[i]);
        ended(made.hThread);
    }
}

CASE(what_a_terminated_process_owned_is_abandoned, "Process-06 Life-11", ALL,
     "TerminateProcess: remarks; Mutex Objects")
{
    Partner *who;
    const WCHAR *name = own_name("owned");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    const PROCESS_INFORMATION made = child_of(FALSE, &who);
    const HANDLE theirs = as_handle(ask(who, make_mutex, .text = name, .number = FALSE));
    EQUAL(ask(who, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    DOES(TerminateProcess(made.hProcess, 1));
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE(an_ended_process_is_not_terminated, "Process-07", ALL, "TerminateProcess: remarks")
{
    Partner *who;
    const PROCESS_INFORMATION made = child_of(FALSE, &who);
    DOES(TerminateProcess(made.hProcess, 5));
    ended(made.hProcess);
    REFUSES(TerminateProcess(made.hProcess, 6), ERROR_ACCESS_DENIED);
    EQUAL(exit_code(made.hProcess), 5);
}

CASE(what_is_no_process_is_not_terminated, "Process-08 Gen-26 Gen-27", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = manual_event(), event = manual_event();
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4), event, GetCurrentThread()};
    for (int i = 0; i < 5; ++i) REFUSES(TerminateProcess(bad[i], 1), ERROR_INVALID_HANDLE);
}

CASE(terminating_needs_the_right, "Process-08 Gen-28", CE | NT, "TerminateProcess: hProcess")
{
    Partner *who = partner(IN_A_PROCESS);
    const HANDLE weak = process_of(who, SYNCHRONIZE | PROCESS_QUERY_INFORMATION | PROCESS_DUP_HANDLE);
    REFUSES(TerminateProcess(weak, 1), ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(weak, 30), WAIT_TIMEOUT, SAME);
    EQUAL(ask(who, own_thread, .number = 0) != 0, 1); /* it goes on */
}

/* ---- OpenProcess ------------------------------------------------------------------------------------------------- */
CASE(a_living_process_is_opened, "Process-09", ALL, "OpenProcess")
{
    Partner *who = partner(IN_A_PROCESS);
    const HANDLE process = process_of(who, SYNCHRONIZE), other = process_of(who, PROCESS_ALL_ACCESS);
    TRUE_THAT(process != other);
    GIVES(WaitForSingleObject(process, 20), WAIT_TIMEOUT, SAME);
    EQUAL(GetProcessId(other), id_of(who));
    let_go(who);
    ended(process);
    ended(other);
}

CASE(opened_without_SYNCHRONIZE_it_does_not_wait, "Process-09 WaitSingle-26", CE | NT, "OpenProcess: dwDesiredAccess")
{
    const HANDLE weak = process_of(partner(IN_A_PROCESS), PROCESS_QUERY_INFORMATION);
    GIVES(WaitForSingleObject(weak, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
}

CASE(no_process_has_that_id, "Process-10", ALL, "OpenProcess")
{
    REFUSES(OpenProcess(SYNCHRONIZE, FALSE, 0), ERROR_INVALID_PARAMETER);
    REFUSES(OpenProcess(SYNCHRONIZE, FALSE, 0x7FFFFFF0), ERROR_INVALID_PARAMETER);
}

CASE(an_ended_process_is_opened_while_a_handle_is_open, "Process-11", ALL, "seen on Wine 8.0; LD-26")
{
    Partner *who;
    const PROCESS_INFORMATION made = child_of(FALSE, &who);
    tell(who, ends_by_exit, .number = 9);
    ended(made.hProcess);
    const HANDLE again = OPENS(OpenProcess(PROCESS_ALL_ACCESS, FALSE, made.dwProcessId));
    GIVES(WaitForSingleObject(again, 0), WAIT_OBJECT_0, SAME);
    EQUAL(exit_code(again), 9);
    TRUE_THAT(CompareObjectHandles(again, made.hProcess));
}

CASE(this_process_knows_its_id, "Process-12", ALL, "GetProcessId; GetCurrentProcessId")
{
    const DWORD id = GetCurrentProcessId();
    GIVES(GetProcessId(GetCurrentProcess()), id, SAME);
    TRUE_THAT(id != 0);
    EQUAL(id, own_process_id());
    const HANDLE process = OPENS(OpenProcess(PROCESS_ALL_ACCESS, FALSE, id));
    GIVES(GetProcessId(process), id, SAME);
    TRUE_THAT(id_of(partner(IN_A_PROCESS)) != id);
}

CASE(who_was_not_made_here_is_waited_for_as_well, "Process-17", ALL, "LD-26")
{
    Partner *who = partner(IN_A_PROCESS);
    const HANDLE process = process_of(who, PROCESS_ALL_ACCESS);
    EQUAL(exit_code(process), STILL_ACTIVE);
    let_go(who);
    ended(process);
    const DWORD code = exit_code(process);
    TRUE_THAT(code == 0 || code == 0xFFFFFFFF); /* 0, or not known */
}

/* ---- inheritance ------------------------------------------------------------------------------------------------- */
/* So that the values after these are in use in no child that has inherited nothing. */
static void take_handle_values(void)
{
    for (int i = 0; i < 100; ++i) manual_event();
}

static SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};

CASE(a_child_has_what_is_inheritable, "Process-13", CE | NT, "Inheritance; CreateProcessW: bInheritHandles")
{
    take_handle_values();
    const HANDLE event = MAKES(CreateEventW(&inheritable, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE weak = MAKES(CreateEventExW(&inheritable, NULL, CREATE_EVENT_INITIAL_SET, SYNCHRONIZE), NEW_OBJECT);
    const HANDLE no_longer = MAKES(CreateEventW(&inheritable, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE plain = manual_event(), later = manual_event();
    HANDLE copy = NULL;
    DOES(DuplicateHandle(GetCurrentProcess(), plain, GetCurrentProcess(), &copy, 0, TRUE, DUPLICATE_SAME_ACCESS));
    DOES(SetHandleInformation(later, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    DOES(SetHandleInformation(no_longer, HANDLE_FLAG_INHERIT, 0));
    Partner *who;
    child_of(TRUE, &who);
    EQUAL(ask(who, set_event, .handle = event), TRUE);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EQUAL(ask(who, set_event, .handle = later), TRUE);
    GIVES(WaitForSingleObject(later, 0), WAIT_OBJECT_0, SAME);
    EQUAL(ask(who, set_event, .handle = copy), TRUE);
    GIVES(WaitForSingleObject(plain, 0), WAIT_OBJECT_0, SAME);
    EQUAL(ask(who, set_event, .handle = weak), FALSE);
    EQUAL(error_of(who), ERROR_ACCESS_DENIED);
    EQUAL(ask(who, wait_for, .handle = weak, .number = 0), WAIT_OBJECT_0);
    const HANDLE missing[] = {plain, no_longer};
    for (int i = 0; i < 2; ++i) {
        EQUAL(ask(who, set_event, .handle = missing[i]), FALSE);
        EQUAL(error_of(who), ERROR_INVALID_HANDLE);
    }
    EQUAL(ask(who, close_handle, .handle = event), TRUE); /* it is the child's own: ours stays */
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

CASE(an_inherited_handle_keeps_its_object_alive, "Process-13", CE | NT, "Inheritance")
{
    const WCHAR *name = own_name("kept");
    take_handle_values();
    const HANDLE event = MAKES(CreateEventW(&inheritable, TRUE, TRUE, name), NEW_OBJECT);
    Partner *who;
    const PROCESS_INFORMATION made = child_of(TRUE, &who);
    DOES(CloseHandle(event));
    const HANDLE again = OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name));
    GIVES(WaitForSingleObject(again, 0), WAIT_OBJECT_0, SAME);
    DOES(CloseHandle(again));
    tell(who, ends_by_exit, .number = 0);
    ended(made.hProcess);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
}

CASE(a_child_that_does_not_inherit_has_nothing, "Process-14", ALL, "Inheritance; CreateProcessW: bInheritHandles")
{
    take_handle_values();
    const HANDLE event = MAKES(CreateEventW(&inheritable, TRUE, FALSE, NULL), NEW_OBJECT), plain = manual_event();
    const HANDLE both[] = {event, plain};
    Partner *who;
    child_of(FALSE, &who);
    for (int i = 0; i < 2; ++i) {
        EQUAL(ask(who, set_event, .handle = both[i]), FALSE);
        EQUAL(error_of(who), ERROR_INVALID_HANDLE);
    }
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
}

CASE(a_child_of_an_owner_does_not_own, "Process-15", ALL, "Mutex Objects: the ownership is a thread's")
{
    const WCHAR *name = own_name("parent");
    const HANDLE mutex = MAKES(CreateMutexW(&inheritable, TRUE, name), NEW_OBJECT);
    Partner *who;
    child_of(profile() != CE5, &who); /* Windows CE 5.0 has no inheritance: there it finds it by its name */
    const HANDLE theirs = profile() == CE5 ? as_handle(ask(who, make_mutex, .text = name, .number = TRUE)) : mutex;
    EQUAL(ask(who, release_mutex, .handle = theirs), FALSE);
    EQUAL(error_of(who), ERROR_NOT_OWNER);
    tell(who, wait_for, .handle = theirs, .number = INFINITE);
    TRUE_THAT(!answers_within(who, 50));
    DOES(ReleaseMutex(mutex));
    EQUAL(answer(who), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    EQUAL(ask(who, release_mutex, .handle = theirs), TRUE);
}
