/* abandoned_by_process.c - a process is terminated while it owns a named mutex; another repairs what it left.
 *
 * The ledger in shared memory has two accounts whose sum is constant. The child moves money, writes what it is about to
 * do into a journal, and is terminated between the two halves of a transfer. The next owner is told WAIT_ABANDONED, and
 * rolls the transfer back.
 */
#include <windows.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    LONG accounts[2];
    LONG journal; /* the amount that is on its way from 0 to 1, or 0 */
} LEDGER;

static HANDLE mutex, half_done;
static LEDGER *ledger;

static int Child(void)
{
    if (WaitForSingleObject(mutex, 60000) != WAIT_OBJECT_0)
        return 1;
    ledger->journal = 30;
    ledger->accounts[0] -= 30;
    SetEvent(half_done);
    Sleep(INFINITE); /* the end comes here */
    ledger->accounts[1] += 30;
    ledger->journal = 0;
    return 0;
}

static void Show(const char *title)
{
    printf("%-20s %ld + %ld = %ld, on its way: %ld\n", title, (long)ledger->accounts[0], (long)ledger->accounts[1],
           (long)(ledger->accounts[0] + ledger->accounts[1]), (long)ledger->journal);
}

int main(int argc, char *argv[])
{
    char program[MAX_PATH], line[MAX_PATH + 20];
    STARTUPINFOA startup;
    PROCESS_INFORMATION child;
    HANDLE memory, both[2];
    DWORD code = 0, result;

    mutex = CreateMutexA(NULL, FALSE, "abandoned_by_process.mutex");
    half_done = CreateEventA(NULL, TRUE, FALSE, "abandoned_by_process.half");
    memory = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(LEDGER), "abandoned_by_process");
    if (mutex == NULL || half_done == NULL || memory == NULL)
        return 1;
    ledger = (LEDGER *)MapViewOfFile(memory, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (ledger == NULL)
        return 1;
    if (argc == 2 && strcmp(argv[1], "child") == 0)
        return Child();

    ledger->accounts[0] = 100;
    ledger->accounts[1] = 50;
    Show("at first");
    GetModuleFileNameA(NULL, program, MAX_PATH);
    sprintf(line, "\"%s\" child", program);
    ZeroMemory(&startup, sizeof(startup));
    startup.cb = sizeof(startup);
    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child)) {
        printf("CreateProcess: error %lu\n", (unsigned long)GetLastError());
        return 1;
    }
    both[0] = half_done;
    both[1] = child.hProcess;
    if (WaitForMultipleObjects(2, both, FALSE, 60000) != WAIT_OBJECT_0)
        return 1;
    printf("the child owns it:   wait %s\n", WaitForSingleObject(mutex, 20) == WAIT_TIMEOUT ? "timeout" : "?");
    TerminateProcess(child.hProcess, 9);
    result = WaitForSingleObject(mutex, 60000);
    printf("it is terminated:    wait %s\n", result == WAIT_ABANDONED ? "WAIT_ABANDONED" : "?");
    Show("found");
    if (result == WAIT_ABANDONED && ledger->journal != 0) {
        ledger->accounts[0] += ledger->journal;
        ledger->journal = 0;
    }
    Show("rolled back");
    ReleaseMutex(mutex);
    WaitForSingleObject(child.hProcess, INFINITE);
    GetExitCodeProcess(child.hProcess, &code);
    printf("exit code %lu\n", (unsigned long)code);
    result = WaitForSingleObject(mutex, 0);
    printf("told once:           wait %s\n", result == WAIT_OBJECT_0 ? "WAIT_OBJECT_0" : "?");
    ReleaseMutex(mutex);
    CloseHandle(child.hThread);
    CloseHandle(child.hProcess);
    UnmapViewOfFile(ledger);
    CloseHandle(memory);
    CloseHandle(half_done);
    CloseHandle(mutex);
    return 0;
}
