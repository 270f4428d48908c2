/* life_inherit.c - handles that children inherit, and handles that are given to them. */
#include "conformance/harness/kinds.h"

static uint64_t start_child(const Ask *ask)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made;
    WCHAR line[1000];
    for (int i = 0; i < 1000 && (i == 0 || line[i - 1] != 0); ++i) line[i] = ask->text[i];
    if (!CreateProcessW(NULL, line, NULL, NULL, (BOOL)ask->number, 0, NULL, NULL, &startup, &made)) return 0;
    CloseHandle(made.hThread);
    return (uint64_t)(uintptr_t)made.hProcess;
}

static const WCHAR no_text[] = {0};

/* A child of this process that has inherited what it can. */
static Partner *child(void)
{
    Partner *who;
    const WCHAR *line = joined(partner_command(&who), no_text);
    TRUE_THAT(start_child(&(Ask){.text = line, .number = profile() != CE5}) != 0); /* ce5: must be FALSE */
    meet(who);
    return who;
}

static uint64_t make_inheritable_event(const Ask *ask)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    return (uint64_t)(uintptr_t)CreateEventW(&inherit, TRUE, FALSE, ask->text);
}

static uint64_t flags_there(const Ask *ask)
{
    DWORD flags = 0xCDCDCDCD;
    return GetHandleInformation(ask->handle, &flags) ? flags : 0xFFFFFFFF;
}

CASE(an_inherited_handle_has_the_same_value, "Life-24 Life-26", CE | NT, "Inheritance; CreateProcessW")
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    const WCHAR *name = own_name("named");
    const HANDLE unnamed = MAKES(CreateEventW(&inherit, TRUE, FALSE, NULL), NEW_OBJECT);
    MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    const HANDLE wait_only = OPENS(OpenEventW(SYNCHRONIZE, TRUE, name));
    const HANDLE mutex = MAKES(CreateMutexW(&inherit, TRUE, NULL), NEW_OBJECT);
    Partner *who = child();
    EQUAL(ask(who, flags_there, .handle = unnamed), HANDLE_FLAG_INHERIT);
    EQUAL(ask(who, wait_for, .handle = unnamed, .number = 0), WAIT_TIMEOUT);
    DOES(SetEvent(unnamed));
    EQUAL(ask(who, wait_for, .handle = unnamed, .number = 0), WAIT_OBJECT_0);
    EQUAL(ask(who, wait_for, .handle = wait_only, .number = 0), WAIT_TIMEOUT);
    EQUAL(ask(who, set_event, .handle = wait_only), 0);
    EQUAL(error_of(who), ERROR_ACCESS_DENIED);
    EQUAL(ask(who, wait_for, .handle = mutex, .number = 0), WAIT_TIMEOUT);
    DOES(ReleaseMutex(mutex));
    EQUAL(ask(who, wait_for, .handle = mutex, .number = 0), WAIT_OBJECT_0);
    let_go(who);
}

CASE(an_inherited_handle_keeps_the_object, "Life-23", CE | NT, "Inheritance")
{
    const WCHAR *name = own_name("event");
    Partner *parent = partner(IN_A_PROCESS), *grandchild;
    const HANDLE theirs = as_handle(ask(parent, make_inheritable_event, .text = name));
    const WCHAR *line = joined(partner_command(&grandchild), no_text);
    TRUE_THAT(ask(parent, start_child, .text = line, .number = TRUE));
    meet(grandchild);
    TRUE_THAT(ask(parent, close_handle, .handle = theirs));
    const HANDLE event = OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name));
    DOES(SetEvent(event));
    DOES(CloseHandle(event));
    kill_partner(parent);
    EQUAL(ask(grandchild, wait_for, .handle = theirs, .number = 0), WAIT_OBJECT_0);
    const HANDLE again = OPENS(OpenEventW(EVENT_ALL_ACCESS, FALSE, name));
    GIVES(WaitForSingleObject(again, 0), WAIT_OBJECT_0, SAME);
    let_go(grandchild);
}

static uint64_t process_of_pseudo_handle(const Ask *ask)
{
    (void)ask;
    return GetProcessId(GetCurrentProcess());
}

CASE(a_pseudo_handle_means_whoever_uses_it, "Life-25", ALL, "GetCurrentProcess: remarks")
{
    Partner *who = child();
    EQUAL(ask(who, process_of_pseudo_handle, .number = 0), id_of(who));
    TRUE_THAT(id_of(who) != GetCurrentProcessId());
    EQUAL(GetProcessId(GetCurrentProcess()), GetCurrentProcessId());
    let_go(who);
}

CASE(named_or_not_a_handle_can_be_duplicated, "Life-26", ALL, "DuplicateHandle; CreateMutexW")
{
    const HANDLE handles[] = {MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT),
                              MAKES(CreateEventW(NULL, TRUE, FALSE, own_name("named")), NEW_OBJECT)};
    Partner *who = partner(IN_A_PROCESS);
    const HANDLE process = OPENS(OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)id_of(who)));
    for (int i = 0; i < 2; ++i) {
        HANDLE theirs = NULL;
        DOES(DuplicateHandle(GetCurrentProcess(), handles[i], process, &theirs, 0, FALSE, DUPLICATE_SAME_ACCESS));
        TRUE_THAT(ask(who, set_event, .handle = theirs));
        GIVES(WaitForSingleObject(handles[i], 0), WAIT_OBJECT_0, SAME);
    }
}
