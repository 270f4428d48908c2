/* handles.c - DuplicateHandle: access, flags, the source, and other processes. */
#include "conformance/harness/kinds.h"

static HANDLE self(void) { return GetCurrentProcess(); }

static HANDLE manual_event(const WCHAR *name) { return MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT); }

/* In this process, with these options. */
static HANDLE duplicate(HANDLE handle, DWORD access, BOOL inherit, DWORD options)
{
    HANDLE made = NULL;
    DOES(DuplicateHandle(self(), handle, self(), &made, access, inherit, options));
    TRUE_THAT(made != NULL && made != INVALID_HANDLE_VALUE);
    return made;
}

static HANDLE same(HANDLE handle) { return duplicate(handle, 0, FALSE, DUPLICATE_SAME_ACCESS); }

static DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0xCDCDCDCD;
    DOES(GetHandleInformation(handle, &flags));
    return flags;
}

static void has_rights(HANDLE event, BOOL may_wait, BOOL may_set)
{
    GIVES(SetEvent(event), may_set, may_set ? SAME : ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(event, 20), may_wait ? may_set ? WAIT_OBJECT_0 : WAIT_TIMEOUT : WAIT_FAILED,
          may_wait ? SAME : ERROR_ACCESS_DENIED);
    GIVES(ResetEvent(event), may_set, may_set ? SAME : ERROR_ACCESS_DENIED);
}

static bool exists(const WCHAR *name)
{
    const HANDLE found = OpenEventW(EVENT_ALL_ACCESS, FALSE, name);
    if (found != NULL) CloseHandle(found);
    return found != NULL;
}

/* ---- DuplicateHandle: access ------------------------------------------------------------------------------------- */
CASE(the_same_object_and_access, "DupHandle-01 Gen-09", ALL, "DuplicateHandle: dwOptions")
{
    const HANDLE event = manual_event(NULL), other = same(event);
    TRUE_THAT(other != event);
    DOES(SetEvent(other));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(ResetEvent(event));
    has_rights(other, TRUE, TRUE);
    DOES(CloseHandle(event));
    has_rights(other, TRUE, TRUE);
}

CASE(the_same_access_is_not_more, "DupHandle-01 DupHandle-02", CE | NT, "DuplicateHandle: dwOptions, dwDesiredAccess")
{
    const HANDLE weak = MAKES(CreateEventExW(NULL, NULL, 1, SYNCHRONIZE), NEW_OBJECT);
    const HANDLE setter = MAKES(CreateEventExW(NULL, NULL, 1, EVENT_MODIFY_STATE), NEW_OBJECT);
    has_rights(same(weak), TRUE, FALSE);
    has_rights(same(setter), FALSE, TRUE);
    has_rights(duplicate(weak, EVENT_ALL_ACCESS, FALSE, DUPLICATE_SAME_ACCESS), TRUE, FALSE);
}

CASE(with_the_same_access_the_mask_is_ignored, "DupHandle-02", ALL, "DuplicateHandle: dwDesiredAccess")
{
    const HANDLE event = manual_event(NULL);
    const DWORD masks[] = {0, SYNCHRONIZE, EVENT_MODIFY_STATE, EVENT_ALL_ACCESS};
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; ++i)
        has_rights(duplicate(event, masks[i], FALSE, DUPLICATE_SAME_ACCESS), TRUE, TRUE);
}

CASE(SYNCHRONIZE_makes_one_that_waits_only, "DupHandle-03 Gen-28", CE | NT, "DuplicateHandle: dwDesiredAccess")
{
    const HANDLE event = manual_event(NULL), weak = duplicate(event, SYNCHRONIZE, FALSE, 0);
    has_rights(weak, TRUE, FALSE);
    has_rights(duplicate(event, EVENT_MODIFY_STATE, FALSE, 0), FALSE, TRUE);
    has_rights(event, TRUE, TRUE);
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 1, 2, NULL), NEW_OBJECT);
    const HANDLE weak_semaphore = duplicate(semaphore, SYNCHRONIZE, FALSE, 0);
    REFUSES(ReleaseSemaphore(weak_semaphore, 1, NULL), ERROR_ACCESS_DENIED);
    GIVES(WaitForSingleObject(weak_semaphore, 0), WAIT_OBJECT_0, SAME);
}

