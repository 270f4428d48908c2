/* winsock2.h - so that a source may include it before windows.h, as Windows wants it; the types, and no calls.
 *
 * Why         Many sources include it for the order of the headers alone, or for struct timeval. Sockets are not part
 *             of this library. Types and constants are declared, struct sockaddr and its kin are glibc's, with Linux's
 *             values. WSAStartup, WSAGetLastError, closesocket and ioctlsocket are not declared: a source that uses
 *             sockets does not build, rather than look for errors where Linux does not put them.
 */
#ifndef _WINSOCK2API_
#define _WINSOCK2API_
#ifndef _WINSOCKAPI_
#define _WINSOCKAPI_
#endif

#include "windows.h"
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef UINT_PTR SOCKET;
#define INVALID_SOCKET ((SOCKET)(~0))
#define SOCKET_ERROR (-1)

typedef struct sockaddr SOCKADDR, *PSOCKADDR, *LPSOCKADDR;
typedef struct sockaddr_storage SOCKADDR_STORAGE, *PSOCKADDR_STORAGE, *LPSOCKADDR_STORAGE;
typedef struct timeval TIMEVAL, *PTIMEVAL, *LPTIMEVAL;

#ifdef __cplusplus
}
#endif

#endif /* _WINSOCK2API_ */
