// security.cpp - security identifiers, access lists, and the parts of descriptors (securitybaseapi.h): kept, not
// enforced.
// Source      "AllocateAndInitializeSid", "InitializeSid", "GetLengthSid", "EqualSid", "AddAccessAllowedAce",
//             "SetSecurityDescriptorOwner", "GetSecurityDescriptorDacl".
#include <stdlib.h>
#include <string.h>

#include "shim/base/sdk.h"

namespace winshim::base {
namespace {

constexpr BYTE kMostSubAuthorities = SID_MAX_SUB_AUTHORITIES;

SID* sid_of(PSID sid) noexcept { return static_cast<SID*>(sid); }

DWORD length_for(unsigned sub_authorities) noexcept {
    return static_cast<DWORD>(offsetof(SID, SubAuthority) + sub_authorities * sizeof(DWORD));
}
bool is_sid(PSID sid) noexcept {
    return sid != nullptr && sid_of(sid)->Revision == SID_REVISION &&
           sid_of(sid)->SubAuthorityCount <= kMostSubAuthorities;
}
bool initialize(PSID sid, const SID_IDENTIFIER_AUTHORITY* authority, BYTE count) noexcept {
    if (sid == nullptr || authority == nullptr || count > kMostSubAuthorities) return false;
    sid_of(sid)->Revision = SID_REVISION;
    sid_of(sid)->SubAuthorityCount = count;
    sid_of(sid)->IdentifierAuthority = *authority;
    return true;
}

// Null, with the last error set: no descriptor.
SECURITY_DESCRIPTOR* descriptor_of(PSECURITY_DESCRIPTOR given) noexcept {
    if (given == nullptr) return failed(ERROR_INVALID_PARAMETER);
    auto* const descriptor = static_cast<SECURITY_DESCRIPTOR*>(given);
    if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) return failed(ERROR_UNKNOWN_REVISION);
    return descriptor;
}
void set_control(SECURITY_DESCRIPTOR& descriptor, WORD which, bool on) noexcept {
    descriptor.Control = static_cast<WORD>(on ? descriptor.Control | which : descriptor.Control & ~which);
}

BOOL set_sid(PSECURITY_DESCRIPTOR given, PSID SECURITY_DESCRIPTOR::* which, PSID sid, WORD defaulted,
             BOOL is) noexcept {
    SECURITY_DESCRIPTOR* const descriptor = descriptor_of(given);
    if (descriptor == nullptr) return FALSE;
    if (sid != nullptr && !is_sid(sid)) return failed(ERROR_INVALID_SID);
    descriptor->*which = sid;
    set_control(*descriptor, defaulted, is != FALSE);
    return TRUE;
}
BOOL get_sid(PSECURITY_DESCRIPTOR given, PSID SECURITY_DESCRIPTOR::* which, PSID* sid, WORD defaulted,
             BOOL* is) noexcept {
    const SECURITY_DESCRIPTOR* const descriptor = descriptor_of(given);
    if (descriptor == nullptr) return FALSE;
    if (sid == nullptr || is == nullptr) return failed(ERROR_INVALID_PARAMETER);
    *sid = descriptor->*which;
    *is = (descriptor->Control & defaulted) != 0;
    return TRUE;
}

struct ListBits {
    PACL SECURITY_DESCRIPTOR::* list;
    WORD present, defaulted;
};
constexpr ListBits kDaclBits{&SECURITY_DESCRIPTOR::Dacl, SE_DACL_PRESENT, SE_DACL_DEFAULTED},
    kSaclBits{&SECURITY_DESCRIPTOR::Sacl, SE_SACL_PRESENT, SE_SACL_DEFAULTED};

BOOL get_list(PSECURITY_DESCRIPTOR given, const ListBits& bits, BOOL* present, PACL* list, BOOL* defaulted) noexcept {
    const SECURITY_DESCRIPTOR* const descriptor = descriptor_of(given);
    if (descriptor == nullptr) return FALSE;
    if (present == nullptr || list == nullptr || defaulted == nullptr) return failed(ERROR_INVALID_PARAMETER);
    *present = (descriptor->Control & bits.present) != 0;
    if (*present == FALSE) return TRUE;  // the others stay as they were
    *list = descriptor->*bits.list;
    *defaulted = (descriptor->Control & bits.defaulted) != 0;
    return TRUE;
}

// Behind the last entry; null if the list is not what it says.
ACE_HEADER* end_of(ACL& list) noexcept {
    auto* at = reinterpret_cast<BYTE*>(&list + 1);
    BYTE* const end = reinterpret_cast<BYTE*>(&list) + list.AclSize;
    for (WORD i = 0; i < list.AceCount; ++i) {
        if (end - at < static_cast<ptrdiff_t>(sizeof(ACE_HEADER))) return nullptr;
        const WORD bytes = reinterpret_cast<ACE_HEADER*>(at)->AceSize;
        if (bytes < sizeof(ACE_HEADER) || bytes > end - at) return nullptr;
        at += bytes;
    }
    return reinterpret_cast<ACE_HEADER*>(at);
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

BOOL WINAPI AllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY pIdentifierAuthority, BYTE nSubAuthorityCount,
                                     DWORD nSubAuthority0, DWORD nSubAuthority1, DWORD nSubAuthority2,
                                     DWORD nSubAuthority3, DWORD nSubAuthority4, DWORD nSubAuthority5,
                                     DWORD nSubAuthority6, DWORD nSubAuthority7, PSID* pSid) {
    const KeepErrno keep;
    const DWORD given[] = {nSubAuthority0, nSubAuthority1, nSubAuthority2, nSubAuthority3,
                           nSubAuthority4, nSubAuthority5, nSubAuthority6, nSubAuthority7};
    if (pSid == nullptr || pIdentifierAuthority == nullptr) return failed(ERROR_INVALID_PARAMETER);
    if (nSubAuthorityCount > 8) return failed(ERROR_INVALID_SID);
    PSID const made = calloc(1, length_for(8));
    if (made == nullptr) return failed(ERROR_NOT_ENOUGH_MEMORY);
    initialize(made, pIdentifierAuthority, nSubAuthorityCount);
    memcpy(sid_of(made)->SubAuthority, given, nSubAuthorityCount * sizeof(DWORD));
    *pSid = made;
    return TRUE;
}

PVOID WINAPI FreeSid(PSID pSid) {
    const KeepErrno keep;
    free(pSid);
    return nullptr;
}

BOOL WINAPI InitializeSid(PSID Sid, PSID_IDENTIFIER_AUTHORITY pIdentifierAuthority, BYTE nSubAuthorityCount) {
    return initialize(Sid, pIdentifierAuthority, nSubAuthorityCount) ? BOOL{TRUE} : failed(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI IsValidSid(PSID pSid) { return is_sid(pSid); }

DWORD WINAPI GetSidLengthRequired(UCHAR nSubAuthorityCount) { return length_for(nSubAuthorityCount); }

DWORD WINAPI GetLengthSid(PSID pSid) { return is_sid(pSid) ? length_for(sid_of(pSid)->SubAuthorityCount) : 0; }

PDWORD WINAPI GetSidSubAuthority(PSID pSid, DWORD nSubAuthority) { return &sid_of(pSid)->SubAuthority[nSubAuthority]; }

PUCHAR WINAPI GetSidSubAuthorityCount(PSID pSid) { return &sid_of(pSid)->SubAuthorityCount; }

BOOL WINAPI EqualSid(PSID pSid1, PSID pSid2) {
    if (!is_sid(pSid1) || !is_sid(pSid2)) return failed(ERROR_INVALID_SID);
    const DWORD length = GetLengthSid(pSid1);
    return length == GetLengthSid(pSid2) && memcmp(pSid1, pSid2, length) == 0;
}

BOOL WINAPI CopySid(DWORD nDestinationSidLength, PSID pDestinationSid, PSID pSourceSid) {
    if (!is_sid(pSourceSid)) return failed(ERROR_INVALID_SID);
    const DWORD length = GetLengthSid(pSourceSid);
    if (nDestinationSidLength < length) return failed(ERROR_INSUFFICIENT_BUFFER);
    if (pDestinationSid == nullptr) return failed(ERROR_INVALID_PARAMETER);
    memcpy(pDestinationSid, pSourceSid, length);
    return TRUE;
}

BOOL WINAPI AddAccessAllowedAce(PACL pAcl, DWORD dwAceRevision, DWORD AccessMask, PSID pSid) {
    if (pAcl == nullptr || dwAceRevision != ACL_REVISION) return failed(ERROR_INVALID_PARAMETER);
    if (!is_sid(pSid)) return failed(ERROR_INVALID_SID);
    ACE_HEADER* const at = pAcl->AclRevision == ACL_REVISION ? end_of(*pAcl) : nullptr;
    if (at == nullptr) return failed(ERROR_INVALID_ACL);
    const DWORD length = GetLengthSid(pSid);
    const DWORD bytes = static_cast<DWORD>(offsetof(ACCESS_ALLOWED_ACE, SidStart)) + length;
    const auto used = reinterpret_cast<BYTE*>(at) - reinterpret_cast<BYTE*>(pAcl);
    if (bytes > static_cast<DWORD>(pAcl->AclSize - used)) return failed(ERROR_ALLOTTED_SPACE_EXCEEDED);
    auto* const entry = reinterpret_cast<ACCESS_ALLOWED_ACE*>(at);
    entry->Header = {ACCESS_ALLOWED_ACE_TYPE, 0, static_cast<WORD>(bytes)};
    entry->Mask = AccessMask;
    memcpy(&entry->SidStart, pSid, length);
    ++pAcl->AceCount;
    return TRUE;
}

BOOL WINAPI SetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR pSecurityDescriptor, PSID pOwner, BOOL bOwnerDefaulted) {
    return set_sid(pSecurityDescriptor, &SECURITY_DESCRIPTOR::Owner, pOwner, SE_OWNER_DEFAULTED, bOwnerDefaulted);
}
BOOL WINAPI SetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR pSecurityDescriptor, PSID pGroup, BOOL bGroupDefaulted) {
    return set_sid(pSecurityDescriptor, &SECURITY_DESCRIPTOR::Group, pGroup, SE_GROUP_DEFAULTED, bGroupDefaulted);
}
BOOL WINAPI GetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR pSecurityDescriptor, PSID* pOwner,
                                       LPBOOL lpbOwnerDefaulted) {
    return get_sid(pSecurityDescriptor, &SECURITY_DESCRIPTOR::Owner, pOwner, SE_OWNER_DEFAULTED, lpbOwnerDefaulted);
}
BOOL WINAPI GetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR pSecurityDescriptor, PSID* pGroup,
                                       LPBOOL lpbGroupDefaulted) {
    return get_sid(pSecurityDescriptor, &SECURITY_DESCRIPTOR::Group, pGroup, SE_GROUP_DEFAULTED, lpbGroupDefaulted);
}

