// system.cpp - what machine this is (sysinfoapi.h), security descriptors (securitybaseapi.h), debuggers (debugapi.h).
// Source      "GetSystemInfo", "GlobalMemoryStatusEx", "GetVersionExW", "SetSecurityDescriptorDacl"; LD-6.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <cstring>

#include "shim/base/sdk.h"
#include "shim/base/text.h"

namespace winshim::base {
namespace {

// What Windows tells a program that carries no mark of a later version.
constexpr DWORD kMajor = 6, kMinor = 2, kBuild = 9200;

// The A and the W structures differ in the width of one array; what stands behind it is filled by name.
template <class Info, class InfoEx>
BOOL fill_version(void* memory, DWORD size) noexcept {
    if (size != sizeof(Info) && size != sizeof(InfoEx)) return failed(ERROR_INSUFFICIENT_BUFFER);
    memset(memory, 0, size);
    Info& info = *static_cast<Info*>(memory);
    info.dwOSVersionInfoSize = size;
    info.dwMajorVersion = kMajor;
    info.dwMinorVersion = kMinor;
    info.dwBuildNumber = kBuild;
    info.dwPlatformId = VER_PLATFORM_WIN32_NT;
    if (size == sizeof(InfoEx)) static_cast<InfoEx*>(memory)->wProductType = VER_NT_WORKSTATION;
    return TRUE;
}

struct Info16 {
    DWORD dwOSVersionInfoSize, dwMajorVersion, dwMinorVersion, dwBuildNumber, dwPlatformId;
    char16_t szCSDVersion[128];
};
struct InfoEx16 : Info16 {
    WORD wServicePackMajor, wServicePackMinor, wSuiteMask;
    BYTE wProductType, wReserved;
};
static_assert(sizeof(Info16) == 276 && sizeof(InfoEx16) == 284);

void write_debug(const char* text, std::size_t bytes) noexcept {
    while (bytes > 0) {
        const ssize_t written = write(STDERR_FILENO, text, bytes);
        if (written <= 0) return;
        text += written;
        bytes -= static_cast<std::size_t>(written);
    }
}

template <class C>
void debug_output(const C* text) noexcept {
    const KeepErrno keep;
    if (text == nullptr || secure_getenv("WINSHIM_DEBUG_OUTPUT") == nullptr) return;
    const Utf8 bytes{text, length_of(text)};
    if (bytes) write_debug(bytes.data(), bytes.size());
}

}  // namespace
}  // namespace winshim::base

using namespace winshim;
using namespace winshim::base;

void WINAPI GetSystemInfo(LPSYSTEM_INFO lpSystemInfo) {
    const KeepErrno keep;
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    const DWORD count = online < 1 ? 1 : online > 64 ? 64 : static_cast<DWORD>(online);
    memset(lpSystemInfo, 0, sizeof *lpSystemInfo);
#if defined(__x86_64__)
    lpSystemInfo->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64;
    lpSystemInfo->dwProcessorType = PROCESSOR_AMD_X8664;
#elif defined(__aarch64__)
    lpSystemInfo->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_ARM64;
#else
    lpSystemInfo->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_UNKNOWN;
#endif
    lpSystemInfo->dwPageSize = static_cast<DWORD>(sysconf(_SC_PAGESIZE));
    lpSystemInfo->lpMinimumApplicationAddress = reinterpret_cast<LPVOID>(0x10000);
    lpSystemInfo->lpMaximumApplicationAddress = reinterpret_cast<LPVOID>(0x00007FFFFFFFEFFF);
    lpSystemInfo->dwActiveProcessorMask = count == 64 ? ~DWORD_PTR{0} : (DWORD_PTR{1} << count) - 1;
    lpSystemInfo->dwNumberOfProcessors = count;
    lpSystemInfo->dwAllocationGranularity = 0x10000;
}

void WINAPI GetNativeSystemInfo(LPSYSTEM_INFO lpSystemInfo) { GetSystemInfo(lpSystemInfo); }

BOOL WINAPI GlobalMemoryStatusEx(LPMEMORYSTATUSEX lpBuffer) {
    const KeepErrno keep;
    struct sysinfo memory;
    if (lpBuffer == nullptr || lpBuffer->dwLength != sizeof *lpBuffer) return failed(ERROR_INVALID_PARAMETER);
    if (sysinfo(&memory) != 0) return failed(ERROR_NO_SYSTEM_RESOURCES);
    const u64 unit = memory.mem_unit, total = memory.totalram * unit;
    const u64 available = (memory.freeram + memory.bufferram) * unit;
    *lpBuffer = {.dwLength = sizeof *lpBuffer,
                 .dwMemoryLoad = total == 0 ? 0 : static_cast<DWORD>((total - available) * 100 / total),
                 .ullTotalPhys = total,
                 .ullAvailPhys = available,
                 .ullTotalPageFile = total + memory.totalswap * unit,
                 .ullAvailPageFile = available + memory.freeswap * unit,
                 .ullTotalVirtual = 0x00007FFFFFFE0000,
                 .ullAvailVirtual = 0x00007FFFFFFE0000,
                 .ullAvailExtendedVirtual = 0};
    return TRUE;
}

