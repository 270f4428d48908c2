// test_ce_events.cpp - EventModify, SetEventData, GetEventData: what Windows CE has beside its events.
//
// Source      "EventModify (Windows CE 5.0)", "SetEventData (Windows CE 5.0)", "GetEventData (Windows CE 5.0)".
#include "tests/support/program.h"

#include <winshim_ce.h>

TEST(all, EventModify_is_the_three_calls) {
    const HANDLE event = auto_event(false);
    EXPECT(EventModify(event, EVENT_SET), TRUE, SAME);
    EXPECT(EventModify(event, EVENT_RESET), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_TIMEOUT, SAME);
    EXPECT(EventModify(event, EVENT_SET), TRUE, SAME);
    EXPECT(WaitForSingleObject(event, 0), WAIT_OBJECT_0, SAME);
    Actor b = thread_actor();
    b.start(step::wait(event, INFINITE));
    b.expect_blocked();
    EXPECT(EventModify(event, EVENT_PULSE), TRUE, SAME);
    b.expect(WAIT_OBJECT_0, SAME);
    for (const DWORD what : {0u, 4u, 0xFFFFFFFFu}) EXPECT(EventModify(event, what), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(EventModify(nullptr, EVENT_SET), FALSE, ERROR_INVALID_HANDLE);
    EXPECT(EventModify(free_mutex(), EVENT_SET), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, the_data_of_an_event) {
    const HANDLE event = manual_event(false, NAME),
                 again = MADE(CreateEventA(nullptr, TRUE, FALSE, NAME), ERROR_ALREADY_EXISTS);
    EXPECT(GetEventData(event), 0, SAME);
    EXPECT(SetEventData(event, 0xDEADBEEF), TRUE, SAME);
    EXPECT(GetEventData(again), 0xDEADBEEF, SAME);
    EXPECT(SetEvent(event), TRUE, SAME);
    EXPECT(ResetEvent(event), TRUE, SAME);
    EXPECT(GetEventData(event), 0xDEADBEEF, SAME);
    EXPECT(CloseHandle(event), TRUE, SAME);
    EXPECT(CloseHandle(again), TRUE, SAME);
    EXPECT(GetEventData(manual_event(false, NAME)), 0, SAME);  // another event
}

ROLE(answer_by_data) {
    const HANDLE request = OpenEventA(EVENT_ALL_ACCESS, FALSE, argument),
                 reply = OpenEventA(EVENT_ALL_ACCESS, FALSE, "reply");
    if (WaitForSingleObject(request, 20'000) != WAIT_OBJECT_0) return 1;
    return SetEventData(reply, GetEventData(request) + 1) && SetEvent(reply) ? 0 : 2;
}

TEST(all, data_goes_with_the_signal_to_another_process) {
    const HANDLE request = auto_event(false, NAME), reply = auto_event(false, "reply");
    EXPECT(SetEventData(request, 41), TRUE, SAME);
    EXPECT(SetEvent(request), TRUE, SAME);
    assert_int_equal(run_role("answer_by_data", NAME).status, 0);
    EXPECT(WaitForSingleObject(reply, 0), WAIT_OBJECT_0, SAME);
    EXPECT(GetEventData(reply), 42, SAME);
}

TEST(all, handles_that_are_no_events) {
    for (const HANDLE h : {HANDLE{nullptr}, free_mutex(), semaphore(1, 1), GetCurrentThread(), handle_of(123456)}) {
        EXPECT(SetEventData(h, 1), FALSE, ERROR_INVALID_HANDLE);
        EXPECT(GetEventData(h), 0, ERROR_INVALID_HANDLE);
    }
}

TEST(ce | nt, a_handle_that_may_not_change_it) {
    const HANDLE event = auto_event(false);
    const HANDLE waiter = with_access(event, SYNCHRONIZE);
    EXPECT(SetEventData(event, 7), TRUE, SAME);
    EXPECT(SetEventData(waiter, 8), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(EventModify(waiter, EVENT_SET), FALSE, ERROR_ACCESS_DENIED);
    EXPECT(GetEventData(waiter), 7, SAME);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
