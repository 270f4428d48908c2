// test_base_system.cpp - clocks and calendars, system facts, heaps, Local and Global memory, pages, descriptors, debug.
//
// Source      "SystemTimeToFileTime", "FileTimeToSystemTime", "GetTickCount64", "QueryPerformanceCounter",
//             "GetSystemInfo", "GetVersionExW", "HeapAlloc", "LocalAlloc", "VirtualAlloc", "SetSecurityDescriptorDacl",
//             "OutputDebugStringW" and their kin.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

#include "tests/support/program.h"

// ---- time ---------------------------------------------------------------------------------------------------------
static ULONG64 value_of(FILETIME t) { return ULONG64{t.dwHighDateTime} << 32 | t.dwLowDateTime; }
static FILETIME file_time(ULONG64 value) { return {static_cast<DWORD>(value), static_cast<DWORD>(value >> 32)}; }

TEST(all, Time_calendar_and_count) {
    struct Moment { SYSTEMTIME calendar; ULONG64 count; };
    for (const Moment &m : {Moment{{1601, 1, 1, 1, 0, 0, 0, 0}, 0},
                            {{1970, 1, 0, 4, 0, 0, 0, 0}, 116447328000000000},
                            {{2000, 2, 2, 29, 12, 34, 56, 789}, 125963012967890000},
                            {{1900, 4, 0, 1, 0, 0, 0, 1}, 94432608000010000},
                            {{2100, 2, 0, 28, 23, 59, 59, 999}, 157520159999990000}}) {
        FILETIME count{};
        SYSTEMTIME calendar;
        EXPECT(SystemTimeToFileTime(&m.calendar, &count), TRUE, SAME);
        if (value_of(count) != m.count)
            print_error("%d: got %llu, wanted %llu\n", m.calendar.wYear, value_of(count), m.count);
        REQUIRE(value_of(count) == m.count, "the count");
        EXPECT(FileTimeToSystemTime(&count, &calendar), TRUE, SAME);
        assert_memory_equal(&calendar, &m.calendar, sizeof calendar);
    }
}

TEST(all, Time_every_day_of_1200_years_goes_there_and_back) {
    constexpr ULONG64 kDay = 864000000000;
    WORD weekday = 1;
    for (ULONG64 day = 0; day < 3 * 146097; ++day) {
        const FILETIME count = file_time(day * kDay + kDay - 1);
        SYSTEMTIME calendar;
        FILETIME back;
        if (!FileTimeToSystemTime(&count, &calendar) || !SystemTimeToFileTime(&calendar, &back) ||
            value_of(back) != day * kDay + kDay - 10000 || calendar.wDayOfWeek != weekday) {
            print_error("day %llu\n", day);
            fail();
        }
        weekday = static_cast<WORD>((weekday + 1) % 7);
    }
}

TEST(all, Time_moments_that_do_not_exist) {
    FILETIME count;
    SYSTEMTIME calendar;
    for (const SYSTEMTIME &bad :
         {SYSTEMTIME{2023, 2, 0, 29, 0, 0, 0, 0}, {1900, 2, 0, 29, 0, 0, 0, 0}, {2023, 0, 0, 1, 0, 0, 0, 0},
          {2023, 13, 0, 1, 0, 0, 0, 0}, {2023, 4, 0, 31, 0, 0, 0, 0}, {2023, 4, 0, 0, 0, 0, 0, 0},
          {2023, 4, 0, 1, 24, 0, 0, 0}, {2023, 4, 0, 1, 0, 60, 0, 0}, {2023, 4, 0, 1, 0, 0, 60, 0},
          {2023, 4, 0, 1, 0, 0, 0, 1000}, {1600, 12, 0, 31, 0, 0, 0, 0}, {30828, 1, 0, 1, 0, 0, 0, 0}})
        EXPECT(SystemTimeToFileTime(&bad, &count), FALSE, ERROR_INVALID_PARAMETER);
    count = file_time(0x8000000000000000);
    EXPECT(FileTimeToSystemTime(&count, &calendar), FALSE, ERROR_INVALID_PARAMETER);
}

