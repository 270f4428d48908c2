/* at_most.c - runs a command, but at most so many at a time on this machine; the others wait for their turn.
 *
 * Purpose   A number of places that whole processes share: licences, ports, graphics cards, downloads. The places
 *           are named mutexes, not the count of a semaphore: a semaphore does not know who has taken from it, and a
 *           process that is killed takes its place along for ever. A mutex comes back, and says that it was left.
 * Use       at_most PLACES NAME COMMAND [ARGUMENT...]
 *           NAME is what the limit is for. The command finds the number of its place, from 1, in AT_MOST_PLACE. The
 *           exit status is the command's. Start three with two places; kill -9 one of the two that run.
 * Build     cc -Iwinapi_headers docs/examples/at_most.c -Lbuild -lwinshim -Wl,-rpath,build
 */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 4096, FAILED = 125 };

static int fail(const char *what)
{
    fprintf(stderr, "at_most: %s: error %lu\n", what, (unsigned long)GetLastError());
    return FAILED;
}

/* Adds an argument to the line in the way in which C run-time libraries take it apart: quotes around it where it needs
 * them, a backslash before a quote, and backslashes doubled where a quote follows them. */
static char *add(char *end, const char *argument)
{
    BOOL quoted = argument[0] == '\0' || strpbrk(argument, " \t\"") != NULL;
    size_t backslashes = 0;

    if (quoted)
        *end++ = '"';
    for (; *argument != '\0'; ++argument) {
        if (*argument == '"') {
            memset(end, '\\', backslashes + 1);
            end += backslashes + 1;
        }
        backslashes = *argument == '\\' ? backslashes + 1 : 0;
        *end++ = *argument;
    }
    if (quoted) {
        memset(end, '\\', backslashes);
        end += backslashes;
        *end++ = '"';
    }
    *end++ = ' ';
    *end = '\0';
    return end;
}

/* Waits until one of the places is free. Returns its index, or -1. */
static int take(HANDLE *place, DWORD places)
{
    DWORD result = WaitForMultipleObjects(places, place, FALSE, 0);

    if (result == WAIT_TIMEOUT) {
        fprintf(stderr, "at_most: all places are taken (%lu), waiting\n", (unsigned long)places);
        result = WaitForMultipleObjects(places, place, FALSE, INFINITE);
    }
    if (result < WAIT_OBJECT_0 + places)
        return (int)(result - WAIT_OBJECT_0);
    if (result >= WAIT_ABANDONED_0 && result < WAIT_ABANDONED_0 + places) {
        /* Whoever had it was killed. Its command is another process, and was not. */
        result -= WAIT_ABANDONED_0;
        fprintf(stderr, "at_most: place %lu was left by a dead process; what that had started may still run\n",
                (unsigned long)result + 1);
        return (int)result;
    }
    return -1;
}

int main(int argc, char *argv[])
{
    HANDLE place[MAXIMUM_WAIT_OBJECTS];
    DWORD places = argc > 1 ? (DWORD)atoi(argv[1]) : 0, code = 0, i;
    char name[MAX_PATH], line[LINE], *end = line;
    STARTUPINFOA startup;
    PROCESS_INFORMATION command;
    int mine;

    if (argc < 4 || places < 1 || places > MAXIMUM_WAIT_OBJECTS || strlen(argv[2]) > 200) {
        fprintf(stderr, "usage: at_most PLACES NAME COMMAND [ARGUMENT...]    (1 to 64 places)\n");
        return FAILED;
    }
    for (i = 3; i < (DWORD)argc; ++i) {
        if ((size_t)(end - line) + 2 * strlen(argv[i]) + 4 > sizeof line) {
            fprintf(stderr, "at_most: the command is too long\n");
            return FAILED;
        }
        end = add(end, argv[i]);
    }
    for (i = 0; i < places; ++i) {
        snprintf(name, sizeof name, "AtMost-%s-%lu", argv[2], (unsigned long)i + 1);
        place[i] = CreateMutexA(NULL, FALSE, name);
        if (place[i] == NULL)
            return fail(name);
    }
    mine = take(place, places);
    if (mine < 0)
        return fail("cannot wait for a place");
    snprintf(name, sizeof name, "%d", mine + 1);
    SetEnvironmentVariableA("AT_MOST_PLACE", name);

    ZeroMemory(&startup, sizeof startup);
    startup.cb = sizeof startup;
    if (CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &command)) {
        WaitForSingleObject(command.hProcess, INFINITE);
        GetExitCodeProcess(command.hProcess, &code);
        CloseHandle(command.hThread);
        CloseHandle(command.hProcess);
    } else {
        code = (DWORD)fail(argv[3]);
    }
    ReleaseMutex(place[mine]);
    for (i = 0; i < places; ++i)
        CloseHandle(place[i]);
    return (int)code;
}