CASE(mask_0_makes_one_that_does_nothing, "DupHandle-04", CE | NT, "seen on Wine 8.0")
{
    has_rights(duplicate(manual_event(NULL), 0, FALSE, 0), FALSE, FALSE);
}

CASE(more_access_than_the_source_has, "DupHandle-05", CE | NT, "DuplicateHandle: remarks")
{
    const HANDLE weak = MAKES(CreateEventExW(NULL, NULL, 1, SYNCHRONIZE), NEW_OBJECT);
    has_rights(duplicate(weak, EVENT_ALL_ACCESS, FALSE, 0), TRUE, TRUE);
    has_rights(weak, TRUE, FALSE);
}

/* ---- DuplicateHandle: flags -------------------------------------------------------------------------------------- */
CASE(inheritable_if_asked, "DupHandle-06", CE | NT, "DuplicateHandle: bInheritHandle")
{
    const HANDLE event = manual_event(NULL), child = duplicate(event, 0, TRUE, DUPLICATE_SAME_ACCESS);
    EQUAL(flags_of(child), HANDLE_FLAG_INHERIT);
    EQUAL(flags_of(event), 0);
}

CASE(inheritable_is_refused, "DupHandle-07", CE5, "DuplicateHandle (Windows CE 5.0): bInheritHandle")
{
    const WCHAR *name = own_name("inherit");
    const HANDLE event = manual_event(name);
    HANDLE made = NULL;
    REFUSES(DuplicateHandle(self(), event, self(), &made, 0, TRUE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_PARAMETER);
    DOES(CloseHandle(event));
    TRUE_THAT(!exists(name)); /* nothing was made */
}

CASE(flags_of_the_source_are_not_taken_over, "DupHandle-08 HandleInfo-10", ALL, "DuplicateHandle: bInheritHandle")
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    const HANDLE event = MAKES(CreateEventW(&inherit, TRUE, FALSE, NULL), NEW_OBJECT);
    EQUAL(flags_of(same(event)), 0);
    if (profile() == CE5) return;
    const DWORD both = HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE;
    DOES(SetHandleInformation(event, both, both));
    const HANDLE other = same(event);
    EQUAL(flags_of(other), 0);
    EQUAL(flags_of(event), both);
    DOES(CloseHandle(other));
}

/* ---- DuplicateHandle: the source closed -------------------------------------------------------------------------- */
CASE(the_source_is_closed_if_asked, "DupHandle-09", ALL, "DuplicateHandle: dwOptions")
{
    const WCHAR *name = own_name("moved");
    const HANDLE event = manual_event(name);
    const HANDLE moved = duplicate(event, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE);
    if (moved != event) REFUSES(SetEvent(event), ERROR_INVALID_HANDLE);
    has_rights(moved, TRUE, TRUE);
    TRUE_THAT(exists(name));
    DOES(CloseHandle(moved));
    TRUE_THAT(!exists(name)); /* that was the only one */
}

CASE(the_source_is_closed_with_less_access, "DupHandle-09 DupHandle-03", CE | NT, "DuplicateHandle: dwOptions")
{
    const HANDLE event = manual_event(NULL);
    const HANDLE moved = duplicate(event, SYNCHRONIZE, FALSE, DUPLICATE_CLOSE_SOURCE);
    has_rights(moved, TRUE, FALSE);
    if (moved != event) REFUSES(SetEvent(event), ERROR_INVALID_HANDLE);
}