DWORD WINAPI GetVersion(void) { return kMajor | kMinor << 8 | kBuild << 16; }

BOOL WINAPI GetVersionExA(LPOSVERSIONINFOA info) {
    if (info == nullptr) return failed(ERROR_INVALID_PARAMETER);
    return fill_version<OSVERSIONINFOA, OSVERSIONINFOEXA>(info, info->dwOSVersionInfoSize);
}
BOOL WINAPI GetVersionExW(LPOSVERSIONINFOW info) {
    if (info == nullptr) return failed(ERROR_INVALID_PARAMETER);
    return fill_version<OSVERSIONINFOW, OSVERSIONINFOEXW>(info, info->dwOSVersionInfoSize);
}
WINSHIM_EXPORT BOOL GetVersionEx_utf16(Info16* info) WINSHIM_UTF16(GetVersionExW);
BOOL GetVersionEx_utf16(Info16* info) {
    if (info == nullptr) return failed(ERROR_INVALID_PARAMETER);
    return fill_version<Info16, InfoEx16>(info, info->dwOSVersionInfoSize);
}
WINSHIM_PLAIN(GetVersionEx);

// ---- security descriptors -------------------------------------------------------------------------------------------
BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR pSecurityDescriptor, DWORD dwRevision) {
    if (pSecurityDescriptor == nullptr) return failed(ERROR_INVALID_PARAMETER);
    if (dwRevision != SECURITY_DESCRIPTOR_REVISION) return failed(ERROR_UNKNOWN_REVISION);
    *static_cast<SECURITY_DESCRIPTOR*>(pSecurityDescriptor) = {.Revision = SECURITY_DESCRIPTOR_REVISION, .Sbz1 = 0,
                                                               .Control = 0, .Owner = nullptr, .Group = nullptr,
                                                               .Sacl = nullptr, .Dacl = nullptr};
    return TRUE;
}

BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR pSecurityDescriptor, BOOL bDaclPresent, PACL pDacl,
                                      BOOL bDaclDefaulted) {
    if (pSecurityDescriptor == nullptr) return failed(ERROR_INVALID_PARAMETER);
    SECURITY_DESCRIPTOR& descriptor = *static_cast<SECURITY_DESCRIPTOR*>(pSecurityDescriptor);
    if (descriptor.Revision != SECURITY_DESCRIPTOR_REVISION) return failed(ERROR_UNKNOWN_REVISION);
    constexpr WORD kBoth = SE_DACL_PRESENT | SE_DACL_DEFAULTED;
    descriptor.Control = static_cast<WORD>(descriptor.Control & ~kBoth);
    if (bDaclPresent == FALSE) return TRUE;
    descriptor.Dacl = pDacl;
    descriptor.Control = static_cast<WORD>(descriptor.Control | (bDaclDefaulted != FALSE ? kBoth : SE_DACL_PRESENT));
    return TRUE;
}

BOOL WINAPI IsValidSecurityDescriptor(PSECURITY_DESCRIPTOR pSecurityDescriptor) {
    return pSecurityDescriptor != nullptr &&
           static_cast<SECURITY_DESCRIPTOR*>(pSecurityDescriptor)->Revision == SECURITY_DESCRIPTOR_REVISION;
}

BOOL WINAPI InitializeAcl(PACL pAcl, DWORD nAclLength, DWORD dwAclRevision) {
    if (nAclLength < sizeof(ACL)) return failed(ERROR_INSUFFICIENT_BUFFER);
    if (pAcl == nullptr || dwAclRevision != ACL_REVISION || nAclLength > 0xFFFF) return failed(ERROR_INVALID_PARAMETER);
    *pAcl = {.AclRevision = ACL_REVISION, .Sbz1 = 0, .AclSize = static_cast<WORD>(nAclLength),
             .AceCount = 0, .Sbz2 = 0};
    return TRUE;
}

// ---- debuggers ----------------------------------------------------------------------------------------------------
BOOL WINAPI IsDebuggerPresent(void) {
    const KeepErrno keep;
    char status[2048];
    const int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (file < 0) return FALSE;
    const ssize_t length = read(file, status, sizeof status - 1);
    close(file);
    if (length <= 0) return FALSE;
    status[length] = '\0';
    const char* const tracer = strstr(status, "TracerPid:\t");
    return tracer != nullptr && tracer[strlen("TracerPid:\t")] != '0';
}

void WINAPI DebugBreak(void) { raise(SIGTRAP); }

void WINAPI OutputDebugStringA(LPCSTR text) { debug_output(text); }
void WINAPI OutputDebugStringW(LPCWSTR text) { debug_output(text); }
WINSHIM_EXPORT void OutputDebugString_utf16(const char16_t* text) WINSHIM_UTF16(OutputDebugStringW);
void OutputDebugString_utf16(const char16_t* text) { debug_output(text); }
WINSHIM_PLAIN(OutputDebugString);
