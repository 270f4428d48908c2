/* minwinbase.h - the structures that the base services share. */
#ifndef _MINWINBASE_
#define _MINWINBASE_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Says whether the handle that a Create function returns can be inherited.
 *   nLength               sizeof(SECURITY_ATTRIBUTES); not checked
 *   lpSecurityDescriptor  accepted, not enforced: NULL is as good as any
 *   bInheritHandle        nonzero: the handle is inheritable
 * Profiles  ce, nt: as above. ce5: the structure is ignored, the handle is not inheritable.
 * Source    "SECURITY_ATTRIBUTES"; CreateEvent-16..19, LD-6 */
typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

#ifdef __cplusplus
}
#endif

#endif /* _MINWINBASE_ */
