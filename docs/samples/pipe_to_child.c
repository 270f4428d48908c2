/* pipe_to_child.c - a child as a filter: its standard input and output are pipes of the parent.
 *
 * The child turns each line around. The parent closes the ends that it does not use, so that each side sees the end of
 * the other's data.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

static int Filter(void)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE), output = GetStdHandle(STD_OUTPUT_HANDLE);
    char line[100], turned[100], byte;
    DWORD length = 0, got, i;

    while (ReadFile(input, &byte, 1, &got, NULL) && got == 1) {
        if (byte != '\n') {
            if (length < sizeof(line) - 1)
                line[length++] = byte;
            continue;
        }
        for (i = 0; i < length; ++i)
            turned[i] = line[length - 1 - i];
        turned[length++] = '\n';
        if (!WriteFile(output, turned, length, &got, NULL))
            return 2;
        length = 0;
    }
    return 3;
}

/* A pipe of which one end is for the child. */
static BOOL MakePipe(HANDLE *own, HANDLE *childs, BOOL child_reads)
{
    SECURITY_ATTRIBUTES inheritable;
    HANDLE reading, writing;

    inheritable.nLength = sizeof(inheritable);
    inheritable.lpSecurityDescriptor = NULL;
    inheritable.bInheritHandle = TRUE;
    if (!CreatePipe(&reading, &writing, &inheritable, 0))
        return FALSE;
    *own = child_reads ? writing : reading;
    *childs = child_reads ? reading : writing;
    return SetHandleInformation(*own, HANDLE_FLAG_INHERIT, 0);
}

int main(int argc, char *argv[])
{
    static const char *const lines[] = {"stressed\n", "a man a plan\n", "\n", "drawer\n"};
    HANDLE to_child, childs_input, from_child, childs_output;
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;
    char program[MAX_PATH], command[MAX_PATH + 20], answer[200];
    DWORD got, used = 0, code = 0;
    unsigned i;

    if (argc == 2 && strcmp(argv[1], "filter") == 0)
        return Filter();
    if (!MakePipe(&to_child, &childs_input, TRUE) || !MakePipe(&from_child, &childs_output, FALSE))
        return 1;

    GetModuleFileNameA(NULL, program, MAX_PATH);
    sprintf(command, "\"%s\" filter", program);
    ZeroMemory(&startup, sizeof(startup));
    startup.cb = sizeof(startup);
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = childs_input;
    startup.hStdOutput = childs_output;
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &child)) {
        printf("CreateProcess: error %lu\n", (unsigned long)GetLastError());
        return 1;
    }
    CloseHandle(childs_input);
    CloseHandle(childs_output);

    for (i = 0; i < sizeof(lines) / sizeof(lines[0]); ++i)
        if (!WriteFile(to_child, lines[i], (DWORD)strlen(lines[i]), &got, NULL))
            printf("the child does not read: error %lu\n", (unsigned long)GetLastError());
    CloseHandle(to_child);

    while (used < sizeof(answer) - 1 &&
           ReadFile(from_child, answer + used, (DWORD)sizeof(answer) - 1 - used, &got, NULL) && got > 0)
        used += got;
    answer[used] = 0;
    printf("%s", answer);
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    printf("the child ended with %lu, its output with %s\n", (unsigned long)code,
           !ReadFile(from_child, answer, 1, &got, NULL) && GetLastError() == ERROR_BROKEN_PIPE ? "ERROR_BROKEN_PIPE"
                                                                                               : "?");
    CloseHandle(from_child);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    return 0;
}
