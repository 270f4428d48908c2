/* mapping.c - file mappings and their views. */
#include <stdio.h>
#include <string.h>

#include "conformance/harness/kinds.h"

enum { PAGE = 4096, GRANULE = 65536 };

static HANDLE of_memory(DWORD size, const WCHAR *name)
{
    return CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, size, name);
}

static char *whole_view(HANDLE mapping)
{
    char *view = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    TRUE_THAT(view != NULL);
    return view;
}

/* ---- creating and opening ---------------------------------------------------------------------------------------- */
CASE(new_memory_is_zero, "Mapping-01", ALL, "CreateFileMappingW: remarks")
{
    const HANDLE mapping = MAKES(of_memory(3 * PAGE, own_name("new")), NEW_OBJECT);
    const char *view = whole_view(mapping);
    for (int i = 0; i < 3 * PAGE; ++i)
        if (view[i] != 0) EQUAL(view[i], 0);
    MAKES(of_memory(PAGE, NULL), NEW_OBJECT);
}

static char *their_view;

static uint64_t map_there(const Ask *ask)
{
    const HANDLE mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, PAGE, ask->text);
    if (mapping == NULL || GetLastError() != ERROR_ALREADY_EXISTS) return 0;
    their_view = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    CloseHandle(mapping);
    return their_view != NULL;
}

static uint64_t read_there(const Ask *ask) { return (unsigned char)their_view[ask->number]; }

static uint64_t write_there(const Ask *ask)
{
    their_view[ask->number] = (char)ask->more;
    return 1;
}

static uint64_t unmap_there(const Ask *ask)
{
    (void)ask;
    return (uint64_t)UnmapViewOfFile(their_view);
}

CASE_SHARED(a_name_is_shared_memory, "Mapping-01 Mapping-07", ALL, "CreateFileMappingW; MapViewOfFile: remarks")
{
    const WCHAR *name = own_name("shared");
    char *view = whole_view(MAKES(of_memory(PAGE, name), NEW_OBJECT));
    Partner *other = partner(where);
    TRUE_THAT(ask(other, map_there, .text = name));
    view[0] = 'a';
    view[PAGE - 1] = 'z';
    EQUAL(ask(other, read_there, .number = 0), 'a');
    EQUAL(ask(other, read_there, .number = PAGE - 1), 'z');
    ask(other, write_there, .number = 100, .more = 'm');
    EQUAL(view[100], 'm');
}

CASE(a_name_in_use_keeps_its_size, "Mapping-02", ALL, "CreateFileMappingW: return value")
{
    const WCHAR *name = own_name("size");
    MAKES(of_memory(2 * PAGE, name), NEW_OBJECT);
    const HANDLE smaller = MAKES(of_memory(PAGE, name), ERROR_ALREADY_EXISTS);
    const HANDLE larger = MAKES(of_memory(16 * PAGE, name), ERROR_ALREADY_EXISTS);
    whole_view(smaller)[2 * PAGE - 1] = 1;
    EQUAL(whole_view(larger)[2 * PAGE - 1], 1);
    REFUSES(MapViewOfFile(larger, FILE_MAP_READ, 0, 0, 3 * PAGE), ERROR_ACCESS_DENIED);
}

CASE(a_name_of_another_kind, "Mapping-03", ALL, "CreateFileMappingW: lpName; ce: LD-1")
{
    for (Kind kind = EVENT; kind <= TIMER; ++kind) {
        const char word[] = {'k', (char)('0' + kind), 0};
        const WCHAR *name = own_name(word);
        MAKES(create_kind(kind, name), NEW_OBJECT);
        if (profile() == NT)
            REFUSES(of_memory(PAGE, name), ERROR_INVALID_HANDLE);
        else
            MAKES(of_memory(PAGE, name), NEW_OBJECT);
    }
}

CASE(no_size_or_no_such_protection, "Mapping-04", ALL, "CreateFileMappingW: flProtect, dwMaximumSizeLow")
{
    REFUSES(of_memory(0, NULL), ERROR_INVALID_PARAMETER);
    REFUSES(of_memory(0, own_name("none")), ERROR_INVALID_PARAMETER);
    REFUSES(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, 0, 0, PAGE, NULL), ERROR_INVALID_PARAMETER);
    REFUSES(CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, 0x7FFF, 0, PAGE, NULL), ERROR_INVALID_PARAMETER);
}

