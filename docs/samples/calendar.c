/* calendar.c - time: dates as SYSTEMTIME and FILETIME, days between them, and clocks that only go forward. */
#define _WIN32_WINNT 0x0600
#include <windows.h>
#include <stdio.h>

#define SECOND ((ULONGLONG)10000000)
#define DAY (24 * 60 * 60 * SECOND)

static const char *const names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

static ULONGLONG Ticks(WORD year, WORD month, WORD day, WORD hour)
{
    SYSTEMTIME date;
    FILETIME file;
    ULARGE_INTEGER ticks;

    ZeroMemory(&date, sizeof(date));
    date.wYear = year;
    date.wMonth = month;
    date.wDay = day;
    date.wHour = hour;
    if (!SystemTimeToFileTime(&date, &file))
        return 0;
    ticks.LowPart = file.dwLowDateTime;
    ticks.HighPart = file.dwHighDateTime;
    return ticks.QuadPart;
}

static void Show(const char *title, ULONGLONG ticks)
{
    ULARGE_INTEGER parts;
    FILETIME file;
    SYSTEMTIME date;

    parts.QuadPart = ticks;
    file.dwLowDateTime = parts.LowPart;
    file.dwHighDateTime = parts.HighPart;
    if (FileTimeToSystemTime(&file, &date))
        printf("%-22s %04u-%02u-%02u %02u:%02u:%02u.%03u %s\n", title, date.wYear, date.wMonth, date.wDay, date.wHour,
               date.wMinute, date.wSecond, date.wMilliseconds, names[date.wDayOfWeek]);
    else
        printf("%-22s error %lu\n", title, (unsigned long)GetLastError());
}

int main(void)
{
    FILETIME before, after;
    LARGE_INTEGER frequency, first, second;
    ULONGLONG ticks, elapsed;
    SYSTEMTIME now, again;
    DWORD old_ticks;
    int i, backwards = 0;

    Show("the first one", 0);
    Show("the epoch of Unix", 11644473600 * SECOND);
    Show("a leap day", Ticks(2000, 2, 29, 12));
    Show("and a day later", Ticks(2000, 2, 29, 12) + DAY);
    Show("the last millisecond", Ticks(2038, 1, 1, 0) - SECOND / 1000);
    Show("too late", (ULONGLONG)1 << 63);
    printf("31 April 2001: %s\n", Ticks(2001, 4, 31, 0) == 0 && GetLastError() == ERROR_INVALID_PARAMETER
                                         ? "there is none" : "?");
    printf("days from 1 January 1999 to 1 January 2001: %lu\n",
           (unsigned long)((Ticks(2001, 1, 1, 0) - Ticks(1999, 1, 1, 0)) / DAY));

    GetSystemTimeAsFileTime(&before);
    GetSystemTime(&now);
    Sleep(20);
    GetSystemTime(&again);
    GetSystemTimeAsFileTime(&after);
    printf("the clock goes on: %s\n", CompareFileTime(&before, &after) < 0 ? "yes" : "no");
    SystemTimeToFileTime(&now, &before);
    SystemTimeToFileTime(&again, &after);
    printf("as dates, too: %s\n", CompareFileTime(&before, &after) < 0 ? "yes" : "no");

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&first);
    ticks = GetTickCount64();
    old_ticks = GetTickCount();
    Sleep(50);
    for (i = 0; i < 100000; ++i) {
        QueryPerformanceCounter(&second);
        backwards += second.QuadPart < first.QuadPart;
    }
    elapsed = (ULONGLONG)(second.QuadPart - first.QuadPart) * 1000 / (ULONGLONG)frequency.QuadPart;
    printf("counted 50 ms: %s, backwards %d times\n", elapsed >= 49 && elapsed < 60000 ? "yes" : "no", backwards);
    elapsed = GetTickCount64() - ticks;
    printf("GetTickCount64 agrees: %s\n", elapsed >= 34 && elapsed < 60000 ? "yes" : "no");
    printf("GetTickCount is its lower half: %s\n", old_ticks - (DWORD)ticks + 100 < 60100 ? "yes" : "no");
    return 0;
}
