/* ws2tcpip.h - as winsock2.h, with the addresses of the Internet's protocols: glibc's. */
#ifndef _WS2TCPIP_H_
#define _WS2TCPIP_H_

#include "winsock2.h"
#include <netinet/in.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sockaddr_in SOCKADDR_IN, *PSOCKADDR_IN, *LPSOCKADDR_IN;
typedef struct sockaddr_in6 SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6;
typedef struct in_addr IN_ADDR, *PIN_ADDR, *LPIN_ADDR;
typedef struct in6_addr IN6_ADDR, *PIN6_ADDR, *LPIN6_ADDR;

#ifdef __cplusplus
}
#endif

#endif /* _WS2TCPIP_H_ */
