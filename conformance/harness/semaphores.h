/* semaphores.h - what the cases about semaphores share: tasks of their partners, and counting units. */
#ifndef CONFORMANCE_SEMAPHORES_H
#define CONFORMANCE_SEMAPHORES_H

#include "conformance/harness/suite.h"

static const LONG most = 0x7FFFFFFF;
enum { NOT_WRITTEN = 0x4DCDCDCD };

static inline uint64_t make_semaphore(const Ask *ask) /* text, number: initial, more: maximum */
{
    return (uint64_t)(uintptr_t)CreateSemaphoreW(NULL, (LONG)ask->number, (LONG)ask->more, ask->text);
}

/* Previous count, or NOT_WRITTEN if it does not work. */
static inline uint64_t release_units(const Ask *ask) /* handle, number */
{
    LONG before = NOT_WRITTEN;
    return ReleaseSemaphore(ask->handle, (LONG)ask->number, &before) ? (uint64_t)before : NOT_WRITTEN;
}

/* Takes all units there are: their number. */
static inline LONG drain(HANDLE semaphore)
{
    LONG count = 0;
    while (count < 100 && WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0) ++count;
    return count;
}

#endif
