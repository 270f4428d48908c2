/* securitybaseapi.h - security descriptors: filled in, carried to the calls that take one, enforced by nothing.
 *
 * Every object is open to the processes of its user and to nobody else (LD-6), whatever a descriptor says. The calls
 * are here so that programs which prepare one, most often with an empty or missing access list, build and run.
 */
#ifndef _APISECUREBASE_H_
#define _APISECUREBASE_H_

#include "minwinbase.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes a descriptor without owner, group and lists.
 *   pSecurityDescriptor  memory for it
 *   dwRevision           SECURITY_DESCRIPTOR_REVISION
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_UNKNOWN_REVISION   another revision
 *           ERROR_INVALID_PARAMETER  pSecurityDescriptor is NULL
 * Source    "InitializeSecurityDescriptor"; LD-6 */
WINBASEAPI BOOL WINAPI InitializeSecurityDescriptor(_Out_ PSECURITY_DESCRIPTOR pSecurityDescriptor,
                                                    _In_ DWORD dwRevision);

/* Sets the access list of a descriptor.
 *   pSecurityDescriptor  the descriptor
 *   bDaclPresent         nonzero: it has a list, which is pDacl. 0: it has none, and the rest is ignored
 *   pDacl                the list; NULL means that everybody has access
 *   bDaclDefaulted       nonzero: the list comes from a default
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_UNKNOWN_REVISION   not an initialized descriptor
 *           ERROR_INVALID_PARAMETER  pSecurityDescriptor is NULL
 * Source    "SetSecurityDescriptorDacl"; LD-6 */
WINBASEAPI BOOL WINAPI SetSecurityDescriptorDacl(_Inout_ PSECURITY_DESCRIPTOR pSecurityDescriptor,
                                                 _In_ BOOL bDaclPresent, _In_opt_ PACL pDacl, _In_ BOOL bDaclDefaulted);

/* Looks whether a descriptor is initialized.
 * Returns   nonzero if so; 0 if not. Sets no last error.
 * Source    "IsValidSecurityDescriptor" */
WINBASEAPI BOOL WINAPI IsValidSecurityDescriptor(_In_ PSECURITY_DESCRIPTOR pSecurityDescriptor);

/* Makes an empty access list.
 *   pAcl           memory for it
 *   nAclLength     its size in bytes, at least sizeof(ACL)
 *   dwAclRevision  ACL_REVISION
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INSUFFICIENT_BUFFER  nAclLength is too small
 *           ERROR_INVALID_PARAMETER    another revision, a size above 65535, NULL
 * Source    "InitializeAcl" */
WINBASEAPI BOOL WINAPI InitializeAcl(_Out_writes_bytes_(nAclLength) PACL pAcl, _In_ DWORD nAclLength,
                                     _In_ DWORD dwAclRevision);

#ifdef __cplusplus
}
#endif

#endif /* _APISECUREBASE_H_ */
