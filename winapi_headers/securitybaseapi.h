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

/* Appends an entry to an access list: whom what is allowed.
 *   pAcl           a list that InitializeAcl has made, with room for the entry: sizeof(ACCESS_ALLOWED_ACE) -
 *                  sizeof(DWORD) + GetLengthSid(pSid) bytes
 *   dwAceRevision  ACL_REVISION
 *   AccessMask     the rights
 *   pSid           whom
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_ALLOTTED_SPACE_EXCEEDED  the list has no room
 *           ERROR_INVALID_ACL              not a list
 *           ERROR_INVALID_SID              not a security identifier
 *           ERROR_INVALID_PARAMETER        another revision; pAcl is NULL
 * Source    "AddAccessAllowedAce" */
WINBASEAPI BOOL WINAPI AddAccessAllowedAce(_Inout_ PACL pAcl, _In_ DWORD dwAceRevision, _In_ DWORD AccessMask,
                                           _In_ PSID pSid);

/* Makes a security identifier (SID) in memory of its own.
 *   pIdentifierAuthority  SECURITY_WORLD_SID_AUTHORITY, SECURITY_NT_AUTHORITY, ...
 *   nSubAuthorityCount    how many of the next eight count
 *   nSubAuthority0 to 7   SECURITY_WORLD_RID, ...
 *   pSid                  where to store its address; FreeSid takes it back
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_SID        more than 8
 *           ERROR_INVALID_PARAMETER  an address is NULL
 *           ERROR_NOT_ENOUGH_MEMORY
 * Source    "AllocateAndInitializeSid" */
WINBASEAPI BOOL WINAPI AllocateAndInitializeSid(_In_ PSID_IDENTIFIER_AUTHORITY pIdentifierAuthority,
                                                _In_ BYTE nSubAuthorityCount, _In_ DWORD nSubAuthority0,
                                                _In_ DWORD nSubAuthority1, _In_ DWORD nSubAuthority2,
                                                _In_ DWORD nSubAuthority3, _In_ DWORD nSubAuthority4,
                                                _In_ DWORD nSubAuthority5, _In_ DWORD nSubAuthority6,
                                                _In_ DWORD nSubAuthority7, _Outptr_ PSID *pSid);
/* Takes back what AllocateAndInitializeSid has made.
 * Returns   NULL, always.
 * Source    "FreeSid" */
WINBASEAPI PVOID WINAPI FreeSid(_In_ PSID pSid);

/* Makes a SID in memory of the caller's, of GetSidLengthRequired(nSubAuthorityCount) bytes; its sub-authorities are set
 * through GetSidSubAuthority.
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_PARAMETER  more than SID_MAX_SUB_AUTHORITIES; an address is NULL
 * Source    "InitializeSid" */
WINBASEAPI BOOL WINAPI InitializeSid(_Out_ PSID Sid, _In_ PSID_IDENTIFIER_AUTHORITY pIdentifierAuthority,
                                     _In_ BYTE nSubAuthorityCount);

/* Tells how many bytes a SID with so many sub-authorities has.
 * Source    "GetSidLengthRequired" */
WINBASEAPI DWORD WINAPI GetSidLengthRequired(_In_ UCHAR nSubAuthorityCount);

/* Looks whether something is a SID.
 * Returns   nonzero if so; 0 if not. Sets no last error.
 * Source    "IsValidSid" */
WINBASEAPI BOOL WINAPI IsValidSid(_In_ PSID pSid);

/* Tells the length of a SID.
 * Returns   bytes; 0 if it is none.
 * Source    "GetLengthSid" */
WINBASEAPI DWORD WINAPI GetLengthSid(_In_ PSID pSid);

/* Tells where a sub-authority of a SID is stored. Nothing is checked.
 *   nSubAuthority  which one, from 0
 * Source    "GetSidSubAuthority" */
WINBASEAPI PDWORD WINAPI GetSidSubAuthority(_In_ PSID pSid, _In_ DWORD nSubAuthority);

/* Tells where the number of sub-authorities of a SID is stored. Nothing is checked.
 * Source    "GetSidSubAuthorityCount" */
WINBASEAPI PUCHAR WINAPI GetSidSubAuthorityCount(_In_ PSID pSid);

/* Compares two SIDs.
 * Returns   nonzero: they are equal; 0 if not.
 * Error     ERROR_INVALID_SID  one is none. If they differ, last error stays.
 * Source    "EqualSid" */
WINBASEAPI BOOL WINAPI EqualSid(_In_ PSID pSid1, _In_ PSID pSid2);

