// test_processors.cpp - processors: which there are, and on which of them a thread or a process runs.
//
// Source      "SetThreadAffinityMask", "SetProcessAffinityMask", "GetLogicalProcessorInformation".
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/program.h"

TEST(all, Processors_affinity_of_threads_and_processes) {
    DWORD_PTR process = 0, system = 0;
    EXPECT(GetProcessAffinityMask(GetCurrentProcess(), &process, &system), TRUE, SAME);
    assert_true(process != 0 && (process & ~system) == 0);
    const DWORD_PTR one = process & (~process + 1);
    EXPECT(SetThreadAffinityMask(GetCurrentThread(), one) == process, true, SAME);
    EXPECT(SetThreadAffinityMask(GetCurrentThread(), 0) == 0, true, ERROR_INVALID_PARAMETER);
    assert_true((DWORD_PTR{1} << GetCurrentProcessorNumber()) == one);
    GROUP_AFFINITY group{}, before{};
    EXPECT(GetThreadGroupAffinity(GetCurrentThread(), &group), TRUE, SAME);
    assert_true(group.Mask == one && group.Group == 0);
    group.Mask = process;
    EXPECT(SetThreadGroupAffinity(GetCurrentThread(), &group, &before), TRUE, SAME);
    assert_true(before.Mask == one);
    group.Group = 1;
    EXPECT(SetThreadGroupAffinity(GetCurrentThread(), &group, &before), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(SetProcessAffinityMask(GetCurrentProcess(), 0), FALSE, ERROR_INVALID_PARAMETER);
    EXPECT(SetProcessAffinityMask(GetCurrentProcess(), one), TRUE, SAME);
    cpu_set_t set;
    sched_getaffinity(0, sizeof set, &set);
    assert_int_equal(CPU_COUNT(&set), 1);
    EXPECT(SetProcessAffinityMask(GetCurrentProcess(), process), TRUE, SAME);
    EXPECT(SetThreadIdealProcessor(GetCurrentThread(), 0), 0, SAME);
    EXPECT(SetThreadIdealProcessor(GetCurrentThread(), MAXIMUM_PROCESSORS), 0, SAME);
    EXPECT(SetThreadIdealProcessor(GetCurrentThread(), 65), 0xFFFFFFFF, ERROR_INVALID_PARAMETER);
    EXPECT(SetThreadAffinityMask(nullptr, one) == 0, true, ERROR_INVALID_HANDLE);
}

TEST(all, Processors_what_there_is) {
    static SYSTEM_LOGICAL_PROCESSOR_INFORMATION entries[1024];
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    DWORD bytes = 0;
    EXPECT(GetLogicalProcessorInformation(nullptr, &bytes), FALSE, ERROR_INSUFFICIENT_BUFFER);
    assert_true(bytes > 0 && bytes % sizeof entries[0] == 0 && bytes <= sizeof entries);
    EXPECT(GetLogicalProcessorInformation(entries, &bytes), TRUE, SAME);
    DWORD_PTR cores = 0, packages = 0, nodes = 0;
    for (DWORD i = 0; i < bytes / sizeof entries[0]; ++i) {
        const DWORD_PTR mask = entries[i].ProcessorMask;
        assert_true(mask != 0 && (mask & ~info.dwActiveProcessorMask) == 0);
        if (entries[i].Relationship == RelationProcessorCore) assert_true((cores & mask) == 0), cores |= mask;
        if (entries[i].Relationship == RelationProcessorPackage) packages |= mask;
        if (entries[i].Relationship == RelationNumaNode) nodes |= mask;
    }
    assert_true(cores == info.dwActiveProcessorMask && packages == cores && nodes == cores);
    assert_int_equal(GetActiveProcessorCount(0), info.dwNumberOfProcessors);
    assert_int_equal(GetActiveProcessorCount(ALL_PROCESSOR_GROUPS), info.dwNumberOfProcessors);
    EXPECT(GetActiveProcessorCount(1), 0, ERROR_INVALID_PARAMETER);
    assert_true(GetMaximumProcessorCount(0) >= info.dwNumberOfProcessors && GetActiveProcessorGroupCount() == 1);
    ULONG highest = kPoison;
    GROUP_AFFINITY node;
    EXPECT(GetNumaHighestNodeNumber(&highest), TRUE, SAME);
    EXPECT(GetNumaNodeProcessorMaskEx(static_cast<USHORT>(highest), &node), TRUE, SAME);
    EXPECT(GetNumaNodeProcessorMaskEx(static_cast<USHORT>(highest + 1), &node), FALSE, ERROR_INVALID_PARAMETER);
    PROCESSOR_NUMBER number;
    GetCurrentProcessorNumberEx(&number);
    assert_true(number.Group == 0 && number.Number < 64);
}

int main(int argc, char **argv) { return test_main(argc, argv); }
