/* strsafe.h - text functions that are told how much room there is, and always leave an end.
 *
 * Cch and Cb  StringCch...: room and lengths in characters (char or WCHAR); StringCb...: in bytes. At least one
 *             character, at most STRSAFE_MAX_CCH characters, the end included.
 * Results     S_OK                         all of it is there
 *             STRSAFE_E_INSUFFICIENT_BUFFER  it was cut off; what fits is there, with an end
 *             STRSAFE_E_INVALID_PARAMETER    no room at all or too much of it; nothing was changed, except that printf
 *                                            leaves an empty text after a format that has a conversion unknown to it
 * Formats     Those of Microsoft's printf, in both widths of WCHAR: in a W function %s is WCHAR text and %S char text,
 *             in an A function the other way round; %hs and %ls are char and WCHAR text always. l means 32 bits, ll and
 *             I64 mean 64. %p has sixteen digits. No %n.
 */
#ifndef _STRSAFE_H_INCLUDED_
#define _STRSAFE_H_INCLUDED_

#include "winerror.h"
#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STRSAFE_MAX_CCH 2147483647
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER ((HRESULT)0x80070057)
#define STRSAFE_E_END_OF_FILE ((HRESULT)0x80070026)
#ifndef SUCCEEDED
#define SUCCEEDED(result) ((HRESULT)(result) >= 0)
#define FAILED(result) ((HRESULT)(result) < 0)
#endif

/* Copies a text with its end.
 * Returns   see above.
 * Source    "StringCchCopyW" */
WINBASEAPI HRESULT WINAPI StringCchCopyA(_Out_writes_(cchDest) LPSTR pszDest, _In_ size_t cchDest, _In_ LPCSTR pszSrc);
WINBASEAPI HRESULT WINAPI StringCchCopyW(_Out_writes_(cchDest) LPWSTR pszDest, _In_ size_t cchDest,
                                         _In_ LPCWSTR pszSrc) WINSHIM_WIDE(StringCchCopyW);

/* Copies the first cchToCopy of a text, or all of it if it is shorter, and an end.
 * Returns   see above.
 * Source    "StringCchCopyNW" */
WINBASEAPI HRESULT WINAPI StringCchCopyNA(_Out_writes_(cchDest) LPSTR pszDest, _In_ size_t cchDest,
                                          _In_ LPCSTR pszSrc, _In_ size_t cchToCopy);
WINBASEAPI HRESULT WINAPI StringCchCopyNW(_Out_writes_(cchDest) LPWSTR pszDest, _In_ size_t cchDest,
                                          _In_ LPCWSTR pszSrc, _In_ size_t cchToCopy) WINSHIM_WIDE(StringCchCopyNW);

/* Appends a text with its end.
 * Returns   see above.
 * Source    "StringCchCatW" */
WINBASEAPI HRESULT WINAPI StringCchCatA(_Inout_updates_(cchDest) LPSTR pszDest, _In_ size_t cchDest,
                                        _In_ LPCSTR pszSrc);
WINBASEAPI HRESULT WINAPI StringCchCatW(_Inout_updates_(cchDest) LPWSTR pszDest, _In_ size_t cchDest,
                                        _In_ LPCWSTR pszSrc) WINSHIM_WIDE(StringCchCatW);

/* Appends the first cchToAppend of a text, or all of it if it is shorter, and an end.
 * Returns   see above.
 * Source    "StringCchCatNW" */
WINBASEAPI HRESULT WINAPI StringCchCatNA(_Inout_updates_(cchDest) LPSTR pszDest, _In_ size_t cchDest,
                                         _In_ LPCSTR pszSrc, _In_ size_t cchToAppend);
WINBASEAPI HRESULT WINAPI StringCchCatNW(_Inout_updates_(cchDest) LPWSTR pszDest, _In_ size_t cchDest,
                                         _In_ LPCWSTR pszSrc, _In_ size_t cchToAppend) WINSHIM_WIDE(StringCchCatNW);

/* Looks for the end of a text among its first cchMax.
 *   pcchLength  where to store the length without the end, 0 if it fails; or NULL
 * Returns   S_OK; STRSAFE_E_INVALID_PARAMETER: there is no end, or psz is NULL.
 * Source    "StringCchLengthW" */
