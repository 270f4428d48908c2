/* kinds.h - one object of every kind that has a name, for the rules of names across kinds. */
#ifndef CONFORMANCE_KINDS_H
#define CONFORMANCE_KINDS_H

#include "conformance/harness/suite.h"

typedef enum { EVENT, MUTEX, SEMAPHORE, TIMER, MAPPING, KINDS } Kind;

/* Creates or finds: an auto-reset event, a free mutex, a semaphore 0 of 1, a timer, a mapping of a page. */
HANDLE create_kind(Kind kind, const WCHAR *name);
HANDLE open_kind(Kind kind, const WCHAR *name); /* with all access */

#endif
