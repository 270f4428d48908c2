/* mutex_account.c - a mutex guards an account that several threads change.
 *
 * Each transfer is three steps (read, think, write), so without the mutex the sum would be wrong. Then what a mutex is
 * besides: its owner may take it again, and has to release it as often; nobody else can release it; a wait with a time
 * limit ends without it.
 */
#include <windows.h>
#include <stdio.h>

#define TELLERS 4
#define TRANSFERS 500

static HANDLE mutex;
static LONG account;

static DWORD WINAPI Teller(LPVOID parameter)
{
    LONG amount = *(LONG *)parameter;
    int i;
    for (i = 0; i < TRANSFERS; ++i) {
        LONG before;
        if (WaitForSingleObject(mutex, INFINITE) != WAIT_OBJECT_0)
            return 1;
        before = account;
        if (i % 50 == 0)
            Sleep(0); /* here another teller would read the same sum */
        account = before + amount;
        if (!ReleaseMutex(mutex))
            return 2;
    }
    return 0;
}

static DWORD WINAPI Stranger(LPVOID parameter)
{
    UNREFERENCED_PARAMETER(parameter);
    printf("a stranger waits 20 ms: %s\n", WaitForSingleObject(mutex, 20) == WAIT_TIMEOUT ? "timeout" : "?");
    printf("a stranger releases it: %s\n",
           !ReleaseMutex(mutex) && GetLastError() == ERROR_NOT_OWNER ? "not the owner" : "?");
    return 0;
}

int main(void)
{
    static LONG amounts[TELLERS] = {10, -3, 7, -4};
    HANDLE tellers[TELLERS], stranger;
    DWORD id, code, failures = 0;
    int i;

    mutex = CreateMutex(NULL, FALSE, NULL);
    if (mutex == NULL)
        return 1;
    for (i = 0; i < TELLERS; ++i) {
        tellers[i] = CreateThread(NULL, 0, Teller, &amounts[i], 0, &id);
        if (tellers[i] == NULL)
            return 1;
    }
    WaitForMultipleObjects(TELLERS, tellers, TRUE, INFINITE);
    for (i = 0; i < TELLERS; ++i) {
        GetExitCodeThread(tellers[i], &code);
        failures += code;
        CloseHandle(tellers[i]);
    }
    printf("%d tellers, %d transfers each: account %ld, failures %lu\n", TELLERS, TRANSFERS, (long)account,
           (unsigned long)failures);

    /* The owner may enter again and again. */
    for (i = 0; i < 3; ++i)
        WaitForSingleObject(mutex, INFINITE);
    stranger = CreateThread(NULL, 0, Stranger, NULL, 0, &id);
    if (stranger == NULL)
        return 1;
    WaitForSingleObject(stranger, INFINITE);
    CloseHandle(stranger);
    for (i = 0; i < 4; ++i)
        printf("release %d: %s\n", i + 1, ReleaseMutex(mutex) ? "yes" : "no, it is free");
    CloseHandle(mutex);
    return 0;
}
