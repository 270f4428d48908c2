/* timer_create.c - CreateWaitableTimer, OpenWaitableTimer: names, kinds, flags. */
#include "conformance/harness/kinds.h"

static BOOL set_now(HANDLE timer)
{
    const LARGE_INTEGER due = {.QuadPart = 0};
    return SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE);
}

static uint64_t make_timer(const Ask *ask) /* text, number: manual */
{
    return (uint64_t)(uintptr_t)CreateWaitableTimerW(NULL, (BOOL)ask->number, ask->text);
}

/* ---- CreateWaitableTimer ----------------------------------------------------------------------------------------- */
static void is_timer(HANDLE timer, BOOL manual)
{
    GIVES(WaitForSingleObject(timer, 20), WAIT_TIMEOUT, SAME); /* not signaled, and not active */
    DOES(set_now(timer));
    GIVES(WaitForSingleObject(timer, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(timer, 0), manual ? WAIT_OBJECT_0 : WAIT_TIMEOUT, SAME);
}

CASE(a_new_timer_is_not_active, "Timer-01", ALL, "CreateWaitableTimerW: return value, remarks")
{
    is_timer(MAKES(CreateWaitableTimerW(NULL, TRUE, NULL), NEW_OBJECT), TRUE);
    is_timer(MAKES(CreateWaitableTimerW(NULL, FALSE, NULL), NEW_OBJECT), FALSE);
    is_timer(MAKES(CreateWaitableTimerW(NULL, TRUE, own_name("wide")), NEW_OBJECT), TRUE);
    is_timer(MAKES(CreateWaitableTimerA(NULL, FALSE, ansi(own_name("narrow"))), NEW_OBJECT), FALSE);
}

CASE_SHARED(a_found_timer_keeps_its_kind, "Timer-02", ALL, "CreateWaitableTimerW: bManualReset, lpTimerName")
{
    for (BOOL manual = FALSE; manual <= TRUE; ++manual) {
        Partner *other = partner(where);
        const WCHAR *name = own_name(manual ? "manual" : "auto");
        const HANDLE theirs = as_handle(ask(other, make_timer, .text = name, .number = (uint64_t)manual));
        EQUAL(error_of(other), NEW_OBJECT);
        const HANDLE found = MAKES(CreateWaitableTimerW(NULL, !manual, name), ERROR_ALREADY_EXISTS);
        EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_TIMEOUT);
        DOES(set_now(found));
        EQUAL(ask(other, wait_for, .handle = theirs, .number = LONG_ENOUGH), WAIT_OBJECT_0);
        GIVES(WaitForSingleObject(found, 0), manual ? WAIT_OBJECT_0 : WAIT_TIMEOUT, SAME);
    }
}

static const char *const words[KINDS] = {"event", "mutex", "semaphore", "", "mapping"};

CASE(another_kind_of_that_name, "Timer-03", ALL, "CreateWaitableTimerW: lpTimerName; ce, ce5: LD-1")
{
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        if (kind == TIMER) continue;
        const WCHAR *name = own_name(words[kind]);
        MAKES(create_kind(kind, name), NEW_OBJECT);
        if (profile() == NT) {
            REFUSES(CreateWaitableTimerW(NULL, TRUE, name), ERROR_INVALID_HANDLE);
            REFUSES(CreateWaitableTimerExA(NULL, ansi(name), 0, TIMER_ALL_ACCESS), ERROR_INVALID_HANDLE);
        } else {
            is_timer(MAKES(CreateWaitableTimerW(NULL, TRUE, name), NEW_OBJECT), TRUE);
            MAKES(CreateWaitableTimerA(NULL, TRUE, ansi(name)), ERROR_ALREADY_EXISTS);
        }
    }
}

CASE_SHARED(a_timer_is_found_by_name, "Timer-04", ALL, "OpenWaitableTimerW")
{
    const WCHAR *name = own_name("open");
    Partner *other = partner(where);
    const HANDLE theirs = as_handle(ask(other, make_timer, .text = name, .number = TRUE));
    const HANDLE wide = OPENS(OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, name));
    const HANDLE narrow = OPENS(OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, ansi(name)));
    GIVES(WaitForSingleObject(wide, 0), WAIT_TIMEOUT, SAME);
    DOES(set_now(narrow));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = LONG_ENOUGH), WAIT_OBJECT_0);
    GIVES(WaitForSingleObject(wide, 0), WAIT_OBJECT_0, SAME);
}

CASE(no_timer_is_found, "Timer-04 Gen-29", ALL, "OpenWaitableTimerW")
{
    REFUSES(OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, own_name("nothing")), ERROR_FILE_NOT_FOUND);
    REFUSES(OpenWaitableTimerA(SYNCHRONIZE, FALSE, ansi(own_name("nothing"))), ERROR_FILE_NOT_FOUND);
    REFUSES(OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
    REFUSES(OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, NULL), ERROR_INVALID_PARAMETER);
}

CASE(another_kind_is_no_timer, "Timer-04 Timer-03", ALL, "Object Names; ce, ce5: LD-1")
{
    const DWORD error = profile() == NT ? ERROR_INVALID_HANDLE : ERROR_FILE_NOT_FOUND;
    for (Kind kind = EVENT; kind < KINDS; ++kind) {
        if (kind == TIMER) continue;
        MAKES(create_kind(kind, own_name(words[kind])), NEW_OBJECT);
        REFUSES(OpenWaitableTimerW(TIMER_ALL_ACCESS, FALSE, own_name(words[kind])), error);
    }
}

enum { HIGH_RESOLUTION = 2 }; /* CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, which not every header has */

CASE(flags_of_a_new_timer, "Timer-05", ALL, "CreateWaitableTimerExW: dwFlags")
{
    EQUAL(CREATE_WAITABLE_TIMER_MANUAL_RESET, 1);
    is_timer(MAKES(CreateWaitableTimerExW(NULL, NULL, 0, TIMER_ALL_ACCESS), NEW_OBJECT), FALSE);
    is_timer(MAKES(CreateWaitableTimerExW(NULL, own_name("ex"), 1, TIMER_ALL_ACCESS), NEW_OBJECT), TRUE);
    is_timer(MAKES(CreateWaitableTimerExA(NULL, NULL, 1, TIMER_ALL_ACCESS), NEW_OBJECT), TRUE);
    MAKES(CreateWaitableTimerExA(NULL, ansi(own_name("ex")), 0, TIMER_ALL_ACCESS), ERROR_ALREADY_EXISTS);
    is_timer(MAKES(CreateWaitableTimerExW(NULL, NULL, HIGH_RESOLUTION, TIMER_ALL_ACCESS), NEW_OBJECT), FALSE);
    is_timer(MAKES(CreateWaitableTimerExW(NULL, NULL, HIGH_RESOLUTION | 1, TIMER_ALL_ACCESS), NEW_OBJECT), TRUE);
}

CASE(other_flags_are_refused, "Timer-05", ALL, "CreateWaitableTimerExW: dwFlags")
{
    const DWORD others[] = {4, 8, 5, 0x100, 0x80000000, 0xFFFFFFFF};
    const WCHAR *name = own_name("flags");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
        REFUSES(CreateWaitableTimerExW(NULL, name, others[i], TIMER_ALL_ACCESS), ERROR_INVALID_PARAMETER);
        REFUSES(CreateWaitableTimerExA(NULL, ansi(name), others[i], TIMER_ALL_ACCESS), ERROR_INVALID_PARAMETER);
    }
    MAKES(CreateWaitableTimerExW(NULL, name, 0, TIMER_ALL_ACCESS), NEW_OBJECT); /* nothing was made before */
}
