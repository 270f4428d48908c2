/* wait_alertable.c - the Ex forms of the wait functions: what an alertable wait does with queued calls. */
#include "conformance/harness/kinds.h"

static unsigned called;
static HANDLE set_by_call;

static VOID CALLBACK count_call(ULONG_PTR unused)
{
    (void)unused;
    ++called;
    if (set_by_call != NULL) SetEvent(set_by_call);
}

static uint64_t wait_alertably(const Ask *ask) { return WaitForSingleObjectEx(ask->handle, (DWORD)ask->number, TRUE); }

CASE(not_alertable_no_call_is_made, "WaitSingle-30", ALL, "WaitForSingleObjectEx: bAlertable")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForSingleObjectEx(event, A_WHILE, FALSE), WAIT_TIMEOUT, SAME);
    EQUAL(called, 0);
    GIVES(WaitForSingleObjectEx(event, 0, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(called, 1);
}

CASE(alertable_queued_calls_are_made, "WaitSingle-31", ALL, "WaitForSingleObjectEx: return value")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    for (int i = 0; i < 3; ++i) DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForSingleObjectEx(event, 0, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(called, 3);
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForSingleObjectEx(event, INFINITE, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(called, 4);
}

static uint64_t own_thread(const Ask *ask)
{
    (void)ask;
    HANDLE real = NULL;
    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &real, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    return (uint64_t)(uintptr_t)real;
}

CASE(alertable_a_call_wakes_it, "WaitSingle-32", ALL, "WaitForSingleObjectEx: return value")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    Partner *waiter = partner(IN_A_THREAD);
    const HANDLE thread = as_handle(ask(waiter, own_thread, .number = 0));
    tell(waiter, wait_alertably, .handle = event, .number = INFINITE);
    until_blocked(waiter);
    DOES(QueueUserAPC(count_call, thread, 0));
    EQUAL(answer(waiter), WAIT_IO_COMPLETION);
    EQUAL(called, 1);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

CASE(a_signaled_object_comes_before_calls, "WaitSingle-33", ALL, "Asynchronous Procedure Calls; seen on Wine 8.0")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, TRUE, NULL), NEW_OBJECT);
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForSingleObjectEx(event, LONG_ENOUGH, TRUE), WAIT_OBJECT_0, SAME);
    EQUAL(called, 0);
    GIVES(WaitForSingleObjectEx(event, LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(called, 1);
}

CASE(a_call_may_set_what_is_waited_for, "WaitSingle-34", ALL, "seen on Wine 8.0")
{
    set_by_call = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForSingleObjectEx(set_by_call, LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION, SAME);
    GIVES(WaitForSingleObject(set_by_call, 0), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObject(set_by_call, 0), WAIT_TIMEOUT, SAME);
}

CASE(alertable_without_calls_it_runs_out, "WaitSingle-35", ALL, "WaitForSingleObjectEx: return value")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    GIVES(WaitForSingleObjectEx(event, 0, TRUE), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObjectEx(event, A_WHILE, TRUE), WAIT_TIMEOUT, SAME);
}

CASE(a_bad_handle_comes_before_calls, "WaitSingle-36", ALL, "seen on Wine 8.0")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForSingleObjectEx(NULL, LONG_ENOUGH, TRUE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    EQUAL(called, 0);
    GIVES(WaitForSingleObjectEx(event, 0, TRUE), WAIT_IO_COMPLETION, SAME);
}

CASE(the_plain_form_is_not_alertable, "WaitSingle-37", ALL, "WaitForSingleObject")
{
    const HANDLE event = MAKES(CreateEventW(NULL, FALSE, FALSE, NULL), NEW_OBJECT);
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    EQUAL(called, 0);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObjectEx(event, 0, FALSE), WAIT_OBJECT_0, SAME);
    GIVES(WaitForSingleObjectEx(event, 0, FALSE), WAIT_TIMEOUT, SAME);
    GIVES(WaitForSingleObjectEx(NULL, 0, FALSE), WAIT_FAILED, ERROR_INVALID_HANDLE);
}

/* ---- several objects --------------------------------------------------------------------------------------------- */
CASE(alertable_with_nothing_signaled_calls_are_made, "WaitMultiple-25", ALL, "WaitForMultipleObjectsEx: return value")
{
    const HANDLE all[] = {CreateEventW(NULL, FALSE, FALSE, NULL), CreateEventW(NULL, FALSE, FALSE, NULL)};
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForMultipleObjectsEx(2, all, FALSE, 0, FALSE), WAIT_TIMEOUT, SAME);
    EQUAL(called, 0);
    GIVES(WaitForMultipleObjectsEx(2, all, FALSE, LONG_ENOUGH, TRUE), WAIT_IO_COMPLETION, SAME);
    EQUAL(called, 2);
    GIVES(WaitForMultipleObjectsEx(2, all, FALSE, 0, TRUE), WAIT_TIMEOUT, SAME);
}

CASE(alertable_with_something_signaled_calls_wait, "WaitMultiple-26", ALL, "Asynchronous Procedure Calls")
{
    const HANDLE all[] = {CreateEventW(NULL, FALSE, FALSE, NULL), CreateEventW(NULL, FALSE, TRUE, NULL)};
    DOES(QueueUserAPC(count_call, GetCurrentThread(), 0));
    GIVES(WaitForMultipleObjectsEx(2, all, FALSE, LONG_ENOUGH, TRUE), WAIT_OBJECT_0 + 1, SAME);
    EQUAL(called, 0);
    GIVES(WaitForMultipleObjectsEx(2, all, FALSE, 0, TRUE), WAIT_IO_COMPLETION, SAME);
}