CASE(the_source_is_closed_even_if_it_fails, "DupHandle-10", ALL,
     "DuplicateHandle: DUPLICATE_CLOSE_SOURCE closes regardless of any error status returned")
{
    const WCHAR *name = own_name("lost");
    const HANDLE event = manual_event(name);
    HANDLE made = NULL;
    REFUSES(DuplicateHandle(self(), event, as_handle(0x7FFFFFF4), &made, 0, FALSE,
                            DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE),
            ERROR_INVALID_HANDLE);
    REFUSES(SetEvent(event), ERROR_INVALID_HANDLE);
    TRUE_THAT(!exists(name));
}

CASE(a_failure_without_that_leaves_the_source, "DupHandle-10 DupHandle-15", ALL, "DuplicateHandle: dwOptions")
{
    const HANDLE event = manual_event(NULL);
    HANDLE made = NULL;
    REFUSES(DuplicateHandle(self(), event, as_handle(0x7FFFFFF4), &made, 0, FALSE, DUPLICATE_SAME_ACCESS),
            ERROR_INVALID_HANDLE);
    has_rights(event, TRUE, TRUE);
}

static HANDLE process_of(Partner *who, DWORD access)
{
    return OPENS(OpenProcess(access, FALSE, (DWORD)id_of(who)));
}

CASE(a_handle_of_another_process_is_closed, "DupHandle-11", CE | NT, "DuplicateHandle: lpTargetHandle")
{
    const WCHAR *name = own_name("remote");
    Partner *other = partner(IN_A_PROCESS);
    const HANDLE theirs = as_handle(ask(other, make_event, .text = name, .number = TRUE));
    const HANDLE process = process_of(other, PROCESS_DUP_HANDLE);
    TRUE_THAT(exists(name));
    DOES(DuplicateHandle(process, theirs, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE));
    EQUAL(ask(other, set_event, .handle = theirs), FALSE);
    EQUAL(error_of(other), ERROR_INVALID_HANDLE);
    TRUE_THAT(!exists(name));
}

CASE(without_a_place_for_it_a_duplicate_is_made, "DupHandle-12", CE | NT, "DuplicateHandle: lpTargetHandle")
{
    const WCHAR *name = own_name("leaked");
    const HANDLE event = manual_event(name);
    DOES(DuplicateHandle(self(), event, self(), NULL, 0, FALSE, DUPLICATE_SAME_ACCESS));
    DOES(CloseHandle(event));
    TRUE_THAT(exists(name));
}