/* Copies a SID.
 *   nDestinationSidLength  room there, in bytes
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_INVALID_SID          pSourceSid is none
 *           ERROR_INSUFFICIENT_BUFFER  there is too little room
 *           ERROR_INVALID_PARAMETER    pDestinationSid is NULL
 * Source    "CopySid" */
WINBASEAPI BOOL WINAPI CopySid(_In_ DWORD nDestinationSidLength, _Out_writes_bytes_(nDestinationSidLength)
                               PSID pDestinationSid, _In_ PSID pSourceSid);

/* Sets the owner of a descriptor.
 *   pSecurityDescriptor  the descriptor
 *   pOwner               the SID, which is not copied; NULL: none
 *   bOwnerDefaulted      nonzero: it comes from a default
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_UNKNOWN_REVISION   not an initialized descriptor
 *           ERROR_INVALID_SID        pOwner is none
 *           ERROR_INVALID_PARAMETER  pSecurityDescriptor is NULL
 * Source    "SetSecurityDescriptorOwner"; LD-6 */
WINBASEAPI BOOL WINAPI SetSecurityDescriptorOwner(_Inout_ PSECURITY_DESCRIPTOR pSecurityDescriptor,
                                                  _In_opt_ PSID pOwner, _In_ BOOL bOwnerDefaulted);

/* Sets the group of a descriptor, as SetSecurityDescriptorOwner.
 * Source    "SetSecurityDescriptorGroup"; LD-6 */
WINBASEAPI BOOL WINAPI SetSecurityDescriptorGroup(_Inout_ PSECURITY_DESCRIPTOR pSecurityDescriptor,
                                                  _In_opt_ PSID pGroup, _In_ BOOL bGroupDefaulted);

/* Sets the audit list of a descriptor, as SetSecurityDescriptorDacl.
 * Source    "SetSecurityDescriptorSacl"; LD-6 */
WINBASEAPI BOOL WINAPI SetSecurityDescriptorSacl(_Inout_ PSECURITY_DESCRIPTOR pSecurityDescriptor,
                                                 _In_ BOOL bSaclPresent, _In_opt_ PACL pSacl, _In_ BOOL bSaclDefaulted);

/* Tells the owner of a descriptor.
 *   pOwner             where to store it; NULL: it has none
 *   lpbOwnerDefaulted  where to store whether it comes from a default
 * Returns   nonzero; 0 on failure.
 * Error     ERROR_UNKNOWN_REVISION   not an initialized descriptor
 *           ERROR_INVALID_PARAMETER  an address is NULL
 * Source    "GetSecurityDescriptorOwner" */
WINBASEAPI BOOL WINAPI GetSecurityDescriptorOwner(_In_ PSECURITY_DESCRIPTOR pSecurityDescriptor, _Outptr_ PSID *pOwner,
                                                  _Out_ LPBOOL lpbOwnerDefaulted);

/* Tells the group of a descriptor, as GetSecurityDescriptorOwner.
 * Source    "GetSecurityDescriptorGroup" */
WINBASEAPI BOOL WINAPI GetSecurityDescriptorGroup(_In_ PSECURITY_DESCRIPTOR pSecurityDescriptor, _Outptr_ PSID *pGroup,
                                                  _Out_ LPBOOL lpbGroupDefaulted);

/* Tells the access list of a descriptor.
 *   lpbDaclPresent    where to store whether it has one; if not, nothing else is stored
 *   pDacl             where to store it
 *   lpbDaclDefaulted  where to store whether it comes from a default
 * Returns   nonzero; 0 on failure.
 * Error     as GetSecurityDescriptorOwner
 * Source    "GetSecurityDescriptorDacl" */
WINBASEAPI BOOL WINAPI GetSecurityDescriptorDacl(_In_ PSECURITY_DESCRIPTOR pSecurityDescriptor,
                                                 _Out_ LPBOOL lpbDaclPresent, _Outptr_ PACL *pDacl,
                                                 _Out_ LPBOOL lpbDaclDefaulted);

/* Tells the audit list of a descriptor, as GetSecurityDescriptorDacl.
 * Source    "GetSecurityDescriptorSacl" */
WINBASEAPI BOOL WINAPI GetSecurityDescriptorSacl(_In_ PSECURITY_DESCRIPTOR pSecurityDescriptor,
                                                 _Out_ LPBOOL lpbSaclPresent, _Outptr_ PACL *pSacl,
                                                 _Out_ LPBOOL lpbSaclDefaulted);

#ifdef __cplusplus
}
#endif

#endif /* _APISECUREBASE_H_ */
