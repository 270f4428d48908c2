/* child_process.c - CreateProcess: command lines, exit codes, waiting for processes, and ending them.
 *
 * The program starts itself; the first argument says what the child shall do. Children say nothing, so that the output
 * is the parent's alone.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int Child(int argc, char *argv[])
{
    if (strcmp(argv[1], "exit") == 0)
        return atoi(argv[2]);
    if (strcmp(argv[1], "count") == 0) {
        int i, sum = 0;
        for (i = 2; i < argc; ++i)
            sum = sum * 10 + (int)strlen(argv[i]);
        return sum;
    }
    if (strcmp(argv[1], "sleep") == 0)
        Sleep(INFINITE);
    if (strcmp(argv[1], "deep") == 0)
        ExitProcess(77);
    if (strcmp(argv[1], "environment") == 0) {
        char value[20] = "";
        return GetEnvironmentVariableA("SAMPLE_VALUE", value, sizeof(value)) == 0 ? 1 : atoi(value);
    }
    return 99;
}

static char program[MAX_PATH];

static HANDLE Start(const char *arguments, DWORD flags, PROCESS_INFORMATION *information)
{
    STARTUPINFOA startup;
    char line[MAX_PATH + 100];

    ZeroMemory(&startup, sizeof(startup));
    startup.cb = sizeof(startup);
    sprintf(line, "\"%s\" %s", program, arguments);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &startup, information)) {
        printf("CreateProcess: error %lu\n", (unsigned long)GetLastError());
        ExitProcess(1);
    }
    return information->hProcess;
}

static void Run(const char *arguments)
{
    PROCESS_INFORMATION information;
    DWORD code = 0, result;

    Start(arguments, 0, &information);
    result = WaitForSingleObject(information.hProcess, 60000);
    GetExitCodeProcess(information.hProcess, &code);
    printf("%-34s wait %lu, exit code %lu\n", arguments, (unsigned long)result, (unsigned long)code);
    CloseHandle(information.hThread);
    CloseHandle(information.hProcess);
}

int main(int argc, char *argv[])
{
    PROCESS_INFORMATION information, many[3];
    HANDLE processes[3], opened;
    STARTUPINFOA startup;
    char wrong[] = "no-such-program.exe";
    DWORD code, result;
    int i;

    if (argc > 1)
        return Child(argc, argv);
    GetModuleFileNameA(NULL, program, MAX_PATH);

    Run("exit 42");
    Run("exit 259000");
    Run("deep");
    Run("count a bb ccc");
    Run("count \"two words\" \"\" \\\"x\\\" a\\\\b");
    SetEnvironmentVariableA("SAMPLE_VALUE", "31");
    Run("environment");

    Start("sleep", 0, &information);
    GetExitCodeProcess(information.hProcess, &code);
    result = WaitForSingleObject(information.hProcess, 20);
    printf("it runs: wait %s, exit code %s\n", result == WAIT_TIMEOUT ? "timeout" : "?",
           code == STILL_ACTIVE ? "STILL_ACTIVE" : "?");
    opened = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_INFORMATION, FALSE, information.dwProcessId);
    printf("opened by its identifier: %s\n", opened != NULL ? "yes" : "no");
    TerminateProcess(information.hProcess, 13);
    WaitForSingleObject(opened, INFINITE);
    GetExitCodeProcess(opened, &code);
    printf("terminated: exit code %lu", (unsigned long)code);
    GetExitCodeThread(information.hThread, &code);
    printf(", of its thread %lu\n", (unsigned long)code);
    CloseHandle(opened);
    CloseHandle(information.hThread);
    CloseHandle(information.hProcess);

    Start("exit 5", CREATE_SUSPENDED, &information);
    result = WaitForSingleObject(information.hProcess, 50);
    printf("created suspended: %s\n", result == WAIT_TIMEOUT ? "it does not run" : "?");
    printf("resumed, before: %lu\n", (unsigned long)ResumeThread(information.hThread));
    WaitForSingleObject(information.hProcess, INFINITE);
    GetExitCodeProcess(information.hProcess, &code);
    printf("exit code %lu\n", (unsigned long)code);
    CloseHandle(information.hThread);
    CloseHandle(information.hProcess);

    for (i = 0; i < 3; ++i)
        processes[i] = Start(i == 1 ? "exit 1" : "sleep", 0, &many[i]);
    result = WaitForMultipleObjects(3, processes, FALSE, 60000);
    printf("the first of three to end: %lu\n", (unsigned long)(result - WAIT_OBJECT_0));
    TerminateProcess(processes[0], 0);
    TerminateProcess(processes[2], 0);
    printf("all of them: %lu\n", (unsigned long)WaitForMultipleObjects(3, processes, TRUE, 60000));
    for (i = 0; i < 3; ++i) {
        CloseHandle(many[i].hThread);
        CloseHandle(many[i].hProcess);
    }

    ZeroMemory(&startup, sizeof(startup));
    startup.cb = sizeof(startup);
    if (!CreateProcessA(NULL, wrong, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &information))
        printf("no such program: %s\n",
               GetLastError() == ERROR_FILE_NOT_FOUND ? "ERROR_FILE_NOT_FOUND" : "another error");
    return 0;
}
