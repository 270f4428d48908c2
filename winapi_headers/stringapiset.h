/* stringapiset.h - text between char and WCHAR.
 *
 * Code pages  CP_ACP, CP_OEMCP, CP_THREAD_ACP and CP_UTF8 are all UTF-8; every other one is ERROR_INVALID_PARAMETER.
 *             WCHAR is UTF-16 where it has 2 bytes and one character each where it has 4; lengths are counted in it.
 */
#ifndef _APISETSTRING_
#define _APISETSTRING_

#include "minwindef.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes WCHAR text of char text.
 *   CodePage        see above
 *   dwFlags         MB_ERR_INVALID_CHARS: fail if the text is not UTF-8; else each wrong piece becomes U+FFFD.
 *                   MB_PRECOMPOSED is accepted without effect, but not with CP_UTF8
 *   lpMultiByteStr  the text
 *   cbMultiByte     its length in bytes; -1: it ends with a 0, which is converted, too
 *   lpWideCharStr   where to store it
 *   cchWideChar     room there, in WCHARs; 0: store nothing, tell how much room is needed
 * Returns   the WCHARs stored, or needed; 0 on failure.
 * Error     ERROR_INSUFFICIENT_BUFFER     not room enough
 *           ERROR_INVALID_FLAGS           other flags
 *           ERROR_INVALID_PARAMETER       a length of 0 or below -1, a missing pointer, both the same, a code page
 *           ERROR_NO_UNICODE_TRANSLATION  MB_ERR_INVALID_CHARS, and the text is not UTF-8
 * Source    "MultiByteToWideChar"; LD-13 */
WINBASEAPI int WINAPI MultiByteToWideChar(_In_ UINT CodePage, _In_ DWORD dwFlags, _In_ LPCCH lpMultiByteStr,
                                          _In_ int cbMultiByte, _Out_writes_to_opt_(cchWideChar, return)
                                          LPWSTR lpWideCharStr, _In_ int cchWideChar)
    WINSHIM_WIDE(MultiByteToWideChar);

/* Makes char text of WCHAR text.
 *   CodePage           see above
 *   dwFlags            WC_ERR_INVALID_CHARS: fail if the text has a WCHAR that is no character; else it becomes U+FFFD.
 *                      WC_NO_BEST_FIT_CHARS, WC_COMPOSITECHECK, WC_DEFAULTCHAR and their kin are accepted without
 *                      effect, but not with CP_UTF8
 *   lpWideCharStr      the text
 *   cchWideChar        its length in WCHARs; -1: it ends with a 0, which is converted, too
 *   lpMultiByteStr     where to store it
 *   cbMultiByte        room there, in bytes; 0: store nothing, tell how much room is needed
 *   lpDefaultChar      not used: every character can be stored. NULL with CP_UTF8
 *   lpUsedDefaultChar  where to store FALSE, or NULL. NULL with CP_UTF8
 * Returns   the bytes stored, or needed; 0 on failure.
 * Error     as MultiByteToWideChar
 * Source    "WideCharToMultiByte"; LD-13 */
WINBASEAPI int WINAPI WideCharToMultiByte(_In_ UINT CodePage, _In_ DWORD dwFlags, _In_ LPCWCH lpWideCharStr,
                                          _In_ int cchWideChar, _Out_writes_bytes_to_opt_(cbMultiByte, return)
                                          LPSTR lpMultiByteStr, _In_ int cbMultiByte, _In_opt_ LPCCH lpDefaultChar,
                                          _Out_opt_ LPBOOL lpUsedDefaultChar) WINSHIM_WIDE(WideCharToMultiByte);

#ifdef __cplusplus
}
#endif

#endif /* _APISETSTRING_ */