CASE(without_a_place_for_it_it_is_refused, "DupHandle-13", CE5, "DuplicateHandle (Windows CE 5.0): lpTargetHandle")
{
    const WCHAR *name = own_name("refused");
    const HANDLE event = manual_event(name);
    REFUSES(DuplicateHandle(self(), event, self(), NULL, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_PARAMETER);
    DOES(CloseHandle(event));
    TRUE_THAT(!exists(name));
}

/* ---- DuplicateHandle: what is refused ---------------------------------------------------------------------------- */
CASE(a_bad_source_is_refused, "DupHandle-14 Gen-26", ALL, "seen on Wine 8.0")
{
    const HANDLE closed = manual_event(NULL);
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4)};
    for (int i = 0; i < 3; ++i) {
        HANDLE made = NULL;
        REFUSES(DuplicateHandle(self(), bad[i], self(), &made, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
        REFUSES(SetEvent(made), ERROR_INVALID_HANDLE);
    }
}

CASE(what_is_no_process_is_refused, "DupHandle-15 Gen-27", ALL, "DuplicateHandle: hSourceProcessHandle")
{
    const HANDLE event = manual_event(NULL), closed = same(self());
    DOES(CloseHandle(closed));
    const HANDLE bad[] = {NULL, closed, as_handle(0x7FFFFFF4), event, GetCurrentThread()};
    for (int i = 0; i < 5; ++i) {
        HANDLE made = NULL;
        REFUSES(DuplicateHandle(bad[i], event, self(), &made, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
        REFUSES(DuplicateHandle(self(), event, bad[i], &made, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_INVALID_HANDLE);
    }
    has_rights(event, TRUE, TRUE);
}

CASE(a_process_handle_without_the_right_is_refused, "DupHandle-16 Gen-28", CE | NT,
     "DuplicateHandle: the handles must have the PROCESS_DUP_HANDLE access right")
{
    Partner *other = partner(IN_A_PROCESS);
    const HANDLE event = manual_event(NULL);
    const HANDLE own = OPENS(OpenProcess(SYNCHRONIZE, FALSE, GetCurrentProcessId()));
    const HANDLE weak[] = {own, process_of(other, SYNCHRONIZE)};
    const HANDLE theirs = as_handle(ask(other, make_event, .number = TRUE));
    HANDLE made = NULL;
    for (int i = 0; i < 2; ++i)
        REFUSES(DuplicateHandle(self(), event, weak[i], &made, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_ACCESS_DENIED);
    REFUSES(DuplicateHandle(weak[0], event, self(), &made, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_ACCESS_DENIED);
    REFUSES(DuplicateHandle(weak[1], theirs, self(), &made, 0, FALSE, DUPLICATE_SAME_ACCESS), ERROR_ACCESS_DENIED);
    REFUSES(DuplicateHandle(weak[1], theirs, NULL, NULL, 0, FALSE, DUPLICATE_CLOSE_SOURCE), ERROR_ACCESS_DENIED);
    EQUAL(ask(other, set_event, .handle = theirs), TRUE); /* still open there */
}

/* ---- DuplicateHandle: of what, and where ------------------------------------------------------------------------- */
static uint64_t id_of_thread(const Ask *ask) { return GetThreadId(ask->handle); }
static uint64_t id_of_process(const Ask *ask) { return GetProcessId(ask->handle); }

CASE_SHARED(a_pseudo_handle_becomes_a_real_one, "DupHandle-17", ALL, "DuplicateHandle: remarks")
{
    Partner *other = partner(where);
    const HANDLE target = where == IN_A_PROCESS ? process_of(other, PROCESS_DUP_HANDLE) : self();
    HANDLE thread = NULL, process = NULL;
    DOES(DuplicateHandle(self(), GetCurrentThread(), target, &thread, 0, FALSE, DUPLICATE_SAME_ACCESS));
    DOES(DuplicateHandle(self(), self(), target, &process, 0, FALSE, DUPLICATE_SAME_ACCESS));
    TRUE_THAT(thread != GetCurrentThread() && process != self());
    EQUAL(ask(other, id_of_thread, .handle = thread), GetCurrentThreadId());
    EQUAL(ask(other, id_of_process, .handle = process), GetCurrentProcessId());
    EQUAL(ask(other, wait_for, .handle = thread, .number = 0), WAIT_TIMEOUT);
    EQUAL(ask(other, wait_for, .handle = process, .number = 0), WAIT_TIMEOUT);
    EQUAL(ask(other, close_handle, .handle = thread), TRUE);
    EQUAL(ask(other, close_handle, .handle = process), TRUE);
}

static uint64_t take_event_numbers(const Ask *ask)
{
    for (uint64_t i = 0; i < ask->number; ++i) CreateEventW(NULL, FALSE, FALSE, NULL);
    return 0;
}

CASE(into_another_process, "DupHandle-18 Gen-10", ALL, "DuplicateHandle: hTargetProcessHandle")
{
    Partner *other = partner(IN_A_PROCESS);
    ask(other, take_event_numbers, .number = 20); /* so that the new value is none of ours */
    const HANDLE event = manual_event(NULL), process = process_of(other, PROCESS_DUP_HANDLE);
    HANDLE theirs = NULL;
    DOES(DuplicateHandle(self(), event, process, &theirs, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_TIMEOUT);
    DOES(SetEvent(event));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    EQUAL(ask(other, reset_event, .handle = theirs), TRUE);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    if (theirs != event) REFUSES(CompareObjectHandles(event, theirs), ANY); /* here it is another one, or none */
    tell(other, wait_for, .handle = theirs, .number = INFINITE);
    until_blocked(other);
    DOES(SetEvent(event));
    EQUAL(answer(other), WAIT_OBJECT_0);
}

CASE(out_of_another_process, "DupHandle-18", ALL, "DuplicateHandle: hSourceProcessHandle")
{
    Partner *other = partner(IN_A_PROCESS);
    const HANDLE process = process_of(other, PROCESS_DUP_HANDLE);
    const HANDLE theirs = as_handle(ask(other, make_event, .number = FALSE, .more = TRUE));
    HANDLE event = NULL;
    DOES(DuplicateHandle(process, theirs, self(), &event, 0, FALSE, DUPLICATE_SAME_ACCESS));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_TIMEOUT);
    EQUAL(ask(other, set_event, .handle = theirs), TRUE);
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    let_go(other);
    has_rights(event, TRUE, TRUE); /* it does not need the process it came from */
}

CASE(between_processes_with_less_access, "DupHandle-18 DupHandle-03", CE | NT, "DuplicateHandle: dwDesiredAccess")
{
    Partner *other = partner(IN_A_PROCESS);
    const HANDLE event = manual_event(NULL), process = process_of(other, PROCESS_DUP_HANDLE);
    HANDLE theirs = NULL, back = NULL;
    DOES(DuplicateHandle(self(), event, process, &theirs, SYNCHRONIZE, FALSE, 0));
    EQUAL(ask(other, set_event, .handle = theirs), FALSE);
    EQUAL(error_of(other), ERROR_ACCESS_DENIED);
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_TIMEOUT);
    DOES(DuplicateHandle(process, theirs, self(), &back, 0, FALSE, DUPLICATE_SAME_ACCESS));
    has_rights(back, TRUE, FALSE);
}

CASE_SHARED(a_duplicate_of_a_mutex_is_the_mutex, "DupHandle-19", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT), other = same(mutex);
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    GIVES(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(other));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE(a_mutex_passed_on_is_still_its_owners, "DupHandle-19 DupHandle-18", ALL, "Mutex Objects")
{
    Partner *other = partner(IN_A_PROCESS);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, NULL), NEW_OBJECT);
    const HANDLE process = process_of(other, PROCESS_DUP_HANDLE);
    HANDLE theirs = NULL;
    DOES(DuplicateHandle(self(), mutex, process, &theirs, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EQUAL(ask(other, release_mutex, .handle = theirs), FALSE);
    EQUAL(error_of(other), ERROR_NOT_OWNER);
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_TIMEOUT);
    DOES(ReleaseMutex(mutex));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    let_go(other);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE(an_object_lives_while_a_duplicate_does, "DupHandle-20 CloseHandle-06", ALL, "DuplicateHandle: remarks")
{
    const WCHAR *name = own_name("lives");
    const HANDLE event = manual_event(name), other = same(event);
    DOES(SetEvent(event));
    DOES(CloseHandle(event));
    TRUE_THAT(exists(name));
    GIVES(WaitForSingleObject(other, 0), WAIT_OBJECT_0, SAME);
    DOES(CloseHandle(other));
    TRUE_THAT(!exists(name));
}

CASE(a_duplicate_in_another_process_keeps_it_alive, "DupHandle-20 DupHandle-18", ALL, "DuplicateHandle: remarks")
{
    const WCHAR *name = own_name("there");
    Partner *other = partner(IN_A_PROCESS);
    const HANDLE event = manual_event(name), process = process_of(other, PROCESS_DUP_HANDLE);
    HANDLE theirs = NULL;
    DOES(DuplicateHandle(self(), event, process, &theirs, 0, FALSE, DUPLICATE_SAME_ACCESS));
    DOES(CloseHandle(event));
    TRUE_THAT(exists(name));
    let_go(other);
    TRUE_THAT(!exists(name));
}