TEST(all, Time_now) {
    SYSTEMTIME utc, local;
    FILETIME coarse, precise, there, back;
    GetSystemTime(&utc);
    GetLocalTime(&local);
    GetSystemTimeAsFileTime(&coarse);
    GetSystemTimePreciseAsFileTime(&precise);
    const auto now = static_cast<ULONG64>(time(nullptr));
    const ULONG64 seconds = value_of(coarse) / 10000000 - 11644473600;
    REQUIRE(seconds + 10 > now && seconds < now + 10, "the system's time");
    REQUIRE(CompareFileTime(&coarse, &precise) <= 0, "time goes on");
    REQUIRE(utc.wYear > 2020 && local.wYear > 2020, "a year");
    EXPECT(FileTimeToLocalFileTime(&coarse, &there), TRUE, SAME);
    EXPECT(LocalFileTimeToFileTime(&there, &back), TRUE, SAME);
    assert_int_equal(CompareFileTime(&coarse, &back), 0);
    LARGE_INTEGER frequency, begin, end;
    EXPECT(QueryPerformanceFrequency(&frequency), TRUE, SAME);
    EXPECT(QueryPerformanceCounter(&begin), TRUE, SAME);
    const ULONGLONG ticks = GetTickCount64();
    Sleep(30);
    EXPECT(QueryPerformanceCounter(&end), TRUE, SAME);
    REQUIRE((end.QuadPart - begin.QuadPart) * 1000 / frequency.QuadPart >= 30, "at least what was slept");
    REQUIRE(GetTickCount64() - ticks >= 29, "at least what was slept");
    REQUIRE(GetTickCount() - static_cast<DWORD>(ticks) < 60'000, "the same clock");
}

// ---- facts --------------------------------------------------------------------------------------------------------
TEST(all, System_facts) {
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    REQUIRE(info.dwNumberOfProcessors >= 1 && (info.dwActiveProcessorMask & 1) != 0, "a processor");
    assert_int_equal(info.dwAllocationGranularity, 65536);
    MEMORYSTATUSEX memory{};
    EXPECT(GlobalMemoryStatusEx(&memory), FALSE, ERROR_INVALID_PARAMETER);
    memory.dwLength = sizeof memory;
    EXPECT(GlobalMemoryStatusEx(&memory), TRUE, SAME);
    REQUIRE(memory.ullTotalPhys >= memory.ullAvailPhys && memory.dwMemoryLoad <= 100, "memory");
    OSVERSIONINFOEXA version{};
    EXPECT(GetVersionExA(reinterpret_cast<LPOSVERSIONINFOA>(&version)), FALSE, ERROR_INSUFFICIENT_BUFFER);
    version.dwOSVersionInfoSize = sizeof version;
    EXPECT(GetVersionExA(reinterpret_cast<LPOSVERSIONINFOA>(&version)), TRUE, SAME);
    assert_int_equal(version.dwMajorVersion * 100 + version.dwMinorVersion, 602);
    assert_int_equal(version.wProductType, VER_NT_WORKSTATION);
    OSVERSIONINFOW wide{};
    wide.dwOSVersionInfoSize = sizeof wide;
    EXPECT(GetVersionExW(&wide), TRUE, SAME);
    assert_int_equal(wide.dwBuildNumber, GetVersion() >> 16);
}

TEST(all, Security_descriptors_are_filled_in) {
    SECURITY_DESCRIPTOR descriptor;
    char room[sizeof(ACL) + 8];
    const PACL list = reinterpret_cast<PACL>(room);
    EXPECT(InitializeSecurityDescriptor(&descriptor, 2), FALSE, ERROR_UNKNOWN_REVISION);
    EXPECT(InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION), TRUE, SAME);
    EXPECT(SetSecurityDescriptorDacl(&descriptor, TRUE, nullptr, FALSE), TRUE, SAME);
    assert_int_equal(descriptor.Control, SE_DACL_PRESENT);
    EXPECT(SetSecurityDescriptorDacl(&descriptor, FALSE, nullptr, FALSE), TRUE, SAME);
    assert_int_equal(descriptor.Control, 0);
    REQUIRE(IsValidSecurityDescriptor(&descriptor), "valid");
    EXPECT(InitializeAcl(list, 4, ACL_REVISION), FALSE, ERROR_INSUFFICIENT_BUFFER);
    EXPECT(InitializeAcl(list, sizeof room, ACL_REVISION), TRUE, SAME);
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, &descriptor, FALSE};
    EXPECT(CloseHandle(CreateEventA(&attributes, FALSE, FALSE, nullptr)), TRUE, 0);
}