WINBASEAPI HRESULT WINAPI StringCchLengthA(_In_ LPCSTR psz, _In_ size_t cchMax, _Out_opt_ size_t *pcchLength);
WINBASEAPI HRESULT WINAPI StringCchLengthW(_In_ LPCWSTR psz, _In_ size_t cchMax, _Out_opt_ size_t *pcchLength)
    WINSHIM_WIDE(StringCchLengthW);

/* Formats a text.
 * Returns   see above.
 * Source    "StringCchPrintfW" */
WINBASEAPI HRESULT WINAPIV StringCchPrintfA(_Out_writes_(cchDest) LPSTR pszDest, _In_ size_t cchDest,
                                            _In_ _Printf_format_string_ LPCSTR pszFormat, ...)
    WINSHIM_WIDE_ARGUMENTS(StringCchPrintfA);
WINBASEAPI HRESULT WINAPIV StringCchPrintfW(_Out_writes_(cchDest) LPWSTR pszDest, _In_ size_t cchDest,
                                            _In_ _Printf_format_string_ LPCWSTR pszFormat, ...)
    WINSHIM_WIDE(StringCchPrintfW);

/* Formats a text with a va_list.
 * Returns   see above.
 * Source    "StringCchVPrintfW" */
WINBASEAPI HRESULT WINAPI StringCchVPrintfA(_Out_writes_(cchDest) LPSTR pszDest, _In_ size_t cchDest,
                                            _In_ _Printf_format_string_ LPCSTR pszFormat, va_list argList)
    WINSHIM_WIDE_ARGUMENTS(StringCchVPrintfA);
WINBASEAPI HRESULT WINAPI StringCchVPrintfW(_Out_writes_(cchDest) LPWSTR pszDest, _In_ size_t cchDest,
                                            _In_ _Printf_format_string_ LPCWSTR pszFormat, va_list argList)
    WINSHIM_WIDE(StringCchVPrintfW);

/* Copies a text with its end.
 * Returns   see above.
 * Source    "StringCbCopyW" */
WINBASEAPI HRESULT WINAPI StringCbCopyA(_Out_writes_bytes_(cbDest) LPSTR pszDest, _In_ size_t cbDest,
                                        _In_ LPCSTR pszSrc);
WINBASEAPI HRESULT WINAPI StringCbCopyW(_Out_writes_bytes_(cbDest) LPWSTR pszDest, _In_ size_t cbDest,
                                        _In_ LPCWSTR pszSrc) WINSHIM_WIDE(StringCbCopyW);

/* Copies the first cbToCopy of a text, or all of it if it is shorter, and an end.
 * Returns   see above.
 * Source    "StringCbCopyNW" */
WINBASEAPI HRESULT WINAPI StringCbCopyNA(_Out_writes_bytes_(cbDest) LPSTR pszDest, _In_ size_t cbDest,
                                         _In_ LPCSTR pszSrc, _In_ size_t cbToCopy);
WINBASEAPI HRESULT WINAPI StringCbCopyNW(_Out_writes_bytes_(cbDest) LPWSTR pszDest, _In_ size_t cbDest,
                                         _In_ LPCWSTR pszSrc, _In_ size_t cbToCopy) WINSHIM_WIDE(StringCbCopyNW);

/* Appends a text with its end.
 * Returns   see above.
 * Source    "StringCbCatW" */
WINBASEAPI HRESULT WINAPI StringCbCatA(_Inout_updates_bytes_(cbDest) LPSTR pszDest, _In_ size_t cbDest,
                                       _In_ LPCSTR pszSrc);
WINBASEAPI HRESULT WINAPI StringCbCatW(_Inout_updates_bytes_(cbDest) LPWSTR pszDest, _In_ size_t cbDest,
                                       _In_ LPCWSTR pszSrc) WINSHIM_WIDE(StringCbCatW);

/* Appends the first cbToAppend of a text, or all of it if it is shorter, and an end.
 * Returns   see above.
 * Source    "StringCbCatNW" */
