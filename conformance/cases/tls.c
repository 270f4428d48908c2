/* tls.c - TlsAlloc and its relatives, FlsAlloc and its. */
#include "conformance/harness/suite.h"

CASE(there_are_1088_indexes, "Tls-01 Tls-02", ALL, "Thread Local Storage")
{
    static DWORD all[2000];
    unsigned count = 0;
    poison();
    while (count < 2000 && (all[count] = TlsAlloc()) != TLS_OUT_OF_INDEXES) ++count;
    EQUAL(GetLastError(), ERROR_NO_MORE_ITEMS);
    BETWEEN(count, 1000, 1088); /* the C library of the program may have taken some */
    for (unsigned i = 0; i < count; ++i)
        for (unsigned j = 0; j < i; ++j)
            if (all[i] == all[j]) TRUE_THAT(all[i] != all[j]);
    DOES(TlsFree(all[count / 2]));
    EQUAL(TlsAlloc(), all[count / 2]);
}

CASE(what_was_never_set_is_0_and_no_error, "Tls-03", ALL, "TlsGetValue: return value")
{
    const DWORD index = TlsAlloc();
    GIVES((uintptr_t)TlsGetValue(index), 0, 0);
}

CASE(what_was_set_is_got, "Tls-04", ALL, "TlsSetValue; TlsGetValue: return value")
{
    const DWORD index = TlsAlloc(), other = TlsAlloc();
    DOES(TlsSetValue(index, (void *)4711));
    DOES(TlsSetValue(other, (void *)4712));
    GIVES((uintptr_t)TlsGetValue(index), 4711, 0);
    GIVES((uintptr_t)TlsGetValue(other), 4712, 0);
    DOES(TlsSetValue(index, NULL));
    GIVES((uintptr_t)TlsGetValue(index), 0, 0);
}

static uint64_t get_there(const Ask *ask) { return (uint64_t)(uintptr_t)TlsGetValue((DWORD)ask->number); }
static uint64_t set_there(const Ask *ask)
{
    return (uint64_t)TlsSetValue((DWORD)ask->number, (void *)(uintptr_t)ask->more);
}

CASE(each_thread_has_its_own_value, "Tls-05", ALL, "Thread Local Storage")
{
    const DWORD index = TlsAlloc();
    Partner *other = partner(IN_A_THREAD);
    DOES(TlsSetValue(index, (void *)1));
    EQUAL(ask(other, get_there, .number = index), 0);
    EQUAL(error_of(other), 0);
    TRUE_THAT(ask(other, set_there, .number = index, .more = 2));
    GIVES((uintptr_t)TlsGetValue(index), 1, 0);
    EQUAL(ask(other, get_there, .number = index), 2);
}

CASE(an_impossible_index_is_refused, "Tls-06", ALL, "seen on Wine 8.0")
{
    const DWORD impossible[] = {TLS_OUT_OF_INDEXES, 0x7FFFFFFF, 100000};
    for (int i = 0; i < 3; ++i) {
        REFUSES((uintptr_t)TlsGetValue(impossible[i]), ERROR_INVALID_PARAMETER);
        REFUSES(TlsSetValue(impossible[i], NULL), ERROR_INVALID_PARAMETER);
        REFUSES(TlsFree(impossible[i]), ERROR_INVALID_PARAMETER);
    }
    const DWORD index = TlsAlloc();
    DOES(TlsFree(index));
    REFUSES(TlsFree(index), ERROR_INVALID_PARAMETER);
}

CASE(an_index_that_comes_again_begins_with_0, "Tls-07", ALL, "TlsAlloc: remarks")
{
    const DWORD index = TlsAlloc();
    Partner *other = partner(IN_A_THREAD);
    DOES(TlsSetValue(index, (void *)1));
    TRUE_THAT(ask(other, set_there, .number = index, .more = 2));
    DOES(TlsFree(index));
    for (int i = 0; i < 2000; ++i) {
        const DWORD next = TlsAlloc();
        TRUE_THAT(next != TLS_OUT_OF_INDEXES);
        GIVES((uintptr_t)TlsGetValue(next), 0, 0);
        EQUAL(ask(other, get_there, .number = next), 0);
        if (next == index) return;
    }
}

/* ---- fibre local storage ----------------------------------------------------------------------------------------- */
static void *volatile called_with;
static volatile uint64_t called_in;

static VOID WINAPI note_call(void *value)
{
    called_with = value;
    called_in = own_thread_id();
}

static uint64_t set_fls_there(const Ask *ask)
{
    FlsSetValue((DWORD)ask->number, (void *)(uintptr_t)ask->more);
    return own_thread_id();
}

CASE(a_callback_runs_when_its_thread_ends, "Tls-08", ALL, "FlsAlloc: lpCallback")
{
    const DWORD index = FlsAlloc(note_call);
    TRUE_THAT(index != FLS_OUT_OF_INDEXES);
    Partner *without = partner(IN_A_THREAD);
    ask(without, get_there, .number = 0);
    let_go(without);
    TRUE_THAT(called_with == NULL);
    Partner *other = partner(IN_A_THREAD);
    const uint64_t thread = ask(other, set_fls_there, .number = index, .more = 4711);
    TRUE_THAT(called_with == NULL);
    let_go(other);
    EQUAL((uintptr_t)called_with, 4711);
    EQUAL(called_in, thread);
}

CASE(fibre_local_values_tell_0_from_failure, "Tls-09", ALL, "FlsGetValue: return value")
{
    const DWORD index = FlsAlloc(NULL);
    GIVES((uintptr_t)FlsGetValue(index), 0, 0);
    DOES(FlsSetValue(index, (void *)5));
    GIVES((uintptr_t)FlsGetValue(index), 5, 0);
    REFUSES((uintptr_t)FlsGetValue(FLS_OUT_OF_INDEXES), ERROR_INVALID_PARAMETER);
    REFUSES((uintptr_t)FlsGetValue(100000), ERROR_INVALID_PARAMETER);
}
