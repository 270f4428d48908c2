// test_base_security.cpp - security identifiers, access lists and descriptors: kept as they were given.
//
// Source      the topics that securitybaseapi.h names; LD-6.
#include <string.h>

#include "tests/support/program.h"

namespace {

SID_IDENTIFIER_AUTHORITY world = SECURITY_WORLD_SID_AUTHORITY, nt_authority = SECURITY_NT_AUTHORITY;

PSID sid(PSID_IDENTIFIER_AUTHORITY authority, BYTE count, DWORD first, DWORD second = 0) {
    PSID made = nullptr;
    EXPECT(AllocateAndInitializeSid(authority, count, first, second, 0, 0, 0, 0, 0, 0, &made), TRUE, SAME);
    return made;
}

}  // namespace

TEST(all, security_identifiers) {
    const PSID everyone = sid(&world, 1, SECURITY_WORLD_RID),
               administrators = sid(&nt_authority, 2, SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_ADMINS);
    const BYTE bytes[] = {1, 2, 0, 0, 0, 0, 0, 5, 0x20, 0, 0, 0, 0x20, 2, 0, 0};
    assert_memory_equal(administrators, bytes, sizeof bytes);
    EXPECT(GetLengthSid(administrators), 16, SAME);
    EXPECT(GetSidLengthRequired(15), DWORD{SECURITY_MAX_SID_SIZE}, SAME);
    EXPECT(EqualSid(everyone, administrators), FALSE, SAME);
    DWORD room[17] = {kPoison, kPoison, kPoison, kPoison, kPoison};
    EXPECT(CopySid(15, room, administrators), FALSE, ERROR_INSUFFICIENT_BUFFER);
    EXPECT(CopySid(16, room, administrators), TRUE, SAME);
    EXPECT(EqualSid(room, administrators), TRUE, SAME);
    assert_int_equal(room[4], kPoison);
    EXPECT(InitializeSid(room, &world, 2), TRUE, SAME);
    assert_int_equal(*GetSidSubAuthorityCount(room), 2);
    assert_int_equal(*GetSidSubAuthority(room, 1), DOMAIN_ALIAS_RID_ADMINS);  // they are the caller's to set
    EXPECT(InitializeSid(room, &world, 16), FALSE, ERROR_INVALID_PARAMETER);
    room[0] = 9;
    EXPECT(IsValidSid(room), FALSE, SAME);
    EXPECT(IsValidSid(nullptr), FALSE, SAME);
    EXPECT(GetLengthSid(room), 0, SAME);
    EXPECT(EqualSid(room, everyone), FALSE, ERROR_INVALID_SID);
    PSID none;
    EXPECT(AllocateAndInitializeSid(&world, 9, 0, 0, 0, 0, 0, 0, 0, 0, &none), FALSE, ERROR_INVALID_SID);
    EXPECT(AllocateAndInitializeSid(&world, 1, 0, 0, 0, 0, 0, 0, 0, 0, nullptr), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(FreeSid(everyone), nullptr, SAME);
    FreeSid(administrators);
}

TEST(all, entries_of_access_lists) {
    const PSID everyone = sid(&world, 1, SECURITY_WORLD_RID);
    alignas(8) BYTE memory[8 + 2 * 20 + 19];
    ACL *const list = reinterpret_cast<ACL *>(memory);
    EXPECT(InitializeAcl(list, sizeof memory, ACL_REVISION), TRUE, SAME);
    EXPECT(AddAccessAllowedAce(list, ACL_REVISION, GENERIC_ALL, everyone), TRUE, SAME);
    EXPECT(AddAccessAllowedAce(list, ACL_REVISION, SYNCHRONIZE, everyone), TRUE, SAME);
    EXPECT(AddAccessAllowedAce(list, ACL_REVISION, SYNCHRONIZE, everyone), FALSE, ERROR_ALLOTTED_SPACE_EXCEEDED);
    assert_int_equal(list->AceCount, 2);
    const auto *const second = reinterpret_cast<const ACCESS_ALLOWED_ACE *>(memory + 8 + 20);
    REQUIRE(second->Header.AceType == ACCESS_ALLOWED_ACE_TYPE && second->Header.AceSize == 20 &&
            second->Mask == SYNCHRONIZE && memcmp(&second->SidStart, everyone, 12) == 0, "the second entry");
    EXPECT(AddAccessAllowedAce(list, 7, 1, everyone), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(AddAccessAllowedAce(list, ACL_REVISION, 1, nullptr), FALSE, ERROR_INVALID_SID);
    reinterpret_cast<ACE_HEADER *>(memory + 8)->AceSize = 2;  // it would never end
    EXPECT(AddAccessAllowedAce(list, ACL_REVISION, 1, everyone), FALSE, ERROR_INVALID_ACL);
    list->AceCount = 60000;
    EXPECT(AddAccessAllowedAce(list, ACL_REVISION, 1, everyone), FALSE, ERROR_INVALID_ACL);
    FreeSid(everyone);
}

TEST(all, parts_of_descriptors) {
    const PSID everyone = sid(&world, 1, SECURITY_WORLD_RID);
    SECURITY_DESCRIPTOR descriptor;
    ACL list;
    PACL found = &list;
    PSID who = &descriptor;
    BOOL present = 7, defaulted = 7;
    EXPECT(InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION), TRUE, SAME);
    EXPECT(GetSecurityDescriptorDacl(&descriptor, &present, &found, &defaulted), TRUE, SAME);
    REQUIRE(present == FALSE && found == &list && defaulted == 7, "no list: nothing else is stored");
    EXPECT(SetSecurityDescriptorDacl(&descriptor, TRUE, nullptr, FALSE), TRUE, SAME);
    EXPECT(GetSecurityDescriptorDacl(&descriptor, &present, &found, &defaulted), TRUE, SAME);
    REQUIRE(present == TRUE && found == nullptr && defaulted == FALSE, "a list that is none");
    EXPECT(SetSecurityDescriptorSacl(&descriptor, TRUE, &list, TRUE), TRUE, SAME);
    EXPECT(GetSecurityDescriptorSacl(&descriptor, &present, &found, &defaulted), TRUE, SAME);
    REQUIRE(present == TRUE && found == &list && defaulted == TRUE, "the other list");
    EXPECT(GetSecurityDescriptorOwner(&descriptor, &who, &defaulted), TRUE, SAME);
    REQUIRE(who == nullptr && defaulted == FALSE, "no owner");
    EXPECT(SetSecurityDescriptorOwner(&descriptor, everyone, TRUE), TRUE, SAME);
    EXPECT(SetSecurityDescriptorGroup(&descriptor, everyone, FALSE), TRUE, SAME);
    EXPECT(GetSecurityDescriptorOwner(&descriptor, &who, &defaulted), TRUE, SAME);
    REQUIRE(who == everyone && defaulted == TRUE, "the owner");
    EXPECT(GetSecurityDescriptorGroup(&descriptor, &who, &defaulted), TRUE, SAME);
    REQUIRE(who == everyone && defaulted == FALSE, "the group");
    EXPECT(SetSecurityDescriptorOwner(&descriptor, &list, FALSE), FALSE, ERROR_INVALID_SID);
    SECURITY_ATTRIBUTES security = {sizeof security, &descriptor, FALSE};
    EXPECT(CloseHandle(MADE(CreateMutexA(&security, FALSE, NAME), ERROR_SUCCESS)), TRUE, SAME);
    descriptor.Revision = 3;
    EXPECT(SetSecurityDescriptorGroup(&descriptor, everyone, FALSE), FALSE, ERROR_UNKNOWN_REVISION);
    EXPECT(GetSecurityDescriptorDacl(&descriptor, &present, &found, &defaulted), FALSE, ERROR_UNKNOWN_REVISION);
    EXPECT(GetSecurityDescriptorDacl(nullptr, &present, &found, &defaulted), FALSE, ERROR_INVALID_PARAMETER);
    FreeSid(everyone);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
