/* crtdbg.h - Microsoft's debugging heap and reports, as a program without _DEBUG sees them: nothing but the assertions.
 *
 * _ASSERT and _ASSERTE check only where _DEBUG is defined; then a failure is written to standard error and the program
 * aborts. The functions that ask the debugging heap exist as macros with the value that they have without _DEBUG.
 */
#ifndef _INC_CRTDBG
#define _INC_CRTDBG

#include <stdio.h>
#include <stdlib.h>

#define _CRT_WARN 0
#define _CRT_ERROR 1
#define _CRT_ASSERT 2
#define _CRT_ERRCNT 3
#define _CRTDBG_MODE_FILE 0x1
#define _CRTDBG_MODE_DEBUG 0x2
#define _CRTDBG_MODE_WNDW 0x4
#define _CRTDBG_REPORT_MODE -1
#define _CRTDBG_ALLOC_MEM_DF 0x01
#define _CRTDBG_DELAY_FREE_MEM_DF 0x02
#define _CRTDBG_CHECK_ALWAYS_DF 0x04
#define _CRTDBG_CHECK_CRT_DF 0x10
#define _CRTDBG_LEAK_CHECK_DF 0x20
#define _CRTDBG_REPORT_FLAG -1
#define _CRTDBG_FILE_STDOUT ((void *)-4)
#define _CRTDBG_FILE_STDERR ((void *)-5)

/* A call, and not a number, so that a source which ignores the result gets no warning. */
static __inline__ int winshim_crtdbg(int result) { return result; }
#define _CrtSetReportMode(type, mode) winshim_crtdbg(0)
#define _CrtSetReportFile(type, file) winshim_crtdbg(0)
#define _CrtSetDbgFlag(flag) winshim_crtdbg(0)
#define _CrtSetBreakAlloc(number) winshim_crtdbg(0)
#define _CrtDumpMemoryLeaks() winshim_crtdbg(0)
#define _CrtCheckMemory() winshim_crtdbg(1)
#define _CrtDbgBreak() ((void)0)

#ifdef _DEBUG
#define WINSHIM_ASSERT(condition, text)                                                                  \
    ((condition) ? (void)0                                                                               \
                 : (fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, text), abort()))
#define _ASSERT(condition) WINSHIM_ASSERT(condition, #condition)
#define _ASSERTE(condition) WINSHIM_ASSERT(condition, #condition)
#else
#define _ASSERT(condition) ((void)0)
#define _ASSERTE(condition) ((void)0)
#endif
#define _ASSERT_EXPR(condition, message) _ASSERT(condition)
#define _RPT0(type, message) ((void)0)
#define _RPTF0(type, message) ((void)0)
#define _RPT1(type, format, first) ((void)0)
#define _RPTF1(type, format, first) ((void)0)
#define _RPT2(type, format, first, second) ((void)0)
#define _RPTF2(type, format, first, second) ((void)0)

#endif /* _INC_CRTDBG */
