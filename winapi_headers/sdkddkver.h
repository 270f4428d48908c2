/* sdkddkver.h - the numbers of Windows' versions, and the one that a source asks for.
 *
 * _WIN32_WINNT and WINVER are the source's to define, before the first header. Where it does not they say Windows 10,
 * as in the SDK, so that a source that chooses by them takes its newest way. They hide nothing here.
 */
#ifndef _INC_SDKDDKVER
#define _INC_SDKDDKVER

#define _WIN32_WINNT_NT4 0x0400
#define _WIN32_WINNT_WIN2K 0x0500
#define _WIN32_WINNT_WINXP 0x0501
#define _WIN32_WINNT_WS03 0x0502
#define _WIN32_WINNT_WIN6 0x0600
#define _WIN32_WINNT_VISTA 0x0600
#define _WIN32_WINNT_WS08 0x0600
#define _WIN32_WINNT_LONGHORN 0x0600
#define _WIN32_WINNT_WIN7 0x0601
#define _WIN32_WINNT_WIN8 0x0602
#define _WIN32_WINNT_WINBLUE 0x0603
#define _WIN32_WINNT_WINTHRESHOLD 0x0A00
#define _WIN32_WINNT_WIN10 0x0A00

#ifndef _WIN32_WINNT
#ifdef WINVER
#define _WIN32_WINNT WINVER
#else
#define _WIN32_WINNT 0x0A00
#endif
#endif
#ifndef WINVER
#define WINVER _WIN32_WINNT
#endif

#endif /* _INC_SDKDDKVER */