CASE(no_such_file, "Mapping-05", ALL, "CreateFileMappingW: hFile")
{
    REFUSES(CreateFileMappingW((HANDLE)0x12345670, NULL, PAGE_READWRITE, 0, PAGE, NULL), ERROR_INVALID_HANDLE);
    const HANDLE event = MAKES(CreateEventW(NULL, TRUE, FALSE, NULL), NEW_OBJECT);
    REFUSES(CreateFileMappingW(event, NULL, PAGE_READWRITE, 0, PAGE, NULL), ERROR_INVALID_HANDLE);
}

CASE(nothing_to_open, "Mapping-06", ALL, "OpenFileMappingW")
{
    REFUSES(OpenFileMappingW(FILE_MAP_READ, FALSE, own_name("nothing")), ERROR_FILE_NOT_FOUND);
    REFUSES(OpenFileMappingW(FILE_MAP_READ, FALSE, NULL), ERROR_INVALID_PARAMETER);
    REFUSES(OpenFileMappingA(FILE_MAP_READ, FALSE, NULL), ERROR_INVALID_PARAMETER);
}

/* ---- views ------------------------------------------------------------------------------------------------------- */
CASE(views_of_one_mapping_show_the_same, "Mapping-07", ALL, "MapViewOfFile: remarks")
{
    const WCHAR *name = own_name("views");
    const HANDLE mapping = MAKES(of_memory(PAGE, name), NEW_OBJECT);
    char *one = whole_view(mapping), *other = whole_view(mapping);
    TRUE_THAT(one != other);
    strcpy(one, "written once");
    EQUAL(strcmp(other, "written once"), 0);
    const HANDLE opened = OPENS(OpenFileMappingW(FILE_MAP_READ, FALSE, name));
    const char *third = MapViewOfFile(opened, FILE_MAP_READ, 0, 0, 0);
    EQUAL(strcmp(third, "written once"), 0);
}

CASE(views_begin_at_64_KiB, "Mapping-08", ALL, "MapViewOfFile: dwFileOffsetLow")
{
    const HANDLE mapping = MAKES(of_memory(3 * GRANULE, NULL), NEW_OBJECT);
    const DWORD odd[] = {1, PAGE, GRANULE - 1, GRANULE + PAGE};
    for (int i = 0; i < 4; ++i)
        REFUSES(MapViewOfFile(mapping, FILE_MAP_READ, 0, odd[i], PAGE), ERROR_MAPPED_ALIGNMENT);
    char *view = whole_view(mapping);
    view[GRANULE] = 5;
    char *second = MapViewOfFile(mapping, FILE_MAP_READ, 0, GRANULE, PAGE);
    TRUE_THAT(second != NULL);
    EQUAL(second[0], 5);
}

CASE(views_end_with_the_mapping, "Mapping-09", ALL, "seen on Wine 8.0")
{
    const HANDLE mapping = MAKES(of_memory(GRANULE, NULL), NEW_OBJECT);
    REFUSES(MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 2 * GRANULE), ERROR_ACCESS_DENIED);
    REFUSES(MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, GRANULE + 1), ERROR_ACCESS_DENIED);
}

CASE(writing_needs_the_right, "Mapping-10", CE | NT, "MapViewOfFile: dwDesiredAccess")
{
    const WCHAR *name = own_name("rights");
    MAKES(of_memory(PAGE, name), NEW_OBJECT);
    const HANDLE read_only = OPENS(OpenFileMappingW(FILE_MAP_READ, FALSE, name));
    REFUSES(MapViewOfFile(read_only, FILE_MAP_WRITE, 0, 0, 0), ERROR_ACCESS_DENIED);
    TRUE_THAT(MapViewOfFile(read_only, FILE_MAP_READ, 0, 0, 0) != NULL);
}

