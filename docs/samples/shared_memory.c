/* shared_memory.c - file mappings: named memory, several views of it, and a file that is changed through memory. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#define SIZE (3 * 65536)

static const char *Yes(BOOL value)
{
    return value ? "yes" : "no";
}

static void Named(void)
{
    HANDLE memory = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SIZE, "shared_memory");
    HANDLE again, opened;
    char *first, *second, *part;
    DWORD error;

    if (memory == NULL)
        return;
    again = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, "shared_memory");
    error = GetLastError();
    printf("created again: %s\n", Yes(again != NULL && error == ERROR_ALREADY_EXISTS));
    opened = OpenFileMappingA(FILE_MAP_READ, FALSE, "shared_memory");
    printf("opened for reading: %s\n", Yes(opened != NULL));

    first = (char *)MapViewOfFile(memory, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    second = (char *)MapViewOfFile(opened, FILE_MAP_READ, 0, 0, 0);
    part = (char *)MapViewOfFile(again, FILE_MAP_WRITE, 0, 65536, 65536);
    if (first == NULL || second == NULL || part == NULL)
        return;
    printf("three views, three addresses: %s\n", Yes(first != second && first + 65536 != part));
    printf("new memory is zero: %s\n", Yes(first[0] == 0 && first[SIZE - 1] == 0));
    strcpy(first, "written through the first view");
    printf("%s\n", second);
    strcpy(part, "written in the middle");
    printf("%s\n", first + 65536);
    if (MapViewOfFile(opened, FILE_MAP_WRITE, 0, 0, 0) == NULL)
        printf("a view for writing, opened for reading: error %lu\n", (unsigned long)GetLastError());

    /* The memory is there as long as a handle or a view. */
    CloseHandle(memory);
    CloseHandle(again);
    CloseHandle(opened);
    UnmapViewOfFile(first);
    UnmapViewOfFile(part);
    printf("all handles closed: %s\n", second);
    UnmapViewOfFile(second);
    opened = OpenFileMappingA(FILE_MAP_READ, FALSE, "shared_memory");
    printf("all views closed: %s\n",
           opened == NULL && GetLastError() == ERROR_FILE_NOT_FOUND ? "the name is free" : "?");
}

static void OfAFile(void)
{
    static const char text[] = "some text in a file that is changed through memory";
    HANDLE file = CreateFileA("mapped.txt", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL), mapping;
    char buffer[sizeof(text)] = "", *view;
    DWORD count;

    if (file == INVALID_HANDLE_VALUE)
        return;
    if (CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL) == NULL)
        printf("an empty file: error %lu\n", (unsigned long)GetLastError());
    WriteFile(file, text, sizeof(text) - 1, &count, NULL);
    mapping = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL);
    view = (char *)MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);
    if (view == NULL)
        return;
    printf("the file in memory: %.*s\n", (int)count, view);
    memcpy(view, "SOME TEXT", 9);
    FlushViewOfFile(view, 0);
    UnmapViewOfFile(view);
    CloseHandle(mapping);
    SetFilePointer(file, 0, NULL, FILE_BEGIN);
    if (ReadFile(file, buffer, sizeof(buffer) - 1, &count, NULL))
        printf("the file afterwards: %s\n", buffer);

    /* A mapping that is larger than the file makes the file grow. */
    mapping = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 1000, NULL);
    printf("grown: %lu bytes\n", (unsigned long)GetFileSize(file, NULL));
    CloseHandle(mapping);

    /* A copy on write is private to its view. */
    mapping = CreateFileMappingA(file, NULL, PAGE_WRITECOPY, 0, 0, NULL);
    view = (char *)MapViewOfFile(mapping, FILE_MAP_COPY, 0, 0, 0);
    if (view != NULL) {
        view[0] = '*';
        SetFilePointer(file, 0, NULL, FILE_BEGIN);
        if (ReadFile(file, buffer, 4, &count, NULL))
            printf("a private copy: %.4s, the file: %.4s\n", view, buffer);
        UnmapViewOfFile(view);
    }
    CloseHandle(mapping);
    CloseHandle(file);
    DeleteFileA("mapped.txt");
}

int main(void)
{
    Named();
    OfAFile();
    return 0;
}
