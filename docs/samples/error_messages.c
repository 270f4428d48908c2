/* error_messages.c - last errors and their texts: FormatMessage from the system, from a string, with inserts.
 *
 * What the system's texts say differs between its versions and languages, so only their form is shown here.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

/* The system's text for a code, in a buffer that FormatMessage allocates. */
static void Explain(const char *call, DWORD error)
{
    char *text = NULL;
    WCHAR wide[512];
    DWORD length, wide_length;

    length = FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                            NULL, error, MAKELANGID(LANG_NEUTRAL, SUBLANG_DEFAULT), (LPSTR)&text, 0, NULL);
    if (length == 0) {
        printf("%-26s %5lu: no text, error %lu\n", call, (unsigned long)error, (unsigned long)GetLastError());
        return;
    }
    wide_length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, error, 0, wide, 512,
                                 NULL);
    printf("%-26s %5lu: a text%s%s\n", call, (unsigned long)error,
           length > 4 && strcmp(text + length - 2, "\r\n") == 0 ? " with an end of line" : "",
           length == wide_length && length == (DWORD)lstrlenW(wide) ? ", as long in wide characters" : "");
    LocalFree(text);
}

static void Inserts(DWORD flags, const char *format, ...)
{
    char buffer[100] = "";
    va_list list;
    DWORD length;

    va_start(list, format);
    length = FormatMessageA(FORMAT_MESSAGE_FROM_STRING | flags, format, 0, 0, buffer, sizeof(buffer), &list);
    va_end(list);
    printf("%2lu characters: %s\n", (unsigned long)length, buffer);
}

int main(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, "error_messages"), again, limited = NULL;
    HANDLE mutex = CreateMutexA(NULL, FALSE, NULL);
    HANDLE semaphore = CreateSemaphoreA(NULL, 1, 1, NULL);
    DWORD_PTR inserts[2];
    char text[40];

    if (event == NULL || mutex == NULL || semaphore == NULL)
        return 1;
    SetLastError(0);
    Explain("nothing is wrong", GetLastError());
    again = CreateEventA(NULL, FALSE, FALSE, "error_messages");
    Explain("CreateEvent, known name", GetLastError());
    OpenEventA(SYNCHRONIZE, FALSE, "no such event");
    Explain("OpenEvent, unknown name", GetLastError());
    OpenMutexA(SYNCHRONIZE, FALSE, "error_messages");
    Explain("OpenMutex, name of event", GetLastError());
    ReleaseMutex(mutex);
    Explain("ReleaseMutex, not owned", GetLastError());
    ReleaseSemaphore(semaphore, 1, NULL);
    Explain("ReleaseSemaphore, full", GetLastError());
    SetEvent((HANDLE)(ULONG_PTR)0xF00);
    Explain("SetEvent, wrong handle", GetLastError());
    CreateSemaphoreA(NULL, 2, 1, NULL);
    Explain("CreateSemaphore, 2 of 1", GetLastError());
    DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &limited, SYNCHRONIZE, FALSE, 0);
    SetEvent(limited);
    Explain("SetEvent, no right to it", GetLastError());
    Explain("a code that nobody has", 0x12345);

    Inserts(0, "%1 has %2!d! of %3!s!, %%%2!04x!.", "somebody", 12, "them");
    Inserts(FORMAT_MESSAGE_IGNORE_INSERTS, "%1 stays as it is");
    inserts[0] = (DWORD_PTR)"an array";
    inserts[1] = 5;
    FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, "%2!u! from %1", 0, 0, text,
                   sizeof(text), (va_list *)inserts);
    puts(text);
    if (!FormatMessageA(FORMAT_MESSAGE_FROM_STRING, "more than four", 0, 0, text, 4, NULL))
        printf("a buffer that is too small: error %lu\n", (unsigned long)GetLastError());
    CloseHandle(limited);
    CloseHandle(again);
    CloseHandle(event);
    CloseHandle(mutex);
    CloseHandle(semaphore);
    return 0;
}