// ---- heaps --------------------------------------------------------------------------------------------------------
static bool all_are(const void *memory, char value, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
        if (static_cast<const char *>(memory)[i] != value) return false;
    return true;
}

TEST(all, Heap_blocks) {
    for (const HANDLE heap : {GetProcessHeap(), MADE(HeapCreate(0, 0, 0), SAME)}) {
        char *block = static_cast<char *>(HeapAlloc(heap, HEAP_ZERO_MEMORY, 100));
        REQUIRE(all_are(block, 0, 0, 100), "zeroes");
        REQUIRE(reinterpret_cast<std::uintptr_t>(block) % 16 == 0, "a boundary");
        EXPECT(static_cast<DWORD>(HeapSize(heap, 0, block)), 100, SAME);
        memset(block, 'x', 100);
        block = static_cast<char *>(HeapReAlloc(heap, HEAP_ZERO_MEMORY, block, 5000));
        REQUIRE(all_are(block, 'x', 0, 100) && all_are(block, 0, 100, 5000), "kept, and zeroes behind");
        assert_null(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, 6000));
        assert_ptr_equal(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, 10), block);
        REQUIRE(HeapValidate(heap, 0, nullptr) && HeapValidate(heap, 0, block), "in order");
        EXPECT(HeapFree(heap, 0, block), TRUE, SAME);
        EXPECT(HeapFree(heap, 0, nullptr), TRUE, SAME);
        if (heap == GetProcessHeap()) continue;
        REQUIRE(HeapAlloc(heap, 0, 0) != nullptr, "a block of no bytes");  // freed by HeapDestroy
        EXPECT(HeapDestroy(heap), TRUE, SAME);
    }
    EXPECT(HeapDestroy(GetProcessHeap()), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(HeapDestroy(nullptr), FALSE, ERROR_INVALID_HANDLE);
}

