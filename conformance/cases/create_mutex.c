/* create_mutex.c - CreateMutex: making mutexes, finding them by name, who owns them then. */
#include "conformance/harness/kinds.h"

/* ---- without a name, and with a new one -------------------------------------------------------------------------- */
CASE(no_name_makes_a_mutex_of_its_own, "CreateMutex-01 Gen-05", ALL, "CreateMutexW: lpName")
{
    const HANDLE one = MAKES(CreateMutexW(NULL, TRUE, NULL), NEW_OBJECT);
    const HANDLE other = MAKES(CreateMutexA(NULL, FALSE, NULL), NEW_OBJECT);
    REFUSES(ReleaseMutex(other), ERROR_NOT_OWNER);
    DOES(ReleaseMutex(one));
}

CASE_SHARED(a_new_name_is_seen_at_once, "CreateMutex-02", ALL, "seed")
{
    const WCHAR *name = own_name("new");
    Partner *other = partner(where);
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    TRUE_THAT(as_handle(ask(other, make_mutex, .text = name)) != NULL);
    EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
}

CASE_SHARED(a_name_in_use_gives_the_mutex_that_has_it, "CreateMutex-03 Gen-06", ALL, "CreateMutexW: return value")
{
    const WCHAR *name = own_name("used");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    MAKES(CreateMutexW(NULL, FALSE, name), ERROR_ALREADY_EXISTS);
    HANDLE theirs;
    Partner *owner = owner_of(where, name, 1, &theirs);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    TRUE_THAT(ask(owner, release_mutex, .handle = theirs));
    GIVES(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0, SAME);
    DOES(ReleaseMutex(mutex));
}

/* ---- the initial owner ------------------------------------------------------------------------------------------- */
CASE_SHARED(a_new_mutex_is_its_creators_if_asked, "CreateMutex-04", ALL, "CreateMutexW: bInitialOwner")
{
    const WCHAR *name = own_name("owned");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    EQUAL(poll_elsewhere(where, name), WAIT_TIMEOUT);
    DOES(ReleaseMutex(mutex));
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}

CASE_SHARED(a_new_mutex_is_nobodys_if_not_asked, "CreateMutex-05", ALL, "CreateMutexW: bInitialOwner")
{
    const WCHAR *name = own_name("free");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE_SHARED(a_found_free_mutex_stays_free, "CreateMutex-06", ALL, "CreateMutexW: bInitialOwner")
{
    const WCHAR *name = own_name("found");
    MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    const HANDLE found = MAKES(CreateMutexW(NULL, TRUE, name), ERROR_ALREADY_EXISTS);
    REFUSES(ReleaseMutex(found), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE_SHARED(a_found_own_mutex_is_not_owned_once_more, "CreateMutex-07", ALL, "CreateMutexW: bInitialOwner")
{
    const WCHAR *name = own_name("own");
    MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    const HANDLE found = MAKES(CreateMutexW(NULL, TRUE, name), ERROR_ALREADY_EXISTS);
    DOES(ReleaseMutex(found));
    REFUSES(ReleaseMutex(found), ERROR_NOT_OWNER);
    EQUAL(poll_elsewhere(where, name), WAIT_OBJECT_0);
}

CASE_SHARED(a_found_mutex_of_another_stays_the_others, "CreateMutex-08", ALL, "CreateMutexW: bInitialOwner")
{
    const WCHAR *name = own_name("others");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    HANDLE theirs;
    Partner *owner = owner_of(where, name, 1, &theirs);
    const HANDLE found = MAKES(CreateMutexW(NULL, TRUE, name), ERROR_ALREADY_EXISTS);
    REFUSES(ReleaseMutex(found), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_TIMEOUT, SAME);
    TRUE_THAT(ask(owner, release_mutex, .handle = theirs));
}

/* ---- a name that another kind has -------------------------------------------------------------------------------- */
CASE(an_event_of_that_name_is_what_comes, "CreateMutex-09", CE, "seed")
{
    const WCHAR *name = own_name("event");
    MAKES(CreateEventW(NULL, TRUE, FALSE, name), NEW_OBJECT);
    const HANDLE found = MAKES(CreateMutexW(NULL, FALSE, name), ERROR_ALREADY_EXISTS);
    DOES(SetEvent(found));
}

static void makes_a_new_mutex_beside(Kind kind)
{
    const WCHAR *name = own_name("beside");
    const HANDLE first = MAKES(create_kind(kind, name), NEW_OBJECT);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, TRUE, name), NEW_OBJECT);
    DOES(ReleaseMutex(mutex));
    DOES(CloseHandle(first));
    MAKES(CreateMutexW(NULL, FALSE, name), ERROR_ALREADY_EXISTS);
}

CASE(beside_an_event_of_that_name, "CreateMutex-10", CE5, "CreateMutex (Windows CE 5.0)")
{
    makes_a_new_mutex_beside(EVENT);
}
CASE(beside_a_semaphore_of_that_name, "CreateMutex-12", CE, "CreateSemaphore (CE .NET)")
{
    makes_a_new_mutex_beside(SEMAPHORE);
}
CASE(beside_a_timer_of_that_name, "CreateMutex-12", CE, "LD-1") { makes_a_new_mutex_beside(TIMER); }
CASE(beside_a_mapping_of_that_name, "CreateMutex-12", CE, "LD-1") { makes_a_new_mutex_beside(MAPPING); }

static void is_refused_over(Kind kind)
{
    const WCHAR *name = own_name("taken");
    const HANDLE first = MAKES(create_kind(kind, name), NEW_OBJECT);
    REFUSES(CreateMutexW(NULL, TRUE, name), ERROR_INVALID_HANDLE);
    REFUSES(CreateMutexA(NULL, TRUE, ansi(name)), ERROR_INVALID_HANDLE);
    DOES(CloseHandle(first));
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT); /* nothing was made before */
    REFUSES(ReleaseMutex(mutex), ERROR_NOT_OWNER);
}

