/* libloaderapi.h - the program's modules: itself and its shared libraries.
 *
 * Own names   kernel32, kernelbase, ntdll, user32, advapi32, shell32, coredll and api-ms-win-..., with or without
 *             .dll and in any case, are this library: it is always loaded.
 * Search      A name without a directory is looked for beside the program, then where the dynamic linker looks.
 *             NAME.dll, and NAME without an ending, are also looked for as NAME.so and libNAME.so.
 * Profiles    alike, in all of this file.
 */
#ifndef _APISETLIBLOADER_
#define _APISETLIBLOADER_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GET_MODULE_HANDLE_EX_FLAG_PIN 0x1
#define GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT 0x2
#define GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS 0x4
#define LOAD_WITH_ALTERED_SEARCH_PATH 0x8
#define LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR 0x100
#define LOAD_LIBRARY_SEARCH_APPLICATION_DIR 0x200
#define LOAD_LIBRARY_SEARCH_USER_DIRS 0x400
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x800
#define LOAD_LIBRARY_SEARCH_DEFAULT_DIRS 0x1000

/* Tells the handle of a module that is loaded; it is not counted, and not to be freed.
 *   lpModuleName  its name or path; NULL: the program
 * Returns   the handle; NULL on failure.
 * Error     ERROR_MOD_NOT_FOUND
 * Source    "GetModuleHandleW" */
WINBASEAPI HMODULE WINAPI GetModuleHandleA(_In_opt_ LPCSTR lpModuleName);
WINBASEAPI HMODULE WINAPI GetModuleHandleW(_In_opt_ LPCWSTR lpModuleName) WINSHIM_WIDE(GetModuleHandleW);

/* GetModuleHandle, counted: to be freed by FreeLibrary.
 *   dwFlags       GET_MODULE_HANDLE_EX_FLAG_PIN: it stays loaded for good. ..._UNCHANGED_REFCOUNT: not counted.
 *                 ..._FROM_ADDRESS: lpModuleName is an address in the module
 *   phModule      where the handle goes, or NULL on failure
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_MOD_NOT_FOUND, ERROR_INVALID_PARAMETER (NULL, other flags, both of the first two)
 * Source    "GetModuleHandleExW" */
WINBASEAPI BOOL WINAPI GetModuleHandleExA(_In_ DWORD dwFlags, _In_opt_ LPCSTR lpModuleName, _Out_ HMODULE *phModule);
WINBASEAPI BOOL WINAPI GetModuleHandleExW(_In_ DWORD dwFlags, _In_opt_ LPCWSTR lpModuleName, _Out_ HMODULE *phModule)
    WINSHIM_WIDE(GetModuleHandleExW);

/* Loads a shared library, or counts one more user of it.
 * Returns   its handle; NULL on failure.
 * Error     ERROR_MOD_NOT_FOUND   it, or one that it needs, is not there
 *           ERROR_BAD_EXE_FORMAT  a path that leads to something else
 *           ERROR_INVALID_DRIVE, ERROR_BAD_NETPATH, ERROR_INVALID_NAME, ERROR_NOT_ENOUGH_MEMORY  as in fileapi.h
 * Source    "LoadLibraryW" */
WINBASEAPI HMODULE WINAPI LoadLibraryA(_In_ LPCSTR lpLibFileName);
WINBASEAPI HMODULE WINAPI LoadLibraryW(_In_ LPCWSTR lpLibFileName) WINSHIM_WIDE(LoadLibraryW);

/* LoadLibrary; the flags that say where to look are accepted and change nothing.
 *   hFile    ignored
 *   dwFlags  LOAD_WITH_ALTERED_SEARCH_PATH, LOAD_LIBRARY_SEARCH_...
 * Returns   its handle; NULL on failure.
 * Error     as LoadLibrary; ERROR_NOT_SUPPORTED  another flag
 * Source    "LoadLibraryExW" */
WINBASEAPI HMODULE WINAPI LoadLibraryExA(_In_ LPCSTR lpLibFileName, _In_opt_ HANDLE hFile, _In_ DWORD dwFlags);
WINBASEAPI HMODULE WINAPI LoadLibraryExW(_In_ LPCWSTR lpLibFileName, _In_opt_ HANDLE hFile, _In_ DWORD dwFlags)
    WINSHIM_WIDE(LoadLibraryExW);

/* Takes one LoadLibrary back; with the last one the library is unloaded. Of the program and of this library: no effect.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_HANDLE  not a module that is loaded
 * Source    "FreeLibrary" */
WINBASEAPI BOOL WINAPI FreeLibrary(_In_ HMODULE hLibModule);

/* Tells the address of a function or variable by its name.
 *   hModule     where: a module, with those that it was linked with
 *   lpProcName  the name. Of a wide function that this library has in two widths, the one for this WCHAR is found. An
 *               ordinal (a number below 0x10000) finds nothing
 * Returns   the address; NULL on failure.
 * Error     ERROR_PROC_NOT_FOUND, ERROR_MOD_NOT_FOUND (hModule is no module that is loaded)
 * Source    "GetProcAddress" */
WINBASEAPI FARPROC WINAPI GetProcAddress(_In_ HMODULE hModule, _In_ LPCSTR lpProcName) WINSHIM_WIDE(GetProcAddress);

/* Tells the path of a module's file.
 *   hModule     the module; NULL: the program
 *   lpFilename  where it goes
 *   nSize       room there in characters, the end included
 * Returns   the length without the end; nSize if it was cut off to fit, with the error below; 0 on failure.
 * Error     ERROR_INSUFFICIENT_BUFFER (cut off; else the last error is 0), ERROR_MOD_NOT_FOUND, ERROR_NOT_ENOUGH_MEMORY
 * Source    "GetModuleFileNameW" */
WINBASEAPI DWORD WINAPI GetModuleFileNameA(_In_opt_ HMODULE hModule, _Out_writes_to_(nSize, return) LPSTR lpFilename,
                                           _In_ DWORD nSize);
WINBASEAPI DWORD WINAPI GetModuleFileNameW(_In_opt_ HMODULE hModule, _Out_writes_to_(nSize, return) LPWSTR lpFilename,
                                           _In_ DWORD nSize) WINSHIM_WIDE(GetModuleFileNameW);

#ifdef UNICODE
#define GetModuleHandle GetModuleHandleW
#define GetModuleHandleEx GetModuleHandleExW
#define LoadLibrary LoadLibraryW
#define LoadLibraryEx LoadLibraryExW
#define GetModuleFileName GetModuleFileNameW
#else
#define GetModuleHandle GetModuleHandleA
#define GetModuleHandleEx GetModuleHandleExA
#define LoadLibrary LoadLibraryA
#define LoadLibraryEx LoadLibraryExA
#define GetModuleFileName GetModuleFileNameA
#endif

#ifdef __cplusplus
}
#endif

#endif /* _APISETLIBLOADER_ */
