/* winapifamily.h - which family of Windows' calls a source is compiled for: that of the desktop, here. */
#ifndef _INC_WINAPIFAMILY
#define _INC_WINAPIFAMILY

#define WINAPI_PARTITION_DESKTOP 0x1
#define WINAPI_PARTITION_APP 0x2
#define WINAPI_FAMILY_APP WINAPI_PARTITION_APP
#define WINAPI_FAMILY_DESKTOP_APP (WINAPI_PARTITION_DESKTOP | WINAPI_PARTITION_APP)
#ifndef WINAPI_FAMILY
#define WINAPI_FAMILY WINAPI_FAMILY_DESKTOP_APP
#endif
#define WINAPI_FAMILY_PARTITION(partitions) ((WINAPI_FAMILY & (partitions)) == (partitions))
#define WINAPI_FAMILY_ONE_PARTITION(family, partition) (((family) & (partition)) == (partition))

#endif /* _INC_WINAPIFAMILY */
