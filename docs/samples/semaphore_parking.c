/* semaphore_parking.c - a semaphore counts the free places of a car park.
 *
 * Twelve cars want in, four fit. The semaphore lets four pass and the others queue; the counters prove that there were
 * never more inside. Then the arithmetic of ReleaseSemaphore: the previous count, and the maximum that it never passes.
 */
#include <windows.h>
#include <stdio.h>

#define PLACES 4
#define CARS 12

static HANDLE places;
static HANDLE all_full;
static volatile LONG inside, most, visits;

static DWORD WINAPI Car(LPVOID parameter)
{
    LONG now, seen;
    UNREFERENCED_PARAMETER(parameter);

    if (WaitForSingleObject(places, INFINITE) != WAIT_OBJECT_0)
        return 1;
    now = InterlockedIncrement(&inside);
    do
        seen = most;
    while (now > seen && InterlockedCompareExchange(&most, now, seen) != seen);
    if (now == PLACES)
        SetEvent(all_full);
    WaitForSingleObject(all_full, INFINITE); /* nobody leaves before the park has been full once */
    Sleep(2);
    InterlockedIncrement(&visits);
    InterlockedDecrement(&inside);
    ReleaseSemaphore(places, 1, NULL);
    return 0;
}

int main(void)
{
    HANDLE cars[CARS];
    DWORD id;
    LONG previous = -1;
    int i;

    places = CreateSemaphore(NULL, PLACES, PLACES, NULL);
    all_full = CreateEvent(NULL, TRUE, FALSE, NULL);
    if (places == NULL || all_full == NULL)
        return 1;
    for (i = 0; i < CARS; ++i) {
        cars[i] = CreateThread(NULL, 0, Car, NULL, 0, &id);
        if (cars[i] == NULL)
            return 1;
    }
    WaitForMultipleObjects(CARS, cars, TRUE, INFINITE);
    printf("%ld visits, at most %ld cars inside, %ld inside now\n", (long)visits, (long)most, (long)inside);

    if (!ReleaseSemaphore(places, 1, &previous))
        printf("a place too many: %s\n", GetLastError() == ERROR_TOO_MANY_POSTS ? "refused" : "?");
    for (i = 0; WaitForSingleObject(places, 0) == WAIT_OBJECT_0; ++i)
        ;
    printf("%d places could be taken at once\n", i);
    ReleaseSemaphore(places, 3, &previous);
    printf("three given back, before that %ld were free\n", (long)previous);
    if (!ReleaseSemaphore(places, 2, NULL))
        puts("two more do not fit, so none is added");
    ReleaseSemaphore(places, 1, &previous);
    printf("the last one given back, before that %ld were free\n", (long)previous);

    for (i = 0; i < CARS; ++i)
        CloseHandle(cars[i]);
    CloseHandle(all_full);
    CloseHandle(places);
    return 0;
}
