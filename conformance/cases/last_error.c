/* last_error.c - GetLastError and SetLastError. */
#include "conformance/harness/suite.h"

CASE(what_is_set_is_got, "LastError-01", ALL, "SetLastError")
{
    const DWORD values[] = {0, 1, 183, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x20000001};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; ++i) {
        SetLastError(values[i]);
        EQUAL(GetLastError(), values[i]);
    }
}

CASE(looking_does_not_change_it, "LastError-02", ALL, "GetLastError")
{
    SetLastError(4711);
    for (int i = 0; i < 3; ++i) EQUAL(GetLastError(), 4711);
}

static uint64_t set_it(const Ask *ask)
{
    const DWORD before = GetLastError();
    SetLastError((DWORD)ask->number);
    return before;
}

CASE(each_thread_has_its_own, "LastError-03 Gen-01", ALL, "GetLastError")
{
    Partner *other = partner(IN_A_THREAD);
    SetLastError(1);
    EQUAL(ask(other, set_it, .number = 2), UNTOUCHED); /* the mark that a partner begins with, not 1 */
    EQUAL(error_of(other), 2);
    EQUAL(GetLastError(), 1);
}

static VOID CALLBACK set_last_error(ULONG_PTR value) { SetLastError((DWORD)value); }

CASE(a_call_made_in_a_wait_may_change_it, "LastError-04", ALL, "seen on Wine 8.0")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    DOES(QueueUserAPC(set_last_error, GetCurrentThread(), 4711));
    GIVES(WaitForSingleObjectEx(event, 0, TRUE), WAIT_IO_COMPLETION, 4711);
}
