/* winnls.h - code pages, languages; the conversions of stringapiset.h. */
#ifndef _WINNLS_
#define _WINNLS_

#include "stringapiset.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CP_ACP 0
#define CP_OEMCP 1
#define CP_THREAD_ACP 3
#define CP_UTF8 65001
#define MB_PRECOMPOSED 0x00000001
#define MB_ERR_INVALID_CHARS 0x00000008
#define WC_DISCARDNS 0x00000010
#define WC_SEPCHARS 0x00000020
#define WC_DEFAULTCHAR 0x00000040
#define WC_ERR_INVALID_CHARS 0x00000080
#define WC_COMPOSITECHECK 0x00000200
#define WC_NO_BEST_FIT_CHARS 0x00000400

/* Returns the code page of the char functions: CP_UTF8. Does not fail.
 * Source    "GetACP"; LD-13 */
WINBASEAPI UINT WINAPI GetACP(void);

/* Returns the code page of the console: CP_UTF8. Does not fail.
 * Source    "GetOEMCP"; LD-13 */
WINBASEAPI UINT WINAPI GetOEMCP(void);

#ifdef __cplusplus
}
#endif

#endif /* _WINNLS_ */
