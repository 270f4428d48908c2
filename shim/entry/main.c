/* main.c - main of a program that has another entry point. See entry.h. */
#include <stdlib.h>
#include <string.h>

#include "shim/entry/entry.h"

int wmain(int argc, wchar_t **argv, wchar_t **envp);
/* The library's exports by their own names: here wchar_t has 4 bytes. */
int to_utf16(UINT page, DWORD flags, LPCCH from, int length, unsigned short *to,
    int room) __asm__("MultiByteToWideChar");

int winshim_argc;
static char **given_arguments, **given_environment;

static int count(char **list)
{
    int n = 0;
    while (list[n] != NULL)
        ++n;
    return n;
}

static void *memory(size_t bytes)
{
    void *const block = malloc(bytes);
    if (block == NULL)
        abort();
    return block;
}

static wchar_t **converted(char **list)
{
    wchar_t **const result = memory(((size_t)count(list) + 1) * sizeof *result);
    int i, room;
    for (i = 0; list[i] != NULL; ++i) {
        room = MultiByteToWideChar(CP_UTF8, 0, list[i], -1, NULL, 0);
        result[i] = memory((size_t)room * sizeof **result);
        MultiByteToWideChar(CP_UTF8, 0, list[i], -1, result[i], room);
    }
    result[i] = NULL;
    return result;
}

static unsigned short **converted_utf16(char **list)
{
    unsigned short **const result = memory(((size_t)count(list) + 1) * sizeof *result);
    int i, room;
    for (i = 0; list[i] != NULL; ++i) {
        room = to_utf16(CP_UTF8, 0, list[i], -1, NULL, 0);
        result[i] = memory((size_t)room * sizeof **result);
        to_utf16(CP_UTF8, 0, list[i], -1, result[i], room);
    }
    result[i] = NULL;
    return result;
}

/* Converted once, though each entry point on the way asks; kept for as long as the program runs. */
wchar_t **winshim_arguments(void)
{
    static wchar_t **kept;
    return kept != NULL ? kept : (kept = converted(given_arguments));
}

wchar_t **winshim_environment(void)
{
    static wchar_t **kept;
    return kept != NULL ? kept : (kept = converted(given_environment));
}

unsigned short **winshim_arguments_utf16(void)
{
    static unsigned short **kept;
    return kept != NULL ? kept : (kept = converted_utf16(given_arguments));
}

unsigned short **winshim_environment_utf16(void)
{
    static unsigned short **kept;
    return kept != NULL ? kept : (kept = converted_utf16(given_environment));
}

int main(int argc, char **argv, char **envp)
{
    winshim_argc = argc;
    given_arguments = argv;
    given_environment = envp;
    return WINSHIM_CALL(wmain);
}
