/* usage_file.c - usage.c for files and what is near them: every function of file/, and of file mappings, called once.
 *
 * Compiled as C and as C++, never run. A function whose declaration were wrong or missing does not get through.
 */
#include <windows.h>
#include <shellapi.h>
#include <tchar.h>

static BOOL WINAPI at_event(DWORD event)
{
    return event == CTRL_C_EVENT;
}

static BOOL use_one_file(HANDLE file)
{
    char bytes[10];
    DWORD done = 0;
    LONG high = 0;
    LARGE_INTEGER distance, place;
    OVERLAPPED overlapped;
    BOOL all = TRUE;

    ZeroMemory(&overlapped, sizeof(overlapped));
    distance.QuadPart = 0;
    all &= WriteFile(file, "bytes", 5, &done, NULL);
    all &= FlushFileBuffers(file);
    all &= SetFilePointerEx(file, distance, &place, FILE_BEGIN);
    all &= SetFilePointer(file, 0, &high, FILE_CURRENT) != INVALID_SET_FILE_POINTER;
    all &= ReadFile(file, bytes, sizeof(bytes), &done, &overlapped);
    all &= GetOverlappedResult(file, &overlapped, &done, TRUE);
    all &= GetFileSizeEx(file, &place);
    all &= GetFileSize(file, &done) != INVALID_FILE_SIZE;
    all &= SetEndOfFile(file);
    all &= GetFileType(file) == FILE_TYPE_DISK;
    return all;
}

BOOL use_files(void);
BOOL use_files(void)
{
    TCHAR path[MAX_PATH], name[MAX_PATH], *part;
    WIN32_FIND_DATA found;
    WIN32_FILE_ATTRIBUTE_DATA attributes;
    HANDLE file, search;
    BOOL all = TRUE;

    all &= GetTempPath(MAX_PATH, path) != 0;
    all &= GetTempFileName(path, TEXT("win"), 0, name) != 0;
    all &= GetFullPathName(name, MAX_PATH, path, &part) != 0;
    file = CreateFile(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL,
                      NULL);
    all &= use_one_file(file);
    CloseHandle(file);
    all &= GetFileAttributes(name) != INVALID_FILE_ATTRIBUTES;
    all &= GetFileAttributesEx(name, GetFileExInfoStandard, &attributes);
    all &= SetFileAttributes(name, FILE_ATTRIBUTE_READONLY);
    search = FindFirstFile(TEXT("*"), &found);
    all &= FindNextFile(search, &found);
    all &= FindClose(search);
    all &= CopyFile(name, TEXT("copy"), TRUE);
    all &= MoveFile(TEXT("copy"), TEXT("moved"));
    all &= MoveFileEx(TEXT("moved"), name, MOVEFILE_REPLACE_EXISTING);
    all &= DeleteFile(name);
    all &= CreateDirectory(TEXT("folder"), NULL);
    all &= RemoveDirectory(TEXT("folder"));
    all &= GetCurrentDirectory(MAX_PATH, path) != 0;
    all &= SetCurrentDirectory(path);
    return all;
}

BOOL use_streams(void);
BOOL use_streams(void)
{
    HANDLE from, to, output = GetStdHandle(STD_OUTPUT_HANDLE);
    DWORD mode = 0, done = 0;
    int count = 0;
    WCHAR **arguments;
    STARTUPINFO startup;
    BOOL all = TRUE;

    all &= CreatePipe(&from, &to, NULL, 0);
    all &= SetStdHandle(STD_INPUT_HANDLE, from);
    all &= GetConsoleMode(output, &mode) && SetConsoleMode(output, mode);
    all &= WriteConsole(output, TEXT("text"), 4, &done, NULL);
    all &= SetConsoleCP(GetConsoleCP()) && SetConsoleOutputCP(GetConsoleOutputCP());
    all &= SetConsoleCtrlHandler(at_event, TRUE);
    all &= GetCommandLine() != NULL;
    arguments = CommandLineToArgvW(L"program argument", &count);
    all &= LocalFree(arguments) == NULL;
    GetStartupInfo(&startup);
    return all;
}

BOOL use_modules(void);
BOOL use_modules(void)
{
    TCHAR path[MAX_PATH];
    HMODULE module = GetModuleHandle(TEXT("kernel32"));
    BOOL all = TRUE;

    all &= GetModuleHandleEx(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, NULL, &module);
    all &= GetModuleFileName(module, path, MAX_PATH) != 0;
    all &= GetProcAddress(module, "Sleep") != NULL;
    all &= FreeLibrary(LoadLibrary(TEXT("kernel32.dll")));
    all &= FreeLibrary(LoadLibraryEx(TEXT("kernel32.dll"), NULL, 0));
    return all;
}

BOOL use_mappings(void);
BOOL use_mappings(void)
{
    HANDLE mapping =
        CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_COMMIT, 0, 4096, TEXT("Shared"));
    LPVOID view = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    BOOL all = TRUE;

    all &= CloseHandle(OpenFileMapping(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, TEXT("Shared")));
    all &= CloseHandle(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY | SEC_RESERVE, 0, 4096, "A"));
    all &= CloseHandle(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY, 0, 4096, L"W"));
    all &= FlushViewOfFile(view, 0);
    all &= UnmapViewOfFile(MapViewOfFileEx(mapping, FILE_MAP_COPY | FILE_MAP_EXECUTE, 0, 0, 0, NULL));
    return all && UnmapViewOfFile(view);
}