BOOL WINAPI SetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR pSecurityDescriptor, BOOL bSaclPresent, PACL pSacl,
                                      BOOL bSaclDefaulted) {
    SECURITY_DESCRIPTOR* const descriptor = descriptor_of(pSecurityDescriptor);
    if (descriptor == nullptr) return FALSE;
    if (bSaclPresent != FALSE) descriptor->Sacl = pSacl;
    set_control(*descriptor, SE_SACL_PRESENT, bSaclPresent != FALSE);
    set_control(*descriptor, SE_SACL_DEFAULTED, bSaclPresent != FALSE && bSaclDefaulted != FALSE);
    return TRUE;
}
BOOL WINAPI GetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR pSecurityDescriptor, LPBOOL lpbDaclPresent, PACL* pDacl,
                                      LPBOOL lpbDaclDefaulted) {
    return get_list(pSecurityDescriptor, kDaclBits, lpbDaclPresent, pDacl, lpbDaclDefaulted);
}
BOOL WINAPI GetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR pSecurityDescriptor, LPBOOL lpbSaclPresent, PACL* pSacl,
                                      LPBOOL lpbSaclDefaulted) {
    return get_list(pSecurityDescriptor, kSaclBits, lpbSaclPresent, pSacl, lpbSaclDefaulted);
}