CASE(what_is_no_view_cannot_be_unmapped, "Mapping-11", ALL, "UnmapViewOfFile")
{
    char *view = whole_view(MAKES(of_memory(PAGE, NULL), NEW_OBJECT));
    char local;
    DOES(UnmapViewOfFile(view));
    REFUSES(UnmapViewOfFile(view), ERROR_INVALID_ADDRESS);
    REFUSES(UnmapViewOfFile(&local), ERROR_INVALID_ADDRESS);
    REFUSES(UnmapViewOfFile(NULL), ERROR_INVALID_ADDRESS);
}

CASE(a_view_needs_no_handle, "Mapping-12", ALL, "CreateFileMappingW: remarks")
{
    const HANDLE mapping = MAKES(of_memory(PAGE, own_name("view")), NEW_OBJECT);
    char *view = whole_view(mapping);
    strcpy(view, "kept");
    DOES(CloseHandle(mapping));
    EQUAL(strcmp(view, "kept"), 0);
    memset(view, 7, PAGE);
    DOES(UnmapViewOfFile(view));
}

CASE_SHARED(the_last_view_and_handle_take_it_along, "Mapping-13", ALL, "CreateFileMappingW: remarks")
{
    const WCHAR *name = own_name("gone");
    const HANDLE mapping = MAKES(of_memory(PAGE, name), NEW_OBJECT);
    char *view = whole_view(mapping);
    view[0] = 9;
    Partner *other = partner(where);
    TRUE_THAT(ask(other, map_there, .text = name));
    DOES(CloseHandle(mapping));
    DOES(UnmapViewOfFile(view));
    EQUAL(ask(other, read_there, .number = 0), 9);
    TRUE_THAT(ask(other, unmap_there, .number = 0));
    REFUSES(OpenFileMappingW(FILE_MAP_READ, FALSE, name), ERROR_FILE_NOT_FOUND);
    EQUAL(whole_view(MAKES(of_memory(PAGE, name), NEW_OBJECT))[0], 0);
}

CASE(a_mapping_cannot_be_waited_for, "Mapping-14", ALL, "seen on Wine 8.0")
{
    const HANDLE mapping = MAKES(of_memory(PAGE, NULL), NEW_OBJECT);
    GIVES(WaitForSingleObject(mapping, 0), WAIT_FAILED, ERROR_ACCESS_DENIED);
}

/* ---- of files ---------------------------------------------------------------------------------------------------- */
/* A new file with this text in it; its path goes to `path`. */
static HANDLE file_with(const char *text, char *path)
{
    char folder[300];
    TRUE_THAT(GetTempPathA(sizeof folder, folder) > 0);
    sprintf(path, "%s%s", folder, ansi(own_name("file")));
    const HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                    CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    TRUE_THAT(file != INVALID_HANDLE_VALUE);
    DWORD written = 0;
    if (text[0] != 0) TRUE_THAT(WriteFile(file, text, (DWORD)strlen(text), &written, NULL));
    EQUAL(written, strlen(text));
    return file;
}

CASE(an_empty_file_has_no_size_to_take, "Mapping-15", ALL, "CreateFileMappingW: dwMaximumSizeLow")
{
    char path[600];
    const HANDLE file = file_with("", path);
    poison();
    const HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 0, NULL);
    const DWORD error = GetLastError();
    CloseHandle(file);
    DeleteFileA(path);
    EQUAL((uintptr_t)mapping, 0);
    EQUAL(error, ERROR_FILE_INVALID);
}

CASE(without_a_size_it_is_the_files, "Mapping-16", ALL, "CreateFileMappingW: dwMaximumSizeLow")
{
    char path[600];
    const HANDLE file = file_with("twelve bytes", path);
    poison();
    const HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    const DWORD error = GetLastError();
    const char *view = mapping != NULL ? MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, 0) : NULL;
    const bool same = view != NULL && memcmp(view, "twelve bytes", 13) == 0; /* a page ends in zeros */
    if (view != NULL) UnmapViewOfFile(view);
    CloseHandle(mapping);
    CloseHandle(file);
    DeleteFileA(path);
    TRUE_THAT(mapping != NULL);
    EQUAL(error, 0);
    TRUE_THAT(same);
}