CASE(refused_over_an_event, "CreateMutex-11", NT, "CreateMutexW: return value") { is_refused_over(EVENT); }
CASE(refused_over_a_semaphore, "CreateMutex-11", NT, "CreateMutexW: return value") { is_refused_over(SEMAPHORE); }
CASE(refused_over_a_timer, "CreateMutex-11", NT, "CreateMutexW: return value") { is_refused_over(TIMER); }
CASE(refused_over_a_mapping, "CreateMutex-11", NT, "CreateMutexW: return value") { is_refused_over(MAPPING); }

/* ---- the empty name, attributes, access -------------------------------------------------------------------------- */
static const WCHAR empty[] = {0};

CASE(the_empty_name_is_a_name, "CreateMutex-13", CE | CE5, "CreateMutex (CE 6.0)")
{
    MAKES(CreateMutexW(NULL, TRUE, empty), NEW_OBJECT);
    const HANDLE found = MAKES(CreateMutexA(NULL, FALSE, ""), ERROR_ALREADY_EXISTS);
    DOES(ReleaseMutex(found));
}

CASE(the_empty_name_is_none, "CreateMutex-14", NT, "seen on Wine 8.0")
{
    MAKES(CreateMutexW(NULL, TRUE, empty), NEW_OBJECT);
    const HANDLE other = MAKES(CreateMutexA(NULL, FALSE, ""), NEW_OBJECT);
    REFUSES(ReleaseMutex(other), ERROR_NOT_OWNER);
}

static DWORD flags_of(HANDLE handle)
{
    DWORD flags = 0xCDCDCDCD;
    DOES(GetHandleInformation(handle, &flags));
    return flags;
}

CASE(inheritance_is_as_with_events, "CreateMutex-15", ALL, "CreateMutexW: lpMutexAttributes; ce5: LD-6")
{
    const DWORD lengths[] = {sizeof(SECURITY_ATTRIBUTES), 0, 7};
    const DWORD wanted = profile() == CE5 ? 0 : HANDLE_FLAG_INHERIT;
    const WCHAR *name = own_name("inherit");
    EQUAL(flags_of(MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT)), 0);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; ++i) {
        SECURITY_ATTRIBUTES inherit = {lengths[i], NULL, TRUE};
        EQUAL(flags_of(MAKES(CreateMutexW(&inherit, FALSE, name), ERROR_ALREADY_EXISTS)), wanted);
        EQUAL(flags_of(MAKES(CreateMutexA(&inherit, FALSE, NULL), NEW_OBJECT)), wanted);
    }
}

