/* guiddef.h - GUID: 128 bits that name something. */
#ifndef GUID_DEFINED
#define GUID_DEFINED

#include "winshim_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct _GUID {
    unsigned int Data1;
    unsigned short Data2;
    unsigned short Data3;
    unsigned char Data4[8];
} GUID, *LPGUID;
typedef const GUID *LPCGUID;
typedef GUID IID, *LPIID, CLSID, *LPCLSID, UUID;

#ifdef __cplusplus
}
#endif

#ifdef __cplusplus
#define REFGUID const GUID &
#define REFIID const IID &
#define REFCLSID const IID &
#define IsEqualGUID(first, second) (!__builtin_memcmp(&(first), &(second), sizeof(GUID)))
inline bool operator==(REFGUID first, REFGUID second) { return IsEqualGUID(first, second); }
inline bool operator!=(REFGUID first, REFGUID second) { return !IsEqualGUID(first, second); }
#else
#define REFGUID const GUID *
#define REFIID const IID *
#define REFCLSID const IID *
#define IsEqualGUID(first, second) (!__builtin_memcmp((first), (second), sizeof(GUID)))
#endif
#define IsEqualIID(first, second) IsEqualGUID(first, second)
#define IsEqualCLSID(first, second) IsEqualGUID(first, second)

/* With INITGUID defined, DEFINE_GUID defines the constant (in one of the sources), else it declares it. */
#ifdef INITGUID
#ifdef __cplusplus
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
    extern "C" const GUID name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
    const GUID name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#endif
#else
#ifdef __cplusplus
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) extern "C" const GUID name
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) extern const GUID name
#endif
#endif

#endif /* GUID_DEFINED */
