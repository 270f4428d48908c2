/* life.c - how long objects live, who sees them, and in which order they serve. */
#include "conformance/harness/kinds.h"

/* ---- names and handles ------------------------------------------------------------------------------------------- */
CASE_SHARED(one_handle_anywhere_keeps_name_and_state, "Life-01 Life-03", ALL, "Kernel Objects")
{
    const WCHAR *name = own_name("kept");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *other = partner_with_event(where, name, &theirs);
    DOES(SetEvent(event));
    DOES(CloseHandle(event));
    const HANDLE again = OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name));
    GIVES(WaitForSingleObject(again, 0), WAIT_OBJECT_0, SAME);
    DOES(ResetEvent(again));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_TIMEOUT);
}

CASE(after_the_last_handle_any_kind_may_take_the_name, "Life-02", ALL, "CloseHandle: remarks")
{
    const WCHAR *name = own_name("kinds");
    for (int round = 0; round < 2; ++round)
        for (Kind kind = EVENT; kind < KINDS; ++kind) {
            const HANDLE handle = MAKES(create_kind(kind, name), NEW_OBJECT);
            DOES(CloseHandle(handle));
            REFUSES(open_kind(kind, name), ERROR_FILE_NOT_FOUND);
        }
}

/* ---- order of service -------------------------------------------------------------------------------------------- */
CASE_SHARED(nobody_starves_who_waits_for_a_mutex, "Life-21 Life-22", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *waiter = waiter_for_mutex(where, name, &theirs);
    bool served = false;
    for (const uint64_t begin = now_ms(); !served && now_ms() - begin < LONG_ENOUGH;) {
        DOES(ReleaseMutex(mutex));
        if (WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT) served = true; /* its owner waits for it again at once */
    }
    TRUE_THAT(served);
    EQUAL(answer(waiter), WAIT_OBJECT_0);
    TRUE_THAT(ask(waiter, release_mutex, .handle = theirs));
}

CASE_SHARED(nobody_starves_who_waits_for_an_event, "Life-21", ALL, "Event Objects")
{
    enum { MANY = 3 };
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    Partner *all[MANY];
    for (int i = 0; i < MANY; ++i) all[i] = waiter_for_event(where, name, NULL);
    for (int left = MANY; left > 0; --left) {
        DOES(SetEvent(event));
        const int served = first_to_answer(all, left);
        EQUAL(answer(all[served]), WAIT_OBJECT_0);
        all[served] = all[left - 1];
    }
}

/* ---- two processes of one user ----------------------------------------------------------------------------------- */
CASE(processes_see_the_same_names, "Life-30", ALL, "seed")
{
    const WCHAR *name = own_name("between");
    Partner *one = partner(IN_A_PROCESS), *other = partner(IN_A_PROCESS);
    const HANDLE first = as_handle(ask(one, make_event, .text = name));
    const HANDLE second = as_handle(ask(other, make_event, .text = name));
    EQUAL(error_of(one), NEW_OBJECT);
    EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
    tell(one, wait_for, .handle = first, .number = INFINITE);
    until_blocked(one);
    TRUE_THAT(ask(other, set_event, .handle = second));
    EQUAL(answer(one), WAIT_OBJECT_0);
}