TEST(all, Heap_limit_and_foreign_blocks) {
    const HANDLE heap = MADE(HeapCreate(0, 0, 1000), SAME), other = MADE(HeapCreate(0, 0, 0), SAME);
    void *block = HeapAlloc(heap, 0, 900);
    REQUIRE(block != nullptr, "within the limit");
    EXPECT(HeapAlloc(heap, 0, 200), nullptr, SAME);
    EXPECT(HeapFree(other, 0, block), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(HeapFree(heap, 0, block), TRUE, SAME);
    REQUIRE(HeapAlloc(heap, 0, 1000) != nullptr, "room again");
    EXPECT(HeapDestroy(heap), TRUE, SAME);
    EXPECT(HeapDestroy(other), TRUE, SAME);
}

TEST(all, Local_and_global_memory) {
    char *fixed = static_cast<char *>(LocalAlloc(LPTR, 10));
    REQUIRE(all_are(fixed, 0, 0, 10), "zeroes");
    EXPECT(LocalLock(fixed), fixed, SAME);
    EXPECT(LocalUnlock(fixed), FALSE, ERROR_NOT_LOCKED);
    assert_int_equal(LocalSize(fixed), 10);
    EXPECT(LocalReAlloc(fixed, 100000, 0), nullptr, ERROR_NOT_ENOUGH_MEMORY);
    fixed = static_cast<char *>(LocalReAlloc(fixed, 100000, LMEM_MOVEABLE | LMEM_ZEROINIT));
    REQUIRE(all_are(fixed, 0, 0, 100000), "zeroes");
    EXPECT(LocalHandle(fixed), fixed, SAME);
    EXPECT(LocalFree(fixed), nullptr, SAME);
    EXPECT(LocalFree(nullptr), nullptr, SAME);

    const HGLOBAL moveable = GlobalAlloc(GHND, 10);
    char *block = static_cast<char *>(GlobalLock(moveable));
    REQUIRE(block != moveable && all_are(block, 0, 0, 10), "a block of its own");
    EXPECT(GlobalHandle(block), moveable, SAME);
    EXPECT(GlobalLock(moveable), block, SAME);
    assert_int_equal(GlobalFlags(moveable) & GMEM_LOCKCOUNT, 2);
    EXPECT(GlobalUnlock(moveable), TRUE, SAME);
    EXPECT(GlobalUnlock(moveable), FALSE, NO_ERROR);
    EXPECT(GlobalUnlock(moveable), FALSE, ERROR_NOT_LOCKED);
    EXPECT(GlobalReAlloc(moveable, 5000, GMEM_ZEROINIT), moveable, SAME);
    block = static_cast<char *>(GlobalLock(moveable));
    REQUIRE(all_are(block, 0, 0, 5000), "zeroes");
    assert_int_equal(GlobalSize(moveable), 5000);
    EXPECT(GlobalFree(moveable), nullptr, SAME);
    alignas(16) static char foreign[64];
    EXPECT(LocalFree(foreign + 32), foreign + 32, ERROR_INVALID_HANDLE);
}

// ---- pages --------------------------------------------------------------------------------------------------------
TEST(all, Virtual_reserve_commit_protect_free) {
    MEMORY_BASIC_INFORMATION info;
    char *const region = static_cast<char *>(VirtualAlloc(nullptr, 0x30000, MEM_RESERVE, PAGE_READWRITE));
    REQUIRE(region != nullptr && reinterpret_cast<std::uintptr_t>(region) % 0x10000 == 0, "a region");
    assert_int_equal(VirtualQuery(region + 5, &info, sizeof info), sizeof info);
    assert_int_equal(info.State, MEM_RESERVE);
    assert_int_equal(info.RegionSize, 0x30000);
    EXPECT(VirtualAlloc(region + 0x1001, 0x1000, MEM_COMMIT, PAGE_READWRITE), region + 0x1000, SAME);
    memset(region + 0x1000, 'x', 0x2000);  // both pages that the bytes touch
    assert_int_equal(VirtualQuery(region + 0x1000, &info, sizeof info), sizeof info);
    assert_int_equal(info.State, MEM_COMMIT);
    assert_int_equal(info.RegionSize, 0x2000);
    assert_ptr_equal(info.AllocationBase, region);
    DWORD old = 0;
    EXPECT(VirtualProtect(region + 0x1000, 1, PAGE_READONLY, &old), TRUE, SAME);
    assert_int_equal(old, PAGE_READWRITE);
    EXPECT(VirtualProtect(region + 0x1000, 1, PAGE_READWRITE, &old), TRUE, SAME);
    assert_int_equal(old, PAGE_READONLY);
    EXPECT(VirtualProtect(region, 1, PAGE_READWRITE, &old), FALSE, ERROR_INVALID_ADDRESS);
    EXPECT(VirtualProtect(region + 0x1000, 1, 3, &old), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(VirtualFree(region + 0x1000, 0x1000, MEM_DECOMMIT), TRUE, SAME);
    EXPECT(VirtualAlloc(region + 0x1000, 0x1000, MEM_COMMIT, PAGE_READWRITE), region + 0x1000, SAME);
    REQUIRE(all_are(region + 0x1000, 0, 0, 0x1000), "zeroes again");
    EXPECT(VirtualAlloc(region, 0x1000, MEM_RESERVE, PAGE_READWRITE), nullptr, ERROR_INVALID_ADDRESS);
    EXPECT(VirtualFree(region, 1, MEM_RELEASE), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(VirtualFree(region + 0x10000, 0, MEM_RELEASE), FALSE, ERROR_INVALID_ADDRESS);
    EXPECT(VirtualFree(region, 0, MEM_RELEASE), TRUE, SAME);
    EXPECT(VirtualFree(region, 0, MEM_RELEASE), FALSE, ERROR_INVALID_ADDRESS);
    EXPECT(VirtualAlloc(nullptr, 0, MEM_COMMIT, PAGE_READWRITE), nullptr, ERROR_INVALID_PARAMETER);
}

TEST(all, Virtual_memory_that_others_made) {
    MEMORY_BASIC_INFORMATION info;
    int on_stack = 0;
    assert_int_equal(VirtualQuery(&on_stack, &info, sizeof info), sizeof info);
    assert_int_equal(info.State, MEM_COMMIT);
    assert_int_equal(info.Protect & PAGE_READWRITE, PAGE_READWRITE);
    void *const hole = mmap(nullptr, 0x10000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_int_equal(VirtualQuery(hole, &info, sizeof info), sizeof info);
    assert_int_equal(info.Protect, PAGE_READONLY);
    munmap(hole, 0x10000);
    assert_int_equal(VirtualQuery(hole, &info, sizeof info), sizeof info);
    assert_int_equal(info.State, MEM_FREE);
    EXPECT(static_cast<DWORD>(VirtualQuery(&on_stack, &info, 3)), 0, ERROR_BAD_LENGTH);
}

// ---- fork ----------------------------------------------------------------------------------------------------------
static std::atomic<bool> forks_done;
static void *use_locks_all_the_time(void *) {
    while (!forks_done) {
        void *const pages = VirtualAlloc(nullptr, 0x1000, MEM_COMMIT, PAGE_READWRITE);
        VirtualFree(pages, 0, MEM_RELEASE);
        SetEnvironmentVariableA("WinshimFork", "1");
        const HGLOBAL block = GlobalAlloc(GHND, 10);
        GlobalLock(block);
        GlobalFree(block);
    }
    return nullptr;
}

TEST(all, Fork_finds_no_lock_held) {
    pthread_t thread;
    forks_done = false;
    assert_int_equal(pthread_create(&thread, nullptr, use_locks_all_the_time, nullptr), 0);
    int wrong = 0;
    for (int i = 0; i < 50; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            alarm(20);  // a child that hangs is killed, and seen
            VirtualFree(VirtualAlloc(nullptr, 0x1000, MEM_COMMIT, PAGE_READWRITE), 0, MEM_RELEASE);
            const HGLOBAL block = GlobalAlloc(GHND, 10);
            _exit(GetEnvironmentVariableA("NoSuchOne", nullptr, 0) == 0 && GlobalLock(block) != nullptr ? 0 : 1);
        }
        int status = -1;
        if (waitpid(child, &status, 0) != child || status != 0) ++wrong;
    }
    forks_done = true;
    assert_int_equal(pthread_join(thread, nullptr), 0);
    assert_int_equal(wrong, 0);
    SetEnvironmentVariableA("WinshimFork", nullptr);
}

// ---- debug output -------------------------------------------------------------------------------------------------
ROLE(debug_output) {
    OutputDebugStringA("never seen;");
    setenv("WINSHIM_DEBUG_OUTPUT", "1", 1);
    OutputDebugStringA("bytes;");
    OutputDebugStringW(L"w\u00E4de;");
    OutputDebugStringA(nullptr);
    return IsDebuggerPresent() ? 3 : 0;
}
TEST(all, Debug_output_goes_to_standard_error_when_asked_for) {
    const RoleResult result = run_role("debug_output", nullptr);
    assert_int_equal(result.status, 0);
    assert_string_equal(result.output, "bytes;w\xC3\xA4" "de;");
}

int main(int argc, char **argv) { return test_main(argc, argv); }
