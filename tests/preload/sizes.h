/* sizes.h - prints the layout of what programs and libraries hand over in memory: compiled with each of the headers. */
#define SIZE(type) printf("%-28s %zu\n", #type, sizeof(type))
#define FIELD(type, field) \
    printf("%-28s %zu %zu\n", #type "." #field, offsetof(type, field), sizeof(((type *)0)->field))
static void print_sizes(void)
{
    SIZE(BYTE), SIZE(WORD), SIZE(DWORD), SIZE(LONG), SIZE(ULONG), SIZE(BOOL), SIZE(UINT), SIZE(ULONG_PTR);
    SIZE(LONGLONG);
    SIZE(SIZE_T), SIZE(HANDLE), SIZE(WCHAR), SIZE(LARGE_INTEGER), SIZE(FILETIME), SIZE(SYSTEMTIME);
    SIZE(CRITICAL_SECTION), SIZE(SECURITY_ATTRIBUTES), SIZE(OVERLAPPED), SIZE(PROCESS_INFORMATION), SIZE(STARTUPINFOA);
    SIZE(WIN32_FIND_DATAA), SIZE(SYSTEM_INFO), SIZE(SECURITY_DESCRIPTOR);
#ifdef WINPR_SYNCH_H
    printf("%-28s %zu\n", "SLIST_HEADER", sizeof(WINPR_SLIST_HEADER));
    printf("%-28s %zu\n", "SLIST_ENTRY", sizeof(WINPR_SLIST_ENTRY));
#else
    SIZE(SLIST_HEADER), SIZE(SLIST_ENTRY);
#endif
    FIELD(SECURITY_ATTRIBUTES, bInheritHandle);
    FIELD(OVERLAPPED, hEvent), FIELD(OVERLAPPED, Internal);
    FIELD(STARTUPINFOA, dwFlags), FIELD(STARTUPINFOA, hStdInput), FIELD(STARTUPINFOA, hStdError);
    FIELD(PROCESS_INFORMATION, dwProcessId), FIELD(PROCESS_INFORMATION, hThread);
    FIELD(SYSTEMTIME, wMilliseconds);
    FIELD(WIN32_FIND_DATAA, cFileName);
    FIELD(SYSTEM_INFO, dwNumberOfProcessors);
}
