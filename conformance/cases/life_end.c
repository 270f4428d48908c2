/* life_end.c - what an end leaves behind: of a process, of a thread that owned mutexes, in the middle of a call. */
#include "conformance/harness/kinds.h"

/* ---- processes that end ------------------------------------------------------------------------------------------ */
CASE(a_process_that_returns_has_closed_its_handles, "Life-04", ALL, "Terminating a Process")
{
    const WCHAR *event = own_name("event"), *mutex = own_name("mutex");
    Partner *other = partner(IN_A_PROCESS);
    ask(other, make_event, .text = event, .more = TRUE);
    ask(other, make_mutex, .text = mutex, .number = TRUE);
    OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, event));
    DOES(CloseHandle(OpenEventW(EVENT_ALL_ACCESS, FALSE, event)));
    let_go(other);
    REFUSES(OpenMutexW(MUTEX_ALL_ACCESS, FALSE, mutex), ERROR_FILE_NOT_FOUND);
    MAKES(CreateMutexW(NULL, FALSE, mutex), NEW_OBJECT);
}

CASE(a_killed_process_has_closed_its_handles, "Life-05 Life-06", ALL, "Terminating a Process; LD-20")
{
    const WCHAR *name = own_name("event"), *owned = own_name("owned");
    Partner *other = partner(IN_A_PROCESS);
    ask(other, make_event, .text = name, .number = TRUE, .more = TRUE);
    ask(other, make_mutex, .text = owned, .number = TRUE);
    kill_partner(other);
    REFUSES(OpenEventW(EVENT_ALL_ACCESS, FALSE, name), ERROR_FILE_NOT_FOUND);
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, owned), NEW_OBJECT);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME); /* a new one: not abandoned */
    DOES(ReleaseMutex(mutex));
}

/* This process has made no call before: the killed ones were alone. */
CASE(what_a_killed_run_left_does_not_matter, "Life-20 Life-06", ALL, "LD-23")
{
    const WCHAR *name = own_name("left"), *owned = own_name("owned");
    for (int i = 0; i < 3; ++i) {
        Partner *other = partner(IN_A_PROCESS);
        ask(other, make_event, .text = name, .number = TRUE, .more = TRUE);
        EQUAL(error_of(other), NEW_OBJECT);
        ask(other, make_mutex, .text = owned, .number = TRUE);
        EQUAL(error_of(other), NEW_OBJECT);
        kill_partner(other);
    }
    MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    MAKES(CreateMutexW(NULL, FALSE, owned), NEW_OBJECT);
}

/* ---- owners that end --------------------------------------------------------------------------------------------- */
CASE_SHARED(an_ended_owner_abandons_all_its_mutexes, "Life-07 Life-08", ALL, "Mutex Objects")
{
    enum { MANY = 5 };
    const WCHAR *names[MANY];
    HANDLE mutexes[MANY];
    Partner *owner = partner(where);
    for (int i = 0; i < MANY; ++i) {
        const char word[] = {'m', (char)('0' + i), 0};
        names[i] = own_name(word);
        mutexes[i] = MAKES(CreateMutexW(NULL, FALSE, names[i]), NEW_OBJECT);
        const HANDLE theirs = as_handle(ask(owner, make_mutex, .text = names[i]));
        for (int level = 0; level <= i; ++level) ask(owner, wait_for, .handle = theirs, .number = 0);
    }
    let_go(owner);
    for (int i = 0; i < MANY; ++i) {
        GIVES(WaitForSingleObject(mutexes[i], LONG_ENOUGH), WAIT_ABANDONED, SAME);
        DOES(ReleaseMutex(mutexes[i]));
        REFUSES(ReleaseMutex(mutexes[i]), ERROR_NOT_OWNER);
    }
}

/* Handed over: a release gave it to who was blocked in a wait. Whoever comes after the end owns nothing of it,
 * even if the library gives him the place of the one who ended. */
