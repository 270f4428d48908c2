/* create_event.c - CreateEvent: making events, finding them by name. */
#include "conformance/harness/suite.h"

CASE(no_name_makes_an_event_that_only_its_handle_reaches, "CreateEvent-01 Gen-05", ALL, "CreateEventW")
{
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    GIVES(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    DOES(SetEvent(event));
    GIVES(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
}

CASE(two_without_a_name_are_unrelated, "CreateEvent-02", ALL, "CreateEventW")
{
    const HANDLE one = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    const HANDLE other = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    DOES(SetEvent(one));
    GIVES(WaitForSingleObject(other, 0), WAIT_TIMEOUT, SAME);
}

CASE_SHARED(a_new_name_is_seen_at_once, "CreateEvent-03", ALL, "CreateEventW")
{
    Partner *other = partner(where);
    const WCHAR *name = own_name("new");
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    const HANDLE theirs = as_handle(ask(other, make_event, .text = name));
    EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
    DOES(SetEvent(event));
    EQUAL(ask(other, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
}
