/* basetyps.h - the macros with which C and C++ sources declare functions alike. */
#ifndef _BASETYPS_H_
#define _BASETYPS_H_

#include "guiddef.h"
#include "winnt.h"

#define STDMETHODCALLTYPE WINAPI
#define STDMETHODVCALLTYPE WINAPIV
#define STDAPICALLTYPE WINAPI
#define STDAPIVCALLTYPE WINAPIV
#define STDAPI EXTERN_C HRESULT STDAPICALLTYPE
#define STDAPI_(type) EXTERN_C type STDAPICALLTYPE
#define STDMETHODIMP HRESULT STDMETHODCALLTYPE
#define STDMETHODIMP_(type) type STDMETHODCALLTYPE

#endif /* _BASETYPS_H_ */