WINBASEAPI HRESULT WINAPI StringCbCatNA(_Inout_updates_bytes_(cbDest) LPSTR pszDest, _In_ size_t cbDest,
                                        _In_ LPCSTR pszSrc, _In_ size_t cbToAppend);
WINBASEAPI HRESULT WINAPI StringCbCatNW(_Inout_updates_bytes_(cbDest) LPWSTR pszDest, _In_ size_t cbDest,
                                        _In_ LPCWSTR pszSrc, _In_ size_t cbToAppend) WINSHIM_WIDE(StringCbCatNW);

/* Looks for the end of a text among its first cbMax.
 *   pcbLength  where to store the length without the end, 0 if it fails; or NULL
 * Returns   S_OK; STRSAFE_E_INVALID_PARAMETER: there is no end, or psz is NULL.
 * Source    "StringCbLengthW" */
WINBASEAPI HRESULT WINAPI StringCbLengthA(_In_ LPCSTR psz, _In_ size_t cbMax, _Out_opt_ size_t *pcbLength);
WINBASEAPI HRESULT WINAPI StringCbLengthW(_In_ LPCWSTR psz, _In_ size_t cbMax, _Out_opt_ size_t *pcbLength)
    WINSHIM_WIDE(StringCbLengthW);

/* Formats a text.
 * Returns   see above.
 * Source    "StringCbPrintfW" */
WINBASEAPI HRESULT WINAPIV StringCbPrintfA(_Out_writes_bytes_(cbDest) LPSTR pszDest, _In_ size_t cbDest,
                                           _In_ _Printf_format_string_ LPCSTR pszFormat, ...)
    WINSHIM_WIDE_ARGUMENTS(StringCbPrintfA);
WINBASEAPI HRESULT WINAPIV StringCbPrintfW(_Out_writes_bytes_(cbDest) LPWSTR pszDest, _In_ size_t cbDest,
                                           _In_ _Printf_format_string_ LPCWSTR pszFormat, ...)
    WINSHIM_WIDE(StringCbPrintfW);

/* Formats a text with a va_list.
 * Returns   see above.
 * Source    "StringCbVPrintfW" */
WINBASEAPI HRESULT WINAPI StringCbVPrintfA(_Out_writes_bytes_(cbDest) LPSTR pszDest, _In_ size_t cbDest,
                                           _In_ _Printf_format_string_ LPCSTR pszFormat, va_list argList)
    WINSHIM_WIDE_ARGUMENTS(StringCbVPrintfA);
WINBASEAPI HRESULT WINAPI StringCbVPrintfW(_Out_writes_bytes_(cbDest) LPWSTR pszDest, _In_ size_t cbDest,
                                           _In_ _Printf_format_string_ LPCWSTR pszFormat, va_list argList)
    WINSHIM_WIDE(StringCbVPrintfW);

#ifdef UNICODE
#define StringCchCopy StringCchCopyW
#define StringCchCopyN StringCchCopyNW
#define StringCchCat StringCchCatW
#define StringCchCatN StringCchCatNW
#define StringCchLength StringCchLengthW
#define StringCchPrintf StringCchPrintfW
#define StringCchVPrintf StringCchVPrintfW
#define StringCbCopy StringCbCopyW
#define StringCbCopyN StringCbCopyNW
#define StringCbCat StringCbCatW
#define StringCbCatN StringCbCatNW
#define StringCbLength StringCbLengthW
#define StringCbPrintf StringCbPrintfW
#define StringCbVPrintf StringCbVPrintfW
#else
#define StringCchCopy StringCchCopyA
#define StringCchCopyN StringCchCopyNA
#define StringCchCat StringCchCatA
#define StringCchCatN StringCchCatNA
#define StringCchLength StringCchLengthA
#define StringCchPrintf StringCchPrintfA
#define StringCchVPrintf StringCchVPrintfA
#define StringCbCopy StringCbCopyA
#define StringCbCopyN StringCbCopyNA
#define StringCbCat StringCbCatA
#define StringCbCatN StringCbCatNA
#define StringCbLength StringCbLengthA
#define StringCbPrintf StringCbPrintfA
#define StringCbVPrintf StringCbVPrintfA
#endif

#ifdef __cplusplus
}
#endif

#endif /* _STRSAFE_H_INCLUDED_ */
