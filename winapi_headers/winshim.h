/* winshim.h - winshim's own calls: profile and version.
 *
 * Profiles    Three generations of the API differ. A process has one profile, from its first object on:
 *             "ce"   (the default) events and mutexes share their names: creating one over the other's name succeeds,
 *                    with a handle to the existing object and ERROR_ALREADY_EXISTS
 *             "ce5"  Windows CE 5.0 and later: each type has names of its own; no wait-all, no access rights
 *             "nt"   desktop Windows: all types share their names: creating over another type's name fails with
 *                    ERROR_INVALID_HANDLE; Global\ and Local\ prefixes
 *             Processes of different profiles see the same objects; each applies the rules of its own profile.
 * Environment WINSHIM_PROFILE: the profile of a process that does not call WinshimSetProfile. An unknown value is
 *             reported on standard error, and "ce" holds.
 *             WINSHIM_NAMESPACE: any text. Processes see each other's objects only if the text is the same.
 * Source      statements, section 1; LD-19
 */
#ifndef WINSHIM_H
#define WINSHIM_H

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Chooses the profile of this process. Comes before the environment variable WINSHIM_PROFILE.
 *   profile  "ce", "ce5" or "nt"; the text is not kept
 * Returns   nonzero; 0 on failure, and the profile is as it was.
 * Error     ERROR_INVALID_PARAMETER    another text, or NULL
 *           ERROR_ALREADY_INITIALIZED  the process has used another profile already, for its first object */
WINBASEAPI BOOL WINAPI WinshimSetProfile(_In_z_ const char *profile);

/* Returns the name of the profile in force, "ce", "ce5" or "nt": a constant text. Does not fail. */
WINBASEAPI const char *WINAPI WinshimGetProfile(void);

/* Returns the library's version, for example "0.1.0": a constant text. Does not fail. */
WINBASEAPI const char *WINAPI WinshimVersion(void);

/* Returns an exported function as an entry point that is called in Microsoft's convention on x86-64 (ms_abi), for code
 * of that convention: tables of functions handed to it, loaders of its binaries. Routines that are given to such an
 * entry (of threads, APCs, timers, pools) are called in that convention, too. docs/ms-abi.md tells more.
 *   name  as the library exports it: CreateEventW takes 2-byte units, CreateEventW_utf32 4-byte units
 * Returns   the entry point; it stays good. NULL on failure.
 * Error     ERROR_INVALID_PARAMETER  name is NULL
 *           ERROR_PROC_NOT_FOUND     no export has the name
 *           ERROR_MOD_NOT_FOUND      libwinshim-msabi.so does not lie beside libwinshim.so (there is none for
 *                                    processors other than x86-64)
 * Notes     LoadLibrary("winshim-msabi") and GetProcAddress do the same. */
WINBASEAPI FARPROC WINAPI WinshimGetMsAbiProc(_In_z_ const char *name);

#ifdef __cplusplus
}
#endif

#endif /* WINSHIM_H */