CASE(new_or_found_the_handle_has_all_access, "CreateMutex-16", ALL, "CreateMutexW: return value")
{
    const WCHAR *name = own_name("access");
    const HANDLE handles[] = {MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT),
                              MAKES(CreateMutexW(NULL, FALSE, name), ERROR_ALREADY_EXISTS)};
    for (int i = 0; i < 2; ++i) {
        GIVES(WaitForSingleObject(handles[i], 0), WAIT_OBJECT_0, SAME);
        DOES(ReleaseMutex(handles[i]));
    }
}

/* ---- owners that end --------------------------------------------------------------------------------------------- */
CASE_SHARED(creating_an_abandoned_mutex_takes_nothing_from_it, "CreateMutex-17", ALL, "seen on Wine 8.0")
{
    const WCHAR *name = own_name("abandoned");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    let_go(owner_of(where, name, 1, NULL));
    const HANDLE found = MAKES(CreateMutexW(NULL, TRUE, name), ERROR_ALREADY_EXISTS);
    REFUSES(ReleaseMutex(found), ERROR_NOT_OWNER);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE_SHARED(an_initial_owner_that_ends_abandons_it, "CreateMutex-18", ALL, "Mutex Objects")
{
    const WCHAR *name = own_name("creator");
    Partner *creator = partner(where);
    ask(creator, make_mutex, .text = name, .number = TRUE);
    EQUAL(error_of(creator), NEW_OBJECT);
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), ERROR_ALREADY_EXISTS);
    let_go(creator);
    GIVES(WaitForSingleObject(mutex, 0), WAIT_ABANDONED, SAME);
    DOES(ReleaseMutex(mutex));
}

CASE_SHARED(of_many_who_create_it_owned_one_owns_it, "CreateMutex-19 Gen-31", ALL,
            "Object Names; CreateMutexW: remarks")
{
    enum { MANY = 4, ROUNDS = 10 };
    Partner *all[MANY];
    HANDLE handles[MANY];
    for (int i = 0; i < MANY; ++i) all[i] = partner(where);
    for (int round = 0; round < ROUNDS; ++round) {
        char word[20] = {'r', (char)('a' + round), 0};
        const WCHAR *name = own_name(word);
        for (int i = 0; i < MANY; ++i) tell(all[i], make_mutex, .text = name, .number = TRUE);
        int creators = 0, owners = 0;
        for (int i = 0; i < MANY; ++i) {
            handles[i] = as_handle(answer(all[i]));
            TRUE_THAT(handles[i] != NULL);
            creators += error_of(all[i]) == NEW_OBJECT;
            TRUE_THAT(error_of(all[i]) == NEW_OBJECT || error_of(all[i]) == ERROR_ALREADY_EXISTS);
        }
        for (int i = 0; i < MANY; ++i) {
            const bool created = error_of(all[i]) == NEW_OBJECT;
            const bool owned = ask(all[i], release_mutex, .handle = handles[i]) != 0;
            owners += owned;
            EQUAL(owned, created);
        }
        EQUAL(creators, 1);
        EQUAL(owners, 1);
    }
}

CASE_SHARED(the_sample_of_the_documentation, "CreateMutex-20", ALL, "seed")
{
    Partner *other = partner(where);
    const WCHAR *name = own_name("MutexToProtectDatabase");
    const HANDLE mutex = MAKES(CreateMutexW(NULL, FALSE, name), NEW_OBJECT);
    const HANDLE theirs = as_handle(ask(other, make_mutex, .text = name));
    TRUE_THAT(theirs != NULL);
    EQUAL(error_of(other), ERROR_ALREADY_EXISTS);
    GIVES(WaitForSingleObject(mutex, LONG_ENOUGH), WAIT_OBJECT_0, SAME);
    tell(other, wait_for, .handle = theirs, .number = LONG_ENOUGH);
    until_blocked(other);
    DOES(ReleaseMutex(mutex));
    EQUAL(answer(other), WAIT_OBJECT_0);
    TRUE_THAT(ask(other, release_mutex, .handle = theirs));
}

CASE(names_that_cannot_be_are_refused, "CreateMutex-21", ALL, "CreateMutexW: lpName")
{
    REFUSES(CreateMutexA(NULL, TRUE, ansi(own_name_of(261))), ERROR_FILENAME_EXCED_RANGE);
    REFUSES(CreateMutexW(NULL, TRUE, joined("back\\", own_name("slash"))),
            profile() == NT ? ERROR_PATH_NOT_FOUND : ERROR_INVALID_NAME);
}