CASE_SHARED(who_was_handed_a_mutex_and_ends_abandons_it, "Life-07 Life-08", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *heir = waiter_for_mutex(where, name, &theirs);
    DOES(ReleaseMutex(mutex));
    EQUAL(answer(heir), WAIT_OBJECT_0);
    let_go(heir);
    Partner *after = partner_with_mutex(where, name, &theirs);
    EQUAL(ask(after, release_mutex, .handle = theirs), 0);
    EQUAL(error_of(after), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

static uint64_t end_this_thread(const Ask *ask)
{
    ExitThread((DWORD)ask->number);
    return 0;
}

CASE(ExitThread_abandons, "Life-07", ALL, "ExitThread; Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    Partner *owner = owner_of(IN_A_THREAD, name, 2, NULL);
    tell(owner, end_this_thread, .number = 3);
    until_ended(owner);
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

static DWORD WINAPI take_and_stay(void *handles)
{
    const HANDLE *both = handles;
    WaitForSingleObject(both[0], INFINITE);
    SetEvent(both[1]);
    for (;;) Sleep(50);
    return 0;
}

CASE(TerminateThread_abandons, "Life-07", ALL, "TerminateThread; Mutex Objects")
{
    static HANDLE both[2];
    both[0] = MAKES(CreateMutexW(NULL, FALSE, NULL), NEW_OBJECT);
    both[1] = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE thread = CreateThread(NULL, 0, take_and_stay, both, 0, NULL);
    GIVES(WaitForSingleObject(both[1], LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    DOES(TerminateThread(thread, 7));
    GIVES(WaitForSingleObject(thread, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(both[0], LONG_ENOUGH), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(both[0]));
}

CASE(a_killed_owner_abandons, "Life-08 Life-11 WaitSingle-13", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    kill_partner(owner_of(IN_A_PROCESS, name, 3, NULL));
    pause_ms(20); /* nobody waits meanwhile */
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}

CASE(who_waits_for_a_killed_owner_is_told, "Life-09 Life-10", ALL, "Mutex Objects; LD-20")
{
    enum { MANY = 3 };
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    Partner *owner = owner_of(IN_A_PROCESS, name, 2, NULL), *all[MANY];
    HANDLE theirs[MANY];
    for (int i = 0; i < MANY; ++i) all[i] = waiter_for_mutex(i == 1 ? IN_A_THREAD : IN_A_PROCESS, name, &theirs[i]);
    kill_partner(owner);
    for (int left = MANY; left > 0; --left) {
        const int first = first_to_answer(all, left);
        EQUAL(answer(all[first]), left == MANY ? WAIT_ABANDONED : WAIT_OBJECT_0);
        pause_ms(A_WHILE / MANY);
        for (int i = 0; i < left; ++i) TRUE_THAT(i == first || !answers_within(all[i], 0));
        TRUE_THAT(ask(all[first], release_mutex, .handle = theirs[first]));
        all[first] = all[left - 1];
        theirs[first] = theirs[left - 1];
    }
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

static HANDLE kept_by_thread;

static void take_and_sleep(void *unused)
{
    (void)unused;
    WaitForSingleObject(kept_by_thread, INFINITE);
    for (;;) pause_ms(50);
}

static uint64_t let_a_thread_take(const Ask *ask)
{
    kept_by_thread = CreateMutexW(NULL, FALSE, ask->text);
    return thread_begin(take_and_sleep, NULL) != NULL;
}

CASE(main_returns_while_another_thread_owns, "Life-12 Life-08", ALL, "Terminating a Process")
{
    const WCHAR *name = own_name("mutex");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    Partner *other = partner(IN_A_PROCESS);
    TRUE_THAT(ask(other, let_a_thread_take, .text = name));
    for (const uint64_t begin = now_ms(); now_ms() - begin < LONG_ENOUGH; pause_ms(1)) {
        if (WaitForSingleObject(mutex, 0) == WAIT_TIMEOUT) break;
        DOES(ReleaseMutex(mutex));
    }
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    let_go(other);
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

/* ---- what the dead did stays done -------------------------------------------------------------------------------- */
CASE(what_a_killed_process_did_to_events_stays, "Life-13", ALL, "Event Objects")
{
    const WCHAR *names[] = {own_name("set"), own_name("reset"), own_name("taken")};
    HANDLE events[3], theirs[3];
    Partner *other = partner(IN_A_PROCESS);
    for (int i = 0; i < 3; ++i) {
        events[i] = MAKES(CreateEventW(NULL, i < 2, i > 0, names[i]), NEW_OBJECT);
        theirs[i] = as_handle(ask(other, make_event, .text = names[i]));
    }
    TRUE_THAT(ask(other, set_event, .handle = theirs[0]));
    TRUE_THAT(ask(other, reset_event, .handle = theirs[1]));
    EQUAL(ask(other, wait_for, .handle = theirs[2], .number = 0), WAIT_OBJECT_0);
    kill_partner(other);
    GIVES(WaitForSingleObject(events[0], 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(events[1], 0), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObject(events[2], 0), WAIT_TIMEOUT, SAME);
}

static uint64_t make_semaphore(const Ask *ask)
{
    return (uint64_t)(uintptr_t)CreateSemaphoreW(NULL, 0, 5, ask->text);
}

CASE(units_of_a_killed_process_do_not_come_back, "Life-14", ALL, "Semaphore Objects")
{
    const WCHAR *name = own_name("semaphore");
    const HANDLE semaphore = MAKES(CreateSemaphoreW(NULL, 2, 5, name), NEW_OBJECT);
    Partner *other = partner(IN_A_PROCESS);
    const HANDLE theirs = as_handle(ask(other, make_semaphore, .text = name));
    for (int i = 0; i < 2; ++i) EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    kill_partner(other);
    pause_ms(20);
    GIVES(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT, SAME);
}

CASE(a_process_killed_in_a_wait_takes_nothing, "Life-15", ALL, "LD-20")
{
    const WCHAR *name = own_name("event");
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
    Partner *dead = waiter_for_event(IN_A_PROCESS, name, NULL);
    kill_partner(dead);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);

    dead = waiter_for_event(IN_A_PROCESS, name, NULL);
    Partner *living = waiter_for_event(IN_A_PROCESS, name, NULL);
    kill_partner(dead);
    DOES(SetEvent(event));
    EQUAL(answer(living), WAIT_OBJECT_0);
}

/* Makes, takes, signals, closes, without end. */
static uint64_t work_without_end(const Ask *ask)
{
    for (unsigned i = 0;; ++i) {
        const HANDLE mutex = CreateMutexW(NULL, FALSE, ask->text);
        const HANDLE event = CreateEventW(NULL, i & 1, FALSE, NULL);
        const HANDLE semaphore = CreateSemaphoreW(NULL, 0, 3, NULL);
        WaitForSingleObject(mutex, 0);
        SetEvent(event);
        ReleaseSemaphore(semaphore, 2, NULL);
        WaitForSingleObject(event, 0);
        ReleaseMutex(mutex);
        CloseHandle(semaphore);
        CloseHandle(event);
        CloseHandle(mutex);
    }
    return 0;
}

CASE(processes_killed_in_any_call_leave_all_in_order, "Life-16 Life-17", ALL, "LD-20, LD-16")
{
    const WCHAR *name = own_name("busy");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    for (unsigned round = 0; round < 12; ++round) {
        Partner *one = partner(IN_A_PROCESS);
        tell(one, work_without_end, .text = name);
        pause_ms(round % 4);
        kill_partner(one);
        const DWORD result = WaitForSingleObject(mutex, LONG_ENOUGH);
        TRUE_THAT(result == WAIT_OBJECT_0 || result == WAIT_ABANDONED);
        DOES(ReleaseMutex(mutex));
    }
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, own_name("after")), NEW_OBJECT);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

static uint64_t make_and_leave_without_end(const Ask *ask)
{
    for (;;) CloseHandle(CreateEventW(NULL, TRUE, TRUE, ask->text));
    return 0;
}

/* The makers make it set: who sees it otherwise has seen it half-made. */
CASE(no_half_made_object_is_ever_seen, "Life-17", ALL, "LD-16, LD-20")
{
    const WCHAR *name = own_name("half-made");
    for (unsigned round = 0; round < 8; ++round) {
        Partner *maker = partner(IN_A_PROCESS);
        tell(maker, make_and_leave_without_end, .text = name);
        for (int i = 0; i < 300; ++i) {
            const HANDLE seen = OpenEventW(EVENT_ALL_ACCESS, FALSE, name);
            if (seen == NULL) {
                EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
                continue;
            }
            GIVES(WaitForSingleObject(seen, 0), WAIT_OBJECT_0, SAME);
            GIVES(WaitForSingleObject(seen, 0), WAIT_OBJECT_0, SAME);
            DOES(CloseHandle(seen));
        }
        kill_partner(maker);
        const HANDLE fresh = MAKES(CreateEventW(NULL, FALSE, FALSE, name), NEW_OBJECT);
        GIVES(WaitForSingleObject(fresh, 0), WAIT_TIMEOUT, SAME);
        DOES(CloseHandle(fresh));
    }
}
